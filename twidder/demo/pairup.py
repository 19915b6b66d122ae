"""The demo's round of Pair-Up: who is on its roster, which teams there are, who has which place already."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from twidder.demo.client import Cast, Client
from twidder.demo.people import BY_KEY, MARIA, VISITOR, Person

NAME = "Lab 3: show what you made"
DESCRIPTION = (
    "Ten minutes for each team: show it running in two browsers, then we ask. Choose a partner, then a place. "
    "Whoever needs no time at all may leave early."
)
ZONE = "Europe/Stockholm"
PIN = "2580"  # of who is here by student number alone
_MINUTES = 10  # that a place lasts
CONFIRM_SECONDS = 3.0


class Lab(NamedTuple):
    """``days``, ``hour``: from now, and on the clock of this machine, when its first place begins."""

    name: str
    days: int
    hour: int
    places: int


FIRST, SECOND = Lab("Studio Ada", 1, 13, 12), Lab("Studio Grace", 2, 10, 12)
SMALL = Lab("The quiet room", 2, 14, 3)  # full, so that somebody waits
LABS = (FIRST, SECOND, SMALL)


class Team(NamedTuple):
    """``members``: keys of people, or student numbers. ``place``: the which-th of its lab."""

    members: tuple[str, str]
    title: str
    lab: Lab
    place: int


# Whose keys are people agree by themselves; the others have not come yet, so staff put them together.
TEAMS = (
    Team(("aisha", "priya"), "A shopping list for the cellar", FIRST, 3),
    Team(("fatima", "joao"), "Which study room is free?", FIRST, 7),
    Team(("erik", "oskar"), "A socket that survives nginx", SECOND, 2),
    Team(("20260101", "20260102"), "Chess by chat", FIRST, 4),
    Team(("20260103", "20260104"), "The bus stop at the door", SECOND, 5),
    Team(("20260105", "20260106"), "A choir that sings in time", SMALL, 0),
    Team(("20260107", "20260108"), "Bread, hour by hour", SMALL, 1),
    Team(("20260109", "20260110"), "Bird song, live", SMALL, 2),
)
WAITING = TEAMS[2]  # for SMALL
IN_QUEUE = TEAMS[0]
MOVING = TEAMS[1]  # now and then

OTHERS = (
    ("20260101", "Linnea", "Falk"),
    ("20260102", "Hamza", "Yusuf"),
    ("20260103", "Tove", "Sand"),
    ("20260104", "Mateus", "Prado"),
    ("20260105", "Ines", "Roca"),
    ("20260106", "Viggo", "Holm"),
    ("20260107", "Noor", "Haddad"),
    ("20260108", "Elin", "Strand"),
    ("20260109", "Kenji", "Mori"),
    ("20260110", "Sara", "Blom"),
    ("20260111", "Sam", "Okoye"),
    ("20260112", "Freja", "Dahl"),
    ("20260113", "Adil", "Khan"),
    ("20260114", "Hanna", "Ros"),
    ("20260115", "Leo", "Vik"),
    ("20260116", "Zoe", "Lemaire"),
)
BY_NUMBER_ALONE = "20260111"
STUDENTS = ("aisha", "erik", "mei", "joao", "fatima", "oskar", "priya", VISITOR.key)
LOOKING = {
    "mei": "Maps, and I draw. I like tests more than is good for me.",
    BY_NUMBER_ALONE: "New here, and fast with CSS. Mornings, please.",
}
INVITATION = "mei", VISITOR.key, "Your weather on my map of the sockets?"


def number_of(key: str) -> str:
    return f"202602{STUDENTS.index(key):02}" if key in STUDENTS else key


def set_up(client: Client, cast: Cast) -> None:
    """All of it. Again changes nothing, so that one half of a beginning is followed by the other."""
    _Round(client, cast).set_up()


def change_place(cast: Cast, wait: Callable[[float], None], rng: random.Random) -> None:
    """A team takes another place; its partner looks at the phone, and says yes."""
    first, second = (BY_KEY[key] for key in MOVING.members)
    round_id = find_round(cast, first)
    if round_id is None:
        return
    seats = cast.ask(first, "GET", f"/pairup/rounds/{round_id}")
    large = {lab["id"] for lab in seats["labs"] if lab["name"] in (FIRST.name, SECOND.name)}
    free = [place["id"] for place in seats["places"] if place["state"] == "free" and place["lab"] in large]
    if free:
        place = rng.choice(free)
        held = cast.ask(first, "PUT", f"/pairup/places/{place}/team", {})
        if held["state"] == "held":
            wait(CONFIRM_SECONDS)
            cast.ask(second, "POST", f"/pairup/places/{place}/confirmation", {"fence": held["fence"]})


def find_round(cast: Cast, person: Person) -> int | None:
    cards = cast.ask(person, "GET", "/pairup/rounds")["items"]
    found: int | None = next((card["round"]["id"] for card in cards if card["round"]["name"] == NAME), None)
    return found


class _Round:
    """``entries``: by student number."""

    def __init__(self, client: Client, cast: Cast) -> None:
        self._client = client
        self._cast = cast
        self.id = find_round(cast, MARIA) or self._make()
        self._entries: dict[str, Any] = {}
        self._places: dict[str, list[Any]] = {}
        self._labs: dict[str, int] = {}

    def set_up(self) -> None:
        self._bring_tables()
        self._claim()
        for team in TEAMS:
            self._pair(team)
        self._seat()
        for key, about in LOOKING.items():
            self._ask(key, "PUT", f"/pairup/entries/{self._entry(key)['id']}/looking", {"about": about})
        who, whom, text = INVITATION
        if self._entry(who)["team"] is None and self._entry(whom)["team"] is None:
            self._invite(who, whom, text)
        self._ask(WAITING.members[0], "PUT", f"/pairup/labs/{self._labs[SMALL.name]}/waiting", {})
        lab = self._labs[IN_QUEUE.lab.name]
        self._ask(IN_QUEUE.members[0], "PUT", f"/pairup/rounds/{self.id}/call", {"kind": "ready", "lab": lab})

    def _make(self) -> int:
        new = {"name": NAME, "description": DESCRIPTION, "zone": ZONE, "open_registration": True, "is_default": True}
        made: int = self._cast.ask(MARIA, "POST", "/pairup/rounds", new)["id"]
        return made

    def _ask(self, key: str, method: str, path: str, body: Any = None) -> Any:
        """As somebody with an account, or by number and PIN."""
        if key in BY_KEY:
            return self._cast.ask(BY_KEY[key], method, path, body)
        credentials = {"email": key, "password": PIN, "transport": "token"}
        token = self._client.ask("POST", "/session", credentials)["token"]
        return self._client.ask(method, path, body, token=token)

    # The roster and the labs

    def _bring_tables(self) -> None:
        path = f"/pairup/rounds/{self.id}"
        self._cast.ask(MARIA, "PUT", f"{path}/roster", {"csv": "\n".join(_roster())})
        if not self._cast.ask(MARIA, "GET", path)["labs"]:
            self._cast.ask(
                MARIA, "PUT", f"{path}/labs", {"csv": "\n".join(_labs(datetime.datetime.now().astimezone()))}
            )
        seats = self._cast.ask(MARIA, "GET", path)
        self._labs = {lab["name"]: lab["id"] for lab in seats["labs"]}
        names = {lab_id: name for name, lab_id in self._labs.items()}
        for place in seats["places"]:
            self._places.setdefault(names[place["lab"]], []).append(place)
        self._look()

    def _look(self) -> None:
        items = self._cast.ask(MARIA, "GET", f"/pairup/rounds/{self.id}/roster")["items"]
        self._entries = {entry["number"]: entry for entry in items}

    def _entry(self, key: str) -> Any:
        return self._entries[number_of(key)]

    def _claim(self) -> None:
        """Each with their code."""
        unclaimed = [key for key in (*STUDENTS, BY_NUMBER_ALONE) if not self._entry(key)["claimed"]]
        if not unclaimed:
            return
        wanted = {"entries": [self._entry(key)["id"] for key in unclaimed]}
        made = self._cast.ask(MARIA, "POST", f"/pairup/rounds/{self.id}/codes", wanted)["items"]
        codes = {one["number"]: one["code"] for one in made}
        for key in unclaimed:
            code = codes[number_of(key)]
            if key in BY_KEY:
                self._cast.ask(BY_KEY[key], "POST", "/pairup/claims", {"code": code})
            else:
                self._client.ask("POST", "/pairup/registrations", {"code": code, "pin": PIN})

    # Teams and places

    def _pair(self, team: Team) -> None:
        first, second = (self._entry(key) for key in team.members)
        if first["team"] is not None or second["team"] is not None:
            return
        if team.members[0] in BY_KEY:
            asked = self._invite(*team.members, "")
            made = self._ask(team.members[1], "POST", f"/pairup/invitations/{asked['id']}/acceptance", {})
            self._ask(team.members[0], "PATCH", f"/pairup/teams/{made['id']}", {"title": team.title})
        else:
            new = {"title": team.title, "entries": [first["id"], second["id"]]}
            self._cast.ask(MARIA, "POST", f"/pairup/rounds/{self.id}/teams", new)

    def _invite(self, who: str, whom: str, text: str) -> Any:
        invitation = {"number": number_of(whom), "text": text}
        return self._ask(who, "POST", f"/pairup/rounds/{self.id}/invitations", invitation)

    def _seat(self) -> None:
        self._look()
        for team in TEAMS:
            place = self._places[team.lab.name][team.place]
            if place["state"] == "free":
                where = {"place": place["id"]}
                self._cast.ask(MARIA, "PUT", f"/pairup/teams/{self._entry(team.members[0])['team']}/place", where)


def _roster() -> Iterator[str]:
    yield "number,firstname,familyname,email"
    for person in (BY_KEY[key] for key in STUDENTS):
        yield f"{number_of(person.key)},{person.firstname},{person.familyname},{person.email}"
    for number, firstname, familyname in OTHERS:
        yield f"{number},{firstname},{familyname},"


def _labs(now: datetime.datetime) -> Iterator[str]:
    yield "lab,time,minutes"
    for lab in LABS:
        first = now.replace(hour=lab.hour, minute=0, second=0, microsecond=0) + datetime.timedelta(days=lab.days)
        for number in range(lab.places):
            at = first + datetime.timedelta(minutes=number * _MINUTES)
            yield f"{lab.name},{at.isoformat(timespec='minutes')},{_MINUTES}"
