"""The draw itself: the best in total rank, the same everywhere, and checked without trust."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twidder.pairup import drawing, solving
from twidder.pairup.checking import NotRight, check, read, weigh
from twidder.pairup.drawing import Draw, Inputs, make_inputs

SECRET = "5e" * 32
ROOT = Path(__file__).resolve().parents[2]


def draw_of(inputs: Inputs, secret: str = SECRET) -> Draw:
    return solving.solve(inputs, secret, 1_800_000_000_000)


@st.composite
def some_inputs(draw: st.DrawFn, most: int = 6) -> Inputs:
    """Up to six teams and places; lists of any length, the empty one too."""
    teams = draw(st.lists(st.integers(1, 99), max_size=most, unique=True))
    places = draw(st.lists(st.integers(100, 199), max_size=most, unique=True))
    ranking = st.permutations(places).flatmap(lambda some: st.integers(0, len(some)).map(lambda end: list(some[:end])))
    return make_inputs(7, teams, places, {team: draw(ranking) for team in teams})


def rank_of(inputs: Inputs, team: int, place: int | None) -> int:
    """Reckoned anew, so that the draw is not measured by its own yardstick."""
    ranking = inputs.rankings[team]
    if place is None:
        return len(ranking) + 2
    return ranking.index(place) + 1 if place in ranking else len(ranking) + 1


def least_total(inputs: Inputs) -> int:
    """By trying every way there is."""

    def least(teams: list[int], free: frozenset[int]) -> int:
        if not teams:
            return 0
        ways: list[int | None] = [None, *free]
        return min(rank_of(inputs, teams[0], way) + least(teams[1:], free - {way}) for way in ways)

    return least(inputs.teams, frozenset(inputs.places))


@given(some_inputs(most=5))
def test_X5_no_other_assignment_has_a_better_total_rank(inputs: Inputs) -> None:
    """Nobody has two places, no place has two teams, and trying every way finds nothing better."""
    draw = draw_of(inputs)
    assert list(draw.assignment) == inputs.teams
    given = [place for place in draw.assignment.values() if place is not None]
    assert len(set(given)) == len(given) == min(len(inputs.teams), len(inputs.places))
    assert set(given) <= set(inputs.places)
    total = sum(rank_of(inputs, team, place) for team, place in draw.assignment.items())
    assert total == least_total(inputs)
    assert draw.cost // drawing.unit(inputs) == total if inputs.teams else draw.cost == 0
    check(draw)


@pytest.mark.parametrize(("teams", "places"), [(6, 6), (6, 4), (4, 6)])
def test_six_by_six_is_the_best_of_all(teams: int, places: int, rng: random.Random) -> None:
    for _ in range(5):
        there = list(range(20, 20 + places))
        wishes = {team: rng.sample(there, rng.randint(0, places)) for team in range(1, teams + 1)}
        inputs = make_inputs(1, wishes, there, wishes)
        draw = draw_of(inputs)
        assert sum(rank_of(inputs, team, place) for team, place in draw.assignment.items()) == least_total(inputs)


@given(some_inputs(), st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_means_nothing(inputs: Inputs, chance: random.Random) -> None:
    teams, places, wishes = inputs.teams[:], inputs.places[:], list(inputs.rankings.items())
    for some in (teams, places, wishes):
        chance.shuffle(some)
    assert draw_of(make_inputs(7, teams, places, dict(wishes))) == draw_of(inputs)


@given(some_inputs(), st.integers(0, 6))
def test_a_shorter_list_gains_nothing(inputs: Inputs, length: int) -> None:
    """Who leaves out the end of their list gets none of what they have left on it that they would not have had, and
    no place instead of none. Told by the totals, since the noise is another for every list."""
    if not inputs.teams:
        return
    team = inputs.teams[0]
    short = make_inputs(7, inputs.teams, inputs.places, {**inputs.rankings, team: inputs.rankings[team][:length]})
    kept = short.rankings[team]

    def best(of: Inputs, ways: list[int | None]) -> int:
        """The least total where the team has one of these."""
        others = [one for one in of.teams if one != team]
        rest = {one: of.rankings[one] for one in others}
        return min(
            (
                rank_of(of, team, way)
                + least_total(Inputs(7, others, [place for place in of.places if place != way], rest))
                for way in ways
            ),
            default=10**9,
        )

    gone = [place for place in inputs.places if place not in kept]
    if best(short, [*kept]) <= best(short, [*gone, None]):
        assert best(inputs, [*kept]) <= best(inputs, [*gone, None])
    if best(short, [*inputs.places]) <= best(short, [None]):
        assert best(inputs, [*inputs.places]) <= best(inputs, [None])


def test_ties_fall_to_each_as_often() -> None:
    """Two teams want the same place: the secret decides, and over many secrets each has it half of the time."""
    inputs = make_inputs(1, [1, 2], [8, 9], {1: [8, 9], 2: [8, 9]})
    first = sum(draw_of(inputs, f"{number:064x}").assignment[1] == 8 for number in range(400))
    assert 140 < first < 260  # six standard deviations


def test_what_is_left_of_a_tie_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one bit of noise, many attempts are ties. Each is published with its proof, and the last is none."""
    monkeypatch.setattr(drawing, "BITS", 1)
    wishes = {team: [11, 12, 13, 14, 15] for team in range(1, 6)}
    draws = [draw_of(make_inputs(1, wishes, range(11, 16), wishes), f"{number:064x}") for number in range(40)]
    for draw in draws:
        check(draw)
    tied = next(draw for draw in draws if draw.ties)
    with pytest.raises(NotRight):
        check(msgspec.structs.replace(tied, ties=tied.ties[:-1], **msgspec.structs.asdict(tied.ties[-1])))
    last = drawing.Attempt(tied.assignment, tied.prices)
    with pytest.raises(NotRight):
        check(msgspec.structs.replace(tied, ties=[*tied.ties, last]))


@given(some_inputs(most=4))
def test_the_only_best_one_is_known_as_such(inputs: Inputs) -> None:
    """Noise taken away: an assignment is called unique exactly when no other has its total."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "BITS", 0)
        if not inputs.teams:
            return
        attempt = solving._solve_once(inputs, "seed", 0)
        _, unique = weigh(inputs, "seed", 0, attempt)
        ways = itertools.product([None, *inputs.places], repeat=len(inputs.teams))
        totals = [
            sum(rank_of(inputs, team, place) for team, place in zip(inputs.teams, way, strict=True))
            for way in ways
            if len({place for place in way if place}) == sum(place is not None for place in way)
        ]
        assert unique == (totals.count(min(totals)) == 1)


# Somebody who has something to hide


def _larger(chance: random.Random) -> Inputs:
    wishes = {team: chance.sample(range(100, 112), 5) for team in range(1, 13)}
    return make_inputs(3, wishes, range(100, 115), wishes)


def _swap(document: dict[str, Any]) -> None:
    teams = list(document["assignment"])
    document["assignment"][teams[0]], document["assignment"][teams[1]] = (
        document["assignment"][teams[1]],
        document["assignment"][teams[0]],
    )


def _raise_price(document: dict[str, Any]) -> None:
    place = next(iter(document["prices"]))
    document["prices"][place] += 1 << 45


def _double(document: dict[str, Any]) -> None:
    document["assignment"]["1"] = document["assignment"]["2"]


TAMPERED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "version": (lambda one: one.update(version=2), "Only version 1"),
    "commitment": (lambda one: one.update(commitment="00" * 32), "committed to"),
    "secret": (lambda one: one.update(secret="00" * 32), "committed to"),
    "seed": (lambda one: one.update(seed="00" * 32), "seed"),
    "round": (lambda one: one["inputs"].update(round=4), "seed"),
    "team": (lambda one: one["inputs"]["teams"].pop(), "rankings"),
    "order": (lambda one: one["inputs"]["teams"].reverse(), "in order"),
    "place": (lambda one: one["inputs"]["places"].append(999), "seed"),
    "places": (lambda one: one["inputs"]["places"].insert(0, 999), "in order"),
    "ranking": (lambda one: one["inputs"]["rankings"]["1"].reverse(), "seed"),
    "twice": (lambda one: one["inputs"]["rankings"].update({"1": [100, 100]}), "Team 1 ranks"),
    "swapped": (_swap, "best for it"),
    "double": (_double, "given away twice"),
    "foreign": (lambda one: one["assignment"].update({"1": 999}), "does not take part"),
    "none": (lambda one: one["assignment"].update({"1": None}), "nobody has it|best for it"),
    "nobody": (lambda one: one["assignment"].pop("1"), "not one of the teams"),
    "price": (_raise_price, "best for it"),
    "prices": (lambda one: one["prices"].clear(), "best for it"),
    "free": (lambda one: one["prices"].update({"999": 5}), "nobody has it"),
    "negative": (lambda one: one["prices"].update({"100": -5}), "not above nothing"),
    "cost": (lambda one: one.update(cost=one["cost"] + 1), "cost"),
    "choices": (lambda one: one["choices"]["ranks"].__setitem__(0, 12), "counted"),
    "unranked": (lambda one: one["choices"].update(unranked=3), "counted"),
    "tie": (lambda one: one["ties"].append({key: one[key] for key in ("assignment", "prices")}), "no tie"),
    "more": (lambda one: one.update(note="x"), "no draw of this kind"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_X5_a_changed_document_is_refused_with_its_reason(what: str) -> None:
    draw = draw_of(_larger(random.Random(5)))
    document = json.loads(msgspec.json.encode(draw))
    check(read(json.dumps(document).encode()), draw.commitment)
    change, reason = TAMPERED[what]
    change(document)
    with pytest.raises(NotRight, match=reason):
        check(read(json.dumps(document).encode()))


def test_another_secret_is_noticed_by_who_kept_the_commitment() -> None:
    """A whole new draw, right in itself, from a secret that was looked for afterwards."""
    inputs = _larger(random.Random(5))
    with pytest.raises(NotRight, match="published before"):
        check(draw_of(inputs, "11" * 32), draw_of(inputs).commitment)


def test_costs_stay_exact_however_many_they_are() -> None:
    """All teams' costs together are below 2^53, and the noise of all is below one rank."""
    for teams, ranks in ((1, 0), (2, 1), (300, 20), (1000, 20), (5000, 20)):
        inputs = Inputs(1, list(range(teams)), [], {team: list(range(ranks)) for team in range(teams)})
        bits, one = drawing.noise_bits(inputs), drawing.unit(inputs)
        assert bits > 20
        assert teams * ((ranks + 2) * one + (1 << bits)) < 2**53
        assert teams * ((1 << bits) - 1) < one


# Another machine

_DRAW = """
import sys, msgspec
from twidder.pairup import drawing, solving
inputs = msgspec.json.decode(sys.stdin.buffer.read(), type=drawing.Inputs)
sys.stdout.buffer.write(msgspec.json.encode(solving.solve(inputs, sys.argv[1], 1_800_000_000_000)))
"""


def _python(*args: str, given: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    where = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run([sys.executable, *args], input=given, env=where, cwd=ROOT, capture_output=True, timeout=60)


def test_X5_another_process_draws_the_same_document(rng: random.Random) -> None:
    inputs = _larger(rng)
    done = _python("-c", _DRAW, SECRET, given=msgspec.json.encode(inputs), PYTHONHASHSEED="4711")
    assert done.stdout == msgspec.json.encode(draw_of(inputs)), done.stderr.decode()


def test_anybody_verifies_without_a_solver(tmp_path: Path, rng: random.Random) -> None:
    """`twidder pairup verify FILE` where there is no SciPy and no NumPy: 0 and what came of it, or 1 and why not."""
    for name in ("scipy", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not on this machine')")
    bare = f"{tmp_path}{os.pathsep}{ROOT}"
    draw = draw_of(_larger(rng))
    file = tmp_path / "draw.json"
    file.write_bytes(msgspec.json.encode(draw))
    command = ("-m", "twidder", "pairup", "verify", str(file))
    done = _python(*command, "--commitment", draw.commitment, PYTHONPATH=bare)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"12 teams, 15 places" in done.stdout
    assert _python(*command, "--again").returncode == 0

    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(draw, seed="00" * 32)))
    done = _python(*command, PYTHONPATH=bare)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"NOT RIGHT: The seed does not come" in done.stderr
