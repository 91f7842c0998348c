"""What is due of a contribution and when, agreed anew: a new dated version; the older ones stay in the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledgers.errors import FacilityError
from ledgers.life.periods import refuse_closed
from ledgers.money import Money
from ledgers.store import Book, Lane

PACKAGE = "ledgers.life"


class ReschedulingRefused(FacilityError):
    """Instalments that cannot be replaced so."""

    code = "rescheduling-refused"


class InstalmentsExceedContribution(FacilityError):
    """Instalments that come to more than the contribution."""

    code = "instalments-exceed-contribution"


def reschedule(
    book: Book,
    lane: Lane,
    contribution_id: str,
    instalments: Sequence[tuple[date, Decimal]],
    *,
    on: date,
    reason: str,
) -> tuple[int, bool]:
    """Replace all instalments of a contribution and return their version, and whether it is new.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        contribution_id: A contribution of the book.
        instalments: What is due on which day, each day once.
        on: The day from which they count.
        reason: Why, for the record.

    Raises:
        ReschedulingRefused: there are none, none to replace, or those of a later day; or the contribution is closed.
        InstalmentsExceedContribution: they come to more than the contribution.
        PeriodClosed: the day lies in a closed period.
    """
    state = book.rows(PACKAGE, "schedule_state", contribution_id=contribution_id)[0]
    version, valid_from, amount, currency, closed_on = state
    standing = book.rows(PACKAGE, "schedule_standing", contribution_id=contribution_id)
    if instalments and sorted(instalments) == standing:
        lane.already_count += 1
        return int(version), False
    _refuse(contribution_id, instalments, version, closed_on)
    if valid_from is not None and on < valid_from:
        raise ReschedulingRefused(
            f"version {version} of what is due of {contribution_id} counts from {valid_from}, later than {on}",
            remedy="give that day or a later one with --on",
        )
    planned = sum((due for _, due in instalments), Decimal(0))
    if planned > amount:
        raise InstalmentsExceedContribution(
            f"the instalments of {contribution_id} come to {Money(planned, currency)}, "
            f"and its amount to {Money(amount, currency)}",
            remedy="correct the amounts; they may leave something unplanned, never more",
        )
    refuse_closed(book, on, "a rescheduling")
    decision = (contribution_id, version + 1, on, reason, lane.actor, lane.recorded_at, lane.log_id)
    book.insert("ledger.rescheduling", [decision])
    for due_on, due in sorted(instalments):
        named = {"contribution_id": contribution_id, "version": version + 1, "due_on": due_on, "amount": due}
        book.run(PACKAGE, "reschedule", **named, log_id=lane.log_id)
    lane.new_count += 1 + len(instalments)
    return int(version) + 1, True


def _refuse(
    contribution_id: str, instalments: Sequence[tuple[date, Decimal]], version: int | None, closed_on: date | None
) -> None:
    if not instalments:
        raise ReschedulingRefused(
            f"the file has no instalment of {contribution_id}",
            remedy="give every instalment that is to stand; what will never come is written off or lowered",
        )
    if closed_on is not None:
        raise ReschedulingRefused(
            f"contribution {contribution_id} was closed on {closed_on}", remedy="a closed contribution stays as it is"
        )
    if version is None:
        raise ReschedulingRefused(
            f"the book has no instalment of {contribution_id} that could be replaced",
            remedy="bring them in with `facility import instalments`",
        )
