"""Looks whether a place is free, and then takes it: two who look at the same moment both get it (X1)."""

from typing import Any

from sqlalchemy import select, update

from twidder import asgi
from twidder.cli import main
from twidder.pairup import seating
from twidder.pairup.access import Place
from twidder.pairup.models import places
from twidder.store import Store, Tx

if __name__ == "__main__":
    stores: list[Store] = []
    open_store = asgi.open_store

    def open_and_remember(*options: Any) -> Store:
        stores.append(open_store(*options))
        return stores[0]

    def claim(tx: Tx, place_id: int, team_id: int, now: int, *, kept_too: bool = False) -> Place | None:
        free = select(places.c.id).where(*seating._nobody_else(place_id, team_id, now))
        if stores[0].read(lambda seen: seen.execute(free).first()) is None:
            return None
        taken = {"team_id": team_id, "held_by": None, "held_until": None, "fence": places.c.fence + 1}
        return seating._one(tx, update(places).where(places.c.id == place_id).values(taken))

    asgi.open_store = open_and_remember
    seating.claim = claim
    main()
