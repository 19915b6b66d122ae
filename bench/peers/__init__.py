"""Whom Twidder is measured beside: bare servers that send everybody whatever text one client sent them.

No accounts, no storage, no compression; each at most 60 lines, with the production flags that its documentation names.
``make bench-peers`` installs them, ``python -m bench.peers.check`` shows that each does what it should.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.load import compiled
from bench.peers import installed
from bench.peers.installed import NCHAN, NGINX, NODE, ON_NODE, ON_PYTHON, PYTHON, WITH_NCHAN, needs

HERE = Path(__file__).resolve().parent
LIMIT = HERE.parent / "limit"


class Peer(NamedTuple):
    key: str
    name: str
    command: Callable[[int, Path], list[str]]  # (port, work directory) → argv; runs in the foreground, on 127.0.0.1
    missing: Callable[[], str | None]  # why it cannot run here; None = it can
    version: Callable[[], str]
    path: str = "/"
    hello: str = ""  # a text frame that a client sends once its socket is open
    ready: str = ""  # part of the frame after which it is a member; "" = with the handshake's answer
    send: str = "%s"  # a publisher's text frame; %s = the payload, a JSON object
    ping: str = ""  # the server's own ping, a text …
    pong: str = ""  # … and the answer to it
    env: Mapping[str, str] = {}


_SOCKET_IO = {
    "path": "/socket.io/?EIO=4&transport=websocket",
    "hello": "40",
    "ready": "40{",
    "send": '42["message",%s]',
    "ping": "2",
    "pong": "3",
}
_PRODUCTION = {"NODE_ENV": "production", "NODE_PATH": str(NODE)}
_CONNECTIONS = "16384"  # of gunicorn's gevent workers; by default 1,000


def _bun(port: int, work: Path) -> list[str]:
    return [str(NODE / ".bin" / "bun"), str(HERE / "bun.js"), str(port)]


def _node(script: str) -> Callable[[int, Path], list[str]]:
    return lambda port, work: ["node", str(HERE / script), str(port)]


def _nchan(port: int, work: Path) -> list[str]:
    text = (HERE / "nchan.conf").read_text("utf-8").replace("PORT", str(port)).replace("MODULE", str(NCHAN))
    (work / "nginx.conf").write_text(text, encoding="utf-8")
    return [NGINX, "-p", f"{work}/", "-e", "stderr", "-c", "nginx.conf"]


def _gunicorn(place: Path, app: str, *flags: str) -> Callable[[int, Path], list[str]]:
    def command(port: int, work: Path) -> list[str]:
        bind = ["-b", f"127.0.0.1:{port}", "--no-control-socket", "--chdir", str(place), "-e", f"BENCH_WORK={work}"]
        return [str(PYTHON / "gunicorn"), "-w", "1", *flags, *bind, app]

    return command


def _uvicorn(app: str) -> Callable[[int, Path], list[str]]:
    def command(port: int, work: Path) -> list[str]:
        flags = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--ws-per-message-deflate", "false"]
        place = ["--host", "127.0.0.1", "--port", str(port), "--app-dir", str(HERE)]
        return [str(PYTHON / "uvicorn"), *flags, *place, "--log-level", "warning", app]

    return command


def _fanout(*flags: str) -> Callable[[int, Path], list[str]]:
    return lambda port, work: [str(compiled("fanout", LIMIT / "fanout.c")), str(port), *flags]


PEERS = (
    Peer("bun", "Bun publish", _bun, needs(ON_NODE), installed.of_bun, env=_PRODUCTION),
    Peer("nchan", "nchan in nginx", _nchan, needs(*WITH_NCHAN), installed.of_nchan),
    Peer("ws", "Node ws", _node("ws.js"), needs("node", ON_NODE), installed.of_node("ws"), env=_PRODUCTION),
    Peer(
        "socketio",
        "Node Socket.IO",
        _node("socketio.js"),
        needs("node", ON_NODE),
        installed.of_node("socket.io"),
        env=_PRODUCTION,
        **_SOCKET_IO,
    ),
    Peer(
        "websockets",
        "websockets broadcast",
        lambda port, work: [str(PYTHON / "python"), str(HERE / "websockets_server.py"), str(port)],
        needs(ON_PYTHON),
        installed.of_python("websockets", "uvloop"),
    ),
    Peer(
        "fastapi",
        "FastAPI loop",
        _uvicorn("fastapi_app:app"),
        needs(ON_PYTHON),
        installed.of_python("FastAPI", "uvicorn"),
    ),
    Peer(
        "channels",
        "Django Channels in memory",
        _uvicorn("channels_app:app"),
        needs(ON_PYTHON),
        installed.of_python("channels", "Django", "uvicorn"),
    ),
    Peer(
        "flask-socketio",
        "Flask-SocketIO, gevent",
        _gunicorn(
            HERE,
            "flask_socketio_app:app",
            "-k",
            "geventwebsocket.gunicorn.workers.GeventWebSocketWorker",
            "--worker-connections",
            _CONNECTIONS,
        ),
        needs(ON_PYTHON),
        installed.of_python("Flask-SocketIO", "gevent", "gunicorn"),
        **_SOCKET_IO,
    ),
)

LIMITS = (
    Peer("c-batch", "C, one send per member and turn", _fanout("--batch"), needs("gcc"), installed.of_gcc),
    Peer("c-each", "C, one send per member and message", _fanout(), needs("gcc"), installed.of_gcc),
)

# Over HTTP alone: GET / and GET /read answer JSON, POST /write {"text": …} stores a row.
HTTP_PEERS = (
    Peer(
        "flask-gunicorn",
        "Flask, gunicorn gthread",
        _gunicorn(LIMIT, "flask_view:app", "-k", "gthread", "--threads", "8"),
        needs(ON_PYTHON),
        installed.of_python("Flask", "gunicorn"),
    ),
)

# A board: POST /values stores values, GET /board answers them all, GET / is a page that asks for them every second.
BOARD_PEER = Peer(
    "flask-polling",
    "Flask, gunicorn gthread, polled",
    _gunicorn(HERE, "flask_polling:app", "-k", "gthread", "--threads", "8", "--worker-connections", _CONNECTIONS),
    needs(ON_PYTHON),
    installed.of_python("Flask", "gunicorn"),
)

# Seats: PUT /seats/PLACE {"team": …} takes one, GET /seats answers who has which.
SEATS_PEER = Peer(
    "flask-seats",
    "Flask, gunicorn gthread, polled",
    _gunicorn(HERE, "flask_seats:app", "-k", "gthread", "--threads", "8", "--worker-connections", _CONNECTIONS),
    needs(ON_PYTHON),
    installed.of_python("Flask", "gunicorn"),
)
