"""multipart/form-data with exactly one part, ``file``: what a browser makes of ``new FormData()``.

Werkzeug's decoder takes it apart; what is in the part goes on to the disk as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from twidder.errors import BadField, BadRequest, TooLarge, TwidderError

_PIECE = 65_536
_BOUNDARY = 70  # characters: RFC 2046
_HEADERS = 8_192  # bytes of a part's own
_PARTS = 10  # are looked at before the whole is called too large
_BODY = "file"


class Part(NamedTuple):
    """``filename`` and ``claimed``, its media type, are what the sender says."""

    filename: str
    claimed: str
    size: int


def save_file(request: Request, target: Path, most: int) -> Part:
    """Write the part's content to ``target``. Raises TooLarge beyond ``most`` bytes, BadField, BadRequest, and
    TwidderError (unsupported_media, headers_too_large); OSError as the disk does."""
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data":
        raise TwidderError("Send the file as multipart/form-data.", code="unsupported_media")
    if not 0 < len(boundary) <= _BOUNDARY or not boundary.isascii():
        raise BadRequest("The form has no boundary that is one.")
    decoder = MultipartDecoder(boundary.encode(), max_parts=_PARTS)
    try:
        with target.open("wb") as file:
            return _save(_events(decoder, request.stream), file, most)
    except RequestEntityTooLarge:
        raise TooLarge from None
    except ValueError:  # a part without headers, bytes that are no text in them, an end that never comes
        raise BadRequest("That form is broken.") from None


def _events(decoder: MultipartDecoder, stream: IO[bytes]) -> Iterator[Event]:
    """Raises ValueError when the form ends in the middle."""
    in_data = False
    while True:
        event = decoder.next_event()
        if isinstance(event, NeedData):
            if not in_data and len(decoder.buffer) > _HEADERS + _PIECE:
                raise TwidderError(code="headers_too_large")
            decoder.receive_data(stream.read(_PIECE) or None)
            continue
        yield event
        if isinstance(event, Epilogue):
            return
        in_data = event.more_data if isinstance(event, Data) else isinstance(event, File | Field)


def _save(events: Iterator[Event], file: IO[bytes], most: int) -> Part:
    """All parts are looked at, so that a form with too many is refused for that."""
    found: File | None = None
    size = parts = 0
    for event in events:
        if isinstance(event, File | Field):
            parts += 1
            _check_part(event)
            found = event if isinstance(event, File) and event.name == _BODY else found
        elif isinstance(event, Data) and parts == 1:
            size += len(event.data)
            if size > most:
                raise TooLarge(f"A file has at most {most >> 20} MiB.")
            file.write(event.data)
    if found is None or parts != 1:
        raise BadField("file", "Send one file, as the only part of the form.")
    if size == 0:
        raise BadField("file", "That file is empty.")
    return Part(found.filename, found.headers.get("Content-Type", ""), size)


def _check_part(part: File | Field) -> None:
    """Raises BadRequest. Werkzeug says that a name is text, and gives None where there is none."""
    if not isinstance(part.name, str):
        raise BadRequest("A part of the form has no name.")
    if isinstance(part, Field) and part.headers.get("Content-Type", "").lower().startswith("multipart/"):
        raise BadRequest("A form does not stand within a form.")
