"""How reports say amounts, dates and counts in a sentence. Tables carry the exact figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_SCALES = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spoken(amount: Decimal, currency: str) -> str:
    """Return an amount in a sentence: to two places of a million or billion, exact below.

    >>> spoken(Decimal("35170000"), "USD"), spoken(Decimal("1250.40"), "EUR"), spoken(Decimal("900.00"), "USD")
    ('USD 35.17 million', 'EUR 1,250.40', 'USD 900')
    """
    for scale, word in _SCALES:
        if abs(amount) >= scale:
            return f"{currency} {(amount * 100 / scale).quantize(Decimal(1), ROUND_HALF_UP).scaleb(-2):,} {word}"
    return f"{currency} {int(amount) if amount == int(amount) else amount:,}"


def exact(amount: Decimal, currency: str) -> str:
    """Return an amount with every digit: `USD 1,250,000.00`."""
    return f"{currency} {amount:,}"


def day(when: date) -> str:
    """Return a date in words: `30 June 2019`."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: `1 request`, `1,200 requests`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def share(part: Decimal, whole: Decimal) -> str:
    """Return part of whole in percent to one place, `–` of nothing.

    >>> share(Decimal(1), Decimal(8)), share(Decimal(1), Decimal(0))
    ('12.5 %', '–')
    """
    if not whole:
        return "–"
    return f"{(part * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return part of whole to six places, None of nothing.

    >>> ratio(Decimal(1), Decimal(3))
    Decimal('0.333333')
    """
    return (part / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP) if whole else None


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def plain_words(code: str) -> str:
    """Return a code of the book as words: `development_bank` as `development bank`."""
    return code.replace("_", " ")


def place(row: Mapping[str, object]) -> str:
    """Return where a request is, in words: its country's or region's name, its shares as given, or `global`."""
    return str(row.get("country_name") or row.get("country") or "global")
