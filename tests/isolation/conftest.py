"""The walk-in room of tests/guests, here too."""

from tests.guests.conftest import hall

__all__ = ["hall"]
