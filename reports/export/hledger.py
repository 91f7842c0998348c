"""The journal as hledger reads it, with its balances asserted in a last entry that `hledger check` proves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.export.journal import Journal, one_line
from reports.export.names import hledger_name

_TYPES = {"asset:cash": "C", "asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}
"""hledger's types of accounts; budget and memo have none, so that its balance sheet is of money alone."""

_TYPED_BY_NAME = "equity:conversion"
"""hledger knows the type of these by their name, and older versions know no letter for it."""

_TAGS = ("kind", "entry", "recorded", "purpose", "base", "original", "rate-date", "contribution", "request")


def hledger(journal: Journal) -> Iterator[str]:
    """Return an hledger file in pieces."""
    yield "".join(f"{line}\n" for line in _beginning(journal))
    yield from journal.lines("hledger", hledger_name)
    yield "".join(f"{line}\n" for line in _end(journal))


def _beginning(journal: Journal) -> Iterator[str]:
    yield from (f"; {line}".rstrip() for line in journal.about("hledger"))
    yield "; %XX is a byte of UTF-8 in hexadecimal, for a character that hledger would read as its own."
    yield "\ndecimal-mark ."
    for currency, places in journal.places.items():
        yield f"commodity 1000.{'0' * places} {currency}"
    yield from (f"tag {tag}" for tag in _TAGS)
    for account in journal.accounts:
        kind = _type(account)
        yield f"account {hledger_name(account)}" + (f"  ; type: {kind}" if kind else "")
    base = journal.scope.currency
    for rate in journal.rates:
        # hledger values in the currency on the right, so the rate is turned round; the book's own stands beside it.
        price = f"P {rate.rate_date} {rate.currency} {rate.inverse()} {base}"
        yield f"{price}  ; {rate.units()} per {base}, {one_line(rate.source)}"


def _type(account: str) -> str | None:
    if f"{account}:".startswith(f"{_TYPED_BY_NAME}:"):
        return None
    return next((kind for start, kind in _TYPES.items() if f"{account}:".startswith(f"{start}:")), None)


def _end(journal: Journal) -> Iterator[str]:
    if journal.balances:
        yield "\n; What the book sums to at the end of this day, reckoned apart from the lines above."
        yield f"{journal.scope.as_of} (balances) Balances of the book\n    ; kind: balances"
    for balance in journal.balances:
        zero = journal.written(Decimal(0), balance.currency)
        yield f"    {hledger_name(balance.account)}  {zero} = {journal.written(balance.amount, balance.currency)}"
