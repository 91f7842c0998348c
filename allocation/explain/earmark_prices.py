"""The price of earmarks: what a little more money under given terms is worth, and what one donor's terms cost.

Both are found by solving again. A price is the change of the relaxation's value when a step of money is added under the
terms (`more`) or taken from contributions that have them (`less`), for each unit of that step. The two differ where the
round is at a corner. More money is more resources, so what the policy reckons on resources moves with it.

What a donor's terms cost is an interval: the round is decided again with them lifted (dates and caps per country stay).
Awards found so are verified, and gain no more than the true cost; the bound of that search gains no less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.classes import Eligibility, Pools
from allocation.decision import Decision
from allocation.explain.new_money import resource_slopes
from allocation.explain.variants import searched, under
from allocation.explain.witness import witness
from allocation.hall import MONEY
from allocation.limits import Row
from allocation.prepared import Prepared, prepare
from allocation.problem import Contribution, Problem
from allocation.relaxation import Point, Relaxation
from ledgers.money import places
from ledgers.terms import Terms

_STEP_SHARE = 10_000
"""A step of money is this part of the round's resources, and at least one major unit."""


@dataclass(frozen=True, slots=True)
class Price:
    """What money under some terms is worth.

    Attributes:
        earmark: The terms, as text; empty for unearmarked money.
        contributions: How many contributions of the round have them.
        available: What these have together, minor units.
        more: What the next step adds to the objective, for each major unit.
        less: What the last step adds now, for each major unit; None when there is not as much.
        step: Minor units.
    """

    earmark: str
    contributions: int
    available: int
    more: Fraction
    less: Fraction | None
    step: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What one donor's terms cost the round.

    Attributes:
        donor: The donor.
        available: What it brought, minor units.
        earmarks: Its terms, as text, sorted.
        at_least: What awards that are known would gain with the terms lifted.
        at_most: What no awards would gain more than, or None when nothing is proven.
        decision: Those awards, verified under the lifted terms; None when none better were found.
    """

    donor: str
    available: int
    earmarks: tuple[str, ...]
    at_least: Fraction
    at_most: Fraction | None
    decision: Decision | None = None


def earmark_prices(round_: Prepared) -> Iterator[Price]:
    """Yield the price of unearmarked money, then of every earmark of the round, in order of their text."""
    problem = round_.problem
    relaxation = Relaxation(round_)
    now = relaxation.solve()
    step = max(10 ** places(problem.currency), problem.resources // _STEP_SHARE)
    major = Fraction(step, 10 ** places(problem.currency))
    texts = sorted({str(c.earmark) for c in problem.contributions} | {""})
    for text in texts:
        having = [c for c in problem.contributions if str(c.earmark) == text]
        terms = having[0].earmark if having else Terms(())
        more = _value(_with_more(problem, terms, step), relaxation.rows)
        fewer = _with_less(problem, having, step)
        less = None if fewer is None else _value(fewer, relaxation.rows)
        base = Fraction(now.value)
        yield Price(
            text,
            len(having),
            sum(c.available for c in having),
            max(Fraction(0), _tidy((more - base) / major)),
            None if less is None else max(Fraction(0), _tidy((base - less) / major)),
            step,
        )


def root_prices(round_: Prepared, relaxation: Relaxation, point: Point) -> tuple[tuple[str, Fraction], ...]:
    """Return for every earmark what the relaxation's multipliers say that a major unit under it is worth.

    Where the round is at a corner this is one of several values, between `less` and `more` of `earmark_prices`. It is
    of money that may be spent on any day.
    """
    problem = round_.problem
    multipliers = relaxation.rational(point)
    slopes = {id(row): slope for row, slope in zip(round_.rows, resource_slopes(round_), strict=True) if slope}
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    grown = sum((m * slopes.get(id(row), 0) for row, m in zip(relaxation.rows, multipliers, strict=True)), Fraction(0))
    halls = [(row, m) for row, m in zip(relaxation.rows, multipliers, strict=True) if m and row.name == MONEY]
    terms = {str(c.earmark): c.earmark for c in problem.contributions}
    found = []
    for text in sorted(terms):
        admitted = eligibility.row(terms[text])
        reached = sum((m * row.scale for row, m in halls if any(admitted[r] for r in row.amounts)), Fraction(0))
        found.append((text, max(Fraction(0), _tidy((reached + grown) * 10 ** places(problem.currency)))))
    return tuple(found)


def donors_with_terms(problem: Problem) -> list[str]:
    """Return the donors whose contributions have terms, sorted."""
    return sorted({c.donor for c in problem.contributions if c.earmark.parts})


def donor_costs(
    round_: Prepared, decision: Decision, *, donors: Iterable[str] | None = None, seconds: float = 5.0
) -> Iterator[Cost]:
    """Yield what the terms of each donor, or of some, cost the first objective; `seconds` is the time of each search.

    What later objectives gave up of it is no cost of any terms: the comparison is with what was reached before that.
    """
    problem = round_.problem
    rows = Relaxation(round_)
    rows.solve()
    for donor in donors_with_terms(problem) if donors is None else donors:
        own = [c for c in problem.contributions if c.donor == donor]
        lifted = prepare(without_terms(problem, donor))
        told = Cost(donor, sum(c.available for c in own), _texts(own), Fraction(0), None)
        bound = _bound(lifted, rows.rows)
        found = searched(under(lifted, []), seconds=seconds)
        bounds = [b for b in (bound, found.bound) if b is not None]
        gains = max(Fraction(0), min(bounds) - decision.reached) if bounds else None
        better = found.awards is not None and found.value > decision.reached
        shown = witness(lifted, found.awards, bound=min(bounds, default=None)) if better and found.awards else None
        least = Fraction(0) if shown is None else shown.objective - decision.reached
        yield replace(told, at_least=least, at_most=gains if gains is None else max(gains, least), decision=shown)


def without_terms(problem: Problem, donor: str) -> Problem:
    """Return the round with the terms of one donor's contributions lifted; dates and caps per country stay."""
    lifted = [replace(c, earmark=Terms(())) if c.donor == donor else c for c in problem.contributions]
    return replace(problem, contributions=tuple(lifted))


def _texts(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    return tuple(sorted({str(c.earmark) for c in contributions if c.earmark.parts}))


def _with_more(problem: Problem, terms: Terms, step: int) -> Problem:
    name = "more money"
    while any(c.contribution_id == name for c in problem.contributions):
        name += " again"
    return replace(problem, contributions=(*problem.contributions, Contribution(name, name, step, terms)))


def _with_less(problem: Problem, having: list[Contribution], step: int) -> Problem | None:
    """Return the round with a step less of the contributions that have some terms, the largest first."""
    if sum(c.available for c in having) < step:
        return None
    left, changed = step, {}
    for contribution in sorted(having, key=lambda c: (-c.available, c.contribution_id)):
        part = min(left, contribution.available)
        changed[contribution.contribution_id] = replace(contribution, available=contribution.available - part)
        left -= part
    return replace(problem, contributions=tuple(changed.get(c.contribution_id, c) for c in problem.contributions))


def _value(problem: Problem, rows: Iterable[Row]) -> Fraction:
    """Return the relaxation's value of a round near one whose Hall conditions are known."""
    return Fraction(_relaxed(prepare(problem), rows)[1].value)


def _bound(round_: Prepared, rows: Iterable[Row]) -> Fraction | None:
    relaxation, point = _relaxed(round_, rows)
    return relaxation.bound(point) if point.verdict == "solved" else None


def _relaxed(round_: Prepared, rows: Iterable[Row]) -> tuple[Relaxation, Point]:
    known = [] if round_.has_years else rows
    halls = [_hall_again(round_.pools, row) for row in known if row.name == MONEY]
    relaxation = Relaxation(round_, extra=halls)
    return relaxation, relaxation.solve()


def _hall_again(pools: Pools, row: Row) -> Row:
    """Return the Hall condition of the same requests under other money: what may reach any of them.

    Only for rounds that do not tell years apart: of a row over parts of awards it cannot be seen which they are.
    """
    countries: dict[int, set[str]] = {}
    room, open_ = 0, set()
    for number in {cell for r in row.amounts for cell in pools.cells_of.get(r, ())}:
        cell = pools.cells[number]
        for payer in cell.payers:
            if pools.classes[payer].rooms is None or not cell.countries:
                open_.add(payer)
            countries.setdefault(payer, set()).update(code for code, _ in cell.countries)
    for payer, codes in countries.items():
        money = pools.classes[payer]
        rooms = money.rooms or {}
        room += money.available if payer in open_ else min(money.available, sum(rooms[code] for code in codes))
    return Row(MONEY, room, amounts=dict(row.amounts))


def _tidy(value: Fraction) -> Fraction:
    """Return a value rounded to six places: the relaxation is solved in floats."""
    return Fraction(math.floor(value * 10**6 + Fraction(1, 2)), 10**6)
