"""The engine against an oracle that tries everything, and its promises on random rounds."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import optimum
from strategies import COUNTRIES, problems

from allocation.decision import Decision
from allocation.decision_json import decision_from_json
from allocation.problem import Problem
from allocation.verify import breaches

solve = pytest.importorskip("allocation.decide", reason="the engine is not built here").solve


def assert_best(problem: Problem, decision: Decision) -> None:
    best = optimum(problem)
    if best is None:
        assert decision.status == "infeasible"
        assert decision.conflict
    else:
        assert decision.status == "optimal"
        assert decision.objective == best.value


@settings(max_examples=60)
@given(problems(capped=False, countries=COUNTRIES))
def test_a_tiny_round_is_decided_as_well_as_by_trying_everything(problem: Problem) -> None:
    assert_best(problem, solve(problem))


@settings(max_examples=60)
@given(problems(capped=True))
def test_caps_per_country_cost_a_tiny_round_nothing(problem: Problem) -> None:
    assert_best(problem, solve(problem))


@settings(max_examples=40)
@given(problems(capped=True, countries=COUNTRIES, requests_max=4, contributions_max=3))
def test_no_bound_is_below_what_trying_everything_finds(problem: Problem) -> None:
    best, decision = optimum(problem), solve(problem)
    if best is None:
        assert decision.status == "infeasible"
    else:
        assert decision.bound is not None
        assert decision.objective <= best.value <= decision.bound


@settings(max_examples=40)
@given(problems(requests_max=14, contributions_max=8, scale=1_000_033, countries=COUNTRIES))
def test_no_decision_breaks_a_rule(problem: Problem) -> None:
    decision = solve(problem)
    assert breaches(problem, decision) == []
    assert decision_from_json(decision.to_json()).digest() == decision.digest()


@settings(max_examples=30)
@given(problems(requests_max=10, contributions_max=6, scale=99_991, countries=COUNTRIES), st.randoms())
def test_the_order_of_the_rows_changes_nothing(problem: Problem, order: random.Random) -> None:
    first = solve(problem)
    assume(first.status != "feasible")
    shuffled = dataclasses.replace(
        problem,
        requests=tuple(order.sample(problem.requests, len(problem.requests))),
        contributions=tuple(order.sample(problem.contributions, len(problem.contributions))),
    )
    assert solve(shuffled).digest() == first.digest()
