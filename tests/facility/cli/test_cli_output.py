"""Stdout is data and stderr is talk: what a pipe, a program, a spreadsheet and a terminal get."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from commands import FACILITY, contents, ran

CSV_COLUMNS = {
    ("round", "list"): "round,opened_on,state,held,requests,decisions",
    ("round", "explain", "R1"): "request,outcome,asked,awarded,kind,sentence",
    ("check",): "check,findings,first",
    ("doctor",): "what,state,detail",
    ("log",): "log_id,recorded_at,actor,command,new,already,file,file_digest",
    ("entry", "show", "1"): "line,family,account,currency,debit,credit,base_debit,base_credit,"
    "contribution_id,request_id,commitment_id,party_id",
    ("report", "trial-balance"): "family,account,currency,debits,credits,balance,base_balance,postings",
    ("report", "sample", "--seed", "1", "--size", "2"): "item,entry_id,reference,kind,entry_date,value,chance,"
    "chance_exact,interval,unit",
    ("import", "rates", "rates.csv"): "kind,new,already,refused",
    ("round", "solve", "R1"): "request,amount,contributions",
}


@pytest.mark.parametrize("arguments", CSV_COLUMNS, ids=" ".join)
def test_every_table_comes_as_csv_and_json_and_stdout_has_nothing_else(desk: Path, arguments: tuple[str, ...]) -> None:
    done = ran(*arguments, "--format", "csv")
    assert done.code == 0, done.err
    header, *rows = csv.reader(io.StringIO(done.out), strict=True)
    assert ",".join(header) == CSV_COLUMNS[arguments]
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    in_json = json.loads(ran(*arguments, "--format", "json").out)
    if isinstance(in_json, list):
        assert [list(row) for row in in_json] == [header] * len(rows)
    elif "tables" in in_json:
        table = in_json["tables"].get("lines") or next(iter(in_json["tables"].values()))
        assert [list(row) for row in table] == [header] * len(rows)
    else:
        assert [award["request"] for award in in_json["awards"]] == [row[0] for row in rows]


def test_a_warning_of_an_import_is_talk_and_its_counts_are_data(desk: Path) -> None:
    done = ran("import", "deposits", "deposits_later.csv", "--on", "2026-02-01", "--format", "json")
    assert json.loads(done.out) == [{"kind": "deposits", "new": 1, "already": 0, "refused": 0}]
    assert done.err.startswith("1 warning in deposits_later.csv\n\ndate-in-future: 1\n")


def test_a_dry_run_keeps_nothing_and_says_so(desk: Path) -> None:
    before = contents(desk / "facility.duckdb")
    lines = [
        ran("round", "cancel", "R1", "--dry-run").err,
        ran("round", "approve", "R1", "--by", "treasurer", "--dry-run").err.partition(" sha256")[0],
        ran("contribution", "amend", "C-1", "--use-by", "2028-01-31", "--reason", "why", "--dry-run").err,
        ran("import", "requests", "requests_later.csv", "--dry-run").out.splitlines()[0],
        ran("--book", "new.duckdb", "init", "--dry-run").err,
    ]
    assert lines == [
        "round R1 cancelled (dry run: nothing kept)\n",
        "treasurer approved decision",
        "contribution C-1 amended: version 2 of its terms (dry run: nothing kept)\n",
        "Would import",
        "would make new.duckdb in USD\n",
    ]
    assert contents(desk / "facility.duckdb") == before
    assert not (desk / "new.duckdb").exists()


def test_a_pipe_gets_no_progress_and_no_colours(desk: Path) -> None:
    done = subprocess.run([FACILITY, "round", "solve", "R1"], capture_output=True, check=True)
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"\r" not in done.stdout + done.stderr
    assert done.stderr.startswith(b"decision sha256:")
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_gets_progress_on_stderr(desk: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [FACILITY, "round", "solve", "R1"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(theirs)
        answer = process.stdout.read() if process.stdout else b""
        said = b""
        try:
            while some := os.read(ours, 65536):
                said += some
        except OSError:  # how Linux says that the other end of a terminal is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    assert b"0:00:0" in said
    assert b"\x1b[" in said
    assert b"\x1b" not in answer
    assert answer.startswith(b"Round R1: awards, USD\n")


def test_a_reader_that_has_gone_is_no_error(desk: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([FACILITY, "sql", "select 1"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_or_closed_stdout_is_told(desk: Path) -> None:
    full = subprocess.run(
        ["/bin/bash", "-c", f"{FACILITY} sql 'select 1' > /dev/full"], capture_output=True, text=True, check=False
    )
    assert (full.returncode, full.stderr) == (
        1,
        "error: the answer could not be written: No space left on device\n"
        "  remedy: free some space, or write it elsewhere\n  code: output-unwritable\n",
    )
    closed = subprocess.run(
        ["/bin/bash", "-c", f"{FACILITY} sql 'select 1' >&-"], capture_output=True, text=True, check=False
    )
    assert closed.returncode == 1
    assert closed.stderr.startswith("error: there is no stdout to answer on\n")


def test_nobody_listening_on_stderr_changes_nothing(desk: Path) -> None:
    line = f"{FACILITY} round cancel R1 --on 2026-03-01 2>&-"
    assert subprocess.run(["/bin/bash", "-c", line], check=False).returncode == 0
    assert ran("round", "list", "--format", "csv").out.splitlines()[1].startswith("R1,2026-01-31,cancelled,")


def test_answers_are_utf8_whatever_the_machine_prefers(desk: Path) -> None:
    query = [FACILITY, "sql", "--format", "csv", "select 'Côte d’Ivoire' as country"]
    done = subprocess.run(query, capture_output=True, check=True, env=os.environ | {"PYTHONIOENCODING": "latin-1"})
    assert done.stdout.decode("utf-8") == "country\nCôte d’Ivoire\n"


def test_interrupted_is_told_and_is_exit_130(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("facility.usecases.query.query", interrupted)
    done = ran("sql", "select 1")
    assert (done.code, done.out) == (130, "")
    assert done.err == "stopped; what was already committed stands, nothing else was written\n"


def test_a_report_is_written_where_it_was_asked_for(desk: Path) -> None:
    done = ran("report", "funds-available", "--out", "funds.CSV")
    assert (done.code, done.out, done.err) == (0, "", "wrote funds.CSV\n")
    assert (desk / "funds.CSV").read_text(encoding="utf-8") == ran("report", "funds-available", "--format", "csv").out
