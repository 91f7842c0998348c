"""What a decision carries beside its reasons: the prices of its earmarks, or how far a conflict would have to move."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from allocation.decision import Decision
from allocation.explain.earmark_prices import root_prices
from allocation.explain.moves import moves
from allocation.explain.told import move_json
from allocation.prepared import Prepared
from allocation.relaxation import Relaxation

_MOVE_SECONDS = 10.0


def beside(round_: Prepared, decision: Decision, prices: tuple[tuple[str, Fraction], ...] | None = None) -> Decision:
    """Return a decision with its prices, or, where there is none, with the moves of the conflict.

    Args:
        round_: The round.
        decision: The decision.
        prices: Those that the search knows from its relaxation; they are the same as if it were solved again.
    """
    if decision.status == "infeasible":
        found = moves(round_, decision.conflict, seconds=_MOVE_SECONDS)
        return replace(decision, conflict_moves=tuple(move_json(round_.problem, move) for move in found))
    if not round_.fundable:
        return decision
    if prices is not None:
        return replace(decision, prices=prices)
    relaxation = Relaxation(round_)
    point = relaxation.solve()
    if point.verdict != "solved":
        return decision
    return replace(decision, prices=root_prices(round_, relaxation, point))
