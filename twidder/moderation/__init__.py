"""Moderation: reports, and the audit log.

The rules:
* Whoever may see a message, a post or a person may report it, once; staff of the place read the reports.
* A report holds ids and its reason; staff see the text as it is now, and none where it was deleted.
* Every use of power (roles, bans, mutes, removals, deletions of others' texts, reports) is a line of the audit log.
* The audit log only grows; it says who did what to whom, where and when, and never what somebody wrote.
* Staff read all of it, moderators of a room the lines of their room.
"""

from twidder.accounts.service import when_role_changed
from twidder.moderation.log import record, record_role

__all__ = ["record"]

when_role_changed.append(record_role)
