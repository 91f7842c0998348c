"""`facility export`: the journal to a file or to stdout, whole or not at all, and never over the book."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import FACILITY, contents, ran

from facility.cli.outputs import write_whole

TOOLS = ("beancount", "hledger")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_journal_is_written_or_answered_and_is_the_same_every_time(desk: Path, tool: str) -> None:
    (desk / "journal").write_text("an older one", encoding="utf-8")
    done = ran("export", tool, "--out", "journal")
    assert (done.code, done.out) == (0, "")
    assert done.err == "wrote journal: 6 entries, 18 postings, 8 balances\n"
    text = (desk / "journal").read_text(encoding="utf-8")
    answered = ran("export", tool)
    assert (answered.code, answered.out, answered.err) == (0, text, "")
    assert [path.name for path in desk.iterdir() if path.name.startswith(".journal")] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_a_day_and_a_time_count_as_in_reports(desk: Path, tool: str) -> None:
    whole = ran("export", tool).out
    early = ran("export", tool, "--as-of", "2026-01-20").out
    assert "D-1" in early
    assert "D-2" in whole
    assert "D-2" not in early
    before = ran("export", tool, "--known-at", "2000-01-01T00:00:00+01:00").out
    assert "0 entries, 0 postings" in before
    assert "as known at 1999-12-31T23:00:00Z" in before


@pytest.mark.parametrize("tool", TOOLS)
def test_in_base_every_amount_is_in_the_book_s_currency(desk: Path, tool: str) -> None:
    plain, in_base = ran("export", tool).out, ran("export", tool, "--in-base").out
    assert "-270000.00 EUR" in plain
    assert "original: -270000.00 EUR" in in_base
    assert "original" not in plain.partition("2026-01-10")[2]


@pytest.mark.parametrize("tool", TOOLS)
def test_an_empty_book_has_a_journal_without_entries(desk: Path, tool: str) -> None:
    assert ran("--book", "new.duckdb", "init", "--name", "New", "--on", "2026-01-01").code == 0
    done = ran("--book", "new.duckdb", "export", tool)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("; New: the journal up to 2026-01-01.\n; 0 entries, 0 postings;")


REFUSED = [
    ("beancount --out nowhere/j", "nowhere/j cannot be written: No such file or directory",
     "choose a folder that exists and has space", "output-unwritable"),
    ("hledger --out .", ". cannot be written: Is a directory", "choose a folder that exists and has space",
     "output-unwritable"),
    ("hledger --out /dev/full", "/dev/full cannot be written: No space left on device",
     "choose a folder that exists and has space", "output-unwritable"),
    ("hledger --out facility.duckdb", "facility.duckdb belongs to the book itself", "choose another name",
     "output-unwritable"),
    ("hledger --out link", "link belongs to the book itself", "choose another name", "output-unwritable"),
    ("hledger --out ./facility.duckdb.wal", "facility.duckdb.wal belongs to the book itself", "choose another name",
     "output-unwritable"),
    ("hledger --as-of soon", "--as-of soon is not a date", "write year-month-day: 2026-03-31", "date-invalid"),
    ("hledger --known-at soon", "--known-at soon is not a time", "write it in UTC: 2026-03-31T12:00:00",
     "time-invalid"),
    ("beancount --as-of 9999-12-31", "beancount states balances on the day after, and there is none after 9999-12-31",
     "give an earlier day with --as-of", "day-after-missing"),
    ("iati --out x.xml", "facility export iati is not there yet",
     "see `facility --help` for what this version does, or wait for the next", "not-yet-there"),
    ("parquet", "facility export parquet is not there yet",
     "see `facility --help` for what this version does, or wait for the next", "not-yet-there"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "remedy", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_refusal_says_what_and_leaves_everything_as_it_was(
    desk: Path, line: str, message: str, remedy: str, code: str
) -> None:
    (desk / "link").symlink_to("facility.duckdb")
    before, files = contents(desk / "facility.duckdb"), sorted(path.name for path in desk.iterdir())
    done = ran("export", *line.split())
    assert (done.code, done.out) == (1, "")
    assert done.err == f"error: {message}\n  remedy: {remedy}\n  code: {code}\n"
    assert contents(desk / "facility.duckdb") == before
    assert sorted(path.name for path in desk.iterdir()) == files


def test_hledger_takes_the_last_day_that_there_is(desk: Path) -> None:
    assert "9999-12-31 (balances)" in ran("export", "hledger", "--as-of", "9999-12-31").out


def test_no_tool_is_a_usage_error(desk: Path) -> None:
    assert ran("export", "ledger").code == 2
    assert ran("export", "hledger", "extra").code == 2


def test_a_reader_that_has_gone_is_no_error(desk: Path) -> None:
    line = f"set -o pipefail; {FACILITY} export hledger | head -n 1"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "; Example Facility: the journal up to 2026-01-31.\n"


def test_a_file_stays_as_it_was_when_writing_is_broken_off(desk: Path) -> None:
    file = desk / "journal"
    file.write_text("an older one", encoding="utf-8")

    def pieces() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(file, pieces())
    assert file.read_text(encoding="utf-8") == "an older one"
    assert [path.name for path in desk.iterdir() if "journal" in path.name] == ["journal"]


def test_a_file_that_is_replaced_stays_what_it_was_to_others(desk: Path) -> None:
    file, link = desk / "private", desk / "way"
    file.write_text("an older one", encoding="utf-8")
    file.chmod(0o600)
    link.symlink_to(file)
    assert ran("export", "hledger", "--out", "way").code == 0
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8").startswith("; Example Facility")
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_no_file_is_written_to_as_it_is(desk: Path) -> None:
    os.mkfifo(desk / "pipe")
    with subprocess.Popen(["cat", "pipe"], cwd=desk, stdout=subprocess.PIPE, text=True) as reader:
        try:
            assert ran("export", "hledger", "--out", "pipe").code == 0
            said = reader.communicate(timeout=60)[0]
        finally:
            reader.kill()  # it waits for ever for a writer where none came
    assert said == ran("export", "hledger").out
