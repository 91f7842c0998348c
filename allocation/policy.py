"""The rules of a round: what a policy file says, as values.

`Policy` is what the engine, the verifier and the explanations read. INTERFACE.md, section Files in, `policy`, holds the
meaning of each element. Amounts are minor units of the policy's currency; shares are exact rationals between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from ledgers.terms import Terms

BoundKind = Literal["amount", "share_of_awarded", "share_of_resources"]
Each = Literal["country", "applicant", "region", "window", "applicant_kind"]
Objective = Literal["merit", "score"]
LaterObjective = Literal["expiring", "keep-unearmarked", "even:window", "even:region", "leverage", "count"]
ResourcesKind = Literal["cash", "agreements"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a limit, or the reserve.

    Attributes:
        kind: What `value` is of: minor units, a share of what the round awards, or a share of its resources R.
        value: Minor units (`amount`; for a weighed limit: units of the measure), else a share between 0 and 1.
        text: As the policy says it, for messages.
    """

    kind: BoundKind
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule over the awards that `select` admits.

    Attributes:
        name: Unique in the policy; conflicts and explanations speak of it.
        select: Which requests count (with the share of their countries that matches).
        each: One limit for each value of this attribute among the selected requests, or None.
        at_least: Floor on the awarded amount (or on the weighed sum), or None.
        at_most: Ceiling, or None.
        count_at_least: Fewest awards above zero, or None.
        count_at_most: Most awards above zero, or None.
        weigh: Name of an `x_…` measure: the limit is then on the sum of x over funded requests, or None.
    """

    name: str
    select: Terms
    each: Each | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    count_at_least: int | None = None
    count_at_most: int | None = None
    weigh: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusive:
    """At most one of these requests is funded, in this round or before; those that are nowhere do not matter."""

    name: str
    requests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requires:
    """`request` may be funded only if `needs` is, in the same round or before."""

    name: str
    request: str
    needs: str


@dataclass(frozen=True, slots=True)
class Stage:
    """An objective after the first.

    Attributes:
        name: What is sought among the awards that are as good in every earlier objective.
        may_cost: Share of each earlier objective's value that may be given up for it; 0: it only breaks ties.
    """

    name: LaterObjective
    may_cost: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one round.

    Attributes:
        currency: ISO 4217 code of every amount in the policy.
        unit: Awards below the ask are whole multiples of this, in minor units.
        objective: `merit` (sum of merit × award) or `score` (sum of merit over funded requests).
        reserve: What stays unspent, or None.
        time_limit: Seconds that the solver may take.
        gap: Relative gap at which a decision counts as optimal.
        limits: All must hold; names unique.
        exclusives: Named groups of which at most one is funded.
        requires: Prerequisites.
        score_weights: Criterion and weight, sorted by criterion; empty when merit comes with the requests.
        later: Objectives after the first, in order.
        resources: `cash` (money received), or `agreements` (also money signed for and not yet received).
        signatures: Approvals by people other than the proposer that posting needs.
        digest: SHA-256 of the policy's meaning (not of its layout or comments), its rules in the order of the file.
        rules_digest: The same for any order of the rules; empty when the policy was not read from a file.
    """

    currency: str
    unit: int = 1
    objective: Objective = "merit"
    reserve: Bound | None = None
    time_limit: int = 60
    gap: Fraction = Fraction(1, 100_000)
    limits: tuple[Limit, ...] = ()
    exclusives: tuple[Exclusive, ...] = ()
    requires: tuple[Requires, ...] = ()
    score_weights: tuple[tuple[str, Fraction], ...] = field(default=())
    later: tuple[Stage, ...] = ()
    resources: ResourcesKind = "cash"
    signatures: int = 0
    digest: str = ""
    rules_digest: str = ""

    @property
    def named_requests(self) -> tuple[tuple[str, str], ...]:
        """Return (name of the rule, request as the policy spells it) for all that groups and prerequisites name."""
        named = [(group.name, request) for group in self.exclusives for request in group.requests]
        named += [(rule.name, request) for rule in self.requires for request in (rule.request, rule.needs)]
        return tuple(dict.fromkeys(named))

    def sorted(self) -> Policy:
        """Return the same policy with limits, groups and prerequisites sorted by name: their order means nothing."""
        return replace(
            self,
            limits=tuple(sorted(self.limits, key=lambda limit: limit.name)),
            exclusives=tuple(sorted(self.exclusives, key=lambda group: group.name)),
            requires=tuple(sorted(self.requires, key=lambda rule: rule.name)),
        )
