"""Books for the tests: rows by keyword, imports through real files, and what a refusal must not change."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from facility.usecases.import_file import Imported, import_files
from ledgers.errors import Finding, InputRefused
from ledgers.journal import book_digest
from ledgers.store import Book

ON = date(2024, 6, 1)
Cells = Mapping[str, object]
_numbers = itertools.count(1)


def contribution(contribution_id: str = "C1", **cells: object) -> dict[str, object]:
    """Return a row of a contributions file: 1,000 dollars of a State, signed on 10 January 2024."""
    plain = {
        "donor": "Norway",
        "donor_kind": "state",
        "currency": "USD",
        "amount": "1000.00",
        "signed_on": "2024-01-10",
    }
    return {"contribution_id": contribution_id, **plain, **cells}


def deposit(deposit_id: str = "D1", contribution_id: str = "C1", **cells: object) -> dict[str, object]:
    """Return a row of a deposits file: 1,000 dollars on C1."""
    plain = {"received_on": "2024-02-01", "currency": "USD", "amount": "1000.00"}
    return {"deposit_id": deposit_id, "contribution_id": contribution_id, **plain, **cells}


def request(request_id: str = "R1", **cells: object) -> dict[str, object]:
    """Return a row of a requests file: a city asks 400 dollars or nothing."""
    plain = {
        "title": "Services",
        "applicant": "A1",
        "applicant_kind": "city",
        "country": "KEN",
        "window": "integration",
        "currency": "USD",
        "amount_requested": "400.00",
        "merit": "50",
    }
    return {"request_id": request_id, **plain, **cells}


def rate(currency: str = "EUR", rate_date: str = "2024-01-10", units: str = "0.8") -> dict[str, object]:
    """Return a row of a rates file."""
    return {"currency": currency, "rate_date": rate_date, "units_per_base": units, "source": "test"}


def entry(reference: str = "E1", kind: str = "interest", amount: str = "10.00", **cells: object) -> dict[str, object]:
    """Return a row of an entries file."""
    plain = {"entry_date": "2024-03-01", "currency": "USD"}
    return {"reference": reference, "kind": kind, "amount": amount, **plain, **cells}


def score(request_id: str, reviewer: str, criterion: str, given: str) -> dict[str, object]:
    """Return a row of a scores file."""
    return {"request_id": request_id, "reviewer": reviewer, "criterion": criterion, "score": given}


def file_of(book: Book, kind: str, *rows: Cells) -> Path:
    """Write a CSV file beside the book and return its path."""
    path = book.path.with_name(f"{kind}-{next(_numbers)}.csv")
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, headers)
        writer.writeheader()
        writer.writerows(rows)
    return path


def take(book: Book, kind: str, *rows: Cells, on: date = ON, dry_run: bool = False) -> Imported:
    """Import rows through a file."""
    return import_files(book, kind, [file_of(book, kind, *rows)], on=on, actor="ada", dry_run=dry_run)


def counts(done: Imported) -> tuple[int, int]:
    """Return (new, already there)."""
    return done.new, done.already


def refusal(book: Book, kind: str, *rows: Cells, on: date = ON) -> tuple[Finding, ...]:
    """Import rows that must be refused, and return why; nothing of the book may have moved."""
    before = state(book)
    try:
        take(book, kind, *rows, on=on)
    except InputRefused as refused:
        assert state(book) == before
        return refused.findings
    raise AssertionError(f"{kind} were taken in: {rows}")


def told(finding: Finding) -> tuple[str, str, int | None, str | None, str, str]:
    """Return what a finding says, without the file's name: code, severity, line, column, reason, remedy."""
    return finding.code, finding.severity, finding.line, finding.column, finding.reason, finding.remedy


def tables(book: Book) -> list[str]:
    """Return every table of the book's own schema."""
    rows = book.connection.execute("select table_name from duckdb_tables() where schema_name = 'ledger' order by 1")
    return [row[0] for row in rows.fetchall()]


def state(book: Book) -> dict[str, object]:
    """Return the number of rows of every table, a fingerprint of those that have any, and the book's digest."""

    def of_each(figure: str, names: Iterable[str]) -> dict[str, object]:
        asked = (f"select '{name}' as name, {figure} as figure from ledger.{name} t" for name in names)
        return dict(book.connection.execute(" union all ".join(asked)).fetchall())

    counts = of_each("count(*)", tables(book))
    marks = of_each("bit_xor(hash(t))", (name for name, count in counts.items() if count))
    return {"digest": book_digest(book), "counts": counts, "marks": marks}


def balance(book: Book, account: str, contribution_id: str | None = None, *, base: bool = False) -> Decimal:
    """Return the balance of an account, of one contribution if named, in its own or in the book's currency."""
    figure = "base_amount" if base else "amount"
    rows = book.connection.execute(
        f"select coalesce(sum({figure}), 0) from ledger.posting "
        "where account = ? and contribution_id = coalesce(?, contribution_id)",
        [account, contribution_id],
    ).fetchall()
    return Decimal(rows[0][0])


def lines(book: Book, reference: str) -> list[tuple[object, ...]]:
    """Return the lines of an entry: account, currency, amount, base amount, contribution; amounts as plain text."""
    rows = book.connection.execute(
        "select account, currency, amount, base_amount, contribution_id "
        "from ledger.posting join ledger.entry using (entry_id) where reference = ? order by line",
        [reference],
    ).fetchall()
    return [(a, c, f"{x.normalize():f}", f"{y.normalize():f}", k) for a, c, x, y, k in rows]


def unguard(book: Book, table: str) -> None:
    """Drop every trigger of a table, as somebody who owns the file can."""
    found = book.connection.execute(
        "select trigger_name from duckdb_triggers() where schema_name = 'ledger' and table_name = ?", [table]
    ).fetchall()
    for (name,) in found:
        book.connection.execute(f"drop trigger {name} on ledger.{table}")


def corrupt(book: Book, table: str, statement: str) -> None:
    """Change rows of a table behind its guards, and put the guards back."""
    found = book.connection.execute(
        "select trigger_name, sql from duckdb_triggers() where schema_name = 'ledger' and table_name = ?", [table]
    ).fetchall()
    for name, _ in found:
        book.connection.execute(f"drop trigger {name} on ledger.{table}")
    book.connection.execute(statement)
    for _, text in found:
        book.connection.execute(text)
