"""The verbs of an account. Each runs inside one transaction; passwords are hashed before, never in it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import func, insert, or_, select, update

from twidder.accounts import links, passes, sessions
from twidder.accounts.community import access_community
from twidder.accounts.fields import PROFILE, NewUser, email_key
from twidder.accounts.handles import free_handle
from twidder.accounts.models import KINDS, Author, Caller, Me, User, identities, users
from twidder.accounts.records import as_user, select_users
from twidder.clock import now_ms
from twidder.errors import BadField, Forbidden, NotFound, Unauthorized
from twidder.live.channel import RightsChanged
from twidder.store import ReadTx, Tx

# Called at the end of every sign-up with (tx, user id, role): what other features do for a newcomer.
when_signed_up: list[Callable[[Tx, int, str], None]] = []


def sign_up(tx: Tx, new: NewUser, password_hash: str, *, loopback: bool, may_own: bool = True) -> User:
    """Make an account from checked fields. Raises BadField (taken), Forbidden (sign_up_closed, bad_link)."""
    role = _admit(tx, new.link, loopback=loopback, may_own=may_own)
    values = _values(tx, new, role, password_hash)
    inserted = tx.execute(insert(users).values(**values, created_at=now_ms())).inserted_primary_key
    assert inserted is not None
    return _welcome(tx, inserted[0], new, role)


def make_member(tx: Tx, user_id: int, new: NewUser, password_hash: str, *, loopback: bool) -> User:
    """As ``sign_up``, for a guest: what they have written stays theirs. Raises as ``sign_up``."""
    role = _admit(tx, new.link, loopback=loopback, may_own=False)
    tx.execute(update(users).where(users.c.id == user_id).values(**_values(tx, new, role, password_hash)))
    return _welcome(tx, user_id, new, role)


def _values(tx: Tx, new: NewUser, role: str, password_hash: str) -> dict[str, str]:
    """The row of a newcomer. Raises BadField (taken)."""
    if _is_taken(tx, new.email):
        raise BadField("email", "An account with this e-mail exists.", code="taken")
    profile = {name: getattr(new, name) for name in PROFILE}
    handle = free_handle(new.firstname, lambda handle: is_handle_taken(tx, handle))
    return {**profile, "role": role, "password_hash": password_hash, "handle": handle}


def _welcome(tx: Tx, user_id: int, new: NewUser, role: str) -> User:
    tx.execute(insert(identities).values(kind="email", key=email_key(new.email), value=new.email, user_id=user_id))
    for welcome in when_signed_up:
        welcome(tx, user_id, role)
    return access_user(tx, user_id)


def is_handle_taken(tx: ReadTx, handle: str) -> bool:
    """By a closed account, too: who is mentioned must not become somebody else."""
    return tx.execute(select(users.c.id).where(users.c.handle == handle)).first() is not None


def _admit(tx: Tx, link: str | None, *, loopback: bool, may_own: bool) -> str:
    """The role of whoever signs up now; the first one who may owns the place."""
    community = access_community(tx, loopback=loopback)
    if community.first_run and may_own:
        if community.setup_needed:
            links.use(tx, "setup", link or "")
        return "owner"
    if community.sign_up == "closed" or (community.sign_up == "invitation" and not link):
        raise Forbidden(code="sign_up_closed")
    if link:  # used up even where nobody needs one: a link is for one person
        links.use(tx, "join", link)
    return "member"


def _is_taken(tx: ReadTx, email: str) -> bool:
    """By a closed account, too: what it wrote must not become somebody else's."""
    query = select(identities.c.user_id).where(identities.c.kind == "email", identities.c.key == email_key(email))
    return tx.execute(query).first() is not None


def find_user(tx: ReadTx, name: str) -> tuple[int, str] | None:
    """(user id, password hash) of whoever signs in by this e-mail or student number."""
    row = tx.execute(
        select(users.c.id, users.c.password_hash)
        .join(identities, identities.c.user_id == users.c.id)
        .where(identities.c.kind.in_(KINDS), identities.c.key == email_key(name), users.c.closed_at.is_(None))
        .limit(1)
    ).first()
    return (row.id, row.password_hash) if row else None


def sign_in(tx: Tx, user_id: int, verified_hash: str, token: str, agent: str) -> None:
    """Start the user's one session. ``verified_hash``: the hash that the password was compared with; if it changed in
    the meantime, the password that was given is no longer the password."""
    if _password_hash(tx, user_id) != verified_hash:
        raise Unauthorized(code="wrong_credentials")
    sessions.start(tx, user_id, token, agent)


def sign_out(tx: Tx, me: Caller) -> None:
    if me.guest_of:
        passes.end(tx, me.user_id, "signed_out")
    else:
        sessions.end(tx, me.user_id, "signed_out")


def change_password(tx: Tx, me: Me, verified_hash: str, new_hash: str) -> None:
    """The session that changes it goes on."""
    if _password_hash(tx, me.user_id) != verified_hash:
        raise BadField("old_password", "That is not your password.")
    _set_password(tx, me.user_id, new_hash)


def reset_password(tx: Tx, secret: str, new_hash: str) -> None:
    """By a one-time link; ends the user's session, since whoever holds it may be why the link was needed."""
    user_id = links.use(tx, "reset", secret)
    assert user_id is not None
    _set_password(tx, user_id, new_hash)
    sessions.end(tx, user_id, "password_reset")


def change_profile(tx: Tx, me: Me, changes: dict[str, str]) -> User:
    """Raises BadField (taken) for a handle that is somebody's."""
    before = access_user(tx, me.user_id)
    if all(getattr(before, name) == value for name, value in changes.items()):
        return before
    handle = changes.get("handle", before.handle)
    if handle != before.handle and is_handle_taken(tx, handle):
        raise BadField("handle", "Somebody has that handle.", code="taken")
    tx.execute(update(users).where(users.c.id == me.user_id).values(**changes))
    user = access_user(tx, me.user_id)
    tx.emit(f"me:{me.user_id}", "profile.changed", user)
    return user


# Called with (tx, by whom, user id, new role) when a role changes.
when_role_changed: list[Callable[[Tx, int, int, str], None]] = []


def change_role(tx: Tx, me: Me, user_id: int, role: str) -> User:
    """``role``: staff or member. In force from the next request on, and their pages hear of it. Raises NotFound,
    Forbidden for an owner."""
    before = access_user(tx, user_id)
    if before.role == "owner":
        raise Forbidden("An owner stays one.")
    if before.role == role:
        return before
    tx.execute(update(users).where(users.c.id == user_id).values(role=role))
    user = access_user(tx, user_id)
    tx.emit(f"me:{user_id}", "profile.changed", user)
    tx.tell(RightsChanged(user_id))
    for told in when_role_changed:
        told(tx, me.user_id, user_id, role)
    return user


def make_owner(tx: Tx, user_id: int) -> None:
    """For a place whose owner is lost, or never was: the operator's word."""
    tx.execute(update(users).where(users.c.id == user_id).values(role="owner"))


# Called with (tx, user id) when an account is closed: what other features do about somebody who has gone.
when_closed: list[Callable[[Tx, int], None]] = []


def close_account(tx: Tx, user_id: int) -> None:
    """What they wrote stays; nobody can sign in as them any more. Raises Forbidden for the last owner."""
    owners = select(users.c.id).where(users.c.role == "owner", users.c.closed_at.is_(None))
    if access_user(tx, user_id).role == "owner" and len(tx.execute(owners).all()) == 1:
        raise Forbidden("This is the only owner. First make somebody else one.")
    tx.execute(update(users).where(users.c.id == user_id).values(closed_at=now_ms()))
    for told in when_closed:
        told(tx, user_id)
    sessions.end(tx, user_id, "account_closed")


def access_user(tx: ReadTx, user_id: int) -> User:
    row = tx.execute(select_users().where(users.c.id == user_id)).mappings().first()
    if row is None:
        raise NotFound
    return as_user(row)


def check_member(tx: ReadTx, user_id: int) -> None:
    """Raises NotFound unless there is such a member. A plain statement, since every post and every join asks."""
    if tx.driver.execute(_MEMBER, (user_id,)).fetchone() is None:
        raise NotFound


_MEMBER = "SELECT 1 FROM users WHERE id = ? AND closed_at IS NULL AND role <> 'guest'"


def members(tx: ReadTx) -> frozenset[int]:
    """The ids of all members."""
    return frozenset(user_id for (user_id,) in tx.driver.execute(_MEMBERS))


_MEMBERS = "SELECT id FROM users WHERE closed_at IS NULL AND role <> 'guest'"


def access_user_by_email(tx: ReadTx, email: str) -> User:
    found = find_user(tx, email)
    if found is None:
        raise NotFound
    return access_user(tx, found[0])


def access_author(tx: ReadTx, user_id: int) -> Author:
    """Name of somebody who writes something now; a plain statement, since every post asks for it."""
    query = "SELECT id, firstname, familyname, role FROM users WHERE id = ?"
    user_id, firstname, familyname, role = tx.driver.execute(query, (user_id,)).fetchone()
    return Author(user_id, firstname, familyname, role == "guest")


def authors(tx: ReadTx, user_ids: Collection[int]) -> dict[int, Author]:
    """Names of these people, closed accounts included: what they wrote keeps its author."""
    query = select(users.c.id, users.c.firstname, users.c.familyname, users.c.role).where(users.c.id.in_(set(user_ids)))
    return {row.id: Author(row.id, row.firstname, row.familyname, row.role == "guest") for row in tx.execute(query)}


def emails(tx: ReadTx, user_ids: Collection[int]) -> dict[int, str]:
    """E-mails of these people, closed accounts included, as ``authors``."""
    query = select(identities.c.user_id, identities.c.value).where(
        identities.c.kind == "email", identities.c.user_id.in_(set(user_ids))
    )
    return {row.user_id: row.value for row in tx.execute(query)}


def people(tx: ReadTx, query: str, *, limit: int, after: int = 0) -> tuple[list[User], int | None]:
    """Members by name whose name, e-mail or city holds every word of ``query``; and where the next page starts."""
    # Each name is folded once, in Python, however many words look for it: 32 words cost five times as much otherwise.
    folded = select(
        users.c.id,
        func.fold(users.c.firstname).label("firstname"),
        func.fold(users.c.familyname).label("familyname"),
        func.fold(users.c.city).label("city"),
        identities.c.key.label("key"),
    ).join(identities, (identities.c.user_id == users.c.id) & (identities.c.kind == "email"))
    names = folded.where(users.c.closed_at.is_(None)).cte("names").prefix_with("MATERIALIZED", dialect="sqlite")
    wanted = select_users().join(names, names.c.id == users.c.id)
    for word in query.split():
        pattern = f"%{_escape(word.casefold())}%"
        wanted = wanted.where(or_(*(names.c[name].like(pattern, escape="\\") for name in _SEARCHED)))
    order = (names.c.firstname, names.c.familyname, users.c.id)
    rows = tx.execute(wanted.order_by(*order).offset(after).limit(limit + 1)).mappings().all()
    return [as_user(row) for row in rows[:limit]], after + limit if len(rows) > limit else None


_SEARCHED = ("firstname", "familyname", "city", "key")


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _password_hash(tx: ReadTx, user_id: int) -> str | None:
    row = tx.execute(select(users.c.password_hash).where(users.c.id == user_id, users.c.closed_at.is_(None))).first()
    return row.password_hash if row else None


def _set_password(tx: Tx, user_id: int, new_hash: str) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(password_hash=new_hash))
