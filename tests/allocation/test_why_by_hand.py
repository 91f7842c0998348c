"""Reasons on rounds made by hand: every sentence as it is told, with its figures."""

from __future__ import annotations

import dataclasses
from datetime import date
from fractions import Fraction
from typing import Any

from decisions import Paid, decided
from strategies import ON, PLACES, subject, terms

from allocation.decide import solve
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.problem import Contribution, Override, Problem, Request
from allocation.why import explained
from allocation.why_money import Money


def hand_round(**policy: Any) -> Problem:
    return Problem(
        "T1",
        "USD",
        ON,
        PLACES,
        (
            Contribution("C-1", "State 1", 100_000, terms("window=integration")),
            Contribution("C-2", "State 2", 50_000, terms("window=integration|institutions")),
            Contribution("C-3", "State 3", 70_000, terms("country=LDC; objective=19"), use_by=date(2026, 12, 31)),
        ),
        (
            Request(subject(1), 90_000, 90_000, Fraction(70)),
            Request(subject(2, window="institutions", country="UGA"), 50_000, 50_000, Fraction(60)),
            Request(subject(3, country="UGA"), 40_000, 40_000, Fraction(80)),
            Request(subject(4, window="diaspora", objectives=(3, 19)), 20_000, 5_000, Fraction(50), date(2027, 6, 30)),
            Request(subject(5, window="institutions"), 60_000, 10_000, Fraction(55)),
            Request(subject(6, country=""), 8_000, 8_000, Fraction(0)),
            Request(subject(7, window="institutions"), 70_000, 60_000, Fraction(99)),
        ),
        Policy("USD", **policy),
    )


PAID: Paid = {"R-1": {"C-1": 90_000}, "R-2": {"C-2": 50_000}}


def told(request: str, problem: Problem | None = None, paid: Paid = PAID, **decision: Any) -> list[tuple[str, str]]:
    problem = problem or hand_round()
    found = explained(problem, decided(problem, paid, **decision))
    (because,) = [one.because for one in (*found.awards, *found.unfunded) if one.request_id == request]
    return [(reason.kind, reason.sentence) for reason in because]


def test_not_eligible_names_the_terms_that_refuse_and_what_the_request_has() -> None:
    assert told("R-4") == [
        (
            "not-eligible",
            "none of the round's 3 contributions may pay it: "
            "1 asks for country=LDC (it is in KEN) and must be spent by 2026-12-31 (it ends on 2027-06-30); "
            "1 asks for window=institutions|integration (its window is diaspora); "
            "1 asks for window=integration (its window is diaspora)",
        )
    ]


def test_out_ranked_names_the_awards_that_hold_the_money_and_their_merit() -> None:
    assert told("R-5") == [
        (
            "out-ranked",
            "it needs at least USD 100.00; of the USD 500.00 that could come to it (C-2) nothing is left: "
            "R-2 (merit 60, USD 500.00) holds it all and can be paid from nowhere else; its own merit is 55",
        )
    ]


OUT_RANKED = (
    "it needs at least USD 400.00; of the USD 1,500.00 that could come to it (C-1 and C-2) USD 100.00 is left: "
    "2 awards hold the rest and can be paid from nowhere else, R-2 (merit 60, USD 500.00) and "
    "R-1 (merit 70, USD 900.00); its own merit is 80; its merit is above that of 2 of them, "
)


def test_a_better_request_that_might_pay_is_told_what_is_known_and_no_more() -> None:
    figures = (
        "and giving up R-2 whole might pay as far as this money goes: the round would lose 30,000 points of "
        "merit × USD and gain 32,000 points of merit × USD at most; "
    )
    unknown = "whether a decision with that exchange keeps every rule was not worked out"
    assert told("R-3") == [("out-ranked", OUT_RANKED + figures + unknown)]
    floor = Limit("institutions first", terms("window=institutions"), at_least=Bound("amount", Fraction(50_000), ""))
    breaks = 'but with USD 400.00 for it instead of R-2 the limit "institutions first" would break'
    assert told("R-3", hand_round(limits=(floor,))) == [("out-ranked", OUT_RANKED + figures + breaks)]


def test_a_better_request_that_does_not_pay_is_told_so_with_the_amounts() -> None:
    problem = hand_round()
    requests = [
        dataclasses.replace(r, ask=30_000, minimum=30_000) if r.request_id == "R-3" else r for r in problem.requests
    ]
    (reason,) = told("R-3", dataclasses.replace(problem, requests=tuple(requests)))
    assert reason[1].endswith(
        "its merit is above that of 2 of them, but giving up one of these whole does not pay: with R-2, the best of "
        "them, the round would lose 30,000 points of merit × USD and gain 24,000 points of merit × USD at most"
    )


def test_a_better_request_that_does_not_fit_is_told_so_with_the_amounts() -> None:
    problem = hand_round()
    paid = {"R-1": {"C-1": 90_000}, "R-5": {"C-2": 20_000}, "R-3": {"C-2": 30_000, "C-1": 10_000}}
    assert told("R-2", problem, paid) == [
        (
            "out-ranked",
            "it needs at least USD 500.00; of the USD 1,500.00 that could come to it (C-1 and C-2) nothing is left: "
            "3 awards hold it all and can be paid from nowhere else, R-5 (merit 55, USD 200.00), "
            "R-1 (merit 70, USD 900.00) and R-3 (merit 80, USD 400.00); its own merit is 60; "
            "its merit is above that of 1 of them, but giving up any one of these would leave it USD 200.00 at most",
        )
    ]


def test_the_award_to_give_up_is_chosen_by_all_that_the_request_could_use() -> None:
    asked = ((55, 60_000, 10_000), (50, 10_000, 10_000), (53, 50_000, 50_000))
    requests = (Request(subject(n), ask, least, Fraction(merit)) for n, (merit, ask, least) in enumerate(asked, 1))
    problem = dataclasses.replace(
        hand_round(), contributions=(Contribution("C-1", "State 1", 60_000, terms("")),), requests=tuple(requests)
    )
    ((_, sentence),) = told("R-1", problem, {"R-2": {"C-1": 10_000}, "R-3": {"C-1": 50_000}})
    assert sentence.endswith(
        "its merit is above that of 2 of them, and giving up R-3 whole might pay as far as this money goes: the round "
        "would lose 26,500 points of merit × USD and gain 27,500 points of merit × USD at most; "
        "whether a decision with that exchange keeps every rule was not worked out"
    )


def test_room_under_a_country_cap_counts_what_earlier_rounds_and_this_one_used() -> None:
    capped = Contribution("C-1", "State 1", 100, terms(""), country_cap=60, country_used=(("KEN", 20),))
    other = Contribution("C-2", "State 2", 15, terms("window=diaspora"))
    requests = (Request(subject(1), 10, 10, Fraction(9)), Request(subject(2), 35, 35, Fraction(8)))
    spare = Request(subject(3, window="diaspora"), 15, 15, Fraction(5))
    problem = Problem("T1", "USD", ON, PLACES, (capped, other), (*requests, spare), Policy("USD"))
    alone = Money(problem, decided(problem, {"R-1": {"C-1": 10}})).left("R-2")
    assert (alone.amount, alone.competed, alone.contributions) == (30, 40, (("C-1", "KEN"),))
    exchanged = Money(problem, decided(problem, {"R-1": {"C-1": 10}, "R-3": {"C-1": 15}})).left("R-2")
    assert (exchanged.amount, exchanged.awards) == (30, {"R-1"})


def test_money_that_could_only_come_in_through_exchanges_is_counted_with_what_it_pays_itself() -> None:
    inside = Contribution("C-1", "State 1", 200, terms("window=integration"))
    beside = Contribution("C-2", "State 2", 50, terms("country=KEN"))
    requests = (
        Request(subject(1), 200, 200, Fraction(9)),
        Request(subject(2, window="diaspora"), 50, 50, Fraction(9)),
        Request(subject(3, country="UGA"), 10, 10, Fraction(5)),
    )
    problem = Problem("T1", "USD", ON, PLACES, (inside, beside), requests, Policy("USD"))
    left = Money(problem, decided(problem, {"R-1": {"C-1": 200}, "R-2": {"C-2": 50}})).left("R-3")
    assert (left.amount, left.competed, left.awards) == (0, 250, {"R-1", "R-2"})


def test_what_is_left_is_right_where_amounts_pass_64_bits() -> None:
    wide = 10**30 + 7
    contributions = (Contribution("C-1", "State 1", 3 * wide, terms("")), Contribution("C-2", "State 2", 5, terms("")))
    requests = tuple(Request(subject(number), 2 * wide, 2 * wide, Fraction(9)) for number in (1, 2))
    problem = Problem("T1", "USD", ON, PLACES, contributions, requests, Policy("USD"))
    left = Money(problem, decided(problem, {"R-1": {"C-1": 2 * wide}})).left("R-2")
    assert (left.amount, left.competed) == (wide + 5, 3 * wide + 5)


def test_money_may_be_spent_to_its_last_day() -> None:
    last = date(2026, 12, 31)
    requests = (Request(subject(1), 10, 10, Fraction(9), last), Request(subject(2), 10, 10, Fraction(9), ON))
    contributions = (
        Contribution("C-1", "State 1", 100, terms(""), last),
        Contribution("C-2", "State 2", 9, terms(""), ON),
    )
    money = Money(
        problem := Problem("T1", "USD", ON, PLACES, contributions, requests, Policy("USD")), decided(problem, {})
    )
    assert (money.payers("R-1"), money.payers("R-2")) == (("C-1",), ("C-1", "C-2"))


def test_more_for_a_funded_request_is_not_one_more_award() -> None:
    problem = hand_round(limits=(Limit("awards", terms(""), count_at_most=1),))
    assert [kind for kind, _ in told("R-5", problem, {"R-5": {"C-2": 20_000}}, bound=Fraction(10**6))] == ["within-gap"]


def test_an_award_in_part_is_told_what_stops_the_next_cent() -> None:
    paid = {"R-1": {"C-1": 90_000}, "R-5": {"C-2": 20_000}}
    assert told("R-5", paid=paid, bound=Fraction(200_000)) == [
        (
            "within-gap",
            "nothing found stops an award of USD 200.01, which would add 0.55 points of merit × USD; "
            "the solver's bound leaves room for 126,000 points of merit × USD more (feasible)",
        )
    ]
    ((kind, sentence),) = told("R-5", hand_round(objective="score"), paid)
    assert (kind, sentence) == (
        "no-merit",
        "nothing found stops an award of USD 200.01, but it would add nothing to the objective: "
        "the round counts funded requests, not amounts",
    )


def test_rules_of_the_policy_that_stop_a_request_are_named_with_their_figures() -> None:
    problem = hand_round(
        unit=500,
        reserve=Bound("amount", Fraction(75_000), "USD 750.00"),
        limits=(
            Limit("Kenya", terms("country=KEN"), at_most=Bound("amount", Fraction(99_000), "")),
            Limit("diaspora", terms("window=institutions"), at_least=Bound("share_of_awarded", Fraction(1, 3), "")),
            Limit("awards", terms(""), count_at_most=2),
        ),
        exclusives=(Exclusive("one office", ("R-1", "R-6")),),
        requires=(Requires("first the census", "R-6", "R-7"),),
    )
    kinds = dict(told("R-6", problem))
    assert kinds == {
        "exclusive": 'the rule "one office" funds at most one of R-1, R-6, and R-1 is',
        "requires": 'the rule "first the census" funds it only together with R-7, which is not funded',
        "limit": 'an award of USD 80.00 would break the limit "awards": it would stand at 3 awards against a ceiling '
        "of 2 awards, and stands at 2 awards now",
        "out-ranked": "it needs at least USD 80.00; of the USD 1,450.00 that may be awarded, with USD 750.00 kept as "
        "the reserve, USD 50.00 is left: 2 awards hold the rest, R-2 (merit 60, USD 500.00) and "
        "R-1 (merit 70, USD 900.00); its own merit is 0",
    }
    sentences = [sentence for kind, sentence in told("R-5", problem) if kind == "limit"]
    assert sentences == [
        'an award of USD 100.00 would break the limit "Kenya": it would stand at USD 1,000.00 against a ceiling of '
        "USD 990.00, and stands at USD 900.00 now",
        'an award of USD 100.00 would break the limit "awards": it would stand at 3 awards against a ceiling '
        "of 2 awards, and stands at 2 awards now",
    ]


def rich_round(*limits: Limit, reserve: int | None = None) -> Problem:
    problem = hand_round(
        limits=limits, reserve=None if reserve is None else Bound("amount", Fraction(reserve), f"{reserve}")
    )
    rich = dataclasses.replace(problem.contributions[0], available=1_000_000)
    return dataclasses.replace(problem, contributions=(rich, *problem.contributions[1:]))


SHARE = Bound("share_of_awarded", Fraction(1, 3), "")
FLOOR = Limit("institutions", terms("window=institutions"), at_least=SHARE)


def test_a_floor_that_breaks_only_because_the_round_grows_is_told_where_nothing_else_is() -> None:
    assert told("R-3", rich_round(FLOOR)) == [
        (
            "limit",
            "with an award of USD 400.00 added, what the limit "
            '"institutions" counts would fall to 27.77 % of what is awarded, below its floor of 33.34 % '
            "(USD 500.00 of USD 1,800.00); at least USD 150.00 more for requests that it counts would have to be added "
            "with it",
        )
    ]
    most = Limit("awards", terms(""), count_at_most=2)
    assert [sentence for _, sentence in told("R-3", rich_round(FLOOR, most))] == [
        'an award of USD 400.00 would break the limit "awards": it would stand at 3 awards against a ceiling of '
        "2 awards, and stands at 2 awards now"
    ]
    assert [kind for kind, _ in told("R-3", hand_round(limits=(FLOOR,)))] == ["out-ranked"]


def test_a_ceiling_that_is_a_share_says_how_much_others_would_need() -> None:
    ceiling = Limit("Uganda", terms("country=UGA"), at_most=Bound("share_of_awarded", Fraction(2, 5), ""))
    assert told("R-3", rich_round(ceiling)) == [
        (
            "limit",
            'with an award of USD 400.00 added, what the limit "Uganda" counts would rise to 50 % of what is awarded, '
            "above its ceiling of 40 % (USD 900.00 of USD 1,800.00); at least USD 450.00 more for requests that it "
            "does not count would have to be added with it",
        )
    ]


def test_a_ceiling_that_is_a_share_is_told_beside_other_reasons() -> None:
    ceiling = Limit("Uganda", terms("country=UGA"), at_most=Bound("share_of_awarded", Fraction(2, 5), ""))
    assert [kind for kind, _ in told("R-3", hand_round(limits=(ceiling,)))] == ["out-ranked", "limit"]


def test_a_region_is_called_by_its_name_and_kept_as_a_code_in_the_facts() -> None:
    problem = rich_round(Limit("One region", terms(""), each="region", at_most=Bound("amount", Fraction(150_000), "")))
    found = explained(problem, decided(problem, PAID))
    ((reason,),) = [one.because for one in found.unfunded if one.request_id == "R-3"]
    assert reason.sentence == (
        'an award of USD 400.00 would break the limit "One region: Sub-Saharan Africa": it would stand at USD 1,800.00 '
        "against a ceiling of USD 1,500.00, and stands at USD 1,400.00 now"
    )
    assert reason.facts["limit"] == "One region: 202"


def test_money_that_the_reserve_keeps_is_not_left() -> None:
    assert told("R-3", rich_round(reserve=980_000)) == [
        (
            "out-ranked",
            "it needs at least USD 400.00; of the USD 1,400.00 that may be awarded, with USD 9,800.00 kept as the "
            "reserve, nothing is left: 2 awards hold it all, R-2 (merit 60, USD 500.00) and R-1 (merit 70, "
            "USD 900.00); its own merit is 80; its merit is above that of 2 of them, and giving up R-2 whole "
            "might pay as far as "
            "this money goes: the round would lose 30,000 points of merit × USD and gain 32,000 points of merit × USD "
            "at most; whether a decision with that exchange keeps every rule was not worked out",
        )
    ]
    for slack in (100, 930_000, 940_000):
        found = told("R-3", rich_round(reserve=slack), bound=Fraction(10**9))
        assert [kind for kind, _ in found] == ["within-gap"]
    found = told("R-3", rich_round(reserve=940_001), bound=Fraction(10**9))
    assert [kind for kind, _ in found] == ["out-ranked"]


def test_a_reserve_that_leaves_too_little_for_the_award_alone_is_the_reason() -> None:
    assert told("R-3", rich_round(reserve=1_085_000), {}) == [
        (
            "reserve",
            "the reserve keeps USD 10,850.00 and leaves USD 350.00 for all awards together, "
            "and its smallest possible award is USD 400.00",
        )
    ]


def test_of_many_awards_and_contributions_the_first_few_are_named_and_merits_shown_to_two_places() -> None:
    contributions = tuple(Contribution(f"C-{n}", f"State {n}", 100, terms("")) for n in range(1, 6))
    merits = [Fraction(200, 3), *(Fraction(70 + n) + Fraction(1, 7) for n in range(5))]
    requests = tuple(Request(subject(n), 100, 100, merit) for n, merit in enumerate(merits, 1))
    problem = dataclasses.replace(hand_round(), contributions=contributions, requests=requests)
    ((_, sentence),) = told("R-1", problem, {f"R-{n}": {f"C-{n - 1}": 100} for n in range(2, 7)})
    assert sentence == (
        "it needs at least USD 1.00; of the USD 5.00 that could come to it (C-1, C-2, C-3 and 2 more) nothing is left: "
        "5 awards hold it all and can be paid from nowhere else, the lowest of them R-2 (merit 70.14, USD 1.00), "
        "R-3 (merit 71.14, USD 1.00) and R-4 (merit 72.14, USD 1.00); its own merit is 66.67"
    )


def test_a_request_beyond_the_money_that_may_pay_it_is_told_how_much_there_is() -> None:
    assert told("R-7") == [
        (
            "not-enough-money",
            "the one contribution that may pay it could give it USD 500.00 at most if nothing else were funded, "
            "and its smallest possible award is USD 600.00",
        )
    ]


def test_a_decision_by_hand_is_told_with_who_and_why() -> None:
    asked = tuple(Request(subject(n), 100_00, 100_00, Fraction(50 + n)) for n in (1, 2))
    money = (Contribution("C-1", "State", 300_00, terms("")),)
    refused = Override("R-1", 0, 0, "Director", "the ministry withdrew its letter")
    problem = Problem("T", "USD", ON, PLACES, money, asked, Policy("USD"), overrides=(refused,))
    (told,) = solve(problem).unfunded
    assert [reason.kind for reason in told.because] == ["override"]
    assert told.because[0].sentence == (
        "Director decided by hand that it gets nothing: the ministry withdrew its letter"
    )
