"""What a file is, its bytes say: the catalogue of bad files (rows 84 to 92), each at its door."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.files.samples import (
    GIF,
    JPEG,
    OTHER,
    PAYLOAD,
    PNG,
    WEBP,
    encode,
    huge_png,
    opened,
    picture,
    upload,
    uploaded,
)
from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.server import Server

MOST = 10 << 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><foreignObject/></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"


@pytest.fixture(scope="module")
def ada(server: Server) -> Iterator[Api]:
    """One person for all of it: what is refused costs her nothing."""
    with Api(server) as api:
        person = fresh_people().ada
        api.sign_up(person)
        api.http.headers["Connection"] = "close"  # each test leaves none behind
        yield api.sign_in(person)


REFUSED: dict[str, tuple[bytes, str, int, str]] = {
    "row84-10-MiB-and-1": (b"x" * (MOST + 1), OTHER, 413, "too_large"),
    "row84-empty": (b"", PNG, 422, "bad_field"),
    "row84-zeros-claimed-as-PNG": (bytes(MOST), PNG, 415, "not_a_picture"),
    "row85-HTML-claimed-as-PNG": (HTML, PNG, 415, "not_a_picture"),
    "row85-SVG-claimed-as-PNG": (SVG, PNG, 415, "not_a_picture"),
    "row88-60000x60000": (huge_png(), PNG, 422, "bad_field"),
    "row88-truncated-JPEG": (picture(600, 400, "JPEG")[:-400], JPEG, 422, "bad_field"),
    "row88-a-PNG-of-noise": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, PNG, 422, "bad_field"),
    "row90-TIFF": (picture(kind="TIFF"), "image/tiff", 415, "not_a_picture"),
    "row90-BMP": (picture(kind="BMP"), "image/bmp", 415, "not_a_picture"),
    "row90-ICO": (picture(kind="ICO"), "image/x-icon", 415, "not_a_picture"),
    "row90-J2K": (picture(kind="JPEG2000"), "image/jp2", 415, "not_a_picture"),
    "row90-PSD": (b"8BPS\0\1" + bytes(40), "image/vnd.adobe.photoshop", 415, "not_a_picture"),
    "row90-EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/x-eps", 415, "not_a_picture"),
    "row90-FITS": (b"SIMPLE  =                    T", "image/fits", 415, "not_a_picture"),
    "row90-PDF": (PDF, JPEG, 415, "not_a_picture"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused(ada: Api, name: str) -> None:
    """With its exact code."""
    content, claimed, status, code = REFUSED[name]
    answer = upload(ada, content, "a", claimed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def zipped(size: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(size))
    return made.getvalue()


KEPT: dict[str, tuple[bytes, str, str]] = {
    "row84-10-MiB": (b"x" * MOST, "a.bin", OTHER),
    "row85-HTML": (HTML, "a.png", "text/html"),
    "row85-no-extension": (b"#!/bin/sh\n", "a", ""),
    "row86-SVG": (SVG, "a.svg", "image/svg+xml"),
    "row86-XML": (b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><a/>', "a.xml", "text/xml"),
    "row86-MHTML": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "a.mht", "multipart/related"),
    "row87-PDF": (PDF, "a.pdf", "application/pdf"),
    "row87-ZIP-bomb": (zipped(30 << 20), "a.zip", "application/zip"),
    "row87-docm": (zipped(10), "a.docm", "application/vnd.ms-word.document.macroEnabled.12"),
    "row87-lnk": (b"L\0\0\0\x01\x14\x02\0", "a.lnk", "application/x-ms-shortcut"),
    "row93-begins-with-CR": (b"\r" + b"\n\r" * (1 << 20) + b"--", "a.txt", "text/plain"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_no_picture_is_kept_and_only_saved(ada: Api, name: str) -> None:
    """Byte by byte as it was sent, and nobody looks into it."""
    content, called, claimed = KEPT[name]
    file = uploaded(ada, content, called, claimed)
    assert (file["name"], file["type"], file["size"]) == (called, OTHER, len(content))
    answer = ada.get(f"/files/{file['id']}", expect=200)
    assert answer.content == content
    assert answer.headers["content-type"] == OTHER
    assert answer.headers["content-disposition"].startswith("attachment;")


def turned() -> bytes:
    """60×40 and on its side; with a comment, a place, a profile, and another file behind."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = PAYLOAD.decode()
    made = picture(kind="JPEG", exif=exif, comment=PAYLOAD, icc_profile=PAYLOAD + bytes(5 << 20))
    return made + zipped(1 << 20) + PAYLOAD


def animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), (n, 0, 0)) for n in range(20)]
    return encode(frames[0], kind, save_all=True, append_images=frames[1:])


def painted_with(payload: bytes) -> bytes:
    """A picture whose colours spell it."""
    image = Image.new("P", (60, 40))
    image.putpalette(payload)
    return encode(image, "PNG")


PICTURES: dict[str, tuple[bytes, str, tuple[int, int]]] = {
    "row85-JPEG-claimed-as-HTML": (picture(kind="JPEG"), JPEG, (60, 40)),
    "row88-turned-by-EXIF": (turned(), JPEG, (40, 60)),
    "row88-CMYK": (picture(kind="JPEG", mode="CMYK"), JPEG, (60, 40)),
    "row88-16-bits": (encode(Image.new("I;16", (60, 40), 40_000), "PNG"), PNG, (60, 40)),
    "row88-one-bit": (encode(Image.new("1", (60, 40)), "PNG"), PNG, (60, 40)),
    "row88-GIF": (animation("GIF"), PNG, (60, 40)),
    "row88-animated-WebP": (animation("WEBP"), WEBP, (60, 40)),
    "row88-APNG": (animation("PNG"), PNG, (60, 40)),
    "row88-larger-than-a-screen": (encode(Image.new("1", (5_000, 2_500)), "PNG"), PNG, (4_096, 2_048)),
    "row89-GIF-and-script": (picture(kind="GIF", comment=PAYLOAD) + PAYLOAD, PNG, (60, 40)),
    "row89-PNG-and-script": (picture() + PAYLOAD, PNG, (60, 40)),
    "row89-palette-of-script": (painted_with(PAYLOAD), PNG, (60, 40)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_made_anew(ada: Api, name: str) -> None:
    """The right way up, one picture, 8 bits, nothing beside its pixels; shown with its own type."""
    content, kind, size = PICTURES[name]
    file = uploaded(ada, content, "a.html", "text/html")
    assert (file["type"], (file["width"], file["height"])) == (kind, size)
    answer = ada.get(f"/files/{file['id']}", expect=200)
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith("inline;")
    seen = opened(answer.content)
    assert seen.size == size
    assert seen.mode in ("L", "RGB", "RGBA")
    assert getattr(seen, "n_frames", 1) == 1
    assert PAYLOAD not in answer.content
    assert not {"exif", "comment", "icc_profile"} & seen.info.keys()


NAMES: dict[str, tuple[str, str]] = {
    "row92-path": ("../../x", "x"),
    "row92-drive": ("C:\\x", "x"),
    "row92-passwd": ("/etc/passwd", "passwd"),
    "row92-5-KiB": ("n" * 5_000 + ".txt", "n" * 251 + ".txt"),
    "row92-turned-round": ("photo\u202egpj.exe", "photogpj.exe"),
    "row92-quotes": ("a\";b='c", "a\";b='c"),
    "row92-emoji": ("🦆 Ente.txt", "🦆 Ente.txt"),
    "row92-dot": (".", "file"),
    "row92-device": ("CON", "CON"),
    "row92-leading-dot": (".htaccess", "htaccess"),
    "row92-leading-dash": ("-rf", "rf"),
    "row85-NUL": ("a.png\0.html", "a.png.html"),
}


def sent_as(api: Api, filename: str) -> Any:
    """The File of a form whose part is called so."""
    form = f'--b\r\nContent-Disposition: form-data; name="file"; {filename}\r\n\r\nx\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    path = f"/walls/{api.id}/files"
    return api.request("POST", path, content=form.encode(), headers=headers, expect=201).json()


def test_row92_a_name_with_CR_and_LF_is_one_line(ada: Api) -> None:
    """Encoded, as RFC 8187 allows: it makes no header of its own."""
    file = sent_as(ada, "filename*=UTF-8''a%0d%0aSet-Cookie%3A%20b%3Dc")
    assert file["name"] == "aSet-Cookie: b=c"
    assert "set-cookie" not in ada.get(f"/files/{file['id']}", expect=200).headers


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_label(server: Server, ada: Api, name: str) -> None:
    """It says nothing about where the file lies, and breaks no header."""
    sent, kept = NAMES[name]
    quoted = sent.replace("\\", "\\\\").replace('"', '\\"')
    file = sent_as(ada, f'filename="{quoted}"')
    assert file["name"] == kept
    answer = ada.get(f"/files/{file['id']}", expect=200)
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].isascii()
    assert (server.data / "files" / file["id"][:2] / file["id"][2:4] / file["id"]).read_bytes() == b"x"


def test_a_pictures_name_ends_as_its_type(ada: Api) -> None:
    """Row 85: what is saved as a.jpg.php would be run where somebody puts it."""
    for sent, kept in {"a.jpg.php": "a.jpg.php.jpg", "a.JPEG": "a.JPEG"}.items():
        assert uploaded(ada, picture(kind="JPEG"), sent, JPEG)["name"] == kept
    assert uploaded(ada, picture(kind="GIF"), "moving.gif", GIF)["name"] == "moving.gif.png"
