"""What is asked of a decision, in the form in which a child can be asked it: a round and its decision, values out.

Each function's first argument is told what is done, one line at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from allocation.decision import Decision
from allocation.explain.alternatives import Alternatives, alternatives
from allocation.explain.claims import Claims, claims
from allocation.explain.earmark_claims import earmark_claims
from allocation.explain.earmark_prices import Cost, Price, donor_costs, earmark_prices
from allocation.explain.every import Explained, explain_deep, explain_every, short_of_ask
from allocation.explain.stability import Survival, stability
from allocation.prepared import prepare
from allocation.problem import Problem

Say = Callable[[str], None]


def every_cost(say: Say, problem: Problem, decision: Decision) -> list[Explained]:
    """Return for every request short of its ask what it would cost and take."""
    round_ = prepare(problem)
    whole, found = len(short_of_ask(round_, decision)), []
    for number, one in enumerate(explain_every(round_, decision), start=1):
        found.append(one)
        say(f"request {number:,} of {whole:,}")
    return found


def deep_claims(say: Say, problem: Problem, decision: Decision, request: int, seconds: float) -> Claims:
    """Return what one request would cost and take, with what shows it; `seconds` is the time of each search."""
    round_ = prepare(problem)
    request_id = problem.requests[request].request_id
    say(f"solving again with {request_id} funded, and with new money for it")
    found = explain_deep(round_, decision, request, seconds=seconds)
    say(f"proving what is said of {request_id}")
    return claims(round_, decision, found, seconds=seconds)


def every_price(say: Say, problem: Problem) -> list[Price]:
    """Return the price of every earmark of the round."""
    found = []
    for price in earmark_prices(prepare(problem)):
        say(price.earmark or "unearmarked")
        found.append(price)
    return found


def costs_of_terms(
    say: Say, problem: Problem, decision: Decision, donors: list[str], seconds: float, is_claimed: bool
) -> list[tuple[Cost, tuple[Mapping[str, Any], ...]]]:
    """Return what the terms of donors cost the round, each with its claims where they are asked for."""
    round_, found = prepare(problem), []
    for cost in donor_costs(round_, decision, donors=donors, seconds=seconds):
        say(f"without the terms of {cost.donor}")
        made = earmark_claims(round_, decision, cost, seconds=seconds) if is_claimed else ()
        found.append((cost, made))
    return found


def surviving(
    say: Say, problem: Problem, spreads: Mapping[str, Fraction], draws: int, seed: int
) -> tuple[Survival, ...]:
    """Return how each request fares when merits move."""
    say(f"{draws:,} draws")
    return stability(prepare(problem), spreads, draws=draws, seed=seed)


def near_best(
    say: Say, problem: Problem, decision: Decision, within: Fraction, count: int, seconds: float
) -> Alternatives:
    """Return decisions that differ in whom they fund and lose little."""
    say(f"looking for up to {count} others")
    return alternatives(prepare(problem), decision, within=within, count=count, seconds=seconds)
