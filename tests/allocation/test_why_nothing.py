"""A round that awards nothing although money is there says which rules allow nothing else."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import broken_limits, is_payable, possible_awards
from strategies import ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.policy import Bound, Limit, Policy
from allocation.problem import Contribution, Problem, Request

WINDOWS = ("integration", "institutions", "diaspora")


def share(name: str, window: str, *, least: int = 0, most: int = 100) -> Limit:
    """Return a limit that holds a window between two percentages of what is awarded."""
    floor = Bound("share_of_awarded", Fraction(least, 100), f"{least}%")
    ceiling = Bound("share_of_awarded", Fraction(most, 100), f"{most}%")
    return Limit(name, terms(f"window={window}"), at_least=floor, at_most=ceiling)


def round_with(*limits: Limit, reserve: Bound | None = None) -> Problem:
    requests = (
        Request(subject(1), 50, 50, Fraction(5)),
        Request(subject(2, window="institutions"), 60, 10, Fraction(4)),
        Request(subject(3, window="diaspora", country="UGA"), 60, 10, Fraction(3)),
    )
    money = (Contribution("C-1", "State 1", 1000, terms("country=KEN")),)
    return Problem("T1", "USD", ON, PLACES, money, requests, Policy("USD", limits=limits, reserve=reserve))


def told(problem: Problem) -> dict[str, list[tuple[str, str]]]:
    decision = solve(problem)
    assert decision.awards == ()
    return {one.request_id: [(r.kind, r.sentence) for r in one.because] for one in decision.unfunded}


def test_shares_that_contradict_each_other_are_named_to_every_request_that_money_may_pay() -> None:
    contradictory = (
        share("most to integration", "integration", least=67),
        share("half to institutions", "institutions", least=50),
        share("little to the diaspora", "diaspora", most=90),
    )
    found = told(round_with(*contradictory))
    sentence = (
        'with this round\'s money and requests, "half to institutions" and "most to integration" hold together '
        "only if nothing at all is awarded"
    )
    assert found["R-1"] == found["R-2"] == [("limit", sentence)]
    assert found["R-3"][0][0] == "not-eligible"
    assert ("limit", sentence) not in found["R-3"]


def test_a_share_for_requests_that_no_money_may_pay_is_named() -> None:
    found = told(round_with(share("a third to the diaspora", "diaspora", least=33)))
    sentence = (
        'with this round\'s money and requests, "a third to the diaspora" is kept only if nothing at all is awarded'
    )
    assert found["R-1"] == [("limit", sentence)]


def test_a_reserve_that_leaves_too_little_is_told_once_with_its_figures() -> None:
    kept = Bound("amount", Fraction(995), "9.95")
    assert told(round_with(reserve=kept))["R-2"] == [
        (
            "reserve",
            "the reserve keeps USD 9.95 and leaves USD 0.05 for all awards together, "
            "and its smallest possible award is USD 0.10",
        )
    ]


@st.composite
def contradictory_rounds(draw: st.DrawFn) -> Problem:
    percent = st.sampled_from((0, 20, 40, 60, 80, 100))
    limits = [share(f"share {w}", w, least=draw(percent), most=draw(percent)) for w in WINDOWS]
    problem = draw(problems(requests_max=3, contributions_max=2, capped=False))
    kept = dataclasses.replace(problem.policy, limits=tuple(limits), exclusives=(), requires=(), reserve=None)
    return dataclasses.replace(problem, policy=kept, funded_before=())


@settings(max_examples=60)
@given(contradictory_rounds())
def test_rules_said_to_allow_nothing_are_broken_by_every_award_that_money_could_pay(problem: Problem) -> None:
    decision = solve(problem)
    named = [reason.facts["limits"] for one in decision.unfunded for reason in one.because if "limits" in reason.facts]
    assert not named or decision.awards == ()
    for names in named:
        kept = tuple(limit for limit in problem.policy.limits if limit.name in names)
        assert [limit.name for limit in kept] == names
        under = dataclasses.replace(problem, policy=dataclasses.replace(problem.policy, limits=kept))
        for amounts in every_choice(problem):
            assert not is_payable(problem, amounts) or broken_limits(under, amounts)


def every_choice(problem: Problem) -> list[dict[str, int]]:
    """Return every way to award something."""
    found: list[dict[str, int]] = [{}]
    for request in problem.requests:
        options = possible_awards(request, problem.policy.unit)
        found = [{**one, request.request_id: amount} if amount else one for one in found for amount in options]
    return [one for one in found if one]
