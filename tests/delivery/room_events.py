"""Rooms and notices as a page shows them: loaded, and changed by events."""

from __future__ import annotations

from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame

State = dict[str, Any]

UNLOADED = "not loaded"  # the newest message of a room that came into the list just now
RELOADED = "loaded anew"  # what was taken away is asked for again, whatever is there now

_OWN = ("mine", "last", "people", "seq", "epoch")


def load(api: Api, rooms: list[int], positions: dict[str, int]) -> State:
    """The list, the inbox, and each of these rooms; with what else the page then follows in ``positions``."""
    listed = api.get("/rooms", expect=200).json()
    positions["me"] = listed["seq"]
    inbox = api.get("/inbox", expect=200, limit=100).json()
    state: State = {
        "rooms": {room["id"]: _as_listed(room) for room in listed["items"]},
        "inbox": {entry["id"]: _as_notice(entry) for entry in inbox["items"]},
        "unread notices": inbox["unread"],
    }
    positions |= topics(state)
    for room_id in rooms:
        state[f"room:{room_id}"] = _load_room(api, room_id, positions)
    return state | {"user": api.get("/session").json()["user"]["id"]}


def _load_room(api: Api, room_id: int, positions: dict[str, int]) -> State | None:
    answer = api.get(f"/rooms/{room_id}")
    page = api.get(f"/rooms/{room_id}/messages", limit=100)
    if 404 in (answer.status_code, page.status_code):
        return None
    members = api.get(f"/rooms/{room_id}/members", expect=200, limit=100).json()["items"]
    boards = api.get("/boards", expect=200, room=room_id).json()["items"]
    positions[f"room:{room_id}"] = page.json()["seq"]
    return {
        "room": _shared(answer.json()),
        "messages": {message["id"]: _as_message(message) for message in page.json()["items"]},
        "members": {one["user"]["id"]: [one["role"], one["muted_until"]] for one in members},
        "boards": {card["board"]["id"]: _as_shown(card["board"]) for card in boards},
    }


def topics(state: State) -> dict[str, int]:
    """What the page of such a state follows, and from where when it begins only now."""
    rooms = state.get("rooms", {}).values()
    inside = [room for room in rooms if room["mine"]["state"] == "in"]
    return {f"{'dm' if room['kind'] == 'dm' else 'room'}:{room['id']}": room["mine"]["head"] for room in inside}


def leave_out(state: State, after: State) -> None:
    """What the page has not loaded is as it is."""
    for room_id, room in state.get("rooms", {}).items():
        if room["last"] == UNLOADED and room_id in after["rooms"]:
            room["last"] = after["rooms"][room_id]["last"]
    for name in [name for name, shown in state.items() if shown == RELOADED]:
        state[name] = after[name]


def apply(state: State, frame: Frame) -> None:
    """Change the state by a frame. Raises KeyError for what a page would not understand."""
    if frame["type"] == "event":
        if frame["topic"] == "me":
            _MINE[frame["event"]](state, frame["data"])
        else:
            _apply_in_room(state, frame)
    elif frame["type"] == "read":
        _read(state, frame)
    elif frame["type"] == "left":
        state[frame["topic"]] = RELOADED
    else:
        raise KeyError(frame["type"])


def _apply_in_room(state: State, frame: Frame) -> None:
    """To the open page of the room, if it is open, and to the room in the list, if it stands there."""
    room_id = int(frame["topic"].split(":")[1])
    page, listed = state.get(frame["topic"]), state["rooms"].get(room_id)
    change = _IN_ROOM[frame["event"]]
    if isinstance(page, dict):
        change(page, frame["data"])
    if listed is not None and listed["mine"]["state"] == "in":
        last = listed["last"] if isinstance(listed["last"], dict) else None
        shadow = {"room": listed, "messages": {last["id"]: last} if last else {}, "members": {}, "boards": {}}
        change(shadow, frame["data"])
        listed["mine"]["head"] = frame["seq"]
        if shadow["messages"]:
            listed["last"] = shadow["messages"][max(shadow["messages"])]
        if frame["event"] == "message.posted" and frame["data"]["author"]["id"] != state["user"]:
            listed["mine"]["unread"] += 1


def _said(page: State, data: Frame) -> None:
    if "text" in data:  # else it was edited by now, and a later event tells
        page["messages"][data["id"]] = _as_message(data)


def _said_again(page: State, data: Frame) -> None:
    if data["id"] >= min(page["messages"], default=0):
        _said(page, data)


def _unsaid(page: State, data: Frame) -> None:
    if message := page["messages"].get(data["id"]):
        kept = {name: message[name] for name in ("id", "room", "author", "created_at", "cid", "seq")}
        page["messages"][data["id"]] = {**kept, "text": "", "deleted": True}


def _reacted(page: State, data: Frame) -> None:
    if message := page["messages"].get(data["message"]):
        marks = message.setdefault("reactions", {})
        users = marks.setdefault(data["emoji"], set())
        (set.add if data["on"] else set.discard)(users, data["user"])
        if not users:
            del marks[data["emoji"]]
        if not marks:
            del message["reactions"]


def _joined(page: State, data: Frame) -> None:
    page["members"][data["user"]["id"]] = [data["role"], data["muted_until"]]
    page["room"]["members"] += 1


def _left(page: State, data: Frame) -> None:
    page["members"].pop(data["user"], None)
    page["room"]["members"] -= 1


def _member_changed(page: State, data: Frame) -> None:
    page["members"][data["user"]] = [data["role"], data["muted_until"]]


def _board_shown(page: State, data: Frame) -> None:
    page["boards"][data["id"]] = _as_shown(data)


def _board_hidden(page: State, data: Frame) -> None:
    page["boards"].pop(data["id"], None)


def _room_changed(page: State, data: Frame) -> None:
    own = {name: page["room"][name] for name in _OWN if name in page["room"]}
    page["room"].clear()
    page["room"].update(data | own)


def _added(state: State, data: Frame) -> None:
    state["rooms"][data["id"]] = _as_listed(data)
    if data["mine"]["state"] == "in":
        state["rooms"][data["id"]]["last"] = UNLOADED
    if data["mine"]["state"] == "in" and state.get(f"room:{data['id']}", "not open") is None:
        state[f"room:{data['id']}"] = RELOADED


def _removed(state: State, data: Frame) -> None:
    state["rooms"].pop(data["id"], None)


def _mine_changed(state: State, data: Frame) -> None:
    state["rooms"][data["id"]]["mine"].update({name: value for name, value in data.items() if name != "id"})


def _noticed(state: State, data: Frame) -> None:
    state["inbox"][data["id"]] = _as_notice(data)
    state["unread notices"] += 1
    if data["kind"] in ("mention", "reply") and data["room"] in state["rooms"]:
        state["rooms"][data["room"]]["mine"]["mentions"] += 1


def _notices_read(state: State, data: Frame) -> None:
    for number, notice in state["inbox"].items():
        notice["read"] |= number <= data["up_to"]
    state["unread notices"] = sum(not notice["read"] for notice in state["inbox"].values())


def _read(state: State, frame: Frame) -> None:
    mine = state["rooms"][int(frame["topic"].split(":")[1])]["mine"]
    mine["read_seq"] = frame["seq"]
    if frame["seq"] >= mine["head"]:
        mine["unread"] = mine["mentions"] = 0


_IN_ROOM = {
    "message.posted": _said,
    "message.edited": _said_again,
    "message.restored": _said_again,
    "message.deleted": _unsaid,
    "reaction.changed": _reacted,
    "member.joined": _joined,
    "member.left": _left,
    "member.changed": _member_changed,
    "room.changed": _room_changed,
    "board.shown": _board_shown,
    "board.hidden": _board_hidden,
}
_MINE = {
    "room.added": _added,
    "room.removed": _removed,
    "room.mine": _mine_changed,
    "notice.created": _noticed,
    "notices.read": _notices_read,
}


def _as_shown(board: Frame) -> Frame:
    return {name: board[name] for name in ("id", "slug", "name")}


def _shared(room: Frame) -> Frame:
    return {name: value for name, value in room.items() if name not in _OWN}


def _as_listed(room: Frame) -> Frame:
    """What stands on the door of a room that one is invited to is as it was when it was loaded."""
    if room["mine"]["state"] == "invited":
        return {"id": room["id"], "kind": room["kind"], "mine": dict(room["mine"]), "last": None}
    last = _as_message(room["last"]) if room.get("last") else None
    people = {person["id"] for person in room.get("people", ())}
    return {**_shared(room), "mine": dict(room["mine"]), "last": last, "people": people}


def _as_notice(entry: Frame) -> Frame:
    """Its text is asked for when it is shown."""
    kept = {name: entry.get(name) for name in ("kind", "room", "message", "at")}
    return {**kept, "by": entry["by"]["id"], "read": entry.get("read", False)}


def _as_message(message: Frame) -> Frame:
    """Names are those of the moment when a page is loaded, and who reacts first stands first with the next load."""
    shown = {**message, "author": message["author"]["id"]}
    if "reactions" in shown:
        shown["reactions"] = {one["emoji"]: set(one["users"]) for one in message["reactions"]}
    return shown
