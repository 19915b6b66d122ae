"""Pictures and other files, good and bad, and how they are sent."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import httpx
from PIL import Image

from tests.harness.api import Api

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"
OTHER = "application/octet-stream"
PAYLOAD = b"<svg onload=alert(1)>"


def encode(image: Image.Image, kind: str, **how: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def picture(width: int = 60, height: int = 40, kind: str = "PNG", mode: str = "RGB", **how: Any) -> bytes:
    """Its upper left corner is white, everything else black."""
    image = Image.new(mode, (width, height))
    image.paste(Image.new(mode, (width // 4, height // 4), "white"))
    return encode(image, kind, **how)


def noise(width: int, height: int) -> bytes:
    """A PNG that does not get smaller."""
    return encode(Image.effect_noise((width, height), 100), "PNG")


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that say they are 3,600 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def upload(
    api: Api, content: bytes, name: str = "a.png", claimed: str = PNG, *, to: str | None = None
) -> httpx.Response:
    """To somebody's own wall, or another place (`/rooms/1`)."""
    path = f"{to or f'/walls/{api.id}'}/files"
    return api.request("POST", path, files={"file": (name, content, claimed)}, timeout=60)


def uploaded(api: Api, content: bytes, name: str = "a.png", claimed: str = PNG, *, to: str | None = None) -> Any:
    """The File."""
    answer = upload(api, content, name, claimed, to=to)
    assert answer.status_code == 201, answer.text
    return answer.json()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
