"""The one-step form of Pair-Up's own client: a team and its place come, change and go together, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from twidder.accounts import as_session
from twidder.accounts.fields import check_description, email_key
from twidder.errors import BadField, NotFound, TwidderError
from twidder.gateways.pairup_dialect import Fields, Said, own_project, partners, place_id, text
from twidder.gateways.pairup_functions import Ask, Functions, own, unknown_student
from twidder.pairup import places, projects, teaming, teams, telling
from twidder.pairup.access import access_round, check_seats_open
from twidder.pairup.sides import check_may_take, side_of
from twidder.store import ReadTx, Tx

functions = Functions()

_PATH = "/api/students/<number>/project"


class Wish(NamedTuple):
    description: str
    place: int | None


@functions.at("GET", _PATH)
def get_project(ask: Ask, number: str) -> Said:
    def read(tx: ReadTx) -> Fields:
        row, entry = own(tx, ask, number, NotFound("Student not found."))
        if entry.team_id is None:
            raise NotFound("Student has no project")
        return _shown(tx, row, entry.team_id)

    return Said(ask.core.store.read(read))


@functions.at("POST", _PATH)
def new_project(ask: Ask, number: str) -> Said:
    """Partners are not asked; they are told, and may leave."""

    def write(tx: Tx) -> Said:
        row, entry = own(tx, ask, number, unknown_student())
        wish = _read_wish(ask)
        if entry.team_id is not None:
            raise BadField("id", "Student already committed")
        with_whom = _find_partners(tx, row, entry, ask.fields)
        if not with_whom and projects.needs_partner(row, entry):
            raise BadField("partner", "CITS3403 students require a partner")
        _check_length(ask, wish.description)
        description = check_description(wish.description, ask.core.settings.limits)
        together = [entry.id, *(one.id for one in with_whom)]
        team = teams.join_entries(tx, row, together, by_id=ask.me.user_id, description=description)
        _book(tx, ask, row, team, wish.place)
        return Said(_shown(tx, row, team), 201, {"Location": f"/api/students/{entry.number}/project"})

    return _write(ask, write)


@functions.at("PUT", _PATH)
def update_project(ask: Ask, number: str) -> Said:
    """Partners stay as they are; the place may change."""

    def write(tx: Tx) -> Said:
        row, entry = own(tx, ask, number, unknown_student())
        wish = _read_wish(ask)
        if entry.team_id is None:
            raise BadField("id", "Student has no project")
        now = projects.load_project(tx, row, entry.team_id)
        if wish.description != now.description:
            _check_length(ask, wish.description)
            change = teaming.TeamChange(description=wish.description)
            teaming.change(tx, ask.me, entry.team_id, change, ask.core.settings.limits)
        if now.spot is None or wish.place != now.spot.id:
            _book(tx, ask, row, entry.team_id, wish.place)
        return Said(_shown(tx, row, entry.team_id))

    return _write(ask, write)


@functions.at("DELETE", _PATH)
def delete_project(ask: Ask, number: str) -> Said:
    def write(tx: Tx) -> Said:
        _, entry = own(tx, ask, number, unknown_student())
        if entry.team_id is None:
            raise BadField("id", "Student does not have a project")
        teaming.dissolve(tx, ask.me, entry.team_id)
        return Said(None, 204)

    return _write(ask, write)


def _write(ask: Ask, change: Callable[[Tx], Said]) -> Said:
    ask.take_turn()
    return ask.core.store.write(as_session(ask.me, change))


def _read_wish(ask: Ask) -> Wish:
    """Raises BadField."""
    description = text(ask.fields, "description")
    if description is None or ask.fields.get("lab_id") is None:
        raise BadField("lab_id", "Must include description and lab_id")
    return Wish(description, place_id(ask.fields))


def _check_length(ask: Ask, description: str) -> None:
    most = ask.core.settings.limits.project_length
    if len(description) > most:
        raise BadField("description", f"A description has at most {most} characters.")


def _find_partners(tx: ReadTx, row: Any, entry: Any, fields: Fields) -> list[Any]:
    """Rows of the roster. Raises BadField."""
    found = []
    for number in partners(fields):
        partner = projects.find_entry(tx, row, email_key(number))
        if partner is None or partner.id == entry.id:
            raise BadField("partner", "Unknown partner")
        if partner.team_id is not None:
            raise BadField("partner", "Partner already committed")
        found.append(partner)
    return found


def _book(tx: Tx, ask: Ask, row: Any, team_id: int, wanted: int | None) -> None:
    """Without a partner's word, as the original. Raises BadField, and whatever else keeps them from a place."""
    seat, side = access_round(tx, ask.me, row.id), side_of(tx, team_id)
    check_seats_open(seat)
    check_may_take(side, row)
    unavailable = BadField("lab_id", "Lab not available")
    if wanted is None or not projects.may_have(tx, row, wanted, team_id):
        raise unavailable
    try:
        places.book(tx, row, team_id, wanted, by_id=ask.me.user_id)
    except TwidderError as error:
        raise unavailable if error.code == "taken" else error from None
    telling.notify(tx, side.others(seat.entry), "booked", {"place": wanted})


def _shown(tx: ReadTx, row: Any, team_id: int) -> Fields:
    return own_project(projects.load_project(tx, row, team_id))
