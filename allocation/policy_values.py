"""Reads single values of a policy file: amounts, shares, whole numbers, names. Every bad one is noted, none raised.

A policy is corrected in one go, so a reader never stops at the first error: it notes what is wrong, with its place and
its remedy, and gives None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from allocation.policy import Bound, BoundKind
from ledgers.errors import FacilityError, did_you_mean
from ledgers.money import Money, amount_of, major_units, minor_units

_PERCENT = re.compile(r"([+-]?\d{1,30}(?:\.\d{1,30})?)\s*%(?:\s+of\s+(\S+))?\Z", re.ASCII)
_DIGITS_MAX = 30
_BOUND_REMEDY = 'write a share of what is awarded such as "25%", "25% of resources", or an amount such as "1000000.00"'


def exact_decimal(text: str) -> Decimal:
    """Return the number of a TOML float without passing through a float; NaN for one that no decimal can hold."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the policy file, with the place that its errors name.

    Attributes:
        cells: Keys and values as TOML gave them.
        place: How messages call the table; empty at the top.
        problems: Where errors are noted; shared by all tables of one file.
    """

    cells: Mapping[str, Any]
    place: str
    problems: list[str]

    def note(self, key: str, fact: str, remedy: str) -> None:
        """Note one error at a key."""
        self.problems.append(": ".join(part for part in (self.place, key, f"{fact}; {remedy}") if part))

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Note every key that no policy has."""
        for key in self.cells:
            if key not in known:
                self.note(key, "not a key of a policy here", did_you_mean(key, known))

    def text(self, key: str, example: str) -> str | None:
        """Return a text that is not blank, or None when it is absent or wrong."""
        value = self.cells.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(key, f"{shown(value)} is not a text", f"write for example {key} = {example}")
        return None

    def word(self, key: str, choices: Sequence[str]) -> str | None:
        """Return one of `choices`, or None when it is absent or wrong."""
        value = self.text(key, shown(choices[0]))
        if value is None or value in choices:
            return value
        self.note(key, f"{shown(value)} is not known", did_you_mean(value, choices))
        return None

    def whole(self, key: str, *, least: int) -> int | None:
        """Return a whole number of at least `least`, or None when it is absent or wrong."""
        value = self.cells.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value < 10**_DIGITS_MAX:
            return value
        remedy = f"write for example {key} = {least}"
        self.note(key, f"{shown(value)} is not a whole number of at least {least}", remedy)
        return None

    def number(self, key: str, *, remedy: str) -> Fraction | None:
        """Return a number exactly, or None when it is absent or wrong."""
        value = self.cells.get(key)
        if value is None:
            return None
        plain = plain_number(value)
        if plain is None:
            self.note(key, f"{shown(value)} is not a number", remedy)
            return None
        return Fraction(plain)

    def minor(self, key: str, currency: str) -> int | None:
        """Return an amount in minor units of `currency`, or None when it is absent or wrong."""
        value = self.cells.get(key)
        if value is None:
            return None
        plain = None if isinstance(value, str) else plain_number(value)
        if not isinstance(value, str) and plain is None:
            self.note(key, f"{shown(value)} is not an amount", f'write for example {key} = "1000000"')
            return None
        try:
            return minor_units(amount_of(value if plain is None else format(plain, "f"), currency), currency)
        except FacilityError as error:
            self.note(key, error.message, error.remedy)
            return None


def plain_number(value: object) -> Decimal | None:
    """Return a TOML number, or None for anything else and for numbers that nobody means (infinite, 1e99)."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    sane = number.is_finite() and abs(number.adjusted()) <= _DIGITS_MAX and len(number.as_tuple().digits) <= _DIGITS_MAX
    return number if sane else None


def bound(table: Table, key: str, currency: str | None, plain_share: BoundKind) -> Bound | None:
    """Return one side of a limit, or the reserve; None when it is absent or wrong.

    Args:
        table: Where it stands.
        key: Its key.
        currency: Of amounts; None when the policy's own is wrong, and then amounts are not looked at.
        plain_share: What a percentage without "of resources" is a share of.
    """
    value = table.cells.get(key)
    if isinstance(value, str) and "%" in value:
        return _share(table, key, value, plain_share)
    if value is None or currency is None:
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?\d+(\.\d+)?\s*", value, re.ASCII):
        table.note(key, f"{shown(value)} is neither an amount nor a share", _BOUND_REMEDY)
        return None
    amount = table.minor(key, currency)
    if amount is None:
        return None
    if amount < 0:
        table.note(key, f"{shown(value)} is below zero", "write an amount of at least 0")
        return None
    return Bound("amount", Fraction(amount), str(Money(major_units(amount, currency), currency)))


def _share(table: Table, key: str, value: str, plain_share: BoundKind) -> Bound | None:
    match = _PERCENT.match(value.strip())
    if match is None or (match[2] or "resources").casefold() != "resources":
        table.note(key, f"{shown(value)} is not a share that a policy knows", _BOUND_REMEDY)
        return None
    percent = Decimal(match[1])
    if not 0 <= percent <= 100:
        table.note(key, f"{shown(value)} is not between 0% and 100%", "write a share of the whole, at most 100%")
        return None
    kind: BoundKind = "share_of_resources" if match[2] else plain_share
    of = " of resources" if kind == "share_of_resources" else ""
    return Bound(kind, Fraction(percent) / 100, f"{_trimmed(percent)}%{of}")


def weighed_bound(table: Table, key: str, measure: str) -> Bound | None:
    """Return one side of a limit on a measure: a plain number of the measure's own unit."""
    value = table.number(key, remedy=f"write a plain number of {measure}, such as {key} = 12; no share")
    if value is None:
        return None
    return Bound("amount", value, f"{_trimmed(Decimal(table.cells[key]))} of {measure}")


def _trimmed(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: object, most: int = 60) -> str:
    """Return a TOML value for a message: as the file writes it, longer ones than so many characters cut."""
    if isinstance(value, int) and value.bit_length() > 4 * _DIGITS_MAX:
        return "a number beyond reason"
    text = _written(value)
    return text if len(text) <= most else text[: most - 3] + "..."


def _written(value: object) -> str:
    """Return a TOML value as TOML writes it.

    >>> _written([{"name": "count", "may_cost": 0}, True])
    '[{ name = "count", may_cost = 0 }, true]'
    """
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_written(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_written(one)}' for key, one in value.items())} }}"
    return str(value)
