"""How an auditor's sample is drawn: written rules in whole numbers, so that anybody can draw the same sample again.

By value (monetary-unit sampling, systematic). Every smallest unit of money has the same chance. An entry so large that
it could not be missed is taken for certain, once, and the intervals are drawn over the rest: largest first, an entry of
value v is certain while v times the number still to draw is at least the value still left. The rest, N entries of
together V units of which n are to be drawn, stand in a line in the order of their numbers. The line is cut into n
intervals of V/n units; one point is taken in each, all equally far from their interval's beginning. With everything
counted in nths of a unit nothing is ever divided: the line is V·n long, the points are s, s + V, s + 2V ..., and s is
SHA-256 of "SEED|start", read as a number, modulo V. An entry on which a point falls is drawn. No entry is as long as an
interval, so none is drawn twice, and an entry of value v is drawn for exactly v·n of the V possible values of s.

At random. Entries are put in the order of SHA-256 of "SEED|REFERENCE", and the first are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """How the entries of a book are drawn by value.

    Attributes:
        certain: How many are taken for certain, the largest ones.
        cut: The value of the smallest of them, in smallest units; None where none is certain.
        left: How many are drawn by intervals from the rest.
        units: What the rest is worth, in smallest units.
        start: The first point, in `left`ths of a unit; 0 where nothing is drawn by intervals.
    """

    certain: int
    cut: int | None
    left: int
    units: int
    start: int

    def chance(self, units: int) -> Fraction:
        """Return the chance that an entry worth so many units has to be drawn."""
        if self.cut is not None and units >= self.cut:
            return Fraction(1)
        return Fraction(units * self.left, self.units) if self.units else Fraction(0)


def plan(seed: int, size: int, units: int, largest: Sequence[int]) -> Plan:
    """Return how to draw `size` entries by value.

    Args:
        seed: Of the auditor's choice.
        size: How many entries to draw.
        units: What all entries are worth together, in smallest units.
        largest: The values of the `size` largest entries, or of all where there are fewer, largest first; none is 0.
    """
    certain, rest, left = 0, units, size
    while certain < len(largest) and left and largest[certain] * left >= rest:
        rest -= largest[certain]
        certain, left = certain + 1, left - 1
    if not rest:
        left = 0
    cut = largest[certain - 1] if certain else None
    return Plan(certain, cut, left, rest, number_of(f"{seed}|start") % rest if left else 0)


def number_of(text: str) -> int:
    """Return the SHA-256 of a text as a whole number."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)
