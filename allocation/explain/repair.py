"""A decision with one request more, found in its neighbourhood: quick, exact, and never better than it can be.

Only the choices that the relaxation changes when it funds the request, those that it splits, the cheapest to turn
round, and those whose money could serve the request are open; all other awards stay. That small program is solved in
whole choices, its amounts are rounded down to the unit, and every row is checked again in whole numbers, the money by a
maximum flow. What comes out is a valid decision, so its objective is a valid figure; nothing says that there is no
better one.

The program knows the money by Hall conditions; one that the flow shows broken is kept for the next request too. Where
these do not come to an end, it has the payments of the open requests as columns instead, all others as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from allocation.explain.exchange import Exchange
from allocation.explain.forcing import forcing_row, target
from allocation.explain.local_money import LocalMoney
from allocation.hall import MONEY
from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.relaxation import Columns, Point, Relaxation
from allocation.solver import run_whole

_OPEN = ((16, 2), (60, 4))
"""How many of the cheapest choices to turn round are open, and how often those near by free what the request must have;
first, and when that was not enough."""

_CUTS_MAX = 4
_MISSES_MAX = 6
"""So often in a row Hall conditions may come to no end before all else is asked by payments alone."""

_SPLIT = 1e-6
_OPTIONS = {
    "time_limit": 2.0,
    "mip_rel_gap": 5e-4,
    "mip_detect_symmetry": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_pscost_minreliable": 0,
}
"""A few dozen choices need none of the solver's larger tools, and the last part of a loss is not worth the time."""


class Neighbourhood:
    """The awards of a decision, and what can be changed around them.

    Args:
        round_: The round.
        awards: Of the decision, minor units by position.
        relaxation: Of the round, solved once for its root.
        root: That answer.
    """

    def __init__(self, round_: Prepared, awards: Mapping[int, int], relaxation: Relaxation, root: Point) -> None:
        self._round, self._awards, self._relaxation = round_, awards, relaxation
        self._exchange = Exchange(round_, awards)
        self._money = LocalMoney(round_, awards, self._exchange.payments())
        self._misses = 0
        gains = relaxation.gains(root)
        self._cheap = sorted(gains, key=lambda r: (abs(gains[r]), r))
        self._rows: list[Row] = []
        self._slacks: list[int] = []
        self._concerned: dict[int, list[int]] = {}
        self._total: list[int] = []
        for row in (*round_.rows, *(row for row in relaxation.rows if row.name == MONEY)):
            self._add(row)

    def with_request(self, request: int, point: Point) -> dict[int, int] | None:
        """Return exact awards in which a request is funded (in full, when it has a part); None when none were found.

        Args:
            request: The request's position.
            point: The relaxation's answer with it funded.
        """
        for cheap, times in _OPEN:
            opened = sorted({*self._opened(request, point, cheap), *self._money.near(request, times)})
            found = self._by_conditions(request, opened) if self._misses < _MISSES_MAX else None
            if found is None:
                found = self._by_payments(request, opened)
            if found is not None:
                return found
        return None

    def _add(self, row: Row) -> None:
        number = len(self._rows)
        self._rows.append(row)
        self._slacks.append(row.slack(self._awards))
        if row.total:
            self._total.append(number)
        for r in row.amounts.keys() | row.choices.keys():
            self._concerned.setdefault(r, []).append(number)

    def _opened(self, request: int, point: Point, count: int) -> list[int]:
        """Return the requests whose choices are open."""
        changed = {
            r
            for r, choice in point.choices.items()
            if abs(choice - (r in self._awards)) > _SPLIT or abs(point.awards[r] - self._awards.get(r, 0)) > 1
        }
        return sorted({request, *changed, *self._cheap[:count]})

    def _by_conditions(self, request: int, opened: list[int]) -> dict[int, int] | None:
        """Return awards that money reaches by conditions added as they are broken."""
        part = replace(self._round, fundable=tuple(opened))
        for _ in range(_CUTS_MAX):
            chosen = _best(part, [*self._narrowed(opened), self._forcing(request)])
            if chosen is None:
                return None
            broken = self._exchange.broken({r: chosen.get(r, 0) for r in opened})
            if not broken:
                self._misses = 0
                return self._exact(opened, chosen)
            if not sum(self._is_new(row) for row in broken):
                break
        self._misses += 1
        return None

    def _by_payments(self, request: int, opened: list[int]) -> dict[int, int] | None:
        """Return awards that money reaches with all other payments as they stand."""
        part = replace(self._round, fundable=tuple(opened))
        rows = [row for row in self._narrowed(opened) if row.name != MONEY]
        chosen = _best(part, [*rows, self._forcing(request)], self._money)
        if chosen is None or self._exchange.broken({r: chosen.get(r, 0) for r in opened}):
            return None
        return self._exact(opened, chosen)

    def _forcing(self, request: int) -> Row:
        now = self._awards.get(request, 0)
        return forcing_row(request, now, target(self._round, request, now))

    def _is_new(self, row: Row) -> bool:
        if self._relaxation.add(row):
            self._add(row)
            return True
        return False

    def _changes(self, opened: list[int], chosen: Mapping[int, int]) -> dict[int, int]:
        return {r: chosen.get(r, 0) - self._awards.get(r, 0) for r in opened}

    def _exact(self, opened: list[int], chosen: Mapping[int, int]) -> dict[int, int] | None:
        """Return all awards with the open ones as chosen, where every row holds in whole numbers."""
        changes, more = self._changes(opened, chosen), 0
        used: dict[int, int] = dict.fromkeys(self._total, 0)
        for r, change in changes.items():
            more += change
            turned = (r in chosen) - (r in self._awards)
            for number in self._concerned.get(r, ()):
                row = self._rows[number]
                step = change * row.amounts.get(r, 0) + turned * row.choices.get(r, 0)
                used[number] = used.get(number, 0) + step
        for number, step in used.items():
            if step + more * self._rows[number].total > self._slacks[number]:
                return None
        others = {r: award for r, award in self._awards.items() if r not in changes}
        return {**others, **chosen}

    def _touched(self, opened: Iterable[int]) -> list[int]:
        return sorted({*self._total, *(n for r in opened for n in self._concerned.get(r, ()))})

    def _narrowed(self, opened: list[int]) -> list[Row]:
        """Return the rows on the open requests alone: what the others use of them is taken off.

        Rows on amounts keep a little more room than they need, where they have it, for rounding down to the unit.
        """
        among = set(opened)
        now = {r: a for r, a in self._awards.items() if r in among}
        partial = sum(1 for r in opened if not self._round.ranges[r].all_or_nothing)
        unit, found = self._round.problem.policy.unit, []
        for number in self._touched(opened):
            row = self._rows[number]
            amounts = {r: c for r in opened if (c := row.amounts.get(r, 0))}
            choices = {r: c for r in opened if (c := row.choices.get(r, 0))}
            used = sum(a * (amounts.get(r, 0) + row.total) + choices.get(r, 0) for r, a in now.items())
            left = self._slacks[number] + used
            largest = max([abs(row.total), *(abs(c) for c in amounts.values())])
            if row.name != MONEY and largest:
                left -= min(partial * unit * largest, max(0, self._slacks[number]))
            if largest or choices:
                found.append(Row(row.name, left, amounts, choices, row.total))
        return found


def _best(part: Prepared, rows: Iterable[Row], money: LocalMoney | None = None) -> dict[int, int] | None:
    """Return the best awards of the open requests, rounded down to the unit; None when there are none.

    Args:
        part: The round with the open requests alone to be funded.
        rows: What their awards must keep.
        money: Where payments reach them as columns; None where the rows say what money does.
    """
    import highspy
    import numpy as np

    from allocation.aims import first_aim

    columns = Columns(part)
    highs = columns.loaded(whole=True)
    costs, _ = columns.costs(first_aim(part.problem, part.fundable))
    highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
    for row in rows:
        indices, values, upper, _ = columns.row(row)
        highs.addRow(-np.inf, upper, len(indices), indices, values)
    if money is not None:
        money.lay(highs, columns, part.fundable)
    for option, value in _OPTIONS.items():
        highs.setOptionValue(option, value)
    run_whole(highs)
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    choices, amounts = columns.read(np.asarray(highs.getSolution().col_value)[: columns.count])
    return {r: _rounded(part, r, amounts[r]) for r in part.fundable if choices[r] > 0.5}


def _rounded(part: Prepared, r: int, amount: float) -> int:
    """Return an allowed award at or below an amount, where there is one; what is nearly the whole ask is that."""
    span = part.ranges[r]
    if span.all_or_nothing or amount > span.ask - 0.5:
        return span.ask
    return min(span.most, max(span.least, int((amount + 1e-3) // span.unit) * span.unit))
