"""The relaxed model that proposes prices: one linear program, kept warm while choices are settled one by one.

Sets
    r: requests that some money may pay; m: cells of requests; k: classes of money; c: countries.

Variables (solver units: the largest ask is about 1,000)
    0 <= y[r] <= 1; a[r]: award, only where r may be funded in part; f[k, m] >= 0: what class k pays to cell m.

Objective
    minimise -(sum of merit * award) or -(sum of merit * y), merit scaled so that the largest objective is about 1,000.

Constraints
    least * y <= a <= ask * y; money in = money out for each cell; money out of each class; rooms; every rule.

Nothing that it says is taken for exact: its multipliers become `Prices`, which prove what they prove by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from allocation.certificate.statement import Prices, Statement
from allocation.solver import SEED, THREADS

_LARGEST = 1000
_RAY_WEIGHTS = (1e3, 1e6, 1e9, 1e12)


@dataclass(frozen=True, slots=True)
class Said:
    """What the relaxed model says under some settled choices.

    Attributes:
        is_feasible: Whether it has awards.
        prices: That prove it.
        choices: How much of each request it would fund, 0 to 1.
        value: Its objective, as a share of the largest thinkable.
    """

    is_feasible: bool
    prices: Prices
    choices: Mapping[int, float] = field(default_factory=dict, hash=False)
    value: float = -math.inf


class Relaxed:
    """The relaxed model of one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._round = statement.round_
        self._columns: list[tuple[float, float, float]] = []
        self._rows: list[tuple[dict[int, float], float, float]] = []
        ranges = self._round.ranges
        self._money = Fraction(max((ranges[r].ask for r in self._round.fundable), default=1), _LARGEST)
        self._worth = self._largest_merit()
        self._choice: dict[int, int] = {}
        self._award: dict[int, dict[int, float]] = {}
        self._class_rows: dict[int, int] = {}
        self._room_rows: dict[tuple[int, str], int] = {}
        self._rule_rows: list[tuple[int, Fraction]] = []
        self._add_awards()
        self._add_money()
        self._add_rules()
        self._fixed: dict[int, bool] = {}
        self._highs = self._loaded()

    def solve(self, fixed: Mapping[int, bool], deadline_seconds: float = 60.0) -> Said:
        """Return what the model says with these choices settled."""
        import highspy

        self._settle(fixed)
        highs = self._highs
        highs.setOptionValue("time_limit", highs.getRunTime() + deadline_seconds)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Said(False, self._farkas())
        solution = highs.getSolution()
        duals = solution.row_dual
        choices = {r: solution.col_value[j] for r, j in self._choice.items()}
        value = -highs.getInfo().objective_function_value
        if status != highspy.HighsModelStatus.kOptimal:
            return Said(True, self._prices(duals), choices, math.inf)
        return Said(True, self._prices(duals), choices, value)

    def _settle(self, fixed: Mapping[int, bool]) -> None:
        for r in self._fixed.keys() - fixed.keys():
            self._highs.changeColBounds(self._choice[r], 0.0, 1.0)
        for r, value in fixed.items():
            if self._fixed.get(r) is not value:
                self._highs.changeColBounds(self._choice[r], float(value), float(value))
        self._fixed = dict(fixed)

    def _farkas(self) -> Prices:
        """Return prices from a ray of the dual, so heavy that what they prove is below any objective."""
        _, found, ray = self._highs.getDualRay()
        best = Prices()
        if not found:
            return best
        lowest = self.statement.bound(best, self._fixed)
        for sign in (1.0, -1.0):
            for weight in _RAY_WEIGHTS:
                prices = self._prices([sign * entry for entry in ray], weight=weight)
                bound = self.statement.bound(prices, self._fixed)
                if bound >= lowest:
                    break
                best, lowest = prices, bound
                if bound < 0:
                    return best
        return best

    def _prices(self, duals: Any, weight: float = 1.0) -> Prices:
        """Return multipliers in decision units, rounded to whole numbers; negative ones are none."""
        over, unit = self.statement.over, self._worth_unit() / self._money
        minor = 10**self._exponent
        money_factor = float(unit * minor * over) * weight

        def whole(row: int, factor: float) -> int:
            value = -duals[row] * factor
            return round(value) if value > 0 and math.isfinite(value) else 0

        money = {k: n for k, row in self._class_rows.items() if (n := whole(row, money_factor))}
        rooms = {pair: n for pair, row in self._room_rows.items() if (n := whole(row, money_factor))}
        rules = {}
        for position, (row, divisor) in enumerate(self._rule_rows):
            rule = self.statement.rules[position]
            per = self._worth_unit() * over * self.statement.scale / divisor * (minor if rule.is_money else 1)
            if n := whole(row, float(per) * weight):
                rules[position] = n
        return Prices(rules, money, rooms)

    @property
    def _exponent(self) -> int:
        from allocation.decision import minor_exponent

        return minor_exponent(self._round.problem.currency)

    def _worth_unit(self) -> Fraction:
        """Return what one unit of the model's objective is in the decision's."""
        if self._round.problem.policy.objective == "score":
            return self._worth
        return self._worth * self._money * Fraction(1, 10**self._exponent)

    def _largest_merit(self) -> Fraction:
        highest = max((self._round.problem.requests[r].merit for r in self._round.fundable), default=Fraction(0))
        return highest / 10 if highest > 0 else Fraction(1)

    def _column(self, cost: float, upper: float) -> int:
        self._columns.append((cost, 0.0, upper))
        return len(self._columns) - 1

    def _require(self, terms: dict[int, float], lower: float, upper: float) -> int:
        self._rows.append((terms, lower, upper))
        return len(self._rows) - 1

    def _scaled(self, minor: int | Fraction) -> float:
        return float(Fraction(minor) / self._money)

    def _add_awards(self) -> None:
        problem = self._round.problem
        for r in self._round.fundable:
            least, most = self.statement.bounds[r]
            merit = float(problem.requests[r].merit / self._worth)
            is_score = problem.policy.objective == "score"
            if least == most:
                cost = merit if is_score else merit * self._scaled(most)
                self._choice[r] = self._column(-cost, 1.0)
                self._award[r] = {self._choice[r]: self._scaled(most)}
                continue
            choice = self._choice[r] = self._column(-merit if is_score else 0.0, 1.0)
            award = self._column(0.0 if is_score else -merit, math.inf)
            self._require({award: 1.0, choice: -self._scaled(most)}, -math.inf, 0.0)
            self._require({award: -1.0, choice: self._scaled(least)}, -math.inf, 0.0)
            self._award[r] = {award: 1.0}

    def _add_money(self) -> None:
        pools = self._round.pools
        out: dict[int, dict[int, float]] = {}
        rooms: dict[tuple[int, str], dict[int, float]] = {}
        for cell in pools.cells:
            into: dict[int, float] = {}
            for payer in cell.payers:
                flow = self._column(0.0, math.inf)
                into[flow] = -1.0
                out.setdefault(payer, {})[flow] = 1.0
                if pools.classes[payer].rooms is not None:
                    for country, share in cell.countries:
                        rooms.setdefault((payer, country), {})[flow] = float(share)
            for r, _, share in cell.parts:
                for column, weight in self._award[r].items():
                    into[column] = into.get(column, 0.0) + weight * float(share)
            self._require(into, -math.inf, 0.0)
        for payer, terms in sorted(out.items()):
            self._class_rows[payer] = self._require(terms, -math.inf, self._scaled(pools.classes[payer].available))
        for (payer, country), terms in sorted(rooms.items()):
            room = (pools.classes[payer].rooms or {})[country]
            self._room_rows[payer, country] = self._require(terms, -math.inf, self._scaled(room))

    def _add_rules(self) -> None:
        for rule in self.statement.rules:
            divisor = self._divisor(rule)
            terms: dict[int, float] = {}
            for r, coefficient in rule.amounts.items():
                for column, weight in self._award.get(r, {}).items():
                    terms[column] = terms.get(column, 0.0) + weight * float(coefficient * self._money / divisor)
            for r, coefficient in rule.choices.items():
                if r in self._choice:
                    terms[self._choice[r]] = terms.get(self._choice[r], 0.0) + float(coefficient / divisor)
            row = self._require(terms, -math.inf, float(rule.at_most / divisor))
            self._rule_rows.append((row, divisor))

    def _divisor(self, rule: Any) -> Fraction:
        largest = max((abs(c) for c in rule.amounts.values()), default=0)
        if largest:
            return Fraction(largest) * self._money
        return Fraction(max(map(abs, rule.choices.values()), default=1) or 1)

    def _loaded(self) -> Any:
        import highspy
        import numpy as np

        model: Any = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._columns), len(self._rows)
        costs, lowers, uppers = zip(*self._columns, strict=True) if self._columns else ((), (), ())
        model.col_cost_, model.col_lower_, model.col_upper_ = (np.array(part) for part in (costs, lowers, uppers))
        model.row_lower_ = np.array([lower for _, lower, _ in self._rows])
        model.row_upper_ = np.array([upper for _, _, upper in self._rows])
        starts, index, value = [0], [], []
        for terms, _, _ in self._rows:
            index += list(terms)
            value += list(terms.values())
            starts.append(len(index))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts)
        model.a_matrix_.index_ = np.array(index)
        model.a_matrix_.value_ = np.array(value)
        solver: Any = highspy.Highs
        highs = solver()
        for name, setting in (("output_flag", False), ("threads", THREADS), ("random_seed", SEED)):
            highs.setOptionValue(name, setting)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("simplex_strategy", 1)
        highs.passModel(model)
        return highs
