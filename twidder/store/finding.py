"""Finding texts by their words, newest first, with work that has an end however common the words are.

A word that everybody uses is in a million texts, of which one may see few. So the newest texts with the words are
taken first, no more than ``probe``, and only of these those that one may see. Where that does not fill a page there is
a place to go on from.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, bindparam, column, func, literal, select, text, union_all
from sqlalchemy.sql import ColumnElement

from twidder.store.fulltext import Found, texts
from twidder.store.tx import ReadTx

_LAST_ID = 2**63 - 1
_FIRST_PROBE = 500  # mostly enough for a page


class Words(NamedTuple):
    """All of these phrases; the last word of the last one may go on where ``unfinished``."""

    phrases: tuple[str, ...]
    unfinished: bool = False


class Scope(NamedTuple):
    """Ids from ``first`` up to, and without, ``end``. ``place_id``, ``author_id``: a hint that narrows the probe;
    ``may_see`` has to say the same."""

    first: int = 0
    end: int = _LAST_ID
    place_id: int | None = None
    author_id: int | None = None


class Page(NamedTuple):
    """``next``: the ``end`` of what is left to look through; None = that was all."""

    found: list[Found]
    next: int | None


def newest(tx: ReadTx, words: Words, scope: Scope, may_see: ColumnElement[bool], *, limit: int, probe: int) -> Page:
    """``may_see``: a condition on ``fulltext.texts``."""
    dialect = tx.dialect
    query = _visible_hits(dialect, may_see)
    asked = {"first": scope.first, "end": scope.end, "words": _EXPRESSIONS[dialect](words, scope), "most": limit + 1}
    # All texts with an unfinished word are gathered before the first is known: a second probe would do that again.
    for size in (probe,) if words.unfinished else (min(_FIRST_PROBE, probe), probe):
        *rows, seen = tx.execute(query, asked | {"probe": size}).all()
        found = sorted((Found._make(row) for row in rows), reverse=True)
        if len(found) > limit:
            return Page(found[:limit], found[limit - 1].id)
        if seen.item_id < size:
            return Page(found, None)
    return Page(found, seen.id)


def _visible_hits(dialect: str, may_see: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The visible ones of the probe; and a last row with the lowest id of the probe and, as item_id, its size."""
    hits = text(_HITS[dialect]).columns(column("id", Integer)).cte("hits").prefix_with("MATERIALIZED")
    wanted = select(texts).join(hits, hits.c.id == texts.c.id).where(may_see)
    visible = wanted.order_by(texts.c.id.desc()).limit(bindparam("most")).subquery()
    nothing = (literal(""), func.count(), literal(0), literal(0), literal(""))
    return union_all(select(visible), select(func.min(hits.c.id), *nothing).select_from(hits))


_HITS = {
    "sqlite": """SELECT rowid AS id FROM text_index WHERE text_index MATCH :words AND rowid >= :first AND rowid < :end
        ORDER BY rowid DESC LIMIT :probe""",
    "postgresql": """SELECT id FROM texts WHERE to_tsvector('simple', body) @@ to_tsquery('simple', :words)
        AND id >= :first AND id < :end ORDER BY id DESC LIMIT :probe""",
}


def _fts5(words: Words, scope: Scope) -> str:
    """Everything stands in quotes, where FTS5 knows no operators."""
    phrases = " AND ".join(f'"{phrase.replace(chr(34), " ")}"' for phrase in words.phrases)
    narrowed = f"body : ({phrases}{' *' if words.unfinished else ''})"
    if scope.place_id is not None:
        narrowed += f' AND place_id : "{scope.place_id}"'
    if scope.author_id is not None:
        narrowed += f' AND author_id : "{scope.author_id}"'
    return narrowed


def _tsquery(words: Words, _scope: Scope) -> str:
    phrases = " & ".join("'" + phrase.replace("\\", " ").replace("'", "''") + "'" for phrase in words.phrases)
    return phrases + (":*" if words.unfinished else "")


_EXPRESSIONS = {"sqlite": _fts5, "postgresql": _tsquery}
