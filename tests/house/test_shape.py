"""The house's own rules: who may import what, and how large a room may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "twidder"
FEATURES = {"accounts", "boards", "files", "moderation", "pairup", "rooms", "search", "walls"}

ASYNCIO = {
    "live/websocket.py",
    "live/node.py",
    "live/streams.py",
    "live/stream_link.py",
    "web/bridge.py",
    "web/sender.py",
    "web/spool.py",
    "asgi.py",
    "admin.py",
    "demo/presence.py",
    "live/bus/redis.py",
}
PURE = (
    *("frames", "wire", "topics", "hub", "connection", "closing", "channel", "mailbox", "backlog", "presence"),
    "heads",
    "newest",
    "stream_parts",
)
# The pure half of live/ may know the errors, the limits and the strict reader of JSON: they are pure too.
PURE_MAY = {"twidder.errors", "twidder.config", "twidder.rates", "twidder.strictjson", "msgspec", "websockets.speedups"}

# Core files about 300 lines, feature files about 150: a smell, not a law. Who is larger says why.
LARGE = {
    "live/node.py": "who is connected, what they ask for, what they are told",
    "config.py": "each number with its reason",
}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> set[str]:
    """Full names of what a module imports, both ``a.b`` and the ``c`` of ``from a.b import c``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


MODULES = dict(_files())


def _belongs(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("name", MODULES)
def test_flask_stays_in_its_half(name: str) -> None:
    """Only web/, routes.py and gateways/ know Flask; a service can be called by either door."""
    may = name.startswith(("web/", "gateways/")) or name.endswith("routes.py")
    if not may and name != "__init__.py":
        assert not [found for found in _imports(MODULES[name]) if _belongs(found, "flask")]


@pytest.mark.parametrize("name", MODULES)
def test_asyncio_stays_in_its_half(name: str) -> None:
    """Features contain no async: only the live core, the bridge and the composition root know asyncio."""
    if name not in ASYNCIO and not name.startswith("gateways/"):
        assert not [found for found in _imports(MODULES[name]) if _belongs(found, "asyncio")]
        assert not [node for node in ast.walk(MODULES[name]) if isinstance(node, ast.AsyncFunctionDef)]


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("live/")])
def test_the_hub_knows_no_feature_and_no_sql(name: str) -> None:
    """live/ imports no feature, no Flask, no SQL, no store."""
    banned = ("flask", "sqlalchemy", "sqlite3", "twidder.store", "twidder.web", *(f"twidder.{one}" for one in FEATURES))
    found = _imports(MODULES[name])
    assert not [one for one in found if any(_belongs(one, bad) for bad in banned)]


@pytest.mark.parametrize("name", [f"live/{one}.py" for one in PURE if f"live/{one}.py" in MODULES])
def test_pure_modules_are_pure(name: str) -> None:
    """The pure modules import the standard library, the codec and each other; nothing that does I/O."""
    for found in _imports(MODULES[name]):
        if found.split(".")[0] in ("twidder", "msgspec", "websockets"):
            pure = any(_belongs(found, one) for one in PURE_MAY)
            assert pure or any(_belongs(found, f"twidder.live.{one}") for one in PURE) or found == "twidder.live", found
        assert found.split(".")[0] not in ("asyncio", "socket", "threading", "concurrent")


@pytest.mark.parametrize("name", [name for name in MODULES if name.split("/")[0] in FEATURES])
def test_features_stand_on_the_store_alone(name: str) -> None:
    """Features import store, live.channel, errors and each other's public names; never another feature's models."""
    own = name.split("/")[0]
    for found in _imports(MODULES[name]):
        for other in FEATURES - {own}:
            assert not _belongs(found, f"twidder.{other}.models"), found
        if _belongs(found, "twidder.live"):
            assert found in ("twidder.live", "twidder.live.channel", "twidder.live.topics") or found.startswith(
                ("twidder.live.channel.", "twidder.live.topics.")
            ), found
        if _belongs(found, "twidder.web"):
            assert name.endswith("routes.py"), found


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("demo/")])
def test_the_demo_knows_the_public_api_alone(name: str) -> None:
    """It is a client: of the house it knows the settings and its errors."""
    for found in _imports(MODULES[name]):
        may = ("twidder.config", "twidder.errors", "twidder.demo")
        assert not _belongs(found, "twidder") or any(_belongs(found, one) for one in may), found


def test_services_have_no_sql_in_routes() -> None:
    """Routes parse, call a service and answer: no SQL there."""
    for name in MODULES:
        if name.endswith("routes.py"):
            assert not [one for one in _imports(MODULES[name]) if _belongs(one, "sqlalchemy")], name


@pytest.mark.parametrize("name", MODULES)
def test_no_file_outgrows_its_idea(name: str) -> None:
    """A file over 300 lines says here why it still holds one idea."""
    lines = len((PACKAGE / name).read_text(encoding="utf-8").splitlines())
    assert lines <= 300 or name in LARGE, f"{lines} lines"


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_pickled(name: str) -> None:
    """No pickle, marshal, eval or exec anywhere."""
    assert not {"pickle", "marshal", "shelve", "yaml"} & _imports(MODULES[name])
    calls = [
        node.func.id
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"eval", "exec"} & set(calls)


def test_the_page_puts_no_text_in_as_html() -> None:
    """The client has no innerHTML, no alert and no address of another host in its own files."""
    for path in sorted((PACKAGE / "static").rglob("*")):
        if path.suffix in (".js", ".html", ".css") and "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            for bad in (
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "alert(",
                "confirm(",
                "eval(",
                "http://",
                "https://",
            ):
                allowed = {"http://www.w3.org/2000/svg"} if bad == "http://" else set()
                assert not [
                    line for line in text.splitlines() if bad in line and not any(ok in line for ok in allowed)
                ], (
                    path.name,
                    bad,
                )
