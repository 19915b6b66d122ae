"""A join that reads the history first and follows the topic afterwards: what comes between is never seen (L3)."""

from twidder.cli import main
from twidder.live.hub import Hub
from twidder.live.joining import Found, Joining, Question

if __name__ == "__main__":
    hold, answer = Hub.hold, Joining._answer

    def subscribe_late(self: Joining, asked: Question, everything: dict[str, Found]) -> None:
        for found in everything.values():
            hold(self._hub, asked.connection, found.wish.topic.name)
        answer(self, asked, everything)

    Hub.hold = Hub.leave  # type: ignore[method-assign]
    Joining._answer = subscribe_late  # type: ignore[method-assign]
    main()
