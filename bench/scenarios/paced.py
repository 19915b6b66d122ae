"""One room at a steady pace: how long until a member has a message, p50 and p99 over every delivery."""

from __future__ import annotations

from bench.contestants import Contestant, Running, Stage, fleeting, limits, peers, stored
from bench.figures import Figures
from bench.load import Load
from bench.rounds import Cost, alternate, check_order

RATE = 100
MEMBERS = 1000
CASE = f"{MEMBERS:,} members, {RATE} messages/s"


def run(stage: Stage) -> Figures:
    figures = Figures(
        "paced", "fan-out, paced: the delay of each delivery, from the publisher's send to the member's read"
    )

    def measure(contestant: Contestant, running: Running, load: Load) -> None:
        members = min(MEMBERS, max(stage.sizes))
        running.enter(load, members)
        cost = Cost(running.pid)
        answer = load.measure("paced", cost.begin, rate=RATE, warm=1, seconds=2 * stage.seconds, send=running.send)
        used = cost.end()
        check_order(answer, contestant, CASE, figures)
        if answer["deliveries"] < 0.98 * answer["sent"] * members:
            missing = 1 - answer["deliveries"] / (answer["sent"] * members)
            figures.note(f"{contestant.about} does not keep the pace: {missing:.0%} had not arrived 5 s after the end.")
        for percentile in ("p50", "p99"):
            figures.add(CASE, f"{percentile} ms", contestant.key, answer[percentile])
        figures.add(CASE, "server CPU, of a core", contestant.key, used / answer["seconds"])
        figures.add(CASE, "load busy, of a core", contestant.key, answer["busy"])

    alternate(stage, figures, [fleeting(), stored(), *limits(), *peers()], measure)
    return figures
