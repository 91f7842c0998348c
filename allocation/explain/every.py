"""All requests of a round that are not funded, or not in full: what each would cost, and what new money it needs.

One relaxation serves them all, warm from one to the next, and so does one network of money. Each request costs a few
hundredths of a second; `forced.forced_in` and `Least.searched` come nearer for one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from allocation.decision import Decision
from allocation.explain.forced import Loss, forced_in, quick_loss
from allocation.explain.new_money import Least, NewMoney
from allocation.explain.repair import Neighbourhood
from allocation.explain.witness import amounts_of, changes, positions
from allocation.prepared import Prepared
from allocation.relaxation import Relaxation

_SEARCHED_MAX = 20
_SEARCH_SECONDS = 2.0
"""Where the neighbourhood holds no decision with a request, it is searched for; for so many, so long each."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What one request would cost and take.

    Attributes:
        request_id: The request.
        awarded: What it gets, minor units; 0 when it is refused.
        loss: What the round would lose if it were funded.
        displaced: Whose award would change in the decision that loses no more than `loss.at_most`: before and after.
        new_money: The least new money that funds it while no award falls.
    """

    request_id: str
    awarded: int
    loss: Loss
    displaced: Mapping[str, tuple[int, int]]
    new_money: NewMoney


def short_of_ask(round_: Prepared, decision: Decision) -> list[int]:
    """Return the positions of the requests that are not funded, or not in full."""
    awards = positions(round_, decision)
    return [n for n, request in enumerate(round_.problem.requests) if awards.get(n, 0) < request.ask]


def explain_every(round_: Prepared, decision: Decision) -> Iterator[Explained]:
    """Yield for every request that is short of its ask what it would cost and take, in order of request."""
    relaxation, least = Relaxation(round_), Least(round_, decision)
    root, awards = relaxation.solve(), positions(round_, decision)
    near = None
    if not round_.pools.mixed and root.verdict == "solved":
        near = Neighbourhood(round_, awards, relaxation, root)
    ids = [request.request_id for request in round_.problem.requests]
    left = _SEARCHED_MAX
    for request in short_of_ask(round_, decision):
        loss, after = quick_loss(round_, decision, request, relaxation, near)
        displaced = {} if after is None else _displaced(ids, awards, after)
        if loss.at_most is None and not loss.never and left:
            left -= 1
            loss = forced_in(round_, decision, request, seconds=_SEARCH_SECONDS)
            displaced = {} if loss.decision is None else changes(amounts_of(decision), amounts_of(loss.decision))
        yield Explained(ids[request], awards.get(request, 0), loss, displaced, least.reckoned(request))


def explain_deep(round_: Prepared, decision: Decision, request: int, *, seconds: float = 12.0) -> Explained:
    """Return what one request would cost and take, as near as two searches of some seconds each come."""
    loss = forced_in(round_, decision, request, seconds=seconds)
    least = Least(round_, decision)
    new_money = least.searched(request, seconds=seconds)
    now = amounts_of(decision)
    displaced = changes(now, amounts_of(loss.decision)) if loss.decision is not None else {}
    return Explained(loss.request_id, now.get(loss.request_id, 0), loss, displaced, new_money)


def _displaced(ids: list[str], before: Mapping[int, int], after: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    return changes({ids[r]: a for r, a in before.items()}, {ids[r]: a for r, a in after.items()})
