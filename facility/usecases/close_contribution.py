"""A contribution's end, and what its donor was told on the way."""

from __future__ import annotations

from datetime import date

from facility.usecases.amend_contribution import known_contribution
from ledgers.life.contributions import close_contribution, note_report
from ledgers.store import Book


def close(book: Book, contribution_id: str, *, on: date, reason: str, actor: str, dry_run: bool = False) -> bool:
    """Close a contribution; return False when it is closed already.

    Raises:
        ContributionUnknown: there is none of that id.
        ContributionOpen: something is still to come or to go, told with its amounts.
    """
    known_contribution(book, contribution_id)
    with book.lane(actor=actor, command=f"contribution close {contribution_id}", dry_run=dry_run) as lane:
        return close_contribution(book, lane, contribution_id, on=on, reason=reason)


def report_delivered(
    book: Book, contribution_id: str, *, on: date, note: str | None, actor: str, dry_run: bool = False
) -> bool:
    """Record that the donor was given a report; return False when that is known already.

    Raises:
        ContributionUnknown: there is none of that id.
    """
    known_contribution(book, contribution_id)
    with book.lane(actor=actor, command=f"contribution reported {contribution_id}", dry_run=dry_run) as lane:
        return note_report(book, lane, contribution_id, on=on, note=note)
