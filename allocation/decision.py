"""What the engine answers: awards, who pays them, what was refused and why, and how good it is.

A `Decision` is exact: amounts are whole minor units, the objective is a rational computed from the awards. Its JSON is
canonical, so that the same decision has the same digest on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from typing import Any, Literal

Status = Literal["optimal", "feasible", "infeasible"]
TIE_RULE = "rows sorted by id; solver seed 0; payments by use-by, tightness, then pro rata, largest remainder, id"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of one contribution in one award, minor units, above zero; of one year where years are told apart."""

    contribution_id: str
    amount: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request got less than it asked for.

    Attributes:
        kind: `not-eligible`, `override`, `exclusive`, `requires`, `limit`, `reserve`, `not-enough-money`,
            `out-ranked`, `no-merit`, `later-objectives` or `within-gap`.
        sentence: One plain sentence with its figures.
        facts: The figures and names of the sentence, for machines and tests; amounts as decimal text in major units.
    """

    kind: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Award:
    """Money for one request.

    Attributes:
        request_id: Whose.
        amount: Minor units, above zero.
        payments: Sorted by contribution; they sum to `amount`.
        because: Why not the whole ask; empty when it is.
    """

    request_id: str
    amount: int
    payments: tuple[Payment, ...]
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfunded:
    """A request without an award, with every reason that stops it.

    Attributes:
        request_id: Whose.
        because: At least one reason.
        would_take: The least that would have been useful to it, minor units.
    """

    request_id: str
    because: tuple[Reason, ...]
    would_take: int


@dataclass(frozen=True, slots=True)
class LimitOutcome:
    """How one side of one limit came out.

    Attributes:
        name: The limit's name; for `each`, with the value: `One country, 8 % of resources: KEN`.
        side: `at_least`, `at_most`, `count_at_least` or `count_at_most`.
        bound: The figure that the limit sets, exact.
        actual: The figure reached, exact.
        unit: `money` (minor units), `count`, or a measure's name.
        binding: True when not one unit more (less) would be allowed.
    """

    name: str
    side: str
    bound: Fraction
    actual: Fraction
    unit: str
    binding: bool


@dataclass(frozen=True, slots=True)
class OverrideOutcome:
    """What a manual override asked for, and what it cost the round.

    Attributes:
        request_id: Whose award was decided by hand.
        by: Who decided.
        reason: Why.
        least: The least that it had to be awarded, minor units.
        most: The most that it could be awarded, minor units.
        price_least: The override cost the first objective at least this.
        price_most: And at most this.
    """

    request_id: str
    by: str
    reason: str
    least: int
    most: int
    price_least: Fraction
    price_most: Fraction


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """How one step of one objective came out; `expiring`, `keep-unearmarked` and `even` have several.

    Attributes:
        objective: As the policy names it.
        of: Which step: a use-by date, a class of earmark, how many of the least; empty when there is only one.
        value: Exact value of the final awards and payments; more is better.
        bound: Upper bound on what any awards could reach that keep what the earlier objectives reached.
        gave_up: How much of the best value found for this step later objectives gave up, as their `may_cost` allows.
    """

    objective: str
    of: str
    value: Fraction
    bound: Fraction
    gave_up: Fraction


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of solving one round.

    Attributes:
        round_id: The round's id.
        currency: ISO 4217 code of every amount.
        status: `optimal` (gap within the policy's), `feasible` (the search was cut short; true gap) or `infeasible`.
        objective_name: `merit` or `score`.
        objective: Exact value of the awards: merit points × major units of money, or points.
        bound: The solver's bound rounded outward, never below `objective`; None when infeasible.
        gap: (bound - objective) / objective, rounded up; 0 when both are 0; None when infeasible. What later objectives
            were allowed to cost the first (`stages`) counts as reached.
        solver: Name and version.
        seconds: Wall time; not part of the digest.
        inputs: Digest of the problem.
        resources: R in minor units.
        awarded: Sum of the awards in minor units.
        awards: Sorted by request.
        unfunded: Sorted by request.
        limits: By the limit's name, groups of `each` by value.
        conflict: Names of an irreducible set of limits that cannot hold together; only when infeasible.
        method: Which formulation answered, whether it was raced, why it was cut short; empty in older decisions.
        stages: Every step of every objective, in the policy's order; only when there is more than the first.
        certified_bound: Upper bound on the first objective from rational arithmetic alone, or None.
        overrides: Awards decided by hand, each with its price; sorted by request.
        certificate: What proves it: multipliers, cut sets and, in small rounds, a branching tree (see `certificate`).
        conflict_moves: For each rule of the conflict, how far it alone would have to move (see `explain.told`).
        prices: What one more major unit of money under each earmark is worth by the relaxation's multipliers, sorted.
    """

    round_id: str
    currency: str
    status: Status
    objective_name: str
    objective: Fraction
    bound: Fraction | None
    gap: float | None
    solver: str
    seconds: float
    inputs: str
    resources: int
    awarded: int
    awards: tuple[Award, ...] = ()
    unfunded: tuple[Unfunded, ...] = ()
    limits: tuple[LimitOutcome, ...] = ()
    conflict: tuple[str, ...] = ()
    method: str = ""
    stages: tuple[StageOutcome, ...] = ()
    overrides: tuple[OverrideOutcome, ...] = ()
    certified_bound: Fraction | None = None
    certificate: Mapping[str, Any] | None = field(default=None, hash=False)
    conflict_moves: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    prices: tuple[tuple[str, Fraction], ...] = ()

    @property
    def reached(self) -> Fraction:
        """Return the best value of the first objective that was found; later objectives gave up a part of it."""
        return self.objective + self.given_up

    @property
    def given_up(self) -> Fraction:
        """Return what later objectives gave up of the first, as the policy's `may_cost` allows."""
        return self.stages[0].gave_up if self.stages else Fraction(0)

    def to_json(self) -> dict[str, Any]:
        """Return the decision in the form of INTERFACE.md, digest included."""
        from allocation.decision_json import body_of

        return {**body_of(self), "seconds": round(self.seconds, 3), "decision": self.digest()}

    def digest(self) -> str:
        """Return the SHA-256 of the decision's canonical JSON without `seconds` and approvals."""
        from allocation.decision_json import body_of

        text = json.dumps(body_of(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def decimal_text(value: Fraction, *, places_max: int = 12) -> str:
    """Return a rational as plain decimal text, exact when it ends within `places_max` places, else rounded up.

    >>> decimal_text(Fraction(1, 4)), decimal_text(Fraction(1, 3), places_max=4)
    ('0.25', '0.3334')
    """
    if value.denominator == 1:
        return str(value.numerator)
    scaled = -((-value.numerator * 10**places_max) // value.denominator)
    with localcontext() as context:
        context.prec = 60
        context.rounding = ROUND_CEILING
        text = format(Decimal(scaled).scaleb(-places_max), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def minor_exponent(currency: str) -> int:
    """Return the currency's number of decimal places."""
    from ledgers.money import places

    return places(currency)
