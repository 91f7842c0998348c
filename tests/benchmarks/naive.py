"""The model that one writes first: a variable for each contribution and each request that it may pay, in raw HiGHS.

The same round, rows, gap, seed and scale as the engine's; amounts stay floats, nothing is made exact, verified or
explained. The arrays are passed to HiGHS whole, as fast as that is possible from Python.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from allocation.classes import Eligibility
from allocation.limits import Row
from allocation.model import SEED, THREADS
from allocation.prepared import Prepared
from ledgers.terms import country_shares


@dataclass(frozen=True, slots=True)
class Naive:
    """What the naive model came to: processor seconds to build and solve, status, objective and bound."""

    seconds: float
    status: str
    objective: float
    bound: float
    columns: int


class _Matrix:
    """Rows of a sparse matrix, as they come."""

    def __init__(self) -> None:
        self.starts, self.indices, self.values = [0], [], []
        self.lower, self.upper = [], []

    def add(self, indices, values, lower, upper) -> None:  # type: ignore[no-untyped-def]
        self.indices.append(np.asarray(indices, dtype=np.int32))
        self.values.append(np.asarray(values, dtype=np.float64))
        self.starts.append(self.starts[-1] + len(self.indices[-1]))
        self.lower.append(lower)
        self.upper.append(upper)


def solved(round_: Prepared, *, time_limit: float) -> Naive:
    """Return the naive model's result on a round; eligibility is given to it for nothing."""
    problem = round_.problem
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    admitted = np.array([eligibility.row(c.earmark) for c in problem.contributions])
    ends = np.array([(r.ends_on or problem.on).toordinal() for r in problem.requests])
    for position, contribution in enumerate(problem.contributions):
        if contribution.use_by is not None:
            admitted[position] &= ends <= contribution.use_by.toordinal()
    started = time.process_time()
    lp, scale = _model(round_, admitted)
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", THREADS), ("random_seed", SEED), ("time_limit", time_limit),
        ("mip_rel_gap", float(problem.policy.gap) * 0.9), ("mip_abs_gap", 0.0),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    highs.run()
    seconds = time.process_time() - started
    info = highs.getInfo()
    status = highs.modelStatusToString(highs.getModelStatus())
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    objective = -info.objective_function_value * scale if found else float("nan")
    return Naive(seconds, status, objective, -info.mip_dual_bound * scale, lp.num_col_)


def _model(round_: Prepared, admitted):  # type: ignore[no-untyped-def]
    problem, spans = round_.problem, round_.ranges
    asks, contributions = len(problem.requests), problem.contributions
    unit = max(span.ask for span in spans) / 100_000
    pays, paid = np.nonzero(admitted)
    columns = 2 * asks + len(pays)
    first = 2 * asks
    matrix = _Matrix()
    for r, span in enumerate(spans):
        matrix.add([asks + r, r], [1, -span.ask / unit], -np.inf, 0)
        matrix.add([asks + r, r], [1, -span.least / unit], 0, np.inf)
    for c, contribution in enumerate(contributions):
        own = np.flatnonzero(pays == c)
        matrix.add(first + own, np.ones(len(own)), -np.inf, contribution.available / unit)
        if contribution.country_cap is not None:
            _cap(matrix, round_, first, own, paid, c, unit)
    order = np.argsort(paid, kind="stable")
    bounds = np.searchsorted(paid[order], np.arange(asks + 1))
    for r in range(asks):
        own = order[bounds[r] : bounds[r + 1]]
        matrix.add(np.r_[first + own, asks + r], np.r_[np.ones(len(own)), -1], 0, 0)
    for row in round_.binding_rows:
        _row(matrix, row, asks, unit)
    cost = np.zeros(columns)
    merit = np.array([float(request.merit) for request in problem.requests])
    cost[asks : 2 * asks] = -merit / merit.max() * 1000
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(matrix.lower)
    lp.col_cost_, lp.col_lower_ = cost, np.zeros(columns)
    lp.col_upper_ = np.r_[np.ones(asks), [span.ask / unit for span in spans], np.full(len(pays), np.inf)]
    lp.row_lower_, lp.row_upper_ = np.array(matrix.lower), np.array(matrix.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(matrix.starts, dtype=np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = np.concatenate(matrix.indices), np.concatenate(matrix.values)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * asks + [kinds.kContinuous] * (columns - asks)
    return lp, unit * merit.max() / 1000 / 100


def _cap(matrix, round_, first, own, paid, c, unit):  # type: ignore[no-untyped-def]
    by_country: dict[str, list[tuple[int, float]]] = {}
    for column in own:
        for country, share in country_shares(round_.problem.requests[paid[column]].subject.country):
            by_country.setdefault(country, []).append((first + column, float(share)))
    contribution = round_.problem.contributions[c]
    used = dict(contribution.country_used)
    for country, parts in by_country.items():
        room = max(0, contribution.country_cap - used.get(country, 0))
        matrix.add([p for p, _ in parts], [s for _, s in parts], -np.inf, room / unit)


def _row(matrix: _Matrix, row: Row, asks: int, unit: float) -> None:
    largest = max([abs(c) for c in row.amounts.values()] + [abs(row.total)]) or 1
    amounts = dict.fromkeys(range(asks), row.total) if row.total else {}
    for r, coefficient in row.amounts.items():
        amounts[r] = amounts.get(r, 0) + coefficient
    divisor = Fraction(largest) * Fraction(unit) if amounts else Fraction(1)
    indices = [asks + r for r in amounts] + list(row.choices)
    values = [c / largest for c in amounts.values()] + [float(c / divisor) for c in row.choices.values()]
    matrix.add(indices, values, -np.inf, float(row.at_most / divisor))
