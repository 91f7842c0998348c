"""What the book says about one donor, and the movement of its money over a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError
from reports.lines import ZERO, Line, lines_table, summed
from reports.money_steps import CAME, KEPT, NAMES, PARTS, PROMISED, STEPS, USED, Signs, money_total
from reports.scope import Scope, found
from reports.table import Table
from reports.wording import day

Record = dict[str, Any]


class PeriodCrossed(FacilityError):
    """A statement that would begin after it ends."""

    code = "period-crossed"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the book says about one donor.

    Attributes:
        scope: Up to the last day of the period.
        begins: First day of the period; None for the whole life.
        donor: The donor.
        contributions: Its contributions: terms, and money on the last day.
        before: Its contributions' money on the day before the period; empty for the whole life.
        deposits: Cash that came.
        payments: Requests paid for, by stage.
        agreements: Grant agreements that hold its money.
        results: Indicators of the requests paid for.
        versions: Terms that changed.
    """

    scope: Scope
    begins: date | None
    donor: Record
    contributions: list[Record]
    before: list[Record]
    deposits: list[Record]
    payments: list[Record]
    agreements: list[Record]
    results: list[Record]
    versions: list[Record]

    def total(self, stage: str) -> Decimal:
        """Return a stage of all contributions together, on the last day."""
        return self.scope.money(sum((row[stage] for row in self.contributions), ZERO))

    def decided(self) -> Decimal:
        """Return what decisions that stand pay with the donor's money."""
        return self.scope.money(sum((row["decided"] for row in self.payments), ZERO))


def statement_of(scope: Scope, wanted: str, terms_on: date | None, begins: date | None) -> Statement:
    """Return what the book says; the terms are those in force on `terms_on`, the latest when None.

    Raises:
        SubjectUnknown: the book has no such donor.
        PeriodCrossed: the period would begin after it ends.
    """
    if begins is not None and begins > scope.as_of:
        raise PeriodCrossed(
            f"the statement would begin on {begins}, after its last day {scope.as_of}",
            remedy="give an earlier --from, or a later --as-of",
        )
    donors = scope.records("donors")
    name = found("donor", wanted, [row["donor"] for row in donors])
    donor = next(row for row in donors if row["donor"] == name)
    key = donor["donor_id"]
    before = replace(scope, as_of=begins - timedelta(days=1)) if begins is not None else None
    return Statement(
        scope,
        begins,
        donor,
        _contributions(scope, key, terms_on),
        before.records("contribution_money", donor_id=key) if before is not None else [],
        scope.records("donor_deposits", donor_id=key),
        scope.records("donor_payments", donor_id=key),
        scope.records("donor_agreements", donor_id=key),
        scope.records("donor_results", donor_id=key),
        scope.records("donor_versions", donor_id=key),
    )


def _contributions(scope: Scope, donor_id: str, terms_on: date | None) -> list[Record]:
    """Return each contribution that is signed by the last day, or has money: its terms and its money."""
    money = {row["contribution_id"]: row for row in scope.records("contribution_money", donor_id=donor_id)}
    nothing = dict.fromkeys(NAMES, ZERO)
    return [
        {**nothing, **money.get(row["contribution_id"], {}), **row}
        for row in scope.records("donor_contributions", donor_id=donor_id, terms_on=terms_on)
        if row["signed_on"] is None or row["signed_on"] <= scope.as_of or row["contribution_id"] in money
    ]


AMOUNTS = (("opening", "Opening"), ("movement", "Movement"), ("closing", "Closing"))
MEMO = (("pledged", 1), ("in_kind", 1))
_LABELS = {step.name: step.label for step in (*STEPS, *PARTS)} | {"pledged": "Pledged", "in_kind": "In kind"}


def period_table(s: Statement) -> Table:
    """Return the donor's money step by step: opening balance, movements of the period, closing balance."""
    opening, closing = money_total(s.before), money_total(s.contributions)
    came = summed("came", "Came in, net", _lines(s, PROMISED, opening, closing))
    kept = summed("kept", "There to be used", _lines(s, KEPT, opening, closing))
    used = summed("used", "Used and to be used", _lines(s, USED, opening, closing))
    lines = [
        *_lines(s, PROMISED, opening, closing), came,
        *_lines(s, KEPT, opening, closing), kept,
        *_lines(s, USED, opening, closing), used,
        *_lines(s, [(step.name, 1) for step in PARTS], opening, closing, "of that: "),
        *_lines(s, MEMO, opening, closing, "memo, not money: "),
    ]  # fmt: skip
    whole = f"from {day(s.begins)} to {day(s.scope.as_of)}" if s.begins else f"up to {day(s.scope.as_of)}"
    note = (
        "Each block adds up to its last line. What came in, net, is received less what the bank took back, with "
        "receipts "
        "applied from other contributions. Opening + movement = closing."
    )
    return lines_table("statement", f"Statement {whole}, {s.scope.currency}", lines, AMOUNTS, note=note)


def _lines(
    s: Statement, signs: Signs, opening: Mapping[str, Decimal], closing: Mapping[str, Decimal], before: str = ""
) -> list[Line]:
    lines = []
    for name, sign in signs:
        first, last = s.scope.money(sign * opening[name]), s.scope.money(sign * closing[name])
        if first or last or (signs is PROMISED and name == "signed"):
            label = _LABELS[name] if sign > 0 else f"less: {_LABELS[name].lower()}"
            label = before + label.lower() if before else label
            lines.append(Line(name, label, (first, last - first, last)))
    return lines or [Line("nothing", "Nothing yet", (s.scope.money(ZERO),) * 3)] * (not before)


__all__ = ["AMOUNTS", "CAME", "PeriodCrossed", "Statement", "period_table", "statement_of"]
