"""Attachments: pictures and other files on messages and posts.

The rules:
* A file is uploaded to a room or a wall first, then named in a message or post there; what is never named is removed.
* What it is, its bytes say. PNG, JPEG, GIF and WebP are made anew by a process that can do nothing else, and shown;
  everything else is kept as it is, and only ever offered for saving.
* Its name is a label. On disk it lies under a random id; its row is committed after its bytes are on the disk.
* Who may read the message may have the file, asked at each download. Until it is sent, its owner alone.
* A deleted message takes its files along: out of sight at once, off the disk when nobody can restore it any more.
"""

from twidder.files.attaching import attach, check_ids, detach, of_messages, of_posts, restore
from twidder.files.models import File
from twidder.files.places import Place, places

__all__ = ["File", "Place", "attach", "check_ids", "detach", "of_messages", "of_posts", "places", "restore"]
