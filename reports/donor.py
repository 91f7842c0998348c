"""One donor's money: what it promised, what arrived, and which requests it pays for, stage by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.donor_statement import Record, Statement, period_table, statement_of
from reports.donor_tables import (
    agreements_table,
    classes_table,
    contributions_table,
    deposits_table,
    money_table,
    payments_table,
    results_table,
    versions_table,
)
from reports.money_steps import STEPS
from reports.report import Bar, Bars, Chart, Fact, Flows, Link, Report
from reports.scope import scope_of
from reports.wording import counted, day, exact, place, share, spoken


def report(
    book: Book,
    *,
    donor: str,
    begins: date | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Report:
    """Return the statement of one donor.

    Args:
        book: The open book.
        donor: The donor's name, in any case.
        begins: First day of the period whose movements are told; the whole life when None.
        as_of: Last entry date that counts, and the day on which the terms are read; the book's last day and the latest
            terms when None.
        known_at: Last recorded time that counts; everything written when None.

    Raises:
        SubjectUnknown: the book has no such donor.
        PeriodCrossed: the period would begin after it ends.
    """
    s = statement_of(scope_of(book, as_of, known_at), donor, as_of, begins)
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
            contributions_table(s),
            period_table(s),
            money_table(s),
            payments_table(s),
            *([agreements_table(s)] if s.agreements else []),
            *([results_table(s)] if s.results else []),
            deposits_table(s),
            classes_table(s),
            *([versions_table(s)] if s.versions else []),
            *([rates] if rates.rows else []),
        ),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}.",
            scope.rates_note(bool(rates.rows)),
            "Which request the donor's money pays for is a reporting attribution: earliest use-by first, then tightly "
            "earmarked before unearmarked, equals pro rata to what is available, to the cent.",
        ),
    )


def _requests_paid(s: Statement, stage: str) -> int:
    return len({row["request_id"] for row in s.payments if row[stage] > 0})


def _answer(s: Statement) -> str:
    currency = s.scope.currency
    signed, received, allocated = s.total("signed"), s.total("received"), s.total("allocated")
    name = s.donor["donor"]
    start = f"{name} signed for {spoken(signed, currency)} and paid in {spoken(received, currency)} in cash"
    if s.total("bounced"):
        start += f", of which the bank took back {spoken(s.total('bounced'), currency)}"
    if s.total("pledged"):
        start += f"; {spoken(s.total('pledged'), currency)} more is pledged"
    if allocated:
        where = f"{spoken(allocated, currency)} is allocated to {counted(_requests_paid(s, 'allocated'), 'request')}"
        if s.total("spent"):
            where += f", of which {spoken(s.total('spent'), currency)} is spent"
        left = s.total("available")
        rest = (
            f"{spoken(left, currency)} is still to be decided on"
            if left >= 0
            else f"{spoken(-left, currency)} is lacking"
        )
        return f"{start}. {where}, and {rest}."
    if s.decided():
        what = f"{spoken(s.decided(), currency)} is decided for {counted(_requests_paid(s, 'decided'), 'request')}"
        return f"{start}. {what} in rounds not posted yet; nothing is allocated in the book."
    return f"{start}. Nothing is allocated yet: {spoken(s.total('available'), currency)} is to be decided on."


def _facts(s: Statement) -> tuple[Fact, ...]:
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
        *([Fact("Spent", exact(s.total("spent"), currency), "reported by implementers")] if s.total("spent") else []),
        Fact("Available", exact(s.total("available"), currency), "cash, to be decided on"),
    )


def _further_facts(s: Statement) -> list[Fact]:
    """Return the figures without which the others would not add up, where there are any."""
    shown = {"signed", "received", "receivable", "allocated", "available"}
    return [
        Fact(step.label, exact(s.total(step.name), s.scope.currency), step.note)
        for step in STEPS
        if step.name not in shown and s.total(step.name)
    ]


def _charts(s: Statement) -> tuple[Chart, ...]:
    stage = "allocated" if s.total("allocated") else "decided"
    paid = [row for row in s.payments if row[stage] > 0]
    return (*_stages_chart(s), *([_flows(s, paid, stage)] if paid else []))


def _stages_chart(s: Statement) -> tuple[Bars, ...]:
    stages = ("signed", "received", "allocated", "disbursed", *(["spent"] if s.total("spent") else []))
    if not s.total("signed") or any(s.total(stage) < 0 for stage in stages):
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


def _flows(s: Statement, paid: Sequence[Record], stage: str) -> Flows:
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
