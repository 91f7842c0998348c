"""Analysts' SQL: read-only, with no way to other files or to a network."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from ledgers.errors import FacilityError
from ledgers.store import Book
from reports.table import Cell, Column, Kind, Table

_REMEDY = "the views and their columns: facility sql 'select * from report.dictionary'"


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
        _refuse_others(text)
        book.connection.execute("set lock_configuration = true").fetchall()
        names, rows = _answer(book.connection, text)
    except duckdb.Error as cause:
        raise SqlInvalid(str(cause).strip(), remedy=_REMEDY) from cause
    columns = tuple(Column(name, name, _kind([row[i] for row in rows])) for i, name in enumerate(names))
    return Table("query", f"{len(rows)} row{'' if len(rows) == 1 else 's'}", columns, tuple(map(_cells, rows)))


def _refuse_others(text: str) -> None:
    """Refuse whatever is not one query: several statements, settings, transactions, anything that writes."""
    kinds = [statement.type.name for statement in duckdb.extract_statements(text)]
    # DuckDB reads a pivot as the making of its list of values and the query over it.
    if len(kinds) != 1 or kinds[0] not in ("SELECT", "EXPLAIN", "MULTI"):
        what = f"{len(kinds)} statements" if len(kinds) != 1 else f"a statement of kind {kinds[0].lower()}"
        raise SqlInvalid(f"{what} instead of one query", remedy="write one select; the book is only read")


def _answer(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = connection.execute(text)
    names = [column[0] for column in cursor.description or []]
    if not any("TIME ZONE" in str(column[1]) for column in cursor.description or []):
        return names, cursor.fetchall()
    # DuckDB's own rows need one more library for a time with a zone; Arrow's do not.
    table = connection.cursor().sql(text).to_arrow_table()
    return names, list(zip(*(column.to_pylist() for column in table.columns), strict=True))


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
