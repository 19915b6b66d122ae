"""The HTTP API of a draw: ranking places before, reading and checking the result after."""

from __future__ import annotations

import msgspec

from twidder.pairup import draws, ranking
from twidder.pairup.acting import take_turn
from twidder.pairup.drawing import Draw
from twidder.pairup.ranking import Ranking
from twidder.web.api import Api, Call, Nothing

api = Api("pairup_draws")


@api.route("PUT", "/pairup/rounds/<id:round>/ranking", who="student", body=Ranking, statuses=(204,))
def rank_places(call: Call, round: int) -> None:
    """My team’s whole list, the best first."""
    limits = call.core.settings.limits
    take_turn(call.core.rates, call.student, limits)
    call.write(lambda tx: ranking.rank(tx, call.student, round, call.body.places, limits))


@api.route("GET", "/pairup/rounds/<id:round>/draw", who="student", answer=Draw)
def show_draw(call: Call, round: int) -> msgspec.Raw:
    """The published draw with the proof that it is right: ``twidder pairup verify FILE`` checks it."""
    return msgspec.Raw(call.read(lambda tx: draws.document(tx, call.student, round)))


@api.route(
    *("POST", "/pairup/rounds/<id:round>/draw"),
    who="staff",
    body=Nothing,
    answer=Draw,
    statuses=(201,),
    hashes=True,  # seconds where a round is large: other views go on meanwhile
)
def draw_now(call: Call, round: int) -> msgspec.Raw:
    """Closes the round and draws its places."""
    call.write(lambda tx: draws.close(tx, call.me, round))
    draws.run(call.core.store, round, call.core.settings.limits)
    return msgspec.Raw(call.read(lambda tx: draws.document(tx, call.me, round)))
