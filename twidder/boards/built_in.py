"""The tiles of the board that is there from the beginning. Not in its row, so that they are as new as the code."""

from __future__ import annotations

from twidder.boards.models import Tile

COUNTRIES = "countries."  # and what people call it

# Together with the reader's own tile, which comes first, they fill rows of four and of two without a hole.
STATISTICS = [
    Tile("online", "number", "People here", ["people.online"], decimals=0),
    Tile("pace", "number", "Written in the last minute", ["messages.minute"], decimals=0),
    Tile("members", "number", "Members", ["accounts"], decimals=0),
    Tile("hour", "chart", "The last hour", ["people.online", "messages.minute"], 2, 2, low=0, decimals=0, area=True),
    Tile("countries", "scoreboard", "Where we are from", [COUNTRIES + "*"], 1, 2, decimals=0),
    Tile("new", "number", "New today", ["signups.today"], decimals=0),
    Tile("rooms", "number", "Open rooms", ["rooms"], decimals=0),
    Tile("messages", "number", "Messages", ["messages.total"], 2, decimals=0),
    Tile("posts", "number", "Posts", ["posts.total"], decimals=0),
    Tile("boards", "number", "Boards", ["boards"], decimals=0),
]
