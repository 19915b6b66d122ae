"""What may stand in the fields of an account. Pure; raises BadField naming the field."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from twidder.accounts.handles import check_handle
from twidder.config import Limits
from twidder.errors import BadField

# The pattern that HTML prescribes for <input type=email>, and a dot in the domain besides.
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE | re.ASCII,  # without ASCII, [a-z] has the Kelvin sign and the long s in it
)
_EMAIL_LENGTH = 254  # RFC 5321


class NewUser(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A sign-up: the seven fields of the labs, and the secret of an invitation where one is needed."""

    email: str
    password: str
    firstname: str
    familyname: str
    gender: str
    city: str
    country: str
    link: str | None = None


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed."""

    firstname: str | None = None
    familyname: str | None = None
    gender: str | None = None
    city: str | None = None
    country: str | None = None
    handle: str | None = None


PROFILE = ("firstname", "familyname", "gender", "city", "country")


def check_new_user(new: NewUser, limits: Limits) -> NewUser:
    """The same with white space at the ends gone."""
    return NewUser(
        email=check_email(new.email),
        password=check_password("password", new.password, limits),
        link=new.link,
        **{name: check_line(name, getattr(new, name), limits.name_length) for name in PROFILE},
    )


def check_profile(change: ProfileChange, limits: Limits) -> dict[str, str]:
    given = {name: getattr(change, name) for name in PROFILE}
    checked = {name: check_line(name, text, limits.name_length) for name, text in given.items() if text is not None}
    return checked if change.handle is None else {**checked, "handle": check_handle(change.handle)}


def check_email(text: str) -> str:
    text = text.strip()
    if len(text) > _EMAIL_LENGTH or not _EMAIL.fullmatch(text):
        raise BadField("email", "That is not an e-mail address.")
    return text


def email_key(text: str) -> str:
    """Two spellings with one key are one address."""
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def check_password(field: str, text: str, limits: Limits) -> str:
    if "\0" in text or len(text) > limits.password_max:
        raise BadField(field, f"A password has at most {limits.password_max:,} characters.")
    if len(text) < limits.password_min:
        raise BadField(field, f"A password has at least {limits.password_min} characters.")
    return text


def check_line(field: str, text: str, most: int) -> str:
    """One line of text that shows something: a name, a city."""
    text = text.strip()
    if not is_visible(text):
        raise BadField(field, "This can't be empty.")
    if len(text) > most:
        raise BadField(field, f"This has at most {most} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise BadField(field, "This is one line of plain text.")
    return text


def check_description(text: str, limits: Limits) -> str:
    """Of a room, a board, a project …: plain text of some lines, or none. Raises BadField."""
    text = text.strip()
    if len(text) > limits.description_length:
        raise BadField("description", f"A description has at most {limits.description_length:,} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in text):
        raise BadField("description", "This is plain text.")
    return text


def is_visible(text: str) -> bool:
    """False for nothing but spaces, format characters (zero width …) and marks without a letter to sit on."""
    return any(unicodedata.category(char)[0] not in "ZCM" for char in text)
