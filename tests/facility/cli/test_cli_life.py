"""The commands of contributions, grants, entries and periods: what they say, keep, repeat and refuse."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest
from commands import contents, ran

STORY = """
import fee_schedules fees.csv --on 2026-01-31
round approve R1 --by treasurer
round approve R1 --by auditor
round post R1 --on 2026-02-01
import clearances clearances.csv --on 2026-02-02
grant commit R-1 --id G-1 --implementer trust --share 50% --ends-on 2027-06-30 --on 2026-02-03
import entries interest.csv --on 2026-02-10
import instalments instalments.csv --on 2026-02-11
"""
"""What is done to the book before each test: round R1 posted, an agreement signed for half of what R-1 was awarded."""

FILES = {
    "fees.csv": "fee_schedule,above,share\nstandard,0,1%\n",
    "clearances.csv": "implementer,clearance,cleared_on,source\n"
    + "".join(f"trust,{what},2026-02-02,file 1\n" for what in ("sanctions", "due-diligence", "accountability")),
    "instalments.csv": "contribution_id,due_on,amount\nC-1,2026-04-01,600000.00\n",
    "anew.csv": "contribution_id,due_on,amount\nC-1,2026-09-01,500000.00\n",
    "interest.csv": "reference,kind,entry_date,amount,currency\nI-1,interest,2026-02-09,100.00,USD\n",
}


@pytest.fixture(scope="module")
def posted_book(solved_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the book after the story; not to be written to."""
    folder = tmp_path_factory.mktemp("posted")
    shutil.copy(solved_book, folder / "facility.duckdb")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    for line in STORY.strip().splitlines():
        words = [str(folder / word) if word.endswith(".csv") else word for word in shlex.split(line)]
        done = ran(*words, FACILITY_BOOK=str(folder / "facility.duckdb"), FACILITY_USER="manager")
        assert done.code == 0, (line, done.err)
    return folder / "facility.duckdb"


@pytest.fixture
def book(posted_book: Path, desk: Path) -> Path:
    """Return a copy of the posted book, in the current folder, with the file of a rescheduling."""
    (desk / "anew.csv").write_text(FILES["anew.csv"], "utf-8")
    return Path(shutil.copy(posted_book, desk / "facility.duckdb"))


ACTS = [
    ("grant clear newcomer sanctions --source 'file 9' --on 2026-03-01", "sanctions of newcomer: cleared"),
    ("grant clear newcomer sanctions --source 'file 9' --refused --on 2026-03-01", "sanctions of newcomer: refused"),
    ("grant commit R-1 --id G-2 --implementer trust --amount 1000 --on 2026-03-01",
     "commitment G-2: 1000 of R-1 to trust"),
    ("grant tranche G-1 1 --amount 1000 --condition 'a report' --on 2026-03-01",
     "tranche 1 of G-1: 1000, when a report"),
    ("grant disburse G-1 --amount 5000 --on 2026-03-02", "disbursed 5000 on G-1"),
    ("grant disburse G-1 --amount 900 --currency EUR --base-amount 1000 --on 2026-02-05", "disbursed 900 EUR on G-1"),
    ("grant release G-1 --amount 10 --reason smaller --on 2026-03-02", "released 10 of G-1"),
    ("grant release G-1 --reason ended --on 2026-03-02", "released all that is left of G-1"),
    ("grant flag G-1 --reason 'receipts are missing' --on 2026-03-02", "audit flag on G-1 raised"),
    ("grant override G-1 days --reason floods --on 2026-03-02 --until 2026-03-09 --by chair",
     "days set aside for G-1 from 2026-03-02 to 2026-03-09, by chair: floods"),
    ("grant extend G-1 --until 2027-08-31 --reason floods --on 2026-03-02", "commitment G-1 ends on 2027-08-31"),
    ("grant close G-1 --reason 'activities ended' --on 2026-03-02", "commitment G-1 closed: operational"),
    ("contribution note C-1 N-1 --amount 5000 --on 2026-03-01", "note N-1 of 5000 for C-1"),
    ("contribution write-off C-1 --amount 5000 --reason default --on 2026-03-01", "5000 of C-1 written off"),
    ("contribution return C-1 --amount 500 --reason unused --on 2026-03-01", "500 of C-1 is owed to its donor"),
    ("contribution reschedule C-1 anew.csv --reason postponed --on 2026-03-01",
     "contribution C-1 rescheduled, version 2 of its instalments"),
    ("contribution reported C-1 --on 2026-03-01", "report on C-1 delivered on 2026-03-01"),
    ("deposit bounce D-1 --from C-1 --reason 'no funds' --on 2026-03-01", "deposit D-1 on C-1 bounced"),
    ("entry reverse 'entries|I-1' --reason twice --on 2026-03-01", "entry entries|I-1 taken back as of 2026-03-01"),
    ("period close 2026-01-31 --by treasurer", "closed through 2026-01-31"),
    ("round appeal A-1 R1 R-4 --grounds unfair --on 2026-02-05", "appeal A-1 filed against round R1, request R-4"),
]  # fmt: skip


def entries_named(book: Path, told: str) -> str:
    """Return the outcome of a command without the entries that it names, which must be all that it posted."""
    with duckdb.connect(str(book), read_only=True) as connection:
        rows = connection.execute(
            "select entry_id, reference from ledger.entry "
            "where log_id = (select max(log_id) from ledger.log) order by entry_id"
        ).fetchall()
    named = "; ".join(f"entry {number}, {reference}" for number, reference in rows)
    outcome = told.splitlines()[-1]
    if not named or outcome.startswith("closed through"):  # a closing tells what it revalued instead
        return f"{outcome}\n"
    assert outcome.endswith(f": {named}"), (outcome, named)
    return outcome.removesuffix(f": {named}") + "\n"


@pytest.mark.parametrize(("command", "said"), ACTS, ids=[command for command, _ in ACTS])
def test_a_command_says_what_it_did_keeps_it_and_knows_it_the_second_time(book: Path, command: str, said: str) -> None:
    before = contents(book)
    tried = ran(*shlex.split(command), "--dry-run")
    assert (tried.code, tried.out) == (0, ""), tried.err
    assert tried.err.endswith(f"{said} (dry run: nothing kept)\n")
    assert contents(book) == before
    done = ran(*shlex.split(command))
    assert (done.code, done.out) == (0, ""), done.err
    assert entries_named(book, done.err) == f"{said}\n"
    after = contents(book)
    assert after != before
    again = ran(*shlex.split(command))
    assert (again.code, again.out, again.err) == (0, "", f"{said}: already there\n")
    assert contents(book) == after


LATER = [
    (("grant tranche G-1 1 --amount 1000 --condition 'a report' --on 2026-03-01",),
     "grant condition-met G-1 1 --source 'file 3' --on 2026-03-05", "condition of tranche 1 of G-1: met"),
    (("grant disburse G-1 --amount 5000 --on 2026-03-02",),
     "grant spend G-1 --direct 1000 --indirect 70 --on 2026-03-31",
     "provisional expenditure G-1 2026-03-31 on G-1: 1000 and 70 indirect"),
    (("grant disburse G-1 --amount 5000 --on 2026-03-02", "grant spend G-1 --direct 1000 --id E-1 --on 2026-03-31"),
     "grant spend G-1 --direct 1100 --final --replaces E-1 --id E-2 --on 2026-04-30",
     "final expenditure E-2 on G-1: 1100"),
    (("grant disburse G-1 --amount 5000 --on 2026-03-02",),
     "grant refund G-1 --amount 200 --on 2026-04-01", "refund of 200 on G-1"),
    (("grant disburse G-1 --amount 5000 --on 2026-03-02", "grant spend G-1 --direct 1000 --on 2026-03-31"),
     "grant disallow G-1 --amount 300 --reason travel --on 2026-04-05", "disallowed 300 of G-1"),
    (("grant disburse G-1 --amount 5000 --on 2026-03-02", "grant spend G-1 --direct 1000 --on 2026-03-31",
      "grant disallow G-1 --amount 300 --reason travel --on 2026-04-05"),
     "grant recover G-1 --amount 300 --on 2026-04-20", "recovered 300 on G-1"),
    (("grant flag G-1 --reason 'receipts are missing' --on 2026-03-02",),
     "grant unflag G-1 --reason 'they came' --on 2026-03-09", "audit flag on G-1 lifted"),
    (("grant release G-1 --reason ended --on 2026-03-02", "grant close G-1 --reason ended --on 2026-03-03"),
     "grant close G-1 --financial --reason done --on 2026-03-04", "commitment G-1 closed: financial"),
    (("contribution return C-1 --amount 500 --reason unused --on 2026-03-01",),
     "contribution refund C-1 --amount 500 --on 2026-03-02", "500 of C-1 given back to its donor"),
    (("period close 2026-01-31 --by treasurer",),
     "period reopen 2026-01-15 --reason 'a charge was found'", "open from 2026-01-15 on"),
    (("import contributions pledge.csv --on 2026-03-01", "import deposits early.csv --on 2026-03-02",
      "import contributions signed.csv --on 2026-03-03"),
     "deposit apply D-9 --from C-9 --on 2026-03-05", "all that waited of deposit D-9 applied to C-9"),
    (("import contributions conditional.csv --on 2026-03-03",),
     "contribution condition-met C-9 law --amount 400 --source letter --on 2026-03-05",
     "condition law of C-9 met: 400 is free"),
    (("round appeal A-1 R1 R-4 --grounds unfair --on 2026-02-05",),
     "round decide-appeal A-1 --uphold --reason right --by panel --on 2026-02-20",
     "appeal A-1 upheld, by panel: R-4 may stand in the next round that is opened"),
]  # fmt: skip
_SIGNED = "contribution_id,donor,donor_kind,currency,amount,signed_on,stage,conditional\n"
MORE_FILES = {
    "pledge.csv": f"{_SIGNED}C-9,Sylvania,state,USD,1000.00,,pledge,no\n",
    "signed.csv": f"{_SIGNED}C-9,Sylvania,state,USD,1000.00,2026-03-03,agreement,no\n",
    "conditional.csv": f"{_SIGNED}C-9,Sylvania,state,USD,1000.00,2026-03-03,agreement,yes\n",
    "early.csv": "deposit_id,contribution_id,received_on,currency,amount\nD-9,C-9,2026-03-02,USD,600.00\n",
}


@pytest.mark.parametrize(("before", "command", "said"), LATER, ids=[command for _, command, _ in LATER])
def test_what_follows_other_commands_is_said_kept_and_known_too(
    book: Path, before: tuple[str, ...], command: str, said: str
) -> None:
    for name, text in MORE_FILES.items():
        (book.parent / name).write_text(text, "utf-8")
    for earlier in before:
        assert ran(*shlex.split(earlier)).code == 0, earlier
    stood = contents(book)
    assert ran(*shlex.split(command), "--dry-run").err == f"{said} (dry run: nothing kept)\n"
    assert contents(book) == stood
    assert entries_named(book, ran(*shlex.split(command)).err) == f"{said}\n"
    again = ran(*shlex.split(command))
    assert again.code == 0
    assert again.err.endswith(": already there\n")


REFUSED = [
    ("grant disburse G-9 --amount 5 --on 2026-03-01", "there is no signed commitment G-9", "commitment-unknown"),
    ("grant disburse G-1 --amount 5,000 --on 2026-03-01", "has a comma", "amount-invalid"),
    ("grant disburse G-1 --amount 5.001 --on 2026-03-01", "more decimal places", "amount-too-fine"),
    ("grant disburse G-1 --amount -5 --on 2026-03-01", "is not above 0", "amount-out-of-range"),
    ("grant disburse G-1 --amount 5 --currency XXQ --on 2026-03-01", "is not a known currency", "currency-unknown"),
    ("grant disburse G-1 --amount 5 --currency JPY --on 2026-03-01", "there is no rate for JPY", "rate-missing"),
    ("grant disburse G-1 --amount 5 --bank sub --on 2026-03-01", "no account sub at a bank", "bank-unknown"),
    ("grant disburse G-1 --amount 142501 --on 2026-03-01", "left to disburse or release", "committed-exceeded"),
    ("grant disburse G-1 --amount 5 --on 01.03.2026", "is not a date", "date-invalid"),
    ("grant disburse G-1 --amount 5 --on 2026-01-01", "was signed on 2026-02-03", "before-commitment"),
    ("grant disburse G-1 --amount 5 --id 'a=b' --on 2026-03-01", "contains =", "id-invalid"),
    ("grant commit R-1 --id G-2 --implementer trust --on 2026-03-01", "neither its amount nor its share",
     "amount-or-share"),
    ("grant commit R-1 --id G-2 --implementer nobody --amount 5 --on 2026-03-01", "was never looked into",
     "clearance-missing"),
    ("grant commit R-4 --id G-2 --implementer trust --amount 5 --on 2026-03-01", "nothing is allocated to R-4",
     "nothing-allocated"),
    ("grant spend G-1 --direct 5 --on 2026-03-01", "and 5.00 is reported as spent", "advance-exceeded"),
    ("grant override G-1 money --reason why", "no rule of grants is called money", "grant-refused"),
    ("grant override G-1 days --reason why --on 2026-03-02 --until 2026-03-01", "before they begin", "grant-refused"),
    ("grant override G-9 days --reason why", "there is no commitment G-9", "commitment-unknown"),
    ("grant flag G-9 --reason why", "there is no commitment G-9", "commitment-unknown"),
    ("grant close G-1 --financial --reason why", "cannot be closed financially", "closure-refused"),
    ("grant extend G-1 --until 2099-01-01x --reason why", "is not a date", "date-invalid"),
    ("grant show G-9", "there is no commitment G-9 in the book", "report-subject-unknown"),
    ("grant show G-1 --table none", "has no table none", "report-table-unknown"),
    ("contribution show C-9", "there is no contribution C-9 in the book", "report-subject-unknown"),
    ("contribution reschedule C-9 anew.csv --reason why", "the book has no contribution C-9", "contribution-unknown"),
    ("contribution reschedule C-2 anew.csv --reason why", "the row is of C-1", "input-refused"),
    ("contribution return C-9 --reason why", "the book has no contribution C-9", "contribution-unknown"),
    ("contribution return C-9 --amount 5 --reason why", "the book has no contribution C-9", "contribution-unknown"),
    ("contribution return FACILITY --reason why", "has no donor", "contribution-unknown"),
    ("contribution refund C-9 --amount 5", "the book has no contribution C-9", "contribution-unknown"),
    ("contribution write-off C-9 --amount 5 --reason why", "no signed contribution C-9", "contribution-unknown"),
    ("contribution write-off C-1 --amount 9999999 --reason why", "is outstanding", "write-off-exceeded"),
    ("contribution refund C-1 --amount 5", "would be given back", "donor-refund-exceeded"),
    ("contribution condition-met C-1 law --amount 5 --source x", "is not a signed agreement with conditions",
     "contribution-unconditional"),
    ("contribution note C-1 N-1 --amount 9999999", "is outstanding", "note-exceeds-contribution"),
    ("contribution close C-1 --reason why", "cannot be closed", "contribution-open"),
    ("contribution close C-9 --reason why", "the book has no contribution C-9", "contribution-unknown"),
    ("contribution close FACILITY --reason why", "is the facility's own line", "contribution-unknown"),
    ("contribution reported C-9", "the book has no contribution C-9", "contribution-unknown"),
    ("deposit apply D-1 --from C-1", "nothing of deposit D-1 on C-1 waits", "nothing-unapplied"),
    ("deposit bounce D-9 --from C-1 --reason why", "no deposit D-9 on C-1", "deposit-unknown"),
    ("entry reverse 9999 --reason why", "the book has no entry 9999", "entry-unknown"),
    ("entry reverse 1 --reason why", "which is not reversed", "reversal-refused"),
    ("entry reverse 'entries|I-1' --reason why --on 2026-01-01", "is of 2026-02-09", "reversal-before-entry"),
    ("period close 2026-13-01", "is not a date", "date-invalid"),
    ("period reopen 2026-01-01 --reason why", "no period is closed", "period-refused"),
    ("round appeal A-1 R9 R-4 --grounds why", "the book has no round R9", "round-unknown"),
    ("round appeal A-1 R1 R-9 --grounds why", "did not decide on request R-9", "appeal-refused"),
    ("round decide-appeal A-9 --dismiss --reason why", "there is no appeal A-9", "appeal-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "fact", "code"), REFUSED, ids=[command for command, _, _ in REFUSED])
def test_a_bad_word_is_refused_with_its_remedy_and_leaves_the_book(
    book: Path, command: str, fact: str, code: str
) -> None:
    before = contents(book)
    done = ran(*shlex.split(command))
    assert (done.code, done.out) == (1, ""), done
    assert fact in done.err
    assert f"\n  code: {code}\n" in done.err
    assert "\n  remedy: " in done.err
    assert contents(book) == before


SLIPS = [
    "grant flag G-1 --reason ' '", "grant close G-1", "grant tranche G-1 one --amount 5",
    "contribution close C-1 --reason ''",
    "round appeal A-1 R1 R-4 --grounds ' '", "round decide-appeal A-1 --reason why",
    "round decide-appeal A-1 --uphold --dismiss --reason why",
    "round decide-appeal A-1 --dismiss --round R2 --reason why",
    "entry reverse 1", "grant disburse G-1",
]  # fmt: skip


@pytest.mark.parametrize("command", SLIPS)
def test_a_slip_in_the_command_is_told_before_the_book_is_opened(book: Path, command: str) -> None:
    before = contents(book)
    done = ran(*shlex.split(command))
    assert (done.code, done.out) == (2, "")
    assert "Usage: " in done.err
    assert contents(book) == before


def test_an_agreement_is_shown_whole_table_by_table_and_in_json(book: Path) -> None:
    assert ran("grant", "disburse", "G-1", "--amount", "5000", "--on", "2026-03-02").code == 0
    shown = ran("grant", "show", "g-1").out
    assert shown.startswith("Grant agreement G-1\n")
    assert "\nWhose money it is, USD\n" in shown
    assert "Tranches" not in shown  # tables without rows are left out
    whole = json.loads(ran("grant", "show", "G-1", "--format", "json").out)
    assert whole["tables"]["agreement"][0]["disbursed"] == "5000.00"
    assert [one["kind"] for one in whole["tables"]["movements"]] == ["commitment", "disbursement"]
    paid = sum(float(one["disbursed"]) for one in whole["tables"]["payers"])
    assert paid == 5000
    rows = ran("grant", "show", "G-1", "--table", "clearances", "--format", "csv").out.splitlines()
    assert rows[0] == "clearance,cleared_on,outcome,valid_until,source"
    assert len(rows) == 4
    assert ran("grant", "show", "G-1", "--format", "csv").out.splitlines()[1].startswith("G-1,running,R-1,")
    assert json.loads(ran("grant", "list", "--format", "json").out)[0]["commitment_id"] == "G-1"


def test_the_entry_that_a_command_names_can_be_shown(book: Path) -> None:
    done = ran("grant", "disburse", "G-1", "--amount", "5000", "--on", "2026-03-02")
    told, number, reference = re.fullmatch(r"(.+): entry (\d+), (.+)\n", done.err).groups()  # type: ignore[union-attr]
    assert (told, reference) == ("disbursed 5000 on G-1", "disbursement|G-1 2026-03-02")
    by_number, by_reference = (ran("entry", "show", name).out for name in (number, reference))
    assert by_number == by_reference
    assert "disbursement" in by_number
    amended = ran("contribution", "amend", "C-1", "--amount", "650000", "--reason", "more", "--on", "2026-03-03")
    assert re.fullmatch(
        r"contribution C-1 amended: version 2 of its terms: entry \d+, amendment\|C-1\|2\n", amended.err
    )
    kept = ran("contribution", "amend", "C-1", "--use-by", "2030-01-01", "--reason", "later", "--on", "2026-03-03")
    assert kept.err == "contribution C-1 amended: version 3 of its terms\n"


def test_a_contribution_is_shown_whole_table_by_table_and_in_json(book: Path) -> None:
    assert ran("contribution", "amend", "C-1", "--amount", "650000", "--reason", "more", "--on", "2026-03-01").code == 0
    shown = ran("contribution", "show", "C-1").out
    assert shown.startswith("Contribution C-1\n")
    assert "\nVersions of its terms\n" in shown
    whole = json.loads(ran("contribution", "show", "C-1", "--format", "json").out)
    assert [one["amount"] for one in whole["tables"]["terms"]] == ["600000.00", "650000.00"]
    assert whole["tables"]["contribution"][0]["signed"] == "650000.00"
    assert ran("contribution", "show", "C-1", "--table", "deposits", "--format", "csv").out.count("\n") == 2
    listed = json.loads(ran("contribution", "list", "--format", "json").out)
    assert [one["contribution_id"] for one in listed] == ["C-1", "C-2", "C-3", "FACILITY"]


def test_an_upheld_appeal_leads_to_a_round_that_takes_the_request_again(book: Path) -> None:
    for line in (
        "round appeal A-1 R1 R-4 --grounds unfair --on 2026-02-05",
        "import deposits deposits_later.csv --on 2026-02-20",
        "round open R2 --policy policy_small.toml --on 2026-03-02",
    ):
        done = ran(*shlex.split(line))
        assert done.code == 0, done.err
    uphold = ("round", "decide-appeal", "A-1", "--uphold", "--reason", "right", "--by", "panel", "--on", "2026-03-03")
    same = ran(*uphold, "--round", "R1")
    assert "a round is decided once" in same.err
    assert "code: new-round-unfit" in same.err
    assert "code: round-unknown" in ran(*uphold, "--round", "R9").err
    done = ran(*uphold, "--round", "R2")
    assert done.err == "appeal A-1 upheld, by panel: R-4 is decided on again in round R2\n"
    assert ran(*uphold, "--round", "R2").err == "appeal A-1 upheld, by panel: already there\n"
    listed = json.loads(ran("round", "appeals", "--format", "json").out)
    assert [(one["appeal"], one["outcome"], one["new_round"]) for one in listed] == [("A-1", "upheld", "R2")]


def test_whoever_recorded_an_appeal_does_not_decide_on_it(book: Path) -> None:
    assert ran("round", "appeal", "A-1", "R1", "R-1", "--grounds", "too little", "--on", "2026-02-05").code == 0
    done = ran("round", "decide-appeal", "A-1", "--dismiss", "--reason", "why")
    assert "manager recorded appeal A-1, and would decide it" in done.err
    dismissed = ran("round", "decide-appeal", "A-1", "--dismiss", "--reason", "why", "--by", "panel")
    assert dismissed.err == "appeal A-1 dismissed, by panel\n"


def test_a_request_that_was_funded_keeps_its_award_after_its_appeal(book: Path) -> None:
    assert ran("round", "appeal", "A-1", "R1", "R-1", "--grounds", "too little", "--on", "2026-02-05").code == 0
    done = ran("round", "decide-appeal", "A-1", "--uphold", "--reason", "why", "--by", "panel")
    assert done.err.startswith("appeal A-1 upheld, by panel: R-1 keeps its award; what it lacks may stand ")


def test_a_closing_tells_what_it_revalued_and_periods_are_listed(book: Path) -> None:
    assert ran("period", "close", "2026-02-15", "--by", "treasurer").code == 0
    late = ran("grant", "disburse", "G-1", "--amount", "5", "--on", "2026-02-15")
    assert "the book is closed through 2026-02-15" in late.err
    assert "code: period-closed" in late.err
    listed = json.loads(ran("period", "list", "--format", "json").out)
    assert [(one["event"], one["through"], one["decided_by"]) for one in listed] == [
        ("closed", "2026-02-15", "treasurer")
    ]
    assert ran("period", "revalue", "2026-03-01", "--format", "json").out.startswith("[")
