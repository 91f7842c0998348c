"""Periods: foreign money is brought to the rates of their last day, and nothing is dated inside them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledgers.errors import FacilityError
from ledgers.journal import post
from ledgers.journal.post import PeriodClosed
from ledgers.money import places
from ledgers.store import Book, Lane

PACKAGE = "ledgers.life"


class PeriodRefused(FacilityError):
    """A period that cannot be closed, reopened or revalued so."""

    code = "period-refused"


class ClosingRateMissing(FacilityError):
    """Foreign money of which the rate of the day is not known."""

    code = "closing-rate-missing"


@dataclass(frozen=True, slots=True)
class Revalued:
    """What a balance in another currency gained on the day (lost, where negative).

    Attributes:
        account: The account.
        contribution: Whose; the facility's own line for cash.
        currency: Its currency.
        gain: In the book's currency.
    """

    account: str
    contribution: str
    currency: str
    gain: Decimal


def closed_through(book: Book) -> date | None:
    """Return the last day of what is closed; None where nothing is."""
    found: date | None = book.rows(PACKAGE, "closed_through")[0][0]
    return found


def refuse_closed(book: Book, on: date, what: str) -> None:
    """Refuse what would count from a day that lies in a closed period, though it posts nothing there.

    Raises:
        PeriodClosed: it lies there.
    """
    closed = closed_through(book)
    if closed is not None and on <= closed:
        raise PeriodClosed(
            f"the book is closed through {closed}, and {what} would be of {on}",
            remedy="date it after that day, or reopen the period with `facility period reopen`",
        )


def revalue(book: Book, lane: Lane, on: date) -> list[Revalued]:
    """Bring foreign money to its value at the end of a day and return what moved; nothing where it stands so already.

    Raises:
        PeriodRefused: the day lies in a closed period.
        ClosingRateMissing: a currency has no rate of the day, or of the days before it that the book allows.
    """
    closed = closed_through(book)
    if closed is not None and on <= closed:
        raise PeriodRefused(
            f"the book is closed through {closed}, and {on} lies inside",
            remedy="revalue at the end of an open period, or reopen the period with `facility period reopen`",
        )
    book.run(PACKAGE, "revaluation_needed", on=on, base=book.currency)
    book.run("ledgers.journal", "rates/in_force", base=book.currency, age_max=int(book.setting("rate_max_age")))
    for currency, latest in book.rows(PACKAGE, "revaluation_missing"):
        raise ClosingRateMissing(
            f"there is no rate for {currency} on {on}" + (f"; the latest before it is of {latest}" if latest else ""),
            remedy="import the rate of that day with `facility import rates`",
        )
    book.run(PACKAGE, "revaluation", on=on, base=book.currency, places=places(book.currency))
    moved = [Revalued(*row) for row in book.rows(PACKAGE, "revalued_rows")]
    if moved:
        lane.new_count += post(book, lane)
    return moved


def close_period(book: Book, lane: Lane, through: date, *, reason: str) -> bool:
    """Close everything through a day; return False when it is closed already.

    Raises:
        PeriodRefused: a later day is closed already.
    """
    closed = closed_through(book)
    if closed == through:
        lane.already_count += 1
        return False
    if closed is not None and through < closed:
        raise PeriodRefused(
            f"the book is closed through {closed} already",
            remedy=f"to open what follows {through}, use `facility period reopen`",
        )
    _note(book, lane, "closed", through, reason)
    return True


def reopen_period(book: Book, lane: Lane, through: date, *, reason: str) -> bool:
    """Open again what follows a day; return False when it is open already.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        through: The last day that stays closed.
        reason: Why, for the record.

    Raises:
        PeriodRefused: nothing is closed, or no reason is given.
    """
    closed = closed_through(book)
    if not reason.strip():
        raise PeriodRefused("a period is reopened by a decision with its reason", remedy="give --reason")
    if closed is None:
        raise PeriodRefused("no period is closed", remedy="there is nothing to reopen")
    if through >= closed:
        lane.already_count += 1
        return False
    _note(book, lane, "reopened", through, reason)
    return True


def _note(book: Book, lane: Lane, event: str, through: date, reason: str) -> None:
    position = len(book.rows(PACKAGE, "period_events")) + 1
    row = (position, event, through, reason, lane.actor, lane.recorded_at, lane.log_id)
    book.insert("ledger.period_event", [row])
    lane.new_count += 1
