"""Impossible rounds name rules that cannot hold together, and none that could be spared."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ON, PLACES, subject, terms

from allocation.conflict import conflict, irreducible
from allocation.decide import solve
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request


def share(name: str, select: str, least: int) -> Limit:
    return Limit(name, terms(select), at_least=Bound("share_of_awarded", Fraction(least, 100), f"{least}%"))


def spend(name: str, percent: int, select: str = "") -> Limit:
    return Limit(
        name, terms(select), at_least=Bound("share_of_resources", Fraction(percent, 100), f"{percent}% of resources")
    )


def a_round(policy: Policy) -> Problem:
    windows = ("integration", "institutions", "diaspora", "integration")
    requests = [
        Request(subject(n, window=window), 400_00, 400_00 if n % 2 else 100_00, Fraction(50))
        for n, window in enumerate(windows, start=1)
    ]
    money = (Contribution("C-1", "State", 1_000_00, terms("")),)
    return Problem("T", "USD", ON, PLACES, money, tuple(requests), policy)


POLICIES = {
    ("integration", "institutions", "spend"): Policy(
        "USD",
        limits=(
            share("integration", "window=integration", 60),
            share("institutions", "window=institutions", 60),
            spend("spend", 50),
            Limit("awards", terms(""), count_at_most=3),
        ),
    ),
    ("nobody",): Policy("USD", limits=(spend("nobody", 1, "country=FJI"), spend("spend", 50))),
    ("every country: KEN", "reserve"): Policy(
        "USD",
        reserve=Bound("share_of_resources", Fraction(1, 5), "20%"),
        limits=(
            Limit("every country", terms(""), each="country", at_least=Bound("amount", Fraction(900_00), "900")),
            Limit("awards", terms(""), count_at_most=9),
        ),
    ),
    ("one of two", "both integration"): Policy(
        "USD",
        limits=(Limit("both integration", terms("window=integration"), count_at_least=2), spend("spend", 10)),
        exclusives=(Exclusive("one of two", ("R-1", "R-4")),),
    ),
    ("needs", "no diaspora", "R-1 wanted"): Policy(
        "USD",
        limits=(
            Limit("no diaspora", terms("window=diaspora"), count_at_most=0),
            Limit("R-1 wanted", terms("request=R-1"), count_at_least=1),
        ),
        requires=(Requires("needs", "R-1", "R-3"),),
    ),
}


def without(policy: Policy, name: str) -> Policy:
    """Return the policy without a rule; a limit over each value goes whole."""
    base = name.split(":")[0]
    return dataclasses.replace(
        policy,
        limits=tuple(limit for limit in policy.limits if limit.name != base),
        exclusives=tuple(rule for rule in policy.exclusives if rule.name != base),
        requires=tuple(rule for rule in policy.requires if rule.name != base),
        reserve=None if name == "reserve" else policy.reserve,
    )


@pytest.mark.parametrize("expected", POLICIES, ids=" + ".join)
def test_a_conflict_is_named_and_gone_without_any_of_its_rules(expected: tuple[str, ...]) -> None:
    problem = a_round(POLICIES[expected])
    decision = solve(problem)
    assert decision.status == "infeasible"
    assert set(decision.conflict) == set(expected)
    assert len(decision.conflict) == len(expected)
    assert (decision.awards, decision.bound, decision.gap) == ((), None, None)
    for name in expected:
        policy = without(POLICIES[expected], name)
        others = {rule for rule in expected if rule != name}
        for spare in [limit.name for limit in policy.limits if limit.name not in {o.split(":")[0] for o in others}]:
            policy = without(policy, spare)
        assert solve(dataclasses.replace(problem, policy=policy)).status == "optimal"


def test_a_round_that_can_be_decided_has_no_conflict() -> None:
    assert conflict(prepare(a_round(Policy("USD", limits=(spend("spend", 40),))))) == ()


def test_a_round_that_only_its_unit_makes_impossible_is_named_too() -> None:
    exactly = Bound("amount", Fraction(500_50), "500.50")
    limit = Limit("exactly", terms("request=R-2"), at_least=exactly)
    just = Bound("amount", Fraction(250_50), "250.50")
    narrow = Limit("narrow", terms("request=R-2"), at_least=just, at_most=just)
    assert solve(a_round(Policy("USD", limits=(limit,)))).conflict == ("exactly",)
    assert solve(a_round(Policy("USD", unit=100, limits=(narrow,)))).conflict == ("narrow",)


@given(st.integers(1, 9), st.lists(st.sets(st.integers(0, 8), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_filter_leaves_a_conflict_of_which_every_name_is_needed(size: int, causes: list[set[int]]) -> None:
    names = [str(n) for n in range(9)]
    sets = [{str(n) for n in cause} for cause in causes]

    def holds(kept: object) -> bool:
        return not any(cause <= set(kept) for cause in sets)  # type: ignore[call-overload]

    found = irreducible(names, holds)
    assert not holds(found)
    assert all(holds([name for name in found if name != spared]) for spared in found)
    assert list(found) == sorted(found)
