"""How much money could still reach one request while every decided award stays whole, and what holds the rest.

Awards may change their payers, so this is a question of flow, answered on the payments of the decision alone. The
answer comes with its proof, a set of awards as in Hall's theorem: money that could reach the request in full, less the
awards that no other money may pay, is what is left for it.

A *spring* is money that cannot be told apart: the contributions that may pay the same requests; a contribution with a
cap per country alone, and beside it one spring for its room in each country. A payment that uses the room of several
countries at once fits no network; its use of room is left out, so that what is left is never understated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.decision import Decision
from allocation.flow import Network
from allocation.problem import Contribution, Problem
from allocation.why_terms import eligible_parts
from allocation.wide_flow import WideNetwork
from ledgers.terms import country_shares

_CLOSURES_MAX = 500
"""Springs up to which following exchanges spring by spring is quicker than asking the network."""

_WIDE_FROM = 5000
"""Arcs from which the network of exchanges is laid out in arrays."""


@dataclass(frozen=True, slots=True)
class Spring:
    """Money of one kind.

    Attributes:
        contributions: Ids, in order.
        available: Minor units: what they had for the round; for a country's room, what the cap left of it.
        spent: Minor units that the decision pays from it.
        country: The country whose room this is, or None for the money itself.
        behind: For a country's room, the spring of the contribution's money.
    """

    contributions: tuple[str, ...]
    available: int
    spent: int
    country: str | None = None
    behind: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What could still reach a request, with its proof.

    Attributes:
        amount: The most that could reach it, minor units, awards staying whole.
        competed: The money that could reach it or be exchanged for such money, minor units, before any award.
        contributions: Whose money that is; with a country where only the room there counts.
        awards: The requests that this money pays; no other money of the round may pay them.
    """

    amount: int
    competed: int
    contributions: tuple[tuple[str, str | None], ...]
    awards: frozenset[str]


class Money:
    """The money side of a decided round."""

    def __init__(self, problem: Problem, decision: Decision) -> None:
        self._problem = problem
        self._masks, self._bits = eligible_parts(problem)
        self._amounts = {award.request_id: award.amount for award in decision.awards}
        self._requests = {request.request_id: request for request in problem.requests}
        countries = [
            country_shares(self._requests[one].subject.country) for one, bits in self._bits.items() for _ in bits
        ]
        self._shares = countries
        self._springs: list[Spring] = []
        self._entries = [0] * len(countries)
        self._paid: dict[tuple[int, int], int] = defaultdict(int)
        self._known: dict[int, Left] = {}
        self._proofs: dict[int, Left] = {}
        self._resources = problem.resources
        self._network: _Residual | None = None
        self._reached = 0
        for mask in self._masks:
            self._reached |= mask
        self._pool(decision)
        self._lay_out()
        self._before = self._exchanges()
        unspent = (n for n, s in enumerate(self._springs) if s.behind is None and s.spent < s.available)
        self._spare = sum(1 << number for number in unspent)

    def may_be_paid(self, request_id: str) -> bool:
        """Return whether contributions may pay the request in each of its parts, whatever is left of them."""
        return all(self._reached >> bit & 1 for bit in self._bits[request_id])

    def payers(self, request_id: str, part: int = 0) -> tuple[str, ...]:
        """Return the contributions that may pay a part of the request."""
        bit = self._bits[request_id][part]
        found = zip(self._problem.contributions, self._masks, strict=True)
        return tuple(contribution.contribution_id for contribution, mask in found if mask >> bit & 1)

    def most(self, request_id: str, part: int = 0) -> int:
        """Return what the contributions that may pay a part of the request could give it without any other award."""
        entry = self._entries[self._bits[request_id][part]]
        springs = [self._springs[n] for n in _positions(entry)]
        behind = [s.available if s.behind is None else self._springs[s.behind].available for s in springs]
        return sum(min(spring.available, least) for spring, least in zip(springs, behind, strict=True))

    def left(self, request_id: str, part: int = 0, *, enough: int | None = None) -> Left:
        """Return what could still reach a part of the request on top of its award.

        Args:
            request_id: Whose.
            part: Which of its parts (see `years`).
            enough: Minor units of which it is enough to know that they could: then the amount may be less than all,
                and the proof is left out.
        """
        entry = self._entries[self._bits[request_id][part]]
        if entry in self._known:
            return self._known[entry]
        if enough is not None and (at_hand := self._at_hand(entry)) >= enough:
            return Left(at_hand, 0, (), frozenset())
        found = self._left(entry, enough)
        if enough is None or found.amount < enough:
            self._known[entry] = found
        return found

    def _at_hand(self, entry: int) -> int:
        """Return what the springs of an entry have unspent themselves; money behind several rooms counts once."""
        whole: dict[int, int] = {}
        for number in _positions(entry):
            spring = self._springs[number]
            of = number if spring.behind is None else spring.behind
            whole[of] = whole.get(of, 0) + spring.available - spring.spent
        return sum(min(amount, self._springs[of].available - self._springs[of].spent) for of, amount in whole.items())

    def _pool(self, decision: Decision) -> None:
        """Make the springs, say which of them may pay each request, and what each pays."""
        spent: dict[str, int] = defaultdict(int)
        for award in decision.awards:
            for payment in award.payments:
                spent[payment.contribution_id] += payment.amount
        of_contribution: dict[str, int] = {}
        pools: dict[tuple[int, int], list[Contribution]] = defaultdict(list)
        for number, (contribution, mask) in enumerate(zip(self._problem.contributions, self._masks, strict=True)):
            pools[mask, -1 if contribution.country_cap is None else number].append(contribution)
        for (mask, _), members in pools.items():
            ids = tuple(member.contribution_id for member in members)
            of_contribution.update(dict.fromkeys(ids, len(self._springs)))
            available, used = sum(member.available for member in members), sum(spent[one] for one in ids)
            self._springs.append(Spring(ids, available, used))
            self._open(len(self._springs) - 1, mask, members[0])
        for award in decision.awards:
            bits, years = self._bits[award.request_id], self._requests[award.request_id].years
            part_of = {year: bits[n] for n, (year, _) in enumerate(years)}
            for payment in award.payments:
                bit = bits[0] if payment.year is None else part_of[payment.year]
                self._pay(of_contribution[payment.contribution_id], bit, payment.amount)

    def _open(self, spring: int, mask: int, contribution: Contribution) -> None:
        """Let a spring pay the requests of `mask`: through its room in their country where it has a cap."""
        rooms: dict[str, int] = {}
        cap, used = contribution.country_cap, dict(contribution.country_used)
        for request in _positions(mask):
            entered = spring
            if cap is not None and len(self._shares[request]) == 1:
                country = self._shares[request][0][0]
                if country not in rooms:
                    room = max(0, cap - used.get(country, 0))
                    rooms[country] = len(self._springs)
                    self._springs.append(Spring((contribution.contribution_id,), room, 0, country, spring))
                entered = rooms[country]
            self._entries[request] |= 1 << entered

    def _pay(self, spring: int, request: int, amount: int) -> None:
        entered = spring
        if not self._entries[request] >> spring & 1:
            (country, _), *_ = self._shares[request]
            entered = next(n for n, s in enumerate(self._springs) if s.behind == spring and s.country == country)
            room = self._springs[entered]
            self._springs[entered] = Spring(
                room.contributions, room.available, room.spent + amount, room.country, room.behind
            )
        self._paid[entered, request] += amount

    def _exchanges(self) -> list[int]:
        """Return for each spring, as bits, the springs whose money could take the place of its own in some award."""
        before = [0] * len(self._springs)
        for payer, request in self._paid:
            before[payer] |= self._entries[request]
        for number, spring in enumerate(self._springs):
            if spring.behind is not None:
                if spring.spent < spring.available:
                    before[number] |= 1 << spring.behind
                if spring.spent > 0:
                    before[spring.behind] |= 1 << number
        return before

    def _left(self, entry: int, enough: int | None) -> Left:
        if len(self._springs) <= _CLOSURES_MAX:
            reachable = self._closure(entry)
            if not reachable & self._spare:
                if reachable not in self._proofs:
                    self._proofs[reachable] = self._proof(0, reachable)
                return self._proofs[reachable]
        if self._network is None:
            self._network = _Residual(self._springs, self._entries, self._paid)
        amount, closed = self._network.sent_to(entry, self._resources + 1 if enough is None else enough)
        if enough is not None and amount >= enough:
            return Left(amount, 0, (), frozenset())
        return self._proof(amount, closed)

    def _closure(self, entry: int) -> int:
        """Return every spring from which money could come to `entry` by exchanges, spare or not."""
        closed, new = entry, entry
        while new:
            found = 0
            for spring in _positions(new):
                found |= self._before[spring]
            new = found & ~closed
            closed |= new
        return closed

    def _proof(self, amount: int, closed: int) -> Left:
        """Return what is left with its proof: a closed set of springs, and the awards that only these may pay."""
        if closed not in self._shown:
            self._shown[closed] = self._show(closed)
        return Left(amount, *self._shown[closed])

    def _show(self, closed: int) -> tuple[int, tuple[tuple[str, str | None], ...], frozenset[str]]:
        width = (len(self._springs) + 7) // 8
        packed = np.frombuffer(closed.to_bytes(width, "little"), dtype=np.uint8)
        flags = np.unpackbits(packed, bitorder="little")[: len(self._springs)].astype(np.bool_)
        behind = self._behind
        inner = np.flatnonzero(flags & ((behind < 0) | ~flags[behind]))
        outside: NDArray[np.bool_] = np.any(self._payers & ~packed, axis=1)
        owners, bound = inner.tobytes(), outside.tobytes()
        if owners not in self._owners:
            springs = [self._springs[n] for n in inner.tolist()]
            named = {(one, spring.country) for spring in springs for one in spring.contributions}
            self._owners[owners] = tuple(sorted(named, key=lambda owner: (owner[0], owner[1] or "")))
        if bound not in self._bound:
            self._bound[bound] = frozenset(
                one for one, out in zip(self._amounts, outside.tolist(), strict=True) if not out
            )
        competed = sum(self._springs[n].available for n in inner.tolist())
        return competed, self._owners[owners], self._bound[bound]

    def _lay_out(self) -> None:
        """Lay out what proofs ask again and again: the spring behind each, and the springs that may pay each award."""
        self._behind = np.array([-1 if s.behind is None else s.behind for s in self._springs], dtype=np.int64)
        width = (len(self._springs) + 7) // 8
        masks = (reduce(or_, (self._entries[bit] for bit in self._bits[one])) for one in self._amounts)
        packed = b"".join(mask.to_bytes(width, "little") for mask in masks)
        self._payers = np.frombuffer(packed, dtype=np.uint8).reshape(len(self._amounts), width)
        self._shown: dict[int, tuple[int, tuple[tuple[str, str | None], ...], frozenset[str]]] = {}
        self._owners: dict[bytes, tuple[tuple[str, str | None], ...]] = {}
        self._bound: dict[bytes, frozenset[str]] = {}


class _Residual:
    """The exchanges that are open among all springs, as one network that serves every question.

    Node 0 is where unspent money comes from, node 1 the request in question, node 2 where what it can use goes; then
    the springs, then groups of awards that the same springs may pay.
    """

    def __init__(self, springs: list[Spring], entries: list[int], paid: Mapping[tuple[int, int], int]) -> None:
        self._springs = springs
        arcs = sum(entries[request].bit_count() for _, request in paid)
        self._network: Network | WideNetwork = (WideNetwork if arcs > _WIDE_FROM else Network)(3 + len(springs))
        for number, own in enumerate(springs):
            if own.behind is None:
                self._network.add_arc(0, 3 + number, own.available - own.spent)
            else:
                self._network.add_arc(3 + own.behind, 3 + number, own.available - own.spent)
                self._network.add_arc(3 + number, 3 + own.behind, own.spent)
        self._add_awards(entries, paid)
        self._into = [self._network.add_arc(3 + number, 1, 0) for number in range(len(springs))]
        self._gate = self._network.add_arc(1, 2, 0)
        self._rooms: Any = self._network.rooms()

    def sent_to(self, entry: int, most: int) -> tuple[int, int]:
        """Return what can be sent to `entry`, up to a most, and as proof the springs from which more could come."""
        self._network.restore(self._rooms)
        for spring in _positions(entry):
            self._network.widen(self._into[spring], most)
        self._network.widen(self._gate, most)
        amount = self._network.augment(0, 2, most)
        flags = np.zeros(3 + len(self._springs) + self._groups, dtype=np.bool_)
        flags[list(self._network.reaching(2))] = True
        springs = flags[3 : 3 + len(self._springs)]
        return amount, int.from_bytes(np.packbits(springs, bitorder="little").tobytes(), "little")

    def _add_awards(self, entries: list[int], paid: Mapping[tuple[int, int], int]) -> None:
        """Add awards with the same possible payers as one node: these may come in, and what they give may go back."""
        given: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for (spring, request), amount in paid.items():
            given[entries[request]][spring] += amount
        self._groups = len(given)
        for payers, amounts in given.items():
            node = self._network.add_node()
            for payer in _positions(payers):
                self._network.add_arc(3 + payer, node, sum(amounts.values()))
            for spring, amount in amounts.items():
                self._network.add_arc(node, 3 + spring, amount)


def _positions(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
