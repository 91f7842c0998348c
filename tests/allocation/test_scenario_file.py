"""Scenario files: what each key changes, and that nothing else changes."""

from __future__ import annotations

import dataclasses
from datetime import date
from fractions import Fraction

import pytest
from strategies import ON, PLACES, subject, terms

from allocation.policy import Policy
from allocation.policy_file import parse_policy
from allocation.problem import Contribution, Override, Problem, Request
from allocation.scenario_file import Scenario, ScenarioInvalid, read_scenario, scenario_name
from ledgers.errors import FacilityError

POLICY = """
currency = "USD"
reserve = "2%"
objectives = ["merit"]

[[limit]]
name = "Two at most"
count_at_most = 2

[[limit]]
select = "country=KEN"
at_least = "10%"
at_most = "60%"

[[exclusive]]
requests = ["R-1", "R-2"]

[approval]
signatures = 2
"""


def frozen() -> Problem:
    given = (
        Contribution("C-1", "State of Norland", 50_000, terms("country=LDC"), date(2026, 12, 31)),
        Contribution("C-2", "State of Norland", 20_000, terms("")),
        Contribution("C-3", "Westbank", 30_000, terms("window=diaspora"), country_cap=9_000),
    )
    asked = (
        Request(subject(1, merit=Fraction(60)), ask=40_000, minimum=40_000, merit=Fraction(60)),
        Request(subject(2, country="UGA", merit=Fraction(99)), ask=30_000, minimum=10_000, merit=Fraction(99),
                years=((2026, 10_000), (2027, 20_000))),
        Request(subject(3, window="diaspora", merit=Fraction(1)), ask=20_000, minimum=0, merit=Fraction(1)),
    )  # fmt: skip
    overrides = (Override("R-3", 0, 5_000, "board", "audit"),)
    policy = parse_policy(POLICY, places=PLACES)
    return Problem("R1", "USD", ON, PLACES, given, asked, policy, overrides=overrides)


def read(text: str, other: str = POLICY, problem: Problem | None = None) -> Scenario:
    head = "" if "name =" in text.partition("[")[0] else 'name = "What if"\n'
    return read_scenario(
        head + text, problem or frozen(), policy_text=POLICY, other_policy=lambda _: other, file="what_if.toml"
    )


def problems_of(text: str, other: str = POLICY) -> list[str]:
    with pytest.raises(ScenarioInvalid) as refused:
        read(text, other)
    assert refused.value.message.splitlines()[0].startswith("what_if.toml: ")
    return list(refused.value.problems)


def test_a_scenario_is_never_the_round_itself() -> None:
    made = read('[[contribution]]\nid = "C-2"\nearmark = ""').problem
    assert made.round_id == "R1|What if"
    assert scenario_name(made.round_id) == "What if"
    assert scenario_name("R1") is None
    assert made.inputs_digest() != frozen().inputs_digest()
    assert dataclasses.replace(made, round_id="R1") == frozen()


def test_contributions_change_by_id_or_by_donor_and_nothing_else_does() -> None:
    made = read(
        '[[contribution]]\ndonor = "state of NORLAND"\nearmark = "country=Africa"\nuse_by = "none"\n'
        '[[contribution]]\nid = "c-3"\navailable = "10.50"\n'
    )
    first, second, third = made.problem.contributions
    assert (str(first.earmark), first.use_by, first.available) == ("country=002", None, 50_000)
    assert (str(second.earmark), second.available) == ("country=002", 20_000)
    assert third == dataclasses.replace(frozen().contributions[2], available=1_050)
    assert made.problem.requests == frozen().requests
    assert made.problem.policy == frozen().policy
    assert made.changes == (
        "the earmark of C-1 of State of Norland is country=Africa (was country=LDC)",
        "C-1 of State of Norland is to be used by no day (was 2026-12-31)",
        "the earmark of C-2 of State of Norland is country=Africa (was none)",
        "C-2 of State of Norland is to be used by no day (was no day)",
        "C-3 of Westbank has USD 10.50 available (was USD 300.00)",
    )


def test_money_arrives_and_leaves() -> None:
    made = read(
        '[[contribution]]\nid = "C-2"\nwithdrawn = true\n'
        '[[new_contribution]]\nid = "P-1"\ndonor = "Eastland"\namount = 75\nuse_by = 2027-01-31\n'
    )
    assert [c.contribution_id for c in made.problem.contributions] == ["C-1", "C-3", "P-1"]
    assert made.problem.contributions[2] == Contribution("P-1", "Eastland", 7_500, terms(""), date(2027, 1, 31))
    assert made.changes == (
        "C-2 of State of Norland is withdrawn",
        "USD 75.00 of Eastland arrive as P-1, unearmarked",
    )


def test_requests_change_and_leave_with_their_override() -> None:
    made = read(
        '[[request]]\nid = "R-1"\namount_requested = "350.00"\nmerit = 72.5\nends_on = 2027-06-30\n'
        '[[request]]\nid = "R-2"\namount_requested = "100.00"\namount_minimum = "all"\n'
        '[[request]]\nselect = "window=diaspora"\nwithdrawn = true\n'
    )
    first, second = made.problem.requests
    assert (first.ask, first.minimum, first.merit, first.subject.merit) == (
        35_000,
        35_000,
        Fraction(145, 2),
        first.merit,
    )
    assert first.ends_on == date(2027, 6, 30)
    assert (second.ask, second.minimum, second.years) == (10_000, 10_000, ((2026, 3_333), (2027, 6_667)))
    assert made.problem.overrides == ()


def test_scores_shift_within_0_and_100() -> None:
    made = read('[[scores]]\nselect = "window=integration"\nshift = +2.5\n[[scores]]\nshift = -2\n')
    assert [request.merit for request in made.problem.requests] == [Fraction(121, 2), Fraction(98), Fraction(0)]
    assert [request.subject.merit for request in made.problem.requests] == [r.merit for r in made.problem.requests]
    assert made.changes == (
        "merit +2.5 for window=integration: 2 requests, 1 of them stopped at 0 or 100",
        "merit -2 for all requests: 3 requests, 1 of them stopped at 0 or 100",
    )


def test_single_keys_and_rules_of_the_policy_change() -> None:
    made = read(
        '[policy]\nreserve = "0%"\n[policy.approval]\nsignatures = 1\n'
        '[[policy.limit]]\nname = "Two at most"\ndrop = true\n'
        '[[policy.limit]]\nname = "country=KEN: at least 10%, at most 60%"\nat_most = "70%"\nwithout = ["at_least"]\n'
        '[[policy.limit]]\nname = "Diaspora"\nnew = true\nselect = "window=diaspora"\nat_least = "5%"\n'
        '[[policy.exclusive]]\nname = "at most one of R-1, R-2"\ndrop = true\n'
    )
    policy = made.problem.policy
    assert [limit.name for limit in policy.limits] == ["Diaspora", "country=KEN: at least 10%, at most 60%"]
    assert policy.limits[1].at_least is None
    assert policy.limits[1].at_most is not None
    assert policy.limits[1].at_most.value == Fraction(7, 10)
    assert (policy.exclusives, policy.signatures, policy.objective) == ((), 1, "merit")
    assert policy.reserve is not None
    assert policy.reserve.value == 0
    assert policy.digest != frozen().policy.digest
    assert made.problem.requests == frozen().requests


def test_what_differs_is_told_whole_and_as_the_file_writes_it() -> None:
    stated = '["merit", { is = "even:region", may_cost = "1%" }, { is = "keep-unearmarked", may_cost = "2%" }]'
    assert read(f"[policy]\nobjectives = {stated}").changes == (f"policy objectives = {stated}",)


def test_another_policy_whole() -> None:
    made = read('policy = "other.toml"', 'currency = "USD"\nobjectives = ["score"]')
    assert (made.problem.policy.objective, made.problem.policy.limits) == ("score", ())
    assert made.changes == ("the policy is other.toml",)
    assert made.other_policy is not None


def test_what_was_funded_before_is_asked_for_another_policy() -> None:
    def before(policy: Policy) -> tuple[str, ...]:
        return tuple(sorted(request for _, request in policy.named_requests))

    text = 'name = "x"\n[[policy.exclusive]]\nname = "new"\nnew = true\nrequests = ["R-8", "R-9"]\n' \
        '[[policy.exclusive]]\nname = "at most one of R-1, R-2"\ndrop = true\n'  # fmt: skip
    made = read_scenario(text, frozen(), policy_text=POLICY, other_policy=str, funded_before=before)
    assert made.problem.funded_before == ("R-8", "R-9")

    def missing(_: Policy) -> tuple[str, ...]:
        raise FacilityError("the policy names a request that nobody made", remedy="correct it")

    with pytest.raises(ScenarioInvalid, match="policy: the policy names a request that nobody made; correct it"):
        read_scenario(text, frozen(), policy_text=POLICY, other_policy=str, funded_before=missing)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 3", ['name: 3 is not a text; write for example name = "Norland without its earmark"']),
        ('name = "a|b"\n[[scores]]\nshift = 1',
         ['name: "a|b" has a character that stands for something else; leave out ; | and =']),
        ("", ["the scenario changes nothing; give it at least one of: policy, contribution, new_contribution, request, "
              "scores"]),
        ("contribution = 3", ["contribution: 3 is not a list of tables; head each with [[contribution]]"]),
        ("[[contribution]]\nearmark = \"\"",
         ['contribution 1: names neither id nor donor, or both; name one: id = "C-2", or donor = "State of Norland"']),
        ('[[contribution]]\nid = "C-1"', ["contribution 1: nothing changes; give at least one of: earmark, available, "
                                          "use_by, withdrawn"]),
        ('[[contribution]]\ndonor = "Norlnd"\nearmark = ""',
         ["contribution 1: donor: the round has no donor with a contribution Norlnd; use one of: State of Norland, "
          "Westbank"]),
        ('[[contribution]]\ndonor = "State of Norland"\navailable = 5',
         ["contribution 1: available: State of Norland has 2 contributions (C-1, C-2); give each its own, by id"]),
        ('[[contribution]]\nid = "C-1"\nearmark = ""\n[[contribution]]\ndonor = "State of Norland"\nuse_by = "none"',
         ["contribution 2: C-1 is changed twice; put its changes into one table"]),
        ('[[contribution]]\nid = "C-1"\nwithdrawn = true\nearmark = ""',
         ["contribution 1: withdrawn: is withdrawn and changes its earmark; do one of the two"]),
        ('[[contribution]]\nid = "C-1"\nwithdrawn = "yes"',
         ['contribution 1: withdrawn: "yes" is not true or false; write withdrawn = true']),
        ('[[contribution]]\nid = "C-1"\nuse_by = "2026-02-30"',
         ['contribution 1: use_by: "2026-02-30" is not a date; write use_by = 2026-12-31, or "none"']),
        ('[[new_contribution]]\ndonor = "X"',
         ['new_contribution 1: id: missing; write for example id = "P-1"',
          'new_contribution 1: amount: missing; write for example amount = "1000000.00"']),
        ('[[request]]\nid = "R-1"\namount_requested = 0',
         ['request 1: amount_requested: 0 is not above zero; write for example amount_requested = "1000000.00"']),
        ('[[request]]\nid = "R-3"\namount_minimum = 900',
         ["request 1: amount_minimum: USD 900.00 is more than R-3 asks (USD 200.00); lower it; \"all\" means all or "
          "nothing"]),
        ('[[request]]\nselect = "country=FJI"\nmerit = 5',
         ["request 1: select: admits none of the 3 requests; loosen the terms"]),
        ('[[request]]\nid = "R-3"\namount_requested = "20.00"',
         ["override of R-3 by board wants between 0 and 5000 minor units, and the request asks 2000; give amounts "
          "between zero and the ask, the least first"]),
        ("[[scores]]\nselect = \"\"", ["scores 1: shift: missing; write for example shift = 2 or shift = -1.5"]),
        ("[[scores]]\nshift = 0", ["scores 1: shift: 0 shifts nothing; write points of merit: shift = 2"]),
        ('[[policy.limit]]\nname = "Two at least"\ndrop = true',
         ['policy.limit 1: name: "Two at least" is no limit of the policy; did you mean Two at most? (a new one says '
          "new = true)"]),
        ('[[policy.limit]]\nname = "Two at most"\nnew = true\ncount_at_most = 3',
         ['policy.limit 1: name: "Two at most" is a rule of the policy already; leave new out']),
        ('[[policy.limit]]\nname = "Two at most"',
         ['policy.limit 1: nothing of "Two at most" changes; give the keys that change, or drop = true']),
        ('[[policy.limit]]\nname = "Two at most"\ndrop = true\ncount_at_most = 3',
         ['policy.limit 1: drop: "Two at most" is dropped and changed; do one of the two']),
        ('[[policy.limit]]\nname = "Two at most"\nwithout = ["select"]',
         ['policy.limit 1: without: "select" is no key of "Two at most"; use one of: count_at_most']),
        ('[policy]\nreserve = "a lot"',
         ['policy: reserve: "a lot" is neither an amount nor a share; write a share of what is awarded such as "25%", '
          '"25% of resources", or an amount such as "1000000.00"']),
        ('[policy]\ncurrency = "EUR"', ["policy: counts in EUR, the round in USD; state it in the round's"]),
        ("[policy.scores.weights]\nneed = 1",
         ["policy: weighs the scores anew, and the round froze their merit; shift merit with [[scores]]"]),
        ("policy = 5", ['policy: 5 is neither a file nor a table; write policy = "other.toml"']),
        ('[[policy.limit]]\nname = "w"\nnew = true\nweigh = "x_staff"\nat_most = 3',
         ["limit w weighs by x_staff, which no request of the round has; import requests with a column x_staff"]),
        ("[policy]\nreserve = \n", ["line 3, column 11: Invalid value; write the line as TOML"]),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place_and_remedy(text: str, said: list[str]) -> None:
    assert problems_of(text) == said


def test_all_slips_are_told_at_once() -> None:
    found = problems_of(
        'nmae = "x"\n[[contribution]]\nid = "C-9"\nearmark = "country=Afrika"\n[[request]]\nid = "R-9"\nmerit = 101\n'
        "[[scores]]\nshift = 0\n[policy]\ngapp = 1\n"
    )
    assert len(found) == 7, found
    with pytest.raises(ScenarioInvalid) as refused:
        read("[[scores]]\nshift = 0\n[policy]\ngapp = 1\n")
    assert refused.value.message == (
        "what_if.toml: 2 errors\n  policy: gapp: not a key of a policy here; did you mean gap?\n"
        "  scores 1: shift: 0 shifts nothing; write points of merit: shift = 2"
    )
    assert refused.value.remedy == "correct what is listed; the guide's page on scenarios shows every key"


def test_an_unreadable_policy_is_told_with_the_rest() -> None:
    def unreadable(path: str) -> str:
        raise FacilityError(f"{path} cannot be read", remedy="name a policy file")

    with pytest.raises(ScenarioInvalid) as refused:
        read_scenario('name = "x"\npolicy = "o.toml"\n[[scores]]\nshift = 0', frozen(), policy_text=POLICY,
                      other_policy=unreadable)  # fmt: skip
    assert refused.value.problems[0] == "policy: o.toml cannot be read; name a policy file"
    assert len(refused.value.problems) == 2
