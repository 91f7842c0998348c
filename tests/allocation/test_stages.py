"""Objectives after the first: each is the best among what is as good in all before it, as trying everything says."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import is_payable, keeps_policy, limit_parts, objective, possible_awards
from strategies import ON, PLACES, problems, subject, terms
from tight import tight_round

from allocation.decide import solve
from allocation.decision import Decision
from allocation.policy import Policy, Stage
from allocation.problem import Contribution, Problem, Request
from allocation.verify import breaches
from ledgers.terms import admits, country_shares, earmark_class

NAMES = ("expiring", "keep-unearmarked", "even:window", "even:region", "leverage", "count")


def with_stages(problem: Problem, *stages: Stage) -> Problem:
    digest = f"{problem.policy.digest} {stages}"
    return dataclasses.replace(problem, policy=dataclasses.replace(problem.policy, later=stages, digest=digest))


def every_choice(problem: Problem) -> list[dict[str, int]]:
    """Return all awards that keep the policy and that the money can pay."""
    parts, found = limit_parts(problem), []
    options = [possible_awards(r, problem.policy.unit) for r in problem.requests]
    for awards in itertools.product(*options):
        amounts = {r.request_id: a for r, a in zip(problem.requests, awards, strict=True) if a}
        if sum(awards) <= problem.resources and keeps_policy(problem, amounts, parts) and is_payable(problem, amounts):
            found.append(amounts)
    return found


def payable(problem: Problem, amounts: dict[str, int], members: list[Contribution]) -> int:
    """Return the most that some contributions can pay of awards: by Hall's theorem, over all sets of requests."""
    asked = [(r, amounts[r.request_id]) for r in problem.requests if r.request_id in amounts]
    least = None
    for inside in itertools.product((False, True), repeat=len(asked)):
        chosen = [r for (r, _), is_in in zip(asked, inside, strict=True) if is_in]
        outside = sum(a for (_, a), is_in in zip(asked, inside, strict=True) if not is_in)
        total = outside + sum(c.available for c in members if any(may_pay(problem, c, r) for r in chosen))
        least = total if least is None else min(least, total)
    return least or 0


def may_pay(problem: Problem, contribution: Contribution, request: Request) -> bool:
    in_time = contribution.use_by is None or (request.ends_on or problem.on) <= contribution.use_by
    return in_time and admits(contribution.earmark, request.subject, problem.places)


def values(problem: Problem, amounts: dict[str, int], name: str) -> list[Fraction]:
    """Return what awards reach in each step of one objective, reckoned from its definition; more is better."""
    if name == "count":
        return [Fraction(len(amounts))]
    if name == "leverage":
        return [
            sum(
                (Fraction(r.cofinance * amounts.get(r.request_id, 0), 100 * r.ask) for r in problem.requests),
                Fraction(0),
            )
        ]
    if name == "expiring":
        days = sorted({c.use_by for c in problem.contributions if c.use_by})
        return [
            Fraction(payable(problem, amounts, [c for c in problem.contributions if c.use_by and c.use_by <= day]), 100)
            for day in days
        ]
    if name == "keep-unearmarked":
        of = {c.contribution_id: earmark_class(c.earmark, problem.places) for c in problem.contributions}
        found = []
        for flexible in (("unearmarked",), ("unearmarked", "softly")):
            rest = [c for c in problem.contributions if of[c.contribution_id] not in flexible]
            found.append(Fraction(payable(problem, amounts, rest) - sum(amounts.values()), 100))
        return found
    asked: dict[str, Fraction] = {}
    given: dict[str, Fraction] = {}
    for r in problem.requests:
        parts = [(r.subject.window, Fraction(1))]
        if name == "even:region":
            parts = [(problem.places.region_of(code), share) for code, share in country_shares(r.subject.country)]
        for group, share in parts:
            asked[group] = asked.get(group, Fraction(0)) + share * r.ask
            given[group] = given.get(group, Fraction(0)) + share * amounts.get(r.request_id, 0)
    served = sorted(given[g] / asked[g] for g in asked)
    return [sum(served[:n], Fraction(0)) for n in range(1, len(served) + 1)]


def reached(decision: Decision) -> dict[str, list[Fraction]]:
    found: dict[str, list[Fraction]] = {}
    for stage in decision.stages:
        sign = -1 if stage.objective == "keep-unearmarked" else 1
        found.setdefault(stage.objective, []).append(sign * stage.value)
    return found


def brief(problem: Problem, decision: Decision) -> str:
    """Return a round small enough to be read where a test fails."""
    asked = [(r.request_id, r.subject.window, r.subject.country, r.ask, r.minimum, r.merit) for r in problem.requests]
    given = [(c.contribution_id, c.available, str(c.earmark), c.use_by) for c in problem.contributions]
    rules = (problem.policy.limits, problem.policy.exclusives, problem.policy.requires, problem.policy.unit)
    return f"{asked}\n{given}\n{rules}\n{decision.awards}\n{decision.stages}"


@st.composite
def staged(draw: st.DrawFn) -> Problem:
    problem = draw(problems(requests_max=4, capped=False))
    cofinance = draw(st.lists(st.integers(0, 30), min_size=len(problem.requests), max_size=len(problem.requests)))
    requests = tuple(
        dataclasses.replace(r, cofinance=more, merit=Fraction(round(r.merit / 10)))
        for r, more in zip(problem.requests, cofinance, strict=True)
    )
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    if {"expiring", "keep-unearmarked"} <= set(names):
        names = names[:1]  # who pays first can serve one of the two only; see the test below
    return with_stages(dataclasses.replace(problem, requests=requests), *(Stage(name) for name in names))  # type: ignore[arg-type]


@settings(max_examples=60)
@given(staged())
def test_later_objectives_are_the_lexicographic_best(problem: Problem) -> None:
    choices = every_choice(problem)
    decision = solve(problem)
    if not choices:
        assert decision.status == "infeasible"
        return
    best = max([objective(problem, amounts)] for amounts in choices)
    choices = [amounts for amounts in choices if [objective(problem, amounts)] == best]
    for stage in problem.policy.later:
        best = max(values(problem, amounts, stage.name) for amounts in choices)
        assert reached(decision).get(stage.name, []) == best, brief(problem, decision)
        choices = [amounts for amounts in choices if values(problem, amounts, stage.name) == best]
    assert all(stage.gave_up == 0 for stage in decision.stages)


@settings(max_examples=40)
@given(staged(), st.sampled_from(("1/10", "1/3", "1")))
def test_an_objective_may_cost_what_the_policy_says_and_not_more(problem: Problem, cost: str) -> None:
    share, stage = Fraction(cost), problem.policy.later[0]
    problem = with_stages(problem, dataclasses.replace(stage, may_cost=share))
    choices = every_choice(problem)
    decision = solve(problem)
    if not choices:
        assert decision.status == "infeasible"
        return
    best = max(objective(problem, amounts) for amounts in choices)
    floor = best - share * best
    assert decision.objective >= floor
    assert decision.status == "optimal"
    assert decision.stages[0].gave_up == best - decision.objective
    allowed = [amounts for amounts in choices if objective(problem, amounts) >= floor]
    told = reached(decision).get(stage.name, [])
    assert told == max(values(problem, amounts, stage.name) for amounts in allowed)


def test_evenness_is_weighed_again_when_awards_become_whole_steps() -> None:
    """What the worst-off window gains is worth nothing once another is worse off: the whole steps must see that too."""
    asks = ((1, "integration", 1, 1), (2, "integration", 2, 0), (3, "integration", 5, 0), (4, "institutions", 5, 0))
    requests = tuple(Request(subject(n, window=window), ask, least, Fraction(0)) for n, window, ask, least in asks)
    policy = Policy("USD", unit=2, gap=Fraction(1, 10**6), later=(Stage("even:window"),))
    problem = Problem("T", "USD", ON, PLACES, (Contribution("C-1", "A", 9, terms("")),), requests, policy)
    best = max(values(problem, amounts, "even:window") for amounts in every_choice(problem))
    assert reached(solve(problem))["even:window"] == best == [Fraction(5, 8), Fraction(57, 40)]


def test_expiring_money_goes_first_where_merit_ties() -> None:
    soon, late = date(2026, 12, 31), date(2029, 12, 31)
    money = (
        Contribution("C-1", "A", 500, terms("window=integration"), use_by=soon),
        Contribution("C-2", "B", 500, terms(""), use_by=late),
    )
    requests = (
        Request(subject(1, window="diaspora"), 500, 500, Fraction(50), ends_on=date(2026, 11, 30)),
        Request(subject(2), 500, 500, Fraction(50), ends_on=date(2026, 11, 30)),
        Request(subject(3), 500, 500, Fraction(50), ends_on=date(2027, 11, 30)),
    )
    problem = Problem("T", "USD", ON, PLACES, money, requests, Policy("USD", later=(Stage("expiring"),)))
    decision = solve(problem)
    assert [(s.of, s.value) for s in decision.stages] == [
        ("", 500),
        ("by 2026-12-31", 5),
        ("by 2029-12-31", 10),
    ]


def test_kept_money_is_not_spent_where_tighter_money_can_pay() -> None:
    soon = date(2027, 12, 31)
    money = (
        Contribution("C-1", "A", 500, terms(""), use_by=soon),
        Contribution("C-2", "B", 500, terms("country=KEN")),
    )
    requests = (Request(subject(1), 400, 400, Fraction(50)),)
    problem = Problem("T", "USD", ON, PLACES, money, requests, Policy("USD"))
    assert solve(problem).awards[0].payments[0].contribution_id == "C-1"
    kept = solve(with_stages(problem, Stage("keep-unearmarked")))
    assert kept.awards[0].payments[0].contribution_id == "C-2"
    assert [stage.value for stage in kept.stages[1:]] == [0, 0]


@pytest.mark.parametrize("names", [("expiring", "keep-unearmarked"), ("keep-unearmarked", "expiring")])
def test_where_both_ask_who_pays_first_the_earlier_is_served_and_the_other_told_as_it_is(
    names: tuple[str, str],
) -> None:
    money = (
        Contribution("C-1", "A", 500, terms(""), use_by=date(2027, 12, 31)),
        Contribution("C-2", "B", 500, terms("country=KEN")),
    )
    requests = (Request(subject(1), 400, 400, Fraction(50)),)
    problem = Problem("T", "USD", ON, PLACES, money, requests, Policy("USD"))
    decision = solve(with_stages(problem, *(Stage(name) for name in names)))  # type: ignore[arg-type]
    first = "C-1" if names[0] == "expiring" else "C-2"
    assert decision.awards[0].payments[0].contribution_id == first
    assert breaches(with_stages(problem, *(Stage(n) for n in names)), decision) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_later_objectives_of_a_tight_round_hold_in_both_forms(name: str) -> None:
    problem = tight_round(30, 3)
    contributions = tuple(
        dataclasses.replace(c, use_by=date(2027 + n % 3, 12, 31)) for n, c in enumerate(problem.contributions)
    )
    requests = tuple(dataclasses.replace(r, cofinance=r.ask // 2) for r in problem.requests)
    problem = dataclasses.replace(problem, contributions=contributions, requests=requests)
    before = solve(with_stages(problem, Stage(name)), time_limit=20)  # type: ignore[arg-type]
    decision = solve(with_stages(problem, Stage(name, Fraction(1, 20))), time_limit=20)  # type: ignore[arg-type]
    assert decision.objective >= before.objective * Fraction(19, 20)
    sign = -1 if name == "keep-unearmarked" else 1
    assert sign * decision.stages[1].value >= sign * before.stages[1].value
    assert breaches(with_stages(problem, Stage(name, Fraction(1, 20))), decision) == []  # type: ignore[arg-type]
