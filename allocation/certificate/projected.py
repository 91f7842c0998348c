"""Prices of large rounds, from the relaxation that keeps the money out of sight.

A multiplier of a Hall condition is a price of all the money that counts for its requests: of each class that may pay
any of them, or of its rooms in their countries where these are less than it has. A class that several conditions count
has the sum, so prices prove no less than the conditions did.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.certificate.statement import Prices, Statement
from allocation.classes import Pools
from allocation.decision import minor_exponent
from allocation.hall import MONEY
from allocation.limits import Row
from allocation.relaxation import Relaxation


def projected_prices(statement: Statement, *, seconds: float) -> Prices | None:
    """Return prices for a round without years, or None when the relaxation had no answer in time."""
    round_ = statement.round_
    relaxation = Relaxation(round_)
    point = relaxation.solve(statement.settled, time_limit=seconds)
    if point.verdict != "solved":
        return None
    minor = 10 ** minor_exponent(round_.problem.currency)
    position_of = {id(rule.row): position for position, rule in enumerate(statement.rules)}
    rules: dict[int, int] = {}
    money: dict[int, int] = {}
    rooms: dict[tuple[int, str], int] = {}
    for row, multiplier in zip(relaxation.rows, point.multipliers, strict=False):
        position = position_of.get(id(row))
        if multiplier <= 0 or (position is None and row.name != MONEY):
            continue
        if position is not None:
            rule = statement.rules[position]
            units = Fraction(statement.scale) / rule.row_scale * (minor if rule.is_money else 1)
            rules[position] = round(Fraction(multiplier) * units * statement.over)
            continue
        price = round(Fraction(multiplier) * minor * statement.over)
        for payer, codes in _counted(round_.pools, row):
            if codes is None:
                money[payer] = money.get(payer, 0) + price
            else:
                rooms.update({(payer, code): rooms.get((payer, code), 0) + price for code in codes})
    return Prices(rules, money, rooms)


def _counted(pools: Pools, row: Row) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each class whose money counts for a Hall condition: all of it (None), or its rooms in these countries."""
    countries: dict[int, set[str]] = {}
    whole: set[int] = set()
    for number in {cell for r in row.amounts for cell in pools.cells_of.get(r, ())}:
        cell = pools.cells[number]
        for payer in cell.payers:
            countries.setdefault(payer, set()).update(code for code, _ in cell.countries)
            if pools.classes[payer].rooms is None or not cell.countries:
                whole.add(payer)
    for payer in sorted(countries):
        there, money = pools.classes[payer].rooms or {}, pools.classes[payer]
        narrow = payer not in whole and sum(there[code] for code in countries[payer]) < money.available
        yield payer, sorted(countries[payer]) if narrow else None
