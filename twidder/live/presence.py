"""Who is where: the truth for whoever comes, merged changes for whoever is there. Pure; time comes as an argument.

A person is in a place (a topic) once, however many keys (connections) hold them there. Who lets go of the last one
rests for ``grace`` seconds before they are gone, so that a page can be reloaded; who is sent away does not.

What is told leads from any snapshot to the truth: a change names whoever came or went since the last, even if they did
both, and a snapshot is the truth of its moment. Above ``crowd`` people only numbers are told: three thousand who come
one after the other would otherwise be told of to each other nine million times.
"""

from __future__ import annotations

from collections.abc import Container, Hashable
from itertools import islice
from typing import Any, NamedTuple


class Change(NamedTuple):
    """``fields`` of a presence frame; and who, compared with the last change, has come and gone."""

    topic: str
    fields: dict[str, Any]
    joined: list[Any]
    left: list[Any]


class Person:
    __slots__ = ("author", "keys", "sid")

    def __init__(self, author: Any) -> None:
        self.author = author
        self.keys = 0
        self.sid = ""


class Place:
    __slots__ = ("counted", "crowded", "keys", "people", "touched", "version")

    def __init__(self, *, counted: bool) -> None:
        self.version = 0
        self.counted = counted
        self.crowded = counted
        self.people: dict[int, Person] = {}  # by user, in order of arrival
        self.keys: dict[Hashable, int] = {}  # to their users
        self.touched: dict[int, Any] = {}  # since the last change: users, and as whom they had been told of, if at all

    def authors(self) -> list[Any]:
        return [person.author for person in list(self.people.values())]  # threads ask, too


class Presence:
    def __init__(self, *, grace: float, crowd: int, shown: int, counted: Container[str] = ()) -> None:
        """``shown``: how many of a crowd are named in a snapshot. ``counted``: kinds of topics that name nobody."""
        self._grace, self._crowd, self._shown, self._counted = grace, crowd, shown, counted
        self._places: dict[str, Place] = {}
        self._changed: set[str] = set()
        self._resting: dict[tuple[str, int], float] = {}  # until when; the first to go first
        self._resting_of: dict[str, set[tuple[str, int]]] = {}  # by session

    # Coming

    def enter(self, topic: str, key: Hashable, author: Any, sid: str = "") -> None:
        place = self._places.get(topic)
        if place is None:
            place = self._places[topic] = Place(counted=topic.partition(":")[0] in self._counted)
        if key in place.keys:
            return
        person = place.people.get(author.id)
        if person is None:
            self._touch(topic, place, author.id, None)
            person = place.people[author.id] = Person(author)
            place.crowded = place.crowded or len(place.people) > self._crowd
        elif not person.keys:
            self._wake(topic, author.id, person)
        place.keys[key] = author.id
        person.keys += 1
        person.author, person.sid = author, sid

    # Going

    def exit(self, topic: str, key: Hashable, now: float, *, at_once: bool = False) -> None:
        place = self._places.get(topic)
        user_id = place.keys.pop(key, None) if place else None
        if place is None or user_id is None:
            return
        person = place.people[user_id]
        person.keys -= 1
        if person.keys:
            return
        if at_once:
            self._remove(topic, place, user_id)
        else:
            self._resting[topic, user_id] = now + self._grace
            self._resting_of.setdefault(person.sid, set()).add((topic, user_id))

    def dismiss(self, topic: str, user_id: int) -> None:
        """Gone at once, whatever keys they hold."""
        place = self._places.get(topic)
        if place is None or user_id not in place.people:
            return
        for key in [key for key, holder in place.keys.items() if holder == user_id]:
            del place.keys[key]
        self._remove(topic, place, user_id)

    def end_session(self, sid: str) -> None:
        """Who rests, and could only come back by this session, is gone."""
        for topic, user_id in list(self._resting_of.get(sid, ())):
            self._remove(topic, self._places[topic], user_id)

    # Telling

    def here(self, topic: str) -> list[Any]:
        """Everybody, in order of arrival."""
        place = self._places.get(topic)
        return place.authors() if place else []

    def snapshot(self, topic: str) -> dict[str, Any]:
        """For somebody who is there: the next change follows its version."""
        place = self._places[topic]
        shown = 0 if place.counted else self._shown if place.crowded else None
        here = [person.author for person in islice(place.people.values(), shown)]
        return {"version": place.version, "count": len(place.people), "here": here}

    def take(self, now: float) -> list[Change]:
        """What has changed since the last time; to be called once a second."""
        while self._resting:
            (topic, user_id), until = next(iter(self._resting.items()))
            if until > now:
                break
            self._remove(topic, self._places[topic], user_id)
        changed, self._changed = self._changed, set()
        return [self._take_one(topic, self._places[topic]) for topic in changed]

    def _take_one(self, topic: str, place: Place) -> Change:
        place.version += 1
        touched, place.touched = place.touched, {}
        joined = [user_id for user_id in touched if user_id in place.people]
        left = [user_id for user_id in touched if user_id not in place.people]
        fields: dict[str, Any] = {"version": place.version, "count": len(place.people)}
        if not place.crowded:
            fields |= {"joined": [place.people[user_id].author for user_id in joined], "left": left}
        elif not place.counted and len(place.people) <= self._crowd * 0.9:
            # Not at the edge, where each who comes and goes would cost a list.
            place.crowded = False
            fields["here"] = place.authors()
        if not place.people:
            del self._places[topic]
        came = [place.people[user_id].author for user_id in joined if touched[user_id] is None]
        return Change(topic, fields, came, [touched[user_id] for user_id in left if touched[user_id] is not None])

    # Inside

    def _touch(self, topic: str, place: Place, user_id: int, told_as: Any) -> None:
        place.touched.setdefault(user_id, told_as)
        self._changed.add(topic)

    def _remove(self, topic: str, place: Place, user_id: int) -> None:
        person = place.people.pop(user_id)
        self._wake(topic, user_id, person)
        self._touch(topic, place, user_id, person.author)

    def _wake(self, topic: str, user_id: int, person: Person) -> None:
        """Resting no longer."""
        if self._resting.pop((topic, user_id), None) is not None:
            theirs = self._resting_of[person.sid]
            theirs.discard((topic, user_id))
            if not theirs:
                del self._resting_of[person.sid]
