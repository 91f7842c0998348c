"""Posting: a batch of balanced entries goes into the journal in two statements.

A writer fills two temporary tables, `new_entry(reference, kind, entry_date, purpose, narration)` and
`new_posting(reference, line, account, currency, amount, base_amount, rate_id, contribution_id, request_id, party_id)`,
and calls `post`. The triggers of the book refuse a batch with an unbalanced entry.
"""

from __future__ import annotations

from ledgers.store import Book, Lane

PACKAGE = "ledgers.journal"


def post(book: Book, lane: Lane) -> int:
    """Post every entry of `new_entry` with its lines and return how many there were."""
    book.run(PACKAGE, "digests")
    book.run(PACKAGE, "post_entries", recorded_at=lane.recorded_at, log_id=lane.log_id)
    book.run(PACKAGE, "post_postings")
    return int(book.connection.execute("select count(*) from new_entry").fetchall()[0][0])


def book_digest(book: Book) -> str:
    """Return the SHA-256 over every entry's digest in order: it changes with any posted cent."""
    rows = book.rows(PACKAGE, "book_digest")
    return f"sha256:{rows[0][0]}"
