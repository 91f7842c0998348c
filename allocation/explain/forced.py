"""What the round would lose if one request were funded: an interval, with the decision that loses the most of it.

The round is searched once more with the request forced in (an unfunded one gets any award, a partly funded one its
whole ask). Whatever awards are found lose no less than the true loss, so the best of them is its upper end; the bound
of that search is its lower end. The loss is reckoned against the decision: where that is proven only within its gap,
the loss may be below zero by as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.conflict import conflict
from allocation.decision import Decision
from allocation.exact import ExactAwards
from allocation.explain.forcing import FORCED, forcing_row, target
from allocation.explain.repair import Neighbourhood
from allocation.explain.variants import searched, under
from allocation.explain.witness import positions, witness
from allocation.prepared import Prepared
from allocation.relaxation import Point, Relaxation

EARMARKS = "earmarks"
"""Stands among the rules where it is the money's own terms that let nothing reach a request."""

_SHARE_OF_LOSS = Fraction(1, 20)
"""The search stops when its interval is this part of the least loss that a first bound shows."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the objective loses when a request is funded.

    Attributes:
        request_id: The request.
        award: What it is forced to get at least, minor units.
        at_least: No awards with it lose less; None when nothing is proven.
        at_most: Awards with it are known that lose no more; None when none are known.
        decision: Those awards, paid and verified; None when none are known.
        never: Names of rules that together let no awards fund it, whatever they cost; empty when some do.
        certified: What rational arithmetic alone proves of `at_least`; None where only the solver's bound is known.
    """

    request_id: str
    award: int
    at_least: Fraction | None
    at_most: Fraction | None
    decision: Decision | None = None
    never: tuple[str, ...] = ()
    certified: Fraction | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the interval is wider than a tenth of the loss."""
        if self.never:
            return False
        if self.at_least is None or self.at_most is None:
            return True
        return (self.at_most - self.at_least) * 10 > self.at_most


def quick_loss(
    round_: Prepared, decision: Decision, request: int, relaxation: Relaxation, near: Neighbourhood | None
) -> tuple[Loss, Mapping[int, int] | None]:
    """Return an interval without a search, and the awards of its upper end: for all requests of a round one by one.

    The lower end is certified: multipliers of the relaxation with the request funded, evaluated in rationals. The upper
    end is what a repair in the decision's neighbourhood loses.

    Args:
        round_: The round.
        decision: Its decision.
        request: Position of a request that is not funded, or not in full.
        relaxation: Of the round, warm.
        near: The decision's neighbourhood; None where payments mix rooms of several countries.
    """
    award = positions(round_, decision).get(request, 0)
    least, request_id = target(round_, request, award), round_.problem.requests[request].request_id
    if request not in round_.pools.cells_of:
        return Loss(request_id, least, None, None, never=(EARMARKS,)), None
    point = relaxation.solve({request: True}, separate=False)
    if point.verdict == "infeasible":
        return Loss(request_id, least, None, None, never=_forbidding(round_, request, award, least)), None
    bound = relaxation.bound(point) if point.verdict == "solved" else None
    certified = None if bound is None else decision.objective - bound
    at_least = _highest(certified, decision)
    awards = None if near is None else near.with_request(request, point)
    at_most = None if awards is None else decision.objective - round_.objective(awards)
    if at_least is not None and at_most is not None:
        at_least = min(at_least, at_most)
    return Loss(request_id, least, at_least, at_most, certified=certified), awards


def forced_in(round_: Prepared, decision: Decision, request: int, *, seconds: float = 25.0) -> Loss:
    """Return what a decision loses when a request is forced in, as near as a search comes in some seconds.

    Args:
        round_: The round.
        decision: Its decision.
        request: Position of a request that is not funded, or not in full.
        seconds: How long to search; what is known by then is told.
    """
    award = positions(round_, decision).get(request, 0)
    least, request_id = target(round_, request, award), round_.problem.requests[request].request_id
    if request not in round_.pools.cells_of:
        return Loss(request_id, least, None, None, never=(EARMARKS,))
    relaxation = Relaxation(round_)
    root = relaxation.solve()
    near = None if round_.pools.mixed or root.verdict != "solved" else _near(round_, decision, relaxation, root)
    quick, repaired = quick_loss(round_, decision, request, relaxation, near)
    if quick.never:
        return quick
    asked = under(round_, [forcing_row(request, award, least)], gap=_gap(round_, decision, quick))
    found = searched(asked, seconds=seconds)
    if found.impossible and repaired is None:
        return replace(quick, at_least=None, never=_forbidding(round_, request, award, least))
    at_least = _highest(None if found.bound is None else decision.objective - found.bound, decision)
    at_least = max((figure for figure in (at_least, quick.at_least) if figure is not None), default=None)
    best = found.awards
    if repaired is not None and (best is None or round_.objective(repaired) > found.value):
        best = ExactAwards(repaired, {})
    if best is None:
        return replace(quick, at_least=at_least)
    shown = witness(round_, best, bound=decision.bound)
    at_most = decision.objective - shown.objective
    return replace(
        quick,
        at_least=at_most if at_least is None else min(at_least, at_most),
        at_most=at_most,
        decision=shown,
    )


def _near(round_: Prepared, decision: Decision, relaxation: Relaxation, root: Point) -> Neighbourhood:
    return Neighbourhood(round_, positions(round_, decision), relaxation, root)


def _highest(loss: Fraction | None, decision: Decision) -> Fraction | None:
    """Return the higher of a proven loss and what the decision's own bound proves of any loss."""
    own = None if decision.bound is None else decision.objective - decision.bound
    return max((figure for figure in (loss, own) if figure is not None), default=None)


def _forbidding(round_: Prepared, request: int, award: int, least: int) -> tuple[str, ...]:
    """Return the rules that together let no awards fund a request; the money where it is what the earmarks leave."""
    names = conflict(under(round_, [forcing_row(request, award, least)]))
    return tuple(name for name in names if name != FORCED) or (EARMARKS,)


def _gap(round_: Prepared, decision: Decision, quick: Loss) -> Fraction:
    """Return the gap at which a loss is told well enough: a part of what a first bound shows of it."""
    least = quick.at_least if quick.at_least is not None and quick.at_least > 0 else quick.at_most
    if not least or least < 0 or decision.objective <= 0:
        return round_.problem.policy.gap * _SHARE_OF_LOSS
    return min(round_.problem.policy.gap, least * _SHARE_OF_LOSS / decision.objective)
