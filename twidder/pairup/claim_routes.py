"""The HTTP API of claiming an entry of a roster, and of PINs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from twidder.accounts.pins import check_pin, verify_pin
from twidder.accounts.signing_in import network
from twidder.errors import BadField, Forbidden
from twidder.pairup import claiming, pins
from twidder.pairup.claiming import Invited
from twidder.pairup.shapes import RoundCard
from twidder.store import ReadTx
from twidder.web.api import Api, Call

api = Api("pairup_claims")
T = TypeVar("T")
_CODE_LENGTH = 64  # more than any code, with all its hyphens


class Code(msgspec.Struct, forbid_unknown_fields=True):
    code: str


class Claim(msgspec.Struct, forbid_unknown_fields=True):
    """``pin``: by which, and the number, I want to sign in for Pair-Up, too."""

    code: str
    pin: str | None = None


class Registration(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    pin: str


class Registered(msgspec.Struct):
    number: str


class PinChange(msgspec.Struct, forbid_unknown_fields=True):
    """``old``: the PIN so far, where there is one."""

    pin: str
    old: str | None = None


@api.route("POST", "/pairup/claims/check", who="anybody", body=Code, answer=Invited)
def check_code(call: Call) -> Invited:
    """Whom an invitation code is for. It stays good."""
    return _by_code(call, lambda tx: claiming.check_code(tx, call.body.code))


@api.route("POST", "/pairup/claims", body=Claim, answer=RoundCard, statuses=(201,), hashes=True)
def claim_entry(call: Call) -> RoundCard:
    """Claim an entry of a roster with my account. The code is used up."""
    pin = call.body.pin
    if pin is not None:
        check_pin("pin", pin, call.core.settings.limits)
    _by_code(call, lambda tx: claiming.check_code(tx, call.body.code))
    pin_hash = None if pin is None else call.core.passwords.hash(pin)
    return call.write(lambda tx: claiming.claim(tx, call.me, call.body.code, pin_hash))


@api.route(
    "POST", "/pairup/registrations", who="anybody", body=Registration, answer=Registered, statuses=(201,), hashes=True
)
def register(call: Call) -> Registered:
    """Claim an entry without an account: number and PIN sign in from now on, for Pair-Up alone. Who has a PIN already
    gives that one."""
    pin = check_pin("pin", call.body.pin, call.core.settings.limits)
    before = _by_code(call, lambda tx: claiming.find_registration(tx, call.body.code))
    if before.pin_hash is None:
        pin_hash = call.core.passwords.hash(pin)
    else:
        pin_hash = _verified(call, before.number, pin, "pin")
    return Registered(call.core.store.write(lambda tx: claiming.register(tx, call.body.code, before, pin_hash)))


@api.route("PUT", "/pairup/pin", who="student", body=PinChange, statuses=(204,), hashes=True)
def change_pin(call: Call) -> None:
    """Choose my PIN; this session goes on."""
    pin = check_pin("pin", call.body.pin, call.core.settings.limits)
    number, pin_hash = call.read(lambda tx: pins.current(tx, call.student))
    if pin_hash is not None:
        if call.body.old is None:
            raise BadField("old", "Which PIN have you had so far?")
        pin_hash = _verified(call, number, call.body.old, "old")
    new_hash = call.core.passwords.hash(pin)
    call.write(lambda tx: pins.change(tx, call.student, pin_hash, new_hash))


def _by_code(call: Call, find: Callable[[ReadTx], T]) -> T:
    """What ``find`` finds. A wrong code is counted, by address. Raises Forbidden (bad_link), RateLimited."""
    if len(call.body.code) > _CODE_LENGTH:
        raise BadField("code", "That is no code.")
    address = network(call.address)
    call.core.failed_by_address.check(address)
    try:
        return call.core.store.read(find)
    except Forbidden:
        call.core.failed_by_address.failed(address)
        raise


def _verified(call: Call, number: str, pin: str, field: str) -> str:
    """The hash that the PIN has matched. Raises BadField, RateLimited."""
    found = verify_pin(call.core, number, pin[:_CODE_LENGTH], call.address)
    if found is None:
        raise BadField(field, "That is not your PIN. Staff can reset it.")
    return found[1]
