"""What a round puts before the engine: money with its terms, requests with their merit, and the policy.

A `Problem` is the frozen round. It holds everything the decision may depend on and nothing else, so that equal problems
give equal decisions whatever the order in which their rows were read. Amounts are whole minor units of the round's
currency (cents of a dollar); shares and merit are exact rationals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from allocation.policy import Policy
from ledgers.errors import FacilityError
from ledgers.places import Places
from ledgers.terms import Subject, Terms, folded


class ProblemInvalid(FacilityError):
    """A round that cannot be stated: an id twice, an amount below zero, a name that nobody bears."""

    code = "problem-invalid"


@dataclass(frozen=True, slots=True)
class Contribution:
    """Money of one contribution that the round may spend.

    Attributes:
        contribution_id: Unique in the round.
        donor: The donor's name, for explanations.
        available: Minor units free to award in this round; not negative.
        earmark: The donor's terms; empty admits everything.
        use_by: Last day of funded expenditure, or None.
        country_cap: The most, in minor units, that may go to one country over all rounds, or None.
        country_used: What earlier rounds have already allocated there: (ISO 3166 alpha-3, minor units), sorted.
        spend_from: First day of the expenditure that it may pay, or None.
        spend_to: Last day of the expenditure that it may pay, or None; with `use_by` the earlier one counts.
    """

    contribution_id: str
    donor: str
    available: int
    earmark: Terms
    use_by: date | None = None
    country_cap: int | None = None
    country_used: tuple[tuple[str, int], ...] = ()
    spend_from: date | None = None
    spend_to: date | None = None


def last_day(contribution: Contribution) -> date | None:
    """Return the last day on which a contribution may pay for expenditure, or None when any day is."""
    days = [day for day in (contribution.use_by, contribution.spend_to) if day is not None]
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Request:
    """One ask.

    Attributes:
        subject: The attributes that terms can ask about; `subject.request` is the request's id.
        ask: Amount requested, minor units, above zero.
        minimum: Smallest useful amount, minor units, between 0 (any amount) and `ask` (all or nothing).
        merit: Points per unit of money (objective `merit`) or per funded request (objective `score`).
        ends_on: Last day of its expenditure, or None.
        measures: Numeric `x_…` columns that limits may weigh by: (name, value), sorted.
        starts_on: First day of its expenditure, or None.
        cofinance: Confirmed co-finance if the whole ask is awarded, minor units; a part of the ask mobilises that part.
        years: What of the ask is spent in each year: (year, minor units above zero), ascending, summing to the ask; an
            award is spent in the same proportions. Empty when the years are not told apart.
    """

    subject: Subject
    ask: int
    minimum: int
    merit: Fraction
    ends_on: date | None = None
    measures: tuple[tuple[str, Fraction], ...] = ()
    starts_on: date | None = None
    cofinance: int = 0
    years: tuple[tuple[int, int], ...] = ()

    @property
    def request_id(self) -> str:
        """Return the request's id."""
        return self.subject.request


@dataclass(frozen=True, slots=True)
class Override:
    """A manager's recorded decision on one request, which the engine must keep.

    Attributes:
        request_id: A request of the round.
        least: The least that it is awarded, minor units; 0 when it may stay unfunded.
        most: The most that it may be awarded, minor units; 0 refuses it.
        by: Who decided.
        reason: Why.
    """

    request_id: str
    least: int
    most: int
    by: str
    reason: str

    @property
    def name(self) -> str:
        """Return what limits, conflicts and explanations call it."""
        return f"override of {self.request_id} by {self.by}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One frozen round, sorted by id when it is made.

    Attributes:
        round_id: The round's id.
        currency: ISO 4217 code in which every amount is counted.
        on: The round's date: country groups and use-by dates are read on it.
        places: Countries and their groups as they are on that date.
        contributions: Sorted by id, ids unique.
        requests: Sorted by id, ids unique.
        policy: The rules, sorted by name when the problem is made: their order means nothing.
        funded_before: Requests named by the policy that earlier rounds have funded, none of them in this round; sorted.
            Exclusive groups and prerequisites count them as funded. Ids are compared as terms compare them.
        overrides: At most one for each request, sorted by request.
    """

    round_id: str
    currency: str
    on: date
    places: Places
    contributions: tuple[Contribution, ...]
    requests: tuple[Request, ...]
    policy: Policy
    funded_before: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        """Sort by id and refuse what no round can mean."""
        object.__setattr__(self, "contributions", tuple(sorted(self.contributions, key=lambda c: c.contribution_id)))
        object.__setattr__(self, "requests", tuple(sorted(self.requests, key=lambda r: r.request_id)))
        object.__setattr__(self, "policy", self.policy.sorted())
        _refuse_repeated([c.contribution_id for c in self.contributions], "contribution")
        _refuse_repeated([r.request_id for r in self.requests], "request")
        object.__setattr__(self, "funded_before", tuple(sorted(set(self.funded_before))))
        object.__setattr__(self, "overrides", tuple(sorted(self.overrides, key=lambda o: o.request_id)))
        _refuse_odd_overrides(self)
        _refuse_funded_again(self)
        for contribution in self.contributions:
            if contribution.available < 0:
                raise ProblemInvalid(
                    f"contribution {contribution.contribution_id} has {contribution.available} minor units available",
                    remedy="leave a contribution in deficit out of the round",
                )
        for request in self.requests:
            if not 0 <= request.minimum <= request.ask or request.ask == 0:
                raise ProblemInvalid(
                    f"request {request.request_id} asks {request.ask} with a minimum of {request.minimum} minor units",
                    remedy="give an ask above zero and a minimum between zero and the ask",
                )
            _refuse_odd_years(request)

    @property
    def resources(self) -> int:
        """Return R: everything available over the round's contributions, before the reserve, in minor units."""
        return sum(contribution.available for contribution in self.contributions)

    def inputs_digest(self, *, rules_as_written: bool = False) -> str:
        """Return the SHA-256 of everything the decision may depend on, the same for any order of rows and rules.

        Args:
            rules_as_written: Count the policy's rules in the order of its file, as the first decisions did;
                what they stand on is found unaltered by this.
        """
        text = json.dumps(_canonical(self, rules_as_written), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _refuse_repeated(ids: list[str], noun: str) -> None:
    for first, second in pairwise(ids):
        if first == second:
            raise ProblemInvalid(f"{noun} {first} stands twice in the round", remedy=f"keep one row for {noun} {first}")


def _refuse_funded_again(problem: Problem) -> None:
    before = {folded(request) for request in problem.funded_before}
    again = [request.request_id for request in problem.requests if folded(request.request_id) in before]
    if again:
        raise ProblemInvalid(
            f"request {again[0]} stands in the round and was funded before",
            remedy="leave a request that an earlier round has funded out of the round",
        )


def _refuse_odd_overrides(problem: Problem) -> None:
    _refuse_repeated([override.request_id for override in problem.overrides], "the override of request")
    asks = {request.request_id: request.ask for request in problem.requests}
    for override in problem.overrides:
        if override.request_id not in asks:
            raise ProblemInvalid(
                f"an override names request {override.request_id}, which is not in the round",
                remedy="name a request of the round",
            )
        if not 0 <= override.least <= override.most <= asks[override.request_id]:
            raise ProblemInvalid(
                f"{override.name} wants between {override.least} and {override.most} minor units, and the request asks "
                f"{asks[override.request_id]}",
                remedy="give amounts between zero and the ask, the least first",
            )


def _refuse_odd_years(request: Request) -> None:
    years = [year for year, _ in request.years]
    if years != sorted(set(years)) or any(amount <= 0 for _, amount in request.years):
        raise ProblemInvalid(
            f"request {request.request_id} has years that repeat, are out of order or come to nothing",
            remedy="give each year once, ascending, with an amount above zero",
        )
    if request.years and sum(amount for _, amount in request.years) != request.ask:
        raise ProblemInvalid(
            f"the years of request {request.request_id} come to {sum(a for _, a in request.years)} minor units, and it "
            f"asks {request.ask}",
            remedy="let the years add up to the ask",
        )


def _canonical(problem: Problem, rules_as_written: bool) -> Mapping[str, Any]:
    """Return what the digest is of; a round without what came later to this form has the digest it always had."""
    policy = problem.policy
    countries = sorted({code for request in problem.requests for code in _codes(request.subject.country)})
    before = {"funded_before": problem.funded_before} if problem.funded_before else {}
    spans = [
        [c.contribution_id, str(c.spend_from), str(c.spend_to)]
        for c in problem.contributions
        if c.spend_from is not None or c.spend_to is not None
    ]
    more = [
        [r.request_id, str(r.starts_on), r.cofinance, r.years]
        for r in problem.requests
        if r.starts_on is not None or r.cofinance or r.years
    ]
    overrides = [[o.request_id, o.least, o.most, o.by, o.reason] for o in problem.overrides]
    later = {"spans": spans, "more": more, "overrides": overrides}
    return {
        **before,
        **{key: rows for key, rows in later.items() if rows},
        "round": problem.round_id,
        "currency": problem.currency,
        "on": problem.on.isoformat(),
        "policy": policy.digest if rules_as_written else policy.rules_digest or policy.digest,
        "places": {code: sorted(problem.places.around(code)) for code in countries},
        "contributions": [
            [c.contribution_id, c.donor, c.available, str(c.earmark), str(c.use_by), c.country_cap, c.country_used]
            for c in problem.contributions
        ],
        "requests": [
            [_subject(r.subject), r.ask, r.minimum, str(r.merit), str(r.ends_on), [(n, str(v)) for n, v in r.measures]]
            for r in problem.requests
        ],
    }


def _codes(country: str) -> list[str]:
    return [part.partition(":")[0] for part in country.split("|") if part]


def _subject(subject: Subject) -> list[str]:
    return [f"{name}={getattr(subject, name)}" for name in Subject.__dataclass_fields__]
