"""The first minute of the demo: people arrive, rooms open, somebody says hello. Again changes nothing that stands."""

from __future__ import annotations

import contextlib
import random
from typing import Any
from urllib.parse import quote

from twidder.demo import boards, pairup, story
from twidder.demo.client import Cast, Client, Refused
from twidder.demo.people import BY_KEY, EVERYBODY, MARIA, PEOPLE, VISITOR
from twidder.demo.story import Line

_GENERAL = 1  # the room that is always there
_EARLY_VOTES = 4


def play(client: Client, cast: Cast) -> None:
    """Makes everything but the boards' values. The place's name tells that it has been done."""
    if client.ask("GET", "/community")["name"] == story.PLACE:
        return
    for person in EVERYBODY:
        cast.sign_up(person)
        cast.sign_in(person)
    for staff in ("tomas", VISITOR.key):  # who looks at the demo may try everything
        cast.ask(MARIA, "PATCH", f"/users/{cast.ids[staff]}", {"role": "staff"})
    rooms = _make_rooms(cast)
    for board in boards.BOARDS:
        _make_board(cast, board, rooms)
    for _ in range(_EARLY_VOTES):
        vote(cast, random.Random())
    _talk(cast, rooms)
    _meet(cast)
    pairup.set_up(client, cast)
    cast.ask(MARIA, "PATCH", "/community", {"name": story.PLACE})


def find_rooms(cast: Cast) -> dict[str, int]:
    """The story's rooms, by key, but for those that a visitor has given another name."""
    names = {room["name"]: room["id"] for room in cast.ask(MARIA, "GET", "/rooms")["items"]}
    return {"general": _GENERAL} | {room.key: names[room.name] for room in story.ROOMS if room.name in names}


def _make_rooms(cast: Cast) -> dict[str, int]:
    """All of the story's rooms, with everybody in them."""
    found = find_rooms(cast)
    for room in story.ROOMS:
        if room.key in found:
            continue
        new = {"name": room.name, "kind": room.kind, "description": room.description}
        found[room.key] = cast.ask(BY_KEY[room.owner], "POST", "/rooms", new)["id"]
        for person in EVERYBODY:
            if person.key != room.owner:
                cast.ask(person, "PUT", f"/rooms/{found[room.key]}/members/{cast.ids[person.key]}", {})
    return found


def say(cast: Cast, room: int, line: Line, earlier: list[int], cid: str | None = None) -> int:
    """One message with its reactions; its id. ``earlier``: of the messages before it."""
    body: dict[str, Any] = {"text": line.text}
    if cid is not None:
        body["cid"] = cid
    if 0 < line.reply <= len(earlier):
        body["reply_to"] = earlier[-line.reply]
    message: int = cast.ask(BY_KEY[line.who], "POST", f"/rooms/{room}/messages", body)["id"]
    return message


def like(cast: Cast, line: Line, message: int) -> None:
    for who, emoji in line.likes:
        cast.ask(BY_KEY[who], "PUT", f"/messages/{message}/reactions/{quote(emoji)}", {})


def vote(cast: Cast, rng: random.Random) -> None:
    """Somebody votes, or thinks again."""
    option = rng.choice((0, 1, 1, 1, 2, 3, 3))
    with contextlib.suppress(Refused):  # a visitor has made another board of it
        cast.ask(rng.choice(PEOPLE), "PUT", f"/boards/lab-queue/polls/{boards.POLL}/vote", {"option": option})


def _talk(cast: Cast, rooms: dict[str, int]) -> None:
    conversations = [("general", story.WELCOME), *((room.key, room.lines) for room in story.ROOMS)]
    for key, lines in conversations:
        earlier: list[int] = []
        for number, line in enumerate(lines):
            # The same message again, should the demo be begun twice, is the first one.
            earlier.append(say(cast, rooms[key], line, earlier, f"demo-{key}-{number:04}"))
            like(cast, line, earlier[-1])


def _meet(cast: Cast) -> None:
    for who, whom in story.FOLLOWS.items():
        for other in whom:
            cast.ask(BY_KEY[who], "PUT", f"/follows/{cast.ids[other]}", {})
    for number, (who, wall, text) in enumerate(story.WALLS):
        body = {"text": text, "cid": f"demo-wall-{number:04}"}
        cast.ask(BY_KEY[who], "POST", f"/walls/{cast.ids[wall]}/posts", body)
    tomas = BY_KEY["tomas"]
    direct = cast.ask(tomas, "POST", "/dms", {"users": [cast.ids[VISITOR.key]]})["id"]
    for number, line in enumerate(story.DIRECT):
        say(cast, direct, line, [], f"demo-direct-{number:04}")


def _make_board(cast: Cast, board: boards.Board, rooms: dict[str, int]) -> None:
    owner = BY_KEY[board.owner]
    try:
        now = cast.ask(owner, "GET", f"/boards/{board.slug}")["board"]
    except Refused as refusal:
        if refusal.status != 404:
            raise
        new: dict[str, Any] = {"name": board.name, "description": board.description, "slug": board.slug}
        if board.room is not None:
            new["room"] = rooms[board.room]
        now = cast.ask(owner, "POST", "/boards", new)["board"]
    if not now["tiles"]:
        arrangement = {"tiles": list(board.tiles), "version": now["version"]}
        cast.ask(owner, "PUT", f"/boards/{board.slug}/tiles", arrangement)
