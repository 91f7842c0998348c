"""A decision reaches the journal, if nothing that it stands on has moved since the round was opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledgers.journal import post
from ledgers.money import Money
from ledgers.rounds.decided import Decided, person_id
from ledgers.rounds.errors import (
    ApprovalMissing,
    ContributionChanged,
    ContributionDrained,
    CountryShareExceeded,
    DecisionInfeasible,
    ExclusiveFunded,
    MoneyLater,
    NeededReleased,
    RequestFunded,
    RoundEnded,
)
from ledgers.rounds.frozen import PACKAGE, header
from ledgers.rounds.named import named_requests
from ledgers.rounds.opening import refuse_before_opening
from ledgers.store import Book, Lane
from ledgers.terms import folded

_AGAIN = "cancel this round, open a new one and solve it"


@dataclass(frozen=True, slots=True)
class Tie:
    """What an award has to do with a request that the same decision does not award.

    Attributes:
        rule: Name of the policy's rule.
        award: The request awarded.
        other: The other request.
        is_needed: Whether `other` must be funded; otherwise it must not be.
    """

    rule: str
    award: str
    other: str
    is_needed: bool


def post_decision(
    book: Book,
    lane: Lane,
    round_id: str,
    decided: Decided,
    *,
    signatures: int,
    on: date,
    ties: Sequence[Tie] = (),
    resources: str = "cash",
) -> bool:
    """Write a decision's allocations to the journal; return False when they are already there.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        round_id: The round.
        decided: Its decision.
        signatures: Approvals by people other than the proposer that the policy asks for.
        on: Entry date of the allocations.
        ties: Requests beside the awards that the policy's groups and prerequisites look at.
        resources: `agreements` when the round's policy also decides on money signed for and not yet received.

    Raises:
        RoundEnded: cancelled, or posted with another decision.
        DecisionInfeasible: there is nothing to post.
        BeforeOpening: `on` is before the round's opening.
        ApprovalMissing: fewer approvals than `signatures`.
        ContributionChanged: terms moved since the round was opened.
        ContributionDrained: money is gone.
        CountryShareExceeded: other rounds have used up a country's room.
        RequestFunded: another round funded a request.
        ExclusiveFunded: another round funded what excludes an award.
        NeededReleased: what an award needs is funded no longer.
        MoneyLater: a contribution would be overdrawn on a day, though not in the end.
    """
    known = header(book, round_id)
    if known.state == "posted" and known.posted_decision == decided.decision:
        lane.already_count += 1
        return False
    if known.state != "open":
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="open a new round")
    if decided.status == "infeasible":
        raise DecisionInfeasible(
            f"decision {decided.decision} awards nothing",
            remedy="the round's policy is frozen: cancel the round, change the policy and open a new round with it",
        )
    refuse_before_opening(known, on, "posted")
    _refuse_unapproved(book, round_id, decided, signatures)
    named = {"round_id": round_id, "decision": decided.decision, "agreements": resources == "agreements"}
    _refuse_moved(book, named)
    _refuse_untied(book, ties)
    book.run(PACKAGE, "allocation_entries", round_id=round_id, decision=decided.decision, on=on)
    book.run(PACKAGE, "allocation_split", **named)
    book.run(PACKAGE, "allocation_postings", base=book.currency)
    posted = (round_id, "posted", decided.decision, lane.actor, on, lane.recorded_at, lane.log_id)
    book.insert("ledger.round_event", [posted])
    lane.new_count += 1 + post(book, lane)
    _refuse_overdrawn_days(book, round_id, decided.decision)
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


def _refuse_moved(book: Book, named: Mapping[str, Any]) -> None:
    """Refuse by name whatever moved since opening, in this order: terms, money, countries, requests."""
    round_id = named["round_id"]
    for contribution, frozen, now, *days in book.rows(PACKAGE, "changed_contributions", **named):
        raise ContributionChanged(
            f"the terms of contribution {contribution} moved after round {round_id} was opened: "
            f"{_terms(frozen, *days[::2])} then, {_terms(now, *days[1::2])} now",
            remedy=_AGAIN,
        )
    for contribution, drawn, free in book.rows(PACKAGE, "drained_contributions", **named):
        raise ContributionDrained(
            f"contribution {contribution} has {free:,.2f} left for round {round_id}, which draws {drawn:,.2f} on it",
            remedy=_AGAIN,
        )
    for contribution, country, room in book.rows(PACKAGE, "over_country_share", **named):
        raise CountryShareExceeded(
            f"contribution {contribution} may give {country} at most {room:,.2f} over all rounds, and would pass it",
            remedy=_AGAIN,
        )
    for request, allocated in book.rows(PACKAGE, "funded_elsewhere", **named):
        raise RequestFunded(
            f"request {request} has {allocated:,.2f} allocated already, by another round", remedy=_AGAIN
        )


def _refuse_untied(book: Book, ties: Sequence[Tie]) -> None:
    """Refuse awards that requests funded or released by now forbid."""
    known = named_requests(book, [tie.other for tie in ties])
    allocated = {folded(request): amount for request, amount in known.items()}
    for tie in ties:
        amount = allocated.get(folded(tie.other))
        if not tie.is_needed and amount is not None:
            raise ExclusiveFunded(
                f'the rule "{tie.rule}" funds {tie.award} or {tie.other}, not both: {tie.other} has '
                f"{amount:,.2f} allocated already, by another round",
                remedy=_AGAIN,
            )
        if tie.is_needed and amount is None:
            raise NeededReleased(
                f'the rule "{tie.rule}" funds {tie.award} only if {tie.other} is funded, and {tie.other} has nothing '
                "allocated any more",
                remedy=_AGAIN,
            )


def _refuse_overdrawn_days(book: Book, round_id: str, decision: str) -> None:
    for contribution, day, over in book.rows(PACKAGE, "overdrawn_days", round_id=round_id, decision=decision):
        raise MoneyLater(
            f"round {round_id} would leave contribution {contribution} overdrawn by {Money(over, book.currency)} "
            f"on {day}, because the rest of its money came later",
            remedy="post it on a later day with --on",
        )


def _terms(earmark: str, use_by: date | None, spend_from: date | None, spend_to: date | None) -> str:
    said = {"use by": use_by, "spent from": spend_from, "spent until": spend_to}
    return (earmark or "unearmarked") + "".join(f", {what} {day}" for what, day in said.items() if day)
