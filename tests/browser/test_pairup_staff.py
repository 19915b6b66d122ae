"""Pair-Up as staff see it, from a mere name to codes in students' hands; the queue at the lab; the draw."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.accessible import at_both_sizes, in_both_schemes
from tests.browser.pages import SOON, Window, live, step
from tests.harness.api import Api
from tests.harness.people import People, Person
from tests.harness.server import Server
from tests.pairup.school import PIN, Pupil, School, fresh_number, open_school, sign_in
from twidder import admin
from twidder.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page

pytestmark = pytest.mark.browser

Open = Callable[..., Window]


@pytest.fixture
def school(server: Server, client: Callable[..., Api]) -> School:
    return open_school(server, client)


@pytest.fixture
def teacher(server: Server, client: Callable[..., Api], people: People) -> Person:
    """Of the staff, and in no browser yet."""
    client(people.bert)
    admin.run(Settings(data=server.data), "make-owner", people.bert.email)
    return people.bert


def enter(window: Open, pupil: Pupil, tab: str) -> Page:
    """By number and PIN."""
    page = window().open(f"/pairup/{pupil.round}?tab={tab}")
    page.get_by_label("E-mail").fill(pupil.number)
    page.get_by_label("Password").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    live(page)
    return page


def saved(download: Download) -> str:
    return download.path().read_text(encoding="utf-8-sig")


def table(count: int) -> tuple[str, list[str]]:
    """(a CSV of so many students, their numbers)"""
    numbers = [fresh_number() for _ in range(count)]
    lines = [f"{number};Student{index};Berg;s{number}@example.org;D1" for index, number in enumerate(numbers, 1)]
    return "\n".join(["number;firstname;familyname;email;cohort", *lines]), numbers


def test_a_round_from_nothing_to_codes(window: Open, teacher: Person) -> None:
    page = window().sign_in(teacher, "/pairup")
    page.get_by_role("button", name=re.compile("^(New|Make a) round$")).first.click()
    page.get_by_role("button", name="Create round").click()
    page.get_by_text("Write a name.").wait_for()
    page.get_by_label("Name", exact=True).fill("From nothing")
    page.get_by_role("button", name="Create round").click()
    page.get_by_role("heading", name="Getting ready").wait_for()
    assert "tab=staff" in page.url

    csv, numbers = table(5)
    page.get_by_role("link", name="Add students").click()
    page.get_by_label("Students", exact=True).fill(csv.replace(f"s{numbers[1]}@", "nobody"))
    page.get_by_text("1 line needs another look").wait_for()
    assert page.locator(".csv__gutter [data-bad=true]").inner_text() == "3"
    page.get_by_role("button", name="Line 3").click()
    assert page.evaluate("getSelection().toString()").startswith(numbers[1])
    page.get_by_label("Students", exact=True).fill(csv)
    page.get_by_text("5 new").wait_for()
    page.get_by_role("button", name="Import 5").click()
    page.get_by_role("row").filter(has_text=numbers[4]).wait_for()

    with page.expect_download() as download:
        page.get_by_role("button", name="Make codes for 5").click()
        page.get_by_role("heading", name="5 codes for From nothing").wait_for()
        page.locator(".codes").get_by_role("button", name="CSV").click()
    rows = saved(download.value).splitlines()
    assert len(rows) == 6
    assert all("/claim#" in row for row in rows[1:])
    code = page.locator(".code-slip__code").first.inner_text()
    page.get_by_role("button", name="Done").click()
    assert code not in page.content()

    page.get_by_role("link", name="Labs", exact=True).click()
    page.get_by_label("Lab", exact=True).fill("SU17")
    page.get_by_text("8 places, 13:00 to 15:00").wait_for()
    page.get_by_role("button", name="Add the lab").click()
    page.get_by_text("8 of 8 places free").wait_for()
    page.get_by_role("button", name="What to do with 13:15").click()
    page.get_by_role("menuitem", name="Keep it back").click()
    page.get_by_text("7 of 8 places free").wait_for()
    page.get_by_role("link", name="What was done").click()
    page.locator(".audit").get_by_text("imported the roster: added 5").wait_for()


def test_staff_see_teams_form_and_help_the_rest(window: Open, teacher: Person, school: School) -> None:
    round = school.make_round(names="staff")
    pupils = school.enrol(round, 5, cohort="D1", signed_in=False)
    lab = school.make_lab(round, places=3, name="SU17")
    page = window().sign_in(teacher, f"/pairup/{round['id']}?tab=staff")
    page.get_by_role("heading", name="Left over").wait_for()
    team = school.pair(round, pupils[0], pupils[1])
    sign_in(pupils[0].api, pupils[0].number)
    pupils[0].take(lab["places"][0])
    row = page.get_by_role("row").filter(has_text="Student1 Test & Student2 Test")
    row.filter(has_text="SU17").wait_for(timeout=SOON)

    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.locator("[role=menuitem]:focus").wait_for()
    page.keyboard.press("Enter")
    place = page.get_by_label("To", exact=True)
    place.select_option(str(lab["places"][2]))
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text("They are told").wait_for()
    held = {place["id"]: place["team"] for place in school.staff.get(f"/pairup/rounds/{round['id']}").json()["places"]}
    assert held[lab["places"][0]] is None
    assert held[lab["places"][2]]["id"] == team

    page.get_by_role("button", name="Pair the rest").click()
    page.get_by_text("1 team made.").wait_for()
    page.get_by_text("1 student is still without a team.").wait_for()
    page.get_by_role("button", name="Team", exact=False).first.click()
    page.get_by_role("searchbox", name="Filter Teams").fill("student3")
    page.get_by_text("1 row of 2").wait_for()
    faults = at_both_sizes(page)
    for part, there in (("roster", "Import again"), ("labs", "Add a lab"), ("audit", "CSV")):
        step(page, f"/pairup/{round['id']}?tab=staff&part={part}")
        page.get_by_text(there).first.wait_for()
        faults += in_both_schemes(page)
    assert faults == []


def test_staff_keep_the_names_that_events_do_not_tell(window: Open, teacher: Person, school: School) -> None:
    """Of a team that was there, of its place, and of one that forms while they look."""
    round = school.make_round(names="staff")
    ada, bo, cy, di = school.enrol(round, 4)
    lab = school.make_lab(round, places=2)
    team = school.pair(round, ada, bo)
    page = window().sign_in(teacher, f"/pairup/{round['id']}?tab=projects")
    page.locator(".project", has_text=ada.name).wait_for()
    ada.api.patch(f"/pairup/teams/{team}", {"title": "A wall"}, expect=200)
    page.locator(".project", has_text="A wall").get_by_text(ada.name).wait_for()
    ada.take(lab["places"][0])
    school.pair(round, cy, di)
    page.locator(".project").get_by_text(cy.name).wait_for()
    page.get_by_role("navigation", name="Parts of the round").get_by_role("link", name="Seats").click()
    page.locator(".seat[data-state=taken]", has_text=f"{ada.name} & {bo.name}").wait_for()


def test_the_queue_at_the_lab(window: Open, teacher: Person, school: School) -> None:
    round = school.make_round()
    pupils = school.enrol(round, 4, signed_in=False)
    lab = school.make_lab(round, places=2, name="SU17")
    for number in (0, 2):
        team = school.pair(round, pupils[number], pupils[number + 1])
        school.staff.put(f"/pairup/teams/{team}/place", {"place": lab["places"][number // 2]}, expect=200)
    first, second = enter(window, pupils[0], "queue"), enter(window, pupils[2], "queue")
    staff = window(viewport={"width": 390, "height": 844}).sign_in(teacher, f"/pairup/{round['id']}?tab=queue")
    first.get_by_role("button", name="Ready to show").click()
    first.locator(".queue__place").get_by_text("You are next").wait_for()
    second.get_by_role("button", name="Need help").click()
    second.locator(".queue__place").get_by_text("You are 2nd").wait_for()
    second.get_by_text("about 5 min").wait_for()

    staff.get_by_role("list", name="Waiting").get_by_role("listitem").nth(1).wait_for()
    staff.get_by_role("button", name="Call next").click()
    first.get_by_role("alert").get_by_text("It is your turn — SU17").wait_for()
    first.wait_for_function("document.title.startsWith('It is your turn')")
    second.locator(".queue__place").get_by_text("You are next").wait_for()
    staff.get_by_role("button", name="Not here").click()
    first.locator(".queue__place").get_by_text("You are 2nd").wait_for()
    staff.get_by_role("button", name="Call next").click()
    second.get_by_role("alert").wait_for()
    faults = in_both_schemes(second) + in_both_schemes(staff)
    staff.get_by_role("button", name="Done").click()
    second.get_by_role("button", name="Need help").wait_for()
    first.get_by_role("button", name="Leave the queue").click()
    staff.get_by_text("Nobody waits.").wait_for()
    assert faults == []


def test_a_draw_is_ranked_drawn_and_checked_in_the_page(window: Open, teacher: Person, school: School) -> None:
    round = school.make_round(mode="draw")
    pupils = school.enrol(round, 4, signed_in=False)
    lab = school.make_lab(round, places=3, name="SU17")
    for number in (0, 2):
        school.pair(round, pupils[number], pupils[number + 1])
    page = enter(window, pupils[0], "draw")
    add = page.get_by_role("button", name=re.compile("^Add "))
    for left in (2, 1, 0):
        add.first.click()
        page.wait_for_function("left => document.querySelectorAll('.add-wish button').length === left", arg=left)
    wish = page.locator(".wish").nth(2)
    grip = wish.get_by_role("button", name=re.compile("^Move "))
    name = str(grip.get_attribute("aria-label"))
    grip.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.locator(".wish").first.get_by_role("button", name=name).wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    page.get_by_text("Saved", exact=True).wait_for()
    wanted = lab["places"]
    assert _ranking(pupils[1]) == [wanted[2], wanted[0], wanted[1]]
    drag(page, page.locator(".wish__grip").nth(0), page.locator(".wish").nth(2))
    page.wait_for_function(
        "name => document.querySelectorAll('.wish__grip')[2].getAttribute('aria-label') === name", arg=name
    )
    page.get_by_text("Saved", exact=True).wait_for()
    faults = in_both_schemes(page)

    staff = window().sign_in(teacher, f"/pairup/{round['id']}?tab=draw")
    staff.get_by_role("button", name="Close and draw").click()
    staff.get_by_role("button", name="Draw now").click()
    page.get_by_text("Your 1st choice").wait_for()
    page.get_by_role("row", name="1st choice 1").wait_for()
    page.get_by_role("button", name="Check it here").click()
    page.get_by_text("Optimal, checked on this device").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the draw").click()
    assert '"commitment"' in saved(download.value)
    faults += in_both_schemes(page)

    page.route("**/draw", tampered)
    page.reload()
    page.get_by_role("button", name="Check it here").click()
    page.get_by_text("This draw is not right.").wait_for()
    assert faults == []


def _ranking(pupil: Pupil) -> list[int]:
    return list(sign_in(pupil.api, pupil.number).get(f"/pairup/rounds/{pupil.round}/mine").json()["ranking"])


def drag(page: Page, grip: Any, onto: Any) -> None:
    start, end = grip.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + end["height"] - 4, steps=4)
    page.mouse.up()


def tampered(route: Any) -> None:
    """As if the server had given somebody another place than it drew."""
    draw = route.fetch().json()
    free = next(place for place in draw["inputs"]["places"] if place not in draw["assignment"].values())
    team = next(iter(draw["assignment"]))
    route.fulfill(json=draw | {"assignment": draw["assignment"] | {team: free}})
