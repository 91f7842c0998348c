"""A decision reaches the journal, if nothing that it stands on has moved since the round was opened."""

from __future__ import annotations

from datetime import date

from ledgers.journal import post
from ledgers.rounds.decided import Decided, person_id
from ledgers.rounds.errors import (
    ApprovalMissing,
    ContributionChanged,
    ContributionDrained,
    CountryShareExceeded,
    DecisionInfeasible,
    RequestFunded,
    RoundEnded,
)
from ledgers.rounds.frozen import PACKAGE, header
from ledgers.store import Book, Lane


def post_decision(book: Book, lane: Lane, round_id: str, decided: Decided, *, signatures: int, on: date) -> bool:
    """Write a decision's allocations to the journal; return False when they are already there.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        round_id: The round.
        decided: Its decision.
        signatures: Approvals by people other than the proposer that the policy asks for.
        on: Entry date of the allocations.

    Raises:
        RoundEnded: cancelled, or posted with another decision.
        DecisionInfeasible: there is nothing to post.
        ApprovalMissing: fewer approvals than `signatures`.
        ContributionChanged: terms moved since the round was opened.
        ContributionDrained: money is gone.
        CountryShareExceeded: other rounds have used up a country's room.
        RequestFunded: another round funded a request.
    """
    known = header(book, round_id)
    if known.state == "posted" and known.posted_decision == decided.decision:
        lane.already_count += 1
        return False
    if known.state != "open":
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="open a new round")
    if decided.status == "infeasible":
        raise DecisionInfeasible(
            f"decision {decided.decision} awards nothing", remedy="change the policy and solve again"
        )
    _refuse_unapproved(book, round_id, decided, signatures)
    _refuse_moved(book, round_id, decided.decision)
    book.run(PACKAGE, "allocation_entries", round_id=round_id, decision=decided.decision, on=on)
    book.run(PACKAGE, "allocation_postings", round_id=round_id, decision=decided.decision, base=book.currency)
    posted = (round_id, "posted", decided.decision, lane.actor, on, lane.recorded_at, lane.log_id)
    book.insert("ledger.round_event", [posted])
    lane.new_count += 1 + post(book, lane)
    return True


def _refuse_unapproved(book: Book, round_id: str, decided: Decided, signatures: int) -> None:
    people = book.rows(PACKAGE, "approvals", round_id=round_id, decision=decided.decision)
    others = [row[1] for row in people if row[0] != person_id(decided.proposer)]
    if len(others) < signatures:
        raise ApprovalMissing(
            f"round {round_id} needs {signatures} approval{'s' if signatures > 1 else ''} by people other than "
            f"{decided.proposer}, and has {len(others)}" + (f" ({', '.join(others)})" if others else ""),
            remedy=f"let them run `facility round approve {round_id} --by NAME`",
        )


def _refuse_moved(book: Book, round_id: str, decision: str) -> None:
    """Refuse by name whatever moved since opening, in this order: terms, money, countries, requests."""
    again = "cancel this round, open a new one and solve it"
    named = {"round_id": round_id, "decision": decision}
    for contribution, frozen, now, frozen_use_by, use_by in book.rows(PACKAGE, "changed_contributions", **named):
        raise ContributionChanged(
            f"the terms of contribution {contribution} moved after round {round_id} was opened: "
            f"{_terms(frozen, frozen_use_by)} then, {_terms(now, use_by)} now",
            remedy=again,
        )
    for contribution, drawn, free in book.rows(PACKAGE, "drained_contributions", **named):
        raise ContributionDrained(
            f"contribution {contribution} has {free:,.2f} left for round {round_id}, which draws {drawn:,.2f} on it",
            remedy=again,
        )
    for contribution, country, room in book.rows(PACKAGE, "over_country_share", **named):
        raise CountryShareExceeded(
            f"contribution {contribution} may give {country} at most {room:,.2f} over all rounds, and would pass it",
            remedy=again,
        )
    for request, allocated in book.rows(PACKAGE, "funded_elsewhere", **named):
        raise RequestFunded(f"request {request} has {allocated:,.2f} allocated already, by another round", remedy=again)


def _terms(earmark: str, use_by: date | None) -> str:
    return (earmark or "unearmarked") + (f", use by {use_by}" if use_by else "")
