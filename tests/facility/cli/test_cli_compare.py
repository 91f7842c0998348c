"""What if at the command line: solved and shown, never kept; a decision from a file is believed only if it holds."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from commands import contents, ran

ROOT = Path(__file__).resolve().parents[3]
LIFTED = 'name = "No earmark"\n[[contribution]]\nid = "C-3"\nearmark = ""\n'
IMPOSSIBLE = 'name = "Too much"\n[[policy.limit]]\nname = "All"\nnew = true\nat_least = "9000000"\n'


@pytest.fixture
def lifted(desk: Path) -> Path:
    (desk / "lifted.toml").write_text(LIFTED)
    return desk / "lifted.toml"


def test_a_scenario_is_solved_and_nothing_of_it_is_kept(desk: Path, lifted: Path) -> None:
    before = contents(desk / "facility.duckdb")
    done = ran("round", "solve", "R1", "--scenario", "lifted.toml", "--format", "json", "--out", "made.json")
    assert done.code == 0, done.err
    body = json.loads(done.out)
    assert body == json.loads((desk / "made.json").read_text())
    assert body["round"] == "R1|No earmark"
    assert body["what_if"] == {"scenario": "No earmark", "text": LIFTED, "policy": None}
    assert "scenario No earmark: not stored; it cannot be approved or posted" in done.err
    assert ran("round", "compare", "R1", "lifted.toml").code == 0
    assert contents(desk / "facility.duckdb") == before
    refused = ran("round", "approve", "R1", "--by", "treasurer", "--decision", body["decision"])
    assert (refused.code, "code: decision-unknown" in refused.err) == (1, True)


def test_a_scenario_names_another_policy_beside_itself(desk: Path) -> None:
    (desk / "what").mkdir()
    (desk / "what" / "if.toml").write_text('name = "Open"\npolicy = "open.toml"\n')
    (desk / "what" / "open.toml").write_text('currency = "USD"\nunit = "1.00"\n')
    done = ran("round", "solve", "R1", "--scenario", "what/if.toml", "--format", "json", "--out", "made.json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["limits"] == []
    again = ran("round", "compare", "R1", "made.json", "--format", "csv", "--table", "scenarios")
    assert again.out == "side,change\nOpen,the policy is open.toml\n"


def test_the_rounds_own_decision_comes_first_unless_one_is_named(desk: Path, lifted: Path) -> None:
    sides = ("--format", "csv", "--table", "sides")
    own = json.loads(ran("round", "solve", "R1", "--format", "json").out)["decision"].removeprefix("sha256:")[:8]
    assert [row.split(",")[1] for row in ran("round", "compare", "R1", "lifted.toml", *sides).out.splitlines()] == [
        "name", "the decision", "No earmark",
    ]  # fmt: skip
    named = ran("round", "compare", "R1", "lifted.toml", own, *sides).out.splitlines()
    assert [row.split(",")[1] for row in named] == ["name", "No earmark", f"decision {own[:6]}"]
    one = ran("round", "compare", "R1", own)
    assert (one.code, "code: comparison-invalid" in one.err) == (1, True)


def test_json_and_csv_carry_the_same_sums(desk: Path, lifted: Path) -> None:
    told = json.loads(ran("round", "compare", "R1", "lifted.toml", "--format", "json").out)
    sides = told["tables"]["sides"]
    for name in ("windows", "regions", "donors", "awards"):
        for number in (1, 2):
            total = sum(Decimal(row[f"awarded_{number}"]) for row in told["tables"][name])
            assert total == Decimal(sides[number - 1]["awarded"])
    rows = ran("round", "compare", "R1", "lifted.toml", "--format", "csv").out.splitlines()
    assert rows[0] == "request_id,title,country,window,merit,asked,awarded_1,awarded_2,change_2"
    assert len(rows) - 1 == len(told["tables"]["changes"])


def test_a_comparison_is_written_as_a_page_that_loads_nothing(desk: Path, lifted: Path) -> None:
    done = ran("round", "compare", "R1", "lifted.toml", "--out", "page.html")
    assert (done.code, done.out) == (0, "")
    page = (desk / "page.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 4
    assert "Round of" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_posted_round_can_still_be_asked_what_if(desk: Path, lifted: Path) -> None:
    for who in ("treasurer", "auditor"):
        assert ran("round", "approve", "R1", "--by", who).code == 0
    before = ran("round", "compare", "R1", "lifted.toml", "--format", "json").out
    assert ran("round", "post", "R1", "--on", "2026-02-10").code == 0
    assert ran("round", "compare", "R1", "lifted.toml", "--format", "json").out == before


def test_an_impossible_scenario_is_said_to_be_so(desk: Path) -> None:
    (desk / "hard.toml").write_text(IMPOSSIBLE)
    done = ran("round", "solve", "R1", "--scenario", "hard.toml")
    assert done.code == 1
    assert "is infeasible: this rule cannot hold" in done.out
    shown = ran("round", "compare", "R1", "hard.toml")
    assert shown.code == 0
    assert '"Too much" has no decision: "All" cannot be kept.' in shown.out


@pytest.mark.parametrize(
    ("content", "message", "code"),
    [
        (None, "made.json cannot be read: No such file or directory", "scenario-unreadable"),
        (b"\xff", "made.json is not UTF-8 text (byte 0)", "scenario-unreadable"),
        (b"{", "made.json is not JSON", "decision-file-invalid"),
        (b"[]", "made.json: this is not a decision: the field currency is missing", "decision-file-invalid"),
        (b'{"currency": "USD", "round": 3}', "made.json: this is not a decision: the field", "decision-file-invalid"),
    ],
)
def test_a_file_that_is_no_decision_is_refused(desk: Path, content: bytes | None, message: str, code: str) -> None:
    if content is not None:
        (desk / "made.json").write_bytes(content)
    done = ran("round", "compare", "R1", "made.json")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: {message}")
    assert f"code: {code}" in done.err


def test_a_decision_that_was_changed_or_is_of_other_inputs_is_refused(desk: Path, lifted: Path) -> None:
    ran("round", "solve", "R1", "--scenario", "lifted.toml", "--out", "made.json")
    body = json.loads((desk / "made.json").read_text())
    for change, said in (
        ({"awarded": "1.00"}, "made.json: the decision is not what its digest says"),
        ({"what_if": None}, "made.json decides other inputs than round R1 froze"),
        ({"what_if": {**body["what_if"], "text": LIFTED.replace("C-3", "C-2")}}, "made.json decides other inputs"),
        ({"what_if": {}}, "made.json: what it says of its scenario cannot be read: KeyError 'text'"),
    ):
        (desk / "made.json").write_text(json.dumps({**body, **change}))
        done = ran("round", "compare", "R1", "made.json")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"error: {said}"), done.err


def test_out_without_a_scenario_is_a_usage_error(desk: Path) -> None:
    done = ran("round", "solve", "R1", "--out", "x.json")
    assert (done.code, done.out) == (2, "")
    assert "it writes what --scenario gives" in done.err


def test_the_scenario_that_the_guide_shows_is_read_whole(desk: Path) -> None:
    page = (ROOT / "facility" / "help" / "scenarios.md").read_text(encoding="utf-8")
    shown = [block.partition("```")[0] for block in page.split("```toml\n")[1:]]
    assert len(shown) == 1
    (desk / "shown.toml").write_text(shown[0])
    done = ran("round", "solve", "R1", "--scenario", "shown.toml")
    assert done.code == 0, done.err
    assert done.err.count("what if: ") == 15


@pytest.mark.parametrize("file", sorted((ROOT / "facility" / "example").glob("scenario_*.toml")), ids=lambda p: p.stem)
def test_an_example_is_a_scenario_with_a_name(file: Path) -> None:
    assert file.read_text(encoding="utf-8").splitlines()[0].startswith("# What if")


def test_later_objectives_stand_side_by_side(desk: Path) -> None:
    (desk / "even.toml").write_text(
        'name = "Evenly"\n[policy]\nobjectives = ["merit", {is = "even:window", may_cost = "10%"}]\n'
    )
    done = ran("round", "compare", "R1", "even.toml", "--format", "json")
    assert done.code == 0, done.err
    stages = json.loads(done.out)["tables"]["stages"]
    assert "even:window" in {row["objective"] for row in stages}
    assert {row["value_1"] for row in stages} == {None}
    assert None not in {row["value_2"] for row in stages}
