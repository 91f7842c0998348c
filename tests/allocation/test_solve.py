"""The whole engine: edges, small tight rounds, both forms of the model, time, order, and the verifier's veto."""

from __future__ import annotations

import dataclasses
import importlib
import random
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from oracle import optimum
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms
from tight import tight_round

from allocation import projected as projected_form
from allocation import search
from allocation.decide import RoundUnsolved, gap_between, solve
from allocation.policy import Bound, Limit, Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from allocation.relaxation import Relaxation
from allocation.verify import DecisionUnsound, breaches


def a_round(
    available: list[int], asks: list[tuple[int, int, int]], policy: Policy | None = None, earmark: str = ""
) -> Problem:
    money = tuple(Contribution(f"C-{n}", "State", have, terms(earmark)) for n, have in enumerate(available))
    requests = [Request(subject(n), ask, least, Fraction(merit)) for n, (ask, least, merit) in enumerate(asks)]
    return Problem("T", "USD", ON, PLACES, money, tuple(requests), policy or Policy("USD"))


def test_no_money_no_requests_and_no_merit_are_decided_with_nothing_missing() -> None:
    nothing = [a_round([], [(100, 100, 5)]), a_round([100], []), a_round([], []), a_round([0], [(5, 0, 5)])]
    nothing.append(a_round([100], [(100, 100, 5)], earmark="country=FJI"))
    for problem in nothing:
        decision = solve(problem)
        assert (decision.status, decision.objective, decision.bound, decision.gap) == ("optimal", 0, 0, 0.0)
        assert decision.awards == ()
        assert len(decision.unfunded) == len(problem.requests)
    worthless = solve(a_round([100], [(100, 100, 0)]))
    assert (worthless.status, worthless.objective, worthless.bound, worthless.gap) == ("optimal", 0, 0, 0.0)


def test_money_goes_where_it_earns_most_and_the_rest_where_a_part_is_useful() -> None:
    decision = solve(a_round([600, 400], [(700, 700, 90), (900, 200, 80), (500, 500, 95)]))
    assert {award.request_id: award.amount for award in decision.awards} == {"R-1": 500, "R-2": 500}
    assert decision.objective == Fraction(500 * 80 + 500 * 95, 100)
    assert decision.bound == decision.objective
    assert decision.gap == 0.0


def test_score_counts_requests_whatever_their_size() -> None:
    policy = Policy("USD", objective="score")
    decision = solve(a_round([1_000], [(1_000, 1_000, 9), (400, 400, 5), (600, 600, 5)], policy))
    assert [award.request_id for award in decision.awards] == ["R-1", "R-2"]
    assert (decision.objective, decision.bound, decision.status) == (10, 10, "optimal")


@pytest.mark.parametrize(("asks", "seed"), [(20, 0), (30, 1), (40, 2), (60, 3), (20, 4), (30, 5), (40, 14), (60, 15)])
def test_small_tight_rounds_are_decided_within_the_gap(asks: int, seed: int) -> None:
    problem = tight_round(asks, seed)
    decision = solve(problem, time_limit=30)
    assert decision.status == "optimal"
    assert breaches(problem, decision) == []


def test_a_tight_round_does_not_depend_on_the_order_of_its_rows() -> None:
    problem, order = tight_round(40, 6), random.Random(6)
    shuffled = dataclasses.replace(
        problem,
        requests=tuple(order.sample(problem.requests, len(problem.requests))),
        contributions=tuple(order.sample(problem.contributions, len(problem.contributions))),
    )
    assert solve(shuffled).digest() == solve(problem).digest()


@settings(max_examples=50)
@given(problems(capped=True))
def test_the_projected_form_finds_what_trying_everything_finds(problem: Problem) -> None:
    best = optimum(problem)
    decision = projected(problem)
    if best is None:
        assert decision.status == "infeasible"
    else:
        assert (decision.status, decision.objective) == ("optimal", best.value)


@pytest.mark.parametrize("seed", range(4))
def test_both_forms_agree_on_a_tight_round(seed: int) -> None:
    problem = tight_round(40, 20 + seed)
    explicit, other = solve(problem), projected(problem)
    assert explicit.status == other.status == "optimal"
    assert explicit.bound is not None
    assert other.bound is not None
    assert explicit.objective <= other.bound
    assert other.objective <= explicit.bound


def projected(problem: Problem) -> object:
    """Solve with the form for large rounds, whatever the size; at first only two choices are left open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "PROJECTED_FROM", 1)
        patch.setattr(projected_form, "_CORE", 1)
        return solve(problem)


@settings(max_examples=50)
@given(problems(capped=False, countries=COUNTRIES))
def test_prices_bound_every_choice_that_they_settle(problem: Problem) -> None:
    """Forcing a choice against the prices leaves at most the bound less its penalty."""
    best = optimum(problem)
    assume(best is not None)
    assert best is not None
    round_ = prepare(problem)
    assume(not round_.hopeless and round_.fundable)
    relaxation = Relaxation(round_)
    point = relaxation.solve(time_limit=10)
    assert point.verdict == "solved"
    bound, gains = relaxation.bound(point), relaxation.gains(point)
    assert best.value <= bound
    funded = {r for r in round_.fundable if best.amounts.get(problem.requests[r].request_id, 0) > 0}
    for r in round_.fundable:
        if (r in funded) != (gains[r] > 0):
            assert best.value <= bound - abs(gains[r])


def test_an_objective_is_a_whole_multiple_of_its_step() -> None:
    problem = a_round([100], [(90, 90, 6), (60, 20, 4)], Policy("USD", unit=10))
    assert prepare(problem).objective_step == Fraction(20, 100)


def test_no_time_and_no_rule_against_nothing_gives_nothing_with_its_true_gap() -> None:
    decision = solve(a_round([100], [(100, 100, 5)]), time_limit=0)
    assert (decision.status, decision.objective, decision.bound, decision.gap) == ("feasible", 0, 5, 1.0)


def test_no_time_and_a_floor_is_refused_by_name() -> None:
    floor = Limit("spend", terms(""), at_least=Bound("amount", Fraction(50), "0.50"))
    with pytest.raises(RoundUnsolved) as refused:
        solve(a_round([100], [(100, 100, 5)], Policy("USD", limits=(floor,))), time_limit=0)
    assert refused.value.message == (
        "no decision that keeps every rule was found in 0 seconds (spend refuses no awards)"
    )
    assert refused.value.remedy == "give the solver more time with `--time-limit`, or loosen the rule"


def test_nothing_unsound_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("allocation.decide")
    honest = module.payments

    def overdrawn(*given_: object) -> object:
        paid = honest(*given_)  # type: ignore[arg-type]
        return {r: tuple(dataclasses.replace(p, amount=p.amount + 1) for p in parts) for r, parts in paid.items()}

    monkeypatch.setattr(module, "payments", overdrawn)
    with pytest.raises(DecisionUnsound):
        solve(a_round([100], [(100, 100, 5)]))


def test_progress_is_told() -> None:
    told: list[str] = []
    solve(a_round([100], [(100, 100, 5)]), progress=told.append)
    assert told == ["1 classes of money, 1 cells of requests", "merit 5.00, bound 5.00"]


def test_a_gap_is_never_rounded_down() -> None:
    third = gap_between(Fraction(3), Fraction(4))
    assert Fraction(third) >= Fraction(1, 3)
    assert third == pytest.approx(1 / 3)


def test_what_the_solvers_presolve_calls_impossible_is_asked_again() -> None:
    """Found by trying everything: only awarding nothing keeps this floor, and HiGHS 1.15.1 called that impossible."""
    asks = [("KEN", 1), ("KEN", 1), ("KEN", 1), ("KEN", 0), ("KEN", 0), ("BGD:50|FJI:25|MDA:25", 0)]
    requests = tuple(
        Request(subject(number, country=country), 1, least, Fraction(0))
        for number, (country, least) in enumerate(asks, start=1)
    )
    floor = Limit("floor", terms(""), "country", at_least=Bound("share_of_awarded", Fraction(26, 100), "26%"))
    policy = Policy("USD", gap=Fraction(1, 10**6), limits=(floor,))
    money = (Contribution("C-1", "State", 1, terms("")),)
    decision = solve(Problem("T", "USD", ON, PLACES, money, requests, policy))
    assert (decision.status, decision.awarded) == ("optimal", 0)


def test_the_projected_form_gives_way_once_its_steps_are_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PROJECTED_FROM", 1)
    patient = solve(tight_round(20, 5))
    monkeypatch.setattr(projected_form, "_STEPS_MAX", -1)
    hasty = solve(tight_round(20, 5))
    assert (patient.method, hasty.method) == ("projected", "projected, then classes x cells")
    assert patient.objective == hasty.objective
