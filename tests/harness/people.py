"""The people of the tests. Ada and Bert know each other; Eve is an outsider who should learn nothing."""

from __future__ import annotations

import dataclasses
import itertools
import os

_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign up: the seven fields."""

    email: str
    password: str
    firstname: str
    familyname: str
    gender: str
    city: str
    country: str

    def fields(self) -> dict[str, str]:
        """The body of a sign-up."""
        return dataclasses.asdict(self)

    def credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}

    def but(self, **changes: str) -> Person:
        return dataclasses.replace(self, **changes)

    def unique(self) -> Person:
        """The same person with an address that nobody had before, for a server that many tests share."""
        name, place = self.email.split("@")
        return self.but(email=f"{name}.{os.getpid()}.{next(_numbers)}@{place}")


ADA = Person("ada@example.org", "correct horse 1", "Ada", "Lind", "Female", "Linköping", "Sweden")
BERT = Person("bert@example.org", "correct horse 2", "Bert", "Okafor", "Male", "Perth", "Australia")
EVE = Person("eve@example.org", "correct horse 3", "Eve", "Ødegård", "Rather not say", "Bergen", "Norway")


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    ada: Person
    bert: Person
    eve: Person


def fresh_people() -> People:
    return People(ADA.unique(), BERT.unique(), EVE.unique())
