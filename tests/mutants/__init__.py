"""The server with one promise broken on purpose: the promise's own test must turn red.

Each module here changes real code from outside and serves: ``python -m tests.mutants.NAME serve …``.
"""

from __future__ import annotations

from typing import Any

from tests.harness.server import Server


class Mutant(Server):
    """As ``Server``, but with the mutation of that name."""

    def __init__(self, mutation: str, *positional: Any, **options: Any) -> None:
        super().__init__(*positional, cold=True, **options)
        self.mutation = mutation

    def _command(self) -> list[str]:
        command = super()._command()
        command[command.index("twidder")] = f"tests.mutants.{self.mutation}"
        return command
