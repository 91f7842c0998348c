"""Funds available to decide: the trustee's waterfall from what was promised to what may still be decided on.

Source: the order of the lines follows the financial reports that the World Bank publishes as trustee of the Global
Concessional Financing Facility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.money_steps import money_total
from reports.report import Fact, Report, Step, Tone, Waterfall
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
    """What the journal says, in the book's currency.

    Attributes:
        money: Every contribution's money together, by the names of `reports.money_steps`.
        cash: Held at banks.
        pending: Decided, and the cash is still held.
        fees_unpaid: Charged on what came in, and still held.
        decisions: (label, amount, cancelled or come back) of each kind of decision.
        deficits: (contribution, what it lacks) of each that lacks anything.
    """

    money: Mapping[str, Decimal]
    cash: Decimal
    pending: Decimal
    fees_unpaid: Decimal
    decisions: tuple[tuple[str, Decimal, Decimal], ...]
    deficits: tuple[tuple[str, Decimal], ...]

    def __getitem__(self, name: str) -> Decimal:
        """Return a step of all contributions' money."""
        return self.money[name]

    @property
    def decided(self) -> Decimal:
        return sum((amount for _, amount, _ in self.decisions), ZERO)

    @property
    def received(self) -> Decimal:
        came = self["received"] - self["bounced"] + self["opened"] + self["used_before"]
        return came + self["interest"] + self["cash_exchange"]

    @property
    def unexplained(self) -> Decimal:
        """Return cash brought in at the opening beyond what the opening balances say it is for."""
        kept = self.pending + self["unapplied"] + self["unapplied_exchange"] + self["conditional"]
        return self.cash - kept - self.fees_unpaid - self["owed"] - self["available"]

    @property
    def charged(self) -> Decimal:
        return self["fees"] + self["bank_charges"] + self["returned"]

    @property
    def expected(self) -> Decimal:
        return self["receivable"] + self["notes"] + self["pledged"]

    @property
    def decidable(self) -> Decimal:
        """Return what contributions with money have, less what the facility's own line lacks."""
        return self["available"] + sum((amount for name, amount in self.deficits if name != "FACILITY"), ZERO)

    @property
    def potential(self) -> Decimal:
        return self.received - self.charged + self.expected


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
    rows = scope.records("contribution_money", donor_id=None)
    money = {name: scope.money(amount) for name, amount in money_total(rows).items()}
    rest = {name: scope.money(amount) for name, amount in scope.records("funds_available")[0].items()}
    decisions = tuple(
        (row["label"], scope.money(row["amount"]), scope.money(row["cancelled"] + row["came_back"]))
        for row in scope.records("funding_decisions", requests=requests_label)
    )
    deficits = tuple((row["contribution_id"], scope.money(-row["available"])) for row in rows if row["available"] < 0)
    return _Figures(
        money, rest["cash"], rest["pending"], rest["fees_unpaid"],
        decisions or ((requests_label, scope.money(ZERO), scope.money(ZERO)),), deficits,
    )  # fmt: skip


def _lines(figures: _Figures) -> list[_Line]:
    """Return the statement's lines in the trustee's order; some only where there is anything of the kind."""
    f = figures
    promised, left = f["signed"] + f["pledged"], f.potential - f.decided
    return [
        _Line("contributions", "Contributions", f["signed"], "signed, received or not"),
        _Line("pledges", "Pledges outstanding", f["pledged"], "pledge"),
        _Line("promised", "Total pledges outstanding and contributions", promised, "signed and pledge", True),
        _Line("receipts", "Cash receipts", f["received"], "cash"),
        *_any(_Line("bounced", "less: receipts taken back by banks", -f["bounced"], "cash")),
        *_any(_Line("opened", "Came in before the book was opened", f["opened"], "cash")),
        *_any(_Line("used_before", "Used or gained before it was opened", f["used_before"], "as the old books had it")),
        _Line("interest", "Investment income earned", f["interest"], "cash"),
        *_any(_Line("cash_exchange", "Exchange differences on cash", f["cash_exchange"], "cash")),
        _Line("received", "Total resources received", f.received, "cash", True),
        *_any(_Line("fees", "less: fees charged", -f["fees"], "charged, taken or not")),
        *_any(_Line("bank_charges", "less: bank charges", -f["bank_charges"], "cash")),
        *_any(_Line("returned", "less: returned or owed to donors", -f["returned"], "owed, given back or not")),
        _Line("receivable", "Contributions not yet received", f["receivable"], "signed, not cash"),
        *_any(_Line("notes", "Promissory notes not yet encashed", f["notes"], "signed, not cash")),
        _Line("pledges_expected", "Pledges outstanding (not yet received)", f["pledged"], "pledge"),
        _Line("expected", "Total resources not yet received", f.expected, "not cash", True),
        _Line("potential", "Total potential resources (A)", f.potential, "cash, signed and pledge", True),
        *(
            _Line(f"decisions_{position}", f"Funding decisions: {label}", amount, "decided, net of cancellations")
            for position, (label, amount, _) in enumerate(f.decisions, start=1)
        ),
        _Line("decided", "Total funding decisions net of cancellations (B)", f.decided, "decided", True),
        _Line("potential_left", "Potential resources net of decisions (A-B)", left, "not all cash", True),
        _Line("held", "Funds held in trust with no restrictions", f.cash, "cash"),
        _Line("pending", "Approved amounts pending cash transfers", f.pending, "decided, cash still held"),
        *_any(_Line("unapplied", "Receipts not applied to an agreement", f["unapplied"], "cash")),
        *_any(_Line("unapplied_exchange", "Exchange gains on these", f["unapplied_exchange"], "cash, not available")),
        *_any(_Line("conditional", "Receipts waiting for a condition", f["conditional"], "cash")),
        *_any(_Line("fees_unpaid", "Fees charged and not yet taken", f.fees_unpaid, "cash still held")),
        *_any(_Line("owed", "Owed to donors and not yet given back", f["owed"], "cash still held")),
        *_any(_Line("unexplained", "Cash that no opening balance explains", f.unexplained, "cash, not available")),
        *_any(
            _Line(
                "uncollected", "Approved amounts not yet received (not taken off)", f["uncollected"],
                "decided, signed, not cash",
            )
        ),
        _Line("available", "Total funds available to support decisions", f["available"], "cash", True),
        *_deficit_lines(f),
    ]  # fmt: skip


def _any(line: _Line) -> list[_Line]:
    return [line] if line.amount else []


def _deficit_lines(f: _Figures) -> list[_Line]:
    """Return what of the total may really be decided on, where contributions lack money."""
    lacking = [(name, amount) for name, amount in f.deficits if name != "FACILITY"]
    if not lacking:
        return []
    return [
        *(_Line(f"deficit_{name}", f"of that: lacking on {name}", -amount, "a deficit") for name, amount in lacking),
        _Line("decidable", "of that: on contributions with money", f.decidable, "cash", True),
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
    steps = [
        ("Contributions signed, at the rates of signing", f["signed"], True),
        ("Exchange difference between signing and receipt", f["exchange"], True),
        ("Receipts not applied to an agreement", f["unapplied"], True),
        ("less: not yet received", -f["receivable"], True),
        ("less: promissory notes", -f["notes"], False),
        ("less: written off", -f["written_off"], False),
        ("Taken back by banks", f["bounced"], False),
        ("less: came in before the book was opened", -f["opened"], False),
    ]
    rows: list[Row] = [(label, amount) for label, amount, is_always in steps if amount or is_always]
    rows.append(("Cash receipts", sum((amount for _, amount, _ in steps), ZERO)))
    columns = (Column("step", "Step"), Column("amount", scope.currency, "amount"))
    title = f"From contributions signed to cash received, {scope.currency}"
    return Table("signed_to_cash", title, columns, tuple(rows), strong=frozenset({len(rows) - 1}))


def _class_table(scope: Scope, by_class: tuple[tuple[str, Decimal], ...]) -> Table:
    whole = sum((amount for _, amount in by_class), ZERO)
    has_deficit = any(amount < 0 for _, amount in by_class)
    rows = tuple(
        (plain_words(name), amount, None if has_deficit else ratio(amount, whole)) for name, amount in by_class
    )
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
        Fact("Available to decide", exact(f.decidable, currency), "cash, after everything decided"),
        Fact("Held in trust", exact(f.cash, currency), "cash"),
        Fact("Decided, not yet transferred", exact(f.pending, currency), "cash that is spoken for"),
        Fact("Received", exact(f.received, currency), "cash: receipts and investment income"),
        Fact("Decided", exact(f.decided, currency), f"net of cancellations: {names}"),
        Fact("Not yet received", exact(f.expected, currency), _expected_words(f, currency)),
    )


def _expected_words(f: _Figures, currency: str) -> str:
    if not f["uncollected"]:
        return "signed and pledged: may not be decided on"
    return f"signed and pledged; {exact(f['uncollected'], currency)} of it is decided already, as policies allowed"


def _answer(scope: Scope, figures: _Figures, by_class: tuple[tuple[str, Decimal], ...]) -> str:
    f, currency = figures, scope.currency
    free, available = dict(by_class).get("unearmarked", ZERO), f["available"]
    taken = [(f.pending, "decided and not yet transferred"), (f["unapplied"], "received beyond agreements")]
    taken += [(f["conditional"], "waiting for a condition"), (f.fees_unpaid + f["owed"], "due in fees or to donors")]
    words = listed([f"{spoken(amount, currency)} {what}" for amount, what in taken if amount or what == taken[0][1]])
    first = (
        f"On {day(scope.as_of)} {scope.facility} could decide on {spoken(f.decidable, currency)}: "
        f"{spoken(f.cash, currency)} of cash held, less {words}"
    )
    lacking = listed([f"{name} ({spoken(amount, currency)})" for name, amount in f.deficits if name != "FACILITY"])
    lacks = f", money being lacking on {lacking}, which others do not make good." if lacking else "."
    second = f" Of that, {share(free, available)} is unearmarked." if available > 0 and not f.deficits else ""
    third = f" {spoken(f.expected, currency)} more is promised and not received." if f.expected else ""
    return first + lacks + second + third


def _waterfall(scope: Scope, figures: _Figures) -> Waterfall:
    """Return the statement as steps: in from the left, decisions back, what is left, and how much of it is cash."""
    f = figures
    steps: list[Step] = []
    level = ZERO

    def step(label: str, amount: Decimal, tone: Tone) -> None:
        nonlocal level
        steps.append(Step(label, level, level + amount, tone))
        level += amount

    step("Cash receipts", f["received"] - f["bounced"], "in")
    step("Brought in at the opening", f["opened"] + f["used_before"], "in")
    step("Investment income", f["interest"], "in")
    step("Exchange on cash", f["cash_exchange"], "in" if f["cash_exchange"] > 0 else "used")
    step("Fees, charges, returned", -f.charged, "used")
    step("Signed, not yet received", f["receivable"] + f["notes"], "expected")
    step("Pledged", f["pledged"], "expected")
    steps.append(Step("Potential resources (A)", ZERO, level, "total"))
    for label, amount, _ in f.decisions:
        step(f"Decided: {label}", -amount, "out")
    steps.append(Step("Potential net of decisions (A-B)", ZERO, level, "total"))
    step("Not cash: signed or pledged", f["uncollected"] - f.expected, "expected")
    step("Received beyond agreements", -f["unapplied"] - f["unapplied_exchange"], "used")
    step("Waiting for a condition", -f["conditional"], "used")
    if f.decidable != f["available"]:
        steps.append(Step("Available, deficits taken off", ZERO, f["available"], "total"))
        step("Deficits, borne by their own awards", f.decidable - f["available"], "more")
    steps.append(Step("Available to decide", ZERO, f.decidable, "total"))
    shown = tuple(step for step in steps if step.tone == "total" or step.start != step.end)
    unreal = f" and {spoken(f.expected, scope.currency)} is not cash" if f.expected else ""
    description = (
        f"Of {spoken(f.potential, scope.currency)} of potential resources, {spoken(f.decided, scope.currency)} is "
        f"decided{unreal}, which leaves {spoken(f.decidable, scope.currency)} to decide on."
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
