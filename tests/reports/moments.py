"""Days and times at which the two-year book is looked at, and sums of the tests' own over its journal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.report import Report
from reports.table import Table

DAYS = (
    *(
        date(2023, 12, 31),
        date(2024, 3, 31),
        date(2024, 6, 3),
        date(2024, 8, 31),
        date(2024, 9, 11),
        date(2024, 12, 31),
    ),
    *(date(2025, 1, 1), date(2025, 3, 10), date(2025, 9, 1), date(2025, 11, 30), date(2025, 12, 31)),
)
"""Before anything, between the acts, at the end of the year, on the day of a revaluation, after everything."""


def moments(book: Book) -> list[tuple[date, datetime | None]]:
    """Return every day as it is known now, and some as they were known before, the first closing among them."""
    rows = book.connection.execute("select log_id, command, recorded_at from ledger.log order by log_id").fetchall()
    known = [at for number, _, at in rows if number % 12 == 0]
    closed = next(at for _, command, at in rows if command == "period close 2024-12-31")
    pairs: list[tuple[date, datetime | None]] = [(day, None) for day in DAYS]
    return [*pairs, *((date(2025, 12, 31), at) for at in known), (date(2024, 12, 31), closed)]


def journal(book: Book, where: str, day: date, at: datetime | None, *, figure: str = "base_amount") -> Decimal:
    """Return the tests' own sum over the journal."""
    text = (
        f"select coalesce(sum(p.{figure}), 0) from ledger.posting p join ledger.entry e using (entry_id)"
        " left join ledger.reversal v on v.entry_id = e.entry_id"
        " left join ledger.entry o on o.entry_id = v.reversed_entry_id"
        f" where ({where}) and e.entry_date <= ? and (?::timestamp is null or e.recorded_at <= ?::timestamp)"
    )
    found: Decimal = book.connection.execute(text, [day, at, at]).fetchall()[0][0]
    return found


KIND = "coalesce(o.kind, e.kind)"
"""What an entry counts as: of one that takes another back, that one's kind."""


def table(report: Report, name: str) -> Table:
    return next(each for each in report.tables if each.name == name)


def lines(of: Table, column: int = -1) -> dict[str, Any]:
    """Return the rows of a statement by their label; the amount is in one of the columns."""
    return {str(row[0]): row[column] for row in of.rows}


def summed(of: Table, column: str) -> Decimal:
    place = [each.name for each in of.columns].index(column)
    return sum((row[place] for row in of.rows), Decimal(0))  # type: ignore[arg-type, misc]
