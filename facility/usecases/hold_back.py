"""Whether to decide a round now, or hold money back for pledges that may come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.asked import SPARE_SECONDS, asked_apart
from allocation.decision import Decision
from allocation.hold_back import Comparison, Pledge, compared, scenarios_of
from allocation.problem import Contribution, Problem
from facility.usecases.share_round import best_decision
from ledgers.errors import FacilityError
from ledgers.money import minor_units
from ledgers.staging import staged
from ledgers.terms import folded, parse

Progress = Callable[[str], None]


class PledgesInRound(FacilityError):
    """Pledges that bear the id of money which the round already holds."""

    code = "pledges-in-round"


class WaitingCostInvalid(FacilityError):
    """A cost of waiting that is no share."""

    code = "waiting-cost-invalid"


def read_pledges(problem: Problem, path: Path) -> list[Pledge]:
    """Return the pledges of a file, sorted by id.

    Raises:
        InputRefused: with every error of the file.
        PledgesInRound: the round already holds money under one of these ids.
    """
    rows = staged("pledges", path, on=problem.on, base=problem.currency).frame.rows(named=True)
    held = {folded(c.contribution_id) for c in problem.contributions}
    twice = sorted(row["contribution_id"] for row in rows if folded(row["contribution_id"]) in held)
    if twice:
        raise PledgesInRound(
            f"round {problem.round_id} already holds money under {', '.join(twice)}",
            remedy="give pledges ids of their own, or leave out what has come",
        )
    return sorted(
        (
            Pledge(
                Contribution(
                    row["contribution_id"],
                    row["donor"],
                    minor_units(row["amount"], problem.currency),
                    parse(row["earmark"] or "", places=problem.places),
                ),
                Fraction(row["chance"]),
            )
            for row in rows
        ),
        key=lambda pledge: pledge.contribution.contribution_id,
    )


def waiting_cost(text: str) -> Fraction:
    """Return the share of its merit that a request loses by being funded later, from text such as `2%` or `0.02`.

    Raises:
        WaitingCostInvalid: it is no share from 0 to 1.
    """
    told = text.strip()
    try:
        share = Fraction(told.removesuffix("%").strip()) / (100 if told.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise WaitingCostInvalid(f"--waiting-costs {text} is no share", remedy="write it as 2% or 0.02")
    return share


def held_back(
    problem: Problem,
    pledges: Sequence[Pledge],
    *,
    waiting_costs: Fraction,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Return what deciding now, in two steps or later is worth by the first objective.

    Later objectives are left out of every course: what they gave up of the first would look like a gain of waiting.

    Raises:
        RoundImpossible: the round as it stands has no decision.
        PledgesTooMany: more ways to arrive than are looked at.
    """
    problem = replace(problem, policy=replace(problem.policy, later=()))
    best = best_decision(problem, time_limit=time_limit, progress=progress)
    limit = problem.policy.time_limit if time_limit is None else time_limit
    ends = SPARE_SECONDS + 4 * limit * (1 + len(scenarios_of(pledges)))
    about = (problem, pledges, best, waiting_costs, limit)
    return asked_apart(_compared, *about, seconds=ends, progress=progress)


def _compared(
    say: Progress, problem: Problem, pledges: Sequence[Pledge], best: Decision, waiting_costs: Fraction, limit: float
) -> Comparison:
    return compared(problem, pledges, best, waiting_costs=waiting_costs, time_limit=limit, progress=say)
