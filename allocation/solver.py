"""How HiGHS is asked for whole choices: the same on every run, and never believed at once when it says "impossible"."""

from __future__ import annotations

from typing import Any

THREADS = 1
SEED = 0

WHOLE = (
    ("mip_allow_restart", False),
    ("mip_heuristic_run_rins", False),
    ("mip_heuristic_run_root_reduced_cost", False),
)
"""How whole choices are looked for: restarts and sub-problems around the relaxation cost more than they bring here
(DECISIONS.md has the figures)."""


def run_whole(highs: Any) -> None:
    """Run HiGHS on a program with whole choices; what it calls impossible is asked again without its presolve.

    Its presolve has called programs impossible that awarding nothing solves (ERGO-Code/HiGHS issues 2204 and 3090 are
    of that kind). Both runs share the time that was given; where the second finds no end in it, nothing is known.
    """
    highs.run()
    if is_impossible(highs):
        highs.setOptionValue("presolve", "off")
        highs.clearSolver()
        highs.run()
        highs.setOptionValue("presolve", "choose")


def is_impossible(highs: Any) -> bool:
    """Return whether HiGHS says that a program has no solution."""
    import highspy

    impossible = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return highs.getModelStatus() in impossible
