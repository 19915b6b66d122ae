"""The operator's commands beside a running server.

There is never a second writer: a command either holds the data lock itself, or asks the server that holds it, through a
socket in the data directory that only its owner can open.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twidder.accounts import links, service
from twidder.config import Settings
from twidder.core import Core, build_core
from twidder.datadir import check_data, lock_data
from twidder.errors import ConfigError, TwidderError
from twidder.store import Tx, open_store

_LINE = 8_192


def _reset_link(core: Core, tx: Tx, email: str) -> dict[str, Any]:
    user = service.access_user_by_email(tx, email)
    secret = links.new_secret()
    links.make(tx, "reset", secret, seconds=core.settings.limits.reset_link_seconds, user_id=user.id)
    return {"name": f"{user.firstname} {user.familyname}", "url": f"{core.settings.address}/reset#{secret}"}


def _close(core: Core, tx: Tx, email: str) -> dict[str, Any]:
    user = service.access_user_by_email(tx, email)
    service.close_account(tx, user.id)
    return {"name": f"{user.firstname} {user.familyname}"}


def _make_owner(core: Core, tx: Tx, email: str) -> dict[str, Any]:
    user = service.access_user_by_email(tx, email)
    service.make_owner(tx, user.id)
    return {"name": f"{user.firstname} {user.familyname}"}


def _list(core: Core, tx: Tx, query: str) -> dict[str, Any]:
    found, more = service.people(tx, query, limit=1_000)
    rows = [
        {"id": user.id, "email": user.email, "name": f"{user.firstname} {user.familyname}", "role": user.role}
        for user in found
    ]
    return {"people": rows, "more": more is not None}


COMMANDS: dict[str, Callable[[Core, Tx, str], dict[str, Any]]] = {
    "reset-link": _reset_link,
    "close": _close,
    "make-owner": _make_owner,
    "list": _list,
}


def run(settings: Settings, command: str, argument: str) -> dict[str, Any]:
    """The command's result, wherever it ran. Raises ConfigError with one line for the operator."""
    check_data(settings.data)
    path = settings.data / "admin.sock"
    try:
        lock_data(settings.data)
    except ConfigError:
        if not path.exists():
            raise
        return _ask(path, command, argument)
    store = open_store(settings.data / "twidder.db", settings.limits, lambda _batch: None)
    try:
        core = build_core(settings, store)
        return _answer(core, {"command": command, "argument": argument})
    finally:
        store.close()


def _ask(path: Path, command: str, argument: str) -> dict[str, Any]:
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(15.0)
            link.connect(str(path))
            link.sendall(json.dumps({"command": command, "argument": argument}).encode() + b"\n")
            with link.makefile("rb") as answers:
                answer: dict[str, Any] = json.loads(answers.readline())
    except (OSError, ValueError):
        raise ConfigError("The Twidder that uses this data directory does not answer. Try again in a moment.") from None
    if "error" in answer:
        raise ConfigError(answer["error"])
    return answer


def _answer(core: Core, request: dict[str, Any]) -> dict[str, Any]:
    try:
        command = COMMANDS[request["command"]]
        return core.store.write(lambda tx: command(core, tx, str(request["argument"])))
    except TwidderError as error:
        if error.code == "not_found":
            raise ConfigError(f"Nobody here has the e-mail {request['argument']!r}.") from None
        raise ConfigError(error.detail) from None


class AdminSocket:
    """The running server's end."""

    def __init__(self, path: Path, core: Core) -> None:
        self._path = path
        self._core = core
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_LINE)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await asyncio.wait_for(reader.readline(), 5.0))
            answer = await asyncio.to_thread(_answer, self._core, request)
        except ConfigError as error:
            answer = {"error": str(error)}
        except (ValueError, KeyError, TypeError, TimeoutError):
            answer = {"error": "That command was not understood."}
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        writer.close()
