"""Taking a backlog in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twidder.live.backlog import take_piece

sizes = st.one_of(st.integers(1, 2_000), st.sampled_from([65_535, 65_536, 65_537, 131_072, 300_000]))


@given(st.lists(sizes, min_size=1, max_size=40))
def test_the_pieces_are_the_whole_in_order_and_none_is_large(sizes: list[int]) -> None:
    backlog = [bytes([number % 251]) * size for number, size in enumerate(sizes)]
    whole = b"".join(backlog)
    pieces = []
    left = len(whole)
    while backlog:
        pieces.append(take_piece(backlog, left))
        left -= len(pieces[-1])
        assert left == sum(map(len, backlog))
    assert b"".join(pieces) == whole
    assert all(len(piece) == 65_536 for piece in pieces[:-1])
    assert 0 < len(pieces[-1]) <= 65_536
