"""R5: sockets that do not say who they are are few and short-lived, and keep nobody out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import peers
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.raw import RawSocket
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.slow]

AT_ONE_ADDRESS = 20
PATIENCE = 20.0  # ten times the two ticks that it takes
PATIENT = GENEROUS | {"authenticate_seconds": 1_000.0, "idle_seconds": 1_000.0, "sockets_per_session": 1_000}


class Silent(RawSocket):
    """A program that says nothing after its handshake."""

    def __init__(self, server: Server, address: str = "", path: str = "/live") -> None:
        headers = {"X-Forwarded-For": address} if address else {}
        super().__init__(server, path=path, headers=headers, origin=None)
        self.mine = self.socket.getsockname()[1]


@contextmanager
def silent(server: Server, *addresses: str, path: str = "/live") -> Iterator[list[Silent]]:
    """One after the other, each from its address."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Silent(server, address, path)) for address in addresses]


def left(server: Server, strangers: list[Silent]) -> list[Silent]:
    here = peers(server)
    return [one for one in strangers if one.mine in here]


def thinned(server: Server, strangers: list[Silent], number: int) -> list[Silent]:
    """Who is left, as soon as they are no more than ``number``."""
    wait_for(lambda: len(left(server, strangers)) <= number, PATIENCE, f"no more than {number} to be left")
    return left(server, strangers)


def test_R5_a_crowd_of_strangers_is_thinned_out(fresh_server: Callable[..., Server], people: People) -> None:
    """Of five hundred who come and wait, the twenty newest at each address stay, and the others are told to come back
    later. An address is the one that the proxy saw, not one that a client makes up before it. Beside the crowd, from
    the same address, a class comes in and stays: by cookie, by header, and with the token in the first frame."""
    server = fresh_server(limits=PATIENT, args=("--proxies", "1"))
    here = {"X-Forwarded-For": "198.51.100.1"}
    made_up = [f"192.0.2.{number}, 198.51.100.2" for number in range(AT_ONE_ADDRESS + 5)]
    with contextlib.ExitStack() as stack:
        ada, ada_by_token = stack.enter_context(Api(server)), stack.enter_context(Api(server))
        ada.sign_up(people.ada)
        ada_by_token.use_token(ada.sign_in(people.ada).cookie.partition("=")[2])
        crowd = stack.enter_context(silent(server, *["198.51.100.1"] * count(500)))
        others = stack.enter_context(silent(server, *made_up))
        begin = time.monotonic()
        known = [stack.enter_context(Live(server, ada, headers=here)) for _ in range(2 * AT_ONE_ADDRESS)]
        known.append(stack.enter_context(Live(server, ada_by_token, headers=here)))
        asking = stack.enter_context(Live(server, origin=None, hello=False, headers=here))
        asking.send({"type": "auth", "token": ada_by_token.token})
        assert asking.recv("hello")["user"]["id"] == ada.id
        assert thinned(server, crowd, AT_ONE_ADDRESS) == crowd[-AT_ONE_ADDRESS:]
        assert thinned(server, others, AT_ONE_ADDRESS) == others[-AT_ONE_ADDRESS:]
        print(f"{len(crowd)} are {AT_ONE_ADDRESS} after {time.monotonic() - begin:.1f} s")
        frames, code, reason = crowd[0].until_close()
        assert (frames[-1].json()["type"], code, reason) == ("bye", 4002, "try_again")
        for live in (*known, asking):
            live.join({ada.wall: 0})


def test_R5_a_header_is_not_believed_without_a_proxy(fresh_server: Callable[..., Server]) -> None:
    """Whatever addresses it names, it is one. Where more may be silent, more are: the thinning is the limit's work."""
    most = AT_ONE_ADDRESS + 5
    server = fresh_server(limits=PATIENT | {"strangers_at_one_address": most})
    with silent(server, *[f"192.0.2.{number}" for number in range(most + 5)]) as strangers:
        assert thinned(server, strangers, most) == strangers[-most:]


def test_R5_strangers_are_few_of_all(fresh_server: Callable[..., Server]) -> None:
    """Wherever they come from, on the labs' sockets too: for one more the oldest goes, at once."""
    server = fresh_server(limits=PATIENT | {"strangers": 10}, args=("--proxies", "1"))
    for path in ("/live", "/connect"):
        with silent(server, *[f"192.0.2.{number}" for number in range(15)], path=path) as strangers:
            assert thinned(server, strangers, 10) == strangers[5:]
