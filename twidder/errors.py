"""Every error that a client can meet: one tree, one table.

``TABLE`` maps a stable code to the HTTP status, whether trying again can help, and the sentence shown to people.
The HTTP side and the live connection both read it; nothing else decides a status.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Row(NamedTuple):
    status: int
    retry: bool
    text: str


TABLE: dict[str, Row] = {
    "bad_json": Row(400, False, "That is not valid JSON."),
    "bad_request": Row(400, False, "That request is not valid."),
    "token_in_url": Row(400, False, "A token never belongs in an address. Send it in the Authorization header."),
    "not_signed_in": Row(401, False, "Please sign in."),
    "session_replaced": Row(401, False, "Signed in elsewhere."),
    "signed_out": Row(401, False, "You signed out."),
    "session_expired": Row(401, False, "It has been a while. Please sign in again."),
    "password_reset": Row(401, False, "The password was reset. Please sign in with the new one."),
    "account_closed": Row(401, False, "This account is closed."),
    "pass_ended": Row(401, False, "Your visit was ended by the host."),
    "pass_expired": Row(401, False, "Your visit is over: a pass lasts for a day."),
    "link_ended": Row(401, False, "This link is no longer in force."),
    "not_a_producer": Row(401, False, "Send the board’s write-only token: Authorization: Bearer …"),
    "became_member": Row(401, False, "You have an account now. Please sign in."),
    "wrong_credentials": Row(401, False, "That e-mail and password don’t match."),
    "forbidden": Row(403, False, "You may not do that."),
    "cross_site": Row(403, False, "That request came from another site."),
    "sign_up_closed": Row(403, False, "New accounts are by invitation here."),
    "not_for_guests": Row(403, False, "Guests can’t do that. Make an account to go on."),
    "pairup_alone": Row(403, False, "A PIN opens Pair-Up alone. Sign in with your password for the rest."),
    "not_for_viewers": Row(403, False, "The link is for looking on. Sign in to take part."),
    "muted": Row(403, False, "You are muted in this room for now."),
    "archived": Row(403, False, "This room is archived."),
    "not_a_member": Row(403, False, "Join the room first."),
    "bad_link": Row(403, False, "This link was used already, or is too old. Ask for a new one."),
    "not_found": Row(404, False, "There is nothing here, or it is not for you."),
    "method_not_allowed": Row(405, False, "That address does not answer to this method."),
    "timeout": Row(408, True, "The request took too long to arrive."),
    "conflict": Row(409, False, "The same client id was used for something else."),
    "taken": Row(409, False, "That is taken already."),
    "lease_lost": Row(409, False, "The hold has ended. Take the place again."),
    "closed": Row(409, False, "The round is not open."),
    "full": Row(409, False, "There is no room for more."),
    "gone": Row(409, False, "That is no longer possible."),
    "too_large": Row(413, False, "That is too large."),
    "unsupported_media": Row(415, False, "Send the body as application/json, uncompressed."),
    "not_a_picture": Row(415, False, "That is no picture. Send PNG, JPEG, GIF or WebP."),
    "headers_too_large": Row(431, False, "The headers are too large."),
    "bad_field": Row(422, False, "A field is not valid."),
    "rate_limited": Row(429, True, "That was a little fast. Try again in a moment."),
    "too_many_uploads": Row(429, True, "You have uploaded as much as a day allows. Try again later."),
    "too_many_attempts": Row(429, True, "Too many wrong passwords. Try again in a moment."),
    "internal": Row(500, True, "Something failed on our side."),
    "no_solver": Row(503, False, "The draw needs SciPy on the server: “make solver” installs it."),
    "busy": Row(503, True, "The server is busy. Try again in a moment."),
    "store_failed": Row(503, True, "The change could not be stored. Try again."),
    "no_space": Row(507, False, "The disk is full."),
    "no_quota": Row(507, False, "Your files take up all the room that you have here. Delete some first."),
    # Only on the live connection
    "bad_frame": Row(400, False, "A frame is a JSON object with a type."),
    "bad_id": Row(400, False, "The frame needs a whole number as id that is not in use."),
    "bad_topic": Row(400, False, "That is not the name of a topic."),
    "too_many_topics": Row(400, False, "One connection can follow no more topics."),
}


class TwidderError(Exception):
    """The root. ``extra`` becomes members of the problem body, or fields of the error frame."""

    code = "internal"

    def __init__(self, detail: str | None = None, *, code: str | None = None, **extra: Any) -> None:
        self.code = code or type(self).code
        self.detail = detail or TABLE[self.code].text
        self.extra = {name: value for name, value in extra.items() if value is not None}
        super().__init__(f"{self.code}: {self.detail}")

    @property
    def status(self) -> int:
        return TABLE[self.code].status


class BadRequest(TwidderError):
    code = "bad_request"


class BadJson(BadRequest):
    code = "bad_json"


class BadField(TwidderError):
    """A field of the request is wrong: ``BadField("email", "That is not an e-mail address.")``."""

    code = "bad_field"

    def __init__(self, field: str, detail: str, code: str | None = None) -> None:
        super().__init__(detail, code=code, field=field)


class Unauthorized(TwidderError):
    code = "not_signed_in"


class Forbidden(TwidderError):
    code = "forbidden"


class NotFound(TwidderError):
    """Not there, or not for you: one answer, so that nobody learns which."""

    code = "not_found"


class Conflict(TwidderError):
    code = "conflict"


class TooLarge(TwidderError):
    code = "too_large"


class RateLimited(TwidderError):
    """``retry_ms``: when trying again can succeed."""

    code = "rate_limited"

    def __init__(self, retry_ms: int, code: str | None = None) -> None:
        super().__init__(code=code, retry_ms=retry_ms)


class Busy(TwidderError):
    code = "busy"

    def __init__(self, retry_ms: int = 2_000) -> None:
        super().__init__(retry_ms=retry_ms)


class StoreFailed(TwidderError):
    code = "store_failed"


class NoSpace(StoreFailed):
    code = "no_space"


class ConfigError(Exception):
    """The operator's mistake, told in one line; the process ends with 1."""
