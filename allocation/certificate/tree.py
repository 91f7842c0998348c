"""A branching tree whose every leaf has its own prices: the bound of a round is the highest bound of a leaf.

The branch with the highest bound is split first. Which request to branch on is found by trying: both sides are solved
for the most promising ones, and the one that lowers both bounds the most is taken. What earlier trials lowered is
remembered, so that a request that is well known is not tried again. A leaf is whatever is proven to be within the
target, or left open when the nodes or the time are used up; the tree is a proof of its highest leaf either way.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.certificate.relaxed import Relaxed, Said
from allocation.certificate.statement import Prices, Statement

TRIED_OFTEN = 4
"""After so many trials of both sides, what a request lowers is taken as known."""
_TRIALS = 12
_WHOLE = 1e-6


@dataclass(slots=True)
class Node:
    """One branch of the tree.

    Attributes:
        fixed: The choices settled on the way here.
        prices: That prove `bound`.
        bound: In units of the statement.
        choices: What the relaxed model would fund.
        branch: The request that it splits on, None for a leaf.
        funded: The side on which it is funded.
        refused: The other side.
    """

    fixed: Mapping[int, bool]
    prices: Prices
    bound: int
    choices: Mapping[int, float]
    branch: int | None = None
    funded: Node | None = None
    refused: Node | None = None

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves below, those where requests are funded first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.funded is None or node.refused is None:
                yield node
            else:
                waiting += [node.refused, node.funded]


@dataclass(slots=True)
class _Lowered:
    """How far trials lowered a bound, a unit of rounding at a time."""

    total: float = 0.0
    times: int = 0

    def note(self, lowered: float, distance: float) -> None:
        self.total += lowered / max(distance, _WHOLE)
        self.times += 1

    def expected(self, distance: float, otherwise: float) -> float:
        return distance * (self.total / self.times if self.times else otherwise)


@dataclass(slots=True)
class Grower:
    """Grows a tree until every leaf is within the target, or nodes or time are used up.

    Attributes:
        statement: The round.
        target: Bound within which a branch is a leaf.
        nodes_max: Splits that may be made.
        deadline: On the monotonic clock.
        splits: Made so far.
    """

    statement: Statement
    relaxed: Relaxed
    target: int
    nodes_max: int
    deadline: float
    splits: int = 0
    solved: int = 0
    _known: dict[tuple[int, bool], _Lowered] = field(default_factory=dict)

    def grow(self) -> Node:
        """Return the root of the tree."""
        root = self._node(self.statement.settled, None)
        waiting = [(-root.bound, 0, root)]
        while waiting and -waiting[0][0] > self.target and not self._is_used_up:
            node = heapq.heappop(waiting)[2]
            if not self._split(node):
                break
            for child in (node.funded, node.refused):
                if child is not None:
                    self.splits += 1
                    heapq.heappush(waiting, (-child.bound, self.splits, child))
        return root

    @property
    def _is_used_up(self) -> bool:
        return self.splits >= 2 * self.nodes_max or time.monotonic() > self.deadline

    def _node(self, fixed: Mapping[int, bool], parent: Node | None) -> Node:
        said = self._said(fixed)
        bound = self.statement.bound(said.prices, fixed)
        if parent is not None:
            inherited = self.statement.bound(parent.prices, fixed)
            if inherited <= bound:
                return Node(fixed, parent.prices, inherited, said.choices)
        return Node(fixed, said.prices, bound, said.choices)

    def _said(self, fixed: Mapping[int, bool]) -> Said:
        self.solved += 1
        return self.relaxed.solve(fixed, max(0.1, self.deadline - time.monotonic()))

    def _split(self, node: Node) -> bool:
        """Split a node on the request that promises most; return whether there is one."""
        open_ = [r for r, value in node.choices.items() if _WHOLE < value < 1 - _WHOLE and r not in node.fixed]
        tried: list[tuple[float, int, Node, Node]] = []
        for r in self._promising(node, open_):
            if self._is_well_known(r) and tried:
                break
            sides = self._sides(node, r)
            tried.append((-self._score(node, *sides), r, *sides))
            if all(side.bound <= self.target for side in sides) or len(tried) >= _TRIALS:
                break
            if self._is_well_known(r):
                break
        if not tried:
            return False
        _, node.branch, node.funded, node.refused = min(tried, key=lambda trial: trial[:2])
        return True

    def _is_well_known(self, r: int) -> bool:
        return all((r, side) in self._known and self._known[r, side].times >= TRIED_OFTEN for side in (True, False))

    def _promising(self, node: Node, open_: list[int]) -> list[int]:
        """Return requests with a choice that is a fraction, the most promising first."""
        average = {
            side: _mean([known.total / known.times for (_, s), known in self._known.items() if s is side])
            for side in (True, False)
        }

        def promise(r: int) -> float:
            value = node.choices[r]
            up = self._known.get((r, True), _Lowered()).expected(1 - value, average[True])
            down = self._known.get((r, False), _Lowered()).expected(value, average[False])
            return max(up, _WHOLE) * max(down, _WHOLE)

        return sorted(open_, key=lambda r: (-promise(r), r))

    def _sides(self, node: Node, r: int) -> tuple[Node, Node]:
        found = []
        for side in (True, False):
            child = self._node({**node.fixed, r: side}, node)
            found.append(child)
            value = node.choices[r]
            lowered = self._lowered(node, child)
            self._known.setdefault((r, side), _Lowered()).note(lowered, 1 - value if side else value)
        return found[0], found[1]

    def _lowered(self, node: Node, child: Node) -> float:
        """Return by how much of the way to the target a side lowers the bound, at most all of it."""
        way = max(1, node.bound - self.target)
        return float(Fraction(min(node.bound - child.bound, way), way)) * float(way * self.statement.unit)

    def _score(self, node: Node, funded: Node, refused: Node) -> float:
        return max(self._lowered(node, funded), _WHOLE) * max(self._lowered(node, refused), _WHOLE)


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 1.0
