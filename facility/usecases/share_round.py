"""A round shared by other rules, beside the optimum: what each promises, awards and costs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from allocation.apart import solve_apart
from allocation.decision import Decision, decimal_text
from allocation.prepared import Prepared, prepare
from allocation.problem import Problem
from allocation.sharing import equal_shares, formula, greedy, proportional
from allocation.sharing.shared import Shared, finished, merit_cost
from ledgers.errors import FacilityError
from ledgers.money import major_units

Progress = Callable[[str], None]

_PERCENT_PLACES = Decimal("0.0001")
_FORMULA_KEYS = ("factors", "floor", "ceiling", "set_aside")


class FormulaUnreadable(FacilityError):
    """A file of a formula that is not there, or does not say one; every error in it at once."""

    code = "formula-unreadable"


class RoundImpossible(FacilityError):
    """A round whose limits cannot hold together, so that there is no optimum to compare with."""

    code = "round-impossible"


@dataclass(frozen=True, slots=True)
class Line:
    """One rule beside the optimum.

    Attributes:
        rule: `optimum`, `greedy`, `proportional`, `equal-shares` or `formula`.
        promise: The fairness that it keeps.
        awards: How many.
        awarded: Major units.
        merit: The policy's first objective.
        cost_least: Percent of the optimum's merit that is lost, at least; rounded down.
        cost_most: The same against the bound, at most; rounded up.
        unspent: Resources less what is awarded, major units.
        broken: Names of the limits that it does not keep.
        amounts: Major units by request.
    """

    rule: str
    promise: str
    awards: int
    awarded: Decimal
    merit: Decimal
    cost_least: Decimal
    cost_most: Decimal
    unspent: Decimal
    broken: tuple[str, ...]
    amounts: Mapping[str, Decimal]


Made = Callable[[Prepared, formula.Formula], Mapping[int, int]]

RULES: Mapping[str, tuple[str, Made]] = {
    "greedy": (greedy.PROMISE, lambda round_, _: greedy.greedy(round_)),
    "proportional": (proportional.PROMISE, lambda round_, _: proportional.proportional(round_)),
    "equal-shares": (equal_shares.PROMISE, lambda round_, _: equal_shares.equal_shares(round_)),
    "formula": (formula.PROMISE, formula.formula),
}


def shared_by(
    problem: Problem,
    rules: Sequence[str] = tuple(RULES),
    *,
    stated: formula.Formula | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> list[Line]:
    """Return the optimum and each rule beside it, all verified.

    Raises:
        RoundImpossible: the policy's limits cannot hold together.
        FormulaInvalid: the round does not have the formula's figures.
    """
    best = best_decision(problem, time_limit=time_limit, progress=progress)
    round_ = prepare(problem)
    lines = [_line(problem, Shared("optimum", "most merit under the limits", best, ()), best)]
    for rule in rules:
        if progress is not None:
            progress(rule)
        promise, make = RULES[rule]
        awards = make(round_, stated or formula.Formula())
        lines.append(_line(problem, finished(round_, rule, promise, awards, bound=best.bound), best))
    return lines


def best_decision(problem: Problem, *, time_limit: float | None = None, progress: Progress | None = None) -> Decision:
    """Return the optimum to compare with.

    Raises:
        RoundImpossible: the policy's limits cannot hold together.
    """
    best = solve_apart(problem, time_limit=time_limit, progress=progress, keeps_on_interrupt=False)
    if best.status == "infeasible":
        named = ", ".join(f'"{name}"' for name in best.conflict)
        kept = "hold together" if len(best.conflict) > 1 else "be kept"
        raise RoundImpossible(
            f"round {problem.round_id} has no decision to compare with: {named} cannot {kept}",
            remedy="open the round with a policy that can hold",
        )
    return best


def read_formula(path: Path) -> formula.Formula:
    """Return the formula of a TOML file: `[factors]` name = power, and `floor`, `ceiling`, `set_aside` as shares.

    Raises:
        FormulaUnreadable: with every error of the file.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError) as cause:
        raise FormulaUnreadable(f"{path} cannot be read: {cause}", remedy="name a TOML file with --formula") from cause
    faults = [f"{key}: there is no such setting" for key in told if key not in _FORMULA_KEYS]
    powers = told.get("factors", {})
    named = powers if isinstance(powers, dict) else {}
    factors = tuple((name, _power(name, power, faults)) for name, power in sorted(named.items()))
    if not factors:
        faults.append("factors: give at least one, such as merit = 1")
    shares = {key: _share(key, told[key], faults) for key in ("floor", "ceiling", "set_aside") if key in told}
    if not faults and shares.get("floor", Fraction(0)) > shares.get("ceiling", Fraction(1)):
        faults.append("floor: it is above the ceiling")
    if faults:
        raise FormulaUnreadable(
            "\n".join([f"{path} says no formula:", *(f"  {fault}" for fault in faults)]),
            remedy="see `facility guide sharing` for an example",
        )
    return formula.Formula(factors, **shares)


def _power(name: str, power: Any, faults: list[str]) -> Decimal:
    if name not in ("merit", "asked", "requests") and not name.startswith("x_"):
        faults.append(f"factors.{name}: no such figure; there are merit, asked, requests and numeric x_ columns")
    try:
        found = Decimal(str(power))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(power, bool) or not found.is_finite() or abs(found) > 10:
        faults.append(f"factors.{name}: {power} is no power from -10 to 10")
        return Decimal(1)
    return found


def _share(key: str, told: Any, faults: list[str]) -> Fraction:
    text = str(told).strip()
    try:
        found = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if isinstance(told, bool) or not 0 <= found <= 1:
        faults.append(f'{key}: {told} is no share; write "10%"')
        return Fraction(0)
    return found


def _line(problem: Problem, shared: Shared, best: Decision) -> Line:
    decision, cost = shared.decision, merit_cost(shared.decision, best)

    def major(minor: int) -> Decimal:
        return major_units(minor, problem.currency)

    return Line(
        shared.rule,
        shared.promise,
        len(decision.awards),
        major(decision.awarded),
        Decimal(decimal_text(decision.objective)),
        percent(cost.least, ROUND_FLOOR),
        percent(cost.most, ROUND_CEILING),
        major(problem.resources - decision.awarded),
        shared.broken,
        {award.request_id: major(award.amount) for award in decision.awards},
    )


def percent(share: Fraction, rounding: str) -> Decimal:
    """Return a share as a percentage with four decimal places, rounded as told.

    >>> percent(Fraction(1, 3), ROUND_CEILING)
    Decimal('33.3334')
    """
    exact = Decimal(100 * share.numerator) / Decimal(share.denominator)
    return exact.quantize(_PERCENT_PLACES, rounding)
