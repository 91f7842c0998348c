"""What a text ledger is made of: the book's accounts, currencies, rates and balances, and its lines as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any

from ledgers.money import places
from ledgers.store import Book
from reports.scope import Scope, scope_of

PACKAGE = "reports.export"
PREPARED = ("words", "lines")
"""The queries that make the macros which the lines need."""

_SIXTEEN_DIGITS = Context(prec=16)


@dataclass(frozen=True, slots=True)
class Balance:
    """What the postings of an account sum to in a currency, debit positive."""

    account: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate that postings were converted at: units of `currency` per one unit of the book's currency."""

    currency: str
    rate_date: date
    units_per_base: Decimal
    source: str

    def units(self) -> str:
        """Return the units with their currency, without idle zeros."""
        return f"{self.units_per_base.normalize():f} {self.currency}"

    def inverse(self) -> str:
        """Return the units of the book's currency per unit of this one, to sixteen digits."""
        return f"{_SIXTEEN_DIGITS.divide(Decimal(1), self.units_per_base):f}"


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of a book up to an entry date, as known at a time.

    Attributes:
        scope: Which book, up to when.
        in_base: Whether every amount is the base amount, in the book's currency.
        entries: How many.
        postings: How many.
        accounts: Each with its first day, sorted.
        places: Decimal places of each currency, sorted: its own, or more where an amount needs them.
        rates: The exchange rates used, sorted by currency and date.
        balances: The book's own sums of every account in every currency, sorted by both.
    """

    scope: Scope
    in_base: bool
    entries: int
    postings: int
    accounts: dict[str, date]
    places: dict[str, int]
    rates: tuple[Rate, ...]
    balances: tuple[Balance, ...]

    def written(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its currency, as the lines have it."""
        return f"{amount:.{self.places[currency]}f} {currency}"

    def lines(self, query: str, name_of: Callable[[str], str]) -> Iterator[str]:
        """Yield the text of the entries, in pieces; nothing else may be asked of the book meanwhile.

        Args:
            query: `beancount` or `hledger`.
            name_of: Gives an account's name there.
        """
        book = self.scope.book
        for macros in PREPARED:
            book.run(PACKAGE, macros)
        batches = book.stream(
            PACKAGE,
            query,
            as_of=self.scope.as_of,
            known_at=self.scope.known_at,
            in_base=self.in_base,
            accounts=list(self.accounts),
            names=[name_of(account) for account in self.accounts],
            currencies=list(self.places),
            places=list(self.places.values()),
        )
        for rows in batches:
            yield "".join(row[0] for row in rows)

    def about(self, tool: str) -> Iterator[str]:
        """Yield what a reader of the file must know, whatever the tool."""
        base = self.scope.currency
        known = "" if self.scope.known_at is None else f", as known at {_time(self.scope.known_at)}Z"
        yield f"{one_line(self.scope.facility)}: the journal up to {self.scope.as_of}{known}."
        yield f"{self.entries:,} entries, {self.postings:,} postings; written by `facility export {tool}`."
        yield ""
        if self.in_base:
            yield f"Amounts are in {base}, the book's currency, converted once, when the entry was posted."
            yield "`original` is the amount in the currency of the posting; where a posting has none, it was posted so."
        else:
            yield "Amounts are in the currencies of the postings."
            yield f"`base` is the amount in {base}, the book's currency, converted once, when the entry was posted;"
            yield "where a posting has none, its amount stands for both."
        yield "`rate-date` is the day of the exchange rate used, which stands before the entries."
        yield "Budget accounts are encumbrances, and memo accounts no money of the facility; each kind sums to zero."


def _time(known_at: datetime) -> str:
    """Return a time as it was asked for: one that means the whole of its second without a fraction."""
    return known_at.isoformat(timespec="seconds" if known_at.microsecond == 999_999 else "auto")


def read_journal(book: Book, *, as_of: date | None, known_at: datetime | None, in_base: bool) -> Journal:
    """Return the journal of a book.

    Args:
        book: Open.
        as_of: Last entry date that counts; None: the last day of the book.
        known_at: Last recorded time that counts, UTC; None: all that is written counts.
        in_base: Whether every amount is to be the base amount, in the book's currency.
    """
    scope = scope_of(book, as_of, known_at)

    def records(query: str) -> list[dict[str, Any]]:
        return book.records(PACKAGE, query, as_of=scope.as_of, known_at=scope.known_at, in_base=in_base)

    summed = records("balances")
    count = records("counts")[0]
    return Journal(
        scope,
        in_base,
        count["entries"],
        count["postings"],
        _first_days(summed),
        {row["currency"]: max(row["places"], places(row["currency"])) for row in records("currencies")},
        tuple(
            Rate(row["currency"], row["rate_date"], row["units_per_base"], row["rate_source"])
            for row in scope.records("rates_used", donor_id=None)
        ),
        tuple(Balance(row["account"], row["currency"], row["balance"]) for row in summed),
    )


def _first_days(summed: list[dict[str, Any]]) -> dict[str, date]:
    days: dict[str, date] = {}
    for row in summed:
        days[row["account"]] = min(row["first_day"], days.get(row["account"], row["first_day"]))
    return days


def one_line(text: str) -> str:
    """Return a text without line breaks, for a comment."""
    return " ".join(text.split())
