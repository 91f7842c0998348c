"""Money as a network: classes of contributions on one side, cells of requests on the other, whole minor units between.

A class reaches the cells that it may pay; a capped one reaches them through one node for each country, as wide as its
room there. A capped contribution that pays requests of several countries at once (`Pools.mixed`) is no arc: such a
payment is decided beforehand, and the network is narrowed by what it uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.classes import Cell, Pools
from allocation.flow import Network

Mixed = Mapping[tuple[int, int], int]
"""Payments decided beforehand: minor units by (class, cell)."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A set of cells that ask for more than the money that reaches them: a violated Hall condition.

    Attributes:
        cells: The cells.
        classes: Classes whose whole availability counts for them.
        rooms: (class, country) whose room counts for them.
    """

    cells: frozenset[int]
    classes: frozenset[int]
    rooms: frozenset[tuple[int, str]] = field(default=frozenset())

    def room(self, pools: Pools) -> int:
        """Return the money that counts for the cells, minor units."""
        rooms = sum((pools.classes[k].rooms or {})[country] for k, country in self.rooms)
        return sum(pools.classes[k].available for k in self.classes) + rooms

    def lifted(self, pools: Pools) -> Shortage:
        """Return the same money with every cell that nothing else reaches, so that the condition holds for all of them.

        Cells without demand are in no minimum cut; left out, they would be the next to be funded beyond the money.
        Rooms of countries in which no such cell lies are dropped.
        """
        cells = frozenset(
            n for n, cell in enumerate(pools.cells) if all(self._counts(pools, k, cell) for k in cell.payers)
        )
        reached = {(k, code) for n in cells for k in pools.cells[n].payers for code, _ in pools.cells[n].countries}
        return Shortage(cells, self.classes, frozenset(self.rooms & reached))

    def _counts(self, pools: Pools, payer: int, cell: Cell) -> bool:
        if payer in self.classes:
            return True
        if pools.classes[payer].rooms is None or len(cell.countries) != 1:
            return False
        return (payer, cell.countries[0][0]) in self.rooms


class MoneyNetwork:
    """The money of a round against a demand for each cell.

    Args:
        pools: Classes and cells.
        demand: Minor units that each cell asks for.
        mixed: Payments of capped contributions to requests of several countries, decided beforehand.
        whole_rooms: Whether such payments are closed to the network; if not, they pass by their rooms, so that what
            stays unpaid stays so in truth.
        available: What each class may pay instead of all that it has.
    """

    def __init__(
        self,
        pools: Pools,
        demand: Mapping[int, int],
        mixed: Mixed | None = None,
        *,
        whole_rooms: bool = True,
        available: Sequence[int] | None = None,
    ) -> None:
        self.pools = pools
        self._whole_rooms = whole_rooms
        used = {pair: amount for pair, amount in (mixed or {}).items() if amount}
        self.demand = {n: amount - sum(v for (_, m), v in used.items() if m == n) for n, amount in demand.items()}
        self.network = Network(2)
        self.source, self.sink = 0, 1
        self.cell_nodes = {number: self.network.add_node() for number, amount in self.demand.items() if amount > 0}
        self.class_nodes: dict[int, int] = {}
        self.room_nodes: dict[tuple[int, str], int] = {}
        whole = [money.available for money in pools.classes] if available is None else available
        self._available = {
            number: most - sum(v for (k, _), v in used.items() if k == number) for number, most in enumerate(whole)
        }
        self._taken = rooms_taken(pools, used)
        self._wide = sum(self.demand.values()) + 1
        self.paid: dict[tuple[int, int], int] = {}
        for number in self.cell_nodes:
            self._connect(number)
        for number, node in self.cell_nodes.items():
            self.network.add_arc(node, self.sink, self.demand[number])

    @property
    def is_sound(self) -> bool:
        """Return whether the payments decided beforehand fit at all."""
        rooms = self.pools.classes
        return (
            all(amount >= 0 for amount in self.demand.values())
            and all(amount >= 0 for amount in self._available.values())
            and all(taken <= (rooms[k].rooms or {})[code] for (k, code), taken in self._taken.items())
        )

    def available(self, number: int) -> int:
        """Return what a class has left beside the payments decided beforehand."""
        return self._available[number]

    def fill(self) -> int:
        """Open every class in full, send what fits, and return how much of the demand stays unpaid."""
        for number, node in self.class_nodes.items():
            self.network.add_arc(self.source, node, self._available[number])
        return sum(self.demand.values()) - self.network.augment(self.source, self.sink)

    def shortages(self) -> list[Shortage]:
        """Return the smallest and the largest set of cells that stays short after `fill`; equal ones once."""
        everything = set(range(len(self.network._out)))
        outer = everything - self.network.reached_from(self.source)
        inner = self.network.reaching(self.sink)
        found = [self._shortage(beyond) for beyond in (inner, outer)]
        return found if found[0] != found[1] else found[:1]

    def flows(self) -> dict[tuple[int, int], int]:
        """Return what each class pays each cell, payments decided beforehand left out."""
        carried = {pair: self.network.flow(arc) for pair, arc in self.paid.items()}
        return {pair: amount for pair, amount in carried.items() if amount}

    def _connect(self, number: int) -> None:
        cell = self.pools.cells[number]
        for payer in cell.payers:
            if self.pools.classes[payer].rooms is not None and len(cell.countries) > 1:
                if self._whole_rooms:
                    continue
                start = self._class_node(payer)
            elif self.pools.classes[payer].rooms is None or not cell.countries:
                start = self._class_node(payer)
            else:
                start = self._room_node(payer, cell.countries[0][0])
            self.paid[payer, number] = self.network.add_arc(start, self.cell_nodes[number], self._wide)

    def _class_node(self, number: int) -> int:
        if number not in self.class_nodes:
            self.class_nodes[number] = self.network.add_node()
        return self.class_nodes[number]

    def _room_node(self, number: int, country: str) -> int:
        if (number, country) not in self.room_nodes:
            node = self.room_nodes[number, country] = self.network.add_node()
            room = (self.pools.classes[number].rooms or {})[country]
            left = int(max(Fraction(0), room - self._taken.get((number, country), Fraction(0))))
            self.network.add_arc(self._class_node(number), node, left)
        return self.room_nodes[number, country]

    def _shortage(self, beyond: set[int]) -> Shortage:
        return Shortage(
            frozenset(number for number, node in self.cell_nodes.items() if node in beyond),
            frozenset(number for number, node in self.class_nodes.items() if node in beyond),
            frozenset(
                pair
                for pair, node in self.room_nodes.items()
                if node in beyond and self.class_nodes[pair[0]] not in beyond
            ),
        )


def rooms_taken(pools: Pools, mixed: Mixed) -> dict[tuple[int, str], Fraction]:
    """Return the room that payments decided beforehand use, exactly, by (class, country)."""
    taken: dict[tuple[int, str], Fraction] = {}
    for (payer, number), amount in mixed.items():
        for country, share in pools.cells[number].countries:
            taken[payer, country] = taken.get((payer, country), Fraction(0)) + share * amount
    return taken


def demand_of(pools: Pools, awards: Mapping[int, int]) -> dict[int, int]:
    """Return what awards (minor units by request) ask of each cell."""
    demand: dict[int, int] = {}
    for request, award in sorted(awards.items()):
        cell = pools.cell_of[request]
        demand[cell] = demand.get(cell, 0) + award
    return demand
