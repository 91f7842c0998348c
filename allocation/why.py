"""Why each request got what it got: sentences reckoned from the decision alone, without a solver.

For every request that is not funded, or not in full, all that stops its next possible award is found by reckoning: no
money may pay it; a rule of the policy would break; the money it could use is held by other awards. Where nothing stops
it, that is said too. No sentence claims more than was reckoned.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.decision import Decision, Reason, Unfunded, decimal_text
from allocation.problem import Problem, Request
from allocation.why_money import Left, Money
from allocation.why_rules import Rules, Step, money, next_award
from allocation.why_terms import not_eligible
from ledgers.money import major_units, places

_NAMED_MAX = 5


def explained(problem: Problem, decision: Decision) -> Decision:
    """Return the decision with every request's reasons, and what each unfunded one would take.

    Args:
        problem: The round.
        decision: Sound; reasons that it already has are replaced.
    """
    if decision.status == "infeasible":
        return decision
    why = _Why(problem, decision)
    requests = {request.request_id: request for request in problem.requests}
    unit = problem.policy.unit
    awards = [
        award
        if award.amount == requests[award.request_id].ask
        else dataclasses.replace(award, because=why.reasons(requests[award.request_id], award.amount))
        for award in decision.awards
    ]
    unfunded = [
        Unfunded(one.request_id, why.reasons(request, 0), next_award(request, 0, unit))
        for one in decision.unfunded
        for request in [requests[one.request_id]]
    ]
    return dataclasses.replace(decision, awards=tuple(awards), unfunded=tuple(unfunded))


@dataclasses.dataclass(frozen=True, slots=True)
class _Rivals:
    """Awards that hold the same money, lowest merit first: ids, merit in the round's whole points, minor units."""

    ids: list[str]
    points: list[int]
    amounts: list[int]


class _Why:
    """What a decided round says to one request after the other."""

    def __init__(self, problem: Problem, decision: Decision) -> None:
        self._problem, self._decision = problem, decision
        self._awards = {award.request_id: award for award in decision.awards}
        self._merit = {request.request_id: request.merit for request in problem.requests}
        scale = math.lcm(*(request.merit.denominator for request in problem.requests))
        self._points_of = {request.request_id: int(request.merit * scale) for request in problem.requests}
        self._rivals: dict[frozenset[str], _Rivals] = {}
        self._rules = Rules(problem, {award.request_id: award.amount for award in decision.awards})
        self._money = Money(problem, decision)

    def reasons(self, request: Request, now: int) -> tuple[Reason, ...]:
        """Return everything that stops the request's next possible award, or that nothing was found to."""
        step = Step(request, now, next_award(request, now, self._problem.policy.unit))
        found: list[Reason] = []
        if not self._money.may_be_paid(request.request_id):
            found.append(not_eligible(self._problem, request))
            return (*found, *self._rules.stopping(step))
        found += self._rules.stopping(step)
        found += self._short_of_money(step)
        return tuple(found) or (self._unstopped(step),)

    def _short_of_money(self, step: Step) -> Iterator[Reason]:
        request_id = step.request.request_id
        most = self._money.most(request_id)
        if most < step.then:
            yield self._not_enough(step, most)
            return
        left = self._money.left(request_id)
        if left.amount < step.more:
            yield self._out_ranked(step, left)

    def _not_enough(self, step: Step, most: int) -> Reason:
        payers = self._money.payers(step.request.request_id)
        who = (
            f"the {len(payers)} contributions that may pay it"
            if len(payers) > 1
            else "the one contribution that may pay it"
        )
        sentence = (
            f"{who} could give it {self._told(most)} at most if nothing else were funded, "
            f"and its {'next' if step.now else 'smallest'} possible award is {self._told(step.then)}"
        )
        return Reason("not-enough-money", sentence, {"most": self._plain(most), "award": self._plain(step.then)})

    def _out_ranked(self, step: Step, left: Left) -> Reason:
        rivals = self._rivals_in(left.awards)
        held = [one for one in rivals.ids if one != step.request.request_id] if step.now else rivals.ids
        wanted = f"needs {self._told(step.more)} more for its next possible award" if step.now else ""
        owners = len(left.contributions)
        sentence = (
            f"it {wanted or f'needs at least {self._told(step.more)}'}; of the {self._told(left.competed)} in the "
            f"{owners} contribution{'s' if owners != 1 else ''} whose money could reach it, directly or by exchange, "
            f"{self._told(left.amount) if left.amount else 'nothing'} is left, and no other money may pay "
            f"{self._named(held)}; its own merit is {decimal_text(step.request.merit)}"
        )
        lower = bisect.bisect_left(rivals.points, self._points_of[step.request.request_id])
        exchange = self._exchange(step, left.amount, rivals, lower) if lower else {}
        if exchange:
            sentence += f"; {exchange.pop('sentence')}"
        facts = {
            "needs": self._plain(step.more),
            "left": self._plain(left.amount),
            "competed": self._plain(left.competed),
            "contributions": owners,
            "merit": decimal_text(step.request.merit),
            "awards": len(held),
            "lowest": [
                {
                    "request": one,
                    "merit": decimal_text(self._merit[one]),
                    "amount": self._plain(self._awards[one].amount),
                }
                for one in held[:_NAMED_MAX]
            ],
            **exchange,
        }
        return Reason("out-ranked", sentence, facts)

    def _named(self, held: list[str]) -> str:
        """Return the awards that hold the money, lowest merit first."""
        named = [
            f"{one} (merit {decimal_text(self._merit[one])}, {self._told(self._awards[one].amount)})"
            for one in held[:_NAMED_MAX]
        ]
        count = f"the {len(held)} awards that hold the rest" if len(held) > 1 else "the award that holds the rest"
        more = f" and {len(held) - _NAMED_MAX} of higher or equal merit" if len(held) > _NAMED_MAX else ""
        return f"{count}: {', '.join(named)}{more}"

    def _exchange(self, step: Step, left: int, rivals: _Rivals, lower: int) -> dict[str, Any]:
        """Return what giving up one of the first `lower` rivals could do: free too little, not pay, or neither."""
        merit = f"its merit is above that of {lower} of them"
        most = left + max(rivals.amounts[:lower])
        if most < step.more:
            text = f"{merit}, but giving up any one of these would leave it {self._told(most)} at most"
            return {"sentence": text, "lower": lower, "frees_at_most": self._plain(most)}
        best = self._best_to_give_up(step, left, rivals, lower)
        gain, loss = self._gain(step, left + self._awards[best].amount), self._loss(best)
        figures = f"the round would lose {self._points(loss)} and gain {self._points(gain)} at most"
        facts = {"lower": lower, "best": best, "loses": decimal_text(loss), "earns_at_most": decimal_text(gain)}
        if gain <= loss:
            text = f"{merit}, but giving up one of these whole does not pay: with {best}, the best of them, {figures}"
            return {"sentence": text, **facts}
        text = f"{merit}, and giving up {best} whole might pay as far as this money goes: {figures}"
        broken = self._rules.broken_by(step, best)
        if broken is None:
            text += "; whether a decision with that exchange keeps every rule was not worked out"
            return {"sentence": text, **facts}
        text += f'; but with {self._told(step.then)} for it instead of {best} the limit "{broken.name}" would break'
        return {"sentence": text, **facts, "breaks": broken.name, "side": broken.side}

    def _best_to_give_up(self, step: Step, left: int, rivals: _Rivals, lower: int) -> str:
        """Return the rival of lower merit that frees enough and leaves the round best off; in integers, for speed."""
        own, wanted = self._points_of[step.request.request_id], step.request.ask - step.now
        is_score = self._problem.policy.objective == "score"

        def net(number: int) -> tuple[int, str]:
            amount, points = rivals.amounts[number], rivals.points[number]
            gained = -points if is_score else own * min(left + amount, wanted) - points * amount
            return gained, rivals.ids[number]

        return max(net(number) for number in range(lower) if left + rivals.amounts[number] >= step.more)[1]

    def _rivals_in(self, awards: frozenset[str]) -> _Rivals:
        if awards not in self._rivals:
            ids = sorted(awards, key=lambda one: (self._points_of[one], one))
            amounts = [self._awards[one].amount for one in ids]
            self._rivals[awards] = _Rivals(ids, [self._points_of[one] for one in ids], amounts)
        return self._rivals[awards]

    def _gain(self, step: Step, most: int) -> Fraction:
        """Return what the objective could gain at most if that much money reached the request."""
        if self._problem.policy.objective == "score":
            return Fraction(0) if step.now else step.request.merit
        return step.request.merit * self._units(min(most, step.request.ask - step.now))

    def _loss(self, request_id: str) -> Fraction:
        if self._problem.policy.objective == "score":
            return self._merit[request_id]
        return self._merit[request_id] * self._units(self._awards[request_id].amount)

    def _unstopped(self, step: Step) -> Reason:
        """Return that nothing stops the next award, and what it would add to the objective."""
        decision = self._decision
        adds = self._gain(step, step.more)
        facts = {"award": self._plain(step.then), "adds": decimal_text(adds)}
        what = f"nothing found stops an award of {self._told(step.then)}"
        if adds == 0:
            earns = "its merit is 0" if step.request.merit == 0 else "the round counts funded requests, not amounts"
            return Reason("no-merit", f"{what}, but it would add nothing to the objective: {earns}", facts)
        gap = (decision.bound or decision.objective) - decision.objective
        sentence = (
            f"{what}, which would add {self._points(adds)}; the decision is proven only to within {self._points(gap)} "
            f"of the best ({decision.status})"
        )
        return Reason("within-gap", sentence, {**facts, "gap": decimal_text(gap)})

    def _points(self, value: Fraction) -> str:
        text = f"{Decimal(decimal_text(value, places_max=4)):,f} points"
        return text if self._problem.policy.objective == "score" else f"{text} of merit × {self._problem.currency}"

    def _units(self, minor: int) -> Fraction:
        return Fraction(minor, 10 ** places(self._problem.currency))

    def _told(self, minor: int) -> str:
        return money(minor, self._problem.currency)

    def _plain(self, minor: int) -> str:
        return str(major_units(minor, self._problem.currency))
