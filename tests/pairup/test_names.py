"""Where names are for staff, no student is told who holds a place: by the page, the log or a refusal."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

from tests.harness.server import Server
from tests.pairup.school import Pupil, School, fresh_number
from tests.pairup.test_inviting import accept

NAMES = ("Adalind", "Bertrand", "Cynthia", "Dorothea", "Evander")


def named(school: School, round: dict[str, Any]) -> list[Pupil]:
    """Students with names that stand nowhere else."""
    students = [{"number": fresh_number(), "firstname": name, "familyname": f"Of{name}"} for name in NAMES]
    entries = school.add(round, students)
    codes = school.codes(round, [one["id"] for one in entries])
    return [school._enter(round, one, codes[one["id"]], True, "token") for one in entries]


def log_of(server: Server, topic: str) -> list[str]:
    """All that was ever said there."""
    with sqlite3.connect(server.data / "twidder.db") as db:
        return [bytes(data).decode() for (data,) in db.execute("SELECT data FROM events WHERE topic = ?", (topic,))]


def names_in(text: str) -> set[str]:
    return {name for name in NAMES if name in text}


def invite(pupil: Pupil, other: Pupil) -> dict[str, Any]:
    path = f"/pairup/rounds/{pupil.round}/invitations"
    return dict(pupil.api.post(path, {"number": other.number}, expect=201).json())


def test_no_name_on_the_rounds_topic_nor_in_the_lists(school: School, server: Server) -> None:
    """Teams are made, have places, hold, wait, swap, call, change, end; who looks for a partner says their own name."""
    round = school.make_round(names="staff", confirm=True, size_max=3)
    ada, bert, cyn, dora, eva = named(school, round)
    first, second = school.make_lab(round, places=2), school.make_lab(round)
    made = invite(ada, bert)
    assert names_in(json.dumps(made)) == {"Adalind"}
    team = accept(bert, made["id"])["id"]
    other = school.pair(round, cyn, dora)
    ada.take(first["places"][0])
    (hold,) = [one["data"] for one in bert.mine()["notices"] if one["kind"] == "hold"]
    bert.api.post(f"/pairup/places/{hold['place']}/confirmation", {"fence": hold["fence"]}, expect=200)
    school.staff.put(f"/pairup/teams/{other}/place", {"place": second["places"][0]}, expect=200)
    ada.api.put(f"/pairup/labs/{second['id']}/waiting", expect=204)
    swap = cyn.api.post(f"/pairup/places/{first['places'][0]}/swaps", expect=201).json()
    assert names_in(json.dumps(swap)) == names_in(json.dumps(ada.mine()["swaps"])) == set()
    ada.api.post(f"/pairup/swaps/{swap['id']}/acceptance", expect=204)
    cyn.api.put(f"/pairup/rounds/{round['id']}/call", {"kind": "help"}, expect=200)
    eva.api.put(f"/pairup/entries/{eva.entry}/looking", {"about": "Anything"}, expect=200)
    seen = eva.api.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert names_in(json.dumps({**seen, "mine": None})) == {"Evander"}
    assert [(one["label"], one["members"], one["size"]) for one in seen["teams"]] == [
        (f"Team {team}", [], 2),
        (f"Team {other}", [], 2),
    ]
    cyn.api.delete(f"/pairup/teams/{other}/members/{cyn.entry}", expect=204)
    bert.api.delete(f"/pairup/teams/{team}", expect=204)
    said = log_of(server, f"pairup:{round['id']}")
    assert len(said) > 15
    assert {name for text in said for name in names_in(text)} == {"Evander"}
    assert not [text for text in said for pupil in (ada, bert, cyn, dora, eva) if pupil.number in text]


def test_members_know_each_other_and_staff_know_all(school: School) -> None:
    round = school.make_round(names="staff")
    ada, bert, *_ = named(school, round)
    team = school.pair(round, ada, bert)
    assert ada.mine()["team"]["label"] == "Adalind & Bertrand"
    assert [one["name"] for one in bert.mine()["members"]] == ["Adalind OfAdalind", "Bertrand OfBertrand"]
    seen = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert [one["label"] for one in seen["teams"] if one["id"] == team] == ["Adalind & Bertrand"]


def test_nobody_learns_whose_number_or_entry_it_is(school: School) -> None:
    """By number one invites whom one knows, and is told no name; by entry only who looks for a partner, and is known.
    Whoever accepts says who they are."""
    round = school.make_round(names="staff")
    ada, bert, cyn, dora, _ = named(school, round)
    school.pair(round, cyn, dora)
    made = invite(ada, bert)
    assert re.fullmatch(r"Student …\w{3}", made["receiver"]["name"])
    assert names_in(json.dumps(ada.mine()["invitations"])) == {"Adalind"}
    assert bert.mine()["invitations"][0]["receiver"]["name"] == "Bertrand OfBertrand"
    ada.api.post(f"/pairup/entries/{bert.entry}/invitations", {}, expect=404)
    path = f"/pairup/rounds/{round['id']}/invitations"
    refused = ada.api.post(path, {"number": cyn.number})
    assert names_in(refused.text) == set()
    accept(bert, made["id"])
    refused = ada.api.post(path, {"number": cyn.number}, expect=409)
    assert names_in(refused.text) == set()
