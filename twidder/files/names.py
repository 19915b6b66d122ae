"""What a file may be called. A name is a label for people: nothing on this machine is ever opened by it."""

from __future__ import annotations

import re
import unicodedata

_WITHOUT = "file"
_UNSEEN = ("Cc", "Cf", "Cs")  # control characters, marks of direction, halves of a pair
_JOINER = "\u200d"  # a family of emoji is joined by it
_EXTENSIONS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
}
_LONGEST_EXTENSION = 16


def clean(name: str, kind: str, length: int) -> str:
    """The last part of what a browser sent, without characters that do not show: one that turns the direction makes
    ``exe.gpj`` of a program. A picture's name ends as its type does."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in _UNSEEN or letter == _JOINER)
    shown = " ".join(shown.split()).lstrip(".- ") or _WITHOUT
    endings = _EXTENSIONS.get(kind, ())
    if endings and not shown.lower().endswith(endings):
        shown = _shorten(shown, length - len(endings[0])) + endings[0]
    return _shorten(shown, length)


def _shorten(name: str, length: int) -> str:
    """Keeping the extension."""
    if len(name) <= length:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) >= _LONGEST_EXTENSION:
        return name[:length]
    return stem[: length - len(extension) - 1] + dot + extension
