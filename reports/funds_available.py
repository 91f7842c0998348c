"""Funds available to decide: the trustee's waterfall from what was promised to what may still be decided on.

Source: the order of the lines follows the financial reports that the World Bank publishes as trustee of the Global
Concessional Financing Facility.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.report import Fact, Report, Step, Waterfall
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import day, exact, listed, plain_words, ratio, share, spoken

REQUESTS = "awards to requests"
"""What decisions for requests are called, unless the caller has a better word."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the statement: what it is, how much, what kind of figure, and whether it sums others."""

    name: str
    label: str
    amount: Decimal
    basis: str
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the journal says, in the book's currency."""

    contributions: Decimal
    pledges: Decimal
    receipts: Decimal
    interest: Decimal
    receivable: Decimal
    exchange: Decimal
    unapplied: Decimal
    cash: Decimal
    pending: Decimal
    uncollected: Decimal
    available: Decimal
    decisions: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def decided(self) -> Decimal:
        return sum((amount for _, amount, _ in self.decisions), ZERO)

    @property
    def received(self) -> Decimal:
        return self.receipts + self.interest

    @property
    def expected(self) -> Decimal:
        return self.receivable + self.pledges

    @property
    def potential(self) -> Decimal:
        return self.received + self.expected


def report(
    book: Book, *, as_of: date | None = None, known_at: datetime | None = None, requests_label: str = REQUESTS
) -> Report:
    """Return the statement of funds available to decide.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
        requests_label: What the line of decisions for requests is called.
    """
    scope = scope_of(book, as_of, known_at)
    figures = _figures(scope, requests_label)
    by_class = tuple(
        (row["earmark_class"], scope.money(row["available"])) for row in scope.records("available_by_class")
    )
    rates = scope.rates_table()
    return Report(
        name="funds-available",
        title="Funds available to decide",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(scope, figures, by_class),
        facts=_facts(scope, figures),
        charts=(_waterfall(scope, figures),),
        tables=(
            _table(scope, figures),
            _reconciliation(scope, figures),
            _class_table(scope, by_class),
            *([rates] if rates.rows else []),
        ),
        definitions=_definitions(scope, figures),
        sources=(
            f"The book of {scope.facility}: the sum of its postings with an entry date up to {day(scope.as_of)}.",
            scope.rates_note(bool(rates.rows)),
        ),
    )


def _figures(scope: Scope, requests_label: str) -> _Figures:
    totals = {name: scope.money(amount) for name, amount in scope.records("funds_available")[0].items()}
    decisions = tuple(
        (row["label"], scope.money(row["amount"]), scope.money(row["cancelled"]))
        for row in scope.records("funding_decisions", requests=requests_label)
    )
    return _Figures(**totals, decisions=decisions or ((requests_label, ZERO, ZERO),))


def _lines(figures: _Figures) -> list[_Line]:
    """Return the statement's lines in the trustee's order; some only where there is anything of the kind."""
    f = figures
    unapplied = [_Line("unapplied", "Receipts not applied to an agreement", f.unapplied, "cash")] if f.unapplied else []
    waits = "Approved amounts not yet received (not taken off)"
    uncollected = [_Line("uncollected", waits, f.uncollected, "decided, signed, not cash")] if f.uncollected else []
    return [
        _Line("contributions", "Contributions", f.contributions, "signed, received or not"),
        _Line("pledges", "Pledges outstanding", f.pledges, "pledge"),
        _Line(
            "promised",
            "Total pledges outstanding and contributions",
            f.contributions + f.pledges,
            "signed and pledge",
            True,
        ),
        _Line("receipts", "Cash receipts", f.receipts, "cash"),
        _Line("interest", "Investment income earned", f.interest, "cash"),
        _Line("received", "Total resources received", f.received, "cash", True),
        _Line("receivable", "Contributions not yet received", f.receivable, "signed, not cash"),
        _Line("pledges_expected", "Pledges outstanding (not yet received)", f.pledges, "pledge"),
        _Line("expected", "Total resources not yet received", f.expected, "not cash", True),
        _Line("potential", "Total potential resources (A)", f.potential, "cash, signed and pledge", True),
        *(
            _Line(f"decisions_{position}", f"Funding decisions: {label}", amount, "decided, net of cancellations")
            for position, (label, amount, _) in enumerate(f.decisions, start=1)
        ),
        _Line("decided", "Total funding decisions net of cancellations (B)", f.decided, "decided", True),
        _Line(
            "potential_left",
            "Potential resources net of decisions (A-B)",
            f.potential - f.decided,
            "not all cash",
            True,
        ),
        _Line("held", "Funds held in trust with no restrictions", f.cash, "cash"),
        _Line("pending", "Approved amounts pending cash transfers", f.pending, "decided, cash still held"),
        *unapplied,
        *uncollected,
        _Line("available", "Total funds available to support decisions", f.available, "cash", True),
    ]


def _table(scope: Scope, figures: _Figures) -> Table:
    lines = _lines(figures)
    rows: list[Row] = [(line.label, line.amount, scope.currency, line.basis) for line in lines]
    columns = (
        Column("line", "Line"),
        Column("amount", f"{scope.currency}", "amount"),
        Column("currency", "Currency"),
        Column("basis", "What kind of figure"),
    )
    strong = frozenset(position for position, line in enumerate(lines) if line.is_sum)
    title = f"Funds available, {scope.currency}, {day(scope.as_of)}"
    note = "Only the last block may be decided on: pledges and signed money are not cash."
    return Table("funds_available", title, columns, tuple(rows), note=note, strong=strong)


def _reconciliation(scope: Scope, figures: _Figures) -> Table:
    f = figures
    rows: tuple[Row, ...] = (
        ("Contributions signed, at the rates of signing", f.contributions),
        ("Exchange difference between signing and receipt", f.exchange),
        ("Receipts not applied to an agreement", f.unapplied),
        ("less: not yet received", -f.receivable),
        ("Cash receipts", f.contributions + f.exchange + f.unapplied - f.receivable),
    )
    columns = (Column("step", "Step"), Column("amount", scope.currency, "amount"))
    title = f"From contributions signed to cash received, {scope.currency}"
    return Table("signed_to_cash", title, columns, rows, strong=frozenset({4}))


def _class_table(scope: Scope, by_class: tuple[tuple[str, Decimal], ...]) -> Table:
    whole = sum((amount for _, amount in by_class), ZERO)
    rows = tuple((plain_words(name), amount, ratio(amount, whole)) for name, amount in by_class)
    columns = (
        Column("earmark_class", "Earmark"),
        Column("available", f"Available, {scope.currency}", "amount"),
        Column("share", "Share", "share"),
    )
    title = f"How free the available money is, {scope.currency}"
    return Table("available_by_class", title, columns, rows, total=("Total", whole, None))


def _facts(scope: Scope, figures: _Figures) -> tuple[Fact, ...]:
    f, currency = figures, scope.currency
    names = listed([label for label, _, _ in f.decisions])
    return (
        Fact("Available to decide", exact(f.available, currency), "cash, after everything decided"),
        Fact("Held in trust", exact(f.cash, currency), "cash"),
        Fact("Decided, not yet transferred", exact(f.pending, currency), "cash that is spoken for"),
        Fact("Received", exact(f.received, currency), "cash: receipts and investment income"),
        Fact("Decided", exact(f.decided, currency), f"net of cancellations: {names}"),
        Fact("Not yet received", exact(f.expected, currency), _expected_words(f, currency)),
    )


def _expected_words(f: _Figures, currency: str) -> str:
    if not f.uncollected:
        return "signed and pledged: may not be decided on"
    return f"signed and pledged; {exact(f.uncollected, currency)} of it is decided already, as policies allowed"


def _answer(scope: Scope, figures: _Figures, by_class: tuple[tuple[str, Decimal], ...]) -> str:
    f, currency = figures, scope.currency
    free = dict(by_class).get("unearmarked", ZERO)
    first = (
        f"On {day(scope.as_of)} {scope.facility} could decide on {spoken(f.available, currency)}: "
        f"{spoken(f.cash, currency)} of cash held, less {spoken(f.pending, currency)} decided and not yet transferred"
        + (f" and {spoken(f.unapplied, currency)} received beyond agreements." if f.unapplied else ".")
    )
    second = f" Of that, {share(free, f.available)} is unearmarked." if f.available > 0 else ""
    third = f" {spoken(f.expected, currency)} more is promised and not received." if f.expected else ""
    return first + second + third


def _waterfall(scope: Scope, figures: _Figures) -> Waterfall:
    """Return the statement as steps: in from the left, decisions back, what is left, and how much of it is cash."""
    f = figures
    steps: list[Step] = []
    level = ZERO
    for label, amount, tone in (
        ("Cash receipts", f.receipts, "in"),
        ("Investment income", f.interest, "in"),
        ("Signed, not yet received", f.receivable, "expected"),
        ("Pledged", f.pledges, "expected"),
    ):
        steps.append(Step(label, level, level + amount, "in" if tone == "in" else "expected"))
        level += amount
    steps.append(Step("Potential resources (A)", ZERO, level, "total"))
    for label, amount, _ in f.decisions:
        steps.append(Step(f"Decided: {label}", level, level - amount, "out"))
        level -= amount
    steps.append(Step("Potential net of decisions (A-B)", ZERO, level, "total"))
    undecided = f.expected - f.uncollected
    steps.append(Step("Not cash: signed or pledged", level, level - undecided, "expected"))
    level -= undecided
    if f.unapplied:
        steps.append(Step("Received beyond agreements", level, level - f.unapplied, "out"))
    steps.append(Step("Available to decide", ZERO, f.available, "total"))
    shown = tuple(step for step in steps if step.tone == "total" or step.start != step.end)
    unreal = f" and {spoken(f.expected, scope.currency)} is not cash" if f.expected else ""
    description = (
        f"Of {spoken(f.potential, scope.currency)} of potential resources, {spoken(f.decided, scope.currency)} is "
        f"decided{unreal}, which leaves {spoken(f.available, scope.currency)}."
    )
    return Waterfall("From what was promised to what may be decided on", description, scope.currency, shown)


def _definitions(scope: Scope, figures: _Figures) -> tuple[tuple[str, str], ...]:
    cancelled = sum((each for _, _, each in figures.decisions), ZERO)
    return (
        ("Pledge", "An announcement that binds nobody. It is never money to decide on."),
        ("Contribution", f"Money signed for, in {scope.currency} at the rate of the signing; received or not."),
        ("Cash receipts", f"What the bank received, in {scope.currency} as credited or at the rate of the day."),
        (
            "Funding decisions",
            f"Allocations and administrative decisions posted to the book; {exact(cancelled, scope.currency)} of "
            "cancellations is already taken off.",
        ),
        (
            "No restrictions",
            "No promissory notes or conditions on the cash. Donors' earmarks stand in a table of their own.",
        ),
        ("Pending cash transfers", "Decided and not yet transferred to who carries it out; the cash is still held."),
        ("Potential resources", "Cash and promises together: a measure of size, never of what may be decided on."),
        ("As of", f"Entries dated up to {day(scope.as_of)} count, whenever they were written unless a time is named."),
    )
