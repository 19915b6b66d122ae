"""Reports and the audit log through the API."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from tests.files.samples import upload
from tests.harness.api import Api
from tests.harness.people import ADA, BERT, EVE
from tests.harness.server import Server
from tests.search.test_search import room_of, say

WORDS = "zebrafish insult"


def _people(server: Server) -> tuple[Api, Api, Api]:
    """Ada, who owns the place, Bert and Eve, signed in."""
    made = []
    for person in (ADA, BERT, EVE):
        api = Api(server)
        api.sign_up(person)
        made.append(api.sign_in(person))
    return made[0], made[1], made[2]


@pytest.mark.slow
def test_what_was_reported_and_what_was_done_about_it(fresh_server: Callable[..., Server]) -> None:
    """Who may see a message may report it; staff read it as it is now, until it is deleted; what they do is a line of
    the audit log, as is what moderators do in their room; nobody else reads either, and no line is ever changed."""
    server = fresh_server()
    ada, bert, eve = _people(server)
    with contextlib.ExitStack() as stack:
        for api in (ada, bert, eve):
            stack.callback(api.close)
        room = room_of(bert, eve)
        message = say(eve, room, WORDS)
        reported = bert.post("/reports", {"message": message["id"], "reason": "rude"}, expect=201).json()
        again = bert.post("/reports", {"message": message["id"], "reason": "very rude"}, expect=200).json()
        assert again == reported == {"id": reported["id"], "state": "open"}
        assert ada.post("/reports", {"message": message["id"], "reason": "?"}).status_code == 404  # not in that room
        report = ada.get("/reports", expect=200).json()["items"][0]
        assert (report["text"], report["reason"], report["place"]) == (WORDS, "very rude", room)
        assert (report["about"]["id"], report["by"]["id"]) == (eve.id, bert.id)
        eve.delete(f"/messages/{message['id']}", expect=200)
        assert "text" not in ada.get("/reports").json()["items"][0]
        assert (
            ada.patch(f"/reports/{reported['id']}", {"state": "done"}, expect=200).json()["handled_by"]["id"] == ada.id
        )
        assert ada.get("/reports").json()["items"] == []
        assert bert.put(f"/rooms/{room}/bans/{ada.id}").status_code == 403  # nobody gets rid of the staff like that
        held = upload(eve, b"rude", "rude.txt", "text/plain", to=f"/rooms/{room}").json()
        body = {"text": "", "files": [held["id"]]}
        shown = eve.post(f"/rooms/{room}/messages", body, expect=201).json()
        bert.post("/reports", {"message": shown["id"], "reason": "rude, without a word"}, expect=201)
        bert.put(f"/rooms/{room}/bans/{eve.id}", expect=204)
        _check_log(ada, bert, eve, room, reported["id"])
        with contextlib.closing(sqlite3.connect(server.data / "twidder.db")) as database:
            for change in ("UPDATE audit SET by_id = 1", "DELETE FROM audit"):
                with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                    database.execute(change)


def _check_log(ada: Api, bert: Api, eve: Api, room: int, report: int) -> None:
    lines = ada.get("/audit", expect=200).json()["items"]
    done = next(line for line in lines if line["action"] == "report.done")
    assert (done["by"]["id"], done["user"]["id"], done["item"]) == (ada.id, eve.id, str(report))
    banned = bert.get(f"/rooms/{room}/audit", limit=1, expect=200).json()["items"][0]
    assert (banned["action"], banned["by"]["id"], banned["user"]["id"]) == ("member.banned", bert.id, eve.id)
    assert "zebrafish" not in str(lines)
    older = ada.get("/audit", limit=1).json()
    assert ada.get("/audit", limit=1, before=older["next"]).json()["items"] == lines[1:2]
    refused = [bert.get("/reports"), bert.get("/audit"), bert.patch(f"/reports/{report}", {"state": "open"})]
    refused += [eve.get(f"/rooms/{room}/audit"), ada.get(f"/rooms/{room}/audit"), bert.get("/rooms/99999/audit")]
    assert [answer.status_code for answer in refused] == [403, 403, 403, 404, 404, 404]


def test_a_report_names_one_thing_that_is_there(client: Callable[..., Api]) -> None:
    """Nothing, two things, no reason, too long a one, something that is not there: refused by name of the field."""
    ada = client(ADA.unique())
    bad: list[tuple[dict[str, Any], int, str | None]] = [
        ({"reason": "x"}, 422, "message"),
        ({"reason": "x", "message": 1, "user": 1}, 422, "user"),
        ({"reason": " ", "user": ada.id}, 422, "reason"),
        ({"reason": "x" * 501, "user": ada.id}, 422, "reason"),
        ({"reason": "x", "user": 2**40}, 404, None),
        ({"reason": "x", "post": 2**63 - 1}, 404, None),
        ({"reason": "x", "message": -1}, 404, None),
    ]
    answers = [ada.post("/reports", body) for body, _, _ in bad]
    assert [(one.status_code, one.json().get("field")) for one in answers] == [(code, field) for _, code, field in bad]
    assert ada.post("/reports", {"user": ada.id, "reason": "a name that is not theirs"}).status_code == 201
