"""Requests that tell their years apart, and money that may be spent only on some days: as good as trying everything."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import keeps_policy, limit_parts, objective, possible_awards
from strategies import ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from allocation.relaxation import Relaxation
from allocation.verify import breaches
from ledgers.money import split
from ledgers.terms import admits

FROM = (None, None, date(2026, 1, 1), date(2027, 1, 1))
UNTIL = (None, None, date(2026, 12, 31), date(2027, 12, 31))


@st.composite
def dated(draw: st.DrawFn) -> Problem:
    problem = draw(problems(requests_max=4, capped=False))
    requests = []
    for request in problem.requests:
        if request.ask >= 3 and draw(st.booleans()):
            first = draw(st.integers(1, request.ask - 1))
            years = ((2026, first), (2027, request.ask - first))
            requests.append(dataclasses.replace(request, years=years, ends_on=None))
        else:
            requests.append(request)
    contributions = [
        dataclasses.replace(c, spend_from=draw(st.sampled_from(FROM)), spend_to=draw(st.sampled_from(UNTIL)))
        for c in problem.contributions
    ]
    return dataclasses.replace(problem, requests=tuple(requests), contributions=tuple(contributions))


def pieces(problem: Problem, request: Request, award: int) -> list[tuple[date, date, int]]:
    """Return first day, last day and amount of each year of an award."""
    if not request.years:
        last = request.ends_on or problem.on
        return [(min(problem.on, last), last, award)]
    amounts = split(award, [amount for _, amount in request.years])
    return [(date(y, 1, 1), date(y, 12, 31), n) for (y, _), n in zip(request.years, amounts, strict=True)]


def is_payable(problem: Problem, amounts: dict[str, int]) -> bool:
    """Return whether money reaches every year of every award: Hall's condition over all sets of these."""
    asked = [
        (request, first, last, amount)
        for request in problem.requests
        if request.request_id in amounts
        for first, last, amount in pieces(problem, request, amounts[request.request_id])
    ]

    def pays(c: Contribution, request: Request, first: date, last: date) -> bool:
        ends = [day for day in (c.use_by, c.spend_to) if day]
        in_time = (not ends or last <= min(ends)) and (c.spend_from is None or c.spend_from <= first)
        return in_time and admits(c.earmark, request.subject, problem.places)

    for size in range(1, len(asked) + 1):
        for chosen in itertools.combinations(asked, size):
            have = sum(c.available for c in problem.contributions if any(pays(c, *one[:3]) for one in chosen))
            if sum(amount for *_, amount in chosen) > have:
                return False
    # A year that nothing falls in still has to be one that some money may pay.
    return all(any(pays(c, *one[:3]) and c.available for c in problem.contributions) for one in asked)


def best_value(problem: Problem) -> Fraction | None:
    parts, found = limit_parts(problem), []
    for awards in itertools.product(*[possible_awards(r, problem.policy.unit) for r in problem.requests]):
        amounts = {r.request_id: a for r, a in zip(problem.requests, awards, strict=True) if a}
        if sum(awards) <= problem.resources and keeps_policy(problem, amounts, parts) and is_payable(problem, amounts):
            found.append(objective(problem, amounts))
    return max(found, default=None)


@settings(max_examples=80)
@given(dated())
def test_years_are_decided_as_well_as_by_trying_everything(problem: Problem) -> None:
    best = best_value(problem)
    decision = solve(problem)
    if best is None:
        assert decision.status == "infeasible"
        return
    assert breaches(problem, decision) == []
    assert decision.objective == best
    relaxation = Relaxation(prepare(problem))
    assert relaxation.bound(relaxation.solve()) >= best


def test_each_year_is_paid_by_money_that_may_be_spent_in_it() -> None:
    money = (
        Contribution("C-1", "A", 600, terms(""), spend_to=date(2026, 12, 31)),
        Contribution("C-2", "B", 500, terms(""), spend_from=date(2027, 1, 1)),
    )
    request = Request(subject(1), 1000, 100, Fraction(50), years=((2026, 400), (2027, 600)))
    decision = solve(Problem("T", "USD", ON, PLACES, money, (request,), Policy("USD")))
    (award,) = decision.awards
    paid = [(p.contribution_id, p.year, p.amount) for p in award.payments]
    assert award.amount == 833  # 600/1000 of 833 is 499.8, of 834 it is 500.4; the cent goes to the larger rest
    assert paid == [("C-1", 2026, 333), ("C-2", 2027, 500)]
