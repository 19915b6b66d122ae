"""A course for tests of Pair-Up: a teacher, a round, a roster, labs, and students who have claimed their entries.

school = open_school(client(people.ada), client)
round = school.make_round()                       # two to a team, first come first served, open
ada, bo = school.enrol(round, 2)                  # on the roster, claimed, signed in by number and PIN
lab = school.make_lab(round, places=2)            # lab["places"]: the ids of its places, in order of time
team = school.pair(round, ada, bo)                # made by staff; ada.team afterwards
"""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Callable, Sequence
from typing import Any

from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.server import Server
from twidder import admin
from twidder.config import Settings

PIN = "4711"
STARTS = 1_900_000_000_000  # of the first place: in 2030
_numbers = itertools.count(1)


def fresh_number() -> str:
    """Of no other student, of whatever test."""
    return f"{os.getpid()}{next(_numbers):06}"


@dataclasses.dataclass
class Pupil:
    """A student of the roster, and the client in which they are signed in."""

    api: Api
    entry: int
    number: str
    name: str
    round: int

    @property
    def topic(self) -> str:
        return f"entry:{self.entry}"

    def mine(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/pairup/rounds/{self.round}/mine", expect=200).json()
        return found

    @property
    def team(self) -> int:
        return int(self.mine()["team"]["id"])

    def take(self, place: int, *, expect: int | None = 200) -> dict[str, Any]:
        taken: dict[str, Any] = self.api.put(f"/pairup/places/{place}/team", expect=expect).json()
        return taken


@dataclasses.dataclass
class School:
    """``staff``: who arranges; ``client``: makes clients on the same server."""

    staff: Api
    client: Callable[..., Api]

    def make_round(self, **more: Any) -> dict[str, Any]:
        body = {"name": f"Round {next(_numbers)}", "confirm": False, **more}
        made: dict[str, Any] = self.staff.post("/pairup/rounds", body, expect=201).json()
        return made

    def add(self, round: dict[str, Any], students: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
        """To the roster; their entries in the same order."""
        columns = ("number", "firstname", "familyname", "preferred", "email", "cohort")
        lines = [",".join(student.get(column, "") for column in columns) for student in students]
        body = {"csv": "\n".join([",".join(columns), *lines])}
        self.staff.put(f"/pairup/rounds/{round['id']}/roster", body, expect=200)
        there = {entry["number"]: entry for entry in self.roster(round)}
        return [there[student["number"].casefold()] for student in students]

    def roster(self, round: dict[str, Any]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.staff.get(f"/pairup/rounds/{round['id']}/roster", expect=200).json()["items"]
        return items

    def codes(self, round: dict[str, Any], entries: list[int] | None = None) -> dict[int, str]:
        """Codes by entry."""
        answer = self.staff.post(f"/pairup/rounds/{round['id']}/codes", {"entries": entries}, expect=201).json()
        return {item["entry"]: item["code"] for item in answer["items"]}

    def enrol(
        self, round: dict[str, Any], count: int, *, cohort: str = "", signed_in: bool = True, transport: str = "token"
    ) -> list[Pupil]:
        """New students on the roster, who have claimed their entries by code and PIN."""
        students = [
            {"number": fresh_number(), "firstname": f"Student{n}", "familyname": "Test", "cohort": cohort}
            for n in range(1, count + 1)
        ]
        entries = self.add(round, students)
        codes = self.codes(round, [entry["id"] for entry in entries])
        return [self._enter(round, entry, codes[entry["id"]], signed_in, transport) for entry in entries]

    def _enter(self, round: dict[str, Any], entry: dict[str, Any], code: str, signed_in: bool, transport: str) -> Pupil:
        api = self.client()
        api.post("/pairup/registrations", {"code": code, "pin": PIN}, expect=201)
        if signed_in:
            sign_in(api, entry["number"], transport=transport)
        return Pupil(api, entry["id"], entry["number"], entry["firstname"], round["id"])

    def make_lab(
        self, round: dict[str, Any], *, places: int = 1, name: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """A lab with so many places, a quarter of an hour from each to the next; their ids stand in ``places``."""
        times = [STARTS + number * 900_000 for number in range(places)]
        body = {"name": name or f"Lab {next(_numbers)}", "minutes": 15, "times": times, **more}
        lab: dict[str, Any] = self.staff.post(f"/pairup/rounds/{round['id']}/labs", body, expect=201).json()
        there = self.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()["places"]
        return lab | {"places": [place["id"] for place in there if place["lab"] == lab["id"]]}

    def pair(self, round: dict[str, Any], *pupils: Pupil) -> int:
        """A team of these, by staff; its id."""
        body = {"entries": [pupil.entry for pupil in pupils]}
        return int(self.staff.post(f"/pairup/rounds/{round['id']}/teams", body, expect=201).json()["id"])


def open_school(server: Server, client: Callable[..., Api], *, transport: str | None = None) -> School:
    """A teacher of its own, on a server that tests share."""
    person = fresh_people().ada
    staff = client(person, on=server, transport=transport)
    admin.run(Settings(data=server.data), "make-owner", person.email)
    return School(staff, lambda: client(on=server))


def sign_in(api: Api, number: str, pin: str = PIN, *, transport: str = "token") -> Api:
    """By number and PIN."""
    body = {"email": number, "password": pin, "transport": transport}
    answer = api.post("/session", body, expect=201).json()
    api.session = answer["session"]
    if transport == "token":
        api.use_token(answer["token"])
    return api
