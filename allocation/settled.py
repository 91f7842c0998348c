"""From a solver's amounts to whole awards that keep every row and that money can pay, or as many of them as can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.sharing.given import Given, largest_award, ranked
from allocation.sharing.greedy import take_back
from allocation.sharing.purse import Purse, one_cell_each


def settled(round_: Prepared, hints: Mapping[int, float], rows: Sequence[Row]) -> dict[int, int]:
    """Return whole awards near a solver's amounts that money can pay and that break no row they could keep."""
    awards = {}
    for r, hint in sorted(hints.items()):
        if r in round_.pools.cells_of:
            span = round_.ranges[r]
            award = span.ask if span.all_or_nothing else largest_award(span, round(hint))
            awards[r] = award or span.least
    awards = _payable(round_, awards)
    given = Given(round_, rows, awards)
    order = ranked(round_)
    _trim(given)
    take_back(given, order)
    return dict(given.awards)


def _payable(round_: Prepared, awards: dict[int, int]) -> dict[int, int]:
    """Return the awards, those of lowest merit lowered or left out until money pays them all."""
    cell_of = one_cell_each(round_)
    while True:
        purse = Purse(round_)
        for r in ranked(round_):
            if r in awards:
                sent = purse.give(cell_of[r], awards[r])
                if sent < awards[r]:
                    award = largest_award(round_.ranges[r], sent)
                    awards = {**awards, r: award} if award else {s: a for s, a in awards.items() if s != r}
                    break
        else:
            return awards


def _trim(given: Given) -> None:
    """Lower awards by single units where rounding broke a row, those of lowest merit first."""
    ranges = given.round_.ranges
    for number, row in enumerate(given.rows):
        for r in reversed(ranked(given.round_)):
            award = given.awards.get(r, 0)
            lower = award - ranges[r].unit
            counts = row.amounts.get(r, 0) + row.total > 0 and award < ranges[r].ask
            if counts and given.slacks[number] < 0 and ranges[r].holds(lower):
                given.lower(r, lower)
