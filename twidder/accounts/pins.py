"""Students: who is known by a number, and by a PIN that opens Pair-Up alone.

Whoever claims an entry of a roster without an account is a user of role guest, who has a number and no password.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection

from sqlalchemy import delete, insert, select, update

from twidder.accounts import sessions
from twidder.accounts.fields import email_key
from twidder.accounts.models import Student, identities, pins, users
from twidder.accounts.sessions import identify, new_token
from twidder.accounts.signing_in import check_brakes, count_failure, network
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.core import Core
from twidder.errors import BadField, RateLimited, Unauthorized
from twidder.store import ReadTx, Tx

SCOPE = "pairup"
_NUMBER = re.compile(r"[0-9a-z](?:[0-9a-z./_-]*[0-9a-z])?")


def check_number(field: str, text: str, limits: Limits) -> str:
    """A student number, folded: two spellings of one are one. Raises BadField."""
    number = email_key(text)
    if not _NUMBER.fullmatch(number):
        raise BadField(field, "A student number is letters and digits.")
    if len(number) > limits.number_length:
        raise BadField(field, f"A student number has at most {limits.number_length} characters.")
    return number


def check_pin(field: str, text: str, limits: Limits) -> str:
    """Raises BadField."""
    if not is_pin(text, limits):
        raise BadField(field, f"A PIN is {limits.pin_min} to {limits.pin_max} digits.")
    return text


def is_pin(text: str, limits: Limits) -> bool:
    return limits.pin_min <= len(text) <= limits.pin_max and text.isascii() and text.isdigit()


def is_number(text: str, limits: Limits) -> bool:
    with contextlib.suppress(BadField):
        return bool(check_number("email", text, limits))
    return False


# Signing in


def sign_in_with_pin(core: Core, number: str, pin: str, agent: str, address: str) -> tuple[str, Student]:
    """(the new token, who has it). Raises Unauthorized (wrong_credentials), RateLimited (too_many_attempts)."""
    found = verify_pin(core, number, pin, address)
    if found is None:
        raise Unauthorized(code="wrong_credentials")
    user_id, pin_hash = found
    token = new_token()

    def write(tx: Tx) -> Student:
        if pin_hash_of(tx, user_id) != pin_hash:  # it was changed meanwhile, or they have an account now
            raise Unauthorized(code="wrong_credentials")
        sessions.start(tx, user_id, token, agent, SCOPE)
        me = identify(tx, token, core.settings.limits)
        assert isinstance(me, Student)
        return me

    return token, core.store.write(write)


def verify_pin(core: Core, number: str, pin: str, address: str) -> tuple[int, str] | None:
    """(user id, the hash that the PIN has matched); None for a wrong one, which is counted by number and address, by
    address, and by number alone: four digits are guessed from many addresses at once. Raises RateLimited."""
    number, address = email_key(number)[: core.settings.limits.number_length], network(address)
    key = f"{SCOPE} {number}", address
    check_brakes(core, key, address)
    _check_failures(core, number)
    found = core.store.read(lambda tx: _find_pin(tx, number))
    if not core.passwords.verify(found[1] if found else None, pin) or found is None:
        count_failure(core, key, address)
        with contextlib.suppress(RateLimited):
            core.rates.take("pin", number, **_failures(core.settings.limits))
        return None
    core.failed_by_account.succeeded(key)
    return found


def _find_pin(tx: ReadTx, number: str) -> tuple[int, str] | None:
    user_id = find_by_number(tx, number)
    pin_hash = None if user_id is None else pin_hash_of(tx, user_id)
    return None if user_id is None or pin_hash is None else (user_id, pin_hash)


def _check_failures(core: Core, number: str) -> None:
    try:
        core.rates.check("pin", number, **_failures(core.settings.limits))
    except RateLimited as error:
        raise RateLimited(error.extra["retry_ms"], code="too_many_attempts") from None


def _failures(limits: Limits) -> dict[str, float]:
    return {"burst": limits.pins_failed_burst, "rate": limits.pins_failed_per_hour / 3600}


# Who has which


def find_by_number(tx: ReadTx, number: str) -> int | None:
    """The user whose student number this is, folded."""
    key = identities.c.kind == "student_number", identities.c.key == number
    query = select(users.c.id).join(identities, identities.c.user_id == users.c.id)
    found: int | None = tx.execute(query.where(*key, users.c.closed_at.is_(None))).scalar()
    return found


def numbers_of(tx: ReadTx, user_id: int) -> list[str]:
    mine = identities.c.kind == "student_number", identities.c.user_id == user_id
    return list(tx.execute(select(identities.c.key).where(*mine).order_by(identities.c.key)).scalars())


def pin_hash_of(tx: ReadTx, user_id: int) -> str | None:
    query = select(pins.c.pin_hash).join(users, users.c.id == pins.c.user_id)
    found: str | None = tx.execute(query.where(users.c.id == user_id, users.c.closed_at.is_(None))).scalar()
    return found


def with_pins(tx: ReadTx, user_ids: Collection[int]) -> set[int]:
    """Of these users the ones who have a PIN."""
    return set(tx.execute(select(pins.c.user_id).where(pins.c.user_id.in_(set(user_ids)))).scalars())


def numbers_with_pins(tx: ReadTx, numbers: Collection[str]) -> set[str]:
    """Of these numbers the ones that sign somebody in."""
    query = select(identities.c.key).join(pins, pins.c.user_id == identities.c.user_id)
    theirs = identities.c.kind == "student_number", identities.c.key.in_(set(numbers))
    return set(tx.execute(query.where(*theirs)).scalars())


def came_by_pin(tx: ReadTx, user_id: int) -> bool:
    """Whether it is a PIN that has opened their session."""
    return sessions.scope_of(tx, user_id) == SCOPE


def is_for_pairup_alone(tx: ReadTx, user_id: int) -> bool:
    """Whether they have claimed an entry without an account."""
    return tx.execute(select(users.c.role).where(users.c.id == user_id)).scalar() == "guest"


# Changes


def make_student(tx: Tx, number: str, firstname: str, familyname: str, pin_hash: str) -> int:
    """A user for Pair-Up alone; the id."""
    profile = dict.fromkeys(("gender", "city", "country", "password_hash"), "")
    names = {"firstname": firstname, "familyname": familyname}
    made = tx.execute(insert(users).values(**profile, **names, role="guest", created_at=now_ms())).inserted_primary_key
    assert made is not None
    add_number(tx, made[0], number)
    set_pin(tx, made[0], pin_hash)
    return int(made[0])


def add_number(tx: Tx, user_id: int, number: str) -> None:
    """Theirs from now on, if it is nobody's."""
    key = identities.c.kind == "student_number", identities.c.key == number
    if tx.execute(select(identities.c.user_id).where(*key)).first() is None:
        tx.execute(insert(identities).values(kind="student_number", key=number, value=number, user_id=user_id))


def remove_number(tx: Tx, user_id: int, number: str) -> None:
    mine = identities.c.user_id == user_id, identities.c.kind == "student_number", identities.c.key == number
    tx.execute(delete(identities).where(*mine))


def set_pin(tx: Tx, user_id: int, pin_hash: str) -> None:
    tx.execute(delete(pins).where(pins.c.user_id == user_id))
    tx.execute(insert(pins).values(user_id=user_id, pin_hash=pin_hash))


def remove_pin(tx: Tx, user_id: int) -> None:
    """The session that it opened ends with it."""
    tx.execute(delete(pins).where(pins.c.user_id == user_id))
    end_session(tx, user_id)


def end_session(tx: Tx, user_id: int) -> None:
    """The one that a PIN has opened, if it is one."""
    if came_by_pin(tx, user_id):
        sessions.end(tx, user_id, "signed_out")


def forget_student(tx: Tx, user_id: int) -> None:
    """Their numbers are free again; there is no PIN any more."""
    tx.execute(delete(identities).where(identities.c.user_id == user_id, identities.c.kind == "student_number"))
    tx.execute(delete(pins).where(pins.c.user_id == user_id))


def close_student(tx: Tx, user_id: int) -> None:
    """Of somebody for Pair-Up alone: their numbers are free again, and nobody signs in as them any more."""
    forget_student(tx, user_id)
    tx.execute(update(users).where(users.c.id == user_id).values(closed_at=now_ms()))
    sessions.end(tx, user_id, "signed_out")


def move_student(tx: Tx, from_id: int, to_id: int) -> None:
    """Numbers and PIN of somebody for Pair-Up alone become those of an account, which keeps a PIN that it has; they
    themselves are no more."""
    numbers = identities.c.user_id == from_id, identities.c.kind == "student_number"
    tx.execute(update(identities).where(*numbers).values(user_id=to_id))
    if pin_hash_of(tx, to_id) is None:
        tx.execute(update(pins).where(pins.c.user_id == from_id).values(user_id=to_id))
    close_student(tx, from_id)
