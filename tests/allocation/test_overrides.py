"""Manual overrides: kept to the unit, priced by an interval that holds the true cost, named where they cannot hold."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import is_payable, keeps_policy, limit_parts, objective, optimum, possible_awards
from strategies import ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.decision_json import decision_from_json
from allocation.policy import Policy
from allocation.problem import Contribution, Override, Problem, Request
from allocation.verify import breaches


@st.composite
def overridden(draw: st.DrawFn) -> Problem:
    problem = draw(problems(requests_max=4, contributions_max=3).filter(lambda p: p.requests))
    request = draw(st.sampled_from(problem.requests))
    least, most = sorted((draw(st.integers(0, request.ask)), draw(st.integers(0, request.ask))))
    return dataclasses.replace(problem, overrides=(Override(request.request_id, least, most, "Board", "agreed"),))


def best_with(problem: Problem) -> Fraction | None:
    """Return the best value of awards that keep the override, by trying every award."""
    import itertools

    (override,) = problem.overrides
    parts, values = limit_parts(problem), []
    for awards in itertools.product(*[possible_awards(r, problem.policy.unit) for r in problem.requests]):
        amounts = {r.request_id: a for r, a in zip(problem.requests, awards, strict=True) if a}
        kept = override.least <= amounts.get(override.request_id, 0) <= override.most
        possible = kept and sum(awards) <= problem.resources and keeps_policy(problem, amounts, parts)
        if possible and is_payable(problem, amounts):
            values.append(objective(problem, amounts))
    return max(values, default=None)


@settings(max_examples=60)
@given(overridden())
def test_an_override_is_kept_and_its_price_holds_the_true_cost(problem: Problem) -> None:
    best, free = best_with(problem), optimum(dataclasses.replace(problem, overrides=()))
    decision = solve(problem)
    if best is None:
        assert decision.status == "infeasible"
        return
    assert decision.objective == best
    assert breaches(problem, decision) == []
    (price,) = decision.overrides
    assert free is not None
    assert price.price_least <= free.value - best <= price.price_most
    assert decision_from_json(decision.to_json()) == dataclasses.replace(
        decision, seconds=decision.to_json()["seconds"]
    )


def test_an_override_that_no_money_can_keep_is_named_in_the_conflict() -> None:
    money = (Contribution("C-1", "State", 100, terms("country=UGA")),)
    requests = (Request(subject(1), 100, 100, Fraction(1)), Request(subject(2, country="UGA"), 100, 100, Fraction(1)))
    forced = Override("R-1", 100, 100, "Board", "agreed with the city")
    problem = Problem("T", "USD", ON, PLACES, money, requests, Policy("USD"), overrides=(forced,))
    decision = solve(problem)
    assert (decision.status, decision.conflict) == ("infeasible", ("override of R-1 by Board",))
