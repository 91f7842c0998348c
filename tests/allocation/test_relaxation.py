"""The relaxation's multipliers prove a bound in exact rationals: never below what trying everything finds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from oracle import optimum
from strategies import problems
from tight import tight_round

from allocation.aims import Aim, first_aim
from allocation.bounds import upper_bound
from allocation.hall import broken_hall_rows
from allocation.model import AllocationModel
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.relaxation import Relaxation


@settings(max_examples=60)
@given(problem=problems())
def test_the_bound_is_never_below_the_best_decision(problem: Problem) -> None:
    best = optimum(problem)
    relaxation = Relaxation(prepare(problem))
    point = relaxation.solve()
    if best is None:
        return
    assert point.verdict == "solved"
    assert relaxation.bound(point) >= best.value


@settings(max_examples=30)
@given(problem=problems(requests_max=4))
def test_a_settled_choice_keeps_its_bound_above_the_best_decision_with_it(problem: Problem) -> None:
    best = optimum(problem)
    round_ = prepare(problem)
    relaxation = Relaxation(round_)
    for r in round_.fundable:
        funded = best is not None and problem.requests[r].request_id in best.amounts
        point = relaxation.solve({r: funded})
        if best is not None:
            assert point.verdict == "solved"
            assert relaxation.bound(point) >= best.value


@pytest.mark.parametrize("seed", range(5))
def test_the_bound_is_that_of_the_explicit_form(seed: int) -> None:
    """Both forms have the same relaxation, since Hall conditions say all that explicit flow says."""
    round_ = prepare(tight_round(40, seed))
    relaxation = Relaxation(round_)
    point = relaxation.solve()
    explicit = AllocationModel(round_, round_.binding_rows, relaxed=True).solve(time_limit=30, gap=Fraction(0))
    assert explicit.bound is not None
    assert float(relaxation.bound(point)) == pytest.approx(float(explicit.bound), rel=1e-6)


def test_any_multipliers_bound_and_none_are_weak() -> None:
    round_ = prepare(tight_round(20, 1))
    relaxation = Relaxation(round_)
    point = relaxation.solve()
    nothing = upper_bound(round_, relaxation.aim, relaxation.rows, [Fraction(0)] * len(relaxation.rows))
    assert nothing == round_.objective({r: round_.ranges[r].ask for r in round_.fundable})
    assert relaxation.bound(point) < nothing


def test_a_row_is_added_once() -> None:
    round_ = prepare(tight_round(20, 2))
    relaxation = Relaxation(round_)
    whole = {r: round_.ranges[r].ask for r in round_.fundable}
    row = broken_hall_rows(round_, whole)[0]
    assert relaxation.add(row)
    assert not relaxation.add(row)


def test_an_aim_of_nothing_is_worth_nothing() -> None:
    round_ = prepare(tight_round(20, 2))
    assert Aim("nothing").value({0: 5}) == 0
    assert first_aim(round_.problem, round_.fundable).value({0: 100}) == round_.objective({0: 100})
