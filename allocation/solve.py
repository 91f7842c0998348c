"""A `Problem` in, a verified `Decision` out.

The search finds awards in whole minor units and a bound, `payments` says who pays, and every decision passes the
independent verifier before anybody sees it.
"""

from __future__ import annotations

import importlib.util
import math
import time
from dataclasses import replace
from fractions import Fraction

from allocation.conflict import conflict
from allocation.decision import Award, Decision, Status, Unfunded
from allocation.exact import ExactAwards
from allocation.limits import RESERVE, Row
from allocation.model import solver_name
from allocation.payments import payments
from allocation.prepared import Prepared, prepare
from allocation.problem import Problem
from allocation.search import Progress, Search
from allocation.stages import stage_outcomes
from allocation.verify import refuse_unless_sound
from ledgers.errors import FacilityError

_BOUND_PLACES = 12
_SOME_AWARD = "at least one award"


class RoundUnsolved(FacilityError):
    """No decision that keeps every rule was found in the time given, nor that there is none."""

    code = "round-unsolved"


def solve(
    problem: Problem, *, time_limit: float | None = None, certify: float = 0.0, progress: Progress | None = None
) -> Decision:
    """Return the best decision found on a round, verified.

    Args:
        problem: The round.
        time_limit: Seconds that the solver may take; the policy's when not given.
        certify: Seconds that the proof in rational arithmetic may take after the search; 0: none is made.
        progress: Told one line at a time how far the search is.

    Raises:
        RoundUnsolved: time ran out before any decision that keeps every rule was found.
        DecisionUnsound: the verifier refuses what the engine made; nothing is returned.
    """
    started = time.monotonic()
    say = progress or (lambda _: None)
    round_ = prepare(problem)
    say(f"{len(round_.pools.classes)} classes of money, {len(round_.pools.cells)} cells of requests")
    limit = problem.policy.time_limit if time_limit is None else time_limit
    search = Search(round_, started + limit, say)
    search.run()
    if search.best is not None:
        decision = _decided(search, search.best)
    elif search.impossible:
        decision = _impossible(search)
    else:
        search.settle(_nothing(search, limit))
        decision = _decided(search, ExactAwards({}, {}))
    forbidding = _forbidding(search, decision)
    decision = _explained(problem, replace(decision, seconds=time.monotonic() - started), forbidding)
    decision = _certified(round_, decision, certify, say)
    refuse_unless_sound(problem, decision)
    return replace(decision, seconds=time.monotonic() - started)


def _nothing(search: Search, limit: float) -> ExactAwards:
    """Return no awards at all, where the rules allow that."""
    broken = search.round_.broken({})
    if broken:
        raise RoundUnsolved(
            f"no decision that keeps every rule was found in {limit:g} seconds ({broken[0].name} refuses no awards)",
            remedy="give the solver more time with `--time-limit`, or loosen the rule",
        )
    return ExactAwards({}, {})


def _decided(search: Search, found: ExactAwards) -> Decision:
    round_, problem = search.round_, search.round_.problem
    objective = round_.objective(found.awards)
    bound = _bound(search, objective)
    paid = payments(round_, found.awards, found.mixed)
    requests = problem.requests
    awards = [Award(requests[r].request_id, amount, paid[r]) for r, amount in sorted(found.awards.items())]
    unfunded = [
        Unfunded(request.request_id, (), round_.ranges[r].least)
        for r, request in enumerate(requests)
        if r not in found.awards
    ]
    status: Status = "optimal" if bound - objective <= problem.policy.gap * objective else "feasible"
    return replace(
        _empty(problem),
        status=status,
        objective=objective,
        bound=bound,
        gap=gap_between(objective, bound),
        awarded=sum(found.awards.values()),
        awards=tuple(awards),
        unfunded=tuple(unfunded),
        method=", then ".join(search.asked),
        stages=stage_outcomes(round_, search.reached, found.awards, paid),
        limits=tuple(side.outcome(found.awards, problem.policy.unit) for side in round_.sides),
    )


def _impossible(search: Search) -> Decision:
    names = conflict(search.round_, stepped=search.stepped)
    if not names:
        raise RoundUnsolved(
            "the solver called the round impossible, and could not say which rules conflict",
            remedy="report the round's inputs: amounts may be too far apart for the solver",
        )
    return replace(_empty(search.round_.problem), conflict=names)


def _forbidding(search: Search, decision: Decision) -> tuple[str, ...]:
    """Return the names of rules that together allow no award at all, where that is why a round awards nothing.

    Shares of what is awarded can contradict each other and still hold at zero, so nothing is in conflict until one
    award at least is asked for. A reserve that alone leaves too little is told with its figures anyway.
    """
    round_ = search.round_
    if decision.status != "optimal" or decision.awards or not round_.fundable:
        return ()
    least = min(round_.ranges[r].least for r in round_.fundable)
    asked = replace(round_, rows=(*round_.rows, Row(_SOME_AWARD, -least, total=-1)))
    names = tuple(name for name in conflict(asked, stepped=search.stepped) if name != _SOME_AWARD)
    return () if names == (RESERVE,) else names


def _empty(problem: Problem) -> Decision:
    """Return the decision on a round that cannot be decided, its conflict still to be named."""
    return Decision(
        round_id=problem.round_id,
        currency=problem.currency,
        status="infeasible",
        objective_name=problem.policy.objective,
        objective=Fraction(0),
        bound=None,
        gap=None,
        solver=solver_name(),
        seconds=0.0,
        inputs=problem.inputs_digest(),
        resources=problem.resources,
        awarded=0,
    )


def _bound(search: Search, objective: Fraction) -> Fraction:
    """Return the bound, no finer than the values that an objective can take, and never below the objective."""
    ceiling = most_possible(search.round_)
    said = ceiling if search.bound is None else min(search.bound, ceiling)
    step = objective_step(search.round_)
    lowest = said // step * step if step else Fraction(0)
    rounded = Fraction(math.ceil(lowest * 10**_BOUND_PLACES), 10**_BOUND_PLACES)
    return max(rounded, objective)


def most_possible(round_: Prepared) -> Fraction:
    """Return the objective if every request that money may pay got its whole ask."""
    return round_.objective({r: round_.ranges[r].ask for r in round_.fundable})


def objective_step(round_: Prepared) -> Fraction:
    """Return the largest number of which every objective that awards can have is a whole multiple; 0 if all are 0."""
    parts = [round_.objective({r: 1}) for r in round_.fundable]
    unit = 1 if round_.problem.policy.objective == "score" else _award_step(round_)
    whole = math.lcm(*(part.denominator for part in parts))
    return Fraction(math.gcd(*(int(part * whole) for part in parts)), whole) * unit


def _award_step(round_: Prepared) -> int:
    steps = (math.gcd(span.ask, 0 if span.all_or_nothing else span.unit) for r, span in enumerate(round_.ranges))
    return math.gcd(*steps) or 1


def gap_between(objective: Fraction, bound: Fraction) -> float:
    """Return (bound - objective) / objective, rounded up to a float.

    Equal ones have no gap; against an objective of 0 there is no ratio, and the gap is 1.

    >>> gap_between(Fraction(3), Fraction(3)), gap_between(Fraction(0), Fraction(2))
    (0.0, 1.0)
    >>> gap_between(Fraction(4), Fraction(5))
    0.25
    """
    if bound == objective:
        return 0.0
    if objective == 0:
        return 1.0
    exact = (bound - objective) / objective
    rounded = float(exact)
    return rounded if Fraction(rounded) >= exact else math.nextafter(rounded, math.inf)


def _certified(round_: Prepared, decision: Decision, seconds: float, say: Progress) -> Decision:
    """Return the decision with what rational arithmetic proves of it, where there is something to prove and time."""
    if decision.status == "infeasible" or seconds <= 0:
        return decision
    from allocation.certificate import certified

    proof = certified(round_, decision.objective, seconds=seconds, step=objective_step(round_))
    if proof is None:
        return decision
    say(f"certified: no more than {float(proof.bound):,.2f}, {proof.splits} branchings")
    return replace(decision, certified_bound=proof.bound, certificate=proof.body)


def _explained(problem: Problem, decision: Decision, forbidding: tuple[str, ...]) -> Decision:
    """Return the decision with its reasons, where explanations are installed."""
    if importlib.util.find_spec("allocation.why") is None:
        return decision
    from allocation.why import explained

    return explained(problem, decision, forbidding=forbidding)
