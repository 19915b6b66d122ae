"""JSON or XML: what the picture of one board weighs, and what writing and reading it costs."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from xml.etree import ElementTree

import msgspec

from bench.contestants import Stage
from bench.figures import Figures
from bench.machine import pinned
from bench.rounds import in_turn

SERIES = 20
CASE = f"a board of {SERIES} series"
BYTES, PACKED, WRITE, READ = "bytes", "bytes, gzip", "µs to write", "µs to read"
_AT = 1_790_000_000_000
_FLOATS, _WHOLE = ("value",), ("at", "seen", "every")

Picture = dict[str, dict[str, Any]]
PICTURE: Picture = {
    f"hall.{number}": {
        **{"value": 20 + number / 8, "at": _AT + number, "seen": _AT + number + 3},
        **{"type": "number", "unit": "°C", "every": 5_000, "freshness": "fresh"},
    }
    for number in range(SERIES)
}


class Format(NamedTuple):
    write: Callable[[Picture], bytes]
    read: Callable[[bytes], Picture]


def run(stage: Stage) -> Figures:
    figures = Figures("formats", "JSON or XML: one board's picture, written and read in Python")
    figures.about = {
        "msgspec": f"JSON, msgspec {msgspec.__version__}",
        "json": "JSON, Python's own",
        "xml": "XML in attributes, Python's ElementTree",
    }
    figures.note(
        "Attributes are the shortest that XML has. Reading ends with the same objects: JSON says what is a number, for "
        "XML the reader has to know."
    )
    in_turn(stage, figures, {key: partial(_measure, stage, figures, key) for key in figures.about})
    return figures


def _measure(stage: Stage, figures: Figures, key: str) -> None:
    one = FORMATS[key]
    text = one.write(PICTURE)
    assert one.read(text) == PICTURE
    figures.add(CASE, BYTES, key, len(text))
    figures.add(CASE, PACKED, key, len(gzip.compress(text, 6, mtime=0)))
    with pinned(stage.cores.load):
        figures.add(CASE, WRITE, key, _microseconds(lambda: one.write(PICTURE), stage.seconds / 4))
        figures.add(CASE, READ, key, _microseconds(lambda: one.read(text), stage.seconds / 4))


def _microseconds(done: Callable[[], Any], seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        for _ in range(100):
            done()
        count += 100
    return passed / count * 1e6


def _write_json(picture: Picture) -> bytes:
    return json.dumps(picture, ensure_ascii=False, separators=(",", ":")).encode()


def _write_xml(picture: Picture) -> bytes:
    board = ElementTree.Element("board")
    for key, value in picture.items():
        ElementTree.SubElement(board, "series", {"key": key, **{name: str(each) for name, each in value.items()}})
    return ElementTree.tostring(board, encoding="utf-8")


def _read_xml(text: bytes) -> Picture:
    picture: Picture = {}
    for element in ElementTree.fromstring(text):
        value: dict[str, Any] = dict(element.attrib)
        key = value.pop("key")
        value |= {name: float(value[name]) for name in _FLOATS} | {name: int(value[name]) for name in _WHOLE}
        picture[key] = value
    return picture


FORMATS = {
    "msgspec": Format(msgspec.json.encode, msgspec.json.decode),
    "json": Format(_write_json, json.loads),
    "xml": Format(_write_xml, _read_xml),
}
