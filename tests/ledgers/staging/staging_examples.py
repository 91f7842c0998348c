"""Smallest valid rows of each kind of file, and how to write and stage them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ledgers.errors import Finding, InputRefused
from ledgers.staging import staged
from ledgers.staging.stage import Staged

ON = date(2026, 6, 30)
Row = dict[str, str | None]

VALID: dict[str, Row] = {
    "contributions": {
        "contribution_id": "C-1", "donor": "Ruritania", "donor_kind": "state", "currency": "USD", "amount": "100.00",
        "signed_on": "2026-01-15",
    },
    "deposits": {
        "deposit_id": "D-1", "contribution_id": "C-1", "received_on": "2026-02-01", "currency": "USD",
        "amount": "60.00",
    },
    "requests": {
        "request_id": "R-1", "title": "Skills", "applicant": "A-1", "applicant_kind": "ngo", "window": "diaspora",
        "currency": "USD", "amount_requested": "50.00",
    },
    "request_years": {"request_id": "R-1", "year": "2026", "amount": "50.00"},
    "recusals": {"request_id": "R-1", "reviewer": "V-1"},
    "scores": {"request_id": "R-1", "reviewer": "V-1", "criterion": "need", "score": "70"},
    "rates": {"currency": "EUR", "rate_date": "2026-01-31", "units_per_base": "0.92", "source": "ECB"},
    "entries": {
        "reference": "E-1", "kind": "interest", "entry_date": "2026-03-31", "amount": "1.50", "currency": "USD",
    },
    "pledges": {"contribution_id": "P-1", "donor": "Norland", "amount": "60.00", "chance": "25%"},
}  # fmt: skip


def row(kind: str, /, **changes: str | None) -> Row:
    """Return the smallest valid row of a kind with some cells changed or added."""
    return VALID[kind] | changes


def write(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows in the format of the extension; all have the columns of the first."""
    columns = list(rows[0])
    match path.suffix:
        case ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        case ".jsonl" | ".ndjson":
            path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        case ".parquet":
            pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String)).write_parquet(path)
        case ".xlsx":
            with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
                sheet = book.add_worksheet()
                for place, name in enumerate(columns):
                    sheet.write_string(0, place, name)
                for line, one in enumerate(rows, start=1):
                    for place, name in enumerate(columns):
                        if one[name] is not None:
                            sheet.write_string(line, place, one[name])
    return path


def stage_rows(kind: str, rows: Sequence[Row], folder: Path, suffix: str = ".csv", **options: object) -> Staged:
    """Write rows to a file and stage it, named by its bare name."""
    path = write(folder / f"{kind}{suffix}", rows)
    return staged(kind, path, on=ON, file_label=path.name, **options)  # type: ignore[arg-type]


def stage_text(kind: str, content: str | bytes, folder: Path, name: str = "file.csv") -> Staged:
    """Write a file's content as it is and stage it, named by its bare name."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return staged(kind, path, on=ON, file_label=name)


def outcome(kind: str, path: Path) -> Staged | InputRefused:
    """Return what staging a file comes to: its rows, or its refusal."""
    try:
        return staged(kind, path, on=ON)
    except InputRefused as refused:
        return refused


def refusal(kind: str, rows: Sequence[Row], folder: Path, suffix: str = ".csv", **options: object) -> InputRefused:
    """Return the refusal that rows cause."""
    with pytest.raises(InputRefused) as refused:
        stage_rows(kind, rows, folder, suffix, **options)
    return refused.value


def brief(finding: Finding) -> tuple[int | None, str | None, str, str, str]:
    """Return the parts of a finding that tests state: line, column, code, reason, remedy."""
    return finding.line, finding.column, finding.code, finding.reason, finding.remedy
