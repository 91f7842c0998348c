"""The steps of a lexicographic solve: one aim after the other, in the policy's order.

The first objective is one step. `expiring` has one for each use-by date, ascending: the money that can be spent from
contributions that end by then. `keep-unearmarked` has two: the money that unearmarked contributions must pay, then
softly earmarked ones. `even` has one for each group with demand: the least of awarded ÷ requested, then the sum of the
two least, and so on, which together are the leximin order. `leverage` and `count` have one each.

Source: W. Ogryczak, T. Śliwiński, On direct methods for lexicographic min-max optimization, 2006 (sums of the least).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.aims import Aim, View, first_aim, per_minor_unit
from allocation.limits import each_shares
from allocation.network import MoneyNetwork, demand_of
from allocation.policy import Stage
from allocation.prepared import Prepared
from allocation.problem import Problem, last_day
from ledgers.money import places
from ledgers.terms import earmark_class


@dataclass(frozen=True, slots=True)
class Step:
    """One aim of the lexicographic order.

    Attributes:
        aim: What is sought.
        stage: Which objective of the policy it belongs to; 0 is the first.
        may_cost: Share of each earlier objective's value that this one may cost.
    """

    aim: Aim
    stage: int
    may_cost: Fraction = Fraction(0)


def steps(round_: Prepared) -> list[Step]:
    """Return the steps of a round's policy, in order."""
    found = [Step(first_aim(round_.problem, round_.fundable), 0)]
    for number, stage in enumerate(round_.problem.policy.later, 1):
        found += [Step(aim, number, stage.may_cost) for aim in _aims(round_, stage)]
    return found


def _aims(round_: Prepared, stage: Stage) -> Iterator[Aim]:
    problem, requests = round_.problem, round_.fundable
    if stage.name == "count":
        yield Aim("count", choices=dict.fromkeys(requests, Fraction(1)))
    elif stage.name == "leverage":
        mobilised = {r: Fraction(problem.requests[r].cofinance, problem.requests[r].ask) for r in requests}
        yield Aim("leverage", amounts=per_minor_unit(problem, mobilised))
    elif stage.name == "expiring":
        yield from _expiring(round_)
    elif stage.name == "keep-unearmarked":
        yield from _unearmarked(round_)
    else:
        yield from _even(round_, stage)


def _expiring(round_: Prepared) -> Iterator[Aim]:
    days = [last_day(contribution) for contribution in round_.problem.contributions]
    for last in sorted({day for day in days if day is not None}):
        members = frozenset(n for n, day in enumerate(days) if day is not None and day <= last)
        yield Aim("expiring", f"by {last}", envelope=Payable(round_, members))


def _unearmarked(round_: Prepared) -> Iterator[Aim]:
    """Yield what all money but the flexible can pay, less all that is awarded: what the flexible must pay, negative."""
    problem = round_.problem
    classes = [earmark_class(c.earmark, problem.places) for c in problem.contributions]
    spent = per_minor_unit(problem, dict.fromkeys(round_.fundable, Fraction(-1)))
    flexible: tuple[str, ...] = ()
    for name in ("unearmarked", "softly"):
        flexible = (*flexible, name)
        members = frozenset(n for n, of in enumerate(classes) if of not in flexible)
        yield Aim("keep-unearmarked", " and ".join(flexible), amounts=spent, envelope=Payable(round_, members))


def _even(round_: Prepared, stage: Stage) -> Iterator[Aim]:
    groups = demand_groups(round_.problem, stage.name.partition(":")[2])
    for least in range(1, len(groups) + 1):
        of = "the least" if least == 1 else f"the {least} least together"
        yield Aim(stage.name, of, envelope=Least(groups, least))


@dataclass(frozen=True, slots=True)
class Group:
    """A window or region with demand.

    Attributes:
        name: Which.
        asked: What its requests ask, by the share of each that counts, minor units.
        shares: How much of each request counts.
    """

    name: str
    asked: Fraction
    shares: Mapping[int, Fraction] = field(hash=False)

    def served(self, awards: Mapping[int, int]) -> Fraction:
        """Return awarded ÷ requested."""
        return sum((self.shares.get(r, 0) * award for r, award in awards.items()), start=Fraction(0)) / self.asked


def demand_groups(problem: Problem, each: str) -> tuple[Group, ...]:
    """Return the windows or regions that requests of the round stand for, by name; global requests are in none."""
    found = []
    for name, shares in each_shares(problem, each):
        asked = sum((share * problem.requests[r].ask for r, share in shares.items()), start=Fraction(0))
        found.append(Group(name, asked, shares))
    return tuple(sorted(found, key=lambda group: group.name))


@dataclass(frozen=True, slots=True)
class Payable:
    """How much of awards some contributions can pay, all else being free to pay the rest; major units.

    Payments of capped contributions to requests of several countries pass by their rooms, so that the figure is never
    too low; where a round has such payments it may be too high.
    """

    round_: Prepared = field(repr=False)
    members: frozenset[int]

    def view(self, awards: Mapping[int, int]) -> View:
        """Return the figure that the smallest cut shows: what lies before it, and the money that crosses it."""
        pools, contributions = self.round_.pools, self.round_.problem.contributions
        available = [
            sum(contributions[member].available for member in money.members if member in self.members)
            for money in pools.classes
        ]
        network = MoneyNetwork(pools, demand_of(self.round_, awards), whole_rooms=False, available=available)
        short = network.fill()
        beyond = network.shortages()[0].lifted(pools) if short else None
        cells = beyond.cells if beyond else frozenset()
        crossing = sum(available[k] for k in beyond.classes) if beyond else 0
        crossing += sum((pools.classes[k].rooms or {})[code] for k, code in beyond.rooms) if beyond else 0
        before = pools.shares_in([number for number in range(len(pools.cells)) if number not in cells])
        minor = Fraction(1, 10 ** places(self.round_.problem.currency))
        return View(crossing * minor, per_minor_unit(self.round_.problem, before))


@dataclass(frozen=True, slots=True)
class Least:
    """The sum of awarded ÷ requested over the groups that have the least of it."""

    groups: Sequence[Group]
    count: int

    def view(self, awards: Mapping[int, int]) -> View:
        """Return the sum over the groups that are least served at these awards."""
        ordered = sorted(self.groups, key=lambda group: (group.served(awards), group.name))
        amounts: dict[int, Fraction] = {}
        for group in ordered[: self.count]:
            for r, share in group.shares.items():
                amounts[r] = amounts.get(r, Fraction(0)) + share / group.asked
        return View(Fraction(0), amounts)
