"""Names of topics. Pure.

``kind:id`` is the name in the store and the hub. On the wire two topics have another name: ``me`` is ``me:7`` of user
7, and ``stats`` is ``stats:7``, so that nobody can even ask for somebody else's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"([a-z]{1,16}):(0|[1-9][0-9]{0,17})")
_NAME_LENGTH = 35
_MINE = ("me", "stats")


class Topic(NamedTuple):
    kind: str
    id: int

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


def from_wire(text: str, user_id: int) -> Topic | None:
    """The topic that a client means, or None when that is no name of one."""
    if text in _MINE:
        return Topic(text, user_id)
    if len(text) > _NAME_LENGTH or (match := _NAME.fullmatch(text)) is None or match[1] in _MINE:
        return None
    return Topic(match[1], int(match[2]))


def to_wire(name: str) -> str:
    kind = name.partition(":")[0]
    return kind if kind in _MINE else name
