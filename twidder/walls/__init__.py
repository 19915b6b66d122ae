"""Walls: everybody has one, and members write on each other's.

The rules:
* Members read every wall and post on every wall; strangers see nothing.
* A post is plain text, stored once however often it is sent (author and client id).
* Its author and the owner of the wall may delete it: the text is gone from the page, the log and the file.
* Whoever deleted it may take that back for some seconds; until then the text waits outside everybody's sight.
"""

from twidder.walls.models import NewPost, Post
from twidder.walls.service import access_wall, check_post, post, posts_page

__all__ = ["NewPost", "Post", "access_wall", "check_post", "post", "posts_page"]
