"""The certificate of a decision: what rational arithmetic alone proves of its objective, in a form others can check.

`body` of a certificate, see `facility/help/proofs.md`:

    over       what prices are divided by
    things     what prices are of: ["rule", name, side], ["money", contribution], ["room", contribution, country]
    proofs     lists of [position in things, price]; prices that are 0 are left out
    tree       {"proof": position in proofs}, or
               {"branch": request, "funded": tree, "refused": tree}
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from allocation.certificate.projected import projected_prices
from allocation.certificate.relaxed import Relaxed
from allocation.certificate.statement import Prices, Statement, Thing
from allocation.certificate.tree import Grower, Node
from allocation.prepared import Prepared

TREE_REQUESTS_MAX = 400
"""Rounds of up to so many requests get a branching tree; above it the proof is the root alone."""
SPLITS_TIMES_REQUESTS = 60_000
"""So many splits times requests end a tree: about half a minute of work, so that as a rule it is not time that does."""
ARCS_MAX = 150_000
"""Above so many pairs of class and cell, prices come from the projected relaxation."""
_TARGET = Fraction(1, 100_000)
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Certificate:
    """A bound and its proof.

    Attributes:
        bound: No awards under the rules have a higher objective; never below the objective of the decision.
        body: What proves it, for JSON.
        splits: Of the tree.
    """

    bound: Fraction
    body: Mapping[str, Any] = field(hash=False)
    splits: int = 0


def certified(
    round_: Prepared,
    objective: Fraction,
    *,
    seconds: float,
    step: Fraction,
    at_least: Mapping[int, int] | None = None,
) -> Certificate | None:
    """Return what can be proven of a decision's objective.

    The tree ends when every leaf is within the policy's gap (and at least within 1e-5), at a fixed number of splits, or
    when time is up: what is still open then is proven by the prices of its branch, so that the bound is valid whenever
    it ends, and the same on every run in which time did not end it.

    Args:
        round_: The round.
        objective: Of the decision.
        seconds: That it may take.
        step: Number of which every objective is a whole multiple; 0 when there is none.
        at_least: Requests that are funded for certain, each with its least award: what is then proven is a bound on
            the awards that do that.

    Returns:
        None when no time was given, or a large round had no prices in it.
    """
    if seconds <= 0:
        return None
    deadline = time.monotonic() + seconds
    statement = Statement(round_, objective, at_least)
    root, splits = _proven(statement, objective, step, deadline)
    if root is None:
        return None
    highest = max(leaf.bound for leaf in root.leaves()) * statement.unit
    stepped = highest // step * step if step else Fraction(0)
    rounded = Fraction(math.ceil(stepped * 10**_PLACES), 10**_PLACES)
    return Certificate(max(objective, rounded), _body(statement, root), splits)


def _proven(statement: Statement, objective: Fraction, step: Fraction, deadline: float) -> tuple[Node | None, int]:
    """Return the tree of a round with its number of splits; large rounds have a root alone, or nothing in time."""
    round_ = statement.round_
    if sum(len(cell.payers) for cell in round_.pools.cells) > ARCS_MAX and not round_.has_years:
        prices = projected_prices(statement, seconds=deadline - time.monotonic())
        if prices is None:
            return None, 0
        return Node(statement.settled, prices, statement.bound(prices, statement.settled), {}), 0
    is_small = len(round_.problem.requests) <= TREE_REQUESTS_MAX
    target = objective * (1 + min(_TARGET, round_.problem.policy.gap))
    grower = Grower(
        statement,
        Relaxed(statement),
        target=max(statement.whole(target), statement.whole(objective + step) - 1),
        nodes_max=SPLITS_TIMES_REQUESTS // max(20, len(round_.problem.requests)) if is_small else 0,
        deadline=deadline,
    )
    return grower.grow(), grower.splits // 2


class _Writer:
    """Writes trees with every set of prices once."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._things: dict[Thing, int] = {}
        self._numbers: dict[int, int] = {}
        self._kept: list[Prices] = []
        self.proofs: list[list[list[int]]] = []

    @property
    def things(self) -> list[list[str]]:
        """Return what prices are of, in the order of their positions."""
        return [list(thing) for thing in self._things]

    def tree(self, node: Node) -> dict[str, Any]:
        """Return a node and what is below it."""
        if node.branch is None or node.funded is None or node.refused is None:
            return {"proof": self._number(node.prices)}
        request = self._statement.round_.problem.requests[node.branch].request_id
        return {"branch": request, "funded": self.tree(node.funded), "refused": self.tree(node.refused)}

    def _number(self, prices: Prices) -> int:
        if id(prices) not in self._numbers:
            self._numbers[id(prices)] = len(self.proofs)
            self._kept.append(prices)
            self.proofs.append([[self._position(thing), price] for thing, price in self._named(prices) if price])
        return self._numbers[id(prices)]

    def _position(self, thing: Thing) -> int:
        return self._things.setdefault(thing, len(self._things))

    def _named(self, prices: Prices) -> list[tuple[Thing, int]]:
        problem, pools = self._statement.round_.problem, self._statement.round_.pools
        named = [(self._statement.rules[position].thing, price) for position, price in sorted(prices.rules.items())]
        for number, price in sorted(prices.money.items()):
            members = pools.classes[number].members
            named += [(("money", problem.contributions[member].contribution_id), price) for member in members]
        for (number, country), price in sorted(prices.rooms.items()):
            member = pools.classes[number].members[0]
            named.append((("room", problem.contributions[member].contribution_id, country), price))
        return named


def _body(statement: Statement, root: Node) -> dict[str, Any]:
    writer = _Writer(statement)
    tree = writer.tree(root)
    return {"over": statement.over, "things": writer.things, "proofs": writer.proofs, "tree": tree}
