"""The rule of splitting, for a few movements and for many balances at a time: both are the same, and lose nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ledgers.journal.splitting import Chain, Step, parts_of
from ledgers.journal.splitting_many import Many, parts_of_many

UNITS = st.integers(0, 10**9)


@st.composite
def chains(draw: st.DrawFn) -> list[Chain]:
    """Return balances with movements that are all to be split; some take more than there is."""
    found: list[Chain] = []
    entry = 0
    for _ in range(draw(st.integers(1, 4))):
        balances = draw(st.lists(st.integers(-100, 10**9), min_size=1, max_size=5))
        steps = []
        for units in draw(st.lists(UNITS, min_size=1, max_size=5)):
            entry += 1
            steps.append(Step(entry, units))
        found.append(Chain([f"C{place}" for place in range(len(balances))], balances, steps))
    return found


def together(given_chains: list[Chain]) -> set[tuple[int, str, int]]:
    """Return what falls on each contribution, split together."""

    def laid(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    many = Many(
        laid([len(chain.balances) for chain in given_chains]),
        laid([units for chain in given_chains for units in chain.balances]),
        laid([len(chain.steps) for chain in given_chains]),
        laid([step.entry for chain in given_chains for step in chain.steps]),
        laid([step.units for chain in given_chains for step in chain.steps]),
    )
    names = [name for chain in given_chains for name in chain.contributions]
    entries, places, units = parts_of_many(many)
    return {(int(e), names[int(p)], int(u)) for e, p, u in zip(entries, places, units, strict=True)}


@given(chains())
def test_many_balances_are_split_as_each_alone(given_chains: list[Chain]) -> None:
    apart = {part for chain in given_chains for part in parts_of(chain)}
    assert together(given_chains) == apart


@given(chains())
def test_a_movement_falls_whole_and_within_a_unit_of_its_share(given_chains: list[Chain]) -> None:
    for chain in given_chains:
        left = dict(zip(chain.contributions, chain.balances, strict=True))
        for step in chain.steps:
            whole = sum(max(units, 0) for units in left.values())
            parts = {name: units for entry, name, units in parts_of(chain) if entry == step.entry}
            assert sum(parts.values()) == step.units
            for name, units in left.items():
                if whole:
                    assert abs(parts.get(name, 0) - Fraction(step.units * max(units, 0), whole)) < 1
            left = {name: units - parts.get(name, 0) for name, units in left.items()}
