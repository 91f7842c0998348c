"""Appeals: whoever was refused, or funded in part, may appeal; somebody decides on it with reasons."""

from __future__ import annotations

from datetime import date

from ledgers.errors import FacilityError, did_you_mean
from ledgers.store import Book, Lane

PACKAGE = "ledgers.life"


class AppealRefused(FacilityError):
    """An appeal that cannot be filed or decided so."""

    code = "appeal-refused"


def file_appeal(
    book: Book, lane: Lane, appeal_id: str, round_id: str, request_id: str, *, on: date, grounds: str
) -> bool:
    """Record an appeal against what a posted round decided on a request; return False when it is there already.

    Raises:
        AppealRefused: the round is not posted, did not have the request, or the id names another appeal.
    """
    known = [row for row in book.rows(PACKAGE, "appeals") if row[0] == appeal_id]
    if known:
        if known[0][1:5] == (round_id, request_id, on, grounds):
            lane.already_count += 1
            return False
        raise AppealRefused(f"appeal {appeal_id} is another one already", remedy="give this appeal an id of its own")
    decided = book.rows(PACKAGE, "request_decided", round_id=round_id, request_id=request_id)
    if not decided:
        raise AppealRefused(
            f"round {round_id} did not decide on request {request_id}", remedy="name a round that had the request"
        )
    if decided[0][0] != "posted":
        raise AppealRefused(
            f"round {round_id} is {decided[0][0]}", remedy="an appeal is against what a posted round decided"
        )
    _note(book, lane, (appeal_id, "filed", round_id, request_id, on, grounds), None)
    return True


def decide_appeal(
    book: Book, lane: Lane, appeal_id: str, outcome: str, *, on: date, reason: str, new_round_id: str | None
) -> bool:
    """Uphold or dismiss an appeal; return False when that was decided already.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        appeal_id: The appeal.
        outcome: `upheld` or `dismissed`.
        on: The day.
        reason: Why.
        new_round_id: For an appeal that is upheld: the round in which the request is decided on again, where there is
            one yet.

    Raises:
        AppealRefused: there is no such appeal, it was decided otherwise, it was filed later than that day, or whoever
            filed it would decide it.
    """
    known = {row[0]: row for row in book.rows(PACKAGE, "appeals")}
    if appeal_id not in known:
        remedy = did_you_mean(appeal_id, list(known)) if known else "the book has no appeals"
        raise AppealRefused(f"there is no appeal {appeal_id}", remedy=remedy)
    _, round_id, request_id, filed_on, _, filed_by, decided, *_ = known[appeal_id]
    if decided == outcome:
        lane.already_count += 1
        return False
    if decided is not None:
        raise AppealRefused(f"appeal {appeal_id} was {decided} already", remedy="file a new appeal")
    if on < filed_on:
        raise AppealRefused(
            f"appeal {appeal_id} was filed on {filed_on}, and would be decided on {on}",
            remedy="give that day or a later one with --on",
        )
    if filed_by.casefold() == lane.actor.casefold():
        raise AppealRefused(
            f"{lane.actor} recorded appeal {appeal_id}, and would decide it",
            remedy="let somebody else decide it, with --by",
        )
    _note(book, lane, (appeal_id, outcome, round_id, request_id, on, reason), new_round_id)
    return True


def _note(book: Book, lane: Lane, head: tuple[object, ...], new_round_id: str | None) -> None:
    book.insert("ledger.appeal", [(*head, lane.actor, new_round_id, lane.recorded_at, lane.log_id)])
    lane.new_count += 1
