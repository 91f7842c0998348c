"""Ageing: what donors and implementers owe the facility, and since when.

Receivables are held against the instalments that were agreed; what no instalment speaks of ages since its signing and
is not called overdue. Advances age since their disbursement.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.outstanding import ZERO, Claim, Due, claims, dues
from reports.report import Bar, Bars, Fact, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import counted, day, exact, share, spoken

BUCKETS = ("not due", "1-30 days", "31-90 days", "91-365 days", "more than a year")
NO_SCHEDULE = "no schedule"
NOTE = "promissory note"
LIMITS = (0, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class _Ages:
    """Everything outstanding on a day."""

    scope: Scope
    dues: list[Due]
    claims: list[Claim]
    deficits: list[tuple[str, str, Decimal, date]]

    def total(self, bucket: str) -> Decimal:
        return _sum(due.base_amount for due in self.dues if due_bucket(due, self.scope.as_of) == bucket)

    @property
    def overdue(self) -> Decimal:
        return sum((self.total(bucket) for bucket in BUCKETS[1:]), ZERO)


def _sum(amounts: object) -> Decimal:
    return sum(amounts, ZERO)  # type: ignore[call-overload, no-any-return]


def bucket_of(days: int) -> str:
    """Return the bucket of what has been due for so many days.

    >>> [bucket_of(days) for days in (0, 1, 30, 31, 365, 366)]
    ['not due', '1-30 days', '1-30 days', '31-90 days', '91-365 days', 'more than a year']
    """
    return next((name for name, limit in zip(BUCKETS, LIMITS, strict=False) if days <= limit), BUCKETS[-1])


def due_bucket(due: Due, on: date) -> str:
    """Return the bucket of a part of a receivable."""
    if due.is_note:
        return NOTE
    return NO_SCHEDULE if due.due_on is None else bucket_of((on - due.due_on).days)


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return what is outstanding, by age.

    Args:
        book: The open book.
        as_of: Last entry date that counts, and the day from which ages count back; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    scope = scope_of(book, as_of, known_at)
    deficits = [
        (row["contribution_id"], row["donor"], scope.money(row["lacking"]), row["since"])
        for row in scope.records("deficits")
    ]
    ages = _Ages(scope, dues(scope), claims(scope), deficits)
    return Report(
        name="ageing",
        title="Ageing of what is owed",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(ages),
        facts=_facts(ages),
        charts=_charts(ages),
        tables=(_receivables(ages), _by_bucket(ages), _advances(ages), _owed(ages), _deficits(ages)),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}, and the "
            "instalments agreed.",
            f"Amounts in {scope.currency} are those of the journal: at the rates of signing, or of the last "
            "revaluation.",
        ),
    )


def _by_bucket(ages: _Ages) -> Table:
    whole = _sum(due.base_amount for due in ages.dues)
    rows: list[Row] = []
    for bucket in (*BUCKETS, NO_SCHEDULE, NOTE):
        found = [due for due in ages.dues if due_bucket(due, ages.scope.as_of) == bucket]
        amount = ages.scope.money(_sum(due.base_amount for due in found))
        rows.append((bucket, len({due.contribution_id for due in found}), amount, _part(amount, whole)))
    columns = (
        Column("bucket", "Overdue since"),
        Column("contributions", "Contributions", "count"),
        Column("amount", ages.scope.currency, "amount"),
        Column("share", "Share", "share"),
    )
    total: Row = ("Total", len({due.contribution_id for due in ages.dues}), ages.scope.money(whole), None)
    title = f"Receivable from donors by age, {ages.scope.currency}, {day(ages.scope.as_of)}"
    return Table("by_age", title, columns, tuple(rows), total=total)


def _part(amount: Decimal, whole: Decimal) -> Decimal | None:
    from reports.wording import ratio

    return ratio(amount, whole)


def _receivables(ages: _Ages) -> Table:
    on = ages.scope.as_of
    ordered = sorted(ages.dues, key=lambda due: (due.since, due.contribution_id, due.is_note))
    rows = tuple(
        (
            *(due.contribution_id, due.donor, due.due_on, (on - due.since).days, due_bucket(due, on)),
            *(due.currency, ages.scope.money(due.amount), due.base_amount),
        )
        for due in ordered
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("due_on", "Due on", "date"),
        Column("days", "Days", "count"),
        Column("bucket", "Age"),
        Column("currency", "Currency"),
        Column("amount", "Outstanding", "amount"),
        Column("base_amount", f"In {ages.scope.currency}", "amount"),
    )
    whole = ages.scope.money(_sum(due.base_amount for due in ages.dues))
    note = (
        "What came in, or was written off, covers the earliest instalments first. Days count from the day due "
        "(below zero: "
        "still to come), without a schedule from the signing, of a note from its receipt."
    )
    total: Row = ("Total", *([None] * 6), whole)
    return Table("receivables", "Receivable from donors", columns, rows, note=note, total=total)


def _advances(ages: _Ages) -> Table:
    note = "What an implementer spent or gave back is of its earliest disbursements first."
    return _claims_table(ages, "advance", "advances", "Advances held by implementers", "Disbursed on", note)


def _owed(ages: _Ages) -> Table:
    note = "Reported cost that was not allowed, and is not made good."
    return _claims_table(ages, "owed", "owed", "Owed by implementers", "Disallowed on", note)


def _claims_table(ages: _Ages, kind: str, name: str, title: str, since: str, note: str) -> Table:
    on = ages.scope.as_of
    found = [claim for claim in ages.claims if claim.kind == kind]
    rows = tuple(
        (
            *(claim.commitment_id, claim.implementer, claim.request_id, claim.since, (on - claim.since).days),
            *(bucket_of((on - claim.since).days), claim.amount),
        )
        for claim in sorted(found, key=lambda claim: (claim.since, claim.commitment_id))
    )
    columns = (
        Column("commitment_id", "Agreement"),
        Column("implementer", "Implementer"),
        Column("request_id", "Request"),
        Column("since", since, "date"),
        Column("days", "Days", "count"),
        Column("bucket", "Age"),
        Column("amount", ages.scope.currency, "amount"),
    )
    whole = ages.scope.money(_sum(claim.amount for claim in found))
    total: Row = ("Total", *([None] * 5), whole)
    return Table(name, f"{title}, {ages.scope.currency}", columns, rows, note=note, total=total)


def _deficits(ages: _Ages) -> Table:
    on = ages.scope.as_of
    rows = tuple((name, donor, since, (on - since).days, lacking) for name, donor, lacking, since in ages.deficits)
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("since", "Since", "date"),
        Column("days", "Days", "count"),
        Column("lacking", "Lacking", "amount"),
    )
    whole = ages.scope.money(_sum(lacking for _, _, lacking, _ in ages.deficits))
    note = "Money decided on that a bounced deposit, a charge or a loss took away; see `facility report at-risk`."
    title = f"Contributions that lack money, {ages.scope.currency}"
    return Table("deficits", title, columns, rows, note=note, total=("Total", None, None, None, whole))


def _answer(ages: _Ages) -> str:
    currency, whole = ages.scope.currency, _sum(due.base_amount for due in ages.dues)
    late = {due.donor for due in ages.dues if due_bucket(due, ages.scope.as_of) in BUCKETS[1:]}
    held = _sum(claim.amount for claim in ages.claims if claim.kind == "advance")
    first = f"On {day(ages.scope.as_of)} donors owe {spoken(ages.scope.money(whole), currency)} of what they signed for"
    second = (
        f"; {spoken(ages.scope.money(ages.overdue), currency)} of it is overdue, from {counted(len(late), 'donor')}."
        if late
        else "; nothing of it is overdue."
    )
    return (
        f"{first}{second} Implementers hold {spoken(ages.scope.money(held), currency)} that they have not accounted "
        "for."
    )


def _facts(ages: _Ages) -> tuple[Fact, ...]:
    scope = ages.scope
    whole = _sum(due.base_amount for due in ages.dues)
    held = _sum(claim.amount for claim in ages.claims if claim.kind == "advance")
    old = _sum(
        claim.amount for claim in ages.claims if claim.kind == "advance" and (scope.as_of - claim.since).days > 180
    )
    owed = _sum(claim.amount for claim in ages.claims if claim.kind == "owed")
    lacking = _sum(lacking for _, _, lacking, _ in ages.deficits)
    return (
        Fact("Receivable", exact(scope.money(whole), scope.currency), "signed, not cash"),
        Fact("Overdue", exact(scope.money(ages.overdue), scope.currency), f"{share(ages.overdue, whole)} of it"),
        Fact("No schedule", exact(scope.money(ages.total(NO_SCHEDULE)), scope.currency), "no instalment speaks of it"),
        Fact("Advances", exact(scope.money(held), scope.currency), "held by implementers"),
        Fact("Older than 180 days", exact(scope.money(old), scope.currency), f"{share(old, held)} of the advances"),
        Fact("Owed by implementers", exact(scope.money(owed), scope.currency), "disallowed, not made good"),
        *(
            [Fact("Lacking", exact(scope.money(lacking), scope.currency), "contributions in deficit")]
            if lacking
            else []
        ),
    )


def _charts(ages: _Ages) -> tuple[Bars, ...]:
    by_bucket: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for due in ages.dues:
        by_bucket[due_bucket(due, ages.scope.as_of)][0] += due.base_amount
    for claim in ages.claims:
        by_bucket[bucket_of((ages.scope.as_of - claim.since).days)][1] += claim.amount
    series = ("from donors", "from implementers")
    names = [name for name in (*BUCKETS, NO_SCHEDULE, NOTE) if any(by_bucket.get(name, ()))]
    if not names or any(amount < 0 for amounts in by_bucket.values() for amount in amounts):
        return ()
    bars = tuple(
        Bar(name, tuple(zip(series, (ages.scope.money(each) for each in by_bucket[name]), strict=True)))
        for name in names
    )
    said = "; ".join(f"{name} {spoken(sum(by_bucket[name], ZERO), ages.scope.currency)}" for name in names)
    description = (
        f"What is owed, by age: {said}. Donors' ages count from the day due, implementers' from the disbursement."
    )
    return (Bars("What is owed, by age", description, ages.scope.currency, series, bars),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Overdue", "An instalment whose day has passed, as far as neither cash nor a note nor a write-off covers it."),
        ("No schedule", "Signed for, without an instalment that says when: it ages since the signing."),
        ("Advance", "Disbursed to an implementer, and neither spent nor given back."),
        ("Lacking", "What is decided on of a contribution beyond what is there of it."),
    )
