"""Finds the best assignment and its certificate. SciPy does the finding; it is an extra (``make solver``).

Its answer is not taken on trust: the prices are reckoned in whole numbers, and there are none unless it is the best.
"""

from __future__ import annotations

import importlib.util
import itertools
from typing import Any

from twidder.pairup.checking import check_inputs, weigh
from twidder.pairup.drawing import (
    VERSION,
    Attempt,
    Draw,
    Inputs,
    commit,
    costs,
    count_choices,
    make_seed,
)


class NoSolver(Exception):
    """SciPy is not installed here."""


def is_there() -> bool:
    return importlib.util.find_spec("scipy") is not None


def solve(inputs: Inputs, secret: str, at: int) -> Draw:
    """The same for the same inputs and secret, whatever the machine. Takes seconds for a thousand teams. Raises
    NoSolver."""
    check_inputs(inputs)
    if not is_there():
        raise NoSolver
    seed, ties = make_seed(secret, inputs), list[Attempt]()
    for number in itertools.count():
        attempt = _solve_once(inputs, seed, number)
        cost, unique = weigh(inputs, seed, number, attempt)
        if unique:
            break
        ties.append(attempt)
    choices = count_choices(inputs, attempt.assignment)
    assignment, prices = attempt.assignment, attempt.prices
    return Draw(VERSION, at, commit(secret), secret, seed, inputs, assignment, prices, cost, choices, ties)


def _solve_once(inputs: Inputs, seed: str, number: int) -> Attempt:
    if not inputs.teams:
        return Attempt({}, {})
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    places = len(inputs.places)
    cost = np.array([np.frombuffer(row, dtype=np.int64) for row in costs(inputs, seed, number)])
    # Nobody goes without while there is a place, so "none" is a column only as often as there are too few.
    missing = max(0, len(inputs.teams) - places)
    whole = np.hstack([cost[:, :places], np.repeat(cost[:, places:], missing, axis=1)])
    _, columns = linear_sum_assignment(whole)
    own = np.minimum(columns, places)
    prices = _least_prices(cost, own)
    assignment = {
        team: inputs.places[option] if option < places else None
        for team, option in zip(inputs.teams, own.tolist(), strict=True)
    }
    return Attempt(assignment, {place: price for place, price in zip(inputs.places, prices, strict=True) if price})


def _least_prices(cost: Any, own: Any) -> list[int]:
    """Of each place, the lowest at which nobody would rather have another; raised until all are content. They are the
    same whichever way the assignment was found. Raises AssertionError where it is not the best: then there are none."""
    import numpy as np

    teams, places = cost.shape[0], cost.shape[1] - 1
    gains = np.take_along_axis(cost, own[:, None], axis=1) - cost[:, :places]
    prices = np.zeros(places + 1, dtype=np.int64)
    for _ in range(teams + 1):
        wanted = np.maximum((gains + prices[own][:, None]).max(axis=0, initial=0), 0)
        if np.array_equal(wanted, prices[:places]):
            break
        prices[:places] = wanted
    else:
        raise AssertionError("The solver's assignment is not the best.")
    listed: list[int] = prices[:places].tolist()
    return listed
