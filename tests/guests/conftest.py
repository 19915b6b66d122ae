"""A walk-in room, its link, and strangers who come by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.harness.api import Api
from tests.harness.people import People

Client = Callable[..., Api]


class Hall(NamedTuple):
    """Ada's walk-in room with its door open."""

    host: Api
    room: int
    secret: str
    client: Client

    @property
    def topic(self) -> str:
        return f"room:{self.room}"

    def come_in(self, name: str, **more: Any) -> Api:
        """A new browser with a pass."""
        guest = self.client()
        answer = guest.post("/guest-passes", {"secret": self.secret, "name": name, **more}, expect=201).json()
        guest.user = answer["guest"]
        if "token" in answer:
            guest.use_token(answer["token"])
        return guest

    def say(self, api: Api, text: str) -> Any:
        return api.post(f"/rooms/{self.room}/messages", {"text": text}, expect=201).json()


def open_hall(host: Api, client: Client, **change: Any) -> Hall:
    room = host.post("/rooms", {"name": f"Lecture {host.id}", "kind": "walkin"}, expect=201).json()["id"]
    if change:
        host.patch(f"/rooms/{room}", change, expect=200)
    link = host.post(f"/rooms/{room}/link", expect=201).json()
    return Hall(host, room, link["url"].split("/guest#")[1], client)


@pytest.fixture
def hall(client: Client, people: People) -> Hall:
    return open_hall(client(people.ada), client)
