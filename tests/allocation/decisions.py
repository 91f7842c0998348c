"""Decisions made by hand for the tests: awards and payments as given, every other figure reckoned to fit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from oracle import objective

from allocation.decision import Award, Decision, LimitOutcome, Payment, Unfunded
from allocation.problem import Problem
from allocation.verify_limits import groups, standings, totals

Paid = Mapping[str, Mapping[str, int]]
"""Request -> contribution -> minor units."""


def decided(problem: Problem, paid: Paid, *, bound: Fraction | None = None) -> Decision:
    """Return the decision that pays `paid`, optimal when no other bound is given."""
    amounts = {request: sum(parts.values()) for request, parts in paid.items()}
    value = objective(problem, amounts)
    limit = value if bound is None else bound
    is_optimal = limit - value <= problem.policy.gap * value
    gap = 0.0 if limit == value else 1.0 if value == 0 else float((limit - value) / value) * (1 + 1e-9)
    return Decision(
        round_id=problem.round_id,
        currency=problem.currency,
        status="optimal" if is_optimal else "feasible",
        objective_name=problem.policy.objective,
        objective=value,
        bound=limit,
        gap=gap,
        solver="by hand",
        seconds=0.0,
        inputs=problem.inputs_digest(),
        resources=problem.resources,
        awarded=sum(amounts.values()),
        awards=tuple(
            Award(request, amounts[request], tuple(Payment(c, paid[request][c]) for c in sorted(paid[request])))
            for request in sorted(paid)
        ),
        unfunded=tuple(Unfunded(r.request_id, (), 0) for r in problem.requests if r.request_id not in paid),
        limits=outcomes(problem, amounts),
    )


def outcomes(problem: Problem, amounts: dict[str, int]) -> tuple[LimitOutcome, ...]:
    """Return how every limit comes out, as the verifier reckons it."""
    return tuple(
        LimitOutcome(s.name, s.side, s.bound, s.actual, s.unit, s.actual == s.bound)
        for group in groups(problem)
        for s in standings(group, totals(group, problem, amounts), problem.resources)
    )
