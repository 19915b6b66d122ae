"""Rows of the database as the structs that leave the feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from twidder.accounts.models import User, identities, users


def as_user(row: Mapping[Any, Any]) -> User:
    return User(
        id=row[users.c.id],
        email=row["email"],
        firstname=row["firstname"],
        familyname=row["familyname"],
        gender=row["gender"],
        city=row["city"],
        country=row["country"],
        role=row["role"],
        created_at=row[users.c.created_at],
        handle=row["handle"],
    )


def select_users() -> Select[Any]:
    """Users with their e-mail, those of closed accounts left out."""
    return (
        select(users, identities.c.value.label("email"))
        .join(identities, (identities.c.user_id == users.c.id) & (identities.c.kind == "email"))
        .where(users.c.closed_at.is_(None))
    )
