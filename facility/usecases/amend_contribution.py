"""A contribution's terms change: a new dated version; what is posted stands, and nothing is rewritten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledgers.errors import FacilityError, did_you_mean
from ledgers.journal import post
from ledgers.life.periods import refuse_closed
from ledgers.money import AMOUNT_MAX, Money, amount_of, minor_units
from ledgers.money import places as places_of
from ledgers.places import Places
from ledgers.store import Book
from ledgers.terms import earmark_class, parse

PACKAGE = "ledgers.journal"


class ContributionUnknown(FacilityError):
    """No contribution of that id."""

    code = "contribution-unknown"


class AmendmentEmpty(FacilityError):
    """An amendment that says nothing, or not why."""

    code = "amendment-empty"


class AmountBelowReceived(FacilityError):
    """An amended amount below what of the contribution is received, noted or set free already."""

    code = "amount-below-received"


class RateMissing(FacilityError):
    """An amount in another currency on a day without a rate."""

    code = "rate-missing"


class AmountOutOfRange(FacilityError):
    """An amended amount that is worth more than the book can hold."""

    code = "amount-out-of-range"


class SpendingDaysCrossed(FacilityError):
    """Days that a contribution may pay, of which the last is before the first or after the use-by date."""

    code = "spending-days-crossed"


def amend_contribution(
    book: Book,
    contribution_id: str,
    *,
    use_by: date | None = None,
    spend_from: date | None = None,
    spend_to: date | None = None,
    lift: Collection[str] = (),
    earmark: str | None = None,
    amount: Decimal | None = None,
    reason: str,
    on: date,
    actor: str,
    dry_run: bool = False,
) -> int | None:
    """Write a new version of a contribution's terms and return its number, or None when they are already so.

    Args:
        book: Open for writing.
        contribution_id: Which contribution.
        use_by: New last day of funded expenditure; None leaves it.
        spend_from: New first day of the expenditure that it may pay; None leaves it.
        spend_to: New last day of that expenditure; None leaves it.
        lift: Which of `use_by`, `spend_from`, `spend_to` is to stand no more.
        earmark: New terms; None leaves them.
        amount: New amount, in the contribution's currency; None leaves it.
        reason: Why, for the record.
        on: The day from which the version counts; country groups in the terms are read on it.
        actor: Who amends.
        dry_run: Do everything but keep it.

    Raises:
        ContributionUnknown: no such contribution.
        AmendmentEmpty: nothing to change, or no reason.
        AmountBelowReceived: the new amount is less than what came of it already.
        AmountOutOfRange: the new amount is worth more than the book can hold.
        PeriodClosed: the day lies in a closed period.
        RateMissing: the amount rises and its currency has no rate of the day.
        SpendingDaysCrossed: the days would end before they begin, or after the use-by date.
        TermInvalid: the earmark cannot be read.
    """
    standing = known_contribution(book, contribution_id)
    given = {"use_by": use_by, "spend_from": spend_from, "spend_to": spend_to}
    changes = {name: day for name, day in given.items() if day is not None or name in lift}
    if (not changes and earmark is None and amount is None) or not reason.strip():
        raise AmendmentEmpty(
            "an amendment says what changes and why",
            remedy="give --amount, --use-by, --spend-from, --spend-to or --earmark, and --reason",
        )
    version, terms_before, amount_before, *days_before = standing[:6]
    amended = amount_before if amount is None else amount
    _refuse_below(contribution_id, standing, amended)
    before = dict(zip(given, days_before, strict=True))
    after = {**before, **changes}
    places = Places.on(on)
    terms = parse(terms_before if earmark is None else earmark, places=places)
    if (str(terms), after, amended) == (terms_before, before, amount_before):
        return None
    _refuse_crossed(contribution_id, **after)
    refuse_closed(book, on, "an amendment")
    with book.lane(actor=actor, command=f"contribution amend {contribution_id}", dry_run=dry_run) as lane:
        _find_rate(book, contribution_id, on, rise=amended - amount_before, base=standing[-1])
        terms_named = {"contribution_id": contribution_id, "amount": amended, "places": places_of(book.currency)}
        book.run(PACKAGE, "contributions/amendment", **terms_named)
        book.run(
            PACKAGE,
            "contributions/amend",
            contribution_id=contribution_id,
            earmark=str(terms),
            earmark_class=earmark_class(terms, places),
            **after,
            amount=amended,
            on=on,
            reason=reason.strip(),
            recorded_at=lane.recorded_at,
            log_id=lane.log_id,
        )
        book.run(PACKAGE, "contributions/amend_span", contribution_id=contribution_id, **after)
        if amended != amount_before:
            named = {"contribution_id": contribution_id, "on": on, "reason": reason.strip()}
            book.run(PACKAGE, "contributions/amount_entries", **named)
            post(book, lane)
        lane.new_count += 1
    return int(version) + 1


def amount_given(book: Book, contribution_id: str, text: str) -> Decimal:
    """Return the amount that a text says in the currency of a contribution.

    Raises:
        ContributionUnknown: there is no such contribution.
        AmountInvalid: it is no plain decimal amount of that currency.
    """
    return amount_of(text, known_contribution(book, contribution_id)[6])


def known_contribution(book: Book, contribution_id: str) -> tuple[Any, ...]:
    """Return a contribution as it stands.

    Its version, earmark, amount, three days, currency, stage, what came of it, what conditions set free, closing and
    worth in the book's currency.

    Raises:
        ContributionUnknown: there is none of that id; the facility's own line is none.
    """
    found = book.rows(PACKAGE, "contributions/terms", contribution_id=contribution_id)
    if not found or contribution_id == "FACILITY":
        known = [row[0] for row in book.rows(PACKAGE, "contributions/ids") if row[0] != "FACILITY"]
        raise ContributionUnknown(
            f"{contribution_id} is the facility's own line, and no donor's"
            if found
            else f"the book has no contribution {contribution_id}",
            remedy=did_you_mean(contribution_id, known) if known else "the book has no contributions yet",
        )
    return found[0]


def _refuse_below(contribution_id: str, standing: tuple[Any, ...], amount: Decimal) -> None:
    """Refuse an amount that is none, or less than what of it came already, or was set free by conditions."""
    currency, _stage, discharged, met, closed_on = standing[6:11]
    minor_units(amount, currency)
    least = max(discharged, met or 0)
    if closed_on is not None:
        raise AmountBelowReceived(
            f"contribution {contribution_id} was closed on {closed_on}", remedy="a closed contribution stays as it is"
        )
    if amount <= 0 or amount < least:
        raise AmountBelowReceived(
            f"of contribution {contribution_id} {Money(least, currency)} is received, written off or set free already, "
            f"and its amount would be {Money(amount, currency)}",
            remedy="give an amount not below that; what was received is given back with `facility contribution return`",
        )


def _find_rate(book: Book, contribution_id: str, on: date, *, rise: Decimal, base: Decimal) -> None:
    """Find the rate that what an amount rises by is worth; what it falls by goes at the value that it has."""
    book.run(PACKAGE, "contributions/amount_rate_needed", contribution_id=contribution_id, on=on)
    book.run(PACKAGE, "rates/in_force", base=book.currency, age_max=int(book.setting("rate_max_age")))
    if rise <= 0:
        return
    rates = book.connection.execute("select currency, units_per_base, latest_date from rate_in_force").fetchall()
    for currency, rate, latest in rates:
        if rate is None:
            raise RateMissing(
                f"there is no rate for {currency} on {on}"
                + (f"; the latest before it is of {latest}" if latest else ""),
                remedy="import a rate of that day, or of the weeks before it, with `facility import rates`",
            )
        if Fraction(rise) / Fraction(rate) + Fraction(base) > AMOUNT_MAX:
            raise AmountOutOfRange(
                f"the amount is worth more {book.currency} than the book can hold at {rate} {currency} "
                f"per {book.currency}",
                remedy="split the contribution, or check its unit and the rate",
            )


def _refuse_crossed(contribution_id: str, use_by: date | None, spend_from: date | None, spend_to: date | None) -> None:
    ends = [(day, name) for day, name in ((spend_to, "--spend-to"), (use_by, "--use-by")) if day is not None]
    if spend_from is not None and ends and min(ends)[0] < spend_from:
        raise SpendingDaysCrossed(
            f"contribution {contribution_id} would pay from {spend_from}, and not after {min(ends)[0]}",
            remedy=f"give --spend-from and {min(ends)[1]} in the order of time, or lift one with 'none'",
        )
    if spend_to is not None and use_by is not None and spend_to > use_by:
        raise SpendingDaysCrossed(
            f"contribution {contribution_id} would pay until {spend_to}, after its use-by date {use_by}",
            remedy="give an earlier --spend-to, or lift it with 'none'",
        )
