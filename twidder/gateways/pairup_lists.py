"""Pair-Up's own client: the places that are free, and who has made what."""

from __future__ import annotations

from typing import Any

from twidder.errors import Unauthorized
from twidder.gateways.pairup_dialect import Said, listed_project
from twidder.gateways.pairup_functions import Ask, Functions, the_round
from twidder.pairup import projects
from twidder.store import ReadTx

functions = Functions()


@functions.at("GET", "/api/labs/", who="either")
def list_labs(ask: Ask) -> Said:
    def read(tx: ReadTx) -> list[projects.Spot]:
        row, _ = _looking_on(tx, ask)
        return projects.free_spots(tx, row)

    free = ask.core.store.read(read)
    return Said({"available_labs": [{"lab_id": one.id, "lab": f"{one.lab} {one.time}"} for one in free]})


@functions.at("GET", "/api/projects/", who="either")
def list_projects(ask: Ask) -> Said:
    def read(tx: ReadTx) -> list[projects.Project]:
        row, is_stranger = _looking_on(tx, ask)
        return projects.list_projects(tx, row, named=False if is_stranger else None)

    return Said({"projectList": [listed_project(one) for one in ask.core.store.read(read)]})


def _looking_on(tx: ReadTx, ask: Ask) -> tuple[Any, bool]:
    """(the round, whether a stranger asks). The original asked nobody; strangers may look where a number alone is
    enough to belong, but for names. Raises Unauthorized."""
    row = the_round(tx)
    if ask.holder is not None and (ask.me.is_staff or projects.own_entry(tx, row, ask.me) is not None):
        return row, False
    if not row.open_registration:
        raise Unauthorized
    return row, True
