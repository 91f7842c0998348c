"""One piece of work in a process of its own: a job as JSON comes in as the argument, what it came to goes out as JSON.

    python -m tests.benchmarks.child '{"work": "ours", "donors": 20, "requests": 80, "seed": 1, "gap": "1e-4",
        "limit": 60}'

Neither making the random round nor importing is counted.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from allocation.problem import Problem
from tests.benchmarks.clocks import Clock, noting
from tests.benchmarks.rounds import full_round

Job = dict[str, Any]
Came = dict[str, Any]

PARTS = {
    "search": ("allocation.search", "Search.run"),
    "explanation": ("allocation.decide", "_explained"),
    "verification": ("allocation.decide", "refuse_unless_sound"),
    "payments": ("allocation.decide", "payments"),
}
"""What of a solve is told apart: where it is called."""


def main() -> None:
    """Do the job and print what it came to."""
    job = json.loads(sys.argv[1])
    print(json.dumps(WORKS[job["work"]](job)))


def problem_of(job: Job) -> Problem:
    """Return the round that a job is about."""
    if "donors" not in job:
        sys.path.insert(0, str(Path(__file__).parents[1] / "allocation"))
        return importlib.import_module("tight").tight_round(job["requests"], job["seed"])
    return full_round(job["donors"], job["requests"], job["seed"], gap=Fraction(job["gap"]))


def ours(job: Job) -> Came:
    """Solve a round with the engine: everything from the problem to the verified, explained decision."""
    problem = problem_of(job)
    spent = _told_apart()
    from allocation.decide import solve

    clock, started = Clock(), time.monotonic()
    decision = solve(problem, time_limit=job["limit"])
    seconds, wall = clock.seconds, time.monotonic() - started
    return {
        "seconds": seconds,
        "wall": wall,
        "parts": spent,
        "status": decision.status,
        "proven": decision.status != "feasible",
        "objective": float(decision.objective),
        "bound": float(decision.bound) if decision.bound is not None else None,
        "gap": decision.gap,
        "explained": len(decision.unfunded) + sum(1 for award in decision.awards if award.because),
        "unfunded": len(decision.unfunded),
        "method": decision.method,
        "decision": decision.digest(),
    }


def _told_apart() -> dict[str, float]:
    """Let each part of a solve note its processor seconds; a part that the engine does not have is left out."""
    spent: dict[str, float] = {}
    for part, (module, path) in PARTS.items():
        owner: Any = importlib.import_module(module)
        *outer, name = path.split(".")
        for step in outer:
            owner = getattr(owner, step, None)
        if hasattr(owner, name):
            setattr(owner, name, noting(part, getattr(owner, name), spent))
    return spent


def peer(job: Job) -> Came:
    """Solve the same round with a model written by hand."""
    from tests.benchmarks import peers

    return peers.solved(problem_of(job), **{name: job[name] for name in ("model", "solver", "gap", "limit")})


def explain(job: Job) -> Came:
    """Explain a decided round by solving again."""
    from tests.benchmarks import afterwards

    started = time.monotonic()
    return {**afterwards.explained(problem_of(job), job["limit"]), "wall": time.monotonic() - started}


def certify(job: Job) -> Came:
    """Certify a decided round and check its certificate."""
    from tests.benchmarks import afterwards

    started = time.monotonic()
    return {**afterwards.certified(problem_of(job), job["limit"]), "wall": time.monotonic() - started}


WORKS: dict[str, Callable[[Job], Came]] = {
    "ours": ours,
    "tight": ours,
    "peer": peer,
    "explain": explain,
    "certify": certify,
}

if __name__ == "__main__":
    main()
