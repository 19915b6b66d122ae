"""The labs' client is a fixture here, and in tests/conformance."""

from __future__ import annotations

from tests.conformance.lab_client import lab, socket

__all__ = ["lab", "socket"]
