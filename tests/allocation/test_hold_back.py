"""Deciding now or later: held against trying every first step on tiny rounds."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import optimum
from strategies import ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.hold_back import Comparison, Pledge, PledgesTooMany, compared, scenarios_of
from allocation.policy import Bound, Limit, Policy
from allocation.problem import Contribution, Problem, Request
from allocation.sharing.shared import LEFT_OUT
from allocation.verify import breaches

GAP = Fraction(1, 10**6)


def pledge(number: int, amount: int, chance: Fraction, earmark: str = "") -> Pledge:
    return Pledge(Contribution(f"P-{number}", f"State {number}", amount, terms(earmark)), chance)


def held(problem: Problem, *pledges: Pledge, waiting_costs: Fraction = Fraction(0)) -> Comparison:
    return compared(problem, pledges, solve(problem), waiting_costs=waiting_costs)


def round_of(asks: list[tuple[int, int]], money: int, *limits: Limit) -> Problem:
    """Return a round of all-or-nothing requests (ask, merit) and one unearmarked contribution."""
    requests = tuple(Request(subject(n), ask, ask, Fraction(merit)) for n, (ask, merit) in enumerate(asks, 1))
    policy = Policy("USD", gap=GAP, limits=limits, digest=repr(limits))
    return Problem("T", "USD", ON, PLACES, (Contribution("C-1", "State", money, terms("")),), requests, policy)


def test_money_is_held_back_for_a_better_request_that_a_pledge_completes() -> None:
    """60 of 100 buys a request of merit 4 now; with 40 more, one of 100 at merit 9 can be bought instead."""
    found = held(round_of([(60, 4), (100, 9)], 60), pledge(1, 40, Fraction(1, 2)))
    all_now, plan, wait = found.courses
    assert all_now.expected == Fraction(240, 100)
    assert plan.now == {}
    assert plan.expected == wait.expected == (Fraction(900, 100) + Fraction(240, 100)) / 2
    assert found.value_of_waiting == plan.expected - all_now.expected
    assert found.bound >= plan.expected


def test_an_unlikely_pledge_is_not_waited_for_when_waiting_costs() -> None:
    found = held(round_of([(60, 4), (100, 9)], 60), pledge(1, 40, Fraction(1, 100)), waiting_costs=Fraction(1, 5))
    assert found.courses[1].now == {"R-1": 60}
    assert found.value_of_waiting == 0


def test_of_equally_good_plans_the_one_that_funds_most_now_is_taken() -> None:
    found = held(round_of([(60, 4), (100, 9)], 160), pledge(1, 40, Fraction(1, 2)))
    assert found.courses[1].now == {"R-1": 60, "R-2": 100}


def test_what_need_not_wait_is_funded_now_and_the_rest_held_back() -> None:
    """R-3 is funded in every way; the 60 beside it are kept for R-2, and R-1 is what they buy when nothing comes."""
    for cost in (Fraction(0), Fraction(1, 100)):
        problem = round_of([(60, 4), (100, 9), (30, 5)], 90)
        found = held(problem, pledge(1, 40, Fraction(1, 2)), waiting_costs=cost)
        assert found.courses[1].now == {"R-3": 30}
        later = Fraction(900 + 240, 200) * (1 - cost)
        assert found.courses[1].expected == Fraction(150, 100) + later
        assert found.courses[1].expected > found.courses[0].expected


def test_the_plan_says_which_money_to_spend_where_the_usual_order_would_spend_the_flexible_first() -> None:
    asks = (
        Request(subject(1), 50, 50, Fraction(5), ends_on=ON),
        Request(subject(2, country="UGA"), 90, 90, Fraction(5), ends_on=ON),
    )
    money = (
        Contribution("C-1", "Any", 50, terms(""), use_by=date(2026, 12, 31)),
        Contribution("C-2", "Kenya", 50, terms("country=KEN")),
    )
    problem = Problem("T", "USD", ON, PLACES, money, asks, Policy("USD", gap=GAP))
    found = held(problem, pledge(1, 40, Fraction(1, 2), "country=UGA"), waiting_costs=Fraction(1, 100))
    assert [payment.contribution_id for payment in found.courses[0].paid["R-1"]] == ["C-1"]
    assert [payment.contribution_id for payment in found.courses[1].paid["R-1"]] == ["C-2"]
    assert found.value_of_waiting == Fraction(1, 2) * Fraction(99, 100) * Fraction(450, 100)


def test_a_floor_that_a_certain_pledge_will_meet_does_not_bind_now() -> None:
    floor = Limit("Uganda", terms("country=UGA"), at_least=Bound("amount", Fraction(90), "90"))
    asks = (Request(subject(1), 50, 50, Fraction(5)), Request(subject(2, country="UGA"), 90, 90, Fraction(1)))
    money = (Contribution("C-1", "Any", 90, terms("")),)
    policy = Policy("USD", gap=GAP, limits=(floor,), digest="floor")
    problem = Problem("T", "USD", ON, PLACES, money, asks, policy)
    found = held(problem, pledge(1, 90, Fraction(1), "country=UGA"), waiting_costs=Fraction(1, 10))
    assert found.courses[0].now == {"R-2": 90}
    assert found.courses[1].now == {"R-1": 50}


def test_a_limit_that_weighs_nothing_is_no_obstacle() -> None:
    staff = Limit("staff", terms(""), at_most=Bound("amount", Fraction(0), "0"), weigh="x_staff")
    assert held(round_of([(60, 4)], 60, staff), pledge(1, 40, Fraction(1, 2))).courses[1].now == {"R-1": 60}


def test_money_that_only_later_requests_can_use_is_not_spent_now() -> None:
    """Either donor's money pays R-1 now; Kenya's alone is fit to complete R-2 with the pledge for Kenya."""
    asks = (Request(subject(1), 50, 50, Fraction(5)), Request(subject(2, country="UGA"), 90, 90, Fraction(5)))
    money = (Contribution("C-1", "Any", 50, terms("")), Contribution("C-2", "Kenya", 50, terms("country=KEN")))
    problem = Problem("T", "USD", ON, PLACES, money, asks, Policy("USD", gap=GAP))
    found = held(problem, pledge(1, 40, Fraction(1, 2), "country=UGA"), waiting_costs=Fraction(1, 100))
    plan = found.courses[1]
    assert plan.now == {"R-1": 50}
    assert [payment.contribution_id for payment in plan.paid["R-1"]] == ["C-2"]
    assert [end.later for end in plan.ends if end.scenario.arrived] == [("R-2",)]


def test_a_floor_may_be_met_by_the_end() -> None:
    floor = Limit("Uganda", terms("country=UGA"), at_least=Bound("amount", Fraction(90), "90"))
    asks = (Request(subject(1), 50, 50, Fraction(5)), Request(subject(2, country="UGA"), 90, 90, Fraction(1)))
    money = (Contribution("C-1", "Any", 100, terms("")),)
    policy = Policy("USD", gap=GAP, limits=(floor,), digest="floor")
    found = held(Problem("T", "USD", ON, PLACES, money, asks, policy), pledge(1, 45, Fraction(1, 2)))
    assert all(course.broken == () for course in found.courses)
    assert all("R-2" in {a.request_id for a in end.decision.awards} for end in found.courses[1].ends)


def test_too_many_pledges_are_refused_and_certain_ones_do_not_count() -> None:
    many = [pledge(n, 10, Fraction(1, 2)) for n in range(7)]
    with pytest.raises(PledgesTooMany, match="7 uncertain pledges arrive in 128 ways"):
        scenarios_of(many)
    sure = [pledge(n, 10, Fraction(n % 2)) for n in range(7)]
    assert [one.arrived for one in scenarios_of(sure)] == [("P-1", "P-3", "P-5")]


@given(st.lists(st.fractions(0, 1, max_denominator=20), max_size=5))
def test_the_chances_of_all_ways_sum_to_one(chances: list[Fraction]) -> None:
    found = scenarios_of([pledge(n, 10, chance) for n, chance in enumerate(chances)])
    assert sum(one.chance for one in found) == 1
    assert len({one.arrived for one in found}) == len(found)


@settings(max_examples=25)
@given(
    problems(requests_max=4, contributions_max=3),
    st.lists(st.tuples(st.integers(1, 20), st.fractions(0, 1, max_denominator=4)), min_size=1, max_size=2),
)
def test_every_scenario_is_sound_and_no_course_beats_the_bound(
    problem: Problem, stated: list[tuple[int, Fraction]]
) -> None:
    best = solve(problem)
    if best.status == "infeasible":
        return
    pledges = [pledge(n, amount, chance) for n, (amount, chance) in enumerate(stated)]
    found = compared(problem, pledges, best)
    for course in found.courses:
        assert course.expected <= found.bound
        for end in course.ends:
            came = tuple(p.contribution for p in pledges if p.contribution.contribution_id in end.scenario.arrived)
            then = Problem("T1", "USD", ON, PLACES, (*problem.contributions, *came), problem.requests, problem.policy,
                           problem.funded_before)  # fmt: skip
            assert {breach.who for breach in breaches(then, end.decision)} == set(end.broken)
            awards = {award.request_id: award for award in end.decision.awards}
            for request, amount in course.now.items():
                assert awards[request].amount == amount
                assert awards[request].payments == course.paid[request]
                assert not {payment.contribution_id for payment in course.paid[request]} & {
                    p.contribution.contribution_id for p in pledges
                }
            perfect = optimum(then)
            assert end.broken or (perfect is not None and end.worth <= perfect.value)
    if not any(course.broken for course in found.courses):
        assert found.value_of_waiting >= -found.courses[0].expected * problem.policy.gap


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=5),
    st.integers(0, 20),
    st.integers(1, 10),
    st.fractions(0, 1, max_denominator=4),
    st.sampled_from((Fraction(0), Fraction(1, 10))),
)
def test_two_steps_are_as_good_as_trying_every_first_step(
    asks: list[tuple[int, int]], money: int, amount: int, chance: Fraction, cost: Fraction
) -> None:
    found = held(round_of(asks, money), pledge(1, amount, chance), waiting_costs=cost)

    def expected(now: tuple[int, ...]) -> Fraction:
        after = chance * _after(asks, now, money + amount) + (1 - chance) * _after(asks, now, money)
        return _worth(asks, now) + (1 - cost) * after

    best = max(expected(now) for now in _choices(len(asks)) if sum(asks[n][0] for n in now) <= money)
    assert abs(found.courses[1].expected - best) <= 3 * GAP * best
    assert found.bound >= best


def _choices(count: int) -> list[tuple[int, ...]]:
    return [some for size in range(count + 1) for some in itertools.combinations(range(count), size)]


def _worth(asks: list[tuple[int, int]], chosen: tuple[int, ...]) -> Fraction:
    return sum((Fraction(asks[n][0] * asks[n][1], 100) for n in chosen), start=Fraction(0))


def _after(asks: list[tuple[int, int]], now: tuple[int, ...], money: int) -> Fraction:
    left = money - sum(asks[n][0] for n in now)
    later = [c for c in _choices(len(asks)) if not set(c) & set(now) and sum(asks[n][0] for n in c) <= left]
    return max(_worth(asks, chosen) for chosen in later)


def test_what_the_steps_do_not_look_at_is_said() -> None:
    asked = (Request(subject(1, country="KEN:50|UGA:50"), 40, 40, Fraction(9)),)
    for cap, said in ((None, ""), (100, LEFT_OUT)):
        money = (Contribution("C-1", "One", 40, terms(""), country_cap=cap),)
        problem = Problem("T1", "USD", ON, PLACES, money, asked, Policy("USD"))
        pledge = Pledge(Contribution("P-1", "Two", 10, terms("window=diaspora")), Fraction(1, 2))
        found = compared(problem, [pledge], solve(problem), waiting_costs=Fraction(0))
        assert found.left_out == said
        assert found.courses[0].expected == Fraction(9 * 40, 100)
        assert found.courses[2].expected == (0 if cap else Fraction(9 * 40, 100))
