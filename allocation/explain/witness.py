"""Awards as a verified decision: what a claim of the form "this can be had" stands on.

Such a decision is about the round's first objective and its rules. Later objectives only choose among decisions that
are as good in the first, so they are left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from allocation.decision import Award, Decision, Status, Unfunded
from allocation.exact import ExactAwards
from allocation.payments import payments
from allocation.prepared import Prepared
from allocation.verify import refuse_unless_sound


def witness(round_: Prepared, found: ExactAwards, *, bound: Fraction | None = None) -> Decision:
    """Return awards as a decision with its payments, verified.

    Args:
        round_: The round as it stands for these awards; its problem is what the verifier reads.
        found: Exact awards.
        bound: What no awards of the round can pass; left out: nothing is claimed beyond the awards themselves.

    Raises:
        DecisionUnsound: the verifier refuses them.
    """
    problem = replace(round_.problem, policy=replace(round_.problem.policy, later=()))
    value = round_.objective(found.awards)
    most = value if bound is None else max(bound, value)
    paid = payments(round_, found.awards, found.mixed)
    ids = [request.request_id for request in problem.requests]
    refused = [r for r in range(len(ids)) if r not in found.awards]
    status: Status = "optimal" if most - value <= problem.policy.gap * value else "feasible"
    decision = Decision(
        round_id=problem.round_id,
        currency=problem.currency,
        status=status,
        objective_name=problem.policy.objective,
        objective=value,
        bound=most,
        gap=_gap(value, most),
        solver="",
        seconds=0.0,
        inputs=problem.inputs_digest(),
        resources=problem.resources,
        awarded=sum(found.awards.values()),
        awards=tuple(Award(ids[r], amount, paid[r]) for r, amount in sorted(found.awards.items())),
        unfunded=tuple(Unfunded(ids[r], (), round_.ranges[r].least) for r in refused),
        limits=tuple(side.outcome(found.awards, problem.policy.unit) for side in round_.sides),
    )
    refuse_unless_sound(problem, decision)
    return decision


def _gap(value: Fraction, bound: Fraction) -> float:
    from allocation.decide import gap_between

    return gap_between(value, bound)


def amounts_of(decision: Decision) -> dict[str, int]:
    """Return the awards of a decision, minor units by request."""
    return {award.request_id: award.amount for award in decision.awards}


def positions(round_: Prepared, decision: Decision) -> dict[int, int]:
    """Return the awards of a decision, minor units by the request's position."""
    number = {request.request_id: n for n, request in enumerate(round_.problem.requests)}
    return {number[award.request_id]: award.amount for award in decision.awards}


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the awards that differ: request, then what it has before and after; in order of request."""
    named = sorted(before.keys() | after.keys())
    found = {one: (before.get(one, 0), after.get(one, 0)) for one in named}
    return {one: pair for one, pair in found.items() if pair[0] != pair[1]}
