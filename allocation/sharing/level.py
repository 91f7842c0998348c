"""Raising shares together: how high the common share of some asks can go before money or a ceiling stops them.

Everything is in exact rationals. Money stops a set of cells when a minimum cut says that no more can come to them; the
level at which that happens is found by stepping down from above: each cut gives the level at which it would just hold,
and the last one is the highest that all cuts allow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.sharing.purse import Purse, one_cell_each

Amounts = dict[int, Fraction]


@dataclass
class Levels:
    """Amounts that rise together, request by request stopped.

    Attributes:
        round_: The round.
        rows: Ceilings and the reserve as rows over amounts, without shares of what is awarded.
        amounts: What each request stands at, minor units.
        cell_of: Each request's cell.
    """

    round_: Prepared
    rows: Sequence[Row]
    amounts: Amounts = field(default_factory=dict)
    cell_of: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Know where each request is paid."""
        self.cell_of = one_cell_each(self.round_)

    def raise_all(self, members: Iterable[int], until: Row | None = None) -> None:
        """Raise the members' common share of their asks as far as it goes, each until something stops it.

        Whoever stands higher already waits until the others have come up.

        Args:
            members: Requests that rise; the others keep what they have.
            until: A floor at which to stop, if it is reached.
        """
        waiting = sorted(members, key=lambda r: (self._share(r), r))
        rising: list[int] = []
        level = Fraction(0)
        while waiting or rising:
            while waiting and (not rising or self._share(waiting[0]) <= level):
                level = max(level, self._share(waiting[0]))
                rising.append(waiting.pop(0))
            ceiling = min(Fraction(1), self._share(waiting[0]) if waiting else Fraction(1))
            wanted = min(ceiling, self._enough(rising, until), *self._row_levels(rising))
            level, stuck = self._payable(rising, max(level, wanted))
            for r in rising:
                self.amounts[r] = level * self._ask(r)
            if until is not None and _slack(until, self.amounts) >= 0:
                return
            rising = self._still_free(rising, stuck, level)

    def _ask(self, request: int) -> int:
        return self.round_.ranges[request].ask

    def _share(self, request: int) -> Fraction:
        return self.amounts.get(request, Fraction(0)) / self._ask(request)

    def _enough(self, rising: Sequence[int], until: Row | None) -> Fraction:
        """Return the level at which the floor is met, if these requests alone rise."""
        if until is None:
            return Fraction(1)
        per_level = sum((until.amounts.get(r, 0) * self._ask(r) for r in rising), start=Fraction(0))
        fixed = {r: amount for r, amount in self.amounts.items() if r not in set(rising)}
        return _slack(until, fixed) / per_level if per_level < 0 else Fraction(1)

    def _row_levels(self, rising: Sequence[int]) -> list[Fraction]:
        """Return the level at which each row would stop the rising requests."""
        chosen = set(rising)
        fixed = {r: amount for r, amount in self.amounts.items() if r not in chosen}
        levels = []
        for row in self.rows:
            counted = rising if row.total else [r for r in row.amounts if r in chosen]
            per_level = Fraction(sum((row.amounts.get(r, 0) + row.total) * self._ask(r) for r in counted))
            if per_level > 0:
                levels.append(max(Fraction(0), _slack(row, fixed) / per_level))
        return levels

    def _payable(self, rising: Sequence[int], level: Fraction) -> tuple[Fraction, frozenset[int]]:
        """Return the highest level up to `level` that money can pay, and the cells that it then stops."""
        chosen, cell_of = set(rising), self.cell_of
        fixed: dict[int, Fraction] = {}
        asked: dict[int, int] = {}
        for r, amount in self.amounts.items():
            if r not in chosen:
                fixed[cell_of[r]] = fixed.get(cell_of[r], Fraction(0)) + amount
        for r in rising:
            asked[cell_of[r]] = asked.get(cell_of[r], 0) + self._ask(r)
        while True:
            demand = {cell: fixed.get(cell, 0) + level * asked.get(cell, 0) for cell in sorted({*fixed, *asked})}
            scale = math.lcm(*(Fraction(amount).denominator for amount in demand.values()))
            purse = Purse(self.round_, scale=scale, cells=demand)
            unpaid = purse.demand({cell: int(amount * scale) for cell, amount in demand.items()})
            stuck = purse.stuck()
            if not unpaid:
                return level, stuck
            reach = Fraction(purse.reach_of_stuck(), scale) - sum(fixed.get(cell, 0) for cell in stuck)
            level = reach / sum(asked.get(cell, 0) for cell in stuck)

    def _still_free(self, rising: Sequence[int], stuck: frozenset[int], level: Fraction) -> list[int]:
        """Return the requests that could rise further."""
        if level >= 1:
            return []
        tight = [row for row in self.rows if _slack(row, self.amounts) <= 0]
        cell_of = self.cell_of
        return [
            r
            for r in rising
            if cell_of[r] not in stuck and all(row.amounts.get(r, 0) + row.total <= 0 for row in tight)
        ]


def _slack(row: Row, amounts: Mapping[int, Fraction]) -> Fraction:
    parts = [weight * amounts[r] for r, weight in row.amounts.items() if r in amounts]
    parts += [row.total * amount for amount in amounts.values()] if row.total else []
    return row.at_most - sum(parts, start=Fraction(0))
