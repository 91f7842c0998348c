"""The same row again is already there, whatever road it comes by; other content is a conflict."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from awards import (
    clearance,
    cleared,
    commitment,
    condition_met,
    disallowance,
    disbursement,
    expenditure,
    funded,
    only,
    recovery,
    refund,
    release,
    reversal,
    tranche,
)
from books import ON, contribution, corrupt, counts, deposit, entry, file_of, refusal, request, state, take

from facility.usecases.import_file import import_files
from facility.usecases.record import record
from ledgers.errors import InputRefused
from ledgers.store import Book

pytestmark = pytest.mark.nightly  # every cell of every kind, twice

LIFE: list[tuple[str, dict[str, object]]] = [
    ("clearances", clearance("I1", "sanctions")),
    ("clearances", clearance("I1", "due-diligence", valid_until="2025-01-01")),
    ("clearances", clearance("I1", "accountability")),
    ("commitments", commitment(share="100%", ends_on="2024-12-31")),
    ("tranches", tranche(1, "250.00", condition="plan")),
    ("conditions_met", condition_met(1)),
    ("disbursements", disbursement(tranche=1, note="first")),
    ("expenditures", expenditure("90.00", indirect="6.30", spent_from="2024-03-04")),
    ("expenditures", expenditure("100.00", "X2", indirect="7.00", status="final", replaces="X1")),
    ("refunds", refund()),
    ("releases", release()),
    ("disallowances", disallowance()),
    ("recoveries", recovery("39.00")),
    ("reversals", reversal("recovery|V1")),
]
"""The life of an award, one row a step."""


def _row(cells: dict[str, object]) -> dict[str, str | None]:
    return {name: str(cell) for name, cell in cells.items()}


@pytest.fixture(scope="module")
def lived(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a book with that life, taken in from files."""
    path = tmp_path_factory.mktemp("lived") / "book.duckdb"
    path.write_bytes(new_book_file.read_bytes())
    with Book.open(path, writable=True) as book:
        funded(book, {"C1": "100.00", "C2": "200.00"})
        for kind, row in LIFE:
            assert counts(take(book, kind, row)) == (1, 0)
    return path


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    path = tmp_path / "book.duckdb"
    path.write_bytes(lived.read_bytes())
    return path


def test_every_step_again_is_already_there(copy: Path) -> None:
    with Book.open(copy, writable=True) as book:
        before = state(book)
        for kind, row in LIFE:
            assert counts(take(book, kind, row)) == (0, 1), kind
        assert state(book) == before


def test_every_step_again_as_a_command_is_already_there(copy: Path) -> None:
    with Book.open(copy, writable=True) as book:
        before = state(book)
        for kind, row in LIFE:
            assert record(book, kind, _row(row), on=ON, actor="ada", command="x") == (False, ()), kind
        assert state(book) == before


def test_the_same_life_by_commands_is_the_same_book(copy: Path, book: Book) -> None:
    funded(book, {"C1": "100.00", "C2": "200.00"})
    path = book.path
    book.close()
    lines = (
        "select reference, kind, entry_date, digest, account, currency, amount, base_amount, contribution_id, "
        "request_id, party_id, commitment_id from ledger.entry join ledger.posting using (entry_id) "
        "order by reference, line"
    )
    with Book.open(path, writable=True) as other:
        for kind, row in LIFE:
            assert record(other, kind, _row(row), on=ON, actor="ada", command="x")[0], kind
        mine = other.connection.execute(lines).fetchall()
    with Book.open(copy, writable=False) as known:
        assert mine == known.connection.execute(lines).fetchall()


@pytest.mark.parametrize(
    ("kind", "row", "changes"),
    [
        (
            "disbursements",
            disbursement(tranche=1, note="first"),
            ({"amount": "199.99"}, {"paid_on": "2024-03-05"}, {"note": "n"}, {"bank": "main"}, {"tranche": None}),
        ),
        ("refunds", refund(), ({"amount": "30.01"}, {"received_on": "2024-03-07"}, {"note": "n"}, {"bank": "main"})),
        ("releases", release(), ({"amount": "99.99"}, {"released_on": "2024-03-08"}, {"reason": "other"})),
        ("disallowances", disallowance(), ({"amount": "40.01"}, {"decided_on": "2024-03-09"}, {"reason": "other"})),
        ("recoveries", recovery("39.00"), ({"amount": "39.01"}, {"received_on": "2024-03-10"}, {"note": "n"})),
    ],
)
def test_other_content_under_a_known_id_is_a_conflict(
    copy: Path, kind: str, row: dict[str, object], changes: tuple[dict[str, object], ...]
) -> None:
    with Book.open(copy, writable=True) as book:
        for change in changes:
            found = refusal(book, kind, {**row, **change})
            name = str(next(iter(row.values())))
            assert ("entry-conflict", f"entry {name} is already in the book with other content") in [
                (one.code, one.reason) for one in found
            ], change


def test_a_release_of_all_is_known_by_what_it_released(copy: Path) -> None:
    with Book.open(copy, writable=True) as book:
        assert counts(take(book, "releases", release(amount="100.00"))) == (0, 1)


OLD: list[dict[str, object]] = [
    entry("E1", "interest", "3.00"),
    entry("E2", "interest", "-1.00", narration="a fee of the bank"),
    entry("E3", "administration", "30.00", purpose="p", contribution_id="C1"),
    entry("E4", "administration", "10.00", purpose="p", contribution_id="C2"),
    entry("E5", "cancellation", "4.00", purpose="p"),
    entry("E6", "transfer", "8.00", purpose="p"),
    entry("E7", "cancellation", "2.00", purpose="p", contribution_id="C1"),
]


@pytest.fixture(scope="module")
def old(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book whose entries were made before movements had rows of their own."""
    path = tmp_path_factory.mktemp("old") / "book.duckdb"
    path.write_bytes(new_book_file.read_bytes())
    with Book.open(path, writable=True) as book:
        take(book, "contributions", contribution("C1"), contribution("C2"))
        take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
        take(book, "entries", *OLD)
        corrupt(book, "movement", "delete from ledger.movement")
    return path


@pytest.fixture
def old_book(old: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    path = tmp_path / "book.duckdb"
    path.write_bytes(old.read_bytes())
    return path


def test_a_book_of_an_earlier_version_knows_its_entries(old_book: Path) -> None:
    with Book.open(old_book, writable=True) as book:
        before = state(book)
        assert counts(take(book, "entries", *OLD)) == (0, len(OLD))
        assert state(book) == before
        assert counts(take(book, "entries", *OLD, entry("E8", "transfer", "1.00", purpose="p"))) == (1, len(OLD))
        assert counts(take(book, "entries", *OLD, entry("E8", "transfer", "1.00", purpose="p"))) == (0, len(OLD) + 1)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (0, {"amount": "3.01"}),
        (0, {"entry_date": "2024-03-02"}),
        (0, {"narration": "n"}),
        (1, {"amount": "1.00"}),
        (2, {"contribution_id": "C2"}),
        (2, {"purpose": "q"}),
        (4, {"amount": "4.01"}),
        (4, {"kind": "transfer"}),
        (4, {"contribution_id": "C1"}),
        (5, {"amount": "7.99"}),
        (6, {"contribution_id": "C2"}),
    ],
)
def test_a_book_of_an_earlier_version_knows_other_content(
    old_book: Path, number: int, change: dict[str, object]
) -> None:
    row = {**OLD[number], **change}
    with Book.open(old_book, writable=True) as book:
        assert only(book, "entries", row) == (
            "entry-conflict",
            2,
            "reference",
            f"entry {row['reference']} is already in the book with other content",
            "give another movement another reference",
        )


def test_a_file_of_which_one_row_is_refused_leaves_the_book_as_it_was(book: Book) -> None:
    funded(book, {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment())
    before = state(book)
    good, bad = disbursement("10.00", "P1"), disbursement("10.00", "P2", commitment_id="K9")
    for rows in ((good, bad), (bad, good)):
        found = refusal(book, "disbursements", *rows)
        assert [(one.code, one.line) for one in found] == [("commitment-unknown", rows.index(bad) + 2)]
    unread = {**disbursement("10.00", "P3"), "paid_on": "soon"}
    assert [one.code for one in refusal(book, "disbursements", good, unread)] == ["date-invalid"]
    assert counts(take(book, "disbursements", good, dry_run=True)) == (1, 0)
    assert state(book) == before


def test_two_files_are_taken_together_or_not_at_all(book: Book) -> None:
    funded(book, {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment())
    first = file_of(book, "disbursements", disbursement("200.00", "P1"))
    second = file_of(book, "disbursements", disbursement("100.01", "P2", paid_on="2024-03-05"))
    before = state(book)
    with pytest.raises(InputRefused) as refused:
        import_files(book, "disbursements", [second, first], on=ON, actor="ada")
    assert {(one.file, one.code, one.reason) for one in refused.value.findings} == {
        (str(path), "committed-exceeded", "commitment K1 has 300.00 left to disburse or release, and 300.01 is asked")
        for path in (first, second)
    }
    assert state(book) == before


def test_nothing_moves_inside_a_closed_period(book: Book) -> None:
    from ledgers.life.periods import close_period

    funded(book, {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment())
    with book.lane(actor="ada", command="close") as lane:
        assert close_period(book, lane, date(2024, 3, 4), reason="month")
    assert only(book, "disbursements", disbursement("1.00")) == (
        "period-closed",
        2,
        "entry_date",
        "the book is closed through 2024-03-04",
        "date it after that day, or reopen the period with a reason",
    )
    assert counts(take(book, "disbursements", disbursement("1.00", paid_on="2024-03-05"))) == (1, 0)


def test_a_bank_account_is_known_by_its_content(book: Book) -> None:
    row = {"bank": "second", "currency": "EUR", "name": "Euros", "opened_on": "2024-01-01"}
    assert counts(take(book, "banks", row)) == (1, 0)
    assert counts(take(book, "banks", row)) == (0, 1)
    found = [only(book, "banks", {**row, **change})[:2] for change in ({"currency": "USD"}, {"name": "x"})]
    assert found == [("bank-conflict", 2)] * 2


def test_a_request_that_only_other_files_know(book: Book) -> None:
    take(book, "requests", request())
    cleared(book)
    assert only(book, "commitments", commitment())[0] == "nothing-allocated"
