"""Phones as sensors: a link that hands each a token of its own, which writes for some hours and reads nothing.

What a phone sends goes the way of every other value: ``motion.3`` and ``light.3`` are series of phone 3; presses are
added up, of each phone and of all; a vote counts in the link's poll.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec

from twidder.accounts import Caller
from twidder.accounts.sessions import new_token, token_hash
from twidder.boards import voting
from twidder.boards.access import access_to_arrange, find_place
from twidder.boards.parsing import Point
from twidder.boards.pushing import store
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError, Unauthorized
from twidder.store import ReadTx, Tx

CONTROLS = ("motion", "light", "button", "vote")
PREFIX = "tws_"  # so that a scanner for leaked secrets, and its holder, know it for what it is
_SHORTEST = 60  # seconds
_UNITS = {"motion": "m/s²", "light": "lx"}
_MOST = {"motion": 1_000, "light": 200_000}  # a phone dropped on concrete; the sun at noon
_PRESSES = 20  # more than in the last report: five a second, and some that had to wait
_MOST_PRESSES = 1_000_000_000


class NewSensorLink(msgspec.Struct, forbid_unknown_fields=True):
    """``controls``: what the page offers, of motion, light, button, vote. ``poll``: the tile that is voted on.
    ``seconds``: how long phones are sensors; as long as may be when left out."""

    controls: list[str]
    poll: str | None = None
    seconds: int | None = None


class SensorLink(msgspec.Struct, frozen=True):
    """``phones``: how many have come by it."""

    id: int
    controls: list[str]
    poll: str | None
    expires_at: int
    phones: int


class SensorBoard(msgspec.Struct, frozen=True):
    name: str


class SensorPoll(msgspec.Struct, frozen=True):
    tile: str
    question: str
    options: list[str]


class Phone(msgspec.Struct, frozen=True):
    """What a phone learns when it becomes a sensor: all that it ever will of the board."""

    token: str
    number: int
    board: SensorBoard
    controls: list[str]
    poll: SensorPoll | None
    expires_at: int


class Report(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """``motion``: m/s² without gravity; ``light``: lux; ``presses``: of this phone, all in all, so that a report whose
    answer was lost can be sent again; ``vote``: an option, by its place."""

    motion: float | None = None
    light: float | None = None
    presses: int | None = None
    vote: int | None = None


class Sensor(NamedTuple):
    """A phone whose token is in force."""

    id: int
    number: int
    board_id: int
    controls: str
    poll: str | None
    presses: int


_LINK = """
SELECT l.id, l.board_id, l.controls, l.poll, l.expires_at FROM sensor_links l JOIN boards b ON b.id = l.board_id
WHERE l.secret_hash = ? AND l.revoked_at IS NULL AND l.expires_at > ? AND b.deleted_at IS NULL
"""
_SENSOR = """
SELECT s.id, s.number, l.board_id, l.controls, l.poll, s.presses
FROM sensors s JOIN sensor_links l ON l.id = s.link_id JOIN boards b ON b.id = l.board_id
WHERE s.token_hash = ? AND l.revoked_at IS NULL AND l.expires_at > ? AND b.deleted_at IS NULL
"""
_IN_FORCE = "SELECT {} FROM sensor_links l WHERE board_id = ? AND revoked_at IS NULL AND expires_at > ?"
_COUNT = _IN_FORCE.format("COUNT(*)")
_LIST = (
    _IN_FORCE.format("id, controls, poll, expires_at, (SELECT COUNT(*) FROM sensors WHERE link_id = l.id)")
    + " ORDER BY id DESC"
)
_NEW_LINK = """
INSERT INTO sensor_links (board_id, secret_hash, controls, poll, created_by, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_REVOKE = "UPDATE sensor_links SET revoked_at = ? WHERE id = ? AND board_id = ? AND revoked_at IS NULL RETURNING id"
_PHONES = "SELECT COUNT(*) FROM sensors WHERE link_id = ?"
_LAST = """
SELECT COALESCE(MAX((SELECT MAX(number) FROM sensors WHERE link_id = l.id)), 0) FROM sensor_links l WHERE board_id = ?
"""
_NEW = "INSERT INTO sensors (link_id, number, token_hash, created_at) VALUES (?, ?, ?, ?)"
_COUNT_PRESSES = "UPDATE sensors SET presses = ? WHERE id = ?"
_PRESSED = "SELECT value FROM series WHERE board_id = ? AND key = ? AND type = 'number'"


def make_token() -> str:
    return PREFIX + new_token()


# For who may arrange the board


def open_link(tx: Tx, me: Caller, ref: str, new: NewSensorLink, secret: str, limits: Limits) -> SensorLink:
    """Raises NotFound, Forbidden, BadField, TwidderError (full)."""
    _check_link(new, limits)
    place = access_to_arrange(tx, me, ref)
    if new.poll is not None:
        try:
            voting.access_poll(place, new.poll)
        except NotFound:
            raise BadField("poll", "There is no such poll on the board.") from None
    now = now_ms()
    (there,) = tx.driver.execute(_COUNT, (place.id, now)).fetchone()
    if there >= limits.sensor_links_of_board:
        raise TwidderError(f"A board has at most {limits.sensor_links_of_board} such links.", code="full")
    expires_at = now + (new.seconds or limits.sensor_seconds) * 1000
    controls = msgspec.json.encode(new.controls).decode()
    row = place.id, token_hash(secret), controls, new.poll, me.user_id, now, expires_at
    (link_id,) = tx.driver.execute(_NEW_LINK, row).fetchone()
    return SensorLink(link_id, new.controls, new.poll, expires_at, 0)


def list_links(tx: ReadTx, me: Caller, ref: str) -> list[SensorLink]:
    """Those in force, newest first. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    rows = tx.driver.execute(_LIST, (place.id, now_ms())).fetchall()
    return [SensorLink(row[0], msgspec.json.decode(row[1]), *row[2:]) for row in rows]


def revoke(tx: Tx, me: Caller, ref: str, link_id: int) -> None:
    """Its phones are out at once; what they have sent stays. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    if tx.driver.execute(_REVOKE, (now_ms(), link_id, place.id)).fetchone() is None:
        raise NotFound


def _check_link(new: NewSensorLink, limits: Limits) -> None:
    if not new.controls or len(set(new.controls)) < len(new.controls) or not set(new.controls) <= set(CONTROLS):
        raise BadField("controls", f"A sensor has some of {', '.join(CONTROLS)}, each once.")
    if ("vote" in new.controls) != (new.poll is not None):
        raise BadField("poll", "To vote takes a poll, and a poll is there to vote.")
    if new.seconds is not None and not _SHORTEST <= new.seconds <= limits.sensor_seconds:
        raise BadField("seconds", f"This is {_SHORTEST} to {limits.sensor_seconds:,}.")


# For phones


def come(tx: Tx, secret: str, token: str, limits: Limits) -> Phone:
    """By the link: a sensor from now on. Numbers are not given twice on a board. Raises Forbidden (bad_link),
    TwidderError (full)."""
    link_id, board_id, controls, poll, expires_at = access_link(tx, secret)
    (phones,) = tx.driver.execute(_PHONES, (link_id,)).fetchone()
    if phones >= limits.sensors_of_link:
        raise TwidderError(f"A link takes at most {limits.sensors_of_link} phones.", code="full")
    (last,) = tx.driver.execute(_LAST, (board_id,)).fetchone()
    tx.driver.execute(_NEW, (link_id, last + 1, token_hash(token), now_ms()))
    place = find_place(tx, board_id)
    offered = msgspec.json.decode(controls)
    return Phone(token, last + 1, SensorBoard(place.name), offered, _find_poll(tx, board_id, poll), expires_at)


def access_link(tx: ReadTx, secret: str) -> Any:
    """The row of the link that this secret opens. Raises Forbidden (bad_link)."""
    row = tx.driver.execute(_LINK, (token_hash(secret), now_ms())).fetchone()
    if row is None:
        raise Forbidden(code="bad_link")
    return row


def access_sensor(tx: ReadTx, token: str | None) -> Sensor:
    """Who holds this token. Raises Unauthorized (link_ended)."""
    row = tx.driver.execute(_SENSOR, (token_hash(token), now_ms())).fetchone() if token else None
    if row is None:
        raise Unauthorized(code="link_ended")
    return Sensor(*row)


def check_report(sensor: Sensor, report: Report) -> int:
    """How much it says. Raises BadField for what is out of bounds, or not asked for."""
    offered = msgspec.json.decode(sensor.controls)
    for control, field in (("motion", "motion"), ("light", "light"), ("button", "presses"), ("vote", "vote")):
        if getattr(report, field) is not None and control not in offered:
            raise BadField(field, "This link does not ask for that.")
    for field, most in _MOST.items():
        value = getattr(report, field)
        if value is not None and not (math.isfinite(value) and 0 <= value <= most):
            raise BadField(field, f"This is 0 to {most:,} {_UNITS[field]}.")
    if report.presses is not None and not 1 <= report.presses <= _MOST_PRESSES:
        raise BadField("presses", f"These are 1 to {_MOST_PRESSES:,}.")
    return sum(value is not None for value in msgspec.structs.astuple(report))


def put(tx: Tx, token: str, report: Report, limits: Limits) -> None:
    """Store a checked report. Raises Unauthorized (link_ended): the link may have been withdrawn since; BadField,
    TwidderError (gone) when the poll is over."""
    sensor = access_sensor(tx, token)
    points = [
        Point(0, f"{field}.{sensor.number}", float(value), unit=unit)
        for field, unit in _UNITS.items()
        if (value := getattr(report, field)) is not None
    ]
    if report.presses is not None:
        points += _add_presses(tx, sensor, report.presses)
    for refusal in store(tx, sensor.board_id, points, limits) if points else ():
        field = refusal.key.partition(".")[0]
        raise BadField(field, f"{refusal.key}: {refusal.detail}")
    if report.vote is not None:
        _vote(tx, sensor, report.vote)


def _add_presses(tx: Tx, sensor: Sensor, presses: int) -> list[Point]:
    """What is new, of this phone and of all. Raises BadField for more at once than a thumb can do."""
    more = presses - sensor.presses
    if more > _PRESSES:
        raise BadField("presses", f"At most {_PRESSES} more than in the last report.")
    if more <= 0:
        return []
    tx.driver.execute(_COUNT_PRESSES, (presses, sensor.id))
    points = []
    for key in (f"presses.{sensor.number}", "presses"):
        row = tx.driver.execute(_PRESSED, (sensor.board_id, key)).fetchone()
        points.append(Point(0, key, (msgspec.json.decode(row[0]) if row else 0) + more))
    return points


def _vote(tx: Tx, sensor: Sensor, option: int) -> None:
    try:
        voting.vote(tx, sensor.board_id, sensor.poll or "", f"sensor:{sensor.id}", option)
    except BadField as error:
        raise BadField("vote", error.detail) from None
    except NotFound:
        raise TwidderError("The poll is over.", code="gone") from None


def _find_poll(tx: ReadTx, board_id: int, tile_id: str | None) -> SensorPoll | None:
    """None where it has been taken off the board since."""
    if tile_id is None:
        return None
    try:
        tile = voting.access_poll(find_place(tx, board_id), tile_id)
    except NotFound:
        return None
    return SensorPoll(tile.id, tile.text, tile.options)
