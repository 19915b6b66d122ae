"""Where files can hang. Rooms and walls stand on this package, so they say here by themselves who may come to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from twidder.accounts import Caller
from twidder.store import ReadTx

# (tx, who asks, the room's or wall's id); raises NotFound or Forbidden.
Check = Callable[[ReadTx, Caller, int], object]


class Place(NamedTuple):
    """``read``: may have its files. ``write``: may add one."""

    read: Check
    write: Check


# "room" and "wall", filled by the packages of that name.
places: dict[str, Place] = {}
