"""The journal of a book for another tool, as a stream of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledgers.store import Book
from reports.export.beancount import beancount
from reports.export.hledger import hledger
from reports.export.journal import Journal, read_journal

Tool = Literal["beancount", "hledger"]

_WRITERS: dict[Tool, Callable[[Journal], Iterator[str]]] = {"beancount": beancount, "hledger": hledger}


@dataclass(frozen=True, slots=True)
class Exported:
    """A journal on its way out.

    Attributes:
        pieces: The text; while it is read, the book stays open and answers nothing else.
        entries: How many entries it has.
        postings: How many postings.
        balances: How many balances of an account in a currency it asserts.
    """

    pieces: Iterator[str]
    entries: int
    postings: int
    balances: int


def export_journal(
    book: Book, tool: Tool, *, as_of: date | None = None, known_at: datetime | None = None, in_base: bool = False
) -> Exported:
    """Return the journal of a book as a tool reads it.

    Args:
        book: Open.
        tool: Who reads it.
        as_of: Last entry date that counts; None: the last day of the book.
        known_at: Last recorded time that counts; None: everything written counts.
        in_base: Whether every amount is the base amount, in the book's currency.

    Raises:
        DayAfterMissing: beancount cannot state balances at the end of the last day that there is.
    """
    journal = read_journal(book, as_of=as_of, known_at=known_at, in_base=in_base)
    return Exported(_WRITERS[tool](journal), journal.entries, journal.postings, len(journal.balances))
