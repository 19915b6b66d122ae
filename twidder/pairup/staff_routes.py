"""The HTTP API of a round’s staff: the overview, pairing the rest, what they do with a team, exports, the audit."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from flask import Response

from twidder.errors import BadField
from twidder.pairup import auditing, calendars, exporting, messages, overview, pairing
from twidder.pairup.acting import take_turn
from twidder.pairup.auditing import AuditPage
from twidder.pairup.overview import Overview
from twidder.pairup.pairing import Pairings
from twidder.pairup.shapes import Id, Place, Team
from twidder.web.api import Api, Call, Reply

api = Api("pairup_staff")

_TYPES = {"csv": "text/csv", "json": "application/json", "ics": "text/calendar"}


class PairingWish(msgspec.Struct, forbid_unknown_fields=True):
    """``unclaimed``: with those, too, who have not claimed their entry yet, and may never come."""

    unclaimed: bool = False


class PlaceWish(msgspec.Struct, forbid_unknown_fields=True):
    """``place``: null takes away the one that they have."""

    place: Id | None


class LockWish(msgspec.Struct, forbid_unknown_fields=True):
    locked: bool


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class Sent(msgspec.Struct):
    """``members``: how many it went to."""

    members: int


class ExportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``format``: csv, json or ics."""

    format: str = "csv"


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``before``: the ``next`` of the page before this one. ``format``: json, or csv for all in one file."""

    before: int | None = None
    format: str = "json"


@api.route("GET", "/pairup/rounds/<id:round>/overview", who="staff", answer=Overview)
def show_overview(call: Call, round: int) -> Overview:
    """All teams with their people, places and wishes, and who is left over."""
    return call.read(lambda tx: overview.load(tx, call.me, round))


@api.route("POST", "/pairup/rounds/<id:round>/pairings", who="staff", body=PairingWish, answer=Pairings)
def pair_the_rest(call: Call, round: int) -> Pairings:
    """Teams for those who have none, and more people for teams that are too small; within a cohort if it goes."""
    _take_edit(call)
    return call.write(lambda tx: pairing.pair_the_rest(tx, call.me, round, unclaimed=call.body.unclaimed))


@api.route("PUT", "/pairup/teams/<id:team>/place", who="staff", body=PlaceWish, answer=Place, statuses=(200, 204))
def put_team_place(call: Call, team: int) -> Place | Reply:
    """Move a team, whether or not the round is open, or take its place away (204)."""
    _take_edit(call)
    return call.write(lambda tx: messages.move(tx, call.me, team, call.body.place)) or Reply(None, 204)


@api.route("PUT", "/pairup/teams/<id:team>/lock", who="staff", body=LockWish, answer=Team)
def put_team_lock(call: Call, team: int) -> Team:
    """Its members change nothing of it any more; or may again."""
    _take_edit(call)
    return call.write(lambda tx: messages.lock(tx, call.me, team, locked=call.body.locked))


@api.route("POST", "/pairup/teams/<id:team>/messages", who="staff", body=NewMessage, answer=Sent, statuses=(201,))
def message_team(call: Call, team: int) -> Sent:
    """A notice to each of the team."""
    limits = call.core.settings.limits
    text = messages.check_text(call.body.text, limits)
    burst, rate = limits.messages_burst, limits.messages_per_second
    call.core.rates.take("message", call.me.user_id, burst=burst, rate=rate)
    return Sent(call.write(lambda tx: messages.send(tx, call.me, team, text)))


@api.route("GET", "/pairup/rounds/<id:round>/export", who="staff", query=ExportQuery, answer=bytes)
def export_round(call: Call, round: int) -> Response:
    """The round as a file: a table, everything, or a calendar with an event for each booked place."""
    kind = call.query.format
    if kind not in _TYPES:
        raise BadField("format", "It is csv, json or ics.")
    exported = call.read(lambda tx: exporting.load(tx, call.me, round))
    if kind == "csv":
        body = exporting.as_csv(exported)
    elif kind == "json":
        body = msgspec.json.format(msgspec.json.encode(exported), indent=2)
    else:
        body = calendars.write(calendars.of_round(exported), _host(call))
    return _download(body, f"pairup-{round}.{kind}", _TYPES[kind])


@api.route("GET", "/pairup/rounds/<id:round>/calendar", who="student", answer=bytes)
def my_calendar(call: Call, round: int) -> Response:
    """My team’s place as an event for a calendar."""
    take_turn(call.core.rates, call.student, call.core.settings.limits)
    event = call.read(lambda tx: calendars.of_mine(tx, call.student, round))
    return _download(calendars.write([event], _host(call)), f"pairup-{round}.ics", _TYPES["ics"])


@api.route("GET", "/pairup/rounds/<id:round>/audit", who="staff", query=AuditQuery, answer=AuditPage)
def list_pairup_audit(call: Call, round: int) -> AuditPage | Response:
    """Who did what, and when; newest first."""
    query, limits = call.query, call.core.settings.limits
    if query.before is not None and not 0 < query.before < 2**63:
        raise BadField("before", "That is not where a page ended.")
    if query.format == "json":
        return call.read(lambda tx: auditing.page(tx, call.me, round, query.before, limits))
    if query.format != "csv":
        raise BadField("format", "It is json or csv.")
    table = call.read(lambda tx: auditing.as_csv(tx, call.me, round, query.before, limits))
    return _download(table, f"pairup-{round}-audit.csv", _TYPES["csv"])


def _download(body: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(body, headers=headers, mimetype=kind)


def _host(call: Call) -> str:
    return urlsplit(call.core.settings.address).hostname or "localhost"


def _take_edit(call: Call) -> None:
    """Raises RateLimited."""
    rate = call.core.settings.limits.edits_per_minute
    call.core.rates.take("edit", call.me.user_id, burst=rate, rate=rate / 60)
