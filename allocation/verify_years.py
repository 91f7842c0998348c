"""When money is spent, reckoned again from the frozen request: the days of each year, and what falls in it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from allocation.problem import Contribution, Request


def days_of(request: Request, year: int | None, on: date) -> tuple[date, date]:
    """Return the first and last day on which a request's money, or a year of it, is spent."""
    ends = request.ends_on or on
    starts = request.starts_on or min(on, ends)
    if year is None:
        return starts, ends
    new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
    first = new_year if request.starts_on is None or request.starts_on < new_year else request.starts_on
    last = new_years_eve if request.ends_on is None or request.ends_on > new_years_eve else request.ends_on
    return first, last


def lies_within(contribution: Contribution, first: date, last: date) -> bool:
    """Return whether days lie within those whose expenditure a contribution may pay."""
    return not (
        (contribution.spend_from is not None and first < contribution.spend_from)
        or (contribution.spend_to is not None and last > contribution.spend_to)
        or (contribution.use_by is not None and last > contribution.use_by)
    )


def expected_by_year(request: Request, award: int) -> dict[int | None, int]:
    """Return what of an award falls in each year: in proportion, each rounded down, then one more to the largest rests.

    Equal rests go to the earlier year.
    """
    if not request.years:
        return {None: award}
    exact = {year: Fraction(award * amount, request.ask) for year, amount in request.years}
    found: dict[int | None, int] = {year: int(share) for year, share in exact.items()}
    left = award - sum(found.values())
    for year in sorted(exact, key=lambda y: (int(exact[y]) - exact[y], y))[:left]:
        found[year] += 1
    return {year: amount for year, amount in found.items() if amount}
