"""Refusals of use cases that no file of rows can cause: the smallest call, the message, the remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from facility.usecases.demo import FolderUnusable, run_demo
from facility.usecases.run_report import FormUnknown, run_report, written
from ledgers.store import Book
from reports.text import TableUnknown


def test_a_demo_needs_a_folder_that_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(FolderUnusable) as refused:
        run_demo(tmp_path / "file" / "demo", progress=lambda _: None)
    assert refused.value.code == "folder-unusable"
    assert refused.value.message == f"{tmp_path / 'file' / 'demo'} cannot be used: Not a directory"
    assert refused.value.remedy == "name another folder: facility demo DIR"


def test_a_report_has_only_the_forms_and_tables_that_it_has(tmp_path: Path) -> None:
    with Book.create(tmp_path / "b.duckdb", currency="USD", name="B", opened_on=date(2024, 1, 1)) as book:
        report = run_report(book, "funds-available")
    with pytest.raises(FormUnknown) as form:
        written(report, "jsn")
    assert (form.value.code, form.value.remedy) == ("report-form-unknown", "did you mean json?")
    assert form.value.message == "a report cannot be written as jsn"
    with pytest.raises(TableUnknown) as table:
        written(report, "csv", "nope")
    assert table.value.code == "report-table-unknown"
    assert table.value.message == "the report funds-available has no table nope"
