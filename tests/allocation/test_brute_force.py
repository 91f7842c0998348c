"""The engine against trying everything, on rounds of up to twelve requests; and the two oracles against each other."""

from __future__ import annotations

import dataclasses

import pytest
from brute_force import best_value, combinations
from hypothesis import assume, given, settings
from oracle import optimum
from strategies import COUNTRIES, problems

from allocation.decide import solve
from allocation.problem import Problem
from allocation.verify import breaches

MOST = 300_000
"""Combinations that are tried at once."""

TWELVE = problems(requests_max=12, contributions_max=6, capped=False, countries=COUNTRIES).filter(
    lambda problem: len(problem.requests) >= 6
)


def assert_as_good_as_any(problem: Problem) -> None:
    best, decision = best_value(problem), solve(problem)
    if best is None:
        assert decision.status == "infeasible"
        assert decision.conflict
    else:
        assert decision.status == "optimal"
        assert decision.objective == best
        assert decision.bound is not None
        assert decision.bound >= best
    assert breaches(problem, decision) == []


def all_or_nothing(problem: Problem) -> Problem:
    """Return the round with every request all or nothing: a knapsack under earmarks and limits."""
    whole = tuple(dataclasses.replace(request, minimum=request.ask) for request in problem.requests)
    return dataclasses.replace(problem, requests=whole)


@settings(max_examples=60)
@given(TWELVE)
def test_a_round_of_up_to_twelve_all_or_nothing_requests_is_decided_as_well_as_by_trying_all(problem: Problem) -> None:
    assert_as_good_as_any(all_or_nothing(problem))


@settings(max_examples=40)
@given(TWELVE)
def test_a_round_of_up_to_twelve_requests_in_parts_is_decided_as_well_as_by_trying_all(problem: Problem) -> None:
    assume(combinations(problem) <= MOST)
    assert_as_good_as_any(problem)


@pytest.mark.nightly
@settings(max_examples=1000)
@given(TWELVE)
def test_a_thousand_rounds_of_up_to_twelve_requests_are_decided_as_well_as_by_trying_all(problem: Problem) -> None:
    assume(combinations(problem) <= MOST)
    assert_as_good_as_any(problem)
    assert_as_good_as_any(all_or_nothing(problem))


@settings(max_examples=60)
@given(problems(requests_max=4, contributions_max=3, capped=False, countries=COUNTRIES))
def test_the_two_ways_of_trying_everything_agree(problem: Problem) -> None:
    slow, fast = optimum(problem), best_value(problem)
    assert fast == (None if slow is None else slow.value)
