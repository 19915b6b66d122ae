"""Which places a team wants, the best first, while a round with a draw is open."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, insert, select

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import BadField, TwidderError
from twidder.pairup import telling
from twidder.pairup.access import access_round, phase
from twidder.pairup.models import places, rankings
from twidder.pairup.shapes import Id
from twidder.pairup.sides import check_unlocked, own_side
from twidder.store import ReadTx, Tx


class Ranking(msgspec.Struct, forbid_unknown_fields=True):
    """``places``: ids, the best first; none takes the list back."""

    places: list[Id]


def rank(tx: Tx, me: Caller, round_id: int, place_ids: list[int], limits: Limits) -> None:
    """The whole list of my team replaces what it had. Raises BadField, Forbidden, TwidderError (closed)."""
    seat = access_round(tx, me, round_id)
    side = own_side(tx, seat)
    _check_ranked_now(seat.round)
    check_unlocked(side)
    _check_places(tx, round_id, place_ids, limits)
    team_id = side.team.id
    if place_ids == ranking_of(tx, team_id):
        return
    tx.execute(delete(rankings).where(rankings.c.team_id == team_id))
    ranked = [{"team_id": team_id, "rank": rank, "place_id": place} for rank, place in enumerate(place_ids, 1)]
    if ranked:
        tx.execute(insert(rankings), ranked)
    telling.tell_mine(tx, [one.id for one in side.members])
    telling.record(tx, round_id, me.user_id, "rank", team=team_id, places=place_ids)


def ranking_of(tx: ReadTx, team_id: int) -> list[int]:
    query = select(rankings.c.place_id).where(rankings.c.team_id == team_id).order_by(rankings.c.rank)
    return list(tx.execute(query).scalars())


def _check_ranked_now(row: Any) -> None:
    """Not even staff who are on the roster rank once the lists may have been read."""
    if row.mode != "draw":
        raise TwidderError("The places of this round are not drawn: take one.", code="closed")
    if row.drawn_at is not None:
        raise TwidderError("The draw is done.", code="closed")
    if phase(row) != "open":
        raise TwidderError(code="closed")


def _check_places(tx: ReadTx, round_id: int, place_ids: list[int], limits: Limits) -> None:
    if len(place_ids) > limits.draw_ranks:
        raise BadField("places", f"Rank at most {limits.draw_ranks} places.")
    if len(set(place_ids)) < len(place_ids):
        raise BadField("places", "Name each place once.")
    there = select(places.c.id).where(places.c.round_id == round_id, places.c.id.in_(place_ids))
    missing = set(place_ids).difference(tx.execute(there).scalars())
    if missing:
        raise BadField("places", f"There is no place {min(missing)} in this round.")
