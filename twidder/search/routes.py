"""The HTTP API of search."""

from __future__ import annotations

from twidder.search import service
from twidder.search.models import HitsPage, Query
from twidder.web.api import Api, Call

api = Api("search")


@api.route("GET", "/search", query=Query, answer=HitsPage)
def search(call: Call) -> HitsPage:
    """Messages and posts with all these words, newest first, of what I may see."""
    limits = call.core.settings.limits
    words = service.check_query(call.query, limits)
    service.take_turn(call.core.rates, call.me, limits)
    return call.read(lambda tx: service.search(tx, call.me, call.query, words, limits))
