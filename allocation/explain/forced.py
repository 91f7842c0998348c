"""What the round would lose if one request were funded: an interval, with the decision that loses the most of it.

The round is searched once more with the request forced in (an unfunded one gets any award, a partly funded one its
whole ask). Whatever awards are found lose no less than the true loss, so the best of them is its upper end; the bound
of that search is its lower end. The loss is reckoned against the decision: where that is proven only within its gap,
the loss may be below zero by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from allocation.conflict import conflict
from allocation.decision import Decision
from allocation.explain.variants import funded_row, searched, under
from allocation.explain.witness import positions, witness
from allocation.limits import Row
from allocation.prepared import Prepared

FORCED = "the request is funded"
"""Name of the row that forces a request in."""

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
        by: What proves `at_least`: `solver` (a bound in floats, rounded outward) or `rationals`.
    """

    request_id: str
    award: int
    at_least: Fraction | None
    at_most: Fraction | None
    decision: Decision | None = None
    never: tuple[str, ...] = ()
    by: str = "solver"

    @property
    def is_open(self) -> bool:
        """Return whether the interval is wider than a tenth of the loss."""
        if self.never:
            return False
        if self.at_least is None or self.at_most is None:
            return True
        return (self.at_most - self.at_least) * 10 > self.at_most


def target(round_: Prepared, request: int, award: int) -> int:
    """Return what a request is forced to get: the least possible award, or the whole ask when it has a part."""
    return round_.ranges[request].ask if award else round_.ranges[request].least


def forcing_row(request: int, award: int, least: int) -> Row:
    """Return the row that forces a request in: funded at all, or with the whole ask when it has a part already."""
    return Row(FORCED, -least, amounts={request: -1}) if award else funded_row(FORCED, [request])


def forced_in(round_: Prepared, decision: Decision, request: int, *, seconds: float = 25.0) -> Loss:
    """Return what a decision loses when a request is forced in.

    Args:
        round_: The round.
        decision: Its decision.
        request: Position of a request that is not funded, or not in full.
        seconds: How long to search; what is known by then is told.
    """
    award = positions(round_, decision).get(request, 0)
    least = target(round_, request, award)
    row = forcing_row(request, award, least)
    request_id = round_.problem.requests[request].request_id
    if request not in round_.pools.cell_of:
        return Loss(request_id, least, None, None, never=("earmarks",))
    asked = under(round_, [row], gap=_gap(round_, decision))
    found = searched(asked, seconds=seconds)
    if found.impossible:
        names = tuple(name for name in conflict(asked) if name != FORCED)
        return Loss(request_id, least, None, None, never=names or ("money",))
    most = decision.bound if decision.bound is not None else decision.objective
    bound = most if found.bound is None else min(found.bound, most)
    at_least = decision.objective - max(bound, found.value)
    if found.awards is None:
        return Loss(request_id, least, at_least, None)
    shown = witness(round_, found.awards, bound=most)
    return Loss(request_id, least, at_least, decision.objective - shown.objective, shown)


def _gap(round_: Prepared, decision: Decision) -> Fraction:
    """Return the gap at which a loss is told well enough: a part of the policy's own, since losses are small."""
    return round_.problem.policy.gap * _SHARE_OF_LOSS
