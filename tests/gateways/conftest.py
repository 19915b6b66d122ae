"""The clients of the labs and of the courses' chats are fixtures here, and in tests/conformance."""

from __future__ import annotations

from tests.conformance.bridged import socketio, tutorial
from tests.conformance.lab_client import lab, socket

__all__ = ["lab", "socket", "socketio", "tutorial"]
