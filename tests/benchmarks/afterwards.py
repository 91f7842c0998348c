"""What comes after a decision, timed: explanations found by solving again, certificates, the stand-alone checker."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from allocation.decide import solve
from allocation.prepared import prepare
from allocation.problem import Problem
from tests.benchmarks.clocks import Clock, noting

ROOT = Path(__file__).parents[2]
EXPLAIN, CERTIFICATE = "allocation.explain", "allocation.certificate"

_CERTIFY_SECONDS = 300.0
_ON_DEMAND = 3


def is_there(package: str) -> bool:
    """Return whether this engine has a part."""
    return find_spec(package) is not None


def explained(problem: Problem, limit: float) -> dict[str, Any]:
    """Return the seconds of explaining all requests short of their ask, and a few of them as near as can be."""
    every = importlib.import_module("allocation.explain.every")
    round_, decision = prepare(problem), solve(problem, time_limit=limit)
    clock = Clock()
    found = list(every.explain_every(round_, decision))
    seconds = clock.seconds
    short = every.short_of_ask(round_, decision)
    chosen = sorted({short[n * (len(short) - 1) // max(1, _ON_DEMAND - 1)] for n in range(_ON_DEMAND)}) if short else []
    deep, still_open = [], 0
    for request in chosen:
        clock = Clock()
        still_open += every.explain_deep(round_, decision, request).loss.is_open
        deep.append(clock.seconds)
    return {
        "seconds": seconds,
        "status": decision.status,
        "proven": decision.status != "feasible",
        "explained": len(found),
        "with_interval": sum(1 for one in found if one.loss.never or _is_bounded(one.loss)),
        "deep": deep,
        "deep_open": still_open,
        "objective": float(decision.objective),
        "parts": {},
    }


def _is_bounded(loss: Any) -> bool:
    return loss.at_least is not None and loss.at_most is not None


def certified(problem: Problem, limit: float) -> dict[str, Any]:
    """Return the seconds of certifying a decision, those of the stand-alone checker on it, and the gap proven."""
    module, spent = importlib.import_module("allocation.decide"), {}
    module._certified = noting("certificate", module._certified, spent)
    decision = module.solve(problem, time_limit=limit, certify=_CERTIFY_SECONDS)
    bound, objective = decision.certified_bound, decision.objective
    checking, code, said = _checked(problem, decision)
    return {
        "seconds": spent["certificate"],
        "status": decision.status,
        "proven": decision.status != "feasible",
        "certified_gap": None if bound is None or not objective else float((bound - objective) / objective),
        "checking": checking,
        "checker": code,
        "checker_said": said,
        "objective": float(objective),
        "parts": {},
    }


def _checked(problem: Problem, decision: Any) -> tuple[float, int, str]:
    """Return the checker's processor seconds, its exit code and the end of what it said."""
    sys.path.insert(0, str(ROOT / "tests" / "allocation"))
    written = importlib.import_module("checked").written
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), problem, decision)
        command = [sys.executable, str(ROOT / "facility" / "checker" / "check_round.py"), folder]
        clock = Clock()
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        return clock.seconds, run.returncode, (run.stdout or run.stderr).strip()[-300:]
