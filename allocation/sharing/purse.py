"""Money that is given away step by step, with payers exchanged whenever that lets more be given.

A maximum flow over classes and cells that grows: what is given stays given; another class may take over its payment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from allocation.flow import Network
from allocation.prepared import Prepared
from allocation.wide_flow import CAPACITY_MAX, WideNetwork
from ledgers.errors import FacilityError

_WIDE_FROM = 2_000
"""Arcs from which the network is laid out in arrays."""


class YearsNotShared(FacilityError):
    """Requests that tell their years apart, in a question whose reckoning does not."""

    code = "years-not-shared"


def one_cell_each(round_: Prepared) -> dict[int, int]:
    """Return the cell of every request that some money may pay.

    Raises:
        YearsNotShared: some request is paid by year, so that it lies in several cells.
    """
    several = [r for r, cells in sorted(round_.pools.cells_of.items()) if len(cells) > 1]
    if several:
        named = ", ".join(round_.problem.requests[r].request_id for r in several[:5])
        more = f" and {len(several) - 5} more" if len(several) > 5 else ""
        raise YearsNotShared(
            f"other rules of sharing and holding back do not reckon by year yet, and {named}{more} tell years apart",
            remedy="ask about a round whose requests do not, or compare decisions of `facility round solve`",
        )
    return {r: cells[0] for r, cells in round_.pools.cells_of.items()}


class Purse:
    """The money of a round.

    Args:
        round_: The round.
        scale: What all amounts are multiplied by, so that parts of a minor unit can be given too.
        cells: Those that may be given to; all when None.
    """

    def __init__(self, round_: Prepared, *, scale: int = 1, cells: Collection[int] | None = None) -> None:
        self._pools = round_.pools
        matrix = round_.pools.matrix.copy()
        for number, cell in round_.pools.mixed:
            matrix[number, cell] = False
        if cells is not None:
            matrix[:, np.setdiff1d(np.arange(len(round_.pools.cells)), sorted(cells))] = False
        whole = sum(money.available for money in round_.pools.classes) + sum(span.ask for span in round_.ranges)
        is_wide = int(matrix.sum()) > _WIDE_FROM and whole * scale < CAPACITY_MAX
        self._network: Network | WideNetwork = WideNetwork(2) if is_wide else Network(2)
        self._cells = [self._network.add_node() for _ in self._pools.cells]
        self._sinks = [self._network.add_arc(node, 1, 0) for node in self._cells]
        self.capacity_of: dict[int, int] = {}
        self._exhausted: frozenset[int] = frozenset()
        for number, money in enumerate(self._pools.classes):
            self._add_class(number, money.available * scale, scale, np.flatnonzero(matrix[number]).tolist())

    def _add_class(self, number: int, available: int, scale: int, cells: Sequence[int]) -> None:
        network, rooms = self._network, self._pools.classes[number].rooms
        node = network.add_node()
        self.capacity_of[network.add_arc(0, node, available)] = available
        room_nodes: dict[str, int] = {}
        starts = []
        for cell in cells:
            countries = self._pools.cells[cell].countries
            if rooms is None or not countries:
                starts.append(node)
                continue
            country = countries[0][0]
            if country not in room_nodes:
                room_nodes[country] = network.add_node()
                room = rooms[country] * scale
                self.capacity_of[network.add_arc(node, room_nodes[country], room)] = room
            starts.append(room_nodes[country])
        ends = [self._cells[cell] for cell in cells]
        if isinstance(network, WideNetwork):
            network.add_arcs(
                np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64), np.full(len(ends), available)
            )
        else:
            network.add_arcs(starts, ends, [available] * len(ends))

    def give(self, cell: int, amount: int) -> int:
        """Give a cell up to `amount` more, and return how much that was.

        A cell to which nothing can come stays so, however much is given elsewhere, and is not looked at again.
        """
        if cell in self._exhausted:
            return 0
        self._network.widen(self._sinks[cell], amount)
        sent = self._network.augment(0, 1, amount)
        if sent < amount:
            self._network.widen(self._sinks[cell], sent - amount)
        if not sent and amount:
            self._exhausted = self.stuck()
        return sent

    def could_give(self, cell: int, amount: int) -> int:
        """Return how much more, up to `amount`, a cell could be given now."""
        before: Any = self._network.rooms()
        sent = self.give(cell, amount)
        self._network.restore(before)
        return sent

    def demand(self, amounts: dict[int, int]) -> int:
        """Ask for an amount for each cell at once, and return how much of it all stays unpaid."""
        for cell, amount in amounts.items():
            self._network.widen(self._sinks[cell], amount)
        return sum(amounts.values()) - self._network.augment(0, 1)

    def stuck(self) -> frozenset[int]:
        """Return the cells to which not one unit more could come."""
        reached = self._network.reached_from(0)
        return frozenset(cell for cell, node in enumerate(self._cells) if node not in reached)

    def reach_of_stuck(self) -> int:
        """Return the capacity of the cut around the stuck cells: all that can ever come to them."""
        reached = self._network.reached_from(0)
        heads = self._network._head
        return sum(
            capacity
            for arc, capacity in self.capacity_of.items()
            if heads[arc ^ 1] in reached and heads[arc] not in reached
        )


def most_payable(round_: Prepared) -> int:
    """Return the most that money could pay of all asks together, minor units."""
    asked: dict[int, int] = {}
    for request, cell in sorted(one_cell_each(round_).items()):
        asked[cell] = asked.get(cell, 0) + round_.ranges[request].ask
    return sum(asked.values()) - Purse(round_).demand(asked)
