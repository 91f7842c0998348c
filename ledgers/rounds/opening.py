"""Opening and cancelling a round: what it freezes, what it holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledgers.errors import did_you_mean
from ledgers.money import Money, places
from ledgers.places import Places
from ledgers.rounds.errors import (
    BeforeOpening,
    FilterInvalid,
    MeritMissing,
    MoneyLater,
    RoundConflict,
    RoundEmpty,
    RoundEnded,
)
from ledgers.rounds.frozen import PACKAGE, Header, found_header, header
from ledgers.rounds.years import freeze_years
from ledgers.store import Book, Lane
from ledgers.terms import Terms, eligibility_query, term_rows

FILTER_ATTRIBUTES = ("class", "contribution", "donor", "donor_kind")
Weights = Sequence[tuple[str, Fraction]]


def open_round(
    book: Book,
    lane: Lane,
    asked: Header,
    *,
    requests: Terms,
    weights: Weights,
    resources: str = "cash",
) -> bool:
    """Freeze a round and hold its money; return False when it is already there.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        asked: The round as asked for; `state` is not read.
        requests: Which requests may stand.
        weights: Criterion and weight when merit is made of reviewers' scores, else empty.
        resources: `agreements` when the round also holds money signed for and not yet received.

    Raises:
        RoundConflict: a round of this id was opened with other rules.
        RoundEnded: a round of this id was cancelled.
        RoundEmpty: no money, or no request, is left for it.
        FilterInvalid: the selection of contributions cannot be read.
        MeritMissing: requests without merit or scores.
        MoneyLater: the round is dated before money that it would hold.
    """
    known = found_header(book, asked.round_id)
    if known is not None:
        _refuse_other(known, asked)
        if known.state == "cancelled":
            raise RoundEnded(f"round {asked.round_id} was cancelled", remedy="choose another id for a new round")
        lane.already_count += 1
        return False
    selected = _selected(book, requests, asked.opened_on)
    if not selected:
        raise RoundEmpty(
            f"no unfunded request is admitted by {requests}" if str(requests) else "the book has no unfunded request",
            remedy="import requests with `facility import requests`, or widen --requests",
        )
    merits = _merits(book, selected, weights)
    row = (asked.round_id, asked.opened_on, asked.currency, asked.policy, asked.policy_digest, asked.requests_filter)
    filters = (asked.contributions_filter, asked.opened_by, lane.recorded_at, lane.log_id)
    book.insert("ledger.round", [(*row, *filters)])
    frozen = book.rows(PACKAGE, "requests_frozen")
    book.insert("ledger.round_request", [(asked.round_id, *f[:3], str(merits[f[0]])) for f in frozen])
    freeze_years(book, asked.round_id)
    _hold(book, asked, with_agreements=resources == "agreements")
    _refuse_later_money(book, asked)
    opened = (asked.round_id, "opened", None, asked.opened_by, asked.opened_on, lane.recorded_at, lane.log_id)
    book.insert("ledger.round_event", [opened])
    lane.new_count += 1
    return True


def cancel_round(book: Book, lane: Lane, round_id: str, *, on: date) -> bool:
    """End a round without posting; its money is free again. Return False when it is already cancelled.

    Raises:
        RoundUnknown: there is no such round.
        RoundEnded: it was posted.
        BeforeOpening: `on` is before its opening.
    """
    known = header(book, round_id)
    if known.state == "cancelled":
        lane.already_count += 1
        return False
    if known.state == "posted":
        raise RoundEnded(
            f"round {round_id} was posted with decision {known.posted_decision}",
            remedy="a posted round stays; release an allocation with a `cancellation` in `facility import entries`",
        )
    refuse_before_opening(known, on, "cancelled")
    row = (round_id, "cancelled", None, lane.actor, on, lane.recorded_at, lane.log_id)
    book.insert("ledger.round_event", [row])
    lane.new_count += 1
    return True


def refuse_before_opening(known: Header, on: date, event: str) -> None:
    """Refuse an event dated before the round's opening.

    Raises:
        BeforeOpening: `on` is before its opening.
    """
    if on < known.opened_on:
        raise BeforeOpening(
            f"round {known.round_id} was opened on {known.opened_on} and cannot be {event} on {on}",
            remedy=f"give {known.opened_on} or a later day with --on",
        )


def _refuse_other(known: Header, asked: Header) -> None:
    names = ("opened_on", "policy_digest", "requests_filter", "contributions_filter")
    different = [name for name in names if getattr(known, name) != getattr(asked, name)]
    if different:
        what = ", ".join(name.removesuffix("_digest").replace("_", " ") for name in different)
        raise RoundConflict(
            f"round {asked.round_id} was opened with another {what}",
            remedy="choose another id, or cancel that round and open a new one",
        )


def _selected(book: Book, requests: Terms, on: date) -> list[str]:
    """Return the ids of the unfunded requests that the terms admit, and leave them in the table `selected`."""
    for name in ("requests_asked", "requests_asked_objectives", "requests_asked_places"):
        book.run(PACKAGE, name)
    parts, values = term_rows("filter", requests)
    _temporary(book, "term", "terms_id varchar", [("filter",)])
    _temporary(book, "term_part", "terms_id varchar, part_no integer, attribute varchar, operator varchar", parts)
    _temporary(book, "term_value", "terms_id varchar, part_no integer, value varchar, number decimal(18, 4)", values)
    _temporary(book, "place_group", "place varchar, around varchar", Places.on(on).rows())
    ids = [row[1] for row in book.connection.execute(eligibility_query()).fetchall()]
    _temporary(book, "selected", "request_id varchar", [(request_id,) for request_id in ids])
    return ids


def _temporary(book: Book, name: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Fill a temporary table with a few rows; names and columns are our own."""
    book.connection.execute(f"create or replace temp table {name} ({columns})")
    book.insert(f"temp.{name}", rows)


def _merits(book: Book, selected: Sequence[str], weights: Weights) -> dict[str, Fraction]:
    if not weights:
        given = {row[0]: row[3] for row in book.rows(PACKAGE, "requests_frozen")}
        without = [(request, request) for request in selected if given[request] is None]
        _refuse_missing(without, "no merit", "score it, or import it under another id with its merit")
        return {request: Fraction(given[request]) for request in selected}
    means: dict[str, dict[str, Fraction]] = defaultdict(dict)
    recused: set[tuple[str, str]] = set()
    for request, criterion, total, reviewers, set_aside in book.rows(PACKAGE, "mean_scores"):
        if reviewers:
            means[request][criterion] = Fraction(Decimal(total)) / reviewers
        elif set_aside:
            recused.add((request, criterion))
    missing = [
        (request, f"{request} ({criterion}{', all recused' if (request, criterion) in recused else ''})")
        for request in selected
        for criterion, _ in weights
        if criterion not in means[request]
    ]
    _refuse_missing(missing, "no score on a criterion that the policy weighs", "import the scores")
    whole = sum((weight for _, weight in weights), Fraction(0))
    return {
        request: sum((means[request][criterion] * weight for criterion, weight in weights), Fraction(0)) / whole
        for request in selected
    }


def _refuse_missing(missing: list[tuple[str, str]], what: str, remedy: str) -> None:
    """Refuse when anything is missing: (request, how to name what it lacks)."""
    if missing:
        count = len({request for request, _ in missing})
        shown = ", ".join(named for _, named in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise MeritMissing(
            f"{count} request{'s have' if count > 1 else ' has'} {what}: {shown}{more}",
            remedy=f"{remedy}, or leave such requests out with --requests",
        )


def _refuse_later_money(book: Book, asked: Header) -> None:
    """Refuse to hold what came after the round's day: posted on that day, it would overdraw the contribution."""
    for contribution, now, then, whole_on, is_signing in book.rows(PACKAGE, "money_later", round_id=asked.round_id):
        what = (
            f"was signed on {whole_on}"
            if is_signing
            else f"has {Money(now, book.currency)} since {whole_on}, and {Money(then, book.currency)} before"
        )
        raise MoneyLater(
            f"contribution {contribution} {what}: round {asked.round_id} of {asked.opened_on} cannot hold that",
            remedy=f"open it on {whole_on} or later with --on, or leave the contribution out with --contributions",
        )


def _hold(book: Book, asked: Header, *, with_agreements: bool) -> None:
    wanted = _filter_rows(asked.contributions_filter)
    _temporary(book, "contribution_filter", "attribute varchar, value varchar", wanted)
    minor_places = places(book.currency)
    book.run(PACKAGE, "contributions_free", round_id=asked.round_id, places=minor_places, agreements=with_agreements)
    if with_agreements:
        book.run(PACKAGE, "receivable_frozen", round_id=asked.round_id)
    book.run(PACKAGE, "countries_used", round_id=asked.round_id, places=minor_places)
    held = book.rows(PACKAGE, "frozen_contributions", round_id=asked.round_id)
    if not held:
        what = "available or still to come" if with_agreements else "available"
        raise RoundEmpty(
            f"no contribution has money {what} beyond what open rounds hold ({asked.contributions_filter or 'all'})",
            remedy="import deposits, cancel a round that holds the money, or widen --contributions",
        )


def _filter_rows(text: str) -> list[tuple[str, str]]:
    """Return (attribute, value) of a selection such as `donor_kind=state; class=unearmarked|softly`.

    Raises:
        FilterInvalid: a part is not `attribute=value` of a known attribute.
    """
    rows: list[tuple[str, str]] = []
    for part in (piece.strip() for piece in text.split(";") if piece.strip()):
        found = re.fullmatch(r"([A-Za-z_]+)\s*=\s*(.+)", part)
        if not found:
            raise FilterInvalid(f"{part!r} is not attribute=value", remedy="write donor_kind=state; class=unearmarked")
        attribute = found[1].lower()
        if attribute not in FILTER_ATTRIBUTES:
            raise FilterInvalid(
                f"contributions have no attribute {found[1]}", remedy=did_you_mean(attribute, FILTER_ATTRIBUTES)
            )
        rows.extend((attribute, value.strip()) for value in found[2].split("|"))
    return rows
