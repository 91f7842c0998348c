"""Two models of a round that anybody might write by hand, as arrays for any solver; nothing in them is made exact.

*Pairs*: a variable for each contribution and each request that it may pay. *Classes*: a variable for each class of
money and each cell of requests (see `allocation.classes`). Both have the engine's rows, ranges and scale. Eligibility,
pooling and the policy's rows are given to them for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation.classes import Cell, Eligibility
from allocation.limits import Row
from allocation.prepared import Prepared
from ledgers.terms import country_shares

_UNITS_MAX = 100_000
_MERIT_MAX = 1000
_UNBOUNDED = float("inf")


@dataclass
class Program:
    """Maximise `gain` over columns from 0 to `upper`, the first `choices` of them 0 or 1, under rows.

    Attributes:
        gain: By column.
        upper: By column.
        choices: How many columns, from the first, are 0 or 1.
        worth: What one unit of the objective is in the decision's objective.
        starts: Where each row's entries begin, and the end of the last.
        columns: Of the entries, one array a row.
        values: Of the entries, one array a row.
        at_least: By row.
        at_most: By row.
    """

    gain: NDArray[np.float64]
    upper: NDArray[np.float64]
    choices: int
    worth: float
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[NDArray[np.int32]] = field(default_factory=list)
    values: list[NDArray[np.float64]] = field(default_factory=list)
    at_least: list[float] = field(default_factory=list)
    at_most: list[float] = field(default_factory=list)

    def require(self, columns: Sequence[int], values: Sequence[float], at_least: float, at_most: float) -> None:
        """Add a row."""
        self.columns.append(np.asarray(columns, dtype=np.int32))
        self.values.append(np.asarray(values, dtype=np.float64))
        self.starts.append(self.starts[-1] + len(self.columns[-1]))
        self.at_least.append(at_least)
        self.at_most.append(at_most)


@dataclass(frozen=True)
class _Money:
    """Who may pay whom: payers (contributions or classes) and what is paid (requests or cells), as parallel arrays."""

    payers: NDArray[np.intp]
    paid: NDArray[np.intp]
    available: Sequence[int]
    asked: Sequence[Sequence[int]]


def pairs_admitted(round_: Prepared) -> NDArray[np.bool_]:
    """Return which contribution may pay which request."""
    problem = round_.problem
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    admitted = np.array([eligibility.row(c.earmark) for c in problem.contributions])
    ends = np.array([(r.ends_on or problem.on).toordinal() for r in problem.requests])
    for position, contribution in enumerate(problem.contributions):
        if contribution.use_by is not None:
            admitted[position] &= ends <= contribution.use_by.toordinal()
    return admitted


def pair_program(round_: Prepared, admitted: NDArray[np.bool_]) -> Program:
    """Return the model of contributions × requests."""
    contributions, requests = round_.problem.contributions, round_.problem.requests
    payers, paid = np.nonzero(admitted)
    money = _Money(payers, paid, [c.available for c in contributions], [[r] for r in range(len(requests))])
    program = _awards_and_money(round_, money)
    for number, contribution in enumerate(contributions):
        if contribution.country_cap is not None:
            own = np.flatnonzero(payers == number)
            used = dict(contribution.country_used)
            shares = [country_shares(requests[paid[arc]].subject.country) for arc in own]
            rooms = {code: max(0, contribution.country_cap - used.get(code, 0)) for row in shares for code, _ in row}
            _keep_rooms(program, round_, own, shares, rooms)
    _keep_policy(program, round_)
    return program


def class_program(round_: Prepared) -> Program:
    """Return the model of classes × cells."""
    pools = round_.pools
    arcs = [(payer, number) for number, cell in enumerate(pools.cells) for payer in cell.payers]
    payers, paid = (np.array(side, dtype=np.intp) for side in zip(*arcs, strict=True))
    money = _Money(payers, paid, [c.available for c in pools.classes], [_asked(cell) for cell in pools.cells])
    program = _awards_and_money(round_, money)
    for number, class_ in enumerate(pools.classes):
        if class_.rooms is not None:
            own = np.flatnonzero(payers == number)
            _keep_rooms(program, round_, own, [pools.cells[paid[arc]].countries for arc in own], class_.rooms)
    _keep_policy(program, round_)
    return program


def _asked(cell: Cell) -> list[int]:
    """Return the requests of a cell; the rounds here do not tell years apart, so each is in one cell, whole."""
    return [request for request, _, _ in cell.parts]


def _unit(round_: Prepared) -> float:
    return max(span.ask for span in round_.ranges) / _UNITS_MAX


def _awards_and_money(round_: Prepared, money: _Money) -> Program:
    """Return choices, awards and payments with their ranges: what is paid is awarded, what is there is not exceeded."""
    asks, unit = len(round_.ranges), _unit(round_)
    merit = np.array([float(request.merit) for request in round_.problem.requests])
    payable = {r for requests in money.asked for r in requests}
    upper = [span.ask / unit if r in payable else 0.0 for r, span in enumerate(round_.ranges)]
    arcs = len(money.payers)
    program = Program(
        gain=np.r_[np.zeros(asks), merit / merit.max() * _MERIT_MAX, np.zeros(arcs)],
        upper=np.r_[np.ones(asks), upper, np.full(arcs, _UNBOUNDED)],
        choices=asks,
        worth=unit * merit.max() / _MERIT_MAX / 100,
    )
    for r, span in enumerate(round_.ranges):
        program.require([asks + r, r], [1, -span.ask / unit], -_UNBOUNDED, 0)
        program.require([asks + r, r], [1, -span.least / unit], 0, _UNBOUNDED)
    for own, available in zip(_arcs_by(money.payers, len(money.available)), money.available, strict=True):
        program.require(2 * asks + own, np.ones(len(own)), -_UNBOUNDED, available / unit)
    for own, requests in zip(_arcs_by(money.paid, len(money.asked)), money.asked, strict=True):
        awards = [asks + r for r in requests]
        program.require(np.r_[2 * asks + own, awards], np.r_[np.ones(len(own)), -np.ones(len(awards))], 0, 0)
    return program


def _arcs_by(sides: NDArray[np.intp], count: int) -> list[NDArray[np.intp]]:
    order = np.argsort(sides, kind="stable")
    return np.split(order, np.searchsorted(sides[order], np.arange(1, count)))


def _keep_rooms(
    program: Program,
    round_: Prepared,
    arcs: Iterable[int],
    shares: Iterable[Iterable[tuple[str, Fraction]]],
    rooms: dict[str, int],
) -> None:
    """Keep what one payer gives to each country within its room there."""
    first = 2 * len(round_.ranges)
    parts: dict[str, list[tuple[int, float]]] = {}
    for arc, counted in zip(arcs, shares, strict=True):
        for country, share in counted:
            parts.setdefault(country, []).append((first + int(arc), float(share)))
    for country, found in parts.items():
        columns, weights = zip(*found, strict=True)
        program.require(columns, weights, -_UNBOUNDED, rooms[country] / _unit(round_))


def _keep_policy(program: Program, round_: Prepared) -> None:
    for row in round_.binding_rows:
        _keep(program, row, len(round_.ranges), _unit(round_))


def _keep(program: Program, row: Row, asks: int, unit: float) -> None:
    largest = max([abs(c) for c in row.amounts.values()] + [abs(row.total)]) or 1
    amounts = dict.fromkeys(range(asks), row.total) if row.total else {}
    for r, coefficient in row.amounts.items():
        amounts[r] = amounts.get(r, 0) + coefficient
    divisor = Fraction(largest) * Fraction(unit) if amounts else Fraction(1)
    columns = [asks + r for r in amounts] + list(row.choices)
    values = [c / largest for c in amounts.values()] + [float(c / divisor) for c in row.choices.values()]
    program.require(columns, values, -_UNBOUNDED, float(row.at_most / divisor))
