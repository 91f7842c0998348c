"""What an auditor's sample is drawn from, and the entries drawn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledgers.errors import FacilityError, did_you_mean
from reports.scope import PACKAGE, Scope, SubjectUnknown
from reports.selection import Plan, plan

ZERO = Decimal(0)
BY = ("value", "random")
GRAIN_PLACES = 4
"""Decimal places of every amount in the book."""

Record = dict[str, Any]


class SampleInvalid(FacilityError):
    """A sample of no entries, or drawn in a way that there is not."""

    code = "sample-invalid"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry drawn.

    Attributes:
        header: The entry, and who wrote it.
        value: What it moves, in the book's currency.
        chance: That it had of being drawn.
        interval_no: Which interval its point stands for; None where it was certain or drawn at random.
        unit_no: On which unit of the line the point falls.
    """

    header: Record
    value: Decimal
    chance: Fraction
    interval_no: int | None
    unit_no: int | None


@dataclass(frozen=True, slots=True)
class Sample:
    """What was asked for, what there is to draw from, and what was drawn.

    Attributes:
        scope: The book.
        seed: Of the auditor's choice.
        size: How many were asked for.
        by: `value` or `random`.
        kind: The only kind of entry drawn from, if one was named.
        population: One record a kind of entry in scope.
        places: Decimal places of the unit that is counted.
        plan: How values were drawn; None at random.
        items: In the order of their entries.
    """

    scope: Scope
    seed: int
    size: int
    by: str
    kind: str | None
    population: list[Record]
    places: int
    plan: Plan | None
    items: tuple[Item, ...]

    @property
    def drawn_from(self) -> list[Record]:
        """Return the kinds of entries that could be drawn."""
        return [row for row in self.population if row["moving"] and self.kind in (None, row["kind"])]

    @property
    def entries(self) -> int:
        """Return how many entries could be drawn."""
        return sum(row["moving"] for row in self.drawn_from)

    @property
    def value(self) -> Decimal:
        """Return what they are worth together."""
        return self.scope.money(sum((row["value"] for row in self.drawn_from), ZERO))

    def drawn_value(self, kind: str | None = None) -> Decimal:
        """Return what the entries drawn are worth: those of one kind, or all."""
        mine = [item for item in self.items if kind in (None, item.header["kind"])]
        return self.scope.money(sum((item.value for item in mine), ZERO))


def drawn(scope: Scope, *, seed: int, size: int, by: str, kind: str | None) -> Sample:
    """Return a sample; its arguments are those of `reports.sample.report`."""
    if size < 1:
        raise SampleInvalid(f"a sample of {size} entries is none", remedy="draw one or more: --size 25")
    if by not in BY:
        raise SampleInvalid(f"a sample cannot be drawn by {by}", remedy=did_you_mean(by, BY))
    scope.book.run(PACKAGE, "sample_from", as_of=scope.as_of, known_at=scope.known_at)
    population = scope.records("sample_population", places=scope.places)
    if kind is not None:
        _refuse_strange(kind, population)
    mine = [row for row in population if kind in (None, row["kind"])]
    places = GRAIN_PLACES if any(row["finer"] for row in mine) else scope.places
    asked = {"kind": kind, "grains": 10 ** (GRAIN_PLACES - places)}
    entries, way = sum(row["moving"] for row in mine), None
    if by == "random":
        rows = scope.records("sample_at_random", seed=str(seed), size=size, **asked)
    else:
        units = int(sum((row["value"] for row in mine), ZERO).scaleb(places))
        largest = [row["units"] for row in scope.records("sample_largest", size=size, **asked)]
        way = plan(seed, size, units, largest)
        chosen = {"cut": way.cut, "left": way.left, "units": way.units, "start": way.start}
        rows = scope.records("sample_by_value", **chosen, **asked)
    headers = _headers(scope, rows)
    items = tuple(
        Item(
            headers[row["entry_id"]],
            scope.money(row["value"]),
            way.chance(row["units"]) if way else Fraction(min(size, entries), entries),
            row["interval_no"],
            row["unit_no"],
        )
        for row in rows
    )
    return Sample(scope, seed, size, by, kind, population, places, way, items)


def _headers(scope: Scope, rows: list[Record]) -> dict[int, Record]:
    """Return the headers of the entries drawn by their numbers."""
    if not rows:
        return {}
    found = scope.records("entry_headers", entry_ids=[row["entry_id"] for row in rows])
    return {row["entry_id"]: row for row in found}


def _refuse_strange(kind: str, population: list[Record]) -> None:
    moving = [row["kind"] for row in population if row["moving"]]
    if kind not in moving:
        remedy = did_you_mean(kind, moving) if moving else "import deposits, or post a round"
        raise SubjectUnknown(f"no entry of kind {kind} moves money in this book", remedy=remedy)
