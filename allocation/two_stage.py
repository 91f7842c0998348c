"""The model of deciding now or later: one program over every way in which pledges may arrive.

Beside `allocation.model` the only module that knows PuLP; its solver options are the same, and its floats are as little
trusted (see `hold_back`, which makes decisions of them).

Sets
    r: requests that some money, pledged money among it, may pay; k: classes of money; m: cells; s: scenarios.

Variables
    y0[r], y[r, s] in {0, 1}: funded now; funded later in scenario s; y0[r] + y[r, s] <= 1.
    a0[r], a[r, s] >= 0: the award, in solver units; ask × choice where a request is funded whole or not at all.
    f0[k, m], f[k, m, s] >= 0: what class k pays to cell m now, and later in scenario s.

Objective
    maximise, over scenarios by their chance, merit of what is funded now and, less what waiting costs, later.

Constraints
    money in and out of every cell and class, now and in each scenario: what is paid now is gone later.
    rows of the policy over what is funded now (those that the first step must keep), and, in each scenario with that
    scenario's resources, over what is funded now or later.

Without a first step the program says what is best later, when what was decided now is closed and its rows are absorbed.
Of plans that are equally good the one is wanted that funds most now: a second solve seeks it, within the first's gap.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pulp

from allocation.decision import minor_exponent
from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.solver import SEED, THREADS, is_impossible, run_whole

_SOLVER_UNITS_MAX = 100_000
_OUTWARD = Fraction(1, 10**9)
NOW = -1
"""The number of the step before any scenario."""

Flows = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the program: now, or later in one scenario.

    Attributes:
        rows: Rows that its awards, with those made before, must keep.
        available: What each class has there, minor units.
        chance: Of the scenario; 1 for now.
    """

    rows: tuple[Row, ...] = field(hash=False)
    available: tuple[int, ...]
    chance: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the solver says, in floats of minor units; None stands for no plan found.

    Attributes:
        awards: By step (`NOW`, or the number of the scenario), the awards made there.
        flows: By step, what each class pays each cell.
        bound: Upper bound on the expected objective, rounded outward; None when there is none.
        value: The plan's expected objective in the solver's units.
    """

    awards: Mapping[int, Mapping[int, float]] | None = field(hash=False)
    flows: Mapping[int, Flows] = field(default_factory=dict, hash=False)
    bound: Fraction | None = None
    value: float = 0.0


class TwoStageModel:
    """The program.

    Args:
        round_: The round with every pledge in it, for classes, cells and ranges; no request tells years apart.
        now: The first step, or None when it is over.
        later: One step for each scenario.
        kept_later: What a request funded later keeps of its merit: 1 less what waiting costs.
        closed: Requests that may not be funded any more.
    """

    def __init__(
        self,
        round_: Prepared,
        now: Step | None,
        later: Sequence[Step],
        *,
        kept_later: Fraction = Fraction(1),
        closed: Collection[int] = (),
    ) -> None:
        self._round = round_
        self._open = [r for r in round_.fundable if r not in set(closed)]
        self._impossible = False
        self._kept_later = kept_later
        self._steps = dict(enumerate(later)) | ({} if now is None else {NOW: now})
        self._scale = max(Fraction(1), Fraction(_largest(round_), _SOLVER_UNITS_MAX))
        self._problem = pulp.LpProblem("two_stage", pulp.LpMaximize)
        self._choices: dict[tuple[int, int], Any] = {}
        self._terms: dict[tuple[int, int], dict[Any, float]] = {}
        self._flows: dict[tuple[int, int, int], Any] = {}
        for step in sorted(self._steps):
            self._add_awards(step)
            self._add_flows(step)
        for step in sorted(self._steps):
            self._add_money(step)
            for row in self._steps[step].rows:
                self._add_row(row, step)
        for request, step in sorted(self._choices):
            if step != NOW and now is not None:
                both = {self._choices[request, NOW]: 1.0, self._choices[request, step]: 1.0}
                self._require(both, pulp.LpConstraintLE, 1)
        self._problem.setObjective(pulp.LpAffineExpression(self._objective()))

    def most_now(self, first: Plan, *, time_limit: float, gap: Fraction) -> Plan:
        """Return a plan no worse than a first one, but for the gap, that funds as much merit as possible now."""
        kept = self._objective()
        self._require(kept, pulp.LpConstraintGE, first.value * (1 - float(gap)))
        only_now = {id(v) for (_, step), terms in self._terms.items() if step == NOW for v in terms}
        only_now |= {id(choice) for (_, step), choice in self._choices.items() if step == NOW}
        wanted = {variable: worth for variable, worth in kept.items() if id(variable) in only_now}
        self._problem.setObjective(pulp.LpAffineExpression(wanted))
        return self.solve(time_limit=time_limit, gap=gap)

    def solve(self, *, time_limit: float, gap: Fraction) -> Plan:
        """Return the solver's plan within a time and a relative gap."""
        import highspy

        if self._impossible:
            return Plan(None)
        solver = pulp.HiGHS(
            msg=False, threads=THREADS, timeLimit=max(0.01, time_limit), gapRel=float(gap), gapAbs=0.0, random_seed=SEED
        )
        solver.createAndConfigureSolver(self._problem)
        solver.buildSolverModel(self._problem)
        highs: Any = self._problem.solverModel
        run_whole(highs)
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kModelEmpty:
            return Plan({step: {} for step in self._steps}, {step: {} for step in self._steps}, Fraction(0))
        if is_impossible(highs):
            return Plan(None)
        bound = self._bound(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Plan(None, bound=bound)
        return self._plan(highs.getSolution().col_value, -info.objective_function_value, bound)

    def _plan(self, values: Sequence[float], value: float, bound: Fraction | None) -> Plan:
        scale = float(self._scale)
        awards: dict[int, dict[int, float]] = {step: {} for step in self._steps}
        for (request, step), choice in sorted(self._choices.items()):
            if values[choice.index] > 0.5:
                terms = self._terms[request, step].items()
                awards[step][request] = scale * math.fsum(weight * values[v.index] for v, weight in terms)
        flows: dict[int, dict[tuple[int, int], float]] = {step: {} for step in self._steps}
        for (payer, cell, step), flow in sorted(self._flows.items()):
            flows[step][payer, cell] = scale * values[flow.index]
        return Plan(awards, flows, bound, value)

    def _variable(self, name: str, upper: float, *, whole: bool = False) -> Any:
        return self._problem.add_variable(name, 0, upper, pulp.LpInteger if whole else pulp.LpContinuous)

    def _require(self, terms: Mapping[Any, float], sense: int, right: float) -> None:
        self._problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=right))

    def _scaled(self, minor: int | Fraction) -> float:
        return float(Fraction(minor) / self._scale)

    def _add_awards(self, step: int) -> None:
        for r in self._open:
            span = self._round.ranges[r]
            name = f"{r:06}_{step + 1:03}"
            choice = self._choices[r, step] = self._variable(f"y{name}", 1, whole=True)
            if span.all_or_nothing:
                self._terms[r, step] = {choice: self._scaled(span.ask)}
                continue
            award = self._variable(f"a{name}", self._scaled(span.ask))
            self._terms[r, step] = {award: 1.0}
            self._require({award: 1, choice: -self._scaled(span.ask)}, pulp.LpConstraintLE, 0)
            self._require({award: 1, choice: -self._scaled(span.least)}, pulp.LpConstraintGE, 0)

    def _add_flows(self, step: int) -> None:
        pools = self._round.pools
        for number, cell in enumerate(pools.cells):
            asked = sum(self._round.ranges[r].ask for r, _, _ in cell.parts)
            for payer in cell.payers:
                most = self._scaled(min(asked, self._steps[step].available[payer]))
                name = f"f{payer:05}_{number:06}_{step + 1:03}"
                self._flows[payer, number, step] = self._variable(name, most)

    def _add_money(self, step: int) -> None:
        pools = self._round.pools
        out: dict[int, dict[Any, float]] = {}
        rooms: dict[tuple[int, str], dict[Any, float]] = {}
        for number, cell in enumerate(pools.cells):
            into: dict[Any, float] = {}
            for payer in cell.payers:
                for at in sorted({NOW, step}):
                    flow = self._flows.get((payer, number, at))
                    if flow is None:
                        continue
                    out.setdefault(payer, {})[flow] = 1.0
                    if at == step:
                        into[flow] = 1.0
                    if pools.classes[payer].rooms is not None:
                        for country, share in cell.countries:
                            rooms.setdefault((payer, country), {})[flow] = float(share)
            for r, _, _ in cell.parts:
                for variable, weight in self._terms.get((r, step), {}).items():
                    into[variable] = -weight
            if into:
                self._require(into, pulp.LpConstraintEQ, 0)
        for payer, terms in sorted(out.items()):
            self._require(terms, pulp.LpConstraintLE, self._scaled(self._steps[step].available[payer]))
        for (payer, country), terms in sorted(rooms.items()):
            self._require(terms, pulp.LpConstraintLE, self._scaled((pools.classes[payer].rooms or {})[country]))

    def _add_row(self, row: Row, step: int) -> None:
        """Add a row over what is funded by the end of a step, divided so that its slack is in solver units."""
        largest = max([abs(row.total), *(abs(c) for c in row.amounts.values())], default=0)
        divisor = Fraction(largest) * self._scale or Fraction(max(map(abs, row.choices.values()), default=1) or 1)
        terms: dict[Any, float] = {}
        for at in sorted({NOW, step}):
            for r in self._open if row.total else sorted(row.amounts.keys() | row.choices.keys()):
                if (r, at) not in self._choices:
                    continue
                per_unit = row.amounts.get(r, 0) + row.total
                for variable, weight in self._terms[r, at].items() if per_unit else ():
                    terms[variable] = terms.get(variable, 0.0) + weight * float(per_unit * self._scale / divisor)
                if r in row.choices:
                    choice = self._choices[r, at]
                    terms[choice] = terms.get(choice, 0.0) + float(row.choices[r] / divisor)
        self._impossible |= not terms and row.at_most < 0
        if terms:
            self._require(terms, pulp.LpConstraintLE, float(row.at_most / divisor))

    def _objective(self) -> dict[Any, float]:
        requests = self._round.problem.requests
        highest = max((requests[r].merit for r in self._round.fundable), default=Fraction(0))
        self._worth = highest / 1000 if highest > 0 else Fraction(1)
        terms: dict[Any, float] = {}
        for (r, step), choice in self._choices.items():
            kept = Fraction(1) if step == NOW else self._kept_later * self._steps[step].chance
            merit = float(requests[r].merit * kept / self._worth)
            if self._round.problem.policy.objective == "score":
                terms[choice] = merit
            else:
                terms.update((variable, merit * weight) for variable, weight in self._terms[r, step].items())
        return terms

    def _bound(self, said: float) -> Fraction | None:
        if not math.isfinite(said):
            return None
        scaled = Fraction(-said)
        outward = scaled + abs(scaled) * _OUTWARD + _OUTWARD * 1000
        if self._round.problem.policy.objective == "score":
            return outward * self._worth
        return outward * self._worth * self._scale / int(10 ** minor_exponent(self._round.problem.currency))


def _largest(round_: Prepared) -> int:
    return max((round_.ranges[r].ask for r in round_.fundable), default=1)


def without_floors(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows that awards can keep from the start: all but floors that nothing awarded would miss."""
    return tuple(row for row in rows if row.at_most >= 0)
