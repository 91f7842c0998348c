"""A stored round becomes the engine's `Problem`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.policy import Policy
from allocation.policy_file import parse_policy, refuse_unknown_measures, refuse_unknown_requests
from allocation.problem import Contribution, Problem, Request
from ledgers.money import minor_units
from ledgers.places import Places
from ledgers.rounds import Header, frozen_round, named_requests, request_ids
from ledgers.store import Book
from ledgers.terms import Subject, folded, parse

Record = dict[str, Any]


def policy_of(header: Header) -> Policy:
    """Return the policy that a round was opened with."""
    return parse_policy(header.policy, places=Places.on(header.opened_on), name=f"policy of round {header.round_id}")


def build_problem(book: Book, header: Header) -> Problem:
    """Return the problem that a round froze.

    Raises:
        ProblemInvalid: the policy names a request that the book does not know.
    """
    places = Places.on(header.opened_on)
    frozen = frozen_round(book, header.round_id)
    used: dict[str, list[tuple[str, int]]] = {}
    for row in frozen.country_used:
        used.setdefault(row["contribution_id"], []).append((row["country"], minor_units(row["used"], header.currency)))
    measures: dict[str, list[tuple[str, Fraction]]] = {}
    for row in frozen.measures:
        measures.setdefault(row["request_id"], []).append((row["measure"], Fraction(row["value"])))
    policy = policy_of(header)
    requests = tuple(_request(row, measures.get(row["request_id"], []), header.currency) for row in frozen.requests)
    refuse_unknown_measures(policy, requests)
    return Problem(
        round_id=header.round_id,
        currency=header.currency,
        on=header.opened_on,
        places=places,
        contributions=tuple(
            _contribution(row, used.get(row["contribution_id"], []), places, header.currency)
            for row in frozen.contributions
        ),
        requests=requests,
        policy=policy,
        funded_before=funded_before(book, header.round_id, policy),
    )


def funded_before(book: Book, round_id: str, policy: Policy) -> tuple[str, ...]:
    """Return the requests that the policy names and that had money allocated when the round was opened.

    Those were left out of the round for it, so none of them stands there.
    """
    names = {folded(request) for _, request in policy.named_requests}
    known = named_requests(book, names, before=round_id)
    if names - {folded(request) for request in known}:
        refuse_unknown_requests(policy, request_ids(book))
    return tuple(request for request, allocated in known.items() if allocated is not None)


def _contribution(row: Record, used: list[tuple[str, int]], places: Places, currency: str) -> Contribution:
    cap: Decimal | None = row["country_cap"]
    return Contribution(
        contribution_id=row["contribution_id"],
        donor=row["donor"],
        available=minor_units(row["available"], currency),
        earmark=parse(row["earmark"], places=places),
        use_by=row["use_by"],
        country_cap=None if cap is None else minor_units(cap, currency),
        country_used=tuple(sorted(used)),
    )


def _request(row: Record, measures: list[tuple[str, Fraction]], currency: str) -> Request:
    merit = Fraction(row["merit"])
    subject = Subject(
        request=row["request_id"],
        window=row["request_window"],
        country=row["country"],
        objectives=tuple(int(number) for number in row["objectives"].split("|") if number),
        applicant=row["applicant"],
        applicant_kind=row["applicant_kind"],
        gender=row["gender"],
        human_rights=row["human_rights"],
        child=row["child"],
        oda=row["oda"],
        level=row["level"],
        merit=merit,
    )
    return Request(
        subject=subject,
        ask=minor_units(row["base_requested"], currency),
        minimum=minor_units(row["base_minimum"], currency),
        merit=merit,
        ends_on=row["ends_on"],
        measures=tuple(sorted(measures)),
    )
