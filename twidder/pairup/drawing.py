"""What a draw is reckoned with: its inputs, the seed, the cost of each place for each team. Pure, and the same on any
machine: whole numbers and text, nothing that depends on the order or the age of anything.

A team's first choice costs 1, its second 2, …; a place that it did not rank costs as if it came next on its list; none
at all one more. The best assignment has the least total. Ties are broken by noise below one rank that comes from the
seed, and so from a secret whose hash was public before anybody ranked (docs/decisions/0018-the-draw.md).
"""

from __future__ import annotations

import hashlib
import json
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping

import msgspec

VERSION = 1
BITS = (
    28  # of noise: two assignments of 300 teams and 480 places are equal in one draw of 2,000, and are told apart anew
)
_EXACT = 53  # bits of a whole number that JavaScript and the solver's floats hold exactly
_WORDS = 8  # of 32 bits, that one SHA-256 gives


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids, ascending. ``rankings``: of each team, places that take part, the best first."""

    round: int
    teams: list[int]
    places: list[int]
    rankings: dict[int, list[int]]


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``assignment``: team → place or none. ``prices``: place → what it costs on top, where that is not nothing. At
    these prices every team has what is cheapest for it, and what nobody has is free: so no assignment costs less."""

    assignment: dict[int, int | None]
    prices: dict[int, int]


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ranks``: how many teams got their first choice, their second …, up to the longest list."""

    ranks: list[int]
    unranked: int
    none: int


class Draw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The document that is published; ``at``: ms. ``cost`` is that of the assignment, noise included. ``ties``: earlier
    attempts whose noise left more than one best assignment."""

    version: int
    at: int
    commitment: str
    secret: str
    seed: str
    inputs: Inputs
    assignment: dict[int, int | None]
    prices: dict[int, int]
    cost: int
    choices: Choices
    ties: list[Attempt]


def make_inputs(
    round_id: int, teams: Iterable[int], places: Iterable[int], rankings: Mapping[int, list[int]]
) -> Inputs:
    """In the one order; what is ranked and does not take part is left out, and the rest moves up."""
    there = set(places)
    ordered = sorted(set(teams))
    kept = {team: [place for place in rankings.get(team, []) if place in there] for team in ordered}
    return Inputs(round_id, ordered, sorted(there), kept)


def canonical(inputs: Inputs) -> str:
    """The text that is hashed; ``rankings`` in the order of ``teams``."""
    ordered = {
        "round": inputs.round,
        "teams": inputs.teams,
        "places": inputs.places,
        "rankings": [inputs.rankings[team] for team in inputs.teams],
    }
    return json.dumps(ordered, separators=(",", ":"))


def commit(secret: str) -> str:
    """What is published before; ``printf %s SECRET | sha256sum`` gives the same."""
    return _hash(secret)


def make_seed(secret: str, inputs: Inputs) -> str:
    return _hash(secret + canonical(inputs))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _longest(inputs: Inputs) -> int:
    return max((len(ranking) for ranking in inputs.rankings.values()), default=0)


def noise_bits(inputs: Inputs) -> int:
    """So few that the cost of all teams together stays exact."""
    teams = len(inputs.teams)
    return min(BITS, _EXACT - (teams * teams * (_longest(inputs) + 3)).bit_length())


def unit(inputs: Inputs) -> int:
    """The cost of one rank: more than the noise of all teams together."""
    return len(inputs.teams) << noise_bits(inputs)


def costs(inputs: Inputs, seed: str, attempt: int) -> Iterator[array[int]]:
    """For each team: the cost of each place, and behind them that of none."""
    index = {place: position for position, place in enumerate(inputs.places)}
    one, shift = unit(inputs), 32 - noise_bits(inputs)
    for team in inputs.teams:
        ranking = inputs.rankings[team]
        ranks = [(len(ranking) + 1) * one] * len(index)
        for rank, place in enumerate(ranking, 1):
            ranks[index[place]] = rank * one
        noise = _noise(f"{seed}:{attempt}:{team}", len(index))
        row = array("q", [rank + (word >> shift) for rank, word in zip(ranks, noise, strict=False)])
        row.append((len(ranking) + 2) * one)
        yield row


def _noise(name: str, length: int) -> tuple[int, ...]:
    """At least so many words of 32 bits."""
    blocks = -(-length // _WORDS)
    stream = b"".join(hashlib.sha256(f"{name}:{block}".encode()).digest() for block in range(blocks))
    return struct.unpack(f">{blocks * _WORDS}I", stream)


def count_choices(inputs: Inputs, assignment: Mapping[int, int | None]) -> Choices:
    ranks, unranked, none = [0] * _longest(inputs), 0, 0
    for team in inputs.teams:
        place, ranking = assignment[team], inputs.rankings[team]
        if place is None:
            none += 1
        elif place in ranking:
            ranks[ranking.index(place)] += 1
        else:
            unranked += 1
    return Choices(ranks, unranked, none)
