"""Sources and uses in two tiers: what the facility holds, and what implementers hold.

Source: the order of the lines follows the sources and uses that the UN Multi-Partner Trust Fund Office publishes of the
funds that it administers, such as the Peacebuilding Fund.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.lines import ZERO, Line, lines_table, negated, summed, with_any
from reports.report import Bar, Bars, Fact, Report, Step, Waterfall
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import day, exact, ratio, share, spoken

NAMES = {
    "deposits": "Contributions from donors, deposited",
    "interest": "Interest of the fund",
    "implementers_interest": "Interest of implementers",
    "opening": "Held at the opening of the book",
    "transferred": "Transferred to implementers",
    "other_funds": "Transferred to other funds",
    "refunds": "less: refunds from implementers",
    "recoveries": "less: disallowed cost made good",
    "agent_fee": "Administrative agent's fee",
    "direct_cost": "Direct cost",
    "bank_charges": "Bank charges",
    "returned": "Returned to donors",
    "exchange": "less: exchange gains on cash",
    "other": "less: other entries on cash",
    "outside_opening": "Transferred before the book was opened",
    "spent": "Expenditure reported",
    "spent_at_once": "Transferred without an agreement",
}
SOURCES = ("opening", "deposits", "interest", "implementers_interest")
USES = (
    *("transferred", "other_funds", "refunds", "recoveries", "agent_fee", "direct_cost", "bank_charges"),
    *("returned", "exchange", "other"),
)
DEDUCTED = frozenset({"refunds", "recoveries", "exchange", "other"})
"""Uses that come back, and so are taken off."""
ALWAYS = (
    *("deposits", "interest", "implementers_interest", "transferred", "other_funds", "refunds", "agent_fee"),
    *("direct_cost", "bank_charges", "spent"),
)
AMOUNTS = (("before", "Earlier years"), ("in_year", "This year"), ("total", "In all"))


@dataclass(frozen=True, slots=True)
class _Statement:
    """The lines of both tiers; amounts of earlier years, of the year and in all."""

    scope: Scope
    sources: list[Line]
    uses: list[Line]
    outside_in: list[Line]
    outside_out: list[Line]
    held: Line
    outside: Line
    whole: Line
    figures: dict[str, Line]

    def total(self, name: str) -> Decimal:
        """Return one figure of the journal, in all."""
        return self.figures[name].total if name in self.figures else self.scope.money(ZERO)


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the statement of sources and uses.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    s = _statement(scope_of(book, as_of, known_at))
    scope = s.scope
    return Report(
        name="sources-and-uses",
        title="Sources and uses",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(s),
        facts=_facts(s),
        charts=_charts(s),
        tables=(
            _facility_table(s),
            _implementers_table(s),
            _total_table(s),
            _to_cash(s),
            _by_implementer(s),
            _banks(s),
        ),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: the sum of its postings with an entry date up to {day(scope.as_of)}.",
            f"Amounts in {scope.currency} are those that were posted; cash in other currencies stands at its last "
            "value.",
        ),
    )


def _statement(scope: Scope) -> _Statement:
    figures = _figures(scope)
    empty = (scope.money(ZERO),) * 3

    def line(name: str) -> Line:
        return Line(name, NAMES[name], figures[name].amounts if name in figures else empty)

    def used(name: str) -> Line:
        found = negated(line(name)) if name in DEDUCTED else line(name)
        return Line(name, "Exchange losses on cash", found.amounts) if name == "exchange" and found.total > 0 else found

    sources = with_any([line(name) for name in SOURCES], *ALWAYS)
    uses = with_any([used(name) for name in USES], *ALWAYS)
    deposits = line("deposits").total
    all_sources, all_uses = summed("sources", "", sources), summed("uses", "", uses)
    held = _less("held", "Balance held by the facility", all_sources, all_uses, deposits)
    outside_in = with_any([line("outside_opening"), line("transferred")], *ALWAYS)
    back = [negated(used(name)) for name in ("refunds", "recoveries")]
    spent = [line("spent"), line("spent_at_once"), *(Line(each.name, _bare(each.label), each.amounts) for each in back)]
    outside_out = with_any(spent, *ALWAYS)
    resources = summed("", "", outside_in)
    outside = _less("outside", "Balance held by implementers", resources, summed("", "", outside_out), resources.total)
    whole = summed("whole", "Total balance", [held], [outside])
    whole = Line(whole.name, whole.label, whole.amounts, True, ratio(whole.total, deposits))
    return _Statement(scope, sources, uses, outside_in, outside_out, held, outside, whole, figures)


def _bare(label: str) -> str:
    words = label.removeprefix("less: ")
    return words[0].upper() + words[1:]


def _less(name: str, label: str, plus: Line, minus: Line, whole: Decimal) -> Line:
    amounts = tuple(a - b for a, b in zip(plus.amounts, minus.amounts, strict=True))
    return Line(name, label, amounts, True, ratio(amounts[-1], whole))


def _figures(scope: Scope) -> dict[str, Line]:
    found = {}
    for row in scope.records("sources_and_uses", year_from=scope.as_of.replace(month=1, day=1)):
        before, in_year = scope.money(row["before"]), scope.money(row["in_year"])
        found[row["name"]] = Line(row["name"], "", (before, in_year, before + in_year))
    return found


def _facility_table(s: _Statement) -> Table:
    lines = [
        *s.sources, summed("sources", "Total sources", s.sources),
        *s.uses, summed("uses", "Total uses", s.uses), s.held,
    ]  # fmt: skip
    note = "A fee counts as used when it is charged, and what is owed to donors when it is owed: see the way to cash."
    title = f"First tier: held by the facility, {s.scope.currency}, {day(s.scope.as_of)}"
    return lines_table("facility", title, lines, AMOUNTS, share="Of deposits", note=note)


def _implementers_table(s: _Statement) -> Table:
    lines = [
        *s.outside_in, *s.outside_out, summed("outside_uses", "Total spent and given back", s.outside_out), s.outside,
    ]  # fmt: skip
    note = "Expenditure is what implementers reported and the facility allowed; the year's is provisional until final."
    title = f"Second tier: held by implementers, {s.scope.currency}"
    return lines_table("implementers", title, lines, AMOUNTS, share="Of transfers", note=note)


def _total_table(s: _Statement) -> Table:
    title = f"Both tiers, {s.scope.currency}"
    return lines_table("both", title, [s.held, s.outside, s.whole], AMOUNTS, share="Of deposits or transfers")


def _to_cash(s: _Statement) -> Table:
    lines = [
        Line("held", "Balance held by the facility", (s.held.total,)),
        Line("fees_unpaid", "Fees charged and not yet taken", (s.total("fees_unpaid"),)),
        Line("owed", "Owed to donors and not yet given back", (s.total("owed_to_donors"),)),
    ]
    cash = summed("cash", "Cash at banks", lines)
    unapplied = s.total("unapplied")
    note = f"Of the cash, {exact(unapplied, s.scope.currency)} is not applied to an agreement." if unapplied else ""
    title = f"From the balance to cash at banks, {s.scope.currency}"
    return lines_table("to_cash", title, [*lines, cash], (("amount", s.scope.currency),), note=note)


def _by_implementer(s: _Statement) -> Table:
    money = s.scope.money
    names = ("transferred", "spent", "given_back", "balance", "owed")
    rows: list[Row] = []
    sums = dict.fromkeys(names, ZERO)
    for row in s.scope.records("held_by_implementers"):
        amounts = [money(row[name]) for name in names]
        for name, amount in zip(names, amounts, strict=True):
            sums[name] += amount
        rows.append((row["implementer"] or "without an agreement", row["agreements"], *amounts))
    columns = (
        Column("implementer", "Implementer"),
        Column("agreements", "Agreements", "count"),
        Column("transferred", "Transferred", "amount"),
        Column("spent", "Spent", "amount"),
        Column("given_back", "Given back", "amount"),
        Column("balance", "Balance", "amount"),
        Column("owed", "Of that owed", "amount"),
    )
    total: Row = ("Total", None, *(money(sums[name]) for name in names))
    note = "Owed: disallowed cost that is not made good. What is transferred without an agreement is spent at once."
    title = f"Held by each implementer, {s.scope.currency}"
    return Table("by_implementer", title, columns, tuple(rows), note=note, total=total)


def _banks(s: _Statement) -> Table:
    money = s.scope.money
    records = s.scope.records("cash_held")
    rows: tuple[Row, ...] = tuple(
        (row["bank"], row["currency"], money(row["balance"]), money(row["base_balance"])) for row in records
    )
    columns = (
        Column("bank", "Account"),
        Column("currency", "Currency"),
        Column("balance", "Held", "amount"),
        Column("base_balance", f"In {s.scope.currency}", "amount"),
    )
    whole = money(sum((row["base_balance"] for row in records), ZERO))
    return Table("cash", "Cash at banks", columns, rows, total=("Total", None, None, whole))


def _answer(s: _Statement) -> str:
    currency, deposits = s.scope.currency, s.total("deposits")
    return (
        f"Of {spoken(deposits, currency)} that donors deposited by {day(s.scope.as_of)}, the facility holds "
        f"{spoken(s.held.total, currency)} ({share(s.held.total, deposits)}) and implementers hold "
        f"{spoken(s.outside.total, currency)}; they have spent {spoken(_spent(s), currency)} so far."
    )


def _spent(s: _Statement) -> Decimal:
    return s.total("spent") + s.total("spent_at_once")


def _facts(s: _Statement) -> tuple[Fact, ...]:
    currency, deposits, transferred = s.scope.currency, s.total("deposits"), s.total("transferred")
    return (
        Fact("Deposited", exact(deposits, currency), "by donors, less what banks took back"),
        Fact("Transferred", exact(transferred, currency), f"to implementers, {share(transferred, deposits)} of it"),
        Fact("Spent", exact(_spent(s), currency), f"{share(_spent(s), transferred)} of transfers"),
        Fact("Held by the facility", exact(s.held.total, currency), f"{share(s.held.total, deposits)} of deposits"),
        Fact(
            "Held by implementers", exact(s.outside.total, currency),
            f"{share(s.outside.total, transferred)} of transfers",
        ),
        Fact("Total balance", exact(s.whole.total, currency), f"{share(s.whole.total, deposits)} of deposits"),
    )  # fmt: skip


def _charts(s: _Statement) -> tuple[Waterfall | Bars, ...]:
    steps, level = [], ZERO
    for line in s.sources:
        steps.append(Step(line.label, level, level + line.total, "in"))
        level += line.total
    for line in s.uses:
        steps.append(Step(_bare(line.label), level, level - line.total, "used" if line.total > 0 else "in"))
        level -= line.total
    steps.append(Step("Held by the facility", ZERO, level, "total"))
    shown = tuple(step for step in steps if step.start != step.end or step.tone == "total")
    description = f"{_answer(s)} Each step is a line of the first tier."
    waterfall = Waterfall("From deposits to what the facility holds", description, s.scope.currency, shown)
    return (waterfall, *_outside_chart(s))


def _outside_chart(s: _Statement) -> tuple[Bars, ...]:
    rows = [row for row in s.scope.records("held_by_implementers") if row["transferred"] > 0]
    if not rows or any(row["balance"] < 0 or row["spent"] < 0 for row in rows):
        return ()
    series = ("spent", "given back", "held")
    bars = tuple(
        Bar(
            row["implementer"] or "without an agreement",
            tuple(zip(series, (s.scope.money(row[name]) for name in ("spent", "given_back", "balance")), strict=True)),
        )
        for row in rows
    )
    description = "What each implementer received, by what became of it: " + "; ".join(
        f"{bar.label} holds {spoken(bar.parts[2][1], s.scope.currency)}" for bar in bars
    )
    return (Bars("What became of the transfers", f"{description}.", s.scope.currency, series, bars),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        (
            "Contributions from donors",
            "Cash received, as credited or at the rate of the day, less what banks took back.",
        ),
        ("Transferred to implementers", "Disbursements on grant agreements, and transfers to requests without one."),
        ("Administrative agent's fee", "Charged on what comes in, by the agreement's percentage or schedule."),
        ("Direct cost", "The facility's own cost, by administrative decisions."),
        ("Exchange gains on cash", "What cash in other currencies gained (lost, where it adds to the uses)."),
        (
            "Balance held by implementers",
            "Transferred, and neither spent nor given back; with disallowed cost they owe.",
        ),
        ("Entries taken back", "A reversal counts against the line of the entry that it takes back."),
    )
