"""`facility round override` and `overrides`: what they say, what they keep, and that an older decision is outdated."""

from __future__ import annotations

import json
from pathlib import Path

from commands import contents, ran

DAY = ("--on", "2026-02-01")


def test_an_override_is_said_kept_listed_and_outdates_the_decision(desk: Path) -> None:
    book = desk / "facility.duckdb"
    words = ("round", "override", "R1", "R-2", "--refuse", "--reason", "the applicant withdrew", *DAY)
    before = contents(book)
    tried = ran(*words, "--dry-run")
    said = "round R1, request R-2: refused, by manager"
    assert (tried.code, tried.out, tried.err) == (0, "", f"{said} (dry run: nothing kept)\n")
    assert contents(book) == before
    assert ran(*words).err == f"{said}\n"
    assert ran(*words).err == f"{said}: already there\n"
    listed = ran("round", "overrides", "R1", "--format", "json")
    assert json.loads(listed.out) == [
        {
            "position": 1,
            "request": "R-2",
            "says": "refused",
            "stands": "counts",
            "by": "manager",
            "on": "2026-02-01",
            "reason": "the applicant withdrew",
        }
    ]
    assert ran("round", "overrides", "R1", "--format", "csv").out.splitlines()[1].startswith("1,R-2,refused,counts,")
    outdated = ran("round", "post", "R1", *DAY)
    assert outdated.code == 1
    assert "was made before manager overrode request R-2 on 2026-02-01" in outdated.err
    assert "code: decision-outdated" in outdated.err
    lifted = ran("round", "override", "R1", "R-2", "--lift", "--reason", "it came back", *DAY)
    assert lifted.err == "round R1, request R-2: the override is lifted, by manager\n"


def test_an_override_without_a_reason_is_a_slip_in_the_command(desk: Path) -> None:
    before = contents(desk / "facility.duckdb")
    assert ran("round", "override", "R1", "R-2", "--refuse").code == 2
    assert ran("round", "override", "R1", "R-2", "--reason", "x").code == 1
    assert contents(desk / "facility.duckdb") == before
