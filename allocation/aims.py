"""What a solve seeks: one linear aim over awards and choices, in exact rationals.

An aim is worth `sum(amounts * award) + sum(choices * funded)` in the decision's units (for `merit`: points times major
units of the currency). More is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.problem import Problem, Request
from ledgers.money import places


@dataclass(frozen=True, slots=True)
class Aim:
    """One linear objective; requests are meant by their position in the problem.

    Attributes:
        name: As the policy names it.
        amounts: Worth of each minor unit of an award.
        choices: Worth of funding a request at all.
    """

    name: str
    amounts: Mapping[int, Fraction] = field(default_factory=dict, hash=False)
    choices: Mapping[int, Fraction] = field(default_factory=dict, hash=False)

    def value(self, awards: Mapping[int, int]) -> Fraction:
        """Return what awards (minor units, those above zero) are worth."""
        worth = sum((self.amounts.get(r, Fraction(0)) * award for r, award in awards.items()), start=Fraction(0))
        return worth + sum((self.choices.get(r, Fraction(0)) for r in awards), start=Fraction(0))


def first_aim(problem: Problem, requests: Sequence[int]) -> Aim:
    """Return the aim of a policy's first objective over some of its requests."""
    merit = {r: problem.requests[r].merit for r in requests}
    if problem.policy.objective == "score":
        return Aim("score", choices=merit)
    return Aim("merit", amounts=_per_minor(problem, merit))


def count_aim(requests: Sequence[int]) -> Aim:
    """Return the aim of funding as many requests as can be."""
    return Aim("count", choices=dict.fromkeys(requests, Fraction(1)))


def leverage_aim(problem: Problem, requests: Sequence[int]) -> Aim:
    """Return the aim of mobilising confirmed co-finance: each award mobilises the part of it that it is of the ask."""
    return Aim("leverage", amounts=_per_minor(problem, {r: _leverage(problem.requests[r]) for r in requests}))


def _leverage(request: Request) -> Fraction:
    return Fraction(request.cofinance, request.ask)


def _per_minor(problem: Problem, per_unit: Mapping[int, Fraction]) -> dict[int, Fraction]:
    minor = Fraction(1, 10 ** places(problem.currency))
    return {r: worth * minor for r, worth in per_unit.items() if worth}
