"""What may stand in the fields of boards. Pure; raises BadField naming the field."""

from __future__ import annotations

import math
import re
import secrets
import unicodedata

import msgspec

from twidder.accounts.fields import check_description, check_line
from twidder.boards.models import AUDIENCES, TILES, Tile
from twidder.config import Limits
from twidder.errors import BadField

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")  # as the addresses' converter has it
_SLUG_LENGTH = 48
_KEY = re.compile(r"\w[\w.\-/%]*")
_TILE_ID = re.compile(r"[a-z0-9]{1,16}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_WINDOW = 10, 63_072_000  # seconds: two years, as long as anything is kept
_WIDTH, _HEIGHT, _DECIMALS = 4, 3, 6
_OPTION_LENGTH = 100
_ENDS = ("low", "high", "warn", "bad")


class NewBoard(msgspec.Struct, forbid_unknown_fields=True):
    """``audience``: me, room or members. ``room``: where it is shown. ``slug``: its name in addresses; made from the
    name when left out."""

    name: str
    description: str = ""
    audience: str = "members"
    room: int | None = None
    slug: str | None = None


class BoardChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed. ``room`` null: shown in none any more. ``updates``: the updates gateway tells of
    this board and no other; for staff."""

    name: str | None = None
    description: str | None = None
    slug: str | None = None
    audience: str | None = None
    room: int | msgspec.UnsetType | None = msgspec.UNSET
    updates: bool | None = None


def check_new_board(new: NewBoard, limits: Limits) -> NewBoard:
    _check_audience(new.audience)
    if new.audience == "room" and new.room is None:
        raise BadField("room", "Say in which room the board is shown.")
    check_alone(new.audience, new.room)
    return NewBoard(
        check_line("name", new.name, limits.name_length),
        check_description(new.description, limits),
        new.audience,
        new.room,
        None if new.slug is None else _check_slug(new.slug),
    )


def check_change(change: BoardChange, limits: Limits) -> BoardChange:
    if change.audience is not None:
        _check_audience(change.audience)
        check_alone(change.audience, change.room or None)
    return msgspec.structs.replace(
        change,
        name=None if change.name is None else check_line("name", change.name, limits.name_length),
        description=None if change.description is None else check_description(change.description, limits),
        slug=None if change.slug is None else _check_slug(change.slug),
    )


def check_alone(audience: str, room: int | None) -> None:
    if audience == "me" and room is not None:
        raise BadField("room", "A board that only you see is shown in no room.")


def as_slug(name: str) -> str:
    """A name as it may stand in an address: ``Café Température`` is ``cafe-temperature``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].rstrip("-")
    return f"board-{slug}".rstrip("-") if not slug or slug.isdigit() else slug


def with_tail(slug: str, tail: str | None = None) -> str:
    """Another slug that begins like this one: with ``tail``, or with one that nobody guesses."""
    tail = tail or "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{slug[: _SLUG_LENGTH - len(tail) - 1].rstrip('-')}-{tail}"


def is_key(text: str, limits: Limits) -> bool:
    """Whether a series may be called so."""
    return len(text) <= limits.series_key_length and _KEY.fullmatch(text) is not None


def check_tiles(tiles: list[Tile], limits: Limits) -> list[Tile]:
    if len(tiles) > limits.board_tiles:
        raise BadField("tiles", f"A board has at most {limits.board_tiles} tiles.")
    tiles = [_without_margins(tile) for tile in tiles]
    seen: set[str] = set()
    for place, tile in enumerate(tiles):
        field = f"tiles[{place}]"
        if not _TILE_ID.fullmatch(tile.id) or tile.id in seen:
            raise BadField(f"{field}.id", "An id has 1 to 16 small letters and digits, and is that of one tile.")
        seen.add(tile.id)
        _check_tile(field, tile, limits)
    return tiles


def _without_margins(tile: Tile) -> Tile:
    options = [option.strip() for option in tile.options]
    return msgspec.structs.replace(tile, title=tile.title.strip(), text=tile.text.strip(), options=options)


def _check_tile(field: str, tile: Tile, limits: Limits) -> None:
    if tile.kind not in TILES:
        raise BadField(f"{field}.kind", f"A tile is one of {', '.join(TILES)}.")
    if tile.title:
        check_line(f"{field}.title", tile.title, limits.name_length)
    _check_size(field, tile)
    _check_scale(field, tile)
    _check_series(field, tile, limits)
    _check_text(f"{field}.text", tile.text, limits)
    _check_poll(field, tile, limits)


def _check_size(field: str, tile: Tile) -> None:
    bounds = {"width": (1, _WIDTH), "height": (1, _HEIGHT), "window": _WINDOW}
    for name, (least, most) in bounds.items():
        if not least <= getattr(tile, name) <= most:
            raise BadField(f"{field}.{name}", f"This is {least} to {most:,}.")
    if tile.decimals is not None and not 0 <= tile.decimals <= _DECIMALS:
        raise BadField(f"{field}.decimals", f"This is 0 to {_DECIMALS}.")


def _check_scale(field: str, tile: Tile) -> None:
    for name in _ENDS:
        end = getattr(tile, name)
        if end is not None and not math.isfinite(end):
            raise BadField(f"{field}.{name}", "This must be a number.")
    if tile.low is not None and tile.high is not None and tile.low >= tile.high:
        raise BadField(f"{field}.high", "The upper end lies above the lower one.")


def _check_series(field: str, tile: Tile, limits: Limits) -> None:
    if len(tile.series) > limits.tile_series:
        raise BadField(f"{field}.series", f"A tile shows at most {limits.tile_series} series.")
    for name in tile.series:
        if name != "*" and not is_key(name.removesuffix("*"), limits):
            raise BadField(f"{field}.series", "A series is named by its key, or by how it begins and a star.")


def _check_text(field: str, text: str, limits: Limits) -> None:
    if len(text) > limits.tile_text_length:
        raise BadField(field, f"A text has at most {limits.tile_text_length:,} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise BadField(field, "This is plain text.")


def _check_poll(field: str, tile: Tile, limits: Limits) -> None:
    if tile.kind != "poll":
        if tile.options:
            raise BadField(f"{field}.options", "Only a poll has options.")
        return
    check_line(f"{field}.text", tile.text, limits.description_length)
    if not 2 <= len(tile.options) <= limits.poll_options or len(set(tile.options)) < len(tile.options):
        raise BadField(f"{field}.options", f"A poll has 2 to {limits.poll_options} different options.")
    for option in tile.options:
        check_line(f"{field}.options", option, _OPTION_LENGTH)


def _check_audience(audience: str) -> None:
    if audience not in AUDIENCES:
        raise BadField("audience", f"A board is for one of {', '.join(AUDIENCES)}.")


def _check_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug) or slug.isdigit():
        raise BadField("slug", "An address has 1 to 48 small letters, digits and hyphens, and not digits alone.")
    return slug
