"""Decisions side by side: nothing is lost or counted twice, and turning the sides round turns the comparison round."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import objective
from strategies import COUNTRIES, problems

from allocation.comparison import Comparison, ComparisonInvalid, Side, change_of, compare, value_of
from allocation.decide import solve
from allocation.problem import Problem
from ledgers.terms import Terms

OPPOSITE = {"gained": "lost", "lost": "gained", "raised": "cut", "cut": "raised", "same": "same", "never": "never"}


@st.composite
def compared(draw: st.DrawFn) -> Comparison:
    """Two or three decisions: a round, the round without earmarks, and the round with half its money."""
    round_ = draw(problems(requests_max=6, contributions_max=4, countries=COUNTRIES))
    free = tuple(dataclasses.replace(c, earmark=Terms(())) for c in round_.contributions)
    poor = tuple(dataclasses.replace(c, available=c.available // 2) for c in round_.contributions)
    others = [dataclasses.replace(round_, contributions=each) for each in (free, poor)]
    chosen = [round_, *others[: draw(st.integers(1, 2))]]
    return compare([Side(f"side {n}", problem, solve(problem)) for n, problem in enumerate(chosen)])


@settings(max_examples=40)
@given(compared())
def test_every_award_of_any_side_is_in_exactly_one_way_changed_or_the_same(found: Comparison) -> None:
    first = found.sides[0].awards
    for number, side in enumerate(found.sides[1:], 1):
        parts = {change: {row.request_id for row in found.changed(number, change)} for change in OPPOSITE}
        assert sum(map(len, parts.values())) == len(found.awards)
        assert parts["gained"] == set(side.awards) - set(first)
        assert parts["lost"] == set(first) - set(side.awards)
        both = set(first) & set(side.awards)
        assert parts["raised"] | parts["cut"] | parts["same"] == both
        assert parts["same"] == {r for r in both if first[r] == side.awards[r]}


@settings(max_examples=40)
@given(compared())
def test_every_table_sums_to_what_each_decision_awards(found: Comparison) -> None:
    for number, side in enumerate(found.sides):
        awarded = side.decision.awarded
        assert sum(row.awarded[number] for row in found.awards) == awarded
        for table in (found.windows, found.regions, found.donors):
            assert sum(row.amounts[number] for row in table) == awarded
        assert sum(row.available[number] for row in found.earmarks) == side.problem.resources
        assert sum(row.unspent[number] for row in found.earmarks) == side.problem.resources - awarded
        assert all(row.unspent[number] >= 0 for row in found.earmarks)
        assert value_of(side, side.problem) == side.decision.objective


@settings(max_examples=40)
@given(compared())
def test_turning_two_sides_round_turns_every_change_round(found: Comparison) -> None:
    there, back = compare(found.sides[:2]), compare(found.sides[1::-1])
    assert [row.request_id for row in there.awards] == [row.request_id for row in back.awards]
    for one, other in zip(there.awards, back.awards, strict=True):
        assert one.changes[0] == OPPOSITE[other.changes[0]]
        assert one.awarded == other.awarded[::-1]
    for name in ("windows", "regions", "donors"):
        assert [(row.name, row.amounts) for row in getattr(there, name)] == [
            (row.name, row.amounts[::-1]) for row in getattr(back, name)
        ]


@settings(max_examples=40)
@given(compared())
def test_a_limit_stands_once_with_its_outcome_in_each_decision(found: Comparison) -> None:
    for number, side in enumerate(found.sides):
        shown = [row.outcomes[number] for row in found.limits if row.outcomes[number] is not None]
        assert sorted(shown, key=repr) == sorted(side.decision.limits, key=repr)
    keys = [(row.name, row.side) for row in found.limits]
    assert len(keys) == len(set(keys))


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_change_is_the_opposite_of_its_way_back(before: int, after: int) -> None:
    assert change_of(before, after) == OPPOSITE[change_of(after, before)]


@settings(max_examples=20)
@given(problems(requests_max=4))
def test_what_awards_are_worth_elsewhere_is_reckoned_by_the_merit_there(problem: Problem) -> None:
    doubled = tuple(dataclasses.replace(r, merit=2 * r.merit) for r in problem.requests)
    side = Side("one", problem, solve(problem))
    assert value_of(side, dataclasses.replace(problem, requests=doubled)) == 2 * objective(problem, side.awards)
    assert value_of(side, dataclasses.replace(problem, requests=(), overrides=())) == Fraction(0)


@settings(max_examples=1)
@given(problems(requests_max=3))
def test_sides_that_cannot_stand_together_are_refused(problem: Problem) -> None:
    side = Side("one", problem, solve(problem))
    euros = Side("two", dataclasses.replace(problem, currency="EUR"), side.decision)
    for sides, said in (
        ([side], "1 decision cannot be compared; name two decisions or scenarios, or more"),
        ([side, side], 'two sides are called "one"; leave one out, or rename a scenario'),
        ([side, euros], "the sides count in EUR and USD; compare within one round"),
    ):
        with pytest.raises(ComparisonInvalid) as refused:
            compare(sides)
        assert f"{refused.value.message}; {refused.value.remedy}" == said
