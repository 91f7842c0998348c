"""How far each rule of a conflict would have to move, alone, for the round to have a decision.

One side of one rule gets the slack as its way out (see `variants`); everything else of the policy holds. What is left
of the slack tells the move, and the awards that leave it so are verified under the policy with that side moved: that
much is enough. The search's bound tells that one unit less is not.

A share of what is awarded is the ratio of two sums, so it is brought to its best step by step: awards that reach a
share, then awards that reach more than that, until none do.

Source: W. Dinkelbach, On nonlinear fractional programming, Management Science 13, 1967 (the ratio's steps).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.explain.variants import searched, under, with_slack
from allocation.limits import RESERVE, Row, Side
from allocation.prepared import Prepared

_STEPS_MAX = 40

SHARE_STEP = Fraction(1, 10**6)
"""So far beyond the best share reached, it is proven that none is: a ten-thousandth of a per cent."""


@dataclass(frozen=True, slots=True)
class Move:
    """How far one side of one rule would have to move, all other rules holding.

    Attributes:
        name: The rule's name, as the conflict has it.
        side: `at_least`, `at_most`, `count_at_least`, `count_at_most`, `reserve`, or `rule`: it can only be given up.
        unit: `money` (minor units), `share` (of what is awarded), `count`, a measure's name, or `rule` (1 kept, 0 not).
        bound: What it asks now, in the unit.
        enough: What it could ask instead: awards that keep all rules then are known. None: no move of it is enough.
        too_much: What it cannot ask: proven to leave no awards. Between it and `enough` nothing is known; None with no
            `enough` means that time ran out.
        awards: The awards that keep all rules once it asks only for `enough`; minor units by position.
        is_exact: Whether `too_much` is one unit beside `enough`, or every move is too little.
    """

    name: str
    side: str
    unit: str
    bound: Fraction
    enough: Fraction | None
    too_much: Fraction | None
    awards: Mapping[int, int] | None = None
    is_exact: bool = False


def moves(round_: Prepared, names: tuple[str, ...], *, seconds: float = 20.0) -> tuple[Move, ...]:
    """Return for every side of every named rule how far it alone would have to move.

    Args:
        round_: A round that has no decision.
        names: The conflict.
        seconds: For each side.
    """
    return tuple(move for name in names for move in _moves(round_, name, seconds))


def _moves(round_: Prepared, name: str, seconds: float) -> Iterator[Move]:
    sides = {id(row): side for row, side in _of_sides(round_)}
    rows = [(number, row) for number, row in enumerate(round_.rows) if row.name == name]
    if not any(id(row) in sides or row.total for _, row in rows):
        yield _given_up(round_, name, seconds)
        return
    for number, row in rows:
        others = replace(round_, rows=round_.rows[:number] + round_.rows[number + 1 :])
        side, deadline = sides.get(id(row)), time.monotonic() + seconds
        if side is not None and side.of_awarded:
            yield _share(others, side, deadline)
        else:
            yield _amount(others, row, side, deadline)


def _given_up(round_: Prepared, name: str, seconds: float) -> Move:
    """Return whether the round has a decision without a rule that has no figure to move."""
    others = replace(round_, rows=tuple(row for row in round_.rows if row.name != name))
    found = searched(with_slack(others, 1)[0], seconds=seconds)
    told = Move(name, "rule", "rule", Fraction(1), None, None, is_exact=found.impossible or found.awards is not None)
    if found.impossible:
        return replace(told, too_much=Fraction(0))
    if found.awards is None:
        return told
    awards = {r: a for r, a in found.awards.awards.items() if r < len(round_.problem.requests)}
    return replace(told, enough=Fraction(0), awards=awards)


def _of_sides(round_: Prepared) -> Iterator[tuple[Row, Side]]:
    """Yield the rows that sides of limits make; they stand first, in the order of the sides."""
    yield from zip(round_.rows, round_.sides, strict=False)


def _amount(others: Prepared, row: Row, side: Side | None, deadline: float) -> Move:
    """Return the move of a row whose right-hand side is a figure: minor units, awards, or units of a measure."""
    unit = side.unit if side is not None else "money"
    scale = _scale(side) if unit == "money" else 1
    whole = _scale(side) // scale
    sign = -1 if side is not None and side.side.endswith("at_least") else 1
    bound = Fraction(sign * row.at_most, scale * whole)
    most = math.ceil(Fraction(_farthest(others, row), scale))
    told = Move(row.name, _side(side), unit, bound, None, None)
    if most <= 0:
        return told
    asked, slack = with_slack(others, most)
    way_out = replace(row, amounts={**row.amounts, slack: scale - row.total}, at_most=row.at_most + scale * most)
    found = searched(replace(asked, rows=(*asked.rows, way_out)), seconds=deadline - time.monotonic())
    if found.impossible:
        return replace(told, too_much=bound + sign * Fraction(most, whole), is_exact=True)
    least = 0 if found.bound is None else most - math.floor(found.bound / asked.objective({slack: 1}))
    if least > 0:
        told = replace(told, too_much=bound + sign * Fraction(least - 1, whole))
    if found.awards is None:
        return told
    awards = {r: amount for r, amount in found.awards.awards.items() if r != slack}
    used = most - found.awards.awards.get(slack, 0)
    return replace(told, enough=bound + sign * Fraction(used, whole), awards=awards, is_exact=used == least)


def _share(others: Prepared, side: Side, deadline: float) -> Move:
    """Return the move of a row that sets a share of what is awarded."""
    told = Move(side.name, side.side, "share", side.bound, None, None)
    sign = -1 if side.side == "at_least" else 1
    found = searched(with_slack(others, 1)[0], seconds=deadline - time.monotonic())
    if found.impossible:
        return replace(told, too_much=Fraction(0 if sign < 0 else 1), is_exact=True)
    for _ in range(_STEPS_MAX):
        if found.awards is None or time.monotonic() > deadline:
            return told
        awards = {r: a for r, a in found.awards.awards.items() if r < len(others.problem.requests)}
        reached = _reached(side, awards)
        told = replace(told, enough=reached, awards=awards)
        asked, slack = _better_share(others, side, reached)
        found = searched(asked, seconds=deadline - time.monotonic())
        if found.awards is None or not found.awards.awards.get(slack):
            break
    beyond = reached - sign * SHARE_STEP
    refused = searched(
        under(with_slack(others, 1)[0], [replace(side, bound=beyond).row()]), seconds=deadline - time.monotonic()
    )
    return replace(told, too_much=beyond, is_exact=True) if refused.impossible else told


def _better_share(others: Prepared, side: Side, reached: Fraction) -> tuple[Prepared, int]:
    """Return the round in which the slack is what awards reach beyond a share, in parts of a minor unit."""
    row = replace(side, bound=reached).row()
    asked, slack = with_slack(others, max(1, sum(others.ranges[r].ask for r in others.fundable)))
    way_out = replace(row, amounts={**row.amounts, slack: 1 - row.total})
    return replace(asked, rows=(*asked.rows, way_out)), slack


def _reached(side: Side, awards: Mapping[int, int]) -> Fraction:
    counted = sum((side.weights.get(r, Fraction(0)) * amount for r, amount in awards.items()), start=Fraction(0))
    whole = sum(awards.values())
    return counted / whole if whole else side.bound


def _farthest(round_: Prepared, row: Row) -> int:
    """Return how far any awards at all could break a row."""
    reach = sum(round_.ranges[r].ask * max(0, row.amounts.get(r, 0) + row.total) for r in round_.fundable)
    reach += sum(max(0, c) for c in row.choices.values())
    return reach - row.at_most


def _scale(side: Side | None) -> int:
    """Return by what a side's figures were multiplied to make whole coefficients."""
    if side is None:
        return 1
    return math.lcm(side.bound.denominator, *(weight.denominator for weight in side.weights.values()))


def _side(side: Side | None) -> str:
    return side.side if side is not None else RESERVE
