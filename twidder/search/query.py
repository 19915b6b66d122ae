"""What somebody types into the search box, as words; and where they stand in a text. Pure.

No operator of the index is reachable from here. Quotes hold words together; the last word may be unfinished.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from twidder.store.finding import Words

Piece = tuple[str, bool]  # (text, whether it was looked for)

_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")
_UNFINISHED = 2  # letters: of one letter there are too many words
_BEFORE, _LENGTH = 40, 180  # characters of a snippet: before the first word, and in all


def parse(query: str) -> Words | None:
    """None when there is no word in it."""
    chunks = [match[1] if match[2] is None else match[2] for match in _CHUNK.finditer(_plain(query))]
    phrases = tuple(chunk for chunk in chunks if _WORD.search(chunk))
    if not phrases:
        return None
    last = _WORD.findall(phrases[-1])[-1]
    ends_in_word = query[-1:].isalnum()
    return Words(phrases, unfinished=ends_in_word and len(last) >= _UNFINISHED)


def _plain(query: str) -> str:
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in query)


def snippet(body: str, words: Words) -> list[Piece]:
    """The part of the text around the first word found, in pieces; the words looked for are marked."""
    folded = fold(body)
    hits = [match.span() for match in _pattern(words).finditer(folded)]
    start = max(0, hits[0][0] - _BEFORE) if hits and hits[0][1] > _LENGTH else 0
    end = min(len(body), start + _LENGTH)
    pieces: list[Piece] = [("…", False)] if start else []
    for left, right in hits:
        if left >= end:
            break
        pieces += [(body[start:left], False), (body[left : min(right, end)], True)]
        start = min(right, end)
    pieces.append((body[start:end], False))
    if end < len(body):
        pieces.append(("…", False))
    return [piece for piece in pieces if piece[0]]


def _pattern(words: Words) -> re.Pattern[str]:
    each = [_WORD.findall(fold(phrase)) for phrase in words.phrases]
    last = each[-1].pop() + ("[^\\W_]*" if words.unfinished else "")
    wanted = sorted({word for phrase in each for word in phrase} | {last}, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(wanted)})(?![^\W_])")


def fold(text: str) -> str:
    """Without case and accents, as the index compares; each character stays where it was."""
    return text.lower() if text.isascii() else "".join(map(_fold_one, text))


@lru_cache(4096)
def _fold_one(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0].lower()[0]
