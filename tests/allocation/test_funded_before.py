"""What earlier rounds funded counts as funded in exclusive groups and prerequisites, and nowhere else."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from decisions import decided
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import broken_choices, optimum
from strategies import ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.decision import Decision, Reason
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.problem import Contribution, Problem, ProblemInvalid, Request
from allocation.verify import breaches
from allocation.why import explained


def round_of(*before: str, **policy: object) -> Problem:
    """Return a round with money for all three: R-1 to R-3 ask 10 each."""
    requests = tuple(Request(subject(n), 10, 10, Fraction(n)) for n in (1, 2, 3))
    money = (Contribution("C-1", "State 1", 100, terms("")),)
    return Problem("T1", "USD", ON, PLACES, money, requests, Policy("USD", **policy), before)  # type: ignore[arg-type]


def funded(problem: Problem) -> set[str]:
    return {award.request_id for award in solve(problem).awards}


def reasons(decision: Decision, request: str) -> list[Reason]:
    (found,) = [one.because for one in decision.unfunded if one.request_id == request]
    return list(found)


EITHER = (Exclusive("one of", ("R-1", "R-2", "R-8", "R-9")),)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), {"R-2", "R-3"}),
        (("R-8",), {"R-3"}),
        (("r-8",), {"R-3"}),
        (("R-8", "R-9"), {"R-3"}),
        (("R-7",), {"R-2", "R-3"}),
    ],
)
def test_an_exclusive_group_has_no_place_left_after_an_earlier_round(
    before: tuple[str, ...], expected: set[str]
) -> None:
    assert funded(round_of(*before, exclusives=EITHER)) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [((), {"R-1", "R-2"}), (("R-8",), {"R-1", "R-2", "R-3"}), (("r-8",), {"R-1", "R-2", "R-3"})],
)
def test_a_prerequisite_is_met_by_an_earlier_round_and_by_nothing_absent(
    before: tuple[str, ...], expected: set[str]
) -> None:
    assert funded(round_of(*before, requires=(Requires("first", "r-3", "R-8"),))) == expected


def test_the_sentences_say_which_round_and_carry_the_facts() -> None:
    excluded = solve(round_of("R-8", "R-9", exclusives=EITHER))
    assert reasons(excluded, "R-1") == [
        Reason(
            "exclusive",
            'the rule "one of" funds at most one of R-1, R-2, R-8, R-9, and that is R-8, funded by an earlier round',
            {"rule": "one of", "funded": "R-8", "by": "an earlier round"},
        )
    ]
    assert reasons(solve(round_of(requires=(Requires("first", "R-3", "R-8"),))), "R-3") == [
        Reason(
            "requires",
            'the rule "first" funds it only after or together with R-8, which is not in this round and not funded '
            "by an earlier one",
            {"rule": "first", "needs": "R-8", "in_round": False},
        )
    ]


def test_a_conflict_names_the_group_that_an_earlier_round_has_filled() -> None:
    one = Limit("the first", terms("request=R-1|R-2"), count_at_least=1)
    both = round_of("R-8", exclusives=EITHER, limits=(one,))
    assert set(solve(both).conflict) == {"one of", "the first"}
    assert solve(dataclasses.replace(both, funded_before=())).status == "optimal"
    needy = round_of(requires=(Requires("first", "R-1", "R-8"), Requires("also", "R-2", "R-8")), limits=(one,))
    assert set(solve(needy).conflict) == {"first", "also", "the first"}


def test_what_was_funded_before_is_part_of_the_inputs_and_in_no_order() -> None:
    plain = round_of(exclusives=EITHER)
    assert plain.inputs_digest() == dataclasses.replace(plain, funded_before=()).inputs_digest()
    digests = [
        round_of(*before, exclusives=EITHER).inputs_digest() for before in ((), ("R-8",), ("R-9",), ("R-8", "R-9"))
    ]
    assert len(set(digests)) == 4
    assert round_of("R-9", "R-8", "R-9", exclusives=EITHER).inputs_digest() == digests[3]


def test_a_request_that_was_funded_before_cannot_stand_again() -> None:
    with pytest.raises(ProblemInvalid) as refused:
        round_of("r-2")
    assert refused.value.message == "request R-2 stands in the round and was funded before"
    assert refused.value.remedy == "leave a request that an earlier round has funded out of the round"


def test_money_and_counts_do_not_see_earlier_rounds() -> None:
    ceiling = Limit("all", terms(""), at_most=Bound("amount", Fraction(30), "30"), count_at_most=3)
    assert funded(round_of("R-8", limits=(ceiling,))) == {"R-1", "R-2", "R-3"}


@st.composite
def later_rounds(draw: st.DrawFn) -> Problem:
    """A tiny round after others, whose every group and prerequisite names requests of this round and of others."""
    problem = draw(problems(requests_max=4, contributions_max=3))
    ids = [request.request_id for request in problem.requests]
    names = st.lists(st.sampled_from([*ids, "R-91", "r-92", "R-99"]), min_size=2, max_size=3, unique=True)
    groups = tuple(Exclusive(f"group {n}", tuple(draw(names))) for n in range(draw(st.integers(0, 2))))
    rules = tuple(Requires(f"rule {n}", *draw(names)[:2]) for n in range(draw(st.integers(0, 2))))
    before = draw(st.sampled_from((("R-91",), ("R-92",), ("R-91", "R-92"))))
    policy = dataclasses.replace(problem.policy, exclusives=groups, requires=rules)
    return dataclasses.replace(problem, policy=policy, funded_before=before)


@settings(max_examples=60)
@given(later_rounds())
def test_rounds_after_others_are_decided_as_well_as_by_trying_everything(problem: Problem) -> None:
    best, decision = optimum(problem), solve(problem)
    assert breaches(problem, decision) == []
    if best is None:
        assert decision.status == "infeasible"
        return
    assert decision.objective == best.value
    assert not broken_choices(problem, {award.request_id: award.amount for award in decision.awards})


def test_a_prerequisite_met_before_is_no_reason() -> None:
    met = round_of("R-8", requires=(Requires("first", "R-1", "R-8"),))
    poor = dataclasses.replace(met, contributions=(Contribution("C-1", "State 1", 20, terms("")),))
    assert [reason.kind for reason in reasons(solve(poor), "R-1")] == ["out-ranked"]


def test_in_an_unsound_decision_the_earlier_round_is_named_first() -> None:
    problem = round_of("R-8", exclusives=EITHER)
    ((reason,),) = [
        one.because
        for one in explained(problem, decided(problem, {"R-2": {"C-1": 10}})).unfunded
        if one.request_id == "R-1"
    ]
    assert reason.facts["funded"] == "R-8"
