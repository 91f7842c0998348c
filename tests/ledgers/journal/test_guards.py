"""Nothing in the book changes: every table refuses it, and an unbalanced entry never stands."""

from __future__ import annotations

import duckdb
import pytest
from awards import (
    allocate,
    cleared,
    commitment,
    condition_met,
    disbursement,
    expenditure,
    reversal,
    tranche,
)
from books import contribution, deposit, entry, rate, request, score, state, tables, take

from ledgers.store import Book

NEVER_FILLED_HERE = {
    "appeal",
    "application",
    "audit_flag",
    "bounce",
    "closure",
    "contribution_closing",
    "opening",
    "opening_total",
    "contribution_condition",
    "contribution_report",
    "grant_override",
    "period_event",
    "promissory_note",
    "rescheduling",
    "write_off",
    "round",
    "round_contribution",
    "round_country_used",
    "round_request",
    "round_event",
    "decision",
    "award",
    "payment",
    "refusal",
    "limit_outcome",
    "approval",
    "round_request_year",
    "payment_year",
    "round_override",
    "round_receivable",
}


@pytest.fixture
def filled(book: Book) -> Book:
    """Return a book with at least one row in every table, rounds by hand."""
    take(book, "rates", rate())
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request(objectives="1", x_staff="3"))
    take(book, "scores", score("R1", "ann", "need", "70"))
    take(book, "contributions", contribution("C2", spend_from="2024-02-01"))
    take(book, "request_years", {"request_id": "R1", "year": 2024, "amount": "400.00"})
    take(book, "recusals", {"request_id": "R1", "reviewer": "ann", "reason": "kin"})
    take(book, "entries", entry())
    take(book, "banks", {"bank": "second", "name": "Second"})
    take(book, "exchanges", {"exchange_id": "X1", "exchanged_on": "2024-03-01", "currency": "USD", "amount": "5.00",
                             "to_currency": "USD", "to_amount": "5.00", "to_bank": "second"})  # fmt: skip
    take(book, "instalments", {"contribution_id": "C1", "due_on": "2024-06-01", "amount": "500.00"})
    take(book, "fee_schedules", {"fee_schedule": "standard", "share": "1%"})
    take(book, "results", {"request_id": "R1", "indicator": "i", "reported_on": "2024-03-01", "source": "s"})
    allocate(book, "R1", {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment())
    take(book, "tranches", tranche(1, "300.00", condition="a plan"))
    take(book, "conditions_met", condition_met(1))
    take(book, "disbursements", disbursement(tranche=1))
    take(book, "expenditures", expenditure())
    take(book, "reversals", reversal("expenditure|X1"))
    for name in sorted(NEVER_FILLED_HERE):
        columns = book.connection.execute(
            "select data_type, column_name from duckdb_columns() "
            "where schema_name = 'ledger' and table_name = ? order by column_index",
            [name],
        ).fetchall()
        plain = {"VARCHAR": "x", "DATE": "2024-01-01", "TIMESTAMP": "2024-01-01", "BOOLEAN": False}
        number = 2 if name == "rescheduling" else 1  # its first version needs no decision
        words = {"appeal": "filed", "period_event": "closed", "closure": "operational"}
        word = words.get(name, "opened")
        cells = [word if column in ("event", "stage") else plain.get(kind, number) for kind, column in columns]
        book.insert(f"ledger.{name}", [tuple(cells)])
    return book


def test_every_table_of_the_book_refuses_update_delete_and_truncate(filled: Book) -> None:
    names = tables(filled)
    assert len(names) >= 62
    for name in names:
        assert filled.connection.execute(f"select count(*) from ledger.{name}").fetchall() != [(0,)], name
        column = filled.connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'ledger' and table_name = ? limit 1", [name]
        ).fetchall()[0][0]
        before = state(filled)
        for verb, statement in (
            ("update", f"update ledger.{name} set {column} = {column}"),
            ("delete", f"delete from ledger.{name}"),
            ("delete", f"truncate ledger.{name}"),
        ):
            with pytest.raises(duckdb.Error, match=f"append-only: ledger.{name} refuses {verb}; post a correction"):
                filled.connection.execute(statement)
        assert state(filled) == before


@pytest.mark.parametrize(
    "statement",
    [
        "insert or replace into ledger.setting values ('currency', 'EUR')",
        "insert into ledger.setting values ('currency', 'EUR') on conflict do update set value = 'EUR'",
        "merge into ledger.setting s using (select 'currency' as name) n using (name) when matched then delete",
        "alter table ledger.setting drop column value",
        "alter table ledger.posting rename column amount to amounts",
    ],
)
def test_no_other_road_leads_round_the_guards(book: Book, statement: str) -> None:
    before = state(book)
    with pytest.raises(duckdb.Error):
        book.connection.execute(statement)
    assert state(book) == before


def _line(line: int, account: str, currency: str, amount: str, base: str, entry_id: int = 1) -> tuple[object, ...]:
    return (entry_id, line, account, currency, amount, base, None, None, None, None, None)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            [_line(1, "asset:cash:main", "EUR", "1.00", "1.00"), _line(2, "income:interest", "EUR", "-0.99", "-1.00")],
            "unbalanced: entry 1 is off by 0.0100 EUR",
        ),
        (
            [_line(1, "asset:cash:main", "EUR", "1.00", "1.00"), _line(2, "income:interest", "USD", "-1.00", "-1.00")],
            "unbalanced: entry 1 is off by -?1.0000",
        ),
        (
            [_line(1, "asset:cash:main", "EUR", "1.00", "1.01"), _line(2, "income:interest", "EUR", "-1.00", "-1.00")],
            "unbalanced: entry 1 is off by 0.0100 in the book's currency",
        ),
        (
            [_line(1, "budget:available", "USD", "1.00", "1.00"), _line(2, "income:interest", "USD", "-1.00", "-1.00")],
            "unbalanced: the budget lines of entry 1 are off by 1.0000",
        ),
        (
            [_line(1, "memo:pledge", "USD", "1.00", "1.00"), _line(2, "income:interest", "USD", "-1.00", "-1.00")],
            "unbalanced: the memo lines of entry 1 are off by 1.0000",
        ),
        (
            [_line(1, "memo:pledge", "USD", "1.00", "1.00"), _line(2, "budget:available", "USD", "-1.00", "-1.00")],
            "unbalanced: the (budget|memo) lines of entry 1 are off by -?1.0000",
        ),
        (
            [_line(1, "a", "USD", "1.00", "1.00", 7), _line(1, "b", "USD", "-1.00", "-1.00", 8)],
            "unbalanced: entry [78] is off by -?1.0000",
        ),
    ],
)
def test_an_unbalanced_entry_is_refused(book: Book, lines: list[tuple[object, ...]], told: str) -> None:
    before = state(book)
    with pytest.raises(duckdb.Error, match=told):
        book.insert("ledger.posting", lines)
    assert state(book) == before


def test_a_balanced_entry_is_taken(book: Book) -> None:
    lines = [_line(1, "asset:cash:main", "EUR", "1.00", "1.25"), _line(2, "income:interest", "EUR", "-1.00", "-1.25")]
    book.insert("ledger.posting", lines)
    assert book.connection.execute("select sum(amount), sum(base_amount) from ledger.posting").fetchall() == [(0, 0)]


def test_an_entry_without_lines_is_never_left_out_in_silence(book: Book) -> None:
    before = state(book)
    with pytest.raises(duckdb.Error, match=r"NOT NULL constraint failed: entry\.digest"):
        allocate(book, "R1", {})
    assert state(book) == before


def test_an_entry_inside_a_closed_period_is_refused_whoever_writes_it(book: Book) -> None:
    take(book, "contributions", contribution())
    book.insert("ledger.period_event", [(1, "closed", "2024-03-31", "year", "ada", "2024-04-01", 1)])
    before = state(book)
    row = (99, "fee", "2024-03-31", "2024-04-01", "f", None, "f", "x", 1)
    told = "period-closed: an entry of 2024-03-31 lies in a period closed through 2024-03-31"
    with pytest.raises(duckdb.Error, match=told):
        book.insert("ledger.entry", [row])
    assert state(book) == before
    book.insert("ledger.entry", [(99, "fee", "2024-04-01", "2024-04-01", "f", None, "f", "x", 1)])
