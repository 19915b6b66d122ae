"""The HTTP API of files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import wrap_file

from twidder.datadir import refusals
from twidder.errors import NotFound, RateLimited
from twidder.files import names, service
from twidder.files.kinds import HEAD_BYTES, OTHER, check_claim, is_picture, kind_of
from twidder.files.models import File
from twidder.files.service import Kind, NewFile
from twidder.web.api import Api, Call
from twidder.web.multipart import Part, save_file

api = Api("files")

_DAY = 86_400
_ID = re.compile(r"[0-9a-f]{32}")
# Nobody keeps it without asking again, since rights end; what it holds runs nowhere, whatever a browser takes it for.
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


@api.route("POST", "/rooms/<id:room>/files", answer=File, statuses=(201,), uploads=True)
def upload_to_room(call: Call, room: int) -> File:
    """Upload a file, to be named in the ``files`` of a message in this room within an hour."""
    return _upload(call, "room", room)


@api.route("POST", "/walls/<id:user>/files", answer=File, statuses=(201,), uploads=True)
def upload_to_wall(call: Call, user: int) -> File:
    """Upload a file, to be named in the ``files`` of a post on this wall within an hour."""
    return _upload(call, "wall", user)


@api.route("GET", "/files/<file>", who="guest", answer=bytes)
def download(call: Call, file: str) -> Response:
    """A file of a message or post that I may read. Pictures may be shown; others come as attachments."""
    found, _ = _access(call, file)
    return _answer(found, call.core.storage.find(found.id), found.id)


@api.route("GET", "/files/<file>/thumbnail", who="guest", answer=bytes)
def download_thumbnail(call: Call, file: str) -> Response:
    """A picture, no larger than 480 pixels a side."""
    found, has_thumbnail = _access(call, file)
    if not found.width:
        raise NotFound
    path = call.core.storage.find(found.id, thumbnail=has_thumbnail)
    return _answer(found, path, f"{found.id}-thumbnail")


def _upload(call: Call, kind: Kind, place_id: int) -> File:
    limits, storage = call.core.settings.limits, call.core.storage
    call.read(lambda tx: service.check_may_add(tx, call.me, kind, place_id, limits))
    storage.check_space()
    _take_turn(call)
    with storage.scratch() as folder:
        new, content, thumbnail = _prepare(call, folder)
        new = new._replace(id=storage.keep(content, thumbnail))
    try:
        return call.write(lambda tx: service.add(tx, call.me, kind, place_id, new, limits))
    except BaseException:
        storage.remove([new.id])
        raise


def _take_turn(call: Call) -> None:
    """Raises RateLimited."""
    a_day = call.core.settings.limits.uploads_per_day
    try:
        call.core.rates.take("upload", call.me.user_id, burst=a_day, rate=a_day / _DAY)
    except RateLimited as error:
        raise RateLimited(error.extra["retry_ms"], code="too_many_uploads") from None


def _prepare(call: Call, folder: Path) -> tuple[NewFile, Path, Path | None]:
    """What was sent as it will be kept, without an id; its file, and that of its thumbnail."""
    limits = call.core.settings.limits
    request.max_content_length = limits.file_bytes + limits.body_bytes
    sent, picture, thumbnail = folder / "sent", folder / "picture", folder / "thumbnail"
    with refusals():
        part = save_file(request, sent, limits.file_bytes)
        with sent.open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES))
    check_claim(part.claimed, kind)
    if not is_picture(kind):
        return NewFile("", _name(call, part, OTHER), OTHER, part.size), sent, None
    made = call.core.pictures.make_anew(sent, picture, thumbnail)
    size, thumbnail_size = picture.stat().st_size, thumbnail.stat().st_size
    name = _name(call, part, made.type)
    new = NewFile("", name, made.type, size, thumbnail_size, made.width, made.height)
    return new, picture, thumbnail if thumbnail_size else None


def _name(call: Call, part: Part, kind: str) -> str:
    return names.clean(part.filename, kind, call.core.settings.limits.file_name_length)


def _access(call: Call, file_id: str) -> tuple[File, bool]:
    if not _ID.fullmatch(file_id):
        raise NotFound
    return call.read(lambda tx: service.access_file(tx, call.caller, file_id))


def _answer(found: File, path: Path, tag: str) -> Response:
    """Names an open file; who sends it is the bridge's affair."""
    try:
        file = path.open("rb")
    except FileNotFoundError:  # forgotten a moment ago
        raise NotFound from None
    response = Response(wrap_file(request.environ, file), mimetype=found.type, direct_passthrough=True)
    response.headers.update(_HEADERS)
    response.headers["Content-Disposition"] = _disposition(found)
    response.content_length = path.stat().st_size
    response.set_etag(tag)
    response.make_conditional(request)
    del response.headers["Date"]  # the server says it
    return response


def _disposition(found: File) -> str:
    """RFC 6266: a plain name for old browsers, the true one for the others."""
    how = "inline" if is_picture(found.type) else "attachment"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", found.name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
