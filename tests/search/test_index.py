"""The index of texts, at the store: what it finds, how far it looks, and what of a deleted text is left in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import true
from sqlalchemy.dialects import postgresql

from tests.harness import counts
from twidder.config import Limits
from twidder.store import Store, Tx, finding, fulltext, open_store
from twidder.store.finding import Scope, Words
from twidder.store.fulltext import first_id, texts

NOON = 1_780_000_000_000
ROOM, ELSEWHERE = 1, 2
ALL = Scope()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "a.db", Limits(), lambda news: None)
    yield opened
    opened.close()


def _say(tx: Tx, item: int, text: str, place: int = ROOM, author: int = 1) -> None:
    fulltext.put(tx, "message", item, place, author, NOON + item, text)


def _find(store: Store, *phrases: str, scope: Scope = ALL, place: int | None = None, **more: int) -> finding.Page:
    may_see = true() if place is None else texts.c.place_id == place
    asked = {"limit": 10, "probe": 1_000} | more
    return store.read(lambda tx: finding.newest(tx, Words(phrases), scope, may_see, **asked))


def _items(page: finding.Page) -> list[int]:
    return [one.item_id for one in page.found]


def test_it_looks_through_so_much_and_says_where_to_go_on(store: Store) -> None:
    """Of a word in a hundred texts elsewhere and one here: an empty page with a next, until the one is found."""
    store.write(
        lambda tx: [_say(tx, 1, "a needle in the hay")] + [_say(tx, i, "hay", ELSEWHERE) for i in range(2, 102)]
    )
    looked, page = 0, finding.Page([], Scope().end)
    while page.next is not None:
        page = _find(store, "hay", scope=Scope(end=page.next), place=ROOM, probe=30)
        looked += 1
    assert (looked, _items(page)) == (4, [1])
    assert _items(_find(store, "hay", scope=Scope(place_id=ROOM), place=ROOM, probe=30)) == [1]


def test_pages_follow_each_other_newest_first(store: Store) -> None:
    """Nothing twice, nothing left out; a time is a bound."""
    store.write(lambda tx: [_say(tx, item, f"number {item}") for item in range(1, 26)])
    seen: list[int] = []
    end: int | None = Scope().end
    while end is not None:
        page = _find(store, "number", scope=Scope(end=end))
        seen, end = seen + _items(page), page.next
    assert seen == list(range(25, 0, -1))
    between = Scope(first_id(NOON + 5), first_id(NOON + 8))
    assert _items(_find(store, "number", scope=between)) == [7, 6, 5]


def test_what_is_undone_is_not_indexed(store: Store) -> None:
    """A change that fails leaves nothing behind, in whatever company it is committed; one that is changed twice in a
    batch is found by the last text only."""

    def fail(tx: Tx) -> None:
        _say(tx, 1, "never said")
        raise ValueError("on second thoughts")

    def change(tx: Tx) -> None:
        for text in ("first", "second", "third"):
            _say(tx, 2, text)

    with pytest.raises(ValueError, match="second thoughts"):
        store.write(fail)
    store.write(change)
    assert [_items(_find(store, word)) for word in ("never", "first", "second", "third")] == [[], [], [], [2]]
    store.write(lambda tx: fulltext.forget(tx, "message", 2))
    assert _items(_find(store, "third")) == []
    store.write(lambda tx: tx.driver.execute("INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)"))


def test_L9_a_forgotten_word_leaves_the_file(store: Store, tmp_path: Path) -> None:
    """Among ten thousand texts, beside people who go on writing: deleted and changed words are nowhere in the files,
    though a mere deletion leaves them there."""
    many = counts.count(100_000)
    for start in range(0, many, 5_000):
        batch = range(start, start + 5_000)
        store.write(lambda tx, batch=batch: [_say(tx, 10 + i, f"word{i % 997} and {i}") for i in batch])  # type: ignore[misc]
    store.write(lambda tx: (_say(tx, 1, "qvzanzibar was here"), _say(tx, 2, "xwtimbuktu was here")))
    store.write(lambda tx: fulltext.forget(tx, "message", 1))
    store.write(lambda tx: _say(tx, 2, "nobody was here"))
    assert _left(tmp_path)
    for later in range(many + 100, many + 1_100):
        if not store.read(fulltext.unclean):
            break
        store.write(lambda tx: fulltext.purge(tx, 100))
        store.write(lambda tx, later=later: _say(tx, later, "meanwhile"))  # type: ignore[misc]
    assert _left(tmp_path) == []
    assert _items(_find(store, "word5", limit=1)) != []
    store.write(lambda tx: tx.driver.execute("INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)"))


def _left(folder: Path) -> list[str]:
    """By the ends of the words: the index keeps the beginning that neighbours share only once."""
    return [
        f"{path.name}: {word!r}"
        for path in folder.iterdir()
        for word in (b"nzibar", b"mbuktu")
        if word in path.read_bytes()
    ]


def test_the_other_store_is_asked_in_its_own_words() -> None:
    """PostgreSQL gets a tsquery, in which nothing that was typed is an operator."""
    query = finding._visible_hits("postgresql", true())
    assert "to_tsquery" in str(query.compile(dialect=postgresql.dialect()))
    assert finding._tsquery(Words(("it's | a", "fla"), True), Scope()) == "'it''s | a' & 'fla':*"
