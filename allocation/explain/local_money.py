"""The money of a few awards with all other payments as they stand: for questions about the neighbourhood of a decision.

Classes may pay the requests in question with what the other awards leave of them and of their rooms, and no other
payment moves. That is narrower than the truth, in which payments of others could make way; so awards found so are
reached by money, and better ones may exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from allocation.network import demand_of
from allocation.prepared import Prepared
from allocation.relaxation import Columns

_NEAR_MAX = 25
"""Of so many awards at most it is said that their money could serve another request."""


class LocalMoney:
    """The payments of a decision by class and cell; not for rounds with `Pools.mixed` payments.

    Args:
        round_: The round.
        awards: Of the decision, minor units by position.
        paid: What each class pays each cell, minor units.
    """

    def __init__(self, round_: Prepared, awards: Mapping[int, int], paid: Mapping[tuple[int, int], int]) -> None:
        self._round, self._awards = round_, awards
        self._by_cell: dict[int, dict[int, int]] = {}
        for (payer, cell), amount in paid.items():
            self._by_cell.setdefault(cell, {})[payer] = amount
        self._left = [money.available for money in round_.pools.classes]
        self._rooms_left: dict[tuple[int, str], int] = {}
        for (payer, cell), amount in paid.items():
            self._left[payer] -= amount
            room = self._room(payer, cell)
            if room is not None:
                whole = (round_.pools.classes[payer].rooms or {})[room[1]]
                self._rooms_left[room] = self._rooms_left.get(room, whole) - amount

    def near(self, request: int, times: int) -> list[int]:
        """Return the awards whose money could fund a request, those first that are worth the least for it.

        Args:
            request: The request's position.
            times: How often they free the least that it must have, where there are so many.
        """
        pools = self._round.pools
        payers = {payer for cell in pools.cells_of[request] for payer in pools.cells[cell].payers}
        found = []
        for other, award in self._awards.items():
            cells = pools.cells_of[other]
            reached = sum(a for cell in cells for k, a in self._by_cell.get(cell, {}).items() if k in payers)
            if other != request and reached:
                freed = min(award, reached)
                found.append((self._round.worth(other, award) / freed, other, freed))
        found.sort()
        chosen, freed = [], 0
        for _, other, amount in found[:_NEAR_MAX]:
            if freed >= times * self._round.ranges[request].least:
                break
            chosen.append(other)
            freed += amount
        return chosen

    def lay(self, highs: Any, columns: Columns, opened: Iterable[int]) -> None:
        """Add to a program over some requests' awards that money must reach them: payments, and what bounds them.

        Args:
            highs: The program, its columns those given.
            columns: Of the requests in question, in solver units.
            opened: These requests.
        """
        pools, among = self._round.pools, set(opened)
        others = demand_of(self._round, {r: award for r, award in self._awards.items() if r not in among})
        cells = sorted({cell for r in among for cell in pools.cells_of[r]})
        column = columns.count
        of_class: dict[int, list[int]] = {}
        of_room: dict[tuple[int, str], list[int]] = {}
        of_cell: dict[int, list[int]] = {}
        for cell in cells:
            for payer in pools.cells[cell].payers:
                of_class.setdefault(payer, []).append(column)
                of_cell.setdefault(cell, []).append(column)
                room = self._room(payer, cell)
                if room is not None:
                    of_room.setdefault(room, []).append(column)
                column += 1
        count = column - columns.count
        none = np.array([], dtype=np.int32)
        starts = np.zeros(count, dtype=np.int32)
        highs.addCols(count, np.zeros(count), np.zeros(count), np.full(count, np.inf), 0, starts, none, np.array([]))
        for payer, paid in of_class.items():
            free = self._left[payer] + sum(self._by_cell.get(cell, {}).get(payer, 0) for cell in cells)
            _at_most(highs, paid, free / columns.scale)
        for room, paid in of_room.items():
            free = self._rooms_left.get(room, (pools.classes[room[0]].rooms or {})[room[1]])
            free += sum(self._by_cell.get(c, {}).get(room[0], 0) for c in cells if self._room(room[0], c) == room)
            _at_most(highs, paid, float(free) / columns.scale)
        asking: dict[int, dict[int, float]] = {cell: {} for cell in cells}
        for r in among:
            parts = self._round.problem.requests[r].years or ((0, 1),)
            whole = sum(amount for _, amount in parts)
            place, weight = columns.term(r)
            for cell, (_, amount) in zip(pools.cells_of[r], parts, strict=True):
                asking[cell][place] = asking[cell].get(place, 0.0) - weight * amount / whole
        for cell, paid in of_cell.items():
            indices = np.array([*paid, *asking[cell]], dtype=np.int32)
            values = np.array([*[1.0] * len(paid), *asking[cell].values()])
            highs.addRow(others.get(cell, 0) / columns.scale, np.inf, len(indices), indices, values)

    def _room(self, payer: int, cell: int) -> tuple[int, str] | None:
        """Return the room through which a payer pays a cell, where it is bound to one."""
        countries = self._round.pools.cells[cell].countries
        if self._round.pools.classes[payer].rooms is None or not countries:
            return None
        return payer, countries[0][0]


def _at_most(highs: Any, columns: list[int], most: float) -> None:
    highs.addRow(-np.inf, most, len(columns), np.array(columns, dtype=np.int32), np.ones(len(columns)))
