"""The best decision of a tiny round by trying everything: what the engine is held against.

Independent on purpose: no model, no flow, no verifier. Awards are enumerated; limits are reckoned by splitting each
request into its countries; whether money reaches the awards is decided by Hall's condition over all sets of requests
or, where a contribution has a country cap, by trying every way to pay.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from allocation.policy import Bound, Limit
from allocation.problem import Contribution, Problem, Request
from ledgers.money import places
from ledgers.terms import Subject, admits, country_shares, matched_share

Parts = list[tuple[Limit, str, dict[str, Fraction]]]
"""Limit, name with its value, and the share of each request that counts."""


@dataclasses.dataclass(frozen=True)
class Best:
    """An optimum: its exact value and one way to reach it (request -> minor units)."""

    value: Fraction
    amounts: dict[str, int]


def optimum(problem: Problem) -> Best | None:
    """Return the best decision of a tiny round, or None when no decision keeps the policy."""
    parts = limit_parts(problem)
    for amounts in sorted(_choices(problem), key=_worth(problem), reverse=True):
        if keeps_policy(problem, amounts, parts) and is_payable(problem, amounts):
            return Best(objective(problem, amounts), amounts)
    return None


def _worth(problem: Problem) -> Callable[[dict[str, int]], int]:
    """Return what sorts awards by their value, in whole numbers for speed."""
    scale = math.lcm(*(r.merit.denominator for r in problem.requests))
    points = {r.request_id: int(r.merit * scale) for r in problem.requests}
    if problem.policy.objective == "score":
        return lambda amounts: sum(points[r] for r in amounts)
    return lambda amounts: sum(points[r] * a for r, a in amounts.items())


def possible_awards(request: Request, unit: int) -> list[int]:
    """Return every award a request may get, 0 among them."""
    partial = (n for n in range(unit, request.ask, unit) if n >= request.minimum)
    return [0, *partial, request.ask]


def objective(problem: Problem, amounts: dict[str, int]) -> Fraction:
    """Return the exact value of some awards."""
    merit = {r.request_id: r.merit for r in problem.requests}
    if problem.policy.objective == "score":
        return sum((merit[r] for r in amounts), Fraction(0))
    return sum((merit[r] * Fraction(a, 10 ** places(problem.currency)) for r, a in amounts.items()), Fraction(0))


def _choices(problem: Problem) -> Iterator[dict[str, int]]:
    options = [possible_awards(r, problem.policy.unit) for r in problem.requests]
    for awards in itertools.product(*options):
        if sum(awards) <= problem.resources:
            yield {r.request_id: a for r, a in zip(problem.requests, awards, strict=True) if a}


def keeps_policy(problem: Problem, amounts: dict[str, int], parts: Parts | None = None) -> bool:
    """Return whether awards keep the reserve, every limit, exclusive group and prerequisite."""
    return (
        _keeps_reserve(problem, amounts)
        and not broken_choices(problem, amounts)
        and not broken_limits(problem, amounts, parts)
    )


def broken_choices(problem: Problem, amounts: dict[str, int]) -> set[str]:
    """Return the names of exclusive groups and prerequisites that awards break, with what was funded before.

    What was funded before cannot break a rule by itself: only an award can.
    """
    now, before = {r.lower() for r in amounts}, {r.lower() for r in problem.funded_before}
    broken = set()
    for group in problem.policy.exclusives:
        members = [r.lower() for r in group.requests]
        awarded = sum(r in now for r in members)
        if awarded > 1 or (awarded == 1 and any(r in before for r in members)):
            broken.add(group.name)
    for rule in problem.policy.requires:
        if rule.request.lower() in now and not {rule.needs.lower()} & (now | before):
            broken.add(rule.name)
    return broken


def _keeps_reserve(problem: Problem, amounts: dict[str, int]) -> bool:
    reserve = problem.policy.reserve
    if reserve is None:
        return True
    kept = reserve.value if reserve.kind == "amount" else reserve.value * problem.resources
    return sum(amounts.values()) <= problem.resources - math.ceil(kept)


def broken_limits(problem: Problem, amounts: dict[str, int], parts: Parts | None = None) -> set[tuple[str, str]]:
    """Return (name of the limit with its value, side) of every limit that awards break."""
    return {
        (name, side)
        for limit, name, shares in parts or limit_parts(problem)
        for side in _broken_sides(limit, shares, problem, amounts)
    }


def limit_parts(problem: Problem) -> Parts:
    """Return each group of each limit with its name and what share of each request counts in it."""
    return [(limit, name, shares) for limit in problem.policy.limits for name, shares in _parts(limit, problem)]


def _parts(limit: Limit, problem: Problem) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """Yield each group of a limit with what share of each request counts in it."""
    if limit.each is None:
        yield (
            limit.name,
            {r.request_id: sum((s for _, s in _pieces(limit, r, problem)), Fraction(0)) for r in problem.requests},
        )
        return
    grouped: dict[str, dict[str, Fraction]] = {}
    for request in problem.requests:
        for piece, share in _pieces(limit, request, problem):
            value = _value(limit, piece, problem)
            if value and share:
                group = grouped.setdefault(value, {})
                group[request.request_id] = group.get(request.request_id, Fraction(0)) + share
    yield from ((f"{limit.name}: {value}", shares) for value, shares in grouped.items())


def _pieces(limit: Limit, request: Request, problem: Problem) -> Iterator[tuple[Subject, Fraction]]:
    """Yield the request as if it were one request for each of its countries, with the share that the limit counts."""
    by_country = country_shares(request.subject.country)
    for country, share in by_country or ((request.subject.country, Fraction(1)),):
        piece = dataclasses.replace(request.subject, country=country)
        yield piece, share * matched_share(limit.select, piece, problem.places)


def _value(limit: Limit, piece: Subject, problem: Problem) -> str:
    if limit.each in ("country", "region"):
        countries = [country for country, _ in country_shares(piece.country)]
        if not countries:
            return ""
        return countries[0] if limit.each == "country" else problem.places.region_of(countries[0])
    return {"applicant": piece.applicant, "window": piece.window, "applicant_kind": piece.applicant_kind}[
        str(limit.each)
    ]


def _broken_sides(
    limit: Limit, shares: dict[str, Fraction], problem: Problem, amounts: dict[str, int]
) -> Iterator[str]:
    number = sum(1 for request in amounts if shares.get(request, 0))
    if limit.weigh is None:
        total = sum((shares.get(r, Fraction(0)) * a for r, a in amounts.items()), Fraction(0))
    else:
        x = {r.request_id: dict(r.measures).get(limit.weigh, Fraction(0)) for r in problem.requests}
        total = sum((shares.get(r, Fraction(0)) * x[r] for r in amounts), Fraction(0))

    def figure(bound: Bound) -> Fraction:
        whole = {"amount": 1, "share_of_awarded": sum(amounts.values()), "share_of_resources": problem.resources}
        return bound.value * whole[bound.kind]

    if limit.at_least is not None and total < figure(limit.at_least):
        yield "at_least"
    if limit.at_most is not None and total > figure(limit.at_most):
        yield "at_most"
    if limit.count_at_least is not None and number < limit.count_at_least:
        yield "count_at_least"
    if limit.count_at_most is not None and number > limit.count_at_most:
        yield "count_at_most"


def may_pay(contribution: Contribution, request: Request, problem: Problem) -> bool:
    """Return whether a contribution's terms and use-by let it pay a request."""
    spent_by = request.ends_on if request.ends_on is not None else problem.on
    in_time = contribution.use_by is None or spent_by <= contribution.use_by
    return in_time and admits(contribution.earmark, request.subject, problem.places)


def is_payable(problem: Problem, amounts: dict[str, int]) -> bool:
    """Return whether the round's money can pay the awards."""
    if any(c.country_cap is not None for c in problem.contributions):
        return payments_by_trying(problem, amounts) is not None
    requests = [r for r in problem.requests if r.request_id in amounts]
    payers = {
        r.request_id: {c.contribution_id for c in problem.contributions if may_pay(c, r, problem)} for r in requests
    }
    available = {c.contribution_id: c.available for c in problem.contributions}
    for size in range(1, len(requests) + 1):
        for some in itertools.combinations(requests, size):
            reach = set().union(*(payers[r.request_id] for r in some))
            if sum(amounts[r.request_id] for r in some) > sum(available[c] for c in reach):
                return False
    return True


def payments_by_trying(problem: Problem, amounts: dict[str, int]) -> dict[str, dict[str, int]] | None:
    """Return one way to pay the awards (request -> contribution -> minor units), or None when there is none."""
    requests = [r for r in problem.requests if r.request_id in amounts]
    return _Payer(problem, requests, amounts).pay(0, 0, {})


class _Payer:
    """Pays request after request in every possible way; states that failed are not tried again."""

    def __init__(self, problem: Problem, requests: list[Request], amounts: dict[str, int]) -> None:
        self.requests, self.contributions, self.amounts = requests, problem.contributions, amounts
        self.allowed = [[may_pay(c, r, problem) for c in self.contributions] for r in requests]
        self.countries = [dict(country_shares(r.subject.country)) for r in requests]
        self.left = [c.available for c in self.contributions]
        self.room = [
            {k: Fraction(c.country_cap - dict(c.country_used).get(k, 0)) for shares in self.countries for k in shares}
            if c.country_cap is not None
            else {}
            for c in self.contributions
        ]
        self.failed: set[object] = set()

    def pay(self, n: int, payer: int, paid: dict[str, int]) -> dict[str, dict[str, int]] | None:
        """Pay request n on from contribution `payer`, of which `paid` is done; None when the rest cannot be paid."""
        if n == len(self.requests):
            return {}
        due = self.amounts[self.requests[n].request_id] - sum(paid.values())
        if due == 0:
            rest = self.pay(n + 1, 0, {})
            return None if rest is None else {self.requests[n].request_id: paid, **rest}
        state = (n, payer, due, tuple(self.left), tuple(tuple(room.items()) for room in self.room))
        if payer == len(self.contributions) or state in self.failed:
            return None
        for part in range(min(due, self.left[payer]) if self.allowed[n][payer] else 0, -1, -1):
            if self._take(n, payer, part):
                found = self.pay(
                    n, payer + 1, {**paid, self.contributions[payer].contribution_id: part} if part else paid
                )
                self._take(n, payer, -part)
                if found is not None:
                    return found
        self.failed.add(state)
        return None

    def _take(self, n: int, payer: int, part: int) -> bool:
        """Use a contribution's money and room, or give it back when negative; False, with nothing used, when over."""
        room = self.room[payer]
        after = {k: room[k] - share * part for k, share in self.countries[n].items() if k in room}
        if part > 0 and any(left < 0 for left in after.values()):
            return False
        room.update(after)
        self.left[payer] -= part
        return True
