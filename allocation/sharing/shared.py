"""What a rule of sharing comes to: a decision, seen by the independent verifier, and the limits that it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.decide import gap_between, most_possible
from allocation.decision import Award, Decision, Payment, Unfunded
from allocation.payments import payments
from allocation.prepared import Prepared
from allocation.problem import Problem
from allocation.verify import DecisionUnsound, breaches

_OF_POLICY = (
    "reserve", "at_least", "at_most", "count_at_least", "count_at_most", "exclusive", "requires", "override",
)  # fmt: skip

LEFT_OUT = "payments of contributions with a country share to requests of several countries are left out"
"""What these rules do not look at: such a payment takes room in several countries at once."""


@dataclass(frozen=True, slots=True)
class Shared:
    """How one rule shares a round's money.

    Attributes:
        rule: Its name.
        promise: The fairness that it keeps, in one line; and what is left out of that, where the round has any.
        decision: Its awards and who pays them; verified but for the limits named below.
        broken: What the policy asks and the rule does not keep, by name; in the order of the verifier.
    """

    rule: str
    promise: str
    decision: Decision
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a rule costs in merit against the best there is, as an interval that holds the truth.

    Attributes:
        least: Share of the best decision's merit that is lost; below zero when the rule breaks limits to win more.
        most: Share of the bound that is lost.
    """

    least: Fraction
    most: Fraction


def finished(
    round_: Prepared, rule: str, promise: str, awards: Mapping[int, int], *, bound: Fraction | None = None
) -> Shared:
    """Return awards as a decision, with the limits that they break.

    Args:
        round_: The round.
        rule: The rule's name; the decision says it as its solver.
        promise: What it promises.
        awards: Minor units above zero, by request.
        bound: Upper bound on the objective under the policy; the sum of all asks when there is none.

    Raises:
        DecisionUnsound: anything but a rule of the policy is broken: an earmark, a sum, a figure.
    """
    decision = decided(round_, f"rule of sharing: {rule}", awards, payments(round_, awards, {}), bound=bound)
    whole = f"{promise}; {LEFT_OUT}" if round_.pools.mixed else promise
    return Shared(rule, whole, decision, broken_limits(round_.problem, decision))


def broken_limits(problem: Problem, decision: Decision) -> tuple[str, ...]:
    """Return the names of what the policy asks and a decision does not keep; later objectives are not asked about.

    Raises:
        DecisionUnsound: anything but a rule of the policy is broken: an earmark, a sum, a figure.
    """
    first_only = replace(problem, policy=replace(problem.policy, later=()))
    found = breaches(first_only, decision)
    other = [breach for breach in found if breach.rule not in _OF_POLICY]
    if other:
        raise DecisionUnsound(problem.round_id, other)
    return tuple(dict.fromkeys(breach.who for breach in found))


def merit_cost(decision: Decision, best: Decision) -> Cost:
    """Return what a decision costs: the truth lies between the best known decision and the bound on all decisions.

    What later objectives gave up of the first was known too, so that the policy's own decision may cost something.
    """
    bound = best.reached if best.bound is None else best.bound
    return Cost(_lost(decision.objective, best.reached), _lost(decision.objective, bound))


def _lost(value: Fraction, against: Fraction) -> Fraction:
    return (against - value) / against if against else Fraction(0)


def decided(
    round_: Prepared,
    by: str,
    awards: Mapping[int, int],
    paid: Mapping[int, tuple[Payment, ...]],
    *,
    bound: Fraction | None = None,
) -> Decision:
    """Return awards and payments (by request) as a decision, not yet verified; `by` stands as its solver."""
    problem = round_.problem
    objective = round_.objective(awards)
    limit = max(objective, most_possible(round_) if bound is None else bound)
    names = [request.request_id for request in problem.requests]
    return Decision(
        round_id=problem.round_id,
        currency=problem.currency,
        status="optimal" if limit - objective <= problem.policy.gap * objective else "feasible",
        objective_name=problem.policy.objective,
        objective=objective,
        bound=limit,
        gap=gap_between(objective, limit),
        solver=by,
        seconds=0.0,
        inputs=problem.inputs_digest(),
        resources=problem.resources,
        awarded=sum(awards.values()),
        awards=tuple(Award(names[r], amount, paid[r]) for r, amount in sorted(awards.items())),
        unfunded=tuple(Unfunded(name, (), round_.ranges[r].least) for r, name in enumerate(names) if r not in awards),
        limits=tuple(side.outcome(awards, problem.policy.unit) for side in round_.sides),
    )
