"""Claims about single requests: the checker says that true ones hold and what is wrong with the others."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked import checked, written
from hypothesis import given, settings
from strategies import ON, PLACES, subject, terms
from test_checker_agrees import later_problems
from test_overrides import overridden

from allocation.certificate import certified
from allocation.decide import RoundUnsolved, solve
from allocation.decision import Decision
from allocation.explain.claims import claims as claims_of
from allocation.explain.every import explain_deep, short_of_ask
from allocation.policy import Bound, Limit, Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Override, Problem, Request

OVER = 1000
Claim = dict[str, Any]


def _problem(*more: Contribution, least_for_2: int = 0) -> Problem:
    requests = (
        Request(subject(1), 100_00, 100_00, Fraction(9)),
        Request(subject(2), 80_00, 80_00, Fraction(8)),
        Request(subject(3, window="diaspora"), 60_00, 20_00, Fraction(3)),
    )
    contributions = (Contribution("C-1", "One", 120_00, terms("")), *more)
    ceiling = Limit("Diaspora", terms("window=diaspora"), at_most=Bound("amount", Fraction(30_00), "USD 30.00"))
    forced = (Override("R-2", least_for_2, 80_00, "a test", "to see what it costs"),) if least_for_2 else ()
    policy = Policy("USD", limits=(ceiling,), digest="claims")
    return Problem("T1", "USD", ON, PLACES, contributions, requests, policy, overrides=forced)


def _new_money(amount: int) -> Contribution:
    return Contribution("new money for R-2", "New", amount, terms("request=R-2"))


def _prices(**things: tuple[list[str], int]) -> dict[str, Any]:
    listed = list(things.values())
    proof = [[position, price] for position, (_, price) in enumerate(listed)]
    return {"over": OVER, "things": [thing for thing, _ in listed], "proofs": [proof], "tree": {"proof": 0}}


@pytest.fixture(scope="module")
def decision() -> Decision:
    made = solve(_problem(), certify=10)
    assert [(award.request_id, award.amount) for award in made.awards] == [("R-1", 100_00), ("R-3", 20_00)]
    return made


@pytest.fixture(scope="module")
def claims(decision: Decision) -> dict[str, Claim]:
    problem = _problem()
    round_ = prepare(problem)
    forced = solve(_problem(least_for_2=1))
    loss = decision.objective - forced.objective
    proof = certified(round_, forced.objective, seconds=10, step=round_.objective_step, at_least={1: 80_00})
    assert proof is not None
    assert proof.bound == forced.objective
    helped = solve(dataclasses.replace(_problem(_new_money(80_00), least_for_2=1)))
    made: dict[str, Claim] = {
        "loses-at-least": {"loss": str(loss), "certificate": proof.body},
        "loses-at-most": {"loss": str(loss), "awards": forced.to_json()["awards"]},
        "funded-with": {"amount": "80.00", "awards": helped.to_json()["awards"]},
        "cannot-with-less-than": {
            "amount": "80.00",
            "certificate": _prices(a=(["money", "new money for R-2"], OVER), b=(["money", "C-1"], OVER)),
        },
        "no-amount": {
            "about": "R-3",
            "sentence": 'This is a no-amount. So says "Diaspora" of 40.00.',
            "at_least": {"R-3": "40.00"},
            "certificate": _prices(a=(["rule", "Diaspora", "at_most"], OVER)),
        },
    }
    return {
        kind: {"id": kind, "about": "R-2", "kind": kind, "sentence": f"This is a {kind}.", **more}
        for kind, more in made.items()
    }


def _said(folder: Path, decision: Decision, *claims: Claim, about: str | None = None) -> tuple[int, str]:
    written(folder, _problem(), decision)
    (folder / "claims.json").write_text(json.dumps(claims))
    return checked(folder, *(("--request", about) if about else ()))


def test_true_claims_hold(tmp_path: Path, decision: Decision, claims: dict[str, Claim]) -> None:
    code, said = _said(tmp_path, decision, *claims.values())
    assert code == 0, said
    for kind in claims:
        assert f"holds   claim {kind}: This is a {kind}." in said


def test_only_the_claims_about_one_request_are_checked_when_asked(
    tmp_path: Path, decision: Decision, claims: dict[str, Claim]
) -> None:
    wrong = {**claims["no-amount"], "kind": "invented"}
    code, said = _said(tmp_path, decision, claims["funded-with"], wrong, about="R-2")
    assert code == 0
    assert "funded-with" in said
    assert checked(tmp_path, "--request", "R-3")[0] == 1
    assert "no claim is about R-1" in checked(tmp_path, "--request", "R-1")[1]


FALSE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a loss that is not proven": ("loses-at-least", {"loss": "9999999"}, "prove a loss of"),
    "a loss that is more than said": ("loses-at-most", {"loss": "1"}, "its awards lose"),
    "awards without the request": (
        "loses-at-most",
        {"about": "R-3", "at_least": {"R-3": "60.00"}, "sentence": "With 60.00 for it."},
        "less than USD 60",
    ),
    "less new money than it takes": ("funded-with", {"amount": "79.99"}, "money: new money for R-2 pays"),
    "an award that falls": ("funded-with", {"awards": []}, "R-1 gets USD 0, less than USD 100"),
    "more than the prices need": ("cannot-with-less-than", {"amount": "80.01"}, "the prices prove that 80 is needed"),
    "new money that costs nothing": (
        "cannot-with-less-than",
        {"certificate": _prices(b=(["money", "C-1"], OVER))},
        "the prices prove that",
    ),
    "new money that costs half": (
        "cannot-with-less-than",
        {"certificate": _prices(a=(["money", "new money for R-2"], OVER // 2), b=(["money", "C-1"], OVER))},
        "the prices prove that",
    ),
    "an amount that would do": (
        "no-amount",
        {"certificate": _prices(a=(["money", "new money for R-3"], OVER), b=(["money", "C-1"], OVER))},
        "there may be an amount that is large enough",
    ),
    "a ceiling that allows it": (
        "no-amount",
        {"at_least": {"R-3": "30.00"}, "sentence": 'So says "Diaspora" of 30.00.'},
        "do not exclude such awards",
    ),
    "another figure that is told exactly": (
        "loses-at-most",
        {"loss": "3", "loss_exact": "999999999", "sentence": "At most 3 points."},
        "loss is told twice",
    ),
    "a figure that the kind is not about": (
        "loses-at-least",
        {"amount": "777", "cost": "777", "sentence": "It costs at least 777 points."},
        "777 is in the sentence",
    ),
    "an award beyond the ask": (
        "loses-at-least",
        {"at_least": {"R-2": "80.01"}, "loss": "999", "sentence": "At least 80.01 would cost 999 points."},
        "R-2 asked for less than USD 80.01",
    ),
    "an award that is not said": ("loses-at-least", {"at_least": {"R-2": "80.00"}}, "does not say 80"),
    "an award of another as the lever": (
        "loses-at-least",
        {"at_least": {"R-2": "0", "R-1": "100.00"}, "loss": "999", "sentence": "It costs 999 points."},
        "the awards of other requests",
    ),
    "a rule without a price": (
        "no-amount",
        {
            "certificate": _prices(a=(["rule", "Diaspora", "at_most"], OVER), b=(["rule", "The minister", "x"], 0)),
            "sentence": 'So say "Diaspora" of 40.00 and "The minister".',
        },
        "not in the round",
    ),
    "a rule in marks of another kind": (
        "no-amount",
        {"sentence": 'So says "Diaspora" of 40.00, and “the minister”.'},
        "in quotation marks",
    ),
    "a figure with an exponent": ("loses-at-most", {"loss": "1e99999999"}, "is no plain number"),
    "a figure that divides by nothing": ("loses-at-most", {"loss": "1/0"}, "is no plain number"),
    "a tree without an end": ("loses-at-least", {"certificate": {"tree": {}}}, "cannot be followed"),
    "a kind that is none": ("no-amount", {"kind": "surely"}, "'surely' is no kind of claim"),
    "a request that is none": ("no-amount", {"about": "R-9"}, "about no request of the round"),
    "no certificate": ("loses-at-least", {"certificate": {}}, "cannot be followed"),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_named(tmp_path: Path, decision: Decision, claims: dict[str, Claim], name: str) -> None:
    kind, change, told = FALSE[name]
    code, said = _said(tmp_path, decision, {**claims[kind], **change})
    assert code == 1, said
    assert f"BREACH  claim {kind}" in said
    assert told in said


def assert_claims_hold(problem: Problem, folder: Path) -> list[Claim]:
    """Return every claim about every request that is short of its ask; each must hold."""
    decision, round_ = solve(problem), prepare(problem)
    if decision.status == "infeasible":
        return []
    made = [
        dict(row)
        for request in short_of_ask(round_, decision)
        for row in claims_of(round_, decision, explain_deep(round_, decision, request, seconds=2.0)).rows
    ]
    written(folder, problem, decision)
    (folder / "claims.json").write_text(json.dumps(made))
    code, said = checked(folder)
    assert code == 0, said
    assert said.count("holds   claim") == len(made)
    return made


def test_rounds_by_years_have_least_losses_that_hold(tmp_path: Path) -> None:
    """The second request needs 40.00 in 2027, of which C-2 alone has 50.00; funding it drops the first."""
    asks = tuple(
        dataclasses.replace(request, years=((2026, half), (2027, half)), ends_on=date(2027, 12, 31))
        for request in _problem().requests[:2]
        for half in [request.ask // 2]
    )
    money = (
        Contribution("C-1", "One", 120_00, terms(""), spend_to=date(2026, 12, 31)),
        Contribution("C-2", "Two", 50_00, terms(""), spend_from=date(2027, 1, 1)),
    )
    problem = dataclasses.replace(_problem(), requests=asks, contributions=money, policy=Policy("USD", digest="years"))
    by_kind = {claim["kind"]: claim for claim in assert_claims_hold(problem, tmp_path)}
    assert Fraction(by_kind["loses-at-least"]["loss"]) == 9 * 100 - 8 * 80
    assert by_kind["loses-at-least"]["about"] == "R-2"


@settings(max_examples=60)
@given(problem=later_problems())
def test_every_claim_of_a_random_round_by_years_holds(problem: Problem) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(RoundUnsolved):
        assert_claims_hold(problem, Path(folder))


def test_a_least_loss_counts_what_was_decided_by_hand(tmp_path: Path) -> None:
    """The first request keeps 100.00 of 120.00 by hand, so the third costs what the second would get in its place.

    Were the override not counted, the first could pay for the third, and no loss could be proven.
    """
    requests = (
        Request(subject(1), 100_00, 1, Fraction(1)),
        Request(subject(2), 20_00, 20_00, Fraction(8)),
        Request(subject(3), 20_00, 20_00, Fraction(3)),
    )
    by_hand = Override("R-1", 100_00, 100_00, "a test", "agreed")
    policy = Policy("USD", digest="by hand")
    problem = dataclasses.replace(_problem(), requests=requests, policy=policy, overrides=(by_hand,))
    told = [claim for claim in assert_claims_hold(problem, tmp_path) if claim["kind"] == "loses-at-least"]
    assert [(claim["about"], Fraction(claim["loss"])) for claim in told] == [("R-3", (8 - 3) * 20)]


@pytest.mark.nightly
@settings(max_examples=60)
@given(problem=overridden())
def test_every_claim_of_a_random_round_with_an_override_holds(problem: Problem) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(RoundUnsolved):
        assert_claims_hold(problem, Path(folder))


@pytest.mark.parametrize(
    "claims",
    [[3], [{"id": "a", "about": "R-1"}], [{"id": "a\nholds", "about": "R-1", "kind": "figures", "sentence": "So."}]],
)
def test_what_is_no_claim_is_a_breach_and_the_others_are_still_checked(
    tmp_path: Path, decision: Decision, claims: dict[str, Claim] | list[Any]
) -> None:
    code, said = _said(tmp_path, decision, *claims)
    assert code == 1
    assert "BREACH  claim at position 1: it cannot be read" in said
    assert said.endswith("NOT SOUND: 1 breaches\n")


@pytest.mark.parametrize("text", ["{}", '"claims"', "3", "null"])
def test_claims_that_are_no_list_are_no_verdict(tmp_path: Path, decision: Decision, text: str) -> None:
    written(tmp_path, _problem(), decision)
    (tmp_path / "claims.json").write_text(text)
    code, said = checked(tmp_path)
    assert code == 2
    assert said.endswith("claims.json: the claims are no list\n")


def test_an_id_that_is_a_number_is_not_cut_out_of_a_figure(tmp_path: Path) -> None:
    """Of 7,304.00 neither 304 nor 7 is the request of that id; of request 7, which is named, it is."""
    requests = tuple(
        dataclasses.replace(request, subject=dataclasses.replace(request.subject, request=name), ask=ask, minimum=ask)
        for request, name, ask in zip(_problem().requests, ("7", "304", "00"), (730_400, 730_400, 100), strict=True)
    )
    problem = dataclasses.replace(_problem(), requests=requests, policy=Policy("USD", digest="ids"))
    told = assert_claims_hold(problem, tmp_path)
    assert any("7,304.00" in claim["sentence"] for claim in told)
