"""The HTTP API of a round as its students see it: the round, teams, invitations, who looks for a partner."""

from __future__ import annotations

from twidder.pairup import inviting, looking, snapshot, teaming
from twidder.pairup.acting import take_turn
from twidder.pairup.inviting import InvitationByNumber, NewInvitation
from twidder.pairup.looking import About
from twidder.pairup.shapes import Invitation, Looking, Mine, Snapshot, Team
from twidder.pairup.teaming import NewTeam, TeamChange
from twidder.web.api import Api, Call, Nothing, Reply

api = Api("pairup_teams")


@api.route("GET", "/pairup/rounds/<id:round>", who="student", answer=Snapshot)
def show_round(call: Call, round: int) -> Snapshot:
    """All that one sees of a round; its news follow on the topic ``pairup:ID`` from ``seq`` on."""
    return call.read(lambda tx: snapshot.load(tx, call.student, round, call.core.settings.limits))


@api.route("GET", "/pairup/rounds/<id:round>/mine", who="student", answer=Mine)
def show_my_side(call: Call, round: int) -> Mine:
    """My own side of it, as on the roster."""
    return call.read(lambda tx: snapshot.mine(tx, call.student, round, call.core.settings.limits))


@api.route("POST", "/pairup/rounds/<id:round>/teams", who="student", body=NewTeam, answer=Team, statuses=(201,))
def make_team(call: Call, round: int) -> Team:
    """Of myself, where my cohort may be alone; by staff of anybody."""
    _take_turn(call)
    limits = call.core.settings.limits
    return call.write(lambda tx: teaming.make(tx, call.student, round, call.body, limits))


@api.route("PATCH", "/pairup/teams/<id:team>", who="student", body=TeamChange, answer=Team)
def change_team(call: Call, team: int) -> Team:
    """The project’s title and description."""
    _take_turn(call)
    limits = call.core.settings.limits
    return call.write(lambda tx: teaming.change(tx, call.student, team, call.body, limits))


@api.route("DELETE", "/pairup/teams/<id:team>", who="student", statuses=(204,))
def dissolve_team(call: Call, team: int) -> None:
    """Everybody is without a team again, and what it had is free."""
    _take_turn(call)
    call.write(lambda tx: teaming.dissolve(tx, call.student, team))


@api.route("DELETE", "/pairup/teams/<id:team>/members/<id:entry>", who="student", statuses=(204,))
def leave_team(call: Call, team: int, entry: int) -> None:
    """I leave; staff let anybody go. A team that is not complete any more loses its place."""
    _take_turn(call)
    call.write(lambda tx: teaming.leave(tx, call.student, team, entry))


@api.route("PUT", "/pairup/entries/<id:entry>/looking", who="student", body=About, answer=Looking)
def look_for_partner(call: Call, entry: int) -> Looking:
    """Everybody in the round sees my name and a line about me."""
    _take_turn(call)
    limits = call.core.settings.limits
    return call.write(lambda tx: looking.look(tx, call.student, entry, call.body.about, limits))


@api.route("DELETE", "/pairup/entries/<id:entry>/looking", who="student", statuses=(204,))
def stop_looking(call: Call, entry: int) -> None:
    _take_turn(call)
    call.write(lambda tx: looking.stop(tx, call.student, entry))


_INVITED = (201, 200)


@api.route(
    *("POST", "/pairup/entries/<id:entry>/invitations"),
    who="student",
    body=NewInvitation,
    answer=Invitation,
    statuses=_INVITED,
)
def invite(call: Call, entry: int) -> Reply:
    """Ask somebody to be a team with me. Asking again changes nothing: the same, with 200."""
    _take_turn(call)
    limits = call.core.settings.limits
    made, is_new = call.write(lambda tx: inviting.invite(tx, call.student, entry, call.body, limits))
    return Reply(made, 201 if is_new else 200)


@api.route(
    *("POST", "/pairup/rounds/<id:round>/invitations"),
    who="student",
    body=InvitationByNumber,
    answer=Invitation,
    statuses=_INVITED,
)
def invite_by_number(call: Call, round: int) -> Reply:
    """As ``invite``, somebody whose student number I know."""
    _take_turn(call)
    limits = call.core.settings.limits
    made, is_new = call.write(lambda tx: inviting.invite_number(tx, call.student, round, call.body, limits))
    return Reply(made, 201 if is_new else 200)


@api.route("DELETE", "/pairup/invitations/<id:invitation>", who="student", statuses=(204,))
def end_invitation(call: Call, invitation: int) -> None:
    """I decline, or take it back."""
    _take_turn(call)
    call.write(lambda tx: inviting.end(tx, call.student, invitation))


@api.route("POST", "/pairup/invitations/<id:invitation>/acceptance", who="student", body=Nothing, answer=Team)
def accept_invitation(call: Call, invitation: int) -> Team:
    """Now we are one team. Our other invitations end, once it is full everybody’s."""
    _take_turn(call)
    return call.write(lambda tx: inviting.accept(tx, call.student, invitation))


def _take_turn(call: Call) -> None:
    take_turn(call.core.rates, call.student, call.core.settings.limits)
