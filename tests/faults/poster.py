"""Ada, who posts by both doors and keeps account of what she was told; and the look at whether it was true."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server

STATUS = {"no_space": 507, "store_failed": 503}
_BURST = 4  # sends of one round: a batch of more than one
_ROUNDS = 200  # more than any disk here has room for


class Poster:
    """``accepted``: client id → seq; ``refused``: client id → the error's code."""

    def __init__(self, server: Server, api: Api) -> None:
        self.api = api
        self.accepted: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self._numbers = itertools.count()
        self._socket = Live(server, api)

    @property
    def last(self) -> int:
        return max(self.accepted.values(), default=0)

    def until_accepted(self) -> None:
        """By both doors."""
        self._until(None)

    def until_refused(self, code: str) -> None:
        """By both doors, and for that reason alone."""
        self._until(code)
        assert set(self.refused.values()) == {code}

    def _until(self, outcome: str | None) -> None:
        doors = set()
        for _ in range(_ROUNDS):
            if self.by_http() == outcome:
                doors.add("HTTP")
            if outcome in self.by_socket():
                doors.add("socket")
            if len(doors) == 2:
                return
        raise AssertionError(f"{outcome or 'accepted'} only by {doors or 'nobody'}: {self.refused}")

    def by_http(self) -> str | None:
        """The code of the refusal; None when it was accepted."""
        cid, text = self._invent()
        answer = self.api.post(f"/walls/{self.api.id}/posts", {"text": text, "cid": cid})
        body = answer.json()
        if answer.status_code == 201:
            return self._account(cid, body["seq"], None)
        assert answer.status_code == STATUS[body["code"]]
        return self._account(cid, 0, body["code"])

    def by_socket(self) -> list[str | None]:
        """As ``by_http``, of some sent at once."""
        sent = {}
        for number in range(_BURST):
            cid, text = self._invent()
            sent[number] = cid
            self._socket.send({"type": "send", "id": number, "topic": self.api.wall, "text": text, "cid": cid})
        codes = []
        while sent:
            answer = self._socket.recv(timeout=20.0)
            if answer["type"] == "heads":  # of the room that everybody is in
                continue
            assert answer["type"] in ("ack", "error"), answer
            codes.append(self._account(sent.pop(answer["id"]), answer.get("seq", 0), answer.get("code")))
        return codes

    def _invent(self) -> tuple[str, str]:
        cid = f"disk-{next(self._numbers):05}"
        return cid, text_of(cid)

    def _account(self, cid: str, seq: int, code: str | None) -> str | None:
        if code is None:
            self.accepted[cid] = seq
        else:
            self.refused[cid] = code
        return code

    def close(self) -> None:
        self._socket.close()


def text_of(cid: str) -> str:
    return f"{cid} " * 100


def history(api: Api) -> list[Frame]:
    """Ada's whole wall, oldest first."""
    found: list[Frame] = []
    before = None
    while True:
        page = api.get(f"/walls/{api.id}/posts", expect=200, limit=100, **({"before": before} if before else {})).json()
        found += page["items"]
        before = page["next"]
        if before is None:
            return found[::-1]


def compare(poster: Poster, posts: Iterable[Frame]) -> None:
    """``posts``, from a page or from events, are what was accepted, as it was sent, in order and without holes."""
    told = [(post["seq"], post["cid"], post["text"]) for post in posts]
    wanted = sorted((seq, cid, text_of(cid)) for cid, seq in poster.accepted.items())
    assert told == wanted, f"refused, and there: {poster.refused.keys() & {cid for _seq, cid, _text in told}}"
    assert [seq for seq, _cid, _text in told] == list(range(1, len(told) + 1))
