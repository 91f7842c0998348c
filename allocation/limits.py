"""The policy's limits as linear rows with whole coefficients over awards, choices and the sum of all awards.

A row says `sum(amounts * award) + sum(choices * funded) + total * sum of all awards <= at_most`, exactly: shares and
measures are multiplied out to integers, and floors are written with opposite signs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar, cast

from allocation.classes import AwardRange, Eligibility
from allocation.decision import LimitOutcome
from allocation.policy import Bound, Each, Limit
from allocation.problem import Problem
from ledgers.terms import Terms, folded

_Weight = TypeVar("_Weight", int, Fraction)

RESERVE = "reserve"
"""Name under which the reserve stands in a conflict."""


@dataclass(frozen=True, slots=True)
class Row:
    """One linear rule; requests are meant by their position in the problem.

    Attributes:
        name: Of the limit, group or reserve that says so.
        at_most: Right-hand side.
        amounts: Coefficient of each award (minor units).
        choices: Coefficient of each choice (1 when funded, else 0).
        total: Coefficient of the sum of all awards.
        scale: By how much a minor unit of money more moves the right-hand side, where the row says what money reaches.
    """

    name: str
    at_most: int
    amounts: Mapping[int, int] = field(default_factory=dict, hash=False)
    choices: Mapping[int, int] = field(default_factory=dict, hash=False)
    total: int = 0
    scale: int = 1

    def slack(self, awards: Mapping[int, int], awarded: int | None = None) -> int:
        """Return how far awards (minor units, those above zero) stay from breaking the row; negative when broken.

        Args:
            awards: By request.
            awarded: Their sum, where it is known already.
        """
        reached = 0
        if self.total:
            reached = self.total * (sum(awards.values()) if awarded is None else awarded)
        reached += sum(coefficient * award for coefficient, award in _meeting(self.amounts, awards))
        reached += sum(coefficient for coefficient, _ in _meeting(self.choices, awards))
        return self.at_most - reached

    def is_idle(self, ranges: Sequence[AwardRange]) -> bool:
        """Return whether no awards at all could break the row."""
        reach = sum(ranges[r].ask * c for r, c in self.amounts.items() if c > 0)
        reach += sum(c for c in self.choices.values() if c > 0)
        return self.total <= 0 and reach <= self.at_most


def _meeting(weights: Mapping[int, _Weight], awards: Mapping[int, int]) -> Iterator[tuple[_Weight, int]]:
    """Yield weight and award of every request that has both, walking the shorter of the two."""
    if len(weights) < len(awards):
        return ((weight, awards[r]) for r, weight in weights.items() if r in awards)
    return ((weights[r], award) for r, award in awards.items() if r in weights)


@dataclass(frozen=True, slots=True)
class WholeRow:
    """`sum(terms * values) <= at_most` over whole variables."""

    terms: Mapping[int, int] = field(hash=False)
    at_most: int

    def excess(self, values: Sequence[int]) -> int:
        """Return by how much values break the row; zero or less when they keep it."""
        return sum(coefficient * values[variable] for variable, coefficient in self.terms.items()) - self.at_most


@dataclass(frozen=True, slots=True)
class Side:
    """One side of one limit, over one group of requests.

    Attributes:
        name: The limit's name; for `each`, with the value behind a colon.
        side: `at_least`, `at_most`, `count_at_least` or `count_at_most`.
        unit: `money`, `count`, or a measure's name.
        weights: What a request counts: per unit of its award for money, else when funded.
        bound: Minor units, awards or units of the measure; for a share of what is awarded, the share.
        of_awarded: Whether `bound` is a share of what the round awards.
    """

    name: str
    side: str
    unit: str
    weights: Mapping[int, Fraction] = field(hash=False)
    bound: Fraction
    of_awarded: bool = False

    def row(self) -> Row:
        """Return the side as a row."""
        scale = math.lcm(self.bound.denominator, *(weight.denominator for weight in self.weights.values()))
        sign = -1 if self.side.endswith("at_least") else 1
        weights = {request: int(weight * scale) * sign for request, weight in self.weights.items()}
        bound = int(self.bound * scale) * sign
        return Row(
            self.name,
            at_most=0 if self.of_awarded else bound,
            amounts=weights if self.unit == "money" else {},
            choices=weights if self.unit != "money" else {},
            total=-bound if self.of_awarded else 0,
        )

    def outcome(self, awards: Mapping[int, int], unit: int) -> LimitOutcome:
        """Return how the side came out under awards (minor units, those above zero) of a policy with this unit."""
        funded = _meeting(self.weights, awards)
        reached = (weight * award if self.unit == "money" else weight for weight, award in funded)
        actual = sum(reached, start=Fraction(0))
        bound = self.bound * sum(awards.values()) if self.of_awarded else self.bound
        slack = abs(bound - actual)
        step = Fraction(unit if self.unit == "money" else 1) * (1 - self.bound if self.of_awarded else 1)
        return LimitOutcome(self.name, self.side, bound, actual, self.unit, slack == 0 or slack < step)


def sides(problem: Problem, eligibility: Eligibility) -> list[Side]:
    """Return every side of every limit, by its name, groups of `each` by value."""
    found: list[Side] = []
    for limit in problem.policy.limits:
        for name, shares in _groups(limit, problem, eligibility):
            found += _sides_of(limit, name, shares, problem)
    return found


def rows(problem: Problem, found: Sequence[Side]) -> list[Row]:
    """Return the sides, groups, prerequisites and reserve of a policy as rows."""
    policy = problem.policy
    made = [side.row() for side in found]
    made += _choice_rows(problem)
    made += _override_rows(problem)
    if policy.reserve is not None:
        made.append(Row(RESERVE, problem.resources - math.ceil(_amount(policy.reserve, problem)), total=1))
    return made


def _choice_rows(problem: Problem) -> Iterator[Row]:
    """Yield exclusive groups and prerequisites; what earlier rounds funded moves the right-hand sides."""
    number = {folded(request.request_id): position for position, request in enumerate(problem.requests)}
    before = {folded(request) for request in problem.funded_before}
    for group in problem.policy.exclusives:
        members = [folded(request) for request in group.requests]
        left = 1 if before.isdisjoint(members) else 0
        yield Row(group.name, left, choices={number[r]: 1 for r in members if r in number})
    for rule in problem.policy.requires:
        request, needs = folded(rule.request), folded(rule.needs)
        if request in number and needs not in before:
            needed = {number[needs]: -1} if needs in number else {}
            yield Row(rule.name, 0, choices={number[request]: 1, **needed})


def _override_rows(problem: Problem) -> Iterator[Row]:
    """Yield what managers decided on single requests: a least award above zero, or a most below the ask."""
    number = {request.request_id: position for position, request in enumerate(problem.requests)}
    for override in problem.overrides:
        r = number[override.request_id]
        if override.least > 0:
            yield Row(override.name, -1, choices={r: -1})
            yield Row(override.name, -override.least, amounts={r: -1})
        if override.most == 0:
            yield Row(override.name, 0, choices={r: 1})
        if override.most < problem.requests[r].ask:
            yield Row(override.name, override.most, amounts={r: 1})


def each_shares(problem: Problem, each: str) -> Iterator[tuple[str, Mapping[int, Fraction]]]:
    """Yield each value of an attribute among a round's requests, with the share of each request that counts there."""
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    named = Limit("", Terms(), each=cast(Each, each))
    yield from ((name.removeprefix(": "), shares) for name, shares in _groups(named, problem, eligibility))


def _groups(limit: Limit, problem: Problem, eligibility: Eligibility) -> Iterator[tuple[str, Mapping[int, Fraction]]]:
    if limit.each is None:
        yield limit.name, eligibility.shares(limit.select)
        return
    by_value: dict[str, dict[int, Fraction]] = {}
    selected = eligibility.shares(limit.select)
    if limit.each in ("country", "region"):
        by_value = _by_place(limit, problem, eligibility, selected)
    else:
        for position, share in selected.items():
            value = str(getattr(problem.requests[position].subject, limit.each) or "")
            if value:
                by_value.setdefault(value, {})[position] = share
    for value in sorted(by_value):
        yield f"{limit.name}: {value}", by_value[value]


def _by_place(
    limit: Limit, problem: Problem, eligibility: Eligibility, selected: Mapping[int, Fraction]
) -> dict[str, dict[int, Fraction]]:
    """Return the selected requests by country or region, with the share of each that counts there."""
    by_value: dict[str, dict[int, Fraction]] = {}
    for position, by_country in eligibility.shares_by_country(limit.select, selected).items():
        for country, share in by_country.items():
            value = country if limit.each == "country" else problem.places.region_of(country)
            group = by_value.setdefault(value, {})
            group[position] = group.get(position, Fraction(0)) + share
    return by_value


def _sides_of(limit: Limit, name: str, shares: Mapping[int, Fraction], problem: Problem) -> Iterator[Side]:
    weights = shares
    if limit.weigh is not None:
        measures = {position: dict(problem.requests[position].measures).get(limit.weigh) for position in shares}
        weights = {p: share * (measures[p] or Fraction(0)) for p, share in shares.items()}
    for side, bound in (("at_least", limit.at_least), ("at_most", limit.at_most)):
        if bound is not None:
            of_awarded = bound.kind == "share_of_awarded"
            figure = bound.value if of_awarded else _amount(bound, problem)
            yield Side(name, side, limit.weigh or "money", weights, figure, of_awarded)
    for side, count in (("count_at_least", limit.count_at_least), ("count_at_most", limit.count_at_most)):
        if count is not None:
            yield Side(name, side, "count", dict.fromkeys(shares, Fraction(1)), Fraction(count))


def _amount(bound: Bound, problem: Problem) -> Fraction:
    return bound.value if bound.kind == "amount" else bound.value * problem.resources
