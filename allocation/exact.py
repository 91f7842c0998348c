"""From the solver's floats to whole minor units: awards that keep every rule exactly, or none.

The choice of requests is taken from the solver, its amounts only as a hint. Awards at the ask stay there; the others
are multiples of the unit near the hint, and a small program in whole numbers chooses the offsets: maximise the
objective such that every row of the policy holds on integers, and every Hall condition that the money network has
shown to be violated. Each answer is checked again: rows in integers, money by a maximum flow of integers whose
minimum cut is the next condition. Nothing is accepted because a float says so.

Payments of capped contributions to requests of several countries use room in each of these countries at once, which
is no network; such payments, and the whole units of room that they leave, are whole variables of the same program.
The room that they leave is rounded down, so the cap holds exactly.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.aims import Aim, Floor, View, first_aim
from allocation.answer import Answer
from allocation.limits import Row, WholeRow
from allocation.model import best_whole
from allocation.network import MoneyNetwork, Shortage, demand_of, rooms_taken
from allocation.prepared import Prepared

_WINDOWS = (16, 256, 100_000)
_CUTS_MAX = 300
_VIEWS_MAX = 30


@dataclass(frozen=True, slots=True)
class ExactAwards:
    """Awards that keep every rule exactly.

    Attributes:
        awards: Minor units above zero, by request.
        mixed: Payments of capped contributions to requests of several countries, by (class, cell).
    """

    awards: Mapping[int, int] = field(hash=False)
    mixed: Mapping[tuple[int, int], int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class _Expression:
    """`constant` plus whole multiples of the program's variables."""

    constant: Fraction | int
    terms: Mapping[int, Fraction | int]


def exact_awards(
    round_: Prepared, answer: Answer, *, deadline: float, aim: Aim | None = None, floors: Sequence[Floor] = ()
) -> ExactAwards | None:
    """Return exact awards for the solver's choice of requests, or None when no window around its amounts holds any.

    Args:
        round_: The round.
        answer: The solver's answer, `solved`.
        deadline: On the monotonic clock; the search stops there.
        aim: What is sought; the policy's first objective when None.
        floors: What earlier aims must not fall below.
    """
    wanted = _Wanted(aim or first_aim(round_.problem, round_.fundable), tuple(floors))
    partial = [r for r in sorted(answer.funded) if not round_.ranges[r].all_or_nothing]
    inside = [r for r in partial if not _at_an_end(round_, r, answer.awards[r])]
    for number, window in enumerate(_WINDOWS):
        free = tuple(inside if number == 0 else partial)
        found = _Offsets(round_, answer, free, window, wanted).best(deadline)
        if found is not None or (not free and not answer.mixed) or time.monotonic() > deadline:
            return found
    return None


def _at_an_end(round_: Prepared, request: int, award: float) -> bool:
    span = round_.ranges[request]
    near = 0.5 + 1e-8 * span.ask
    return abs(award - span.ask) <= near or abs(award - span.least) <= near


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is sought, and what earlier aims must not fall below."""

    aim: Aim
    floors: tuple[Floor, ...]


class _Offsets:
    """The whole program over the offsets of some awards from the solver's hint."""

    def __init__(self, round_: Prepared, answer: Answer, free: Sequence[int], window: int, wanted: _Wanted) -> None:
        self._round = round_
        self._wanted = wanted
        self._answer = answer
        self._window = window
        self._lows: list[int] = []
        self._highs: list[int] = []
        self._rows: list[WholeRow] = []
        self._impossible = False
        self._awards = {r: _Expression(self._pinned(r), {}) for r in sorted(answer.funded)}
        for r in free:
            self._awards[r] = self._stepping(r)
        self._mixed = {pair: self._around(int(max(0.0, hint)), 0, None) for pair, hint in sorted(answer.mixed.items())}
        self._rooms: dict[tuple[int, str], _Expression] = {}
        self._keep_mixed()
        for row in (*round_.binding_rows, *(floor.row(answer.whole()) for floor in wanted.floors)):
            self._keep(row)

    def best(self, deadline: float) -> ExactAwards | None:
        """Return the best awards in the window that hold exactly, or None."""
        aim, tightened = self._wanted.aim, 0
        objective, views = self._over_variables(Fraction(0), aim.amounts).amounts, self._first_views()
        best: ExactAwards | None = None
        for _ in range(_CUTS_MAX):
            left = deadline - time.monotonic()
            if self._impossible or left < 0:
                return best
            values = best_whole(objective, self._rows, self._lows, self._highs, views=views, time_limit=left)
            if values is None:
                return best
            found = ExactAwards(
                {r: amount for r, e in self._awards.items() if (amount := _value(e, values)) > 0},
                {pair: amount for pair, e in self._mixed.items() if (amount := _value(e, values)) > 0},
            )
            broken = [row for row in self._rows if row.excess(values) > 0]
            if broken:
                self._rows += [WholeRow(row.terms, row.at_most - row.excess(values)) for row in broken]
                continue
            shortages = self._shortages(found)
            fallen = [floor for floor in self._wanted.floors if not floor.holds(found.awards)]
            if not shortages and not fallen:
                if not self._holds(found):
                    return best
                if best is None or aim.value(found.awards) > aim.value(best.awards):
                    best = found
                if not self._sees(found, values, views):
                    return best
                continue
            for shortage in shortages:
                self._cover(shortage, -tightened)
            tightened += self._round.has_years
            for floor in fallen:
                self._keep(floor.row(found.awards))
        return best

    def _first_views(self) -> list[View]:
        """Return the envelope's view at the solver's hint, over the variables; none where the aim has no envelope."""
        envelope = self._wanted.aim.envelope
        if envelope is None:
            return []
        view = envelope.view(self._answer.whole())
        return [self._over_variables(view.constant, view.amounts)]

    def _sees(self, found: ExactAwards, values: Sequence[int], views: list[View]) -> bool:
        """Add the envelope's view at awards that the known views make too much of; return whether they did."""
        envelope = self._wanted.aim.envelope
        if envelope is None or len(views) >= _VIEWS_MAX:
            return False
        view = envelope.view(found.awards)
        at = dict(enumerate(values))
        if min(known.at(at) for known in views) <= view.at(found.awards):
            return False
        views.append(self._over_variables(view.constant, view.amounts))
        return True

    def _over_variables(self, constant: Fraction, amounts: Mapping[int, Fraction]) -> View:
        """Return a worth of each minor unit of an award as one of each variable of the program."""
        worth: dict[int, Fraction] = {}
        for r, expression in self._awards.items():
            constant += amounts.get(r, Fraction(0)) * expression.constant
            for variable, step in expression.terms.items():
                worth[variable] = worth.get(variable, Fraction(0)) + amounts.get(r, Fraction(0)) * step
        return View(constant, worth)

    def _holds(self, found: ExactAwards) -> bool:
        spans = self._round.ranges
        return not self._round.broken(found.awards) and all(spans[r].holds(a) for r, a in found.awards.items())

    def _pinned(self, r: int) -> int:
        span, hint = self._round.ranges[r], self._answer.awards[r]
        if span.all_or_nothing or hint > (span.ask + span.most) / 2 or span.most < span.least:
            return span.ask
        return min(span.most, max(span.least, round(hint / span.unit) * span.unit))

    def _variable(self, low: int, high: int) -> int:
        self._lows.append(low)
        self._highs.append(high)
        return len(self._lows) - 1

    def _around(self, base: int, low: int, high: int | None) -> _Expression:
        most = base + self._window if high is None else min(high, base + self._window)
        variable = self._variable(max(low, base - self._window) - base, most - base)
        return _Expression(base, {variable: 1})

    def _stepping(self, r: int) -> _Expression:
        """Return an award as steps of the unit around the hint, or the whole ask where that is no multiple of it."""
        span, hint = self._round.ranges[r], self._answer.awards[r]
        most, least = span.most // span.unit, span.least // span.unit
        base = min(most, max(least, int(hint // span.unit)))
        low, high = max(least - base, -self._window), min(most - base, self._window)
        steps = self._variable(low, high)
        terms: dict[int, Fraction | int] = {steps: span.unit}
        if span.ask > span.most and high == most - base:
            whole = self._variable(0, 1)
            terms[whole] = span.ask - span.most
            self._rows.append(WholeRow({steps: -1, whole: high - low}, -low))
        return _Expression(base * span.unit, terms)

    def _keep_mixed(self) -> None:
        """Bind payments that use room in several countries: to their class, their cell and each room."""
        pools = self._round.pools
        by_room: dict[tuple[int, str], list[tuple[Fraction, _Expression]]] = {}
        for (payer, number), expression in self._mixed.items():
            for country, share in pools.cells[number].countries:
                by_room.setdefault((payer, country), []).append((share, expression))
        base = {pair: int(expression.constant) for pair, expression in self._mixed.items()}
        taken = rooms_taken(pools, base)
        for (payer, country), parts in by_room.items():
            room = (pools.classes[payer].rooms or {})[country]
            left = self._around(max(0, math.floor(room - taken[payer, country])), 0, room)
            self._rooms[payer, country] = left
            self._require([(Fraction(1), left), *parts], room)
        for payer in sorted({payer for payer, _ in self._mixed}):
            paid = [(Fraction(1), e) for (k, _), e in self._mixed.items() if k == payer]
            self._require(paid, pools.classes[payer].available)
        for number in sorted({number for _, number in self._mixed}):
            paid = [(Fraction(1), e) for (_, m), e in self._mixed.items() if m == number]
            self._require([*paid, *((-share, e) for share, e in self._asked([number]))], 0)

    def _asked(self, cells: Collection[int]) -> list[tuple[Fraction, _Expression]]:
        shares = self._round.pools.shares_in(cells)
        return [(share, self._awards[r]) for r, share in shares.items() if r in self._awards]

    def _keep(self, row: Row) -> None:
        amounts = ((row.amounts.get(r, 0) + row.total, e) for r, e in self._awards.items())
        fixed = sum(row.choices.get(r, 0) for r in self._awards)
        self._require([(Fraction(c), e) for c, e in amounts if c], row.at_most - fixed)

    def _cover(self, shortage: Shortage, slack: int = 0) -> None:
        """Require the Hall condition that a shortage shows: what the cells ask is within what reaches them.

        Shares of awards count as they are; that parts of years are whole minor units is for the caller to see to.
        """
        pools = self._round.pools
        parts = self._asked(shortage.cells)
        room = sum(pools.classes[k].available for k in shortage.classes) + slack
        for (payer, number), expression in self._mixed.items():
            weight = (payer in shortage.classes) - (number in shortage.cells)
            if weight:
                parts.append((Fraction(weight), expression))
        for payer, country in sorted(shortage.rooms):
            if (payer, country) in self._rooms:
                parts.append((Fraction(-1), self._rooms[payer, country]))
            else:
                room += (pools.classes[payer].rooms or {})[country]
        self._require(parts, room)

    def _require(self, parts: Iterable[tuple[Fraction, _Expression]], at_most: int) -> None:
        """Add a row with whole coefficients, as small as they can be; leave it out when the window cannot break it."""
        terms: dict[int, Fraction] = {}
        right = Fraction(at_most)
        for weight, expression in parts:
            right -= weight * expression.constant
            for variable, step in expression.terms.items():
                terms[variable] = terms.get(variable, Fraction(0)) + weight * step
        scale = math.lcm(*(c.denominator for c in terms.values()))
        whole = {variable: int(c * scale) for variable, c in terms.items() if c}
        divisor = math.gcd(*whole.values()) or 1
        whole = {variable: c // divisor for variable, c in whole.items()}
        limit = math.floor(right * scale / divisor)
        reach = [(c * self._lows[v], c * self._highs[v]) for v, c in whole.items()]
        if sum(min(pair) for pair in reach) > limit:
            self._impossible = True
        elif sum(max(pair) for pair in reach) > limit:
            self._rows.append(WholeRow(whole, limit))

    def _shortages(self, found: ExactAwards) -> list[Shortage]:
        network = MoneyNetwork(self._round.pools, demand_of(self._round, found.awards), found.mixed)
        return network.shortages() if network.fill() else []


def _value(expression: _Expression, values: Sequence[int]) -> int:
    return int(expression.constant + sum(step * values[variable] for variable, step in expression.terms.items()))
