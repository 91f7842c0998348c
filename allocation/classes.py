"""Pools what cannot be told apart: contributions that may pay the same requests, requests that the same money may pay.

A *class* is a set of contributions with the same eligible requests; a contribution with a cap per country stays alone,
because its room is its own. What is pooled of a request are its parts by year (see `years`), mostly one. A *cell* is a
set of such parts with the same classes (and, where a capped class may pay, the
same countries). Between a class and a cell money is interchangeable, so the model needs one flow where the naive form
needs one for each contribution and request.

Eligibility is evaluated set-wise: each distinct part of the terms once over each distinct value of its attribute.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation.problem import Contribution, Problem, Request, last_day
from allocation.years import parts_of
from ledgers.places import Places
from ledgers.terms import Part, Subject, Terms, admits, country_shares, matched_share

Row = NDArray[np.bool_]
_GEOGRAPHIC = ("country", "region")


class Eligibility:
    """Which of a fixed list of subjects terms admit, each distinct part evaluated once."""

    def __init__(self, subjects: Sequence[Subject], places: Places) -> None:
        self._subjects = subjects
        self._places = places
        self._parts: dict[Part, Row] = {}
        self._shares: dict[tuple[Part, ...], list[Fraction]] = {}
        self._values: dict[str, tuple[NDArray[np.intp], list[Subject]]] = {}

    def row(self, terms: Terms) -> Row:
        """Return one flag for each subject: may money with these terms pay it."""
        flags = np.ones(len(self._subjects), dtype=np.bool_)
        for part in terms.parts:
            flags &= self._part_row(part)
        return flags

    def shares(self, terms: Terms) -> dict[int, Fraction]:
        """Return the share with which each subject counts in a limit; subjects that do not count are absent."""
        plain = Terms(tuple(part for part in terms.parts if part.attribute not in _GEOGRAPHIC))
        geographic = tuple(part for part in terms.parts if part.attribute in _GEOGRAPHIC)
        positions = np.flatnonzero(self.row(plain)).tolist()
        if not geographic:
            return dict.fromkeys(positions, Fraction(1))
        if geographic not in self._shares:
            which, examples = self._distinct("country")
            by_value = [matched_share(Terms(geographic), example, self._places) for example in examples]
            self._shares[geographic] = [by_value[i] for i in which]
        share = self._shares[geographic]
        return {position: share[position] for position in positions if share[position] > 0}

    def shares_by_country(self, terms: Terms, positions: Iterable[int]) -> dict[int, dict[str, Fraction]]:
        """Return, for subjects that count in a limit, the share that each of their countries adds to it."""
        geographic = tuple(part for part in terms.parts if part.attribute in _GEOGRAPHIC)
        which, examples = self._distinct("country")
        by_value: dict[int, dict[str, Fraction]] = {}
        for value, example in enumerate(examples):
            parts = {code: Part("country", "=", (code,)) for code, _ in country_shares(example.country)}
            found = {
                code: matched_share(Terms((*geographic, part)), example, self._places) for code, part in parts.items()
            }
            by_value[value] = {code: share for code, share in found.items() if share > 0}
        return {position: by_value[int(which[position])] for position in positions}

    def _part_row(self, part: Part) -> Row:
        if part not in self._parts:
            which, examples = self._distinct(part.attribute)
            alone = Terms((part,))
            admitted = [admits(alone, example, self._places) for example in examples]
            self._parts[part] = np.array(admitted, dtype=np.bool_)[which]
        return self._parts[part]

    def _distinct(self, attribute: str) -> tuple[NDArray[np.intp], list[Subject]]:
        """Return, for an attribute, which distinct value each subject has and one subject for each value."""
        if attribute not in self._values:
            numbers: dict[Hashable, int] = {}
            examples: list[Subject] = []
            which = np.empty(len(self._subjects), dtype=np.intp)
            for position, subject in enumerate(self._subjects):
                value = _value(subject, attribute)
                if value not in numbers:
                    numbers[value] = len(examples)
                    examples.append(subject)
                which[position] = numbers[value]
            self._values[attribute] = which, examples
        return self._values[attribute]


def _value(subject: Subject, attribute: str) -> Hashable:
    names = {"objective": "objectives", "region": "country"}
    value: Hashable = getattr(subject, names.get(attribute, attribute))
    return value


@dataclass(frozen=True, slots=True)
class MoneyClass:
    """Contributions that may pay the same requests.

    Attributes:
        members: Positions in `problem.contributions`, ascending.
        available: What they have together, minor units.
        rooms: For a capped contribution, what may still go to each country that it could pay, minor units; else None.
    """

    members: tuple[int, ...]
    available: int
    rooms: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Requests, or years of them, that the same money may pay.

    Attributes:
        parts: (position in `problem.requests`, number of its part, share of the award that it is), ascending.
        payers: Positions in `Pools.classes`, ascending; at least one.
        countries: Country and share, where a capped class may pay the cell; else empty.
    """

    parts: tuple[tuple[int, int, Fraction], ...]
    payers: tuple[int, ...]
    countries: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Pools:
    """The money side of a round, pooled.

    Attributes:
        classes: In the order of their first contribution.
        cells: In the order of their first request; requests that no money may pay are in none.
        cells_of: Cell of each part of every request that some money may pay in full.
        matrix: One flag for each class and cell: may it pay.
    """

    classes: tuple[MoneyClass, ...]
    cells: tuple[Cell, ...]
    cells_of: Mapping[int, tuple[int, ...]] = field(hash=False)
    matrix: NDArray[np.bool_] = field(hash=False, compare=False, repr=False)

    def shares_in(self, cells: Collection[int]) -> dict[int, Fraction]:
        """Return how much of each request's award falls in some cells; requests of which nothing does are absent."""
        found: dict[int, Fraction] = {}
        for number in sorted(cells):
            for r, _, share in self.cells[number].parts:
                found[r] = found[r] + share if r in found else share
        return found

    @property
    def mixed(self) -> list[tuple[int, int]]:
        """Return the (class, cell) pairs in which a capped contribution pays requests of several countries.

        Such a payment uses room in each of those countries at once, which no arc of a network can say.
        """
        return [
            (payer, number)
            for number, cell in enumerate(self.cells)
            if len(cell.countries) > 1
            for payer in cell.payers
            if self.classes[payer].rooms is not None
        ]


def pooled(problem: Problem, eligibility: Eligibility) -> Pools:
    """Return the round's classes and cells."""
    spread = _Spread(problem)
    countries = [country_shares(request.subject.country) for request in problem.requests]
    rows = _rows(problem, eligibility, spread)
    nothing = np.zeros(len(spread.request), dtype=np.bool_)
    payable = spread.whole(np.logical_or.reduce([nothing, *(row for row, _ in rows)]))
    classes, kept = [], []
    for row, members in rows:
        reached = np.flatnonzero(row & payable).tolist()
        if not reached:
            continue
        available = sum(problem.contributions[member].available for member in members)
        places = {code for part in reached for code, _ in countries[spread.request[part]]}
        classes.append(MoneyClass(tuple(members), available, _rooms(problem.contributions[members[0]], places)))
        kept.append(row & payable)
    matrix = np.array(kept, dtype=np.bool_).reshape(len(classes), len(spread.request))
    capped = np.array([money.rooms is not None for money in classes], dtype=np.bool_)
    columns = np.packbits(matrix, axis=0).T
    by_key: dict[Hashable, list[int]] = {}
    for part in np.flatnonzero(matrix.any(axis=0)).tolist():
        where = countries[spread.request[part]] if matrix[capped, part].any() else ()
        by_key.setdefault((columns[part].tobytes(), where), []).append(part)
    cells = tuple(
        Cell(
            tuple((spread.request[part], spread.number[part], spread.share[part]) for part in parts),
            tuple(np.flatnonzero(matrix[:, parts[0]]).tolist()),
            key[1],  # type: ignore[index]
        )
        for key, parts in by_key.items()
    )
    first = [parts[0] for parts in by_key.values()]
    return Pools(tuple(classes), cells, _cells_of(cells), matrix[:, first])


def _cells_of(cells: Sequence[Cell]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, cell in enumerate(cells):
        for r, part, _ in cell.parts:
            found.setdefault(r, []).append((part, number))
    return {r: tuple(number for _, number in sorted(parts)) for r, parts in found.items()}


class _Spread:
    """The parts of all requests, one after the other, as columns.

    Attributes:
        request: Position of each part's request.
        number: Which part of its request it is.
        share: Of the award.
    """

    def __init__(self, problem: Problem) -> None:
        parts = [
            (r, n, part)
            for r, request in enumerate(problem.requests)
            for n, part in enumerate(parts_of(request, problem.on))
        ]
        self.request = [r for r, _, _ in parts]
        self.number = [n for _, n, _ in parts]
        self.share = [part.share for _, _, part in parts]
        self._first = np.array([part.first.toordinal() for _, _, part in parts], dtype=np.int64)
        self._last = np.array([part.last.toordinal() for _, _, part in parts], dtype=np.int64)
        self._column = np.array(self.request, dtype=np.int64)
        self._requests = len(problem.requests)

    def row(self, admitted: Row, contribution: Contribution) -> Row:
        """Return one flag for each part: is its request admitted, and are its days within the contribution's."""
        flags: Row = admitted[self._column]
        last = last_day(contribution)
        if last is not None:
            flags = flags & (self._last <= last.toordinal())
        if contribution.spend_from is not None:
            flags = flags & (self._first >= contribution.spend_from.toordinal())
        return flags

    def whole(self, payable: Row) -> Row:
        """Return the flags of parts whose request can be paid in every part: an award is spent in all of its years."""
        lacking = np.zeros(self._requests, dtype=np.bool_)
        lacking[self._column[~payable]] = True
        flags: Row = ~lacking[self._column]
        return flags


def _rows(problem: Problem, eligibility: Eligibility, spread: _Spread) -> list[tuple[Row, list[int]]]:
    """Return the different sets of parts that contributions may pay, each with its contributions."""
    grouped: dict[Hashable, tuple[Row, list[int]]] = {}
    for position, contribution in enumerate(problem.contributions):
        row = spread.row(eligibility.row(contribution.earmark), contribution)
        if contribution.available > 0 and row.any():
            alone = None if contribution.country_cap is None else position
            grouped.setdefault((row.tobytes(), alone), (row, []))[1].append(position)
    return list(grouped.values())


def _rooms(contribution: Contribution, countries: set[str]) -> Mapping[str, int] | None:
    if contribution.country_cap is None:
        return None
    used = dict(contribution.country_used)
    return {country: max(0, contribution.country_cap - used.get(country, 0)) for country in sorted(countries)}


@dataclass(frozen=True, slots=True)
class AwardRange:
    """The awards that a request may get besides none.

    Attributes:
        ask: The whole ask, minor units; always allowed.
        least: Smallest allowed award; a multiple of the unit unless it is the ask.
        most: Largest multiple of the unit within the ask; equals `least` or more unless all or nothing.
        unit: Minor units.
    """

    ask: int
    least: int
    most: int
    unit: int

    @property
    def all_or_nothing(self) -> bool:
        """Return whether the whole ask is the only award."""
        return self.least == self.ask

    def holds(self, award: int) -> bool:
        """Return whether an award above zero is allowed."""
        return award == self.ask or (self.least <= award <= self.most and award % self.unit == 0)


def award_range(request: Request, unit: int) -> AwardRange:
    """Return the awards that a request may get under a policy's unit."""
    least = max(unit, -(-request.minimum // unit) * unit)
    return AwardRange(request.ask, min(least, request.ask), request.ask // unit * unit, unit)
