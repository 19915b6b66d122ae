"""A client of the Pair-Up exercise, and a round for it: five students, two labs, a cohort that may be alone."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import httpx

from tests.harness.api import Api

LABS = """lab,time,minutes,places
CSSE 2.01,2030-05-20 17:15,5,1
CSSE 2.01,2030-05-20 17:20,5,1
CSSE 2.03,2030-05-21 09:05,5,1
"""
PIN = "1234"


class PairUp:
    """One student's page, at another origin than Twidder's own. ``token`` goes with each request once there is one."""

    def __init__(self, url: str, number: str = "") -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=15.0, headers={"Origin": "http://localhost:1"})
        self.number = number
        self.token: str | None = None

    def ask(
        self, method: str, path: str, body: Any = None, *, expect: int | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            more["json"] = body
        answer = self.http.request(method, f"/api{path}", headers=headers | more.pop("headers", {}), **more)
        if expect is not None and answer.status_code != expect:
            raise AssertionError(f"{method} {path}: {answer.status_code} instead of {expect}: {answer.text[:500]}")
        return answer

    def project(self, method: str, body: Any = None, *, expect: int | None = None) -> httpx.Response:
        return self.ask(method, f"/students/{self.number}/project", body, expect=expect)

    def register(self, **more: Any) -> PairUp:
        self.ask("POST", "/students", {"id": self.number, "pin": PIN, **more}, expect=201)
        return self

    def log_in(self, pin: str = PIN) -> PairUp:
        self.token = None
        answer = self.ask("POST", "/tokens", auth=(self.number, pin), expect=200).json()
        self.token = answer["token"]
        return self

    def labs(self) -> dict[int, str]:
        return {lab["lab_id"]: lab["lab"] for lab in self.ask("GET", "/labs/", expect=200).json()["available_labs"]}

    def projects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/projects/", expect=200).json()["projectList"]
        return found

    def close(self) -> None:
        self.http.close()


class Round(NamedTuple):
    """``tim`` and the others: student numbers. ``cy`` may be alone. ``places``: by lab and time."""

    id: int
    tim: str
    ada: str
    bert: str
    eve: str
    cy: str
    places: list[int]


_NAMES = ("Timothy,French,Tim", "Ada,Lind,", "Bert,Okafor,", "Eve,Oe,", "Cy,Ng,")
_COHORTS = ("CITS3403", "CITS3403", "CITS3403", "CITS3403", "CITS5505")
_rounds = itertools.count(1001)


def make_round(staff: Api, **more: Any) -> Round:
    """The one that such clients talk to from now on, with numbers of its own. ``more``: fields of the round."""
    new = {"name": "Demos", "zone": "Australia/Perth", "alone": ["CITS5505"], "open_registration": True}
    made = staff.post("/pairup/rounds", {**new, "is_default": True, **more}, expect=201).json()["id"]
    prefix = next(_rounds)
    numbers = [f"{prefix}{number:04}" for number in range(len(_NAMES))]
    lines = [",".join(line) for line in zip(numbers, _NAMES, _COHORTS, strict=True)]
    table = "\n".join(["number,firstname,familyname,preferred,cohort", *lines])
    staff.put(f"/pairup/rounds/{made}/roster", {"csv": table}, expect=200)
    staff.put(f"/pairup/rounds/{made}/labs", {"csv": LABS}, expect=200)
    places = staff.get(f"/pairup/rounds/{made}", expect=200).json()["places"]
    return Round(made, *numbers, [place["id"] for place in places])
