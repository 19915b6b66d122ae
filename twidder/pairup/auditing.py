"""The audit of a round: who did what, and when. It only grows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from twidder.accounts import Caller, authors
from twidder.config import Limits
from twidder.pairup.access import access_round, check_staff
from twidder.pairup.exporting import cell
from twidder.pairup.models import audit
from twidder.store import ReadTx


class Line(msgspec.Struct, frozen=True):
    """``by``: a name; null = the clock. ``data``: ids and new values, by ``act``."""

    id: int
    at: int
    by: str | None
    by_id: int | None
    act: str
    data: dict[str, Any]


class AuditPage(msgspec.Struct, frozen=True):
    """The newest first. ``next``: the ``before`` of the page after this one."""

    items: list[Line]
    next: int | None


def page(tx: ReadTx, me: Caller, round_id: int, before: int | None, limits: Limits) -> AuditPage:
    """For staff. Raises NotFound, Forbidden."""
    found = _load(tx, me, round_id, before, limits.audit_page + 1)
    items = found[: limits.audit_page]
    return AuditPage(items, items[-1].id if len(found) > len(items) else None)


def as_csv(tx: ReadTx, me: Caller, round_id: int, before: int | None, limits: Limits) -> bytes:
    """``id,at,by,act,data``, the newest first."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["id", "at", "by", "act", "data"])
    for line in _load(tx, me, round_id, before, limits.audit_lines):
        data = msgspec.json.encode(line.data).decode()
        table.writerow([line.id, _time(line.at), cell(line.by or ""), line.act, cell(data)])
    return file.getvalue().encode()


def _load(tx: ReadTx, me: Caller, round_id: int, before: int | None, most: int) -> list[Line]:
    check_staff(access_round(tx, me, round_id))
    query = select(audit).where(audit.c.round_id == round_id)
    if before is not None:
        query = query.where(audit.c.id < before)
    rows = tx.execute(query.order_by(audit.c.id.desc()).limit(most)).all()
    people = authors(tx, {row.by_id for row in rows if row.by_id is not None})
    names = {user_id: f"{one.firstname} {one.familyname}".strip() for user_id, one in people.items()}
    return [
        Line(row.id, row.at, names.get(row.by_id), row.by_id, row.act, msgspec.json.decode(row.data)) for row in rows
    ]


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
