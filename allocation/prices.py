"""What the relaxed model's multipliers say: prices of money and rules, a bound, and which choices they settle.

The price of a class, of a room and of a row is its multiplier, at or above 0; a cell's price is the least that a payer
of it costs. Any such multipliers bound the objective from above. A request's gain is what funding it adds to that bound
at these prices; turning a choice round costs its absolute value, the penalty. A request whose penalty is more than the
bound's distance to a known decision stands as it is in every better decision.

The cells at or above a price, with the money at or above it, are a Hall condition (`Shortage`); those of all prices
together give the projected form the same relaxed bound as explicit flow has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from allocation.limits import Row
from allocation.network import Shortage
from allocation.prepared import Prepared

_PLACES = 9
_ZERO = 1e-7

Verdict = Literal["solved", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Multipliers of the relaxed model's rows, at or above 0, in the solver's units.

    Attributes:
        classes: Of each class of money.
        rooms: Of each room of a capped class.
        rows: Of each row of the policy, with the number that the row was divided by.
    """

    classes: Sequence[float]
    rooms: Mapping[tuple[int, str], float] = field(hash=False)
    rows: Sequence[tuple[Row, Fraction, float]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Prices:
    """What the relaxed explicit form says of a round.

    Attributes:
        verdict: `solved`, or why there are no prices.
        bound: Upper bound on the objective, outward.
        favoured: Requests that the prices would fund.
        penalties: What turning the choice on a request round costs of the bound, in the solver's units.
        shortages: The Hall conditions that the prices speak of.
        reach: The bound in the solver's units.
        worth: What one of the solver's units of objective is in the decision's.
    """

    verdict: Verdict
    bound: Fraction = Fraction(0)
    favoured: frozenset[int] = frozenset()
    penalties: Mapping[int, float] = field(default_factory=dict, hash=False)
    shortages: tuple[Shortage, ...] = ()
    reach: float = 0.0
    worth: Fraction = Fraction(1)


def priced(round_: Prepared, multipliers: Multipliers, scale: Fraction, merit_unit: Fraction) -> Prices:
    """Return what multipliers say, in the solver's units.

    Args:
        round_: The round.
        multipliers: Of the relaxed explicit form.
        scale: Minor units in one of the solver's.
        merit_unit: Merit in one of the solver's.
    """
    pools = round_.pools
    cells = [_cell_price(round_, number, multipliers) for number in range(len(pools.cells))]
    gains = _gains(round_, cells, multipliers, scale, merit_unit)
    reached = [
        price * float(money.available / scale) for price, money in zip(multipliers.classes, pools.classes, strict=True)
    ]
    reached += [
        price * float((pools.classes[k].rooms or {})[code] / scale) for (k, code), price in multipliers.rooms.items()
    ]
    reached += [price * float(row.at_most / divisor) for row, divisor, price in multipliers.rows]
    reached += [max(0.0, gain) for gain in gains.values()]
    return Prices(
        "solved",
        favoured=frozenset(r for r, gain in gains.items() if gain > 0),
        penalties={r: abs(gain) for r, gain in gains.items()},
        shortages=_levels(round_, multipliers, cells),
        reach=math.fsum(reached),
    )


def _cell_price(round_: Prepared, number: int, multipliers: Multipliers) -> float:
    cell, classes = round_.pools.cells[number], round_.pools.classes
    return min(
        multipliers.classes[k]
        + sum(
            float(share) * multipliers.rooms[k, code] for code, share in cell.countries if classes[k].rooms is not None
        )
        for k in cell.payers
    )


def _gains(
    round_: Prepared, cells: Sequence[float], multipliers: Multipliers, scale: Fraction, merit_unit: Fraction
) -> dict[int, float]:
    """Return what funding each request adds to the bound at these prices; below zero where it costs."""
    problem = round_.problem
    per_award = {r: cells[round_.pools.cell_of[r]] for r in round_.fundable}
    per_choice = dict.fromkeys(per_award, 0.0)
    for row, divisor, multiplier in multipliers.rows:
        if multiplier > 0:
            for r in per_award if row.total else row.amounts.keys() & per_award.keys():
                per_award[r] += multiplier * float((row.amounts.get(r, 0) + row.total) * scale / divisor)
            for r in row.choices.keys() & per_award.keys():
                per_choice[r] += multiplier * float(row.choices[r] / divisor)
    gains = {}
    for r in round_.fundable:
        span, merit = round_.ranges[r], float(problem.requests[r].merit / merit_unit)
        award, choice = (0.0, merit) if problem.policy.objective == "score" else (merit, 0.0)
        award -= per_award[r]
        gains[r] = choice - per_choice[r] + award * float((span.ask if award > 0 else span.least) / scale)
    return gains


def _levels(round_: Prepared, multipliers: Multipliers, cells: Sequence[float]) -> tuple[Shortage, ...]:
    """Return the level sets of prices: what costs at least so much, and the money that does."""
    classes = multipliers.classes
    levels = {round(price, _PLACES) for price in cells if price > _ZERO}
    found = []
    for level in sorted(levels):
        floor = level - _ZERO
        dear = frozenset(k for k, price in enumerate(classes) if price >= floor)
        narrow = frozenset(
            (k, code) for (k, code), price in multipliers.rooms.items() if k not in dear and classes[k] + price >= floor
        )
        costly = frozenset(number for number, price in enumerate(cells) if price >= floor)
        found.append(Shortage(costly, dear, narrow).lifted(round_.pools))
    return tuple(dict.fromkeys(found))
