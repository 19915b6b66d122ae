"""Who may see a round, and as whom. Every verb begins here."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.pairup.models import entries, labs, places, rounds, teams
from twidder.pairup.rows import Rows
from twidder.store import ReadTx


class Place(NamedTuple):
    """A row of ``pairup_places``."""

    id: int
    round_id: int
    lab_id: int
    starts_at: int
    kept: bool
    team_id: int | None
    held_by: int | None
    held_until: int | None
    fence: int

    def is_held(self, now: int) -> bool:
        return self.held_until is not None and self.held_until > now


class Seat(NamedTuple):
    """A round and the caller's side of it. ``entry``: their row of the roster, unless they only look after it."""

    round: Any
    entry: Any | None
    is_staff: bool

    @property
    def topic(self) -> str:
        return topic(self.round.id)

    @property
    def student(self) -> Any:
        """Raises Forbidden where the caller is not on the roster."""
        if self.entry is None:
            raise Forbidden("You are not on this round’s roster.")
        return self.entry


_ROUND = Rows(rounds, "SELECT * FROM pairup_rounds WHERE id = ? AND deleted_at IS NULL")
_ENTRY = Rows(entries, "SELECT * FROM pairup_entries WHERE id = ?")
_MINE = Rows(entries, "SELECT * FROM pairup_entries WHERE round_id = ? AND user_id = ?")
_TEAM = Rows(teams, "SELECT * FROM pairup_teams WHERE id = ?")
_LAB = Rows(labs, "SELECT * FROM pairup_labs WHERE id = ?")
_PLACE = Rows(places, "SELECT * FROM pairup_places WHERE id = ?", Place)


def topic(round_id: int) -> str:
    return f"pairup:{round_id}"


def entry_topic(entry_id: int) -> str:
    """What concerns one student of the roster alone."""
    return f"entry:{entry_id}"


def find_round(tx: ReadTx, round_id: int) -> Any:
    """The row. Raises NotFound."""
    row = _ROUND.one(tx, round_id)
    if row is None:
        raise NotFound
    return row


def access_round(tx: ReadTx, me: Caller, round_id: int) -> Seat:
    """For staff, and for whoever has claimed an entry of its roster. Raises NotFound."""
    row = find_round(tx, round_id)
    entry = _MINE.one(tx, round_id, me.user_id)
    if entry is None and not me.is_staff:
        raise NotFound
    return Seat(row, entry, me.is_staff)


def access_entry(tx: ReadTx, me: Caller, entry_id: int) -> tuple[Seat, Any]:
    """(the caller's seat, an entry of the same roster). Raises NotFound."""
    entry = _ENTRY.one(tx, entry_id)
    if entry is None:
        raise NotFound
    return access_round(tx, me, entry.round_id), entry


def access_team(tx: ReadTx, me: Caller, team_id: int) -> tuple[Seat, Any]:
    """(the caller's seat, a team of the same round). Raises NotFound."""
    team = _TEAM.one(tx, team_id)
    if team is None:
        raise NotFound
    return access_round(tx, me, team.round_id), team


def access_own_team(tx: ReadTx, me: Caller, team_id: int) -> tuple[Seat, Any]:
    """As ``access_team``, for its members and staff. Raises Forbidden."""
    seat, team = access_team(tx, me, team_id)
    if not seat.is_staff and seat.student.team_id != team_id:
        raise Forbidden("That is not your team.")
    return seat, team


def access_lab(tx: ReadTx, me: Caller, lab_id: int) -> tuple[Seat, Any]:
    lab = _LAB.one(tx, lab_id)
    if lab is None:
        raise NotFound
    return access_round(tx, me, lab.round_id), lab


def access_place(tx: ReadTx, me: Caller, place_id: int) -> tuple[Seat, Place]:
    place: Place | None = _PLACE.one(tx, place_id)
    if place is None:
        raise NotFound
    return access_round(tx, me, place.round_id), place


def check_staff(seat: Seat) -> None:
    """Raises Forbidden."""
    if not seat.is_staff:
        raise Forbidden


def phase(row: Any, now: int | None = None) -> str:
    """soon | open | closed"""
    now = now_ms() if now is None else now
    if row.opens_at is not None and now < row.opens_at:
        return "soon"
    return "closed" if row.closes_at is not None and now >= row.closes_at else "open"


def check_open(seat: Seat) -> None:
    """What students do, they do while the round is open; staff may always. Raises TwidderError (closed)."""
    if not seat.is_staff and phase(seat.round) != "open":
        raise TwidderError(code="closed")


def check_seats_open(seat: Seat) -> None:
    """As ``check_open``; before its draw nobody takes a place in a round that has one. Raises TwidderError (closed)."""
    check_open(seat)
    if seat.round.mode == "draw" and seat.round.drawn_at is None:
        raise TwidderError("The places of this round are drawn. Rank them instead.", code="closed")


def may_be_alone(row: Any) -> frozenset[str]:
    """Cohorts of the round."""
    return frozenset(msgspec.json.decode(row.alone))
