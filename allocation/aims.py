"""What one step of a solve seeks, in exact rationals.

An aim is worth `sum(amounts * award) + sum(choices * funded)` and, where it has an envelope, as much again as the
lowest of the envelope's views. More is better. Units are the decision's: for `merit`, points times major units.

An envelope is a concave measure of awards that no one row can say: how much some of the money can pay of them, or what
the worst-served groups get. At any awards it shows one *view*: a linear figure that is nowhere below the measure and
meets it there. Solvers are given the views that their answers need.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from allocation.limits import Row
from allocation.problem import Problem
from ledgers.money import places


@dataclass(frozen=True, slots=True)
class View:
    """`constant + sum(amounts * award)`."""

    constant: Fraction
    amounts: Mapping[int, Fraction] = field(hash=False)

    def at(self, awards: Mapping[int, int]) -> Fraction:
        """Return the figure at awards (minor units, those above zero)."""
        return self.constant + sum((self.amounts.get(r, 0) * award for r, award in awards.items()), start=Fraction(0))


class Envelope(Protocol):
    """A concave measure of awards."""

    def view(self, awards: Mapping[int, int]) -> View:
        """Return the view at awards (minor units): nowhere below the measure, and equal to it there."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing that is sought; requests are meant by their position in the problem.

    Attributes:
        objective: As the policy names it.
        of: Which step of it; empty when there is only one.
        amounts: Worth of each minor unit of an award.
        choices: Worth of funding a request at all.
        envelope: What is added to that, or None.
    """

    objective: str
    of: str = ""
    amounts: Mapping[int, Fraction] = field(default_factory=dict, hash=False)
    choices: Mapping[int, Fraction] = field(default_factory=dict, hash=False)
    envelope: Envelope | None = field(default=None, hash=False)

    def value(self, awards: Mapping[int, int]) -> Fraction:
        """Return what awards (minor units, those above zero) are worth."""
        nothing = Fraction(0)
        worth = sum((self.amounts.get(r, nothing) * award for r, award in awards.items()), start=nothing)
        worth += sum((self.choices.get(r, nothing) for r in awards), start=nothing)
        return worth if self.envelope is None else worth + self.envelope.view(awards).at(awards)

    def seen_at(self, awards: Mapping[int, int]) -> tuple[Fraction, Mapping[int, Fraction]]:
        """Return the aim at awards as a linear one: its constant and the worth of each minor unit; choices apart."""
        if self.envelope is None:
            return Fraction(0), self.amounts
        view = self.envelope.view(awards)
        amounts = dict(self.amounts)
        for r, worth in view.amounts.items():
            amounts[r] = amounts.get(r, Fraction(0)) + worth
        return view.constant, amounts


@dataclass(frozen=True, slots=True)
class Floor:
    """What an aim must not fall below."""

    aim: Aim
    least: Fraction

    def row(self, awards: Mapping[int, int]) -> Row:
        """Return the floor as a row; with an envelope, as its view at these awards."""
        constant, amounts = self.aim.seen_at(awards)
        parts = (*amounts.values(), *self.aim.choices.values(), self.least - constant)
        scale = math.lcm(*(part.denominator for part in parts))
        return Row(
            f"what {self.aim.objective} reached",
            -int((self.least - constant) * scale),
            amounts={r: -int(worth * scale) for r, worth in amounts.items() if worth},
            choices={r: -int(worth * scale) for r, worth in self.aim.choices.items() if worth},
        )

    def holds(self, awards: Mapping[int, int]) -> bool:
        """Return whether awards keep the floor, exactly."""
        return self.aim.value(awards) >= self.least


def first_aim(problem: Problem, requests: Sequence[int]) -> Aim:
    """Return the aim of a policy's first objective over some of its requests."""
    merit = {r: problem.requests[r].merit for r in requests}
    if problem.policy.objective == "score":
        return Aim("score", choices={r: worth for r, worth in merit.items() if worth})
    return Aim("merit", amounts=per_minor_unit(problem, merit))


def per_minor_unit(problem: Problem, per_unit: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Return the worth of a minor unit from the worth of a major one; what is worth nothing is left out."""
    minor = Fraction(1, 10 ** places(problem.currency))
    return {r: worth * minor for r, worth in per_unit.items() if worth}
