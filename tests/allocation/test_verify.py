"""The verifier lets sound decisions pass and catches every seeded fault, each by its own rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from decisions import Paid, decided
from hypothesis import given
from hypothesis import strategies as st
from oracle import broken_limits, is_payable, keeps_policy, optimum, payments_by_trying, possible_awards
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.decision import Decision, LimitOutcome, Payment, StageOutcome, Unfunded
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires, Stage
from allocation.problem import Contribution, Override, Problem, Request
from allocation.verify import RULES, DecisionUnsound, breaches, refuse_unless_sound


def amount(minor: int) -> Bound:
    return Bound("amount", Fraction(minor), f"{minor}")


POLICY = Policy(
    "USD",
    unit=10,
    reserve=amount(100),
    limits=(
        Limit("diaspora", terms("window=diaspora"), at_least=Bound("share_of_awarded", Fraction(1, 10), "10%")),
        Limit("integration", terms("window=integration"), at_most=Bound("share_of_resources", Fraction(3, 5), "60%")),
        Limit("a country", terms(""), each="country", at_most=Bound("share_of_resources", Fraction(4, 5), "80%")),
        Limit("awards", terms(""), count_at_least=2, count_at_most=4),
        Limit("Africa", terms("country=Africa"), each="region", at_most=amount(900)),
        Limit("staff", terms(""), at_most=Bound("amount", Fraction(5), "5 of x_staff"), weigh="x_staff"),
    ),
    exclusives=(Exclusive("one of two", ("R-4", "R-5")),),
    requires=(Requires("first things first", "R-3", "R-1"),),
)

PROBLEM = Problem(
    "T1",
    "USD",
    ON,
    PLACES,
    (
        Contribution("C-1", "State 1", 1000, terms("")),
        Contribution("C-2", "State 2", 500, terms("window=diaspora"), use_by=date(2026, 12, 31)),
        Contribution("C-3", "State 3", 400, terms("country=KEN|UGA"), country_cap=300, country_used=(("KEN", 100),)),
    ),
    (
        Request(subject(1), 300, 300, Fraction(50), measures=(("x_staff", Fraction(2)),)),
        Request(subject(2, window="diaspora", country="UGA"), 405, 100, Fraction(40), date(2026, 10, 31)),
        Request(subject(3, window="institutions", country="KEN:60|UGA:40"), 200, 0, Fraction(30)),
        Request(subject(4, window="diaspora", country="BGD"), 600, 600, Fraction(20)),
        Request(subject(5, country="FJI"), 100, 100, Fraction(10), measures=(("x_staff", Fraction(3)),)),
    ),
    POLICY,
)

PAID: Paid = {"R-1": {"C-1": 100, "C-3": 200}, "R-2": {"C-2": 400}, "R-3": {"C-1": 200}, "R-5": {"C-1": 100}}

LIMITS = (
    LimitOutcome("diaspora", "at_least", Fraction(100), Fraction(400), "money", False),
    LimitOutcome("integration", "at_most", Fraction(1140), Fraction(400), "money", False),
    LimitOutcome("a country: BGD", "at_most", Fraction(1520), Fraction(0), "money", False),
    LimitOutcome("a country: FJI", "at_most", Fraction(1520), Fraction(100), "money", False),
    LimitOutcome("a country: KEN", "at_most", Fraction(1520), Fraction(420), "money", False),
    LimitOutcome("a country: UGA", "at_most", Fraction(1520), Fraction(480), "money", False),
    LimitOutcome("awards", "count_at_least", Fraction(2), Fraction(4), "count", False),
    LimitOutcome("awards", "count_at_most", Fraction(4), Fraction(4), "count", True),
    LimitOutcome("Africa: 202", "at_most", Fraction(900), Fraction(900), "money", True),
    LimitOutcome("staff", "at_most", Fraction(5), Fraction(5), "x_staff", True),
)
"""Reckoned by hand."""

SOUND = dataclasses.replace(decided(PROBLEM, PAID), limits=LIMITS)


def changed(**fields: object) -> tuple[Problem, Decision]:
    """Return the sound decision with other fields."""
    return PROBLEM, dataclasses.replace(SOUND, **fields)


def paying(**paid: dict[str, int] | None) -> tuple[Problem, Decision]:
    """Return the sound decision with other payments, all other figures fitting (`R_1` for R-1; None for no award)."""
    parts = {request: dict(by) for request, by in PAID.items()}
    for request, by in paid.items():
        parts.pop(request.replace("_", "-"), None)
        if by is not None:
            parts[request.replace("_", "-")] = {c.replace("_", "-"): n for c, n in by.items()}
    return PROBLEM, decided(PROBLEM, parts)


def in_round(problem: Problem) -> tuple[Problem, Decision]:
    """Return the sound payments in another round, all other figures fitting."""
    return problem, decided(problem, PAID)


def under(**policy: object) -> tuple[Problem, Decision]:
    """Return the sound payments under another policy."""
    return in_round(dataclasses.replace(PROBLEM, policy=dataclasses.replace(POLICY, **policy)))


def after(*before: str, **policy: object) -> tuple[Problem, Decision]:
    """Return the sound payments under another policy, in a round that some were funded before."""
    changed_policy = dataclasses.replace(POLICY, **policy)
    return in_round(dataclasses.replace(PROBLEM, policy=changed_policy, funded_before=before))


def with_limit(**sides: object) -> tuple[Problem, Decision]:
    return under(limits=(Limit("tight", terms("window=diaspora"), **sides),))  # type: ignore[arg-type]


def with_contribution(contribution_id: str, **fields: object) -> tuple[Problem, Decision]:
    kept = [c for c in PROBLEM.contributions if c.contribution_id != contribution_id]
    (old,) = (c for c in PROBLEM.contributions if c.contribution_id == contribution_id)
    other = dataclasses.replace(old, **fields)
    return in_round(dataclasses.replace(PROBLEM, contributions=(*kept, other)))


def with_payments(request: str, *payments: tuple[str, int]) -> tuple[Problem, Decision]:
    """Return the sound decision in which one award has other payments and the same amount."""
    made = tuple(Payment(c, n) for c, n in payments)
    awards = [dataclasses.replace(a, payments=made) if a.request_id == request else a for a in SOUND.awards]
    return changed(awards=tuple(awards))


def with_dated_payments(request: str, *payments: Payment) -> tuple[Problem, Decision]:
    """Return the sound decision in which one award has other payments, with their years."""
    awards = [dataclasses.replace(a, payments=payments) if a.request_id == request else a for a in SOUND.awards]
    return changed(awards=tuple(awards))


def with_years(request: str, years: tuple[tuple[int, int], ...], *payments: Payment) -> tuple[Problem, Decision]:
    """Return the sound decision in a round in which a request tells its years apart, paid otherwise."""
    requests = [dataclasses.replace(r, years=years) if r.request_id == request else r for r in PROBLEM.requests]
    problem = dataclasses.replace(PROBLEM, requests=tuple(requests))
    _, decision = with_dated_payments(request, *payments)
    return problem, dataclasses.replace(decision, inputs=problem.inputs_digest())


def staged(last: StageOutcome) -> tuple[Problem, Decision]:
    """Return the sound decision under a policy that also counts awards, with that outcome."""
    problem, decision = under(later=(Stage("count"),))
    first = StageOutcome("merit", "", decision.objective, decision.objective, Fraction(0))
    return problem, dataclasses.replace(decision, stages=(first, last))


def costing(share: Fraction) -> tuple[Problem, Decision]:
    """Return a decision whose first objective gave up more than a later one may cost."""
    problem, decision = under(later=(Stage("count"),))
    best = decision.objective * (1 + share)
    first = StageOutcome("merit", "", decision.objective, best, best - decision.objective)
    last = StageOutcome("count", "", Fraction(4), Fraction(4), Fraction(0))
    return problem, dataclasses.replace(decision, bound=best, gap=0.0, stages=(first, last))


def with_outcome(number: int, **fields: object) -> tuple[Problem, Decision]:
    rows = list(LIMITS)
    rows[number] = dataclasses.replace(rows[number], **fields)
    return changed(limits=tuple(rows))


def infeasible(**fields: object) -> tuple[Problem, Decision]:
    empty = {"awards": (), "unfunded": (), "awarded": 0, "objective": Fraction(0), "limits": ()}
    figures = {"status": "infeasible", "bound": None, "gap": None, "conflict": ("awards", "staff")}
    return changed(**{**empty, **figures, **fields})


def value_off_by(points: Fraction) -> tuple[Problem, Decision]:
    return changed(objective=SOUND.objective + points, bound=SOUND.objective + points)


FAULTS: dict[str, list[Callable[[], tuple[Problem, Decision]]]] = {
    "inputs": [lambda: changed(inputs="sha256:0")],
    "identity": [
        lambda: changed(round_id="T2"),
        lambda: changed(objective_name="score"),
    ],
    "order": [
        lambda: changed(awards=SOUND.awards[::-1]),
        lambda: with_payments("R-1", ("C-3", 200), ("C-1", 100)),
    ],
    "infeasible": [
        lambda: infeasible(bound=Fraction(0)),
        lambda: infeasible(gap=0.0),
        lambda: infeasible(
            awards=SOUND.awards, awarded=SOUND.awarded, objective=SOUND.objective, unfunded=SOUND.unfunded
        ),
    ],
    "unknown-request": [lambda: changed(unfunded=(*SOUND.unfunded, Unfunded("R-9", (), 0)))],
    "unknown-contribution": [lambda: with_payments("R-5", ("C-9", 100))],
    "request-placed": [
        lambda: changed(unfunded=()),
        lambda: changed(unfunded=(Unfunded("R-1", (), 0), *SOUND.unfunded)),
        lambda: changed(unfunded=SOUND.unfunded * 2),
    ],
    "award-amount": [
        lambda: paying(R_2={"C-2": 395}),
        lambda: paying(R_2={"C-2": 90}),
        lambda: paying(R_1={"C-1": 90, "C-3": 200}),
        lambda: paying(R_5={"C-1": 110}),
    ],
    "award-payments": [
        lambda: with_payments("R-2", ("C-2", 399)),
        lambda: with_payments("R-2", ("C-2", 401)),
        lambda: with_payments("R-5"),
    ],
    "payment-amount": [lambda: with_payments("R-2", ("C-1", 0), ("C-2", 400))],
    "payment-repeated": [lambda: with_payments("R-2", ("C-2", 200), ("C-2", 200))],
    "earmark": [lambda: with_payments("R-5", ("C-2", 100)), lambda: with_payments("R-5", ("C-3", 100))],
    "use-by": [
        lambda: with_contribution("C-2", use_by=date(2026, 10, 30)),
        lambda: with_contribution("C-1", use_by=date(2026, 6, 29)),
        lambda: with_contribution("C-2", spend_to=date(2026, 10, 30)),
        lambda: with_contribution("C-1", spend_from=date(2026, 7, 1)),
    ],
    "years": [
        lambda: with_dated_payments("R-2", Payment("C-2", 400, 2026)),
        lambda: with_years("R-2", ((2025, 205), (2026, 200)), Payment("C-2", 200, 2025), Payment("C-2", 200, 2026)),
    ],
    "override": [
        lambda: in_round(dataclasses.replace(PROBLEM, overrides=(Override("R-4", 100, 100, "Board", "agreed"),))),
        lambda: in_round(dataclasses.replace(PROBLEM, overrides=(Override("R-2", 0, 399, "Board", "agreed"),))),
    ],
    "stage": [
        lambda: under(later=(Stage("count"),)),
        lambda: staged(StageOutcome("count", "", Fraction(3), Fraction(5), Fraction(0))),
        lambda: staged(StageOutcome("count", "", Fraction(4), Fraction(3), Fraction(0))),
        lambda: staged(StageOutcome("count", "", Fraction(4), Fraction(4), Fraction(-1))),
        lambda: costing(Fraction(1, 100)),
    ],
    "available": [lambda: with_contribution("C-2", available=399), lambda: with_contribution("C-1", available=399)],
    "country-cap": [
        lambda: with_contribution("C-3", country_cap=299),
        lambda: with_contribution("C-3", country_used=(("KEN", 101),)),
        lambda: with_payments("R-3", ("C-1", 199), ("C-3", 1)),
    ],
    "reserve": [
        lambda: under(reserve=amount(901)),
        lambda: under(reserve=Bound("share_of_resources", Fraction(900_001, 1_900_000), "")),
    ],
    "at_least": [
        lambda: with_limit(at_least=amount(401)),
        lambda: with_limit(at_least=Bound("share_of_awarded", Fraction(400_001, 1_000_000), "")),
        lambda: with_limit(at_least=Bound("share_of_resources", Fraction(401, 1900), "")),
        lambda: under(limits=(Limit("none", terms("objective=23"), at_least=amount(1)),)),
        lambda: under(limits=(Limit("x", terms(""), at_least=amount(6), weigh="x_staff"),)),
    ],
    "at_most": [
        lambda: with_limit(at_most=amount(399)),
        lambda: with_limit(at_most=Bound("share_of_awarded", Fraction(399_999, 1_000_000), "")),
        lambda: under(limits=(Limit("x", terms("country=UGA"), at_most=amount(479)),)),
        lambda: under(limits=(Limit("x", terms(""), each="country", at_most=amount(479)),)),
        lambda: under(limits=(Limit("x", terms(""), at_most=amount(4), weigh="x_staff"),)),
    ],
    "count_at_least": [lambda: with_limit(count_at_least=2)],
    "count_at_most": [lambda: with_limit(count_at_most=0)],
    "exclusive": [
        lambda: under(exclusives=(Exclusive("x", ("R-1", "R-5")),)),
        lambda: under(exclusives=(Exclusive("x", ("r-1", "R-5")),)),
        lambda: after("R-8", exclusives=(Exclusive("x", ("R-4", "R-5", "R-8")),)),
        lambda: after("R-8", exclusives=(Exclusive("x", ("R-1", "r-8")),)),
        lambda: after("R-7", "R-8", exclusives=(Exclusive("x", ("R-1", "R-7", "R-8")),)),
    ],
    "requires": [
        lambda: under(requires=(Requires("x", "R-3", "R-4"),)),
        lambda: under(requires=(Requires("x", "r-3", "R-4"),)),
        lambda: after("R-8", requires=(Requires("x", "R-3", "R-7"),)),
        lambda: after("R-8", requires=(Requires("x", "R-3", "R-4"),)),
    ],
    "limit-outcome": [
        lambda: with_outcome(0, actual=Fraction(401)),
        lambda: with_outcome(3, bound=Fraction(1521)),
        lambda: with_outcome(9, unit="money"),
        lambda: changed(limits=LIMITS[1:]),
        lambda: changed(limits=(*LIMITS, LIMITS[0])),
        lambda: with_outcome(0, side="at_most"),
    ],
    "objective": [lambda: value_off_by(Fraction(1, 10**9)), lambda: value_off_by(Fraction(-1))],
    "awarded": [lambda: changed(awarded=SOUND.awarded + 1)],
    "resources": [lambda: changed(resources=SOUND.resources + 1)],
    "bound": [lambda: changed(bound=SOUND.objective - Fraction(1, 10**9)), lambda: changed(bound=None)],
    "gap": [
        lambda: changed(gap=1e-9),
        lambda: changed(gap=None),
        lambda: changed(gap=float("nan")),
        lambda: changed(status="feasible", bound=SOUND.objective * 2, gap=0.99),
        lambda: changed(status="feasible", bound=SOUND.objective * 2, gap=1.1),
    ],
    "status": [
        lambda: changed(status="feasible"),
        lambda: changed(bound=SOUND.objective * 2, gap=1.0),
    ],
    "conflict": [
        lambda: changed(conflict=("awards",)),
        lambda: infeasible(conflict=()),
        lambda: infeasible(conflict=("awards", "what?")),
    ],
    "certificate": [
        lambda: changed(certified_bound=SOUND.objective),
        lambda: changed(certificate={"over": 1}),
        lambda: changed(certified_bound=SOUND.objective - 1, certificate={"over": 1}),
    ],
}


def test_the_sound_decision_has_no_breach() -> None:
    assert breaches(PROBLEM, SOUND) == []
    refuse_unless_sound(PROBLEM, SOUND)


def test_a_decision_that_nothing_is_possible_has_no_breach() -> None:
    assert breaches(*infeasible()) == []


@pytest.mark.parametrize(
    "sound",
    [
        lambda: after("R-8", exclusives=(Exclusive("x", ("R-1", "R-9")), Exclusive("y", ("R-4", "R-8")))),
        lambda: after("R-7", "R-8", exclusives=(Exclusive("x", ("R-4", "R-7", "R-8")),)),
        lambda: after("R-8", requires=(Requires("x", "R-3", "r-8"), Requires("y", "R-4", "R-9"))),
        lambda: after("R-8", requires=(Requires("x", "R-8", "R-9"),)),
    ],
)
def test_what_earlier_rounds_funded_breaks_nothing_by_itself(sound: Callable[[], tuple[Problem, Decision]]) -> None:
    assert breaches(*sound()) == []


def test_the_gap_is_relative_to_the_objective() -> None:
    within = decided(PROBLEM, PAID, bound=SOUND.objective * (1 + POLICY.gap))
    beyond = decided(PROBLEM, PAID, bound=SOUND.objective * (1 + POLICY.gap) + Fraction(1, 10**9))
    assert (within.status, beyond.status) == ("optimal", "feasible")
    assert breaches(PROBLEM, within) == breaches(PROBLEM, beyond) == []


def test_every_rule_has_a_seeded_fault() -> None:
    assert sorted(FAULTS) == sorted(RULES)


@pytest.mark.parametrize(("rule", "number"), [(rule, n) for rule, seeded in FAULTS.items() for n in range(len(seeded))])
def test_each_seeded_fault_is_caught_by_its_rule_alone(rule: str, number: int) -> None:
    problem, decision = FAULTS[rule][number]()
    assert {breach.rule for breach in breaches(problem, decision)} == {rule}


def test_an_unsound_decision_is_refused_with_every_breach() -> None:
    problem, decision = with_contribution("C-2", available=399)
    with pytest.raises(DecisionUnsound) as refused:
        refuse_unless_sound(problem, dataclasses.replace(decision, awarded=1001))
    assert refused.value.code == "decision-unsound"
    assert refused.value.message == (
        "the decision on round T1 breaks 2 rules:\n"
        "  available: C-2: USD 4.00, against USD 3.99\n"
        "  awarded: awarded: USD 10.01, against USD 10.00"
    )
    assert refused.value.remedy == (
        "nothing was posted; solve the round again, and report it if it comes back: the engine is at fault"
    )


def test_a_share_counts_to_the_last_part_of_a_cent() -> None:
    third = Bound("share_of_awarded", Fraction(2, 5), "40%")
    assert breaches(*with_limit(at_least=third, at_most=third)) == []


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Problem, dict[str, int]]:
    """A tiny round and awards that may or may not keep its policy."""
    problem = draw(problems(countries=COUNTRIES))
    awards = {r.request_id: draw(st.sampled_from(possible_awards(r, problem.policy.unit))) for r in problem.requests}
    return problem, {request: amount for request, amount in awards.items() if amount}


@given(attempts())
def test_verifier_and_oracle_agree_on_every_attempt(attempt: tuple[Problem, dict[str, int]]) -> None:
    problem, amounts = attempt
    paid = payments_by_trying(problem, amounts)
    if paid is None:
        return
    found = breaches(problem, decided(problem, paid))
    assert (found == []) == keeps_policy(problem, amounts)
    sides = ("at_least", "at_most", "count_at_least", "count_at_most")
    assert {(b.who, b.rule) for b in found if b.rule in sides} == broken_limits(problem, amounts)


@given(problems(countries=COUNTRIES, requests_max=4, contributions_max=3))
def test_the_oracles_optimum_is_sound(problem: Problem) -> None:
    best = optimum(problem)
    if best is not None:
        paid = payments_by_trying(problem, best.amounts)
        assert paid is not None
        assert breaches(problem, decided(problem, paid)) == []


@given(problems(capped=False))
def test_halls_condition_and_trying_every_payment_agree(problem: Problem) -> None:
    amounts = {request.request_id: request.ask for request in problem.requests}
    assert is_payable(problem, amounts) == (payments_by_trying(problem, amounts) is not None)
