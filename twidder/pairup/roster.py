"""The roster of a round: importing it, showing it to staff, taking somebody off it; invitation codes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update

from twidder.accounts import Caller, pins
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import waiting
from twidder.pairup.access import Seat, access_round, check_staff
from twidder.pairup.models import entries
from twidder.pairup.roster_csv import Listed
from twidder.pairup.rounds import tell_round
from twidder.pairup.shapes import Entry
from twidder.pairup.telling import full_name, record, tell_renamed
from twidder.store import ReadTx, Tx

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no I, L, O, U
_CODE_LENGTH = 10
_LOOKALIKES = str.maketrans("OIL", "011", " -")
_FRESH = {"user_id": None, "team_id": None, "looking": False, "about": "", "assign_me": False}


class Imported(msgspec.Struct, frozen=True):
    """``missing``: on the roster, and not in the table; they stay."""

    added: int
    changed: int
    same: int
    missing: int


class CodeFor(msgspec.Struct, frozen=True):
    """``url``: of the page that takes the code, which stands in its fragment."""

    entry: int
    number: str
    name: str
    email: str
    code: str
    url: str


def import_roster(tx: Tx, me: Caller, round_id: int, listed: list[Listed], limits: Limits) -> Imported:
    """Adds who is not there, changes who is; all or nothing. Raises NotFound, Forbidden, BadField."""
    seat = access_round(tx, me, round_id)
    result, added, changed = _compare(tx, seat, listed, limits)
    if added:
        tx.execute(insert(entries), [one._asdict() | _FRESH | {"round_id": round_id} for one in added])
    for row, one in changed:
        tx.execute(update(entries).where(entries.c.id == row.id).values(**one._asdict()))
    if added or changed:
        record(tx, round_id, me.user_id, "roster_imported", added=len(added), changed=[row.id for row, _ in changed])
        tell_round(tx, round_id)
        tell_renamed(tx, round_id, [row.id for row, _ in changed])
        waiting.serve_round(tx, seat.round)  # a team may be complete by its cohorts now
    return result


def check_import(tx: ReadTx, me: Caller, round_id: int, listed: list[Listed], limits: Limits) -> Imported:
    """What ``import_roster`` would do. Raises as it does."""
    return _compare(tx, access_round(tx, me, round_id), listed, limits)[0]


def _compare(
    tx: ReadTx, seat: Seat, listed: list[Listed], limits: Limits
) -> tuple[Imported, list[Listed], list[tuple[Any, Listed]]]:
    """(the figures, who is new, who is to be changed)"""
    check_staff(seat)
    there = {row.number: row for row in tx.execute(select(entries).where(entries.c.round_id == seat.round.id))}
    listed = [_filled(one, there.get(one.number)) for one in listed]
    added = [one for one in listed if one.number not in there]
    if len(there) + len(added) > limits.roster_entries:
        raise BadField("csv", f"A roster has at most {limits.roster_entries:,} students; {len(there):,} are there.")
    known = [(there[one.number], one) for one in listed if one.number in there]
    changed = [(row, one) for row, one in known if _listed(row) != one]
    figures = Imported(len(added), len(changed), len(known) - len(changed), len(there) - len(known))
    return figures, added, changed


def _filled(one: Listed, row: Any | None) -> Listed:
    """What the table has no column for stays as it is."""
    return Listed(*(getattr(row, name, "") if cell is None else cell for name, cell in one._asdict().items()))


def _listed(row: Any) -> Listed:
    return Listed(**{name: getattr(row, name) for name in Listed._fields})


def listing(tx: ReadTx, me: Caller, round_id: int) -> list[Entry]:
    """For staff: everybody, by name. Raises NotFound, Forbidden."""
    check_staff(access_round(tx, me, round_id))
    query = select(entries).where(entries.c.round_id == round_id)
    rows = tx.execute(query.order_by(entries.c.familyname, entries.c.firstname, entries.c.id)).all()
    return as_entries(tx, rows)


def as_entry(tx: ReadTx, row: Any) -> Entry:
    return as_entries(tx, [row])[0]


def as_entries(tx: ReadTx, rows: Collection[Any]) -> list[Entry]:
    """Of rows; for staff, and each for themselves."""
    with_pin = pins.with_pins(tx, {row.user_id for row in rows if row.user_id is not None})
    known = pins.numbers_with_pins(tx, {row.number for row in rows if row.user_id is None})
    return [_as_entry(row, has_pin=row.user_id in with_pin or row.number in known) for row in rows]


def _as_entry(row: Any, *, has_pin: bool) -> Entry:
    return Entry(
        id=row.id,
        number=row.number,
        firstname=row.firstname,
        familyname=row.familyname,
        preferred=row.preferred,
        email=row.email,
        cohort=row.cohort,
        team=row.team_id,
        looking=row.looking,
        about=row.about,
        assign_me=row.assign_me,
        claimed=row.user_id is not None,
        has_pin=has_pin,
    )


# Codes


def make_codes(
    tx: Tx, me: Caller, round_id: int, entry_ids: list[int] | None, address: str, limits: Limits
) -> list[CodeFor]:
    """New ones, in the place of those that were, for all unclaimed entries or for the named ones. A claimed entry may
    be named whose holder has no account: an account, or a new PIN, takes it over by the code. Raises NotFound,
    Forbidden, BadField (entries)."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    rows = _wanted(tx, round_id, entry_ids)
    until = now_ms() + int(limits.code_seconds * 1000)
    codes = {row.id: _new_code() for row in rows}
    if codes:
        statement = update(entries).where(entries.c.id == bindparam("entry"))
        changes = [{"entry": key, "code_hash": code_hash(code), "code_until": until} for key, code in codes.items()]
        tx.execute(statement, changes)
        record(tx, round_id, me.user_id, "codes_made", entries=sorted(codes))
    return [
        CodeFor(row.id, row.number, full_name(row), row.email, codes[row.id], f"{address}/claim#{codes[row.id]}")
        for row in rows
    ]


def _wanted(tx: ReadTx, round_id: int, entry_ids: list[int] | None) -> list[Any]:
    query = select(entries).where(entries.c.round_id == round_id).order_by(entries.c.id)
    if entry_ids is None:
        return list(tx.execute(query.where(entries.c.user_id.is_(None))).all())
    rows = list(tx.execute(query.where(entries.c.id.in_(set(entry_ids)))).all())
    if len(rows) != len(set(entry_ids)):
        raise BadField("entries", "One of them is not on this roster.")
    for row in rows:
        if row.user_id is not None and not pins.is_for_pairup_alone(tx, row.user_id):
            raise BadField("entries", f"{full_name(row)} has an account, and needs no code.")
    return rows


def code_hash(code: str) -> str:
    """Of a code as it was typed: small or large, with or without hyphens; O is 0, I and L are 1."""
    folded = code.upper().translate(_LOOKALIKES)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def _new_code() -> str:
    """Fifty bits, in two halves as they are read aloud."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{code[: _CODE_LENGTH // 2]}-{code[_CODE_LENGTH // 2 :]}"
