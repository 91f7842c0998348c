"""How much money could still reach one request while every decided award stays whole, and what holds the rest.

Awards may change their payers, so this is a question of flow, answered on the payments of the decision alone. The
answer comes with its proof, a set of awards as in Hall's theorem: money that could reach the request in full, less the
awards that no other money may pay, is what is left for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocation.decision import Decision
from allocation.problem import Problem
from allocation.why_exchanges import Exchanges, Flags
from allocation.why_springs import Numbers, Springs


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
        self._resources = problem.resources
        self._springs = Springs(problem, decision)
        self._known: dict[int, Left] = {}
        self._shown: dict[bytes, tuple[int, tuple[tuple[str, str | None], ...], frozenset[str]]] = {}
        self._owners: dict[bytes, tuple[tuple[str, str | None], ...]] = {}
        self._bound: dict[bytes, frozenset[str]] = {}
        self._awards: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for award in decision.awards:
            kinds = dict.fromkeys(self._springs.kind_of[part] for part in self._springs.parts(award.request_id))
            self._awards[tuple(kinds)].append(award.request_id)

    def may_be_paid(self, request_id: str) -> bool:
        """Return whether contributions may pay the request in each of its parts, whatever is left of them."""
        springs = self._springs
        return all(len(springs.payers[springs.kind_of[part]]) for part in springs.parts(request_id))

    def payers(self, request_id: str, part: int = 0) -> tuple[str, ...]:
        """Return the contributions that may pay a part of the request."""
        return self._springs.contributions_for(self._springs.parts(request_id)[part])

    def most(self, request_id: str, part: int = 0) -> int:
        """Return what the contributions that may pay a part of the request could give it without any other award."""
        springs, found = self._springs, self._springs.payers[self._kind(request_id, part)]
        behind = np.where(springs.behind[found] < 0, found, springs.behind[found])
        return int(np.minimum(springs.available[found], springs.available[behind]).sum())

    def left(self, request_id: str, part: int = 0, *, enough: int | None = None) -> Left:
        """Return what could still reach a part of the request on top of its award.

        Args:
            request_id: Whose.
            part: Which of its parts (see `years`).
            enough: Minor units of which it is enough to know that they could: then the amount may be less than all,
                and the proof is left out.
        """
        kind = self._kind(request_id, part)
        if kind in self._known:
            return self._known[kind]
        if enough is not None and self._exchanges.may_send(kind, enough):
            return Left(enough, 0, (), frozenset())
        if not self._exchanges.may_send(kind, 1):
            amount, closed = 0, self._exchanges.closed(kind)
        else:
            amount, closed = self._exchanges.sent_to(kind, self._resources + 1 if enough is None else enough)
            if enough is not None and amount >= enough:
                return Left(amount, 0, (), frozenset())
        self._known[kind] = self._proof(amount, closed)
        return self._known[kind]

    def _kind(self, request_id: str, part: int) -> int:
        return self._springs.kind_of[self._springs.parts(request_id)[part]]

    @cached_property
    def _exchanges(self) -> Exchanges:
        return Exchanges(self._springs)

    def _proof(self, amount: int, closed: Flags) -> Left:
        """Return what is left with its proof: a closed set of springs, and the awards that only these may pay."""
        key = closed.tobytes()
        if key not in self._shown:
            self._shown[key] = self._show(closed)
        return Left(amount, *self._shown[key])

    def _show(self, closed: Flags) -> tuple[int, tuple[tuple[str, str | None], ...], frozenset[str]]:
        springs, behind = self._springs, self._springs.behind
        inner = closed & ((behind < 0) | ~closed[behind])
        owners = inner.tobytes()
        if owners not in self._owners:
            numbers = np.flatnonzero(inner).tolist()
            named = {(one, springs.country[n]) for n in numbers for one in springs.contributions[n]}
            self._owners[owners] = tuple(sorted(named, key=lambda owner: (owner[0], owner[1] or "")))
        return int(springs.available[inner].sum()), self._owners[owners], self._bound_to(closed)

    def _bound_to(self, closed: Flags) -> frozenset[str]:
        """Return the awards that only a closed set of springs may pay."""
        kinds, springs, starts = self._awarded
        outside = np.zeros(len(self._springs.payers), dtype=np.bool_)
        if len(kinds):
            outside[kinds] = np.logical_or.reduceat(~closed[springs], starts)
        key = outside.tobytes()
        if key not in self._bound:
            inside = [ids for of, ids in self._awards.items() if not outside[list(of)].any()]
            self._bound[key] = frozenset(one for ids in inside for one in ids)
        return self._bound[key]

    @cached_property
    def _awarded(self) -> tuple[Numbers, Numbers, Numbers]:
        """The kinds of awards that money may pay, their payers one after the other, and where each begins."""
        payers = self._springs.payers
        kinds = [kind for kind in dict.fromkeys(kind for of in self._awards for kind in of) if len(payers[kind])]
        counts = np.array([len(payers[kind]) for kind in kinds], dtype=np.int64)
        springs = np.concatenate([payers[kind] for kind in kinds]) if kinds else np.zeros(0, dtype=np.int64)
        return np.array(kinds, dtype=np.int64), springs, np.cumsum(counts) - counts
