"""How a round's awards change with whose weights make the merit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from allocation.asked import SPARE_SECONDS, asked_apart
from allocation.decide import solve
from allocation.decision import Decision, decimal_text
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.sharing.shared import merit_cost
from allocation.whose_merit import Score, View, under, views
from facility.usecases.build_problem import build_problem
from facility.usecases.share_round import best_decision, percent
from ledgers.errors import FacilityError
from ledgers.rounds import header
from ledgers.store import Book

Progress = Callable[[str], None]


class ScoresAbsent(FacilityError):
    """A round whose merit is not made of reviewers' scores."""

    code = "scores-absent"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of the scores awards.

    Attributes:
        whose: `official`, or as `reviewer R alone`, `without criterion C`.
        scored: Requests that the reviewer scored; all of them otherwise.
        awards: How many.
        common: Awards that the official decision has too, of whatever amount.
        gained: Requests funded here and not there.
        lost: Requests funded there and not here.
        merit: What these awards are worth by the official weights.
        cost_least: Percent of the official optimum that they lose, at least.
        cost_most: The same against the bound, at most.
        status: `optimal` or `feasible`.
    """

    whose: str
    scored: int
    awards: int
    common: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    merit: Decimal
    cost_least: Decimal
    cost_most: Decimal
    status: str


def scored_round(book: Book, round_id: str) -> tuple[Problem, list[Score]]:
    """Return a frozen round and the scores that its merit is made of.

    Raises:
        ScoresAbsent: its policy weighs no criterion.
    """
    problem = build_problem(book, header(book, round_id))
    if not problem.policy.score_weights:
        raise ScoresAbsent(
            f"the merit of round {round_id} came with its requests and is not made of reviewers' scores, so there are "
            "no weights to change",
            remedy="import scores with `facility import scores`, and open a round whose policy has [scores.weights]",
        )
    rows = book.rows("ledgers.rounds", "scores_frozen", round_id=round_id)
    return problem, [(request, reviewer, criterion, Fraction(score)) for request, reviewer, criterion, score in rows]


def readings(
    problem: Problem, scores: list[Score], *, time_limit: float | None = None, progress: Progress | None = None
) -> list[Reading]:
    """Return the official decision and what every other reading of the scores would award, each solved and verified.

    Raises:
        RoundImpossible: the policy's limits cannot hold together.
    """
    best = best_decision(problem, time_limit=time_limit, progress=progress)
    found = [_reading("official", len(problem.requests), problem, best, best)]
    seen = views(scores, weights_of(problem.policy))
    limit = problem.policy.time_limit if time_limit is None else time_limit
    ends = SPARE_SECONDS + 2 * len(seen) * limit
    solved = asked_apart(_solved, problem, seen, limit, seconds=ends, progress=progress)
    return found + [
        _reading(_named(view), view.scored, problem, made, best) for view, made in zip(seen, solved, strict=True)
    ]


def _solved(say: Progress, problem: Problem, seen: Sequence[View], limit: float) -> list[Decision]:
    """Return the decision under every reading of the scores."""
    found = []
    for view in seen:
        say(_named(view))
        found.append(solve(under(problem, view.merits), time_limit=limit))
    return found


def weights_of(policy: Policy) -> list[tuple[str, Fraction]]:
    """Return the criteria that count, with their weights."""
    return [(criterion, weight) for criterion, weight in policy.score_weights if weight > 0]


def _named(view: View) -> str:
    return f"{view.whose} {view.name} alone" if view.is_alone else f"without {view.whose} {view.name}"


def _reading(whose: str, scored: int, problem: Problem, made: Decision, best: Decision) -> Reading:
    here, there = ({award.request_id: award.amount for award in decision.awards} for decision in (made, best))
    number = {request.request_id: r for r, request in enumerate(problem.requests)}
    merit = prepare(problem).objective({number[request]: amount for request, amount in here.items()})
    cost = merit_cost(_worth(made, merit), best)
    return Reading(
        whose,
        scored,
        len(here),
        len(here.keys() & there.keys()),
        tuple(sorted(here.keys() - there.keys())),
        tuple(sorted(there.keys() - here.keys())),
        Decimal(decimal_text(merit)),
        percent(cost.least, ROUND_FLOOR),
        percent(cost.most, ROUND_CEILING),
        made.status,
    )


def _worth(made: Decision, merit: Fraction) -> Decision:
    from dataclasses import replace

    return replace(made, objective=merit)
