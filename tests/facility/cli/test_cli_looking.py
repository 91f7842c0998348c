"""Looking in from the command line: log, entries with their trails, trial balance, samples of a posted book."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from commands import contents, ran

from ledgers.store import Book
from reports.entry_digest import content_digest
from reports.scope import scope_of


@pytest.fixture
def posted(desk: Path) -> Path:
    """Return the desk after round R1 was approved and posted, more cash came, and an award was withdrawn."""
    commands = [
        ("round", "approve", "R1", "--by", "treasurer"),
        ("round", "approve", "R1", "--by", "Auditor"),
        ("round", "post", "R1", "--on", "2026-02-10"),
        ("import", "deposits", "deposits_later.csv", "--on", "2026-03-31"),
        ("import", "entries", "entries.csv", "--on", "2026-04-30"),
    ]
    for command in commands:
        done = ran(*command)
        assert done.code == 0, done.err
    return desk


def table(*command: str) -> list[dict[str, str]]:
    done = ran(*command, "--format", "csv")
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def whole(*command: str) -> Any:
    return json.loads(ran(*command, "--format", "json").out)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def forge(book: Path, *statements: str) -> None:
    """Do to a book what its owner can do with the guards taken away."""
    with duckdb.connect(str(book)) as connection:
        for name, of in connection.execute(
            "select trigger_name, table_name from duckdb_triggers() where schema_name = 'ledger'"
        ).fetchall():
            connection.execute(f"drop trigger {name} on ledger.{of}")
        for statement in statements:
            connection.execute(statement)


def test_the_log_has_the_sha256_of_the_very_bytes_that_were_read(posted: Path) -> None:
    split = (posted / "requests_later.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (posted / "one.csv").write_text(split[0] + split[1], encoding="utf-8-sig")
    (posted / "two.csv").write_text(split[0] + split[2], encoding="utf-8")
    (posted / "crlf.toml").write_bytes((posted / "policy_small.toml").read_bytes().replace(b"\n", b"\r\n"))
    assert ran("import", "requests", "two.csv", "one.csv", "--on", "2026-05-01").code == 0
    assert ran("round", "open", "R2", "--policy", "crlf.toml", "--on", "2026-05-02").code == 0
    rows = table("log")
    for row in rows:
        digests = ", ".join(sha256(posted / name) for name in row["file"].split(", ") if name)
        assert row["file_digest"] == digests, row
    assert [row["file"] for row in rows[-2:]] == ["two.csv, one.csv", "crlf.toml"]
    policy = table("sql", "select policy from report.rounds where round_id = 'R2'")[0]["policy"]
    assert policy == (posted / "policy_small.toml").read_text(encoding="utf-8")


def test_the_log_is_one_line_a_row_whatever_the_names(posted: Path) -> None:
    folder = posted / ("a folder with a rather long name " * 3).strip()
    folder.mkdir()
    (posted / "requests_later.csv").rename(folder / "requests_later.csv")
    assert ran("import", "requests", str(folder / "requests_later.csv"), "--on", "2026-05-01").code == 0
    lines = ran("log").out.splitlines()
    assert lines[0] == f"Log: {len(table('log'))} writes"
    assert len(lines) == 3 + len(table("log")) + 1
    assert str(folder / "requests_later.csv") in lines[-2]


def test_the_log_can_be_cut_by_number_day_and_person(posted: Path) -> None:
    rows = table("log")
    assert [row["log_id"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert table("log", "--last", "2") == rows[-2:]
    assert table("log", "--since", rows[0]["recorded_at"][:10]) == rows
    assert table("log", "--since", "2999-01-01") == []
    assert [row["command"] for row in table("log", "--by", "AUDITOR")] == ["round approve R1"]
    assert table("log", "--by", "manager", "--last", "1") == rows[-1:]
    assert ran("log", "--by", "manager", "--last", "1").out.startswith("Log: the last 1 of 9 writes by manager\n")
    assert ran("log", "--since", "2999-01-01").out.startswith("Log: 0 writes since 1 January 2999\n")


def test_every_entry_of_a_book_has_the_digest_of_its_content(posted: Path) -> None:
    with Book.open(posted / "facility.duckdb", writable=False) as book:
        scope = scope_of(book, None, None)
        entry_ids = [row[0] for row in book.connection.execute("select entry_id from report.entries").fetchall()]
        headers = scope.records("entry_headers", entry_ids=entry_ids)
        lines = scope.records("entry_lines", entry_ids=entry_ids)
    assert len(headers) == 13
    assert {header["kind"] for header in headers} == {"signing", "deposit", "allocation", "interest", "cancellation"}
    for header in headers:
        mine = [line for line in lines if line["entry_id"] == header["entry_id"]]
        assert content_digest(header, mine) == header["digest"], header["reference"]


def test_an_entry_is_shown_with_everything_behind_it(posted: Path) -> None:
    shown = whole("entry", "show", "allocation|R1|R-2")
    assert shown["title"] == "Entry 8: allocation|R1|R-2"
    says = {row["what"]: row["says"] for row in shown["tables"]["entry"]}
    assert (says["by"], says["command"], says["digest recomputed"]) == ("manager", "round post R1", "the same")
    lines = shown["tables"]["lines"]
    assert [(row["debit"], row["credit"], row["contribution_id"], row["request_id"]) for row in lines] == [
        ("115652.17", None, "C-1", "R-2"),
        (None, "115652.17", "C-1", "R-2"),
        ("134347.83", None, "C-2", "R-2"),
        (None, "134347.83", "C-2", "R-2"),
    ]
    trail = [(row["what"], row["which"]) for row in shown["tables"]["trail"]]
    assert trail == [
        *(("contribution", "C-1"), ("contribution", "C-2"), ("deposit", "D-1"), ("deposit", "D-2"), ("request", "R-2")),
        *(("round", "R1"), ("decision", "R1"), ("approval", "treasurer"), ("approval", "Auditor")),
    ]
    digests = {row["what"]: row["digest"] for row in shown["tables"]["trail"]}
    ours = table("sql", "select decision_posted, policy_digest from report.rounds")[0]
    assert (digests["decision"], digests["round"]) == (ours["decision_posted"], ours["policy_digest"])
    withdrawn = whole("entry", "show", "X-2026-1")["tables"]["trail"]
    assert [row["amount"] for row in withdrawn if row["what"] == "decision"] == ["120000.00"]


def test_a_deposit_in_another_currency_shows_its_rate_and_balances_in_both(posted: Path) -> None:
    shown = whole("entry", "show", "5")
    totals = {(row["family"], row["what"]): row["debits"] for row in shown["tables"]["totals"]}
    assert totals == {
        ("money", "amounts in EUR"): "270000.00",
        ("money", "base amounts, USD"): "300000.00",
        ("budget", "amounts in USD"): "300000.00",
        ("budget", "base amounts, USD"): "300000.00",
    }
    assert all(row["difference"] == "0.00" for row in shown["tables"]["totals"])
    says = {row["what"]: row["says"] for row in shown["tables"]["trail"]}
    assert says["rate"] == "postings in EUR at 0.9 EUR per USD, the rate of 2026-01-05, from European Central Bank"
    assert says["deposit"] == "cash received on C-2; worth USD 300,000.00 at 0.9 EUR per USD, the rate of 2026-01-05"
    assert {row["what"]: row["says"] for row in shown["tables"]["entry"]}["the file's SHA-256"] == sha256(
        posted / "deposits.csv"
    )


def test_a_number_a_reference_and_a_reference_of_a_file_mean_the_same_entry(posted: Path) -> None:
    one = ran("entry", "show", "12")
    assert one.code == 0
    assert ran("entry", "show", "entries|I-2026-1") == one
    assert ran("entry", "show", "I-2026-1") == one


def test_a_decision_by_hand_stands_in_the_trail(desk: Path) -> None:
    by_hand = ("round", "override", "R1", "R-4", "--at-least", "200000", "--reason", "the border is closed")
    assert ran(*by_hand, "--on", "2026-02-01").code == 0
    assert ran("round", "solve", "R1").code == 0
    assert {ran("round", "approve", "R1", "--by", name).code for name in ("treasurer", "auditor")} == {0}
    assert ran("round", "post", "R1", "--on", "2026-02-10").code == 0
    trail = whole("entry", "show", "allocation|R1|R-4")["tables"]["trail"]
    assert [(row["which"], row["says"]) for row in trail if row["what"] == "override"] == [
        ("manager", "R-4 by hand, exactly USD 200,000.00: the border is closed")
    ]


def test_a_pledge_is_memo_and_says_so(desk: Path) -> None:
    (desk / "pledge.csv").write_text(
        "contribution_id,donor,donor_kind,currency,amount,signed_on,stage\nP-1,Westbank,development_bank,USD,5.00,,pledge\n"
    )
    assert ran("import", "contributions", "pledge.csv", "--on", "2026-05-01").code == 0
    shown = whole("entry", "show", "pledge|P-1")
    assert {row["family"] for row in shown["tables"]["lines"]} == {"memo"}
    assert "a pledge; version 1 of its terms: no earmark" in shown["tables"]["trail"][0]["says"]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update ledger.posting set amount = 10 * amount where entry_id = 12", "its content is not what was written"),
        ("update ledger.entry set narration = 'nothing' where entry_id = 12", "its content is not what was written"),
        (
            "update ledger.entry set entry_date = '2026-03-30' where entry_id = 12",
            "its content is not what was written",
        ),
        ("delete from ledger.posting where entry_id = 12", "it has no lines; its content is not what was written"),
        ("update ledger.posting set amount = 5 where entry_id = 12 and line = 1", "its money lines are off by USD "),
        ("update ledger.posting set base_amount = 5 where entry_id = 12 and line = 3", "in base amounts"),
    ],
)
def test_what_was_changed_behind_the_books_back_is_told_and_exits_3(posted: Path, statement: str, fault: str) -> None:
    forge(posted / "facility.duckdb", statement)
    done = ran("entry", "show", "12")
    assert done.code == 3
    assert fault in done.err
    assert "Not sound: " in done.out
    assert ran("entry", "show", "11").code == 0
    if "delete" not in statement:
        drawn = table("report", "sample", "--seed", "1", "--size", "99", "--by", "random", "--table", "trail")
        marked = {row["which"] for row in drawn if row["what"] == "entry" and "NOT AS WRITTEN" in row["says"]}
        assert marked == {"12"}


def test_a_time_copied_from_the_log_counts_what_was_written_in_that_second(posted: Path) -> None:
    rows = table("log")
    for row in (rows[3], rows[-1]):
        at = table("report", "trial-balance", "--known-at", row["recorded_at"])
        seen = sum(int(each["postings"]) for each in at)
        stamp = f"timestamp '{row['recorded_at']}' + interval 1 second"
        written = table("sql", f"select count(*) as n from report.postings where recorded_at < {stamp}")
        assert (seen, seen > 0) == (int(written[0]["n"]), True)


def test_looking_changes_nothing(posted: Path) -> None:
    before = contents(posted / "facility.duckdb")
    for command in (
        ("log",),
        ("entry", "show", "8"),
        ("report", "trial-balance"),
        ("report", "sample", "--seed", "1", "--size", "5"),
    ):
        assert ran(*command).code == 0
    assert contents(posted / "facility.duckdb") == before


def test_pages_are_written_and_an_entry_as_csv_has_its_lines(posted: Path) -> None:
    for name, command in {
        "entry": ("entry", "show", "8"),
        "balance": ("report", "trial-balance"),
        "sample": ("report", "sample", "--seed", "1", "--size", "5"),
    }.items():
        done = ran(*command, "--out", f"{name}.html")
        assert (done.code, done.err) == (0, f"wrote {name}.html\n")
        assert "<!doctype html>" in (posted / f"{name}.html").read_text(encoding="utf-8")
    assert ran("entry", "show", "8", "--out", "entry.csv").code == 0
    assert (posted / "entry.csv").read_text(encoding="utf-8").startswith("line,family,account,")
    page = (posted / "entry.html").read_text(encoding="utf-8")
    assert "Entry of 10 February 2026" in page


def test_an_empty_book_says_so(desk: Path) -> None:
    assert ran("--book", "new.duckdb", "init", "--on", "2026-01-01").code == 0
    new = ("--book", "new.duckdb")
    assert "there is nothing to balance" in ran(*new, "report", "trial-balance").out
    assert "Nothing can be drawn" in ran(*new, "report", "sample", "--seed", "1", "--size", "5").out
    assert "the book has no entries yet" in ran(*new, "entry", "show", "1").err
    kind = ran(*new, "report", "sample", "--seed", "1", "--size", "5", "--kind", "deposit")
    assert "remedy: import deposits, or post a round" in kind.err
    assert [row["command"] for row in table(*new, "log")] == ["init"]
