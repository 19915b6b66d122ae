"""The HTTP API of rosters, for staff."""

from __future__ import annotations

import msgspec

from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import claiming, pins, removing, roster, roster_csv
from twidder.pairup.roster import CodeFor, Imported
from twidder.pairup.round_routes import take_edit
from twidder.pairup.shapes import Entry, Id
from twidder.pairup.table_routes import TABLE, ImportQuery, read_table
from twidder.web.api import Api, Call

api = Api("pairup_roster")


class Roster(msgspec.Struct):
    items: list[Entry]


class CodesWanted(msgspec.Struct, forbid_unknown_fields=True):
    """``entries``: null for all that nobody has claimed."""

    entries: list[Id] | None


class Codes(msgspec.Struct):
    """Shown once; only their hashes are kept."""

    items: list[CodeFor]


@api.route(
    "PUT",
    "/pairup/rounds/<id:round>/roster",
    who="staff",
    raw=TABLE,
    most="roster_bytes",
    query=ImportQuery,
    answer=Imported,
)
def import_roster(call: Call, round: int) -> Imported:
    """A roster as CSV: ``number,firstname,familyname[,preferred][,email][,cohort]``. Adds and changes; who is not in
    the table stays. A wrong line is named, and then nothing is imported."""
    take_edit(call)
    listed = roster_csv.parse(read_table(_limits(call)), _limits(call))
    if call.query.check:
        return call.read(lambda tx: roster.check_import(tx, call.me, round, listed, _limits(call)))
    return call.write(lambda tx: roster.import_roster(tx, call.me, round, listed, _limits(call)))


@api.route("GET", "/pairup/rounds/<id:round>/roster", who="staff", answer=Roster)
def list_roster(call: Call, round: int) -> Roster:
    """Everybody on it, by name."""
    return Roster(call.read(lambda tx: roster.listing(tx, call.me, round)))


@api.route("DELETE", "/pairup/entries/<id:entry>", who="staff", statuses=(204,))
def remove_entry(call: Call, entry: int) -> None:
    """Off the roster: an entry that nobody has claimed, or that is in no team."""
    take_edit(call)
    call.write(lambda tx: removing.remove(tx, call.me, entry))


@api.route("POST", "/pairup/rounds/<id:round>/codes", who="staff", body=CodesWanted, answer=Codes, statuses=(201,))
def make_codes(call: Call, round: int) -> Codes:
    """New invitation codes, which replace older ones; for handing out, since they are shown this once."""
    limits = _limits(call)
    if len(call.body.entries or []) > limits.roster_entries:
        raise BadField("entries", f"These are ids of entries, {limits.roster_entries:,} at most.")
    take_edit(call)
    address = call.core.settings.address
    return Codes(call.write(lambda tx: roster.make_codes(tx, call.me, round, call.body.entries, address, limits)))


@api.route("DELETE", "/pairup/entries/<id:entry>/pin", who="staff", statuses=(204,))
def reset_pin(call: Call, entry: int) -> None:
    """Take somebody's PIN away. With a new code, or signed in by password, they choose another."""
    take_edit(call)
    call.write(lambda tx: pins.reset(tx, call.me, entry))


@api.route("DELETE", "/pairup/entries/<id:entry>/claim", who="staff", statuses=(204,))
def free_entry(call: Call, entry: int) -> None:
    """The wrong person has claimed it: nobody has, any more."""
    take_edit(call)
    call.write(lambda tx: claiming.free(tx, call.me, entry))


def _limits(call: Call) -> Limits:
    return call.core.settings.limits
