"""The joint account: what is required, what others have, what the facility allocates, and the gap.

Each amount is counted once: a request's amounts are split over its countries and objectives in the view, and the parts
sum exactly, so that every table of this report has the same totals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.money_steps import money_note, money_total, shown_steps
from reports.report import Bar, Bars, Chart, Fact, Flows, Link, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import counted, day, exact, place, plain_words, ratio, share, spoken, verb

ZERO = Decimal(0)
BARS_MAX = 15
"""Bars that a chart of countries shows; the rest is one bar."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Sum:
    """Required, available and allocated of one group, in the book's currency."""

    label: str
    required: Decimal
    available: Decimal
    allocated: Decimal

    @property
    def gap(self) -> Decimal:
        return self.required - self.available - self.allocated


@dataclass(frozen=True, slots=True)
class _Account:
    """What the book says about all requests and all donors."""

    scope: Scope
    cells: list[Record]
    payers: list[Record]
    donor_kinds: list[Record]
    requests: int
    funded: int

    def whole(self) -> _Sum:
        return _summed(self, "all", self.cells)


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the joint account by window, objective, country, donor kind and year.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    account = _account(scope_of(book, as_of, known_at))
    scope = account.scope
    return Report(
        name="joint-account",
        title="Joint account",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(account),
        facts=_facts(account),
        charts=_charts(account),
        tables=(
            _dimension(account, "windows", "By window", "Window", lambda row: str(row["request_window"])),
            _dimension(account, "objectives", "By objective of the Global Compact", "Objective", _objective),
            _by_gap(_dimension(account, "countries", "By country", "Country", place)),
            _donor_kinds(account),
            _dimension(account, "years", "By year", "Year", lambda row: str(row["year"])),
        ),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: requests and allocations dated up to {day(scope.as_of)}.",
            f"Amounts in {scope.currency}, converted once, when they were imported or posted.",
        ),
    )


def _account(scope: Scope) -> _Account:
    counts = scope.records("joint_account_requests")[0]
    return _Account(
        scope,
        scope.records("joint_account_cells"),
        scope.records("joint_account_payers"),
        _by_donor_kind(scope),
        counts["requests"],
        counts["funded"],
    )


def _by_donor_kind(scope: Scope) -> list[Record]:
    """Return one row per donor kind with its donors and its money by stage."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for row in scope.records("contribution_money", donor_id=None):
        grouped[row["donor_kind"]].append(row)
    return [
        {"donor_kind": kind, "donors": len({row["donor_id"] for row in rows}), **money_total(rows)}
        for kind, rows in sorted(grouped.items())
    ]


def _summed(account: _Account, label: str, rows: list[Record]) -> _Sum:
    money = account.scope.money
    names = ("required", "available", "allocated")
    required, available, allocated = (money(sum((row[name] for row in rows), ZERO)) for name in names)
    return _Sum(label, required, available, allocated)


def _groups(account: _Account, label: Callable[[Record], str]) -> list[_Sum]:
    """Return one sum per label, in the order in which the query gives them."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for row in account.cells:
        grouped[label(row)].append(row)
    return [_summed(account, name, rows) for name, rows in grouped.items()]


def _objective(row: Record) -> str:
    return f"{row['objective']} · {row['objective_title']}" if row["objective"] else "none named"


def _dimension(account: _Account, name: str, title: str, label: str, of: Callable[[Record], str]) -> Table:
    groups = sorted(_groups(account, of), key=lambda each: _natural(each.label))
    columns = (
        Column(name, label),
        Column("required", "Required", "amount"),
        Column("available", "Available from others", "amount"),
        Column("allocated", "Allocated by the facility", "amount"),
        Column("gap", "Gap", "amount"),
        Column("covered", "Covered", "share"),
    )
    total = account.whole()
    return Table(
        name,
        f"{title}, {account.scope.currency}",
        columns,
        tuple(_row(each) for each in groups),
        note="Gap is required less available less allocated.",
        total=_row(_Sum("Total", total.required, total.available, total.allocated)),
    )


def _row(each: _Sum) -> Row:
    covered = ratio(each.available + each.allocated, each.required)
    return (each.label, each.required, each.available, each.allocated, each.gap, covered)


def _natural(label: str) -> tuple[int, str]:
    """Return a key that puts `7 · …` before `10 · …`, and words after numbers."""
    head = label.split(" ", 1)[0]
    return (int(head), label) if head.isdecimal() else (10**6, label)


def _by_gap(table: Table) -> Table:
    """Return the table of countries with the largest gap first."""
    rows = tuple(sorted(table.rows, key=lambda row: (-(row[4] if isinstance(row[4], Decimal) else ZERO), str(row[0]))))
    return Table(table.name, table.title, table.columns, rows, note=table.note, total=table.total)


def _donor_kinds(account: _Account) -> Table:
    money = account.scope.money
    steps = shown_steps(account.donor_kinds)
    stages = ("pledged", *(step.name for step in steps))
    rows = tuple(
        (plain_words(row["donor_kind"]), row["donors"], *(money(row[stage]) for stage in stages))
        for row in account.donor_kinds
    )
    columns = (
        Column("donor_kind", "Donor kind"),
        Column("donors", "Donors", "count"),
        Column("pledged", "Pledged", "amount"),
        *(Column(step.name, step.label, "amount") for step in steps),
    )
    sums = (money(sum((row[stage] for row in account.donor_kinds), ZERO)) for stage in stages)
    total: Row = ("Total", sum(row["donors"] for row in account.donor_kinds), *sums)
    note = (
        f"Whose money it is. {money_note(account.donor_kinds)} Pledges bind nobody and stay apart. What is required "
        "has no donor kind. "
        "Interest stands on the facility's own line unless it was credited to a contribution."
    )
    return Table("donor_kinds", f"By donor kind, {account.scope.currency}", columns, rows, note=note, total=total)


def _facts(account: _Account) -> tuple[Fact, ...]:
    whole, currency = account.whole(), account.scope.currency
    received = account.scope.money(
        sum((row["received"] - row["bounced"] + row["interest"] for row in account.donor_kinds), ZERO)
    )
    return (
        Fact(
            "Required", exact(whole.required, currency), f"{counted(account.requests, 'request')}, co-finance included"
        ),
        Fact("Available from others", exact(whole.available, currency), share(whole.available, whole.required)),
        Fact("Allocated by the facility", exact(whole.allocated, currency), share(whole.allocated, whole.required)),
        Fact("Gap", exact(whole.gap, currency), share(whole.gap, whole.required)),
        Fact("Requests with money", f"{account.funded:,} of {account.requests:,}", "allocated in the book"),
        Fact("Received by the facility", exact(received, currency), "cash, interest included"),
    )


def _answer(account: _Account) -> str:
    whole, currency = account.whole(), account.scope.currency
    if not account.requests:
        return "The book has no requests yet, so nothing is required."
    require = verb(account.requests, "requires", "require")
    return (
        f"{counted(account.requests, 'request')} {require} {spoken(whole.required, currency)}; others have "
        f"{spoken(whole.available, currency)} for them. The facility allocates {spoken(whole.allocated, currency)} to "
        f"{account.funded:,} of them, which leaves a gap of {spoken(whole.gap, currency)}."
    )


def _charts(account: _Account) -> tuple[Chart, ...]:
    if not account.requests:
        return ()
    flows = [_flows(account)] if account.payers else []
    return (_funnel(account), _stacked(account), *flows, *_allocated(account))


def _funnel(account: _Account) -> Bars:
    whole, currency = account.whole(), account.scope.currency
    steps = (
        ("required", whole.required),
        ("available from others", whole.available),
        ("allocated by the facility", whole.allocated),
        ("gap", max(whole.gap, ZERO)),
    )
    said = ", ".join(f"{label} {spoken(amount, currency)}" for label, amount in steps)
    bars = tuple(Bar(label, ((label, amount),)) for label, amount in steps)
    series = tuple(label for label, _ in steps)
    return Bars("From need to gap", f"From need to gap: {said}.", currency, series, bars)


def _stacked(account: _Account) -> Bars:
    currency = account.scope.currency
    groups = sorted(_groups(account, lambda row: str(row["request_window"])), key=lambda each: each.label)
    bars = tuple(
        Bar(
            each.label,
            (
                ("available from others", each.available),
                ("allocated by the facility", each.allocated),
                ("gap", max(each.gap, ZERO)),
            ),
        )
        for each in groups
    )
    said = "; ".join(f"{each.label}: gap {spoken(each.gap, currency)}" for each in groups)
    series = ("available from others", "allocated by the facility", "gap")
    return Bars("What each window requires, and who meets it", f"{said}.", currency, series, bars)


def _flows(account: _Account) -> Flows:
    links = tuple(
        Link(plain_words(row["donor_kind"]), row["request_window"], account.scope.money(row["allocated"]))
        for row in account.payers
        if row["allocated"] > 0
    )
    said = f"{spoken(account.whole().allocated, account.scope.currency)} allocated, from recorded payments."
    return Flows("From donor kinds to windows", said, account.scope.currency, "donor kinds", "windows", links)


def _allocated(account: _Account) -> tuple[Bars, ...]:
    groups = [each for each in _groups(account, place) if each.allocated > 0]
    groups.sort(key=lambda each: (-each.allocated, each.label))
    if not groups:
        return ()
    shown = groups if len(groups) <= BARS_MAX + 1 else groups[:BARS_MAX]
    bars = [Bar(each.label, (("allocated", each.allocated),)) for each in shown]
    rest = groups[len(shown) :]
    if rest:
        bars.append(Bar(f"{len(rest)} others", (("allocated", sum((each.allocated for each in rest), ZERO)),)))
    said = f"{counted(len(groups), 'place')}; most goes to {groups[0].label}."
    title = "What the facility allocates, by country"
    return (Bars(title, said, account.scope.currency, ("allocated",), tuple(bars)),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Required", "The ask and the co-finance reported with it. A request that continues another adds nothing."),
        (
            "Available from others",
            "Confirmed co-finance or, where none is stated as confirmed, the co-finance reported.",
        ),
        ("Allocated", "Reserved by the facility in its book, net of releases; pledges never count."),
        ("Gap", "Required less available less allocated."),
        (
            "Counted once",
            "A request's amounts are split over its countries by their declared shares and over its objectives "
            "equally; the parts sum to the cent. Groups such as LDC are no table here: a country may be in several.",
        ),
        ("Year", "The year in which the request's work starts or, without a start, in which it was made."),
    )
