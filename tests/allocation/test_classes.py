"""Pools against the meaning of terms, pair by pair; rows against limits reckoned another way; awards by counting."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import broken_limits, keeps_policy, may_pay, possible_awards
from strategies import COUNTRIES, ON, PLACES, SELECTS, problems, subject, terms

from allocation.classes import Eligibility, award_range, pooled
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import country_shares, matched_share

rounds = problems(requests_max=8, contributions_max=6, countries=COUNTRIES)


@given(rounds)
def test_pools_say_for_each_pair_what_the_terms_say(problem: Problem) -> None:
    pools = pooled(problem, Eligibility([r.subject for r in problem.requests], problem.places))
    class_of = {member: n for n, money in enumerate(pools.classes) for member in money.members}
    for c, contribution in enumerate(problem.contributions):
        for r, request in enumerate(problem.requests):
            allowed = contribution.available > 0 and may_pay(contribution, request, problem)
            in_pools = r in pools.cells_of and class_of.get(c) in pools.cells[pools.cells_of[r][0]].payers
            assert in_pools == allowed


def test_money_may_be_spent_on_its_last_day_and_no_day_later() -> None:
    money = Contribution("C-1", "State", 5, terms(""), use_by=ON)
    ends = (ON, ON + timedelta(days=1), None)
    requests = tuple(Request(subject(n), 5, 5, Fraction(1), day) for n, day in enumerate(ends))
    problem = Problem("T", "USD", ON, PLACES, (money,), requests, Policy("USD"))
    assert prepare(problem).fundable == (0, 2)
    assert prepare(dataclasses.replace(problem, on=ON + timedelta(days=1))).fundable == (0,)


@given(rounds)
def test_pools_keep_every_unit_and_capped_money_apart(problem: Problem) -> None:
    pools = pooled(problem, Eligibility([r.subject for r in problem.requests], problem.places))
    for money in pools.classes:
        members = [problem.contributions[member] for member in money.members]
        assert money.available == sum(member.available for member in members)
        capped = [member for member in members if member.country_cap is not None]
        assert (len(members) == 1 and money.rooms is not None) if capped else money.rooms is None
    for cell in pools.cells:
        if any(pools.classes[payer].rooms is not None for payer in cell.payers):
            assert {country_shares(problem.requests[r].subject.country) for r, _, _ in cell.parts} == {cell.countries}


@given(rounds, st.sampled_from(SELECTS))
def test_shares_in_limits_are_those_of_the_language(problem: Problem, text: str) -> None:
    select = terms(text)
    found = Eligibility([r.subject for r in problem.requests], problem.places).shares(select)
    for position, request in enumerate(problem.requests):
        assert found.get(position, Fraction(0)) == matched_share(select, request.subject, problem.places)


@given(rounds)
def test_award_ranges_hold_exactly_the_possible_awards(problem: Problem) -> None:
    for request in problem.requests:
        span = award_range(request, problem.policy.unit)
        expected = {award for award in possible_awards(request, problem.policy.unit) if award > 0}
        assert {award for award in range(1, request.ask + 2) if span.holds(award)} == expected
        assert span.least == min(expected)
        assert span.all_or_nothing == (expected == {request.ask})


@given(rounds, st.data())
def test_rows_break_exactly_when_the_policy_does(problem: Problem, data: st.DataObject) -> None:
    assume(problem.requests)
    round_ = prepare(problem)
    awards = {
        r: data.draw(st.sampled_from(possible_awards(request, problem.policy.unit)))
        for r, request in enumerate(problem.requests)
    }
    awards = {r: award for r, award in awards.items() if award > 0}
    by_id = {problem.requests[r].request_id: award for r, award in awards.items()}
    broken = round_.broken(awards)
    assert (not broken) == keeps_policy(problem, by_id)
    limit_names = {name for name, _ in broken_limits(problem, by_id)}
    assert limit_names <= {row.name for row in broken}
    assert not any(row.is_idle(round_.ranges) for row in broken)
