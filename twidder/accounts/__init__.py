"""Accounts: who somebody is, and that they are it in one browser at a time.

The rules:
* A person is a user; what they sign in with (e-mail now, student number later) is an identity that points to it.
* A session is a row keyed by the user: a new sign-in replaces it, so two valid sessions cannot be written down.
* A token is shown to its holder once and kept as a hash. Every request and every write compares it with the row.
* A session that ended is remembered for a while, so that its holder, and nobody else, can be told why.
* The first account owns the place. Whether others may sign up is the owner's choice: open, by invitation, closed.
* A PIN opens a session that is good for Pair-Up alone, and still the one session of its user.
* A guest is a user without an identity, with a pass to one walk-in room. Becoming a member keeps what they wrote.
* Who sees my wall and who may write to me is mine to say; a follow that ends may end it for others, at once.
* Failed sign-ins are counted and slowed down; they tell nobody anything and disturb nobody's session.
"""

from twidder.accounts.models import Author, Caller, Guest, Me, Seated, Session, Student, User, Viewer
from twidder.accounts.privacy import may_write_to
from twidder.accounts.service import access_author, access_user, authors, check_member, members
from twidder.accounts.sessions import as_session, identify, is_staff

__all__ = [
    "Author",
    "Caller",
    "Guest",
    "Me",
    "Seated",
    "Session",
    "Student",
    "User",
    "Viewer",
    "access_author",
    "access_user",
    "as_session",
    "authors",
    "check_member",
    "identify",
    "is_staff",
    "may_write_to",
    "members",
]
