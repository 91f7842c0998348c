"""Decisions on grant agreements: audit flags, overrides, extensions, closures. Each has a name and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledgers.errors import FacilityError, did_you_mean
from ledgers.money import Money
from ledgers.store import Book, Lane

PACKAGE = "ledgers.life"

RULES = {
    "clearance": "the implementer's clearances",
    "tranche-condition": "the condition of a tranche",
    "audit-flag": "an audit flag",
    "indirect-cost": "the share of indirect cost",
    "days": "the days of the agreement",
    "deficit": "a contribution in deficit",
}
"""The rules of grants that can be set aside, and what each is about. No rule about how much money there is can be."""


class CommitmentUnknown(FacilityError):
    """No grant agreement of that id."""

    code = "commitment-unknown"


class GrantRefused(FacilityError):
    """A decision on a grant agreement that its state does not allow."""

    code = "grant-refused"


class ExtensionRefused(FacilityError):
    """An extension that is none, or that the money of the agreement does not allow."""

    code = "extension-refused"


class ClosureRefused(FacilityError):
    """A closure of an agreement on which something is still to come."""

    code = "closure-refused"


@dataclass(frozen=True, slots=True)
class Commitment:
    """A grant agreement as it stands; amounts in the book's currency.

    Attributes:
        commitment_id: The agreement.
        version: Its version.
        agreed_on: The day from which that counts.
        request_id: What it funds.
        implementer: With whom.
        ends_on: Its end, where one is agreed.
        committed: Not yet disbursed or released.
        advance: Disbursed, and neither spent nor given back.
        owed: Disallowed cost not yet made good.
        provisional: How many reports of expenditure are not final.
        until: The earliest day after which some of its money may pay nothing, where there is one.
        until_of: Whose that is.
        until_told: The same in words.
        is_spend_to: Whether it is the last of the days that the contribution may pay, and not its use-by date.
        is_flagged: Whether an audit flag stands.
        ended_on: Day of operational closure.
        closed_on: Day of financial closure.
    """

    commitment_id: str
    version: int
    agreed_on: date
    request_id: str
    implementer: str
    ends_on: date | None
    committed: Decimal
    advance: Decimal
    owed: Decimal
    provisional: int
    until: date | None
    until_of: str | None
    until_told: str | None
    is_spend_to: bool | None
    is_flagged: bool | None
    ended_on: date | None
    closed_on: date | None


def commitment(book: Book, commitment_id: str) -> Commitment:
    """Return an agreement as it stands.

    Raises:
        CommitmentUnknown: there is none of that id.
    """
    rows = book.rows(PACKAGE, "commitment_state", commitment_id=commitment_id)
    if not rows:
        known = [row[0] for row in book.rows(PACKAGE, "commitment_ids")]
        raise CommitmentUnknown(
            f"there is no commitment {commitment_id}",
            remedy=did_you_mean(commitment_id, known) if known else "the book has no commitments yet",
        )
    return Commitment(*rows[0])


def flag(book: Book, lane: Lane, commitment_id: str, *, is_lifted: bool, on: date, reason: str) -> bool:
    """Raise an audit flag on an agreement, or lift it; return False when it stands so already.

    Raises:
        CommitmentUnknown: there is no such agreement.
    """
    known = commitment(book, commitment_id)
    if bool(known.is_flagged) is not is_lifted:
        lane.already_count += 1
        return False
    position = _next(book, "audit_flag", commitment_id)
    row = (commitment_id, position, is_lifted, on, reason, lane.actor, lane.recorded_at, lane.log_id)
    book.insert("ledger.audit_flag", [row])
    lane.new_count += 1
    return True


def override_rule(
    book: Book, lane: Lane, commitment_id: str, rule: str, *, valid_from: date, valid_until: date, reason: str
) -> bool:
    """Set a rule aside for one agreement, on the days from one to another; return False when it is so already.

    Raises:
        GrantRefused: there is no such rule, or the days end before they begin.
        CommitmentUnknown: there is no such agreement; only clearance is asked for before there is one.
    """
    if rule not in RULES:
        raise GrantRefused(f"no rule of grants is called {rule}", remedy=did_you_mean(rule, list(RULES)))
    if rule != "clearance":
        commitment(book, commitment_id)
    if valid_until < valid_from:
        raise GrantRefused(
            f"the days would end on {valid_until}, before they begin on {valid_from}", remedy="give a later --until"
        )
    named = {"rule": rule, "valid_from": valid_from, "valid_until": valid_until, "reason": reason}
    if book.rows(PACKAGE, "overrides_alike", commitment_id=commitment_id, **named):
        lane.already_count += 1
        return False
    position = _next(book, "grant_override", commitment_id)
    row = (
        *(commitment_id, position, rule, valid_from, valid_until),
        *(reason, lane.actor, lane.recorded_at, lane.log_id),
    )
    book.insert("ledger.grant_override", [row])
    lane.new_count += 1
    return True


def extend(book: Book, lane: Lane, commitment_id: str, *, until: date, on: date, reason: str) -> int | None:
    """Move the end of an agreement, from a day on, and return its new version; None when it ends then already.

    Raises:
        CommitmentUnknown: there is no such agreement.
        ExtensionRefused: it is closed, ends later already, was agreed on after that day, or its money is to be used by
            an earlier day.
    """
    known = commitment(book, commitment_id)
    if known.ends_on == until:
        lane.already_count += 1
        return None
    if known.closed_on is not None:
        raise ExtensionRefused(
            f"commitment {commitment_id} was closed financially on {known.closed_on}",
            remedy="a closed agreement stays as it is; sign a new one",
        )
    if known.ends_on is not None and until < known.ends_on:
        raise ExtensionRefused(
            f"commitment {commitment_id} ends on {known.ends_on}, later than {until}",
            remedy="an extension moves the end to a later day; what will not be used is released",
        )
    if on < known.agreed_on:
        raise ExtensionRefused(
            f"version {known.version} of commitment {commitment_id} counts from {known.agreed_on}, later than {on}",
            remedy="give that day or a later one with --on",
        )
    if known.until is not None and until > known.until:
        option = "--spend-to" if known.is_spend_to else "--use-by"
        raise ExtensionRefused(
            f"the money of {commitment_id} from {known.until_of} {known.until_told}, before {until}",
            remedy=f"agree a later day with the donor: `facility contribution amend {known.until_of} {option} ...`",
        )
    book.run(
        PACKAGE,
        "extend",
        commitment_id=commitment_id,
        until=until,
        on=on,
        reason=reason,
        recorded_at=lane.recorded_at,
        log_id=lane.log_id,
    )
    lane.new_count += 1
    return known.version + 1


def close_commitment(book: Book, lane: Lane, commitment_id: str, stage: str, *, on: date, reason: str) -> bool:
    """Close an agreement operationally, then financially; return False when it is closed so already.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        commitment_id: The agreement.
        stage: `operational` (its activities have ended) or `financial` (nothing is to come any more).
        on: The day.
        reason: Why, for the record.

    Raises:
        CommitmentUnknown: there is no such agreement.
        ClosureRefused: something is still to come, told with its amounts.
    """
    known = commitment(book, commitment_id)
    if (known.ended_on if stage == "operational" else known.closed_on) is not None:
        lane.already_count += 1
        return False
    if stage == "financial":
        left = _still_to_come(book, known)
        if left:
            raise ClosureRefused(
                f"commitment {commitment_id} cannot be closed financially: {'; '.join(left)}",
                remedy="disburse or release what is committed, let the implementer report or give back what it holds, "
                "then close it",
            )
    row = (commitment_id, stage, on, reason, lane.actor, lane.recorded_at, lane.log_id)
    book.insert("ledger.closure", [row])
    lane.new_count += 1
    return True


def _still_to_come(book: Book, known: Commitment) -> list[str]:
    told = []
    if known.ended_on is None:
        told.append("it is not closed operationally")
    for amount, words in (
        (known.committed, "is committed and not disbursed"),
        (known.advance, "is in the hands of the implementer"),
        (known.owed, "is owed by the implementer"),
    ):
        if amount:
            told.append(f"{Money(amount, book.currency)} {words}")
    if known.provisional:
        told.append(f"{known.provisional} report{'s' if known.provisional > 1 else ''} of expenditure not yet final")
    return told


def _next(book: Book, table: str, commitment_id: str) -> int:
    text = f"select count(*) + 1 from ledger.{table} where commitment_id = ?"  # noqa: S608 (our own names)
    return int(book.connection.execute(text, [commitment_id]).fetchall()[0][0])
