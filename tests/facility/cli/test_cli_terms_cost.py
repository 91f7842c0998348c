"""What a donor's terms cost a round: in its report, and as claims that the stand-alone checker holds."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commands import contents, ran

pytestmark = pytest.mark.nightly  # every price solves a round once more

CONTRIBUTION = """contribution_id,agreement,donor,donor_kind,currency,amount,signed_on,earmark,use_by,country_share_max
C-4,AG-2026-04,Mole Foundation,foundation,USD,200000.00,2026-01-20,country=FJI,,
"""
DEPOSIT = """deposit_id,contribution_id,received_on,currency,amount
D-9,C-4,2026-01-25,USD,200000.00
"""


@pytest.fixture
def dear(desk: Path) -> Path:
    """Return the desk with a round R2 in which one more donor's terms let its money reach nobody."""
    Path("more.csv").write_text(CONTRIBUTION)
    Path("cash.csv").write_text(DEPOSIT)
    on = ("--on", "2026-02-10")
    for command in (
        ("round", "cancel", "R1", *on),
        ("import", "contributions", "more.csv", *on),
        ("import", "deposits", "cash.csv", *on),
        ("round", "open", "R2", "--policy", "policy.toml", *on),
        ("round", "solve", "R2"),
    ):
        done = ran(*command)
        assert done.code == 0, done.err
    return desk


def costs() -> dict[str, dict[str, Any]]:
    done = ran("round", "prices", "R2", "--donors", "--format", "json")
    assert done.code == 0, done.err
    return {row["donor"]: row for row in json.loads(done.out)}


def table(donor: str, name: str) -> list[dict[str, str]]:
    done = ran("report", "donor", donor, "--terms-cost", "R2", "--table", name, "--format", "csv")
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out), strict=True))


def test_a_donors_report_says_what_its_terms_cost_and_who_would_be_funded_without_them(dear: Path) -> None:
    before = contents(dear / "facility.duckdb")
    told = costs()
    assert {Decimal(row["at_least"]) > 0 for row in told.values()} == {True, False}
    for donor, row in told.items():
        (one,) = table(donor, "terms_cost")
        assert one["cost_at_least"] == row["at_least"]
        assert Decimal(one["cost_at_most"]) >= Decimal(one["cost_at_least"])
        changed = table(donor, "terms_awards")
        assert bool(changed) == (Decimal(row["at_least"]) > 0)
        for award in changed:
            change = Decimal(award["award_without"]) - Decimal(award["award"])
            assert change == Decimal(award["change"]) != 0
        said = ran("report", "donor", donor, "--terms-cost", "R2").out
        assert ("its terms cost at least" in said) == bool(changed)
        assert ("no better awards were found" in said) != bool(changed)
    assert contents(dear / "facility.duckdb") == before


def test_what_terms_cost_comes_as_claims_that_the_checker_holds(dear: Path) -> None:
    assert ran("round", "files", "R2", "--out", "r2").code == 0
    done = ran("round", "prices", "R2", "--donors", "--claims", "r2/claims.json")
    assert done.code == 0, done.err
    claims = json.loads(Path("r2/claims.json").read_text())
    assert f"wrote r2/claims.json: {len(claims)} claims" in done.err
    assert {claim["about"] for claim in claims} == set(costs())
    again = ran("round", "prices", "R2", "--donors", "--claims", "r2/claims.json")
    assert f"{len(claims)} claims" in again.err
    checked = subprocess.run([sys.executable, "r2/check_round.py", "r2"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("holds   claim ") == len(claims)


def test_a_donor_without_terms_and_another_report_are_refused(dear: Path) -> None:
    done = ran("report", "donor", "State of Norland", "--terms-cost", "R2")
    assert (done.code, done.out) == (1, "")
    assert "code: terms-missing" in done.err
    assert "ask about one of these: Harbour Foundation, Mole Foundation, Westbank" in done.err
    assert ran("report", "round", "R2", "--terms-cost", "R2").code == 2
    for when in (("--as-of", "2023-01-01"), ("--known-at", "2020-01-01T00:00:00")):
        done = ran("report", "donor", "Westbank", "--terms-cost", "R2", *when)
        assert (done.code, done.out) == (2, "")
        assert "leave --as-of and --known-at out" in done.err
    assert ran("round", "prices", "R2", "--claims", "claims.json").code == 2
    assert not Path("claims.json").exists()


def test_a_cancelled_round_is_said_to_be_so(dear: Path) -> None:
    asked = ("report", "donor", "Mole Foundation", "--terms-cost", "R2")
    assert "In round R2 its terms cost at least" in " ".join(ran(*asked).out.split())
    assert ran("round", "cancel", "R2", "--on", "2026-02-11").code == 0
    assert "In round R2, which was cancelled, its terms cost at least" in " ".join(ran(*asked).out.split())


def test_what_later_objectives_gave_up_is_no_cost_of_terms(dear: Path) -> None:
    """With more awards for up to 30 % of merit: both ends are against what merit reached first, as the note says."""
    policy = Path("policy.toml").read_text()
    later = policy.replace('["merit"]', '["merit", { is = "count", may_cost = "30%" }]')
    assert later != policy
    Path("later.toml").write_text(later)
    on = ("--on", "2026-02-11")
    for command in (
        ("round", "cancel", "R2", *on),
        ("round", "open", "R3", "--policy", "later.toml", *on),
        ("round", "solve", "R3"),
    ):
        done = ran(*command)
        assert done.code == 0, done.err
    said = json.loads(ran("round", "explain", "R3", "--format", "json").out)
    assert said
    asked = ("report", "donor", "Mole Foundation", "--terms-cost", "R3")
    (one,) = csv.DictReader(io.StringIO(ran(*asked, "--table", "terms_cost", "--format", "csv").out))
    priced = json.loads(ran("round", "prices", "R3", "--donors", "--format", "json").out)
    (whole,) = [row for row in priced if row["donor"] == "Mole Foundation"]
    assert one["cost_at_least"] == whole["at_least"]
    assert abs(Decimal(one["cost_at_most"]) - Decimal(whole["at_most"])) <= Decimal("0.01")
    assert "decided by merit alone: some awards differ for want of count" in " ".join(ran(*asked).out.split())
