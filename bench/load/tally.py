"""What the viewers of a board have seen, and when."""

from __future__ import annotations

from array import array
from time import perf_counter
from typing import Any

FIRST = 1_000_000  # what is pushed is FIRST + 0, FIRST + 1, …
_DIGITS = 7
KEY = "n"
_VALUE = f'"{KEY}":{{"value":'.encode()


class Tally:
    """A viewer has value k as soon as it has one that is at least as new: who looks once a second skips some."""

    def __init__(self, viewers: int) -> None:
        self.sent: list[float] = []  # by number: when its push began; the first is there before anybody looks
        self.answered = 0  # pushes
        self.has = [-1] * viewers
        self.bytes = self.requests = self.answers = self.refusals = self.lost = 0
        self.first_refusal = ""
        self.over = False
        self._delays = array("d")
        self._counted = range(0)  # the pushes that are measured

    def news(self, which: int, data: bytes) -> bool:
        """What came to this viewer. False: there is no value in it."""
        at = data.rfind(_VALUE) + len(_VALUE)
        if at < len(_VALUE):
            return False
        self.reached(which, int(data[at : at + _DIGITS]) - FIRST)
        return True

    def reached(self, which: int, number: int) -> None:
        before = self.has[which]
        if number <= before:
            return
        self.has[which] = number
        now = perf_counter()
        for each in range(before + 1, number + 1):
            if each in self._counted:
                self._delays.append(now - self.sent[each])

    def refused(self, answer: bytes) -> None:
        self.refusals += 1
        self.first_refusal = self.first_refusal or answer[:100].decode(errors="replace").splitlines()[0]

    def have(self, number: int) -> float:
        """The share of the viewers, 0 to 1, who have this value."""
        return sum(has >= number for has in self.has) / len(self.has)

    def begin(self) -> None:
        self.bytes = self.requests = self.answers = self.refusals = self.lost = 0
        self._delays = array("d")
        self._counted = range(len(self.sent), 10**9)

    def end(self) -> None:
        """What is pushed from now on is not measured; what is on its way is."""
        self._counted = range(self._counted.start, len(self.sent))

    def delays(self) -> dict[str, Any]:
        """p50 and p99 in ms; ``missing``: deliveries that never came."""
        told, wanted = sorted(self._delays), len(self._counted) * len(self.has)
        if not told:
            return {"p50": None, "p99": None, "missing": wanted}
        p50, p99 = (told[min(len(told) - 1, int(share * len(told)))] * 1000 for share in (0.5, 0.99))
        return {"p50": p50, "p99": p99, "missing": wanted - len(told)}
