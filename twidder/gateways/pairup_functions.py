"""How a function of Pair-Up's own client is declared, at its method and path, and what all of them need.

A project is a team with its place, a lab a place. The words of a refusal are the original's wherever it has some.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import request

from twidder.accounts import Me, Student
from twidder.accounts.fields import email_key
from twidder.accounts.signing_in import network
from twidder.core import Core
from twidder.errors import BadField, Forbidden, NotFound
from twidder.gateways.pairup_dialect import Fields, Said
from twidder.pairup import acting, projects, rounds
from twidder.store import ReadTx


class Ask(NamedTuple):
    """One call of a function. ``holder`` None: whoever asks has not said who they are."""

    core: Core
    holder: Me | Student | None
    fields: Fields

    @property
    def me(self) -> Me | Student:
        assert self.holder is not None
        return self.holder

    @property
    def guesser(self) -> str:
        """Whose wrong PINs are counted: apart from the native door's, as those of the labs."""
        return f"pairup {network(request.remote_addr or '')}"

    def take_turn(self) -> None:
        acting.take_turn(self.core.rates, self.me, self.core.settings.limits)


Run = Callable[..., Said]


class Function(NamedTuple):
    """``who``: token | either (with one or without) | anybody (who is not asked). ``hashes``: it hashes a PIN.
    ``challenge``: of its 401."""

    method: str
    path: str
    who: str
    hashes: bool
    challenge: str
    run: Run


class Functions(list[Function]):
    """Of one file, as they are declared."""

    def at(
        self, method: str, path: str, *, who: str = "token", hashes: bool = False, challenge: str = "Bearer"
    ) -> Callable[[Run], Run]:
        def declare(run: Run) -> Run:
            self.append(Function(method, path, who, hashes, challenge, run))
            return run

        return declare


def the_round(tx: ReadTx) -> Any:
    """The one that staff have made the default. Raises NotFound."""
    try:
        return rounds.default_round(tx)
    except NotFound:
        raise NotFound("No round is meant for this client.") from None


def own(tx: ReadTx, ask: Ask, number: str, missing: Exception) -> tuple[Any, Any]:
    """(the round, my entry), if the number is mine. Raises Forbidden, and ``missing`` if I am not on the roster."""
    row = the_round(tx)
    entry = projects.own_entry(tx, row, ask.me)
    if entry is None:
        raise missing
    if entry.number != email_key(number):
        raise Forbidden
    return row, entry


def unknown_student() -> BadField:
    return BadField("id", "Unknown student")
