"""Reasons and figures as claims: the checker reckons every one from the files, and names whatever was altered."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked import checked, written
from hypothesis import given, settings
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms
from test_checker_agrees import later_problems

from allocation.decide import RoundUnsolved, solve
from allocation.decision import Decision
from allocation.explain.because import because_claims
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.prepared import prepare
from allocation.problem import Contribution, Override, Problem, Request
from facility.checker import check_round

Claim = dict[str, Any]


def reckoned(problem: Problem, decision: Decision) -> list[Claim]:
    """Return the claims about every request that is short of its ask."""
    short = [told.request_id for told in (*decision.awards, *decision.unfunded) if told.because]
    round_ = prepare(problem)
    return [
        {"id": f"{request}/{n}", "about": request, **row}
        for request in short
        for n, row in enumerate(because_claims(round_, decision, request), start=1)
    ]


def assert_claims_hold(problem: Problem) -> None:
    try:
        decision = solve(problem)
    except RoundUnsolved:
        return
    if decision.status == "infeasible":
        return
    made = reckoned(problem, decision)
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), problem, decision)
        (Path(folder) / "claims.json").write_text(json.dumps(made))
        code, said = checked(Path(folder))
    assert code == 0, said
    assert said.count("holds   claim") == len(made)


@settings(max_examples=60)
@given(problem=problems(countries=COUNTRIES, requests_max=5, contributions_max=4))
def test_every_reason_of_a_random_round_is_a_claim_that_holds(problem: Problem) -> None:
    assert_claims_hold(problem)


@settings(max_examples=60)
@given(problem=later_problems())
def test_so_it_is_with_years_days_and_overrides(problem: Problem) -> None:
    assert_claims_hold(problem)


ASK = Request(subject(1), 100_00, 100_00, Fraction(9))
OTHER = Request(subject(2), 80_00, 80_00, Fraction(8))
PART = Request(subject(3, window="diaspora"), 60_00, 20_00, Fraction(3))
MONEY = Contribution("C-1", "One", 150_00, terms(""))
BOUND = Bound("amount", Fraction(30_00), "USD 30.00")
SHARE = Bound("share_of_awarded", Fraction(1, 10), "10%")


def _round(
    *requests: Request, money: tuple[Contribution, ...] = (MONEY,), by_hand: tuple[Override, ...] = (), **policy: Any
) -> Problem:
    rules = Policy("USD", digest="reckoned", **policy)
    return Problem("T1", "USD", ON, PLACES, money, requests or (ASK, OTHER, PART), rules, overrides=by_hand)


def _money(available: int) -> Contribution:
    return dataclasses.replace(MONEY, available=available)


def _ceiling(bound: Bound) -> dict[str, Any]:
    return {"limits": (Limit("Diaspora", terms("window=diaspora"), at_most=bound),)}


ROUNDS: dict[str, Problem] = {
    "figures": _round(),
    "money-held": _round(),
    "money-held, too little freed": _round(
        ASK, OTHER, dataclasses.replace(PART, merit=Fraction(7), minimum=60_00), money=(_money(140_00),)
    ),
    "money-held, no good exchange": _round(ASK, dataclasses.replace(OTHER, ask=140_00, minimum=140_00)),
    "money-held, an exchange breaks a floor": _round(
        dataclasses.replace(ASK, subject=subject(1, window="diaspora")),
        dataclasses.replace(OTHER, ask=60_00, minimum=60_00, merit=Fraction(3)),
        limits=(Limit("Integration", terms("window=integration"), at_least=BOUND),),
    ),
    "money-held, in a year": _round(
        dataclasses.replace(ASK, years=((2026, 50_00), (2027, 50_00)), ends_on=date(2027, 12, 31)),
        dataclasses.replace(
            OTHER, merit=Fraction(20), years=((2026, 40_00), (2027, 40_00)), ends_on=date(2027, 12, 31)
        ),
        money=(
            dataclasses.replace(_money(100_00), spend_to=date(2026, 12, 31)),
            dataclasses.replace(_money(80_00), contribution_id="C-2", spend_from=date(2027, 1, 1)),
        ),
    ),
    "money-held, a country's room": _round(
        dataclasses.replace(PART, merit=Fraction(9)), OTHER, money=(dataclasses.replace(MONEY, country_cap=90_00),)
    ),
    "not-enough-money, a country's room": _round(ASK, money=(dataclasses.replace(MONEY, country_cap=90_00),)),
    "not-enough-money": _round(money=(_money(70_00),)),
    "not-eligible": _round(
        money=(
            MONEY,
            dataclasses.replace(MONEY, contribution_id="C-2", earmark=terms("window=diaspora")),
            dataclasses.replace(MONEY, contribution_id="C-3", use_by=date(2020, 1, 1)),
            dataclasses.replace(MONEY, contribution_id="C-4", earmark=terms("window=diaspora; country=UGA")),
        )[1:]
    ),
    "limit-breaks": _round(**_ceiling(BOUND)),
    "limit-breaks, a share": _round(money=(_money(900_00),), **_ceiling(SHARE)),
    "limit-breaks, a floor": _round(
        money=(_money(900_00),),
        limits=(
            Limit("Diaspora", terms("window=diaspora"), at_least=Bound("share_of_awarded", Fraction(2, 5), "40%")),
        ),
    ),
    "exclusive": _round(money=(_money(900_00),), exclusives=(Exclusive("Either", ("R-1", "R-2")),)),
    "requires": _round(money=(_money(900_00),), requires=(Requires("First", "R-1", "R-9"),)),
    "reserve": _round(reserve=Bound("amount", Fraction(140_00), "140.00")),
    "reserve-held": _round(reserve=Bound("amount", Fraction(40_00), "40.00")),
    "override": _round(by_hand=(Override("R-1", 0, 0, "a board", "it asked twice"),)),
    "no-rule-breaks": _round(dataclasses.replace(ASK, merit=Fraction(0)), OTHER, money=(_money(900_00),)),
}


@pytest.fixture(scope="module", params=ROUNDS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, list[Claim]]:
    """Return a round and a decision as the checker reads them, and the claims of one kind."""
    problem, kind = ROUNDS[request.param], request.param.partition(",")[0]
    decision = solve(problem)
    folder = written(tmp_path_factory.mktemp("round"), problem, decision)
    found = [claim for claim in reckoned(problem, decision) if claim["kind"] == kind]
    return check_round.read_round(folder), check_round.json_of(folder, "decision.json"), found


def _altered(value: Any) -> Iterator[Any]:
    """Yield a value with one part of it altered, for each part."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: other} for other in _altered(part))
    elif isinstance(value, list):
        if value:
            yield value[1:]
        for n, part in enumerate(value):
            yield from ([*value[:n], other, *value[n + 1 :]] for other in _altered(part))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield str(Fraction(value) + 1) if re.fullmatch(r"-?\d+(\.\d+)?", value) else f"{value}x"


def test_every_kind_holds_and_every_altered_part_of_it_is_a_breach(case: tuple[Any, Any, list[Claim]]) -> None:
    round_, decision, found = case
    assert found
    for claim in found:
        assert check_round.check_claim(round_, decision, claim) == ""
        parts = {key: part for key, part in claim.items() if key not in ("id", "about", "kind", "sentence")}
        for altered in _altered(parts):
            if altered in ({**parts, "does_not_pay": False}, {**parts, "lowest": []}):
                continue  # says less, and truly
            report = check_round.Report()
            check_round.check_claims(round_, decision, [{**copy.deepcopy(claim), **altered}], report, None)
            assert report.wrong == 1, altered


def test_a_number_that_the_sentence_alone_has_is_a_breach(case: tuple[Any, Any, list[Claim]]) -> None:
    round_, decision, found = case
    for claim in found:
        for number in re.finditer(r"(?<![\w-])\d[\d,]*(\.\d+)?(?![\w%-]| %)", claim["sentence"]):
            begin, end = number.span()
            sentence = f"{claim['sentence'][:begin]}7{claim['sentence'][begin:end]}{claim['sentence'][end:]}"
            told = check_round.check_claim(round_, decision, {**claim, "sentence": sentence})
            assert "in the sentence" in told, sentence


def test_a_rule_that_the_sentence_misnames_or_leaves_out_is_a_breach(case: tuple[Any, Any, list[Claim]]) -> None:
    round_, decision, found = case
    for claim in found:
        for said, told in (('"At most 7 awards"', "does not name"), ("a rule", "does not name")):
            sentence = re.sub(r'"[^"]*"', said, claim["sentence"])
            if sentence != claim["sentence"]:
                assert told in check_round.check_claim(round_, decision, {**claim, "sentence": sentence})
        quoted = f'{claim["sentence"]} So says "Diaspora at 5".'
        assert "in quotation marks" in check_round.check_claim(round_, decision, {**claim, "sentence": quoted})


def test_a_figure_that_the_sentence_leaves_out_is_a_breach(tmp_path: Path) -> None:
    problem = ROUNDS["not-eligible"]
    decision = solve(problem)
    folder = written(tmp_path, problem, decision)
    figures = [claim for claim in reckoned(problem, decision) if claim["kind"] == "figures"]
    body, round_ = check_round.json_of(folder, "decision.json"), check_round.read_round(folder)
    altered = {**figures[0], "sentence": re.sub(r"of \d+ requests", "of all requests", figures[0]["sentence"])}
    assert altered != figures[0]
    assert check_round.check_claim(round_, body, figures[0]) == ""
    assert check_round.check_claim(round_, body, altered) == "requests is not in the sentence"


def test_a_rule_may_be_named_with_figures_and_quotation_marks() -> None:
    """Its name is taken out of the sentence whole, whatever it is, before the figures are looked at."""
    ceiling = Limit(
        'No more than 40 % to "priority 1"',
        terms("window=integration"),
        at_most=Bound("amount", BOUND.value, "USD 30.00"),
    )
    assert_claims_hold(_round(money=(_money(900_00),), limits=(ceiling,)))


def test_a_group_of_a_limit_is_called_by_its_region(tmp_path: Path) -> None:
    """The rule is `Regions: 202`; the sentence says Sub-Saharan Africa, and no other region would do."""
    ceiling = Limit("Regions", terms(""), each="region", at_most=Bound("amount", BOUND.value, "USD 30.00"))
    problem = _round(money=(_money(900_00),), limits=(ceiling,))
    decision = solve(problem)
    folder = written(tmp_path, problem, decision)
    body, round_ = check_round.json_of(folder, "decision.json"), check_round.read_round(folder)
    named = [claim for claim in reckoned(problem, decision) if '"Regions: ' in claim["sentence"]]
    assert named
    for claim in named:
        assert '"Regions: Sub-Saharan Africa"' in claim["sentence"]
        assert check_round.check_claim(round_, body, claim) == ""
        other = claim["sentence"].replace("Sub-Saharan Africa", "Western Africa")
        assert "does not name" in check_round.check_claim(round_, body, {**claim, "sentence": other})


RICH = (_money(900_00),)
ALL = _round(money=RICH)
HELD = {"from": [["C-1", None]], "awards": ["R-1", "R-2", "R-3"], "available": "900.00", "left": "660.00", "needs": "0"}
LIMITED = {"limit": "Diaspora", "side": "at_most", "award": "100.00", "actual": "60.00", "actual_then": "60.00"}
TWO = (MONEY.__class__("C-1", "One", 70_00, terms("")), MONEY.__class__("C-2", "Two", 10_00, terms("")))
LONE = {"from": [["C-2", None]], "awards": [], "available": "10.00", "left": "10.00", "needs": "100.00"}
RIVALS = _round(
    ASK,
    dataclasses.replace(OTHER, ask=150_00, minimum=150_00),
    dataclasses.replace(PART, ask=140_00, minimum=140_00, merit=Fraction(7)),
    money=(_money(290_00),),
)
UNTRUE: dict[str, tuple[Problem, str, Claim, str]] = {
    "a payer": (ALL, "not-eligible", {"contributions": 1, "refusals": [{"contributions": 1, "terms": ""}]}, "may pay"),
    "enough": (ALL, "not-enough-money", {"contributions": 1, "most": "900", "award": "100"}, "it is enough"),
    "left": (ALL, "money-held", HELD, "enough is left"),
    "beside the reserve": (
        ALL,
        "reserve-held",
        {"reserve": "0", "available": "900", "left": "660", "needs": "0"},
        "enough is left",
    ),
    "not all payers": (
        _round(money=TWO, **_ceiling(Bound("amount", Fraction(0), "0"))),
        "money-held",
        LONE,
        "not counted",
    ),
    "room": (
        _round(money=RICH, **_ceiling(Bound("amount", Fraction(100_00), "100"))),
        "limit-breaks",
        LIMITED,
        "holds then",
    ),
    "an alternative": (
        _round(money=RICH, exclusives=(Exclusive("Either", ("R-1", "R-2")),)),
        "exclusive",
        {"rule": "Either", "funded": "R-2"},
        "R-2 is not funded so",
    ),
    "what it needs": (
        _round(money=RICH, requires=(Requires("First", "R-1", "R-2"),)),
        "requires",
        {"rule": "First", "needs": "R-2"},
        "R-2 is funded",
    ),
    "spendable": (ALL, "reserve", {"reserve": "0", "spendable": "900", "award": "100"}, "leaves enough"),
    "allowed": (
        _round(money=RICH, by_hand=(Override("R-1", 0, 100_00, "a board", "why"),)),
        "override",
        {"most": "100", "by": "a board", "reason": "why"},
        "would be allowed",
    ),
    "enough freed": (
        ROUNDS["money-held, no good exchange"],
        "money-held",
        {"best": None, "frees_at_most": "150"},
        "giving up one of these is enough",
    ),
    "a better one": (RIVALS, "money-held", {"best": "R-2", "loses": "1200", "earns_at_most": "900"}, "not the best"),
    "the lowest": (
        ROUNDS["money-held, too little freed"],
        "money-held",
        {"lowest": [{"request": "R-2", "merit": "8", "amount": "80"}]},
        "others of the awards have the lowest merit",
    ),
    "worth it": (
        ROUNDS["money-held, an exchange breaks a floor"],
        "money-held",
        {"breaks": None, "does_not_pay": True},
        "it pays",
    ),
    "a gap": (ROUNDS["no-rule-breaks"], "no-rule-breaks", {"award": "100", "adds": "0", "gap": "7"}, "gap is 0, not 7"),
}


@pytest.mark.parametrize("name", UNTRUE)
def test_right_figures_with_a_wrong_conclusion_are_a_breach(name: str, tmp_path: Path) -> None:
    problem, kind, figures, told = UNTRUE[name]
    decision = solve(problem)
    folder = written(tmp_path, problem, decision)
    made = [claim for claim in reckoned(problem, decision) if (claim["kind"], claim["about"]) == (kind, "R-1")]
    claim = {"id": "1", "about": "R-1", "kind": kind, "sentence": "", **(made[0] if made else {}), **figures}
    if kind == "limit-breaks":
        claim |= {"bound": "100", "bound_then": "100"}
    named = [claim[key] for key in ("rule", "limit", "breaks") if claim.get(key)]
    sentence = " ".join(["So it is", *(f'by "{rule}"' for rule in named)])
    claim = {key: part for key, part in claim.items() if part is not None} | {"sentence": f"{sentence}."}
    body = check_round.json_of(folder, "decision.json")
    said = check_round.check_claim(check_round.read_round(folder), body, claim)
    assert told in said
    assert ";" not in said
