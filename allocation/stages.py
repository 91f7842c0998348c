"""How every step of every objective came out, told in the field's figures.

`merit`, `score` and `leverage` in their own units; `expiring` the money that the payments take from contributions that
end by a date; `keep-unearmarked` the money that flexible contributions pay, of which less is better; `even` the sum of
awarded over requested of the groups that have the least; `count` the awards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from allocation.aims import Aim
from allocation.decision import Payment, StageOutcome
from allocation.prepared import Prepared
from allocation.search import Reached
from allocation.steps import Payable
from ledgers.money import places

Payments = Mapping[int, Sequence[Payment]]


def stage_outcomes(
    round_: Prepared, reached: Sequence[Reached], awards: Mapping[int, int], paid: Payments
) -> tuple[StageOutcome, ...]:
    """Return the outcome of every step, in order; none when the policy has the first objective only."""
    if not round_.problem.policy.later:
        return ()
    return tuple(_outcome(round_, one, awards, paid) for one in reached)


def _outcome(round_: Prepared, one: Reached, awards: Mapping[int, int], paid: Payments) -> StageOutcome:
    aim = one.step.aim
    value = _value(round_, aim, awards, paid)
    if aim.objective == "keep-unearmarked":
        best, bound = min(-one.best, value), min(-one.bound, value)
        return StageOutcome(aim.objective, aim.of, value, bound, value - best)
    best, bound = max(one.best, value), max(one.bound, value)
    return StageOutcome(aim.objective, aim.of, value, bound, best - value)


def _value(round_: Prepared, aim: Aim, awards: Mapping[int, int], paid: Payments) -> Fraction:
    """Return the figure that the final awards and payments reach; of money, what is really paid."""
    if not isinstance(aim.envelope, Payable):
        return aim.value(awards)
    members = aim.envelope.members
    if aim.objective == "keep-unearmarked":
        members = frozenset(range(len(round_.problem.contributions))) - members
    named = {round_.problem.contributions[member].contribution_id for member in members}
    spent = sum(p.amount for payments in paid.values() for p in payments if p.contribution_id in named)
    return Fraction(spent, 10 ** places(round_.problem.currency))
