"""What is certified is never below what awards can reach, and never only what the solver says."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given, settings
from oracle import optimum
from strategies import COUNTRIES, problems
from tight import tight_round

from allocation.certificate import Certificate, certified, certify
from allocation.decide import RoundUnsolved, solve
from allocation.prepared import prepare
from allocation.problem import Problem


def _certified(problem: Problem, objective: Fraction, **options: float) -> Certificate:
    round_ = prepare(problem)
    found = certified(round_, objective, seconds=30, step=round_.objective_step, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


@settings(max_examples=60)
@given(problem=problems(countries=COUNTRIES, requests_max=4, contributions_max=3))
def test_no_awards_of_a_tiny_round_pass_its_certified_bound(problem: Problem) -> None:
    best = optimum(problem)
    if best is not None:
        assert _certified(problem, best.value).bound >= best.value
        worse = best.value / 2
        assert _certified(problem, worse).bound >= best.value


@settings(max_examples=40)
@given(problem=problems(requests_max=4, contributions_max=3))
def test_a_decision_carries_its_certificate_and_is_the_same_every_time(problem: Problem) -> None:
    try:
        first = solve(problem, certify=30)
    except RoundUnsolved:
        return
    assert (first.certificate is None) == (first.status == "infeasible")
    mirrored = dataclasses.replace(
        problem, contributions=problem.contributions[::-1], requests=tuple(reversed(problem.requests))
    )
    assert solve(mirrored, certify=30).digest() == first.digest()


def test_the_order_of_limits_does_not_change_a_certificate() -> None:
    problem = tight_round(40, 2)
    objective = solve(problem).objective
    turned = dataclasses.replace(problem.policy, limits=problem.policy.limits[::-1])
    assert _certified(dataclasses.replace(problem, policy=turned), objective) == _certified(problem, objective)


def test_without_time_nothing_is_certified() -> None:
    decision = solve(tight_round(20, 0))
    assert decision.certified_bound is None
    assert "certificate" not in decision.to_json()


def test_a_bound_is_valid_whenever_the_tree_ends() -> None:
    problem = tight_round(40, 2)
    decision = solve(problem)
    ended = certified(prepare(problem), decision.objective, seconds=0.001, step=Fraction(0, 1) + Fraction(1, 100))
    assert ended is not None
    assert ended.bound >= decision.objective


def test_prices_without_flow_prove_what_prices_with_flow_do(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = tight_round(40, 2)
    objective = solve(problem).objective
    monkeypatch.setattr(certify, "TREE_REQUESTS_MAX", 0)
    with_flow = _certified(problem, objective)
    monkeypatch.setattr(certify, "ARCS_MAX", 0)
    without = _certified(problem, objective)
    assert without.splits == with_flow.splits == 0
    assert abs(without.bound - with_flow.bound) <= objective / 10**9
