"""Close codes by name. Below 4500 a client comes back; from 4500 on it does not."""

from __future__ import annotations

from typing import NamedTuple


class Closing(NamedTuple):
    """Why a connection ends. ``extra`` are further fields of the ``bye`` frame."""

    code: int
    reason: str
    extra: dict[str, object] = {}  # noqa: RUF012  (never mutated)


RESTART = 1012
PROTOCOL_ERROR = 1002
UNSUPPORTED = 1003
BAD_TEXT = 1007
TOO_BIG = 1009
INTERNAL = 1011

TOO_SLOW = Closing(4000, "too_slow")
TOO_MANY_FRAMES = Closing(4001, "too_many_frames")
TRY_AGAIN = Closing(4002, "try_again")
IDLE = Closing(4002, "idle")

REPLACED = 4500
SIGNED_OUT = 4501
ACCOUNT_CLOSED = 4502
PASS_ENDED = 4503
NOT_AUTHENTICATED = Closing(4504, "not_authenticated")
BAD_FRAMES = Closing(4505, "protocol_error")

# An HTTP refusal of a token, as the socket tells it.
BY_CODE = {
    "session_replaced": (REPLACED, "replaced"),
    "signed_out": (SIGNED_OUT, "signed_out"),
    "password_reset": (SIGNED_OUT, "password_reset"),
    "session_expired": (SIGNED_OUT, "expired"),
    "account_closed": (ACCOUNT_CLOSED, "closed"),
    "pass_ended": (PASS_ENDED, "pass_ended"),
    "pass_expired": (PASS_ENDED, "pass_expired"),
    "link_ended": (PASS_ENDED, "link_ended"),
    "became_member": (PASS_ENDED, "became_member"),
    "not_signed_in": NOT_AUTHENTICATED[:2],
}
