"""What waits for the kernel: whole frames, of which everybody's are kept once, taken a piece at a time.

A piece is a copy that its reader shares with nobody.
"""

from __future__ import annotations

_PIECE = 65_536


def take_piece(backlog: list[bytes], size: int) -> bytes:
    """Take the beginning of ``backlog``, which has ``size`` bytes: all of it, where it is not much."""
    number = len(backlog)
    if size > _PIECE:
        size = number = 0
        while size < _PIECE:
            size += len(backlog[number])
            number += 1
    piece = backlog[0] if number == 1 else b"".join(backlog[:number])
    del backlog[:number]
    if size > _PIECE:
        backlog.insert(0, piece[_PIECE:])
        piece = piece[:_PIECE]
    return piece
