"""What a client says, whole or with something wrong in it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.harness.raw import TEXT, frame_bytes

LONG = "x" * 20_000


def message(value: Any) -> bytes:
    """A frame with that text, or with that value as JSON."""
    return frame_bytes(TEXT, value if isinstance(value, bytes) else json_text(value).encode())


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def send(**changes: Any) -> dict[str, Any]:
    """A right send, but; ``...`` takes a field away."""
    whole = {"type": "send", "id": 1, "topic": "wall:{ada}", "text": "a right send", "cid": str(uuid.uuid4())} | changes
    return {name: value for name, value in whole.items() if value is not Ellipsis}


def join(topics: Any, **more: Any) -> dict[str, Any]:
    return {"type": "join", "id": 1, "topics": topics} | more
