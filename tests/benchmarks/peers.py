"""Solvers as they come, each on the same arrays: HiGHS whole, CBC by way of PuLP, SCIP by way of PySCIPOpt.

One thread, seed 0, the gap asked, and a limit in processor seconds, so that other work on the machine takes nothing
from them; amounts stay floats, nothing is verified or explained.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocation.prepared import prepare
from allocation.problem import Problem
from tests.benchmarks.clocks import Clock
from tests.benchmarks.programs import Program, class_program, pair_program, pairs_admitted


@dataclass(frozen=True)
class Said:
    """What a solver came to.

    Attributes:
        status: In the solver's words.
        proven: Whether it says that its awards are within the gap.
        objective: Of its awards, in the decision's units; None without awards.
        building: Processor seconds until the solver has the model.
        solving: Processor seconds from there on.
    """

    status: str
    proven: bool
    objective: float | None
    building: float
    solving: float


def solved(problem: Problem, *, model: str, solver: str, gap: str, limit: float) -> dict[str, Any]:
    """Return what a model of a round comes to; eligibility, pooling and rows are given to it for nothing."""
    round_ = prepare(problem)
    admitted = pairs_admitted(round_)
    by = {"highs": by_highs, "cbc": by_cbc, "scip": by_scip}[solver]
    clock, started = Clock(), time.monotonic()
    program = class_program(round_) if model == "classes" else pair_program(round_, admitted)
    arrays = clock.seconds
    said = by(program, gap=float(gap), limit=limit)
    return {
        "seconds": clock.seconds,
        "wall": time.monotonic() - started,
        "parts": {"building": arrays + said.building, "solving": said.solving},
        "status": said.status,
        "proven": said.proven,
        "objective": said.objective,
        "columns": len(program.gain),
    }


def by_highs(program: Program, *, gap: float, limit: float) -> Said:
    """Return what HiGHS says, its arrays passed whole: as fast as that is possible from Python."""
    import highspy

    clock = Clock()
    highs = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": gap}
    for option, value in {**options, "mip_abs_gap": 0.0}.items():
        highs.setOptionValue(option, value)
    highs.passModel(_for_highs(program))
    building = clock.seconds
    highs.cbMipInterrupt.subscribe(
        lambda event: event.interrupt(clock.seconds > limit)
    )  # its own limit is on the clock
    highs.run()
    info, status = highs.getInfo(), highs.getModelStatus()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Said(
        highs.modelStatusToString(status),
        status == highspy.HighsModelStatus.kOptimal,
        -info.objective_function_value * program.worth if found else None,
        building,
        clock.seconds - building,
    )


def _for_highs(program: Program) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.gain), len(program.at_most)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -program.gain, np.zeros(len(program.gain)), program.upper
    lp.row_lower_, lp.row_upper_ = np.array(program.at_least), np.array(program.at_most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(program.starts, dtype=np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = np.concatenate(program.columns), np.concatenate(program.values)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * program.choices + [kinds.kContinuous] * (len(program.gain) - program.choices)
    return lp


def by_cbc(program: Program, *, gap: float, limit: float) -> Said:
    """Return what the CBC that comes with PuLP says on a model stated in PuLP."""
    import pulp

    clock = Clock()
    problem = pulp.LpProblem("pairs", pulp.LpMaximize)
    kinds = ["Integer"] * program.choices + ["Continuous"] * (len(program.gain) - program.choices)
    columns = [
        problem.add_variable(f"x{n}", 0, None if np.isinf(top) else top, kind)
        for n, (top, kind) in enumerate(zip(program.upper.tolist(), kinds, strict=True))
    ]
    problem.setObjective(pulp.LpAffineExpression({columns[n]: program.gain[n] for n in np.flatnonzero(program.gain)}))
    for where, weights, low, high in _rows(program):
        terms = pulp.LpAffineExpression({columns[n]: weight for n, weight in zip(where, weights, strict=True)})
        sense = pulp.LpConstraintEQ if low == high else pulp.LpConstraintLE if np.isinf(low) else pulp.LpConstraintGE
        problem.addConstraint(pulp.LpConstraint(terms, sense, rhs=low if np.isinf(high) else high))
    building = clock.seconds
    options = {"threads": 1, "gapRel": gap, "timeLimit": limit, "timeMode": "cpu", "options": ["randomCbcSeed 0"]}
    solver = pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, **options)
    problem.solve(solver)
    found = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return Said(
        pulp.LpSolution[problem.sol_status],
        problem.sol_status == pulp.LpSolutionOptimal,
        pulp.value(problem.objective) * program.worth if found else None,
        building,
        clock.seconds - building,
    )


def by_scip(program: Program, *, gap: float, limit: float) -> Said:
    """Return what SCIP says on a model stated in PySCIPOpt."""
    from pyscipopt import Model, quicksum

    clock = Clock()
    model = Model()
    model.hideOutput()
    for name, value in {"limits/gap": gap, "limits/time": limit, "timing/clocktype": 1}.items():
        model.setParam(name, value)
    columns = [
        model.addVar(ub=None if np.isinf(top) else top, vtype="B" if n < program.choices else "C")
        for n, top in enumerate(program.upper.tolist())
    ]
    gains = program.gain.tolist()
    model.setObjective(quicksum(gains[n] * columns[n] for n in np.flatnonzero(program.gain)), "maximize")
    for where, weights, low, high in _rows(program):
        total = quicksum(weight * columns[n] for n, weight in zip(where, weights, strict=True))
        model.addCons(total == high if low == high else total <= high if np.isinf(low) else total >= low)
    building = clock.seconds
    model.optimize()
    return Said(
        model.getStatus(),
        model.getStatus() in ("optimal", "gaplimit"),
        model.getObjVal() * program.worth if model.getNSols() else None,
        building,
        clock.seconds - building,
    )


def _rows(program: Program) -> Any:
    for where, weights, low, high in zip(
        program.columns, program.values, program.at_least, program.at_most, strict=True
    ):
        if len(where):
            yield where.tolist(), weights.tolist(), low, high
