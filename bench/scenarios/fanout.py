"""One room, as fast as it goes: each message to every member, so many messages outstanding at a time."""

from __future__ import annotations

from bench.contestants import POST_BYTES, Contestant, Running, Stage, fleeting, limits, peers, stored
from bench.figures import Figures
from bench.load import Load
from bench.rounds import Cost, alternate, check_order

WINDOW = 64
STORED_WINDOW = 100
_TOO_SLOW = 20_000  # deliveries/s: one window to 5,000 would take 16 s


def case(members: int) -> str:
    return f"{members:,} members, {WINDOW} outstanding"


LONG = f"1,000 members, {STORED_WINDOW} outstanding, {POST_BYTES} bytes"


def run(stage: Stage) -> Figures:
    figures = Figures("fanout", "fan-out, burst: what one publisher sends goes to everybody in the room")
    figures.note(
        "Twidder's members are signed in, joined, with positions and back-pressure; peers and limits know no accounts "
        "and store nothing. A fleeting frame has 120 bytes for everybody; a stored post of Twidder's has 330, and they "
        "come from ten senders."
    )
    contestants = [fleeting(), stored(), *limits(), *peers()]

    def measure(contestant: Contestant, running: Running, load: Load) -> None:
        for members in stage.sizes:
            running.enter(load, members)
            rate = _burst(stage, figures, contestant, running, load, case(members), WINDOW, running.send)
            if members == 1000 and contestant.key in ("twidder-stored", "bun", "c-batch"):
                _burst(stage, figures, contestant, running, load, LONG, STORED_WINDOW, running.sized(POST_BYTES))
            load.ask("drop")
            if rate < _TOO_SLOW:
                figures.note(f"{contestant.about}: not asked for more than {members:,} members, at this rate.")
                break

    alternate(stage, figures, contestants, measure)
    return figures


def _burst(
    stage: Stage,
    figures: Figures,
    contestant: Contestant,
    running: Running,
    load: Load,
    name: str,
    window: int,
    send: str,
) -> float:
    """Deliveries a second."""
    cost = Cost(running.pid)
    answer = load.measure(
        "burst", cost.begin, publishers=running.publishers, window=window, warm=0.5, seconds=stage.seconds, send=send
    )
    used = cost.end()
    deliveries = max(1, answer["deliveries"])
    check_order(answer, contestant, name, figures)
    rate = float(answer["deliveries"] / answer["seconds"])
    figures.add(name, "deliveries/s", contestant.key, rate)
    figures.add(name, "server CPU s per million deliveries", contestant.key, used / deliveries * 1e6)
    figures.add(name, "load busy, of a core", contestant.key, answer["busy"])
    return rate
