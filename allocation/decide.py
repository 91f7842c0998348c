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
from allocation.found import Found
from allocation.limits import RESERVE, Row
from allocation.model import solver_name
from allocation.override_prices import override_outcomes
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

    The solver runs in this process and is asked to keep to the time; `allocation.apart` makes sure that it does.

    Args:
        problem: The round.
        time_limit: Seconds that the search may take; the policy's when not given.
        certify: Seconds that the proof in rational arithmetic may take after the search; 0: none is made.
        progress: Told one line at a time how far the search is.

    Raises:
        RoundUnsolved: time ran out before any decision that keeps every rule was found.
        DecisionUnsound: the verifier refuses what the engine made; nothing is returned.
    """
    if not isinstance(problem, Problem):
        raise TypeError(f"solve takes a Problem, not {type(problem).__name__}; see problem_from_frames")
    started = time.monotonic()
    say = progress or (lambda _: None)
    round_ = prepare(problem)
    say(f"{len(round_.pools.classes)} classes of money, {len(round_.pools.cells)} cells of requests")
    limit = problem.policy.time_limit if time_limit is None else time_limit
    search = Search(round_, started + limit, say)
    search.run()
    decision = finish(round_, named(search, left_by(search)), limit, certify=certify, progress=say)
    return replace(decision, seconds=time.monotonic() - started)


def left_by(search: Search) -> Found:
    """Return what an ended search has found, without the names of the rules that are why when it is nothing."""
    reached = tuple((one.best, one.bound) for one in search.reached)
    found = Found(search.best, search.bound, search.impossible, ", then ".join(search.asked), reached)
    if search.root is None or not _explains():
        return found
    from allocation.explain.earmark_prices import root_prices

    return replace(found, prices=root_prices(search.round_, *search.root))


def named(search: Search, found: Found) -> Found:
    """Return what an ended search has found; when that is nothing, with the names of the rules that are why."""
    if found.best is None and found.impossible:
        return replace(found, conflict=conflict(search.round_, stepped=search.stepped))
    return replace(found, forbidding=_forbidding(search, found))


def finish(
    round_: Prepared, found: Found, limit: float, *, certify: float = 0.0, progress: Progress | None = None
) -> Decision:
    """Return what a search has found as a decision: who pays, what the limits come to, why; the verifier agrees.

    Args:
        round_: The round.
        found: What the search left behind.
        limit: Seconds that it was given.
        certify: Seconds that the proof in rational arithmetic may take; 0: none is made.
        progress: Told what is done.

    Raises:
        RoundUnsolved: nothing was found, and awarding nothing breaks a rule; or a conflict has no names.
        DecisionUnsound: the verifier refuses the decision.
    """
    if found.best is not None:
        decision = _decided(round_, found, found.best)
    elif found.impossible:
        decision = _impossible(round_, found)
    else:
        decision = _decided(round_, found, _nothing(round_, limit))
    decision = _explained(round_, decision, found)
    say = progress or (lambda _: None)
    if round_.problem.overrides and decision.bound is not None:
        priced = override_outcomes(round_, decision.reached, decision.bound, seconds=limit, progress=say)
        decision = replace(decision, overrides=priced)
    decision = _certified(round_, decision, certify, say)
    refuse_unless_sound(round_.problem, decision)
    return decision


def _nothing(round_: Prepared, limit: float) -> ExactAwards:
    """Return no awards at all, where the rules allow that."""
    broken = round_.broken({})
    if broken:
        raise RoundUnsolved(
            f"no decision that keeps every rule was found in {limit:g} seconds ({broken[0].name} refuses no awards)",
            remedy="give the solver more time with `--time-limit`, or loosen the rule",
        )
    return ExactAwards({}, {})


def _decided(round_: Prepared, found: Found, best: ExactAwards) -> Decision:
    problem, requests = round_.problem, round_.problem.requests
    objective = round_.objective(best.awards)
    bound = _bound(round_, found.bound, objective)
    paid = payments(round_, best.awards, best.mixed)
    stages = stage_outcomes(round_, found.steps_reached(round_, best), best.awards, paid)
    reached = objective + (stages[0].gave_up if stages else 0)
    awards = [Award(requests[r].request_id, amount, paid[r]) for r, amount in sorted(best.awards.items())]
    unfunded = [
        Unfunded(request.request_id, (), round_.ranges[r].least)
        for r, request in enumerate(requests)
        if r not in best.awards
    ]
    return replace(
        _empty(problem),
        status=_status(round_, reached, max(bound, reached)),
        objective=objective,
        bound=max(bound, reached),
        gap=gap_between(reached, max(bound, reached)),
        awarded=sum(best.awards.values()),
        awards=tuple(awards),
        unfunded=tuple(unfunded),
        method=found.method,
        stages=stages,
        limits=tuple(side.outcome(best.awards, problem.policy.unit) for side in round_.sides),
    )


def _status(round_: Prepared, objective: Fraction, bound: Fraction) -> Status:
    return "optimal" if bound - objective <= round_.problem.policy.gap * objective else "feasible"


def _impossible(round_: Prepared, found: Found) -> Decision:
    if not found.conflict:
        raise RoundUnsolved(
            "the solver called the round impossible, and could not say which rules conflict",
            remedy="give it more time with `--time-limit`; or report the inputs: amounts may be too far apart for it",
        )
    return replace(_empty(round_.problem), conflict=found.conflict, method=found.method)


def _forbidding(search: Search, found: Found) -> tuple[str, ...]:
    """Return the names of rules that together allow no award at all, where that is why a round awards nothing.

    Shares of what is awarded can contradict each other and still hold at zero, so nothing is in conflict until one
    award at least is asked for. A reserve that alone leaves too little is told with its figures anyway.
    """
    round_ = search.round_
    if (found.best and found.best.awards) or not round_.fundable:
        return ()
    if _status(round_, Fraction(0), _bound(round_, found.bound, Fraction(0))) != "optimal":
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


def _bound(round_: Prepared, known: Fraction | None, objective: Fraction) -> Fraction:
    """Return the bound, no finer than the values that an objective can take, and never below the objective."""
    ceiling = most_possible(round_)
    said = ceiling if known is None else min(known, ceiling)
    step = round_.objective_step
    lowest = said // step * step if step else Fraction(0)
    if lowest < round_.least_worth:
        lowest = Fraction(0)
    rounded = Fraction(math.ceil(lowest * 10**_BOUND_PLACES), 10**_BOUND_PLACES)
    return max(rounded, objective)


def most_possible(round_: Prepared) -> Fraction:
    """Return the objective if every request that money may pay got its whole ask."""
    return round_.objective({r: round_.ranges[r].ask for r in round_.fundable})


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

    reached = decision.objective + (decision.stages[0].gave_up if decision.stages else 0)
    proof = certified(round_, reached, seconds=seconds, step=round_.objective_step)
    if proof is None:
        return decision
    say(f"certified: no more than {float(proof.bound):,.2f}, {proof.splits} branchings")
    return replace(decision, certified_bound=proof.bound, certificate=proof.body)


def _explained(round_: Prepared, decision: Decision, found: Found) -> Decision:
    """Return the decision with its reasons, and its prices or moves, where explanations are installed."""
    if not _explains():
        return decision
    from allocation.explain.beside import beside
    from allocation.why import explained

    return beside(round_, explained(round_.problem, decision, forbidding=found.forbidding), found.prices)


def _explains() -> bool:
    return importlib.util.find_spec("allocation.why") is not None
