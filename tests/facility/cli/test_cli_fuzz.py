"""Whatever is typed, a command ends with a documented exit code and no traceback."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from commands import FILES, ran
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["init", "import", "contributions", "deposits", "rates", "requests", "scores", "entries", "flows", "contribution",
     "amend", "round", "open", "explain", "approve", "post", "cancel", "list", "sql", "check", "doctor", "report",
     "funds-available", "round", "donor", "joint-account", "guide", "start", "R1", "R2", "R-1", "C-1", "", "-", "--",
     "rates.csv", "policy.toml", "none.csv", "select 1", "select * from report.rounds", "drop table x", "é",
     "trial-balance", "sample", "log", "entry",
     "show", "deposit|D-1|C-1", "value", "window=diaspora", "country=", "=;|", "0", "-1", "1e999", "2026-02-30",
     "2026-03-01", "none", "\x1b[2J"]
)  # fmt: skip
FLAGS = st.sampled_from(
    ["--help", "--format", "csv", "json", "table", "--dry-run", "--on", "--by", "--policy", "--requests", "--as-of",
     "--contributions", "--decision", "--reason", "--use-by", "--earmark", "--known-at", "--table", "--currency",
     "--name", "--version", "--seed", "--size", "--last", "--since", "--kind", "--nope", "-x", "--book", "other.duckdb"]
)  # fmt: skip
COMMANDS = st.sampled_from(
    [(), ("init",), ("import", "rates"), ("import", "deposits"), ("contribution", "amend"), ("round", "open"),
     ("round", "explain"), ("round", "approve"), ("round", "post"), ("round", "cancel"), ("round", "list"), ("sql",),
     ("check",), ("doctor",), ("report",), ("guide",), ("log",), ("entry", "show"), ("report", "sample"),
     ("grant", "clear", "I-1", "sanctions", "--source", "x"),
     ("grant", "commit", "R-1", "--id", "G-1", "--implementer", "I-1"), ("grant", "disburse", "G-1"),
     ("grant", "override"), ("grant", "close", "G-1"), ("grant", "show"),
     ("contribution", "return", "C-1", "--reason", "x"), ("contribution", "close", "C-1"), ("contribution", "show"),
     ("deposit", "bounce", "D-1", "--from", "C-1"),
     ("entry", "reverse"), ("period", "close"), ("period", "reopen"), ("period", "revalue"), ("round", "appeal", "A-1"),
     ("round", "decide-appeal", "A-1")]
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(solved_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a book that the examples share, whatever they do to it."""
    folder = tmp_path_factory.mktemp("fuzz")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    shutil.copy(solved_book, folder / "facility.duckdb")
    return folder


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(command=COMMANDS, rest=st.lists(WORDS | FLAGS, max_size=5))
def test_no_arguments_end_in_a_traceback(folder: Path, command: tuple[str, ...], rest: list[str]) -> None:
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = ran(*command, *rest, FACILITY_BOOK="", FACILITY_USER="manager", FACILITY_WAIT="0.2")
    finally:
        os.chdir(before)
    assert done.code in {0, 1, 2, 3}, done
    assert "Traceback" not in done.out + done.err
    assert "internal-fault" not in done.err
    assert (done.code in {1, 2}) == ("rror: " in done.err or (done.code == 2 and "Usage: " in done.err)), done
    if done.code == 1:
        assert done.out == ""
    if done.code == 0 and "json" in rest and done.out.startswith(("[", "{")):
        json.loads(done.out)
