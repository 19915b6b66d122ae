"""What may stand in the fields of rooms and messages. Pure; raises BadField naming the field."""

from __future__ import annotations

import re
import unicodedata
import uuid

import msgspec

from twidder import files
from twidder.accounts.fields import check_description, check_line, is_visible
from twidder.config import Limits
from twidder.errors import BadField
from twidder.rooms.models import KINDS, LEVELS, NewMessage

_CID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
# Pictures, marks and joiners; digits, # and * are the lower half of keycaps.
_EMOJI_PARTS = frozenset({"So", "Sk", "Sm", "Me", "Mn", "Cf", "Nd", "Po"})
_EMOJI_BODIES = frozenset({"So", "Sm", "Me"})


class NewRoom(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: str
    description: str = ""


class RoomChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed."""

    name: str | None = None
    description: str | None = None
    kind: str | None = None
    archived: bool | None = None
    slow_seconds: int | None = None
    knock: bool | None = None
    gateways: bool | None = None


def check_new_room(new: NewRoom, limits: Limits) -> NewRoom:
    name = check_line("name", new.name, limits.name_length)
    return NewRoom(name, check_kind(new.kind), check_description(new.description, limits))


def check_change(change: RoomChange, limits: Limits) -> RoomChange:
    if change.slow_seconds is not None and not 0 <= change.slow_seconds <= limits.slow_seconds:
        raise BadField("slow_seconds", f"Slow mode has 0 to {limits.slow_seconds:,} seconds.")
    return msgspec.structs.replace(
        change,
        name=None if change.name is None else check_line("name", change.name, limits.name_length),
        kind=None if change.kind is None else check_kind(change.kind),
        description=None if change.description is None else check_description(change.description, limits),
    )


def check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise BadField("kind", f"A room is one of {', '.join(KINDS)}.")
    return kind


def name_key(name: str) -> str:
    """Two spellings with one key are one name."""
    return unicodedata.normalize("NFKC", name).casefold()


def check_level(level: str) -> str:
    if level not in LEVELS:
        raise BadField("level", f"A level is one of {', '.join(LEVELS)}.")
    return level


def check_message(new: NewMessage, limits: Limits) -> NewMessage:
    """The same, with a client id. A message may be files alone."""
    files.check_ids(new.files, limits)
    if new.text or not new.files:
        check_text(new.text, limits)
    if new.cid is not None and not _CID.fullmatch(new.cid):
        raise BadField("cid", "A client id has 8 to 64 letters, digits, or any of . _ : -")
    return NewMessage(new.text, new.cid or uuid.uuid4().hex, new.reply_to, new.files)


def check_text(text: str, limits: Limits) -> str:
    if not is_visible(text):
        raise BadField("text", "Write something first.")
    if len(text) > limits.message_length or len(text.encode("utf-8", "replace")) > limits.post_bytes:
        raise BadField("text", f"A message has at most {limits.message_length:,} characters.")
    if "\0" in text:
        raise BadField("text", "The text holds a character that is not text.")
    return text


def check_emoji(text: str, limits: Limits) -> str:
    kinds = {unicodedata.category(char) for char in text}
    known = kinds <= _EMOJI_PARTS and kinds & _EMOJI_BODIES and "\ufffd" not in text
    if not known or len(text) > limits.emoji_length:
        raise BadField("emoji", "A reaction is one emoji.")
    return text
