"""Decisions that fund other requests and lose little: each as unlike the decision, and those before it, as it can be.

The search maximises how many choices differ, summed over the decision and the alternatives already found, among awards
that keep every rule and lose no more than is allowed. A row for each earlier answer asks for one choice at least that
differs from it, so no answer comes twice. Awards that only change their amount do not count as different.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.decision import Decision
from allocation.exact import ExactAwards
from allocation.explain.variants import funded_row, searched, with_slack
from allocation.explain.witness import positions, witness
from allocation.limits import Row
from allocation.prepared import Prepared

_FLOOR = "what may be lost"
_OTHER = "another choice"
_SLACK = "the slack stands"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another decision that is nearly as good.

    Attributes:
        decision: Paid and verified; its bound is the first decision's.
        loses: What it loses of the first decision's objective; below zero when it is better.
        funded: Requests that it funds and the first decision does not.
        refused: Requests that it does not fund and the first decision does.
        most_changes: Whether it is proven that no other answer to the same question differs in more choices.
    """

    decision: Decision
    loses: Fraction
    funded: tuple[str, ...]
    refused: tuple[str, ...]
    most_changes: bool


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What a search for other decisions came to.

    Attributes:
        found: In the order in which they were found.
        are_all: Whether it is proven that no other choice of requests loses so little.
        timed_out: Whether time ended before one more was found or ruled out.
    """

    found: tuple[Alternative, ...]
    are_all: bool
    timed_out: bool


def alternatives(
    round_: Prepared, decision: Decision, *, within: Fraction, count: int, seconds: float = 20.0
) -> Alternatives:
    """Return decisions that differ in whom they fund, each losing at most a share of the objective.

    Args:
        round_: The round.
        decision: Its decision.
        within: The share of its objective that may be lost.
        count: How many to look for; there may be fewer.
        seconds: For each.
    """
    known = [frozenset(positions(round_, decision))]
    found: list[Alternative] = []
    floor = _floor_row(round_, decision.objective * (1 - within))
    while len(found) < count:
        asked, slack = _unlike(round_, known, floor)
        answer = searched(asked, seconds=seconds)
        if answer.awards is None:
            return Alternatives(tuple(found), answer.impossible, not answer.impossible)
        awards = {r: amount for r, amount in answer.awards.awards.items() if r != slack}
        proven = answer.bound is not None and answer.bound - answer.value < 1
        shown = witness(round_, ExactAwards(awards, answer.awards.mixed), bound=decision.bound)
        found.append(_alternative(round_, decision, shown, known[0], frozenset(awards), proven))
        known.append(frozenset(awards))
    return Alternatives(tuple(found), are_all=False, timed_out=False)


def _alternative(
    round_: Prepared, decision: Decision, shown: Decision, before: frozenset[int], after: frozenset[int], proven: bool
) -> Alternative:
    ids = [request.request_id for request in round_.problem.requests]
    return Alternative(
        shown,
        decision.objective - shown.objective,
        tuple(ids[r] for r in sorted(after - before)),
        tuple(ids[r] for r in sorted(before - after)),
        proven,
    )


def _unlike(round_: Prepared, known: list[frozenset[int]], floor: Row) -> tuple[Prepared, int]:
    """Return the round that counts choices unlike the known ones; the slack, always there, keeps the count at 0 up."""
    merits: dict[int, Fraction] = {}
    for r in round_.fundable:
        merits[r] = Fraction(sum(-1 if r in funded else 1 for funded in known))
    number = len(round_.problem.requests)
    merits[number] = Fraction(sum(len(funded) for funded in known))
    others = [_other_row(round_, funded) for funded in known]
    asked, slack = with_slack(replace(round_, rows=(*round_.rows, floor, *others)), 1, merits=merits, objective="score")
    return replace(asked, rows=(*asked.rows, funded_row(_SLACK, [slack]))), slack


def _other_row(round_: Prepared, funded: frozenset[int]) -> Row:
    """Return the row that asks for one choice at least unlike a known one: a no-good."""
    choices = {r: 1 if r in funded else -1 for r in round_.fundable}
    return Row(_OTHER, len(funded) - 1, choices=choices)


def _floor_row(round_: Prepared, least: Fraction) -> Row:
    """Return the row that keeps the objective at a figure or above it."""
    parts: Mapping[int, Fraction] = {r: round_.objective({r: 1}) for r in round_.fundable}
    scale = math.lcm(*(part.denominator for part in parts.values()))
    whole = {r: -int(part * scale) for r, part in parts.items()}
    right = -math.ceil(least * scale)
    if round_.problem.policy.objective == "score":
        return Row(_FLOOR, right, choices=whole)
    return Row(_FLOOR, right, amounts=whole)
