"""A token is a secret between the server and its holder; so is a password."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT
from tests.harness.raw import RawSocket
from tests.harness.server import Server

PASSWORD = "canary-password-5ZgQ8r"


def read_everything(server: Server) -> dict[str, bytes]:
    """All that is on disk, in the logs, and to be seen from outside of a process."""
    files = [*server.data.rglob("*"), *server.logs.rglob("*")]
    found = {str(path): path.read_bytes() for path in files if path.is_file()}
    process = Path(f"/proc/{server.pid}")
    if process.exists():
        found |= {name: (process / name).read_bytes() for name in ("cmdline", "environ")}
    return found


def test_S10_a_token_is_written_nowhere(fresh_server: Callable[..., Server]) -> None:
    """After a whole life (both transports, sockets, mistakes, a kill -9 that leaves the WAL) no file, log, address,
    frame or answer has a token, but the one answer that gave it; the database has its SHA-256."""
    server = fresh_server(cold=True)  # its environment is to be seen from outside
    answers: list[httpx.Response] = []
    tokens: list[str] = []
    frames: list[str] = []
    with Api(server) as browser, Api(server) as script:
        for api in (browser, script):
            api.http.event_hooks = {"response": [answers.append]}
        for api, person in ((browser, ADA.but(password=PASSWORD)), (script, BERT.but(password=PASSWORD))):
            api.sign_up(person)
        browser.sign_in(ADA.but(password=PASSWORD))
        tokens.append(answers.pop().cookies[f"sid_{server.port}"])
        script.sign_in(BERT.but(password=PASSWORD), transport="token")
        tokens.append(answers.pop().json()["token"])
        shown = browser.post("/session/token", {"password": PASSWORD}, expect=200)
        assert answers.pop().json() == shown.json() == {"token": tokens[0]}
        for api in (browser, script):
            with Live(server, api) as tab:
                tab.join({api.wall: None, "me": None})
                api.post_on(api.id, "hello")
                tab.recv("event")
                frames += [str(frame) for frame in tab.seen]
            api.get("/me", access_token=tokens[0], expect=400)
            api.page(f"/live?token={tokens[1]}")
            api.page(f"/nothing/{tokens[0][:8]}")
            api.put("/me/password", {"old_password": "wrong horse", "new_password": PASSWORD}, expect=422)
            api.request("POST", "/session", content=b'{"email": "' + PASSWORD.encode(), expect=415)
            api.get("/users/999999", expect=404)
            api.get("/session", expect=200)
        with Live(server, token=tokens[0] + "x", hello=False) as stranger:
            stranger.closed_with()
            frames += [str(frame) for frame in stranger.seen]
        alive = read_everything(server)
        script.delete("/session", expect=204)
        server.kill9()
        dead = {str(path): path.read_bytes() for path in [*server.data.rglob("*")] if path.is_file()}
    told = {f"answer {n}": f"{a.headers.raw}{a.text}".encode() for n, a in enumerate(answers)}
    everything = alive | dead | told | {"frames": "".join(frames).encode()}
    secrets = [*tokens, PASSWORD]
    assert [(name, secret) for name, text in everything.items() for secret in secrets if secret.encode() in text] == []
    assert any(name.endswith("-wal") and text for name, text in dead.items())
    for token in tokens:
        hashed = hashlib.sha256(token.encode()).hexdigest().encode()
        assert any(hashed in text for text in dead.values()), "the search looks in the wrong place"


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_S10_a_token_in_an_address_is_refused(server: Server, name: str) -> None:
    """It would end up in logs and histories: refused, unread, even when it is right; the answer does not repeat it."""
    with Api(server) as script:
        script.sign_up(person := ADA.unique())
        script.sign_in(person, transport="token")
        answer = script.get("/me", expect=400, **{name: script.token})
        assert answer.json()["code"] == "token_in_url"
        assert script.token is not None
        assert script.token not in answer.text
        handshake = RawSocket(server, path=f"/live?{name}={script.token}")
        with handshake:
            assert handshake.answer is not None
            assert handshake.answer.status == 400
            assert script.token.encode() not in handshake.answer.body
