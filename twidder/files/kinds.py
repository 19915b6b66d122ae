"""What a file is, by its first bytes. What its name or its sender claims decides nothing."""

from __future__ import annotations

from twidder.errors import TwidderError

OTHER = "application/octet-stream"
HEAD_BYTES = 16

# Claimed to be one of these, it is a picture or it is refused. SVG is a program: a file like others.
_CLAIMS = "image/"
_NOT_CLAIMS = "image/svg"


def kind_of(head: bytes) -> str:
    """PNG, JPEG, GIF or WebP by its media type; OTHER for everything else."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return OTHER


def is_picture(kind: str) -> bool:
    return kind != OTHER


def check_claim(claimed: str, kind: str) -> None:
    """Raises TwidderError (not_a_picture): the page would show a hole where it promised a picture."""
    claimed = claimed.strip().lower()
    if claimed.startswith(_CLAIMS) and not claimed.startswith(_NOT_CLAIMS) and not is_picture(kind):
        raise TwidderError(code="not_a_picture")
