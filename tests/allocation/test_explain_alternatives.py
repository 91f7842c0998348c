"""Near-optimal alternatives: as many as there are, each sound, none twice, the first as unlike as can be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from oracle import is_payable, keeps_policy, limit_parts, objective
from rounds_tried import tried
from strategies import COUNTRIES, problems
from tight import tight_round

from allocation.decide import solve
from allocation.explain.alternatives import alternatives
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.verify import breaches

WITHIN = Fraction(3, 10)


@settings(max_examples=40)
@given(problem=problems(requests_max=4, contributions_max=2, countries=COUNTRIES))
def test_they_are_what_trying_everything_finds(problem: Problem) -> None:
    decision = solve(problem)
    if decision.status == "infeasible":
        return
    own = frozenset(award.request_id for award in decision.awards)
    parts = limit_parts(problem)
    known = {
        frozenset(amounts)
        for amounts in tried(problem)
        if objective(problem, amounts) >= decision.objective * (1 - WITHIN)
        and keeps_policy(problem, amounts, parts)
        and is_payable(problem, amounts)
    } - {own}
    came = alternatives(prepare(problem), decision, within=WITHIN, count=3, seconds=5)
    assert (came.are_all, came.timed_out) == (len(known) < 3, False)
    found = came.found
    chosen = [frozenset(award.request_id for award in one.decision.awards) for one in found]
    assert len(found) == len(set(chosen)) == min(3, len(known))
    assert set(chosen) <= known
    if found:
        assert len(found[0].funded) + len(found[0].refused) == max(len(other ^ own) for other in known)
        assert found[0].most_changes
    for one, choice in zip(found, chosen, strict=True):
        assert breaches(problem, one.decision) == []
        assert one.loses == decision.objective - one.decision.objective <= WITHIN * decision.objective
        assert (set(one.funded), set(one.refused)) == (choice - own, own - choice)


@pytest.mark.parametrize("seed", range(2))
def test_each_on_a_tight_round_is_sound_and_loses_no_more_than_allowed(seed: int) -> None:
    problem = tight_round(20, seed)
    decision = solve(problem)
    found = alternatives(prepare(problem), decision, within=Fraction(1, 20), count=2, seconds=10).found
    for one in found:
        assert breaches(problem, one.decision) == []
        assert one.loses <= decision.objective / 20
        assert one.funded or one.refused
