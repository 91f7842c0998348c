"""The stand-alone checker and the engine read random rounds the same way."""

from __future__ import annotations

import dataclasses
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from checked import checked, written
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms
from tight import tight_round

from allocation.decide import RoundUnsolved, solve
from allocation.policy import Policy, Stage
from allocation.problem import Contribution, Override, Problem, Request
from facility.checker import check_round
from ledgers.terms import earmark_class


def assert_agrees(problem: Problem) -> None:
    try:
        decision = solve(problem, certify=30)
    except RoundUnsolved:
        return
    with tempfile.TemporaryDirectory() as folder:
        code, said = checked(written(Path(folder), problem, decision))
    assert code == 0, said
    assert "certified within" in said or decision.status == "infeasible"


@settings(max_examples=60)
@given(problem=problems(countries=COUNTRIES, requests_max=5, contributions_max=4))
def test_the_checker_certifies_every_decision_of_the_engine(problem: Problem) -> None:
    assert_agrees(problem)


SPANS = ((None, None), (date(2026, 1, 1), None), (None, date(2026, 12, 31)), (date(2027, 1, 1), date(2028, 12, 31)))


@st.composite
def by_years(draw: st.DrawFn, request: Request) -> Request:
    """The request, one in two times spent in two years."""
    first = draw(st.integers(0, request.ask))
    if first in (0, request.ask) or draw(st.booleans()):
        return request
    years = ((2026, first), (2027, request.ask - first))
    return dataclasses.replace(request, years=years, starts_on=None, ends_on=date(2027, 12, 31))


@st.composite
def later_problems(draw: st.DrawFn) -> Problem:
    """A round with years, days on which money may be spent, and what managers decided."""
    problem = draw(problems(countries=COUNTRIES, requests_max=4, contributions_max=4, scale=7))

    def spent(giver: Contribution) -> Contribution:
        first, last = draw(st.sampled_from(SPANS))
        return dataclasses.replace(giver, spend_from=first, spend_to=last)

    def decided(request: Request) -> Override:
        least = draw(st.integers(0, request.ask))
        return Override(request.request_id, least, draw(st.integers(least, request.ask)), "a manager", "a reason")

    overridden = [request for request in problem.requests if draw(st.integers(0, 3)) == 0]
    return dataclasses.replace(
        problem,
        contributions=tuple(spent(giver) for giver in problem.contributions),
        requests=tuple(draw(by_years(request)) for request in problem.requests),
        overrides=tuple(decided(request) for request in overridden),
    )


@settings(max_examples=60)
@given(problem=later_problems())
def test_the_checker_certifies_years_and_overrides(problem: Problem) -> None:
    assert_agrees(problem)


LATER = ("expiring", "keep-unearmarked", "even:window", "even:region", "leverage", "count")


@st.composite
def staged_problems(draw: st.DrawFn) -> Problem:
    """A round with objectives after the first, each of which may cost some of the earlier ones."""
    problem = draw(problems(countries=COUNTRIES, requests_max=5, contributions_max=4, scale=10))
    names = draw(st.lists(st.sampled_from(LATER), min_size=1, max_size=3, unique=True))
    later = tuple(Stage(name, Fraction(draw(st.sampled_from((0, 10, 50))), 100)) for name in names)  # type: ignore[arg-type]
    asks = tuple(dataclasses.replace(r, cofinance=draw(st.integers(0, 9))) for r in problem.requests)
    policy = dataclasses.replace(problem.policy, later=later, digest=f"{problem.policy.digest} {later}")
    return dataclasses.replace(problem, policy=policy, requests=asks)


@pytest.mark.nightly
@settings(max_examples=200)
@given(problem=staged_problems())
def test_the_checker_reckons_later_objectives_as_the_engine_does(problem: Problem) -> None:
    assert_agrees(problem)


EARMARKS = (
    "", "window=integration", "objective=21", "country=KEN", "country=KEN|UGA; objective=21", "country=LDC",
    "country=KEN|LDC", "region=Africa", "country!=KEN", "applicant=A-1", "request=R-1", "applicant_kind=ngo",
    "applicant_kind=local_authority", "applicant_kind!=ngo", "country=KEN|UGA|BGD|FJI|NPL|ETH", "applicant!=A-1",
    "country=KEN|UGA|BGD|FJI|NPL|ETH; country!=KEN", "country=KEN|UGA|BGD|FJI|NPL|ETH; country=Africa; objective=21",
    "country=KEN|UGA|BGD|FJI|NPL|ETH; country=KEN|UGA; objective=21", "merit>=50; oda=yes",
    "applicant_kind=ngo|city|academia|media|parliament|foundation",
)  # fmt: skip


@pytest.mark.parametrize("earmark", EARMARKS)
def test_the_checker_finds_earmarks_as_tight_as_the_engine_does(earmark: str, tmp_path: Path) -> None:
    money = (Contribution("C-1", "One", 100, terms(earmark)),)
    problem = Problem("T", "USD", ON, PLACES, money, (Request(subject(1), 10, 10, Fraction(1)),), Policy("USD"))
    round_ = check_round.read_round(written(tmp_path, problem, solve(problem)))
    assert check_round.binding(round_.contributions["C-1"], round_.places) == earmark_class(terms(earmark), PLACES)


def assert_tight_certified(seed: int, objective: str) -> None:
    problem = tight_round((20, 30, 40, 50, 60)[seed % 5], seed, objective=objective)
    decision = solve(problem, certify=60)
    if decision.status == "infeasible":
        return
    assert decision.certified_bound is not None
    assert decision.certified_bound - decision.objective <= decision.objective * Fraction(1, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        code, said = checked(written(Path(folder), problem, decision))
    assert code == 0, said


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_small_tight_rounds_are_certified_within_their_gap(seed: int) -> None:
    assert_tight_certified(seed, "merit")


@pytest.mark.nightly
@pytest.mark.parametrize("objective", ["merit", "score"])
@pytest.mark.parametrize("seed", range(30))
def test_thirty_tight_rounds_are_certified_within_their_gap(seed: int, objective: str) -> None:
    assert_tight_certified(seed, objective)


@pytest.mark.nightly
@given(problem=problems(countries=COUNTRIES, requests_max=12, contributions_max=6, scale=10_000_000))
def test_the_checker_certifies_decisions_on_large_amounts(problem: Problem) -> None:
    assert_agrees(problem)
