"""Rows read by plain statements are as SQLAlchemy would have them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.pairup.seated import furnish
from twidder.pairup.access import access_entry, access_lab, access_place, access_team, find_round
from twidder.pairup.models import entries, labs, places, rounds, teams
from twidder.store import ReadTx, Store


@pytest.mark.parametrize("table", [rounds, entries, teams, labs, places], ids=lambda table: str(table.name))
def test_rows_have_the_same_names_values_and_types(store: Store, table: Any) -> None:
    """Booleans above all: JSON tells 0 from false, and Python does not."""
    round_ = furnish(store)
    ada = round_.teams[0][0]

    def read(tx: ReadTx) -> tuple[Any, Any]:
        row = {
            rounds: lambda: find_round(tx, round_.id),
            entries: lambda: access_entry(tx, ada.me, ada.entry)[1],
            teams: lambda: access_team(tx, ada.me, ada.team)[1],
            labs: lambda: access_lab(tx, ada.me, next(iter(round_.labs)))[1],
            places: lambda: access_place(tx, ada.me, round_.places[0])[1],
        }[table]()
        return row, tx.execute(select(table).where(table.c.id == row.id)).one()

    plain, built = store.read(read)
    assert [(name, repr(value)) for name, value in plain._asdict().items()] == [
        (name, repr(value)) for name, value in built._asdict().items()
    ]
