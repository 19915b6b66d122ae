"""Rooms and direct conversations.

The rules:
* Every member reads open and walk-in rooms, and joins to write; a members-only room is there for those who are in it.
* A guest has one room. A direct conversation has its people, and no moderators.
* Owners, moderators and the staff of the place look after a room; nobody acts on whoever ranks as high.
* Who loses the right to read hears nothing more from the moment the answer is given.
* A message is stored once however often it is sent. Edited is marked; deleted is gone from page, log, index and file.
* Nothing but its being opened again changes in an archived room.
* A notice holds ids, never a text. What is unread are the messages of others after my position.
"""

from twidder.accounts.service import when_closed, when_signed_up
from twidder.files import Place, places
from twidder.rooms.access import (
    access_moderator,
    access_room,
    access_to_speak,
    moderates,
    readers,
    topic,
    visible_rooms,
)
from twidder.rooms.closing import leave_everything
from twidder.rooms.fields import check_message
from twidder.rooms.members import join_first_room
from twidder.rooms.membership import when_left, when_narrowed
from twidder.rooms.models import Message, NewMessage, Room
from twidder.rooms.service import post, take_turn
from twidder.rooms.shapes import load
from twidder.rooms.views import names

__all__ = [
    "Message",
    "NewMessage",
    "Room",
    "access_moderator",
    "access_room",
    "access_to_speak",
    "check_message",
    "join_first_room",
    "load",
    "moderates",
    "names",
    "post",
    "readers",
    "take_turn",
    "topic",
    "visible_rooms",
    "when_left",
    "when_narrowed",
]

when_signed_up.append(join_first_room)
when_closed.append(leave_everything)
places["room"] = Place(read=access_room, write=access_to_speak)
