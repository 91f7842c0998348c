"""The Peacebuilding Fund's published sources and uses, made again from entries: every snapshot, every line, exactly.

Each line of the published statement is brought into a book by the import that a fund manager would use for it:

| line | import |
|---|---|
| contributions from donors | contributions, deposits |
| interest of the fund; of participating organisations | entries: interest; implementer-interest |
| transferred to participating organisations | a round's allocation, commitments, disbursements |
| transfers to other funds | entries: administration with a purpose, transfer of that purpose |
| refunds | refunds |
| administrative agent's fee | a schedule of fees with a flat amount, charged by the deposit; entries: fee-payment |
| direct cost; bank charges | entries: direct-cost; bank-charge |
| expenditure of participating organisations | expenditures |
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import two_years
from two_years import ask, signed, take, wire

from ledgers.store import Book
from reports.registry import make
from reports.report import Report
from reports.table import Table

OFF_BY: dict[str, dict[str, int]] = {"snapshot_A": {}}
"""By how much a sum that the published statement prints is off what its own lines sum to; by USD 1 at most."""


def snapshots(data_dir: Path) -> list[dict[str, str]]:
    with (data_dir / "golden" / "pbf_sources_uses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sums(row: dict[str, str]) -> dict[str, Decimal]:
    """Return what each printed sum should be, by the lines that the same statement prints."""
    of = {name: Decimal(text) for name, text in row.items() if name not in ("snapshot", "source_url") and text}
    return {
        "total_source": of["contributions_from_donors"] + of["interest_fund"] + of["interest_participating_orgs"],
        "total_use": of["transferred_to_pos"]
        + of["transfers_to_mdtfs"]
        - of["refunds_from_pos"]
        + of["aa_fee"]
        + of["direct_cost"]
        + of["bank_charges"],
        "balance_with_aa": of["total_source"] - of["total_use"],
        "po_total_expenses": of["po_expenditure"] + of["po_refunds"],
        "po_balance": of["po_total_resources"] - of["po_total_expenses"],
        "total_balance": of["balance_with_aa"] + of["po_balance"],
    }


def book_of(row: dict[str, str], path: Path) -> Book:
    """Return a book with a snapshot's lines; how they are split over contributions and requests is illustrative."""
    entry = {"currency": "USD"}
    book = Book.create(path, currency="USD", name="Peacebuilding Fund", opened_on=date(2006, 1, 1))
    take(book, "fee_schedules", {"fee_schedule": "agent", "above": "0", "share": "0%", "flat": row["aa_fee"]})
    donors = row["contributions_from_donors"]
    take(
        book,
        "contributions",
        signed("C-1", "Donors", "multilateral", "USD", donors, "2006-10-01", fee_schedule="agent"),
    )
    take(book, "deposits", wire("D-1", "C-1", "2006-10-02", "USD", donors))
    take(
        book,
        "entries",
        {**entry, "reference": "I-1", "kind": "interest", "entry_date": "2007-01-01", "amount": row["interest_fund"]},
        {
            **entry,
            "reference": "I-2",
            "kind": "implementer-interest",
            "entry_date": "2007-01-02",
            "amount": row["interest_participating_orgs"],
        },
        {**entry, "reference": "B-1", "kind": "bank-charge", "entry_date": "2007-01-03", "amount": row["bank_charges"]},
        {**entry, "reference": "F-1", "kind": "fee-payment", "entry_date": "2007-01-04", "amount": row["aa_fee"]},
        {
            **entry,
            "reference": "A-1",
            "kind": "administration",
            "entry_date": "2007-01-05",
            "amount": row["direct_cost"],
            "purpose": "secretariat",
            "contribution_id": "C-1",
        },
        {
            **entry,
            "reference": "A-2",
            "kind": "administration",
            "entry_date": "2007-01-05",
            "amount": row["transfers_to_mdtfs"],
            "purpose": "other funds",
            "contribution_id": "C-1",
        },
        {
            **entry,
            "reference": "DC-1",
            "kind": "direct-cost",
            "entry_date": "2007-01-06",
            "amount": row["direct_cost"],
            "purpose": "secretariat",
        },
        {
            **entry,
            "reference": "T-1",
            "kind": "transfer",
            "entry_date": "2007-01-07",
            "amount": row["transfers_to_mdtfs"],
            "purpose": "other funds",
        },
    )
    transferred = row["transferred_to_pos"]
    take(book, "requests", ask("R-1", "institutions", "", transferred, "50"), on=date(2007, 2, 1))
    two_years.decide(book, "A", date(2007, 2, 2), "cash")
    take(
        book,
        "clearances",
        *(
            {"implementer": "POS", "clearance": name, "cleared_on": "2007-02-03", "source": "agreement"}
            for name in ("sanctions", "due-diligence", "accountability")
        ),
    )
    take(
        book,
        "commitments",
        {
            "commitment_id": "G-1",
            "request_id": "R-1",
            "implementer": "POS",
            "signed_on": "2007-02-04",
            "amount": transferred,
        },
    )
    take(
        book,
        "disbursements",
        {"disbursement_id": "P-1", "commitment_id": "G-1", "paid_on": "2007-02-05", **entry, "amount": transferred},
    )
    take(
        book,
        "expenditures",
        {
            "expenditure_id": "X-1",
            "commitment_id": "G-1",
            "spent_to": "2007-12-31",
            **entry,
            "direct": row["po_expenditure"],
        },
    )
    take(
        book,
        "refunds",
        {
            "refund_id": "RF-1",
            "commitment_id": "G-1",
            "received_on": "2008-03-01",
            **entry,
            "amount": row["refunds_from_pos"],
        },
    )
    return book


@pytest.fixture(scope="module")
def made(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    found = {}
    for row in snapshots(data_dir):
        book = book_of(row, tmp_path_factory.mktemp("pbf") / "book.duckdb")
        found[row["snapshot"]] = make("sources-and-uses", book)
        book.close()
    return found


def lines(table: Table) -> dict[str, Any]:
    return {str(row[0]): row for row in table.rows}


def test_every_snapshot_is_reproduced_line_by_line(made: dict[str, Report], data_dir: Path) -> None:
    for row in snapshots(data_dir):
        facility, implementers, both = made[row["snapshot"]].tables[:3]
        own, outside, whole = lines(facility), lines(implementers), lines(both)
        off = OFF_BY.get(row["snapshot"], {})
        for label, name in {
            "Contributions from donors, deposited": "contributions_from_donors",
            "Interest of the fund": "interest_fund",
            "Interest of implementers": "interest_participating_orgs",
            "Total sources": "total_source",
            "Transferred to implementers": "transferred_to_pos",
            "Transferred to other funds": "transfers_to_mdtfs",
            "Administrative agent's fee": "aa_fee",
            "Direct cost": "direct_cost",
            "Bank charges": "bank_charges",
            "Total uses": "total_use",
            "Balance held by the facility": "balance_with_aa",
        }.items():
            assert own[label][3] + off.get(name, 0) == Decimal(row[name]), label
        assert -own["less: refunds from implementers"][3] == Decimal(row["refunds_from_pos"])
        for label, name in {
            "Transferred to implementers": "po_total_resources",
            "Expenditure reported": "po_expenditure",
            "Refunds from implementers": "po_refunds",
            "Total spent and given back": "po_total_expenses",
            "Balance held by implementers": "po_balance",
        }.items():
            assert outside[label][3] + off.get(name, 0) == Decimal(row[name]), label
        assert whole["Total balance"][3] + off.get("total_balance", 0) == Decimal(row["total_balance"])
        for share, name in (
            (own["Balance held by the facility"][4], "pct_of_deposits"),
            (outside["Balance held by implementers"][4], "po_balance_pct_of_transfers"),
            (whole["Total balance"][4], "total_balance_pct_of_deposits"),
        ):
            assert (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(row[name]), name


def test_where_the_published_sums_are_off_is_known(data_dir: Path) -> None:
    for row in snapshots(data_dir):
        off = {
            name: int(Decimal(row[name]) - amount) for name, amount in sums(row).items() if Decimal(row[name]) != amount
        }
        assert off == OFF_BY.get(row["snapshot"], {})
        assert all(abs(amount) <= 1 for amount in off.values())


def test_nothing_stands_between_the_balance_and_the_cash(made: dict[str, Report], data_dir: Path) -> None:
    for row in snapshots(data_dir):
        way = lines(made[row["snapshot"]].tables[3])
        assert way["Cash at banks"][1] == way["Balance held by the facility"][1] == Decimal(row["balance_with_aa"])
