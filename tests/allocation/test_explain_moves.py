"""How far one rule of a conflict would have to move: so far is enough, and one unit less is not."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from strategies import terms
from test_conflict import POLICIES, a_round

from allocation.decide import solve
from allocation.explain.moves import SHARE_STEP, Move, moves
from allocation.policy import Bound, Limit, Policy
from allocation.prepared import prepare
from allocation.problem import Problem


def moved(problem: Problem, move: Move, figure: Fraction) -> Problem:
    """Return the round with one side of one rule at another figure."""
    policy = problem.policy
    if move.side == "reserve":
        kept = Bound("amount", problem.resources - figure, "")
        return dataclasses.replace(problem, policy=dataclasses.replace(policy, reserve=kept))
    kind = "share_of_awarded" if move.unit == "share" else "amount"
    value = int(figure) if move.side.startswith("count") else Bound(kind, figure, "")
    limits = tuple(
        dataclasses.replace(limit, **{move.side: value}) if limit.name == move.name.split(":")[0] else limit
        for limit in policy.limits
    )
    return dataclasses.replace(problem, policy=dataclasses.replace(policy, limits=limits))


def without(problem: Problem, name: str) -> Problem:
    policy = problem.policy
    kept = {
        "exclusives": tuple(rule for rule in policy.exclusives if rule.name != name),
        "requires": tuple(rule for rule in policy.requires if rule.name != name),
    }
    return dataclasses.replace(problem, policy=dataclasses.replace(policy, **kept))


@pytest.mark.nightly
@pytest.mark.parametrize("names", POLICIES, ids=" + ".join)
def test_so_far_is_enough_and_one_unit_less_is_not(names: tuple[str, ...]) -> None:
    problem = a_round(POLICIES[names])
    decision = solve(problem)
    found = moves(prepare(problem), decision.conflict, seconds=5)
    assert {move.name for move in found} == set(names)
    for move in found:
        assert move.is_exact
        assert move.enough is not None
        if move.side == "rule":
            assert solve(without(problem, move.name)).status == "optimal"
            continue
        assert move.too_much is not None
        assert solve(moved(problem, move, move.enough)).status == "optimal"
        assert solve(moved(problem, move, move.too_much)).status == "infeasible"
        assert abs(move.enough - move.too_much) == (SHARE_STEP if move.unit == "share" else 1)


def test_a_rule_that_is_not_alone_in_the_way_is_told_so() -> None:
    def floor(name: str, select: str, amount: int) -> Limit:
        return Limit(name, terms(select), at_least=Bound("amount", Fraction(amount), str(amount)))

    first = floor("too much", "window=integration", 5_000_00)
    second = floor("too much as well", "window=diaspora", 5_000_00)
    problem = a_round(Policy("USD", limits=(first, second)))
    found = moves(prepare(problem), ("too much",), seconds=5)
    assert [(move.enough, move.is_exact) for move in found] == [(None, True)]


def test_the_decision_says_it_too() -> None:
    problem = a_round(POLICIES["integration", "institutions", "spend"])
    body = solve(problem).to_json()
    told = {move["rule"]: move for move in body["conflict_moves"]}
    assert {rule: move["enough"] for rule, move in told.items()} == {
        "integration": "0.4",
        "institutions": "0.4",
        "spend": "0",
    }
    assert told["integration"]["sentence"] == (
        'the floor "integration", now 60 % of what is awarded, would alone have to fall to 40 % of what is awarded'
    )
