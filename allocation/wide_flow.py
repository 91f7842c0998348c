"""Maximum flow on large networks: Dinic's method on arrays, whole 64-bit numbers, the same promises as `flow.Network`.

Distances to the sink are found a frontier at a time, and what a node sends over its last two arcs goes out to all
neighbours at once. Capacities and their sums must stay below 2**62; the caller sees to that.

Source: E. A. Dinic, Algorithm for solution of a problem of maximum flow in networks with power estimation, 1970.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

CAPACITY_MAX = 2**62
"""What all capacities out of the source must stay below together."""

_DEEP = 300


class WideNetwork:
    """A directed network with whole capacities and the flow that it carries; arcs may not be added after `augment`.

    Arcs are numbered in the order in which they are added; each has its reverse beside it, so that arc `2 * i` and arc
    `2 * i + 1` share one flow.
    """

    def __init__(self, nodes: int, *, number: Any = np.int64) -> None:
        """Start with nodes and no arcs; with `number=object` capacities may be as large as they like, more slowly."""
        self._nodes, self._number = nodes, np.dtype(number)
        self._most: Any = CAPACITY_MAX if self._number.kind == "i" else math.inf
        self._parts: list[tuple[Numbers, Numbers, Numbers]] = []
        self._count = 0
        self._ready = False
        self._cut: tuple[int, NDArray[np.bool_]] | None = None

    def add_node(self) -> int:
        """Add a node and return its number."""
        self._nodes += 1
        return self._nodes - 1

    def add_arc(self, tail: int, head: int, capacity: int) -> int:
        """Add an arc and return its number, by which its flow is asked for."""
        return int(self.add_arcs(np.array([tail]), np.array([head]), np.array([capacity], dtype=self._number))[0])

    def add_arcs(self, tails: Numbers, heads: Numbers, capacities: Numbers) -> Numbers:
        """Add arcs and return their numbers."""
        self._parts.append((tails, heads, capacities))
        first = self._count
        self._count += len(tails)
        return 2 * np.arange(first, self._count, dtype=np.int64)

    def widen(self, arc: int, by: int) -> None:
        """Raise the capacity of an arc."""
        self._settle()
        self._cut = None
        self._room[arc] += by

    def rooms(self) -> Numbers:
        """Return what is left of every arc, to be put back by `restore`."""
        self._settle()
        return self._room.copy()

    def restore(self, rooms: Any) -> None:
        """Put back what was left of every arc when `rooms` was taken."""
        self._cut = None
        self._room[:] = rooms

    def flow(self, arc: int) -> int:
        """Return what an arc carries."""
        self._settle()
        return int(self._room[arc + 1])

    def flows(self, arcs: Sequence[int] | Numbers) -> Numbers:
        """Return what arcs carry."""
        self._settle()
        carried: Numbers = self._room[np.asarray(arcs, dtype=np.int64) + 1]
        return carried

    def augment(self, source: int, sink: int, most: int | None = None) -> int:
        """Send as much more as fits from source to sink, up to a most, and return how much that was."""
        limit = self._most if most is None else most
        self._settle()
        self._cut = None
        sent = 0
        while sent < limit and (distance := self._distances(source, sink)) is not None:
            phase = _Phase(self, distance, source, sink)
            sent += phase.send(source, limit - sent)
        return sent

    def reached_from(self, source: int) -> set[int]:
        """Return the nodes that more flow could reach: after `augment`, the source side of a minimum cut."""
        return set(np.flatnonzero(self.spread(np.array([source]))).tolist())

    def reaching(self, sink: int) -> set[int]:
        """Return the nodes from which more flow could reach the sink: after `augment`, the far side of a cut."""
        if self._cut is not None and self._cut[0] == sink:
            return set(np.flatnonzero(self._cut[1]).tolist())
        return set(np.flatnonzero(self.spread(np.array([sink]), backwards=True)).tolist())

    def spread(
        self, starts: Numbers, *, backwards: bool = False, least: int = 1, seen: NDArray[np.bool_] | None = None
    ) -> NDArray[np.bool_]:
        """Return a flag for each node: whether it is reached from some nodes over arcs with room.

        Args:
            starts: From where.
            backwards: The other way: the nodes from which these are reached.
            least: The room that each arc must have.
            seen: Nodes known to be reached, with all that is reached from them; changed and returned.
        """
        self._settle()
        seen = np.zeros(self._nodes, dtype=np.bool_) if seen is None else seen
        seen[starts] = True
        frontier = np.asarray(starts, dtype=np.int64)
        while len(frontier):
            arcs = self._out(frontier)
            fresh = np.zeros(self._nodes, dtype=np.bool_)
            fresh[self._head[arcs[self._room[arcs ^ 1 if backwards else arcs] >= least]]] = True
            frontier = np.flatnonzero(fresh & ~seen)
            seen[frontier] = True
        return seen

    def _settle(self) -> None:
        """Lay the arcs out by their tails, once."""
        if self._ready:
            return
        none = np.zeros(0, dtype=np.int64)
        parts = self._parts or [(none, none, none)]
        tails, heads, rooms = (np.concatenate([part[n] for part in parts]) for n in range(3))
        self._head = np.empty(2 * self._count, dtype=np.int32)
        self._head[0::2], self._head[1::2] = heads, tails
        self._room = np.zeros(2 * self._count, dtype=self._number)
        self._room[0::2] = rooms
        tail = np.empty(2 * self._count, dtype=np.int32)
        tail[0::2], tail[1::2] = tails, heads
        self._order = np.argsort(tail, kind="stable").astype(np.int32)
        self._start = np.searchsorted(tail[self._order], np.arange(self._nodes + 1))
        self._parts, self._ready = [], True

    def _out(self, nodes: Numbers) -> Numbers:
        """Return the arcs out of nodes, reverse ones included, node by node."""
        first, last = self._start[nodes], self._start[nodes + 1]
        counts = last - first
        places = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
        arcs: Numbers = self._order[places].astype(np.int64)
        return arcs

    def _distances(self, source: int, sink: int) -> NDArray[np.int32] | None:
        """Return each node's distance to the sink over arcs with room (-1: none or farther), None without a path."""
        distance = np.full(self._nodes, -1, dtype=np.int32)
        distance[sink] = 0
        frontier, depth = np.array([sink], dtype=np.int64), 0
        while len(frontier):
            depth += 1
            arcs = self._out(frontier)
            before = self._head[arcs[self._room[arcs ^ 1] > 0]]
            before = before[distance[before] < 0]
            distance[before] = depth
            if distance[source] >= 0:
                return distance
            frontier = np.flatnonzero(distance == depth)
        self._cut = sink, distance >= 0
        return None


class _Phase:
    """One blocking flow: along arcs that lead one step nearer to the sink, until each path has a full arc."""

    def __init__(self, network: WideNetwork, distance: NDArray[np.int32], source: int, sink: int) -> None:
        self._network, self._distance, self._sink = network, distance, sink
        self._arcs: dict[int, Numbers] = {}
        self._at: dict[int, int] = {}
        self._spent: set[int] = set()
        self._narrow = int(distance[source]) > _DEEP
        into = network._out(np.array([sink], dtype=np.int64)) ^ 1
        into = into[network._room[into] > 0]
        self._last = np.full(network._nodes, -1, dtype=np.int64)
        self._last[network._head[into ^ 1]] = into

    def send(self, node: int, amount: int) -> int:
        """Send up to an amount on from a node and return how much arrived."""
        distance = int(self._distance[node])
        if distance == 0:
            return amount
        if self._narrow:
            return self._along_one_path(node)
        if distance == 1:
            return self._push(int(self._last[node]), amount) if self._last[node] >= 0 else 0
        if distance == 2:
            return 0 if node in self._spent else self._spray(node, amount)
        arcs = self._nearer(node)
        sent, at = 0, self._at.get(node, 0)
        while at < len(arcs) and sent < amount:
            arc = int(arcs[at])
            room = min(amount - sent, int(self._network._room[arc]))
            arrived = self.send(int(self._network._head[arc]), room) if room else 0
            if arrived:
                self._move(arc, arrived)
                sent += arrived
            if sent < amount:
                at += 1
        self._at[node] = at
        return sent

    def _nearer(self, node: int) -> Numbers:
        if node not in self._arcs:
            network = self._network
            arcs = network._out(np.array([node], dtype=np.int64))
            nearer = self._distance[network._head[arcs]] == self._distance[node] - 1
            self._arcs[node] = arcs[nearer & (network._room[arcs] > 0)]
        return self._arcs[node]

    def _spray(self, node: int, amount: int) -> int:
        """Send on over every neighbour that is beside the sink, in the order of the arcs."""
        network = self._network
        arcs = self._nearer(node)
        neighbours, first = np.unique(network._head[arcs], return_index=True)
        if len(neighbours) < len(arcs):
            arcs = arcs[np.sort(first)]
        last = self._last[network._head[arcs]]
        arcs, last = arcs[last >= 0], last[last >= 0]
        fits = np.minimum(network._room[arcs], network._room[last])
        taken = np.clip(amount - (np.cumsum(fits) - fits), 0, fits)
        for moved in (arcs, last):
            network._room[moved] -= taken
            network._room[moved ^ 1] += taken
        sent = int(taken.sum())
        if sent < amount and len(neighbours) == len(self._nearer(node)):
            self._spent.add(node)
        return sent

    def _push(self, arc: int, amount: int) -> int:
        moved = min(amount, int(self._network._room[arc]))
        self._move(arc, moved)
        return moved

    def _move(self, arc: int, amount: int) -> None:
        self._network._room[arc] -= amount
        self._network._room[arc ^ 1] += amount

    def _along_one_path(self, node: int) -> int:
        """Send along the first path only: paths so long are rare, and no recursion should follow them."""
        path = []
        while node != self._sink:
            path.append(int(self._nearer(node)[0]))
            node = int(self._network._head[path[-1]])
        least = min(int(self._network._room[arc]) for arc in path)
        for arc in path:
            self._move(arc, least)
        return least
