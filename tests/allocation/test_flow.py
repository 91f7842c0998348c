"""Maximum flow against every cut of tiny graphs, and the promises that payments rest on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocation.flow import Network, max_flow
from allocation.wide_flow import WideNetwork

NODES = 5
arcs = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(0, 10**14)).filter(
        lambda arc: arc[0] != arc[1]
    ),
    max_size=14,
)


def least_cut(given_arcs: list[tuple[int, int, int]]) -> int:
    """Return the cheapest way to part node 0 from node 1, by trying every set of nodes."""
    others = range(2, NODES)
    sides = [{0, *chosen} for size in range(len(others) + 1) for chosen in combinations(others, size)]
    return min(sum(c for tail, head, c in given_arcs if tail in side and head not in side) for side in sides)


@given(arcs)
def test_the_flow_is_as_large_as_the_smallest_cut(given_arcs: list[tuple[int, int, int]]) -> None:
    value, carried = max_flow(NODES, given_arcs, 0, 1)
    assert value == least_cut(given_arcs)
    assert all(0 <= flow <= capacity for flow, (_, _, capacity) in zip(carried, given_arcs, strict=True))
    for node in range(NODES):
        out = sum(f for f, (tail, _, _) in zip(carried, given_arcs, strict=True) if tail == node)
        into = sum(f for f, (_, head, _) in zip(carried, given_arcs, strict=True) if head == node)
        assert out - into == {0: value, 1: -value}.get(node, 0)


@given(arcs)
def test_both_sides_of_what_is_reached_are_minimum_cuts(given_arcs: list[tuple[int, int, int]]) -> None:
    network = Network(NODES)
    for arc in given_arcs:
        network.add_arc(*arc)
    value = network.augment(0, 1)
    for side in (network.reached_from(0), set(range(NODES)) - network.reaching(1)):
        assert 0 in side
        assert 1 not in side
        assert sum(c for tail, head, c in given_arcs if tail in side and head not in side) == value


@given(arcs)
def test_the_network_in_arrays_sends_as_much_and_cuts_as_small(given_arcs: list[tuple[int, int, int]]) -> None:
    network = WideNetwork(NODES)
    numbers = [network.add_arc(*arc) for arc in given_arcs]
    value = network.augment(0, 1)
    assert value == least_cut(given_arcs)
    flows = network.flows(numbers).tolist()
    assert all(0 <= flow <= capacity for flow, (_, _, capacity) in zip(flows, given_arcs, strict=True))
    for node in range(NODES):
        out = sum(f for f, (tail, _, _) in zip(flows, given_arcs, strict=True) if tail == node)
        into = sum(f for f, (_, head, _) in zip(flows, given_arcs, strict=True) if head == node)
        assert out - into == {0: value, 1: -value}.get(node, 0)
    for side in (network.reached_from(0), set(range(NODES)) - network.reaching(1)):
        assert sum(c for tail, head, c in given_arcs if tail in side and head not in side) == value


def test_paths_longer_than_any_recursion_are_followed() -> None:
    length = 2000
    network = WideNetwork(length)
    network.add_arcs(*(np.array(part) for part in (range(length - 1), range(1, length), [7] * (length - 1))))
    assert network.augment(0, length - 1) == 7


@given(
    st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=2, max_size=4),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
)
def test_money_staged_first_stays_used_first(may: list[list[bool]], have: list[int], want: list[int]) -> None:
    network = Network(2 + len(may) + len(want))
    for payer, row in enumerate(may):
        for asker, allowed in enumerate(row):
            if allowed:
                network.add_arc(2 + payer, 2 + len(may) + asker, 99)
    for asker, amount in enumerate(want):
        network.add_arc(2 + len(may) + asker, 1, amount)
    opened: list[tuple[int, int]] = []
    for payer in range(len(may)):
        before = [network.flow(arc) for arc, _ in opened]
        opened.append((network.add_arc(0, 2 + payer, 0), have[payer]))
        network.widen(opened[-1][0], have[payer])
        network.augment(0, 1)
        assert all(network.flow(arc) >= used for (arc, _), used in zip(opened, before, strict=False))


def test_amounts_beyond_64_bits_keep_every_unit() -> None:
    wide = 10**30 + 7
    assert max_flow(3, [(0, 2, wide), (2, 1, wide - 1)], 0, 1) == (wide - 1, [wide - 1, wide - 1])


def test_amounts_beyond_64_bits_keep_every_unit_in_arrays_too() -> None:
    wide = 10**30 + 7
    network = WideNetwork(3, number=object)
    arcs = [network.add_arc(0, 2, wide), network.add_arc(2, 1, wide - 1)]
    assert (network.augment(0, 1, 10**31), network.flows(arcs).tolist()) == (wide - 1, [wide - 1, wide - 1])


@given(arcs, st.integers(1, 12).map(lambda power: 10**power))
def test_what_is_spread_to_goes_over_arcs_that_are_wide_enough(
    given_arcs: list[tuple[int, int, int]], least: int
) -> None:
    network = WideNetwork(NODES)
    for tail, head, capacity in given_arcs:
        network.add_arc(tail, head, capacity)
    for backwards in (False, True):
        steps = [(h, t) if backwards else (t, h) for t, h, capacity in given_arcs if capacity >= least]
        reached = {0}
        for _ in range(NODES):
            reached |= {head for tail, head in steps if tail in reached}
        flags = network.spread(np.array([0]), backwards=backwards, least=least)
        assert set(np.flatnonzero(flags).tolist()) == reached
