"""Tables on a terminal that is narrower than they are: narrower texts, labels over several lines, at last turned round.

Only people see this: files and pipes get every table as it is.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace

from reports.table import TEXT_WIDTH_MAX, Cell, Column, Row, Table, as_text, shown, width

TEXT_WIDTHS = (TEXT_WIDTH_MAX, 32, 20, 14)
LABEL_WIDTH = 12
TURNED_MAX = 12
"""Rows of a table that is turned round, a few at a time; longer tables stay as wide as they are."""


def fitted(table: Table, most: int) -> str:
    """Return a table for people within so many columns of a terminal, or as it is where it cannot be."""
    note = textwrap.fill(table.note, most) if table.note else ""
    bare = replace(table, note="")
    for text_width in TEXT_WIDTHS:
        for label_width in (None, LABEL_WIDTH):
            text = as_text(bare, text_width, label_width)
            if _widest(text) <= most:
                return _noted(text, note)
    if 0 < len(table.rows) <= TURNED_MAX:
        return _noted(_turned(bare, most), note)
    return _noted(as_text(bare, TEXT_WIDTHS[-1], LABEL_WIDTH), note)


def _noted(text: str, note: str) -> str:
    return f"{text}{note}\n" if note else text


def _widest(text: str) -> int:
    """Return how wide a table's lines are; its title may be wider."""
    return max(map(width, text.splitlines()[1:]))


def _turned(table: Table, most: int) -> str:
    """Return a table with its rows beside each other, as many as fit, and the others below."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    parts = []
    start = 0
    while start < len(rows):
        count = len(rows) - start
        while count > 1 and _widest(as_text(_side_by_side(table, rows[start : start + count]))) > most:
            count -= 1
        parts.append(as_text(_side_by_side(table, rows[start : start + count])))
        start += count
    return "\n".join(parts)


def _side_by_side(table: Table, rows: list[Row]) -> Table:
    names = [shown(row[0], table.columns[0].kind) for row in rows]
    columns = (
        Column("what", table.columns[0].label),
        *(Column(f"row{place}", name, "amount") for place, name in enumerate(names)),
    )
    turned: list[Row] = []
    for place, column in enumerate(table.columns[1:], start=1):
        cells: tuple[Cell, ...] = tuple(shown(row[place], column.kind) for row in rows)
        turned.append((column.label, *cells))
    return Table(table.name, table.title, columns, tuple(turned))
