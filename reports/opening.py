"""Moving in: what came into the book as opening balances, against what the old books gave as totals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.report import Fact, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Table
from reports.wording import exact

ZERO = Decimal(0)


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the reconciliation of the opening balances.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    scope = scope_of(book, as_of, known_at)
    rows = scope.records("opening_reconciliation")
    held, spoken_for = _cash_and_its_uses(scope, rows)
    return Report(
        name="opening",
        title="Opening balances",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(rows, held, spoken_for, scope.currency),
        facts=(
            Fact("Balances", f"{sum(row['balances'] for row in rows)}", "rows of the old books that came in"),
            Fact("Cash held", exact(held, scope.currency), "at its value in the book"),
            Fact(
                "Spoken for or free",
                exact(spoken_for, scope.currency),
                "available, allocated, committed, unapplied, owed in fees and to donors",
            ),
        ),
        charts=(),
        tables=(_reconciliation(rows), _balances(scope)),
        definitions=(
            ("Came in", "The sum of the opening balances of an item that were imported."),
            ("Said", "What the old books gave as the total of the item; empty where they gave none."),
            ("Difference", "Came in less said. Anything but 0 is to be explained before the book is relied on."),
        ),
        sources=("Opening balances and totals as imported, each with its file.",),
    )


def _cash_and_its_uses(scope: Scope, rows: list[dict[str, Any]]) -> tuple[Decimal, Decimal]:
    uses = {"available", "allocated", "committed", "unapplied", "fees", "owed-to-donor"}
    held = sum((row["base_amount"] for row in rows if row["item"] == "cash"), ZERO)
    return scope.money(held), scope.money(sum((row["base_amount"] for row in rows if row["item"] in uses), ZERO))


def _answer(rows: list[dict[str, Any]], held: Decimal, spoken_for: Decimal, currency: str) -> str:
    if not rows:
        return "The book has no opening balances: it was kept from the first day."
    given = [row for row in rows if row["said"] is not None]
    off = [row for row in given if row["came_in"] != row["said"]]
    if not given:
        told = "The old books gave no totals to compare with."
    elif off:
        told = f"Of the {len(given)} totals that the old books gave {len(off)} differ{'s' if len(off) == 1 else ''}."
    else:
        told = f"Every total that the old books gave agrees ({len(given)} of {len(rows)} items)."
    gap = held - spoken_for
    cash = "covers exactly" if gap == 0 else f"is {exact(abs(gap), currency)} {'above' if gap > 0 else 'below'}"
    return f"{told} The cash {cash} what is free or spoken for."


def _reconciliation(rows: list[dict[str, Any]]) -> Table:
    columns = (
        Column("item", "Item"),
        Column("currency", "Currency"),
        Column("balances", "Balances", "count"),
        Column("came_in", "Came in", "amount"),
        Column("said", "Said", "amount"),
        Column("difference", "Difference", "amount"),
        Column("source", "Where it was said"),
    )
    cells = tuple(
        (
            row["item"],
            row["currency"],
            row["balances"],
            row["came_in"],
            row["said"],
            None if row["said"] is None else row["came_in"] - row["said"],
            row["source"],
        )
        for row in rows
    )
    return Table("reconciliation", "What came in against what the old books said", columns, cells)


def _balances(scope: Scope) -> Table:
    columns = (
        Column("opening_id", "Balance"),
        Column("item", "Item"),
        Column("as_of", "As of", "date"),
        Column("contribution_id", "Contribution"),
        Column("request_id", "Request"),
        Column("commitment_id", "Agreement"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("base_amount", f"In {scope.currency}", "amount"),
        Column("file", "File"),
    )
    names = (
        "opening_id",
        "item",
        "as_of",
        "contribution_id",
        "request_id",
        "commitment_id",
        "currency",
        "amount",
        "base_amount",
        "file",
    )
    cells = tuple(tuple(row[name] for name in names) for row in scope.records("opening_balances"))
    return Table("balances", "Every opening balance", columns, cells)
