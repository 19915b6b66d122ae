"""The place itself: its name, and who may sign up."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from twidder.accounts.models import users
from twidder.config import Visitor
from twidder.errors import BadField
from twidder.store import ReadTx, Tx
from twidder.store.schema import settings

POLICIES = ("open", "invitation", "closed")


class Community(msgspec.Struct, frozen=True):
    """What a stranger may know. ``first_run``: nobody owns the place yet. ``people_here`` is None when the owner does
    not show it. ``demo``: this is one, and anybody may come in as this member."""

    name: str
    sign_up: str
    first_run: bool
    setup_needed: bool
    people_here: int | None
    show_people_here: bool
    demo: Visitor | None


class CommunityChange(msgspec.Struct, forbid_unknown_fields=True):
    name: str | None = None
    sign_up: str | None = None
    show_people_here: bool | None = None


def access_community(tx: ReadTx, *, loopback: bool, people_here: int = 0, demo: Visitor | None = None) -> Community:
    """Sign-up is open by default on loopback only: a server that others can reach has a stranger at its door."""
    values = {row.key: row.value for row in tx.execute(select(settings))}
    first_run = (
        tx.execute(select(users.c.id).where(users.c.role == "owner", users.c.closed_at.is_(None)).limit(1)).first()
        is None
    )
    show = values.get("show_people_here", "yes") == "yes"
    return Community(
        name=values.get("name", "Twidder"),
        sign_up=values.get("sign_up", "open" if loopback else "invitation"),
        first_run=first_run,
        setup_needed=first_run and not loopback,
        people_here=people_here if show else None,
        show_people_here=show,
        demo=demo,
    )


def change_community(tx: Tx, change: CommunityChange) -> None:
    if change.sign_up is not None and change.sign_up not in POLICIES:
        raise BadField("sign_up", "Sign-up is open, invitation or closed.")
    show = None if change.show_people_here is None else ("yes" if change.show_people_here else "no")
    for key, value in (("name", change.name), ("sign_up", change.sign_up), ("show_people_here", show)):
        if value is not None:
            tx.driver.execute(
                "INSERT INTO settings (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
