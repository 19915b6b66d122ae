"""Pair-Up's own client: tokens, and what students say of themselves."""

from __future__ import annotations

from typing import Any

from flask import request

from twidder.accounts import agents, as_session, pins, service
from twidder.accounts.fields import check_line, email_key
from twidder.accounts.signing_in import network
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, Unauthorized
from twidder.gateways import origins
from twidder.gateways.pairup_dialect import Fields, Said, as_expiry, text
from twidder.gateways.pairup_functions import Ask, Functions, own, the_round, unknown_student
from twidder.pairup import claiming, projects
from twidder.store import ReadTx, Tx

functions = Functions()


@functions.at("POST", "/api/tokens", who="anybody", hashes=True, challenge='Basic realm="Pair-Up"')
def get_token(ask: Ask) -> Said:
    given = request.authorization
    if given is None or given.type != "basic":
        raise Unauthorized("Who are you? Student number and PIN, please.")
    agent = agents.describe(request.headers.get("User-Agent", ""))
    number, pin = given.username or "", given.password or ""
    try:
        token, me = pins.sign_in_with_pin(ask.core, number, pin, agent, ask.guesser)
    except Unauthorized:
        raise Unauthorized("That number and PIN don’t match.") from None
    return Said({"token": token, "expiry": as_expiry(me.session.expires_at)})


@functions.at("DELETE", "/api/tokens")
def revoke_token(ask: Ask) -> Said:
    ask.core.store.write(as_session(ask.me, lambda tx: service.sign_out(tx, ask.me)))
    return Said(None, 204)


@functions.at("POST", "/api/students", who="anybody", hashes=True)
def register(ask: Ask) -> Said:
    """Whoever comes first with a number is it, which only some rounds put up with. Who is it already, by an earlier
    round, proves it by their PIN."""
    origins.check_newcomer(ask.core.settings)
    number, pin = text(ask.fields, "id"), text(ask.fields, "pin")
    if not number or not pin:
        raise BadField("pin", "Must include student number and pin")
    limits = ask.core.settings.limits
    preferred = _preferred(ask.fields, limits)
    pins.check_pin("pin", pin, limits)
    pin_hash = _known_hash(ask, _count_wrong(ask, number), pin) or _new_hash(ask, pin)

    def write(tx: Tx) -> Fields:
        row, entry = _find_registrable(tx, number)
        projects.change_student(tx, row, entry, by_id=None, preferred=preferred)
        return _student(row, claiming.register_by_number(tx, row, entry.number, pin_hash))

    student = ask.core.store.write(write)
    return Said(student, 201, {"Location": f"/api/students/{student['id']}"})


def _count_wrong(ask: Ask, number: str) -> str:
    """The number, folded. Who tries numbers is slowed down. Raises as ``_find_registrable``, and RateLimited."""
    ask.core.failed_by_address.check(ask.guesser)
    try:
        _, entry = ask.core.store.read(lambda tx: _find_registrable(tx, number))
        return str(entry.number)
    except BadField:
        ask.core.failed_by_address.failed(ask.guesser)
        raise


def _known_hash(ask: Ask, number: str, pin: str) -> str | None:
    """Of the PIN of whoever has the number already; None: nobody has. Raises BadField for a wrong one, RateLimited."""
    if ask.core.store.read(lambda tx: pins.find_by_number(tx, number)) is None:
        return None
    found = pins.verify_pin(ask.core, number, pin, ask.guesser)
    if found is None:
        raise _registered()
    return found[1]


def _new_hash(ask: Ask, pin: str) -> str:
    """Numbers follow one another: whoever took them all would be quick. Raises RateLimited."""
    per_minute = ask.core.settings.limits.signups_per_minute
    ask.core.rates.take("signup", network(request.remote_addr or ""), burst=per_minute, rate=per_minute / 60)
    return ask.core.passwords.hash(pin)


def _registered() -> BadField:
    return BadField("id", "Student already registered")


def _find_registrable(tx: ReadTx, number: str) -> tuple[Any, Any]:
    """(the round, the entry). Raises Forbidden, BadField."""
    row = the_round(tx)
    if not row.open_registration:
        raise Forbidden("A number alone is not enough here. Use the code that you were sent.")
    entry = projects.find_entry(tx, row, email_key(number))
    if entry is None:
        raise unknown_student()
    if entry.user_id is not None:
        raise _registered()
    return row, entry


@functions.at("GET", "/api/students/<number>")
def get_student(ask: Ask, number: str) -> Said:
    row, entry = ask.core.store.read(lambda tx: own(tx, ask, number, NotFound("Student not found.")))
    return Said(_student(row, entry))


@functions.at("PUT", "/api/students/<number>", hashes=True)
def update_student(ask: Ask, number: str) -> Said:
    ask.core.store.read(lambda tx: own(tx, ask, number, unknown_student()))
    ask.take_turn()
    limits = ask.core.settings.limits
    preferred, pin = _preferred(ask.fields, limits), text(ask.fields, "pin")
    wish = ask.fields.get("assign_me")
    assign_me = wish if isinstance(wish, bool) else None
    pin_hash = None if pin is None else ask.core.passwords.hash(pins.check_pin("pin", pin, limits))

    def write(tx: Tx) -> Said:
        row, entry = own(tx, ask, number, unknown_student())
        projects.change_student(tx, row, entry, by_id=ask.me.user_id, preferred=preferred, assign_me=assign_me)
        if pin_hash is not None:
            pins.set_pin(tx, ask.me.user_id, pin_hash)
        return Said(_student(*own(tx, ask, number, unknown_student())))

    return ask.core.store.write(as_session(ask.me, write))


def _preferred(fields: Fields, limits: Limits) -> str | None:
    """Nothing is the first name again. Raises BadField."""
    name = text(fields, "prefered_name")
    return check_line("prefered_name", name, limits.name_length) if name and name.strip() else name and ""


def _student(row: Any, entry: Any) -> Fields:
    """``cits3403``: whether they need a partner, which is what it decides there."""
    return {
        "id": entry.number,
        "first_name": entry.firstname,
        "surname": entry.familyname,
        "prefered_name": entry.preferred or entry.firstname,
        "cits3403": projects.needs_partner(row, entry),
        "assign_me": entry.assign_me,
        "_links": {"project": f"/api/students/{entry.number}/project"},
    }
