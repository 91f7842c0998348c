"""Later objectives, recusals and overrides, seen from the commands: what each costs is said where it is asked.

The round is small enough for a pencil. Without its second objective C-1 pays R-1 (merit 70) and R-2 (merit 50) whole:
100 x 70 + 100 x 50 = 12,000, and C-2 pays R-3, 50 x 20 = 1,000. Keeping unearmarked money may cost a tenth of these
13,000: 26.00 of R-2.
"""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from commands import Ran, ran

FILES = {
    "contributions": """contribution_id,donor,donor_kind,currency,amount,signed_on,earmark
C-1,Norland,state,USD,200.00,2026-01-01,
C-2,Harbour,foundation,USD,50.00,2026-01-01,request=R-3
""",
    "deposits": """deposit_id,contribution_id,received_on,currency,amount,applied_amount
D-1,C-1,2026-01-02,USD,200.00,200.00
D-2,C-2,2026-01-02,USD,50.00,50.00
""",
    "requests": """request_id,title,applicant,applicant_kind,country,window,objectives,currency,"""
    """amount_requested,amount_minimum
R-1,One,A,ngo,KEN,integration,7,USD,100.00,
R-2,Two,B,ngo,UGA,diaspora,7,USD,100.00,0
R-3,Three,C,ngo,ETH,diaspora,7,USD,50.00,
""",
    "scores": """request_id,reviewer,criterion,score
R-1,ann,need,70
R-2,ann,need,50
R-2,ben,need,90
R-3,ann,need,20
R-3,ben,need,20
""",
    "recusals": """request_id,reviewer,reason
R-2,Ben,a cousin
""",
}
POLICY = """currency = "USD"
objectives = ["merit"{later}]
[scores.weights]
need = 1
"""
LATER = ', {is = "keep-unearmarked", may_cost = "10%"}'
GIVEN_UP = Decimal(1300)


def done(*command: str) -> Ran:
    """Return what a command did that must not fail."""
    found = ran(*command)
    assert found.code == 0, found.err
    return found


def table(*command: str) -> list[dict[str, str]]:
    """Return the rows that a command answers with as CSV."""
    return list(csv.DictReader(io.StringIO(done(*command, "--format", "csv").out), strict=True))


def opened(later: str) -> None:
    """Make a book here, with round R open under objectives after merit."""
    done("init", "--currency", "USD", "--on", "2026-01-01")
    for kind, text in FILES.items():
        Path(f"{kind}.csv").write_text(text)
        done("import", kind, f"{kind}.csv", "--on", "2026-01-02")
    Path("policy.toml").write_text(POLICY.format(later=later))
    done("round", "open", "R", "--policy", "policy.toml", "--on", "2026-01-03")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, empty."""
    monkeypatch.setenv("FACILITY_BOOK", str(tmp_path / "small.duckdb"))
    monkeypatch.setenv("FACILITY_USER", "manager")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_later_objectives_cost_is_said_on_the_terminal_and_in_the_minutes(bench: Path) -> None:
    opened(LATER)
    told = done("round", "solve", "R").out
    assert "for later objectives 1,300 of merit was given up, as the policy allows" in told
    assert "Objectives, step by step" in told
    page = done("report", "round", "R").out
    assert "given up for later objectives" in page
    assert "Certified" in page
    assert "by exact fractions" in page
    (merit, least, *_) = table("report", "round", "R", "--table", "stages")
    assert (merit["value"], Decimal(merit["gave_up"])) == ("11700", GIVEN_UP)
    assert (least["objective"], least["of"], least["value"]) == ("keep-unearmarked", "unearmarked", "174")


def test_a_request_that_lost_to_a_later_objective_is_told_so(bench: Path) -> None:
    opened(LATER)
    done("round", "solve", "R", "--certify", "0")
    ((kind, sentence),) = [
        (row["kind"], row["sentence"]) for row in table("round", "explain", "R", "R-2") if row["kind"] != "paid"
    ]
    assert kind == "later-objectives"
    assert "for the later objectives (keep-unearmarked) the decision gives up 1,300 points of merit" in sentence
    deep = [row["sentence"] for row in table("round", "explain", "R", "R-2", "--deep", "--seconds", "2")]
    assert any("what the policy lets later objectives cost merit" in one for one in deep)
    assert "the later objectives (keep-unearmarked) are not counted here" in done("round", "prices", "R").out


def test_what_later_objectives_gave_up_is_no_price_of_an_earmark_or_override(bench: Path) -> None:
    opened(LATER)
    done("round", "solve", "R", "--certify", "0")
    (harbour,) = table("round", "prices", "R", "--donors", "--seconds", "2")
    # Lifted, 50 for R-3 are 250 - 250: everything is funded whole before and after.
    assert (harbour["donor"], Decimal(harbour["at_least"])) == ("Harbour", 0)
    assert Decimal(harbour["at_most"]) < 1
    done("round", "override", "R", "R-1", "--refuse", "--reason", "too late", "--by", "ada")
    body = json.loads(done("round", "solve", "R", "--certify", "0", "--format", "json").out)
    (override,) = body["overrides"]
    least, most = (Decimal(override["price"][side]) for side in ("at_least", "at_most"))
    assert least <= 7000 <= most < 7001
    assert "override of R-1 by ada: costs 7,000.00" in done("round", "solve", "R", "--certify", "0").out


def test_what_later_objectives_gave_up_is_no_gain_of_waiting(bench: Path) -> None:
    opened(LATER)
    Path("pledges.csv").write_text("contribution_id,donor,amount,earmark,chance\nP-1,Pledger,10.00,,50%\n")
    found = {row["course"]: row for row in table("round", "hold-back", "R", "--pledges", "pledges.csv")}
    assert {Decimal(row["expected"]) for row in found.values()} == {13000}
    optimum, *_ = table("round", "rules", "R", "--rule", "greedy")
    assert Decimal(optimum["cost_least_percent"]) == 10


def test_scores_of_recused_reviewers_make_no_merit_anywhere(bench: Path) -> None:
    opened("")
    done("round", "solve", "R", "--certify", "0")
    found = {row["whose"]: row for row in table("round", "weights", "R")}
    assert found["reviewer ben alone"]["scored"] == "1"
    assert {row["merit"] for row in found.values()} == {"13000"}
    spreads = {row["request"]: row["spread"] for row in table("round", "stability", "R", "--draws", "5")}
    assert spreads == {"R-1": "0.00", "R-2": "0.00", "R-3": "0.00"}


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "R", "R-2", "--deep", "--seconds", "nan"),
        ("prices", "R", "--donors", "--seconds", "nan"),
        ("alternatives", "R", "--seconds", "nan"),
        ("solve", "R", "--time-limit", "nan"),
        ("solve", "R", "--certify", "nan"),
        ("rules", "R", "--time-limit", "nan"),
        ("weights", "R", "--time-limit", "nan"),
        ("compare", "R", "x.toml", "--time-limit", "nan"),
    ],
)
def test_seconds_that_are_no_number_are_a_slip(bench: Path, command: tuple[str, ...]) -> None:
    refused = ran("round", *command)
    assert (refused.code, refused.out) == (2, "")
    assert "it is not a number of seconds" in refused.err
