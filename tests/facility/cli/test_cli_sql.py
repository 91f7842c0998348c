"""Analysts' SQL reads the public views, and does nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import contents, ran

REFUSED = [
    "insert into ledger.setting values ('a', 'b')",
    "update ledger.setting set value = 'x'",
    "delete from ledger.posting",
    "truncate ledger.posting",
    "drop view report.donors",
    "alter table ledger.setting add column x integer",
    "create table t (a integer)",
    "create macro f(x) as x",
    "attach 'other.duckdb'",
    "attach ':memory:' as other",
    "detach facility",
    "copy (select 1) to 'out.csv'",
    "copy ledger.setting from 'rates.csv'",
    "export database 'out'",
    "import database 'out'",
    "install httpfs",
    "load httpfs",
    "select * from read_csv('rates.csv')",
    "select * from 'rates.csv'",
    "select * from read_text('rates.csv')",
    "select * from glob('*')",
    "pragma enable_external_access",
    "set enable_external_access = true",
    "set memory_limit = '1GB'",
    "reset lock_configuration",
    "select getenv('HOME')",
    "select 1; drop view report.donors",
    "selec 1",
    "",
    " ; ",
]
NOT_A_QUERY = [
    "select 1; select 2",
    "pragma database_list",
    "begin transaction",
    "checkpoint",
    "create temp table t (a integer)",
    "set variable x = 1",
]


def assert_refused(desk: Path, text: str) -> str:
    """Return what was said, having checked that it is a refusal that leaves book and folder alone."""
    before, files = contents(desk / "facility.duckdb"), sorted(desk.iterdir())
    done = ran("sql", text)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert done.err.endswith("\n  code: sql-invalid\n")
    assert "\n  remedy: " in done.err
    assert "Traceback" not in done.err
    assert (contents(desk / "facility.duckdb"), sorted(desk.iterdir())) == (before, files)
    return done.err


@pytest.mark.parametrize("text", REFUSED)
def test_what_would_write_or_reach_outside_is_refused(desk: Path, text: str) -> None:
    assert_refused(desk, text)


@pytest.mark.parametrize("text", NOT_A_QUERY)
def test_one_query_and_nothing_but_a_query(desk: Path, text: str) -> None:
    assert_refused(desk, text)


def test_a_time_with_a_zone_is_answered(desk: Path) -> None:
    done = ran("sql", "--format", "csv", "select timestamptz '2026-01-31 12:00:00+00' as at_noon")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("at_noon\n2026-01-31 ")


def test_a_query_is_read_from_stdin(desk: Path) -> None:
    done = ran("sql", "--format", "csv", stdin="\ufeffselect 'é' as letter".encode())
    assert (done.code, done.out, done.err) == (0, "letter\né\n", "")


def test_csv_is_safe_in_a_spreadsheet_and_numbers_stay_numbers(desk: Path) -> None:
    query = "select '=1+1' as a, '@x' as b, '-5' as c, -5.20::decimal(18, 2) as d, '+cmd' as e, null as f, true as g"
    assert ran("sql", "--format", "csv", query).out == "a,b,c,d,e,f,g\n'=1+1,'@x,-5,-5.20,'+cmd,,true\n"


def test_a_terminal_is_not_steered_by_what_a_cell_says(desk: Path) -> None:
    assert "\x1b" not in ran("sql", "select chr(27) || '[2J' as cell").out


def test_amounts_leave_exactly(desk: Path) -> None:
    query = "select 0.1::decimal(18, 4) + 0.2::decimal(18, 4) as sum, 99999999999999.9999::decimal(18, 4) as most"
    assert ran("sql", "--format", "json", query).out == (
        '[\n  {\n    "sum": "0.3000",\n    "most": "99999999999999.9999"\n  }\n]\n'
    )
