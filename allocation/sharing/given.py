"""Awards given one by one: what each request may still get, by money and by the rows of the policy.

A row that is already broken (a floor not yet reached) may be left as broken as it is, never more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from allocation.classes import AwardRange
from allocation.limits import RESERVE, Row
from allocation.prepared import Prepared
from allocation.sharing.purse import Purse, most_payable, one_cell_each


class Given:
    """Awards so far, under some rows.

    Attributes:
        awards: Minor units above zero, by request (its position in the problem).
    """

    def __init__(self, round_: Prepared, rows: Sequence[Row], awards: dict[int, int] | None = None) -> None:
        self.round_ = round_
        self.rows = list(rows)
        self._cell_of = one_cell_each(round_)
        self.awards = dict(awards or {})
        self.slacks = [row.slack(self.awards) for row in self.rows]
        self._of_all = [n for n, row in enumerate(self.rows) if row.total]
        self._of: dict[int, list[int]] = {}
        for number, row in enumerate(self.rows):
            if not row.total:
                for request in row.amounts.keys() | row.choices.keys():
                    self._of.setdefault(request, []).append(number)
        self._purse: Purse | None = None

    def _filled(self) -> Purse:
        """Return the money with every award paid; laid out anew only when asked for after something was taken back."""
        if self._purse is not None:
            return self._purse
        purse = self._purse = Purse(self.round_)
        for request, award in sorted(self.awards.items()):
            purse.give(self._cell_of[request], award)
        return purse

    def under(self, rows: Sequence[Row]) -> Given:
        """Return the same awards under other rows."""
        return Given(self.round_, rows, self.awards)

    def most(self, request: int) -> int:
        """Return the largest award that a request may have when all others keep theirs; never less than it has."""
        have, span = self.awards.get(request, 0), self.round_.ranges[request]
        most = self._within_rows(request, have, span.ask)
        if most <= have or largest_award(span, most) <= have:
            return have
        most = have + self._filled().could_give(self._cell_of[request], most - have)
        return max(have, largest_award(span, most))

    def _within_rows(self, request: int, have: int, most: int) -> int:
        for number in [*self._of.get(request, ()), *self._of_all]:
            row = self.rows[number]
            per_unit = row.amounts.get(request, 0) + row.total
            choice = 0 if have else row.choices.get(request, 0)
            left = max(self.slacks[number], 0) - choice
            if per_unit > 0:
                most = min(most, have + left // per_unit)
            elif left < 0 and self.slacks[number] - choice - per_unit * (have - most) < min(0, self.slacks[number]):
                return have
        return most

    def give(self, request: int, award: int) -> None:
        """Raise a request's award to one that `most` allows."""
        have = self.awards.get(request, 0)
        self._filled().give(self._cell_of[request], award - have)
        self._move(request, have, award)

    def take(self, request: int) -> None:
        """Take an award back whole."""
        self.lower(request, 0)

    def lower(self, request: int, award: int) -> None:
        """Take back what an award has above `award`."""
        self._move(request, self.awards[request], award)
        self._purse = None

    def _move(self, request: int, have: int, award: int) -> None:
        for number in [*self._of.get(request, ()), *self._of_all]:
            row = self.rows[number]
            chosen = row.choices.get(request, 0) * ((award > 0) - (have > 0))
            self.slacks[number] -= (row.amounts.get(request, 0) + row.total) * (award - have) + chosen
        self.awards.pop(request, None)
        if award:
            self.awards[request] = award

    def weight_in(self, number: int, request: int) -> int:
        """Return how much of a row's left side an award makes up."""
        row = self.rows[number]
        return (row.amounts.get(request, 0) + row.total) * self.awards[request] + row.choices.get(request, 0)

    def breaks_by_taking(self, request: int) -> bool:
        """Return whether taking an award back would break a row that holds."""
        numbers = [*self._of.get(request, ()), *self._of_all]
        return any(self.slacks[n] >= 0 and self.slacks[n] + self.weight_in(n, request) < 0 for n in numbers)


def largest_award(span: AwardRange, most: int) -> int:
    """Return the largest award a request may get that is at most `most`; 0 when there is none."""
    if most >= span.ask:
        return span.ask
    award = min(most, span.most) // span.unit * span.unit
    return award if award >= span.least and not span.all_or_nothing else 0


def ranked(round_: Prepared) -> list[int]:
    """Return the requests that some money may pay, the highest merit first, equal ones in order of id."""
    return sorted(round_.fundable, key=lambda r: (-round_.problem.requests[r].merit, r))


def spendable_total(round_: Prepared) -> int:
    """Return what awards could come to: what money can pay of all asks, within the reserve; minor units."""
    kept = [row.at_most for row in round_.rows if row.name == RESERVE and row.total == 1]
    return max(0, min([most_payable(round_), *kept]))


def rows_of_total(round_: Prepared, total: int | Fraction, rows: Iterable[Row]) -> list[Row]:
    """Return the rows with each share of what is awarded read as that share of `total`."""
    of_awarded = {side.row() for side in round_.sides if side.of_awarded}
    return [
        Row(row.name, math.floor(row.at_most - row.total * Fraction(total)), row.amounts, row.choices)
        if row in of_awarded
        else row
        for row in rows
    ]
