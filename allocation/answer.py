"""What a solver says, in floats, before anything is made exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Verdict = Literal["solved", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with whole choices, in floats; minor units.

    Attributes:
        verdict: `solved` (values are there), `infeasible`, or `unknown` (no values when time ran out).
        funded: Requests with y = 1.
        awards: Award of each funded request.
        mixed: Payments of capped contributions to requests of several countries, by (class, cell).
        bound: Upper bound on the aim, rounded outward; None when there is none.
        proven: Whether the solver closed the gap asked of it.
    """

    verdict: Verdict
    funded: frozenset[int] = frozenset()
    awards: Mapping[int, float] = field(default_factory=dict, hash=False)
    mixed: Mapping[tuple[int, int], float] = field(default_factory=dict, hash=False)
    bound: Fraction | None = None
    proven: bool = False

    def whole(self) -> dict[int, int]:
        """Return the awards rounded down to minor units, those of one or more."""
        return {r: int(amount) for r, amount in self.awards.items() if amount >= 1}


Heard = Callable[[Answer], None]
"""Told while the solver runs: choices (`solved`) and bounds alone (`unknown`), better each time."""
