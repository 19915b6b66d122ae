"""A process that makes one picture anew and ends: whatever hides in a stranger's picture meets nothing here.

It has the picture as standard input, descriptors for what it makes, and 512 MiB, 10 s and no further descriptor to do
it with: no file, no socket. Run by its path, so that nothing of Twidder is loaded. Its last line is the answer:
``{"width", "height", "type"}`` or ``{"refused": why}``.
"""

from __future__ import annotations

import copy  # noqa: F401  (PIL wants it for a GIF, when nothing can be loaded any more)
import json
import os
import resource
import sys
from typing import Any

import PIL.MpoImagePlugin  # what PIL would load with a picture, it loads now
import PIL.TiffImagePlugin
import PIL.WebPImagePlugin  # noqa: F401
from PIL import Image, ImageOps

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# Of an animation the first picture. Telephones put a second one behind a JPEG, which makes it an MPO.
_OUTPUT = {"PNG": "PNG", "GIF": "PNG", "JPEG": "JPEG", "MPO": "JPEG", "WEBP": "WEBP"}
_QUALITY: dict[str, dict[str, Any]] = {
    "PNG": {"compress_level": 6},
    "JPEG": {"quality": 88},
    "WEBP": {"quality": 88, "method": 2},
}


def main() -> None:
    wish = json.loads(sys.argv[1])
    picture, thumbnail = os.fdopen(wish["picture"], "wb"), os.fdopen(wish["thumbnail"], "wb")
    _confine(wish["memory"], wish["cpu"], wish["bytes"])
    source = Image.open(sys.stdin.buffer, formats=_FORMATS)
    width, height = source.size
    if width * height > wish["pixels"]:
        print(json.dumps({"refused": "too_many_pixels"}))
        return
    kind = _OUTPUT[str(source.format)]
    made = _plain(source, kind)
    del source  # and with it as much memory again
    made.thumbnail((wish["side"], wish["side"]))
    made.save(picture, kind, **_QUALITY[kind])
    width, height = made.size
    if max(made.size) > wish["thumbnail_side"]:
        made.thumbnail((wish["thumbnail_side"], wish["thumbnail_side"]))
        made.save(thumbnail, kind, **_QUALITY[kind])
    picture.close()
    thumbnail.close()
    print(json.dumps({"width": width, "height": height, "type": f"image/{kind.lower()}"}))


def _confine(memory: int, cpu: int, size: int) -> None:
    Image.preinit()
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),  # what is open stays open
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    Image.MAX_IMAGE_PIXELS = None  # counted by ourselves


def _plain(source: Image.Image, kind: str) -> Image.Image:
    """Its pixels as they are meant to be seen: turned as EXIF says, 8 bits, no palette, no metadata."""
    if source.mode in ("I", "I;16", "I;16B", "I;16L"):  # 16 bits of grey
        upright = source.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    else:
        has_alpha = kind != "JPEG" and source.has_transparency_data
        upright = source.convert("RGBA" if has_alpha else "L" if source.mode in ("1", "L") else "RGB")
    ImageOps.exif_transpose(upright, in_place=True)
    upright.info.clear()
    return upright


if __name__ == "__main__":
    main()
