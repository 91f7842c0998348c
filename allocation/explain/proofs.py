"""Prices that prove what a forced request costs, in the form that the stand-alone checker reads.

A proof is a branching tree with a set of prices at each leaf; a leaf proves that no awards on its branch are worth more
than what its prices come to (see `bounds`). The relaxation proposes multipliers; they are rounded to whole parts, and
what they prove is reckoned again from the rounded ones, so a proof proves what it says whatever the solver did.

A multiplier of a Hall condition becomes a price of all the money that counts for its requests: each contribution that
may pay any of them, or its rooms in their countries where these are less than it has.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from allocation.bounds import upper_bound
from allocation.classes import Pools
from allocation.hall import MONEY
from allocation.limits import RESERVE, Row
from allocation.prepared import Prepared
from allocation.relaxation import Point, Relaxation
from ledgers.money import places

OVER = 10**12
"""What prices are divided by: so fine that rounding them moves no figure that anybody reads."""

_WHOLE = 1e-6
_RAY_WEIGHTS = (10**3, 10**6, 10**9)

Thing = tuple[str, ...]


def row_things(round_: Prepared) -> dict[int, tuple[Thing, Fraction]]:
    """Return what a price of each row of the round is called, and how many units of the row are one of the rule's.

    Rows are meant by position; overrides have no price, since they narrow the award of one request.
    """
    minor = Fraction(10 ** places(round_.problem.currency))
    found: dict[int, tuple[Thing, Fraction]] = {}
    for number, side in enumerate(round_.sides):
        scale = math.lcm(side.bound.denominator, *(weight.denominator for weight in side.weights.values()))
        by = minor if side.unit == "money" else Fraction(1)
        found[number] = ("rule", side.name, side.side), scale * by
    policy = round_.problem.policy
    kinds = {group.name: "exclusive" for group in policy.exclusives}
    kinds |= {rule.name: "requires" for rule in policy.requires}
    for number in range(len(round_.sides), len(round_.rows)):
        row = round_.rows[number]
        if row.name == RESERVE and row.total:
            found[number] = ("rule", RESERVE, "reserve"), minor
        elif row.name in kinds:
            found[number] = ("rule", row.name, kinds[row.name]), Fraction(1)
    return found


def money_things(round_: Prepared, row: Row) -> list[Thing]:
    """Return what the money that counts for a Hall condition is called: contributions, or rooms of them."""
    found: list[Thing] = []
    for payer, codes, is_open in _payers(round_.pools, row):
        money = round_.pools.classes[payer]
        ids = [round_.problem.contributions[member].contribution_id for member in money.members]
        rooms = money.rooms or {}
        if is_open or sum(rooms[code] for code in codes) >= money.available:
            found += [("money", one) for one in ids]
        else:
            found += [("room", ids[0], code) for code in sorted(codes)]
    return found


def _payers(pools: Pools, row: Row) -> Iterator[tuple[int, set[str], bool]]:
    """Yield who may pay any request of a row, in which countries, and whether any of that needs no room."""
    countries: dict[int, set[str]] = {}
    open_: set[int] = set()
    for number in {cell for r in row.amounts for cell in pools.cells_of.get(r, ())}:
        cell = pools.cells[number]
        for payer in cell.payers:
            if pools.classes[payer].rooms is None or not cell.countries:
                open_.add(payer)
            countries.setdefault(payer, set()).update(code for code, _ in cell.countries)
    for payer in sorted(countries):
        yield payer, countries[payer], payer in open_


@dataclass(order=True, slots=True)
class _Leaf:
    """A branch that is not split: sorted by its bound, the highest first."""

    minus_bound: Fraction
    number: int
    fixed: Mapping[int, bool] = field(compare=False)
    multipliers: Sequence[Fraction] = field(compare=False)
    choices: Mapping[int, float] = field(compare=False)
    node: dict[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A bound on the round's objective with some requests funded, and what proves it.

    Attributes:
        bound: No awards with these requests funded have a higher objective.
        body: `over`, `things`, `proofs`, `tree`, for JSON.
    """

    bound: Fraction
    body: Mapping[str, Any] = field(hash=False)


class Prover:
    """Proves bounds with some choices settled.

    Args:
        round_: The round; where a request must have more than its least, its range says so.
        fixed: Choices that are settled.
    """

    def __init__(self, round_: Prepared, fixed: Mapping[int, bool]) -> None:
        self._round, self._fixed = round_, dict(fixed)
        self._relaxation = Relaxation(round_)
        self._of_row = {id(row): number for number, row in enumerate(round_.rows)}
        self._named = row_things(round_)
        self._minor = Fraction(10 ** places(round_.problem.currency))
        self._things: dict[Thing, int] = {}
        self._proofs: list[list[list[int]]] = []
        self._count = 0

    def prove(self, target: Fraction, *, seconds: float, leaves_max: int = 400) -> Proof:
        """Return the lowest bound that some splits prove; they end when it is at the target."""
        deadline = time.monotonic() + seconds
        root = self._leaf(self._fixed, None)
        waiting = [root]
        closed: list[_Leaf] = []
        while waiting and -waiting[0].minus_bound > target:
            if len(waiting) + len(closed) >= leaves_max or time.monotonic() > deadline:
                break
            leaf = heapq.heappop(waiting)
            request = self._fractional(leaf)
            if request is None:
                closed.append(leaf)
                break
            sides = {name: self._leaf({**leaf.fixed, request: funded}, leaf) for name, funded in _SIDES}
            leaf.node["branch"] = self._round.problem.requests[request].request_id
            for name, side in sides.items():
                leaf.node[name] = side.node
                heapq.heappush(waiting, side)
        ends = [*waiting, *closed]
        for leaf in ends:
            leaf.node["proof"] = self._written(leaf.multipliers)
        bound = max(-leaf.minus_bound for leaf in ends)
        things = [list(thing) for thing in self._things]
        return Proof(bound, {"over": OVER, "things": things, "proofs": self._proofs, "tree": root.node})

    def _leaf(self, fixed: Mapping[int, bool], parent: _Leaf | None) -> _Leaf:
        """Return a branch with the best prices known for it: its own, or its parent's."""
        point = self._relaxation.solve(fixed)
        known = [] if parent is None else [parent.multipliers]
        if point.verdict == "solved":
            known.append(self._rounded(point.multipliers))
        elif point.verdict == "infeasible" and point.multipliers:
            base = parent.multipliers if parent is not None else []
            known += [self._heavy(base, point, weight) for weight in _RAY_WEIGHTS]
        if not known:
            known.append([])
        bounds = [(self._bound(multipliers, fixed), -n) for n, multipliers in enumerate(known)]
        best, place = min(bounds)
        self._count += 1
        return _Leaf(-best, self._count, fixed, known[-place], point.choices, {})

    def _heavy(self, base: Sequence[Fraction], point: Point, weight: int) -> list[Fraction]:
        """Return multipliers with a ray so heavy that what they prove is below any objective."""
        ray = self._rounded([value * weight for value in point.multipliers])
        longer = [*base, *[Fraction(0)] * (len(ray) - len(base))]
        return [a + b for a, b in zip(longer, ray, strict=False)]

    def _bound(self, multipliers: Sequence[Fraction], fixed: Mapping[int, bool]) -> Fraction:
        rows = self._relaxation.rows
        padded = [*multipliers, *[Fraction(0)] * (len(rows) - len(multipliers))]
        return upper_bound(self._round, self._relaxation.aim, rows, padded, fixed)

    def _unit(self, row: Row) -> Fraction:
        """Return how many units of a row one unit of what its price is of has; 0 when it has no price."""
        if row.name == MONEY:
            return self._minor
        number = self._of_row.get(id(row))
        return self._named[number][1] if number in self._named else Fraction(0)

    def _rounded(self, multipliers: Sequence[float]) -> list[Fraction]:
        found = []
        for row, value in zip(self._relaxation.rows, multipliers, strict=False):
            unit = self._unit(row)
            part = round(Fraction(value) * unit * OVER) if unit else 0
            found.append(Fraction(part, OVER) / unit if part else Fraction(0))
        return found

    def _fractional(self, leaf: _Leaf) -> int | None:
        """Return the open request whose choice is the most undecided, by what hangs on it; None when none is."""
        spans = self._round.ranges
        open_ = [r for r, value in leaf.choices.items() if _WHOLE < value < 1 - _WHOLE and r not in leaf.fixed]
        return min(open_, key=lambda r: (-min(leaf.choices[r], 1 - leaf.choices[r]) * spans[r].ask, r), default=None)

    def _written(self, multipliers: Sequence[Fraction]) -> int:
        """Note a leaf's prices and return their number."""
        prices: dict[Thing, int] = {}
        for row, multiplier in zip(self._relaxation.rows, multipliers, strict=False):
            if multiplier:
                whole = int(multiplier * self._unit(row) * OVER)
                named = money_things(self._round, row) if row.name == MONEY else [self._named[self._of_row[id(row)]][0]]
                for thing in named:
                    prices[thing] = prices.get(thing, 0) + whole
        written = [[self._things.setdefault(thing, len(self._things)), price] for thing, price in prices.items()]
        if written in self._proofs:
            return self._proofs.index(written)
        self._proofs.append(written)
        return len(self._proofs) - 1


_SIDES = (("funded", True), ("refused", False))
