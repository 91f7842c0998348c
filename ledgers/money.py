"""Exact money: decimals with each currency's own number of places, and splits that lose nothing.

Inside the book an amount is a `Decimal` in major units; inside the engine it is an `int` in minor units. Ratios are
`Fraction`. No float is ever money.

Source: ISO 4217 minor units as carried by the Unicode CLDR (through babel).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledgers.errors import FacilityError, did_you_mean

AMOUNT_MAX = Decimal("99999999999999.9999")
"""Largest amount of one posting: DECIMAL(18,4) in the book."""

_PLAIN_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)


class AmountInvalid(FacilityError):
    """A text that is not a plain decimal amount of its currency."""

    code = "amount-invalid"


class CurrencyUnknown(FacilityError):
    """A code that is not a current or former ISO 4217 currency."""

    code = "currency-unknown"


@functools.cache
def currencies() -> tuple[str, ...]:
    """Return the known ISO 4217 codes, sorted (XDR, the IMF's special drawing right, among them)."""
    from babel.localedata import load

    return tuple(sorted(code for code in load("en")["currency_names"] if re.fullmatch(r"[A-Z]{3}", code)))


@functools.cache
def places(currency: str) -> int:
    """Return how many decimal places a currency has: 2 for USD, 0 for JPY, 3 for KWD.

    Raises:
        CurrencyUnknown: the code is not in ISO 4217.
    """
    if currency not in currencies():
        raise CurrencyUnknown(f"{currency} is not a known currency", remedy=did_you_mean(currency, currencies()))
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def amount_of(text: str, currency: str) -> Decimal:
    """Return the exact amount a text says in a currency.

    >>> amount_of("1250000.00", "USD")
    Decimal('1250000.00')
    >>> amount_of("10.5", "JPY")
    Traceback (most recent call last):
    ledgers.money.AmountInvalid: 10.5 has more decimal places than JPY allows (0)

    Raises:
        AmountInvalid: not a plain decimal, finer than the currency allows, or larger than the book can hold.
    """
    stripped = text.strip()
    if not _PLAIN_DECIMAL.match(stripped):
        raise AmountInvalid(
            f"{text!r} is not a plain decimal amount",
            remedy="write digits with a point, no thousands separators, no currency sign: 1250000.00",
        )
    amount = Decimal(stripped)
    if abs(amount) > AMOUNT_MAX:
        raise AmountInvalid(
            f"{stripped} is larger than the book can hold ({AMOUNT_MAX})", remedy="split the amount, or check its unit"
        )
    if amount != amount.quantize(Decimal(1).scaleb(-places(currency))):
        raise AmountInvalid(
            f"{stripped} has more decimal places than {currency} allows ({places(currency)})",
            remedy=f"round the amount to {places(currency)} places, as the agreement or the bank states it",
        )
    return amount.quantize(Decimal(1).scaleb(-places(currency)))


def minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount as a whole number of the currency's smallest unit.

    Raises:
        AmountInvalid: the amount is finer than the currency allows.
    """
    scaled = Fraction(amount) * 10 ** places(currency)
    if scaled.denominator != 1:
        raise AmountInvalid(
            f"{amount} has more decimal places than {currency} allows ({places(currency)})",
            remedy=f"round the amount to {places(currency)} places",
        )
    return int(scaled)


def major_units(minor: int, currency: str) -> Decimal:
    """Return a whole number of smallest units as an amount with the currency's own number of places."""
    return Decimal(f"{minor}e-{places(currency)}")  # from text: arithmetic would round to the context's 28 digits


def half_away(ratio: Fraction) -> int:
    """Return the nearest whole number; a half goes away from zero."""
    magnitude = (2 * abs(ratio.numerator) + ratio.denominator) // (2 * ratio.denominator)
    return magnitude if ratio >= 0 else -magnitude


def converted(amount: Decimal, currency: str, units_per_base: Decimal, base: str, *, down: bool = False) -> Decimal:
    """Return an amount in the book's currency, converted once in exact rationals.

    Args:
        amount: In major units of `currency`.
        currency: ISO 4217 code of `amount`.
        units_per_base: Units of `currency` per one unit of `base`.
        base: ISO 4217 code of the book.
        down: Round towards zero (asks) instead of half away from zero.
    """
    if currency == base:
        return amount
    exact = Fraction(amount) / Fraction(units_per_base) * 10 ** places(base)
    return major_units(int(exact) if down else half_away(exact), base)


def split(minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to `weights`, losing nothing.

    Largest remainder; equal remainders go to the earlier position, so the result depends only on the arguments. No part
    differs from its exact share by a whole unit. A negative amount is split as its mirror image.

    Args:
        minor: Amount in minor units.
        weights: Not negative, at least one positive.

    Raises:
        ValueError: no weight is positive, or one is negative.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("a split needs weights that are not negative and not all zero")
    if minor < 0:
        return [-part for part in split(-minor, weights)]
    parts = [minor * weight // total for weight in weights]
    short = minor - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(minor * weights[i] % total), i))
    for position in by_remainder[:short]:
        parts[position] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency.

    Attributes:
        amount: In major units, no finer than the currency allows.
        currency: ISO 4217 code.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse an amount finer than its currency."""
        minor_units(self.amount, self.currency)

    def __str__(self) -> str:
        """Return the amount with its currency's places and code: `USD 1,250,000.00`."""
        return f"{self.currency} {major_units(minor_units(self.amount, self.currency), self.currency):,}"
