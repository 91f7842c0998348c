"""Bad cells, bad rows, objections of the book and overdrafts stand in one report, each once and none by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import ON, balance, contribution, counts, deposit, entry, file_of, rate, refusal, request, score, state, take

from allocation.policy_file import PolicyInvalid
from facility.usecases.import_file import import_files
from facility.usecases.rounds import open_from_policy
from ledgers.errors import Finding, InputRefused
from ledgers.journal.batch import Batch
from ledgers.store import Book


def _brief(found: tuple[Finding, ...]) -> list[tuple[int | None, str | None, str]]:
    assert all(one.severity == "error" for one in found)
    return [(one.line, one.column, one.code) for one in found]


def _refused(book: Book, kind: str, *files: Path, dry_run: bool = False) -> InputRefused:
    before = state(book)
    with pytest.raises(InputRefused) as refused:
        import_files(book, kind, files, on=ON, actor="ada", dry_run=dry_run)
    assert state(book) == before
    return refused.value


def test_contributions_with_bad_cells_bad_rows_and_objections_of_the_book(book: Book) -> None:
    take(book, "contributions", contribution())
    rows = [
        contribution("C2", amount="1,5"),
        contribution("C3"),
        contribution("C1", amount="999.00"),
        contribution("C3", amount="5.00"),
        contribution("C4", currency="EUR"),
        contribution("C5", donor_kind="foundation"),
    ]
    assert _brief(refusal(book, "contributions", *rows)) == [
        (2, "amount", "amount-invalid"),
        (4, "contribution_id", "contribution-conflict"),
        (5, "contribution_id", "key-repeated"),
        (6, "currency", "rate-missing"),
        (7, "donor_kind", "donor-of-two-kinds"),
    ]


def test_deposits_with_bad_cells_bad_rows_and_objections_of_the_book(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    rows = [
        deposit("D2", received_on="1 March"),
        deposit("D3", "C9"),
        deposit("D1", amount="5.00"),
        deposit("D4", amount="1.00"),
        deposit("D4", amount="2.00"),
        deposit("D5", amount="1.00", applied_amount="2.00"),
    ]
    assert _brief(refusal(book, "deposits", *rows)) == [
        (2, "received_on", "date-invalid"),
        (3, "contribution_id", "contribution-unknown"),
        (4, "deposit_id", "deposit-conflict"),
        (6, "deposit_id", "key-repeated"),
        (7, "applied_amount", "applied-exceeds-deposit"),
    ]


def test_requests_with_bad_cells_bad_rows_and_objections_of_the_book(book: Book) -> None:
    take(book, "requests", request())
    rows = [
        request("R2", window="x"),
        request("R3", amount_minimum="500.00"),
        request("R1", amount_requested="1.00"),
        request("R4", continues="R9"),
        request("R5", currency="EUR"),
        request("r1"),
    ]
    assert _brief(refusal(book, "requests", *rows)) == [
        (2, "window", "value-unknown"),
        (3, "amount_minimum", "minimum-above-ask"),
        (4, "request_id", "request-conflict"),
        (5, "continues", "request-unknown"),
        (6, "currency", "rate-missing"),
        (7, "request_id", "key-repeated"),
    ]


def test_scores_and_rates_with_bad_cells_and_objections_of_the_book(book: Book) -> None:
    assert _brief(refusal(book, "scores", score("R1", "a", "need", "x"), score("R2", "a", "need", "1"))) == [
        (2, "score", "number-invalid"),
        (3, "request_id", "request-unknown"),
    ]
    take(book, "rates", rate())
    assert _brief(refusal(book, "rates", rate("EUR", "2024-13-01"), rate(units="0.9"), rate("USD"))) == [
        (2, "rate_date", "date-invalid"),
        (3, "units_per_base", "rate-conflict"),
        (4, "currency", "rate-of-base"),
    ]


def test_entries_with_bad_cells_objections_of_the_book_and_overdrafts(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    rows = [
        entry("E1", entry_date="soon"),
        entry("E2", "administration", "1.00", contribution_id="C1"),
        entry("E3", "transfer", "1.00", request_id="R9"),
        entry("E4", "administration", "1000.01", purpose="p", contribution_id="C1"),
        entry("E5", "administration", "5.00", purpose="q", contribution_id="C9"),
    ]
    assert _brief(refusal(book, "entries", *rows)) == [
        (2, "entry_date", "date-invalid"),
        (3, "kind", "movement-unclear"),
        (4, "request_id", "request-unknown"),
        (5, "contribution_id", "available-exceeded"),
        (6, "contribution_id", "contribution-unknown"),
    ]
    assert balance(book, "budget:available", "C1") == 1000


def test_a_dry_run_tells_the_same(book: Book) -> None:
    path = file_of(book, "requests", request("R2", window="x"), request("R4", continues="R9"))
    told, again = (_refused(book, "requests", path, dry_run=dry_run) for dry_run in (False, True))
    assert told.findings == again.findings
    assert told.context == again.context
    assert told.message == again.message == f"2 errors in {path}; nothing was written"


def test_a_file_that_cannot_be_read_hides_nothing_of_the_others(book: Book) -> None:
    good = file_of(book, "requests", request("R1"), request("R2", currency="EUR"), request("R3", merit="x"))
    bad = good.with_name("missing.csv")
    assert [(one.file, one.line, one.code) for one in _refused(book, "requests", bad, good).findings] == sorted(
        [(str(bad), None, "file-missing"), (str(good), 3, "rate-missing"), (str(good), 4, "number-invalid")]
    )


def test_a_row_that_stands_in_two_files_is_told_beside_the_other_errors(book: Book) -> None:
    first = file_of(book, "requests", request("R1", merit="x"), request("R2"))
    second = file_of(book, "requests", request("R1"), request("R3", currency="EUR"), request("r1"))
    assert [(one.file, one.line, one.code) for one in _refused(book, "requests", first, second).findings] == sorted(
        [
            (str(first), 2, "number-invalid"),
            (str(second), 2, "key-repeated"),
            (str(second), 3, "rate-missing"),
            (str(second), 4, "key-repeated"),
        ]
    )


def test_one_file_named_twice_is_taken_once(book: Book) -> None:
    path = file_of(book, "requests", request("R1"), request("R2"))
    assert counts(import_files(book, "requests", [path, path], on=ON, actor="ada")) == (2, 0)


def test_a_request_that_continues_a_bad_row_is_not_told_for_it(book: Book) -> None:
    rows = [request("R1", window="x"), request("R2", continues="R1"), request("R3", continues="R9")]
    assert _brief(refusal(book, "requests", *rows)) == [
        (2, "window", "value-unknown"),
        (4, "continues", "request-unknown"),
    ]
    nameless = [request("R 1;"), request("R3", continues="R9")]
    assert _brief(refusal(book, "requests", *nameless)) == [(2, "request_id", "id-invalid")]


def test_a_movement_of_what_a_bad_row_would_have_brought_is_not_told_for_it(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit(amount="100.00"))
    bad = entry("E1", "administration", "50.00", purpose="p", contribution_id="C1", entry_date="soon")
    moved = entry("E2", "transfer", "50.00", purpose="p")
    elsewhere = entry("E3", "transfer", "50.00", purpose="q")
    assert _brief(refusal(book, "entries", bad, moved, elsewhere)) == [
        (2, "entry_date", "date-invalid"),
        (4, "purpose", "nothing-allocated"),
    ]
    interest = entry("E1", amount="50.00", entry_date="soon")
    spent = entry("E2", "administration", "50.00", purpose="p")
    over = entry("E3", "administration", "100.01", purpose="p", contribution_id="C1")
    assert _brief(refusal(book, "entries", interest, spent, over)) == [
        (2, "entry_date", "date-invalid"),
        (4, "contribution_id", "available-exceeded"),
    ]


def test_rows_without_a_column_they_need_are_not_compared(book: Book) -> None:
    take(book, "requests", request("R1"))
    rows = [{name: cell for name, cell in request("R1").items() if name != "merit"} | {"merti": "50"}]
    assert _brief(refusal(book, "requests", *rows)) == [(1, "merti", "column-unknown")]
    rows = [{name: cell for name, cell in request("R1").items() if name != "title"}]
    assert _brief(refusal(book, "requests", *rows)) == [(1, "title", "column-missing")]
    rows = [request("R2", currency="EUR", colour="blue")]
    assert _brief(refusal(book, "requests", *rows)) == [
        (1, "colour", "column-unknown"),
        (2, "currency", "rate-missing"),
    ]


def test_the_report_quotes_the_cells_as_the_file_has_them(book: Book) -> None:
    take(book, "requests", request("R1", merit="39.1"))
    path = file_of(book, "requests", request("R1", merit="39.1", amount_requested="400.5"))
    refused = _refused(book, "requests", path)
    assert refused.context[str(path), 2]["merit"] == "39.1"
    assert refused.context[str(path), 2]["amount_requested"] == "400.5"
    take(book, "rates", rate(units="0.5"))
    (found,) = refusal(book, "rates", rate(units="0.80"))
    assert (found.column, found.value) == ("units_per_base", "0.80")


def test_a_pledge_needs_no_day_of_signing_and_an_agreement_does(book: Book) -> None:
    pledge = contribution("C1", stage="pledge", signed_on="")
    (found,) = refusal(book, "contributions", pledge, contribution("C2", signed_on=""))
    assert (found.line, found.column, found.code, found.reason, found.remedy) == (
        3,
        "signed_on",
        "cell-empty",
        "an agreement needs the day of its signing, and the cell is empty",
        "fill the cell, or write pledge under stage while nothing is signed",
    )
    undated = {name: cell for name, cell in pledge.items() if name != "signed_on"}
    assert _brief(refusal(book, "contributions", undated, undated | {"contribution_id": "C2", "stage": ""})) == [
        (1, "signed_on", "column-missing")
    ]
    assert counts(take(book, "contributions", undated)) == (1, 0)
    assert counts(take(book, "contributions", pledge)) == (0, 1)
    dates = book.connection.execute("select entry_date from ledger.entry where kind = 'pledge'").fetchall()
    assert dates == [(ON,)]
    assert counts(take(book, "contributions", contribution("C1"))) == (1, 0)
    assert balance(book, "asset:receivable", "C1") == 1000


def test_a_row_that_cannot_be_read_may_be_the_one_that_others_miss(book: Book) -> None:
    path = file_of(book, "requests", request("R2", continues="R1"), request("R3", currency="EUR"))
    path.write_text(path.read_text(encoding="utf-8") + "R1,too,few\n", encoding="utf-8")
    assert _brief(_refused(book, "requests", path).findings) == [
        (3, "currency", "rate-missing"),
        (4, None, "row-ragged"),
    ]


def test_a_policy_in_another_currency_is_told_with_its_other_errors(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('currency = "EUR"\nobjectives = ["merit"]\nsignatures = 2\n', encoding="utf-8")
    with pytest.raises(PolicyInvalid) as refused:
        open_from_policy(book, "A", path, on=ON, actor="ada")
    assert len(refused.value.problems) == 2
    assert "signatures" in refused.value.problems[0]
    assert refused.value.problems[1] == (
        'currency: EUR, and the book counts in USD; write currency = "USD" and state amounts in it'
    )


def test_a_finding_about_no_row_of_the_batch_ends_the_asking_and_is_told_once(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Batch.findings
    asked = []

    def findings(batch: Batch, name: str) -> list[Finding]:
        found = plain(batch, name)
        if name == "movements/refused":
            asked.append(name)
            assert len(asked) < 5, "asked for ever"
            found.append(Finding("rate-missing", "error", "", None, None, None, "said of the whole", "nothing helps"))
        return found

    monkeypatch.setattr(Batch, "findings", findings)
    found = refusal(book, "entries", entry("E1"), entry("E2", "interest", contribution_id="C9"))
    assert [(one.code, one.line) for one in found] == [("rate-missing", None), ("contribution-unknown", 3)]
    assert len(asked) == 2
