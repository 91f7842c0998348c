"""Who pays: the order of the rule, checked against maximum flows from the front of the queue alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import may_pay
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.decision import Payment
from allocation.flow import max_flow
from allocation.network import MoneyNetwork, demand_of
from allocation.payments import AwardsUnpayable, payments
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import earmark_class

ORDER = ("tightly", "earmarked", "softly", "unearmarked")


def rank(contribution: Contribution) -> tuple[date, int]:
    return contribution.use_by or date.max, ORDER.index(earmark_class(contribution.earmark, PLACES))


def money(name: str, available: int, earmark: str = "", use_by: date | None = None) -> Contribution:
    return Contribution(name, name, available, terms(earmark), use_by)


def paid(contributions: list[Contribution], asks: list[int]) -> dict[str, dict[str, int]]:
    requests = [Request(subject(n), ask, ask, Fraction(1), ON) for n, ask in enumerate(asks, start=1)]
    problem = Problem("T", "USD", ON, PLACES, tuple(contributions), tuple(requests), Policy("USD"))
    found = payments(prepare(problem), dict(enumerate(asks)), {})
    return {f"R-{r + 1}": {p.contribution_id: p.amount for p in parts} for r, parts in found.items()}


def test_the_earliest_use_by_pays_first_and_then_the_tightest() -> None:
    given_money = [
        money("A", 10), money("B", 10, "country=KEN"), money("C", 10, "country=Africa"),
        money("D", 10, "", date(2027, 1, 1)), money("E", 10, "country=KEN; objective=19"),
    ]  # fmt: skip
    assert paid(given_money, [15]) == {"R-1": {"B": 5, "D": 10}}
    assert paid(given_money, [39]) == {"R-1": {"A": 9, "B": 10, "C": 10, "D": 10}}


def test_equals_pay_in_proportion_to_what_they_have_by_largest_remainder() -> None:
    equals = [money("A", 50), money("B", 30), money("C", 21)]
    assert paid(equals, [10, 91]) == {"R-1": {"A": 5, "B": 3, "C": 2}, "R-2": {"A": 45, "B": 27, "C": 19}}


def test_awards_beyond_the_money_are_refused_with_what_is_missing() -> None:
    with pytest.raises(AwardsUnpayable) as refused:
        paid([money("A", 10)], [12])
    assert refused.value.message == "2 minor units of 12 awarded have no money that may pay them"
    assert refused.value.remedy.startswith("solve the round again")


@given(problems(requests_max=6, contributions_max=6, capped=False, countries=COUNTRIES), st.data())
def test_each_front_of_the_queue_pays_all_that_it_can(problem: Problem, data: st.DataObject) -> None:
    round_ = prepare(problem)
    awards = {r: data.draw(st.integers(0, problem.requests[r].ask)) for r in round_.fundable}
    awards = {r: award for r, award in awards.items() if award}
    assume(awards and MoneyNetwork(round_.pools, demand_of(round_, awards)).fill() == 0)
    found = payments(round_, awards, {})
    used: dict[str, int] = {}
    for r, award in awards.items():
        assert sum(part.amount for part in found[r]) == award
        for part in found[r]:
            payer = next(c for c in problem.contributions if c.contribution_id == part.contribution_id)
            assert part.amount > 0
            assert may_pay(payer, problem.requests[r], problem)
            used[part.contribution_id] = used.get(part.contribution_id, 0) + part.amount
    for contribution in problem.contributions:
        assert used.get(contribution.contribution_id, 0) <= contribution.available
        front = [c for c in problem.contributions if rank(c) <= rank(contribution)]
        assert sum(used.get(c.contribution_id, 0) for c in front) == most_paid(problem, front, awards)


def most_paid(problem: Problem, front: list[Contribution], awards: dict[int, int]) -> int:
    """Return how much of the awards some contributions could pay alone, pair by pair."""
    positions = {r: 2 + len(front) + n for n, r in enumerate(awards)}
    arcs = [(0, 2 + n, c.available) for n, c in enumerate(front)]
    arcs += [(node, 1, awards[r]) for r, node in positions.items()]
    for n, contribution in enumerate(front):
        for r, node in positions.items():
            if may_pay(contribution, problem.requests[r], problem):
                arcs.append((2 + n, node, awards[r]))
    return max_flow(2 + len(front) + len(awards), arcs, 0, 1)[0]


def test_payments_are_one_for_each_contribution_and_sorted() -> None:
    problem = Problem(
        "T", "USD", ON, PLACES, (money("B", 5), money("A", 5)),
        (Request(subject(1), 10, 10, Fraction(1)),), Policy("USD"),
    )  # fmt: skip
    assert payments(prepare(problem), {0: 10}, {}) == {0: (Payment("A", 5), Payment("B", 5))}
