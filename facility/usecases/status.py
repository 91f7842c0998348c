"""What needs attention today: overdue, expiring, undecided, lacking, waiting; each with the command that settles it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgers.store import Book
from ledgers.store.sql import names_in

if TYPE_CHECKING:
    from reports.scope import Scope
    from reports.table import Table

PACKAGE = "facility.usecases.attention"
EXPIRING_DAYS = 90
ADVANCE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that needs attention.

    Attributes:
        what: What kind of thing.
        subject: The contribution, agreement, round or check.
        since: Since when, or by when where that lies ahead.
        amount: How much it is about, where it is about money.
        currency: Of the amount.
        detail: What else to know.
        command: What settles it.
    """

    what: str
    subject: str
    since: date | None
    amount: Decimal | None
    currency: str | None
    detail: str
    command: str


def status(book: Book, *, on: date, with_checks: bool = False) -> list[Matter]:
    """Return what needs attention on a day: money first, then rounds, agreements, reports, the book itself.

    Args:
        book: Open.
        on: The day.
        with_checks: Run the book's checks too, which takes time.
    """
    from reports.scope import scope_of

    scope = scope_of(book, on, None)
    finders: tuple[Callable[[Scope], list[Matter]], ...] = (_overdue, _lacking, _expiring, _old_advances)
    found = [matter for find in finders for matter in find(scope)]
    found += _queried(book, on, scope.money)
    return found + (_checked(book) if with_checks else [])


def _overdue(scope: Scope) -> list[Matter]:
    from reports.outstanding import dues

    return [
        Matter(
            "instalment overdue", due.contribution_id, due.due_on, scope.money(due.amount), due.currency,
            f"from {due.donor}, {(scope.as_of - due.due_on).days} days",
            "facility import deposits ...",
        )
        for due in sorted(dues(scope), key=lambda due: (due.since, due.contribution_id))
        if due.due_on is not None and due.due_on < scope.as_of
    ]  # fmt: skip


def _lacking(scope: Scope) -> list[Matter]:
    from reports.at_risk import gaps

    found = []
    for row in scope.records("deficits"):
        is_own = row["contribution_id"] == "FACILITY"
        detail = (
            "as much unearmarked money is blocked" if is_own else f"of {row['donor']}; nothing more is decided from it"
        )
        command = "facility import entries ... (interest)" if is_own else "facility report at-risk"
        what = "facility's own line negative" if is_own else "contribution in deficit"
        found.append(
            Matter(
                what, row["contribution_id"], row["since"], scope.money(row["lacking"]), scope.currency, detail, command
            )
        )
    return found + [
        Matter(
            "allocation not covered", gap.contribution_id, None, gap.uncovered, scope.currency,
            f"of {gap.donor}; {gap.expected:,} is still to come", "facility report at-risk",
        )
        for gap in gaps(scope)
        if gap.uncovered
    ]  # fmt: skip


def _expiring(scope: Scope) -> list[Matter]:
    from reports.expiring import expiring_money

    return [
        Matter(
            "money expired" if each.is_expired else "money expiring", each.row["contribution_id"], each.row["use_by"],
            each.unspent, scope.currency, f"of {each.row['donor']}, "
            + (f"{-each.days} days ago" if each.is_expired else f"in {each.days} days"),
            f"facility contribution return {each.row['contribution_id']} --reason ..."
            if each.is_expired and each.row["available"] > 0 else "facility report expiring",
        )
        for each in expiring_money(scope, EXPIRING_DAYS)
    ]  # fmt: skip


def _old_advances(scope: Scope) -> list[Matter]:
    from reports.outstanding import claims

    return [
        Matter(
            "advance unspent" if claim.kind == "advance" else "owed by an implementer", claim.commitment_id,
            claim.since, claim.amount, scope.currency, f"{claim.implementer}, {(scope.as_of - claim.since).days} days",
            f"facility grant {'spend' if claim.kind == 'advance' else 'recover'} {claim.commitment_id} ...",
        )
        for claim in claims(scope)
        if claim.kind == "owed" or (scope.as_of - claim.since).days > ADVANCE_DAYS
    ]  # fmt: skip


ORDER = (
    "rounds_open", "tranches_due", "audit_flags", "reports_final", "agreements_ended", "overrides_in_force",
    "reports_to_donors", "appeals_open", "not_revalued",
)  # fmt: skip


def _queried(book: Book, on: date, money: Callable[[Decimal], Decimal]) -> list[Matter]:
    """Return what the queries of this package find, each a kind of matter."""
    month_end = on.replace(day=1) - timedelta(days=1)
    names = names_in(PACKAGE)
    return [
        Matter(**{**row, "amount": None if row["amount"] is None else money(row["amount"])})
        for name in sorted(names, key=ORDER.index)
        for row in book.records(PACKAGE, name, on=on, month_end=month_end)
    ]


def _checked(book: Book) -> list[Matter]:
    from facility.usecases.check_book import check_book

    return [
        Matter(
            "check failed", result.name, None, None, None, f"{len(result.findings)} found: {result.findings[0]}",
            "facility check",
        )
        for result in check_book(book)
        if result.findings
    ]  # fmt: skip


def status_table(matters: list[Matter], on: date) -> Table:
    """Return matters as a table for machines."""
    from reports.table import Column, Table

    columns = (
        Column("what", "What"),
        Column("subject", "Which"),
        Column("since", "Since", "date"),
        Column("amount", "Amount", "amount"),
        Column("currency", "Currency"),
        Column("detail", "Detail"),
        Column("command", "Command"),
    )
    rows = tuple(
        (each.what, each.subject, each.since, each.amount, each.currency, each.detail, each.command) for each in matters
    )
    return Table("status", f"What needs attention on {on}", columns, rows)


def status_text(matters: list[Matter], on: date) -> str:
    """Return matters for people: two lines each, the second with what else to know and the command that settles it."""
    from reports.table import shown
    from reports.wording import counted

    if not matters:
        return f"Nothing needs attention on {on}.\n"
    lines = [f"{counted(len(matters), 'matter')} {'needs' if len(matters) == 1 else 'need'} attention on {on}."]
    what_width, subject_width = (max(len(getattr(each, name)) for each in matters) for name in ("what", "subject"))
    for each in matters:
        since = f"since {each.since}" if each.since and each.since <= on else f"by {each.since}" if each.since else ""
        amount = f"{each.currency} {shown(each.amount, 'amount')}" if each.amount is not None else ""
        head = f"{each.what:<{what_width}}  {each.subject:<{subject_width}}  {since:<16}  {amount:>20}"
        lines += ["", head.rstrip(), f"    {each.detail}", f"    {each.command}"]
    return "\n".join(lines) + "\n"
