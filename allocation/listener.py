"""Who hears how a search goes while it goes: what is asked, choices as the solver finds them, exact awards, bounds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocation.answer import Answer
    from allocation.exact import ExactAwards

_WORTH_TELLING = 1e-7
"""Relative change from which a lower bound of the solver is passed on; it is asked several times a second."""


class Listener:
    """Hears a search and keeps nothing; its heirs do."""

    def asking(self, form: str, detail: str) -> None:
        """Hear which form is asked next, and what of it."""

    def seen(self, answer: Answer, value: float) -> None:
        """Hear a choice that the solver has found, in floats, with its objective; its bound, if any, is valid."""

    def better(self, best: ExactAwards | None, value: Fraction, bound: Fraction | None, *, is_first: bool) -> None:
        """Hear that better exact awards are known, or a lower bound; of the first objective or of a later step."""

    def closed(self, best: Fraction, bound: Fraction) -> None:
        """Hear what a step has reached, and what it could have."""


def listen(highs: Any, chosen: Callable[[list[float], float], None], bounded: Callable[[float], None]) -> None:
    """Tell each better choice that HiGHS finds while it runs, and each lower bound, as HiGHS counts them.

    Neither callback may raise: it is called from within the solver.
    """
    last = float("-inf")

    def improving(event: Any) -> None:
        chosen([float(value) for value in event.data_out.mip_solution], event.data_out.mip_dual_bound)

    def interrupting(event: Any) -> None:
        nonlocal last
        bound = event.data_out.mip_dual_bound
        if bound > last + _WORTH_TELLING * abs(bound):
            last = bound
            bounded(bound)

    highs.cbMipImprovingSolution.subscribe(improving)
    highs.cbMipInterrupt.subscribe(interrupting)
