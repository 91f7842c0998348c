"""The best decision of a round of up to twelve requests by trying every choice at once, in whole numbers.

Independent of the engine: every combination of awards is one row of an array; limits, choices and the reserve are
reckoned on all rows together; whether money reaches the awards is decided by Hall's condition over sets of
contributions: what only a set can pay must not be more than the set has. Rounds with a cap per country are not tried.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from oracle import limit_parts, may_pay, possible_awards

from allocation.policy import Bound
from allocation.problem import Problem
from ledgers.money import places

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


def combinations(problem: Problem) -> int:
    """Return how many combinations of awards a round has."""
    return math.prod(len(possible_awards(r, problem.policy.unit)) for r in problem.requests)


def best_value(problem: Problem) -> Fraction | None:
    """Return the exact value of the best decision, or None when no decision keeps every rule."""
    assert all(c.country_cap is None for c in problem.contributions), "caps per country are not tried here"
    options = [np.array(possible_awards(r, problem.policy.unit), dtype=np.int64) for r in problem.requests]
    grids = np.meshgrid(*options, indexing="ij") if options else []
    awards = np.stack([grid.ravel() for grid in grids], axis=1) if options else np.zeros((1, 0), dtype=np.int64)
    awards = awards[_within_reserve(problem, awards)]
    for keeps in (_keeps_choices, _keeps_limits, _is_payable):
        awards = awards[keeps(problem, awards)]
    return _best(problem, awards)


def _best(problem: Problem, awards: Whole) -> Fraction | None:
    if not len(awards):
        return None
    merits = [request.merit for request in problem.requests]
    scale = math.lcm(1, *(merit.denominator for merit in merits))
    points = np.array([int(merit * scale) for merit in merits], dtype=np.int64)
    if problem.policy.objective == "score":
        return Fraction(int(((awards > 0) @ points).max()), scale)
    return Fraction(int((awards @ points).max()), scale * 10 ** places(problem.currency))


def _within_reserve(problem: Problem, awards: Whole) -> Truth:
    reserve = problem.policy.reserve
    kept = Fraction(0)
    if reserve is not None:
        kept = reserve.value if reserve.kind == "amount" else reserve.value * problem.resources
    return np.asarray(awards.sum(axis=1) <= problem.resources - math.ceil(kept))


def _keeps_choices(problem: Problem, awards: Whole) -> Truth:
    column = {request.request_id.lower(): n for n, request in enumerate(problem.requests)}
    before = {request.lower() for request in problem.funded_before}
    keeps = np.ones(len(awards), dtype=bool)
    for group in problem.policy.exclusives:
        members = [request.lower() for request in group.requests]
        now = sum((awards[:, column[m]] > 0 for m in members if m in column), np.zeros(len(awards), dtype=np.int64))
        keeps &= now <= (0 if before & set(members) else 1)
    for rule in problem.policy.requires:
        needs = rule.needs.lower()
        if rule.request.lower() in column and needs not in before:
            has = awards[:, column[needs]] > 0 if needs in column else np.zeros(len(awards), dtype=bool)
            keeps &= has | (awards[:, column[rule.request.lower()]] == 0)
    return np.asarray(keeps)


def _keeps_limits(problem: Problem, awards: Whole) -> Truth:
    keeps = np.ones(len(awards), dtype=bool)
    for limit, _, shares in limit_parts(problem):
        counted = [shares.get(request.request_id, Fraction(0)) for request in problem.requests]
        funded = (awards > 0)[:, [share > 0 for share in counted]].sum(axis=1)
        if limit.count_at_least is not None:
            keeps &= funded >= limit.count_at_least
        if limit.count_at_most is not None:
            keeps &= funded <= limit.count_at_most
        if limit.weigh is not None:
            x = [dict(request.measures).get(limit.weigh, Fraction(0)) for request in problem.requests]
            counted = [share * measure for share, measure in zip(counted, x, strict=True)]
        of = (awards > 0).astype(np.int64) if limit.weigh is not None else awards
        for bound, sign in ((limit.at_least, 1), (limit.at_most, -1)):
            if bound is not None:
                keeps &= sign * _excess(counted, of, bound, awards, problem.resources) >= 0
    return np.asarray(keeps)


def _excess(counted: list[Fraction], of: Whole, bound: Bound, awards: Whole, resources: int) -> Whole:
    """Return by how much each row is above a bound, times a common denominator."""
    is_share = bound.kind == "share_of_awarded"
    fixed = Fraction(0) if is_share else bound.value * (resources if bound.kind == "share_of_resources" else 1)
    share = bound.value if is_share else Fraction(0)
    scale = math.lcm(fixed.denominator, share.denominator, *(part.denominator for part in counted))
    weights = np.array([int(part * scale) for part in counted], dtype=np.int64)
    return np.asarray(of @ weights - int(share * scale) * awards.sum(axis=1) - int(fixed * scale))


def _is_payable(problem: Problem, awards: Whole) -> Truth:
    payers = [
        {n for n, contribution in enumerate(problem.contributions) if may_pay(contribution, request, problem)}
        for request in problem.requests
    ]
    available = [contribution.available for contribution in problem.contributions]
    keeps = np.ones(len(awards), dtype=bool)
    for size in range(len(available) + 1):
        for some in itertools.combinations(range(len(available)), size):
            only = [n for n, paying in enumerate(payers) if paying <= set(some)]
            keeps &= awards[:, only].sum(axis=1) <= sum(available[n] for n in some)
    return np.asarray(keeps)
