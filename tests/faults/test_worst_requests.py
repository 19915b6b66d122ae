"""R15: the dearest requests that there are, in a community as big as it gets."""

from __future__ import annotations

import shutil
import string
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.faults.corpus import add_events, add_people, add_posts, database, index_posts
from tests.faults.costs import cpu_seconds
from tests.harness.api import Api
from tests.harness.counts import SOAK
from tests.harness.live import Live
from tests.harness.people import ADA
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BOUND = 0.25  # seconds of CPU
TIMES = 3
PEOPLE = 20_000
POSTS = 1_000_000 if SOAK else 50_000
TOPICS = 100 if SOAK else 25  # of a hundred that one may join
MISSED = 200  # as many as are sent again


class Scene(NamedTuple):
    server: Server
    token: str
    full: int  # whose wall has POSTS
    emptied: int  # whose wall had as many, all deleted
    busy: list[int]  # on whose walls MISSED events of the longest kind were missed


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Server(tmp_path_factory.mktemp("worst") / "data", limits=GENEROUS) as server, Api(server) as ada:
        ada.sign_up(ADA)
        ada.sign_in(ADA, transport="token")
        server.terminate()
        with database(server.data) as filled:
            people = add_people(filled, PEOPLE)
            add_posts(filled, people[0], ada.id, POSTS)
            add_posts(filled, people[1], ada.id, POSTS, deleted=True)
            index_posts(filled)
            add_events(filled, people[2 : 2 + TOPICS], MISSED)
        server.start()
        ada.close()
        yield Scene(server, ada.token or "", people[0], people[1], people[2 : 2 + TOPICS])
    shutil.rmtree(server.data)  # it is not small


@pytest.fixture
def ada(scene: Scene) -> Iterator[Api]:
    with Api(scene.server) as api:
        yield api.use_token(scene.token)


def cost(scene: Scene, name: str, ask: Callable[[], object]) -> float:
    """CPU seconds of the server per request, the first and coldest left out; printed."""
    ask()
    time.sleep(0.05)  # what the first one left to do
    before = cpu_seconds(scene.server)
    for _ in range(TIMES):
        ask()
    spent = (cpu_seconds(scene.server) - before) / TIMES
    print(f"{name}: {spent * 1000:.0f} ms CPU (bound {BOUND * 1000:.0f})")
    return spent


# Each word is in every name, and each is looked for in four columns.
MANY_WORDS = " ".join(string.ascii_lowercase + "012345")[:64]

SEARCHES = {
    "everybody": {"limit": 100},
    "the last page": {"limit": 100, "after": PEOPLE - 50},
    "wildcards": {"q": "%_" * 32, "limit": 100},
    "many wildcards": {"q": " ".join("%_" * 16), "limit": 100},
    "many words": {"q": MANY_WORDS, "limit": 100},
    "nobody": {"q": "z" * 64, "limit": 100},
}


@pytest.mark.parametrize("name", SEARCHES)
def test_R15_looking_for_people(scene: Scene, ada: Api, name: str) -> None:
    """Among twenty thousand."""
    assert cost(scene, name, lambda: ada.get("/users", expect=200, **SEARCHES[name])) < 10 * BOUND


TEXTS = {
    "a word of every text": {"q": "short "},
    "an unfinished one": {"q": "sho"},
    "of somebody who wrote none": {"q": "short ", "from": 1_000},
    "where nobody wrote": {"q": "short ", "wall": 1},
    "many words": {"q": MANY_WORDS},
    "operators": {"q": '"' * 31 + "*" * 31 + "a"},
}


@pytest.mark.parametrize("name", TEXTS)
def test_R15_looking_for_texts(scene: Scene, ada: Api, name: str) -> None:
    """In all that was ever written."""
    assert cost(scene, name, lambda: ada.get("/search", expect=200, limit=100, **TEXTS[name])) < 10 * BOUND


@pytest.mark.parametrize("before", [None, POSTS - 1_000, 101], ids=["newest", "older", "oldest"])
def test_R15_a_page_of_a_wall(scene: Scene, ada: Api, before: int | None) -> None:
    """However long the wall is and however far down it."""
    query = {"limit": 100} | ({"before": before} if before else {})

    def ask() -> None:
        page = ada.get(f"/walls/{scene.full}/posts", expect=200, **query).json()
        assert len(page["items"]) == 100

    assert cost(scene, f"page before {before} of {POSTS}", ask) < 10 * BOUND


def test_R15_a_page_of_a_wall_that_was_emptied(scene: Scene, ada: Api) -> None:
    """Every post deleted: there is nothing to show, and as much to pass over."""

    def ask() -> None:
        assert ada.get(f"/walls/{scene.emptied}/posts", expect=200, limit=100).json()["items"] == []

    assert cost(scene, f"{POSTS} deleted posts", ask) < 10 * BOUND


def test_R15_the_labs_whole_wall(scene: Scene, ada: Api) -> None:
    """A thousand posts as long as they may be."""
    path = f"{scene.server.url}/get_user_messages_by_email/person.{scene.full}@example.org"

    def ask() -> None:
        answer = ada.request("GET", path, headers={"Authorization": scene.token}, expect=200)
        assert len(answer.content) > 15_000_000

    assert cost(scene, "the labs' whole wall", ask) < 10 * BOUND


@pytest.mark.parametrize("topics", [1, TOPICS])
def test_R15_joining_after_a_long_time(scene: Scene, ada: Api, topics: int) -> None:
    """As many events missed as are sent again, on as many topics as one may join."""
    wishes = dict.fromkeys((f"wall:{wall}" for wall in scene.busy[:topics]), 0)
    with Live(scene.server, ada) as live:

        def ask() -> None:
            answers = live.join(wishes, timeout=30.0)
            assert len(answers) == topics
            live.send({"type": "leave", "topics": list(wishes)})

        assert cost(scene, f"a join of {topics} topics", ask) < 10 * BOUND


BODIES = {
    "many values": b'{"text":[' + b"0," * 32_000 + b"0]}",
    "many names": b"{" + b",".join(b'"%d":0' % n for n in range(6_000)) + b"}",
    "deep": b"[" * 65_000,
    "many escapes": b'{"text":"' + b"\\u00e5" * 10_000 + b'"}',
    "long number": b'{"text":' + b"9" * 65_000 + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_R15_a_body_to_be_refused(scene: Scene, ada: Api, name: str) -> None:
    """As long as a body may be."""

    def ask() -> None:
        headers = {"Content-Type": "application/json"}
        path = f"/walls/{scene.full}/posts"
        assert ada.request("POST", path, content=BODIES[name], headers=headers).status_code in (400, 413, 422)

    assert cost(scene, name, ask) < 10 * BOUND
