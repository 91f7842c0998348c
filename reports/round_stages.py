"""The objectives of a decision, step by step: what each reached, what was possible, what was given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from reports.table import Column, Table

_LESS_IS_BETTER = "keep-unearmarked"
_PLACES = Decimal("0.0001")


def stages_table(stages: Sequence[Mapping[str, Any]], currency: str) -> Table:
    """Return one row for each step of each objective, in the policy's order, from a decision's own figures.

    Bounds are rounded outward and what was given up is rounded up, so that a rounded row stays true.
    """
    rows = tuple(
        (
            *(stage["objective"], stage.get("of") or None, _unit(stage["objective"], currency)),
            _rounded(stage["value"], ROUND_HALF_EVEN),
            _rounded(stage["bound"], ROUND_FLOOR if stage["objective"] == _LESS_IS_BETTER else ROUND_CEILING),
            _rounded(stage["gave_up"], ROUND_CEILING),
        )
        for stage in stages
    )
    columns = (
        Column("objective", "Objective"),
        Column("of", "Of it"),
        Column("unit", "In"),
        Column("value", "Reached", "amount"),
        Column("bound", "Bound", "amount"),
        Column("gave_up", "Given up", "amount"),
    )
    note = (
        "In the policy's order. Bound: what the awards could reach at most, by the solver, keeping the earlier ones.\n"
        "Given up: for later objectives, as the policy allows. Of keep-unearmarked, money paid, less is better."
    )
    return Table("stages", "Objectives, step by step", columns, rows, note=note)


def given_up(stages: Sequence[Mapping[str, Any]]) -> Decimal:
    """Return what later objectives gave up of the first; 0 where there is only one."""
    return Decimal(stages[0]["gave_up"]) if stages else Decimal(0)


def _unit(objective: str, currency: str) -> str:
    if objective.startswith("even:"):
        return "parts of the ask"
    words = {"merit": f"points × {currency}", "score": "points", "count": "awards"}
    return words.get(objective, currency)


def _rounded(text: str, rounding: str) -> Decimal:
    """Return a figure to four places without idle zeros."""
    exact = Decimal(text)
    value = exact.quantize(_PLACES, rounding) if abs(exact) < 10**20 else exact
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
