"""The HTTP API of producers: for who may arrange a board."""

from __future__ import annotations

import msgspec

from twidder.boards import producers
from twidder.boards.producers import Producer
from twidder.web.api import PREFIX, Api, Call

api = Api("producers")


class NewProducer(msgspec.Struct, forbid_unknown_fields=True):
    """``name``: what it is: a thermometer, a script."""

    name: str


class Producers(msgspec.Struct):
    items: list[Producer]


class MadeProducer(msgspec.Struct):
    """``token`` is shown this once. ``curl``: a line that feeds the board."""

    producer: Producer
    token: str
    curl: str


@api.route("GET", "/boards/<board:ref>/producers", answer=Producers)
def list_producers(call: Call, ref: str) -> Producers:
    """Who may feed the board, newest first."""
    return Producers(call.read(lambda tx: producers.list_producers(tx, call.me, ref)))


@api.route("POST", "/boards/<board:ref>/producers", body=NewProducer, answer=MadeProducer, statuses=(201,))
def create_producer(call: Call, ref: str) -> MadeProducer:
    """A token that writes to this board, and reads nothing."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    token = producers.make_token()
    made, slug = call.write(lambda tx: producers.add(tx, call.me, ref, call.body.name, token, limits))
    url = f"{call.core.settings.address}{PREFIX}/boards/{slug}/values"
    curl = f"curl -H 'Authorization: Bearer {token}' {url} -d '{{\"temp\": 21.5}}'"
    return MadeProducer(made, token, curl)


@api.route("DELETE", "/boards/<board:ref>/producers/<id:producer>", statuses=(204,))
def revoke_producer(call: Call, ref: str, producer: int) -> None:
    """Its token is worth nothing from now on; what it has sent stays."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    call.write(lambda tx: producers.revoke(tx, call.me, ref, producer))
