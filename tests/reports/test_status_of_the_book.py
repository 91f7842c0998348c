"""What needs attention: each kind is found in the two-year book with its day and amount, and goes when settled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from facility.usecases.status import ORDER, PACKAGE, Matter, status, status_table, status_text
from ledgers.store import Book
from ledgers.store.sql import texts_in
from reports.table import render

ON = date(2025, 12, 15)


@pytest.fixture(scope="module")
def matters(years: Book) -> list[Matter]:
    return status(years, on=ON)


def of(matters: list[Matter], what: str) -> list[tuple[str, date | None, Decimal | None]]:
    return [(each.subject, each.since, each.amount) for each in matters if each.what == what]


def test_every_query_has_its_place() -> None:
    assert sorted(ORDER) == sorted(name for name, _ in texts_in(PACKAGE))


def test_money_that_others_owe_is_found(matters: list[Matter]) -> None:
    assert of(matters, "instalment overdue") == [
        ("C-NOR", date(2025, 2, 15), Decimal("3000000.00")),
        ("C-BNK", date(2025, 10, 31), Decimal("400000.00")),
    ]
    assert ("G-1", date(2025, 1, 25), Decimal("250000.00")) in of(matters, "advance unspent")
    assert of(matters, "owed by an implementer") == [("G-3", date(2025, 4, 10), Decimal("15000.00"))]


def test_money_that_lacks_or_expires_is_found(matters: list[Matter]) -> None:
    assert of(matters, "contribution in deficit") == [
        ("C-FND", date(2025, 10, 5), Decimal("488789.90")),
        ("C-CAN", date(2024, 8, 20), Decimal("21483.90")),
    ]
    assert of(matters, "facility's own line negative") == [("FACILITY", date(2024, 12, 31), Decimal("86449.48"))]
    assert of(matters, "allocation not covered") == [("C-BNK", None, Decimal("1093717.84"))]
    assert of(matters, "money expired") == [("C-FND", date(2025, 6, 30), Decimal("215000.00"))]
    assert of(matters, "money expiring") == []


def test_money_expires_ninety_days_ahead(years: Book) -> None:
    found = {day: of(status(years, on=day), "money expiring") for day in (date(2025, 12, 30), date(2025, 12, 31))}
    assert found[date(2025, 12, 30)] == []
    assert [row[0] for row in found[date(2025, 12, 31)]] == ["C-GER"]


def test_what_waits_for_a_decision_is_found(matters: list[Matter]) -> None:
    assert of(matters, "round open") == [("C", date(2025, 11, 20), Decimal("1282843.99"))]
    assert of(matters, "tranche due, condition unmet") == [("G-1 3", date(2025, 11, 15), Decimal("150000.00"))]
    assert of(matters, "audit flag") == [("G-2", date(2025, 10, 1), Decimal("153999.75"))]
    assert of(matters, "open appeal") == [("APP-1", date(2025, 11, 2), None)]
    assert of(matters, "rule set aside") == [("G-1", date(2025, 11, 1), None)]


def test_late_reports_and_open_agreements_are_found(matters: list[Matter]) -> None:
    assert of(matters, "donor report overdue") == [("C-NOR", date(2025, 3, 31), None)]
    assert of(matters, "final report overdue") == [("G-2", date(2025, 9, 30), Decimal("120000.25"))]
    assert of(matters, "agreement ended, not closed") == [
        ("G-3", date(2025, 5, 31), Decimal("115000.00")),
        ("G-2", date(2025, 6, 30), Decimal("274000.00")),
    ]


def test_foreign_money_is_to_be_revalued_once_a_month_has_ended(years: Book) -> None:
    assert of(status(years, on=date(2025, 12, 31)), "foreign money not revalued") == []
    found = [row[0] for row in of(status(years, on=date(2026, 1, 2)), "foreign money not revalued")]
    assert found == ["EUR", "GBP", "JPY", "NOK"]


def _miscounted(book: Book) -> None:
    """Let the log count a row more, behind its guards."""
    guards = book.connection.execute("select trigger_name, sql from duckdb_triggers() where table_name = 'log'")
    found = guards.fetchall()
    for name, _ in found:
        book.connection.execute(f"drop trigger {name} on ledger.log")
    book.connection.execute("update ledger.log set new_count = new_count + 1 where log_id = 2")
    for _, text in found:
        book.connection.execute(text)


def test_checks_are_run_when_they_are_asked_for(years: Book, tmp_path: Path) -> None:
    years.connection.execute("checkpoint")
    path = Path(shutil.copy(years.path, tmp_path / "unsound.duckdb"))
    with Book.open(path, writable=True) as book:
        assert [each.what for each in status(book, on=ON, with_checks=True) if each.what == "check failed"] == []
        _miscounted(book)
        without, with_checks = (status(book, on=ON, with_checks=asked) for asked in (False, True))
    more = Counter(each.what for each in with_checks) - Counter(each.what for each in without)
    assert more == {"check failed": 1}
    assert [each.subject for each in with_checks if each.what == "check failed"] == ["log-counts"]


def test_each_matter_says_what_settles_it(matters: list[Matter]) -> None:
    assert all(each.detail and each.command for each in matters)
    text = status_text(matters, ON)
    assert text.startswith(f"{len(matters)} matters need attention on 2025-12-15.\n")
    assert max(map(len, text.splitlines())) <= 100
    rows = json.loads(render(status_table(matters, ON), "json"))
    assert rows[0] == {
        "what": "instalment overdue",
        "subject": "C-NOR",
        "since": "2025-02-15",
        "amount": "3000000.00",
        "currency": "NOK",
        "detail": "from Norway, 303 days",
        "command": "facility import deposits ...",
    }


def test_nothing_is_said_of_nothing() -> None:
    assert status_text([], ON) == "Nothing needs attention on 2025-12-15.\n"
    one = Matter("open appeal", "A", ON, None, None, "d", "c")
    assert status_text([one], ON).startswith("1 matter needs attention")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_command_answers_in_every_form_and_leaves_with_zero(tmp_path: object, form: str) -> None:

    path = Path(str(tmp_path)) / "book.duckdb"
    Book.create(path, currency="USD", name="Empty", opened_on=date(2024, 1, 1)).close()
    command = [
        sys.executable,
        "-m",
        "facility.cli.main",
        "--book",
        str(path),
        "status",
        "--on",
        "2025-12-15",
        "--format",
        form,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == {
            "table": "Nothing needs attention on 2025-12-15.\n",
            "csv": "what,subject,since,amount,currency,detail,command\n",
            "json": "[]\n",
        }[form]
    )
