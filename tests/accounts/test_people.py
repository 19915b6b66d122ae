"""Handles, privacy and roles."""

from __future__ import annotations

from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server

Client = Callable[..., Api]


def test_everybody_has_a_handle_of_their_own(client: Client, live: Callable[..., Live], people: People) -> None:
    """Given at sign-up from the first name, changed by oneself, nobody's twice; pages of mine hear of it."""
    ada, other = client(people.ada.but(firstname="Åsa")), client(people.bert.but(firstname="Åsa"))
    handles = [api.get("/me").json()["handle"] for api in (ada, other)]
    assert handles[0] != handles[1]
    assert all(handle.startswith("asa") for handle in handles)
    taken = other.patch("/me", {"handle": handles[0].upper()})
    assert (taken.status_code, taken.json()["code"], taken.json()["field"]) == (409, "taken", "handle")
    tab = live(ada)
    tab.join({"me": None})
    own = f"ada.{ada.id}"
    assert ada.patch("/me", {"handle": f" {own.upper()} "}, expect=200).json()["handle"] == own
    assert tab.recv("event", topic="me")["data"]["handle"] == own
    assert ada.get(f"/users/{other.id}").json()["handle"] == handles[1]
    assert ada.patch("/me", {"firstname": "Ada"}, expect=200).json()["handle"] == own


UNFIT = ["admin", "..", "con", "%2e", "x" * 33, "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "-rf"]
UNFIT += ["a", "", "a..b", "ends.", "ada lind", "ådå", "a/b"]


def test_row37_a_handle_is_plain(client: Client, people: People) -> None:
    """What is reserved, looks like a path, or is more than letters, digits and _ . - is refused."""
    ada = client(people.ada)
    for handle in UNFIT:
        refused = ada.patch("/me", {"handle": handle})
        assert (refused.status_code, refused.json()["field"]) == (422, "handle"), handle


def test_privacy_is_mine_to_say(client: Client, live: Callable[..., Live], people: People) -> None:
    """Defaults, a change in part, an event to my own pages alone, and nothing for an unchanged choice."""
    ada, bert = client(people.ada), client(people.bert)
    assert ada.get("/me/privacy").json() == {"wall": "members", "write_to_me": "known"}
    mine, theirs = live(ada), live(bert)
    for tab in (mine, theirs):
        tab.join({"me": None})
    for _ in range(2):
        changed = ada.patch("/me/privacy", {"write_to_me": "nobody"}, expect=200).json()
    assert changed == {"wall": "members", "write_to_me": "nobody"}
    assert ada.patch("/me/privacy", {"write_to_me": "cats"}).json()["field"] == "write_to_me"
    ada.patch("/me/privacy", {"write_to_me": "everyone"}, expect=200)
    events = [mine.recv("event", topic="me") for _ in range(2)]
    assert [event["data"]["write_to_me"] for event in events] == ["nobody", "everyone"]
    theirs.join({})
    assert [frame for frame in theirs.seen if frame["type"] == "event"] == []


def test_who_may_begin_a_conversation(client: Client, people: People) -> None:
    """Nobody, mutual follows, people in a common room or mutual, everyone: as the receiver chose, in that moment."""
    ada, bert = client(people.ada), client(people.bert)
    for api in (ada, bert):  # out of the room that everybody is in
        api.delete(f"/rooms/1/members/{api.id}", expect=204)

    def may(choice: str) -> bool:
        ada.patch("/me/privacy", {"write_to_me": choice}, expect=200)
        return bert.post("/dms", {"users": [ada.id]}).status_code == 201

    assert [may(choice) for choice in ("nobody", "mutual", "known")] == [False, False, False]
    bert.put(f"/follows/{ada.id}", expect=204)
    assert not may("mutual")
    ada.put(f"/follows/{bert.id}", expect=204)
    assert [may(choice) for choice in ("nobody", "mutual")] == [False, True]


def test_S12_staff_is_made_and_unmade_by_the_owner(fresh_server: Callable[..., Server], people: People) -> None:
    """In force with the answer, and told on the socket; owners stay, members may not, and the audit log knows."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert:
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person)
        assert bert.patch(f"/users/{bert.id}", {"role": "staff"}).status_code == 403
        assert ada.patch(f"/users/{bert.id}", {"role": "owner"}).json()["field"] == "role"
        assert ada.patch(f"/users/{ada.id}", {"role": "member"}).status_code == 403
        assert ada.patch("/users/999", {"role": "staff"}).status_code == 404
        assert bert.get("/reports").status_code == 403
        with Live(server, bert) as tab:
            tab.join({"me": None})
            assert ada.patch(f"/users/{bert.id}", {"role": "staff"}, expect=200).json()["role"] == "staff"
            assert tab.recv("event", topic="me")["data"]["role"] == "staff"
        assert bert.get("/reports").status_code == 200
        ada.patch(f"/users/{bert.id}", {"role": "member"}, expect=200)
        assert bert.get("/reports").status_code == 403
        lines = [line["action"] for line in ada.get("/audit", expect=200).json()["items"]]
        assert lines.count("role.changed") == 2
