"""Analysts' SQL: read-only, with no way to other files or to a network."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from ledgers.errors import FacilityError
from ledgers.store import Book
from reports.table import Cell, Column, Kind, Table


class SqlInvalid(FacilityError):
    """A query that DuckDB refuses."""

    code = "sql-invalid"


def query(book: Book, text: str) -> Table:
    """Return the rows of a query on the `report.*` views.

    Args:
        book: Open read-only.
        text: One SQL query.

    Raises:
        SqlInvalid: with DuckDB's own words.
    """
    if not text.strip().rstrip(";"):
        raise SqlInvalid("there is no query", remedy="write one: facility sql 'select * from report.dictionary'")
    try:
        book.connection.execute("set lock_configuration = true").fetchall()
        cursor = book.connection.execute(text)
        names = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
    except duckdb.Error as cause:
        raise SqlInvalid(
            str(cause).strip(), remedy="the views and their columns: facility sql 'select * from report.dictionary'"
        ) from cause
    columns = tuple(Column(name, name, _kind([row[i] for row in rows])) for i, name in enumerate(names))
    return Table("query", f"{len(rows)} row{'' if len(rows) == 1 else 's'}", columns, tuple(map(_cells, rows)))


def _kind(values: list[Any]) -> Kind:
    some = [value for value in values if value is not None]
    if some and all(isinstance(value, Decimal) for value in some):
        return "amount"
    if some and all(isinstance(value, int) and not isinstance(value, bool) for value in some):
        return "count"
    return "date" if some and all(isinstance(value, date) for value in some) else "text"


def _cells(row: tuple[Any, ...]) -> tuple[Cell, ...]:
    plain = (str, Decimal, int, date, bool, type(None))
    return tuple(cell if isinstance(cell, plain) else str(cell) for cell in row)
