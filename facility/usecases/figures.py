"""Exact figures as readers see them: to some places, rounded so that what is said of them stays true."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def figure(value: Fraction | float, places: int = 2, *, up: bool = False) -> Decimal:
    """Return a figure to some places: rounded down, as what is said to be at least so much; or up, at most.

    >>> figure(Fraction(2, 3)), figure(Fraction(2, 3), up=True), figure(Fraction(-2, 3), 1)
    (Decimal('0.66'), Decimal('0.67'), Decimal('-0.7'))
    """
    scaled = Fraction(value) * 10**places
    whole = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    return Decimal(whole).scaleb(-places)
