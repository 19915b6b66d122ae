"""Fixtures of all tests. The tools behind them are in tests/harness/."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import hypothesis.core
import pytest

from tests.harness import programs
from tests.harness.api import Api
from tests.harness.counts import SOAK
from tests.harness.leaks import Watch
from tests.harness.live import Live
from tests.harness.people import People, Person, fresh_people
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEED = int(os.environ.get("TWIDDER_TEST_SEED") or secrets.randbelow(2**32))
os.environ["TWIDDER_TEST_SEED"] = str(SEED)  # for the processes that pytest-xdist starts

# Many tests share one server and one address; what they do together is more than a person may.
GENEROUS: dict[str, float] = {
    "signups_per_minute": 100_000,
    "failed_signins_address": 100_000,
    "posts_burst": 100_000,
    "posts_per_second": 100_000,
    "edits_per_minute": 100_000,
    "searches_burst": 100_000,
    "links_per_hour": 100_000,
    "uploads_per_day": 100_000,
    "follows_per_minute": 100_000,
    "guest_passes_per_minute": 100_000,
    "messages_burst": 100_000,
    "messages_per_second": 100_000,
    "reactions_per_minute": 100_000,
    "rooms_per_hour": 100_000,
    "conversations_per_hour": 100_000,
    "reads_burst": 100_000,
    "reads_per_second": 100_000,
    "boards_per_hour": 100_000,
    "staff_acts_per_minute": 100_000,
    "pairup_acts_burst": 100_000,
    "pairup_acts_per_second": 100_000,
    "pins_failed_burst": 100_000,
}

# Chromium without a desk: no sandbox, since tests may run as root; nothing that calls home.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]

hypothesis.settings.register_profile("test", deadline=None, print_blob=True)
hypothesis.settings.register_profile("soak", deadline=None, print_blob=True, max_examples=1000)
hypothesis.settings.load_profile("soak" if SOAK else "test")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--hypothesis-seed", default=None) is None:
        hypothesis.core.global_force_seed = SEED


def pytest_report_header() -> str:
    return f"seed: {SEED} (again with TWIDDER_TEST_SEED={SEED}){', soak' if SOAK else ''}"


# Programs that are not everywhere

# Directories whose tests take their time; `make check` is for between two thoughts, and leaves them to `make test`.
SLOW = {
    "boards",
    "conformance",
    "delivery",
    "faults",
    "files",
    "gateways",
    "guests",
    "hostile",
    "isolation",
    "moderation",
    "mutants",
    "pairup",
}
SLOW |= {"rooms", "search", "sessions"}

_NOT_HERE = "not tested: "


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright's loop goes on in this thread until the browser is closed, and asyncio.run refuses to begin beside it.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if SLOW.intersection(item.path.parts):
            item.add_marker("slow")
        needed = {program for mark in item.iter_markers("needs") for program in mark.args}
        if item.get_closest_marker("browser"):
            needed.add("chromium")
        for reason in filter(None, map(programs.missing, sorted(needed))):
            item.add_marker(pytest.mark.skip(reason=_NOT_HERE + reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What could not be tested here is said loudly, after everything else. From the reports, since tests may have run
    in other processes."""
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ())]
    for reason, number in Counter(reason for reason in reasons if _NOT_HERE in reason).items():
        terminalreporter.write_sep("*", "NOT EVERYTHING WAS TESTED", red=True, bold=True)
        terminalreporter.write_line(f"{number} skipped: {reason.partition(_NOT_HERE)[2]}.", red=True)


# Everywhere


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """No test leaves a thread or a socket in this process."""
    watch = Watch()
    yield
    left = watch.left()
    assert not left, f"The test left behind: {left}"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance that comes out the same again with the seed of the header."""
    return random.Random(f"{SEED} {request.node.nodeid}")


# Servers and their clients


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that tests share, with generous rates. Its people and walls are many: ask for your own."""
    with Server(tmp_path_factory.mktemp("shared") / "data", limits=GENEROUS, cold=True) as shared:
        yield shared


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers of the test's own: fresh_server(limits={…}, args=[…]). Started, unless start=False."""
    with contextlib.ExitStack() as stack:
        made = 0

        def make(*, start: bool = True, data: Path | None = None, **options: Any) -> Server:
            nonlocal made
            made += 1
            new = Server(data or tmp_path / f"data{made}", **options)
            stack.callback(new.kill9)  # if all else fails
            stack.callback(new.terminate)
            return new.start() if start else new

        yield make


@pytest.fixture
def people() -> People:
    """Ada, Bert and Eve, with addresses that no other test has used."""
    return fresh_people()


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Callable[..., Api]]:
    """Makes clients: client() is a stranger, client(people.ada) signed up and in, `on` some server."""
    with contextlib.ExitStack() as stack:

        def make(
            person: Person | None = None,
            *,
            on: Server | None = None,
            new: bool = True,
            transport: str | None = None,
        ) -> Api:
            api = stack.enter_context(Api(on or request.getfixturevalue("server")))
            if person is not None:
                if new:
                    api.sign_up(person)
                api.sign_in(person, transport=transport)
            return api

        yield make


@pytest.fixture
def live(request: pytest.FixtureRequest) -> Iterator[Callable[..., Live]]:
    """Opens live sockets: live(ada), on her server or `on` another; more options as of Live."""
    with contextlib.ExitStack() as stack:

        def make(api: Api | None = None, *, on: Server | str | None = None, **options: Any) -> Live:
            where = on or (api.url if api is not None else request.getfixturevalue("server"))
            return stack.enter_context(Live(where, api, **options))

        yield make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, for tests marked `browser`. Make a context for each person and close it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=programs.chromium(), args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()
