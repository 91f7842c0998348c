"""Which awards hold what a request would need, and what giving up the lowest of them could do.

What could come to a request ends in one of two ways: the money that may reach it is paid out, or the sum that the
reserve leaves for awards is. In the second case every award of the round holds a part of that sum.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.decision import Decision, Reason, decimal_text
from allocation.problem import Problem
from allocation.why_money import Left
from allocation.why_rules import Rules, Step, money
from ledgers.money import major_units, places

_SPOKEN_MAX = 3
_LISTED_MAX = 5


@dataclass(frozen=True, slots=True)
class _Rivals:
    """Awards that hold the same money, lowest merit first: ids, merit in the round's whole points, minor units.

    `largest` is the largest amount up to each of them.
    """

    ids: list[str]
    points: list[int]
    amounts: list[int]
    largest: list[int]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a request needs a part of and other awards hold.

    Attributes:
        whole: Minor units, before any award.
        left: Minor units that no award holds.
        awards: Which awards hold the rest.
        opening: What it is, in words.
        bound_to_it: Whether these awards can be paid from nowhere else.
        facts: What else is known of it.
    """

    whole: int
    left: int
    awards: frozenset[str]
    opening: str
    bound_to_it: bool
    facts: dict[str, Any]


class Ranked:
    """Who holds what, by merit, in a decided round."""

    def __init__(self, problem: Problem, decision: Decision, rules: Rules) -> None:
        self._problem, self._rules, self._awarded = problem, rules, decision.awarded
        self._awards = {award.request_id: award for award in decision.awards}
        self._all = frozenset(self._awards)
        self._merit = {request.request_id: request.merit for request in problem.requests}
        scale = math.lcm(*(request.merit.denominator for request in problem.requests))
        self._points_of = {request.request_id: int(request.merit * scale) for request in problem.requests}
        self._rivals: dict[frozenset[str], _Rivals] = {}

    def by_money(self, step: Step, left: Left) -> Reason:
        """Return that other awards hold the money that could reach the request."""
        whose = [self._owner(one, country) for one, country in left.contributions[:_SPOKEN_MAX]]
        named = listed(whose, len(left.contributions))
        opening = f"of the {self._told(left.competed)} that could come to it ({named})"
        facts = {"contributions": len(left.contributions), "whose": whose}
        return self._reason(step, _Held(left.competed, left.amount, left.awards, opening, True, facts))

    def by_reserve(self, step: Step, most: int) -> Reason:
        """Return that other awards hold what the reserve leaves for awards, `most` minor units."""
        kept = self._problem.resources - most
        opening = f"of the {self._told(most)} that may be awarded, with {self._told(kept)} kept as the reserve,"
        held = _Held(most, max(0, most - self._awarded), self._all, opening, False, {"reserve": self._plain(kept)})
        return self._reason(step, held)

    def _owner(self, contribution: str, country: str | None) -> str:
        if country is None:
            return contribution
        return f"{contribution} within its cap for {self._problem.places.name(country)}"

    def _reason(self, step: Step, held: _Held) -> Reason:
        rivals = self._rivals_in(held.awards)
        others = [one for one in rivals.ids if one != step.request.request_id] if step.now else rivals.ids
        needs = f"{self._told(step.more)} more for its next possible award" if step.now else ""
        sentence = (
            f"it needs {needs or f'at least {self._told(step.more)}'}; {held.opening} "
            f"{self._told(held.left) if held.left else 'nothing'} is left: "
            f"{self._holders(step, held, others)}; its own merit is {shown_merit(step.request.merit)}"
        )
        lower = bisect.bisect_left(rivals.points, self._points_of[step.request.request_id])
        exchange = self._exchange(step, held.left, rivals, lower) if lower else {}
        if exchange:
            sentence += f"; {exchange.pop('sentence')}"
        facts = {
            "needs": self._plain(step.more),
            "left": self._plain(held.left),
            "competed": self._plain(held.whole),
            **held.facts,
            "merit": decimal_text(step.request.merit),
            "awards": len(others),
            "lowest": [
                {
                    "request": one,
                    "merit": decimal_text(self._merit[one]),
                    "amount": self._plain(self._awards[one].amount),
                }
                for one in others[:_LISTED_MAX]
            ],
            **exchange,
        }
        return Reason("out-ranked", sentence, facts)

    def _holders(self, step: Step, held: _Held, others: list[str]) -> str:
        """Return which awards hold it, the lowest merit first."""
        named = [
            f"{one} (merit {shown_merit(self._merit[one])}, {self._told(self._awards[one].amount)})"
            for one in others[:_SPOKEN_MAX]
        ]
        what = "the rest" if held.left or step.now else "it all"
        what += " beside its own award" if step.now and step.request.request_id in held.awards else ""
        only = " and can be paid from nowhere else" if held.bound_to_it else ""
        if not others:
            return "its own award holds the rest"
        if len(others) == 1:
            return f"{named[0]} holds {what}{only}"
        lowest = "the lowest of them " if len(others) > len(named) else ""
        return f"{len(others)} awards hold {what}{only}, {lowest}{listed(named, len(named))}"

    def _exchange(self, step: Step, left: int, rivals: _Rivals, lower: int) -> dict[str, Any]:
        """Return what giving up one of the first `lower` rivals could do: free too little, not pay, or neither."""
        merit = f"its merit is above that of {lower} of them"
        most = left + rivals.largest[lower - 1]
        if most < step.more:
            text = f"{merit}, but giving up any one of these would leave it {self._told(most)} at most"
            return {"sentence": text, "lower": lower, "frees_at_most": self._plain(most)}
        best = self._best_to_give_up(step, left, rivals, lower)
        earned, loss = gain(self._problem, step, left + self._awards[best].amount), self._loss(best)
        figures = f"the round would lose {points(self._problem, loss)} and gain {points(self._problem, earned)} at most"
        facts = {"lower": lower, "best": best, "loses": decimal_text(loss), "earns_at_most": decimal_text(earned)}
        if earned <= loss:
            text = f"{merit}, but giving up one of these whole does not pay: with {best}, the best of them, {figures}"
            return {"sentence": text, **facts}
        text = f"{merit}, and giving up {best} whole might pay as far as this money goes: {figures}"
        broken = self._rules.broken_by(step, best)
        if broken is None:
            text += "; whether a decision with that exchange keeps every rule was not worked out"
            return {"sentence": text, **facts}
        limit = self._rules.spoken_name(broken.name)
        text += f'; but with {self._told(step.then)} for it instead of {best} the limit "{limit}" would break'
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
            largest = list(itertools.accumulate(amounts, max))
            self._rivals[awards] = _Rivals(ids, [self._points_of[one] for one in ids], amounts, largest)
        return self._rivals[awards]

    def _loss(self, request_id: str) -> Fraction:
        if self._problem.policy.objective == "score":
            return self._merit[request_id]
        return self._merit[request_id] * _units(self._problem, self._awards[request_id].amount)

    def _told(self, minor: int) -> str:
        return money(minor, self._problem.currency)

    def _plain(self, minor: int) -> str:
        return str(major_units(minor, self._problem.currency))


def gain(problem: Problem, step: Step, most: int) -> Fraction:
    """Return what the objective could gain at most if that much money, minor units, reached the request."""
    if problem.policy.objective == "score":
        return Fraction(0) if step.now else step.request.merit
    return step.request.merit * _units(problem, min(most, step.request.ask - step.now))


def points(problem: Problem, value: Fraction) -> str:
    """Return a value of the round's objective as a reader sees it: `30,000 points of merit × USD`."""
    text = f"{Decimal(decimal_text(value, places_max=2 if value >= 1 else 4)):,f} points"
    return text if problem.policy.objective == "score" else f"{text} of merit × {problem.currency}"


def shown_merit(merit: Fraction) -> str:
    """Return a merit to two places, the exact one being in the facts.

    >>> shown_merit(Fraction(60)), shown_merit(Fraction(200, 3))
    ('60', '66.67')
    """
    return decimal_text(round(merit, 2), places_max=2)


def listed(named: Sequence[str], count: int) -> str:
    """Return some names of `count` as one phrase.

    >>> listed(["a", "b"], 2), listed(["a", "b"], 5)
    ('a and b', 'a, b and 3 more')
    """
    if count > len(named):
        return f"{', '.join(named)} and {count - len(named)} more"
    return " and ".join(part for part in (", ".join(named[:-1]), named[-1]) if part)


def _units(problem: Problem, minor: int) -> Fraction:
    return Fraction(minor, 10 ** places(problem.currency))
