"""News of topics that somebody has not joined: how far they have got."""

from __future__ import annotations

from tests.live.model import Client
from twidder.live.heads import Heads


def test_news_of_the_second_in_which_everybody_stopped_waiting_are_nobodys() -> None:
    """Who begins to wait for a topic in the second in which it moved and the last one left owes nothing to that."""
    heads = Heads(10, 1000, lambda _connection, _topic: False)
    first, second = Client(1, "a"), Client(2, "b")
    for client, topics in ((first, {"room:1": 4}), (second, {})):
        heads.ask(client.connection)
        heads.answer(client.connection, topics)
    heads.tell()
    heads.move("room:1", 5)
    heads.remove(first.connection)
    heads.belong(second.connection, "room:1", True)
    heads.tell()
    assert second.tape.take() == []
    heads.move("room:1", 6)
    heads.tell()
    assert [frame["heads"] for frame in second.tape.take()] == [{"room:1": 6}]
