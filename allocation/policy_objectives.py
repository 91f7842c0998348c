"""Reads the objectives of a policy file: what is sought first, and what among the awards that are as good.

INTERFACE.md, section Files in, `policy`: `objectives = ["merit", "expiring", {is = "even:window", may_cost = "1%"}]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import cast, get_args

from allocation.policy import LaterObjective, Objective, Stage
from allocation.policy_values import Table, shown
from ledgers.errors import did_you_mean

_FIRST: tuple[str, ...] = get_args(Objective)
_LATER: tuple[str, ...] = get_args(LaterObjective)
_KEYS = ("is", "may_cost")
_PERCENT = re.compile(r"(\d{1,30}(?:\.\d{1,30})?)\s*%\Z", re.ASCII)
_REMEDY = 'write objectives = ["merit"] or objectives = ["score"], and after it for example "expiring"'


def objectives(top: Table) -> tuple[Objective, tuple[Stage, ...]]:
    """Return the first objective and those after it; every error is noted at `top`."""
    value = top.cells.get("objectives", ["merit"])
    if not isinstance(value, list) or not value:
        top.note("objectives", f"{shown(value)} is not a list of objectives", _REMEDY)
        return "merit", ()
    names = [_name(top, stage) for stage in value]
    costs = [_may_cost(top, stage) for stage in value]
    _refuse_misplaced(top, names)
    _refuse_repeated(top, names)
    if isinstance(value[0], dict) and "may_cost" in value[0]:
        top.note("objectives", "the first objective has no earlier one to cost anything", "leave its may_cost out")
    first = cast(Objective, names[0]) if names[0] in _FIRST else "merit"
    later = zip(names[1:], costs[1:], strict=True)
    return first, tuple(Stage(cast(LaterObjective, name), cost) for name, cost in later if name in _LATER)


def _name(top: Table, stage: object) -> str | None:
    """Return the objective that one element of the list names, or None when no objective is called so."""
    name = stage.get("is") if isinstance(stage, dict) else stage
    known = (*_FIRST, *_LATER)
    if isinstance(stage, dict):
        for key in stage:
            if key not in _KEYS:
                top.note("objectives", f"{shown(key)} is not a key of an objective", did_you_mean(key, _KEYS))
    if isinstance(name, str) and name in known:
        return name
    remedy = did_you_mean(name, known) if isinstance(name, str) else f"use one of: {', '.join(known)}"
    top.note("objectives", f"{shown(stage)} is not an objective", remedy)
    return None


def _may_cost(top: Table, stage: object) -> Fraction:
    """Return the share of the earlier objectives that a stage may cost; 0 when it says nothing, or something wrong."""
    if not isinstance(stage, dict) or "may_cost" not in stage:
        return Fraction(0)
    value = stage["may_cost"]
    match = _PERCENT.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        top.note("objectives", f"may_cost: {shown(value)} is not a share", 'write for example may_cost = "1%"')
        return Fraction(0)
    percent = Decimal(match[1])
    if percent > 100:
        top.note("objectives", f"may_cost: {shown(value)} is above 100%", "write a share of the whole, at most 100%")
    return Fraction(percent) / 100


def _refuse_misplaced(top: Table, names: list[str | None]) -> None:
    if names[0] in _LATER:
        top.note("objectives", f"{names[0]} cannot come first", 'begin with "merit" or "score"')
    for name in _once(name for name in names[1:] if name in _FIRST and name != names[0]):
        top.note("objectives", f"{name} can only come first", f"leave {name} out, or begin with it alone")


def _refuse_repeated(top: Table, names: list[str | None]) -> None:
    for name in _once(name for name in names if name is not None and names.count(name) > 1):
        top.note("objectives", f"{name} stands {names.count(name)} times", f"name {name} once")


def _once(names: Iterable[str | None]) -> list[str | None]:
    return list(dict.fromkeys(names))
