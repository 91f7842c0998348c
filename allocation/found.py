"""What a search leaves behind, in whichever process it ran: small, exact, and all that a decision is made of."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

from allocation.exact import ExactAwards
from allocation.prepared import Prepared
from allocation.search import Reached, Search
from allocation.steps import steps


@dataclass(frozen=True, slots=True)
class Found:
    """What is known when a search ends.

    Attributes:
        best: The best exact awards, or None.
        bound: Upper bound on the first objective of any awards, or None.
        impossible: No awards keep the rules.
        method: Which forms answered, and whether the search was raced or cut short.
        reached: Of each step that ended: the best value found, and the bound.
        conflict: When impossible: an irreducible set of rules that cannot hold together; empty when none was found.
        forbidding: When the best are no awards at all: the rules that together allow none; empty when others do.
        prices: What a major unit under each earmark is worth at the search's own relaxation; None: it was not asked.
    """

    best: ExactAwards | None = None
    bound: Fraction | None = None
    impossible: bool = False
    method: str = ""
    reached: tuple[tuple[Fraction, Fraction], ...] = ()
    conflict: tuple[str, ...] = ()
    forbidding: tuple[str, ...] = ()
    prices: tuple[tuple[str, Fraction], ...] | None = None

    def is_proven(self, gap: Fraction) -> bool:
        """Return whether the first objective is settled: nothing is possible, or its best is within a gap."""
        if self.impossible:
            return True
        if self.best is None or not self.reached:
            return False
        best, bound = self.reached[0]
        return bound - best <= gap * abs(best)

    def steps_reached(self, round_: Prepared, best: ExactAwards) -> list[Reached]:
        """Return what is known of every step of the round's policy, given the awards that are kept."""
        search = Search(round_, time.monotonic(), lambda _: None)
        known = zip(steps(round_), self.reached, strict=False)  # a search that was cut short has not ended them all
        search.reached = [Reached(step, value, bound) for step, (value, bound) in known]
        search.settle(best)
        return search.reached
