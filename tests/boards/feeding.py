"""A board that is fed: its producer, and what comes of it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.boards.making import make_board
from tests.harness.api import Api


class Feed:
    """A board of `owner`'s and a producer of it; `producer` holds its token and nothing else."""

    def __init__(self, owner: Api, producer: Api, **board: Any) -> None:
        self.owner = owner
        self.board = make_board(owner, **board)
        self.path = f"/boards/{self.board['id']}"
        made = owner.post(f"{self.path}/producers", {"name": "Thermometer"}, expect=201).json()
        self.id, self.token, self.curl = made["producer"]["id"], made["token"], made["curl"]
        self.producer = producer.use_token(self.token)

    def push(self, body: Any, *, expect: int = 200, path: str | None = None, **headers: str) -> httpx.Response:
        """Text and bytes as they are, all else as JSON."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = path or f"{self.path}/values"
        return self.producer.request("POST", path, expect=expect, content=content, headers=named)

    def state(self) -> dict[str, Any]:
        """Of the series alone."""
        whole = self.owner.get(self.path, expect=200).json()["state"]
        return {key: value for key, value in whole.items() if key[0] != "$"}

    def values(self) -> dict[str, Any]:
        return {key: value["value"] for key, value in self.state().items()}

    def points(self, *keys: str, **query: int) -> dict[str, Any]:
        answer = self.owner.get(f"{self.path}/points", expect=200, series=",".join(keys), **query)
        series: dict[str, Any] = answer.json()["series"]
        return series

    def items(self, key: str, **query: int) -> list[list[Any]]:
        items: list[list[Any]] = self.points(key, **query)[key]["items"]
        return items
