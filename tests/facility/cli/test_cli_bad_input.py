"""Bad input at the command line: one clear message on stderr, nothing on stdout, and the book as it was."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Ran, contents, ran

REFUSAL = re.compile(r"^error: (?P<message>.+)\n  remedy: (?P<remedy>.+)\n  code: (?P<code>[a-z-]+)\n\Z", re.M | re.S)


def refusal(done: Ran) -> tuple[str, str, str]:
    """Return message, remedy and code of a refusal, having checked its form."""
    assert done.out == ""
    assert "Traceback" not in done.err
    found = REFUSAL.search(done.err)
    assert found, done.err
    return found["message"], found["remedy"], found["code"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "No such command 'nonsense'."),
        (("sqll",), "No such command 'sqll'. Did you mean 'sql'?"),
        (("round", "opne"), "No such command 'opne'. Did you mean 'open'?"),
        (("import", "grants", "x.csv"), "No such command 'grants'."),
        (("check", "--fast"), "No such option: --fast"),
        (("sql", "--format", "xml", "select 1"), "Invalid value for '--format'"),
        (("round", "open", "R2"), "Missing option '--policy'."),
        (("round", "solve"), "Missing argument 'ROUND'."),
        (("import", "deposits"), "Missing argument 'FILE"),
        (("round", "solve", "R1", "--time-limit", "-1"), "is not in the range"),
        (("round", "solve", "R1", "--time-limit", "inf"), "is not in the range"),
        (("round", "solve", "R1", "--time-limit", "nan"), "it is not a number of seconds"),
        (("round", "solve", "R1", "--time-limit", "soon"), "--time-limit"),
        (("log", "--last", "0"), "is not in the range"),
        (("entry", "show"), "Missing argument 'ENTRY'."),
        (("report", "sample", "--seed", "x", "--size", "3"), "Invalid value for '--seed'"),
        (("report", "sample", "--seed", "1", "--size", "0"), "is not in the range"),
        (("report", "sample", "--seed", "1", "--size", "3", "--by", "size"), "Invalid value for '--by'"),
        (("contribution", "amend", "C-1"), "Missing option '--reason'."),
        (("sql", "select 1", "select 2"), "unexpected extra argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_in_a_command_is_a_usage_error(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    done = ran(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


REFUSED = [
    ("round cancel R1 --on 31/12/2026", "--on 31/12/2026 is not a date", "write year-month-day: 2026-03-31",
     "date-invalid"),
    ("round cancel R1 --on 2026-02-30", "--on 2026-02-30 is not a date", "write year-month-day: 2026-03-31",
     "date-invalid"),
    ("round cancel R1 --on 20260301", "--on 20260301 is not a date", "write year-month-day: 2026-03-31",
     "date-invalid"),
    ("round cancel R1 --on ''", "--on  is not a date", "write year-month-day: 2026-03-31", "date-invalid"),
    ("round cancel R1 --by ' '", "--by ' ' is not a name", "write one, such as --by treasurer", "name-invalid"),
    ("round approve R1 --by '\x1b[2J'", "--by '\\x1b[2J' is not a name", "write one, such as --by treasurer",
     "name-invalid"),
    ("round solve R9", "the book has no round R9", "use one of: R1", "round-unknown"),
    ("round explain Q", "the book has no round Q", "use one of: R1", "round-unknown"),
    ("round explain R1 R-9", "round R1 does not hold request R-9", "did you mean R-5?", "request-unknown"),
    ("round post R1", "round R1 needs 2 approvals by people other than manager, and has 0",
     "let them run `facility round approve R1 --by NAME`", "approval-missing"),
    ("round approve R1", "manager proposed this decision",
     "let somebody other than the proposer approve: --by NAME", "approval-refused"),
    ("round approve R1 --by bo --key k.pem", "approval by key is not there yet", "approve by name: --by NAME",
     "not-yet-there"),
    ("round open R2 --policy none.toml", "none.toml cannot be read: No such file or directory",
     "name a policy file (TOML) with --policy", "policy-unreadable"),
    ("round open R2 --policy .", ". cannot be read: Is a directory", "name a policy file (TOML) with --policy",
     "policy-unreadable"),
    ("round open R2 --policy latin.toml", "latin.toml is not UTF-8 text (byte 19)", "save the policy as UTF-8 text",
     "policy-unreadable"),
    ("round open 'R;2' --policy policy.toml", "'R;2' cannot be a round's id", "use letters, digits, - and _: R1",
     "id-invalid"),
    ("round open R2 --policy policy.toml --contributions donr=x", "contributions have no attribute donr",
     "did you mean donor?", "filter-invalid"),
    ("round open R2 --policy policy.toml --requests window=integratoin",
     'at position 8 of "window=integratoin": expected a window, found integratoin', "did you mean integration?",
     "term-invalid"),
    ("round open R1 --policy policy_small.toml --on 2026-01-31", "round R1 was opened with another policy",
     "choose another id, or cancel that round and open a new one", "round-conflict"),
    ("contribution amend C-9 --use-by none --reason why", "the book has no contribution C-9", "did you mean C-3?",
     "contribution-unknown"),
    ("contribution amend C-1 --reason why", "an amendment says what changes and why",
     "give --amount, --use-by, --spend-from, --spend-to or --earmark, and --reason", "amendment-empty"),
    ("contribution amend C-1 --use-by never --reason why", "--use-by never is not a date",
     "write year-month-day: 2026-03-31", "date-invalid"),
    ("init", "facility.duckdb already exists", "choose another name with --book, or move the file away",
     "book-exists"),
    ("--book new.duckdb init --currency DOLLAR", "DOLLAR is not a known currency", None, "currency-unknown"),
    ("--book new.duckdb init --name ''", "--name '' is not a name", "write one, such as --name treasurer",
     "name-invalid"),
    ("--book none.duckdb check", "there is no book at none.duckdb",
     "make one with `facility init`, or name another with --book FILE", "book-missing"),
    ("import flows rates.csv", "rates.csv: flows of other parties cannot be imported yet",
     "import contributions, deposits and requests; the joint account shows the facility's own money",
     "not-yet-there"),
    ("log --by tresurer", "nobody called tresurer has written to the book", "use one of: facility, manager",
     "report-subject-unknown"),
    ("log --since soon", "--since soon is not a date", "write year-month-day: 2026-03-31", "date-invalid"),
    ("log --by ' '", "--by ' ' is not a name", "write one, such as --by treasurer", "name-invalid"),
    ("entry show 'deposit|D-2|C-3'", "there is no entry deposit|D-2|C-3 in the book",
     "did you mean 'deposit|D-2|C-2'? (in quotes: the shell reads upright strokes its own way)", "entry-unknown"),
    ("entry show d-3", "there is no entry d-3 in the book",
     "did you mean 'deposit|D-3|C-3'? (in quotes: the shell reads upright strokes its own way)", "entry-unknown"),
    ("entry show 99", "there is no entry 99 in the book",
     "the entries are numbered 1 to 6; `facility sql 'from report.entries'` lists them", "entry-unknown"),
    ("entry show '\x1b[2J'", "there is no entry  [2J in the book",
     "the entries are numbered 1 to 6; `facility sql 'from report.entries'` lists them", "entry-unknown"),
    ("report sample --seed 1", "the report sample needs --size",
     "give whole numbers: `facility report sample --seed N --size N`", "report-option-refused"),
    ("report trial-balance --seed 1", "the report trial-balance takes no --seed",
     "leave it out; trial-balance takes --as-of, --known-at", "report-option-refused"),
    ("report sample --seed 1 --size 1 --kind depsit", "no entry of kind depsit moves money in this book",
     "did you mean deposit?", "report-subject-unknown"),
    ("guide nowhere", "the guide has no page nowhere", None, "guide-page-unknown"),
    ("report turnover", "there is no report turnover", None, "report-unknown"),
    ("report funds-available --as-of 2026-13-01", "--as-of 2026-13-01 is not a date",
     "write year-month-day: 2026-03-31", "date-invalid"),
    ("report funds-available --known-at yesterday", "--known-at yesterday is not a time",
     "write it in UTC: 2026-03-31T12:00:00", "time-invalid"),
    ("report funds-available --format json --out nowhere/page.json",
     "nowhere/page.json cannot be written: No such file or directory", "choose a folder that exists and has space",
     "output-unwritable"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "remedy", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_refusal_says_what_and_what_to_do_and_leaves_the_book(
    desk: Path, line: str, message: str, remedy: str | None, code: str
) -> None:
    import shlex

    (desk / "latin.toml").write_bytes('currency = "USD" # \xe9'.encode("latin-1"))
    before = contents(desk / "facility.duckdb")
    done = ran(*shlex.split(line))
    assert done.code == 1
    said = refusal(done)
    assert said[0] == message
    assert said[2] == code
    assert remedy is None or said[1] == remedy
    assert contents(desk / "facility.duckdb") == before
    assert not (desk / "new.duckdb").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.csv", None, "file-missing"),
        ("folder.csv", "folder", "file-not-a-file"),
        ("deposits", b"deposit_id\n", "file-format-unknown"),
        ("empty.csv", b"", "file-empty"),
        ("latin.csv", "deposit_id,contribution_id\nD-é".encode("latin-1"), "file-not-utf8"),
        ("sheet.xlsx", b"deposit_id,contribution_id\n", "file-content-mismatch"),
        ("semicolons.csv", b"deposit_id;contribution_id;received_on;currency;amount\n", "file-delimiter"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_kind_of_error(
    desk: Path, name: str, content: bytes | str | None, code: str
) -> None:
    if content == "folder":
        (desk / name).mkdir()
    elif isinstance(content, bytes):
        (desk / name).write_bytes(content)
    before = contents(desk / "facility.duckdb")
    done = ran("import", "deposits", name)
    assert done.code == 1
    assert refusal(done) == (
        f"1 error in {name}; nothing was written",
        "correct the cells listed and import the file again",
        "input-refused",
    )
    assert f"\n{code}: 1\n  {name}" in done.err
    assert contents(desk / "facility.duckdb") == before


def test_a_book_that_is_none_is_refused(desk: Path) -> None:
    for name in ("policy.toml", "."):
        message, remedy, code = refusal(ran("--book", name, "check"))
        assert message.startswith(f"{name} cannot be read as a book: ")
        assert (remedy, code) == ("check the path, or restore the file from a copy", "book-unreadable")


def test_no_folder_for_a_new_book_is_refused(desk: Path) -> None:
    done = ran("--book", "nowhere/new.duckdb", "init")
    assert done.code == 1
    assert refusal(done)[2] == "book-unreadable"


def test_a_busy_book_is_waited_for_then_refused(desk: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", "import duckdb, sys; c = duckdb.connect('facility.duckdb'); print('held', flush=True); "
         "sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout.readline() == b"held\n"
        done = ran("round", "cancel", "R1", FACILITY_WAIT="0.2")
    finally:
        holder.communicate()
    assert done.code == 1
    assert done.err == (
        "facility.duckdb is in use by another process; waiting for it ...\n"
        "error: facility.duckdb is in use by another process\n"
        "  remedy: wait until it has finished, then run the command again\n  code: book-busy\n"
    )
    assert done.out == ""
    assert ran("round", "list", "--format", "csv").out.splitlines()[1].startswith("R1,2026-01-31,open,")


@pytest.mark.parametrize("wait", ["soon", "-1", "nan", "inf", "1e9"])
def test_a_wait_that_is_no_number_of_seconds_is_refused(desk: Path, wait: str) -> None:
    done = ran("check", FACILITY_WAIT=wait)
    assert done.code == 1
    assert refusal(done) == (
        f"FACILITY_WAIT {wait} is not a number of seconds", "write it as 10 or 0.5", "wait-invalid",
    )  # fmt: skip


def test_the_book_is_the_option_else_the_setting_else_the_one_here(desk: Path) -> None:
    ran("--book", "one.duckdb", "init", "--name", "One")
    ran("init", "--name", "Two", FACILITY_BOOK="two.duckdb")
    name = ("sql", "--format", "csv", "select facility as name from report.book")
    assert ran(*name).out == "name\nExample Facility\n"
    assert ran(*name, FACILITY_BOOK="two.duckdb").out == "name\nTwo\n"
    assert ran("--book", "one.duckdb", *name, FACILITY_BOOK="two.duckdb").out == "name\nOne\n"
    assert ran(*name, FACILITY_BOOK="").out == "name\nExample Facility\n"


def test_who_acts_is_the_option_else_the_setting(desk: Path) -> None:
    assert ran("round", "approve", "R1", FACILITY_USER=" the  auditor ").err.startswith("the auditor approved")
    assert ran("round", "approve", "R1", "--by", "treasurer", FACILITY_USER="bo").err.startswith("treasurer approved")


def test_bytes_that_are_no_text_are_refused(desk: Path) -> None:
    assert refusal(ran("sql", "select '\udcff'"))[::2] == ("\"select '\\udcff'\" is not UTF-8 text", "text-invalid")
    assert refusal(ran("check", FACILITY_USER="\udcff"))[::2] == (
        "'FACILITY_USER=\\udcff' is not UTF-8 text", "text-invalid",
    )  # fmt: skip
    assert refusal(ran("sql", stdin=b"select \xff"))[::2] == ("stdin is not UTF-8 text (byte 7)", "text-invalid")


def test_a_fault_of_our_own_is_told_without_a_traceback(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("facility.usecases.query.query", broken)
    done = ran("sql", "select 1")
    assert done.code == 1
    assert refusal(done) == (
        "a fault in Facility itself: ZeroDivisionError: by nought",
        "run the command again with FACILITY_DEBUG=1 and report what it prints",
        "internal-fault",
    )
    with pytest.raises(ZeroDivisionError):
        ran("sql", "select 1", FACILITY_DEBUG="1")


def test_ctrl_c_within_a_query_is_no_fault(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("facility.usecases.query.query", interrupted)
    done = ran("sql", "select 1")
    stopped = "stopped; what was already committed stands, nothing else was written\n"
    assert (done.code, done.out, done.err) == (130, "", stopped)


def test_findings_of_a_check_are_exit_3(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from facility.usecases.check_book import Checked

    found = [Checked("entries-balance", ()), Checked("cash-covers", ("USD 5.00 are missing", "EUR 1.00 are missing"))]
    monkeypatch.setattr("facility.usecases.check_book.check_book", lambda book: found)
    done = ran("check", "--format", "csv")
    assert done.code == 3
    assert done.out == "check,findings,first\nentries-balance,0,\ncash-covers,2,USD 5.00 are missing\n"
    assert done.err == "1 of 2 checks found 2\n"
