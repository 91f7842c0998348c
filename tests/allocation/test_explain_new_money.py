"""The least new money for one request: what trying every amount finds, or that no amount does it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from oracle import is_payable, keeps_policy, limit_parts
from rounds_tried import tried
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.explain.every import short_of_ask
from allocation.explain.new_money import Least, with_new_money
from allocation.policy import Bound, Exclusive, Limit, Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from allocation.verify import breaches

MORE_THAN_ENOUGH = 5_000


def is_enough(problem: Problem, at_least: dict[str, int], request_id: str, amount: int) -> bool:
    """Return whether some awards with so much new money keep every rule and nobody's award falls."""
    richer = with_new_money(problem, request_id, amount)
    parts = limit_parts(richer)
    return any(
        keeps_policy(richer, amounts, parts) and is_payable(richer, amounts) for amounts in tried(richer, at_least)
    )


def least_amount(problem: Problem, at_least: dict[str, int], request_id: str) -> int | None:
    """Return the least new money that is enough, trying one unit after the other; None when none is."""
    if not is_enough(problem, at_least, request_id, MORE_THAN_ENOUGH):
        small = (x for x in range(100) if is_enough(problem, at_least, request_id, x))
        return next(small, None)
    return next(x for x in range(MORE_THAN_ENOUGH + 1) if is_enough(problem, at_least, request_id, x))


@settings(max_examples=30)
@given(problem=problems(requests_max=3, contributions_max=2, countries=COUNTRIES))
def test_it_is_what_trying_every_amount_finds(problem: Problem) -> None:
    decision = solve(problem)
    if decision.status == "infeasible":
        return
    round_ = prepare(problem)
    least = Least(round_, decision)
    for position in short_of_ask(round_, decision):
        request = problem.requests[position]
        told, quick = least.searched(position, seconds=5), least.reckoned(position)
        floors = {award.request_id: award.amount for award in decision.awards} | {request.request_id: told.award}
        wanted = least_amount(problem, floors, request.request_id)
        assert told.enough == wanted
        assert bool(told.never) == (wanted is None)
        if quick.never:
            assert wanted is None
        if wanted is not None:
            assert told.at_least is not None
            assert told.at_least <= wanted
            assert quick.at_least is not None
            assert quick.at_least <= wanted
            assert quick.enough in (None, wanted)
            richer = with_new_money(problem, request.request_id, wanted)
            assert told.decision is not None
            assert breaches(richer, told.decision) == []
            if quick.enough is not None:
                assert breaches(richer, least.shown(quick).decision) == []  # type: ignore[arg-type]


def a_round(policy: Policy) -> Problem:
    windows = ("integration", "institutions", "diaspora")
    requests = tuple(
        Request(subject(n, window=window), 400_00, 400_00, Fraction(90 - 10 * n)) for n, window in enumerate(windows)
    )
    return Problem("T", "USD", ON, PLACES, (Contribution("C-1", "State", 800_00, terms("")),), requests, policy)


def share(percent: int, of: str = "share_of_resources") -> Bound:
    return Bound(of, Fraction(percent, 100), f"{percent}%")  # type: ignore[arg-type]


ROUNDS = {
    "money alone": (Policy("USD"), 400_00, ()),
    "a reserve takes its part of the new money": (Policy("USD", reserve=share(20)), None, ()),
    "a ceiling on resources": (
        Policy("USD", limits=(Limit("D", terms("window=diaspora"), at_most=share(25)),)),
        800_00,
        (),
    ),
    "a ceiling in money": (
        Policy("USD", limits=(Limit("D", terms("window=diaspora"), at_most=Bound("amount", Fraction(300_00), "")),)),
        None,
        ("D",),
    ),
    "a number of awards": (Policy("USD", limits=(Limit("two", terms(""), count_at_most=2),)), None, ("two",)),
    "an exclusive group": (Policy("USD", exclusives=(Exclusive("one", ("R-0", "R-2")),)), None, ("one",)),
}


@pytest.mark.parametrize("name", ROUNDS)
def test_what_stops_the_third_request_and_what_it_takes(name: str) -> None:
    policy, enough, never = ROUNDS[name]
    problem = a_round(policy)
    decision, round_ = solve(problem), prepare(problem)
    position = short_of_ask(round_, decision)[-1]
    told = Least(round_, decision).searched(position, seconds=5)
    assert told.never == never
    if name == "a reserve takes its part of the new money":
        awarded = decision.awarded + 400_00
        assert told.enough is not None
        assert (800_00 + told.enough) * 80 // 100 >= awarded > (800_00 + told.enough - 1) * 80 // 100
        assert told.at_least == told.enough
    else:
        assert told.enough == enough


def test_a_year_that_rounds_to_nothing_still_needs_money_that_may_pay_it() -> None:
    """Of 14 cents all fall in 2026, which C-1 pays; no money may pay 2027, so the request counts as not fundable."""
    money = (Contribution("C-1", "One", 14, terms(""), spend_to=date(2026, 12, 31)),)
    asked = (Request(subject(1), 29, 0, Fraction(1), date(2027, 12, 31), years=((2026, 28), (2027, 1))),)
    problem = Problem("T1", "USD", ON, PLACES, money, asked, Policy("USD", unit=14))
    decision = solve(problem)
    assert decision.awards == ()
    found = Least(prepare(problem), decision).searched(0, seconds=5)
    assert (found.award, found.at_least, found.enough) == (14, 1, 1)
    assert found.decision is not None
    assert breaches(with_new_money(problem, "R-1", 1), found.decision) == []
