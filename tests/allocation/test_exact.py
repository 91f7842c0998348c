"""From floats to whole minor units: exact amounts are found where they exist, and nothing else is accepted."""

from __future__ import annotations

import time
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import is_payable, keeps_policy, possible_awards
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.aims import View
from allocation.answer import Answer
from allocation.exact import exact_awards
from allocation.limits import WholeRow
from allocation.model import best_whole
from allocation.network import MoneyNetwork, demand_of
from allocation.policy import Bound, Limit, Policy
from allocation.prepared import Prepared, prepare
from allocation.problem import Contribution, Problem, Request


def deadline() -> float:
    return time.monotonic() + 30


def a_round(given_money: list[tuple[int, str]], asks: list[tuple[int, int, str]], policy: Policy) -> Prepared:
    contributions = [Contribution(f"C-{n}", "State", m, terms(e)) for n, (m, e) in enumerate(given_money, start=1)]
    requests = [
        Request(subject(n, country=country), ask, least, Fraction(10 + n), ON)
        for n, (ask, least, country) in enumerate(asks, start=1)
    ]
    return prepare(Problem("T", "USD", ON, PLACES, tuple(contributions), tuple(requests), policy))


def answer(amounts: dict[int, float]) -> Answer:
    return Answer("solved", frozenset(amounts), amounts)


def test_a_cent_too_much_is_taken_from_the_award_that_is_worth_least() -> None:
    round_ = a_round([(1_000_001, "")], [(600_000, 1, "KEN"), (600_000, 1, "UGA")], Policy("USD"))
    found = exact_awards(round_, answer({0: 400_001.6, 1: 599_999.9}), deadline=deadline())
    assert found is not None
    assert found.awards == {0: 400_001, 1: 600_000}


def test_money_that_must_meet_to_the_cent_meets() -> None:
    given_money = [(333_333_333_331, "country=KEN"), (333_333_333_337, "country=UGA"), (7, "")]
    asks = [(333_333_333_334, 333_333_333_334, "KEN"), (10**13, 1, "UGA")]
    round_ = a_round(given_money, asks, Policy("USD"))
    found = exact_awards(round_, answer({0: 333_333_333_334.0, 1: 333_333_333_344.9}), deadline=deadline())
    assert found is not None
    assert found.awards == {0: 333_333_333_334, 1: 333_333_333_341}


def test_partial_awards_are_multiples_of_the_unit_and_the_whole_ask_stays_possible() -> None:
    asks = [(1_050, 300, "KEN"), (777, 150, "UGA")]
    round_ = a_round([(1_500, "")], asks, Policy("USD", unit=100))
    found = exact_awards(round_, answer({0: 723.0, 1: 777.0}), deadline=deadline())
    assert found is not None
    assert found.awards == {0: 700, 1: 777}


def test_a_choice_that_no_amounts_carry_is_not_rounded_over() -> None:
    round_ = a_round([(999, "")], [(1_000, 1_000, "KEN")], Policy("USD"))
    assert exact_awards(round_, answer({0: 1_000.0}), deadline=deadline()) is None


def test_a_share_is_kept_on_the_final_cents() -> None:
    third = Limit("third", terms("country=UGA"), at_most=Bound("share_of_awarded", Fraction(1, 3), "1/3"))
    round_ = a_round([(100, "")], [(100, 1, "KEN"), (100, 1, "UGA")], Policy("USD", limits=(third,)))
    found = exact_awards(round_, answer({0: 66.66, 1: 33.34}), deadline=deadline())
    assert found is not None
    assert found.awards == {0: 67, 1: 33}


def test_a_payment_that_uses_room_in_two_countries_is_whole_and_within_both() -> None:
    capped = Contribution("C-1", "State", 10, terms(""), country_cap=3)
    free = Contribution("C-2", "State", 5, terms("country=KEN|UGA"))
    both = Request(subject(1, country="KEN:60|UGA:40"), 10, 10, Fraction(1), ON)
    round_ = prepare(Problem("T", "USD", ON, PLACES, (capped, free), (both,), Policy("USD")))
    assert round_.pools.mixed == [(0, 0)]
    for hint in (4.7, 5.3):
        found = exact_awards(round_, Answer("solved", frozenset({0}), {0: 10.0}, {(0, 0): hint}), deadline=deadline())
        assert found is not None
        assert found.mixed == {(0, 0): 5}


@settings(max_examples=60)
@given(problems(countries=COUNTRIES), st.data())
def test_whatever_is_returned_is_payable_and_within_the_policy(problem: Problem, data: st.DataObject) -> None:
    round_ = prepare(problem)
    hints = {
        r: data.draw(st.sampled_from([a for a in possible_awards(problem.requests[r], problem.policy.unit) if a]))
        + data.draw(st.floats(-0.9, 0.9))
        for r in round_.fundable
        if data.draw(st.booleans())
    }
    pairs = [pair for pair in round_.pools.mixed if set(round_.pools.shares_in(pair[1:])) & set(hints)]
    mixed = {pair: data.draw(st.floats(0, 9)) for pair in pairs}
    found = exact_awards(round_, Answer("solved", frozenset(hints), hints, mixed), deadline=deadline())
    by_id = {} if found is None else {problem.requests[r].request_id: a for r, a in found.awards.items()}
    if found is not None:
        assert set(found.awards) == set(hints)
        assert all(round_.ranges[r].holds(award) for r, award in found.awards.items())
        assert keeps_policy(problem, by_id)
        assert is_payable(problem, by_id)
        network = MoneyNetwork(round_.pools, demand_of(round_, found.awards), found.mixed)
        assert network.fill() == 0
        assert network.is_sound


def test_small_whole_programs_are_solved_to_their_best() -> None:
    rows = [WholeRow({0: 3, 1: 5}, 11), WholeRow({0: 1, 1: -1}, 1)]
    assert best_whole({0: Fraction(2), 1: Fraction(3)}, rows, [0, 0], [9, 9], time_limit=10) == [2, 1]
    assert best_whole({0: Fraction(1)}, [WholeRow({0: 2}, -1)], [0], [9], time_limit=10) is None


def test_the_lowest_view_counts_in_small_whole_programs() -> None:
    views = [View(Fraction(0), {0: Fraction(1)}), View(Fraction(4), {1: Fraction(3, 2)})]
    rows = [WholeRow({0: 1, 1: 1}, 9)]
    assert best_whole({}, rows, [0, 0], [9, 9], views=views, time_limit=10) == [7, 2]
    assert best_whole({1: Fraction(2)}, rows, [0, 0], [9, 9], views=views, time_limit=10) == [0, 9]
