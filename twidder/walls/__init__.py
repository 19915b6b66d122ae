"""Walls: everybody has one, and members write on each other's.

The rules:
* Members read walls and post on them; strangers and guests see nothing.
* Its owner may keep a wall to those who follow them and are followed back: reading, posting, the feed and the search
  obey, and a page that is open ends with the follow.
* A post is plain text, stored once however often it is sent (author and client id).
* Its author and the owner of the wall may delete it: the text is gone from the page, the log and the file.
* Whoever deleted it may take that back for some seconds; until then the text waits outside everybody's sight.
"""

from twidder.files import Place, places
from twidder.walls.audience import access_wall, visible_walls
from twidder.walls.models import NewPost, Post
from twidder.walls.service import check_post, load, post, posts_page, visited, when_visited

__all__ = [
    "NewPost",
    "Post",
    "access_wall",
    "check_post",
    "load",
    "post",
    "posts_page",
    "visible_walls",
    "visited",
    "when_visited",
]

places["wall"] = Place(read=access_wall, write=access_wall)
