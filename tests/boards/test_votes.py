"""Polls: one vote each, counted for all who look."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.boards.making import POLL, arrange, follow, make_board, told
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.rooms.talk import code

Client = Callable[..., Api]
KEY = "$poll:poll"


@pytest.fixture
def both(client: Client, people: People) -> tuple[Api, Api]:
    return client(people.ada), client(people.bert)


def vote(api: Api, board: int, option: int | None) -> dict[str, object]:
    answer: dict[str, object] = api.put(f"/boards/{board}/polls/poll/vote", {"option": option}, expect=200).json()
    return answer


def test_each_has_one_vote(both: tuple[Api, Api], live: Callable[..., Live]) -> None:
    """It can be changed and withdrawn; all who look hear the result, and each sees their own."""
    ada, bert = both
    board = make_board(ada)["id"]
    arrange(ada, board, POLL)
    tab = live(bert)
    assert follow(tab, board)["state"][KEY] == {"votes": [0, 0]}
    assert vote(ada, board, 1) == {"votes": [0, 1], "mine": 1}
    assert told(tab, board, KEY) == {"votes": [0, 1]}
    assert vote(bert, board, 1) == {"votes": [0, 2], "mine": 1}
    assert told(tab, board, KEY) == {"votes": [0, 2]}
    assert vote(ada, board, 0) == {"votes": [1, 1], "mine": 0}
    assert told(tab, board, KEY) == {"votes": [1, 1]}
    page = ada.get(f"/boards/{board}").json()
    assert (page["mine"]["votes"], page["state"][KEY]) == ({"poll": 0}, {"votes": [1, 1]})
    assert vote(ada, board, None) == {"votes": [0, 1], "mine": None}
    assert "votes" not in ada.get(f"/boards/{board}").json()["mine"]


def test_a_poll_that_asks_something_else_begins_anew(both: tuple[Api, Api], live: Callable[..., Live]) -> None:
    """Moved or with another question it keeps its votes; with other options it does not; taken away it is gone."""
    ada, bert = both
    board = make_board(ada)["id"]
    arrange(ada, board, POLL)
    vote(bert, board, 0)
    tab = live(bert)
    follow(tab, board)
    arrange(ada, board, {"id": "a", "kind": "number"}, {**POLL, "text": "And now?", "width": 2})
    assert ada.get(f"/boards/{board}").json()["state"][KEY] == {"votes": [1, 0]}
    arrange(ada, board, {**POLL, "options": ["Tea", "Coffee", "Water"]})
    assert told(tab, board, KEY) == {"votes": [0, 0, 0]}
    assert "votes" not in bert.get(f"/boards/{board}").json()["mine"]
    arrange(ada, board, {"id": "poll", "kind": "number"})
    assert told(tab, board, KEY) is None
    assert KEY not in ada.get(f"/boards/{board}").json()["state"]
    assert bert.put(f"/boards/{board}/polls/poll/vote", {"option": 0}).status_code == 404


@pytest.mark.parametrize("option", [2, -1, 10**12, "0", 0.5, True])
def test_what_is_no_option_is_refused(both: tuple[Api, Api], option: object) -> None:
    ada, _ = both
    board = make_board(ada)["id"]
    arrange(ada, board, POLL)
    answer = ada.put(f"/boards/{board}/polls/poll/vote", {"option": option})
    assert (*code(answer), answer.json()["field"]) == (422, "bad_field", "option")
    assert ada.get(f"/boards/{board}").json()["state"][KEY] == {"votes": [0, 0]}


def test_who_does_not_see_a_board_does_not_vote(both: tuple[Api, Api]) -> None:
    """A poll that is not there and a board that is not theirs are one answer."""
    ada, bert = both
    board = make_board(ada, audience="me")["id"]
    arrange(ada, board, POLL)
    hidden = bert.put(f"/boards/{board}/polls/poll/vote", {"option": 0})
    missing = bert.put("/boards/999999/polls/poll/vote", {"option": 0})
    assert code(hidden) == code(missing) == code(ada.put(f"/boards/{board}/polls/no/vote", {"option": 0}))
    assert code(hidden) == (404, "not_found")
