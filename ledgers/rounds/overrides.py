"""What somebody decides by hand on a request of an open round: recorded with name and reason, never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledgers.rounds.errors import OverrideUnknown, RoundEnded
from ledgers.rounds.frozen import PACKAGE, header
from ledgers.rounds.opening import refuse_before_opening
from ledgers.store import Book, Lane


@dataclass(frozen=True, slots=True)
class Recorded:
    """One override as recorded.

    Attributes:
        position: Its number in the round, from 1.
        request_id: The request.
        is_lifted: Whether it takes back the one before; `least` and `most` are then None.
        least: The least that the request is awarded, major units; 0 when it may stay unfunded.
        most: The most that it may be awarded; 0 refuses it.
        decided_by: Who decided.
        reason: Why.
        event_date: The day it counts for.
        recorded_at: When it was written, UTC.
    """

    position: int
    request_id: str
    is_lifted: bool
    least: Decimal | None
    most: Decimal | None
    decided_by: str
    reason: str
    event_date: date
    recorded_at: datetime

    @property
    def said(self) -> tuple[object, ...]:
        """Return what it says; one that says the same as the standing one is already there."""
        return (self.is_lifted, self.least, self.most, self.decided_by, self.reason)


def overrides_of(book: Book, round_id: str) -> list[Recorded]:
    """Return every override of a round in the order in which they were made.

    Raises:
        RoundUnknown: there is no such round.
    """
    header(book, round_id)
    return [Recorded(*row) for row in book.rows(PACKAGE, "overrides", round_id=round_id)]


def standing(history: Sequence[Recorded]) -> list[Recorded]:
    """Return the overrides that count: of each request the latest, unless it lifts; sorted by request."""
    latest = {one.request_id: one for one in history}
    return [latest[request] for request in sorted(latest) if not latest[request].is_lifted]


def record_override(
    book: Book,
    lane: Lane,
    round_id: str,
    request_id: str,
    *,
    bounds: tuple[Decimal, Decimal] | None,
    by: str,
    reason: str,
    on: date,
) -> bool:
    """Record an override of an open round; return False when the one that counts says the same.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        round_id: The round.
        request_id: A request of the round.
        bounds: The least and the most that it may be awarded, major units; None lifts the override that stands.
        by: Who decides.
        reason: Why.
        on: The day it counts for.

    Raises:
        RoundUnknown: there is no such round.
        RoundEnded: it was cancelled or posted.
        BeforeOpening: `on` is before its opening.
        OverrideUnknown: there is nothing to lift.
    """
    known = header(book, round_id)
    if known.state != "open":
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="override requests of an open round")
    refuse_before_opening(known, on, "overridden")
    history = overrides_of(book, round_id)
    least, most = bounds or (None, None)
    new = Recorded(len(history) + 1, request_id, bounds is None, least, most, by, reason, on, lane.recorded_at)
    before = [one for one in history if one.request_id == request_id]
    if bounds is None and not before:
        raise OverrideUnknown(
            f"round {round_id} has no override of request {request_id}",
            remedy=f"`facility round overrides {round_id}` lists those there are",
        )
    if before and (before[-1].said == new.said or (new.is_lifted and before[-1].is_lifted)):
        lane.already_count += 1
        return False
    cells = (new.position, request_id, new.is_lifted, least, most, by, reason, on, lane.recorded_at, lane.log_id)
    book.insert("ledger.round_override", [(round_id, *cells)])
    lane.new_count += 1
    return True
