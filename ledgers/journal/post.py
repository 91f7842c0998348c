"""Posting: a batch of balanced entries goes into the journal in two statements.

A writer fills two temporary tables, `new_entry(reference, kind, entry_date, purpose, narration)` and
`new_posting(reference, line, account, currency, amount, base_amount, rate_id, contribution_id, request_id, party_id,
commitment_id)`, and calls `post`. The triggers of the book refuse a batch with an unbalanced entry.
"""

from __future__ import annotations

from ledgers.errors import FacilityError
from ledgers.store import Book, Lane

PACKAGE = "ledgers.journal"
_LAST = 2**62


class PeriodClosed(FacilityError):
    """An entry dated in a period that is closed."""

    code = "period-closed"


def post(book: Book, lane: Lane) -> int:
    """Post every entry of `new_entry` with its lines and return how many there were.

    Raises:
        PeriodClosed: an entry is dated in a closed period.
    """
    book.run(PACKAGE, "posting/numbered")
    return post_numbered(book, lane, low=0, high=_LAST)


def post_numbered(book: Book, lane: Lane, *, low: int, high: int) -> int:
    """Post the entries of `entry_in`, which have their numbers already, with the lines of `posting_in`.

    Args:
        book: Open for writing.
        lane: The transaction.
        low: The first entry.
        high: The last; `posting_in` has the lines of these alone.

    Raises:
        PeriodClosed: an entry is dated in a closed period.
    """
    book.run(PACKAGE, "posting/digests", low=low, high=high)
    post_entries(book, lane)
    book.run(PACKAGE, "posting/postings")
    return int(book.connection.execute("select count(*) from entry_in").fetchall()[0][0])


def post_entries(book: Book, lane: Lane) -> None:
    """Post the entries of `entry_in` that `digest_in` has; their lines are to follow.

    Raises:
        PeriodClosed: an entry is dated in a closed period.
    """
    for day, through in book.rows(PACKAGE, "posting/inside_closed"):
        raise PeriodClosed(
            f"the book is closed through {through}, and an entry would be of {day}",
            remedy="date it after that day, or reopen the period with `facility period reopen`",
        )
    book.run(PACKAGE, "posting/entries", recorded_at=lane.recorded_at, log_id=lane.log_id)


def book_digest(book: Book) -> str:
    """Return the SHA-256 over every entry's digest in order: it changes with any posted cent."""
    rows = book.rows(PACKAGE, "book_digest")
    return f"sha256:{rows[0][0]}"
