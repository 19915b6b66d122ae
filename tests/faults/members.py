"""Accounts for a crowd."""

from __future__ import annotations

from typing import NamedTuple

from tests.faults.plain import Door, ask


class Member(NamedTuple):
    id: int
    email: str
    token: str


PASSWORD = "correct horse battery"


async def sign_up(door: Door, name: str) -> Member:
    email = f"{name}@example.org"
    profile = {"firstname": name, "familyname": "Lind", "gender": "Other", "city": "Umeå", "country": "Sweden"}
    answer = await ask(door, "POST", "/users", {"email": email, "password": PASSWORD, **profile}, timeout=20.0)
    assert answer.status == 201, answer
    return await sign_in(door, email)


async def sign_in(door: Door, email: str) -> Member:
    credentials = {"email": email, "password": PASSWORD, "transport": "token"}
    answer = await ask(door, "POST", "/session", credentials, timeout=20.0)
    assert answer.status == 201, answer
    return Member(answer.body["user"]["id"], email, answer.body["token"])
