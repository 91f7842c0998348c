"""The allocation model: classes of money x cells of requests, and two ways to say that money reaches the awards.

The only module that knows PuLP.

Sets
    r: requests that some money may pay; m: cells of requests; k: classes of money; c: countries.

Variables
    y[r] in {0, 1}: request r is funded.
    a[r] >= 0: award of r, in solver units; only where r may be funded in part (else a[r] = ask[r] * y[r]).
    f[k, m] >= 0: what class k pays to cell m, in solver units.
    T: sum of all awards, in solver units; only where a rule speaks of it.
    Stepped form: a[r] = unit * n[r] + (ask[r] - most[r]) * t[r] with n[r] whole and t[r] in {0, 1} (the whole ask).

Objective
    `merit`: maximise sum of merit[r] * a[r]; `score`: maximise sum of merit[r] * y[r].

Constraints, with explicit flow
    least[r] * y[r] <= a[r] <= ask[r] * y[r]
    money in:   sum of a[r] over cell m = sum of f[k, m] over the classes that may pay m
    money out:  sum of f[k, m] over m <= available[k]
    room:       sum of share[m, c] * f[k, m] over m <= room[k, c], for capped classes
    every row of the policy (see `limits`), and no-good cuts over y.

Projected form, with the money out of sight
    no f; instead of its rows, Hall conditions (`Shortage`): what a set of cells asks is within what may reach it.
    They start from the prices of the relaxed explicit form (see `prices`), and grow by what a maximum flow finds
    violated (see `search`). Not for rounds with `Pools.mixed` payments.

A solver unit is chosen so that the largest ask is about 100,000 of them: in minor units, tolerances of 1e-7 on
numbers of 1e12 have called "optimal" what was not. Nothing that the solver says is taken for exact: see `exact`. Its
status is read before any value, seed and number of threads are always the same, and names sort as positions do, so
that equal problems make equal models.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pulp

from allocation.decision import minor_exponent
from allocation.limits import Row, WholeRow
from allocation.network import Shortage
from allocation.prepared import STEPS_MAX, Prepared
from allocation.prices import Multipliers, Prices, Verdict, priced

THREADS = 1
SEED = 0
_SOLVER_UNITS_MAX = 100_000
_MERIT_MAX = 1000
_OUTWARD = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver said, in floats; minor units.

    Attributes:
        verdict: `solved` (values are there), `infeasible`, or `unknown` (no values when time ran out).
        funded: Requests with y = 1.
        awards: Award of each funded request.
        mixed: Payments of capped contributions to requests of several countries, by (class, cell).
        bound: Upper bound on the objective, rounded outward; None when there is none.
        proven: Whether the solver closed the gap asked of it.
    """

    verdict: Verdict
    funded: frozenset[int] = frozenset()
    awards: Mapping[int, float] = field(default_factory=dict, hash=False)
    mixed: Mapping[tuple[int, int], float] = field(default_factory=dict, hash=False)
    bound: Fraction | None = None
    proven: bool = False


def solver_name() -> str:
    """Return the solver's name and version, and that of what states the model."""
    import highspy

    solver: Any = highspy.Highs
    return f"HiGHS {solver().version()} (PuLP {pulp.__version__})"


class AllocationModel:
    """The model of one round under some of its rows.

    Args:
        round_: The round.
        rows: The rows that hold.
        stepped: Whether partial awards are whole multiples of the unit in the model too.
        banned: Choices of requests that are excluded, each as the set of funded ones.
        relaxed: Whether choices may be fractions.
        shortages: Hall conditions of the projected form; None for explicit flow.
        fixed: Choices that are settled.
    """

    def __init__(
        self,
        round_: Prepared,
        rows: Iterable[Row],
        *,
        stepped: bool = False,
        banned: Collection[frozenset[int]] = (),
        relaxed: bool = False,
        shortages: Collection[Shortage] | None = None,
        fixed: Mapping[int, bool] | None = None,
    ) -> None:
        self._round = round_
        self._fixed = fixed or {}
        self._stepped = stepped
        self._relaxed = relaxed
        self._scale = _solver_unit(round_, stepped)
        self._problem = pulp.LpProblem("round", pulp.LpMaximize)
        self._terms: dict[int, dict[Any, float]] = {}
        self._choice: dict[int, Any] = {}
        self._flows: dict[tuple[int, int], Any] = {}
        self._total: Any = None
        self._named: list[tuple[Row, Fraction, Any]] = []
        self._class_rows: list[Any] = []
        self._room_rows: dict[tuple[int, str], Any] = {}
        self._highs: Any = None
        self._add_awards()
        if shortages is None:
            self._add_money()
        for shortage in shortages or ():
            self._cover(shortage)
        for row in rows:
            self._add_row(row)
        for funded in banned:
            self._ban(funded)
        self._set_objective()

    def solve(self, *, time_limit: float, gap: Fraction) -> Answer:
        """Return the solver's answer within a time and a relative gap."""
        return self._answer(_run(self._problem, time_limit=time_limit, gap=float(gap)))

    def prices(self, *, time_limit: float) -> Prices:
        """Return what the relaxed explicit form says; the model must have been made `relaxed`."""
        highs = _run(self._problem, time_limit=time_limit, gap=0.0)
        answer = self._answer(highs)
        if not answer.proven:
            return Prices(answer.verdict if answer.verdict == "infeasible" else "unknown")
        duals = highs.getSolution().row_dual
        multipliers = Multipliers(
            [max(0.0, -duals[constraint.index]) for constraint in self._class_rows],
            {pair: max(0.0, -duals[constraint.index]) for pair, constraint in self._room_rows.items()},
            [(row, divisor, max(0.0, -duals[constraint.index])) for row, divisor, constraint in self._named],
        )
        said = priced(self._round, multipliers, self._scale, self._worth)
        return replace(said, bound=self._bound(-said.reach) or Fraction(0), worth=self._objective_unit())

    def can_hold(self, names: Collection[str], *, time_limit: float) -> bool:
        """Return whether the rows of these names can hold together, the others left out; True when time ran out."""
        import highspy

        if self._highs is None:
            self._problem.setObjective(pulp.LpAffineExpression(dict.fromkeys(self._choice.values(), 0.0)))
            self._highs = _loaded(self._problem, time_limit=time_limit, gap=0.0)
        highs = self._highs
        for row, _, constraint in self._named:
            upper = -constraint.constant if row.name in names else highspy.kHighsInf
            highs.changeRowBounds(constraint.index, -highspy.kHighsInf, upper)
        highs.setOptionValue("time_limit", highs.getRunTime() + time_limit)
        highs.run()
        return self._answer(highs).verdict != "infeasible"

    def _variable(self, name: str, upper: float | None, *, whole: bool = False) -> Any:
        category = pulp.LpInteger if whole and not self._relaxed else pulp.LpContinuous
        return self._problem.add_variable(name, 0, upper, category)

    def _scaled(self, minor: int | Fraction) -> float:
        return float(Fraction(minor) / self._scale)

    def _require(self, terms: Mapping[Any, float], sense: int, right: float) -> Any:
        constraint = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=right)
        self._problem.addConstraint(constraint)
        return constraint

    def _add_awards(self) -> None:
        for r in self._round.fundable:
            span = self._round.ranges[r]
            choice = self._choice[r] = self._variable(f"y{r:06}", 1, whole=True)
            if r in self._fixed:
                choice.lowBound = choice.upBound = int(self._fixed[r])
            if span.all_or_nothing:
                self._terms[r] = {choice: self._scaled(span.ask)}
            elif self._stepped:
                self._terms[r] = self._steps(r)
            else:
                award = self._variable(f"a{r:06}", self._scaled(span.ask))
                self._require({award: 1, choice: -self._scaled(span.ask)}, pulp.LpConstraintLE, 0)
                self._require({award: 1, choice: -self._scaled(span.least)}, pulp.LpConstraintGE, 0)
                self._terms[r] = {award: 1.0}

    def _steps(self, r: int) -> dict[Any, float]:
        span, choice = self._round.ranges[r], self._choice[r]
        most, least = span.most // span.unit, span.least // span.unit
        steps = self._variable(f"n{r:06}", most, whole=True)
        self._require({steps: 1, choice: -most}, pulp.LpConstraintLE, 0)
        self._require({steps: 1, choice: -least}, pulp.LpConstraintGE, 0)
        terms = {steps: self._scaled(span.unit)}
        if span.ask > span.most:
            whole = self._variable(f"t{r:06}", 1, whole=True)
            self._require({whole: 1, choice: -1}, pulp.LpConstraintLE, 0)
            self._require({steps: 1, whole: -most}, pulp.LpConstraintGE, 0)
            terms[whole] = self._scaled(span.ask - span.most)
        return terms

    def _add_money(self) -> None:
        pools = self._round.pools
        out: list[dict[Any, float]] = [{} for _ in pools.classes]
        rooms: dict[tuple[int, str], dict[Any, float]] = {}
        mixed = set(pools.mixed)
        for number, cell in enumerate(pools.cells):
            asked = sum(self._round.ranges[r].ask for r in cell.requests)
            into: dict[Any, float] = {}
            for payer in cell.payers:
                whole = self._stepped and (payer, number) in mixed and asked <= STEPS_MAX
                unit = Fraction(1) if whole else self._scale
                most = min(asked, pools.classes[payer].available)
                flow = self._variable(f"f{payer:05}_{number:06}", float(most / unit), whole=whole)
                weight = float(unit / self._scale)
                self._flows[payer, number] = flow
                into[flow] = out[payer][flow] = weight
                if pools.classes[payer].rooms is not None:
                    for country, share in cell.countries:
                        rooms.setdefault((payer, country), {})[flow] = float(share) * weight
            for r in cell.requests:
                for variable, weight in self._terms[r].items():
                    into[variable] = -weight
            self._require(into, pulp.LpConstraintEQ, 0)
        for money, terms in zip(pools.classes, out, strict=True):
            self._class_rows.append(self._require(terms, pulp.LpConstraintLE, self._scaled(money.available)))
        for (payer, country), terms in rooms.items():
            room = self._scaled((pools.classes[payer].rooms or {})[country])
            self._room_rows[payer, country] = self._require(terms, pulp.LpConstraintLE, room)

    def _cover(self, shortage: Shortage) -> None:
        terms: dict[Any, float] = {}
        for number in sorted(shortage.cells):
            for r in self._round.pools.cells[number].requests:
                terms.update(self._terms[r])
        self._require(terms, pulp.LpConstraintLE, self._scaled(shortage.room(self._round.pools)))

    def _add_row(self, row: Row) -> None:
        """Add a row, divided by its largest coefficient on money so that its slack is in solver units."""
        largest = max((abs(c) for c in row.amounts.values()), default=0)
        largest = max(largest, abs(row.total))
        divisor = (
            Fraction(largest) * self._scale if largest else Fraction(max(map(abs, row.choices.values()), default=1))
        )
        terms: dict[Any, float] = {}
        for r, coefficient in row.amounts.items():
            for variable, weight in self._terms.get(r, {}).items():
                terms[variable] = terms.get(variable, 0.0) + weight * float(coefficient * self._scale / divisor)
        for r, coefficient in row.choices.items():
            if r in self._choice:
                choice = self._choice[r]
                terms[choice] = terms.get(choice, 0.0) + float(coefficient / divisor)
        if row.total:
            total = self._sum_of_awards()
            terms[total] = float(row.total * self._scale / divisor)
        constraint = self._require(terms, pulp.LpConstraintLE, float(row.at_most / divisor))
        self._named.append((row, divisor, constraint))

    def _sum_of_awards(self) -> Any:
        if self._total is None:
            self._total = self._variable("total", None)
            terms = {self._total: -1.0}
            for r in self._round.fundable:
                terms.update(self._terms[r])
            self._require(terms, pulp.LpConstraintEQ, 0)
        return self._total

    def _ban(self, funded: frozenset[int]) -> None:
        terms = {choice: 1.0 if r in funded else -1.0 for r, choice in self._choice.items()}
        self._require(terms, pulp.LpConstraintLE, len(funded) - 1)

    def _set_objective(self) -> None:
        requests, policy = self._round.problem.requests, self._round.problem.policy
        self._worth = Fraction(1)
        highest = max((requests[r].merit for r in self._round.fundable), default=Fraction(0))
        if highest > 0:
            self._worth = highest / _MERIT_MAX
        terms: dict[Any, float] = {}
        for r in self._round.fundable:
            merit = float(requests[r].merit / self._worth)
            if policy.objective == "score":
                terms[self._choice[r]] = merit
            else:
                terms.update((variable, merit * weight) for variable, weight in self._terms[r].items())
        self._problem.setObjective(pulp.LpAffineExpression(terms))

    def _answer(self, highs: Any) -> Answer:
        import highspy

        status, info = highs.getModelStatus(), highs.getInfo()
        infeasible = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        if status in infeasible:
            return Answer("infeasible")
        if status == highspy.HighsModelStatus.kModelEmpty:
            return Answer("solved", bound=Fraction(0), proven=True)
        bound = self._bound(
            info.mip_dual_bound if self._choice and not self._relaxed else info.objective_function_value
        )
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer("unknown", bound=bound)
        values = highs.getSolution().col_value
        funded = frozenset(r for r, choice in self._choice.items() if values[choice.index] > 0.5)
        scale = float(self._scale)
        awards = {
            r: scale * math.fsum(weight * values[v.index] for v, weight in self._terms[r].items())
            for r in sorted(funded)
        }
        mixed = {pair: values[self._flows[pair].index] * self._flow_unit(pair) for pair in self._round.pools.mixed}
        return Answer("solved", funded, awards, mixed, bound, status == highspy.HighsModelStatus.kOptimal)

    def _flow_unit(self, pair: tuple[int, int]) -> float:
        return 1.0 if self._flows[pair].cat == pulp.LpInteger else float(self._scale)

    def _bound(self, said: float) -> Fraction | None:
        """Return the solver's bound on the objective, outward; HiGHS minimises, so its figure has the opposite sign."""
        if not math.isfinite(said):
            return None
        scaled = Fraction(-said)
        outward = scaled + abs(scaled) * _OUTWARD + _OUTWARD * 1000
        return outward * self._objective_unit()

    def _objective_unit(self) -> Fraction:
        """Return what one unit of the solver's objective is in the decision's."""
        if self._round.problem.policy.objective == "score":
            return self._worth
        return self._worth * self._scale / int(10 ** minor_exponent(self._round.problem.currency))


def _solver_unit(round_: Prepared, stepped: bool) -> Fraction:
    if stepped:
        return Fraction(round_.problem.policy.unit)
    largest = max((round_.ranges[r].ask for r in round_.fundable), default=1)
    return max(Fraction(1), Fraction(largest, _SOLVER_UNITS_MAX))


def _loaded(problem: pulp.LpProblem, *, time_limit: float, gap: float) -> Any:
    """Return HiGHS with a PuLP problem in it, not yet run."""
    solver = pulp.HiGHS(
        msg=False,
        threads=THREADS,
        timeLimit=max(0.01, time_limit),
        gapRel=gap,
        gapAbs=0.0,
        random_seed=SEED,
    )
    solver.createAndConfigureSolver(problem)
    solver.buildSolverModel(problem)
    return problem.solverModel


def _run(problem: pulp.LpProblem, *, time_limit: float, gap: float) -> Any:
    """Run HiGHS on a PuLP problem and return its own object: PuLP reads values before it looks at the status."""
    highs = _loaded(problem, time_limit=time_limit, gap=gap)
    highs.run()
    return highs


def best_whole(
    objective: Mapping[int, Fraction],
    rows: Sequence[WholeRow],
    lows: Sequence[int],
    highs: Sequence[int],
    *,
    time_limit: float,
) -> list[int] | None:
    """Return the values of a small program in whole variables, rounded; None when it has none or time ran out.

    The caller checks the rows on the rounded values.
    """
    if not lows:
        return []
    problem = pulp.LpProblem("whole", pulp.LpMaximize)
    variables = [
        problem.add_variable(f"v{number:06}", low, high, pulp.LpInteger)
        for number, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    largest = max((abs(worth) for worth in objective.values()), default=Fraction(0)) or Fraction(1)
    worths = {variable: float(objective.get(v, 0) / largest) for v, variable in enumerate(variables)}
    problem.setObjective(pulp.LpAffineExpression(worths))
    for row in rows:
        terms = pulp.LpAffineExpression({variables[v]: float(c) for v, c in row.terms.items()})
        problem.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintLE, rhs=float(row.at_most)))
    found = _run(problem, time_limit=time_limit, gap=0.0)
    import highspy

    if found.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = found.getSolution().col_value
    return [round(values[variable.index]) for variable in variables]
