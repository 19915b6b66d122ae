"""Sixty who want the same at the same moment: the last byte of every request is sent once all the others are there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from tests.harness.raw import TEXT, Raw, RawSocket, frame_bytes, request_bytes
from tests.harness.server import Server
from tests.pairup.seated import Round, Someone

# One person clicks as often as a whole lab room here, and a minute of sockets is not pinged.
RACING: dict[str, float] = {"pairup_acts_burst": 100_000, "heartbeat_seconds": 3_000, "idle_seconds": 9_000}


class Try(NamedTuple):
    """A team asked for a place, and was told: ``ok`` and then the place as it was, or the code of the refusal."""

    team: int
    place: int
    outcome: str
    answer: Any


class Takers(Protocol):
    """One connection of each who takes part."""

    def race(self, wanted: Sequence[int]) -> list[Try]: ...
    def close(self) -> None: ...


class ByHttp:
    def __init__(self, server: Server, round_: Round, people: Sequence[Someone]) -> None:
        self._people = people
        self._server = server
        self._wires = [Raw(server, timeout=30.0) for _ in people]

    def race(self, wanted: Sequence[int]) -> list[Try]:
        asked = zip(self._people, wanted, strict=True)
        together(
            self._wires, [as_bytes(self._server, who, "PUT", f"/pairup/places/{place}/team") for who, place in asked]
        )
        answers = [wire.response() for wire in self._wires]
        outcomes = ["ok" if answer.status == 200 else answer.json()["code"] for answer in answers]
        return [
            Try(who.team, place, outcome, answer.json())
            for who, place, outcome, answer in zip(self._people, wanted, outcomes, answers, strict=True)
        ]

    def close(self) -> None:
        for wire in self._wires:
            wire.close()


class BySocket:
    def __init__(self, server: Server, round_: Round, people: Sequence[Someone]) -> None:
        self._people = people
        self._topic = round_.topic
        self._number = 0
        self._wires = [
            RawSocket(server, headers={"Authorization": f"Bearer {who.token}"}, origin=None, timeout=30.0)
            for who in people
        ]
        for wire in self._wires:
            assert wire.frame().json()["type"] == "hello"

    def race(self, wanted: Sequence[int]) -> list[Try]:
        self._number += 1
        together(self._wires, [frame_bytes(TEXT, self._frame(place)) for place in wanted])
        answers = [_answer(wire) for wire in self._wires]
        return [
            Try(who.team, place, "ok" if answer["type"] == "ack" else answer["code"], answer.get("place"))
            for who, place, answer in zip(self._people, wanted, answers, strict=True)
        ]

    def _frame(self, place: int) -> bytes:
        frame = {"type": "act", "id": self._number, "topic": self._topic, "act": "take", "data": {"place": place}}
        return json.dumps(frame).encode()

    def close(self) -> None:
        for wire in self._wires:
            wire.close()


def together(wires: Sequence[Raw], messages: Iterable[bytes]) -> None:
    held = list(messages)
    for wire, message in zip(wires, held, strict=True):
        wire.send(message[:-1])
    for wire, message in zip(wires, held, strict=True):
        wire.send(message[-1:])


def _answer(wire: RawSocket) -> dict[str, Any]:
    while (frame := wire.frame().json())["type"] not in ("ack", "error"):
        pass
    found: dict[str, Any] = frame
    return found


def seats_on_disk(server: Server, round_: Round) -> dict[int, tuple[int | None, int | None]]:
    """place → (whose it is, for whom it is held), past the server."""
    database = sqlite3.connect(f"file:{server.data / 'twidder.db'}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT id, team_id, held_by FROM pairup_places WHERE round_id = ?", (round_.id,))
        return {place: (team, holder) for place, team, holder in rows}
    finally:
        database.close()


def find_faults(tries: Sequence[Try], seats: dict[int, tuple[int | None, int | None]]) -> list[str]:
    """What a race for free places has left behind that must not be: one place, one team, and each knows which."""
    faults = []
    won = [(one.place, one.team) for one in tries if one.outcome == "ok"]
    on_disk = [(place, team) for place, (team, _) in seats.items() if team is not None]
    if len({place for place, _ in won}) != len(won):
        faults.append(f"slot-overbooked: {sorted(won)}")
    if len({team for _, team in on_disk}) != len(on_disk):
        faults.append(f"two places for one team: {on_disk}")
    if sorted(won) != sorted(on_disk):
        faults.append(f"told {sorted(won)}, stored {sorted(on_disk)}")
    if {one.place for one in tries} != {place for place, _ in on_disk}:
        faults.append("nobody has a place that somebody wanted")
    codes = {one.outcome for one in tries}
    if codes - {"ok", "taken"}:
        faults.append(f"answered {codes}")
    return faults


def as_bytes(server: Server, who: Someone, method: str, path: str, body: bytes = b"{}") -> bytes:
    """A request of the API."""
    headers = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}
    return request_bytes(method, f"/api/v1{path}", headers, body, host=f"localhost:{server.port}")


def give_back(server: Server, pairs: Iterable[tuple[Someone, int]]) -> None:
    """Each their place."""
    with Raw(server, timeout=15.0) as wire:
        for who, place in pairs:
            wire.send(as_bytes(server, who, "DELETE", f"/pairup/places/{place}/team", b""))
            assert wire.response().status == 204
