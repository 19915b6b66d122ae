"""The audit of a round: everything, by name, page by page."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest

from tests.pairup.seated import furnish
from twidder.accounts import authors
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound
from twidder.pairup import auditing, places, telling
from twidder.store import Store

SMALL = dataclasses.replace(Limits(), audit_page=10, audit_lines=20)


def test_the_audit_is_paged_and_says_who(store: Store) -> None:
    """Newest first, without a hole and nothing twice; what the clock did is nobody's."""
    round_ = furnish(store)
    (ada, _), _ = round_.teams
    store.write(lambda tx: places.take(tx, ada.me, round_.places[0], SMALL))
    for number in range(24):
        store.write(lambda tx, number=number: telling.record(tx, round_.id, None, "expire", place=number))
    found, before, pages = [], None, 0
    while pages == 0 or before is not None:
        page = store.read(lambda tx, before=before: auditing.page(tx, round_.staff.me, round_.id, before, SMALL))
        found, before, pages = [*found, *page.items], page.next, pages + 1
    assert pages == 3
    assert [line.data["place"] for line in found[:24]] == list(range(23, -1, -1))
    assert {line.by for line in found[:24]} == {None}
    assert (found[24].act, found[24].by_id) == ("book", ada.user_id)
    name = store.read(lambda tx: authors(tx, [ada.user_id]))[ada.user_id]
    assert found[24].by == f"{name.firstname} {name.familyname}"
    assert len(found) == 25


def test_the_audit_as_a_table(store: Store) -> None:
    """As many lines as a file may have, the newest; and no formula."""
    round_, other = furnish(store), furnish(store)
    (ada, _), _ = round_.teams
    for _ in range(25):
        store.write(lambda tx: telling.record(tx, round_.id, ada.user_id, "round_changed", name="=1+1"))
    table = store.read(lambda tx: auditing.as_csv(tx, round_.staff.me, round_.id, None, SMALL))
    lines = list(csv.DictReader(io.StringIO(table.decode())))
    assert len(lines) == 20
    assert lines[0]["data"] == '{"name":"=1+1"}'
    assert lines[0]["at"].endswith("Z")
    with pytest.raises(Forbidden):
        store.read(lambda tx: auditing.page(tx, ada.me, round_.id, None, SMALL))
    with pytest.raises(NotFound):
        store.read(lambda tx: auditing.page(tx, other.teams[0][0].me, round_.id, None, SMALL))
