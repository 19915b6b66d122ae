"""The one verb of search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from twidder import rooms, walls
from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import BadField
from twidder.rates import Rates
from twidder.search.models import Hit, HitsPage, Place, Query
from twidder.search.query import parse, snippet
from twidder.store import ReadTx, finding
from twidder.store.finding import Scope, Words
from twidder.store.fulltext import Found, first_id, texts

_YEAR_10000 = 253_402_300_800_000  # ms since the epoch


def check_query(query: Query, limits: Limits) -> Words:
    """Raises BadField."""
    words = parse(query.q)
    if len(query.q) > limits.search_length:
        raise BadField("q", f"Search for at most {limits.search_length} characters.")
    if words is None:
        raise BadField("q", "Type a word to look for.")
    if not 1 <= query.limit <= limits.page_size:
        raise BadField("limit", f"A page has 1 to {limits.page_size} results.")
    if query.in_ is not None and query.wall is not None:
        raise BadField("wall", "Search in a room or on a wall.")
    for name, number in (("in", query.in_), ("wall", query.wall), ("from", query.from_)):
        if number is not None and not 0 <= number < 2**63:
            raise BadField(name, "There is nothing of that number.")
    for name, at in (("after", query.after), ("before", query.before)):
        if at is not None and not 0 <= at <= _YEAR_10000:
            raise BadField(name, "A time is in milliseconds since 1970.")
    if query.cursor is not None and not 0 < query.cursor < 2**63:
        raise BadField("cursor", "That is not where a page ended.")
    return words


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """Raises RateLimited."""
    rates.take("search", me.user_id, burst=limits.searches_burst, rate=limits.searches_per_second)


def search(tx: ReadTx, me: Caller, query: Query, words: Words, limits: Limits) -> HitsPage:
    """``words``: of the checked query. Raises NotFound for a room or wall that is not there or not for ``me``."""
    may_see = _may_see(tx, me, query)
    if query.from_ is not None:
        may_see = and_(may_see, texts.c.author_id == query.from_)
    page = finding.newest(tx, words, _scope(query), may_see, limit=query.limit, probe=limits.search_probe)
    return HitsPage(_as_hits(tx, page.found, words), page.next)


def _may_see(tx: ReadTx, me: Caller, query: Query) -> ColumnElement[bool]:
    if query.in_ is not None:
        rooms.access_room(tx, me, query.in_)
        return and_(texts.c.kind == "message", texts.c.place_id == query.in_)
    if query.wall is not None:
        walls.access_wall(tx, me, query.wall)
        return and_(texts.c.kind == "post", texts.c.place_id == query.wall)
    return or_(
        and_(texts.c.kind == "message", texts.c.place_id.in_(rooms.visible_rooms(tx, me))),
        and_(texts.c.kind == "post", texts.c.place_id.in_(walls.visible_walls(tx, me))),
    )


def _scope(query: Query) -> Scope:
    place = query.wall if query.in_ is None else query.in_
    first = 0 if query.after is None else first_id(query.after)
    ends = [Scope().end if query.before is None else first_id(query.before), query.cursor or Scope().end]
    return Scope(first, min(ends), place, query.from_)


def _as_hits(tx: ReadTx, found: list[Found], words: Words) -> list[Hit]:
    """What is in the index but not on the page any more is left out: both change in one transaction, so there is
    none."""
    messages = {message.id: message for message in rooms.load(tx, _ids(found, "message"))}
    posts = {post.id: post for post in walls.load(tx, _ids(found, "post"))}
    names = rooms.names(tx, {message.room for message in messages.values()})
    hits = []
    for one in found:
        shown: dict[str, Any]
        if one.kind == "message":
            message = messages[one.item_id]
            shown = {"message": message, "room": Place(message.room, *names[message.room])}
        else:
            shown = {"post": posts[one.item_id]}
        hits.append(Hit(one.kind, snippet(one.body, words), **shown))
    return hits


def _ids(found: list[Found], kind: str) -> list[int]:
    return [one.item_id for one in found if one.kind == kind]
