"""What staff do in a lab’s queue: call the next one, and say that they were seen, or were not there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import NotFound, TwidderError
from twidder.pairup import queue, telling
from twidder.pairup.access import Seat, access_lab, access_round, check_staff
from twidder.pairup.models import calls
from twidder.pairup.shapes import Call
from twidder.store import ReadTx, Tx

_WAITS = queue.OPEN, calls.c.called_at.is_(None)


def call_next(tx: Tx, me: Caller, lab_id: int) -> Call | None:
    """Whose turn it is in this lab, none when nobody waits. Whoever else asks at the same time gets another one."""
    seat, lab = access_lab(tx, me, lab_id)
    check_staff(seat)
    lowest = select(calls.c.id).where(calls.c.lab_id == lab_id, *_WAITS).order_by(calls.c.turn, calls.c.id).limit(1)
    taken = update(calls).where(calls.c.id == lowest.scalar_subquery(), calls.c.called_at.is_(None))
    row = tx.execute(taken.values(called_at=now_ms(), called_by=me.user_id).returning(calls)).first()
    if row is None:
        return None
    call = queue.tell(tx, seat, row.id)
    members = telling.members_of(tx, [row.team_id])[row.team_id]
    telling.notify(tx, [one.id for one in members], "called", {"call": call, "lab": lab.name})
    telling.record(tx, seat.round.id, me.user_id, "call_called", call=row.id, team=row.team_id, lab=lab_id)
    return queue.show(tx, seat, row.id)


def finish(tx: Tx, me: Caller, call_id: int) -> None:
    """They have been seen. The same again changes nothing."""
    seat, call = _access_call(tx, me, call_id)
    done = update(calls).where(calls.c.id == call_id, queue.OPEN).values(done_at=now_ms()).returning(calls.c.id)
    if tx.execute(done).first() is not None:
        queue.tell_gone(tx, call)
        telling.record(tx, seat.round.id, me.user_id, "call_done", call=call_id, team=call.team_id, lab=call.lab_id)


def miss(tx: Tx, me: Caller, call_id: int, limits: Limits) -> Call | None:
    """They were called and were not there: behind the next one; none when that was once too often, and they are out.
    Raises TwidderError (gone)."""
    seat, call = _access_call(tx, me, call_id)
    if call.called_at is None or call.done_at is not None:
        raise TwidderError("They are not called any more.", code="gone")
    misses = call.misses + 1
    what = {"call": call_id, "team": call.team_id, "lab": call.lab_id, "misses": misses}
    telling.record(tx, seat.round.id, me.user_id, "call_missed", **what)
    if misses >= limits.call_misses:
        _put_out(tx, call)
        return None
    waiting = select(calls.c.turn).where(calls.c.lab_id == call.lab_id, *_WAITS).order_by(calls.c.turn)
    turn = behind_next(tx.execute(waiting).scalars().all())
    back = {"called_at": None, "called_by": None, "misses": misses, "turn": turn}
    tx.execute(update(calls).where(calls.c.id == call_id).values(**back))
    queue.tell(tx, seat, call_id)
    return queue.show(tx, seat, call_id)


def behind_next(turns: Sequence[int]) -> int:
    """A turn behind the first of these (ascending), and as near to it as there is one."""
    for before, after in pairwise(turns):
        if after - before > 1:
            return (before + after) // 2
    return (turns[-1] if turns else 0) + queue.STEP


def _put_out(tx: Tx, call: Any) -> None:
    tx.execute(delete(calls).where(calls.c.id == call.id))
    queue.tell_gone(tx, call)
    members = telling.members_of(tx, [call.team_id])[call.team_id]
    text = "You were called and were not there, so you wait no longer. Put yourselves in again when you are back."
    telling.notify(tx, [one.id for one in members], "message", {"text": text, "by": ""})


def _access_call(tx: ReadTx, me: Caller, call_id: int) -> tuple[Seat, Any]:
    """For staff. Raises NotFound, Forbidden."""
    call = tx.execute(select(calls).where(calls.c.id == call_id)).first()
    if call is None:
        raise NotFound
    seat = access_round(tx, me, call.round_id)
    check_staff(seat)
    return seat, call
