"""``python -m bench.limit.empty_view PORT``: an empty Flask view behind Twidder's own bridge, and nothing else."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

from flask import Flask

from twidder import asgi
from twidder.config import Settings
from twidder.live.switchboard import Switchboard
from twidder.turns import Turns
from twidder.web.bridge import Bridge


def _empty() -> Flask:
    app = Flask("empty")

    @app.route("/", methods=["GET", "POST"])
    def view() -> dict[str, Any]:
        return {}

    return app


class Empty:
    """In the place of ``asgi.House``: the same server around it, nothing inside."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.board = Switchboard({}, settings.limits, {})
        self.bridge = Bridge(
            _empty().wsgi_app,
            settings,
            Turns(settings.limits.work_running),
            hashes=lambda method, path: False,
            refuse=lambda path, error: None,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.bridge(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        sys.setswitchinterval(asgi._SWITCH_SECONDS)
        self.board.start(asyncio.get_running_loop())
        self.bridge.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self.bridge.stop)
        await send({"type": "lifespan.shutdown.complete"})


def main() -> None:
    sock = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512)
    empty = Empty(Settings(data=Path(), port=sock.getsockname()[1]))
    asgi.Server(asgi._uvicorn_config(empty), lambda: None, lambda: None).run(sockets=[sock])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
