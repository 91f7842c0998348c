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
    "banks": {"bank": "chase", "name": "Chase"},
    "exchanges": {
        "exchange_id": "X-1", "exchanged_on": "2026-02-03", "currency": "EUR", "amount": "10.00", "to_currency": "USD",
        "to_amount": "11.00",
    },
    "instalments": {"contribution_id": "C-1", "due_on": "2026-03-01", "amount": "50.00"},
    "fee_schedules": {"fee_schedule": "standard", "share": "1%"},
    "contribution_conditions": {
        "contribution_id": "C-1", "condition": "law", "met_on": "2026-03-01", "amount": "50.00", "source": "letter",
    },
    "promissory_notes": {
        "note_id": "N-1", "contribution_id": "C-1", "received_on": "2026-03-01", "amount": "50.00",
    },
    "applications": {
        "application_id": "A-1", "deposit_id": "D-1", "from_contribution_id": "C-1", "contribution_id": "C-1",
        "applied_on": "2026-03-01",
    },
    "bounces": {"deposit_id": "D-1", "contribution_id": "C-1", "bounced_on": "2026-03-01", "reason": "no cover"},
    "write_offs": {
        "write_off_id": "W-1", "contribution_id": "C-1", "written_off_on": "2026-03-01", "amount": "5.00",
        "reason": "default",
    },
    "returns": {"return_id": "T-1", "contribution_id": "C-1", "decided_on": "2026-03-01", "reason": "expired"},
    "donor_refunds": {
        "donor_refund_id": "B-1", "contribution_id": "C-1", "paid_on": "2026-03-01", "currency": "USD",
        "amount": "5.00",
    },
    "reversals": {"entry": "17", "reversed_on": "2026-03-01", "reason": "booked twice"},
    "results": {
        "request_id": "R-1", "indicator": "trained", "reported_on": "2026-03-01", "source": "report",
    },
    "clearances": {"implementer": "I-1", "clearance": "sanctions", "cleared_on": "2026-02-01", "source": "UN list"},
    "commitments": {
        "commitment_id": "G-1", "request_id": "R-1", "implementer": "I-1", "signed_on": "2026-02-10", "amount": "50.00",
    },
    "tranches": {"commitment_id": "G-1", "tranche": "1", "amount": "50.00"},
    "conditions_met": {"commitment_id": "G-1", "tranche": "1", "met_on": "2026-02-11", "source": "letter"},
    "disbursements": {
        "disbursement_id": "P-1", "commitment_id": "G-1", "paid_on": "2026-02-20", "currency": "USD", "amount": "50.00",
    },
    "expenditures": {
        "expenditure_id": "X-1", "commitment_id": "G-1", "spent_to": "2026-03-31", "currency": "USD", "direct": "40.00",
    },
    "refunds": {
        "refund_id": "F-1", "commitment_id": "G-1", "received_on": "2026-04-20", "currency": "USD", "amount": "5.00",
    },
    "releases": {"release_id": "L-1", "commitment_id": "G-1", "released_on": "2026-04-30", "reason": "ended"},
    "disallowances": {
        "disallowance_id": "N-1", "commitment_id": "G-1", "decided_on": "2026-05-01", "amount": "2.00",
        "reason": "audit",
    },
    "recoveries": {
        "recovery_id": "V-1", "commitment_id": "G-1", "received_on": "2026-05-20", "currency": "USD", "amount": "2.00",
    },
    "opening": {
        "opening_id": "O-1", "item": "cash", "as_of": "2025-12-31", "currency": "USD", "amount": "50.00",
    },
    "opening_totals": {"item": "cash", "currency": "USD", "amount": "50.00"},
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
