"""How reports say amounts, dates and counts in a sentence. Tables carry the exact figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_SCALES = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))
_PLACES_CONDITION = re.compile(r"((?:country|region)!?=)(.*)", re.DOTALL)
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


def verb(count: int, singular: str, plural: str) -> str:
    """Return the verb that goes with a count: `requires` for one, `require` for more."""
    return singular if count == 1 else plural


def place(row: Mapping[str, object]) -> str:
    """Return where a request is, in words: its country's or region's name, those of several with shares, or `global`.

    >>> place({"country": "GHA:33.3|MLI:66.7"}), place({"country": ""})
    ('Ghana 33.3 %, Mali 66.7 %', 'global')
    """
    named = row.get("country_name")
    return str(named) if named else ", ".join(map(_place_word, str(row.get("country") or "global").split("|")))


def _place_word(piece: str) -> str:
    code, _, percent = piece.partition(":")
    return f"{place_name(code)} {percent} %" if percent else place_name(code)


def place_name(code: str) -> str:
    """Return the name of a country or region by its canonical code; any other word as it is."""
    from ledgers.places.tables import countries, regions

    known = countries().get(code) or regions().get(code)
    return known.name if known else code


def earmark_words(canonical: str) -> str:
    """Return terms of the book for readers, regions by name as in `ledgers.terms.spoken`; `none` where there are none.

    >>> earmark_words("country=002|KEN; window=diaspora"), earmark_words("")
    ('country=Africa|KEN; window=diaspora', 'none')
    """
    return "; ".join(map(_condition_words, canonical.split("; "))) if canonical else "none"


def _condition_words(condition: str) -> str:
    found = _PLACES_CONDITION.fullmatch(condition)
    return found[1] + "|".join(map(_region_name, found[2].split("|"))) if found else condition


def _region_name(code: str) -> str:
    from ledgers.places.tables import regions

    known = regions().get(code)
    return known.name if known else code


def limit_words(name: str) -> str:
    """Return a limit's name for readers: of one that stands for each place, with the place's name.

    >>> limit_words("One region, 35 %: 202"), limit_words("Reserve: 2 %")
    ('One region, 35 %: Sub-Saharan Africa', 'Reserve: 2 %')
    """
    start, colon, code = name.rpartition(": ")
    return start + colon + place_name(code)
