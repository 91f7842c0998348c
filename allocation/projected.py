"""The projected form: whole choices over awards, the money kept out of sight by Hall conditions.

The relaxation's multipliers price every choice; those that the prices settle by more than a margin are fixed, and what
is open, the *core*, is solved with whole choices under the rows that the relaxation has gathered. Rows that an answer
breaks are added and the question repeated. An answer proves the better of two bounds: its own for the core, and for
awards that turn a fixed choice round, the relaxation's bound less the margin. The margin is widened until that is
enough.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from allocation.answer import Answer, Heard
from allocation.listener import listen
from allocation.prepared import Prepared
from allocation.relaxation import Columns, Relaxation
from allocation.solver import is_impossible, run_whole

_CORE = 250
_ROUNDS_MAX = 24
_ARCS_MAX = 50_000
"""Arcs between classes and cells up to which the explicit form is the better answer to many broken Hall conditions."""

_STEPS_MAX = 5_000
"""Simplex steps after which broken Hall conditions are many, where the explicit form stands ready."""

_SHARE_OF_GAP = Fraction(9, 20)
_OUTWARD = Fraction(1, 10**9)

Finish = Callable[[Answer], bool]


class Projected:
    """The projected form of one aim.

    Args:
        relaxation: Solved for the aim, with the bound and gains that it proves.
        bound: Of the relaxation.
        gains: What funding each request adds to that bound at the relaxation's prices.
    """

    def __init__(self, relaxation: Relaxation, bound: Fraction, gains: Mapping[int, Fraction]) -> None:
        self._relaxation = relaxation
        self._columns = Columns(relaxation.round_)
        self._gains = gains
        arcs = int(relaxation.round_.pools.matrix.sum())
        self._steps_left = float(_STEPS_MAX if arcs <= _ARCS_MAX else math.inf)
        self.bound = bound
        ordered = sorted(abs(gain) for gain in gains.values())
        self.margin = ordered[min(_CORE, len(ordered) - 1)] if ordered else Fraction(0)
        self._widest = ordered[-1] if ordered else Fraction(0)

    def fixed(self) -> dict[int, bool]:
        """Return the choices that prices settle by more than the margin."""
        return {r: gain > 0 for r, gain in self._gains.items() if abs(gain) > self.margin}

    def widen(self, *, beyond: Fraction = Fraction(0)) -> None:
        """Open more choices: as many as a better decision could need, or, given nothing, many more."""
        if beyond:
            self.margin = max(self.margin, beyond * Fraction(10001, 10000))
        else:
            self.margin = self.margin * 8 if self.margin else self._widest

    def ask(self, fixed: Mapping[int, bool], *, deadline: float, gap: Fraction, heard: Heard | None = None) -> Answer:
        """Return an answer to which the money reaches, within half of a gap; rows that answers break are added.

        `unknown` when answers go on breaking rows; where few classes and cells meet, that is said soon, since the
        explicit form says all these rows at once: soon in the solver's steps, which are the same on any machine.
        `heard` is told of better choices and bounds while the solver runs; money need not reach them.
        """
        for _ in range(_ROUNDS_MAX):
            answer = self._run(fixed, deadline=deadline, gap=gap, heard=heard)
            if answer.verdict != "solved" or not self._relaxation.separated(answer.whole()):
                return answer
            if self._steps_left < 0:
                break
        return Answer("unknown", bound=answer.bound)

    def _run(self, fixed: Mapping[int, bool], *, deadline: float, gap: Fraction, heard: Heard | None) -> Answer:
        relaxation = self._relaxation
        highs = self._columns.loaded(whole=True)
        costs, unit = self._columns.costs(relaxation.aim)
        highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        for row in relaxation.rows:
            indices, values, upper, _ = self._columns.row(row)
            highs.addRow(-np.inf, upper, len(indices), indices, values)
        for view in relaxation.views:
            indices, values, upper = self._columns.view(view, unit)
            highs.addRow(-np.inf, upper, len(indices), indices, values)
        if fixed:
            columns = np.array([self._columns.choice[r] for r in fixed], dtype=np.int32)
            settled = np.array([float(value) for value in fixed.values()])
            highs.changeColsBounds(len(fixed), columns, settled, settled)
        for option, value in (
            ("time_limit", max(0.01, deadline - time.monotonic())),
            ("mip_rel_gap", float(gap * _SHARE_OF_GAP)),
            ("mip_abs_gap", 0.0),
        ):
            highs.setOptionValue(option, value)
        if heard is not None:
            listen(
                highs,
                lambda values, said: heard(self._taken(values, outward(-said, unit), proven=False)),
                lambda said: heard(Answer("unknown", bound=outward(-said, unit))),
            )
        run_whole(highs)
        self._steps_left -= highs.getInfo().simplex_iteration_count
        return self._answer(highs, unit)

    def _answer(self, highs: Any, unit: Fraction) -> Answer:
        import highspy

        status, info = highs.getModelStatus(), highs.getInfo()
        if is_impossible(highs):
            return Answer("infeasible")
        bound = outward(-info.mip_dual_bound, unit)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer("unknown", bound=bound)
        return self._taken(highs.getSolution().col_value, bound, proven=status == highspy.HighsModelStatus.kOptimal)

    def _taken(self, values: Sequence[float], bound: Fraction | None, *, proven: bool) -> Answer:
        """Return the choice and amounts that values of the columns mean."""
        choices, amounts = self._columns.read(np.asarray(values))
        funded = frozenset(r for r, choice in choices.items() if choice > 0.5)
        awards = {r: amounts[r] for r in sorted(funded)}
        return Answer("solved", funded, awards, {}, bound, proven)


def outward(said: float, unit: Fraction) -> Fraction | None:
    """Return a solver's bound in an aim's units, rounded outward; None when there is none."""
    if not math.isfinite(said):
        return None
    scaled = Fraction(said)
    return (scaled + abs(scaled) * _OUTWARD + _OUTWARD * 1000) * unit


def fits(round_: Prepared) -> bool:
    """Return whether the projected form can say a round's money: no payment uses room in several countries at once."""
    return not round_.pools.mixed
