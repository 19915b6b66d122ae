"""Accounts through the API: sign up, in, out; profile; people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

Client = Callable[..., Api]


def test_sign_up_makes_an_account_and_does_not_sign_in(client: Client, people: People) -> None:
    """201 with the person as others see them; no cookie, no password anywhere."""
    stranger = client()
    answer = stranger.post("/users", people.ada.fields(), expect=201)
    user = answer.json()
    assert {name: user[name] for name in ("email", "firstname", "city")} == {
        "email": people.ada.email,
        "firstname": "Ada",
        "city": "Linköping",
    }
    assert "set-cookie" not in answer.headers
    assert "password" not in answer.text
    assert stranger.get("/session").status_code == 401


def test_the_first_account_owns_the_place(fresh_server: Callable[..., Server], people: People) -> None:
    """Owner is whoever comes first; everybody after is a member."""
    server = fresh_server()
    with Api(server) as api:
        assert api.get("/community").json()["first_run"] is True
        assert api.sign_up(people.ada)["role"] == "owner"
        assert api.sign_up(people.bert)["role"] == "member"
        assert api.get("/community").json()["first_run"] is False


@pytest.mark.parametrize("spelling", ["{}", "  {} ", "{upper}"])
def test_an_email_is_taken_however_it_is_spelled(client: Client, people: People, spelling: str) -> None:
    """The same address in other case or with spaces is the same account: 409, field email."""
    client(people.ada)
    email = spelling.format(people.ada.email, upper=people.ada.email.upper())
    answer = client().post("/users", people.bert.but(email=email).fields())
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "taken", "email")
    assert client().post("/session", {"email": email, "password": people.ada.password}).status_code == 201


def test_the_cookie_is_for_the_server_alone(client: Client, people: People) -> None:
    """HttpOnly, SameSite=Strict, Path=/, no Domain; named after the port, since cookies ignore ports."""
    ada = client(people.ada)
    header = ada.post("/session", people.ada.credentials(), expect=201).headers["set-cookie"]
    name, _, rest = header.partition("=")
    assert name == f"sid_{ada.url.rsplit(':')[-1]}"
    attributes = {part.strip() for part in rest.split(";")[1:]}
    assert attributes == {"Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=2592000"}


def test_a_program_gets_its_token_in_the_body(client: Client, people: People) -> None:
    """transport token: the token in the answer, no cookie; Bearer and bare token both work."""
    client(people.ada)
    answer = client().post("/session", people.ada.credentials() | {"transport": "token"}, expect=201)
    assert "set-cookie" not in answer.headers
    for header in (f"Bearer {answer.json()['token']}", answer.json()["token"]):
        stranger = client()
        stranger.http.headers["Authorization"] = header
        assert stranger.get("/me").json()["email"] == people.ada.email


def test_the_terminal_gets_this_sessions_token_for_the_password(client: Client, people: People) -> None:
    """ "Use in a terminal" shows the page's own token, and does not sign the page out."""
    ada = client(people.ada)
    assert ada.post("/session/token", {"password": "wrong one"}).json()["field"] == "password"
    token = ada.post("/session/token", {"password": people.ada.password}, expect=200).json()["token"]
    assert client().use_token(token).get("/me").json()["id"] == ada.id
    assert ada.get("/me").status_code == 200


def test_unknown_user_and_wrong_password_are_one_answer(client: Client, people: People) -> None:
    """Status and body (but for the request's id) tell a stranger nothing about who has an account."""
    client(people.ada)
    known = client().post("/session", {"email": people.ada.email, "password": "wrong horse"})
    unknown = client().post("/session", {"email": people.eve.email, "password": "wrong horse"})
    assert known.status_code == unknown.status_code == 401
    one, other = known.json(), unknown.json()
    assert one.pop("request_id") != other.pop("request_id")
    assert one == other


def test_failures_slow_the_guesser_down_and_nobody_else(fresh_server: Callable[..., Server], people: People) -> None:
    """The sixth wrong password waits (429, Retry-After), even for the right one; the session goes on; time heals."""
    server = fresh_server(limits={"failed_signin_delay": 0.3})
    with Api(server) as ada, Api(server) as guesser, Api(server) as bert:
        for person, api in ((people.ada, ada), (people.bert, bert)):
            api.sign_up(person)
            api.sign_in(person)
        wrong = {"email": people.ada.email, "password": "wrong horse"}
        codes = [guesser.post("/session", wrong).status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]
        refused = guesser.post("/session", people.ada.credentials())
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        assert int(refused.headers["retry-after"]) >= 1
        assert ada.get("/me").status_code == 200
        assert bert.post("/session", people.bert.credentials()).status_code == 201
        wait_for(lambda: guesser.post("/session", people.ada.credentials()).status_code == 201, 10, every=0.1)


def test_a_password_change_keeps_the_session_that_made_it(client: Client, people: People) -> None:
    """The old password is asked for; afterwards only the new one signs in."""
    ada = client(people.ada)
    wrong = ada.put("/me/password", {"old_password": "not that one", "new_password": "new horse 1"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "old_password")
    short = ada.put("/me/password", {"old_password": people.ada.password, "new_password": "short"})
    assert (short.status_code, short.json()["field"]) == (422, "new_password")
    ada.put("/me/password", {"old_password": people.ada.password, "new_password": "new horse 1"}, expect=204)
    assert ada.get("/me").status_code == 200
    assert client().post("/session", people.ada.credentials()).status_code == 401
    assert client().post("/session", {"email": people.ada.email, "password": "new horse 1"}).status_code == 201


def test_sign_out_ends_every_tab(client: Client, live: Callable[..., Live], people: People) -> None:
    """All sockets of the session get bye 4501; the cookie is taken back; the token is refused with the reason."""
    ada = client(people.ada)
    tabs = [live(ada) for _ in range(3)]
    cookie = ada.cookie
    answer = ada.delete("/session", expect=204)
    assert "Max-Age=0" in answer.headers["set-cookie"]
    for tab in tabs:
        assert tab.recv("bye")["code"] == 4501
        assert tab.closed_with()[0] == 4501
    again = client().get("/me", expect=401)
    assert again.json()["code"] == "not_signed_in"
    with Api(ada.url) as old:
        old.http.headers["Cookie"] = cookie
        assert old.get("/me").json()["code"] == "signed_out"


def test_a_profile_change_reaches_my_other_tabs(client: Client, live: Callable[..., Live], people: People) -> None:
    """PATCH changes what is given, and `me` tells every tab of mine; nobody else hears of it."""
    ada, bert = client(people.ada), client(people.bert)
    mine, theirs = live(ada), live(bert)
    mine.join({"me": None})
    theirs.join({"me": None})
    changed = ada.patch("/me", {"city": "Lund"}, expect=200).json()
    assert (changed["city"], changed["firstname"]) == ("Lund", "Ada")
    event = mine.recv("event", topic="me")
    assert (event["event"], event["data"]["city"]) == ("profile.changed", "Lund")
    theirs.ask({"type": "join", "topics": {"me": None}})
    assert [frame for frame in theirs.seen if frame["type"] == "event"] == []


def test_people_are_found_by_name_email_and_city(fresh_server: Callable[..., Server], people: People) -> None:
    """Every word must be there; wildcards are letters; pages follow each other without a hole."""
    server = fresh_server()
    with Api(server) as ada:
        for person in (people.ada, people.bert, people.eve):
            ada.sign_up(person)
        ada.sign_in(people.ada)

        def found(query: str) -> list[str]:
            return [user["firstname"] for user in ada.get("/users", q=query).json()["items"]]

        assert found("") == ["Ada", "Bert", "Eve"]
        assert found("LIND") == ["Ada"]
        assert found("okafor perth") == ["Bert"]
        assert found("ada perth") == []
        assert found("%") == found("_d") == []
        assert found(people.eve.email) == ["Eve"]
        first = ada.get("/users", limit=2).json()
        second = ada.get("/users", limit=2, after=first["next"]).json()
        assert [user["firstname"] for user in first["items"] + second["items"]] == ["Ada", "Bert", "Eve"]
        assert second["next"] is None


def test_the_owner_decides_who_may_sign_up(fresh_server: Callable[..., Server], people: People) -> None:
    """Closed: nobody. Invitation: whoever has a link, once. A member may change neither."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert, Api(server) as stranger:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        bert.sign_up(people.bert)
        bert.sign_in(people.bert)
        assert bert.patch("/community", {"sign_up": "closed"}).status_code == 403
        assert bert.post("/invitations").status_code == 403
        assert ada.patch("/community", {"sign_up": "maybe"}).json()["field"] == "sign_up"
        ada.patch("/community", {"sign_up": "closed", "name": "TDDD97"}, expect=200)
        assert stranger.get("/community").json()["name"] == "TDDD97"
        assert stranger.post("/users", people.eve.fields()).json()["code"] == "sign_up_closed"
        ada.patch("/community", {"sign_up": "invitation"}, expect=200)
        link = ada.post("/invitations", expect=201).json()
        assert set("".join(link["qr"])) == {"0", "1"}
        assert len(link["qr"]) == len(link["qr"][0])
        secret = link["url"].split("/join#")[1]
        assert stranger.post("/users", people.eve.fields()).json()["code"] == "sign_up_closed"
        assert stranger.sign_up(people.eve, link=secret)["role"] == "member"
        reused = people.eve.but(email="second@example.org").fields() | {"link": secret}
        assert stranger.post("/users", reused).json()["code"] == "bad_link"
        ada.patch("/community", {"sign_up": "open"}, expect=200)
        assert stranger.post("/users", reused).json()["code"] == "bad_link"


def test_the_owner_hands_out_reset_links(fresh_server: Callable[..., Server], people: People) -> None:
    """A reset link works once, for that person, and ends their session; a newer one replaces it."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert, Api(server) as stranger:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        bert.sign_up(people.bert)
        bert.sign_in(people.bert)
        assert bert.post(f"/users/{ada.id}/reset-link").status_code == 403
        old, new = (
            ada.post(f"/users/{bert.id}/reset-link", expect=201).json()["url"].split("/reset#")[1] for _ in range(2)
        )
        reset = {"password": "brand new 1"}
        assert stranger.post("/password-resets", reset | {"secret": old}).json()["code"] == "bad_link"
        stranger.post("/password-resets", reset | {"secret": new}, expect=204)
        assert bert.get("/me").json()["code"] == "password_reset"
        bert.sign_in(people.bert.but(password="brand new 1"))


def test_sign_ups_from_one_address_are_bounded(fresh_server: Callable[..., Server], people: People) -> None:
    """More sign-ups a minute than a lab room makes: 429 with the time to wait."""
    server = fresh_server(limits={"signups_per_minute": 3})
    with Api(server) as api:
        for _ in range(3):
            api.sign_up(people.ada.unique())
        refused = api.post("/users", people.bert.fields())
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.json()["retry_ms"] > 0


def test_nobody_signed_in_is_anybody(client: Client, people: People) -> None:
    """Without a token every route but those for strangers is 401 with WWW-Authenticate: Bearer."""
    for path in ("/me", "/session", "/users", "/users/1", "/walls/1/posts"):
        answer = client().get(path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), path
        assert answer.json()["code"] == "not_signed_in"


def test_people_are_found_in_every_alphabet(fresh_server: Callable[..., Server], people: People) -> None:
    """Letters beyond ASCII are found in either case."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada.but(firstname="Åsa", city="Örebro"))
        ada.sign_up(people.bert.but(firstname="Émile"))
        ada.sign_in(people.ada)
        for query, name in (("åsa", "Åsa"), ("ÅSA", "Åsa"), ("örebro", "Åsa"), ("ÉMILE", "Émile")):
            assert [user["firstname"] for user in ada.get("/users", q=query).json()["items"]] == [name], query


def test_a_profile_that_does_not_change_tells_nobody(client: Client, live: Callable[..., Live], people: People) -> None:
    """The same values again make no event; the log keeps every event for ever."""
    ada = client(people.ada)
    socket = live(ada)
    socket.join({"me": None})
    ada.patch("/me", {"city": people.ada.city}, expect=200)
    ada.patch("/me", {"city": "Lund"}, expect=200)
    assert socket.recv("event")["seq"] == 1


def test_the_client_behind_a_proxy_is_the_one_it_names() -> None:
    """Counted from the end by the number of proxies; what the client made up stands before that and counts for
    nothing."""
    from twidder.web.bridge import client_address

    def scope(*forwarded: str) -> dict[str, object]:
        return {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded]}

    assert client_address(scope("6.6.6.6"), 0) == "10.0.0.1"
    assert client_address(scope("6.6.6.6, 1.2.3.4"), 1) == "1.2.3.4"
    assert client_address(scope("6.6.6.6", "1.2.3.4"), 1) == "1.2.3.4"
    assert client_address(scope("6.6.6.6, 1.2.3.4, 10.0.0.2"), 2) == "1.2.3.4"
    assert client_address(scope(), 1) == "10.0.0.1"
