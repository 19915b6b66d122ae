"""Handles: ``@ada`` in a text is whoever has the handle ``ada``. Pure."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

from twidder.errors import BadField

_HANDLE = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")
# What would look like an office, or like something else than a person.
_RESERVED = frozenset(
    {"admin", "all", "channel", "everyone", "guest", "here", "me", "moderator", "owner", "room", "root"}
)
_RESERVED |= frozenset({"staff", "support", "system", "twidder", "con", "nul", "prn", "aux", "undefined", "null"})

MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9][A-Za-z0-9_.-]{0,31})")


def check_handle(text: str) -> str:
    """The handle as it is kept. Raises BadField."""
    handle = text.strip().casefold()
    if not _HANDLE.fullmatch(handle) or handle[-1] in ".-" or ".." in handle:
        raise BadField(
            "handle",
            "A handle has 2 to 32 of the letters a to z, digits, or any of _ . -, and begins with a letter or digit.",
        )
    if is_reserved(handle):
        raise BadField("handle", "That handle is kept for something else.")
    return handle


def is_reserved(name: str) -> bool:
    """Of a folded name."""
    return name in _RESERVED


def free_handle(firstname: str, taken: Callable[[str], bool]) -> str:
    """A handle for somebody of this name, that nobody has."""
    plain = unicodedata.normalize("NFKD", firstname).casefold()
    stem = re.sub(r"[^a-z0-9]", "", plain)[:24] or "member"
    if len(stem) < 2 or stem in _RESERVED:
        stem = f"{stem}1" if len(stem) < 2 else f"{stem}0"
    if not taken(stem):
        return stem
    for number in range(2, 10):
        if not taken(f"{stem}{number}"):
            return f"{stem}{number}"
    while taken(handle := f"{stem}{secrets.randbelow(1_000_000)}"):  # a class of Adas must not try one by one
        pass
    return handle


def mentioned(text: str, most: int) -> list[str]:
    """The handles that a text may mean, folded; at most ``most``. A dot or dash at the end ends the sentence."""
    found = dict.fromkeys(match[1].rstrip(".-").casefold() for match in MENTION.finditer(text))
    return list(found)[:most]
