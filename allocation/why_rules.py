"""Which rules of the policy stop one request from getting more, all other awards staying as decided."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from allocation.decision import Reason, decimal_text
from allocation.policy import Exclusive, Requires
from allocation.problem import Problem, Request
from allocation.verify_limits import Group, Standing, Totals, bound_value, groups, standings, totals, weight_of
from ledgers.money import Money, major_units, places
from ledgers.terms import folded

_SHOWN_PLACES = 6


@dataclass(frozen=True, slots=True)
class Step:
    """More money for one request.

    Attributes:
        request: Whose.
        now: Its award, minor units; 0 when it is not funded.
        then: The next possible award above that, minor units.
    """

    request: Request
    now: int
    then: int

    @property
    def more(self) -> int:
        """Return what the step costs, minor units."""
        return self.then - self.now


@dataclass(frozen=True, slots=True)
class Limited:
    """A limit that a step would break.

    Attributes:
        reason: As the request is told.
        grows_only: Whether it breaks only because more is awarded in all, as a floor does that is a share of that sum.
    """

    reason: Reason
    grows_only: bool


def next_award(request: Request, now: int, unit: int) -> int:
    """Return the least possible award above `now`: a multiple of the unit from the minimum on, or the whole ask."""
    least = max(now + 1, request.minimum)
    return min(request.ask, -(-least // unit) * unit)


class Rules:
    """The policy of a round as its decided awards leave it."""

    def __init__(self, problem: Problem, amounts: Mapping[str, int]) -> None:
        self._problem, self._amounts = problem, amounts
        self._funded = {folded(request): request for request in amounts}
        self._before = {folded(request): request for request in problem.funded_before}
        self._standing = {folded(request.request_id) for request in problem.requests}
        self._awarded = sum(amounts.values())
        self._resources = problem.resources
        self._reached: dict[int, Totals] = {}
        self._stands: dict[int, list[Standing]] = {}
        self._ceilings: dict[int, Fraction | None] = {}
        self._groups = groups(problem)
        self._by_request: dict[str, list[int]] = defaultdict(list)
        self._growing: list[tuple[int, int]] = []
        self._measures = {request.request_id: dict(request.measures) for request in problem.requests}
        self._exclusives: dict[str, list[Exclusive]] = defaultdict(list)
        for alternatives in problem.policy.exclusives:
            for member in {folded(member) for member in alternatives.requests}:
                self._exclusives[member].append(alternatives)
        self._requires: dict[str, list[Requires]] = defaultdict(list)
        for rule in problem.policy.requires:
            self._requires[folded(rule.request)].append(rule)
        self._spoken = self._spoken_names()
        self._of_awarded = {
            number
            for number, group in enumerate(self._groups)
            for bound in (group.limit.at_least, group.limit.at_most)
            if bound is not None and bound.kind == "share_of_awarded"
        }
        for number, group in enumerate(self._groups):
            self._reached[number] = totals(group, problem, amounts)
            for request in group.shares:
                self._by_request[request].append(number)
            self._ceilings[number] = self._room_below(number)
            if group.limit.at_least is not None and group.limit.at_least.kind == "share_of_awarded":
                self._growing.append((number, self._room_outside(number)))

    def _spoken_names(self) -> dict[str, str]:
        """Return the groups whose name ends in a region's code, and what a sentence calls them."""
        regions = [group for group in self._groups if group.limit.each == "region"]
        codes = [group.name.removeprefix(f"{group.limit.name}: ") for group in regions]
        names = [self._problem.places.name(code) for code in codes]
        return {g.name: f"{g.limit.name}: {name}" for g, name in zip(regions, names, strict=True)}

    def _room_outside(self, number: int) -> int:
        """Return how much may be awarded outside a group before its floor, a share of what is awarded, passes it by."""
        floor = self._groups[number].limit.at_least
        if floor is None or floor.value == 0:
            return self._resources
        return math.floor(self._reached[number].counted / floor.value) - self._awarded

    def limits(self, step: Step) -> Iterator[Limited]:
        """Yield every limit that the step would break: ceilings, fixed before those that are a share; then floors."""
        found = [one for number in self._concerned(step) for one in self._broken(number, step)]
        return (limited for _, limited in sorted(found, key=lambda one: one[0]))

    def _concerned(self, step: Step) -> list[int]:
        """Return the groups that the step can break: those it counts in, and floors that grow with the awarded sum."""
        inside = self._by_request[step.request.request_id]
        grown = [number for number, room in self._growing if step.more > room]
        return sorted({*inside, *grown})

    def broken_by(self, step: Step, given_up: str) -> Standing | None:
        """Return the first limit that breaks when the step is made and another award given up whole, or None."""
        changes = ((step.request.request_id, step.now, step.then), (given_up, self._amounts[given_up], 0))
        touched = {number for request, _, _ in changes for number in self._by_request[request]}
        for number in sorted(touched | self._of_awarded):
            after = self._reached[number]
            for request, now, then in changes:
                after = self._changed(self._groups[number], after, request, now, then)
            for standing in standings(self._groups[number], after, self._resources):
                if not standing.holds:
                    return standing
        return None

    def choices(self, step: Step) -> Iterator[Reason]:
        """Yield every exclusive group and prerequisite that the step would break."""
        request = folded(step.request.request_id)
        if step.now:
            return
        for group in self._exclusives.get(request, ()):
            yield from self._taken(group, {folded(member) for member in group.requests} - {request})
        for rule in self._requires.get(request, ()):
            yield from self._lacking(rule)

    def _taken(self, group: Exclusive, others: Set[str]) -> Iterator[Reason]:
        """Yield that another request of the group is funded, one of an earlier round first."""
        rule = f'the rule "{group.name}" funds at most one of {", ".join(group.requests)}'
        before = sorted(self._before[other] for other in others if other in self._before)
        now = sorted(self._funded[other] for other in others if other in self._funded)
        if before:
            facts = {"rule": group.name, "funded": before[0], "by": "an earlier round"}
            yield Reason("exclusive", f"{rule}, and that is {before[0]}, funded by an earlier round", facts)
        elif now:
            yield Reason("exclusive", f"{rule}, and {now[0]} is", {"rule": group.name, "funded": now[0]})

    def _lacking(self, rule: Requires) -> Iterator[Reason]:
        """Yield that what a request needs is not funded, in this round or before."""
        needs = folded(rule.needs)
        if needs in self._funded or needs in self._before:
            return
        facts = {"rule": rule.name, "needs": rule.needs}
        if needs in self._standing:
            sentence = f'the rule "{rule.name}" funds it only together with {rule.needs}, which is not funded'
            yield Reason("requires", sentence, facts)
            return
        sentence = (
            f'the rule "{rule.name}" funds it only after or together with {rule.needs}, '
            "which is not in this round and not funded by an earlier one"
        )
        yield Reason("requires", sentence, {**facts, "in_round": False})

    def spoken_name(self, name: str) -> str:
        """Return the name of a limit's group for a sentence: a region by its name, not its code."""
        return self._spoken.get(name, name)

    def _broken(self, number: int, step: Step) -> Iterator[tuple[int, Limited]]:
        """Yield every side of a group that the step would break, with its place in the order of telling."""
        group, reached = self._groups[number], self._reached[number]
        if self._fits(number, step):
            return
        after = self._changed(group, reached, step.request.request_id, step.now, step.then)
        if number not in self._stands:
            self._stands[number] = standings(group, reached, self._resources)
        for was, becomes in zip(self._stands[number], standings(group, after, self._resources), strict=True):
            if not becomes.holds:
                is_floor, moves = becomes.side.endswith("at_least"), was.bound != becomes.bound
                share = self._share(group, becomes.side) if becomes.unit == "money" else None
                reason = self._fixed(was, becomes, step) if share is None else self._shared(was, becomes, after, step)
                grows_only = is_floor and moves and becomes.actual >= was.bound
                yield 2 * is_floor + (share is not None), Limited(reason, grows_only)

    def _fits(self, number: int, step: Step) -> bool:
        """Return whether a group of nothing but a fixed ceiling stays below it; the commonest case, told cheaply."""
        group, ceiling = self._groups[number], self._ceilings[number]
        if ceiling is None or step.request.request_id not in group.shares:
            return False
        return group.shares[step.request.request_id] * step.more <= ceiling

    def _room_below(self, number: int) -> Fraction | None:
        """Return what a group's fixed ceiling leaves, minor units; None where anything else is asked of the group."""
        limit, ceiling = self._groups[number].limit, self._groups[number].limit.at_most
        others = (limit.at_least, limit.count_at_least, limit.count_at_most, limit.weigh)
        if ceiling is None or ceiling.kind == "share_of_awarded" or any(other is not None for other in others):
            return None
        return bound_value(ceiling, self._awarded, self._resources) - self._reached[number].counted

    def _share(self, group: Group, side: str) -> Fraction | None:
        """Return the share of what is awarded that a side sets, or None when it sets something else."""
        bound = {"at_least": group.limit.at_least, "at_most": group.limit.at_most}.get(side)
        return bound.value if bound is not None and bound.kind == "share_of_awarded" else None

    def _changed(self, group: Group, reached: Totals, request: str, now: int, then: int) -> Totals:
        """Return a group's totals when one request's award changes from `now` to `then`."""
        share, awarded = group.shares.get(request), reached.awarded + then - now
        if share is None:
            return Totals(reached.counted, reached.number, awarded)
        measures = self._measures[request]
        counted = (weight_of(group.limit, measures, n) if n else 0 for n in (then, now))
        more, less = counted
        return Totals(reached.counted + share * (more - less), reached.number + (then > 0) - (now > 0), awarded)

    def _fixed(self, was: Standing, becomes: Standing, step: Step) -> Reason:
        gets = money(step.then, self._problem.currency)
        side = "ceiling" if was.side.endswith("at_most") else "floor"
        bound = self._figure(becomes.bound, becomes)
        if was.bound != becomes.bound:
            bound += f" (a share of what is awarded; {self._figure(was.bound, was)} now)"
        sentence = (
            f'an award of {gets} would break the limit "{self.spoken_name(was.name)}": it would stand at '
            f"{self._figure(becomes.actual, becomes)} against a {side} of {bound}, "
            f"and stands at {self._figure(was.actual, was)} now"
        )
        return Reason("limit", sentence, self._facts(was, becomes, step))

    def _shared(self, was: Standing, becomes: Standing, after: Totals, step: Step) -> Reason:
        """Return that a share of what is awarded would break, and how much more to others would keep it."""
        currency, is_floor = self._problem.currency, was.side == "at_least"
        share, stands = becomes.bound / after.awarded, becomes.actual / after.awarded
        whom = "requests that it counts" if is_floor else "requests that it does not count"
        moved = "fall" if is_floor else "rise"
        side = "below its floor" if is_floor else "above its ceiling"
        stands_at, allowed = percent(stands, up=not is_floor), percent(share, up=is_floor)
        sentence = (
            f"with an award of {money(step.then, currency)} added, what the limit "
            f'"{self.spoken_name(was.name)}" counts would {moved} to {stands_at} of what is awarded, '
            f"{side} of {allowed} ({self._figure(becomes.actual, becomes)} of {money(after.awarded, currency)})"
        )
        facts = self._facts(was, becomes, step)
        wanted = more_to_keep(becomes.actual, after.awarded, share, is_floor=is_floor)
        if wanted is not None:
            sentence += f"; at least {money(wanted, currency)} more for {whom} would have to be added with it"
            facts["more_needed"] = str(major_units(wanted, currency))
        return Reason("limit", sentence, facts)

    def _facts(self, was: Standing, becomes: Standing, step: Step) -> dict[str, str]:
        currency = self._problem.currency
        figures = {
            "bound": was.bound,
            "actual": was.actual,
            "bound_then": becomes.bound,
            "actual_then": becomes.actual,
        }
        facts = {"limit": was.name, "side": was.side, "award": str(major_units(step.then, currency))}
        told = {key: plain_figure(value, becomes.unit, currency) for key, value in figures.items()}
        return {**facts, **told, "unit": becomes.unit}

    def _figure(self, value: Fraction, standing: Standing) -> str:
        return shown_figure(value, standing.unit, self._problem.currency)


def more_to_keep(reached: Fraction, awarded: int, share: Fraction, *, is_floor: bool) -> int | None:
    """Return the least further money that brings a broken share back, or None when no money can.

    Args:
        reached: What the limit counts of the awards, minor units.
        awarded: All that is awarded, minor units.
        share: Of that sum: the floor or ceiling.
        is_floor: Whether the money goes where the limit counts it whole (a floor), or not at all (a ceiling).
    """
    if share == (1 if is_floor else 0):
        return None
    return math.ceil((share * awarded - reached) / (1 - share) if is_floor else reached / share - awarded)


def percent(share: Fraction, *, up: bool) -> str:
    """Return a share in per cent to two places, rounded up or down.

    >>> percent(Fraction(1, 3), up=True), percent(Fraction(1, 50), up=False)
    ('33.34 %', '2 %')
    """
    hundredths = share * 10_000
    return f"{decimal_text(Fraction(math.ceil(hundredths) if up else math.floor(hundredths), 100))} %"


@lru_cache(maxsize=100_000)
def money(minor: int, currency: str) -> str:
    """Return minor units as a reader sees them: `USD 1,250.00`."""
    return str(Money(major_units(minor, currency), currency))


def plain_figure(value: Fraction, unit: str, currency: str, *, places_max: int = 12) -> str:
    """Return a limit's figure as plain decimal text, money in major units."""
    return decimal_text(value / 10 ** places(currency) if unit == "money" else value, places_max=places_max)


def shown_figure(value: Fraction, unit: str, currency: str) -> str:
    """Return a limit's figure with its unit; parts of a minor unit are shown, since they may be what counts."""
    if unit == "money" and value.denominator == 1:
        return money(int(value), currency)
    text = plain_figure(value, unit, currency, places_max=_SHOWN_PLACES)
    if unit == "money":
        return f"{currency} {Decimal(text):,f}"
    return f"{text} award{'s' if value != 1 else ''}" if unit == "count" else f"{text} of {unit}"
