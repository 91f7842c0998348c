"""Every set of awards that a tiny round could make, rules and money not yet asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from oracle import possible_awards

from allocation.problem import Problem


def tried(problem: Problem, at_least: Mapping[str, int] | None = None) -> Iterator[dict[str, int]]:
    """Yield all awards (request -> minor units, above zero) in which nobody in `at_least` gets less than that."""
    floors = at_least or {}
    options = [
        [award for award in possible_awards(r, problem.policy.unit) if award >= floors.get(r.request_id, 0)]
        for r in problem.requests
    ]
    for awards in itertools.product(*options):
        yield {r.request_id: a for r, a in zip(problem.requests, awards, strict=True) if a}
