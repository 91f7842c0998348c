"""Single cells of a frame as exact values: a reader gives its value, or says why it is none and what to write.

A cell may be what Polars keeps it as (whole number, decimal, date, boolean, list) or its text. No float is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from ledgers.errors import FacilityError, did_you_mean
from ledgers.money import AMOUNT_MAX, places
from ledgers.places import Places
from ledgers.terms import CountryInvalid, Terms, country_text
from ledgers.terms import parse as parse_terms
from ledgers.terms.words import RESERVED

Value = TypeVar("Value")
Reader = Callable[[object], Value]

_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?\Z", re.ASCII)
_RATIO = re.compile(r"[+-]?\d{1,80}/[1-9]\d{0,80}\Z", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s?%\Z", re.ASCII)
_OBJECTIVES_MAX = 23


class CellInvalid(Exception):
    """A cell that is not what its column holds.

    Attributes:
        reason: What is wrong, one sentence without the place.
        remedy: What to write instead.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason, self.remedy = reason, remedy


def short(value: object) -> str:
    """Return a cell as a sentence can carry it."""
    line = " ".join(str(value).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def number(value: object) -> Fraction:
    """Return an exact number: whole, decimal, its text, or a ratio such as `41/3`."""
    if isinstance(value, bool | float):
        raise CellInvalid(f"{short(value)} is a {type(value).__name__}, not an exact number", "write it as text")
    if isinstance(value, Decimal) and not value.is_finite():
        raise CellInvalid(f"{value} is not a number", "write digits with a point: 72.5")
    if isinstance(value, int | Decimal | Fraction):
        return Fraction(value)
    if isinstance(value, str) and (_NUMBER.match(value.strip()) or _RATIO.match(value.strip())):
        return Fraction(value.strip())
    raise CellInvalid(f"{short(value)} is not a plain decimal number", "write digits with a point: 72.5")


def not_negative(value: object) -> Fraction:
    """Return an exact number of at least 0."""
    found = number(value)
    if found < 0:
        raise CellInvalid(f"{short(value)} is below zero", "write 0 or more")
    return found


def amount(currency: str, *, least: int = 0) -> Reader[int]:
    """Return a reader of amounts in major units, which gives minor units of at least `least`."""

    def read(value: object) -> int:
        try:
            exact = number(value)
        except CellInvalid as invalid:
            raise CellInvalid(invalid.reason, "write 1250000.00") from None
        if abs(exact) > Fraction(AMOUNT_MAX):
            raise CellInvalid(f"{short(value)} is larger than the book can hold ({AMOUNT_MAX})", "check its unit")
        minor = exact * 10 ** places(currency)
        if minor.denominator != 1:
            fact = f"{short(value)} has more decimal places than {currency} allows ({places(currency)})"
            raise CellInvalid(fact, f"round it to {places(currency)} places")
        if minor < least:
            floor = "below zero" if least == 0 else "not above zero"
            raise CellInvalid(
                f"{short(value)} is {floor}", f"write an amount {'of 0 or more' if least == 0 else 'above 0'}"
            )
        return int(minor)

    return read


def whole(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within a range."""

    def read(value: object) -> int:
        try:
            found = number(value)
        except CellInvalid:
            found = Fraction(-1, 2)
        if found.denominator != 1 or not least <= found <= most:
            raise CellInvalid(
                f"{short(value)} is not a whole number from {least} to {most}", f"write {least} to {most}"
            )
        return int(found)

    return read


def text(value: object) -> str:
    """Return a text without surrounding blanks."""
    if not isinstance(value, str):
        raise CellInvalid(f"{short(value)} is not text", "cast the column to text")
    return value.strip()


def identifier(value: object) -> str:
    """Return an id: text of one line without the characters that separate the parts of terms."""
    found = text(value)
    odd = [letter for letter in found if letter in RESERVED or not letter.isprintable()]
    if not found or odd:
        raise CellInvalid(f"{short(found) or 'an empty text'} cannot be an id", "use letters, digits, - and _")
    return found


def word(choices: Sequence[str]) -> Reader[str]:
    """Return a reader of one of a few words; an empty text is none of them and allowed."""

    def read(value: object) -> str:
        found = text(value)
        if found and found not in choices:
            raise CellInvalid(f"{short(found)} is not known here", did_you_mean(found, choices))
        return found

    return read


def answer(value: object) -> bool:
    """Return yes or no."""
    said = {"yes": True, "true": True, "no": False, "false": False}.get(str(value).strip().casefold())
    if said is None:
        raise CellInvalid(f"{short(value)} is neither yes nor no", "write yes or no, or a boolean")
    return said


def day(value: object) -> date:
    """Return a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass  # 2026-02-30 has the form of a date and is none
    raise CellInvalid(f"{short(value)} is not a date", "write year-month-day, 2026-03-31, or cast the column to Date")


def objectives(value: object) -> tuple[int, ...]:
    """Return objectives of the Compact, sorted: from `19|20`, a list, or one number."""
    parts = value if isinstance(value, list) else [value] if isinstance(value, int) else text(value).split("|")
    read = whole(1, _OBJECTIVES_MAX)
    try:
        return tuple(sorted({read(part) for part in parts if part != ""}))
    except CellInvalid as invalid:
        raise CellInvalid(invalid.reason, "write numbers from 1 to 23, separated by |: 8|13") from None


def country(value: object) -> str:
    """Return a country cell as the book keeps it."""
    try:
        return country_text(text(value))
    except CountryInvalid as invalid:
        raise CellInvalid(invalid.message, invalid.remedy) from None


def terms(known: Places) -> Reader[Terms]:
    """Return a reader of terms."""

    def read(value: object) -> Terms:
        try:
            return parse_terms(text(value), places=known)
        except FacilityError as invalid:
            raise CellInvalid(invalid.message, invalid.remedy) from None

    return read


def amounts_by_country(currency: str) -> Reader[tuple[tuple[str, int], ...]]:
    """Return a reader of `KEN:1000.00|UGA:20.00`: (country, minor units), sorted."""
    read_amount = amount(currency)

    def read(value: object) -> tuple[tuple[str, int], ...]:
        found: dict[str, int] = {}
        for part in (piece for piece in text(value).split("|") if piece):
            place, colon, told = part.partition(":")
            code = country(place)
            if not colon or code in found or not code.isalpha():
                raise CellInvalid(f"{short(part)} is not one country with its amount", "write KEN:1000.00|UGA:20.00")
            found[code] = read_amount(told)
        return tuple(sorted(found.items()))

    return read


def share(value: object) -> Fraction:
    """Return a share from a percentage with its sign."""
    found = _PERCENT.match(text(value))
    if found is None or Decimal(found[1]) > 100:
        raise CellInvalid(f"{short(value)} is not a share from 0% to 100%", "write a number with its sign: 25%")
    return Fraction(found[1]) / 100
