"""The round under one change, as the optimiser reads it: rows added, awards kept, a slack beside the requests.

The *slack* is one more request that only money of its own may pay and that no limit of the policy counts. To leave as
much of it as possible is to move a limit, or to add money, as little as possible: the rows that may give way get the
slack as a term, and its award is the only thing that the objective counts. So every question is asked of the same
search that decides rounds, with the same exact finish.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from allocation.classes import AwardRange, Cell, MoneyClass, Pools
from allocation.exact import ExactAwards
from allocation.limits import Row
from allocation.policy import Objective
from allocation.prepared import Prepared
from allocation.problem import Request
from allocation.search import Search
from ledgers.terms import Subject

_LAST = chr(0x10FFFF)
"""Sorts behind the id of every request, so that the others keep their positions."""

GAP_LEAST = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search said of a round under a change.

    Attributes:
        awards: The best exact awards, or None.
        value: Their objective there; 0 when there are none.
        bound: What no awards can pass there, or None when nothing was proven.
        impossible: Whether it is proven that no awards keep the rows.
    """

    awards: ExactAwards | None
    value: Fraction
    bound: Fraction | None
    impossible: bool


def searched(round_: Prepared, *, seconds: float) -> Found:
    """Return the best awards of a round, changed or not, and what is proven of them."""
    search = Search(round_, time.monotonic() + seconds, lambda _: None)
    search.run()
    value = round_.objective(search.best.awards) if search.best is not None else Fraction(0)
    return Found(search.best, value, search.bound, search.impossible)


def under(round_: Prepared, rows: Iterable[Row], *, gap: Fraction | None = None) -> Prepared:
    """Return the round with more rows, only its first objective, and a gap of its own."""
    policy = round_.problem.policy
    policy = replace(policy, later=(), gap=policy.gap if gap is None else max(gap, GAP_LEAST))
    return replace(round_, problem=replace(round_.problem, policy=policy), rows=(*round_.rows, *rows))


def funded_row(name: str, requests: Iterable[int]) -> Row:
    """Return the row that funds every one of some requests."""
    choices = dict.fromkeys(requests, -1)
    return Row(name, -len(choices), choices=choices)


def kept(round_: Prepared, awards: Mapping[int, int]) -> Prepared:
    """Return the round in which no award may be below what it is: what is at the ask stays there."""
    ranges = tuple(
        replace(span, least=min(awards[r], span.ask)) if r in awards else span for r, span in enumerate(round_.ranges)
    )
    return replace(round_, ranges=ranges, rows=(*round_.rows, funded_row("awards as decided", sorted(awards))))


def with_slack(
    round_: Prepared,
    most: int,
    *,
    merits: Mapping[int, Fraction] | None = None,
    objective: Objective = "merit",
    payer: int | None = None,
) -> tuple[Prepared, int]:
    """Return the round with a slack of up to `most` minor units, and the slack's position among the requests.

    Args:
        round_: The round.
        most: The most that the slack may be.
        merits: What the objective counts for other requests; left out: nothing but the slack, each unit once.
        objective: `merit` or `score`.
        payer: The class of money that pays the slack; left out: one of its own.
    """
    worth = merits or {}
    problem, position = round_.problem, len(round_.problem.requests)
    asked = [replace(r, merit=worth.get(n, Fraction(0))) for n, r in enumerate(problem.requests)]
    merit = worth.get(position, Fraction(0 if merits else 1))
    asked.append(Request(Subject(request=_LAST), ask=most, minimum=0, merit=merit))
    policy = replace(problem.policy, objective=objective, later=(), gap=max(GAP_LEAST, Fraction(1, 4 * most)))
    return replace(
        round_,
        problem=replace(problem, requests=tuple(asked), policy=policy),
        pools=_with_slack_paid(round_.pools, position, most, payer),
        ranges=(*round_.ranges, AwardRange(most, 1, most, 1)),
        rows=tuple(_blind(row, position) for row in round_.rows),
        fundable=(*round_.fundable, position),
    ), position


def _blind(row: Row, position: int) -> Row:
    """Return a row that does not see the slack: what it counts of all awards is taken back from the slack's."""
    return replace(row, amounts={**row.amounts, position: -row.total}) if row.total else row


def _with_slack_paid(pools: Pools, position: int, most: int, payer: int | None) -> Pools:
    """Return the pools with a cell for the slack, paid by one class: a new one with `most` to give, or one that is."""
    rows, columns = pools.matrix.shape
    own = payer is None
    matrix = np.zeros((rows + own, columns + 1), dtype=np.bool_)
    matrix[:rows, :columns] = pools.matrix
    number = rows if payer is None else payer
    matrix[number, columns] = True
    classes = (*pools.classes, MoneyClass((), most)) if own else pools.classes
    cell = Cell(((position, 0, Fraction(1)),), (number,))
    return Pools(classes, (*pools.cells, cell), {**pools.cells_of, position: (columns,)}, matrix)
