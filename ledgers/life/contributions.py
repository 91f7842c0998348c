"""Decisions on contributions beside their terms: their closing, and the reports that donors were given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ledgers.errors import FacilityError
from ledgers.life.periods import refuse_closed
from ledgers.money import Money
from ledgers.store import Book, Lane

PACKAGE = "ledgers.life"


FEES = "owed in fees"
"""The words of `contribution_left` for fees that were charged and not paid out."""


class ContributionOpen(FacilityError):
    """A contribution that cannot be closed, because something is still to come or to go."""

    code = "contribution-open"


def close_contribution(book: Book, lane: Lane, contribution_id: str, *, on: date, reason: str) -> bool:
    """Close a contribution; return False when it is closed already.

    Raises:
        ContributionOpen: with every balance that is not zero, or with the day of an entry that comes later.
        PeriodClosed: the day lies in a closed period.
    """
    text = "select closed_on from ledger.contribution_closing where contribution_id = ?"
    if book.connection.execute(text, [contribution_id]).fetchall():
        lane.already_count += 1
        return False
    left: dict[str, Decimal] = dict(book.rows(PACKAGE, "contribution_left", contribution_id=contribution_id))
    if left:
        told = "; ".join(f"{Money(amount, book.currency)} {words}" for words, amount in left.items())
        raise ContributionOpen(
            f"contribution {contribution_id} cannot be closed: {told}", remedy=f"{_remedy(left)}, then close it"
        )
    refuse_closed(book, on, "a closing")
    text = "select max(entry_date) from ledger.entry join ledger.posting using (entry_id) where contribution_id = ?"
    (last,) = book.connection.execute(text, [contribution_id]).fetchall()[0]
    if last is not None and on < last:
        raise ContributionOpen(
            f"contribution {contribution_id} cannot be closed on {on}: its last entry is of {last}",
            remedy="close it on that day or later",
        )
    row = (contribution_id, on, reason, lane.actor, lane.recorded_at, lane.log_id)
    book.insert("ledger.contribution_closing", [row])
    lane.new_count += 1
    return True


def _remedy(left: Mapping[str, Decimal]) -> str:
    fees = "pay out its fees first, with an entry `fee-payment` (`facility import entries`)"
    others = "write off or lower what will not come, return or use what is available, give the donor what is owed"
    if FEES not in left:
        return others
    return fees if len(left) == 1 else f"{fees}; {others}"


def note_report(book: Book, lane: Lane, contribution_id: str, *, on: date, note: str | None) -> bool:
    """Record that a report was delivered to the donor on a day; return False when that is known already."""
    text = "select 1 from ledger.contribution_report where contribution_id = ? and delivered_on = ?"
    if book.connection.execute(text, [contribution_id, on]).fetchall():
        lane.already_count += 1
        return False
    book.insert("ledger.contribution_report", [(contribution_id, on, note, lane.log_id)])
    lane.new_count += 1
    return True
