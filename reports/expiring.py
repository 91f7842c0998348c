"""Money with a use-by date: what of it is not spent yet, where it is, and what must be spent when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.report import Bar, Bars, Fact, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import counted, day, exact, spoken

ZERO = Decimal(0)
STAGES = ("available", "conditional", "allocated", "committed", "outside")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expiring:
    """One contribution with a use-by date, in the book's currency.

    Attributes:
        row: Its money by stage.
        days: Until the use-by date; below zero once it has passed.
        unspent: What must be spent by then: every stage together, each cent once.
    """

    row: Record
    days: int
    unspent: Decimal

    @property
    def is_expired(self) -> bool:
        """Return whether its last day has passed."""
        return self.days < 0


def expiring_money(scope: Scope, days: int | None = None) -> list[Expiring]:
    """Return the contributions whose money is not spent, by use-by date: expired ones first.

    Args:
        scope: The day, and what was known.
        days: How far ahead; all when None.
    """
    found = []
    for row in scope.records("expiring"):
        left = (row["use_by"] - scope.as_of).days
        unspent = sum((max(row[stage], ZERO) for stage in STAGES), ZERO)
        if unspent and (days is None or left <= days):
            found.append(Expiring(row, left, scope.money(unspent)))
    return found


def report(
    book: Book, *, days: int | None = None, as_of: date | None = None, known_at: datetime | None = None
) -> Report:
    """Return what must be spent when.

    Args:
        book: The open book.
        days: Only money whose use-by date lies at most so many days ahead; all when None.
        as_of: Last entry date that counts, and the day from which days are counted; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    scope = scope_of(book, as_of, known_at)
    found = expiring_money(scope, days)
    return Report(
        name="expiring",
        title="Money with a use-by date" if days is None else f"Money to be used within {counted(days, 'day')}",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(scope, found),
        facts=_facts(scope, found),
        charts=_charts(scope, found),
        tables=(_contributions(scope, found), _agreements(scope, found)),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}, terms in force "
            "that day.",
        ),
    )


def _contributions(scope: Scope, found: list[Expiring]) -> Table:
    rows = tuple(
        (
            *(each.row["contribution_id"], each.row["donor"], each.row["use_by"], each.days),
            *(scope.money(each.row[stage]) for stage in STAGES),
            each.unspent,
        )
        for each in found
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("use_by", "Use by", "date"),
        Column("days", "Days left", "count"),
        Column("available", "Available", "amount"),
        Column("conditional", "Waiting", "amount"),
        Column("allocated", "Allocated", "amount"),
        Column("committed", "Committed", "amount"),
        Column("outside", "With implementers", "amount"),
        Column("unspent", "To be spent", "amount"),
    )
    sums = (scope.money(sum((each.row[stage] for each in found), ZERO)) for stage in STAGES)
    total: Row = ("Total", None, None, None, *sums, scope.money(sum((each.unspent for each in found), ZERO)))
    note = (
        "To be spent by the use-by date: available, waiting for a condition, allocated, committed, and disbursed "
        "without "
        "being spent; a deficit is not taken off. What is available after that day is owed to the donor: "
        "`facility contribution return`."
    )
    title = f"What must be spent when, {scope.currency}"
    return Table("contributions", title, columns, rows, note=note, total=total)


def _agreements(scope: Scope, found: list[Expiring]) -> Table:
    use_by = {each.row["contribution_id"]: each.row["use_by"] for each in found}
    rows = [
        (
            *(row["contribution_id"], use_by[row["contribution_id"]], row["commitment_id"], row["implementer"]),
            *(row["ends_on"], scope.money(row["committed"]), scope.money(row["outside"])),
            "ends after it" if row["ends_on"] is not None and row["ends_on"] > use_by[row["contribution_id"]] else "",
        )
        for row in scope.records("expiring_agreements")
        if row["contribution_id"] in use_by
    ]
    columns = (
        Column("contribution_id", "Contribution"),
        Column("use_by", "Use by", "date"),
        Column("commitment_id", "Agreement"),
        Column("implementer", "Implementer"),
        Column("ends_on", "Ends on", "date"),
        Column("committed", "Committed", "amount"),
        Column("outside", "With implementer", "amount"),
        Column("remark", "Remark"),
    )
    note = "An agreement ends on the day that stands now; extensions are in `report.grant_decisions`."
    title = f"By whom it must be spent, {scope.currency}"
    return Table("agreements", title, columns, tuple(rows), note=note)


def _answer(scope: Scope, found: list[Expiring]) -> str:
    currency = scope.currency
    expired, coming = [each for each in found if each.is_expired], [each for each in found if not each.is_expired]
    if not found:
        return f"On {day(scope.as_of)} no money with a use-by date is left unspent."
    parts = []
    if expired:
        amount = sum((each.unspent for each in expired), ZERO)
        parts.append(f"{spoken(amount, currency)} of {counted(len(expired), 'contribution')} is past its use-by date")
    if coming:
        amount = sum((each.unspent for each in coming), ZERO)
        first = coming[0]
        parts.append(
            f"{spoken(amount, currency)} of {counted(len(coming), 'contribution')} is to be spent, the first "
            f"{spoken(first.unspent, currency)} by {day(first.row['use_by'])}"
        )
    return f"On {day(scope.as_of)} {' and '.join(parts)}."


def _facts(scope: Scope, found: list[Expiring]) -> tuple[Fact, ...]:
    by_reach: dict[str, Decimal] = defaultdict(Decimal)
    for each in found:
        reach = "Expired" if each.is_expired else "Within 90 days" if each.days <= 90 else "Later"
        by_reach[reach] += each.unspent
    notes = {"Expired": "past the use-by date, not spent", "Within 90 days": "to be spent", "Later": "to be spent"}
    return tuple(Fact(name, exact(scope.money(by_reach[name]), scope.currency), note) for name, note in notes.items())


def _charts(scope: Scope, found: list[Expiring]) -> tuple[Bars, ...]:
    if not found:
        return ()
    series = ("available", "waiting", "allocated", "committed", "with implementers")
    bars = tuple(
        Bar(
            f"{each.row['contribution_id']} · {each.row['use_by']}",
            tuple(zip(series, (scope.money(max(each.row[stage], ZERO)) for stage in STAGES), strict=True)),
        )
        for each in found[:20]
    )
    return (Bars("What must be spent, by use-by date", _answer(scope, found), scope.currency, series, bars),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Use by", "Last day of the expenditure that a contribution may pay, by its terms."),
        ("With implementers", "Disbursed, and neither spent nor given back; with disallowed cost that they owe."),
        ("Expired", "The use-by date has passed: nothing more may be spent of it without the donor's consent."),
    )
