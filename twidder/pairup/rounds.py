"""Making, changing and listing rounds."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Conflict, Forbidden, NotFound
from twidder.pairup import waiting
from twidder.pairup.access import access_round, check_staff, find_round, may_be_alone, phase, topic
from twidder.pairup.drawing import commit
from twidder.pairup.fields import NewRound, RoundChange, check_round, given
from twidder.pairup.models import entries, places, rounds, teams
from twidder.pairup.shapes import Round, RoundCard
from twidder.pairup.telling import record, tell_completeness
from twidder.store import ReadTx, Tx, log

_KEPT = (
    *("name", "description", "mode", "opens_at", "closes_at", "zone", "size_min", "size_max", "names", "confirm"),
    *("open_registration", "is_default"),
)


def create(tx: Tx, me: Caller, new: NewRound) -> Round:
    """From checked fields. Raises Forbidden."""
    if not me.is_staff:
        raise Forbidden
    values = _columns(new) | {"created_by": me.user_id, "created_at": now_ms(), "secret": secrets.token_hex(32)}
    if new.is_default:
        _dethrone(tx)
    made = tx.execute(insert(rounds).values(**values)).inserted_primary_key
    assert made is not None
    record(tx, made[0], me.user_id, "round_created", name=new.name)
    return as_round(tx, find_round(tx, made[0]))


def change(tx: Tx, me: Caller, round_id: int, wanted: RoundChange, limits: Limits) -> Round:
    """Raises NotFound, Forbidden, BadField for what can no longer be changed."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    before = _as_new(seat.round)
    after = check_round(msgspec.structs.replace(before, **given(wanted)), limits)
    if after == before:
        return as_round(tx, seat.round)
    _check_may_change(tx, seat.round, before, after)
    if after.is_default and not before.is_default:
        _dethrone(tx)
    tx.execute(update(rounds).where(rounds.c.id == round_id).values(**_columns(after)))
    changed = {name for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)}
    record(tx, round_id, me.user_id, "round_changed", **{name: getattr(after, name) for name in sorted(changed)})
    tell_completeness(tx, seat.round)
    row = find_round(tx, round_id)
    if row.mode == "draw" and row.drawn_at is None:
        waiting.end_lists(tx, row)
    else:
        waiting.serve_round(tx, row)
    return tell_round(tx, round_id)


def delete(tx: Tx, me: Caller, round_id: int) -> None:
    """Nobody finds it any more; its codes and holds end. Raises NotFound, Forbidden."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    record(tx, round_id, me.user_id, "round_deleted", name=seat.round.name)
    held = places.c.round_id == round_id, places.c.held_by.is_not(None)
    tx.execute(update(places).where(*held).values(held_by=None, held_until=None))
    tx.execute(update(entries).where(entries.c.round_id == round_id).values(code_hash=None, code_until=None))
    tx.execute(update(rounds).where(rounds.c.id == round_id).values(deleted_at=now_ms(), is_default=False))
    tx.emit(topic(round_id), "round.gone", {"id": round_id})


def as_round(tx: ReadTx, row: Any) -> Round:
    students = tx.execute(select(func.count()).where(entries.c.round_id == row.id)).scalar_one()
    shown = {name: getattr(row, name) for name in _KEPT}
    return Round(
        id=row.id,
        **shown,
        phase=phase(row),
        alone=sorted(may_be_alone(row)),
        commitment=commit(row.secret) if row.mode == "draw" else "",
        drawn_at=row.drawn_at,
        students=students,
    )


def tell_round(tx: Tx, round_id: int) -> Round:
    """Everybody in it, as it is now."""
    found = as_round(tx, find_round(tx, round_id))
    tx.emit(topic(round_id), "round.changed", {"round": found})
    return found


def list_rounds(tx: ReadTx, me: Caller, limits: Limits) -> list[RoundCard]:
    """Mine; for staff all. The newest first."""
    mine = (entries.c.round_id == rounds.c.id) & (entries.c.user_id == me.user_id)
    joined = rounds.outerjoin(entries, mine) if me.is_staff else rounds.join(entries, mine)
    query = select(rounds, entries.c.id.label("entry")).select_from(joined).where(rounds.c.deleted_at.is_(None))
    rows = tx.execute(query.order_by(rounds.c.id.desc()).limit(limits.rounds_listed)).all()
    return [RoundCard(as_round(tx, row), row.entry) for row in rows]


def default_round(tx: ReadTx) -> Any:
    """The row of the one that the course's own client talks to. Raises NotFound."""
    row = tx.execute(select(rounds).where(rounds.c.is_default, rounds.c.deleted_at.is_(None))).first()
    if row is None:
        raise NotFound
    return row


def _columns(new: NewRound) -> dict[str, Any]:
    return {name: getattr(new, name) for name in _KEPT} | {"alone": msgspec.json.encode(new.alone).decode()}


def _as_new(row: Any) -> NewRound:
    return NewRound(**{name: getattr(row, name) for name in _KEPT}, alone=sorted(may_be_alone(row)))


def _check_may_change(tx: ReadTx, row: Any, before: NewRound, after: NewRound) -> None:
    if after.names != before.names and _has_had_teams(tx, row.id):
        raise BadField("names", "There were teams already, and they were told who sees their names.")
    if after.mode == before.mode:
        return
    taken = places.c.round_id == row.id, places.c.team_id.is_not(None) | places.c.held_by.is_not(None)
    if row.drawn_at is not None:
        raise Conflict("The places of this round have been drawn.", code="gone")
    if _any(tx, places.c.id, *taken):
        raise BadField("mode", "Somebody has a place already.")
    if after.mode == "draw" and phase(after) == "closed":
        raise BadField("mode", "This round has closed, so nobody could rank. Let it close later.")


def _has_had_teams(tx: ReadTx, round_id: int) -> bool:
    """Or has: the log still says who was in them, to whoever comes from before."""
    there = _any(tx, teams.c.id, teams.c.round_id == round_id)
    return there or bool(log.named(tx.driver, topic(round_id), "team.changed"))


def _any(tx: ReadTx, column: Any, *where: Any) -> bool:
    return tx.execute(select(column).where(*where).limit(1)).first() is not None


def _dethrone(tx: Tx) -> None:
    """There is one default at most."""
    before = tx.execute(select(rounds.c.id).where(rounds.c.is_default)).scalar()
    if before is not None:
        tx.execute(update(rounds).where(rounds.c.id == before).values(is_default=False))
        tell_round(tx, before)
