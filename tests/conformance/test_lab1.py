"""A lab 1 client, written against the course's stub, in a real browser: only its serverstub.js is ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.people import People, Person
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.browser

CLIENT = Path(__file__).parent / "lab1"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where the client is served, and where Twidder itself is."""
    args = ["--course-client", str(CLIENT), "--course-port", "0"]
    with Server(tmp_path_factory.mktemp("course") / "data", args=args) as server:
        found = wait_for(lambda: re.findall(r"client is at (\S+)\n", server.stdout), what="the course's address")
        yield found[0], server.url


@pytest.fixture
def visit(browser: Browser, course: tuple[str, str]) -> Iterator[Callable[[], Page]]:
    """Opens the client in a browser of its own; at the end no page has complained."""
    complaints: list[str] = []
    contexts = []

    def make() -> Page:
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        page.goto(course[0])
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _fill(page: Page, form: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = page.locator(f"{form} [name={name}]")
        if name == "gender":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"{form} button").click()


def _sign_up(page: Page, person: Person) -> None:
    _fill(page, "#sign-up", {**person.fields(), "repeated": person.password})


def _sign_in(page: Page, email: str, password: str) -> None:
    _fill(page, "#sign-in", {"email": email, "password": password})


def _notice(page: Page, text: str) -> None:
    expect(page.locator("#notice")).to_have_text(text)


def test_the_whole_of_lab_1(visit: Callable[[], Page], people: People) -> None:
    """Sign up, see one's data, post, find another, post there, refresh, change the password, sign out."""
    ada, bert = visit(), visit()
    _sign_up(bert, people.bert)
    expect(bert.locator("#home .data")).to_contain_text(people.bert.email)
    _sign_up(ada, people.ada)
    expect(ada.locator("#home .data dd")).to_have_text(
        [people.ada.email, "Ada", "Lind", "Female", "Linköping", "Sweden"]
    )

    ada.locator("#home textarea").fill("<img src=x onerror=alert(1)>")
    ada.locator("#home .post button").click()
    _notice(ada, "Message posted")
    expect(ada.locator("#home .wall li")).to_have_text([f"{people.ada.email}: <img src=x onerror=alert(1)>"])

    ada.locator("[data-tab=browse]").click()
    _fill(ada, "#search", {"email": "nobody@example.org"})
    _notice(ada, "No such user.")
    expect(ada.locator("#found")).to_be_hidden()
    _fill(ada, "#search", {"email": people.bert.email})
    expect(ada.locator("#found .data")).to_contain_text("Okafor")
    ada.locator("#found textarea").fill("Hello Bert")
    ada.locator("#found .post button").click()
    expect(ada.locator("#found .wall li")).to_have_text([f"{people.ada.email}: Hello Bert"])
    bert.locator("#home .refresh").click()
    expect(bert.locator("#home .wall li")).to_have_text([f"{people.ada.email}: Hello Bert"])

    ada.locator("[data-tab=account]").click()
    _fill(ada, "#change", {"old": "not my password", "new": "correct horse 9"})
    _notice(ada, "Wrong password.")
    _fill(ada, "#change", {"old": people.ada.password, "new": "correct horse 9"})
    _notice(ada, "Password changed.")
    ada.locator("#sign-out").click()
    _notice(ada, "Successfully signed out.")
    _sign_in(ada, people.ada.email, people.ada.password)
    _notice(ada, "Wrong username or password.")
    _sign_in(ada, people.ada.email, "correct horse 9")
    expect(ada.locator("#home .wall li")).to_have_count(1)


def test_a_second_browser_ends_the_first(visit: Callable[[], Page], people: People) -> None:
    """The first browser is told so by the next answer, also after a reload."""
    first, second = visit(), visit()
    _sign_up(first, people.ada)
    expect(first.locator("#home .data")).to_contain_text(people.ada.email)
    first.reload()
    expect(first.locator("#home .data")).to_contain_text(people.ada.email)
    _sign_in(second, people.ada.email, people.ada.password)
    expect(second.locator("#home .data")).to_contain_text(people.ada.email)
    first.locator("#home .refresh").click()
    _notice(first, "You are not signed in.")
    expect(first.locator("#sign-in")).to_be_visible()


def test_the_stub_answers_as_the_courses_does(visit: Callable[[], Page], people: People) -> None:
    """All nine functions, called as a student would in the console, with good, bad and missing arguments."""
    page = visit()

    def call(name: str, *args: object) -> object:
        return page.evaluate("([name, args]) => serverstub[name](...args)", [name, list(args)])

    ada = people.ada
    six = {name: value for name, value in ada.fields().items() if name != "password"}
    not_signed_in = {"success": False, "message": "You are not signed in."}
    no_such_user = {"success": False, "message": "No such user."}
    assert call("signUp", None) == {"success": False, "message": "Form data missing or incorrect type."}
    assert call("signUp", ada.fields()) == {"success": True, "message": "Successfully created a new user."}
    assert call("signUp", ada.fields()) == {"success": False, "message": "User already exists."}
    assert call("signIn", ada.email, None) == {"success": False, "message": "Wrong username or password."}
    signed_in = call("signIn", ada.email, ada.password)
    assert isinstance(signed_in, dict)
    token = signed_in["data"]
    assert signed_in == {"success": True, "message": "Successfully signed in.", "data": token}
    assert call("getUserDataByToken", token) == {"success": True, "message": "User data retrieved.", "data": six}
    assert call("getUserDataByEmail", token, ada.email) == call("getUserDataByToken", token)
    for email in (None, "", ".", "..", "a/b@example.org", "nobody@example.org"):
        assert call("getUserDataByEmail", token, email) == no_such_user, email
        assert call("getUserMessagesByEmail", token, email) == no_such_user, email
    assert call("postMessage", token, "mine") == {"success": True, "message": "Message posted"}
    assert call("postMessage", token, "mine too", None)["success"]  # type: ignore[index]
    assert call("postMessage", token, "to nobody", "nobody@example.org") == no_such_user
    assert call("getUserMessagesByToken", token) == {
        "success": True,
        "message": "User messages retrieved.",
        "data": [{"writer": ada.email, "content": "mine too"}, {"writer": ada.email, "content": "mine"}],
    }
    assert call("getUserMessagesByEmail", token, ada.email) == call("getUserMessagesByToken", token)
    for bad in (None, "", "ä", "with a space", 7):
        assert call("getUserDataByToken", bad) == not_signed_in
        assert call("postMessage", bad, "hello") == not_signed_in
        assert call("signOut", bad) == not_signed_in
        assert call("changePassword", bad, ada.password, "long enough") == {
            "success": False,
            "message": "You are not logged in.",
        }
    assert call("changePassword", token, "wrong", "long enough") == {"success": False, "message": "Wrong password."}
    assert call("changePassword", token, ada.password, "long enough") == {
        "success": True,
        "message": "Password changed.",
    }
    assert call("signOut", token) == {"success": True, "message": "Successfully signed out."}
    assert call("getUserDataByToken", token) == not_signed_in


def test_the_stub_says_when_there_is_no_server(visit: Callable[[], Page]) -> None:
    """A Twidder that cannot be reached is an answer too, and no exception."""
    page = visit()
    answer = page.evaluate("(serverstub.url = '//localhost:1', serverstub.signIn('a', 'b'))")
    assert answer == {"success": False, "message": "The server cannot be reached."}


def test_the_stub_serves_pages_elsewhere(visit: Callable[[], Page], course: tuple[str, str]) -> None:
    """A page of another origin loads the stub from Twidder, names it in `data-twidder`, and is let in."""
    page, (_, twidder) = visit(), course
    page.set_content(f'<script src="{twidder}/static/serverstub.js" data-twidder="{twidder}/"></script>')
    assert page.evaluate("serverstub.url") == f"{twidder}/"
    assert page.evaluate("location.origin") != twidder
    answer = page.evaluate("serverstub.signIn('nobody@example.org', 'not it at all')")
    assert answer == {"success": False, "message": "Wrong username or password."}
    answer = page.evaluate("serverstub.getUserDataByToken('none')")
    assert answer == {"success": False, "message": "You are not signed in."}
