"""What can be done in a round of Pair-Up, for L10."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import Person
from tests.harness.server import Server
from tests.pairup.school import Pupil, School, fresh_number

NAMES = "number,firstname,familyname,preferred,cohort"


@dataclasses.dataclass
class Course:
    """Staff, and students who have claimed their entries: Ada, Bo and Cy have the page open, Di and Eli are away.
    ``person`` has an account, and is on no roster yet. ``names``: of the round."""

    server: Server
    school: School
    round: dict[str, Any]
    pupils: list[Pupil]
    person: Api
    names: str

    @property
    def staff(self) -> Api:
        return self.school.staff

    @property
    def pages(self) -> dict[str, Api]:
        """Where names are for staff, theirs are no picture of the topic, which has none."""
        students = {pupil.name: pupil.api for pupil in self.pupils[:3]}
        return students | ({"staff": self.staff} if self.names == "everyone" else {})

    @property
    def path(self) -> str:
        return f"/pairup/rounds/{self.round['id']}"

    def places(self, name: str) -> list[int]:
        """Of the lab of that name, in order of time."""
        page = self.staff.get(self.path, expect=200).json()
        return [place["id"] for place in page["places"] if place["lab"] == self.lab(name)]

    def lab(self, name: str) -> int:
        page = self.staff.get(self.path, expect=200).json()
        return next(int(lab["id"]) for lab in page["labs"] if lab["name"] == name)

    def invite(self, pupil: Pupil, other: Pupil) -> int:
        """By number: not everybody is known by name."""
        body = {"number": other.number, "text": "Shall we?"}
        return int(pupil.api.post(f"{self.path}/invitations", body, expect=201).json()["id"])

    def call(self, pupil: Pupil, kind: str = "ready", lab: int | None = None) -> int:
        body = {"kind": kind, "lab": lab}
        return int(pupil.api.put(f"{self.path}/call", body, expect=200).json()["id"])


def open_course(server: Server, staff: Api, client: Callable[..., Api], person: Person, names: str) -> Course:
    school = School(staff, lambda: client(on=server))
    round = school.make_round(names=names, confirm=True)
    pupils = school.enrol(round, 5)
    school.make_lab(round, name="One", places=3)
    school.make_lab(round, name="Two", places=1)
    return Course(server, school, round, pupils, client(person, on=server), names)


# Staff arrange


def create_lab(course: Course) -> None:
    course.school.make_lab(course.round, name="Three", places=2)


def import_labs(course: Course) -> None:
    """A new one, one that has other minutes, and places that are there."""
    table = "lab,time,minutes,places\nFour,2030-05-01 10:00,20,2\nThree,2030-05-01 10:00,30,1"
    for _ in range(2):
        course.staff.put(f"{course.path}/labs", {"csv": table}, expect=200)


def keep_place(course: Course) -> None:
    for kept in (True, False, True):
        course.staff.put(f"/pairup/places/{course.places('Three')[1]}/kept", {"kept": kept}, expect=200)


def import_roster(course: Course) -> None:
    """Somebody new, and another name for Bo."""
    bo = course.pupils[1]
    table = f"{NAMES}\n{fresh_number()},New,Comer,,\n{bo.number},{bo.name},Test,Bobo,BSc"
    course.staff.put(f"{course.path}/roster", {"csv": table}, expect=200)


def rename(course: Course) -> None:
    """Who is in a team, has a place and a call, and looks for more."""
    ada = course.pupils[0]
    lines = f"{NAMES}\n{ada.number},Adina,Test,,BSc"
    course.staff.put(f"{course.path}/roster", {"csv": lines}, expect=200)


def change_round(course: Course) -> None:
    """Teams of two are too small for a moment."""
    for change in ({"description": "New"}, {"size_min": 3, "size_max": 3}, {"size_min": 2, "size_max": 2}):
        course.staff.patch(course.path, change, expect=200)
    course.staff.patch(course.path, {"alone": ["BSc"]}, expect=200)


def register(course: Course) -> None:
    course.school.enrol(course.round, 1, signed_in=False)


def unclaimed(course: Course) -> tuple[int, str]:
    """A new entry, and its code."""
    student = {"number": fresh_number(), "firstname": "Some", "familyname": "Body"}
    entry = course.school.add(course.round, [student])[0]["id"]
    return entry, course.school.codes(course.round, [entry])[entry]


def claim_entry(course: Course) -> None:
    course.person.post("/pairup/claims", {"code": unclaimed(course)[1], "pin": "2468"}, expect=201)


def free_entry(course: Course) -> None:
    """Somebody's in a team, who has no account."""
    eli = course.pupils[4]
    course.staff.delete(f"/pairup/entries/{eli.entry}/claim", expect=204)


# Students find each other


def look(course: Course) -> None:
    for pupil in (course.pupils[0], course.pupils[1], course.pupils[3]):
        pupil.api.put(f"/pairup/entries/{pupil.entry}/looking", {"about": "Evenings are good"}, expect=200)
    ada = course.pupils[0]
    ada.api.put(f"/pairup/entries/{ada.entry}/looking", {"about": "Mornings, too"}, expect=200)


def stop_looking(course: Course) -> None:
    di = course.pupils[3]
    di.api.delete(f"/pairup/entries/{di.entry}/looking", expect=204)


def invite(course: Course) -> None:
    """Who looks for a partner is known by name."""
    ada, bo, cy, _, _ = course.pupils
    for one in (ada, cy):
        one.api.post(f"/pairup/entries/{bo.entry}/invitations", {"text": "Me?"}, expect=201)


def end_invitation(course: Course) -> None:
    """Declined, and taken back."""
    ada, _, _, di, eli = course.pupils
    for one, by in ((course.invite(di, ada), ada), (course.invite(eli, ada), eli)):
        by.api.delete(f"/pairup/invitations/{one}", expect=204)


def accept_invitation(course: Course) -> None:
    """Bo, whom two have invited, accepts Ada's; Cy's is over, and nobody of them looks for anybody."""
    bo = course.pupils[1]
    asked = bo.mine()["invitations"][0]["id"]
    bo.api.post(f"/pairup/invitations/{asked}/acceptance", expect=200)


def make_team(course: Course) -> None:
    course.school.pair(course.round, course.pupils[2], course.pupils[3])


def change_team(course: Course) -> None:
    ada = course.pupils[0]
    change = {"title": "A rover", "description": "It drives.\nMostly."}
    ada.api.patch(f"/pairup/teams/{ada.team}", change, expect=200)


def grow(course: Course) -> None:
    """Three may be in a team: somebody of two looks for a third, who comes, and goes."""
    ada, eli = course.pupils[0], course.pupils[4]
    course.staff.patch(course.path, {"size_max": 3}, expect=200)
    ada.api.put(f"/pairup/entries/{ada.entry}/looking", {"about": ""}, expect=200)
    eli.api.post(f"/pairup/invitations/{course.invite(ada, eli)}/acceptance", expect=200)
    eli.api.delete(f"/pairup/teams/{ada.team}/members/{eli.entry}", expect=204)


def leave_team(course: Course) -> None:
    """A team too small loses its place, and what it waits for."""
    cy = course.pupils[2]
    cy.api.delete(f"/pairup/teams/{cy.team}/members/{cy.entry}", expect=204)


def dissolve_team(course: Course) -> None:
    ada = course.pupils[0]
    ada.api.delete(f"/pairup/teams/{ada.team}", expect=204)


# Places


def take_place(course: Course) -> None:
    """Both teams hold one; Cy's looks further, and is given one at once that nobody need confirm."""
    ada, _, cy, _, _ = course.pupils
    ada.take(course.places("One")[0])
    cy.take(course.places("Two")[0])


def confirm_place(course: Course) -> None:
    for pupil in (course.pupils[1], course.pupils[3]):
        asked = next(one["data"] for one in pupil.mine()["notices"] if one["kind"] == "hold")
        body = {"fence": asked["fence"]}
        pupil.api.post(f"/pairup/places/{asked['place']}/confirmation", body, expect=200)


def by_socket(course: Course) -> None:
    """Ada holds another place, and lets it go."""
    ada = course.pupils[0]
    with Live(course.server, ada.api) as tab:
        for act in ("take", "give_back"):
            frame = {"type": "act", "topic": f"pairup:{course.round['id']}", "act": act}
            assert tab.ask(frame | {"data": {"place": course.places("One")[2]}})["type"] == "ack"


def offer_swap(course: Course) -> int:
    """Ada's place for Cy's."""
    wanted = course.places("Two")[0]
    return int(course.pupils[0].api.post(f"/pairup/places/{wanted}/swaps", expect=201).json()["id"])


def end_swap(course: Course) -> None:
    swap = course.pupils[2].mine()["swaps"][0]["id"]
    course.pupils[2].api.delete(f"/pairup/swaps/{swap}", expect=204)


def accept_swap(course: Course) -> None:
    course.pupils[2].api.post(f"/pairup/swaps/{offer_swap(course)}/acceptance", expect=204)


def wait_for_lab(course: Course) -> None:
    """Cy's team waits for what Ada's has now."""
    course.pupils[2].api.put(f"/pairup/labs/{course.lab('Two')}/waiting", expect=204)


def stop_waiting(course: Course) -> None:
    course.pupils[3].api.delete(f"/pairup/labs/{course.lab('Two')}/waiting", expect=204)


def give_back_place(course: Course) -> None:
    """To whom it is promised."""
    wait_for_lab(course)
    course.pupils[0].api.delete(f"/pairup/places/{course.places('Two')[0]}/team", expect=204)


def put_team_place(course: Course) -> None:
    """To one that is kept, to none, to one of many."""
    team = course.pupils[0].team
    for place in (course.places("Three")[1], None, course.places("One")[1]):
        course.staff.put(f"/pairup/teams/{team}/place", {"place": place}, expect=204 if place is None else 200)


def put_team_lock(course: Course) -> None:
    for locked in (True, False):
        path = f"/pairup/teams/{course.pupils[0].team}/lock"
        course.staff.put(path, {"locked": locked}, expect=200)


def message_team(course: Course) -> None:
    path = f"/pairup/teams/{course.pupils[0].team}/messages"
    course.staff.post(path, {"text": "Bring a laptop"}, expect=201)


def delete_lab(course: Course) -> None:
    """While somebody waits in its queue."""
    course.call(course.pupils[0], lab=course.lab("Four"))
    course.staff.delete(f"/pairup/labs/{course.lab('Four')}", expect=204)


# The queue


def put_call(course: Course) -> None:
    course.call(course.pupils[0])
    course.call(course.pupils[2], lab=course.lab("One"))
    course.call(course.pupils[0], "help")


def call_next(course: Course) -> int:
    path = f"/pairup/labs/{course.lab('One')}/calls/next"
    return int(course.staff.post(path, expect=200).json()["id"])


def miss_call(course: Course) -> None:
    called = course.staff.get(course.path).json()["calls"][0]["id"]
    course.staff.post(f"/pairup/calls/{called}/missed", expect=200)


def finish_call(course: Course) -> None:
    course.staff.post(f"/pairup/calls/{call_next(course)}/done", expect=204)


def delete_call(course: Course) -> None:
    for pupil in (course.pupils[0], course.pupils[2]):
        pupil.api.delete(f"{course.path}/call", expect=204)


Action = Callable[[Course], Any]

# By the names of the views, in an order in which each is possible.
FIRST_COME: dict[str, Action] = {
    "create_round": lambda course: course.school.make_round(),
    "create_lab": create_lab,
    "import_labs": import_labs,
    "change_lab": lambda course: course.staff.patch(f"/pairup/labs/{course.lab('Four')}", {"minutes": 25}, expect=200),
    "keep_place": keep_place,
    "delete_place": lambda course: course.staff.delete(f"/pairup/places/{course.places('Four')[0]}", expect=204),
    "import_roster": import_roster,
    "make_codes": unclaimed,
    "check_code": lambda course: course.person.post("/pairup/claims/check", {"code": unclaimed(course)[1]}, expect=200),
    "register": register,
    "claim_entry": claim_entry,
    "remove_entry": lambda course: course.staff.delete(f"/pairup/entries/{unclaimed(course)[0]}", expect=204),
    "change_pin": lambda course: course.pupils[0].api.put("/pairup/pin", {"old": "4711", "pin": "1357"}, expect=204),
    "look_for_partner": look,
    "stop_looking": stop_looking,
    "invite": invite,
    "invite_by_number": lambda course: course.invite(course.pupils[3], course.pupils[0]),
    "end_invitation": lambda course: [
        course.pupils[0].api.delete(f"/pairup/invitations/{one['id']}", expect=204)
        for one in course.pupils[0].mine()["invitations"]
        if one["receiver"]["entry"] == course.pupils[0].entry
    ],
    "declined and taken back": end_invitation,
    "accept_invitation": accept_invitation,
    "make_team": make_team,
    "change_team": change_team,
    "grow": grow,
    "change_round": change_round,
    "take_place": take_place,
    "rename": rename,
    "confirm_place": confirm_place,
    "by socket": by_socket,
    "offer_swap": offer_swap,
    "end_swap": end_swap,
    "accept_swap": accept_swap,
    "wait_for_lab": wait_for_lab,
    "stop_waiting": stop_waiting,
    "give_back_place": give_back_place,
    "put_team_place": put_team_place,
    "put_team_lock": put_team_lock,
    "message_team": message_team,
    "put_call": put_call,
    "rename once more": import_roster,
    "call_next": call_next,
    "miss_call": miss_call,
    "finish_call": finish_call,
    "delete_call": delete_call,
    "delete_lab": delete_lab,
    "leave_team": leave_team,
    "dissolve_team": dissolve_team,
    "pair_the_rest": lambda course: course.staff.post(f"{course.path}/pairings", expect=200),
    "free_entry": free_entry,
    "reset_pin": lambda course: course.staff.delete(f"/pairup/entries/{course.pupils[3].entry}/pin", expect=204),
    "delete_round": lambda course: course.staff.delete(course.path, expect=204),
}


def prepare_draw(course: Course) -> None:
    """Two teams, and places that are to be drawn."""
    course.staff.patch(course.path, {"mode": "draw"}, expect=200)
    course.school.pair(course.round, *course.pupils[:2])
    course.school.pair(course.round, *course.pupils[2:4])


def rank_places(course: Course) -> None:
    first, second, third = course.places("One")
    for pupil, ranking in ((course.pupils[0], [first, second]), (course.pupils[2], [first, third])):
        pupil.api.put(f"{course.path}/ranking", {"places": ranking}, expect=204)
    course.staff.delete(f"/pairup/places/{second}", expect=204)


DRAWN: dict[str, Action] = {
    "prepare": prepare_draw,
    "rank_places": rank_places,
    "draw_now": lambda course: course.staff.post(f"{course.path}/draw", expect=201),
}
STORIES: dict[str, dict[str, Action]] = {"first come": FIRST_COME, "drawn": DRAWN}
BESIDES = {"declined and taken back", "grow", "rename", "by socket", "rename once more", "prepare"}
