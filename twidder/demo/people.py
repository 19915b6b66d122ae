"""Who lives in the demo."""

from __future__ import annotations

from typing import NamedTuple

from twidder.config import Visitor

PASSWORD = "twidder-demo"  # of all of them; the demo is let in from this machine alone


class Person(NamedTuple):
    key: str
    firstname: str
    familyname: str
    city: str
    country: str

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"

    def fields(self) -> dict[str, str]:
        """The body of a sign-up."""
        return {
            "email": self.email,
            "password": PASSWORD,
            "firstname": self.firstname,
            "familyname": self.familyname,
            "gender": "Rather not say",
            "city": self.city,
            "country": self.country,
        }

    def as_visitor(self) -> Visitor:
        return Visitor(self.firstname, self.email, PASSWORD)


MARIA = Person("maria", "Maria", "Ek", "Linköping", "Sweden")  # teaches, and owns the place: she signs up first
PEOPLE = (
    MARIA,
    Person("tomas", "Tomas", "Rivera", "Bilbao", "Spain"),  # assists
    Person("aisha", "Aisha", "Rahman", "Dhaka", "Bangladesh"),
    Person("erik", "Erik", "Lund", "Umeå", "Sweden"),
    Person("mei", "Mei", "Tanaka", "Kyoto", "Japan"),
    Person("joao", "João", "Alves", "Porto", "Portugal"),
    Person("fatima", "Fatima", "Nasser", "Amman", "Jordan"),
    Person("oskar", "Oskar", "Nyström", "Turku", "Finland"),
    Person("priya", "Priya", "Menon", "Kochi", "India"),
)
VISITOR = Person("robin", "Robin", "Berg", "Norrköping", "Sweden")  # whoever looks at the demo
EVERYBODY = (*PEOPLE, VISITOR)
BY_KEY = {person.key: person for person in EVERYBODY}
