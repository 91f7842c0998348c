"""Every later objective, reckoned again from the frozen round and the decision's awards and payments.

Nothing of the search is known here: which contributions count, which groups there are and what each reached is read
from the definitions alone. What was possible is not reckoned; that the reported bound is on the right side is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from allocation.decision import Decision
from allocation.problem import Contribution, Problem
from ledgers.money import places
from ledgers.terms import country_shares, earmark_class

_LESS_IS_BETTER = "keep-unearmarked"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one step of one objective comes to."""

    objective: str
    of: str
    value: Fraction


def figures(problem: Problem, decision: Decision) -> list[Figure]:
    """Return the figure of every step of every objective; none when there is only the first."""
    if not problem.policy.later:
        return []
    found = [Figure(problem.policy.objective, "", decision.objective)]
    for stage in problem.policy.later:
        found += _steps(problem, decision, stage.name)
    return found


def is_beyond(objective: str, value: Fraction, bound: Fraction) -> bool:
    """Return whether a value is better than its bound, which no value may be."""
    return value < bound if objective == _LESS_IS_BETTER else value > bound


def _steps(problem: Problem, decision: Decision, name: str) -> Iterator[Figure]:
    amounts = {award.request_id: award.amount for award in decision.awards}
    if name == "count":
        yield Figure(name, "", Fraction(len(amounts)))
    elif name == "leverage":
        mobilised = (Fraction(r.cofinance * amounts.get(r.request_id, 0), r.ask) for r in problem.requests)
        yield Figure(name, "", sum(mobilised, start=Fraction(0)) / _major(problem))
    elif name == "expiring":
        for last in sorted({day for c in problem.contributions if (day := _last_day(c)) is not None}):
            ending = {c.contribution_id for c in problem.contributions if (_last_day(c) or date.max) <= last}
            yield Figure(name, f"by {last}", _paid_by(problem, decision, ending))
    elif name == _LESS_IS_BETTER:
        of = {c.contribution_id: earmark_class(c.earmark, problem.places) for c in problem.contributions}
        for counted in (("unearmarked",), ("unearmarked", "softly")):
            flexible = {one for one, kind in of.items() if kind in counted}
            yield Figure(name, " and ".join(counted), _paid_by(problem, decision, flexible))
    else:
        yield from _least_served(problem, amounts, name)


def _least_served(problem: Problem, amounts: dict[str, int], name: str) -> Iterator[Figure]:
    asked: dict[str, Fraction] = {}
    awarded: dict[str, Fraction] = {}
    for request in problem.requests:
        for group, share in _groups(problem, request.subject.window, request.subject.country, name):
            asked[group] = asked.get(group, Fraction(0)) + share * request.ask
            awarded[group] = awarded.get(group, Fraction(0)) + share * amounts.get(request.request_id, 0)
    served = sorted(awarded[group] / asked[group] for group in asked)
    for least in range(1, len(served) + 1):
        of = "the least" if least == 1 else f"the {least} least together"
        yield Figure(name, of, sum(served[:least], start=Fraction(0)))


def _groups(problem: Problem, window: str, country: str, name: str) -> list[tuple[str, Fraction]]:
    if name == "even:window":
        return [(window, Fraction(1))] if window else []
    return [(problem.places.region_of(code), share) for code, share in country_shares(country)]


def _paid_by(problem: Problem, decision: Decision, who: set[str]) -> Fraction:
    spent = sum(p.amount for award in decision.awards for p in award.payments if p.contribution_id in who)
    return Fraction(spent) / _major(problem)


def _major(problem: Problem) -> int:
    return int(10 ** places(problem.currency))


def _last_day(contribution: Contribution) -> date | None:
    given = [day for day in (contribution.use_by, contribution.spend_to) if day is not None]
    return min(given) if given else None
