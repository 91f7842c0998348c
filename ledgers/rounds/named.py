"""Requests that a policy names: which of them the book knows, and which are funded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ledgers.rounds.frozen import PACKAGE
from ledgers.store import Book
from ledgers.terms import folded


def named_requests(book: Book, names: Iterable[str], *, before: str | None = None) -> dict[str, Decimal | None]:
    """Return the requests named that the book knows, each with what it has allocated, None for nothing.

    Args:
        book: The book.
        names: Ids in any case.
        before: A round: only what was posted before it was opened counts, so that the answer is always the same.
    """
    ids = sorted({folded(name) for name in names})
    if not ids:
        return {}
    return {row[0]: row[1] for row in book.rows(PACKAGE, "requests_named", ids=ids, round_id=before)}


def request_ids(book: Book) -> list[str]:
    """Return every request's id, in order."""
    return [row[0] for row in book.rows(PACKAGE, "request_ids")]
