"""Months ahead: what is to come in and to go out, and when cash would run out. Nothing here is in the journal yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reports.outstanding import ZERO, Due, dues, laid_first
from reports.scope import Scope

Record = dict[str, Any]


@dataclass(slots=True)
class Month:
    """One month of the forecast, in the book's currency.

    Attributes:
        begins: Its first day; the first month begins on the day of the forecast.
        due: Instalments to come, signed for.
        overdue: Part of `due` whose day has passed.
        tranches: Planned to go out.
        waiting: Part of `tranches` whose condition is not met yet.
        fees: Charged and not yet taken, and what the instalments will bear.
        owed: To donors.
        pledged: Announced for the month; beside the rest, never added.
        cash: At the end of the month.
    """

    begins: date
    due: Decimal = ZERO
    overdue: Decimal = ZERO
    tranches: Decimal = ZERO
    waiting: Decimal = ZERO
    fees: Decimal = ZERO
    owed: Decimal = ZERO
    pledged: Decimal = ZERO
    cash: Decimal = ZERO


@dataclass(slots=True)
class Forecast:
    """What is to come, month by month, and what has no month.

    Attributes:
        scope: The day, and what was known.
        cash: Held at banks on the day.
        months: In order, without gaps.
        undated: (what, amount, is it out) of what is expected and has no day.
        runs_out: The first month at whose end cash would be short.
    """

    scope: Scope
    cash: Decimal
    months: list[Month] = field(default_factory=list)
    undated: list[tuple[str, Decimal, bool]] = field(default_factory=list)
    runs_out: Month | None = None


def forecast_of(scope: Scope) -> Forecast:
    """Return the forecast from the scope's day on."""
    money = scope.records("forecast_money")[0]
    found = Forecast(scope, scope.money(money["cash"]))
    months: dict[date, Month] = {}
    signed = dues(scope)
    expected = _fees_expected(scope, signed)
    for due in signed:
        _put_due(scope, months, due, expected)
    for due in dues(scope, stage="pledge"):
        if due.due_on is not None:
            _month(scope, months, due.due_on).pledged += due.base_amount
        else:
            found.undated.append((f"pledged by {due.donor}, beside the rest", due.base_amount, False))
    first = _month(scope, months, scope.as_of)
    first.fees += scope.money(money["fees_unpaid"])
    first.owed += scope.money(money["owed_to_donors"])
    planned = _put_tranches(scope, months)
    _name_undated(found, signed, expected, money, planned)
    found.months = _without_gaps(scope, months)
    level = found.cash
    for month in found.months:
        level += month.due - month.tranches - month.fees - month.owed
        month.cash = level
        if level < 0 and found.runs_out is None:
            found.runs_out = month
    return found


def _month(scope: Scope, months: dict[date, Month], day: date) -> Month:
    """Return the month of a day; what is past lies in the first."""
    begins = scope.as_of if day <= scope.as_of or _first_of(day) == _first_of(scope.as_of) else _first_of(day)
    return months.setdefault(begins, Month(begins))


def _first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _without_gaps(scope: Scope, months: dict[date, Month]) -> list[Month]:
    last = max(months)
    at = scope.as_of
    whole = []
    while at <= last:
        whole.append(months.get(at) or Month(at))
        at = next_month(at)
    return whole


def _by_contribution(signed: list[Due]) -> dict[str, list[Due]]:
    grouped: dict[str, list[Due]] = defaultdict(list)
    for due in signed:
        grouped[due.contribution_id].append(due)
    return grouped


def _put_due(scope: Scope, months: dict[date, Month], due: Due, expected: dict[str, list[Decimal]]) -> None:
    fee = expected[due.contribution_id].pop(0)
    if due.due_on is None:
        expected[due.contribution_id].append(fee)
        return
    month = _month(scope, months, due.due_on)
    month.due += due.base_amount
    month.fees += fee
    if due.due_on < scope.as_of:
        month.overdue += due.base_amount


def _fees_expected(scope: Scope, signed: list[Due]) -> dict[str, list[Decimal]]:
    """Return the fees that the parts of each contribution will bear, in the order of the parts."""
    rows = {row["contribution_id"]: row for row in scope.records("outstanding_contributions")}
    tiers = scope.records("fee_tiers")
    return {name: _fees(scope, rows[name], tiers, parts) for name, parts in _by_contribution(signed).items()}


def _fees(scope: Scope, row: Record, all_tiers: list[Record], parts: list[Due]) -> list[Decimal]:
    """Return the fee that each part will bear when it comes, by the percentage or the schedule of its contribution."""
    tiers = [tier for tier in all_tiers if tier["fee_schedule"] == row["fee_schedule"]]
    fees, came = [], max(row["base_came"], ZERO)
    for part in parts:
        if row["fee_schedule"] is None:
            fee = _rounded(scope, part.base_amount * (row["fee_percent"] or ZERO))
        else:
            fee = _tiered(scope, tiers, came + part.base_amount) - _tiered(scope, tiers, came)
        fees.append(fee)
        came += part.base_amount
    return fees


def _tiered(scope: Scope, tiers: list[Record], upto: Decimal) -> Decimal:
    """Return what all that came in so far bears by a schedule."""
    whole = ZERO
    for place, tier in enumerate(tiers):
        if upto <= tier["above"]:
            break
        end = min(upto, tiers[place + 1]["above"]) if place + 1 < len(tiers) else upto
        whole += (end - tier["above"]) * tier["share"] + tier["flat"]
    return _rounded(scope, whole)


def _rounded(scope: Scope, amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-scope.places), ROUND_HALF_UP)


def _put_tranches(scope: Scope, months: dict[date, Month]) -> Decimal:
    """Put what is planned into its months, never more than an agreement has committed; return how much that was."""
    plans: dict[str, list[Record]] = defaultdict(list)
    for row in scope.records("tranches_planned"):
        if row["due_on"] is not None:
            plans[row["commitment_id"]].append(row)
    whole = ZERO
    for row in scope.records("committed_left"):
        plan = plans[row["commitment_id"]]
        laid, _ = laid_first([tranche["planned"] for tranche in plan], row["committed"])
        for tranche, part in zip(plan, laid, strict=True):
            month = _month(scope, months, tranche["due_on"])
            month.tranches += scope.money(part)
            if tranche["condition"] is not None and tranche["met_on"] is None:
                month.waiting += scope.money(part)
            whole += part
    return scope.money(whole)


def _name_undated(
    found: Forecast, signed: list[Due], expected: dict[str, list[Decimal]], money: Record, planned: Decimal
) -> None:
    scope = found.scope
    open_ended = sum((due.base_amount for due in signed if due.due_on is None), ZERO)
    bears = sum((fee for fees in expected.values() for fee in fees), ZERO)
    for what, amount, is_out in (
        ("signed for, without an instalment or by note", open_ended, False),
        ("fees on that", bears, True),
        ("committed, without a tranche that is planned", money["committed"] - planned, True),
        ("allocated, without an agreement", money["allocated"], True),
    ):
        if amount:
            found.undated.append((what, scope.money(amount), is_out))
