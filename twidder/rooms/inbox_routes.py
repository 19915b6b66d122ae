"""The HTTP API of the inbox."""

from __future__ import annotations

import msgspec

from twidder.errors import BadField
from twidder.rooms import inbox, reading
from twidder.web.api import Api, Call

api = Api("inbox")


class InboxQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``before``: the ``next`` of the page before this one."""

    limit: int = 30
    before: int | None = None


class NoticesRead(msgspec.Struct, forbid_unknown_fields=True):
    """``up_to``: the id of the newest notice that I have read."""

    up_to: int


@api.route("GET", "/inbox", query=InboxQuery, answer=inbox.InboxPage)
def list_notices(call: Call) -> inbox.InboxPage:
    """Who meant me, newest first."""
    query, limits = call.query, call.core.settings.limits
    if not 1 <= query.limit <= limits.page_size:
        raise BadField("limit", f"A page has 1 to {limits.page_size} notices.")
    if query.before is not None and not 0 < query.before < 2**63:
        raise BadField("before", "That is not where a page ended.")
    return call.read(lambda tx: inbox.page(tx, call.me, limits, before=query.before, limit=query.limit))


@api.route("PUT", "/inbox/read", body=NoticesRead, statuses=(204,))
def read_notices(call: Call) -> None:
    """I have seen everything up to this notice."""
    if not 0 <= call.body.up_to < 2**63:
        raise BadField("up_to", "There is no such notice.")
    reading.take_turn(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: inbox.read_up_to(tx, call.me, call.body.up_to))
