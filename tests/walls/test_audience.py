"""Follows, the feed, and walls that are for mutual follows only."""

from __future__ import annotations

from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People

Client = Callable[..., Api]
Open = Callable[..., Live]


def follow_each_other(one: Api, other: Api) -> None:
    one.put(f"/follows/{other.id}", expect=204)
    other.put(f"/follows/{one.id}", expect=204)


def test_a_follow_is_known_to_both(client: Client, live: Open, people: People) -> None:
    """Lists, events on both sides, one notice to the followed; oneself, nobody and guests cannot be followed."""
    ada, bert = client(people.ada), client(people.bert)
    at_bert = live(bert)
    at_bert.join({"me": None})
    for _ in range(2):
        ada.put(f"/follows/{bert.id}", expect=204)
    told = [at_bert.recv("event", topic="me") for _ in range(2)]
    assert told[0]["event"] == "follow.changed"
    assert told[0]["data"]["user"]["id"] == ada.id
    assert (told[0]["data"]["following"], told[0]["data"]["followed_by"]) == (False, True)
    assert (told[1]["event"], told[1]["data"]["kind"]) == ("notice.created", "followed")
    assert "text" not in told[1]["data"]
    assert [person["id"] for person in bert.get("/follows").json()["followers"]] == [ada.id]
    assert [person["id"] for person in ada.get("/follows").json()["following"]] == [bert.id]
    assert ada.put(f"/follows/{ada.id}").json()["field"] == "user"
    assert ada.put(f"/follows/{2**40}").status_code == ada.delete(f"/follows/{2**40}").status_code == 404
    ada.delete(f"/follows/{bert.id}", expect=204)
    assert at_bert.recv("event", topic="me")["data"]["followed_by"] is False
    assert bert.get("/follows").json() == {"following": [], "followers": []}


def test_the_feed_is_what_i_follow_and_may_see(client: Client, people: People) -> None:
    """Newest first over all their walls, page by page; a wall that closes to me leaves it."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    for who in (bert, eve):
        ada.put(f"/follows/{who.id}", expect=204)
    made = [wall.post_on(wall.id, f"post {number}")["id"] for number in range(3) for wall in (bert, eve)]
    ada.post_on(ada.id, "mine is not in it")
    bert.delete(f"/posts/{made[0]}", expect=200)
    first = ada.get("/feed", expect=200, limit=3).json()
    second = ada.get("/feed", expect=200, limit=3, before=first["next"]).json()
    assert [post["id"] for post in first["items"] + second["items"]] == made[:0:-1]
    assert second["next"] is None
    eve.patch("/me/privacy", {"wall": "mutual"}, expect=200)
    assert {post["wall"] for post in ada.get("/feed").json()["items"]} == {bert.id}


def test_a_wall_for_mutual_follows_is_closed_to_all_others(client: Client, people: People) -> None:
    """Page, post, deletion, restoration and the feed of those who may not see it: as if there were no wall."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    follow_each_other(ada, bert)
    eve.put(f"/follows/{ada.id}", expect=204)
    by_eve = eve.post_on(ada.id, "before it closed")["id"]
    gone = eve.post_on(ada.id, "oops")["id"]
    eve.delete(f"/posts/{gone}", expect=200)
    assert ada.patch("/me/privacy", {"wall": "friends"}).json()["field"] == "wall"
    assert ada.patch("/me/privacy", {"wall": "mutual"}, expect=200).json()["wall"] == "mutual"
    for refused in (
        eve.get(f"/walls/{ada.id}/posts"),
        eve.post(f"/walls/{ada.id}/posts", {"text": "hello"}),
        eve.delete(f"/posts/{by_eve}"),
        eve.post(f"/posts/{gone}/restoration"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert eve.get("/feed").json()["items"] == []
    bert.post_on(ada.id, "welcome")
    ada.post_on(ada.id, "my own, always")
    assert len(bert.get(f"/walls/{ada.id}/posts", expect=200).json()["items"]) == 3
    ada.put(f"/follows/{eve.id}", expect=204)
    eve.get(f"/walls/{ada.id}/posts", expect=200)


def test_S12_a_wall_closes_live_when_a_follow_ends(client: Client, live: Open, people: People) -> None:
    """Either side's unfollow, and the owner's choice, end what an open page is told before the answer is given; the
    owner and those who are mutual still hear everything."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    for other in (bert, eve):
        follow_each_other(ada, other)
    stranger = client(people.bert.unique())
    tabs = {api: live(api) for api in (ada, bert, eve, stranger)}
    for tab in tabs.values():
        tab.join({ada.wall: None})

    ada.patch("/me/privacy", {"wall": "mutual"}, expect=200)
    ada.post_on(ada.id, "for friends")
    assert tabs[stranger].recv("left") == {"type": "left", "topic": ada.wall, "reason": "audience"}
    ada.delete(f"/follows/{eve.id}", expect=204)
    ada.post_on(ada.id, "without Eve")
    assert tabs[eve].recv("left")["topic"] == ada.wall
    bert.delete(f"/follows/{ada.id}", expect=204)
    last = ada.post_on(ada.id, "to myself")
    assert tabs[bert].recv("left")["topic"] == ada.wall

    assert [event["data"]["text"] for event in tabs[ada].events(ada.wall, last["seq"])][-1] == "to myself"
    for api, heard in ((stranger, set()), (eve, {"for friends"}), (bert, {"for friends", "without Eve"})):
        assert tabs[api].join({ada.wall: None})[ada.wall] == {"error": "not_found"}
        answer = tabs[api].ask({"type": "send", "topic": ada.wall, "text": "let me in"})
        assert answer["code"] == "not_found"
        assert {frame["data"]["text"] for frame in tabs[api].seen if frame["type"] == "event"} == heard
