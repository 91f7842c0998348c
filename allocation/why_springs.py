"""The money of a decided round in springs: money that cannot be told apart, and what each may pay.

A *spring* is the contributions that may pay the same requests; a contribution with a cap per country alone, and beside
it one spring for its room in each country. A payment that uses the room of several countries at once fits no network;
its use of room is left out, so that what is left is never understated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.decision import Decision
from allocation.problem import Contribution, Problem
from allocation.why_terms import eligible_parts
from allocation.wide_flow import CAPACITY_MAX
from ledgers.terms import country_shares

Numbers = NDArray[np.int64]

_SEVERAL = -1


class Springs:
    """The springs of a decided round, numbered, and the *kinds* of requests: parts that the same springs may pay.

    Attributes:
        contributions: Each spring's, ids in order.
        country: The country whose room a spring is, or None for the money itself.
        behind: For a country's room, the spring of the contribution's money; -1 for the money itself.
        available: Minor units: what a spring had for the round; of a country's room, what the cap left of it.
        spent: Minor units that the decision pays from it.
        kind_of: The kind of each part of a request.
        payers: The springs that may pay each kind, ascending.
        paid: What each spring pays of each kind, minor units.
    """

    def __init__(self, problem: Problem, decision: Decision) -> None:
        self._problem = problem
        self._rows, self._parts = eligible_parts(problem)
        self.contributions: list[tuple[str, ...]] = []
        self.country: list[str | None] = []
        self._behind: list[int] = []
        self._available: list[int] = []
        self._rooms: dict[tuple[int, str], int] = {}
        self._spring_of: dict[str, int] = {}
        self._pairs: list[tuple[Numbers, Numbers]] = []
        requests = {request.request_id: request for request in problem.requests}
        shares = [country_shares(requests[one].subject.country) for one, parts in self._parts.items() for _ in parts]
        self._only = [share[0][0] if len(share) == 1 else None for share in shares]
        self._pool()
        self._sort_out(len(shares))
        self._pay(decision)

    def parts(self, request_id: str) -> tuple[int, ...]:
        """Return the numbers of a request's parts."""
        return self._parts[request_id]

    def contributions_for(self, part: int) -> tuple[str, ...]:
        """Return the contributions that may pay a part."""
        found = zip(self._problem.contributions, self._rows, strict=True)
        return tuple(contribution.contribution_id for contribution, row in found if row[part])

    def _pool(self) -> None:
        """Make the springs, with the parts that each may pay."""
        codes = sorted({code for code in self._only if code is not None})
        number = {code: n for n, code in enumerate(codes)}
        countries = np.array([_SEVERAL if code is None else number[code] for code in self._only], dtype=np.int64)
        pools: dict[tuple[bytes, int], list[int]] = defaultdict(list)
        alike: dict[int, bytes] = {}
        for n, (contribution, row) in enumerate(zip(self._problem.contributions, self._rows, strict=True)):
            may_pay = alike.setdefault(id(row), row.tobytes())
            pools[may_pay, -1 if contribution.country_cap is None else n].append(n)
        for (_, alone), members in pools.items():
            spring = self._add([self._problem.contributions[n] for n in members])
            reached = np.flatnonzero(self._rows[members[0]])
            if alone >= 0:
                reached = self._open(spring, self._problem.contributions[alone], reached, countries, codes)
            self._pairs.append((reached, np.full(len(reached), spring)))

    def _add(self, members: Sequence[Contribution]) -> int:
        ids = tuple(member.contribution_id for member in members)
        self._spring_of.update(dict.fromkeys(ids, len(self.contributions)))
        self._append(ids, sum(member.available for member in members), None, -1)
        return len(self.contributions) - 1

    def _append(self, ids: tuple[str, ...], available: int, country: str | None, behind: int) -> None:
        self.contributions.append(ids)
        self._available.append(available)
        self.country.append(country)
        self._behind.append(behind)

    def _open(
        self, spring: int, owner: Contribution, reached: Numbers, countries: Numbers, codes: Sequence[str]
    ) -> Numbers:
        """Add a capped contribution's rooms, one for each country it may pay in, and return what it pays otherwise."""
        inside = reached[countries[reached] != _SEVERAL]
        found, which = np.unique(countries[inside], return_inverse=True)
        first, used = len(self.contributions), dict(owner.country_used)
        cap = owner.country_cap or 0
        for code in (codes[n] for n in found.tolist()):
            self._rooms[spring, code] = len(self.contributions)
            self._append((owner.contribution_id,), max(0, cap - used.get(code, 0)), code, spring)
        self._pairs.append((inside, first + which))
        beside: Numbers = reached[countries[reached] == _SEVERAL]
        return beside

    def _sort_out(self, count: int) -> None:
        """Find the kinds of parts."""
        none = np.zeros(0, dtype=np.int64)
        parts, springs = (np.concatenate([none, *(pair[n] for pair in self._pairs)]) for n in range(2))
        order = np.lexsort((springs, parts))
        start = np.searchsorted(parts[order], np.arange(count + 1))
        springs = springs[order]
        known: dict[bytes, int] = {}
        self.kind_of: list[int] = []
        self.payers: list[Numbers] = []
        for part in range(count):
            found = springs[start[part] : start[part + 1]]
            kind = known.setdefault(found.tobytes(), len(self.payers))
            if kind == len(self.payers):
                self.payers.append(found)
            self.kind_of.append(kind)
        self._pairs = []

    def _pay(self, decision: Decision) -> None:
        """Add up what the springs pay."""
        spent = [0] * len(self.contributions)
        self.paid: dict[tuple[int, int], int] = defaultdict(int)
        requests = {request.request_id: request for request in self._problem.requests}
        capped = {spring for spring, _ in self._rooms}
        for award in decision.awards:
            parts, years = self._parts[award.request_id], requests[award.request_id].years
            part_of = {year: parts[n] for n, (year, _) in enumerate(years)}
            for payment in award.payments:
                part = parts[0] if payment.year is None else part_of[payment.year]
                entered = spring = self._spring_of[payment.contribution_id]
                spent[spring] += payment.amount
                country = self._only[part] if spring in capped else None
                if country is not None:
                    entered = self._rooms[spring, country]
                    spent[entered] += payment.amount
                self.paid[entered, self.kind_of[part]] += payment.amount
        number: Any = np.int64 if sum(self._available) + self._problem.resources < CAPACITY_MAX // 2 else object
        self.available = np.array(self._available, dtype=number)
        self.spent = np.array(spent, dtype=number)
        self.behind = np.array(self._behind, dtype=np.int64)
