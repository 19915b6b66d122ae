"""The HTTP API of a board's public link."""

from __future__ import annotations

import msgspec

from twidder.accounts.links import qr_rows
from twidder.boards import sharing
from twidder.web.api import Api, Call, Nothing

api = Api("board_links")


class BoardLink(msgspec.Struct):
    """``qr``: rows of 0 and 1, without the quiet zone."""

    url: str
    expires_at: int
    qr: list[str]


@api.route("POST", "/boards/<board:ref>/link", body=Nothing, answer=BoardLink, statuses=(201,))
def open_board_link(call: Call, ref: str) -> BoardLink:
    """A link by which anybody looks on. It ends the older one, and who came by that is put out."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    secret = sharing.make_secret()
    expires_at = call.write(lambda tx: sharing.open_link(tx, call.me, ref, secret, limits.board_link_seconds))
    url = f"{call.core.settings.address}/board#{secret}"
    return BoardLink(url, expires_at, qr_rows(url))


@api.route("DELETE", "/boards/<board:ref>/link", statuses=(204,))
def end_board_link(call: Call, ref: str) -> None:
    """Who came by it is put out at once."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    call.write(lambda tx: sharing.end_link(tx, call.me, ref))
