"""When an award is spent: its parts by year, and the days that each part covers.

A request that tells its years apart has one part a year, and an award is spent in the same proportions: largest
remainder, equal remainders to the earlier year. Any other request has one part. A part of year Y covers the days from
1 January, or the request's first day if that is later, to 31 December, or its last day if that is earlier; a part
without a year covers the request's own days. Where a day is not given, the round's date stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from allocation.problem import Contribution, Request, last_day
from ledgers.money import split


@dataclass(frozen=True, slots=True)
class Part:
    """What of an award is spent in one year.

    Attributes:
        year: Which, or None where years are not told apart.
        share: Of the award.
        first: First day that it covers.
        last: Last day that it covers.
    """

    year: int | None
    share: Fraction
    first: date
    last: date


def parts_of(request: Request, on: date) -> tuple[Part, ...]:
    """Return the parts of a request's award, years ascending."""
    last = request.ends_on or on
    first = request.starts_on or min(on, last)
    if not request.years:
        return (Part(None, Fraction(1), first, last),)
    return tuple(
        Part(
            year,
            Fraction(amount, request.ask),
            max(date(year, 1, 1), request.starts_on or date.min),
            min(date(year, 12, 31), request.ends_on or date.max),
        )
        for year, amount in request.years
    )


def amounts_by_part(request: Request, award: int) -> list[int]:
    """Return what of an award, minor units, falls in each part."""
    return split(award, [amount for _, amount in request.years]) if request.years else [award]


def may_pay_then(contribution: Contribution, part: Part) -> bool:
    """Return whether a contribution may pay for what is spent on a part's days."""
    starts = contribution.spend_from is None or contribution.spend_from <= part.first
    last = last_day(contribution)
    return starts and (last is None or part.last <= last)
