"""Claims about what a donor's terms cost: the checker holds true ones, names false ones, and is not the engine."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked import checked, written
from hypothesis import given, settings
from oracle import optimum
from strategies import COUNTRIES, ON, PLACES, problems, subject, terms

from allocation.decide import RoundUnsolved, solve
from allocation.decision import Decision
from allocation.explain.earmark_claims import earmark_claims
from allocation.explain.earmark_prices import donor_costs
from allocation.policy import Policy
from allocation.prepared import prepare
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import Terms

Claim = dict[str, Any]
PROBLEM = Problem(
    "T1",
    "USD",
    ON,
    PLACES,
    (
        Contribution("C-1", "One", 50_00, terms("country=KEN"), country_cap=80_00),
        Contribution("C-2", "One", 30_00, terms("window=diaspora")),
        Contribution("C-3", "Two", 20_00, terms("")),
    ),
    (
        Request(subject(1, country="UGA"), 100_00, 100_00, Fraction(9)),
        Request(subject(2), 60_00, 10_00, Fraction(5)),
    ),
    Policy("USD", digest="terms"),
)
"""With its terms Kenya gets 60.00 at 5 points; without them Uganda gets 100.00 at 9: C-1 may give it 80.00 at most."""


def _claims(problem: Problem, decision: Decision) -> list[Claim]:
    round_ = prepare(problem)
    return [
        dict(row)
        for cost in donor_costs(round_, decision)
        for row in earmark_claims(round_, decision, cost, seconds=10.0)
    ]


@pytest.fixture(scope="module")
def decision() -> Decision:
    return solve(PROBLEM)


@pytest.fixture(scope="module")
def claims(decision: Decision) -> dict[str, Claim]:
    return {claim["kind"]: claim for claim in _claims(PROBLEM, decision)}


def _said(folder: Path, decision: Decision, *claims: Claim) -> tuple[int, str]:
    written(folder, PROBLEM, decision)
    (folder / "claims.json").write_text(json.dumps(claims))
    return checked(folder)


def test_what_terms_cost_is_shown_from_both_sides(tmp_path: Path, decision: Decision, claims: dict[str, Claim]) -> None:
    """Uganda's 100.00 at 9 points, with all the money there is, in place of Kenya's 60.00 at 5."""
    assert {award.request_id: award.amount for award in decision.awards} == {"R-2": 60_00}
    assert {kind: Fraction(claim["cost"]) for kind, claim in claims.items()} == {
        "terms-cost-at-least": 9 * 100 - 5 * 60,
        "terms-cost-at-most": 9 * 100 - 5 * 60,
    }
    assert "at least 600 points" in claims["terms-cost-at-least"]["sentence"]
    code, said = _said(tmp_path, decision, *claims.values())
    assert code == 0, said
    assert said.count("holds   claim One/") == 2


FALSE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a cost that awards do not reach": ("terms-cost-at-least", {"cost": "600.01"}, "its awards reach 600 more"),
    "a cost that is not proven": ("terms-cost-at-most", {"cost": "599.99"}, "the prices prove 600 only"),
    "awards of another donor's lifted terms": (
        "terms-cost-at-least",
        {"about": "Two", "sentence": "Without the terms of Two it could."},
        "which its earmark does not admit",
    ),
    "prices for another donor": (
        "terms-cost-at-most",
        {"about": "Two", "cost": "0", "sentence": "Two."},
        "the prices prove",
    ),
    "a donor that is none": ("terms-cost-at-most", {"about": "Three"}, "about no donor of the round"),
    "a request for a donor": ("terms-cost-at-most", {"about": "R-1"}, "about no donor of the round"),
    "another figure in the sentence": (
        "terms-cost-at-least",
        {"sentence": "Without the terms of One the round could reach at least USD 700.00 more."},
        "700.00 is in the sentence",
    ),
    "a sentence about another": (
        "terms-cost-at-least",
        {"sentence": "Without the terms of Two the round could reach at least 600 points more."},
        "does not name One",
    ),
    "a figure that is told exactly, and another": (
        "terms-cost-at-least",
        {"cost": "999", "cost_exact": "0", "sentence": "Without the terms of One at least 999 more."},
        "cost is told twice",
    ),
    "a figure that no awards are about": (
        "terms-cost-at-least",
        {"loss": "999", "at_least": {"x": "999"}, "sentence": "Without the terms of One at least 999 more."},
        "999 is in the sentence",
    ),
    "a name that holds the donor's": (
        "terms-cost-at-least",
        {"sentence": "Without the terms of NoOnes at least 600 more."},
        "does not name One",
    ),
    "awards beyond the money": (
        "terms-cost-at-least",
        {"awards": [{"request": "R-1", "amount": "100.00", "payments": [{"contribution": "C-3", "amount": "100.00"}]}]},
        "C-3 pays",
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_cost_is_named(tmp_path: Path, decision: Decision, claims: dict[str, Claim], name: str) -> None:
    kind, change, told = FALSE[name]
    code, said = _said(tmp_path, decision, {**claims[kind], **change})
    assert code == 1, said
    assert "BREACH  claim One/" in said
    assert told in said


@settings(max_examples=40)
@given(problem=problems(requests_max=4, contributions_max=3, countries=COUNTRIES))
def test_the_two_costs_hold_what_trying_everything_finds_and_the_checker_agrees(problem: Problem) -> None:
    problem = dataclasses.replace(problem, policy=dataclasses.replace(problem.policy, later=()))
    with contextlib.suppress(RoundUnsolved), tempfile.TemporaryDirectory() as folder:
        decision = solve(problem)
        if decision.status == "infeasible":
            return
        made = _claims(problem, decision)
        for claim in made:
            lifted = tuple(
                dataclasses.replace(c, earmark=Terms(())) if c.donor == claim["about"] else c
                for c in problem.contributions
            )
            best = optimum(dataclasses.replace(problem, contributions=lifted))
            assert best is not None
            true = best.value - decision.objective
            cost = Fraction(claim["cost"])
            assert cost >= true if claim["kind"] == "terms-cost-at-most" else cost <= true
        written(Path(folder), problem, decision)
        (Path(folder) / "claims.json").write_text(json.dumps(made))
        code, said = checked(Path(folder))
        assert code == 0, said
        assert said.count("holds   claim") == len(made)
