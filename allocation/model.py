"""The allocation model with explicit flow: classes of money x cells of requests.

The only module that knows PuLP. The other form, for larger rounds, is `projected`.

Sets
    r: requests that some money may pay; m: cells of requests; k: classes of money; c: countries.

Variables
    y[r] in {0, 1}: request r is funded.
    a[r] >= 0: award of r, in solver units; only where r may be funded in part (else a[r] = ask[r] * y[r]).
    f[k, m] >= 0: what class k pays to cell m, in solver units.
    T: sum of all awards, in solver units; only where a rule speaks of it.
    Stepped form: a[r] = unit * n[r] + (ask[r] - most[r]) * t[r] with n[r] whole and t[r] in {0, 1} (the whole ask).

    e: what the aim's envelope is worth (see `aims`), in solver units; only where it has one.

Objective
    maximise the aim: sum of amounts[r] * a[r] + sum of choices[r] * y[r] + e.

Constraints, with explicit flow
    least[r] * y[r] <= a[r] <= ask[r] * y[r]
    money in:   sum of a[r] over cell m = sum of f[k, m] over the classes that may pay m
    money out:  sum of f[k, m] over m <= available[k]
    room:       sum of share[m, c] * f[k, m] over m <= room[k, c], for capped classes
    every row of the policy (see `limits`), floors of earlier aims, and no-good cuts over y
    e <= each view of the envelope

A solver unit is chosen so that the largest ask is about 100,000 of them: in minor units, tolerances of 1e-7 on
numbers of 1e12 have called "optimal" what was not. Nothing that the solver says is taken for exact: see `exact`. Its
status is read before any value, seed and number of threads are always the same, and names sort as positions do, so
that equal problems make equal models.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pulp

from allocation.aims import Aim, View, first_aim
from allocation.answer import Answer, Heard
from allocation.limits import Row, WholeRow
from allocation.listener import listen
from allocation.prepared import STEPS_MAX, Prepared
from allocation.projected import outward
from allocation.solver import SEED, THREADS, WHOLE, is_impossible, run_whole

_SOLVER_UNITS_MAX = 100_000
_WORTH_MAX = 1000


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
        aim: What is sought; the policy's first objective when None.
        views: Of the aim's envelope; at least one where it has one.
    """

    def __init__(
        self,
        round_: Prepared,
        rows: Iterable[Row],
        *,
        stepped: bool = False,
        banned: Collection[frozenset[int]] = (),
        relaxed: bool = False,
        aim: Aim | None = None,
        views: Collection[View] = (),
    ) -> None:
        self._round = round_
        self._aim = aim or first_aim(round_.problem, round_.fundable)
        self._stepped = stepped
        self._relaxed = relaxed
        self._scale = _solver_unit(round_, stepped)
        self._problem = pulp.LpProblem("round", pulp.LpMaximize)
        self._terms: dict[int, dict[Any, float]] = {}
        self._choice: dict[int, Any] = {}
        self._flows: dict[tuple[int, int], Any] = {}
        self._total: Any = None
        self._named: list[tuple[Row, Fraction, Any]] = []
        self._highs: Any = None
        self._add_awards()
        self._add_money()
        for row in rows:
            self._add_row(row)
        for funded in banned:
            self._ban(funded)
        self._set_objective(views)

    def solve(self, *, time_limit: float, gap: Fraction, heard: Heard | None = None) -> Answer:
        """Return the solver's answer within a time and a relative gap; `heard` is told of better ones meanwhile."""
        highs = _loaded(self._problem, time_limit=time_limit, gap=float(gap))
        if heard is not None:
            listen(
                highs,
                lambda values, said: heard(self._taken(values, outward(-said, self._worth), proven=False)),
                lambda said: heard(Answer("unknown", bound=outward(-said, self._worth))),
            )
        run_whole(highs)
        return self._answer(highs)

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
        run_whole(highs)
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
            asked = math.ceil(sum(self._round.ranges[r].ask * share for r, _, share in cell.parts))
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
            for r, share in self._round.pools.shares_in((number,)).items():
                for variable, weight in self._terms[r].items():
                    into[variable] = -weight * float(share)
            self._require(into, pulp.LpConstraintEQ, 0)
        for money, terms in zip(pools.classes, out, strict=True):
            self._require(terms, pulp.LpConstraintLE, self._scaled(money.available))
        for (payer, country), terms in rooms.items():
            room = self._scaled((pools.classes[payer].rooms or {})[country])
            self._require(terms, pulp.LpConstraintLE, room)

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

    def _set_objective(self, views: Collection[View]) -> None:
        amounts, choices = self._aim.amounts, self._aim.choices
        worths = [abs(worth) * self._scale for worth in amounts.values()]
        worths += [abs(worth) for worth in choices.values()]
        worths += [abs(worth) * self._scale for view in views for worth in view.amounts.values()]
        self._worth = max(worths, default=Fraction(0)) / (1 if views else _WORTH_MAX) or Fraction(1)
        terms: dict[Any, float] = {}
        for r, worth in amounts.items():
            for variable, weight in self._terms.get(r, {}).items():
                terms[variable] = terms.get(variable, 0.0) + weight * float(worth * self._scale / self._worth)
        for r, worth in choices.items():
            if r in self._choice:
                terms[self._choice[r]] = terms.get(self._choice[r], 0.0) + float(worth / self._worth)
        if views:
            envelope = self._problem.add_variable("envelope", None, None, pulp.LpContinuous)
            terms[envelope] = 1.0
            for view in views:
                self._see(envelope, view)
        self._problem.setObjective(pulp.LpAffineExpression(terms))

    def _see(self, envelope: Any, view: View) -> None:
        terms: dict[Any, float] = {envelope: 1.0}
        for r, worth in view.amounts.items():
            for variable, weight in self._terms.get(r, {}).items():
                terms[variable] = -weight * float(worth * self._scale / self._worth)
        self._require(terms, pulp.LpConstraintLE, float(view.constant / self._worth))

    def _answer(self, highs: Any) -> Answer:
        import highspy

        status, info = highs.getModelStatus(), highs.getInfo()
        if is_impossible(highs):
            return Answer("infeasible")
        if status == highspy.HighsModelStatus.kModelEmpty:
            return Answer("solved", bound=Fraction(0), proven=True)
        said = info.mip_dual_bound if self._choice and not self._relaxed else info.objective_function_value
        bound = outward(-said, self._worth)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer("unknown", bound=bound)
        values = highs.getSolution().col_value
        return self._taken(values, bound, proven=status == highspy.HighsModelStatus.kOptimal)

    def _taken(self, values: Sequence[float], bound: Fraction | None, *, proven: bool) -> Answer:
        """Return the choice and amounts that values of the variables mean."""
        funded = frozenset(r for r, choice in self._choice.items() if values[choice.index] > 0.5)
        scale = float(self._scale)
        awards = {
            r: scale * math.fsum(weight * values[v.index] for v, weight in self._terms[r].items())
            for r in sorted(funded)
        }
        mixed = {pair: values[self._flows[pair].index] * self._flow_unit(pair) for pair in self._round.pools.mixed}
        return Answer("solved", funded, awards, mixed, bound, proven)

    def _flow_unit(self, pair: tuple[int, int]) -> float:
        return 1.0 if self._flows[pair].cat == pulp.LpInteger else float(self._scale)


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
    for option, value in WHOLE:
        problem.solverModel.setOptionValue(option, value)
    return problem.solverModel


def _run(problem: pulp.LpProblem, *, time_limit: float, gap: float) -> Any:
    """Run HiGHS on a PuLP problem and return its own object: PuLP reads values before it looks at the status."""
    highs = _loaded(problem, time_limit=time_limit, gap=gap)
    run_whole(highs)
    return highs


def best_whole(
    objective: Mapping[int, Fraction],
    rows: Sequence[WholeRow],
    lows: Sequence[int],
    highs: Sequence[int],
    *,
    views: Sequence[View] = (),
    time_limit: float,
) -> list[int] | None:
    """Return the values of a small program in whole variables, rounded; None when it has none or time ran out.

    The caller checks the rows on the rounded values. With views, over the variables, the lowest of them is added to
    what is maximised.
    """
    if not lows:
        return []
    problem = pulp.LpProblem("whole", pulp.LpMaximize)
    variables = [
        problem.add_variable(f"v{number:06}", low, high, pulp.LpInteger)
        for number, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    known = [*objective.values(), *(worth for view in views for worth in view.amounts.values())]
    largest = max((abs(worth) for worth in known), default=Fraction(0)) or Fraction(1)
    worths = {variable: float(objective.get(v, 0) / largest) for v, variable in enumerate(variables)}
    if views:
        envelope = problem.add_variable("envelope", None, None, pulp.LpContinuous)
        worths[envelope] = 1.0
        for view in views:
            terms = {envelope: 1.0, **{variables[v]: -float(worth / largest) for v, worth in view.amounts.items()}}
            right = float(view.constant / largest)
            problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintLE, rhs=right))
    problem.setObjective(pulp.LpAffineExpression(worths))
    for row in rows:
        left = pulp.LpAffineExpression({variables[v]: float(c) for v, c in row.terms.items()})
        problem.addConstraint(pulp.LpConstraint(left, pulp.LpConstraintLE, rhs=float(row.at_most)))
    found = _run(problem, time_limit=time_limit, gap=0.0)
    import highspy

    if found.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = found.getSolution().col_value
    return [round(values[variable.index]) for variable in variables]
