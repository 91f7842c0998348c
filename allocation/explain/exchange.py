"""Whether money reaches awards that differ in a few places from awards that it reaches: one network for all questions.

The network carries the first awards. For each question what the smaller awards no longer need is taken back along the
paths that it came, what the larger ones need is sent, and then the first state is put back.
"""

from __future__ import annotations

from collections.abc import Mapping

from allocation.flow import Network
from allocation.hall import hall_row
from allocation.limits import Row
from allocation.network import Shortage, demand_of
from allocation.prepared import Prepared

_SOURCE, _SINK = 0, 1


class Exchange:
    """The money of a round under some awards; not for rounds with `Pools.mixed` payments.

    Args:
        round_: The round.
        awards: Awards that the money reaches, minor units by request.
    """

    def __init__(self, round_: Prepared, awards: Mapping[int, int]) -> None:
        self._round, self._awards = round_, awards
        pools = self._pools = round_.pools
        self._network = Network(2)
        self._classes = [self._network.add_node() for _ in pools.classes]
        self._opened = [
            self._network.add_arc(_SOURCE, node, money.available)
            for node, money in zip(self._classes, pools.classes, strict=True)
        ]
        self._rooms: dict[tuple[int, str], tuple[int, int]] = {}
        wide = sum(money.available for money in pools.classes) + 1
        self._cells = [self._network.add_node() for _ in pools.cells]
        self._paths = [self._paths_to(number, wide) for number in range(len(pools.cells))]
        demand = demand_of(round_, awards)
        self._wanted = [
            self._network.add_arc(node, _SINK, demand.get(number, 0)) for number, node in enumerate(self._cells)
        ]
        self._network.augment(_SOURCE, _SINK)
        self._state = self._network.rooms()

    def payments(self) -> dict[tuple[int, int], int]:
        """Return what each class pays each cell of the first awards, minor units; those above zero."""
        self._network.restore(self._state)
        arcs = [
            (payer, number, path[-1])
            for number, cell in enumerate(self._pools.cells)
            for payer, path in zip(cell.payers, self._paths[number], strict=True)
        ]
        return {(payer, number): paid for payer, number, arc in arcs if (paid := self._network.flow(arc))}

    def broken(self, chosen: Mapping[int, int]) -> list[Row]:
        """Return the Hall conditions that changed awards break; none when money reaches them.

        Args:
            chosen: What each of some requests gets instead, minor units.
        """
        before = demand_of(self._round, {r: self._awards[r] for r in chosen if r in self._awards})
        after = demand_of(self._round, {r: award for r, award in chosen.items() if award})
        by_cell = {cell: after.get(cell, 0) - before.get(cell, 0) for cell in before.keys() | after.keys()}
        self._network.restore(self._state)
        for cell, change in sorted(by_cell.items()):
            if change < 0:
                self._return(cell, -change)
        more = 0
        for cell, change in sorted(by_cell.items()):
            if change > 0:
                self._network.widen(self._wanted[cell], change)
                more += change
        if more - self._network.augment(_SOURCE, _SINK) == 0:
            return []
        return [hall_row(self._pools, shortage.lifted(self._pools)) for shortage in self._shortages()]

    def _paths_to(self, number: int, wide: int) -> list[tuple[int, ...]]:
        """Return the arcs over which each payer's money comes to a cell."""
        cell = self._pools.cells[number]
        paths: list[tuple[int, ...]] = []
        for payer in cell.payers:
            rooms, start = self._pools.classes[payer].rooms, self._classes[payer]
            before: tuple[int, ...] = (self._opened[payer],)
            if rooms is not None and cell.countries:
                room = (payer, cell.countries[0][0])
                if room not in self._rooms:
                    node = self._network.add_node()
                    self._rooms[room] = (node, self._network.add_arc(start, node, rooms[room[1]]))
                start, arc = self._rooms[room]
                before = (*before, arc)
            paths.append((*before, self._network.add_arc(start, self._cells[number], wide)))
        return paths

    def _return(self, cell: int, amount: int) -> None:
        """Take back a part of what a cell gets, and no longer want it."""
        self._network.take_back(self._wanted[cell], amount)
        self._network.widen(self._wanted[cell], -amount)
        for path in self._paths[cell]:
            part = min(amount, self._network.flow(path[-1]))
            if part:
                for arc in path:
                    self._network.take_back(arc, part)
                amount -= part

    def _shortages(self) -> list[Shortage]:
        near = self._network.reached_from(_SOURCE)
        far = self._network.reaching(_SINK)
        everything = {*self._cells, *self._classes, *(node for node, _ in self._rooms.values())}
        found = [self._shortage(beyond) for beyond in (far, everything - near)]
        return found if found[0] != found[1] else found[:1]

    def _shortage(self, beyond: set[int]) -> Shortage:
        classes = frozenset(k for k, node in enumerate(self._classes) if node in beyond)
        return Shortage(
            frozenset(n for n, node in enumerate(self._cells) if node in beyond),
            classes,
            frozenset(pair for pair, (node, _) in self._rooms.items() if node in beyond and pair[0] not in classes),
        )
