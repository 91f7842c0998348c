"""Pro-rata shares beside the exact trace: every total stays, and no share is off by a whole unit."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from decisions import decided
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.attribution import attribution, in_proportion, is_unrestricted
from allocation.decide import solve
from allocation.policy import Policy
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import admits

amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=6)


@given(amounts, amounts)
def test_rows_and_columns_sum_exactly_and_no_share_is_off_by_a_unit(rows: list[int], columns: list[int]) -> None:
    columns = [*columns, max(0, sum(rows) - sum(columns))]
    rows = [*rows, max(0, sum(columns) - sum(rows))]
    matrix, total = in_proportion(rows, columns), sum(rows)
    assert [sum(line) for line in matrix] == rows
    assert [sum(column) for column in zip(*matrix, strict=True)] == columns
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            assert not total or abs(matrix[i][j] - Fraction(row * column, total)) < 1


def test_sums_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="same total"):
        in_proportion([1], [2])


@settings(max_examples=60)
@given(problems(requests_max=8, contributions_max=6, scale=997, countries=COUNTRIES))
def test_each_donor_and_each_request_keeps_its_total_to_the_cent(problem: Problem) -> None:
    decision = solve(problem)
    by_giver: dict[str, Counter[str]] = {"exact": Counter(), "pro_rata": Counter()}
    by_taker: dict[str, Counter[str]] = {"exact": Counter(), "pro_rata": Counter()}
    contributions = {c.contribution_id: c for c in problem.contributions}
    subjects = {r.request_id: r.subject for r in problem.requests}
    for one in attribution(problem, decision):
        for kind, amount in (("exact", one.exact), ("pro_rata", one.pro_rata)):
            by_giver[kind][one.contribution_id] += amount
            by_taker[kind][one.request_id] += amount
        giver = contributions[one.contribution_id]
        assert admits(giver.earmark, subjects[one.request_id], PLACES)
        if not is_unrestricted(giver):
            assert one.pro_rata == one.exact
    assert by_giver["exact"] == by_giver["pro_rata"]
    assert by_taker["exact"] == by_taker["pro_rata"] == Counter({a.request_id: a.amount for a in decision.awards})


def test_unearmarked_money_is_everywhere_and_earmarked_money_where_it_is() -> None:
    asks = tuple(Request(subject(n), 100, 100, Fraction(1)) for n in (1, 2))
    money = (
        Contribution("C-1", "Large", 120, terms("")),
        Contribution("C-2", "Small", 40, terms("")),
        Contribution("C-3", "Kenya's friend", 40, terms("country=KEN")),
    )
    problem = Problem("T", "USD", ON, PLACES, money, asks, Policy("USD"))
    decision = decided(problem, {"R-1": {"C-1": 100}, "R-2": {"C-1": 20, "C-2": 40, "C-3": 40}})
    told = {(one.contribution_id, one.request_id): (one.exact, one.pro_rata) for one in attribution(problem, decision)}
    assert told == {
        ("C-1", "R-1"): (100, 75), ("C-1", "R-2"): (20, 45), ("C-2", "R-1"): (0, 25), ("C-2", "R-2"): (40, 15),
        ("C-3", "R-2"): (40, 40),
    }  # fmt: skip
