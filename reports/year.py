"""The statement of a year: five statements in the order of IPSAS 1, with comparatives, and their notes.

Source: International Public Sector Accounting Standards: IPSAS 1 (presentation of financial statements: which
statements, in which order, with comparatives), IPSAS 2 (cash flow statements), IPSAS 3 (changes and errors:
comparatives restated), IPSAS 4 (effects of changes in foreign exchange rates), IPSAS 14 (events after the reporting
date), IPSAS 24 (presentation of budget information). IPSAS 47 (revenue, from 1 January 2026 in the place of IPSAS 23)
is named for what it may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.errors import FacilityError
from ledgers.store import Book
from reports import year_notes as notes
from reports import year_statements as statements
from reports.lines import Line
from reports.report import Fact, Report, Step, Waterfall
from reports.scope import scope_of
from reports.table import Table
from reports.wording import counted, day, exact, listed, spoken
from reports.year_figures import Record, Year, year_of

ZERO = Decimal(0)


class YearInvalid(FacilityError):
    """A year that is none, or has not begun."""

    code = "year-invalid"


def report(book: Book, *, year: str, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the statement of a year.

    Args:
        book: The open book.
        year: Four digits.
        as_of: Where it lies in the year: the last day that counts. Where it lies after it: the last day of the events
            after the year that are told. The whole year, and everything after it, when None.
        known_at: Last recorded time that counts; everything written when None.

    Raises:
        YearInvalid: the year is none, or begins after the last day that counts.
    """
    whole = scope_of(book, as_of, known_at)
    number = _number(year)
    if date(number, 1, 1) > whole.as_of:
        raise YearInvalid(
            f"the year {number} begins after {whole.as_of}, the last day that counts",
            remedy="name an earlier year, or give a later --as-of",
        )
    end = date(number, 12, 31) if as_of is None else min(date(number, 12, 31), as_of)
    y = year_of(scope_of(book, end, known_at), number, as_of, scope_of(book, None, known_at).as_of)
    contributions = y.records("year_contributions")
    return _report(y, contributions)


def _number(text: str) -> int:
    if len(text) == 4 and text.isascii() and text.isdigit() and 1900 <= int(text) <= 2199:
        return int(text)
    raise YearInvalid(f"{text} is not a year", remedy="write four digits: 2025")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the statements of a year say: each is read once."""

    y: Year
    position: list[Line]
    performance: list[Line]
    restated: Table

    def amount(self, name: str) -> Decimal:
        """Return a line of the year; nothing where there is no such line."""
        lines = (*self.position, *self.performance)
        return next((line.amounts[0] for line in lines if line.name == name), self.y.scope.money(ZERO))


def _report(y: Year, contributions: list[Record]) -> Report:
    scope = y.scope
    told = _Told(y, statements.position_lines(y), statements.performance_lines(y), notes.restated(y))
    return Report(
        name="year",
        title=f"Statement of the year {y.year}",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(told),
        facts=_facts(told),
        charts=_charts(told),
        tables=(
            statements.position(y, told.position),
            statements.performance(y, told.performance),
            statements.changes(y),
            statements.cash_flow(y),
            statements.budget(y),
            notes.cash_held(y),
            notes.exchange(y),
            notes.rates(y),
            notes.fees(y),
            notes.restrictions(y, contributions),
            notes.donors(y, contributions),
            notes.deferred(y, contributions),
            notes.commitments(y),
            notes.memo(y, contributions),
            notes.later_events(y),
            told.restated,
        ),
        definitions=_basis(contributions),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}.",
            f"Every amount is a sum of postings in {scope.currency}; nothing is estimated.",
            *_unfinished(y),
        ),
    )


def _unfinished(y: Year) -> list[str]:
    if y.last_day >= y.scope.as_of:
        return []
    return [f"The book's last entry is of {day(y.last_day)}: the year may not be over in it."]


def _answer(told: _Told) -> str:
    scope, surplus = told.y.scope, told.amount("surplus")
    said = {name: spoken(told.amount(name), scope.currency) for name in ("revenue", "expenses", "net_assets")}
    word = "surplus" if surplus >= 0 else "deficit"
    return (
        f"In {told.y.year} {scope.facility} had revenue of {said['revenue']} and expenses of {said['expenses']}: "
        f"a {word} of {spoken(abs(surplus), scope.currency)}. On {day(scope.as_of)} its net assets are "
        f"{said['net_assets']}."
    )


def _facts(told: _Told) -> tuple[Fact, ...]:
    currency, end = told.y.scope.currency, day(told.y.scope.as_of)
    return (
        Fact("Revenue", exact(told.amount("revenue"), currency), "of the year"),
        Fact("Expenses", exact(told.amount("expenses"), currency), "of the year"),
        Fact("Surplus (deficit)", exact(told.amount("surplus"), currency), "of the year"),
        Fact("Total assets", exact(told.amount("assets"), currency), end),
        Fact("Total liabilities", exact(told.amount("liabilities"), currency), end),
        Fact("Net assets", exact(told.amount("net_assets"), currency), end),
        Fact("Restated", counted(len(told.restated.rows), "line"), "changed since the closing; see the last note"),
    )


def _charts(told: _Told) -> tuple[Waterfall, ...]:
    """Return the way from revenue to the surplus, line by line."""
    steps, level = [], ZERO
    for line in told.performance:
        if line.is_sum or not line.amounts[0]:
            continue
        amount = line.amounts[0] if line.name.startswith("income:") else -line.amounts[0]
        steps.append(Step(line.label.removeprefix("less: "), level, level + amount, "more" if amount > 0 else "less"))
        level += amount
    if not steps:
        return ()
    steps.append(Step("Surplus (deficit)", ZERO, level, "total"))
    title = f"From revenue to the surplus of {told.y.year}"
    return (Waterfall(title, _answer(told), told.y.scope.currency, tuple(steps)),)


def _basis(contributions: list[Record]) -> tuple[tuple[str, str], ...]:
    conditional = [row["contribution_id"] for row in contributions if row["deferred"]]
    named = f" Deferred at the end: {listed(conditional)}." if conditional else " None is deferred at the end."
    return (
        (
            "Basis",
            "Accrual, at historical cost, from the journal. The statements and their order follow IPSAS 1, with "
            "the budget's "
            "stages as IPSAS 24 asks of a published budget; full compliance with IPSAS is for an auditor to say.",
        ),
        (
            "Revenue",
            "Agreements without conditions are revenue at signing, those with conditions as these are met."
            + named
            + " From 1 "
            "January 2026 IPSAS 47 replaces IPSAS 23 and looks at binding arrangements; whether that changes this "
            "rule is not "
            "decided here.",
        ),
        (
            "Returned to donors",
            "Money that will not be used and is owed or given back; shown against the revenue that it was.",
        ),
        (
            "Programme expenditure",
            "What implementers report and the facility allows, provisional until final; until then it is an advance.",
        ),
        (
            "Exchange",
            "Amounts in other currencies are converted at the rate of their day. At the end of a period cash, "
            "receivables, notes "
            "and unapplied receipts are brought to the rate of that day, differences in the surplus (IPSAS 4).",
        ),
        ("Cash flows", "By the direct method (IPSAS 2); all are of operations."),
        ("Events after the year", "Entries dated later, which change nothing above (IPSAS 14)."),
        (
            "Comparatives",
            "Last year's figures as they are known now; what an entry recorded after the first closing changed "
            "stands in the last "
            "note (IPSAS 3).",
        ),
    )
