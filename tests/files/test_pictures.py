"""The process that makes a picture anew, and what becomes of it when a picture asks for too much (row 91)."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.files.samples import noise, picture
from tests.harness import counts
from tests.harness.waiting import wait_for
from twidder.config import Limits
from twidder.errors import BadField, Busy
from twidder.files.pictures import Picture, Pictures

LARGE = picture(5_000, 4_900, mode="RGBA")


def make(pictures: Pictures, folder: Path, content: bytes) -> Picture:
    (folder / "sent").write_bytes(content)
    return pictures.make_anew(folder / "sent", folder / "made", folder / "small")


@pytest.mark.parametrize(
    "limits",
    [
        {"picture_memory_bytes": 150 << 20},
        {"picture_seconds": 0.05},
        {"picture_cpu_seconds": 1, "thumbnail_side": 4_000},
        {"file_bytes": 1_000},
    ],
    ids=["memory", "time", "CPU", "what it writes"],
)
def test_row91_T16_a_picture_that_wants_too_much_is_refused(tmp_path: Path, limits: dict[str, int]) -> None:
    """Its process ends; the next picture is made as if nothing had been."""
    with pytest.raises(BadField, match="can’t be read"):
        make(Pictures(Limits(**limits)), tmp_path, noise(400, 400) if "file_bytes" in limits else LARGE)
    assert make(Pictures(Limits()), tmp_path, picture()) == ("image/png", 60, 40)


@counts.only_in_soak
def test_row88_the_largest_picture_is_made(tmp_path: Path) -> None:
    """Nearly 25 million pixels, in the format that takes most memory."""
    made = make(Pictures(Limits(picture_seconds=100)), tmp_path, picture(5_000, 4_900, "WEBP", "RGBA", method=0))
    assert made == ("image/webp", 4_096, 4_014)


def test_R14_nobody_waits_for_a_picture_when_the_server_stops(tmp_path: Path) -> None:
    """The process is ended, the upload answered, and no other begun."""
    pictures = Pictures(Limits())
    ended: list[object] = []

    def upload() -> None:
        try:
            make(pictures, tmp_path, LARGE)
        except Busy as error:
            ended.append(error)

    thread = threading.Thread(target=upload)
    thread.start()
    wait_for(lambda: pictures._running, 10.0, "the process")
    pictures.stop()
    thread.join(10.0)
    assert len(ended) == 1
    with pytest.raises(Busy):
        make(pictures, tmp_path, picture())
