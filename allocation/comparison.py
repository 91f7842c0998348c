"""Decisions side by side: awards gained and lost, and the same money by window, region, donor, earmark and limit.

A comparison is of two or more decisions on one round or on scenarios of it; the first is what the others are held
against. Everything is in whole minor units, and every table sums to what its decision awards or leaves: nothing is
rounded, and nothing but the problems and the decisions is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from allocation.decision import Decision, LimitOutcome
from allocation.problem import Problem, Request
from ledgers.errors import FacilityError
from ledgers.money import places, split
from ledgers.terms import Terms, place_shares, spoken

Change = Literal["gained", "lost", "raised", "cut", "same", "never"]
UNEARMARKED = "unearmarked"
GLOBAL = "global"
NO_WINDOW = "no window"


class ComparisonInvalid(FacilityError):
    """Decisions that cannot stand side by side."""

    code = "comparison-invalid"


@dataclass(frozen=True, slots=True)
class Side:
    """One decision of a comparison, with the problem that it answers.

    Attributes:
        name: What readers call it; unique in the comparison.
        problem: The round, or a scenario of it.
        decision: Its decision; one that is infeasible awards nothing.
    """

    name: str
    problem: Problem
    decision: Decision

    @property
    def awards(self) -> dict[str, int]:
        """Return what each request is awarded, minor units, above zero."""
        return {award.request_id: award.amount for award in self.decision.awards}


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One request with what each side awards it.

    Attributes:
        request_id: Whose.
        asked: What it asks on each side, minor units; None where it is not in the round.
        awarded: Minor units on each side.
        changes: What became of its award on each side after the first, against the first.
    """

    request_id: str
    asked: tuple[int | None, ...]
    awarded: tuple[int, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Amounts:
    """One window, region or donor with its money on each side, minor units."""

    name: str
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EarmarkRow:
    """Money under one earmark: what there is and what no award uses, minor units on each side."""

    earmark: str
    available: tuple[int, ...]
    unspent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One side of one limit and how it comes out in each decision; None where the policy has no such limit."""

    name: str
    side: str
    outcomes: tuple[LimitOutcome | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or more decisions side by side.

    Attributes:
        sides: In the order given; the first is what the others are held against.
        awards: Every request of any side, sorted by id.
        windows: Awards by window, in order of name; each side sums to what it awards.
        regions: Awards by M49 sub-region, those of several countries split by their shares (largest remainder);
            regional requests under their own region, the others under `global`; each side sums to what it awards.
        donors: Payments by donor; each side sums to what it awards.
        earmarks: In order of text; available less unspent sums to what each side awards.
        limits: Every limit that binds or stands on some side, in the first policy's order, then the next's.
    """

    sides: tuple[Side, ...]
    awards: tuple[AwardRow, ...]
    windows: tuple[Amounts, ...]
    regions: tuple[Amounts, ...]
    donors: tuple[Amounts, ...]
    earmarks: tuple[EarmarkRow, ...]
    limits: tuple[LimitRow, ...]

    def changed(self, side: int, *changes: Change) -> list[AwardRow]:
        """Return the requests whose award changed in one of these ways on a side after the first (1, 2, ...)."""
        return [row for row in self.awards if row.changes[side - 1] in changes]


def compare(sides: Sequence[Side]) -> Comparison:
    """Return decisions side by side.

    Raises:
        ComparisonInvalid: fewer than two, two of one name, or of different currencies.
    """
    _refuse_unlike(sides)
    return Comparison(
        sides=tuple(sides),
        awards=_awards(sides),
        windows=_sums(sides, _by_window),
        regions=_sums(sides, _by_region),
        donors=_sums(sides, _by_donor),
        earmarks=_earmarks(sides),
        limits=_limits(sides),
    )


def change_of(before: int, after: int) -> Change:
    """Return what became of an award, minor units before and after.

    >>> change_of(0, 5), change_of(5, 0), change_of(5, 6), change_of(6, 5), change_of(5, 5), change_of(0, 0)
    ('gained', 'lost', 'raised', 'cut', 'same', 'never')
    """
    if before == after:
        return "same" if before else "never"
    if not before or not after:
        return "gained" if after else "lost"
    return "raised" if after > before else "cut"


def _refuse_unlike(sides: Sequence[Side]) -> None:
    if len(sides) < 2:
        raise ComparisonInvalid(
            f"{len(sides)} decision cannot be compared", remedy="name two decisions or scenarios, or more"
        )
    names = [side.name for side in sides]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ComparisonInvalid(f'two sides are called "{twice[0]}"', remedy="leave one out, or rename a scenario")
    currencies = sorted({side.problem.currency for side in sides})
    if len(currencies) > 1:
        raise ComparisonInvalid(f"the sides count in {' and '.join(currencies)}", remedy="compare within one round")


def _awards(sides: Sequence[Side]) -> tuple[AwardRow, ...]:
    awards = [side.awards for side in sides]
    asks = [{request.request_id: request.ask for request in side.problem.requests} for side in sides]
    rows = []
    for request_id in sorted({request_id for asked in asks for request_id in asked}):
        awarded = tuple(each.get(request_id, 0) for each in awards)
        changes = tuple(change_of(awarded[0], later) for later in awarded[1:])
        rows.append(AwardRow(request_id, tuple(asked.get(request_id) for asked in asks), awarded, changes))
    return tuple(rows)


def _sums(sides: Sequence[Side], parts: Callable[[Side], Iterable[tuple[str, int]]]) -> tuple[Amounts, ...]:
    """Return the sums of (name, minor units) parts by name, a column for each side."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(sides))
    for position, side in enumerate(sides):
        for name, amount in parts(side):
            found[name][position] += amount
    return tuple(Amounts(name, tuple(found[name])) for name in sorted(found))


def _by_window(side: Side) -> Iterable[tuple[str, int]]:
    requests = _requests(side)
    return ((requests[r].subject.window or NO_WINDOW, amount) for r, amount in side.awards.items())


def _by_region(side: Side) -> Iterable[tuple[str, int]]:
    requests, known = _requests(side), side.problem.places
    for request_id, amount in side.awards.items():
        shares = place_shares(requests[request_id].subject.country)
        scale = lcm(*(share.denominator for _, share in shares))
        parts = split(amount, [int(share * scale) for _, share in shares]) if shares else [amount]
        names = [known.region_of(p) if known.is_country(p) else p for p, _ in shares] or [GLOBAL]
        yield from zip(names, parts, strict=True)


def _by_donor(side: Side) -> Iterable[tuple[str, int]]:
    donors = {c.contribution_id: c.donor for c in side.problem.contributions}
    return ((donors[p.contribution_id], p.amount) for award in side.decision.awards for p in award.payments)


def _requests(side: Side) -> Mapping[str, Request]:
    return {request.request_id: request for request in side.problem.requests}


def _earmarks(sides: Sequence[Side]) -> tuple[EarmarkRow, ...]:
    available = _sums(sides, lambda side: ((_earmark(c.earmark), c.available) for c in side.problem.contributions))
    paid = {row.name: row.amounts for row in _sums(sides, _by_earmark)}
    nothing = (0,) * len(sides)
    return tuple(
        EarmarkRow(
            row.name, row.amounts, tuple(a - p for a, p in zip(row.amounts, paid.get(row.name, nothing), strict=True))
        )
        for row in available
    )


def _by_earmark(side: Side) -> Iterable[tuple[str, int]]:
    earmarks = {c.contribution_id: _earmark(c.earmark) for c in side.problem.contributions}
    return ((earmarks[p.contribution_id], p.amount) for award in side.decision.awards for p in award.payments)


def _earmark(terms: Terms) -> str:
    return UNEARMARKED if terms.is_empty else spoken(terms)


def _limits(sides: Sequence[Side]) -> tuple[LimitRow, ...]:
    outcomes = [{(limit.name, limit.side): limit for limit in side.decision.limits} for side in sides]
    keys = dict.fromkeys(key for each in outcomes for key in each)
    return tuple(LimitRow(*key, tuple(each.get(key) for each in outcomes)) for key in keys)


def value_of(side: Side, problem: Problem) -> Fraction:
    """Return what a side's awards are worth by the merit of another problem: the same yardstick for all.

    Requests that the other problem does not hold are worth nothing there; the unit is that of its first objective.
    """
    merit = {request.request_id: request.merit for request in problem.requests}
    if problem.policy.objective == "score":
        return sum((merit.get(request, Fraction(0)) for request in side.awards), Fraction(0))
    scale = 10 ** places(problem.currency)
    return sum((merit.get(r, Fraction(0)) * Fraction(amount, scale) for r, amount in side.awards.items()), Fraction(0))
