"""Prices of earmarks are what the relaxation says when solved again with more and with less money."""

from __future__ import annotations

import dataclasses
from datetime import date
from fractions import Fraction

import pytest
from strategies import ON, PLACES, subject, terms
from tight import tight_round

from allocation import search
from allocation.decide import solve
from allocation.explain.beside import beside
from allocation.explain.earmark_prices import donor_costs, earmark_prices, root_prices
from allocation.model import AllocationModel
from allocation.policy import Bound, Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from allocation.relaxation import Relaxation
from allocation.verify import breaches


def relaxed_value(problem: Problem) -> float:
    """Return the value of the relaxation with explicit flow, which shares no line with the other."""
    round_ = prepare(problem)
    answer = AllocationModel(round_, round_.binding_rows, relaxed=True).solve(time_limit=30, gap=Fraction(0))
    assert answer.bound is not None
    return float(answer.bound)


@pytest.mark.parametrize("seed", range(3))
def test_they_are_finite_differences_of_the_other_form(seed: int) -> None:
    problem = tight_round(24, seed)
    now = relaxed_value(problem)
    for price in earmark_prices(prepare(problem)):
        more = Contribution("Z-more", "Z", price.step, terms(price.earmark))
        richer = dataclasses.replace(problem, contributions=(*problem.contributions, more))
        assert float(price.more) == pytest.approx((relaxed_value(richer) - now) / (price.step / 100), abs=0.02)
        if price.less is None:
            continue
        largest = max(
            (c for c in problem.contributions if str(c.earmark) == price.earmark),
            key=lambda c: (c.available, -int(c.contribution_id[2:])),
        )
        poorer = dataclasses.replace(
            problem,
            contributions=tuple(
                dataclasses.replace(c, available=c.available - price.step) if c is largest else c
                for c in problem.contributions
            ),
        )
        assert float(price.less) == pytest.approx((now - relaxed_value(poorer)) / (price.step / 100), abs=0.02)


def two_windows(reserve: Bound | None = None) -> Problem:
    """Return a round in which money for one window is short, and for the other more than enough."""
    requests = (
        Request(subject(1, window="integration"), 1_000_00, 0, Fraction(80)),
        Request(subject(2, window="integration"), 1_000_00, 0, Fraction(50)),
        Request(subject(3, window="diaspora"), 500_00, 0, Fraction(90)),
    )
    money = (
        Contribution("C-1", "State A", 1_500_00, terms("window=integration")),
        Contribution("C-2", "State B", 900_00, terms("window=diaspora")),
    )
    return Problem("T", "USD", ON, PLACES, money, requests, Policy("USD", reserve=reserve))


def test_a_dollar_is_worth_the_merit_that_it_would_fund() -> None:
    told = {price.earmark: (price.less, price.more) for price in earmark_prices(prepare(two_windows()))}
    assert told == {"": (None, 50), "window=diaspora": (0, 0), "window=integration": (50, 50)}


def test_at_a_corner_the_last_dollar_and_the_next_differ() -> None:
    problem = two_windows()
    exact = dataclasses.replace(problem.contributions[0], available=1_000_00)
    corner = dataclasses.replace(problem, contributions=(exact, problem.contributions[1]))
    told = {price.earmark: (price.less, price.more) for price in earmark_prices(prepare(corner))}
    assert told["window=integration"] == (80, 50)
    prices = dict(solve(corner).prices)
    assert 50 <= prices["window=integration"] <= 80


def test_a_donor_sees_what_its_terms_cost() -> None:
    problem = two_windows()
    decision = solve(problem)
    costs = {cost.donor: cost for cost in donor_costs(prepare(problem), decision)}
    assert costs["State A"].at_least == costs["State A"].at_most == 0
    lifted = costs["State B"]
    assert lifted.at_least == 400 * 50
    assert lifted.at_most is not None
    assert lifted.at_least <= lifted.at_most <= lifted.at_least + 1
    assert lifted.decision is not None
    free = dataclasses.replace(problem.contributions[1], earmark=terms(""))
    assert breaches(dataclasses.replace(problem, contributions=(problem.contributions[0], free)), lifted.decision) == []


def test_a_decision_has_the_prices_of_its_root() -> None:
    problem = tight_round(20, 1)
    round_, decision = prepare(problem), solve(problem)
    relaxation = Relaxation(round_)
    assert decision.prices == root_prices(round_, relaxation, relaxation.solve())
    between = {price.earmark: price for price in earmark_prices(round_)}
    for earmark, worth in decision.prices:
        price = between[earmark]
        assert float(price.more) - 0.02 <= float(worth)
        assert price.less is None or float(worth) <= float(price.less) + 0.02
    assert beside(round_, decision).prices == decision.prices
    assert decision.to_json()["prices"][0]["earmark"] == decision.prices[0][0]


def _by_years(problem: Problem) -> Problem:
    """The round with every other request spent in two years, and one contribution for the first of them alone."""
    first, *others = problem.contributions
    dated = (dataclasses.replace(first, spend_to=date(2026, 12, 31)), *others)

    def spent(number: int, asked: Request) -> Request:
        if number % 2:
            return dataclasses.replace(asked, ends_on=date(2026, 12, 31))
        third = asked.ask // 3
        years = ((2026, third), (2027, asked.ask - third))
        return dataclasses.replace(asked, years=years, starts_on=None, ends_on=date(2027, 12, 31))

    requests = tuple(spent(number, asked) for number, asked in enumerate(problem.requests))
    undated = tuple(dataclasses.replace(giver, use_by=None) for giver in dated[1:])
    return dataclasses.replace(problem, contributions=(dated[0], *undated), requests=requests)


@pytest.mark.parametrize("seed", range(4))
def test_prices_of_rounds_by_years_lie_between_the_last_step_and_the_next(seed: int) -> None:
    problem = _by_years(tight_round(20, seed))
    decision, round_ = solve(problem), prepare(problem)
    dated = {str(giver.earmark) for giver in problem.contributions if giver.spend_to}
    between = {price.earmark: price for price in earmark_prices(round_)}
    assert decision.prices
    assert any(worth > 0 for _, worth in decision.prices)
    for earmark, worth in decision.prices:
        price = between[earmark]
        assert float(price.more) - 0.02 <= float(worth)
        assert earmark in dated or price.less is None or float(worth) <= float(price.less) + 0.02


def test_a_dollar_for_the_scarce_year_is_worth_all_that_it_lets_be_spent() -> None:
    """What is scarce is money for 2027; a dollar of it lets another be spent in 2026, so that it is worth twice."""
    ends = date(2027, 12, 31)
    asks = tuple(
        Request(subject(n), 400_00, 0, Fraction(10), ends, years=((2026, 200_00), (2027, 200_00))) for n in (1, 2)
    )
    money = (
        Contribution("C-1", "One", 1_000_00, terms(""), spend_to=date(2026, 12, 31)),
        Contribution("C-2", "Two", 100_00, terms("country=KEN")),
    )
    problem = Problem("T", "USD", ON, PLACES, money, asks, Policy("USD"))
    more = {price.earmark: float(price.more) for price in earmark_prices(prepare(problem))}
    assert more == pytest.approx({"": 20, "country=KEN": 20}, abs=0.02)
    assert {earmark: float(worth) for earmark, worth in solve(problem).prices} == pytest.approx(more, abs=0.02)


def test_prices_that_come_with_a_search_are_those_of_a_relaxation_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PROJECTED_FROM", 1)
    problem = tight_round(20, 1)
    round_, decision = prepare(problem), solve(problem)
    assert decision.method.startswith("projected")
    assert decision.prices
    assert beside(round_, decision).prices == decision.prices
