"""Search in everything that one may see.

The rules:
* One finds what one may see at this moment, and nothing else: rooms, conversations and walls are asked each time.
* A text is found from the commit that stored it, by all of its words, without case and accents; the last word that was
  typed may be unfinished; quotes hold words together.
* Newest first, and with work that has an end: where a word is in very many texts, the page says where to go on.
* What was deleted or changed is not found from that commit on, and its words leave the file soon after.
"""
