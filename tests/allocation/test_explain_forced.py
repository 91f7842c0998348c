"""The loss of forcing a request in: its interval holds what trying everything finds, its upper end is a decision."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from oracle import is_payable, keeps_policy, limit_parts, objective, possible_awards
from rounds_tried import tried
from strategies import COUNTRIES, problems
from tight import tight_round

from allocation.decide import solve
from allocation.explain.every import explain_deep, explain_every, short_of_ask
from allocation.explain.forced import forced_in
from allocation.explain.proofs import Prover
from allocation.explain.witness import positions
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.verify import breaches


def best_with(problem: Problem, request_id: str, least: int) -> Fraction | None:
    """Return the best objective of awards that give a request so much, or None when none do."""
    parts = limit_parts(problem)
    worths = [
        objective(problem, amounts)
        for amounts in tried(problem)
        if amounts.get(request_id, 0) >= least
        and keeps_policy(problem, amounts, parts)
        and is_payable(problem, amounts)
    ]
    return max(worths, default=None)


@settings(max_examples=40)
@given(problem=problems(requests_max=4, contributions_max=2, countries=COUNTRIES))
def test_the_interval_holds_what_trying_everything_finds(problem: Problem) -> None:
    decision = solve(problem)
    if decision.status == "infeasible":
        return
    round_ = prepare(problem)
    quick = {one.request_id: one.loss for one in explain_every(round_, decision)}
    for position in short_of_ask(round_, decision):
        request = problem.requests[position]
        near = quick[request.request_id]
        deep = forced_in(round_, decision, position, seconds=5)
        best = best_with(problem, request.request_id, deep.award)
        assert bool(deep.never) == (best is None)
        if best is None:
            continue
        assert not near.never
        loss = decision.objective - best
        for told in (near, deep):
            assert told.at_least is None or told.at_least <= loss
            assert told.certified is None or told.certified <= loss
            assert told.at_most is None or told.at_most >= loss
        assert deep.at_most == loss
        assert deep.decision is not None
        given_ = {award.request_id: award.amount for award in deep.decision.awards}
        assert given_[request.request_id] >= deep.award
        assert given_[request.request_id] in possible_awards(request, problem.policy.unit)


@settings(max_examples=30)
@given(problem=problems(requests_max=4, contributions_max=2))
def test_a_proof_of_a_loss_is_never_above_it(problem: Problem) -> None:
    decision = solve(problem)
    if decision.status == "infeasible":
        return
    round_ = prepare(problem)
    awards = positions(round_, decision)
    for position in round_.fundable:
        if position not in awards:
            best = best_with(problem, problem.requests[position].request_id, round_.ranges[position].least)
            proof = Prover(round_, {position: True}).prove(Fraction(-(10**12)), seconds=5, leaves_max=20)
            if best is not None:
                assert proof.bound >= best


@pytest.mark.parametrize("seed", range(3))
def test_quick_intervals_hold_the_deep_ones_on_tight_rounds(seed: int) -> None:
    problem = tight_round(24, seed)
    decision, round_ = solve(problem), prepare(problem)
    quick = {one.request_id: one for one in explain_every(round_, decision)}
    for position in short_of_ask(round_, decision)[:3]:
        deep = explain_deep(round_, decision, position, seconds=10)
        near = quick[deep.request_id].loss
        if deep.loss.never:
            assert near.at_most is None
            continue
        assert deep.loss.at_least is not None
        assert deep.loss.at_most is not None
        assert not deep.loss.is_open
        assert near.certified is None or near.certified <= deep.loss.at_most
        assert near.at_most is None or near.at_most >= deep.loss.at_least
        assert deep.loss.decision is not None
        assert breaches(problem, deep.loss.decision) == []
        if not deep.awarded:
            proof = Prover(round_, {position: True}).prove(decision.objective, seconds=5, leaves_max=100)
            assert deep.loss.decision.objective <= proof.bound <= decision.objective * Fraction(101, 100)


@pytest.mark.parametrize(
    ("seed", "misses"),
    [
        (0, 6),
        (2, 0),
        *(pytest.param(seed, most, marks=pytest.mark.nightly) for seed in (1, 3, 4, 5) for most in (6, 0)),
    ],
)
def test_every_repair_on_a_tight_round_is_a_sound_decision(
    seed: int, misses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no misses allowed, all awards are found by payments and none by Hall conditions."""
    from allocation.exact import ExactAwards
    from allocation.explain import repair
    from allocation.explain.repair import Neighbourhood
    from allocation.explain.witness import witness
    from allocation.relaxation import Relaxation

    monkeypatch.setattr(repair, "_MISSES_MAX", misses)
    problem = tight_round(40, seed)
    decision, round_ = solve(problem), prepare(problem)
    relaxation = Relaxation(round_)
    near = Neighbourhood(round_, positions(round_, decision), relaxation, relaxation.solve())
    found = 0
    for position in short_of_ask(round_, decision):
        point = relaxation.solve({position: True}, separate=False)
        awards = near.with_request(position, point) if point.verdict == "solved" else None
        if awards is not None:
            found += 1
            shown = witness(round_, ExactAwards(awards, {}), bound=decision.bound)
            assert shown.objective == round_.objective(awards)
    assert found >= len(short_of_ask(round_, decision)) - 1
