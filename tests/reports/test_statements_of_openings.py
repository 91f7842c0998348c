"""Statements of a fund that moved in: what its old books had is a step of its own, and every sum still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from moments import journal, lines, summed, table
from two_years import ask, signed, take, wire

from ledgers.store import Book
from reports.money_steps import adds_up, money_total
from reports.outstanding import claims, dues
from reports.registry import make
from reports.scope import scope_of

ON = date(2024, 12, 31)
AGREEMENT = {"request_id": "R-1", "commitment_id": "G-1", "implementer": "IMP-1", "signed_on": "2023-05-01"}


def opening(opening_id: str, item: str, amount: str, **cells: str) -> dict[str, str]:
    plain = {"as_of": "2023-12-31", "currency": "USD", "amount": amount}
    return {"opening_id": opening_id, "item": item, **plain, **cells}


@pytest.fixture(scope="module", params=["435.00", "440.00"], ids=["explained", "five too many"])
def moved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """1,000 signed, 900 received, 435 of cash left of it: for what is explained, or five more."""
    book = Book.create(
        tmp_path_factory.mktemp("moved") / "b.duckdb", currency="USD", name="Old", opened_on=date(2023, 1, 1)
    )
    take(book, "contributions", signed("C-1", "Norway", "state", "USD", "1000.00", "2023-01-10"))
    take(
        book,
        "instalments",
        {"contribution_id": "C-1", "due_on": "2023-06-30", "amount": "900.00"},
        {"contribution_id": "C-1", "due_on": "2024-06-30", "amount": "100.00"},
    )
    take(book, "requests", ask("R-1", "integration", "KEN", "600.00", "50"), on=date(2023, 2, 1))
    take(
        book,
        "opening",
        opening("O-1", "cash", str(request.param)),
        opening("O-2", "received", "900.00", contribution_id="C-1"),
        opening("O-3", "available", "200.00", contribution_id="C-1"),
        opening("O-4", "allocated", "100.00", contribution_id="C-1", request_id="R-1"),
        opening("O-5", "committed", "90.00", contribution_id="C-1", **AGREEMENT),
        opening("O-6", "advance", "70.00", contribution_id="C-1", **AGREEMENT),
        opening("O-7", "spent", "300.00", contribution_id="C-1", **AGREEMENT),
        opening("O-8", "fees", "15.00", contribution_id="C-1"),
        opening("O-9", "owed-to-donor", "30.00", contribution_id="C-1"),
        on=date(2024, 1, 2),
    )
    take(book, "deposits", wire("D-1", "C-1", "2024-07-01", "USD", "60.00"))
    yield book
    book.close()


def test_both_sums_of_the_money_steps_hold_of_what_moved_in(moved: Book) -> None:
    for day in (date(2023, 12, 30), date(2023, 12, 31), ON):
        rows = scope_of(moved, day, None).records("contribution_money", donor_id=None)
        assert all(map(adds_up, rows))
    whole = money_total(rows)
    assert (whole["opened"], whole["used_before"], whole["received"]) == (900, -140, 60)


def test_sources_and_uses_count_what_implementers_had_before(moved: Book) -> None:
    report = make("sources-and-uses", moved, as_of=ON)
    outside = lines(report.tables[1], 3)
    assert outside["Transferred before the book was opened"] == 370
    assert outside["Balance held by implementers"] == 70 == summed(table(report, "by_implementer"), "balance")
    cash = journal(moved, "account like 'asset:cash:%'", ON, None)
    assert lines(table(report, "to_cash"))["Cash at banks"] == cash
    assert summed(table(report, "by_implementer"), "transferred") == 370


def test_funds_available_name_the_cash_that_nothing_explains(moved: Book) -> None:
    report = make("funds-available", moved, as_of=ON)
    of = lines(report.tables[0], 1)
    cash = journal(moved, "account like 'asset:cash:%'", ON, None)
    too_many = cash - Decimal("495.00")
    assert of.get("Cash that no opening balance explains", 0) == too_many
    assert of["Total funds available to support decisions"] == 260
    levels = [step for step in report.charts[0].steps if step.tone != "total"]  # type: ignore[union-attr]
    assert levels[-1].end == 260
    assert lines(report.tables[1])["Cash receipts"] == of["Cash receipts"] == 60


def test_what_was_received_before_covers_the_earliest_instalments(moved: Book) -> None:
    scope = scope_of(moved, ON, None)
    assert [(due.due_on, due.amount) for due in dues(scope)] == [(date(2024, 6, 30), Decimal("40"))]
    assert [(claim.since, claim.amount) for claim in claims(scope)] == [(date(2023, 12, 31), Decimal("70"))]


def test_the_year_of_the_opening_is_the_journal(moved: Book) -> None:
    for text in ("2023", "2024"):
        report = make("year", moved, year=text)
        net = lines(table(report, "position"), 1)["Net assets"]
        assert lines(table(report, "changes"), 1)["Net assets at the end"] == net
        assert summed(table(report, "restrictions"), "net_closing") == net
        assert (
            lines(table(report, "cash_flow"), 1)["Cash at the end"] == lines(table(report, "position"), 1)["Cash, USD"]
        )


def test_the_reconciliation_says_what_differs_and_whether_the_cash_is_spoken_for(moved: Book) -> None:
    held = journal(moved, "account like 'asset:cash:%'", date(2023, 12, 31), None)
    report = make("opening", moved)
    said = "covers exactly" if held == 435 else "is USD 5.00 above"
    assert report.answer.endswith(f"The cash {said} what is free or spoken for.")
    assert [fact.value for fact in report.facts] == ["9", f"USD {held:.2f}", "USD 435.00"]
