"""Readers that stop reading in a busy room: what each costs the server, and whether the others notice."""

from __future__ import annotations

from bench.contestants import Contestant, Running, Stage, peers, stored
from bench.figures import Figures
from bench.load import Load
from bench.machine import memory
from bench.rounds import alternate

STUCK = 100
READING = 20
RATE = 400
BYTES = 1024
CASE = f"{STUCK} stuck readers, {RATE} KiB/s"
DELAYS = ("the others' p99 ms before", "the others' p99 ms beside them")
MISSED = "messages that the others missed, of 100"
_BUFFER = 4096  # of the clients: the kernel shall not hide what the server keeps


def run(stage: Stage) -> Figures:
    figures = Figures(
        "stuck", f"{STUCK} of {STUCK + READING} members stop reading, while {RATE} messages/s of 1 KiB go on"
    )
    figures.note(
        "Memory is the server process's, when the messages end; each member has been sent some 4 MB by then. The "
        "kernel keeps up to 4 MB more for each socket, unless the server bounds its buffer, as Twidder does: 128 KiB."
    )

    def measure(contestant: Contestant, running: Running, load: Load) -> None:
        running.enter(load, STUCK + READING, buffer=_BUFFER)
        send = running.sized(BYTES)
        alone = load.measure("paced", rate=RATE, warm=1, seconds=2, send=send)
        load.ask("freeze", clients=STUCK)
        before = memory(running.pid)
        most = [before]
        beside = load.measure(
            "paced", rate=RATE, warm=8, seconds=2, send=send, at_start=lambda: most.append(memory(running.pid))
        )
        most.append(memory(running.pid))
        figures.add(CASE, "KiB for each", contestant.key, (max(most) - before) / 1024 / STUCK)
        for unit, answer in zip(DELAYS, (alone, beside), strict=True):
            figures.add(CASE, unit, contestant.key, answer["p99"])
        figures.add(CASE, MISSED, contestant.key, _missed(beside))

    alternate(stage, figures, [stored(), *peers()], measure)
    return figures


def _missed(answer: dict[str, float]) -> float:
    wanted = answer["sent"] * READING
    return max(0.0, 100 * (1 - answer["deliveries"] / wanted)) if wanted else 0.0
