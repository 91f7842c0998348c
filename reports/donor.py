"""One donor's money: what it promised, what arrived, and which requests it pays for, stage by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.money_steps import MONEY_STEPS, UNCOLLECTED, money_note, money_steps
from reports.report import Bar, Bars, Chart, Fact, Flows, Link, Report
from reports.scope import Scope, found, scope_of
from reports.table import Column, Row, Table
from reports.wording import counted, day, earmark_words, exact, place, plain_words, share, spoken

ZERO = Decimal(0)
STAGES = ("signed", "received", "allocated", "available")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """What the book says about one donor."""

    scope: Scope
    donor: Record
    contributions: list[Record]
    deposits: list[Record]
    payments: list[Record]
    versions: list[Record]

    def total(self, stage: str) -> Decimal:
        return self.scope.money(sum((row[stage] for row in self.contributions), ZERO))

    def decided(self) -> Decimal:
        return self.scope.money(sum((row["decided"] for row in self.payments), ZERO))


def report(book: Book, *, donor: str, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the statement of one donor.

    Args:
        book: The open book.
        donor: The donor's name, in any case.
        as_of: Last entry date that counts, and the day on which the terms are read; the book's last day and the latest
            terms when None.
        known_at: Last recorded time that counts; everything written when None.

    Raises:
        SubjectUnknown: the book has no such donor.
    """
    s = _statement(scope_of(book, as_of, known_at), donor, as_of)
    scope, rates = s.scope, s.scope.rates_table(s.donor["donor_id"])
    return Report(
        name="donor",
        title=s.donor["donor"],
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(s),
        facts=_facts(s),
        charts=_charts(s),
        tables=(
            _contributions_table(s),
            _money_table(s),
            _payments_table(s),
            _deposits_table(s),
            _classes_table(s),
            *([_versions_table(s)] if s.versions else []),
            *([rates] if rates.rows else []),
        ),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}.",
            scope.rates_note(bool(rates.rows)),
        ),
    )


def _statement(scope: Scope, wanted: str, terms_on: date | None) -> _Statement:
    """Return what the book says; the terms are those in force on `terms_on`, the latest when None."""
    donors = scope.records("donors")
    name = found("donor", wanted, [row["donor"] for row in donors])
    donor = next(row for row in donors if row["donor"] == name)
    key = donor["donor_id"]
    return _Statement(
        scope,
        donor,
        scope.records("donor_contributions", donor_id=key, terms_on=terms_on),
        scope.records("donor_deposits", donor_id=key),
        scope.records("donor_payments", donor_id=key),
        scope.records("donor_versions", donor_id=key),
    )


def _requests_paid(s: _Statement, stage: str) -> int:
    return len({row["request_id"] for row in s.payments if row[stage] > 0})


def _answer(s: _Statement) -> str:
    currency = s.scope.currency
    signed, received, allocated = s.total("signed"), s.total("received"), s.total("allocated")
    name = s.donor["donor"]
    start = f"{name} signed for {spoken(signed, currency)} and paid in {spoken(received, currency)} in cash"
    if s.total("pledged"):
        start += f"; {spoken(s.total('pledged'), currency)} more is pledged"
    if allocated:
        where = f"{spoken(allocated, currency)} is allocated to {counted(_requests_paid(s, 'allocated'), 'request')}"
        return f"{start}. {where}, and {spoken(s.total('available'), currency)} is still to be decided on."
    if s.decided():
        what = f"{spoken(s.decided(), currency)} is decided for {counted(_requests_paid(s, 'decided'), 'request')}"
        return f"{start}. {what} in rounds not posted yet; nothing is allocated in the book."
    return f"{start}. Nothing is allocated yet: {spoken(s.total('available'), currency)} is to be decided on."


def _facts(s: _Statement) -> tuple[Fact, ...]:
    currency, received = s.scope.currency, s.total("received")
    return (
        Fact("Signed", exact(s.total("signed"), currency), "at the rates of signing, received or not"),
        Fact("Received", exact(received, currency), f"cash, {counted(len(s.deposits), 'deposit')}"),
        Fact("Not yet received", exact(s.total("receivable"), currency), "signed, not cash"),
        Fact(
            "Allocated", exact(s.total("allocated"), currency), f"{share(s.total('allocated'), received)} of the cash"
        ),
        *_further_facts(s),
        Fact("Disbursed", exact(s.total("disbursed"), currency), "cash transferred; part of allocated"),
        Fact("Available", exact(s.total("available"), currency), "cash, to be decided on"),
    )


def _further_facts(s: _Statement) -> list[Fact]:
    """Return the figures without which the others would not add up, where there are any."""
    notes = {
        "exchange": "cash against the value at signing, at the rates of both days",
        "unapplied": "cash received beyond what is signed, not available",
        "interest": "credited to these contributions",
        "uncollected": "part of allocated, signed for; it is moved on when the cash comes",
        "administration": "decided for the facility's own costs",
    }
    labels = dict((*MONEY_STEPS, UNCOLLECTED))
    return [
        Fact(labels[name], exact(s.total(name), s.scope.currency), note)
        for name, note in notes.items()
        if s.total(name)
    ]


def _contributions_table(s: _Statement) -> Table:
    rows = tuple(
        (
            *(row["contribution_id"], row["stage"], row["signed_on"], row["currency"], s.scope.money(row["amount"])),
            *(plain_words(row["earmark_class"]), earmark_words(row["earmark"]), row["use_by"], row["note"]),
        )
        for row in s.contributions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("stage", "Stage"),
        Column("signed_on", "Signed on", "date"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("earmark_class", "Class"),
        Column("earmark", "Earmark"),
        Column("use_by", "Use by", "date"),
        Column("note", "Note"),
    )
    note = "Amount is in the contribution's currency; what became of it is in the next table, in the book's."
    return Table("contributions", "Contributions and their terms", columns, rows, note=note)


def _money_table(s: _Statement) -> Table:
    steps = money_steps(s.contributions)
    stages = (*(name for name, _ in steps), "disbursed")
    rows = tuple((row["contribution_id"], *(s.scope.money(row[stage]) for stage in stages)) for row in s.contributions)
    columns = (
        Column("contribution_id", "Contribution"),
        *(Column(name, label, "amount") for name, label in steps),
        Column("disbursed", "Disbursed", "amount"),
    )
    total: Row = ("Total", *(s.total(stage) for stage in stages))
    note = f"{money_note(s.contributions)} Disbursed is part of allocated and administration."
    title = f"What became of the money, {s.scope.currency}"
    return Table("money", title, columns, rows, note=note, total=total)


def _versions_table(s: _Statement) -> Table:
    rows = tuple(
        (
            *(row["contribution_id"], row["version"], row["counts_from"], row["stage"], earmark_words(row["earmark"])),
            *(row["use_by"], row["reason"], row["recorded_at"], row["recorded_by"]),
        )
        for row in s.versions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("version", "Version", "count"),
        Column("counts_from", "Counts from", "date"),
        Column("stage", "Stage"),
        Column("earmark", "Earmark"),
        Column("use_by", "Use by", "date"),
        Column("reason", "Why"),
        Column("recorded_at", "Recorded, UTC", "date"),
        Column("recorded_by", "By"),
    )
    note = (
        "An amendment counts from the day on which it was recorded. What a round has frozen, it keeps: payments stand "
        "under the terms of that version."
    )
    return Table("versions", "Versions of the terms", columns, rows, note=note)


def _payments_table(s: _Statement) -> Table:
    money = s.scope.money
    rows = tuple(
        (
            *(row["request_id"], row["title"] or row["applicant"], place(row), row["request_window"]),
            *(row["contribution_id"], plain_words(row["earmark_class"])),
            *(money(row["decided"]), money(row["allocated"]), money(row["disbursed"])),
        )
        for row in s.payments
    )
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("country", "Where"),
        Column("window", "Window"),
        Column("contribution_id", "From"),
        Column("earmark_class", "Class"),
        Column("decided", "Decided", "amount"),
        Column("allocated", "Allocated", "amount"),
        Column("disbursed", "Disbursed", "amount"),
    )
    sums = (money(sum((row[stage] for row in s.payments), ZERO)) for stage in ("decided", "allocated", "disbursed"))
    total: Row = ("Total", *([None] * 5), *sums)
    note = (
        "Money is commingled: which contribution pays which request is an attribution by the facility's written rule."
    )
    return Table("payments", f"Requests paid for, {s.scope.currency}", columns, rows, note=note, total=total)


def _deposits_table(s: _Statement) -> Table:
    rows = tuple(
        (
            *(row["deposit_id"], row["contribution_id"], row["received_on"], row["currency"]),
            *(s.scope.money(row["amount"]), s.scope.money(row["base_amount"]), row["rate_date"]),
        )
        for row in s.deposits
    )
    columns = (
        Column("deposit_id", "Deposit"),
        Column("contribution_id", "Contribution"),
        Column("received_on", "Received on", "date"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("base_amount", f"In {s.scope.currency}", "amount"),
        Column("rate_date", "Date of rate", "date"),
    )
    whole = s.scope.money(sum((row["base_amount"] for row in s.deposits), ZERO))
    total: Row = ("Total", None, None, None, None, whole, None)
    note = "Without a date of rate the amount is what the bank credited."
    return Table("deposits", "Deposits: cash received", columns, rows, note=note, total=total)


def _classes_table(s: _Statement) -> Table:
    by_class: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in s.contributions:
        for stage in STAGES:
            by_class[row["earmark_class"]][stage] += row[stage]
    order = [name for name in ("unearmarked", "softly", "earmarked", "tightly") if name in by_class]
    stages = ("signed", "received", "allocated", "available")
    rows: list[Row] = [
        (plain_words(name), *(s.scope.money(by_class[name][stage]) for stage in stages)) for name in order
    ]
    columns = (
        Column("earmark_class", "Class"),
        Column("signed", "Signed", "amount"),
        Column("received", "Received", "amount"),
        Column("allocated", "Allocated", "amount"),
        Column("available", "Available", "amount"),
    )
    return Table("classes", f"By class of earmark, {s.scope.currency}", columns, tuple(rows))


def _charts(s: _Statement) -> tuple[Chart, ...]:
    stage = "allocated" if s.total("allocated") else "decided"
    paid = [row for row in s.payments if row[stage] > 0]
    return (*_stages_chart(s), *([_flows(s, paid, stage)] if paid else []))


def _stages_chart(s: _Statement) -> tuple[Bars, ...]:
    stages = ("signed", "received", "allocated", "disbursed")
    if not s.total("signed"):
        return ()
    bars = tuple(Bar(stage, (("amount", s.total(stage)),)) for stage in stages)
    said = ", ".join(f"{stage} {spoken(s.total(stage), s.scope.currency)}" for stage in stages)
    return (
        Bars(
            "How far the money has come",
            f"The same money, stage by stage: {said}.",
            s.scope.currency,
            ("amount",),
            bars,
        ),
    )


def _flows(s: _Statement, paid: Sequence[Record], stage: str) -> Flows:
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in paid:
        target = f"{place(row)} · {row['request_window']}"
        amounts[row["contribution_id"], target] += s.scope.money(row[stage])
    links = tuple(Link(source, target, amount) for (source, target), amount in sorted(amounts.items()))
    description = (
        f"{counted(len({link.source for link in links}), 'contribution')} {stage} to "
        f"{counted(len({row['request_id'] for row in paid}), 'request')}, shown by country and window; "
        "drawn from recorded payments."
    )
    return Flows(
        f"Where the money goes: {stage}", description, s.scope.currency, "contributions", "country and window", links
    )


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Pledge", "An announcement that binds nobody; never spendable."),
        ("Signed", "Contributions under agreement, converted at the rate of the signing."),
        ("Received", "Cash in the bank, as credited or at the rate of the day."),
        ("Exchange difference", "What the cash was worth above, or below, the value at the rate of the signing."),
        ("Beyond agreement", "Cash received beyond what is signed: not applied, and not available."),
        ("Administration", "Decided for the facility's own costs, net of releases."),
        ("Decided", "Paid for in a decision that stands: posted, or the last one of a round still open."),
        ("Allocated", "Reserved for the request in the book, net of releases; later stages included."),
        ("Disbursed", "Cash transferred; part of what is allocated."),
        (
            "Class",
            "unearmarked, softly, earmarked or tightly: derived from the terms; of a payment, as its round froze them.",
        ),
    )
