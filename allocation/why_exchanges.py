"""What could reach a request by exchanges: awards stay whole, and other money that may pay them takes the place.

One network of the springs serves every question. Node 0 is where unspent money comes from, node 1 the request in
question, node 2 where what it can use goes; then the springs, then one node for each kind of request that is paid.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.why_springs import Numbers, Springs
from allocation.wide_flow import WideNetwork

Flags = NDArray[np.bool_]

_FIRST = 3


class Exchanges:
    """The exchanges that are open among all springs."""

    def __init__(self, springs: Springs) -> None:
        self._springs = springs
        self._count = len(springs.contributions)
        numbers = np.arange(self._count)
        unspent = springs.available - springs.spent
        money, rooms = np.flatnonzero(springs.behind < 0), np.flatnonzero(springs.behind >= 0)
        self._network = WideNetwork(_FIRST + self._count, number=unspent.dtype)
        self._network.add_arcs(np.zeros_like(money), _FIRST + money, unspent[money])
        behind = _FIRST + springs.behind[rooms]
        self._network.add_arcs(behind, _FIRST + rooms, unspent[rooms])
        self._network.add_arcs(_FIRST + rooms, behind, springs.spent[rooms])
        self._add_awards()
        self._into = self._network.add_arcs(_FIRST + numbers, np.ones_like(numbers), np.zeros_like(numbers))
        self._gate = self._network.add_arc(1, 2, 0)
        self._rooms = self._network.rooms()
        self._is_changed = False
        self._reached: dict[int, Flags] = {}

    def may_send(self, kind: int, amount: int) -> bool:
        """Return whether one chain of exchanges could bring a kind of request so much; False: it may need several."""
        least = 1 << max(0, amount - 1).bit_length()
        if least not in self._reached:
            self._restore()
            self._reached[least] = self._network.spread(np.array([0]), least=least)
        return bool(self._reached[least][_FIRST + self._springs.payers[kind]].any())

    def closed(self, kind: int) -> Flags:
        """Return the springs from which money could come to a kind of request by exchanges, spare or not."""
        self._restore()
        starts = _FIRST + self._springs.payers[kind]
        core, around = self._core
        if not core[starts].any():
            return self._of_springs(self._network.spread(starts, backwards=True))
        outside = starts[~around[starts]]
        return self._of_springs(self._network.spread(outside, backwards=True, seen=around.copy()))

    def sent_to(self, kind: int, most: int) -> tuple[int, Flags]:
        """Return what could be sent to a kind of request, up to a most, and the springs from which more could come."""
        self._restore()
        self._is_changed = True
        for spring in self._springs.payers[kind].tolist():
            self._network.widen(int(self._into[spring]), most)
        self._network.widen(self._gate, most)
        amount = self._network.augment(0, 2, most)
        return amount, self._of_springs(self._network.spread(np.array([2]), backwards=True))

    @cached_property
    def _core(self) -> tuple[Flags, Flags]:
        """Nodes that exchange with the busiest spring both ways, and all from which money could come to these.

        In a round with much shared money that is nearly everything, and most questions begin inside it.
        """
        pivot = _FIRST + np.flatnonzero(self._springs.spent == self._springs.spent.max(initial=0))[:1]
        around = self._network.spread(pivot, backwards=True)
        return around & self._network.spread(pivot), around

    def _restore(self) -> None:
        """Put the network back as the decision left it."""
        if self._is_changed:
            self._network.restore(self._rooms)
            self._is_changed = False

    def _of_springs(self, nodes: Flags) -> Flags:
        return nodes[_FIRST : _FIRST + self._count]

    def _add_awards(self) -> None:
        """Add each kind of request that is paid as a node: its payers may come in, and what they give may go back."""
        given: dict[int, list[tuple[int, int]]] = {}
        for (spring, kind), amount in self._springs.paid.items():
            given.setdefault(kind, []).append((spring, amount))
        for kind, amounts in given.items():
            node = self._network.add_node()
            payers, whole = self._springs.payers[kind], sum(amount for _, amount in amounts)
            self._add(_FIRST + payers, np.full(len(payers), node), [whole] * len(payers))
            springs = np.array([spring for spring, _ in amounts])
            self._add(np.full(len(springs), node), _FIRST + springs, [amount for _, amount in amounts])

    def _add(self, tails: Numbers, heads: Numbers, capacities: list[int]) -> None:
        self._network.add_arcs(tails, heads, np.array(capacities, dtype=self._springs.spent.dtype))
