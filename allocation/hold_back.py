"""Decide now, or hold money back for pledges that may come: what either is worth, in exact rationals.

A pledge has a stated chance, independent of the others; each way in which they arrive is a scenario with its chance. A
request is funded once: now, from money that is there, or later, when it is known which pledges came, from what is left
and what arrived. What is paid now stays paid. The worth of a course is its expected objective: by scenario, what is
funded now and, less what waiting costs, what is funded later, over decisions that the independent verifier has seen.

Courses compared
    all now: the optimum of the round as it stands; later whatever its remainder and the arrived pledges can fund.
    two steps: the plan of `two_stage` over all scenarios.
    wait: nothing now, everything decided once the pledges are known.

Limits hold over what is funded by the end, with each scenario's resources; now, all hold but floors that nothing
awarded would miss, for those can still be met later. The solver only proposes: choices and amounts are made whole here,
what does not fit is taken back from the bottom of the ranking, and what is left is given down the list. So a course's
worth is that of decisions which exist, and the bound says how much better any could be.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from allocation.decide import most_possible
from allocation.decision import Decision, Payment
from allocation.limits import Row
from allocation.payments import AwardsUnpayable, payments
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, last_day
from allocation.settled import settled
from allocation.sharing.given import Given, ranked
from allocation.sharing.greedy import completed, fill_floors
from allocation.sharing.purse import one_cell_each
from allocation.sharing.shared import LEFT_OUT, broken_limits, decided
from allocation.two_stage import NOW, Plan, Step, TwoStageModel, without_floors
from ledgers.errors import FacilityError
from ledgers.terms import country_shares

PLEDGES_MAX = 6
SIZE_MAX = 3_000
"""Requests times scenarios up to which the plan is made over all scenarios; beyond, over the likeliest ones."""

Paid = Mapping[int, tuple[Payment, ...]]
Progress = Callable[[str], None]


class PledgesTooMany(FacilityError):
    """More pledges than all their ways to arrive can be looked at."""

    code = "pledges-too-many"


@dataclass(frozen=True, slots=True)
class Pledge:
    """Money that may come.

    Attributes:
        contribution: As it would stand in the round.
        chance: That it comes, from 0 to 1.
    """

    contribution: Contribution
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way in which pledges arrive.

    Attributes:
        arrived: Ids of those that came, sorted.
        chance: Product of the chances; above zero.
    """

    arrived: tuple[str, ...]
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Later:
    """How a course ends in one scenario.

    Attributes:
        scenario: Which.
        decision: All awards, now and later, with who pays them; verified.
        later: Requests funded later.
        worth: Objective, less what waiting costs.
        bound: Upper bound on what could follow the same first step.
        broken: Limits that could not be kept, by name.
    """

    scenario: Scenario
    decision: Decision
    later: tuple[str, ...]
    worth: Fraction
    bound: Fraction
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One course of action.

    Attributes:
        name: `all now`, `two steps` or `wait`.
        now: Awards of the first step, minor units by request id.
        paid: Who pays them, by request id.
        ends: One a scenario.
    """

    name: str
    now: Mapping[str, int] = field(hash=False)
    paid: Mapping[str, tuple[Payment, ...]] = field(hash=False)
    ends: tuple[Later, ...]

    @property
    def expected(self) -> Fraction:
        """Return the expected worth."""
        return sum((end.scenario.chance * end.worth for end in self.ends), start=Fraction(0))

    @property
    def broken(self) -> tuple[str, ...]:
        """Return the limits that some scenario could not keep."""
        return tuple(dict.fromkeys(name for end in self.ends for name in end.broken))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What holding back is worth.

    Attributes:
        courses: `all now`, `two steps`, `wait`.
        bound: No course whatever can be expected to reach more.
        method: How the plan was made, for the reader.
        scenarios: All, the likeliest first.
        left_out: Payments that no step but the first of `all now` makes, where the round could have any; else empty.
    """

    courses: tuple[Course, ...]
    bound: Fraction
    method: str
    scenarios: tuple[Scenario, ...]
    left_out: str = ""

    @property
    def value_of_waiting(self) -> Fraction:
        """Return what two steps are expected to gain over deciding all now."""
        return self.courses[1].expected - self.courses[0].expected


def scenarios_of(pledges: Sequence[Pledge]) -> tuple[Scenario, ...]:
    """Return every way in which pledges arrive that has a chance, the likeliest first; the chances sum to 1.

    Raises:
        PledgesTooMany: there are more than `PLEDGES_MAX` that are neither certain nor impossible.
    """
    open_ = [pledge for pledge in pledges if 0 < pledge.chance < 1]
    if len(open_) > PLEDGES_MAX:
        raise PledgesTooMany(
            f"{len(open_)} uncertain pledges arrive in {2 ** len(open_):,} ways, and up to {PLEDGES_MAX} are looked at",
            remedy="leave out the smallest, or state those of one donor as one",
        )
    found = []
    for comes in itertools.product((True, False), repeat=len(pledges)):
        chances = [p.chance if arrives else 1 - p.chance for p, arrives in zip(pledges, comes, strict=True)]
        chance = math.prod(chances, start=Fraction(1))
        if chance:
            ids = (p.contribution.contribution_id for p, arrives in zip(pledges, comes, strict=True) if arrives)
            found.append(Scenario(tuple(sorted(ids)), chance))
    return tuple(sorted(found, key=lambda one: (-one.chance, one.arrived)))


def compared(
    problem: Problem,
    pledges: Sequence[Pledge],
    best: Decision,
    *,
    waiting_costs: Fraction = Fraction(0),
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Return the three courses beside each other, every decision in them verified.

    Args:
        problem: The round.
        pledges: Their ids are not in the round.
        best: The optimum of the round as it stands.
        waiting_costs: Share of its merit that a request loses by being funded later.
        time_limit: Seconds for the plan; the policy's when not given.
        progress: Told one line at a time how far it is.

    Raises:
        PledgesTooMany: more ways to arrive than are looked at.
        YearsNotShared: requests tell their years apart.
        DecisionUnsound: the verifier refuses a decision.
    """
    say = progress or (lambda _: None)
    tree = _Tree(problem, pledges, 1 - waiting_costs, problem.policy.time_limit if time_limit is None else time_limit)
    say(f"{len(tree.scenarios)} scenarios")
    number = {request.request_id: r for r, request in enumerate(problem.requests)}
    amounts = {number[award.request_id]: award.amount for award in best.awards}
    all_now = tree.course("all now", amounts, {number[award.request_id]: award.payments for award in best.awards})
    wait = tree.course("wait", {}, {})
    say("all now and wait are known; two steps")
    planned, bound, method = tree.planned()
    chosen = _best([*planned, all_now, wait], problem.policy.gap)
    reach = [bound] if bound is not None else []
    if tree.kept:
        reach.append(sum((end.scenario.chance * end.bound for end in wait.ends), start=Fraction(0)) / tree.kept)
    courses = (all_now, replace(chosen, name="two steps"), wait)
    most = max(min(reach), *(course.expected for course in courses))
    return Comparison(courses, most, method, tree.scenarios, LEFT_OUT if tree.whole.pools.mixed else "")


def _best(courses: Sequence[Course], gap: Fraction) -> Course:
    """Return, of the courses that are as good as the best but for the gap, the one that awards most now.

    A course that breaks a limit is only taken where all do.
    """
    kept = [course for course in courses if not course.broken] or list(courses)
    most = max(course.expected for course in kept)
    near = [course for course in kept if most - course.expected <= gap * most]
    return max(near, key=lambda course: (sum(course.now.values()), course.expected))


class _Tree:
    """A round, the ways in which its pledges arrive, and what can follow."""

    def __init__(self, problem: Problem, pledges: Sequence[Pledge], kept: Fraction, time_limit: float) -> None:
        self.problem, self.kept, self.time_limit = problem, kept, time_limit
        self.pledges = {p.contribution.contribution_id: p.contribution for p in pledges}
        self.scenarios = scenarios_of(pledges)
        self.now = prepare(problem)
        self.whole = prepare(self._with(tuple(self.pledges)))
        one_cell_each(self.whole)
        self.then = [prepare(self._with(scenario.arrived)) for scenario in self.scenarios]

    def _with(self, arrived: Sequence[str]) -> Problem:
        came = tuple(self.pledges[one] for one in arrived)
        return replace(self.problem, contributions=(*self.problem.contributions, *came))

    def planned(self) -> tuple[list[Course], Fraction | None, str]:
        """Return the courses that the two-step program proposes, its bound, and how it was made."""
        asks = max(1, len(self.whole.fundable))
        count = min(len(self.scenarios), max(1, SIZE_MAX // asks))
        seen = sum((scenario.chance for scenario in self.scenarios[:count]), start=Fraction(0))
        later = [
            Step(self.then[n].rows, self._available(self.scenarios[n].arrived), self.scenarios[n].chance / seen)
            for n in range(count)
        ]
        now = Step(without_floors(self.now.rows), self._available(()))
        model = TwoStageModel(self.whole, now, later, kept_later=self.kept)
        started, gap = time.monotonic(), self.problem.policy.gap
        plan = model.solve(time_limit=self.time_limit, gap=gap)
        found = [] if plan.awards is None else [self._course_of(plan)]
        left = self.time_limit - (time.monotonic() - started)
        if plan.awards is not None and left > 0.1:
            second = model.most_now(plan, time_limit=left, gap=gap)
            found += [] if second.awards is None else [self._course_of(second)]
        if count == len(self.scenarios):
            return found, plan.bound, f"one program over all {count} scenarios"
        share = f"{float(seen * 100):.1f} %"
        return found, None, f"heuristic: planned on the {count} likeliest scenarios ({share} of the chances)"

    def _available(self, arrived: Sequence[str]) -> tuple[int, ...]:
        there = {c.contribution_id for c in self.problem.contributions} | set(arrived)
        contributions = self.whole.problem.contributions
        return tuple(
            sum(contributions[m].available for m in money.members if contributions[m].contribution_id in there)
            for money in self.whole.pools.classes
        )

    def _course_of(self, plan: Plan) -> Course:
        hints = (plan.awards or {}).get(NOW, {})
        awards = settled(self.now, hints, without_floors(self.now.rows))
        return self.course("two steps", awards, self._paid_as_planned(awards, plan))

    def _paid_as_planned(self, awards: Mapping[int, int], plan: Plan) -> Paid:
        """Return who pays the first step, from the classes that the plan means to use for it, where that can be."""
        out: dict[int, float] = {}
        for (payer, _), amount in plan.flows.get(NOW, {}).items():
            out[payer] = out.get(payer, 0.0) + amount
        for slack in (0, len(awards)):
            try:
                return payments(prepare(self._narrowed(out, slack)), awards, {})
            except AwardsUnpayable:
                continue  # rounding asked a class for a few minor units more than the plan says
        return payments(self.now, awards, {})

    def _narrowed(self, out: Mapping[int, float], slack: int) -> Problem:
        """Return the round with no more money in each class than a plan uses now, the first to end at the front."""
        most: dict[str, int] = {}
        for number, money in enumerate(self.whole.pools.classes):
            left = round(out.get(number, 0.0)) + slack
            members = [self.whole.problem.contributions[m] for m in money.members]
            for member in sorted(members, key=lambda c: (last_day(c) or date.max, c.contribution_id)):
                if member.contribution_id not in self.pledges:
                    most[member.contribution_id] = min(member.available, left)
                    left -= most[member.contribution_id]
        narrowed = tuple(replace(c, available=most.get(c.contribution_id, 0)) for c in self.problem.contributions)
        return replace(self.problem, contributions=narrowed)

    def course(self, name: str, awards: Mapping[int, int], paid: Paid) -> Course:
        """Return what a first step leads to in every scenario."""
        names = [request.request_id for request in self.problem.requests]
        ends = tuple(self._end(n, awards, paid) for n in range(len(self.scenarios)))
        now = {names[r]: amount for r, amount in sorted(awards.items())}
        return Course(name, now, {names[r]: tuple(parts) for r, parts in sorted(paid.items())}, ends)

    def _end(self, n: int, awards: Mapping[int, int], paid: Paid) -> Later:
        then, scenario = self.then[n], self.scenarios[n]
        left = prepare(_left(then.problem, paid))
        rows = [Row(row.name, row.slack(awards), row.amounts, row.choices, row.total) for row in then.rows]
        available = tuple(money.available for money in left.pools.classes)
        model = TwoStageModel(left, None, [Step(tuple(rows), available)], closed=awards.keys())
        plan = model.solve(time_limit=self.time_limit, gap=then.problem.policy.gap)
        order = [r for r in ranked(left) if r not in awards]
        given = Given(left, rows, settled(left, (plan.awards or {}).get(0, {}), rows))
        fill_floors(given, order)
        later = completed(given, order)
        paid_later = payments(left, later, {})
        decision = decided(then, "two steps", {**awards, **later}, {**paid, **paid_later})
        before, after = then.objective(awards), then.objective(later)
        most = max(after, most_possible(left) if plan.bound is None else plan.bound)
        return Later(
            scenario,
            decision,
            tuple(self.problem.requests[r].request_id for r in later),
            before + self.kept * after,
            before + self.kept * most,
            broken_limits(then.problem, decision),
        )


def _left(problem: Problem, paid: Paid) -> Problem:
    """Return a round with what is left when some requests have been paid."""
    used: dict[str, int] = {}
    there: dict[str, dict[str, Fraction]] = {}
    for r, parts in sorted(paid.items()):
        shares = country_shares(problem.requests[r].subject.country)
        for part in parts:
            used[part.contribution_id] = used.get(part.contribution_id, 0) + part.amount
            places = there.setdefault(part.contribution_id, {})
            for country, share in shares:
                places[country] = places.get(country, Fraction(0)) + share * part.amount

    def less(c: Contribution) -> Contribution:
        before = dict(c.country_used)
        for country, amount in there.get(c.contribution_id, {}).items() if c.country_cap is not None else ():
            before[country] = before.get(country, 0) + math.ceil(amount)
        return replace(
            c, available=c.available - used.get(c.contribution_id, 0), country_used=tuple(sorted(before.items()))
        )

    return replace(problem, contributions=tuple(less(c) for c in problem.contributions))
