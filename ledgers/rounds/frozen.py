"""Reading a frozen round back, exactly as it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledgers.errors import did_you_mean
from ledgers.money import places
from ledgers.rounds.errors import RoundUnknown
from ledgers.store import Book

PACKAGE = "ledgers.rounds"


@dataclass(frozen=True, slots=True)
class Header:
    """What a round is.

    Attributes:
        round_id: Its id.
        opened_on: Its date: groups and use-by dates are read on it.
        currency: ISO 4217.
        policy: The policy file's text.
        policy_digest: SHA-256 of the policy's meaning.
        requests_filter: Terms that selected its requests.
        contributions_filter: What selected its contributions.
        opened_by: Who opened it.
        state: `open`, `cancelled` or `posted`.
        posted_decision: Digest of the posted decision, or None.
        ended_on: The day on which it was cancelled or posted, or None.
    """

    round_id: str
    opened_on: date
    currency: str
    policy: str
    policy_digest: str
    requests_filter: str
    contributions_filter: str
    opened_by: str
    state: str
    posted_decision: str | None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class FrozenRound:
    """The rows of a round, each a mapping by column name, sorted by id.

    Attributes:
        contributions: `contribution_id, donor, available, earmark, use_by, country_cap, spend_from, spend_to`; amounts
            in major units.
        country_used: `contribution_id, country, used`.
        requests: `request_id, base_requested, base_minimum, merit` (an exact ratio as text) and its attributes.
        measures: `request_id, measure, value`.
        years: `request_id, year, base_amount`.
    """

    contributions: list[dict[str, Any]]
    country_used: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    years: list[dict[str, Any]]


def found_header(book: Book, round_id: str) -> Header | None:
    """Return the round's header, or None when there is no such round."""
    rows = book.rows(PACKAGE, "round_header", round_id=round_id)
    return Header(*rows[0]) if rows else None


def header(book: Book, round_id: str) -> Header:
    """Return the round's header.

    Raises:
        RoundUnknown: there is no such round.
    """
    found = found_header(book, round_id)
    if found is None:
        known = [row[0] for row in book.rows(PACKAGE, "round_ids")]
        remedy = did_you_mean(round_id, known) if known else "open one with `facility round open`"
        raise RoundUnknown(f"the book has no round {round_id}", remedy=remedy)
    return found


def frozen_round(book: Book, round_id: str) -> FrozenRound:
    """Return the rows that the round froze."""
    return FrozenRound(
        contributions=book.records(PACKAGE, "frozen_contributions", round_id=round_id),
        country_used=book.records(PACKAGE, "frozen_country_used", round_id=round_id),
        requests=book.records(PACKAGE, "frozen_requests", round_id=round_id),
        measures=book.records(PACKAGE, "frozen_measures", round_id=round_id),
        years=book.records(PACKAGE, "frozen_years", round_id=round_id),
    )


def frozen_cofinance(book: Book, round_id: str) -> dict[str, int]:
    """Return the confirmed co-finance of the round's requests that have some, in minor units of the book's currency."""
    base = {"base": book.currency, "places": places(book.currency)}
    return {row[0]: int(row[1]) for row in book.rows(PACKAGE, "frozen_cofinance", round_id=round_id, **base)}
