"""Upper bounds in exact rationals: what multipliers of rows prove, whatever the solver did.

For any multipliers at or above 0 on rows that hold for all awards, an aim is at most

    sum of multiplier * right-hand side  +  sum over requests of the most that each could add by itself,

where a request adds 0, or its gain when funded: its worth less what its award and choice cost at the multipliers. Each
request's own part is solved exactly: it is linear in the award, so its best lies at the ask or at the least.

A multiplier is the worth, in the aim's units, of one unit of a row's whole right-hand side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from allocation.aims import Aim
from allocation.limits import Row
from allocation.prepared import Prepared

_GRAIN = 2**40


def rational_multipliers(multipliers: Iterable[float]) -> list[Fraction]:
    """Return floats as rationals of short denominators, none below 0, none that only rounding made."""
    return [Fraction(0) if value <= 1e-300 else _shortened(value) for value in multipliers]


def _shortened(value: float) -> Fraction:
    _, exponent = math.frexp(value)
    scale = Fraction(2) ** (30 - exponent)
    return Fraction(round(Fraction(value) * scale)) / scale


def upper_bound(
    round_: Prepared,
    aim: Aim,
    rows: Sequence[Row],
    multipliers: Sequence[Fraction],
    fixed: Mapping[int, bool] | None = None,
) -> Fraction:
    """Return the bound that multipliers prove on an aim.

    Args:
        round_: The round.
        aim: What is bounded; with an aim of nothing a result below 0 proves that no awards keep the rows.
        rows: Rows that hold.
        multipliers: One for each row, at or above 0.
        fixed: Choices that are settled: requests that are funded for certain, or not.
    """
    settled = fixed or {}
    reached, gains, scale = _at_prices(round_, aim, rows, multipliers)
    reached += sum(max(0, gain) for r, gain in gains.items() if r not in settled)
    reached += sum(gain for r, gain in gains.items() if settled.get(r))
    return Fraction(reached, scale)


def gains_at_prices(
    round_: Prepared, aim: Aim, rows: Sequence[Row], multipliers: Sequence[Fraction]
) -> dict[int, Fraction]:
    """Return what funding each request adds to the bound; below zero where it costs.

    Turning a choice round costs its absolute value: a request for which that is more than the bound's distance to a
    known decision stands as it is in every better one.
    """
    _, gains, scale = _at_prices(round_, aim, rows, multipliers)
    return {r: Fraction(gain, scale) for r, gain in gains.items()}


def _at_prices(
    round_: Prepared, aim: Aim, rows: Sequence[Row], multipliers: Sequence[Fraction]
) -> tuple[int, dict[int, int], int]:
    """Return what the rows contribute to the bound, each request's gain when funded, and the scale of both."""
    used = [(row, multiplier) for row, multiplier in zip(rows, multipliers, strict=True) if multiplier]
    scale = math.lcm(
        *(m.denominator for _, m in used),
        *(w.denominator for w in aim.amounts.values()),
        *(w.denominator for w in aim.choices.values()),
    )
    amounts = {r: int(worth * scale) for r, worth in aim.amounts.items()}
    choices = {r: int(worth * scale) for r, worth in aim.choices.items()}
    total, reached = 0, 0
    for row, multiplier in used:
        price = int(multiplier * scale)
        reached += price * row.at_most
        total += price * row.total
        for r, coefficient in row.amounts.items():
            amounts[r] = amounts.get(r, 0) - price * coefficient
        for r, coefficient in row.choices.items():
            choices[r] = choices.get(r, 0) - price * coefficient
    gains = {}
    for r in round_.fundable:
        span, per_award = round_.ranges[r], amounts.get(r, 0) - total
        gains[r] = choices.get(r, 0) + max(per_award * span.ask, per_award * span.least)
    return reached, gains, scale
