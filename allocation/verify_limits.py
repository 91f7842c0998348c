"""The policy's limits, reckoned again from the frozen round: whom each one counts, what it allows, what is reached.

Shares are exact rationals and amounts whole minor units. A request counts in a limit by the share of its countries
that the limit's `select` matches; in a count of awards it counts whole as soon as any of it matches. Nothing here is
known to the model, and nothing of the model is known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from allocation.policy import Bound, Limit
from allocation.problem import Problem, Request
from ledgers.terms import Part, Terms, country_shares, matched_share


@dataclass(frozen=True, slots=True)
class Group:
    """One limit over the requests that it counts; a limit with `each` makes one group for each value.

    Attributes:
        limit: As the policy states it.
        name: The limit's name; for `each`, with the value behind a colon.
        shares: How much of each request counts, above zero, by request.
    """

    limit: Limit
    name: str
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a limit looks at, summed over some awards.

    Attributes:
        counted: Σ share × award over the group, minor units; in a weighed limit Σ share × measure of what is funded.
        number: Funded requests of the group.
        awarded: Σ of all awards of the round, minor units.
    """

    counted: Fraction
    number: int
    awarded: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How one side of one group stands.

    Attributes:
        name: The group's name.
        side: `at_least`, `at_most`, `count_at_least` or `count_at_most`.
        bound: What the side allows, in `unit`.
        actual: What the awards reach, in `unit`.
        unit: `money` (minor units), `count`, or the measure's name.
    """

    name: str
    side: str
    bound: Fraction
    actual: Fraction
    unit: str

    @property
    def holds(self) -> bool:
        """Return whether the side is kept."""
        return self.actual >= self.bound if self.side.endswith("at_least") else self.actual <= self.bound


def groups(problem: Problem) -> tuple[Group, ...]:
    """Return every group of every limit, by its limit's name and then by value."""
    return tuple(group for limit in problem.policy.limits for group in _groups_of(limit, problem))


def _groups_of(limit: Limit, problem: Problem) -> Iterator[Group]:
    if limit.each is None:
        yield Group(limit, limit.name, _whole_shares(limit.select, problem))
        return
    by_value: dict[str, dict[str, Fraction]] = {}
    for request in problem.requests:
        for value, share in _valued_shares(limit, request, problem):
            counted = by_value.setdefault(value, {})
            counted[request.request_id] = counted.get(request.request_id, Fraction(0)) + share
    for value in sorted(by_value):
        yield Group(limit, f"{limit.name}: {value}", by_value[value])


def _whole_shares(select: Terms, problem: Problem) -> dict[str, Fraction]:
    shares = {r.request_id: matched_share(select, r.subject, problem.places) for r in problem.requests}
    return {request: share for request, share in shares.items() if share > 0}


def _valued_shares(limit: Limit, request: Request, problem: Problem) -> Iterator[tuple[str, Fraction]]:
    """Yield each value of the limit's attribute that a request has, with the share of it that counts there."""
    if limit.each in ("country", "region"):
        for country, _ in country_shares(request.subject.country):
            there = Terms((*limit.select.parts, Part("country", "=", (country,))))
            share = matched_share(there, request.subject, problem.places)
            if share > 0:
                yield country if limit.each == "country" else problem.places.region_of(country), share
        return
    value = str(getattr(request.subject, str(limit.each)) or "")
    share = matched_share(limit.select, request.subject, problem.places)
    if value and share > 0:
        yield value, share


def totals(group: Group, problem: Problem, amounts: Mapping[str, int]) -> Totals:
    """Return what a group's limit looks at when requests get `amounts` (minor units, only those above zero)."""
    measures = {r.request_id: dict(r.measures) for r in problem.requests} if group.limit.weigh else {}
    counted = Fraction(0)
    for request, share in group.shares.items():
        if request in amounts:
            counted += share * weight_of(group.limit, measures.get(request, {}), amounts[request])
    number = sum(1 for request in group.shares if request in amounts)
    return Totals(counted, number, sum(amounts.values()))


def weight_of(limit: Limit, measures: Mapping[str, Fraction], amount: int) -> Fraction:
    """Return what a funded request weighs in a limit: its award, or its measure (0 when it has none)."""
    return Fraction(amount) if limit.weigh is None else measures.get(limit.weigh, Fraction(0))


def standings(group: Group, reached: Totals, resources: int) -> list[Standing]:
    """Return how each side of a group stands at given totals, in the order of a limit's attributes."""
    limit, unit = group.limit, group.limit.weigh or "money"
    found = [
        Standing(group.name, side, bound_value(bound, reached.awarded, resources), reached.counted, unit)
        for side, bound in (("at_least", limit.at_least), ("at_most", limit.at_most))
        if bound is not None
    ]
    found += [
        Standing(group.name, side, Fraction(count), Fraction(reached.number), "count")
        for side, count in (("count_at_least", limit.count_at_least), ("count_at_most", limit.count_at_most))
        if count is not None
    ]
    return found


def bound_value(bound: Bound, awarded: int, resources: int) -> Fraction:
    """Return what a bound comes to: minor units, or units of a measure."""
    if bound.kind == "share_of_awarded":
        return bound.value * awarded
    return bound.value * resources if bound.kind == "share_of_resources" else bound.value


def spendable(problem: Problem) -> int:
    """Return what the awards may sum to under the reserve: R − ⌈reserve⌉, minor units; below zero when nothing may."""
    reserve = problem.policy.reserve
    if reserve is None:
        return problem.resources
    kept = reserve.value if reserve.kind == "amount" else reserve.value * problem.resources
    return problem.resources + (-kept.numerator // kept.denominator)
