"""The endpoint at ``/live/view``: a page that shows what its link shows, whoever is signed in in that browser."""

from __future__ import annotations

from typing import Any

from twidder.config import Limits
from twidder.live.connection import Connection
from twidder.live.node import Node
from twidder.live.switchboard import Handshake


class Viewing:
    """As the node at ``/live``, but that cookies are not looked at: who it is comes in the first frame."""

    pings = False

    def __init__(self, node: Node, limits: Limits) -> None:
        self._limits = limits
        self.check = node.check_page
        self.received, self.pinged, self.tick = node.received, node.pinged, node.tick
        self.lost, self.shutdown = node.lost, node.shutdown

    def open(self, link: Any, handshake: Handshake, now: float) -> Connection:
        return Connection(link, self._limits, now)
