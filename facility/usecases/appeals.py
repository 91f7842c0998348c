"""Appeals against what a round decided: filed, then upheld or dismissed; what an upheld one means for its request."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledgers.errors import FacilityError
from ledgers.life.appeals import PACKAGE, decide_appeal, file_appeal
from ledgers.rounds import header
from ledgers.store import Book

if TYPE_CHECKING:
    from reports.table import Table


class NewRoundUnfit(FacilityError):
    """A round named for deciding again that cannot be it."""

    code = "new-round-unfit"


def file(
    book: Book,
    appeal_id: str,
    round_id: str,
    request_id: str,
    *,
    grounds: str,
    on: date,
    actor: str,
    dry_run: bool = False,
) -> bool:
    """File an appeal; return False when it is there already.

    Raises:
        RoundUnknown: there is no such round.
        AppealRefused: see `ledgers.life.appeals.file_appeal`.
    """
    header(book, round_id)
    with book.lane(actor=actor, command=f"round appeal {appeal_id}", dry_run=dry_run) as lane:
        return file_appeal(book, lane, appeal_id, round_id, request_id, on=on, grounds=grounds)


def decide(
    book: Book,
    appeal_id: str,
    outcome: str,
    *,
    reason: str,
    new_round_id: str | None,
    on: date,
    actor: str,
    dry_run: bool = False,
) -> tuple[bool, str]:
    """Uphold or dismiss an appeal and return whether that is new, with what it means for its request.

    Args:
        book: Open for writing.
        appeal_id: The appeal.
        outcome: `upheld` or `dismissed`.
        reason: Why.
        new_round_id: The round in which the request is decided on again, where there is one yet.
        on: The day.
        actor: Who decides.
        dry_run: Do everything but keep it.

    Raises:
        AppealRefused: see `ledgers.life.appeals.decide_appeal`.
        NewRoundUnfit: the round named is the one appealed against, or does not have the request.
        RoundUnknown: there is no such round.
    """
    filed = {row[0]: row for row in book.rows(PACKAGE, "appeals")}.get(appeal_id)
    if filed is not None and new_round_id is not None:
        _refuse_unfit(book, new_round_id, old_round_id=filed[1], request_id=filed[2])
    with book.lane(actor=actor, command=f"round decide-appeal {appeal_id}", dry_run=dry_run) as lane:
        is_new = decide_appeal(book, lane, appeal_id, outcome, on=on, reason=reason, new_round_id=new_round_id)
    if filed is None or outcome != "upheld":
        return is_new, ""
    return is_new, _meaning(book, filed[1], filed[2], new_round_id)


def _refuse_unfit(book: Book, round_id: str, *, old_round_id: str, request_id: str) -> None:
    header(book, round_id)
    if round_id == old_round_id:
        raise NewRoundUnfit(
            f"the appeal is against what {round_id} decided, and a round is decided once",
            remedy="open a new round that takes the request, and name that one",
        )
    if not book.rows(PACKAGE, "request_decided", round_id=round_id, request_id=request_id):
        raise NewRoundUnfit(
            f"round {round_id} does not have request {request_id}",
            remedy="name a round that was opened with the request, or leave --round out until there is one",
        )


def _meaning(book: Book, round_id: str, request_id: str, new_round_id: str | None) -> str:
    """Return what an upheld appeal means for its request: money already allocated to it stays where it is."""
    (_, awarded), *_ = book.rows(PACKAGE, "request_decided", round_id=round_id, request_id=request_id)
    if awarded:
        return f"{request_id} keeps its award; what it lacks may stand in a new round as a request that continues it"
    if new_round_id is not None:
        return f"{request_id} is decided on again in round {new_round_id}"
    return f"{request_id} may stand in the next round that is opened"


def appeals_table(book: Book) -> Table:
    """Return every appeal as a table, in order of filing."""
    from reports.table import Column, Table

    columns = (
        Column("appeal", "appeal"),
        Column("round", "round"),
        Column("request", "request"),
        Column("filed_on", "filed on", "date"),
        Column("grounds", "grounds"),
        Column("recorded_by", "recorded by"),
        Column("outcome", "outcome"),
        Column("decided_on", "decided on", "date"),
        Column("reason", "reason"),
        Column("decided_by", "decided by"),
        Column("new_round", "new round"),
    )
    rows = tuple((*row[:6], row[6] or "open", *row[7:]) for row in book.rows(PACKAGE, "appeals"))
    return Table("appeals", "Appeals", columns, rows)
