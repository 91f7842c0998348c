"""Tables that leave the facility: for people, as CSV, as JSON.

A cell is a plain value and its column says what kind it is. Only the table for people has thousands separators and
rounded shares; CSV and JSON carry every figure exactly as the report has it. Plain Python, because a small report must
not wait for a library.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Kind = Literal["text", "amount", "count", "share", "date", "digest"]
Format = Literal["table", "csv", "json"]
Cell = str | Decimal | int | date | bool | None
Row = tuple[Cell, ...]

TEXT_WIDTH_MAX = 60
"""Longer texts run over several lines in the table for people."""

RIGHT_ALIGNED: frozenset[Kind] = frozenset({"amount", "count", "share"})

_PLACES_LEAST = 2
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
_DIGEST = re.compile(r"([0-9a-f]{12})[0-9a-f]{52}", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Name for machines, snake_case.
        label: Name for people.
        kind: `text`, `amount` (exact decimal, its currency in the title or beside it), `count`, `share` (0 to 1),
            `date`, or `digest` (one or more SHA-256, of which people see the beginnings).
        is_whole: Its texts stay on one line, however long.
    """

    name: str
    label: str
    kind: Kind = "text"
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    Attributes:
        name: Name for machines, snake_case.
        title: One line for people, with the currency of the amounts.
        columns: The columns, in order.
        rows: One cell a column.
        note: A sentence below the table.
        strong: Positions of the rows that are sums of others.
        total: A last row with sums; for people only, because a file of rows must not carry their sum.
        is_whole: A report as text shows every row, however many: a part would not be what was asked for.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    strong: frozenset[int] = frozenset()
    total: Row | None = None
    is_whole: bool = False


def render(table: Table, format: Literal["table", "csv", "json"], *, width: int | None = None) -> str:
    """Return a table as text that ends in a line break.

    Args:
        table: What to show.
        width: Columns of the terminal that a `table` is to fit in, as far as it can; as wide as it is when None.
        format: `table` for people; `csv` with a header, safe to open in a spreadsheet; `json`, a list of objects in
            which amounts and shares are decimal texts.
    """
    if format == "csv":
        return _as_csv(table)
    if format == "json":
        return json.dumps(objects(table), ensure_ascii=False, indent=2) + "\n"
    return as_text(table) if width is None else _fitted(table, width)


def objects(table: Table) -> list[dict[str, str | int | bool | None]]:
    """Return each row as a mapping from column name to a value that JSON carries exactly."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(plain, row), strict=True)) for row in table.rows]


def plain(cell: Cell) -> str | int | bool | None:
    """Return a cell as machines read it: exact decimal text, ISO date, no separators."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def shown(cell: Cell, kind: Kind) -> str:
    """Return a cell as people read it.

    >>> shown(Decimal("1250000.00"), "amount"), shown(Decimal("0.125"), "share"), shown(None, "text")
    ('1,250,000.00', '12.5 %', '')
    >>> shown("sha256:" + "0123456789abcdef" * 4, "digest")
    'sha256:0123456789ab…'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if kind == "share" and isinstance(cell, Decimal):
        return f"{(cell * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"
    if isinstance(cell, Decimal):
        return f"{_without_idle_zeros(cell):,}"
    if isinstance(cell, int):
        return f"{cell:,}"
    text = without_controls(str(plain(cell)))
    return _DIGEST.sub(r"\1…", text) if kind == "digest" else text


def shown_lines(cell: Cell, kind: Kind) -> list[str]:
    """Return a cell as people read it, line by line: a text may hold several sentences, one a line."""
    return [shown(line, kind) for line in cell.split("\n")] if isinstance(cell, str) else [shown(cell, kind)]


def _without_idle_zeros(amount: Decimal) -> Decimal:
    """Return an amount of more than two places without the zeros beyond the second: 5.0000 is 5.00, 5.1250 is 5.125."""
    if int(amount.as_tuple().exponent) >= -_PLACES_LEAST:
        return amount
    short = amount.quantize(Decimal("0.01"))
    return short if short == amount else amount.normalize()


def without_controls(text: str) -> str:
    """Return a text whose control characters, which could steer a terminal, are spaces."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(character).startswith("C") else character for character in text)


def neutralised(text: str) -> str:
    """Return a text that a spreadsheet shows instead of running it; a plain number stays as it is.

    >>> neutralised("=1+1"), neutralised("-5.20")
    ("'=1+1", '-5.20')
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.match(text):
        return "'" + text
    return text


def _as_csv(table: Table) -> str:
    lines = [[column.name for column in table.columns]]
    lines += [["" if cell is None else neutralised(_csv_text(cell)) for cell in row] for row in table.rows]
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(text: str) -> str:
    """Return a CSV field; the csv module of Python 3.11 leaves a lone carriage return unquoted."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _csv_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(plain(cell))


def _fitted(table: Table, width: int) -> str:
    from reports.fitting import fitted

    return fitted(table, width)


def as_text(table: Table, text_width: int = TEXT_WIDTH_MAX, label_width: int | None = None) -> str:
    """Return a table for people.

    Args:
        table: What to show.
        text_width: Most that a column of texts takes; longer texts run over several lines.
        label_width: Most that the label of a column of amounts takes; as it is when None.
    """
    body = [_lines(table, row, text_width) for row in table.rows]
    foot = [_lines(table, table.total, text_width)] if table.total else []
    head = [_wrapped(column.label, label_width) for column in table.columns]
    widths = [max(width(line) for row in [head, *body, *foot] for line in row[i]) for i in range(len(table.columns))]
    rule = "  ".join("─" * size for size in widths)
    out = [table.title, *_laid_out(table, head, widths), rule]
    for row in body:
        out += _laid_out(table, row, widths)
    for row in foot:
        out += [rule, *_laid_out(table, row, widths)]
    if not table.rows:
        out.append("(none)")
    if table.note:
        out.append(table.note)
    return "\n".join(out) + "\n"


def _wrapped(label: str, label_width: int | None) -> list[str]:
    return [label] if label_width is None else textwrap.wrap(label, label_width, break_long_words=False) or [""]


def _lines(table: Table, row: Row, text_width: int) -> list[list[str]]:
    """Return each cell as the lines it takes."""
    return [
        [
            line
            for text in shown_lines(cell, column.kind)
            for line in ([text] if column.is_whole else textwrap.wrap(text, text_width, break_long_words=False)) or [""]
        ]
        for column, cell in zip(table.columns, row, strict=True)
    ]


def _laid_out(table: Table, row: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    height = max(len(cell) for cell in row)
    lines = []
    for level in range(height):
        parts = []
        for column, cell, size in zip(table.columns, row, widths, strict=True):
            text = cell[level] if level < len(cell) else ""
            gap = " " * (size - width(text))
            parts.append(gap + text if column.kind in RIGHT_ALIGNED else text + gap)
        lines.append("  ".join(parts).rstrip())
    return lines


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(1 for character in text if unicodedata.east_asian_width(character) in "WF")
    marks = sum(1 for character in text if unicodedata.combining(character))
    return len(text) + wide - marks
