"""The search for the best exact awards: which model is asked, in which order, and what is known after each answer.

Small rounds ask the explicit form once. Larger ones go by its relaxation's prices: choices that the prices settle are
fixed, the rest is solved in the projected form, Hall conditions are added until money reaches the awards, and the
fixed part is narrowed until the bound proves it. Where that does not end, the explicit form follows. Where whole
amounts lose more than the policy's gap, or do not exist, awards become steps of the unit in the model; where the unit
is too fine for that, the choice is excluded and the next best one tried, while the bound stays the first one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.exact import ExactAwards, exact_awards
from allocation.model import AllocationModel, Answer
from allocation.network import MoneyNetwork, Shortage, demand_of
from allocation.prepared import Prepared
from allocation.prices import Prices

PROJECTED_FROM = 200
"""Requests from which the projected form is asked first."""

_CORE = 250
_PROJECTED_ROUNDS = 24
_CHOICES_MAX = 12
_SOLVER_SHARE_OF_GAP = Fraction(9, 10)
_CORE_SHARE_OF_GAP = Fraction(9, 20)

Progress = Callable[[str], None]


@dataclass
class Search:
    """The state of one solve: the best exact awards so far, and the lowest valid bound.

    Attributes:
        round_: The round.
        deadline: On the monotonic clock.
        progress: Told one line at a time how far the search is.
        best: The best exact awards found.
        bound: Upper bound on the objective of any awards.
        impossible: The solver says that no awards keep the rules.
        stepped: Whether the last model asked had awards in steps of the unit.
    """

    round_: Prepared
    deadline: float
    progress: Progress
    best: ExactAwards | None = None
    bound: Fraction | None = None
    impossible: bool = False
    stepped: bool = False
    _banned: list[frozenset[int]] = field(default_factory=list)

    @property
    def value(self) -> Fraction:
        """Return the objective of the best awards; 0 when there are none."""
        return self.round_.objective(self.best.awards) if self.best is not None else Fraction(0)

    @property
    def is_done(self) -> bool:
        """Return whether the best awards are within the policy's gap, or nothing more can be found in time."""
        if time.monotonic() > self.deadline or self.impossible:
            return True
        if self.best is None or self.bound is None:
            return False
        return self.bound - self.value <= self.round_.problem.policy.gap * self.value

    def run(self) -> None:
        """Search until done, or until nothing is left to try."""
        self.impossible = bool(self.round_.hopeless)
        if self.is_done:
            return
        if len(self.round_.fundable) >= PROJECTED_FROM and not self.round_.pools.mixed:
            self._projected()
        if not self.is_done:
            self._explicit()
        if not self.is_done and self.round_.steps_fit:
            self.stepped, self._banned = True, []
            self._explicit()
        while not self.is_done and self.best is None and len(self._banned) < _CHOICES_MAX:
            if not self._explicit():
                return

    @property
    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _explicit(self) -> bool:
        """Ask the explicit form once; return whether it had a choice to offer."""
        model = AllocationModel(self.round_, self.round_.binding_rows, stepped=self.stepped, banned=self._banned)
        gap = self.round_.problem.policy.gap * _SOLVER_SHARE_OF_GAP
        answer = model.solve(time_limit=self._left, gap=gap)
        if not self._banned:
            self.impossible = answer.verdict == "infeasible"
            self._lower(answer.bound)
        if answer.verdict != "solved":
            return False
        if not self._finish(answer):
            self._banned.append(answer.funded)
        return True

    def _finish(self, answer: Answer) -> bool:
        """Make a choice exact and keep it if it is the best so far; return whether it has an exact form."""
        found = exact_awards(self.round_, answer, deadline=max(self.deadline, time.monotonic() + 1))
        if found is not None and (self.best is None or self.round_.objective(found.awards) > self.value):
            self.best = found
        self.progress(f"objective {float(self.value):,.2f}, bound {float(self.bound or 0):,.2f}")
        return found is not None

    def _lower(self, bound: Fraction | None) -> None:
        if bound is not None:
            self.bound = bound if self.bound is None else min(self.bound, bound)

    def _projected(self) -> None:
        """Ask the projected form, on the choices that prices leave open, until it is proven or rounds are used up."""
        relaxed = AllocationModel(self.round_, self.round_.binding_rows, relaxed=True)
        prices = relaxed.prices(time_limit=self._left)
        if prices.verdict != "solved":
            self.impossible = prices.verdict == "infeasible"
            return
        self._lower(prices.bound)
        shortages = list(prices.shortages)
        penalties = {r: Fraction(penalty) * prices.worth for r, penalty in prices.penalties.items()}
        ordered = sorted(penalties.values())
        margin = ordered[min(_CORE, len(ordered) - 1)]
        for _ in range(_PROJECTED_ROUNDS):
            fixed = {r: r in prices.favoured for r, penalty in penalties.items() if penalty > margin}
            answer = self._ask_projected(shortages, fixed)
            if answer.verdict == "infeasible" and fixed:
                margin = margin * 8 if margin else ordered[-1]
            elif answer.verdict != "solved":
                self.impossible = answer.verdict == "infeasible"
                return
            elif new := [shortage for shortage in self._shortages(answer) if shortage not in shortages]:
                shortages += new
            elif not self._finish(answer) or self._is_settled(prices, answer, margin, fixed):
                return
            else:
                margin = max(margin, (prices.bound - self.value) * Fraction(10001, 10000))

    def _ask_projected(self, shortages: list[Shortage], fixed: dict[int, bool]) -> Answer:
        model = AllocationModel(self.round_, self.round_.binding_rows, shortages=shortages, fixed=fixed)
        return model.solve(time_limit=self._left, gap=self.round_.problem.policy.gap * _CORE_SHARE_OF_GAP)

    def _is_settled(self, prices: Prices, answer: Answer, margin: Fraction, fixed: dict[int, bool]) -> bool:
        """Lower the bound by what an answer proves; return whether more rounds would prove no more.

        Awards that turn a fixed choice round are worth at most the prices' bound less the margin.
        """
        if answer.bound is not None:
            self._lower(max(answer.bound, prices.bound - margin) if fixed else answer.bound)
        return self.is_done or not fixed or margin > prices.bound - self.value

    def _shortages(self, answer: Answer) -> list[Shortage]:
        """Return the Hall conditions that an answer's amounts, rounded down, break by more than rounding."""
        pools = self.round_.pools
        awards = {r: int(amount) for r, amount in answer.awards.items() if amount >= 1}
        network = MoneyNetwork(pools, demand_of(pools, awards))
        if network.fill() <= len(awards):
            return []
        return [shortage.lifted(pools) for shortage in network.shortages()]
