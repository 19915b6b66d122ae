"""The HTTP API of messages."""

from __future__ import annotations

import msgspec
from flask import request

from twidder.errors import BadField
from twidder.rooms import messages, paging, reacting, service
from twidder.rooms.fields import check_emoji, check_message, check_text
from twidder.rooms.models import Deleted, Message, NewMessage
from twidder.rooms.service import take_edit
from twidder.web.api import Api, Call, Nothing, Reply

api = Api("messages")


class MessageChange(msgspec.Struct, forbid_unknown_fields=True):
    text: str


@api.route("GET", "/rooms/<id:room>/messages", who="guest", query=paging.Where, answer=paging.MessagesPage)
def list_messages(call: Call, room: int) -> paging.MessagesPage:
    """A page of a conversation."""
    where, most = call.query, call.core.settings.limits.page_size
    if not 1 <= where.limit <= most:
        raise BadField("limit", f"A page has 1 to {most} messages.")
    given = [name for name in ("before", "after", "around", "at") if getattr(where, name) is not None]
    for name in given:
        if not 0 <= getattr(where, name) < 2**63:
            raise BadField(name, "There is no such place.")
    if len(given) + where.unread > 1:
        raise BadField(given[-1], "Ask for one place in the conversation.")
    return call.read(lambda tx: paging.page(tx, call.caller, room, where))


@api.route("POST", "/rooms/<id:room>/messages", who="guest", body=NewMessage, answer=Message, statuses=(201, 200))
def create_message(call: Call, room: int) -> Reply:
    """Say something. The same ``cid`` (or Idempotency-Key header) again changes nothing and gives the first answer,
    with 200."""
    limits, body = call.core.settings.limits, call.body
    key = request.headers.get("Idempotency-Key")
    new = check_message(NewMessage(body.text, body.cid or key, body.reply_to, body.files), limits)
    service.take_turn(call.core.rates, call.caller, limits)
    message, is_new = call.write(lambda tx: service.post(tx, call.caller, room, new, limits))
    return Reply(message, 201 if is_new else 200)


@api.route("GET", "/messages/<id:message>", who="guest", answer=Message)
def get_message(call: Call, message: int) -> Message:
    """One message; of a deleted one, that it was there."""
    return call.read(lambda tx: paging.message(tx, call.caller, message))


@api.route("PATCH", "/messages/<id:message>", who="guest", body=MessageChange, answer=Message)
def edit_message(call: Call, message: int) -> Message:
    """Change a message of mine. It is marked as edited."""
    limits = call.core.settings.limits
    text = check_text(call.body.text, limits)
    take_edit(call.core.rates, call.caller, limits)
    return call.write(lambda tx: messages.edit(tx, call.caller, message, text, limits))


@api.route("DELETE", "/messages/<id:message>", who="guest", answer=Deleted)
def delete_message(call: Call, message: int) -> Deleted:
    """Delete a message of mine, or in a room that I look after. It can be restored until ``undo_until``."""
    limits = call.core.settings.limits
    take_edit(call.core.rates, call.caller, limits)
    return call.write(lambda tx: messages.delete_message(tx, call.caller, message, limits))


@api.route("POST", "/messages/<id:message>/restoration", who="guest", body=Nothing, answer=Message)
def restore_message(call: Call, message: int) -> Message:
    """Take my deletion back."""
    limits = call.core.settings.limits
    take_edit(call.core.rates, call.caller, limits)
    return call.write(lambda tx: messages.restore(tx, call.caller, message, limits))


@api.route("GET", "/messages/<id:message>/history", answer=messages.History)
def get_history(call: Call, message: int) -> messages.History:
    """What it said before, for those who look after the room."""
    return call.read(lambda tx: messages.history(tx, call.me, message, call.core.settings.limits.page_size))


@api.route("PUT", "/messages/<id:message>/reactions/<emoji>", who="guest", body=Nothing, statuses=(204,))
def add_reaction(call: Call, message: int, emoji: str) -> None:
    """React with an emoji; again changes nothing."""
    _react(call, message, emoji, on=True)


@api.route("DELETE", "/messages/<id:message>/reactions/<emoji>", who="guest", statuses=(204,))
def remove_reaction(call: Call, message: int, emoji: str) -> None:
    """Take my reaction back."""
    _react(call, message, emoji, on=False)


def _react(call: Call, message: int, emoji: str, *, on: bool) -> None:
    limits = call.core.settings.limits
    emoji = check_emoji(emoji, limits)
    reacting.take_turn(call.core.rates, call.caller, limits)
    call.write(lambda tx: reacting.react(tx, call.caller, message, emoji, limits, on=on))
