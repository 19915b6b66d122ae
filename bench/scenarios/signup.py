"""A rush for places: teams take them, everybody watches the seats; and many who want the same one at once."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
from sqlalchemy import select, update

from bench import house
from bench.contestants import Stage, started
from bench.figures import Figures
from bench.load.audience import watched
from bench.load.seats import Job
from bench.load.viewers import Place
from bench.machine import pinned
from bench.peers import SEATS_PEER
from bench.rounds import in_turn
from twidder import __version__
from twidder.accounts import Author, Seated
from twidder.config import Limits
from twidder.pairup import labs, roster, rounds, teams
from twidder.pairup.access import find_round
from twidder.pairup.fields import NewRound
from twidder.pairup.labs_csv import Sitting
from twidder.pairup.models import entries
from twidder.pairup.roster_csv import Listed
from twidder.store import Tx, open_store

STUDENTS, LABS, PLACES = 300, 40, 12  # places of each lab
TEAMS = STUDENTS // 2
RATE = 30  # places taken a second, by all together
AT_ONCE = 60  # teams that want one place
CONTESTED = 30  # such places, which nobody takes before
EACH = "until a watcher sees it"
ALL = "until all see it"
TAKE = "take a place"
TWICE = "places given away more than once, of 100"
_ROUND = 1
_WARM_SECONDS = 1.0
_TIMES = 5  # as long as other scenarios: 30 a second are few
_FIRST_AT = 1_900_000_000_000


class Contest(NamedTuple):
    """``take_path``: %d = the place; ``take_body``: %d = the team. ``tokens``: of the students, two for each team."""

    pid: int
    place: Place
    transport: str
    take_path: str
    take_body: str
    tokens: list[str]

    def token(self, team: int) -> str:
        return self.tokens[2 * team] if self.tokens else ""


def case(stage: Stage) -> str:
    return f"{STUDENTS} students, {RATE} places taken/s, {_viewers(stage):,} watch"


def contested() -> str:
    return f"{AT_ONCE} teams for one place at once"


def run(stage: Stage) -> Figures:
    figures = Figures("signup", f"sign-up: {TEAMS} teams take {LABS * PLACES} places, and everybody watches the seats")
    figures.about = {
        "twidder": f"Twidder {__version__}, theirs at once",
        "confirm": f"Twidder {__version__}, held for a partner",
        SEATS_PEER.key: SEATS_PEER.name,
    }
    figures.note(
        "A team goes from place to place, so that they never run out. From the request: to its answer, to one watcher, "
        "to the last one. Twidder's watchers have a socket each and everybody is signed in; the Flask view knows no "
        "accounts, looks whether the place is free and then writes, and is asked for all seats every second."
    )
    parts = {
        "twidder": partial(_twidder, stage, figures, "twidder"),
        "confirm": partial(_twidder, stage, figures, "confirm"),
        SEATS_PEER.key: partial(_flask, stage, figures),
    }
    if reason := SEATS_PEER.missing():
        figures.missing[SEATS_PEER.key] = reason
    else:
        figures.about[SEATS_PEER.key] += f" ({SEATS_PEER.version()})"
    in_turn(stage, figures, parts)
    return figures


def _twidder(stage: Stage, figures: Figures, who: str) -> None:
    people = furnished(stage.work, confirm=who == "confirm")
    with house.serve(people, stage.cores, stage.work) as server:
        place = Place(server.port, "", f"pairup:{_ROUND}")
        path = "/api/v1/pairup/places/%d/team"
        _measure(stage, figures, who, Contest(server.pid, place, "socket", path, "{}", people.tokens[1:]))


def _flask(stage: Stage, figures: Figures) -> None:
    shutil.rmtree(stage.work / SEATS_PEER.key, ignore_errors=True)  # with what was taken the last time
    with _flask_seats(stage) as contest:
        _measure(stage, figures, SEATS_PEER.key, contest)


@contextlib.contextmanager
def _flask_seats(stage: Stage) -> Iterator[Contest]:
    with started(SEATS_PEER.key, SEATS_PEER.command, stage, SEATS_PEER.env) as (pid, port):
        yield Contest(pid, Place(port, "/seats"), "polling", "/seats/%d", '{"team":%d}', [])


def _viewers(stage: Stage) -> int:
    return min(STUDENTS, stage.most)


def _measure(stage: Stage, figures: Figures, who: str, contest: Contest) -> None:
    free = LABS * PLACES - CONTESTED
    job = Job(
        transport=contest.transport,
        viewers=_viewers(stage),
        place=contest.place,
        take_path=contest.take_path,
        take_body=contest.take_body,
        takers=[contest.token(team) for team in range(TEAMS)],
        tokens=contest.tokens,
        places=[list(range(1 + team, 1 + free, TEAMS)) for team in range(TEAMS)],
        rates=[RATE],
        warm=_WARM_SECONDS,
        seconds=[_TIMES * stage.seconds],
    )
    (told,) = watched(stage.cores, job, contest.pid)
    _tell(figures, who, case(stage), told)
    with pinned(stage.cores.load):
        twice = asyncio.run(_rush(contest))
    figures.add(contested(), TWICE, who, 100 * twice / CONTESTED)


def _tell(figures: Figures, who: str, what: str, told: dict[str, object]) -> None:
    for unit, name in ((TAKE, "take_{}"), (EACH, "{}"), (ALL, "all_{}")):
        for percent in ("p50", "p99"):
            value = told[name.format(percent)]
            if value is not None:
                figures.add(what, f"{unit}, {percent} ms", who, float(value))  # type: ignore[arg-type]
    for unit, name in (("bytes/s for each watcher", "bytes"), ("server CPU, of a core", "cpu")):
        figures.add(what, unit, who, float(told[name]))  # type: ignore[arg-type]
    figures.add(what, "load busy, of a core", who, float(told["busy"]))  # type: ignore[arg-type]
    for problem, said in (("missing", "not everybody saw every place taken"), ("lost", "connections were lost")):
        if told[problem]:
            figures.note(f"{figures.about[who]}: {said}.")
    for whose, refusal in (("watchers", "first_refusal"), ("takers", "take_refusal")):
        if told[refusal]:
            figures.note(f"{figures.about[who]}: {whose} were refused ({told[refusal]}) and asked again.")


async def _rush(contest: Contest) -> int:
    """How many of the places were given to more than one team, by what the teams were told."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    base = f"http://localhost:{contest.place.port}"
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60, trust_env=False) as http:

        async def want(team: int, place: int) -> bool:
            token = contest.token(team)
            headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
            path, body = contest.take_path.replace("%d", str(place)), contest.take_body.replace("%d", str(team))
            return (await http.put(path, content=body, headers=headers)).is_success

        twice = 0
        for place in range(LABS * PLACES - CONTESTED + 1, LABS * PLACES + 1):
            twice += sum(await asyncio.gather(*(want(team, place) for team in range(AT_ONCE)))) > 1
        return twice


# The round


@functools.cache
def furnished(work: Path, *, confirm: bool) -> house.Community:
    """A community whose first member is staff, and whose others have claimed their entries and are teams of two."""
    people = house.community(STUDENTS + 1, work)
    data = work / f"signup-{confirm}"
    shutil.copytree(people.data, data)
    store = open_store(data / "twidder.db", Limits(), lambda news: None)
    store.write(lambda tx: _furnish(tx, NewRound(name="Labs", confirm=confirm)))
    store.close()
    return house.Community(data, people.tokens)


def _furnish(tx: Tx, new: NewRound) -> None:
    limits = Limits()
    staff = Seated(1, "", "", Author(1, "Ada", "Lind", staff=True), None, is_staff=True)
    round_id = rounds.create(tx, staff, new).id
    assert round_id == _ROUND
    listed = [Listed(f"{20_000_000 + number}", f"S{number}", "Student", "", "", "") for number in range(STUDENTS)]
    roster.import_roster(tx, staff, round_id, listed, limits)
    ids = tx.execute(select(entries.c.id).order_by(entries.c.id)).scalars().all()
    for user_id, entry_id in enumerate(ids, 2):
        tx.execute(update(entries).where(entries.c.id == entry_id).values(user_id=user_id))
    sittings = [
        Sitting(f"Lab {lab:02}", _FIRST_AT + lab * 86_400_000 + place * 600_000, 10, 1)
        for lab in range(LABS)
        for place in range(PLACES)
    ]
    labs.import_labs(tx, staff, round_id, sittings, limits)
    row = find_round(tx, round_id)
    for first in range(0, STUDENTS, 2):
        teams.join_entries(tx, row, list(ids[first : first + 2]), by_id=1)
