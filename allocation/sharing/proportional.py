"""Proportional sharing: every request gets the same share of its ask, as far as earmarks and ceilings let it.

The common share rises for all together. Where money or a ceiling stops some, they stay and the others rise on: the
result is max-min fair on award ÷ ask. Whoever then falls below the least useful amount drops out, of all those the
lowest by merit first (an eighth of them at a time, at least one; equal merit: the later id), and all is shared anew.
Requests that count for a floor are raised to it before the others, again all by the same share. Choices (counts,
exclusive groups, prerequisites) are kept by dropping the lowest by merit. Exact amounts are rounded down to the unit,
and the units left go to the largest remainders (equal ones: by id).

Promise: equal shares. Nobody who is funded in part could get a larger share of its ask, but for the rounding, unless
somebody with no larger share got less, a limit broke, or a drop-out would have to be let in again.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.sharing.given import Given, ranked, rows_of_total, spendable_total
from allocation.sharing.level import Amounts, Levels

PROMISE = "equal shares: no share of an ask could rise unless one no larger fell"
_DROPPED_PART = 8
_TOTALS_MAX = 12


def proportional(round_: Prepared) -> dict[int, int]:
    """Return the awards of a proportional sharing: minor units above zero, by request (its position)."""
    order = ranked(round_)
    shared = exact_shares(round_, order)
    given = Given(round_, round_.rows, _rounded_down(round_, shared))
    _trim(given, shared)
    _hand_out_remainders(given, shared)
    return dict(sorted(given.awards.items()))


def exact_shares(round_: Prepared, order: Sequence[int]) -> Amounts:
    """Return what each request gets before rounding, minor units; those that dropped out are absent.

    Shares of what is awarded depend on the total that they help to make: the total is lowered until what it allows
    comes to no less than itself.
    """
    points: list[tuple[Fraction, Fraction]] = []
    total = Fraction(spendable_total(round_))
    for _ in range(_TOTALS_MAX):
        shared = _at_total(round_, order, total)
        reached = sum(shared.values(), start=Fraction(0))
        if _keeps_shares(round_, shared):
            return shared
        points.append((total, reached))
        total = _next_total(points)
    return _at_total(round_, order, max(Fraction(0), points[-1][1] - 10 * (points[-1][0] - points[-1][1])))


def _next_total(points: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return where the line through the last two points meets total = reached, or the last reached."""
    total, reached = points[-1]
    if len(points) > 1:
        before, came_to = points[-2]
        slope = (reached - came_to) / (total - before) if total != before else Fraction(1)
        if 0 <= slope < 1:
            met = (reached - slope * total) / (1 - slope)
            return Fraction(max(0, int(met)))
    return Fraction(int(reached))


def _keeps_shares(round_: Prepared, shared: Amounts) -> bool:
    total = sum(shared.values(), start=Fraction(0))
    for side in round_.sides:
        if side.of_awarded and side.side == "at_most":
            part = sum((side.weights.get(r, Fraction(0)) * amount for r, amount in shared.items()), start=Fraction(0))
            if part > side.bound * total:
                return False
    return True


def _at_total(round_: Prepared, order: Sequence[int], total: Fraction) -> Amounts:
    """Return the shares when a share of what is awarded means that share of `total`; who falls too low drops out."""
    stays = list(order)
    while True:
        members = _within_choices(round_, stays)
        shared = _raised(round_, members, total)
        low = [r for r in order if r in set(members) and shared[r] < round_.ranges[r].least]
        if not low:
            return {r: amount for r, amount in shared.items() if amount > 0}
        dropped = set(low[-max(1, len(low) // _DROPPED_PART) :])
        stays = [r for r in stays if r not in dropped]


def _raised(round_: Prepared, members: Sequence[int], total: Fraction) -> Amounts:
    rows = [row for row in rows_of_total(round_, total, round_.rows) if not row.choices]
    floors = [row for row in rows if row.at_most < 0 and not row.total]
    levels = Levels(round_, [row for row in rows if row not in floors], dict.fromkeys(members, Fraction(0)))
    for floor in floors:
        levels.raise_all([r for r in members if floor.amounts.get(r, 0) < 0], until=floor)
    levels.raise_all(members)
    return levels.amounts


def _within_choices(round_: Prepared, order: Sequence[int]) -> list[int]:
    """Return who stays when counts, groups and prerequisites are kept by dropping from the bottom of the list."""
    rows = [Row(row.name, row.at_most, choices=row.choices) for row in round_.rows if row.choices]
    stays = list(order)
    while True:
        chosen = dict.fromkeys(stays, 1)
        broken = [row for row in rows if row.slack(chosen) < 0 and any(row.choices.get(r, 0) > 0 for r in stays)]
        if not broken:
            return stays
        over = -broken[0].slack(chosen)
        for r in reversed(stays):
            counts = broken[0].choices.get(r, 0)
            if counts > 0 and over > 0:
                stays.remove(r)
                over -= counts


def _rounded_down(round_: Prepared, shared: Amounts) -> dict[int, int]:
    awards = {}
    for r, amount in sorted(shared.items()):
        span = round_.ranges[r]
        awards[r] = span.ask if amount >= span.ask else int(amount) // span.unit * span.unit
    return awards


def _trim(given: Given, shared: Amounts) -> None:
    """Lower awards by a unit where rounding others down broke a share of what is awarded; the least hurt first."""
    for number, row in enumerate(given.rows):
        for _ in range(len(shared)):
            ranges = given.round_.ranges
            free = [
                (shared[r] - award, r)
                for r, award in given.awards.items()
                if row.amounts.get(r, 0) + row.total > 0
                and given.slacks[number] < 0
                and award < ranges[r].ask
                and ranges[r].holds(award - ranges[r].unit)
            ]
            if not free:
                break
            request = min(free)[1]
            given.lower(request, given.awards[request] - ranges[request].unit)


def _hand_out_remainders(given: Given, shared: Amounts) -> None:
    """Give one unit more, or the whole ask, to the largest remainders as long as money and rows allow."""
    for r in sorted(shared, key=lambda r: (given.awards[r] - shared[r], r)):
        span, have = given.round_.ranges[r], given.awards[r]
        above = have + span.unit if have + span.unit <= span.most else span.ask
        if shared[r] > have and given.most(r) >= above:
            given.give(r, above)
