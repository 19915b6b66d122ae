"""Takes the pictures of the README: a real server, people who come by its API, a real Chromium.

``make screenshots`` writes docs/pictures/*.png.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.conftest import CHROMIUM_ARGS  # noqa: E402
from tests.harness import programs  # noqa: E402
from tests.harness.api import Api  # noqa: E402
from tests.harness.live import Live  # noqa: E402
from tests.harness.people import Person  # noqa: E402
from tests.harness.server import Server  # noqa: E402
from twidder.demo import boards  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "docs" / "pictures"
SHOWN = boards.BOARDS[:2]  # the weather, and the queue of a lab
PUSH_BYTES = 8_000  # of a board's past at a time
PASSWORD = "correct horse 1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def _person(firstname: str, familyname: str, city: str, country: str = "Sweden") -> Person:
    return Person(f"{firstname.lower()}@example.org", PASSWORD, firstname, familyname, "Other", city, country)


ADA = _person("Ada", "Lind", "Linköping")
OTHERS = [
    _person("Maria", "Olsson", "Norrköping"),
    _person("Walter", "Berg", "Linköping"),
    _person("Klara", "Nilsson", "Motala"),
    _person("Tomas", "Ek", "Perth", "Australia"),
]
MARIA, WALTER, KLARA, TOMAS = range(4)
WORDS = [
    (WALTER, "My old tab still gets posts after I sign in somewhere else. What closes it?"),
    (
        MARIA,
        "The session's row is replaced, so the server closes the sockets of the old session.",
    ),
    (TOMAS, "Right. Can you show yours in the demo at 11? The queue is short."),
    (KLARA, "Sure, pushing now. On my way."),
]
CODE = """The session row is replaced, so the server closes the socket of the *old* session. Not by user id, by session:

```python
def replaced(session):
    for socket in sockets.pop(session.id, ()):
        socket.close(4500, "replaced")
```"""
# Whose places are taken, by lab; of the last two of the first lab one is held and one is given up.
PAIRS = [
    ("Gus & Hal", "Ivy & Jo", "Kim & Lu", "Mo & Ni", "Ola & Pia", "Quy & Ro", "Sam & Ty"),
    ("Una & Vi", "Wes & Xu", "Yan & Zoe", "Abe & Bea", "Cal & Dot", "Eve & Flo"),
]
PLACES = (12, 6)
ABOUT = "Auto-logout over WebSocket. Ask here before you ask in the room."


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as data,
        Server(Path(data) / "data") as server,
        contextlib.ExitStack() as present,
        sync_playwright() as playwright,
    ):
        room, feeds = _fill(server, present)
        browser = playwright.chromium.launch(executable_path=programs.chromium(), args=CHROMIUM_ARGS)
        for scheme in ("light", "dark"):
            _shoot_room(browser, server, room, scheme)
        _shoot_boards(browser, server, feeds)
        _shoot_pairup(browser, server, present)
        _shoot_welcome(browser, server)
        browser.close()


def _fill(server: Server, present: contextlib.ExitStack) -> tuple[int, dict[str, Api]]:
    """Ada's place, with four others who are here, what they wrote, a guest and boards; the room's id, and who feeds
    the boards, by their slugs."""
    ada = present.enter_context(Api(server))
    ada.sign_up(ADA)
    ada.sign_in(ADA, transport="token")
    ada.patch("/community", {"name": "TDDD97"}, expect=200)
    others = []
    for person in OTHERS:
        api = present.enter_context(Api(server))
        api.sign_up(person)
        others.append(api.sign_in(person, transport="token"))
    ada.patch(f"/users/{others[TOMAS].id}", {"role": "staff"}, expect=200)
    for who, text in WORDS:
        others[who].post_on(ada.id, text)
    room = _make_room(ada, others, "lab-3", ABOUT)
    for name, kind in (("exam-prep", "open"), ("guest lecture", "walkin")):
        other = _make_room(ada, others, name, "", kind)
        others[WALTER].post(f"/rooms/{other}/messages", {"text": "First one here."}, expect=201)
    others[WALTER].post("/dms", {"users": [ada.id, others[KLARA].id]}, expect=201)
    direct = others[MARIA].post("/dms", {"users": [ada.id]}, expect=201).json()
    others[MARIA].post(f"/rooms/{direct['id']}/messages", {"text": "Shall we pair up for lab 4?"}, expect=201)
    _talk(ada, others, room)
    feeds = _make_boards(server, others, room, present)
    for api in (*others, _guest(server, ada, room, present)):
        live = present.enter_context(Live(server, api))
        live.join({f"room:{room}": None, f"dm:{direct['id']}": None})
    return room, feeds


def _make_room(host: Api, others: list[Api], name: str, description: str, kind: str = "walkin") -> int:
    body = {"name": name, "kind": kind, "description": description}
    room = host.post("/rooms", body, expect=201).json()["id"]
    for api in others:
        api.put(f"/rooms/{room}/members/{api.id}", expect=200)
    return int(room)


def _talk(ada: Api, others: list[Api], room: int) -> None:
    def say(who: Api, text: str, **more: Any) -> int:
        return int(who.post(f"/rooms/{room}/messages", {"text": text, **more}, expect=201).json()["id"])

    say(others[WALTER], WORDS[0][1])
    code = say(others[MARIA], CODE)
    for api in (ada, others[WALTER], others[KLARA], others[TOMAS]):
        api.put(f"/messages/{code}/reactions/👍", expect=204)
    for api in (others[WALTER], others[KLARA]):
        api.put(f"/messages/{code}/reactions/🎉", expect=204)
    ada.put(f"/rooms/{room}/read", {"seq": ada.get(f"/rooms/{room}", expect=200).json()["seq"]})
    words = "Right. @ada can you show yours in the demo at 11? Queue is short: `lab queue` says 4 minutes."
    say(others[TOMAS], words, reply_to=code)


def _make_boards(server: Server, others: list[Api], room: int, present: contextlib.ExitStack) -> dict[str, Api]:
    """Walter's, as the demo has them, with their past."""
    walter, feeds = others[WALTER], {}
    for board in SHOWN:
        new: dict[str, Any] = {"name": board.name, "description": board.description, "slug": board.slug}
        if board.room == "lab3":
            new["room"] = room
        version = walter.post("/boards", new, expect=201).json()["board"]["version"]
        walter.put(f"/boards/{board.slug}/tiles", {"tiles": list(board.tiles), "version": version}, expect=200)
        token = walter.post(f"/boards/{board.slug}/producers", {"name": "Demo"}, expect=201).json()["token"]
        feed = feeds[board.slug] = present.enter_context(Api(server))
        feed.http.headers["Authorization"] = f"Bearer {token}"
        for lines in boards.history(board, time.time(), PUSH_BYTES):
            feed.request("POST", f"/boards/{board.slug}/values", expect=200, content=lines)
        _push(feed, board)
    for voter, option in zip(others, (3, 1, 3, 0), strict=True):
        voter.put(f"/boards/lab-queue/polls/{boards.POLL}/vote", {"option": option}, expect=200)
    return feeds


def _push(feed: Api, board: boards.Board) -> None:
    feed.post(f"/boards/{board.slug}/values", boards.push(board, time.time(), {}), expect=200)


def _guest(server: Server, host: Api, room: int, present: contextlib.ExitStack) -> Api:
    secret = host.post(f"/rooms/{room}/link", expect=201).json()["url"].partition("#")[2]
    guest = present.enter_context(Api(server))
    guest.post("/guest-passes", {"secret": secret, "name": "ella"}, expect=201)
    return guest


def _shoot_room(browser: Browser, server: Server, room: int, scheme: Any) -> None:
    """The room wide, with what is new since Ada was here; in the light on a phone as well."""
    sizes: dict[str, dict[str, Any]] = {scheme: {"viewport": {"width": 1440, "height": 900}}}
    if scheme == "light":
        sizes["phone"] = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True}
    for name, size in sizes.items():
        context = browser.new_context(**size, color_scheme=scheme, user_agent=FIREFOX)
        page = context.new_page()
        _sign_in(page, server, ADA)
        page.goto(f"{server.url}/rooms/{room}")
        page.locator(".hl-keyword").first.wait_for()
        page.locator("html[data-connection=live]").wait_for()
        page.screenshot(path=PICTURES / f"room-{name}.png")
        context.close()


def _shoot_boards(browser: Browser, server: Server, feeds: dict[str, Api]) -> None:
    """The weather by day, and on a phone; the queue by night."""
    weather, queue = SHOWN
    wide: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
    phone = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True}
    for name, board, options in (
        ("light", weather, wide),
        ("dark", queue, wide | {"color_scheme": "dark"}),
        ("phone", weather, phone),
    ):
        context = browser.new_context(**options, user_agent=FIREFOX)
        page = context.new_page()
        _sign_in(page, server, ADA)
        page.goto(f"{server.url}/boards/{board.slug}")
        page.locator(".u-over").first.wait_for()
        page.locator("html[data-connection=live]").wait_for()
        _push(feeds[board.slug], board)
        page.get_by_text("updated just now").first.wait_for()
        page.screenshot(path=PICTURES / f"board-{name}.png")
        context.close()


def _sign_in(page: Page, server: Server, person: Person) -> None:
    page.goto(server.url)
    page.get_by_label("E-mail").first.fill(person.email)
    page.get_by_label("Password").first.fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-view=home]").wait_for()
    page.mouse.move(0, 0)  # nothing is pointed at


def _shoot_pairup(browser: Browser, server: Server, present: contextlib.ExitStack) -> None:
    """Seats as Klara sees them, wide by day and night, and on a phone."""
    with Api(server) as ada:
        ada.sign_in(ADA, transport="token")
        round_id, codes = _make_round(ada)
        _seat_teams(ada, server, round_id, codes, present)
        wide: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
        phone = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True}
        for name, options in (("light", wide), ("dark", wide | {"color_scheme": "dark"}), ("phone", phone)):
            context = browser.new_context(**options, user_agent=FIREFOX)
            page = context.new_page()
            _sign_in(page, server, OTHERS[KLARA])
            page.goto(f"{server.url}/pairup/{round_id}")
            page.get_by_text("You & Maria").first.wait_for()
            page.locator("html[data-connection=live]").wait_for()
            page.screenshot(path=PICTURES / f"pairup-{name}.png")
            context.close()


def _make_round(ada: Api) -> tuple[int, dict[str, str]]:
    """Its id, and the codes of those who come in, by first name."""
    today = datetime.now(UTC).replace(hour=13, minute=0, second=0, microsecond=0)
    monday = today + timedelta(days=14 - today.weekday())
    closes = int((monday - timedelta(days=3) + timedelta(hours=3)).timestamp() * 1000)
    new = {"name": "Project demo", "closes_at": closes, "zone": "UTC"}
    round_id = ada.post("/pairup/rounds", new, expect=201).json()["id"]
    names = [
        "Klara",
        "Maria",
        "Walter",
        "Bo",
        *(name for pairs in PAIRS for pair in pairs for name in pair.split(" & ")),
    ]
    names += ["Gia", "Ned", "Rut"]
    known = {person.firstname: person.familyname for person in OTHERS}
    lines = [f"{22_000_000 + number},{name},{known.get(name, 'Ek')},2026" for number, name in enumerate(names)]
    ada.put(f"/pairup/rounds/{round_id}/roster", {"csv": "\n".join(["number,firstname,familyname,cohort", *lines])})
    for day, (name, places) in enumerate(zip(("SU17", "SU18"), PLACES, strict=True)):
        begins = monday + timedelta(days=day, hours=-4 * day)
        times = [int((begins + timedelta(minutes=15 * number)).timestamp() * 1000) for number in range(places)]
        lab = {"name": name, "minutes": 15, "times": times, "places": 1}
        ada.post(f"/pairup/rounds/{round_id}/labs", lab, expect=201)
    made = ada.post(f"/pairup/rounds/{round_id}/codes", {"entries": None}, expect=201).json()["items"]
    return round_id, {item["name"].split()[0]: item["code"] for item in made}


def _seat_teams(ada: Api, server: Server, round_id: int, codes: dict[str, str], present: contextlib.ExitStack) -> None:
    """Klara and Maria have a place; Walter holds one for Bo and himself; the second lab is full."""
    there = ada.get(f"/pairup/rounds/{round_id}", expect=200).json()
    roster = ada.get(f"/pairup/rounds/{round_id}/roster", expect=200).json()["items"]
    entries = {entry["firstname"]: entry["id"] for entry in roster}

    def team(names: str, place: int | None, title: str = "") -> int:
        body = {"entries": [entries[name] for name in names.split(" & ")], "title": title}
        made = int(ada.post(f"/pairup/rounds/{round_id}/teams", body, expect=201).json()["id"])
        if place is not None:
            ada.put(f"/pairup/teams/{made}/place", {"place": place}, expect=200)
        return made

    of_lab = [[place["id"] for place in there["places"] if place["lab"] == lab["id"]] for lab in there["labs"]]
    free = {4, 5, 8, 11}
    first = [place for number, place in enumerate(of_lab[0]) if number not in free]
    team("Klara & Maria", first.pop(2), "A wall that never forgets")
    for pair, place in zip((*PAIRS[0], *PAIRS[1]), (*first, *of_lab[1]), strict=False):
        team(pair, place)
    team("Walter & Bo", None, "Chat for two")
    clients = {}
    for name, person in (("Klara", KLARA), ("Maria", MARIA), ("Walter", WALTER)):
        client = clients[name] = present.enter_context(Api(server))
        client.sign_in(OTHERS[person], transport="token")
        client.post("/pairup/claims", {"code": codes[name]}, expect=201)
    bo = present.enter_context(Api(server))
    bo.post("/pairup/registrations", {"code": codes["Bo"], "pin": "4711"}, expect=201)
    clients["Walter"].put(f"/pairup/places/{of_lab[0][4]}/team", {}, expect=200)
    clients["Walter"].put(f"/pairup/labs/{there['labs'][1]['id']}/waiting", {}, expect=204)
    for client in clients.values():
        present.enter_context(Live(server, client)).join({f"pairup:{round_id}": None})


def _shoot_welcome(browser: Browser, server: Server) -> None:
    """Signed in elsewhere: the welcome view with its notice."""
    old = browser.new_context(viewport={"width": 1440, "height": 900}, user_agent=FIREFOX)
    page = old.new_page()
    _sign_in(page, server, ADA)
    with Api(server) as elsewhere:
        elsewhere.http.headers["User-Agent"] = FIREFOX
        elsewhere.sign_in(ADA)
    page.locator("[data-view=welcome]").wait_for()
    page.screenshot(path=PICTURES / "welcome-light.png")
    old.close()


main()
