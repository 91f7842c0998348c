"""A round in whole numbers, and what prices prove of it.

Prices are numbers at or above 0: one for each rule of the policy, for the money of each class of contributions and for
each room that a capped class has in a country. Whatever they are, no awards that keep the rules have a higher objective
than

    sum over rules of price * what the rule allows
  + sum over contributions of price * what is available, over rooms of price * the room
  + sum over requests of the most that it can gain: 0 when it is not funded, else the best of
    (its worth - the prices of the rules that it uses - the cheapest money that may pay it), over its possible awards

because a decision pays every price at most as often as there is something to buy. A request of several countries pays
the prices of a capped contribution's rooms by its shares. The solver proposes prices; nothing here is taken from it
on trust, and every sum is one of whole numbers.

A price says how much of the objective, in the decision's own unit, one more unit of the rule would be worth: a major
unit of money, an award, or a unit of the measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.decision import minor_exponent
from allocation.limits import RESERVE, Row
from allocation.prepared import Prepared

Thing = tuple[str, ...]
"""What a price is of: (`rule`, name, side), (`money`, contribution) or (`room`, contribution, country)."""

_ERROR_SHARE = 10**9


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with whole coefficients, all `Statement.scale` times what they are.

    Attributes:
        thing: What a price of it is called.
        at_most: Right-hand side; minor units for rules on money.
        amounts: Coefficient of each award.
        choices: Coefficient of each choice.
        is_money: Whether it is in money.
        row_scale: The whole rule, divided by this, is `row`.
        row: The row of the round that means the same.
    """

    thing: Thing
    at_most: int
    amounts: Mapping[int, int] = field(hash=False)
    choices: Mapping[int, int] = field(hash=False)
    is_money: bool
    row_scale: Fraction
    row: Row = field(hash=False)


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole numbers at or above 0; divided by `over` of the statement they are prices.

    Attributes:
        rules: By position in `Statement.rules`.
        money: By class of contributions.
        rooms: By (class, country).
    """

    rules: Mapping[int, int] = field(default_factory=dict, hash=False)
    money: Mapping[int, int] = field(default_factory=dict, hash=False)
    rooms: Mapping[tuple[int, str], int] = field(default_factory=dict, hash=False)


class Statement:
    """What prices are held against. Requests, classes and cells are meant by position.

    Attributes:
        round_: The round.
        scale: What rational coefficients are multiplied by to become whole.
        over: What prices are divided by.
        rules: Every rule that some awards could break.
        unit: A bound as a whole number, times this, is in the decision's unit.
        bounds: The least and the most that each request may be awarded when it is funded.
        settled: Choices that overrides, or awards that are asked for, leave no other way.
    """

    def __init__(self, round_: Prepared, objective: Fraction, at_least: Mapping[int, int] | None = None) -> None:
        self.round_ = round_
        self._minor = 10 ** minor_exponent(round_.problem.currency)
        found = sorted(_stated(round_), key=lambda stated: stated[0])
        self.scale = math.lcm(*_denominators(round_))
        self.over = _over(round_, objective, len(found))
        self.rules = tuple(self._rule(*rule) for rule in found)
        self.unit = Fraction(1, self.over * self.scale * self._minor)
        self._worth, self._points = self._objective()
        self.bounds, self.settled = _narrowed(round_, at_least or {})
        self._room_shares = self._shares()

    def _rule(self, thing: Thing, row: Row, factor: int, is_money: bool) -> Rule:
        """Return a row in whole numbers; `factor` is what its coefficients were multiplied by already."""
        by = Fraction(self.scale, factor)
        amounts = {r: int(c * by) for r, c in row.amounts.items()}
        if row.total:
            total = int(row.total * by)
            amounts = {r: amounts.get(r, 0) + total for r in self.round_.fundable}
        choices = {r: int(c * by) for r, c in row.choices.items()}
        return Rule(thing, int(row.at_most * by), amounts, choices, is_money, by, row)

    def _objective(self) -> tuple[dict[int, int], dict[int, int]]:
        requests, policy = self.round_.problem.requests, self.round_.problem.policy
        merits = {r: int(requests[r].merit * self.scale) * self.over for r in self.round_.fundable}
        if policy.objective == "score":
            return {}, {r: merit * self._minor for r, merit in merits.items()}
        return merits, {}

    def _shares(self) -> list[list[tuple[int, tuple[tuple[str, int], ...]]]]:
        """Return for each cell who may pay it, and the scaled share of the payment that each room carries."""
        pools = self.round_.pools
        return [
            [
                (
                    payer,
                    ()
                    if pools.classes[payer].rooms is None
                    else tuple((code, int(share * self.scale)) for code, share in cell.countries),
                )
                for payer in cell.payers
            ]
            for cell in pools.cells
        ]

    def money_prices(self, prices: Prices) -> list[int]:
        """Return what a minor unit costs each cell at its cheapest, `scale` times."""
        return [
            min(
                prices.money.get(payer, 0) * self.scale
                + sum(prices.rooms.get((payer, code), 0) * share for code, share in shares)
                for payer, shares in payers
            )
            for payers in self._room_shares
        ]

    def gains(self, prices: Prices) -> dict[int, int]:
        """Return the most that funding each request that money may pay adds.

        An award is spent by years in whole minor units, so that less than one of a dear year may fall in a cheap one.
        """
        worth = dict(self._worth)
        points = dict(self._points)
        for position, price in prices.rules.items():
            rule = self.rules[position]
            for r, coefficient in rule.amounts.items():
                worth[r] = worth.get(r, 0) - price * coefficient
            by = price if rule.is_money else price * self._minor
            for r, coefficient in rule.choices.items():
                points[r] = points.get(r, 0) - by * coefficient
        costs = self.money_prices(prices)
        found = {}
        for r in self.round_.fundable:
            cells = self.round_.pools.cells_of[r]
            if len(cells) == 1:
                each = worth.get(r, 0) - costs[cells[0]]
                found[r] = points.get(r, 0) + max(each * award for award in self.bounds[r])
                continue
            rounding = sum(costs[cell] for cell in cells) - len(cells) * min(costs[cell] for cell in cells)
            gains = (worth.get(r, 0) * award - self._cost(r, award, costs) for award in self.bounds[r])
            found[r] = points.get(r, 0) + rounding + max(gains)
        return found

    def _cost(self, r: int, award: int, costs: Sequence[int]) -> int:
        """Return what an award costs that is spent in several years, rounded down."""
        asked = self.round_.problem.requests[r]
        cells = zip(self.round_.pools.cells_of[r], asked.years, strict=True)
        return sum(costs[cell] * amount for cell, (_, amount) in cells) * award // asked.ask

    def allowance(self, prices: Prices) -> int:
        """Return what everything that has a price comes to."""
        pools = self.round_.pools
        found = 0
        for position, price in prices.rules.items():
            rule = self.rules[position]
            found += price * rule.at_most * (1 if rule.is_money else self._minor)
        found += sum(price * pools.classes[k].available for k, price in prices.money.items()) * self.scale
        rooms = (price * (pools.classes[k].rooms or {})[code] for (k, code), price in prices.rooms.items())
        return found + sum(rooms) * self.scale

    def bound(self, prices: Prices, fixed: Mapping[int, bool]) -> int:
        """Return the highest objective that any awards with these choices settled can have, in units of `unit`."""
        found = self.allowance(prices)
        for r, gain in self.gains(prices).items():
            settled = fixed.get(r)
            if settled or (settled is None and gain > 0):
                found += gain
        return found

    def whole(self, value: Fraction) -> int:
        """Return a value of the objective in units of `unit`, rounded down."""
        return math.floor(value / self.unit)


def _stated(round_: Prepared) -> Iterator[tuple[Thing, Row, int, bool]]:
    """Yield what each row is called, the row, what it was multiplied by, and whether it is in money.

    Overrides narrow the award of one request, so they need no price.
    """
    for side, row in zip(round_.sides, round_.rows, strict=False):
        if not row.is_idle(round_.ranges):
            factor = math.lcm(side.bound.denominator, *(weight.denominator for weight in side.weights.values()))
            yield ("rule", side.name, side.side), row, factor, side.unit == "money"
    policy = round_.problem.policy
    kinds = {group.name: "exclusive" for group in policy.exclusives} | {
        rule.name: "requires" for rule in policy.requires
    }
    for row in round_.rows[len(round_.sides) :]:
        if row.is_idle(round_.ranges):
            continue
        if row.name == RESERVE and not row.choices:
            yield ("rule", RESERVE, "reserve"), row, 1, True
        elif row.name in kinds:
            yield ("rule", row.name, kinds[row.name]), row, 1, False


def _denominators(round_: Prepared) -> Iterator[int]:
    yield 1
    for request in round_.problem.requests:
        yield request.merit.denominator
    for side in round_.sides:
        yield side.bound.denominator
        yield from {weight.denominator for weight in side.weights.values()}
    for cell in round_.pools.cells:
        yield from (share.denominator for _, share in cell.countries)


def _over(round_: Prepared, objective: Fraction, rules: int) -> int:
    """Return a power of ten so fine that rounding prices to it moves a bound by about a billionth of the objective."""
    money = Fraction(round_.problem.resources, 10 ** minor_exponent(round_.problem.currency))
    things = rules + len(round_.pools.classes) + 1
    finest = (money + 1) * things * _ERROR_SHARE / max(objective, Fraction(1))
    places = max(6, len(str(math.ceil(finest))))
    return int(10**places)


def _narrowed(round_: Prepared, at_least: Mapping[int, int]) -> tuple[list[tuple[int, int]], dict[int, bool]]:
    """Return the least and the most of each award, and the choices that are settled, overrides counted."""
    bounds = [(span.least, span.ask) for span in round_.ranges]
    settled: dict[int, bool] = {}
    for r, least in at_least.items():
        bounds[r], settled[r] = (max(bounds[r][0], least), bounds[r][1]), True
    number = {request.request_id: r for r, request in enumerate(round_.problem.requests)}
    for override in round_.problem.overrides:
        r = number[override.request_id]
        least, most = max(bounds[r][0], override.least), min(bounds[r][1], override.most)
        if override.least > 0:
            settled[r] = True
        if least <= most:
            bounds[r] = least, most
        else:
            settled[r] = settled.get(r, False)
    fundable = set(round_.fundable)
    return bounds, {r: value for r, value in sorted(settled.items()) if r in fundable}
