"""Equal shares: the money of each contribution buys what its earmark admits, at the same price for all who join in.

The Method of Equal Shares of participatory budgeting, with contributions as voters. Every unit of money is a voter that
approves of the requests its earmark admits, so a contribution counts by its size, never by the order of its name.

Sets and figures
    c: contributions with what they have, `b[c]` (less their part of the reserve); r: requests with their ask and worth
    `u[r]` (merit × ask, or merit where the round counts requests).
    `rho[r]`: the least price per point and unit of money at which those that admit r can pay its whole ask, each
    min(what it has left, rho × u[r] × b[c]), and no more than its room in the country.

Steps: buy the request with the smallest rho (equal ones: higher merit, then id) until nobody can pay any; then complete
down the list by merit, so that money does not lie idle. Everything is in exact rationals; what each pays is rounded to
millionths of a minor unit (the remainder to those that can still pay, by order), so that the rationals stay short. Who
pays in the end follows the rule of all decisions; the shares here only choose the requests.

Promise, without completion, where no limit, group or country share stands in the way: extended justified representation
up to one request, for money. If contributions that all admit each request of a set hold together what the set costs,
then at least one of them admits funded requests worth at least as much to it as that set, or would with one request
more of the set. No donor's money is outvoted by other donors' money.

Source: D. Peters, G. Pierczyński, P. Skowron, Proportional Participatory Budgeting with Additive Utilities, NeurIPS
2021 (the rule, rho, EJR up to one project).
"""

from __future__ import annotations

import heapq
import math
from fractions import Fraction

from allocation.prepared import Prepared
from allocation.sharing.given import Given, ranked, rows_of_total, spendable_total
from allocation.sharing.greedy import completed, fill_floors
from allocation.sharing.purse import one_cell_each

PROMISE = "no donor's money outvoted: whoever could pay a set together gets as much (up to one request)"

_STEPS = 1_000_000
Payers = dict[int, Fraction]


class Budgets:
    """What each class of contributions has left, and the price at which a request can be bought."""

    def __init__(self, round_: Prepared) -> None:
        self._round = round_
        self._cell_of = one_cell_each(round_)
        classes = round_.pools.classes
        held = sum(money.available for money in classes)
        part = Fraction(min(held, _within_reserve(round_)), held) if held else Fraction(0)
        self._whole = [Fraction(math.floor(money.available * part)) for money in classes]
        self.left = list(self._whole)
        self._rooms = {
            (k, code): Fraction(room) for k, m in enumerate(classes) for code, room in (m.rooms or {}).items()
        }

    def price(self, request: int) -> Fraction | None:
        """Return rho of a request, or None when those who admit it cannot pay its ask any more."""
        most = self._most(request)
        cost, worth = self._round.ranges[request].ask, worth_of(self._round, request)
        if sum(most.values()) < cost or worth <= 0:
            return None
        bare, weight = Fraction(cost), sum((self._whole[k] for k in most), start=Fraction(0))
        for k in sorted(most, key=lambda k: (most[k] / self._whole[k], k)):
            if most[k] * weight >= bare * self._whole[k]:
                return bare / (worth * weight)
            bare, weight = bare - most[k], weight - self._whole[k]
        return None

    def buy(self, request: int, price: Fraction) -> Payers:
        """Pay a request at its price, and return what each class paid."""
        worth = worth_of(self._round, request)
        most = self._most(request)
        exact = {k: min(most[k], price * worth * self._whole[k]) for k in sorted(most)}
        paid = {k: Fraction(math.floor(amount * _STEPS), _STEPS) for k, amount in exact.items()}
        short = (self._round.ranges[request].ask - sum(paid.values())) * _STEPS
        for k in [k for k in paid if paid[k] < exact[k]][: int(short)]:
            paid[k] += Fraction(1, _STEPS)
        for k, amount in paid.items():
            self.left[k] -= amount
            country = self._country(k, request)
            if country is not None:
                self._rooms[k, country] -= amount
        return paid

    def _most(self, request: int) -> Payers:
        """Return what each class that admits a request could pay for it at most."""
        pools = self._round.pools
        cell = pools.cells[self._cell_of[request]]
        found = {}
        for k in cell.payers:
            if pools.classes[k].rooms is not None and len(cell.countries) > 1:
                continue
            country = self._country(k, request)
            most = self.left[k] if country is None else min(self.left[k], self._rooms[k, country])
            if most > 0 and self._whole[k] > 0:
                found[k] = Fraction(math.floor(most * _STEPS), _STEPS)
        return found

    def _country(self, k: int, request: int) -> str | None:
        pools = self._round.pools
        cell = pools.cells[self._cell_of[request]]
        return cell.countries[0][0] if pools.classes[k].rooms is not None and cell.countries else None


def equal_shares(round_: Prepared) -> dict[int, int]:
    """Return the awards of equal shares, completed by merit: minor units above zero, by request (its position)."""
    order = ranked(round_)
    rows = rows_of_total(round_, spendable_total(round_), round_.rows)
    given = Given(round_, rows)
    bought(round_, given)
    fill_floors(given, order)
    return completed(given.under(round_.rows), order)


def bought(round_: Prepared, given: Given) -> list[int]:
    """Buy requests whole at the smallest price, one after the other, into `given`, and return them in that order."""
    budgets = Budgets(round_)
    merit = [request.merit for request in round_.problem.requests]
    waiting = [(price, -merit[r], r) for r in round_.fundable if (price := budgets.price(r)) is not None]
    heapq.heapify(waiting)
    found = []
    while waiting:
        _, _, request = heapq.heappop(waiting)
        price = budgets.price(request)
        if price is None or given.most(request) < round_.ranges[request].ask:
            continue
        entry = (price, -merit[request], request)
        if waiting and waiting[0] < entry:
            heapq.heappush(waiting, entry)  # prices only rise, so an old one is a lower bound
            continue
        budgets.buy(request, price)
        given.give(request, round_.ranges[request].ask)
        found.append(request)
    return found


def worth_of(round_: Prepared, request: int) -> Fraction:
    """Return what a request is worth when it is funded whole: merit × ask, or merit where requests are counted."""
    merit = round_.problem.requests[request].merit
    return merit if round_.problem.policy.objective == "score" else merit * round_.ranges[request].ask


def _within_reserve(round_: Prepared) -> int:
    return max(0, min([round_.problem.resources, *(row.at_most for row in round_.rows if row.name == "reserve")]))
