"""Whether a published draw is right: not by drawing again, but by its certificate. Needs no solver and no server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import msgspec

from twidder.pairup.drawing import VERSION, Attempt, Draw, Inputs, commit, costs, count_choices, make_seed


class NotRight(Exception):
    """Says in one sentence what is wrong."""


def read(document: bytes) -> Draw:
    """Raises NotRight."""
    try:
        return msgspec.json.decode(document, type=Draw)
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotRight(f"That is no draw of this kind: {error}.") from None


def check(draw: Draw, commitment: str | None = None) -> None:
    """Raises NotRight. ``commitment``: what was published before, where the reader has kept it."""
    _expect(draw.version == VERSION, f"Only version {VERSION} of a draw is known here.")
    check_inputs(draw.inputs)
    _expect(commitment in (None, draw.commitment), "The commitment is not the one that was published before.")
    _expect(commit(draw.secret) == draw.commitment, "The secret is not the one that was committed to.")
    _expect(make_seed(draw.secret, draw.inputs) == draw.seed, "The seed does not come from the secret and the inputs.")
    for number, tie in enumerate(draw.ties):
        _, unique = weigh(draw.inputs, draw.seed, number, tie)
        _expect(not unique, f"Attempt {number} was no tie, and should have been the result.")
    attempt = Attempt(draw.assignment, draw.prices)
    cost, unique = weigh(draw.inputs, draw.seed, len(draw.ties), attempt)
    _expect(unique, "Another assignment is as good: the seed does not decide.")
    _expect(cost == draw.cost, "The cost is not that of the assignment.")
    _expect(count_choices(draw.inputs, draw.assignment) == draw.choices, "The choices are not counted right.")


def check_inputs(inputs: Inputs) -> None:
    _expect(_ascend(inputs.teams), "The teams are not in order, each once.")
    _expect(_ascend(inputs.places), "The places are not in order, each once.")
    _expect(inputs.rankings.keys() == set(inputs.teams), "The rankings are not those of the teams.")
    there = set(inputs.places)
    for team, ranking in inputs.rankings.items():
        once = len(set(ranking)) == len(ranking)
        _expect(once and there.issuperset(ranking), f"Team {team} ranks a place twice, or one that is not there.")


def weigh(inputs: Inputs, seed: str, number: int, attempt: Attempt) -> tuple[int, bool]:
    """(what the assignment costs, whether it is the only one that costs so little). Raises NotRight where it is none,
    or not shown to be the best."""
    holders = _holders(inputs, attempt)
    prices = _prices(inputs, attempt.prices, holders)
    index = {place: position for position, place in enumerate(inputs.places)}
    nothing = len(index)
    total, ways = 0, []
    for team, row in zip(inputs.teams, costs(inputs, seed, number), strict=True):
        place = attempt.assignment[team]
        own = nothing if place is None else index[place]
        full = [cost + price for cost, price in zip(row, prices, strict=True)]
        least = min(full)
        _expect(full[own] == least, f"Team {team} has not what is best for it at these prices.")
        total += row[own]
        ways.append([option for option in _positions(full, least) if option != own])
    return total, _is_unique(inputs, attempt, holders, ways)


def _positions(values: list[int], wanted: int) -> Iterator[int]:
    position = -1
    for _ in range(values.count(wanted)):
        position = values.index(wanted, position + 1)
        yield position


def _holders(inputs: Inputs, attempt: Attempt) -> dict[int, int]:
    """Position of the team that has it, by place."""
    _expect(attempt.assignment.keys() == set(inputs.teams), "The assignment is not one of the teams.")
    there, holders = set(inputs.places), dict[int, int]()
    for position, team in enumerate(inputs.teams):
        place = attempt.assignment[team]
        if place is not None:
            _expect(place in there, f"Team {team} has a place that does not take part.")
            _expect(place not in holders, f"Place {place} is given away twice.")
            holders[place] = position
    return holders


def _prices(inputs: Inputs, prices: Mapping[int, int], holders: Mapping[int, int]) -> list[int]:
    """In the order of the places, and behind them that of none."""
    for place, price in prices.items():
        _expect(price > 0, f"The price of place {place} is not above nothing.")
        _expect(place in holders, f"Place {place} has a price, and nobody has it.")
    return [*(prices.get(place, 0) for place in inputs.places), 0]


def _is_unique(inputs: Inputs, attempt: Attempt, holders: Mapping[int, int], ways: list[list[int]]) -> bool:
    """Any other assignment that costs the same is a ring of teams, each as content with what the next one has; what
    is free, and having none, close a ring too. ``ways``: of each team, options as good as its own."""
    outside = len(ways)  # the one that "has" all that is free
    after: list[set[int]] = [set() for _ in range(outside + 1)]
    for position, (team, options) in enumerate(zip(inputs.teams, ways, strict=True)):
        for option in options:
            free = option == len(inputs.places) or inputs.places[option] not in holders
            after[position].add(outside if free else holders[inputs.places[option]])
        place = attempt.assignment[team]
        if place is None or place not in attempt.prices:
            after[outside].add(position)
    return _has_no_ring(after)


def _has_no_ring(after: list[set[int]]) -> bool:
    """Whether all can be taken away, one that nobody points to at a time."""
    before = [0] * len(after)
    for some in after:
        for one in some:
            before[one] += 1
    ready = [one for one, count in enumerate(before) if not count]
    taken = 0
    while ready:
        taken += 1
        for one in after[ready.pop()]:
            before[one] -= 1
            if not before[one]:
                ready.append(one)
    return taken == len(after)


def _ascend(ids: list[int]) -> bool:
    return all(one < two for one, two in itertools.pairwise(ids))


def _expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise NotRight(otherwise)
