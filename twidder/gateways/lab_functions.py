"""The labs' nine functions, each at its one method and path, over the services.

No rules and no storage here: a service does it or raises, and ``says`` puts its errors in the words of the labs'
reference stub.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import request

from twidder.accounts import Me, User, agents, as_session, fields, service
from twidder.accounts.fields import NewUser
from twidder.accounts.signing_in import network, sign_in_with_password, verified_hash
from twidder.accounts.signing_up import sign_up_with_fields
from twidder.core import Core
from twidder.errors import BadField
from twidder.gateways import origins
from twidder.gateways.lab_dialect import Fields, Refusal, Refusals, Said, text
from twidder.store import ReadTx
from twidder.walls import NewPost, access_wall
from twidder.walls import service as walls


class Ask(NamedTuple):
    """One call of a function. ``holder`` None: the function needs no token."""

    core: Core
    holder: Me | None
    fields: Fields

    @property
    def me(self) -> Me:
        assert self.holder is not None
        return self.holder

    @property
    def address(self) -> str:
        return request.remote_addr or ""

    @property
    def guesser(self) -> str:
        """Whose wrong passwords are counted: apart from the native door's. A page of any origin may make its reader's
        browser guess here, and must not slow that reader's own sign-in down by it."""
        return f"lab {network(self.address)}"


Run = Callable[..., Said]


class Function(NamedTuple):
    """``who``: "session", or "anybody" without a token. ``hashes``: it hashes a password."""

    method: str
    path: str
    who: str
    hashes: bool
    says: Refusals
    run: Run

    @property
    def stem(self) -> str:
        """The path up to its e-mail."""
        return self.path.partition("<")[0]

    @property
    def takes_email(self) -> bool:
        return self.stem != self.path

    def is_at(self, path: str) -> bool:
        return path.startswith(self.stem) if self.takes_email else path == self.path


FUNCTIONS: list[Function] = []

_WRONG_CREDENTIALS = "Wrong username or password."
_EVERYWHERE = {
    "not_signed_in": Refusal("You are not signed in.", 401),
    "not_found": Refusal("No such user.", 404),
}


def function(
    method: str, path: str, *, who: str = "session", hashes: bool = False, says: Refusals | None = None
) -> Callable[[Run], Run]:
    """``says``: what this function answers to an error, by its code or ``code:field``."""

    def declare(run: Run) -> Run:
        FUNCTIONS.append(Function(method, path, who, hashes, {**_EVERYWHERE, **(says or {})}, run))
        return run

    return declare


@function(
    "POST",
    "/sign_up",
    who="anybody",
    hashes=True,
    says={
        "bad_field:password": Refusal("", 400),
        "bad_field": Refusal("Form data missing or incorrect type.", 400),
        "taken": Refusal("User already exists.", 409),
    },
)
def sign_up(ask: Ask) -> Said:
    origins.check_newcomer(ask.core.settings)
    given = {name: text(ask.fields, name) for name in (*_USER_DATA, "password")}
    if None in given.values():
        raise BadField("fields", "There are seven fields.")
    sign_up_with_fields(
        ask.core, NewUser(**{name: value or "" for name, value in given.items()}), ask.address, may_own=False
    )
    return Said("Successfully created a new user.", status=201)


@function(
    "POST",
    "/sign_in",
    who="anybody",
    hashes=True,
    says={"wrong_credentials": Refusal(_WRONG_CREDENTIALS, 401), "bad_field": Refusal(_WRONG_CREDENTIALS, 400)},
)
def sign_in(ask: Ask) -> Said:
    name, password = text(ask.fields, "username", "email") or "", text(ask.fields, "password") or ""
    agent = agents.describe(request.headers.get("User-Agent", ""))
    token, _ = sign_in_with_password(ask.core, name, password, agent, ask.guesser)
    return Said("Successfully signed in.", token, headers={"Authorization": token})


@function("DELETE", "/sign_out")
def sign_out(ask: Ask) -> Said:
    ask.core.store.write(as_session(ask.me, lambda tx: service.sign_out(tx, ask.me)))
    return Said("Successfully signed out.")


@function(
    "PUT",
    "/change_password",
    hashes=True,
    says={
        "not_signed_in": Refusal("You are not logged in.", 401),
        "bad_field:old_password": Refusal("Wrong password.", 401),
    },
)
def change_password(ask: Ask) -> Said:
    old = text(ask.fields, "oldpassword", "oldPassword", "old_password", "oldpsw", "oldpw") or ""
    new = text(ask.fields, "newpassword", "newPassword", "new_password", "newpsw", "newpw") or ""
    new = fields.check_password("new_password", new, ask.core.settings.limits)
    old_hash = verified_hash(ask.core, ask.me, old, ask.guesser, field="old_password")
    new_hash = ask.core.passwords.hash(new)
    change = as_session(ask.me, lambda tx: service.change_password(tx, ask.me, old_hash, new_hash))
    ask.core.store.write(change)
    return Said("Password changed.")


@function("GET", "/get_user_data_by_token")
def get_user_data_by_token(ask: Ask) -> Said:
    return _user_data(ask.me.user)


@function("GET", "/get_user_data_by_email/<path:email>")
def get_user_data_by_email(ask: Ask, email: str = "") -> Said:
    return _user_data(ask.core.store.read(lambda tx: service.access_user_by_email(tx, email)))


@function("GET", "/get_user_messages_by_token")
def get_user_messages_by_token(ask: Ask) -> Said:
    return _messages(ask, lambda _tx: ask.me.user_id)


@function("GET", "/get_user_messages_by_email/<path:email>")
def get_user_messages_by_email(ask: Ask, email: str = "") -> Said:
    return _messages(ask, lambda tx: service.access_user_by_email(tx, email).id)


@function("POST", "/post_message")
def post_message(ask: Ask) -> Said:
    limits = ask.core.settings.limits
    email = text(ask.fields, "email") or ""
    wall = ask.core.store.read(lambda tx: service.access_user_by_email(tx, email)).id
    new = walls.check_post(NewPost(text(ask.fields, "message", "content") or ""), limits)
    walls.take_turn(ask.core.rates, ask.me, limits)
    ask.core.store.write(as_session(ask.me, lambda tx: walls.post(tx, ask.me, wall, new)))
    return Said("Message posted", status=201)


_USER_DATA = ("email", "firstname", "familyname", "gender", "city", "country")


def _user_data(user: User) -> Said:
    return Said("User data retrieved.", {name: getattr(user, name) for name in _USER_DATA})


def _messages(ask: Ask, find_wall: Callable[[ReadTx], int]) -> Said:
    def read(tx: ReadTx) -> tuple[int, list[dict[str, str]]]:
        wall = find_wall(tx)
        access_wall(tx, ask.me, wall)
        posts, _ = walls.posts_page(tx, ask.me, wall, limit=ask.core.settings.limits.lab_posts)
        writers = service.emails(tx, {post.author.id for post in posts})
        return wall, [{"writer": writers[post.author.id], "content": post.text} for post in posts]

    wall, messages = ask.core.store.read(read)
    walls.visited(ask.core, ask.me, wall)
    return Said("User messages retrieved.", messages)
