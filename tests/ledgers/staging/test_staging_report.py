"""What a person reads of findings: grouped, in context, every line named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staging_examples import refusal, row

from ledgers.errors import Finding
from ledgers.staging import findings_from, findings_rows, findings_text
from ledgers.staging.report import compact_lines

EXPECTED = """\
6 errors in requests.csv

number-invalid: 5
  requests.csv, line 2, column merit: good is not a plain decimal number
    → write digits with a point: 1250000.00
      line | request_id | amount_requested | merit | oda
      2    | R-2        | 50.00            | good  | yes
                                             ^^^^
  requests.csv, line 3, column merit: good is not a plain decimal number
    → write digits with a point: 1250000.00
      line | request_id | amount_requested | merit | oda
      3    | R-3        | 50.00            | good  | yes
                                             ^^^^
  requests.csv, line 5, column merit: good is not a plain decimal number
    → write digits with a point: 1250000.00
      line | request_id | amount_requested | merit | oda
      5    | R-5        | 50.00            | good  | yes
                                             ^^^^
  and 2 more at merit, lines 6–7

cell-empty: 1
  requests.csv, line 5, column title: title is required and the cell is empty
    → fill the cell
      line | request_id | title | applicant | applicant_kind
      5    | R-5        |       | A-1       | ngo
                          ^

1 warning in requests.csv

cell-spaces: 1
  requests.csv, line 2, column applicant: spaces around the value were left out
    → delete them in the file
      line | request_id | title  | applicant | applicant_kind
      2    | R-2        | Skills | A-1       | ngo
                                   ^^^^"""


def test_findings_read_as_groups_with_their_cells(tmp_path: Path) -> None:
    rows = [row("requests", request_id=f"R-{n}", merit="1" if n == 4 else "good", oda="yes") for n in range(2, 8)]
    rows[0]["applicant"] = "A-1 "
    rows[3]["title"] = None
    refused = refusal("requests", rows, tmp_path)
    assert str(refused) == "6 errors in requests.csv; nothing was written"
    assert findings_text(refused.findings, refused.context) == EXPECTED


def test_findings_without_context_show_their_value() -> None:
    found = Finding("row-ragged", "error", "a.csv", 3, None, "x,y", "the row has 2 cells", "add the missing commas")
    assert findings_text([found]) == (
        "1 error in a.csv\n\nrow-ragged: 1\n  a.csv, line 3: the row has 2 cells\n"
        "    → add the missing commas\n      x,y"
    )
    assert findings_text([]) == ""


def test_nothing_that_a_terminal_would_obey_is_printed() -> None:
    evil = "\x1b[2J\u202e\r\n"
    found = Finding("value-unknown", "error", evil, 2, evil, evil, f"{evil} is unknown", "use one")
    text = findings_text([found] * 5, {(evil, 2): {"id": evil, evil: evil}})
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert "\\x1b[2J" in text


@given(st.lists(st.integers(1, 60)))
def test_every_line_is_listed_and_no_other(lines: list[int]) -> None:
    listed: set[int] = set()
    for part in filter(None, compact_lines(lines).split(", ")):
        first, _, last = part.partition("–")
        listed |= set(range(int(first), int(last or first) + 1))
    assert listed == set(lines)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 30), st.sampled_from(["x", "y"])), unique=True))
def test_no_finding_is_hidden_behind_the_first_three(places: list[tuple[str, int, str]]) -> None:
    found = [Finding("code", "error", file, line, column, None, "is wrong", "mend it") for file, line, column in places]
    text = findings_text(found)
    assert f"{len(found)} error" in text or not found
    shown = re.findall(r"(\w), line (\d+), column (\w):", text)
    assert shown == [(file, str(line), column) for file, line, column in places[:3]]
    rest = re.search(r"and (\d+) more at (.*)", text)
    assert (int(rest[1]) if rest else 0) == max(0, len(places) - 3)
    listed: set[tuple[str, int]] = set()
    for part in rest[2].split("; ") if rest else []:
        column, numbers = re.search(r"(\w), lines? ([\d–, ]+)$", part).groups()
        for run in numbers.split(", "):
            first, _, last = run.partition("–")
            listed |= {(column, line) for line in range(int(first), int(last or first) + 1)}
    assert listed == {(column, line) for _, line, column in places[3:]}


def test_findings_become_rows_for_json(tmp_path: Path) -> None:
    rows = findings_rows(refusal("scores", [row("scores", score="x")], tmp_path).findings)
    assert json.loads(json.dumps(rows)) == [
        {
            "code": "number-invalid", "severity": "error", "file": "scores.csv", "line": 2, "column": "score",
            "value": "x", "reason": "x is not a plain decimal number",
            "remedy": "write digits with a point: 1250000.00",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_rows_of_a_query_become_findings(severity: str) -> None:
    rows = [
        {
            "code": "contribution-unknown",
            "line": 4,
            "column": "contribution_id",
            "value": 9,
            "reason": "r",
            "remedy": "m",
        },
        {"code": "book-busy", "reason": "r", "remedy": "m", "severity": "warning"},
    ]
    assert findings_from(rows, file="d.csv", severity=severity) == [
        Finding("contribution-unknown", severity, "d.csv", 4, "contribution_id", "9", "r", "m"),
        Finding("book-busy", "warning", "d.csv", None, None, None, "r", "m"),
    ]
