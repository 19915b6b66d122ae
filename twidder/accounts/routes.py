"""The HTTP API of accounts, people and the place itself."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import request

from twidder.accounts import agents, community, fields, links, passes, service
from twidder.accounts.community import Community, CommunityChange
from twidder.accounts.fields import NewUser, ProfileChange
from twidder.accounts.models import Author, Me, Session, Student, User
from twidder.accounts.pins import is_number, is_pin, sign_in_with_pin
from twidder.accounts.signing_in import sign_in_with_password, verified_hash
from twidder.accounts.signing_up import sign_up_with_fields
from twidder.errors import BadField, Forbidden
from twidder.web import auth
from twidder.web.api import Api, Call, Nothing, Reply
from twidder.web.cookies import expired_cookie, session_cookie

api = Api("accounts")


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """``email``: or a student number, with its PIN or the account's password. ``transport``: "cookie" for pages;
    "token" puts the token into the answer instead, for programs."""

    email: str
    password: str
    transport: str = "cookie"


class SignedIn(msgspec.Struct, omit_defaults=True):
    """Who I am: a user, the guest of a room, or a student whose PIN opens Pair-Up alone."""

    session: Session
    user: User | None = None
    student: Author | None = None
    guest: Author | None = None
    room: int | None = None
    token: str | None = None


class PasswordChange(msgspec.Struct, forbid_unknown_fields=True):
    old_password: str
    new_password: str


class PasswordReset(msgspec.Struct, forbid_unknown_fields=True):
    secret: str
    password: str


class PasswordAgain(msgspec.Struct, forbid_unknown_fields=True):
    password: str


class Token(msgspec.Struct):
    token: str


class Link(msgspec.Struct):
    """A one-time link. ``qr``: rows of 0 and 1, without the quiet zone."""

    url: str
    expires_at: int
    qr: list[str]


class PeopleQuery(msgspec.Struct, forbid_unknown_fields=True):
    q: str = ""
    limit: int = 20
    after: int = 0


class PeoplePage(msgspec.Struct):
    items: list[User]
    next: int | None


@api.route("POST", "/users", who="anybody", body=NewUser, answer=User, statuses=(201,), hashes=True)
def sign_up(call: Call) -> User:
    """Create an account. It does not sign in."""
    return sign_up_with_fields(call.core, call.body, call.address)


@api.route("POST", "/session", who="anybody", body=Credentials, answer=SignedIn, statuses=(201,), hashes=True)
def sign_in(call: Call) -> Reply:
    """Sign in, here; wherever the user was signed in before, they no longer are. A PIN opens Pair-Up alone."""
    if call.body.transport not in ("cookie", "token"):
        raise BadField("transport", "The transport is cookie or token.")
    agent = agents.describe(request.headers.get("User-Agent", ""))
    visitor = auth.find_guest(request, call.core)
    token, me = _sign_in(call, agent)
    if call.body.transport == "token":
        return Reply(SignedIn(**me.public, token=token), 201)
    if visitor is not None:  # the browser has one cookie, which is the member's from now on
        call.write(lambda tx: passes.end(tx, visitor.user_id, "signed_out"))
    return Reply(SignedIn(**me.public), 201, session_cookie(call.core.settings, token))


def _sign_in(call: Call, agent: str) -> tuple[str, Me | Student]:
    """A PIN is shorter than any password, and goes with a number."""
    name, password, limits = call.body.email, call.body.password, call.core.settings.limits
    if is_pin(password, limits) and is_number(name, limits):
        return sign_in_with_pin(call.core, name, password, agent, call.address)
    return sign_in_with_password(call.core, name, password, agent, call.address)


@api.route("GET", "/session", who="holder", answer=SignedIn)
def show_session(call: Call) -> SignedIn:
    """Who I am, and since when I have been signed in here."""
    return SignedIn(**call.holder.public)


@api.route("DELETE", "/session", who="holder", statuses=(204,))
def sign_out(call: Call) -> Reply:
    """Sign out, or end my visit; every tab and socket of it ends."""
    call.write(lambda tx: service.sign_out(tx, call.holder))
    return Reply(None, 204, expired_cookie(call.core.settings))


@api.route("POST", "/session/token", body=PasswordAgain, answer=Token, hashes=True)
def show_token(call: Call) -> Token:
    """This session's own token, for a terminal; it takes the password again."""
    verified_hash(call.core, call.me, call.body.password, call.address, field="password")
    return Token(auth.find_credentials(request, call.core.settings).token or "")


@api.route("GET", "/me", answer=User)
def show_me(call: Call) -> User:
    """My own profile."""
    return call.me.user


@api.route("PATCH", "/me", body=ProfileChange, answer=User)
def change_me(call: Call) -> User:
    """Change my profile; what is left out stays."""
    limits = call.core.settings.limits
    changes = fields.check_profile(call.body, limits)
    call.core.rates.take("edit", call.me.user_id, burst=limits.edits_per_minute, rate=limits.edits_per_minute / 60)
    return call.write(lambda tx: service.change_profile(tx, call.me, changes))


@api.route("PUT", "/me/password", body=PasswordChange, statuses=(204,), hashes=True)
def change_password(call: Call) -> None:
    """Change my password; this session goes on."""
    new = fields.check_password("new_password", call.body.new_password, call.core.settings.limits)
    old_hash = verified_hash(call.core, call.me, call.body.old_password, call.address, field="old_password")
    new_hash = call.core.passwords.hash(new)
    call.write(lambda tx: service.change_password(tx, call.me, old_hash, new_hash))


@api.route("GET", "/users", query=PeopleQuery, answer=PeoplePage)
def list_people(call: Call) -> PeoplePage:
    """Members whose name, e-mail or city holds every word of ``q``, by name."""
    limits = call.core.settings.limits
    if not 1 <= call.query.limit <= limits.page_size:
        raise BadField("limit", f"A page has 1 to {limits.page_size} people.")
    if len(call.query.q) > limits.search_length or "\0" in call.query.q:
        raise BadField("q", f"A search has at most {limits.search_length} characters.")
    if not 0 <= call.query.after < 2**31:
        raise BadField("after", "That is not where a page ended.")
    items, after = call.read(
        lambda tx: service.people(tx, call.query.q, limit=call.query.limit, after=call.query.after)
    )
    return PeoplePage(items, after)


@api.route("GET", "/users/<id:user>", answer=User)
def show_person(call: Call, user: int) -> User:
    """One member."""
    return call.read(lambda tx: service.access_user(tx, user))


@api.route("POST", "/users/<id:user>/reset-link", who="owner", body=Nothing, answer=Link, statuses=(201,))
def make_reset_link(call: Call, user: int) -> Link:
    """A one-time link by which this member chooses a new password."""
    return _make_link(call, "reset", call.core.settings.limits.reset_link_seconds, user)


@api.route("POST", "/invitations", who="owner", body=Nothing, answer=Link, statuses=(201,))
def make_invitation(call: Call) -> Link:
    """A one-time link by which somebody may sign up."""
    return _make_link(call, "join", call.core.settings.limits.invitation_seconds)


@api.route("POST", "/password-resets", who="anybody", body=PasswordReset, statuses=(204,), hashes=True)
def reset_password(call: Call) -> None:
    """Choose a new password by a one-time link. Ends the member's session."""
    password = fields.check_password("password", call.body.password, call.core.settings.limits)
    call.core.failed_by_address.check(call.address)
    try:
        call.read(lambda tx: links.check(tx, "reset", call.body.secret))
    except Forbidden:
        call.core.failed_by_address.failed(call.address)
        raise
    new_hash = call.core.passwords.hash(password)
    call.write(lambda tx: service.reset_password(tx, call.body.secret, new_hash))


@api.route("GET", "/community", who="anybody", answer=Community)
def show_community(call: Call) -> Community:
    """What a stranger may know of this place."""
    return _show(call)


@api.route("PATCH", "/community", who="owner", body=CommunityChange, answer=Community)
def change_community(call: Call) -> Community:
    """Name the place, say who may sign up."""
    if call.body.name is not None:
        call.body.name = fields.check_line("name", call.body.name, call.core.settings.limits.name_length)
    call.write(lambda tx: community.change_community(tx, call.body))
    return _show(call)


def _show(call: Call) -> Community:
    settings, here = call.core.settings, call.core.people_here()
    return call.read(
        lambda tx: community.access_community(tx, loopback=settings.loopback, people_here=here, demo=settings.demo)
    )


def _make_link(call: Call, purpose: str, seconds: int, user_id: int | None = None) -> Link:
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    secret = links.new_secret()

    def write(tx: Any) -> int:
        if user_id is not None:
            service.access_user(tx, user_id)
        return links.make(tx, purpose, secret, seconds=seconds, user_id=user_id)

    expires_at = call.write(write)
    url = f"{call.core.settings.address}/{purpose}#{secret}"
    return Link(url, expires_at, links.qr_rows(url))
