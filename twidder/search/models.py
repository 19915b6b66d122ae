"""The structs of a search."""

from __future__ import annotations

import msgspec

from twidder.rooms import Message
from twidder.walls import Post


class Query(msgspec.Struct, forbid_unknown_fields=True):
    """``in``: a room or conversation; ``wall``: somebody's; ``from``: who wrote it; ``after`` and ``before``: when, in
    ms since the epoch. ``cursor``: the ``next`` of the page before this one."""

    q: str
    in_: int | None = msgspec.field(name="in", default=None)
    wall: int | None = None
    from_: int | None = msgspec.field(name="from", default=None)
    after: int | None = None
    before: int | None = None
    cursor: int | None = None
    limit: int = 20


class Place(msgspec.Struct, frozen=True):
    """The room of a message. A conversation has no name."""

    id: int
    name: str
    kind: str


class Hit(msgspec.Struct, frozen=True, omit_defaults=True):
    """``kind``: message or post, which stands under that name. ``snippet``: the part of the text around the first word,
    as pieces: (text, whether it was looked for)."""

    kind: str
    snippet: list[tuple[str, bool]]
    message: Message | None = None
    post: Post | None = None
    room: Place | None = None


class HitsPage(msgspec.Struct):
    """Newest first. A page may be short, even empty, and have a ``next``: so much was looked through that one should
    ask for the rest."""

    items: list[Hit]
    next: int | None
