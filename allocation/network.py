"""Money as a network: classes of contributions on one side, cells of requests on the other, whole minor units between.

A class reaches the cells that it may pay; a capped one reaches them through one node for each country, as wide as its
room there. A capped contribution that pays requests of several countries at once (`Pools.mixed`) is no arc: such a
payment is decided beforehand, and the network is narrowed by what it uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from allocation.classes import Cell, Pools
from allocation.flow import Network
from allocation.prepared import Prepared
from allocation.wide_flow import CAPACITY_MAX, Numbers, WideNetwork
from allocation.years import amounts_by_part

_WIDE_FROM = 5000
"""Arcs from which the network is laid out in arrays."""

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
        whole = [money.available for money in pools.classes] if available is None else available
        self._available = {
            number: most - sum(v for (k, _), v in used.items() if k == number) for number, most in enumerate(whole)
        }
        self._taken = rooms_taken(pools, used)
        self._opened = dict.fromkeys(range(len(pools.classes)), 0)
        self._lay()

    def _lay(self) -> None:
        """Lay out source, sink, cells with demand, classes, rooms, and the arcs between them."""
        pools = self.pools
        self.source, self.sink = 0, 1
        self._cells = [number for number, amount in sorted(self.demand.items()) if amount > 0]
        wide = sum(self.demand.values()) + 1
        payers, columns = np.nonzero(pools.matrix[:, self._cells])
        first_class = 2 + len(self._cells)
        first_room = first_class + len(pools.classes)
        tails, rooms = self._tails(payers, columns, first_class, first_room)
        if self._whole_rooms:
            payers, columns, tails = (of[tails >= 0] for of in (payers, columns, tails))
        tails = np.where(tails < 0, first_class + payers, tails)
        is_wide = len(payers) > _WIDE_FROM and sum(self._available.values()) + wide < CAPACITY_MAX
        self.network: Network | WideNetwork = (WideNetwork if is_wide else Network)(first_room + len(rooms))
        width = np.full(len(payers), wide, dtype=np.int64 if is_wide else object)
        self._payers, self._columns = payers, columns
        self._paid = self.network.add_arcs(tails, 2 + columns, width)
        for node, (k, code) in enumerate(rooms, first_room):
            left = (pools.classes[k].rooms or {})[code] - self._taken.get((k, code), Fraction(0))
            self.network.add_arc(first_class + k, node, int(max(Fraction(0), left)))
        for n, number in enumerate(self._cells):
            self.network.add_arc(2 + n, self.sink, self.demand[number])
        self._sources = [self.network.add_arc(self.source, first_class + k, 0) for k in range(len(pools.classes))]
        self._first_class = first_class
        self._room_at = {pair: node for node, pair in enumerate(rooms, first_room)}

    def _tails(
        self, payers: Numbers, columns: Numbers, first_class: int, first_room: int
    ) -> tuple[Numbers, list[tuple[int, str]]]:
        """Return where each arc to a cell starts, at its class or room, -1 where it would be several; and the rooms."""
        cells = [self.pools.cells[number].countries for number in self._cells]
        codes = sorted({countries[0][0] for countries in cells if len(countries) == 1})
        index = {code: n for n, code in enumerate(codes)}
        one = [index[countries[0][0]] if len(countries) == 1 else -1 for countries in cells]
        several = np.array([len(countries) > 1 for countries in cells] or [False], dtype=np.bool_)[columns]
        country = np.array(one or [0], dtype=np.int64)[columns]
        capped = np.array([money.rooms is not None for money in self.pools.classes] or [False], dtype=np.bool_)[payers]
        pair = payers * max(1, len(codes)) + country
        known, which = np.unique(pair[capped & (country >= 0)], return_inverse=True)
        tails = first_class + payers
        tails[capped & several] = -1
        tails[capped & (country >= 0)] = first_room + which
        return tails, [(int(p) // len(codes), codes[int(p) % len(codes)]) for p in known]

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

    def open(self, number: int, amount: int) -> None:
        """Let a class pay so much more."""
        self._opened[number] += amount
        self.network.widen(self._sources[number], amount)

    def send(self) -> int:
        """Send what fits of the money that is open; what is sent already stays sent. Return how much more that was."""
        return self.network.augment(self.source, self.sink)

    def used(self, number: int) -> int:
        """Return what a class pays, payments decided beforehand left out."""
        return self.network.flow(self._sources[number])

    def fill(self) -> int:
        """Open every class in full, send what fits, and return how much of the demand stays unpaid."""
        for number, amount in self._available.items():
            self.open(number, amount)
        return sum(self.demand.values()) - self.send()

    def shortages(self) -> list[Shortage]:
        """Return the smallest and the largest set of cells that stays short after `fill`; equal ones once."""
        within = self.network.reached_from(self.source)
        outer = set(range(self._first_class + len(self.pools.classes) + len(self._room_at))) - within
        inner = self.network.reaching(self.sink)
        found = [self._shortage(beyond) for beyond in (inner, outer)]
        return found if found[0] != found[1] else found[:1]

    def flows(self) -> dict[tuple[int, int], int]:
        """Return what each class pays each cell, payments decided beforehand left out."""
        carried = np.array(self.network.flows(self._paid), dtype=object)
        used = np.flatnonzero(carried)
        return {(int(self._payers[n]), self._cells[int(self._columns[n])]): int(carried[n]) for n in used.tolist()}

    def _shortage(self, beyond: set[int]) -> Shortage:
        classes = {k for k in range(len(self.pools.classes)) if self._first_class + k in beyond}
        return Shortage(
            frozenset(number for n, number in enumerate(self._cells) if 2 + n in beyond),
            frozenset(classes),
            frozenset(pair for pair, node in self._room_at.items() if node in beyond and pair[0] not in classes),
        )


def rooms_taken(pools: Pools, mixed: Mixed) -> dict[tuple[int, str], Fraction]:
    """Return the room that payments decided beforehand use, exactly, by (class, country)."""
    taken: dict[tuple[int, str], Fraction] = {}
    for (payer, number), amount in mixed.items():
        for country, share in pools.cells[number].countries:
            taken[payer, country] = taken.get((payer, country), Fraction(0)) + share * amount
    return taken


def demand_of(round_: Prepared, awards: Mapping[int, int]) -> dict[int, int]:
    """Return what awards (minor units by request) ask of each cell, each year of a request where it is pooled."""
    demand: dict[int, int] = {}
    for request, award in sorted(awards.items()):
        amounts = amounts_by_part(round_.problem.requests[request], award)
        for cell, amount in zip(round_.pools.cells_of[request], amounts, strict=True):
            demand[cell] = demand.get(cell, 0) + amount
    return demand
