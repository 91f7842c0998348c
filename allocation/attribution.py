"""Donor attribution beside the exact trace: what each unrestricted contribution pays, as if its money were everywhere.

The exact trace says by a written rule which contribution pays which request. Unrestricted money is commingled, so the
rule's choice among it means little to a donor. The pro-rata share says instead: of all unrestricted money that was
paid, a contribution made up such a part, and so it made up that part of the unrestricted money in every request.

    share[c, r] = paid[c] * into[r] / all

for every unrestricted contribution c and request r: `paid[c]` is what c pays in all, `into[r]` is the unrestricted
money in r, `all` the sum of either. Unrestricted is a contribution without earmark, use-by date, dates of spending and
country share; what any of these restricts stays as it was traced, for pro rata it could stand where its terms forbid.

Amounts are whole minor units: each share is rounded to one of the two units around it such that every contribution and
every request has exactly its total of the exact trace. The units that rounding leaves go to larger remainders before
smaller ones as far as these totals allow (equal ones: by contribution, then request).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocation.decision import Decision
from allocation.flow import Network
from allocation.problem import Contribution, Problem

_BATCHES = 16


@dataclass(frozen=True, slots=True)
class Attributed:
    """What one contribution is in one request.

    Attributes:
        contribution_id: Whose money.
        request_id: Where.
        exact: Minor units by the exact trace.
        pro_rata: Minor units by shares; equals `exact` for restricted money.
    """

    contribution_id: str
    request_id: str
    exact: int
    pro_rata: int


def attribution(problem: Problem, decision: Decision) -> tuple[Attributed, ...]:
    """Return every payment beside its pro-rata share, by contribution and request, without pairs of zeros."""
    exact: dict[tuple[str, str], int] = {}
    for award in decision.awards:
        for payment in award.payments:
            key = (payment.contribution_id, award.request_id)
            exact[key] = exact.get(key, 0) + payment.amount
    free = {c.contribution_id for c in problem.contributions if is_unrestricted(c)}
    shares = {key: amount for key, amount in exact.items() if key[0] not in free}
    shares |= _pro_rata({key: amount for key, amount in exact.items() if key[0] in free})
    return tuple(
        Attributed(*key, exact.get(key, 0), shares.get(key, 0))
        for key in sorted(exact.keys() | shares.keys())
        if exact.get(key, 0) or shares.get(key, 0)
    )


def is_unrestricted(contribution: Contribution) -> bool:
    """Return whether nothing says what a contribution may pay."""
    dates = (contribution.use_by, contribution.spend_from, contribution.spend_to)
    return not contribution.earmark.parts and contribution.country_cap is None and dates == (None, None, None)


def _pro_rata(paid: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    givers = sorted({giver for giver, _ in paid})
    takers = sorted({taker for _, taker in paid})
    rows = [sum(amount for (giver, _), amount in paid.items() if giver == one) for one in givers]
    columns = [sum(amount for (_, taker), amount in paid.items() if taker == one) for one in takers]
    matrix = in_proportion(rows, columns)
    return {(giver, taker): matrix[i][j] for i, giver in enumerate(givers) for j, taker in enumerate(takers)}


def in_proportion(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Return whole numbers near rows[i] * columns[j] / total whose rows and columns sum exactly as given.

    >>> in_proportion([2, 1], [1, 1, 1])
    [[0, 1, 1], [1, 0, 0]]

    Args:
        rows: Sum of each row, not negative.
        columns: Sum of each column, not negative; both sum to the same total.
    """
    total = sum(rows)
    if total != sum(columns):
        raise ValueError("rows and columns must sum to the same total")
    if not total:
        return [[0] * len(columns) for _ in rows]
    matrix = [[row * column // total for column in columns] for row in rows]
    for i, j in _raised(rows, columns, matrix, total):
        matrix[i][j] += 1
    return matrix


def _raised(rows: Sequence[int], columns: Sequence[int], matrix: list[list[int]], total: int) -> list[tuple[int, int]]:
    """Return the places that get one unit more: a flow of single units from what rows lack to what columns lack.

    Larger remainders are opened first. That enough places exist follows from the remainders themselves, which are
    such a flow in parts of a unit.
    """
    network = Network(2 + len(rows) + len(columns))
    for i, row in enumerate(rows):
        network.add_arc(0, 2 + i, row - sum(matrix[i]))
    for j, column in enumerate(columns):
        network.add_arc(2 + len(rows) + j, 1, column - sum(line[j] for line in matrix))
    remainders = [(-(row * column % total), i, j) for i, row in enumerate(rows) for j, column in enumerate(columns)]
    places = [(i, j) for remainder, i, j in sorted(remainders) if remainder]
    arcs = {}
    step = max(1, -(-len(places) // _BATCHES))
    for start in range(0, len(places), step):
        for i, j in places[start : start + step]:
            arcs[i, j] = network.add_arc(2 + i, 2 + len(rows) + j, 1)
        network.augment(0, 1)
    return [place for place, arc in arcs.items() if network.flow(arc)]
