"""A round as the optimiser reads it: money pooled, awards bounded, rules as rows. Derived once from the problem."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.classes import AwardRange, Eligibility, Pools, award_range, pooled
from allocation.decision import minor_exponent
from allocation.limits import Row, Side, rows, sides
from allocation.problem import Problem

STEPS_MAX = 100_000
"""Up to so many steps, whole numbers in the model are meant exactly despite the solver's tolerances."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What every step of a solve shares; requests and contributions are meant by position in the problem.

    Attributes:
        problem: The round.
        pools: Classes of money and cells of requests.
        ranges: The awards that each request may get.
        sides: Every side of every limit, by its name.
        rows: Every rule as a row, those that nothing can break among them.
        fundable: Requests that some money may pay, ascending.
    """

    problem: Problem
    pools: Pools
    ranges: tuple[AwardRange, ...]
    sides: tuple[Side, ...] = field(hash=False)
    rows: tuple[Row, ...] = field(hash=False)
    fundable: tuple[int, ...]

    @property
    def binding_rows(self) -> list[Row]:
        """Return the rows that some awards could break."""
        return [row for row in self.rows if not row.is_idle(self.ranges)]

    @property
    def steps_fit(self) -> bool:
        """Return whether awards are few enough steps of the unit to be whole numbers in the model."""
        return all(span.most // span.unit <= STEPS_MAX for span in self.ranges if not span.all_or_nothing)

    @property
    def has_years(self) -> bool:
        """Return whether some request tells its years apart."""
        return any(request.years for request in self.problem.requests)

    @property
    def hopeless(self) -> list[Row]:
        """Return the rows that no awards keep, whatever the other rows say: a floor on an empty group, for one."""
        return [row for row in self.rows if row.at_most < 0 and self._least(row) > row.at_most]

    def _least(self, row: Row) -> int:
        least = 0
        for r in self.fundable:
            award = min(0, self.ranges[r].ask * (row.amounts.get(r, 0) + row.total))
            least += min(0, award + row.choices.get(r, 0))
        return least

    def objective(self, awards: Mapping[int, int]) -> Fraction:
        """Return the exact objective of awards (minor units, those above zero)."""
        requests, policy = self.problem.requests, self.problem.policy
        if policy.objective == "score":
            return sum((requests[r].merit for r in awards), start=Fraction(0))
        worth = sum((requests[r].merit * award for r, award in awards.items()), start=Fraction(0))
        return worth * Fraction(1, int(10 ** minor_exponent(self.problem.currency)))

    def worth(self, r: int, award: int) -> Fraction:
        """Return what one award (minor units, above zero) adds to the exact objective."""
        merit = self.problem.requests[r].merit
        if self.problem.policy.objective == "score":
            return merit
        return Fraction(merit.numerator * award, merit.denominator * 10 ** minor_exponent(self.problem.currency))

    @property
    def least_worth(self) -> Fraction:
        """Return the least objective above 0 that any awards can have: a bound below it allows none of any worth."""
        worths = (self.worth(r, self.ranges[r].least) for r in self.fundable)
        return min((worth for worth in worths if worth > 0), default=Fraction(0))

    @property
    def objective_step(self) -> Fraction:
        """Return the largest number of which every objective that awards can have is a multiple; 0 if all are 0."""
        parts = [self.worth(r, 1) for r in self.fundable]
        unit = 1 if self.problem.policy.objective == "score" else self._award_step
        whole = math.lcm(*(part.denominator for part in parts))
        return Fraction(math.gcd(*(int(part * whole) for part in parts)), whole) * unit

    @property
    def _award_step(self) -> int:
        steps = (math.gcd(span.ask, 0 if span.all_or_nothing else span.unit) for span in self.ranges)
        return math.gcd(*steps) or 1

    def broken(self, awards: Mapping[int, int]) -> list[Row]:
        """Return the rows that awards break."""
        awarded = sum(awards.values())
        return [row for row in self.rows if row.slack(awards, awarded) < 0]


def prepare(problem: Problem) -> Prepared:
    """Return a problem as the optimiser reads it."""
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    pools = pooled(problem, eligibility)
    ranges = tuple(award_range(request, problem.policy.unit) for request in problem.requests)
    found = sides(problem, eligibility)
    return Prepared(problem, pools, ranges, tuple(found), tuple(rows(problem, found)), _sorted(pools.cells_of))


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
