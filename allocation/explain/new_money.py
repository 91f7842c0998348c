"""The least new money, restricted to one request, that funds it while no award falls and every limit holds.

The new money is a contribution earmarked to that request. Resources are then R plus the new money, so a reserve or a
limit that is a share of resources is reckoned on that larger sum; other awards may rise, and unfunded requests may be
funded, from the money that the round already has. The least amount is sought as such, on the slack of `variants` (what
is left of a large contribution), and not by solving the round again and again with more: the best awards may drop the
request at one amount and take it up at a smaller one.

Three figures are below every answer and reckoned exactly without a search: what the money that can reach the request
lacks while all awards stay whole (a maximum flow), what the reserve lacks, and what a ceiling that is a share of
resources lacks. Where the decision with just the request added keeps every rule at the largest of them, that is the
answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.conflict import conflict
from allocation.decision import Decision
from allocation.exact import ExactAwards
from allocation.explain.forcing import target
from allocation.explain.variants import funded_row, kept, searched, with_slack
from allocation.explain.witness import positions, witness
from allocation.limits import RESERVE, Row
from allocation.policy import Bound
from allocation.prepared import Prepared, prepare
from allocation.problem import Contribution, Problem
from allocation.why_money import Left, Money
from allocation.years import amounts_by_part
from ledgers.terms import parse

_AS_DECIDED = "awards as decided"
_FUNDED = "the request is funded"


@dataclass(frozen=True, slots=True)
class NewMoney:
    """The least new money for one request.

    Attributes:
        request_id: The request.
        award: What it gets at least, minor units.
        at_least: With less, no awards do it: minor units; None when nothing is proven.
        enough: With this, awards are known that do it; None when none are known, or no amount does it.
        decision: Those awards on the round with that much more, paid and verified.
        never: Names of rules because of which no amount does it; empty when some does or none is known to.
        binding: What `at_least` comes from where it was reckoned: the row's position, -1 for the money; else None.
    """

    request_id: str
    award: int
    at_least: int | None
    enough: int | None
    decision: Decision | None = None
    never: tuple[str, ...] = ()
    binding: int | None = None


def new_money_name(problem: Problem, request_id: str) -> str:
    """Return the id of a contribution of new money for a request: one that the round does not have."""
    taken, name = (
        {contribution.contribution_id for contribution in problem.contributions},
        f"new money for {request_id}",
    )
    while name in taken:
        name += " more"
    return name


def with_new_money(problem: Problem, request_id: str, amount: int) -> Problem:
    """Return the round with one more contribution, earmarked to a request."""
    name = new_money_name(problem, request_id)
    earmark = parse(f"request={request_id}", places=problem.places)
    return replace(problem, contributions=(*problem.contributions, Contribution(name, name, amount, earmark)))


class Least:
    """What each request of a decided round needs in new money.

    Args:
        round_: The round.
        decision: Its decision.
    """

    def __init__(self, round_: Prepared, decision: Decision) -> None:
        self._round, self._decision = round_, decision
        self._awards = positions(round_, decision)
        self._money = Money(round_.problem, decision)
        self._slopes = resource_slopes(round_)
        self._offsets = _offsets(round_)
        self._slacks = [row.slack(self._awards) + more for row, more in zip(round_.rows, self._offsets, strict=True)]
        self._concerned: dict[int, list[int]] = {}
        self._always = [n for n, row in enumerate(round_.rows) if row.total or self._slopes[n] < 0]
        self._rising = [_only_rises(row) for row in round_.rows]
        for number, row in enumerate(round_.rows):
            for r in row.amounts.keys() | row.choices.keys():
                self._concerned.setdefault(r, []).append(number)

    def reckoned(self, request: int) -> NewMoney:
        """Return what is known without a search: exact where one award more keeps every rule, else from below."""
        now = self._awards.get(request, 0)
        award = target(self._round, request, now)
        request_id = self._round.problem.requests[request].request_id
        after = self._after(request, award)
        short = [n for n, slack in after.items() if slack < 0 and self._rising[n]]
        never = [n for n in short if self._slopes[n] <= 0]
        if never:
            return NewMoney(request_id, award, None, None, never=(self._round.rows[never[0]].name,))
        lacking = self._lacking(request, now, award)
        needs = [(lacking, -1), *((math.ceil(-after[n] / self._slopes[n]), n) for n in short)]
        least, binding = max((0, None), *needs, key=lambda need: need[0])
        alone = all(slack + self._slopes[n] * least >= 0 for n, slack in after.items())
        is_plain = not self._round.pools.mixed and not self._round.has_years
        enough = least if alone and is_plain else None
        return NewMoney(request_id, award, least, enough, binding=binding)

    def _after(self, request: int, award: int) -> dict[int, Fraction]:
        """Return the slack of every row that an award changes, or that new money does, with the award added."""
        now = self._awards.get(request, 0)
        found = {}
        for number in {*self._always, *self._concerned.get(request, ())}:
            row = self._round.rows[number]
            used = (award - now) * (row.amounts.get(request, 0) + row.total)
            used += 0 if now else row.choices.get(request, 0)
            found[number] = self._slacks[number] - used
        return found

    def shown(self, told: NewMoney) -> NewMoney:
        """Return an answer that adds one award alone, with its decision, verified."""
        if told.enough is None:
            return told
        request = self._position(told.request_id)
        changed = prepare(with_new_money(self._round.problem, told.request_id, told.enough))
        if changed.pools.mixed:
            return self.searched(request, seconds=20.0)
        awards = {**self._awards, request: told.award}
        return replace(told, decision=witness(changed, ExactAwards(awards, {}), bound=_most(changed)))

    def searched(self, request: int, *, seconds: float = 25.0) -> NewMoney:
        """Return the least new money as a search finds it, with its decision, verified; or why no amount does it."""
        known = self.reckoned(request)
        if known.never:
            return known
        spans = self._round.ranges
        most = (known.at_least or 0) + sum(span.ask for span in spans[request : request + 1])
        for reach in dict.fromkeys((most, max(most, self._farthest()))):
            asked, slack = self._asked(request, known.award, reach)
            found = searched(asked, seconds=seconds)
            if found.awards is not None:
                return self._answer(known, found.awards, found.bound, asked, slack, reach)
            if not found.impossible:
                return known
        return replace(known, at_least=None, enough=None, never=self._because(request, known.award))

    def _answer(
        self, known: NewMoney, found: ExactAwards, bound: Fraction | None, asked: Prepared, slack: int, reach: int
    ) -> NewMoney:
        enough = reach - found.awards.get(slack, 0)
        if self._position(known.request_id) not in self._round.pools.cells_of:
            enough = max(1, enough)  # it counts as fundable where some money may pay every year of it, used or not
        proven = 0 if bound is None else reach - math.floor(bound / asked.objective({slack: 1}))
        changed = prepare(with_new_money(self._round.problem, known.request_id, enough))
        awards = {r: amount for r, amount in found.awards.items() if r != slack}
        mixed = _mixed(changed, asked, found)
        shown = witness(changed, ExactAwards(awards, mixed), bound=_most(changed))
        return replace(known, at_least=max(known.at_least or 0, proven), enough=enough, decision=shown)

    def _asked(self, request: int, award: int, reach: int) -> tuple[Prepared, int]:
        """Return the round in which awards stay, the request is funded, and the slack is what new money is left."""
        round_, request_id = self._round, self._round.problem.requests[request].request_id
        richer = prepare(with_new_money(round_.problem, request_id, reach))
        name = new_money_name(round_.problem, request_id)
        number = next(n for n, c in enumerate(richer.problem.contributions) if c.contribution_id == name)
        payer = next(k for k, money in enumerate(richer.pools.classes) if number in money.members)
        kept_ = kept(round_, self._awards)
        ranges = [replace(span, least=award) if r == request else span for r, span in enumerate(kept_.ranges)]
        base = replace(richer, ranges=tuple(ranges), rows=(*kept_.rows, funded_row(_FUNDED, [request])))
        asked, slack = with_slack(base, reach, payer=payer)
        own, more = asked.rows[: len(self._slopes)], asked.rows[len(self._slopes) :]
        moving = zip(own, self._slopes, self._offsets, strict=True)
        rows = (*(_grown(row, slope, offset, slack, reach) for row, slope, offset in moving), *more)
        return replace(asked, rows=rows), slack

    def left(self, request_id: str) -> Left | None:
        """Return what could still reach a request of one part, with its proof; None when no money may pay it."""
        return self._money.left(request_id) if self._money.may_be_paid(request_id) else None

    def _lacking(self, request: int, now: int, award: int) -> int:
        """Return what the money that can reach a request lacks while all awards stay whole; each year by itself."""
        asked = self._round.problem.requests[request]
        before = amounts_by_part(asked, now) if now else [0] * max(1, len(asked.years))
        found = 0
        for part, (less, more) in enumerate(zip(before, amounts_by_part(asked, award), strict=True)):
            left = self._money.left(asked.request_id, part, enough=more - less)
            found += max(0, more - less - left.amount)
        return found

    def _farthest(self) -> int:
        """Return more new money than any row that grows with resources could ask for."""
        slopes = [slope for slope in self._slopes if slope > 0]
        asks = sum(span.ask for span in self._round.ranges)
        return asks * max([1, *(math.ceil(1 / slope) for slope in slopes)])

    def _because(self, request: int, award: int) -> tuple[str, ...]:
        asked, _ = self._asked(request, award, self._farthest())
        names = tuple(name for name in conflict(asked) if name not in (_AS_DECIDED, _FUNDED))
        return names or (_AS_DECIDED,)

    def _position(self, request_id: str) -> int:
        return next(n for n, r in enumerate(self._round.problem.requests) if r.request_id == request_id)


def _only_rises(row: Row) -> bool:
    """Return whether more for anybody brings a row nearer to its bound, and nothing takes it farther away."""
    return row.total >= 0 and all(c >= 0 for c in row.amounts.values()) and all(c >= 0 for c in row.choices.values())


def _grown(row: Row, slope: Fraction, offset: Fraction, slack: int, reach: int) -> Row:
    """Return a row on R plus the new money that is used: what is left of it takes its part of the bound back."""
    if not slope:
        return row
    factor = math.lcm(slope.denominator, offset.denominator)
    part = int(slope * factor)
    amounts = {r: c * factor for r, c in row.amounts.items()}
    amounts[slack] = amounts.get(slack, 0) + part
    choices = {r: c * factor for r, c in row.choices.items()}
    right = int((row.at_most + offset) * factor) + part * reach
    return Row(row.name, right, amounts, choices, row.total * factor)


def _offsets(round_: Prepared) -> tuple[Fraction, ...]:
    """Return what rounding took off each row's right-hand side: a part of a minor unit, of the reserve's row alone.

    The reserve is rounded up once for all resources, so new money must be added before it is.
    """
    reserve, found = round_.problem.policy.reserve, [Fraction(0)] * len(round_.rows)
    if reserve is not None and reserve.kind != "amount":
        kept = reserve.value * round_.problem.resources
        found[_reserve_row(round_)] = math.ceil(kept) - kept
    return tuple(found)


def _reserve_row(round_: Prepared) -> int:
    return next(n for n, row in enumerate(round_.rows) if row.name == RESERVE and row.total)


def resource_slopes(round_: Prepared) -> tuple[Fraction, ...]:
    """Return by how much one minor unit more of resources moves the right-hand side of each row of the round."""
    policy, found = round_.problem.policy, [Fraction(0)] * len(round_.rows)
    for number, side in enumerate(round_.sides):
        bound = _bound_of(round_, side.name, side.side)
        if bound is not None and bound.kind == "share_of_resources":
            scale = math.lcm(side.bound.denominator, *(weight.denominator for weight in side.weights.values()))
            found[number] = (-1 if side.side.endswith("at_least") else 1) * bound.value * scale
    if policy.reserve is not None:
        share = Fraction(0) if policy.reserve.kind == "amount" else policy.reserve.value
        found[_reserve_row(round_)] = 1 - share
    return tuple(found)


def _bound_of(round_: Prepared, name: str, side: str) -> Bound | None:
    for limit in round_.problem.policy.limits:
        if name == limit.name or (limit.each is not None and name.startswith(f"{limit.name}: ")):
            found: Bound | None = getattr(limit, side) if side in ("at_least", "at_most") else None
            return found
    return None


def _most(round_: Prepared) -> Fraction:
    return round_.objective({r: round_.ranges[r].ask for r in round_.fundable})


def _mixed(changed: Prepared, asked: Prepared, found: ExactAwards) -> dict[tuple[int, int], int]:
    """Return payments decided beforehand in the classes and cells of the round with the new money."""
    if not found.mixed:
        return {}
    number = {c.contribution_id: n for n, c in enumerate(changed.problem.contributions)}
    by_member = {money.members[0]: k for k, money in enumerate(changed.pools.classes) if money.rooms is not None}
    ids = [c.contribution_id for c in asked.problem.contributions]
    moved: dict[tuple[int, int], int] = {}
    for (payer, cell), amount in found.mixed.items():
        member = number[ids[asked.pools.classes[payer].members[0]]]
        request, part, _ = asked.pools.cells[cell].parts[0]
        pair = (by_member[member], changed.pools.cells_of[request][part])
        moved[pair] = moved.get(pair, 0) + amount
    return moved
