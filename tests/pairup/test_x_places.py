"""X1 to X4: what there is one of, one team has, however many come at once and whatever happens meanwhile."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest

from tests.harness.api import Api
from tests.harness.counts import SOAK, count
from tests.harness.raw import Raw
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.pairup.racing import (
    RACING,
    ByHttp,
    BySocket,
    Try,
    as_bytes,
    find_faults,
    give_back,
    seats_on_disk,
    together,
)
from tests.pairup.seated import Round, Someone, enrol, furnish
from twidder.config import Limits
from twidder.store import open_store

pytestmark = pytest.mark.slow

TEAMS = 60


def furnished(data: Path, *, newcomers: int = 0, **options: object) -> tuple[Round, list[Someone]]:
    """A round in a data directory that a server will open; and students of it without a team."""
    data.mkdir(parents=True, exist_ok=True)
    store = open_store(data / "twidder.db", Limits(), lambda _batch: None)
    try:
        round_ = furnish(store, **options)  # type: ignore[arg-type]
        return round_, [store.write(lambda tx: enrol(tx, round_.id)) for _ in range(newcomers)]
    finally:
        store.close()


def race(server: Server, round_: Round, rng: random.Random, rounds: int) -> list[str]:
    """The faults of so many races by each door for one place, and for three that sixty divide among them. After each,
    all who won give back, and everything is free (X4)."""
    people = [team[0] for team in round_.teams]
    who = {one.team: one for one in people}
    faults = []
    for door in (ByHttp, BySocket):
        takers = door(server, round_, people)
        for turn in range(rounds):
            wanted = list(list(round_.labs.values())[turn % 2])
            tries = takers.race(rng.sample(wanted * (TEAMS // len(wanted)), TEAMS))
            faults += find_faults(tries, seats_on_disk(server, round_))
            give_back(server, [(who[one.team], one.place) for one in tries if one.outcome == "ok"])
            faults += [f"leaked: {seat}" for seat in seats_on_disk(server, round_).items() if seat[1] != (None, None)]
        takers.close()
    return faults


def test_X1_X4_of_sixty_one_gets_the_last_place(
    fresh_server: Callable[..., Server], tmp_path: Path, rng: random.Random
) -> None:
    """By HTTP and by socket, for a lab of one place and of three: each place has one team, the others are told that it
    is taken, what was answered is what is stored, and what is given back is free."""
    round_, _ = furnished(tmp_path / "data", teams=TEAMS, size=1, seats=[1, 3])
    server = fresh_server(data=tmp_path / "data", limits=RACING)
    assert race(server, round_, rng, 250 if SOAK else 5) == []


def test_X1_the_checker_finds_what_must_not_be() -> None:
    """Two who were told that they have it; a place that nobody was told of; an answer that is neither yes nor no."""
    ok = [Try(1, 7, "ok", {}), Try(2, 7, "taken", {})]
    assert find_faults(ok, {7: (1, None)}) == []
    assert "overbooked" in str(find_faults([Try(1, 7, "ok", {}), Try(2, 7, "ok", {})], {7: (2, None)}))
    assert "stored" in str(find_faults(ok, {7: (None, None)}))
    assert "nobody has" in str(find_faults([Try(2, 7, "taken", {})], {7: (None, None)}))
    assert "two places" in str(find_faults(ok, {7: (1, None), 8: (1, None)}))
    assert "internal" in str(find_faults([*ok, Try(3, 7, "internal", {})], {7: (1, None)}))


def test_X2_one_teams_sixty_submits_take_one_place(
    fresh_server: Callable[..., Server], tmp_path: Path, rng: random.Random
) -> None:
    """Thirty tabs of each of two members, all at once: every one gets the same answer."""
    round_, _ = furnished(tmp_path / "data", teams=1, size=2, seats=[2])
    server = fresh_server(data=tmp_path / "data", limits=RACING)
    ((ada, bo),) = round_.teams
    for door in (ByHttp, BySocket):
        takers = door(server, round_, [ada, bo] * 30)
        tries = takers.race([round_.places[0]] * 60)
        takers.close()
        assert len({json.dumps(one.answer, sort_keys=True) for one in tries}) == 1
        assert find_faults(tries[:1], seats_on_disk(server, round_)) == []


def test_X1_two_who_name_the_same_partner_do_not_both_get_them(
    fresh_server: Callable[..., Server], tmp_path: Path, rng: random.Random
) -> None:
    """Two tabs accept two invitations at the same moment, and staff pair the same student elsewhere: one of the three
    happens, whole, and the others leave nothing."""
    tries = count(40)
    round_, newcomers = furnished(tmp_path / "data", teams=0, newcomers=4 * tries)
    server = fresh_server(data=tmp_path / "data", limits=RACING)
    paired = set()
    for turn in range(tries):
        ada, bo, cy, di = four = newcomers[4 * turn : 4 * turn + 4]
        outcomes = _propose(server, round_, rng, four)
        assert sorted(one for one in outcomes if one < 300) in ([200], [201]), outcomes
        assert {one for one in outcomes if one >= 300} <= {404, 409}, "an invitation ends with what it was about"
        with Raw(server) as wire:
            wire.send(as_bytes(server, round_.staff, "GET", f"/pairup/rounds/{round_.id}", b""))
            teams = wire.response().json()["teams"]
        (ours,) = [{one["entry"] for one in team["members"]} for team in teams][turn:]
        assert ours in ({ada.entry, bo.entry}, {cy.entry, bo.entry}, {di.entry, bo.entry})
        paired.add([person.entry in ours for person in (ada, cy, di)].index(True))
    print(f"who got them: {sorted(paired)}")


def _propose(server: Server, round_: Round, rng: random.Random, four: Sequence[Someone]) -> list[int]:
    """The statuses of three who want the second, at once."""
    ada, bo, cy, di = four
    pair = json.dumps({"entries": [bo.entry, di.entry]}).encode()
    wishes = [(bo, f"/pairup/invitations/{_invited(server, one, bo)}/acceptance", b"{}") for one in (ada, cy)]
    wishes.append((round_.staff, f"/pairup/rounds/{round_.id}/teams", pair))
    rng.shuffle(wishes)  # epoll tells of sockets in the order in which it has come to know them
    wires = [Raw(server, timeout=30.0) for _ in wishes]
    together(wires, [as_bytes(server, who, "POST", path, body) for who, path, body in wishes])
    statuses = [wire.response().status for wire in wires]
    for wire in wires:
        wire.close()
    return statuses


def _invited(server: Server, who: Someone, whom: Someone) -> int:
    with Raw(server) as wire:
        wire.send(as_bytes(server, who, "POST", f"/pairup/entries/{whom.entry}/invitations", b'{"text":""}'))
        return int(wire.response().json()["id"])


class Wanderer(threading.Thread):
    """A team that takes a place, another, gives it back, and remembers what it was told; None = it was cut off before
    the answer to the newest."""

    def __init__(self, server: Server, who: Someone, places: Sequence[int], rng: random.Random) -> None:
        super().__init__(name=f"team {who.team}", daemon=True)
        self.team = who.team
        self.has: int | None = None
        self.sure = True
        self.answers = 0
        self._api = Api(server, timeout=10.0)
        self._api.use_token(who.token)
        self._places, self._rng = places, rng
        self.over = threading.Event()

    @property
    def holdings(self) -> list[int]:
        return [] if self.has is None else [self.has]

    def run(self) -> None:
        with self._api:
            while not self.over.is_set():
                try:
                    self._step(self._rng.choice(self._places))
                except httpx.TransportError:
                    self.sure = False
                    return

    def _step(self, place: int) -> None:
        if self.has is not None and self._rng.random() < 0.3:
            assert self._api.delete(f"/pairup/places/{self.has}/team").status_code == 204
            self.has = None
        elif self._api.put(f"/pairup/places/{place}/team").status_code == 200:
            self.has = place
        self.answers += 1


@pytest.mark.faults
def test_X4_nothing_leaks_and_nothing_is_doubled_by_kill_9(
    fresh_server: Callable[..., Server], tmp_path: Path, rng: random.Random
) -> None:
    """Teams wander from place to place while the server is killed: afterwards each has at most one, those who were told
    have what they were told, and when all have given back, all is free."""
    round_, _ = furnished(tmp_path / "data", teams=12, size=1, seats=[4, 4])
    server = fresh_server(data=tmp_path / "data", limits=RACING)
    who = {team[0].team: team[0] for team in round_.teams}
    for _ in range(count(30)):
        wanderers = [Wanderer(server, one, round_.places, random.Random(rng.random())) for one in who.values()]
        for one in wanderers:
            one.start()
        enough = rng.randint(20, 60)
        wait_for(lambda those=wanderers, enough=enough: sum(one.answers for one in those) >= enough, 20)  # type: ignore[misc]
        server.kill9()
        for one in wanderers:
            one.over.set()
            one.join(20)
        server.start()
        seats = seats_on_disk(server, round_)
        owners = [team for team, _ in seats.values() if team is not None]
        assert len(set(owners)) == len(owners)
        for one in wanderers:
            if one.sure:
                assert [place for place, (team, _) in seats.items() if team == one.team] == one.holdings
        give_back(server, [(who[team], place) for place, (team, _) in seats.items() if team is not None])
        assert set(seats_on_disk(server, round_).values()) == {(None, None)}
    assert len(seats_on_disk(server, round_)) == 8
