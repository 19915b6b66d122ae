"""The HTTP API of polls."""

from __future__ import annotations

import msgspec

from twidder.boards import voting
from twidder.boards.access import access_board
from twidder.store import Tx
from twidder.web.api import Api, Call

api = Api("board_votes")


class Vote(msgspec.Struct, forbid_unknown_fields=True):
    """``option``: its place among the poll's options; null withdraws."""

    option: int | None


class Voted(msgspec.Struct):
    """``votes``: for each option how many."""

    votes: list[int]
    mine: int | None


@api.route("PUT", "/boards/<board:ref>/polls/<tile>/vote", who="guest", body=Vote, answer=Voted)
def put_vote(call: Call, ref: str, tile: str) -> Voted:
    """My one vote; another one replaces it."""
    voting.take_turn(call.core.rates, call.caller, call.core.settings.limits)

    def write(tx: Tx) -> Voted:
        place = access_board(tx, call.caller, ref)
        counted = voting.vote(tx, place.id, tile, voting.voter(call.caller), call.body.option)
        return Voted(counted.votes, call.body.option)

    return call.write(write)
