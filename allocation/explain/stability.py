"""How often each award survives when scores move within the reviewers' disagreement.

Each draw moves every merit by a normal amount of its own spread, kept between 0 and 100 where it was, and solves the
relaxation again, warm, with Hall conditions added where the new answer breaks them. A request counts as funded by the
fraction that the relaxation funds of it; nearly all are 0 or 1. So the figures are on the relaxation, which may split a
few requests, and not on decisions in whole choices. The same seed gives the same draws in any order of rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.aims import first_aim
from allocation.prepared import Prepared
from allocation.problem import Problem
from allocation.relaxation import Relaxation

_GRAIN = 10**6
_MERIT_MAX = 100
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Survival:
    """How one request fared over the draws.

    Attributes:
        request_id: The request.
        spread: Standard deviation of its merit, in points.
        now: The part of it that the relaxation funds with the scores as they are.
        funded: Mean part of it that is funded over the draws.
        over_half: Share of the draws in which more than half of it is funded.
    """

    request_id: str
    spread: Fraction
    now: float
    funded: float
    over_half: float


def drawn(problem: Problem, spreads: Mapping[str, Fraction], *, draws: int, seed: int) -> Iterator[Problem]:
    """Yield the round with other merits, one for each draw.

    Args:
        problem: The round.
        spreads: Standard deviation of each request's merit, points; 0 where it is left out.
        draws: How many.
        seed: Of all of them.
    """
    for number in range(draws):
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 (chance, not secrecy)
        requests = []
        for request in problem.requests:
            moved = Fraction(round(chance.gauss(0, 1) * float(spreads.get(request.request_id, 0)) * _GRAIN), _GRAIN)
            most = max(Fraction(_MERIT_MAX), request.merit)
            requests.append(replace(request, merit=min(most, max(Fraction(0), request.merit + moved))))
        yield replace(problem, requests=tuple(requests))


def stability(
    round_: Prepared, spreads: Mapping[str, Fraction], *, draws: int = 200, seed: int = 1
) -> tuple[Survival, ...]:
    """Return for every request how often it is funded when merits move, in order of request; `drawn` says how."""
    relaxation = Relaxation(round_)
    now = relaxation.solve().choices
    total = dict.fromkeys(range(len(round_.problem.requests)), 0.0)
    often = dict.fromkeys(total, 0)
    for moved in drawn(round_.problem, spreads, draws=draws, seed=seed):
        relaxation.seek(first_aim(moved, round_.fundable))
        for r, choice in relaxation.solve().choices.items():
            total[r] += choice
            often[r] += choice > _LIKELY
    return tuple(
        Survival(
            request.request_id,
            spreads.get(request.request_id, Fraction(0)),
            round(now.get(n, 0.0), 6),
            round(total[n] / draws, 6),
            often[n] / draws,
        )
        for n, request in enumerate(round_.problem.requests)
    )
