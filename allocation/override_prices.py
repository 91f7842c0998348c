"""What each manual override costs the round: the round decided again without it, the others kept.

The price is what the first objective could reach without the override, less what it reaches with it. Both are known
only within their bounds, so it is an interval that is valid whatever the gaps.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

from allocation.decision import OverrideOutcome
from allocation.prepared import Prepared, prepare
from allocation.problem import Override, Problem
from allocation.search import Progress, Search


def override_outcomes(
    round_: Prepared, objective: Fraction, bound: Fraction, *, seconds: float, progress: Progress
) -> tuple[OverrideOutcome, ...]:
    """Return each override of a decided round with its price, sorted by request.

    Args:
        round_: The round.
        objective: What the first objective was found to reach with every override, before later ones gave up any of it.
        bound: What it could reach at most with every override.
        seconds: For deciding the round again without one override.
        progress: Told what is asked.
    """
    return tuple(
        _outcome(round_.problem, override, (objective, bound), seconds, progress)
        for override in round_.problem.overrides
    )


def _outcome(
    problem: Problem, override: Override, with_it: tuple[Fraction, Fraction], seconds: float, progress: Progress
) -> OverrideOutcome:
    progress(f"deciding again without the {override.name}")
    kept = tuple(other for other in problem.overrides if other is not override)
    policy = replace(problem.policy, later=())
    without = prepare(replace(problem, overrides=kept, policy=policy))
    search = Search(without, time.monotonic() + seconds, progress)
    search.run()
    reached = without.objective(search.best.awards) if search.best is not None else Fraction(0)
    objective, bound = with_it
    ceiling = search.bound if search.bound is not None else without.objective(_whole(without))
    least, most = max(Fraction(0), reached - bound), max(Fraction(0), ceiling - objective)
    asked = (override.request_id, override.by, override.reason, override.least, override.most)
    return OverrideOutcome(*asked, least, most)


def _whole(round_: Prepared) -> dict[int, int]:
    return {r: round_.ranges[r].ask for r in round_.fundable}
