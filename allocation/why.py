"""Why each request got what it got: sentences reckoned from the decision alone, without a solver.

For every request that is not funded, or not in full, all that stops its next possible award is found by reckoning: no
money may pay it; a choice or limit of the policy would break; what it could use is held by other awards. Where nothing
stops it, that is said too. No sentence claims more than was reckoned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from fractions import Fraction

from allocation.decision import Decision, Reason, Unfunded, decimal_text
from allocation.problem import Problem, Request
from allocation.verify_limits import spendable
from allocation.why_money import Money
from allocation.why_ranked import Ranked, gain, listed, points
from allocation.why_rules import Rules, Step, money, next_award
from allocation.why_terms import not_eligible
from allocation.years import amounts_by_part
from ledgers.money import major_units


def explained(problem: Problem, decision: Decision, *, forbidding: Sequence[str] = ()) -> Decision:
    """Return the decision with every request's reasons, and what each unfunded one would take.

    Args:
        problem: The round.
        decision: Sound; reasons that it already has are replaced.
        forbidding: Names of rules that together allow no award at all, as the search proved them.
    """
    if decision.status == "infeasible":
        return decision
    why = _Why(problem, decision, forbidding)
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


class _Why:
    """What a decided round says to one request after the other."""

    def __init__(self, problem: Problem, decision: Decision, forbidding: Sequence[str]) -> None:
        self._problem, self._decision, self._forbidding = problem, decision, forbidding
        self._rules = Rules(problem, {award.request_id: award.amount for award in decision.awards})
        self._money = Money(problem, decision)
        self._ranked = Ranked(problem, decision, self._rules)
        self._spendable = spendable(problem)

    def reasons(self, request: Request, now: int) -> tuple[Reason, ...]:
        """Return what stops the request's next possible award, or that nothing was found to; what tells most first.

        A floor that breaks only because the round grows, with no other award given up, is told where nothing else is.
        """
        step = Step(request, now, next_award(request, now, self._problem.policy.unit))
        choices, limits = list(self._rules.choices(step)), list(self._rules.limits(step))
        ceilings = [limit.reason for limit in limits if not limit.grows_only]
        if not self._money.may_be_paid(request.request_id):
            return (not_eligible(self._problem, request), *choices, *ceilings)
        choices = [*self._overridden(step), *choices] or list(self._forbidden())
        ranked = list(self._short_of_money(step))
        found = [*choices, *ranked, *ceilings, *self._reserve(step)]
        if ranked and not choices:
            found += self._beside(found)
        return tuple(found) or tuple(limit.reason for limit in limits) or (self._unstopped(step),)

    def _overridden(self, step: Step) -> Iterator[Reason]:
        """Yield that a recorded decision by hand allows it no more."""
        for override in self._problem.overrides:
            if override.request_id == step.request.request_id and override.most < step.then:
                most = f"at most {self._told(override.most)}" if override.most else "nothing"
                sentence = f"{override.by} decided by hand that it gets {most}: {override.reason}"
                facts = {"by": override.by, "most": self._plain(override.most), "reason": override.reason}
                yield Reason("override", sentence, facts)

    def _forbidden(self) -> Iterator[Reason]:
        """Yield that rules together allow no award at all; not reckoned here, since only the search can tell.

        A request that an exclusive group or a prerequisite stops by itself is told that instead.
        """
        if self._forbidding:
            named = [f'"{self._rules.spoken_name(name)}"' for name in self._forbidding]
            kept = "hold together" if len(named) > 1 else "is kept"
            sentence = (
                f"with this round's money and requests, {listed(named, len(named))} {kept} "
                "only if nothing at all is awarded"
            )
            yield Reason("limit", sentence, {"limits": list(self._forbidding)})

    def _short_of_money(self, step: Step) -> Iterator[Reason]:
        """Yield that its money is not enough, or held by other awards; what the reserve keeps is left to nobody."""
        if step.request.years:
            yield from self._short_in_a_year(step)
            return
        most = self._money.most(step.request.request_id)
        if most < step.then:
            yield self._not_enough(step, most)
            return
        room, within = self._spendable - self._decision.awarded, step.then <= self._spendable
        enough = min(step.more, room + 1) if within else step.more
        left = self._money.left(step.request.request_id, enough=enough)
        if within and room < min(left.amount, step.more):
            yield self._ranked.by_reserve(step, self._spendable)
        elif left.amount < step.more:
            yield self._ranked.by_money(step, left)

    def _short_in_a_year(self, step: Step) -> Iterator[Reason]:
        """Yield the first year for which the money that may be spent in it is not enough, or held by other awards."""
        request = step.request
        now, then = (
            amounts_by_part(request, amount) if amount else [0] * len(request.years) for amount in (step.now, step.then)
        )
        for part, (year, _) in enumerate(request.years):
            more = then[part] - now[part]
            left = self._money.left(request.request_id, part, enough=more)
            if left.amount < more:
                needs = f"{self._told(more)}{' more' if step.now else ''} for what it spends in {year}"
                holders = f"{len(left.awards)} awards hold the rest" if left.awards else "no award holds any of it"
                sentence = (
                    f"it needs {needs}; of the {self._told(left.competed)} that could come to it for that year "
                    f"{self._told(left.amount) if left.amount else 'nothing'} is left: {holders}"
                )
                facts = {"year": year, "needs": more, "left": left.amount, "competed": left.competed}
                told = {key: value if key == "year" else self._plain(value) for key, value in facts.items()}
                yield Reason("out-ranked", sentence, {**told, "awards": len(left.awards)})
                return

    def _reserve(self, step: Step) -> Iterator[Reason]:
        """Yield that the reserve leaves too little even for this award alone, where there is money for it."""
        most = max(0, self._spendable)
        if most >= step.then or (not step.request.years and step.then > self._money.most(step.request.request_id)):
            return
        kept = self._problem.resources - self._spendable
        sentence = (
            f"the reserve keeps {self._told(kept)} and leaves {self._told(most)} for all awards together, "
            f"and its {'next' if step.now else 'smallest'} possible award is {self._told(step.then)}"
        )
        facts = {"reserve": kept, "spendable": most, "award": step.then}
        yield Reason("reserve", sentence, {key: self._plain(value) for key, value in facts.items()})

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

    def _unstopped(self, step: Step) -> Reason:
        """Return that nothing stops the next award, and what it would add to the objective."""
        decision = self._decision
        adds = gain(self._problem, step, step.more)
        facts = {"award": self._plain(step.then), "adds": decimal_text(adds)}
        what = f"nothing found stops an award of {self._told(step.then)}"
        if adds == 0:
            earns = "its merit is 0" if step.request.merit == 0 else "the round counts funded requests, not amounts"
            return Reason("no-merit", f"{what}, but it would add nothing to the objective: {earns}", facts)
        gap = (decision.bound or decision.objective) - decision.objective
        if decision.given_up:
            return self._given_up(what, adds, facts, gap - decision.given_up)
        sentence = (
            f"{what}, which would add {self._points(adds)}; the solver's bound leaves room for {self._points(gap)} "
            f"more ({decision.status})"
        )
        return Reason("within-gap", sentence, {**facts, "gap": decimal_text(gap)})

    def _beside(self, found: Sequence[Reason]) -> Iterator[Reason]:
        """Yield that later objectives gave up some of the first one, so that it alone might have ranked otherwise."""
        gave_up = self._decision.given_up
        if gave_up and any(reason.kind == "out-ranked" for reason in found):
            names = [stage.name for stage in self._problem.policy.later]
            sentence = (
                f"for the later objectives ({', '.join(names)}) the decision gives up {self._points(gave_up)}, "
                f"as the policy allows; {self._problem.policy.objective} alone might have decided otherwise"
            )
            yield Reason("later-objectives", sentence, {"gave_up": decimal_text(gave_up), "objectives": names})

    def _given_up(self, what: str, adds: Fraction, facts: dict[str, str], gap: Fraction) -> Reason:
        """Return that later objectives may have stopped the award, since they gave up some of the first one."""
        names = [stage.name for stage in self._problem.policy.later]
        gave_up, beyond = self._decision.given_up, max(gap, Fraction(0))
        sentence = (
            f"{what} under the rules, which would add {self._points(adds)}; for the later objectives "
            f"({', '.join(names)}) the decision gives up {self._points(gave_up)}, as the policy allows, "
            f"and the solver's bound leaves room for {self._points(beyond)} beyond that ({self._decision.status})"
        )
        told = {"gave_up": decimal_text(gave_up), "objectives": names, "gap": decimal_text(beyond)}
        return Reason("later-objectives", sentence, {**facts, **told})

    def _points(self, value: Fraction) -> str:
        return points(self._problem, value)

    def _told(self, minor: int) -> str:
        return money(minor, self._problem.currency)

    def _plain(self, minor: int) -> str:
        return str(major_units(minor, self._problem.currency))
