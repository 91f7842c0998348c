"""Periods are revalued, closed and reopened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledgers.errors import FacilityError
from ledgers.life.periods import PACKAGE, Revalued, close_period, closed_through, reopen_period, revalue
from ledgers.store import Book

if TYPE_CHECKING:
    from reports.table import Table


class PeriodUnsound(FacilityError):
    """A book with findings, which is not closed over."""

    code = "period-unsound"


def revalue_on(book: Book, on: date, *, actor: str, dry_run: bool = False) -> list[Revalued]:
    """Bring foreign money to its value at the end of a day and return what moved.

    Raises:
        PeriodRefused, ClosingRateMissing: see `ledgers.life.periods.revalue`.
    """
    with book.lane(actor=actor, command=f"period revalue {on}", dry_run=dry_run) as lane:
        return revalue(book, lane, on)


def close_through(
    book: Book, through: date, *, reason: str, actor: str, dry_run: bool = False
) -> tuple[bool, list[Revalued]]:
    """Close everything through a day, after the book's checks and a revaluation; return whether that is new.

    Args:
        book: Open for writing.
        through: The last day to be closed.
        reason: For the record.
        actor: Who closes.
        dry_run: Do everything but keep it.

    Raises:
        PeriodUnsound: a check of the book has findings.
        PeriodRefused, ClosingRateMissing: see `ledgers.life.periods`.
    """
    if closed_through(book) == through:
        return False, []
    _refuse_unsound(book)
    with book.lane(actor=actor, command=f"period close {through}", dry_run=dry_run) as lane:
        moved = revalue(book, lane, through) if (closed_through(book) or date.min) < through else []
        is_new = close_period(book, lane, through, reason=reason)
    return is_new, moved


def reopen_from(book: Book, first: date, *, reason: str, actor: str, dry_run: bool = False) -> bool:
    """Open again everything from a day on; return False when it is open already.

    Raises:
        PeriodRefused: see `ledgers.life.periods.reopen_period`.
    """
    with book.lane(actor=actor, command=f"period reopen {first}", dry_run=dry_run) as lane:
        return reopen_period(book, lane, first - timedelta(days=1), reason=reason)


def _refuse_unsound(book: Book) -> None:
    from facility.usecases.check_book import check_book

    unsound = [checked for checked in check_book(book) if checked.findings]
    if unsound:
        raise PeriodUnsound(
            f"the book has findings, and is not closed over them: {unsound[0].findings[0]} ({unsound[0].name})",
            remedy="run `facility check`, and mend what it finds first",
        )


def revalued_table(book: Book, on: date, moved: list[Revalued]) -> Table:
    """Return what a revaluation moved as a table."""
    from reports.table import Column, Table

    columns = (
        Column("account", "Account"),
        Column("contribution", "Contribution"),
        Column("currency", "Currency"),
        Column("gain", f"Gain, {book.currency}", "amount"),
    )
    rows = tuple((one.account, one.contribution, one.currency, one.gain) for one in moved)
    return Table("revalued", f"Foreign money at the rates of {on}", columns, rows)


def events_table(book: Book) -> Table:
    """Return every closing and reopening as a table, in order."""
    from reports.table import Column, Table

    columns = (
        Column("event", "Event"),
        Column("through", "Closed through", "date"),
        Column("reason", "Reason"),
        Column("decided_by", "By"),
        Column("recorded_at", "Recorded at, UTC"),
    )
    rows = tuple(
        (event, through, reason, person, recorded_at.isoformat(" ", "seconds"))
        for event, through, reason, person, recorded_at in book.rows(PACKAGE, "period_events")
    )
    return Table("periods", "Periods closed and reopened", columns, rows)
