"""Looks whether a place is free, and then takes it: two who look at the same moment both get it (X1)."""

from typing import Any

from twidder import asgi
from twidder.cli import main
from twidder.pairup import seating
from twidder.pairup.access import Place
from twidder.pairup.models import places
from twidder.pairup.rows import Rows
from twidder.store import Store, Tx

_FREE = f"SELECT 1 FROM pairup_places WHERE {seating._NOBODY_ELSE}"
_TAKE = "UPDATE pairup_places SET team_id = ?, held_by = NULL, held_until = NULL, fence = fence + 1 WHERE id = ?"

if __name__ == "__main__":
    taken = Rows(places, f"{_TAKE} RETURNING *", Place)
    stores: list[Store] = []
    open_store = asgi.open_store

    def open_and_remember(*options: Any) -> Store:
        stores.append(open_store(*options))
        return stores[0]

    def claim(tx: Tx, place_id: int, team_id: int, now: int, *, kept_too: bool = False) -> Place | None:
        wanted = place_id, now, team_id
        if stores[0].read(lambda seen: seen.driver.execute(_FREE, wanted).fetchone()) is None:
            return None
        return taken.one(tx, team_id, place_id)

    asgi.open_store = open_and_remember
    seating.claim = claim
    main()
