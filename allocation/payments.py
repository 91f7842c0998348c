"""Who pays each award: earliest use-by first, then tightly earmarked before unearmarked, then pro rata among equals.

Where a policy's objectives keep unearmarked money, and do so before they look at what expires, the first two change
places. The order holds by staged flow: groups of contributions are opened in order of priority, and what an earlier
group pays is never taken back (another group may only take over the request that it paid). Equals have the same terms
and use-by date and no cap per country; each request's amount is split over them in proportion to what they have left,
by largest remainder, requests in order of their id. Payments of capped contributions to requests of several countries
are decided with the awards (see `exact`) and stand before the stages.

Source: INTERFACE.md, section Files in, "Meaning, exactly".
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from allocation.decision import Payment
from allocation.network import Mixed, MoneyNetwork, demand_of
from allocation.policy import Policy
from allocation.prepared import Prepared
from allocation.problem import last_day
from allocation.years import amounts_by_part
from ledgers.errors import FacilityError
from ledgers.money import split
from ledgers.terms import earmark_class

_TIGHTEST_FIRST = ("tightly", "earmarked", "softly", "unearmarked")


_Part = tuple[int, int]
"""A request and which of its parts."""


class AwardsUnpayable(FacilityError):
    """Awards that the money cannot pay under its earmarks; none may be posted."""

    code = "awards-unpayable"


@dataclass(frozen=True, slots=True)
class _Equals:
    """Contributions of one class among which nothing but what they have left decides.

    Attributes:
        money: Their class.
        members: Positions in `problem.contributions`, ascending.
        rank: Last day and tightness, or the other way round: lower pays first.
    """

    money: int
    members: tuple[int, ...]
    rank: tuple[int, int]


def payments(round_: Prepared, awards: Mapping[int, int], mixed: Mixed) -> dict[int, tuple[Payment, ...]]:
    """Return who pays each award, exactly.

    Args:
        round_: The round.
        awards: Minor units above zero, by request.
        mixed: Payments of capped contributions to requests of several countries, by (class, cell).

    Raises:
        AwardsUnpayable: the money does not reach the awards.
    """
    equals = _equals(round_)
    paid_by_equals, flows = _staged(round_, awards, mixed, equals)
    paid_by_class = _to_parts(round_, awards, flows)
    left = [contribution.available for contribution in round_.problem.contributions]
    found: dict[int, list[Payment]] = {request: [] for request in awards}
    by_class: dict[int, list[_Equals]] = {}
    for group in equals:
        by_class.setdefault(group.money, []).append(group)
    for number, wanted in sorted(paid_by_class.items()):
        groups = by_class[number]
        for which, (request, part), amount in _matched([paid_by_equals[group] for group in groups], wanted):
            years = round_.problem.requests[request].years
            for member, shared in _shared(groups[which].members, amount, left):
                who = round_.problem.contributions[member].contribution_id
                found[request].append(Payment(who, shared, years[part][0] if years else None))
    return {request: _merged(parts) for request, parts in found.items()}


def tightness_first(policy: Policy) -> bool:
    """Return whether tightness says who pays before use-by dates do: where flexible money is kept, and kept first."""
    named = [stage.name for stage in policy.later if stage.name in ("expiring", "keep-unearmarked")]
    return named[:1] == ["keep-unearmarked"]


def _equals(round_: Prepared) -> list[_Equals]:
    """Return the groups of equals, those that pay first at the front."""
    problem = round_.problem
    groups: dict[Hashable, list[int]] = {}
    ranks: dict[Hashable, tuple[int, int]] = {}
    by_tightness = tightness_first(problem.policy)
    for number, money in enumerate(round_.pools.classes):
        for member in money.members:
            contribution = problem.contributions[member]
            key = (number, last_day(contribution), contribution.earmark)
            groups.setdefault(key, []).append(member)
            tightness = _TIGHTEST_FIRST.index(earmark_class(contribution.earmark, problem.places))
            last = (last_day(contribution) or date.max).toordinal()
            ranks[key] = (tightness, last) if by_tightness else (last, tightness)
    made = [_Equals(key[0], tuple(members), ranks[key]) for key, members in groups.items()]  # type: ignore[index]
    return sorted(made, key=lambda group: (group.rank, group.members))


def _staged(
    round_: Prepared, awards: Mapping[int, int], mixed: Mixed, equals: Sequence[_Equals]
) -> tuple[dict[_Equals, int], dict[tuple[int, int], int]]:
    """Return what each group of equals pays in all, and what each class pays each cell."""
    network = MoneyNetwork(round_.pools, demand_of(round_, awards), mixed)
    opened: dict[_Equals, tuple[int, int]] = {}
    before: dict[int, int] = {}
    unpaid = sum(network.demand.values())
    for stage in _stages(equals):
        for group in stage:
            open_ = sum(round_.problem.contributions[member].available for member in group.members)
            if round_.pools.classes[group.money].rooms is not None:
                open_ = network.available(group.money)
            opened[group] = before.get(group.money, 0), open_
            before[group.money] = sum(opened[group])
            network.open(group.money, open_)
        if unpaid:
            unpaid -= network.send()
    if unpaid or not network.is_sound:
        raise AwardsUnpayable(
            f"{unpaid} minor units of {sum(awards.values())} awarded have no money that may pay them",
            remedy="solve the round again; if it happens again, report it with the round's inputs",
        )
    flows = network.flows()
    used = {group: min(size, max(0, network.used(group.money) - first)) for group, (first, size) in opened.items()}
    for (payer, number), amount in mixed.items():
        flows[payer, number] = flows.get((payer, number), 0) + amount
        used[next(group for group in equals if group.money == payer)] += amount
    return used, flows


def _stages(equals: Sequence[_Equals]) -> Iterator[list[_Equals]]:
    stage: list[_Equals] = []
    for group in equals:
        if stage and group.rank != stage[0].rank:
            yield stage
            stage = []
        stage.append(group)
    if stage:
        yield stage


def _to_parts(
    round_: Prepared, awards: Mapping[int, int], flows: Mapping[tuple[int, int], int]
) -> dict[int, list[tuple[_Part, int]]]:
    """Return the (part of a request, amount) that each class pays, in order of request and year."""
    into: dict[int, list[tuple[int, int]]] = {}
    for (payer, number), amount in sorted(flows.items()):
        into.setdefault(number, []).append((payer, amount))
    by_part = {r: amounts_by_part(round_.problem.requests[r], award) for r, award in awards.items()}
    found: dict[int, list[tuple[_Part, int]]] = {}
    for number, supply in into.items():
        wanted = [((r, n), by_part[r][n]) for r, n, _ in round_.pools.cells[number].parts if r in awards]
        for which, part, amount in _matched([amount for _, amount in supply], wanted):
            found.setdefault(supply[which][0], []).append((part, amount))
    return {payer: sorted(parts) for payer, parts in found.items()}


def _matched(supply: Sequence[int], wanted: Sequence[tuple[_Part, int]]) -> Iterator[tuple[int, _Part, int]]:
    """Yield (position in supply, part, amount): both used up from the front, so that few payments are made."""
    left = list(supply)
    at = 0
    for request_part, amount in wanted:
        while amount:
            while not left[at]:
                at += 1
            moved = min(amount, left[at])
            left[at] -= moved
            amount -= moved
            yield at, request_part, moved


def _shared(members: Sequence[int], amount: int, left: list[int]) -> Iterator[tuple[int, int]]:
    parts = split(amount, [left[member] for member in members]) if len(members) > 1 else [amount]
    for member, part in zip(members, parts, strict=True):
        left[member] -= part
        if part:
            yield member, part


def _merged(parts: Iterable[Payment]) -> tuple[Payment, ...]:
    merged: dict[tuple[str, int | None], int] = {}
    for part in parts:
        key = (part.contribution_id, part.year)
        merged[key] = merged.get(key, 0) + part.amount
    ordered = sorted(merged.items(), key=lambda one: (one[0][0], one[0][1] or 0))
    return tuple(Payment(contribution, amount, year) for (contribution, year), amount in ordered)
