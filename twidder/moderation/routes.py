"""The HTTP API of moderation."""

from __future__ import annotations

import msgspec

from twidder import rooms
from twidder.errors import BadField
from twidder.moderation import service
from twidder.moderation.models import Line, NewReport, Received, Report, ReportChange
from twidder.store import ReadTx
from twidder.web.api import Api, Call, Reply

api = Api("moderation")


class ReportsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``state``: open, done or dismissed. ``before``: the ``next`` of the page before this one."""

    state: str = "open"
    limit: int = 30
    before: int | None = None


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``before``: the ``next`` of the page before this one."""

    limit: int = 30
    before: int | None = None


class ReportsPage(msgspec.Struct):
    items: list[Report]
    next: int | None


class AuditPage(msgspec.Struct):
    items: list[Line]
    next: int | None


@api.route("POST", "/reports", body=NewReport, answer=Received, statuses=(201, 200))
def create_report(call: Call) -> Reply:
    """Tell the staff of a message, a post or a person. The same again changes the reason, and gives 200."""
    limits = call.core.settings.limits
    new = service.check_report(call.body, limits)
    service.take_turn(call.core.rates, call.me, limits)
    received, is_new = call.write(lambda tx: service.report(tx, call.me, new))
    return Reply(received, 201 if is_new else 200)


@api.route("GET", "/reports", who="staff", query=ReportsQuery, answer=ReportsPage)
def list_reports(call: Call) -> ReportsPage:
    """What was reported, newest first, with the text as it is now."""
    _check_page(call)
    return ReportsPage(
        *call.read(
            lambda tx: service.reports_page(
                tx, state=call.query.state, limit=call.query.limit, before=call.query.before
            )
        )
    )


@api.route("PATCH", "/reports/<id:report>", who="staff", body=ReportChange, answer=Report)
def change_report(call: Call, report: int) -> Report:
    """Say that a report is done with, dismissed, or open again."""
    return call.write(lambda tx: service.handle(tx, call.me, report, call.body.state))


@api.route("GET", "/audit", who="staff", query=AuditQuery, answer=AuditPage)
def list_audit(call: Call) -> AuditPage:
    """Who did what, to whom, where and when; newest first."""
    _check_page(call)
    return AuditPage(*call.read(lambda tx: service.audit_page(tx, limit=call.query.limit, before=call.query.before)))


@api.route("GET", "/rooms/<id:room>/audit", query=AuditQuery, answer=AuditPage)
def list_room_audit(call: Call, room: int) -> AuditPage:
    """The same of one room, for its moderators."""
    _check_page(call)

    def read(tx: ReadTx) -> AuditPage:
        rooms.access_moderator(tx, call.me, room)
        return AuditPage(*service.audit_page(tx, limit=call.query.limit, before=call.query.before, room_id=room))

    return call.read(read)


def _check_page(call: Call) -> None:
    most = call.core.settings.limits.page_size
    if not 1 <= call.query.limit <= most:
        raise BadField("limit", f"A page has 1 to {most} lines.")
    if call.query.before is not None and not 0 < call.query.before < 2**63:
        raise BadField("before", "That is not where a page ended.")
