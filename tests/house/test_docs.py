"""The documents name what is there: every link, every path, every promise's test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

_LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:src|href)="([^"]+)\"""")
_PATH = re.compile(r"`((?:tests|twidder|docs|scripts|bench)/[^`\s]*)`")
_PROMISE = re.compile(r"^\| ((?:[A-Z]\d+(?:, )?)+) \|.*\| ([^|]+) \|$", re.MULTILINE)


def _links(text: str) -> set[str]:
    shown = re.sub(r"`[^`\n]*`|^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)  # code is not followed
    return {first or second for first, second in _LINK.findall(shown)}


def _headings(text: str) -> set[str]:
    """The anchors that a forge makes of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def _dead_links(page: Path, text: str) -> list[str]:
    dead = []
    for link in _links(text):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in _headings(text if target == page else target.read_text())):
            dead.append(link)
    return dead


def _missing_paths(text: str) -> list[str]:
    """NAME stands for what is not there yet; what has … or * in it is no path."""
    return [path for path in _PATH.findall(text) if not re.search(r"NAME|[…*]", path) and not (ROOT / path).exists()]


def _unproven(text: str) -> list[str]:
    """Promises without a test of that name in any of the files that the table names."""
    unproven = []
    for ids, places in _PROMISE.findall(text):
        files = [ROOT / path for path in _PATH.findall(places)]
        sources = [file for path in files for file in (path.rglob("test_*.py") if path.is_dir() else [path])]
        code = "\n".join(source.read_text(encoding="utf-8") for source in sources if source.exists())
        unproven += [one for one in ids.split(", ") if not re.search(rf"def test_(\w+_)?{one}_", code)]
    return unproven


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    """A relative link leads to a file, and to a heading in it."""
    assert not _dead_links(ROOT / name, (ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_path_exists(name: str) -> None:
    """A path of the repository that a document names is there."""
    assert not _missing_paths((ROOT / name).read_text(encoding="utf-8"))


def test_every_promise_has_its_test() -> None:
    """Each id of the table is in a test's name, in a file that its row names."""
    text = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
    assert len(_PROMISE.findall(text)) > 20
    assert not _unproven(text)


def test_what_is_wrong_is_found() -> None:
    """A dead link, a heading that is not there, a path that is gone, and a promise without a test are all noticed."""
    page = ROOT / "README.md"
    assert _dead_links(page, "[a](docs/gone.md) [b](README.md#nowhere) [c](https://example.org) [d](docs/wire.md)")
    assert set(_dead_links(page, "# A page\n[b](#nowhere) [e](#a-page) `[f](g.md)`")) == {"#nowhere"}
    assert _missing_paths("`tests/gone.py` `twidder/config.py` `tests/NAME/`") == ["tests/gone.py"]
    assert _unproven("| S1, X9 | … | `tests/sessions/` |") == ["X9"]
