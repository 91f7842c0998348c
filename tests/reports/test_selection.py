"""How a sample is drawn by value, held against trying every start: chances, intervals, and what is certain."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.selection import Plan, number_of, plan

VALUES = st.lists(st.integers(1, 40), min_size=1, max_size=8)


def planned(values: list[int], size: int, seed: int = 1) -> Plan:
    return plan(seed, size, sum(values), sorted(values, reverse=True)[:size])


def hit(values: list[int], way: Plan, start: int) -> list[int]:
    """Return which entries the points fall on, one a point, walking the line in nths of a unit one by one."""
    others = [at for at, value in enumerate(values) if way.cut is None or value < way.cut]
    line = [at for at in others for _ in range(values[at] * way.left)]
    return [line[start + number * way.units] for number in range(way.left)]


@given(values=VALUES, size=st.integers(1, 10))
def test_over_all_starts_every_entry_has_exactly_the_chance_that_is_told(values: list[int], size: int) -> None:
    way = planned(values, size)
    assume(way.left)
    drawn = Counter(at for start in range(way.units) for at in set(hit(values, way, start)))
    for at, value in enumerate(values):
        if way.cut is None or value < way.cut:
            assert Fraction(drawn[at], way.units) == way.chance(value) < 1
        else:
            assert way.chance(value) == 1


@given(values=VALUES, size=st.integers(1, 10))
def test_every_start_draws_as_many_entries_as_are_left_and_none_twice(values: list[int], size: int) -> None:
    way = planned(values, size)
    for start in range(way.units if way.left else 0):
        found = hit(values, way, start)
        assert len(set(found)) == len(found) == way.left


@given(values=VALUES, size=st.integers(1, 10))
def test_the_chances_sum_to_the_size(values: list[int], size: int) -> None:
    way = planned(values, size)
    assert sum(map(way.chance, values)) == min(size, len(values)) == way.certain + way.left


def test_the_largest_are_certain_while_an_interval_could_not_miss_them() -> None:
    assert planned([100, 3, 3, 2, 2], 2) == Plan(1, 100, 1, 10, number_of("1|start") % 10)
    assert planned([100, 10, 3, 3, 2, 2], 3) == Plan(2, 10, 1, 10, number_of("1|start") % 10)
    assert planned([5, 5, 5], 2) == Plan(0, None, 2, 15, number_of("1|start") % 15)
    assert planned([5, 5], 2) == Plan(2, 5, 0, 0, 0)
    assert planned([5], 9) == Plan(1, 5, 0, 0, 0)
    assert plan(1, 9, 0, []) == Plan(0, None, 0, 0, 0)


@pytest.mark.parametrize(("text", "remainder"), [("7|start", 217), ("8|start", 450)])
def test_the_start_is_the_seeds_sha256_read_as_a_number(text: str, remainder: int) -> None:
    # printf '7|start' | sha256sum; python -c 'print(0x... % 1009)'
    assert number_of(text) % 1009 == remainder


def test_the_chance_of_nothing_is_nothing() -> None:
    assert planned([5, 5, 5], 2).chance(0) == 0
    assert plan(1, 9, 0, []).chance(0) == 0
