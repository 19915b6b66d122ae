"""Producers: whoever has a board's write-only token feeds it. Pushes: what they send, once however often it is sent."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from twidder.accounts import Caller
from twidder.accounts.fields import check_line
from twidder.accounts.sessions import new_token, token_hash
from twidder.boards.access import access_to_arrange, find_place
from twidder.boards.parsing import Parsed, Refusal
from twidder.boards.pushing import store
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, NotFound, TwidderError, Unauthorized
from twidder.store import ReadTx, Tx

PREFIX = "twp_"  # so that a scanner for leaked secrets, and its holder, know it for what it is
_TOUCH_MS = 60_000  # "used" is written at most this often
_LIST = """
SELECT id, name, created_at, used_at FROM producers WHERE board_id = ? AND revoked_at IS NULL ORDER BY id DESC
"""
_COUNT = "SELECT COUNT(*) FROM producers WHERE board_id = ? AND revoked_at IS NULL"
_NEW = "INSERT INTO producers (board_id, name, token_hash, created_by, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id"
_REVOKE = "UPDATE producers SET revoked_at = ? WHERE id = ? AND board_id = ? AND revoked_at IS NULL RETURNING id"
_BY_TOKEN = "SELECT id, board_id, created_by FROM producers WHERE token_hash = ? AND revoked_at IS NULL"
_STANDING = """
SELECT p.revoked_at, p.used_at, b.deleted_at FROM producers p JOIN boards b ON b.id = p.board_id WHERE p.id = ?
"""
_USED = "UPDATE producers SET used_at = ? WHERE id = ?"
_ANSWER = "SELECT body_hash, answer FROM pushes WHERE producer_id = ? AND key = ?"
_REMEMBER = "INSERT INTO pushes (producer_id, key, body_hash, answer, at) VALUES (?, ?, ?, ?, ?)"


class Producer(msgspec.Struct, frozen=True):
    id: int
    name: str
    created_at: int
    used_at: int | None


class Feeding(NamedTuple):
    """Who pushes: a producer, its board, and who answers for it."""

    id: int
    board_id: int
    made_by: int


class Pushed(msgspec.Struct, frozen=True):
    accepted: int
    refused: list[Refusal]


class Push(NamedTuple):
    """What was sent. ``key``: of a push that may be sent again."""

    parsed: Parsed
    body_hash: bytes
    key: str | None


def list_producers(tx: ReadTx, me: Caller, ref: str) -> list[Producer]:
    """For who may arrange the board. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    return [Producer(*row) for row in tx.driver.execute(_LIST, (place.id,))]


def add(tx: Tx, me: Caller, ref: str, name: str, token: str, limits: Limits) -> tuple[Producer, str]:
    """The new producer, and its board's slug. Raises NotFound, Forbidden, BadField, TwidderError (full)."""
    place = access_to_arrange(tx, me, ref)
    name = check_line("name", name, limits.name_length)
    (there,) = tx.driver.execute(_COUNT, (place.id,)).fetchone()
    if there >= limits.producers_of_board:
        raise TwidderError(f"A board has at most {limits.producers_of_board} producers.", code="full")
    now = now_ms()
    (number,) = tx.driver.execute(_NEW, (place.id, name, token_hash(token), me.user_id, now)).fetchone()
    return Producer(number, name, now, None), place.slug


def revoke(tx: Tx, me: Caller, ref: str, producer: int) -> None:
    """What it has sent stays; what it sends from now on is refused. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    if tx.driver.execute(_REVOKE, (now_ms(), producer, place.id)).fetchone() is None:
        raise NotFound


def make_token() -> str:
    return PREFIX + new_token()


def access_feed(tx: ReadTx, token: str | None, ref: str) -> Feeding:
    """Who may feed this board. Raises Unauthorized (not_a_producer); NotFound for the token of another board."""
    row = tx.driver.execute(_BY_TOKEN, (token_hash(token),)).fetchone() if token else None
    if row is None:
        raise Unauthorized(code="not_a_producer")
    feeding = Feeding(*row)
    if find_place(tx, ref).id != feeding.board_id:
        raise NotFound
    return feeding


def check_push(raw: bytes, parsed: Parsed, key: str | None, limits: Limits) -> Push:
    """Raises BadField."""
    if not parsed.points and not parsed.refused:
        raise BadField("body", 'There is no value in it. Send one as {"temp": 21.5} or as temp=21.5.')
    if key is not None and not (0 < len(key) <= limits.push_key_length and key.isascii() and key.isprintable()):
        detail = f"This is 1 to {limits.push_key_length} plain characters."
        raise BadField("Idempotency-Key", detail)
    return Push(parsed, hashlib.sha256(raw).digest(), key)


def push(tx: Tx, feeding: Feeding, sent: Push, limits: Limits) -> Pushed:
    """Store what was sent; what was sent before with this key is not stored again and gets the first answer. Raises
    Unauthorized, NotFound, BadField when nothing could be taken."""
    now = now_ms()
    _check_standing(tx, feeding, now)
    if sent.key is not None and (known := _find_answer(tx, feeding, sent)):
        return known
    points, refused = sent.parsed
    late = store(tx, feeding.board_id, points, limits)
    pushed = Pushed(len(points) - len(late), sorted([*refused, *late], key=lambda one: one.index))
    if not pushed.accepted:
        raise _nothing_taken(pushed.refused)
    if sent.key is not None:
        answer = msgspec.json.encode(pushed).decode()
        tx.driver.execute(_REMEMBER, (feeding.id, sent.key, sent.body_hash, answer, now))
    return pushed


def _check_standing(tx: Tx, feeding: Feeding, now: int) -> None:
    """It may have been revoked since its token was looked up."""
    revoked_at, used_at, deleted_at = tx.driver.execute(_STANDING, (feeding.id,)).fetchone() or (0, 0, 0)
    if revoked_at is not None:
        raise Unauthorized(code="not_a_producer")
    if deleted_at is not None:
        raise NotFound
    if used_at is None or now - used_at > _TOUCH_MS:
        tx.driver.execute(_USED, (now, feeding.id))


def _find_answer(tx: ReadTx, feeding: Feeding, sent: Push) -> Pushed | None:
    row = tx.driver.execute(_ANSWER, (feeding.id, sent.key)).fetchone()
    if row is None:
        return None
    body_hash, answer = row
    if body_hash != sent.body_hash:
        raise BadField("Idempotency-Key", "This key came with another body before.")
    return msgspec.json.decode(answer, type=Pushed)


def _nothing_taken(refused: list[Refusal]) -> BadField:
    first = refused[0]
    named = f"{first.key}: " if first.key else ""
    error = BadField("body", f"None of it could be taken. {named}{first.detail}")
    error.extra["refused"] = refused
    return error
