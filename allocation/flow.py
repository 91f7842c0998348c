"""Maximum flow on whole numbers of any size, and the cut that proves it.

Dinic's method on Python integers: no overflow, no tolerance, and the same answer for the same order of arcs. Capacities
may be raised between augmentations, and what earlier augmentations send out of the source is never taken back: money
staged first stays used first.

Source: E. A. Dinic, Algorithm for solution of a problem of maximum flow in networks with power estimation, 1970.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class Network:
    """A directed network with whole capacities and the flow that it carries.

    Arcs are numbered in the order in which they are added; each has its reverse beside it, so that arc `2 * i` and arc
    `2 * i + 1` share one flow.
    """

    def __init__(self, nodes: int) -> None:
        self._out: list[list[int]] = [[] for _ in range(nodes)]
        self._head: list[int] = []
        self._room: list[int] = []

    def add_node(self) -> int:
        """Add a node and return its number."""
        self._out.append([])
        return len(self._out) - 1

    def add_arc(self, tail: int, head: int, capacity: int) -> int:
        """Add an arc and return its number, by which its flow is asked for."""
        arc = len(self._head)
        self._head += [head, tail]
        self._room += [capacity, 0]
        self._out[tail].append(arc)
        self._out[head].append(arc + 1)
        return arc

    def add_arcs(self, tails: Iterable[int], heads: Iterable[int], capacities: Iterable[int]) -> list[int]:
        """Add arcs and return their numbers."""
        arcs = zip(tails, heads, capacities, strict=True)
        return [self.add_arc(int(tail), int(head), int(capacity)) for tail, head, capacity in arcs]

    def flows(self, arcs: Iterable[int]) -> list[int]:
        """Return what arcs carry."""
        return [self.flow(arc) for arc in arcs]

    def widen(self, arc: int, by: int) -> None:
        """Raise the capacity of an arc."""
        self._room[arc] += by

    def take_back(self, arc: int, amount: int) -> None:
        """Take back a part of what an arc carries; the caller keeps what enters and leaves each node equal."""
        self._room[arc] += amount
        self._room[arc ^ 1] -= amount

    def rooms(self) -> list[int]:
        """Return what is left of every arc, to be put back by `restore`."""
        return self._room.copy()

    def restore(self, rooms: list[int]) -> None:
        """Put back what was left of every arc when `rooms` was taken; no arc may have been added since."""
        self._room[:] = rooms

    def flow(self, arc: int) -> int:
        """Return what an arc carries."""
        return self._room[arc + 1]

    def augment(self, source: int, sink: int, most: int | None = None) -> int:
        """Send as much more as fits from source to sink and return how much that was.

        Args:
            source: Where flow starts.
            sink: Where it ends.
            most: Of which it is enough to be sent; more may be.
        """
        sent = 0
        while (most is None or sent < most) and (distance := self._distances(source, sink)) is not None:
            sent += self._blocking_flow(source, sink, distance)
        return sent

    def reached_from(self, source: int) -> set[int]:
        """Return the nodes that more flow could reach: after `augment`, the source side of a minimum cut."""
        return self._spread([source], backwards=False)

    def reaching(self, sink: int) -> set[int]:
        """Return the nodes from which more flow could reach the sink: after `augment`, the far side of a cut."""
        return self._spread([sink], backwards=True)

    def _spread(self, start: Iterable[int], *, backwards: bool) -> set[int]:
        seen = set(start)
        queue = deque(seen)
        while queue:
            for arc in self._out[queue.popleft()]:
                if self._room[arc ^ 1 if backwards else arc] > 0 and self._head[arc] not in seen:
                    seen.add(self._head[arc])
                    queue.append(self._head[arc])
        return seen

    def _distances(self, source: int, sink: int) -> list[int] | None:
        """Return how many arcs with room lead from each node to the sink (-1: not seen), None if the source is cut.

        The search goes back from the sink and ends at the source, so that few nodes are seen where few want more, and
        no path over falling distances ends anywhere but at the sink until one of its arcs is full.
        """
        head, room, distance = self._head, self._room, [-1] * len(self._out)
        distance[sink] = 0
        frontier = [sink]
        while frontier and distance[source] < 0:
            following: list[int] = []
            for node in frontier:
                far = distance[node] + 1
                for arc in self._out[node]:
                    if room[arc ^ 1] > 0 and distance[head[arc]] < 0:
                        distance[head[arc]] = far
                        following.append(head[arc])
            frontier = following
        return distance if distance[source] >= 0 else None

    def _blocking_flow(self, source: int, sink: int, distance: list[int]) -> int:
        """Send along shortest paths until each has a full arc; without recursion, for long paths."""
        head, room, out = self._head, self._room, self._out
        position: dict[int, int] = {}
        path: list[int] = []
        node, sent = source, 0
        while True:
            if node == sink:
                least = min(room[arc] for arc in path)
                sent += least
                for arc in path:
                    room[arc] -= least
                    room[arc ^ 1] += least
                full = next(i for i, arc in enumerate(path) if room[arc] == 0)
                node = head[path[full] ^ 1]
                del path[full:]
                continue
            arcs, at, nearer = out[node], position.get(node, 0), distance[node] - 1
            while at < len(arcs) and not (room[arcs[at]] > 0 and distance[head[arcs[at]]] == nearer):
                at += 1
            position[node] = at
            if at < len(arcs):
                path.append(arcs[at])
                node = head[arcs[at]]
            elif path:
                node = head[path.pop() ^ 1]
                position[node] += 1
            else:
                return sent


def max_flow(nodes: int, arcs: Iterable[tuple[int, int, int]], source: int, sink: int) -> tuple[int, list[int]]:
    """Return the greatest flow from source to sink and what each arc carries of it.

    >>> max_flow(4, [(0, 1, 3), (0, 2, 2), (1, 3, 2), (2, 3, 9)], 0, 3)
    (4, [2, 2, 2, 2])

    Args:
        nodes: How many nodes there are, numbered from 0.
        arcs: (tail, head, capacity) each.
        source: Where flow starts.
        sink: Where it ends.
    """
    network = Network(nodes)
    numbers = [network.add_arc(tail, head, capacity) for tail, head, capacity in arcs]
    return network.augment(source, sink), [network.flow(number) for number in numbers]
