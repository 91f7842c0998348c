"""The linear relaxation of a round over choices and awards, with the money out of sight; kept warm between questions.

Variables, for every request that some money may pay
    y[r] in [0, 1]; a[r] >= 0 in solver units (only where r may be funded in part, else a[r] = ask[r] * y[r]);
    T: the sum of all awards; e: what the aim's envelope is worth (see `aims`), 0 where it has none.

Rows
    least[r] * y[r] <= a[r] <= ask[r] * y[r]; every row of the policy; Hall conditions (see `hall`), floors of earlier
    aims and views of the envelope, added as answers break them and kept, so that the next question starts with them.

Multipliers come back in the units of exact rows, so that `bounds.upper_bound` can make a proof of them. The same
columns and rows with whole choices are the projected form of the model (see `projected`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.aims import Aim, Floor, View, first_aim
from allocation.answer import Verdict
from allocation.bounds import gains_at_prices, rational_multipliers, upper_bound
from allocation.hall import broken_hall_rows
from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.solver import SEED, THREADS, WHOLE, is_impossible

_SOLVER_UNITS_MAX = 100_000
_WORTH_MAX = 1000
_ROUNDS_MAX = 60
_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Point:
    """An answer in floats.

    Attributes:
        verdict: `solved`, `infeasible`, or `unknown` (time ran out, no values).
        value: The aim's value, in its own units.
        choices: y of each request that some money may pay.
        awards: a of each of these, minor units.
        multipliers: Of each of the relaxation's rows, at or above 0, in the aim's units for one unit of the exact row;
            when infeasible, a ray: multipliers that prove it with the aim left out; empty when there is none.
        views: Multipliers of the envelope's views; they sum to 1.
    """

    verdict: Verdict
    value: float = 0.0
    choices: Mapping[int, float] = field(default_factory=dict, hash=False)
    awards: Mapping[int, float] = field(default_factory=dict, hash=False)
    multipliers: Sequence[float] = ()
    views: Sequence[float] = ()


class Relaxation:
    """One linear program, warm from one question to the next.

    Args:
        round_: The round.
        aim: What is sought; the policy's first objective when None.
        extra: Rows beyond the policy's.
        floors: What earlier aims must not fall below.

    Attributes:
        rows: The exact rows in the order of the multipliers: the policy's, then what was added.
        views: The views of the aim's envelope that were added.
    """

    def __init__(
        self,
        round_: Prepared,
        aim: Aim | None = None,
        extra: Sequence[Row] = (),
        floors: Sequence[Floor] = (),
    ) -> None:
        self.round_ = round_
        self.rows: list[Row] = []
        self.views: list[View] = []
        self._floors = floors
        self._places: list[int] = []
        self._view_places: list[int] = []
        self._columns = Columns(round_)
        self._highs = self._columns.loaded(whole=False)
        self._divisors: list[float] = []
        self._fixed: dict[int, bool] = {}
        self._keys: set[tuple[Any, ...]] = set()
        self.seek(aim or first_aim(round_.problem, round_.fundable))
        for row in (*round_.binding_rows, *extra, *(floor.row({}) for floor in floors)):
            self.add(row)

    def seek(self, aim: Aim) -> None:
        """Change what is sought; an aim with an envelope can only be the first."""
        self.aim = aim
        costs, self._worth = self._columns.costs(aim)
        self._highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        if aim.envelope is not None:
            self._see(aim.envelope.view({r: self.round_.ranges[r].ask for r in self.round_.fundable}))

    def _see(self, view: View) -> bool:
        if view in self.views:
            return False
        indices, values, upper = self._columns.view(view, self._worth)
        self._view_places.append(self._columns.links + len(self._places) + len(self._view_places))
        self._highs.addRow(-np.inf, upper, len(indices), indices, values)
        self.views.append(view)
        return True

    def add(self, row: Row) -> bool:
        """Add a row; return False when the relaxation has it already."""
        key = (row.at_most, row.total, tuple(sorted(row.amounts.items())), tuple(sorted(row.choices.items())))
        if key in self._keys:
            return False
        self._keys.add(key)
        indices, values, upper, divisor = self._columns.row(row)
        self._places.append(self._columns.links + len(self._places) + len(self._view_places))
        self._highs.addRow(-np.inf, upper, len(indices), indices, values)
        self.rows.append(row)
        self._divisors.append(divisor)
        return True

    def solve(
        self, fixed: Mapping[int, bool] | None = None, *, time_limit: float = 60.0, separate: bool = True
    ) -> Point:
        """Return the best fractional awards, Hall conditions added until money reaches them.

        Args:
            fixed: Choices that are settled for this question.
            time_limit: Seconds.
            separate: Whether to look for Hall conditions that the answer breaks.
        """
        self._fix(dict(fixed or {}))
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.01, time_limit))
        for _ in range(_ROUNDS_MAX):
            self._highs.run()
            point = self._point()
            if point.verdict != "solved" or not separate or not self._separate(point):
                return point
        return point

    def bound(self, point: Point) -> Fraction:
        """Return the upper bound on the aim that a solved point's multipliers prove, under the choices fixed for it."""
        constant, aim = self.linear(point)
        return constant + upper_bound(self.round_, aim, self.rows, self.rational(point), self._fixed)

    def gains(self, point: Point) -> dict[int, Fraction]:
        """Return what funding each request adds to the bound at a point's prices (see `bounds`)."""
        return gains_at_prices(self.round_, self.linear(point)[1], self.rows, self.rational(point))

    def linear(self, point: Point) -> tuple[Fraction, Aim]:
        """Return a constant and a linear aim, together nowhere below the aim: its views as the point weighs them."""
        if self.aim.envelope is None:
            return Fraction(0), self.aim
        weights = rational_multipliers([*point.views, *[0.0] * (len(self.views) - len(point.views))])
        whole = sum(weights) or Fraction(1)
        amounts = dict(self.aim.amounts)
        constant = Fraction(0)
        for view, weight in zip(self.views, weights, strict=True):
            share = weight / whole
            constant += share * view.constant
            for r, worth in view.amounts.items() if share else ():
                amounts[r] = amounts.get(r, Fraction(0)) + share * worth
        return constant, Aim(self.aim.objective, self.aim.of, amounts, self.aim.choices)

    def rational(self, point: Point) -> list[Fraction]:
        """Return a point's multipliers as rationals, one for each row."""
        return rational_multipliers([*point.multipliers, *[0.0] * (len(self.rows) - len(point.multipliers))])

    def _separate(self, point: Point) -> bool:
        return self.separated({r: int(amount) for r, amount in point.awards.items() if amount >= 1})

    def separated(self, awards: Mapping[int, int]) -> bool:
        """Add what awards (minor units) break by more than the solver's tolerance; return whether there was any."""
        found = broken_hall_rows(self.round_, awards, tolerated=self._columns.blur(len(awards)))
        found += [floor.row(awards) for floor in self._floors if self._is_short(floor, awards)]
        added = sum(self.add(row) for row in found)
        if self.aim.envelope is not None:
            view = self.aim.envelope.view(awards)
            seen = min(float(known.at(awards)) for known in self.views)
            if seen - float(view.at(awards)) > _TOLERANCE * max(abs(seen), float(self._worth)):
                added += self._see(view)
        return added > 0

    def _is_short(self, floor: Floor, awards: Mapping[int, int]) -> bool:
        if floor.aim.envelope is None:
            return False
        return float(floor.least - floor.aim.value(awards)) > _TOLERANCE * max(1e-9, abs(float(floor.least)))

    def _fix(self, fixed: dict[int, bool]) -> None:
        changed = sorted(r for r in {*fixed, *self._fixed} if fixed.get(r) != self._fixed.get(r))
        if changed:
            columns = np.array([self._columns.choice[r] for r in changed], dtype=np.int32)
            lower = np.array([1.0 if fixed.get(r) else 0.0 for r in changed])
            upper = np.array([1.0 if fixed.get(r, True) else 0.0 for r in changed])
            self._highs.changeColsBounds(len(changed), columns, lower, upper)
        self._fixed = fixed

    def _point(self) -> Point:
        import highspy

        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            return Point("solved")
        if is_impossible(self._highs):
            return Point("infeasible", multipliers=self._ray())
        if status != highspy.HighsModelStatus.kOptimal:
            return Point("unknown")
        solution = self._highs.getSolution()
        values, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
        choices, awards = self._columns.read(values)
        value = -self._highs.getInfo().objective_function_value * float(self._worth)
        weights = np.maximum(0.0, -duals[self._view_places]).tolist()
        return Point("solved", value, choices, awards, self._multipliers(-duals * float(self._worth)), weights)

    def _multipliers(self, duals: NDArray[np.float64]) -> list[float]:
        own = duals[self._places]
        return [max(0.0, float(dual)) / divisor for dual, divisor in zip(own, self._divisors, strict=True)]

    def _ray(self) -> list[float]:
        _, found, ray = self._highs.getDualRay()
        if not found:
            return []
        own = np.asarray(ray)[self._places]
        sign = -1.0 if sum(own) < 0 else 1.0
        return [max(0.0, sign * float(dual)) / divisor for dual, divisor in zip(own, self._divisors, strict=True)]


class Columns:
    """The columns of a round's award space and how exact rows become rows of floats."""

    def __init__(self, round_: Prepared) -> None:
        self._round = round_
        fundable = round_.fundable
        self.choice = {r: column for column, r in enumerate(fundable)}
        partial = [r for r in fundable if not round_.ranges[r].all_or_nothing]
        self._award = {r: len(fundable) + n for n, r in enumerate(partial)}
        self._total = len(fundable) + len(partial)
        self._envelope = self._total + 1
        self.count = self._total + 2
        largest = max((round_.ranges[r].ask for r in fundable), default=1)
        self.scale = max(1.0, largest / _SOLVER_UNITS_MAX)
        self.links = 2 * len(partial) + 1
        self._term = {
            r: (self._award[r], 1.0) if r in self._award else (self.choice[r], round_.ranges[r].ask / self.scale)
            for r in fundable
        }

    def term(self, r: int) -> tuple[int, float]:
        """Return the column that an award hangs on, and what of the award one unit of it is, in solver units."""
        return self._term[r]

    def blur(self, awards: int) -> int:
        """Return how many minor units of so many awards may be no more than the solver's tolerance."""
        return awards + int(awards * self.scale * 1e-6)

    def loaded(self, *, whole: bool) -> Any:
        """Return HiGHS with the columns and the rows that bind awards to choices and to their sum."""
        import highspy

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.count, self.links
        lp.col_cost_, lp.col_lower_ = np.zeros(self.count), np.array([0.0] * (self.count - 1) + [-np.inf])
        asks = [self._round.ranges[r].ask / self.scale for r in self._award]
        lp.col_upper_ = np.array([1.0] * len(self.choice) + asks + [np.inf, np.inf])
        starts, indices, values = [0], [], []
        for r, column in self._award.items():
            span = self._round.ranges[r]
            indices += [column, self.choice[r], column, self.choice[r]]
            values += [1.0, -span.ask / self.scale, -1.0, span.least / self.scale]
            starts += [starts[-1] + 2, starts[-1] + 4]
        indices += [*(column for column, _ in self._term.values()), self._total]
        values += [*(weight for _, weight in self._term.values()), -1.0]
        starts.append(len(indices))
        lp.row_lower_ = np.array([-np.inf] * (self.links - 1) + [0.0])
        lp.row_upper_ = np.zeros(self.links)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(indices, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(values, dtype=np.float64)
        if whole:
            kinds = highspy.HighsVarType
            lp.integrality_ = [kinds.kInteger] * len(self.choice) + [kinds.kContinuous] * (
                self.count - len(self.choice)
            )
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", THREADS), ("random_seed", SEED), *WHOLE):
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        return highs

    def costs(self, aim: Aim) -> tuple[NDArray[np.float64], Fraction]:
        """Return the costs that minimising takes, and what one unit of the solver's objective is in the aim's."""
        spans = self._round.ranges
        if aim.envelope is not None:
            return self._envelope_costs(aim)
        worths = [abs(worth) * spans[r].ask for r, worth in aim.amounts.items() if r in self.choice]
        worths += [abs(worth) for r, worth in aim.choices.items() if r in self.choice]
        unit = max(worths, default=Fraction(0)) / (_SOLVER_UNITS_MAX * _WORTH_MAX) or Fraction(1)
        costs = np.zeros(self.count)
        for r, worth in aim.amounts.items():
            if r in self._term:
                column, weight = self._term[r]
                costs[column] -= float(worth * Fraction(self.scale) / unit) * weight
        for r, worth in aim.choices.items():
            if r in self.choice:
                costs[self.choice[r]] -= float(worth / unit)
        return costs, unit

    def _envelope_costs(self, aim: Aim) -> tuple[NDArray[np.float64], Fraction]:
        """Return the costs where the envelope is a column of its own, and the unit that both are in."""
        whole = {r: self._round.ranges[r].ask for r in self.choice}
        _, amounts = aim.seen_at(whole)
        worths = [abs(worth) for worth in (*amounts.values(), *aim.amounts.values())]
        unit = max(worths, default=Fraction(0)) * Fraction(self.scale) or Fraction(1)
        costs = np.zeros(self.count)
        for r, worth in aim.amounts.items():
            column, weight = self._term[r]
            costs[column] -= float(worth * Fraction(self.scale) / unit) * weight
        costs[self._envelope] = -1.0
        return costs, unit

    def view(self, view: View, unit: Fraction) -> tuple[NDArray[np.int32], NDArray[np.float64], float]:
        """Return indices, values and right-hand side of a view: the envelope is at most that; all in solver units."""
        terms = {self._envelope: 1.0}
        for r, worth in view.amounts.items():
            if r in self._term:
                column, weight = self._term[r]
                terms[column] = -float(worth * Fraction(self.scale) / unit) * weight
        return np.array(list(terms), dtype=np.int32), np.array(list(terms.values())), float(view.constant / unit)

    def row(self, row: Row) -> tuple[NDArray[np.int32], NDArray[np.float64], float, float]:
        """Return indices, values and right-hand side of a row, and the exact units in one of its own.

        A row is divided by its largest coefficient on money, so that its slack is in solver units.
        """
        largest = max([abs(c) for c in row.amounts.values()] + [abs(row.total)])
        divisor = largest * self.scale if largest else float(max(map(abs, row.choices.values()), default=1))
        terms: dict[int, float] = {}
        for r, coefficient in row.amounts.items():
            if r in self._term:
                column, weight = self._term[r]
                terms[column] = terms.get(column, 0.0) + coefficient / largest * weight
        for r, coefficient in row.choices.items():
            if r in self.choice:
                column = self.choice[r]
                terms[column] = terms.get(column, 0.0) + coefficient / divisor
        if row.total:
            terms[self._total] = row.total / largest
        return np.array(list(terms), dtype=np.int32), np.array(list(terms.values())), row.at_most / divisor, divisor

    def read(self, values: NDArray[np.float64]) -> tuple[dict[int, float], dict[int, float]]:
        """Return choices, and awards in minor units, from the solver's values."""
        choices = {r: float(values[column]) for r, column in self.choice.items()}
        awards = {r: float(values[column]) * weight * self.scale for r, (column, weight) in self._term.items()}
        return choices, awards
