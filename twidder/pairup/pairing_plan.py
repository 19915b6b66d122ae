"""Who is put with whom when staff pair the rest. Pure: the same people in the same order give the same teams.

The rules, the first first:
* As few as possible are left without a team that is complete. Who is together stays together.
* Who may be alone and looks for nobody is put with others only where somebody would be left over; else they are a team.
* Teams that are too small grow before new ones are made, and two of them become one only where that leaves fewer over.
* A team is of one cohort as far as that goes.
* Of a cohort, those come first who asked to be assigned, then those who look; in the order of the roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Unit(NamedTuple):
    """Who stays together: a student alone, or a team that is too small. ``wish``: 0 a team, 1 asked to be assigned, 2
    looks for somebody, 3 neither. ``spare``: may be alone, and looks for nobody."""

    entries: tuple[int, ...]
    cohort: str
    wish: int
    team: int | None = None
    spare: bool = False


class Plan(NamedTuple):
    """``groups``: each becomes one team; the first unit's, where that is one."""

    groups: list[list[Unit]]
    left: list[Unit]


class _Shape(NamedTuple):
    """How many pairs of twos are merged; twos and threes that grow; groups of singles; spare ones that help."""

    merged: int
    twos: int
    threes: int
    groups: int
    spares: int
    singles: int


class _Group:
    """A team to be. ``need``: so many more until it is complete; ``room``: until it is full."""

    def __init__(self, units: Iterable[Unit], least: int, most: int) -> None:
        self.units = list(units)
        size = sum(len(unit.entries) for unit in self.units)
        self.need, self.room = max(0, least - size), most - size

    def add(self, unit: Unit) -> None:
        self.units.append(unit)
        self.need, self.room = max(0, self.need - 1), self.room - 1


class _Pool:
    """Singles, by cohort, the most urgent first. ``most``: so many of them may be taken."""

    def __init__(self, units: Iterable[Unit], most: int) -> None:
        self._most = most
        self._by_cohort: dict[str, list[Unit]] = {}
        for unit in sorted(units, key=_urgency, reverse=True):
            self._by_cohort.setdefault(unit.cohort, []).append(unit)

    def take(self, cohort: str | None) -> Unit | None:
        """The most urgent one, of this cohort if one is given."""
        if not self._most:
            return None
        if cohort is None:
            tails = [waiting[-1] for waiting in self._by_cohort.values() if waiting]
            cohort = min(tails, key=_urgency).cohort if tails else None
        waiting = self._by_cohort.get(cohort, []) if cohort is not None else []
        self._most -= bool(waiting)
        return waiting.pop() if waiting else None

    def cohort_of(self, number: int) -> str | None:
        """One that has so many, the most urgent one first."""
        tails = [waiting[-1] for waiting in self._by_cohort.values() if len(waiting) >= number]
        return min(tails, key=_urgency).cohort if tails else None

    def rest(self) -> list[Unit]:
        return [unit for waiting in self._by_cohort.values() for unit in waiting]


def plan(units: Sequence[Unit], least: int, most: int) -> Plan:
    """``least``, ``most``: the sizes of a team. Units are smaller than ``least``, or of one."""
    aim = min(max(least, 2), most)  # where one is enough, who looks for somebody still wants to be two
    ordered = sorted(units, key=_urgency)
    spare = [unit for unit in ordered if unit.spare]
    singles, twos, threes = ([one for one in ordered if not one.spare and len(one.entries) == n] for n in (1, 2, 3))
    shape = min(_shapes(len(singles), len(spare), len(twos), len(threes), aim, most))[1]
    groups = _seeded(shape, singles, twos, threes, aim, most)
    seeds = {unit for group in groups for unit in group.units}
    others = [one for one in singles if one not in seeds] + spare[: shape.spares]
    pool = _Pool(others, len(others) - len(singles) + shape.singles)
    _fill(groups, pool)
    alone = [[unit] for unit in spare[shape.spares :]]
    merged = shape.twos + 2 * shape.merged
    left = sorted(pool.rest() + twos[merged:] + threes[shape.threes :], key=_urgency)
    return Plan([group.units for group in groups] + alone, left)


def _urgency(unit: Unit) -> tuple[int, int]:
    return unit.wish, unit.entries[0]


def _shapes(
    singles: int, spare: int, twos: int, threes: int, aim: int, most: int
) -> Iterator[tuple[tuple[int, int, int, int], _Shape]]:
    """Each with its price: left over, spare ones put with others, teams merged, twos that do not grow. A three grows by
    one single, and nothing is cheaper; twos that do not grow are merged wherever a team may be of four."""
    grown_threes = min(threes, singles + spare)
    for grown in range(twos + 1):
        merged = (twos - grown) // 2 if aim <= 4 <= most else 0
        needed = grown * (aim - 2) + grown_threes * (aim - 3)
        room = grown * (most - 2) + grown_threes * (most - 3) + merged * (most - 4)
        enough = max(0, singles - needed) // aim
        for groups in (enough, enough + 1):
            least = needed + groups * aim
            if least <= singles + spare:
                used, spares = min(singles, room + groups * most), max(0, least - singles)
                left = singles - used + 2 * (twos - grown - 2 * merged) + 3 * (threes - grown_threes)
                yield (left, spares, merged, -grown), _Shape(merged, grown, grown_threes, groups, spares, used)


def _seeded(
    shape: _Shape, singles: list[Unit], twos: list[Unit], threes: list[Unit], aim: int, most: int
) -> list[_Group]:
    """The groups, with the teams around which they grow."""
    merging = sorted(twos[shape.twos : shape.twos + 2 * shape.merged], key=lambda unit: unit.cohort)
    pairs = [merging[at : at + 2] for at in range(0, len(merging), 2)]
    ones = [[unit] for unit in singles[: shape.groups] if unit.team is not None]
    empty: list[list[Unit]] = [[] for _ in range(shape.groups - len(ones))]
    grown = [[unit] for unit in threes[: shape.threes] + twos[: shape.twos]]
    return [_Group(units, aim, most) for units in [*grown, *ones, *empty, *pairs]]


def _fill(groups: list[_Group], pool: _Pool) -> None:
    """First with the same cohort, then with anybody; then who is still there goes where there is room."""
    for group in groups:
        cohort = group.units[0].cohort if group.units else pool.cohort_of(group.need)
        while cohort is not None and group.need and (unit := pool.take(cohort)):
            group.add(unit)
    for group in groups:
        while group.need and (unit := pool.take(None)):
            group.add(unit)
    for group in groups:
        while group.room and (unit := pool.take(group.units[0].cohort)):
            group.add(unit)
    for group in groups:
        while group.room and (unit := pool.take(None)):
            group.add(unit)
