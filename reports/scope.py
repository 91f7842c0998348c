"""What a report sees: which book, up to which entry date, and what was known when.

Reports read the public views only. Every figure is taken from postings whose entry date is not after `as_of` and which
were written not after `known_at`, so that an old report can be made again as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError, did_you_mean
from ledgers.store import Book
from reports.table import Column, Table

PACKAGE = "reports.queries"


class SubjectUnknown(FacilityError):
    """A report about a donor, round or decision that the book does not have."""

    code = "report-subject-unknown"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one report reads.

    Attributes:
        book: The open book.
        facility: The facility's name.
        currency: The book's currency.
        places: Its decimal places.
        as_of: Last entry date that counts.
        known_at: Last recorded time that counts, UTC without zone; None when everything counts.
    """

    book: Book
    facility: str
    currency: str
    places: int
    as_of: date
    known_at: datetime | None

    def records(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a stored query of this package, as of this scope."""
        return self.book.records(PACKAGE, query, as_of=self.as_of, known_at=self.known_at, **parameters)

    def money(self, amount: Decimal | int | None) -> Decimal:
        """Return an amount with the places of the book's currency; nothing is rounded away.

        >>> Scope(None, "", "USD", 2, None, None).money(Decimal("5.0000"))  # type: ignore[arg-type]
        Decimal('5.00')
        """
        exact = Decimal(amount or 0)
        short = exact.quantize(Decimal(1).scaleb(-self.places))
        return short if short == exact else exact

    def rates_table(self, donor_id: str | None = None) -> Table:
        """Return the exchange rates that the postings in scope were converted at, by currency and date.

        Args:
            donor_id: Only those of postings on this donor's contributions.
        """
        rows = tuple(
            (row["currency"], row["rate_date"], row["units_per_base"], row["rate_source"])
            for row in self.records("rates_used", donor_id=donor_id)
        )
        columns = (
            Column("currency", "Currency"),
            Column("rate_date", "Date of rate", "date"),
            Column("units_per_base", f"Units per {self.currency}", "amount"),
            Column("source", "Source"),
        )
        return Table("rates", "Exchange rates used", columns, rows, note=self.rates_note(bool(rows)))

    def rates_note(self, converted: bool) -> str:
        """Return a sentence that says how amounts came into the book's currency."""
        if converted:
            return (
                f"Amounts in {self.currency} were converted once, when they were posted, at these rates, or are what "
                "the bank credited."
            )
        return f"Every posting is in {self.currency}, or at what the bank credited in it; no exchange rate was used."


def scope_of(book: Book, as_of: date | None, known_at: datetime | None) -> Scope:
    """Return what a report reads; without `as_of`, up to the last day of the book.

    Args:
        book: The open book.
        as_of: Last entry date that counts.
        known_at: Last recorded time that counts; a time without a zone is UTC.
    """
    zoned = known_at.astimezone(UTC).replace(tzinfo=None) if known_at and known_at.tzinfo else known_at
    row = book.records(PACKAGE, "book", known_at=zoned)[0]
    return Scope(book, row["facility"], row["currency"], row["places"], as_of or row["last_day"], zoned)


def found(kind: str, wanted: str, known: list[str]) -> str:
    """Return the known name that `wanted` means, whatever its case.

    Raises:
        SubjectUnknown: the book has none of that name.
    """
    by_folded = {name.casefold(): name for name in known}
    if wanted.casefold() not in by_folded:
        remedy = did_you_mean(wanted, known) if known else f"the book has no {kind} yet"
        raise SubjectUnknown(f"there is no {kind} {wanted} in the book", remedy=remedy)
    return by_folded[wanted.casefold()]
