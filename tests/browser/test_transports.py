"""The page where WebSockets are blocked: it goes on by another way, says which, and comes back up. And what passes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import Window, live, post, step, view, write
from tests.gateways.updating import Told, push_to
from tests.harness.api import Api
from tests.harness.counts import only_in_soak
from tests.harness.people import People, Person
from tests.harness.server import Server
from tests.rooms.talk import join, make_room, say

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

pytestmark = pytest.mark.browser

Open = Callable[..., Window]

# Two refused attempts, with up to 2 and 4 s between them, and a question whether the server answers at all.
FALLEN = 30_000


class Wall:
    """Between the page and the server: no WebSocket passes, and where `streams` is False no endless answer."""

    def __init__(self, window: Window, *, streams: bool = True) -> None:
        self.stands = True
        self.asked: list[str] = []
        window.page.route_web_socket(re.compile("/live(/view)?$"), self._meet)
        if not streams:
            window.page.route("**/live/events?*", lambda route: route.abort())
        window.page.on("request", lambda request: self.asked.append(request.url))

    def _meet(self, socket: WebSocketRoute) -> None:
        if self.stands:
            socket.close()
        else:
            socket.connect_to_server()


def _enter(window: Window, person: Person) -> Page:
    page = window.open()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    view(page, "home").wait_for()
    live(page, timeout=FALLEN)
    return page


@pytest.mark.parametrize(
    ("streams", "words"),
    [(True, "Server-sent events"), pytest.param(False, "Asking again and again", marks=only_in_soak)],
)
def test_the_page_lives_without_websockets(
    window: Open, client: Callable[..., Api], people: People, streams: bool, words: str
) -> None:
    """Rooms and walls do not notice: what others post comes by itself, what is written here arrives, and the foot of
    the rail says by which way."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(bert)["id"]
    join(ada, room)
    here = window()
    Wall(here, streams=streams)
    page = _enter(here, people.ada)
    page.get_by_role("button", name=words).wait_for()
    bert.post_on(ada.id, "by another way")
    post(page, "by another way")
    write(page, "and back")
    post(page, "and back")
    step(page, f"/rooms/{room}")
    with page.expect_request(lambda asked: asked.url.endswith(f"/rooms/{room}/read")):
        say(bert, room, "is anybody here?")
        page.get_by_text("is anybody here?").first.wait_for()
    step(page, f"/people/{bert.id}")
    bert.post_on(bert.id, "on another wall")
    post(page, "on another wall")
    page.get_by_role("button", name=words).click()
    dialog = page.get_by_role("dialog", name="Connection")
    dialog.get_by_text(words).wait_for()
    dialog.locator("summary").click()
    dialog.get_by_text(f"wall:{bert.id}").wait_for()


def test_a_public_board_lives_without_websockets(window: Open, client: Callable[..., Api], people: People) -> None:
    """Whoever looks on by a link sends it with each question; an EventSource could send none."""
    ada = client(people.ada)
    board = ada.post("/boards", {"name": "In the hall"}, expect=201).json()["board"]["id"]
    url = ada.post(f"/boards/{board}/link", expect=201).json()["url"]
    token = ada.post(f"/boards/{board}/producers", {"name": "a sensor"}, expect=201).json()["token"]
    here = window()
    wall = Wall(here)
    here.page.goto(url)
    live_figure = here.page.get_by_text("21.5")
    here.page.get_by_role("heading", name="In the hall").wait_for(timeout=FALLEN)
    push_to(Told(ada.url, board, token), 21.5)
    live_figure.first.wait_for()
    assert any("/live/poll" in url for url in wall.asked)
    secret = url.partition("#")[2]
    assert secret
    assert not any(secret in asked for asked in wall.asked)


def test_it_comes_back_up(window: Open, client: Callable[..., Api], people: People) -> None:
    """“Try WebSocket again” does, once nothing is in the way, and nothing is lost on the way up."""
    ada, bert = client(people.ada), client(people.bert)
    here = window()
    wall = Wall(here)
    page = _enter(here, people.ada)
    page.get_by_role("button", name="Server-sent events").click()
    wall.stands = False
    page.get_by_role("button", name="Try WebSocket again").click()
    page.get_by_role("dialog").get_by_text("Both sides speak").wait_for()
    page.keyboard.press("Escape")
    live(page)
    bert.post_on(ada.id, "by the front door")
    post(page, "by the front door")
    assert page.locator(".rail__connection").count() == 0


def test_the_wire_is_shown(window: Open, client: Callable[..., Api], people: People) -> None:
    """Frames and requests as they pass, filtered, paused and unfolded; what is secret is not among them, nor in a line
    for the terminal."""
    client(people.ada)
    here = window(permissions=["clipboard-read", "clipboard-write"])
    page = here.open()
    page.get_by_label("E-mail").fill(people.ada.email)
    page.get_by_label("Password").fill(people.ada.password)
    page.get_by_role("button", name="Sign in").click()
    live(page)
    step(page, "/wire")
    lines = page.get_by_role("list", name="Frames and requests").get_by_role("listitem")
    lines.filter(has_text="hello").first.wait_for()
    page.get_by_label("Kind").select_option("joined")
    joined = lines.filter(has_text="joined").first
    joined.locator("summary").click()
    assert json.loads(joined.get_by_role("region", name="Frame").inner_text())["type"] == "joined"
    page.get_by_label("Kind").select_option("POST")
    signed_in = lines.filter(has_text="/api/v1/session").first
    signed_in.locator("summary").click()
    sent = json.loads(signed_in.get_by_role("region", name="Sent").inner_text())
    assert (sent["email"], sent["password"]) == (people.ada.email, "•••")
    assert people.ada.password not in page.content()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("paused").wait_for()
    page.get_by_label("Kind").select_option("GET")
    lines.first.locator("summary").click()
    lines.first.get_by_role("button", name="Copy as curl").click()
    lines.first.get_by_role("button", name="Copied").wait_for()
    line = page.evaluate("navigator.clipboard.readText()")
    assert line.startswith('curl -H "Authorization: Bearer $TOKEN" ')
    assert f"{here.server.url}/api/v1/" in line
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Nothing has passed yet.").or_(lines.first).first.wait_for()
    step(page, "/account")
    page.get_by_role("button", name="Sign out").click()
    view(page, "welcome").wait_for()
    kept = page.evaluate("import('/static/js/lib/tap.js').then(({ passed }) => JSON.stringify(passed))")
    assert people.ada.email not in kept


def test_the_server_alone_is_no_wall(fresh_server: Callable[..., Server], window: Open, people: People) -> None:
    """Where the server is away, nothing is in the way of WebSockets: the page waits for it, and takes no detour."""
    server = fresh_server()
    here = window(on=server)
    page = here.sign_up(people.ada)
    live(page)
    server.kill9()
    page.get_by_text("Trying again in").wait_for()
    page.get_by_role("button", name="Try now").click()
    page.get_by_text("Trying again in").wait_for()
    page.get_by_role("button", name="Try now").click()
    page.get_by_text("Trying again in").wait_for()
    server.restart()
    live(page, timeout=60_000)
    assert page.locator(".rail__connection").count() == 0
