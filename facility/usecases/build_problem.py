"""A stored round becomes the engine's `Problem`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.policy import Policy
from allocation.policy_file import parse_policy, refuse_unknown_measures, refuse_unknown_requests
from allocation.problem import Contribution, Override, Problem, Request
from ledgers.money import minor_units
from ledgers.places import Places
from ledgers.rounds import (
    Header,
    Recorded,
    frozen_cofinance,
    frozen_round,
    named_requests,
    overrides_of,
    request_ids,
    standing,
)
from ledgers.rounds.frozen import FrozenRound
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
    later = _Later.of(book, header, policy, frozen)
    requests = tuple(
        _request(row, measures.get(row["request_id"], []), header.currency, later) for row in frozen.requests
    )
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
        overrides=_overrides(overrides_of(book, header.round_id), header.currency),
    )


def digests_before(book: Book, header: Header, problem: Problem) -> tuple[str, ...]:
    """Return the digests that a round's problem had before its latest override, before the one before it, and so on."""
    history = overrides_of(book, header.round_id)
    return tuple(
        replace(problem, overrides=_overrides(history[:count], header.currency)).inputs_digest()
        for count in reversed(range(len(history)))
    )


def _overrides(history: Sequence[Recorded], currency: str) -> tuple[Override, ...]:
    return tuple(
        Override(
            one.request_id,
            minor_units(one.least or Decimal(0), currency),
            minor_units(one.most or Decimal(0), currency),
            one.decided_by,
            one.reason,
        )
        for one in standing(history)
    )


@dataclass(frozen=True, slots=True)
class _Later:
    """What enters a problem only where the round needs it, so that rounds without it keep the digest they had.

    Attributes:
        tells_starts: Whether some contribution may pay only from a day on, so that first days matter.
        cofinance: Confirmed co-finance of requests in minor units; empty unless the policy seeks leverage.
        years: What of each ask is spent in which year, in minor units.
    """

    tells_starts: bool
    cofinance: Mapping[str, int]
    years: Mapping[str, list[tuple[int, int]]]

    @classmethod
    def of(cls, book: Book, header: Header, policy: Policy, frozen: FrozenRound) -> _Later:
        years: dict[str, list[tuple[int, int]]] = {}
        for row in frozen.years:
            years.setdefault(row["request_id"], []).append(
                (row["year"], minor_units(row["base_amount"], header.currency))
            )
        seeks_leverage = any(stage.name == "leverage" for stage in policy.later)
        return cls(
            any(row["spend_from"] is not None for row in frozen.contributions),
            frozen_cofinance(book, header.round_id) if seeks_leverage else {},
            years,
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
        spend_from=row["spend_from"],
        spend_to=row["spend_to"],
    )


def _request(row: Record, measures: list[tuple[str, Fraction]], currency: str, later: _Later) -> Request:
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
        starts_on=row["starts_on"] if later.tells_starts or row["request_id"] in later.years else None,
        cofinance=later.cofinance.get(row["request_id"], 0),
        years=tuple(later.years.get(row["request_id"], ())),
    )
