"""What is said of the cost of one donor's terms, each sentence with what a stranger needs to check it alone.

Both claims are about the round with the terms of that donor's contributions lifted; dates and caps per country stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from allocation.certificate import certified
from allocation.decision import Decision, decimal_text
from allocation.explain.earmark_prices import Cost, without_terms
from allocation.prepared import Prepared, prepare
from allocation.why_ranked import points


def earmark_claims(
    round_: Prepared, decision: Decision, cost: Cost, *, seconds: float = 10.0
) -> tuple[Mapping[str, Any], ...]:
    """Return what can be shown of what a donor's terms cost: that it is so much at least, and at most.

    Args:
        round_: The round.
        decision: Its decision.
        cost: What was found of the donor's terms.
        seconds: That the proof of the upper end may take.
    """
    rows = [*_at_least(round_, cost), *_at_most(round_, decision, cost, seconds)]
    return tuple({"id": f"{cost.donor}/{n}", "about": cost.donor, **row} for n, row in enumerate(rows, start=1))


def _at_least(round_: Prepared, cost: Cost) -> Iterator[dict[str, Any]]:
    """Yield that awards exist that reach more, with these awards, where any are known."""
    least = Fraction(math.floor(cost.at_least * 10**6), 10**6)
    if cost.decision is None or least < Fraction(1, 100):
        return
    reached = points(round_.problem, Fraction(math.floor(least * 100), 100))
    yield {
        "kind": "terms-cost-at-least",
        "sentence": f"Without the terms of {cost.donor} the round could reach at least {reached} more.",
        "cost": decimal_text(least),
        "awards": cost.decision.to_json()["awards"],
    }


def _at_most(round_: Prepared, decision: Decision, cost: Cost, seconds: float) -> Iterator[dict[str, Any]]:
    """Yield what no awards without the terms pass, where there was time to prove it."""
    lifted = prepare(without_terms(round_.problem, cost.donor))
    reached = decision.reached if cost.decision is None else cost.decision.objective
    proof = certified(lifted, reached, seconds=seconds, step=lifted.objective_step)
    if proof is None:
        return
    most = Fraction(math.ceil((proof.bound - decision.objective) * 10**6), 10**6)
    told = points(round_.problem, Fraction(math.ceil(most * 100), 100))
    yield {
        "kind": "terms-cost-at-most",
        "sentence": f"Without the terms of {cost.donor} no awards reach more than {told} more.",
        "cost": decimal_text(most),
        "certificate": proof.body,
    }
