"""The scenarios by name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable

from bench.contestants import Stage
from bench.figures import Figures
from bench.scenarios import (
    beside,
    connections,
    durable,
    fanout,
    formats,
    growth,
    http,
    paced,
    pixels,
    signup,
    stuck,
    takeover,
    transports,
)

SCENARIOS: dict[str, Callable[[Stage], Figures]] = {
    "fanout": fanout.run,
    "paced": paced.run,
    "stuck": stuck.run,
    "durable": durable.run,
    "connections": connections.run,
    "takeover": takeover.run,
    "http": http.run,
    "beside": beside.run,
    "growth": growth.run,
    "transports": transports.run,
    "pixels": pixels.run,
    "formats": formats.run,
    "signup": signup.run,
}
