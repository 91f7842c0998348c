"""Other rules of sharing: what each promises, held on random rounds against an oracle that knows nothing of them."""

from __future__ import annotations

import dataclasses
import itertools
import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import broken_choices, broken_limits, is_payable, keeps_policy, optimum
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.decide import solve
from allocation.policy import Bound, Limit, Policy, Requires, Stage
from allocation.prepared import Prepared, prepare
from allocation.problem import Contribution, Override, Problem, Request
from allocation.sharing import purse
from allocation.sharing.equal_shares import Budgets, bought, equal_shares, worth_of
from allocation.sharing.formula import Formula, FormulaInvalid, country_scores, envelopes, formula
from allocation.sharing.given import Given, ranked
from allocation.sharing.greedy import greedy
from allocation.sharing.proportional import exact_shares, proportional
from allocation.sharing.purse import YearsNotShared
from allocation.sharing.shared import LEFT_OUT, finished, merit_cost
from ledgers.terms import admits, country_shares

RULES = {
    "greedy": greedy,
    "proportional": proportional,
    "equal-shares": equal_shares,
    "formula": lambda round_: formula(round_, Formula()),
}


def named(problem: Problem, awards: dict[int, int]) -> dict[str, int]:
    return {problem.requests[r].request_id: amount for r, amount in awards.items()}


def bare(problem: Problem, *, reserve: bool = False) -> Problem:
    """Return the round without limits, groups and prerequisites."""
    kept = problem.policy.reserve if reserve else None
    policy = dataclasses.replace(problem.policy, limits=(), exclusives=(), requires=(), reserve=kept, digest="bare")
    return dataclasses.replace(problem, policy=policy)


def test_overrides_and_later_objectives_are_known() -> None:
    """What a manager decided comes first as a floor does; objectives after the first do not matter to a rule."""
    asks = (Request(subject(1), 60, 0, Fraction(9)), Request(subject(2), 60, 0, Fraction(1)))
    money = (Contribution("C-1", "State", 100, terms("")),)
    policy = Policy("USD", later=(Stage("count"),))
    wanted = (Override("R-2", 60, 60, "manager", "promised"), Override("R-1", 0, 30, "manager", "too much"))
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, policy, overrides=wanted))
    for rule in RULES.values():
        awards = rule(round_)
        assert named(round_.problem, awards) == {"R-1": 30, "R-2": 60}
        assert finished(round_, "any", "", awards).broken == ()


def test_what_had_to_wait_for_its_prerequisite_is_funded_when_that_is() -> None:
    asks = (Request(subject(1), 60, 60, Fraction(9)), Request(subject(2), 40, 40, Fraction(1)))
    money = (Contribution("C-1", "State", 100, terms("")),)
    policy = Policy("USD", requires=(Requires("first", "R-1", "R-2"),))
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, policy))
    assert named(round_.problem, greedy(round_)) == {"R-1": 60, "R-2": 40}


def test_a_share_of_what_is_awarded_is_kept_from_the_bottom_of_the_list() -> None:
    """Half for Kenya at most: of 100, Uganda can use 30 only, so Kenya's lowest award goes back."""
    ceiling = Limit("Kenya", terms("country=KEN"), at_most=Bound("share_of_awarded", Fraction(1, 2), "50%"))
    asks = (
        Request(subject(1), 30, 30, Fraction(9)),
        Request(subject(2), 20, 20, Fraction(8)),
        Request(subject(3, country="UGA"), 30, 30, Fraction(1)),
    )
    money = (Contribution("C-1", "State", 100, terms("")),)
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, Policy("USD", limits=(ceiling,), digest="c")))
    assert named(round_.problem, greedy(round_)) == {"R-1": 30, "R-3": 30}


def test_years_told_apart_are_refused() -> None:
    asks = (Request(subject(1), 60, 0, Fraction(9), years=((2026, 30), (2027, 30))),)
    money = (
        Contribution("C-1", "State", 100, terms(""), spend_to=date(2026, 12, 31)),
        Contribution("C-2", "State", 100, terms("")),
    )
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, Policy("USD")))
    for rule in RULES.values():
        with pytest.raises(YearsNotShared, match="R-1 tell years apart"):
            rule(round_)


def test_committees_go_down_the_list() -> None:
    asks = [Request(subject(n), 60, 30, Fraction(merit)) for n, merit in ((1, 5), (2, 9), (3, 7))]
    money = (Contribution("C-1", "State", 100, terms("")),)
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, tuple(asks), Policy("USD")))
    assert named(round_.problem, greedy(round_)) == {"R-2": 60, "R-3": 40}


def test_everybody_gets_the_same_share() -> None:
    asks = [Request(subject(n), ask, 0, Fraction(1)) for n, ask in ((1, 100), (2, 200), (3, 300))]
    money = (Contribution("C-1", "State", 301, terms("")),)
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, tuple(asks), Policy("USD")))
    assert named(round_.problem, proportional(round_)) == {"R-1": 50, "R-2": 100, "R-3": 151}


def test_a_small_donor_is_not_outvoted() -> None:
    """Merit alone gives all to Kenya; equal shares let the donor for Uganda buy what only it wants."""
    asks = (Request(subject(1), 60, 60, Fraction(9)), Request(subject(2, country="UGA"), 40, 40, Fraction(1)))
    money = (Contribution("C-1", "Large", 60, terms("")), Contribution("C-2", "Small", 40, terms("country=UGA")))
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, Policy("USD")))
    assert named(round_.problem, equal_shares(round_)) == {"R-1": 60, "R-2": 40}


def test_a_floor_comes_first_and_one_that_cannot_be_met_is_named() -> None:
    asks = (Request(subject(1), 60, 0, Fraction(9)), Request(subject(2, country="FJI"), 60, 0, Fraction(1)))
    money = (Contribution("C-1", "State", 100, terms("")),)

    def policy(least: int) -> Policy:
        floor = Limit("islands", terms("country=SIDS"), at_least=Bound("amount", Fraction(least), f"{least}"))
        return Policy("USD", limits=(floor,), digest=f"{least}")

    met = prepare(Problem("T", "USD", ON, PLACES, money, asks, policy(50)))
    assert named(met.problem, greedy(met)) == {"R-1": 40, "R-2": 60}
    unmet = prepare(Problem("T", "USD", ON, PLACES, money, asks, policy(70)))
    assert finished(unmet, "greedy", "", greedy(unmet)).broken == ("islands",)


def test_a_promise_says_what_it_leaves_out_where_a_round_could_have_it() -> None:
    """A capped contribution could pay a request of two countries; ranking by merit does not look at that."""
    asked = (
        Request(subject(1, country="KEN:50|UGA:50"), 40, 40, Fraction(9)),
        Request(subject(2), 40, 40, Fraction(3)),
    )
    for cap, promised in ((None, "all"), (100, f"all; {LEFT_OUT}")):
        money = (Contribution("C-1", "One", 40, terms(""), country_cap=cap),)
        round_ = prepare(Problem("T1", "USD", ON, PLACES, money, asked, Policy("USD")))
        shared = finished(round_, "greedy", "all", greedy(round_))
        assert shared.promise == promised
        assert [award.request_id for award in shared.decision.awards] == (["R-2"] if cap else ["R-1"])


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60)
@given(problem=problems(countries=COUNTRIES))
def test_every_rule_keeps_what_it_does_not_name(rule: str, problem: Problem) -> None:
    """The verifier accepts earmarks, use-by dates, caps and sums; limits that are broken are exactly those named."""
    shared = finished(prepare(problem), rule, "", RULES[rule](prepare(problem)))
    amounts = {award.request_id: award.amount for award in shared.decision.awards}
    broken = {name for name, _ in broken_limits(problem, amounts)} | broken_choices(problem, amounts)
    assert set(shared.broken) - {"reserve"} == broken
    assert ("reserve" in shared.broken) == (not broken and not keeps_policy(problem, amounts))
    assert all(award.amount == sum(payment.amount for payment in award.payments) for award in shared.decision.awards)


@pytest.mark.parametrize("rule", sorted(RULES))
@settings(max_examples=30)
@given(problem=problems(countries=COUNTRIES))
def test_money_laid_out_in_arrays_gives_the_same(rule: str, problem: Problem) -> None:
    """Large rounds keep their money in arrays: what a rule gives does not depend on it."""
    as_lists = RULES[rule](prepare(problem))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(purse, "_WIDE_FROM", -1)
        assert RULES[rule](prepare(problem)) == as_lists


@settings(max_examples=60)
@given(problems())
def test_greedy_leaves_nothing_that_could_still_be_given(problem: Problem) -> None:
    round_ = prepare(problem)
    amounts = named(problem, greedy(round_))
    if not keeps_policy(problem, amounts):
        return
    for r in round_.fundable:
        request, span = problem.requests[r].request_id, round_.ranges[r]
        more = [a for a in range(amounts.get(request, 0) + 1, span.ask + 1) if span.holds(a)]
        for award in more:
            raised = {**amounts, request: award}
            assert not (keeps_policy(problem, raised) and is_payable(problem, raised)), (request, award)


@settings(max_examples=60)
@given(problems().map(lambda problem: bare(problem, reserve=True)))
def test_greedy_passes_over_only_what_does_not_fit_beside_those_above(problem: Problem) -> None:
    round_ = prepare(problem)
    awards, order = greedy(round_), ranked(round_)
    for place, r in enumerate(order):
        if r not in awards:
            above = {s: awards[s] for s in order[:place] if s in awards}
            tried = named(problem, {**above, r: round_.ranges[r].least})
            assert not (keeps_policy(problem, tried) and is_payable(problem, tried))


def any_amount(problem: Problem) -> Problem:
    """Return the round with requests that take any amount, without limits."""
    requests = tuple(dataclasses.replace(request, minimum=0) for request in problem.requests)
    return dataclasses.replace(bare(problem), requests=requests)


@settings(max_examples=150)
@given(problems(capped=False).map(any_amount))
def test_no_share_could_rise_unless_one_no_larger_fell(problem: Problem) -> None:
    round_ = prepare(problem)
    exact = exact_shares(round_, ranked(round_))
    shares = {r: amount / round_.ranges[r].ask for r, amount in exact.items()}
    scale = 1000 * math.lcm(*(amount.denominator for amount in exact.values()))
    wide = dataclasses.replace(
        problem,
        contributions=tuple(
            dataclasses.replace(
                c,
                available=c.available * scale,
                country_cap=None if c.country_cap is None else c.country_cap * scale,
                country_used=tuple((code, used * scale) for code, used in c.country_used),
            )
            for c in problem.contributions
        ),
    )
    for r, share in shares.items():
        if share < 1:
            others = {s: min(exact[s], share * round_.ranges[s].ask) for s in exact if s != r}
            tried = {s: int(amount * scale) for s, amount in others.items()} | {r: int(exact[r] * scale) + 1}
            assert not is_payable(wide, named(problem, tried))


@settings(max_examples=60)
@given(problems().map(bare))
def test_proportional_rounds_by_less_than_a_unit(problem: Problem) -> None:
    round_ = prepare(problem)
    exact, awards = exact_shares(round_, ranked(round_)), proportional(round_)
    for r, amount in exact.items():
        most_off = max(problem.policy.unit, round_.ranges[r].ask - round_.ranges[r].most)
        assert abs(awards.get(r, 0) - amount) < most_off + (round_.ranges[r].ask > round_.ranges[r].most)


@st.composite
def contested(draw: st.DrawFn) -> Problem:
    """Two countries, donors for either or both, and less money than is asked."""
    asks = tuple(
        Request(subject(n, country=draw(st.sampled_from(("KEN", "UGA")))), ask, ask, Fraction(draw(st.integers(1, 9))))
        for n, ask in enumerate(draw(st.lists(st.integers(1, 6), min_size=2, max_size=6)), 1)
    )
    money = tuple(
        Contribution(
            f"C-{n}", f"State {n}", available, terms(draw(st.sampled_from(("", "country=KEN", "country=UGA"))))
        )
        for n, available in enumerate(draw(st.lists(st.integers(1, 9), min_size=1, max_size=3)), 1)
    )
    return Problem("T", "USD", ON, PLACES, money, asks, Policy("USD"))


@settings(max_examples=300)
@given(contested())
def test_no_donors_money_is_outvoted(problem: Problem) -> None:
    """Extended justified representation up to one request, by trying every group of donors and set of requests."""
    round_ = prepare(problem)
    chosen = set(bought(round_, Given(round_, round_.rows)))
    money = problem.contributions
    may = {
        i: {
            r
            for r in round_.fundable
            if admits(c.earmark, problem.requests[r].subject, PLACES)
            and (c.use_by is None or (problem.requests[r].ends_on or ON) <= c.use_by)
        }
        for i, c in enumerate(money)
        if c.available
    }
    for group in _subsets(sorted(may)):
        common = set.intersection(*(may[i] for i in group))
        for wanted in map(set, _subsets(sorted(common))):
            if sum(round_.ranges[r].ask for r in wanted) > sum(money[i].available for i in group):
                continue
            worth = _worth(round_, wanted)
            assert any(
                wanted <= chosen
                or _worth(round_, chosen & may[i]) >= worth
                or any(_worth(round_, (chosen & may[i]) | {p}) > worth for p in wanted - chosen)
                for i in group
            )


def _subsets(whole: list[int]) -> list[tuple[int, ...]]:
    return [some for size in range(1, len(whole) + 1) for some in itertools.combinations(whole, size)]


def _worth(round_: Prepared, requests: set[int]) -> Fraction:
    return sum((worth_of(round_, r) for r in requests), start=Fraction(0))


@settings(max_examples=60)
@given(problems())
def test_a_price_pays_the_ask_exactly_and_only_rises(problem: Problem) -> None:
    round_ = prepare(problem)
    budgets, before = Budgets(round_), {}
    for r in ranked(round_):
        prices = {s: budgets.price(s) for s in round_.fundable}
        assert all(prices[s] is None or (before[s] is not None and prices[s] >= before[s]) for s in before)  # type: ignore[operator]
        before = prices
        price = prices[r]
        if price is not None:
            assert sum(budgets.buy(r, price).values()) == round_.ranges[r].ask
            assert min(budgets.left) >= 0


@settings(max_examples=60)
@given(problems(countries=COUNTRIES), st.integers(0, 30), st.integers(20, 100), st.integers(1, 500))
def test_envelopes_follow_the_scores_between_their_bounds(
    problem: Problem, floor: int, ceiling: int, total: int
) -> None:
    round_ = prepare(problem)
    stated = Formula((("requests", Decimal("0.5")),), Fraction(floor, 100), Fraction(ceiling, 100))
    found, scores = envelopes(round_, stated, total), country_scores(round_, stated)
    assert sum(found.values()) <= total
    asked = {c: Fraction(0) for c in found}
    for r in round_.fundable:
        for country, share in country_shares(problem.requests[r].subject.country) or (("", Fraction(1)),):
            asked[country] += share * round_.ranges[r].ask
    free = []
    for country in scores:
        high = min(asked[country], stated.ceiling * total)
        assert found[country] < high + 1
        if min(high, stated.floor * total) + 1 < found[country] < high - 1:
            free.append(country)
    for one, other in itertools.combinations(free, 2):
        assert abs(found[one] * scores[other] - found[other] * scores[one]) <= scores[one] + scores[other]


@settings(max_examples=60)
@given(problems(countries=COUNTRIES).map(bare))
def test_no_country_gets_more_than_its_envelope(problem: Problem) -> None:
    round_ = prepare(problem)
    found = envelopes(round_, Formula(), sum(c.available for c in problem.contributions))
    awards = formula(round_, Formula())
    spent: dict[str, Fraction] = {}
    for r, amount in awards.items():
        for country, share in country_shares(problem.requests[r].subject.country) or (("", Fraction(1)),):
            spent[country] = spent.get(country, Fraction(0)) + share * amount
    assert all(amount <= found[country] for country, amount in spent.items())


def test_a_formula_without_its_figures_names_them() -> None:
    asks = (Request(subject(1), 60, 0, Fraction(9)), Request(subject(2, country="UGA"), 60, 0, Fraction(1)))
    money = (Contribution("C-1", "State", 100, terms("")),)
    round_ = prepare(Problem("T", "USD", ON, PLACES, money, asks, Policy("USD")))
    with pytest.raises(FormulaInvalid, match="2 of the figures it needs: KEN has no x_need; UGA has no x_need"):
        formula(round_, Formula((("x_need", Decimal(1)),)))


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=25)
@given(problem=problems())
def test_what_a_rule_costs_lies_in_the_interval(rule: str, problem: Problem) -> None:
    best, decision = optimum(problem), solve(problem)
    shared = finished(prepare(problem), rule, "", RULES[rule](prepare(problem)), bound=decision.bound)
    if best is None or best.value == 0 or shared.broken:
        return
    cost = merit_cost(shared.decision, decision)
    assert 0 <= cost.least <= (best.value - shared.decision.objective) / best.value <= cost.most
