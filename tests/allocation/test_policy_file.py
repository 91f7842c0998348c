"""A policy file means what INTERFACE says, exactly, or is refused with everything that is wrong with it."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.policy import Bound, Exclusive, Policy, Requires, Stage
from allocation.policy_file import PolicyInvalid, parse_policy, refuse_unknown_measures, refuse_unknown_requests
from allocation.problem import ProblemInvalid, Request
from ledgers.places import Places
from ledgers.terms import Subject, parse

PLACES = Places.on(date(2026, 6, 30))

FULL = """
currency = "USD"
resources = "cash"
unit = "0.05"
objectives = ["merit"]
reserve = "2%"
time_limit = 30
gap = 1e-5

[[limit]]
name = "Integration between 25 and 55 %"
select = "window=integration"
at_least = "25%"
at_most = "55%"

[[limit]]
name = "One country, 8 % of resources"
each = "country"
at_most = "8% of resources"

[[limit]]
name = "At most 40 awards"
count_at_most = 40

[[limit]]
select = "country=LDC"
at_least = 1000000

[[limit]]
name = "Staff"
weigh = "x_staff"
at_most = 12.5

[[exclusive]]
requests = ["R-031", "R-017"]

[[requires]]
request = "R-040"
needs = "R-012"

[scores.weights]
need = 50
feasibility = 30
innovation = 20.5

[approval]
signatures = 2
"""


def policy(text: str) -> Policy:
    return parse_policy(text, places=PLACES)


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyInvalid) as refused:
        policy(text)
    assert refused.value.code == "policy-invalid"
    assert all(problem in refused.value.message for problem in refused.value.problems)
    return refused.value.problems


def is_read_or_refused(text: str) -> bool:
    """Return whether a text is a policy, or refused with a fact and a remedy for each error; all else is raised."""
    try:
        return isinstance(policy(text), Policy)
    except PolicyInvalid as refused:
        return bool(refused.problems) and all(refused.problems) and bool(refused.remedy)


def only_problem(lines: str) -> str:
    (problem,) = problems_of('currency = "USD"\n' + lines)
    return problem


def test_every_element_of_a_policy_is_read_exactly() -> None:
    read = policy(FULL)
    assert (read.currency, read.unit, read.objective, read.time_limit, read.signatures) == ("USD", 5, "merit", 30, 2)
    assert read.reserve == Bound("share_of_resources", Fraction(2, 100), "2% of resources")
    assert read.gap == Fraction(1, 100_000)
    share, each, count, floor, staff = read.limits
    assert share.select == parse("window=integration", places=PLACES)
    assert share.at_least == Bound("share_of_awarded", Fraction(1, 4), "25%")
    assert share.at_most == Bound("share_of_awarded", Fraction(55, 100), "55%")
    assert (each.each, each.at_most) == ("country", Bound("share_of_resources", Fraction(8, 100), "8% of resources"))
    assert (count.count_at_least, count.count_at_most, count.at_most) == (None, 40, None)
    assert floor.at_least == Bound("amount", Fraction(100_000_000), "USD 1,000,000.00")
    assert floor.name == "country=LDC: at least USD 1,000,000.00"
    assert (staff.weigh, staff.at_most) == ("x_staff", Bound("amount", Fraction(25, 2), "12.5 of x_staff"))
    assert read.exclusives == (Exclusive("at most one of R-017, R-031", ("R-017", "R-031")),)
    assert read.requires == (Requires("R-040 needs R-012", "R-040", "R-012"),)
    weights = (("feasibility", Fraction(30)), ("innovation", Fraction(41, 2)), ("need", Fraction(50)))
    assert read.score_weights == weights


def test_the_shortest_policy_has_the_defaults() -> None:
    read = policy('currency = "JPY"')
    assert (read.unit, read.objective, read.reserve, read.time_limit, read.gap) == (
        1,
        "merit",
        None,
        60,
        Fraction(1, 100000),
    )
    assert (read.limits, read.exclusives, read.requires, read.signatures) == ((), (), (), 0)


def test_objectives_after_the_first_are_read_in_order_with_what_they_may_cost() -> None:
    read = policy(
        'currency = "USD"\nobjectives = ["score", "expiring", {is = "even:window", may_cost = "0.125 %"}, '
        '{is = "even:region"}, {is = "leverage", may_cost = "100%"}, "keep-unearmarked", '
        '{may_cost = "0%", is = "count"}]'
    )
    assert read.objective == "score"
    assert read.later == (
        Stage("expiring"),
        Stage("even:window", Fraction(1, 800)),
        Stage("even:region"),
        Stage("leverage", Fraction(1)),
        Stage("keep-unearmarked"),
        Stage("count"),
    )


def test_a_policy_of_one_objective_keeps_the_digest_that_rounds_were_opened_with() -> None:
    known = "sha256:218d506ca82583affba933a21f1b885c804be937e01dee6ff39e78aa35cc9fdc"
    assert policy(FULL).digest == known
    assert policy(FULL.replace('["merit"]', '[{is = "merit"}]')).digest == known
    stages = ['"merit", "count"', '"merit", {is = "count", may_cost = "1%"}', '"merit", "expiring", "count"']
    digests = {policy(FULL.replace('"merit"', stage)).digest for stage in stages}
    assert len(digests - {known}) == 3
    assert policy(FULL.replace('"merit"', '"merit", {is = "count", may_cost = "0%"}')).digest in digests


def test_resources_are_cash_or_agreements_too_and_the_digest_tells_them_apart() -> None:
    assert (policy(FULL).resources, policy('currency = "USD"').resources) == ("cash", "cash")
    agreements = policy(FULL.replace('"cash"', '"agreements"'))
    assert agreements.resources == "agreements"
    assert agreements.digest != policy(FULL).digest


def test_everything_wrong_with_the_objectives_comes_at_once() -> None:
    found = problems_of('currency = "USD"\nobjectives = [{is = "count", may_cost = "2"}, "scores", "merit", "count"]')
    assert [problem.removeprefix("objectives: ").split(";")[0] for problem in found] == [
        '"scores" is not an objective',
        'may_cost: "2" is not a share',
        "count cannot come first",
        "merit can only come first",
        "count stands 2 times",
        "the first objective has no earlier one to cost anything",
    ]


def test_the_digest_is_of_the_meaning_and_not_of_the_layout() -> None:
    again = FULL.replace('"2%"', '"2.0% of resources"').replace("gap = 1e-5", "gap = 0.00001 # one in a lakh")
    again = again.replace("1000000", '"1000000.00"').replace('["R-031", "R-017"]', '[ "R-017",\n"R-031" ]')
    assert policy(again).digest == policy(FULL).digest
    assert policy(again) == policy(FULL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"USD"', '"EUR"'), ('"0.05"', '"0.06"'), ('["merit"]', '["score"]'), ('"2%"', '"3%"'),
        ("= 30\ngap", "= 31\ngap"),
        ("1e-5", "1e-6"), ("55%", "56%"), ('"8% of resources"', '"8%"'), ("= 40", "= 41"), ("1000000", "1000000.01"),
        ("12.5", "12.6"), ('"R-031", ', '"R-032", '), ('"R-012"', '"R-013"'), ("need = 50", "need = 51"),
        ("signatures = 2", "signatures = 3"), ("window=integration", "window=diaspora"), ('"country"\n', '"region"\n'),
        ('"x_staff"', '"x_cars"'), ('"Staff"', '"People"'), ("count_at_most", "count_at_least"),
    ],
)  # fmt: skip
def test_the_digest_moves_with_every_element(old: str, new: str) -> None:
    assert FULL.count(old) == 1, old
    assert policy(FULL.replace(old, new)).digest != policy(FULL).digest


@given(st.integers(0, 10**15), st.sampled_from(["at_least", "at_most"]))
def test_amounts_are_exact_as_text_as_number_and_as_whole(minor: int, side: str) -> None:
    text = f"{minor // 100}.{minor % 100:02d}"
    read = policy(
        f'currency = "USD"\n[[limit]]\nname = "a"\n{side} = "{text}"\n[[limit]]\nname = "b"\n{side} = {text}\n'
    )
    for limit in read.limits:
        assert getattr(limit, side).value == minor


@given(st.decimals(0, 100, places=6))
def test_shares_are_exact(percent: object) -> None:
    read = policy(f'currency = "USD"\n[[limit]]\nat_most = "{percent:f}%"')
    assert read.limits[0].at_most is not None
    assert read.limits[0].at_most.value == Fraction(str(percent)) / 100


ERRORS = {
    'curency = "USD"': "curency: not a key of a policy here; did you mean currency?",
    'resources = "pledges"': 'resources: "pledges" is not known; use one of: cash, agreements',
    "unit = 0": 'unit: 0 is not above zero; write for example unit = "0.01"',
    'unit = "0.001"': (
        "unit: 0.001 has more decimal places than USD allows (2); "
        "round the amount to 2 places, as the agreement or the bank states it"
    ),
    'objectives = "merit"': (
        'objectives: "merit" is not a list of objectives; '
        'write objectives = ["merit"] or objectives = ["score"], and after it for example "expiring"'
    ),
    'objectives = ["expiring"]': 'objectives: expiring cannot come first; begin with "merit" or "score"',
    'objectives = ["merit", "score"]': (
        "objectives: score can only come first; leave score out, or begin with it alone"
    ),
    'objectives = ["merit", "count", "count", {is = "count"}]': "objectives: count stands 3 times; name count once",
    'objectives = ["merit", "merit"]': "objectives: merit stands 2 times; name merit once",
    'objectives = [{is = "merit", may_cost = "1%"}]': (
        "objectives: the first objective has no earlier one to cost anything; leave its may_cost out"
    ),
    'objectives = ["merit", {is = "count", may_cost = 1}]': (
        'objectives: may_cost: 1 is not a share; write for example may_cost = "1%"'
    ),
    'objectives = ["merit", {is = "count", may_cost = "-1%"}]': (
        'objectives: may_cost: "-1%" is not a share; write for example may_cost = "1%"'
    ),
    'objectives = ["merit", {is = "count", may_cost = "100.1%"}]': (
        'objectives: may_cost: "100.1%" is above 100%; write a share of the whole, at most 100%'
    ),
    'objectives = ["merit", {is = "count", may_cots = "1%"}]': (
        'objectives: "may_cots" is not a key of an objective; did you mean may_cost?'
    ),
    'objectives = ["merits"]': 'objectives: "merits" is not an objective; did you mean merit?',
    'reserve = "102%"': ('reserve: "102%" is not between 0% and 100%; write a share of the whole, at most 100%'),
    'reserve = "-1"': 'reserve: "-1" is below zero; write an amount of at least 0',
    'reserve = "2% of pledges"': (
        'reserve: "2% of pledges" is not a share that a policy knows; write a share of what is awarded such as "25%", '
        '"25% of resources", or an amount such as "1000000.00"'
    ),
    "time_limit = 0": "time_limit: 0 is not a whole number of at least 1; write for example time_limit = 1",
    "time_limit = true": "time_limit: true is not a whole number of at least 1; write for example time_limit = 1",
    "gap = -1e-5": "gap: -0.00001 is not at least 0 and below 1; write for example gap = 1e-5",
    "gap = inf": "gap: Infinity is not a number; write for example gap = 1e-5",
    "gap = 1e999999999999999999999": "gap: NaN is not a number; write for example gap = 1e-5",
    "[[limit]]": (
        "limit 1: the limit limits nothing; give it at least one of: at_least, at_most, count_at_least, count_at_most"
    ),
    '[[limit]]\nname = "Small"\nat_most = "1e6"': (
        'limit 1 "Small": at_most: "1e6" is neither an amount nor a share; write a share of what is awarded such as '
        '"25%", "25% of resources", or an amount such as "1000000.00"'
    ),
    '[[limit]]\nat_mots = "5%"\nat_most = "6%"': "limit 1: at_mots: not a key of a policy here; did you mean at_most?",
    '[[limit]]\nat_least = "60%"\nat_most = "55%"': (
        "limit 1: at_least 60% is above at_most 55%; exchange the two, or widen the limit"
    ),
    "[[limit]]\ncount_at_least = 3\ncount_at_most = 2": (
        "limit 1: count_at_least 3 is above count_at_most 2; exchange the two, or widen the limit"
    ),
    "[[limit]]\ncount_at_most = -1": (
        "limit 1: count_at_most: -1 is not a whole number of at least 0; write for example count_at_most = 0"
    ),
    '[[limit]]\neach = "contry"\nat_most = 5': 'limit 1: each: "contry" is not known; did you mean country?',
    '[[limit]]\nweigh = "staff"\nat_most = 5': (
        'limit 1: weigh: "staff" is not a measure; name a column of the requests that begins with x_'
    ),
    '[[limit]]\nweigh = "x_staff"\nat_most = "5%"': (
        'limit 1: at_most: "5%" is not a number; write a plain number of x_staff, such as at_most = 12; no share'
    ),
    '[[limit]]\nweigh = "x_staff"\ncount_at_most = 5': (
        "limit 1: weigh: no bound on x_staff; give at_least or at_most, or leave weigh out"
    ),
    '[[exclusive]]\nrequests = ["R-1", "R-1"]': (
        'exclusive 1: requests: "R-1, R-1" are not two or more different ids; name each request once'
    ),
    '[[exclusive]]\nrequests = "R-1"': (
        'exclusive 1: requests: not a list of request ids; write for example requests = ["R-017", "R-031"]'
    ),
    '[[requires]]\nrequest = "R-1"\nneeds = "R-1"': ("requires 1: needs: R-1 would need itself; name another request"),
    '[[requires]]\nrequest = "R-1"': 'requires 1: needs: missing; write for example needs = "R-040"',
    "[scores.weights]\nneed = 0": "scores.weights: need: 0 is not above zero; leave the criterion out",
    '[scores.weights]\nneed = "much"': (
        'scores.weights: need: "much" is not a number; write a number above zero, such as 50'
    ),
    "[approval]\nsignatures = -1": (
        "approval: signatures: -1 is not a whole number of at least 0; write for example signatures = 0"
    ),
    "approval = 2": "approval: 2 is not a table; head it with [approval]",
    "limit = 2": "limit: not a list of tables; head each with [[limit]]",
    '[[limit]]\nname = "a"\nat_most = 1\n[[limit]]\nname = "a"\nat_most = 2': (
        'two rules are called "a"; give each rule its own name: explanations speak of it'
    ),
    '[[limit]]\nname = "reserve"\nat_most = 1': (
        'a rule is called "reserve"; choose another name: the reserve itself is called so'
    ),
}


@pytest.mark.parametrize("lines", ERRORS)
def test_every_error_says_its_place_the_fact_and_the_remedy(lines: str) -> None:
    assert only_problem(lines) == ERRORS[lines]


def test_a_limit_may_leave_no_play() -> None:
    read = policy('currency = "USD"\n[[limit]]\nat_least = "5%"\nat_most = "5%"\ncount_at_least = 2\ncount_at_most = 2')
    assert read.limits[0].at_least == read.limits[0].at_most


def test_bounds_of_different_kinds_are_not_compared() -> None:
    assert policy('currency = "USD"\n[[limit]]\nat_least = "50%"\nat_most = "5% of resources"').limits


def test_a_bad_term_is_told_with_its_limit() -> None:
    problem = only_problem('[[limit]]\nname = "L"\nselect = "window=integratoin"\nat_most = 5')
    assert problem.startswith('limit 1 "L": select: ')
    assert "integration" in problem


def test_all_errors_come_at_once() -> None:
    found = problems_of('curency = "USD"\ngap = 2\n[[limit]]\nat_most = "101%"\n[[limit]]\ncount_at_most = 1.5')
    assert [problem.split(":")[0] for problem in found] == ["curency", "currency", "gap", "limit 1", "limit 2"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('currency = "USD"\nunit 0.01', "line 2, column 6: "),
        ('currency = "USD"\ncurrency = "EUR"', "line 2, "),
        ('currency = "USD', "line 1, "),
        ("[[limit]", "line 1, "),
        ("unit = " + "9" * 5000, "a number or a nesting beyond reason"),
        ("unit = " + "[" * 100_000, "a number or a nesting beyond reason"),
        ("unit = 0x" + "f" * 5000, "currency: missing"),
    ],
)
def test_text_that_is_not_toml_is_refused_with_line_and_column(text: str, start: str) -> None:
    assert problems_of(text)[0].startswith(start)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_ends_in_anything_but_a_policy_or_a_refusal(text: str) -> None:
    for tried in (text, f'currency = "USD"\n[[limit]]\nat_most = "{text}"', f"gap = {text}"):
        assert is_read_or_refused(tried)


VALUES = st.one_of(
    st.integers(-(10**40), 10**40).map(str),
    st.floats(allow_nan=False).map(lambda x: re.sub(r"^(-?\d+)(e.*)$", r"\1.0\2", repr(x))),
    st.sampled_from(["true", "[]", "{}", '""', '" "', "[1]", "2026-06-30", "inf", "nan", "[[]]", '"5%"', "[{is=1}]"]),
)
KEYS = st.sampled_from([
    "resources", "unit", "objectives", "reserve", "time_limit", "gap", "limit", "exclusive", "requires", "scores",
    "approval", "limit.name", "scores.weights", "scores.weights.need", "approval.signatures",
])  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_no_value_of_any_type_ends_in_a_traceback(cells: dict[str, str]) -> None:
    assert is_read_or_refused("\n".join(f"{key} = {value}" for key, value in cells.items()))


LIMIT_KEYS = st.sampled_from(
    ["name", "select", "each", "at_least", "at_most", "count_at_least", "count_at_most", "weigh", "requests", "needs"]
)


@given(st.sampled_from(["limit", "exclusive", "requires"]), st.dictionaries(LIMIT_KEYS, VALUES, max_size=4))
def test_no_value_in_a_rule_ends_in_a_traceback(header: str, cells: dict[str, str]) -> None:
    lines = "\n".join(f"{key} = {value}" for key, value in cells.items())
    assert is_read_or_refused(f'currency = "USD"\n[[{header}]]\n{lines}')


def test_a_named_request_that_nobody_made_is_refused_with_the_nearest() -> None:
    read = policy(FULL)
    refuse_unknown_requests(read, ["r-031", "R-017", "R-040", "R-012", "R-099"])
    with pytest.raises(ProblemInvalid) as refused:
        refuse_unknown_requests(read, ["R-031", "R-0171", "R-040", "X"])
    assert refused.value.message == (
        "the policy names 2 requests that the book does not know: R-017 (did you mean R-0171?), "
        "R-012 (did you mean R-031?)"
    )
    assert refused.value.remedy == "correct the id in the policy, or import the request"


def test_of_many_unknown_requests_three_are_named_and_the_rest_counted() -> None:
    ids = ", ".join(f'"wholly-{n}"' for n in range(400))
    read = policy(f'currency = "USD"\n[[exclusive]]\nname = "one"\nrequests = [{ids}]\n')
    with pytest.raises(ProblemInvalid) as refused:
        refuse_unknown_requests(read, ["R-1"])
    assert refused.value.message == (
        "the policy names 400 requests that the book does not know: wholly-0, wholly-1, wholly-10 and 397 more"
    )
    with pytest.raises(ProblemInvalid, match="names a request that the book does not know: wholly-7 "):
        refuse_unknown_requests(read, [f"WHOLLY-{n}" for n in range(400) if n != 7])


def test_an_id_in_two_cases_is_one_request() -> None:
    with pytest.raises(PolicyInvalid, match="are not two or more different ids"):
        policy('currency = "USD"\n[[exclusive]]\nrequests = ["R-1", "r-1"]\n')
    with pytest.raises(PolicyInvalid, match="R-1 would need itself"):
        policy('currency = "USD"\n[[requires]]\nrequest = "R-1"\nneeds = "r-1"\n')


def test_a_measure_that_no_request_has_is_refused() -> None:
    read = policy(FULL)
    about = Subject(request="R-1", window="integration", country="KEN")
    refuse_unknown_measures(read, [Request(about, 5, 5, Fraction(1), measures=(("x_staff", Fraction(2)),))])
    with pytest.raises(ProblemInvalid) as refused:
        refuse_unknown_measures(read, [Request(about, 5, 5, Fraction(1), measures=(("x_staf", Fraction(2)),))])
    assert refused.value.message == "limit Staff weighs by x_staff, which no request of the round has"
    assert refused.value.remedy == "did you mean x_staf?"
