"""A database that may take little memory: it goes to disk, or says so, and the book is as it was."""

from __future__ import annotations

import pytest
from books import contribution, state, take

from ledgers.store import Book
from ledgers.store.book import MemoryShort


def test_memory_is_bounded_within_and_free_after(book: Book) -> None:
    def limit() -> str:
        return str(book.connection.execute("select current_setting('memory_limit')").fetchall()[0][0])

    before = limit()
    with book.within(200):
        assert limit() == "190.7 MiB"
    assert limit() == before


def test_what_does_not_fit_is_told_and_leaves_nothing(book: Book) -> None:
    take(book, "contributions", contribution())
    before = state(book)
    with (
        pytest.raises(MemoryShort, match="more memory than there is"),
        book.within(20),
        book.lane(actor="ada", command="test"),
    ):
        book.connection.execute("select list(x order by x) from range(9000000) t(x)").fetchall()
    assert state(book) == before
