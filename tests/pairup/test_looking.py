"""Who looks for a partner says so, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.harness.live import Live
from tests.harness.server import Server
from tests.pairup.school import Pupil, School
from tests.pairup.test_inviting import accept, invite
from tests.pairup.test_names import log_of
from tests.pairup.test_teams import LONG_AGO


def look(pupil: Pupil, about: str = "", *, expect: int = 200) -> dict[str, Any]:
    return dict(pupil.api.put(f"/pairup/entries/{pupil.entry}/looking", {"about": about}, expect=expect).json())


def listed(pupil: Pupil) -> dict[int, dict[str, Any]]:
    """By entry, as everybody in the round sees them."""
    return {one["entry"]: one for one in pupil.api.get(f"/pairup/rounds/{pupil.round}", expect=200).json()["looking"]}


def test_opt_in_a_line_about_oneself_and_out_again(school: School) -> None:
    ada, bo = school.enrol(school.make_round(), 2, cohort="BSc")
    assert listed(bo) == {}
    shown = look(ada, "  Evenings are good ")
    assert (shown["name"], shown["cohort"], shown["about"]) == ("Student1 Test", "BSc", "Evenings are good")
    assert listed(bo) == {ada.entry: shown}
    assert look(ada, "")["about"] == ""
    for wrong in ("x" * 281, "two\nlines"):
        assert look(ada, wrong, expect=422)["field"] == "about"
    for _ in range(2):
        ada.api.delete(f"/pairup/entries/{ada.entry}/looking", expect=204)
    assert listed(bo) == {}


def test_it_ends_with_a_full_team_and_not_before(school: School) -> None:
    ada, bo, cy = school.enrol(school.make_round(size_max=3), 3)
    for pupil in (ada, bo, cy):
        look(pupil)
    accept(bo, invite(ada, bo)["id"])
    assert {entry: one["size"] for entry, one in listed(cy).items()} == {ada.entry: 2, bo.entry: 2, cy.entry: 1}
    accept(ada, invite(cy, ada)["id"])
    assert listed(cy) == {}
    assert look(cy, expect=409)["code"] == "full"
    bo.api.delete(f"/pairup/teams/{bo.team}/members/{bo.entry}", expect=204)
    assert look(bo)["size"] == 1
    assert look(ada)["size"] == 2


def test_not_when_the_round_is_closed(school: School) -> None:
    (ada,) = school.enrol(round := school.make_round(), 1)
    school.staff.patch(f"/pairup/rounds/{round['id']}", {"closes_at": LONG_AGO}, expect=200)
    assert look(ada, expect=409)["code"] == "closed"


def test_what_was_said_leaves_the_log_with_it(school: School, server: Server, live: Callable[..., Live]) -> None:
    """Whoever catches up from before learns neither name nor line; and ends where everybody is."""
    ada, bo = school.enrol(round := school.make_round(), 2)
    before = bo.api.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    look(ada, "Only until I change my mind")
    look(ada, "Still looking")
    look(bo, "Me too")
    ada.api.delete(f"/pairup/entries/{ada.entry}/looking", expect=204)
    topic = f"pairup:{round['id']}"
    missed = live(bo.api).join({topic: before["seq"]}, epoch=before["epoch"])[topic]["events"]
    abouts = [(one["event"], one["data"].get("looking", {}).get("about")) for one in missed]
    assert abouts == [
        *[("looking.changed", "")] * 2,
        ("looking.changed", "Me too"),
        ("looking.ended", None),
    ]
    said = log_of(server, topic)
    assert not [text for text in said if "mind" in text or "Still" in text or "Student1" in text]
