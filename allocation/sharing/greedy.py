"""Merit ranking, as committees do it: down the list, each request funded whole or as much as is useful.

1. Floors first: for each floor of the policy in its order, the best-ranked requests that count for it, until it is met.
2. Then down the list by merit (equal merit: by id): each request gets its ask, or the largest award that money and
   ceilings still allow if that is at least its minimum. Money is asked of all contributions together: payers of earlier
   awards are exchanged where their earmarks allow. A share of what is awarded is read as a share of what could be.
3. What then breaks a share of what was really awarded is taken back from the bottom of the list.
4. Down the list again with what is left, until nothing more fits.

Promise: priority is respected. No request without an award could still get one, nor a larger one, from what is left
while every award stays and every limit holds; and a request was passed over at its turn only because what ranked above
it, with the floors, left too little.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.sharing.given import Given, ranked, rows_of_total, spendable_total

PROMISE = "priority by merit: nobody unfunded could still be funded from what is left"


def greedy(round_: Prepared, envelopes: Sequence[Row] = ()) -> dict[int, int]:
    """Return the awards of a ranking by merit: minor units above zero, by request (its position in the problem).

    Args:
        round_: The round.
        envelopes: Ceilings beyond the policy's, which the ranking keeps too.
    """
    order = ranked(round_)
    total = spendable_total(round_)
    given = Given(round_, [*rows_of_total(round_, total, round_.rows), *envelopes])
    fill_floors(given, order)
    add_down_the_list(given, order)
    return completed(given.under([*round_.rows, *envelopes]), order)


def completed(given: Given, order: Sequence[int]) -> dict[int, int]:
    """Return awards with what breaks a row taken back from the bottom, and what is left given down the list."""
    take_back(given, order)
    while add_down_the_list(given, order):
        pass
    return dict(sorted(given.awards.items()))


def fill_floors(given: Given, order: Sequence[int]) -> None:
    """Give to the best-ranked requests that count for each unmet floor until it is met, or nobody is left."""
    for number in range(len(given.rows)):
        row = given.rows[number]
        if row.at_most >= 0:
            continue
        for request in order:
            if given.slacks[number] >= 0:
                break
            if row.amounts.get(request, 0) < 0 or row.choices.get(request, 0) < 0:
                _raise(given, request)


def add_down_the_list(given: Given, order: Sequence[int]) -> bool:
    """Give each request in turn as much as it may have; return whether anybody got more."""
    raised = [request for request in order if _raise(given, request)]
    return bool(raised)


def take_back(given: Given, order: Sequence[int]) -> None:
    """Take awards back from the bottom of the list until no row is broken that this could mend."""
    from_below = list(reversed(order))
    while True:
        broken = [n for n, slack in enumerate(given.slacks) if slack < 0]
        choices = [[r for r in from_below if r in given.awards and given.weight_in(n, r) > 0] for n in broken]
        mending = next((found for found in choices if found), None)
        if mending is None:
            return
        harmless = [request for request in mending if not given.breaks_by_taking(request)]
        given.take((harmless or mending)[0])


def _raise(given: Given, request: int) -> bool:
    most = given.most(request)
    if most == given.awards.get(request, 0):
        return False
    given.give(request, most)
    return True
