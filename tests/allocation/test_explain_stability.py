"""How often awards survive: seeded, the same in any order of rows, and near what exact solves say."""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction

import pytest
from tight import tight_round

from allocation.decide import solve
from allocation.explain.stability import drawn, stability
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Problem


def spreads(problem: Problem, points: int) -> dict[str, Fraction]:
    return {request.request_id: Fraction(points) for request in problem.requests}


def any_amount(seed: int) -> Problem:
    """Return a round without limits in which every request takes any amount: decisions are the relaxation's."""
    problem = tight_round(16, seed)
    requests = tuple(dataclasses.replace(request, minimum=0) for request in problem.requests)
    return dataclasses.replace(problem, requests=requests, policy=Policy("USD"))


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_exact_solves_of_the_same_draws_say(seed: int) -> None:
    problem, draws = any_amount(seed), 12
    spread = spreads(problem, 8)
    told = {one.request_id: one for one in stability(prepare(problem), spread, draws=draws, seed=seed)}
    often = dict.fromkeys(told, 0)
    asks = {request.request_id: request.ask for request in problem.requests}
    for moved in drawn(problem, spread, draws=draws, seed=seed):
        for award in solve(moved).awards:
            often[award.request_id] += 2 * award.amount > asks[award.request_id]
    for request, count in often.items():
        assert told[request].over_half == pytest.approx(count / draws, abs=1 / draws + 1e-9)


def test_it_is_the_same_again_and_in_any_order() -> None:
    problem = tight_round(20, 4)
    first = stability(prepare(problem), spreads(problem, 5), draws=10, seed=7)
    order = random.Random(1)
    shuffled = dataclasses.replace(problem, requests=tuple(order.sample(problem.requests, len(problem.requests))))
    assert stability(prepare(shuffled), spreads(problem, 5), draws=10, seed=7) == first
    assert stability(prepare(problem), spreads(problem, 5), draws=10, seed=8) != first


def test_without_disagreement_nothing_moves() -> None:
    problem = tight_round(20, 2)
    for one in stability(prepare(problem), {}, draws=3):
        assert one.funded == pytest.approx(one.now, abs=1e-6)
        assert one.spread == 0


def test_no_merit_leaves_its_scale() -> None:
    problem = tight_round(20, 3)
    for moved in drawn(problem, spreads(problem, 80), draws=5, seed=1):
        assert all(0 <= request.merit <= 100 for request in moved.requests)
