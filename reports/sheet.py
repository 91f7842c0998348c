"""A sheet: one thing of the book as it stands, such as a grant agreement, in a few tables; and lists of such things.

Plain rows of the public views. For people the thing itself is a list of what it is, one a line; in CSV and JSON it is a
row like any other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledgers.errors import did_you_mean
from ledgers.money import places
from ledgers.store import Book
from reports.table import Cell, Column, Format, Table, objects, render, shown, width
from reports.text import TableUnknown

PACKAGE = "reports.queries"


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a sheet.

    Attributes:
        query: Its stored query; its name without the sheet's is the table's.
        name: Of the table, for machines.
        title: One line for people.
        columns: Names of the query's columns, what people read, and of which kind each is.
        note: A sentence below it.
    """

    query: str
    name: str
    title: str
    columns: tuple[Column, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One thing as it stands.

    Attributes:
        name: What kind of thing, for machines.
        title: One line for people.
        tables: The first has one row, the thing itself.
    """

    name: str
    title: str
    tables: tuple[Table, ...]


def sheet(book: Book, name: str, title: str, parts: Sequence[Part], **parameters: object) -> Sheet:
    """Return a sheet, its parts read with these parameters."""
    return Sheet(name, title, tuple(table(book, part, **parameters) for part in parts))


def table(book: Book, part: Part, **parameters: object) -> Table:
    """Return one part; an amount has the places of its currency: the book's where the label says so, else the row's."""
    columns = tuple(Column(one.name, one.label.format(base=book.currency), one.kind) for one in part.columns)
    rows = tuple(
        tuple(_cell(row, column, book.currency) for column in part.columns)
        for row in book.records(PACKAGE, part.query, **parameters)
    )
    return Table(part.name, part.title.format(base=book.currency), columns, rows, note=part.note)


def _cell(row: dict[str, Any], column: Column, base: str) -> Cell:
    value: Cell = row[column.name]
    if column.kind != "amount" or not isinstance(value, Decimal):
        return value
    currency = base if "{base}" in column.label else row.get("currency") or base
    short = value.quantize(Decimal(1).scaleb(-places(currency)))
    return short if short == value else value


def render_sheet(made: Sheet, format: Format, *, named: str | None = None) -> str:
    """Return a sheet as text that ends in a line break.

    Args:
        made: What to show.
        format: `table`: the thing, then each table that has rows; `csv`: one table; `json`: everything.
        named: Name of the only table to show; for `csv` the first when None.

    Raises:
        TableUnknown: the sheet has no such table.
    """
    by_name = {one.name: one for one in made.tables}
    if named is not None and named not in by_name:
        raise TableUnknown(f"a {made.name} has no table {named}", remedy=did_you_mean(named, sorted(by_name)))
    if named is not None or format == "csv":
        return render(by_name[named] if named else made.tables[0], format)
    if format == "json":
        tables = {one.name: objects(one) for one in made.tables}
        return (
            json.dumps({"sheet": made.name, "title": made.title, "tables": tables}, ensure_ascii=False, indent=2) + "\n"
        )
    parts = [_as_lines(made), *(render(one, "table").rstrip("\n") for one in made.tables[1:] if one.rows)]
    return "\n\n".join(parts) + "\n"


def _as_lines(made: Sheet) -> str:
    """Return the thing itself, one line for each column that says something."""
    first = made.tables[0]
    said = [
        (column, shown(cell, column.kind))
        for column, cell in zip(first.columns, first.rows[0], strict=True)
        if cell not in (None, "", 0)  # "no" and nothing of something are left out
    ]
    label = max((width(column.label) for column, _ in said), default=0)
    figures = max((width(text) for column, text in said if column.kind == "amount"), default=0)
    lines = [
        f"  {column.label:<{label}}  {text:>{figures}}"
        if column.kind == "amount"
        else f"  {column.label:<{label}}  {text}"
        for column, text in said
    ]
    return "\n".join([made.title, *lines, *([first.note] if first.note else [])])
