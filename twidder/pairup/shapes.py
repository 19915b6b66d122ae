"""What leaves Pair-Up. What stands here goes to everybody in the round, unless it says otherwise."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Id = Annotated[int, msgspec.Meta(ge=0, le=2**53)]  # in a body: more than SQLite’s 63 bits would be no answer


class Round(msgspec.Struct, frozen=True):
    """``phase`` (soon | open | closed) is that of the moment it was made: pages reckon with ``opens_at`` and
    ``closes_at`` (ms). ``commitment``: of a draw, the SHA-256 of a secret that is published with its result.
    ``students``: how many the roster has."""

    id: int
    name: str
    description: str
    mode: str
    opens_at: int | None
    closes_at: int | None
    phase: str
    zone: str
    size_min: int
    size_max: int
    alone: list[str]
    names: str
    confirm: bool
    open_registration: bool
    is_default: bool
    commitment: str
    drawn_at: int | None
    students: int


class RoundCard(msgspec.Struct, frozen=True):
    """A round on one person's page. ``entry``: mine in it; None for staff."""

    round: Round
    entry: int | None


class Lab(msgspec.Struct, frozen=True):
    """``waiting``: how many teams wait for a place in it."""

    id: int
    name: str
    minutes: int
    waiting: int


class TeamName(msgspec.Struct, frozen=True):
    """``label``: their names, or only that it is a team, as the round has it."""

    id: int
    label: str


class Place(msgspec.Struct, frozen=True):
    """``state``: free | held | taken | kept. ``team``: who has or holds it. ``until``: of a hold, ms."""

    id: int
    lab: int
    starts_at: int
    state: str
    team: TeamName | None
    until: int | None
    fence: int


class Member(msgspec.Struct, frozen=True):
    """``entry``: of the roster. ``name``: as they go by."""

    entry: int
    name: str


class Team(msgspec.Struct, frozen=True):
    """``members`` is empty where names are for staff alone. ``complete``: as many as the round wants, so that they may
    take a place."""

    id: int
    label: str
    title: str
    description: str
    size: int
    complete: bool
    locked: bool
    members: list[Member]


class Looking(msgspec.Struct, frozen=True):
    """Somebody who has said that they look for a partner, and something about themselves."""

    entry: int
    name: str
    cohort: str
    about: str
    size: int


class Call(msgspec.Struct, frozen=True):
    """A team in a lab's queue. ``kind``: ready | help; ``called_at``: it is their turn, since then. ``turn``: the
    lowest is next."""

    id: int
    lab: int
    team: TeamName
    kind: str
    at: int
    turn: int
    called_at: int | None
    misses: int


class Entry(msgspec.Struct, frozen=True):
    """A student of the roster; for themselves and for staff. ``claimed``: somebody is it. ``has_pin``: they can sign in
    by number and PIN."""

    id: int
    number: str
    firstname: str
    familyname: str
    preferred: str
    email: str
    cohort: str
    team: int | None
    looking: bool
    about: str
    assign_me: bool
    claimed: bool
    has_pin: bool


class Invitation(msgspec.Struct, frozen=True):
    """For the two whom it concerns: ``sender`` asks ``receiver`` to be one team."""

    id: int
    sender: Member
    receiver: Member
    text: str
    at: int


class Swap(msgspec.Struct, frozen=True):
    """For the two teams: ``giver`` offers ``gives`` for ``wants``, which ``taker`` has; both are places."""

    id: int
    giver: TeamName
    gives: int
    taker: TeamName
    wants: int
    at: int


class Notice(msgspec.Struct, frozen=True):
    """Something that concerns one student; ``data`` depends on ``kind`` (docs/pairup.md)."""

    id: int
    kind: str
    data: dict[str, Any]
    at: int


class Wait(msgspec.Struct, frozen=True):
    """My team on the waiting list of a lab, ``ahead`` teams before it."""

    lab: int
    ahead: int


class Mine(msgspec.Struct, frozen=True):
    """My side of a round. ``members``: of my team, by name whatever the round says of names. ``waiting``: by lab.
    ``ranking``: places, the best first. ``seq``: position of the topic ``entry:ID``."""

    entry: Entry
    team: Team | None
    members: list[Member]
    invitations: list[Invitation]
    swaps: list[Swap]
    waiting: list[Wait]
    ranking: list[int]
    notices: list[Notice]
    seq: int


class Snapshot(msgspec.Struct, frozen=True):
    """A round as one sees it who opens it now. ``seconds``: how long a call has taken of late, for the estimate, by
    lab."""

    round: Round
    labs: list[Lab]
    places: list[Place]
    teams: list[Team]
    looking: list[Looking]
    calls: list[Call]
    seconds: dict[int, int]
    mine: Mine | None
    seq: int
    epoch: str
