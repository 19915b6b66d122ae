"""The verbs of moderation. Each runs inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from twidder import rooms, walls
from twidder.accounts import Author, Caller, access_user, authors
from twidder.accounts.fields import is_visible
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, NotFound
from twidder.moderation.log import record
from twidder.moderation.models import STATES, Line, NewReport, Received, Report, audit, reports
from twidder.rates import Rates
from twidder.store import ReadTx, Tx, fulltext


class Subject(NamedTuple):
    """What is reported, and who wrote it."""

    kind: str
    item_id: int
    about_id: int
    place_id: int | None = None


def check_report(new: NewReport, limits: Limits) -> NewReport:
    """Raises BadField."""
    named = [field for field in ("message", "post", "user") if getattr(new, field) is not None]
    if len(named) != 1:
        raise BadField(named[1] if named else "message", "Name one message, post or user.")
    if not 0 < getattr(new, named[0]) < 2**63:
        raise NotFound
    if not is_visible(new.reason) or "\0" in new.reason:
        raise BadField("reason", "Say in a few words what is wrong.")
    if len(new.reason) > limits.reason_length:
        raise BadField("reason", f"A reason has at most {limits.reason_length} characters.")
    return new


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """Raises RateLimited."""
    rates.take("report", me.user_id, burst=limits.reports_per_hour, rate=limits.reports_per_hour / 3600)


def report(tx: Tx, me: Caller, new: NewReport) -> tuple[Received, bool]:
    """Store a checked report; (what its author is told, whether it is new). Reporting the same thing again opens the
    report again. Raises NotFound for what is not there or not for ``me``."""
    subject = _access_subject(tx, me, new)
    mine = (reports.c.by_id == me.user_id, reports.c.kind == subject.kind, reports.c.item_id == subject.item_id)
    earlier = tx.execute(select(reports.c.id).where(*mine)).scalar()
    if earlier is not None:
        tx.execute(update(reports).where(*mine).values(reason=new.reason, state="open"))
        return Received(earlier, "open"), False
    row = subject._asdict() | {"by_id": me.user_id, "reason": new.reason, "at": now_ms(), "state": "open"}
    inserted = tx.execute(insert(reports).values(**row)).inserted_primary_key
    assert inserted is not None
    return Received(inserted[0], "open"), True


def _access_subject(tx: ReadTx, me: Caller, new: NewReport) -> Subject:
    if new.user is not None:
        return Subject("user", new.user, access_user(tx, new.user).id)
    kind, item_id = ("message", new.message) if new.message is not None else ("post", new.post)
    assert item_id is not None
    found = fulltext.access(tx, kind, item_id)
    if found is None:
        raise NotFound
    access_place = rooms.access_room if kind == "message" else walls.access_wall
    access_place(tx, me, found.place_id)
    return Subject(kind, item_id, found.author_id, found.place_id)


def reports_page(tx: ReadTx, *, state: str, limit: int, before: int | None) -> tuple[list[Report], int | None]:
    """Newest first; and the id to ask for the next page with. Raises BadField."""
    _check_state(state)
    query = select(reports).where(reports.c.state == state)
    if before is not None:
        query = query.where(reports.c.id < before)
    rows = tx.execute(query.order_by(reports.c.id.desc()).limit(limit + 1)).all()
    page = _as_reports(tx, rows[:limit])
    return page, page[-1].id if len(rows) > limit else None


def handle(tx: Tx, me: Caller, report_id: int, state: str) -> Report:
    """Raises NotFound, BadField."""
    _check_state(state)
    row = tx.execute(select(reports).where(reports.c.id == report_id)).first()
    if row is None:
        raise NotFound
    if row.state != state:
        by, at = (None, None) if state == "open" else (me.user_id, now_ms())
        changed = update(reports).where(reports.c.id == report_id)
        tx.execute(changed.values(state=state, handled_by=by, handled_at=at))
        record(tx, me.user_id, f"report.{state}", user_id=row.about_id, item=report_id)
    return _as_reports(tx, tx.execute(select(reports).where(reports.c.id == report_id)).all())[0]


def audit_page(
    tx: ReadTx, *, limit: int, before: int | None, room_id: int | None = None
) -> tuple[list[Line], int | None]:
    """Newest first, of one room or of everything; and the id to ask for the next page with."""
    query = select(audit)
    if room_id is not None:
        query = query.where(audit.c.room_id == room_id)
    if before is not None:
        query = query.where(audit.c.id < before)
    rows = tx.execute(query.order_by(audit.c.id.desc()).limit(limit + 1)).all()
    page = _as_lines(tx, rows[:limit])
    return page, page[-1].id if len(rows) > limit else None


def _check_state(state: str) -> None:
    if state not in STATES:
        raise BadField("state", f"A report is {', '.join(STATES[:-1])} or {STATES[-1]}.")


def _as_reports(tx: ReadTx, rows: Sequence[Any]) -> list[Report]:
    names = authors(tx, {user for row in rows for user in (row.by_id, row.about_id, row.handled_by) if user})
    written = {kind: fulltext.by_items(tx, kind, _items(rows, kind)) for kind in ("message", "post")}
    return [
        Report(
            *(row.id, row.kind, row.item_id, names[row.about_id], names[row.by_id], row.reason, row.at, row.state),
            text=_text_now(written, row),
            place=row.place_id,
            handled_by=names.get(row.handled_by),
            handled_at=row.handled_at,
        )
        for row in rows
    ]


def _items(rows: Sequence[Any], kind: str) -> list[int]:
    return [row.item_id for row in rows if row.kind == kind]


def _text_now(written: dict[str, dict[int, fulltext.Found]], row: Any) -> str:
    found = written.get(row.kind, {}).get(row.item_id)
    return found.body if found else ""


def _as_lines(tx: ReadTx, rows: Sequence[Any]) -> list[Line]:
    names: dict[int, Author] = authors(tx, {user for row in rows for user in (row.by_id, row.user_id) if user})
    return [
        Line(
            *(row.id, row.action, row.at, names.get(row.by_id), names.get(row.user_id)), room=row.room_id, item=row.item
        )
        for row in rows
    ]
