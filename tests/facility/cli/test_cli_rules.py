"""Other rules of sharing, whose weights, holding back, whose money: as the commands answer."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from commands import Ran, contents, ran

from facility.usecases.share_round import read_formula

SCORES = """request_id,reviewer,criterion,score
R-1,ann,need,90
R-1,ben,need,50
R-1,ann,feasibility,40
R-2,ann,need,60
R-2,ben,feasibility,80
R-3,ben,need,70
R-3,ann,feasibility,70
R-4,ann,need,20
R-4,ben,need,30
R-4,ben,feasibility,95
R-5,ann,need,80
R-5,ben,feasibility,30
"""
PLEDGES = """contribution_id,donor,amount,earmark,chance
P-1,Norland,200000.00,,50%
P-2,Southland,100000.00,country=LDC,25%
"""


def rows(done: Ran) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    return json.loads(done.out)  # type: ignore[no-any-return]


def test_each_rule_says_its_promise_and_its_cost_beside_the_optimum(desk: Path) -> None:
    before = contents(desk / "facility.duckdb")
    found = {row["rule"]: row for row in rows(ran("round", "rules", "R1", "--format", "json"))}
    assert list(found) == ["optimum", "greedy", "proportional", "equal-shares", "formula"]
    assert all(row["promise"] for row in found.values())
    for row in found.values():
        assert Decimal(row["cost_least_percent"]) <= Decimal(row["cost_most_percent"])
        assert row["limits_kept"] != "yes" or Decimal(row["merit"]) <= Decimal(found["optimum"]["merit"])
    assert contents(desk / "facility.duckdb") == before


def test_one_rule_can_be_asked_for_with_every_award(desk: Path) -> None:
    done = ran("round", "rules", "R1", "--rule", "greedy", "--awards", "--format", "csv")
    told = list(csv.DictReader(io.StringIO(done.out)))
    assert list(told[0]) == ["request", "merit", "asked", "optimum", "greedy"]
    assert "get nothing under any of them" in ran("round", "rules", "R1", "--rule", "greedy", "--awards").out


def test_everything_wrong_with_a_formula_is_said_at_once(desk: Path) -> None:
    Path("formula.toml").write_text('ceiling = "200%"\nflor = 1\n[factors]\nneed = 1\nmerit = "much"\n')
    done = ran("round", "rules", "R1", "--formula", "formula.toml")
    assert done.code == 1
    assert done.err == (
        "error: formula.toml says no formula:\n"
        "  flor: there is no such setting\n"
        "  factors.merit: much is no power from -10 to 10\n"
        "  factors.need: no such figure; there are merit, asked, requests and numeric x_ columns\n"
        '  ceiling: 200% is no share; write "10%"\n'
        "  remedy: see `facility guide sharing` for an example\n"
        "  code: formula-unreadable\n"
    )
    Path("formula.toml").write_text("[factors]\nx_need = 1\n")
    done = ran("round", "rules", "R1", "--formula", "formula.toml")
    assert (done.code, "code: formula-invalid" in done.err) == (1, True)
    assert "KEN has no x_need" in done.err


def test_a_round_that_cannot_be_decided_has_nothing_to_compare_with(desk: Path) -> None:
    assert ran("round", "cancel", "R1", "--on", "2026-02-01").code == 0
    policy = 'currency = "USD"\n[[limit]]\nname = "Islands"\nselect = "country=SIDS"\nat_least = "1.00"\n'
    Path("hard.toml").write_text(policy)
    assert ran("round", "open", "R2", "--policy", "hard.toml", "--on", "2026-02-01").code == 0
    done = ran("round", "rules", "R2")
    assert done.code == 1
    assert 'round R2 has no decision to compare with: "Islands" cannot be kept' in done.err
    assert "code: round-impossible" in done.err


def test_weights_need_scores_and_say_so(desk: Path) -> None:
    done = ran("round", "weights", "R1")
    assert (done.code, done.out) == (1, "")
    assert "remedy: import scores with `facility import scores`" in done.err
    assert "code: scores-absent" in done.err


def test_awards_under_each_reviewer_and_criterion(desk: Path) -> None:
    Path("scores.csv").write_text(SCORES)
    Path("scored.toml").write_text('currency = "USD"\n[scores.weights]\nneed = 60\nfeasibility = 40\n')
    for command in (
        ("round", "cancel", "R1", "--on", "2026-02-01"),
        ("import", "scores", "scores.csv", "--on", "2026-02-01"),
        ("round", "open", "R2", "--policy", "scored.toml", "--on", "2026-02-01"),
    ):
        done = ran(*command)
        assert done.code == 0, done.err
    found = {row["whose"]: row for row in rows(ran("round", "weights", "R2", "--format", "json"))}
    assert list(found) == [
        "official", "reviewer ann alone", "without reviewer ann", "reviewer ben alone", "without reviewer ben",
        "criterion feasibility alone", "without criterion feasibility", "criterion need alone",
        "without criterion need",
    ]  # fmt: skip
    assert found["reviewer ann alone"]["scored"] == 5
    assert found["official"]["cost_least_percent"] == "0.0000"
    for row in found.values():
        assert row["awards"] == row["common"] + len(row["gained"].split())
        assert Decimal(row["merit"]) <= Decimal(found["official"]["merit"])
    alone = ("criterion need alone", "without criterion feasibility")
    assert {k: v for k, v in found[alone[0]].items() if k != "whose"} == {
        k: v for k, v in found[alone[1]].items() if k != "whose"
    }


@pytest.mark.nightly
def test_holding_back_compares_three_courses_and_keeps_nothing(desk: Path) -> None:
    Path("pledges.csv").write_text(PLEDGES)
    before = contents(desk / "facility.duckdb")
    asked = ("round", "hold-back", "R1", "--pledges", "pledges.csv", "--waiting-costs", "1%")
    found = rows(ran(*asked, "--format", "json"))
    assert [row["course"] for row in found] == ["all now", "two steps", "wait"]
    assert Decimal(found[1]["expected"]) >= Decimal(found[0]["expected"])
    ways = rows(ran(*asked, "--show", "scenarios", "--format", "json"))
    assert sum(Decimal(row["chance"]) for row in ways) == 1
    expected = sum(Decimal(row["chance"]) * Decimal(row["two_steps"]) for row in ways)
    assert abs(expected - Decimal(found[1]["expected"])) < Decimal("0.0001")
    now = rows(ran(*asked, "--show", "awards", "--format", "json"))
    assert sum(Decimal(row["now"]) for row in now) == Decimal(found[1]["awarded_now"])
    assert "4 ways to arrive" in ran(*asked).out
    assert contents(desk / "facility.duckdb") == before


@pytest.mark.parametrize(
    ("row", "options", "code"),
    [
        ("C-1,Norland,10.00,,50%", (), "pledges-in-round"),
        ("P-1,Norland,10.00,,0.5", (), "input-refused"),
        ("P-1,Norland,10.00,,50%", ("--waiting-costs", "much"), "waiting-cost-invalid"),
        ("\n".join(f"P-{n},Norland,10.00,,50%" for n in range(7)), (), "pledges-too-many"),
    ],
)
def test_pledges_that_cannot_be_weighed_are_refused(desk: Path, row: str, options: tuple[str, ...], code: str) -> None:
    Path("pledges.csv").write_text(f"contribution_id,donor,amount,earmark,chance\n{row}\n")
    done = ran("round", "hold-back", "R1", "--pledges", "pledges.csv", *options)
    assert (done.code, done.out) == (1, "")
    assert f"code: {code}\n" in done.err


def test_attribution_keeps_each_donors_total_however_it_is_looked_at(desk: Path) -> None:
    totals = []
    for by in ("request", "window", "country"):
        told = rows(ran("round", "attribution", "R1", "--by", by, "--format", "json"))
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for row in told:
            exact, pro_rata = sums.get(row["donor"], (Decimal(0), Decimal(0)))
            sums[row["donor"]] = (exact + Decimal(row["exact"]), pro_rata + Decimal(row["pro_rata"]))
        assert all(exact == pro_rata for exact, pro_rata in sums.values())
        totals.append(sums)
    assert totals[0] == totals[1] == totals[2]


def test_nothing_awarded_is_nothing_to_attribute(desk: Path) -> None:
    assert ran("round", "cancel", "R1", "--on", "2026-02-01").code == 0
    Path("dear.toml").write_text('currency = "USD"\nreserve = "100%"\n')
    assert ran("round", "open", "R2", "--policy", "dear.toml", "--on", "2026-02-01").code == 0
    assert ran("round", "solve", "R2").code == 0
    done = ran("round", "attribution", "R2")
    assert (done.code, "code: nothing-awarded" in done.err) == (1, True)


def test_the_guides_example_of_a_formula_is_one(desk: Path) -> None:
    page = files("facility.help").joinpath("sharing.md").read_text(encoding="utf-8")
    Path("formula.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    found = read_formula(Path("formula.toml"))
    assert found.factors == (("asked", Decimal("0.8")), ("merit", Decimal(1)))
    assert (found.floor, found.ceiling, found.set_aside) == (Fraction(1, 200), Fraction(1, 10), Fraction(1, 20))
