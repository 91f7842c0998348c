"""A command is a file of one row: its cells are judged as a file's are, without the machinery that whole files need.

The values are those that `ledgers.staging.staged` would give; a property test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError
from ledgers.staging import words
from ledgers.staging.columns import Column, Kind
from ledgers.staging.findings import Fault
from ledgers.staging.kinds import KINDS

_SPACES = (
    " \t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What is left out around the value of a cell, as the readers of files do it; Python itself counts more as space."""

_SQL_TYPES = {
    "date": "date", "integer": "bigint", "percent": "decimal(18, 8)", "boolean": "boolean",
}  # fmt: skip


class CommandRefused(FacilityError):
    """A command that the book refuses; its code is that of what is wrong."""

    code = "command-refused"

    def __init__(self, code: str, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.__dict__["code"] = code


@dataclass(frozen=True, slots=True)
class _Money:
    """What a book knows of currencies: its own, and the decimal places of each."""

    base: str
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OneRow:
    """One row of a kind of file, typed.

    Attributes:
        kind: The kind.
        values: By column, in the order of the kind; None where nothing is said.
    """

    kind: str
    values: Mapping[str, Any]

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Return (column, SQL type) for each value."""
        return tuple((column.name, sql_type(column)) for column in KINDS[self.kind].columns)


def one_row(kind_name: str, cells: Mapping[str, str | None], *, base: str, currencies: Mapping[str, int]) -> OneRow:
    """Return the typed row that the cells of a command say.

    Args:
        kind_name: The kind of file that the command writes a row of.
        cells: Texts by column; what is None or missing says nothing.
        base: Currency of the book.
        currencies: Those that the book knows, with the decimal places of each.

    Raises:
        CommandRefused: with everything wrong in the cells; its code is that of the first.
    """
    kind = KINDS[kind_name]
    texts = {column.name: (cells.get(column.name) or "").strip(_SPACES) for column in kind.columns}
    money = _Money(base, currencies)
    values: dict[str, Any] = {}
    faults: list[tuple[str, Fault]] = []
    for column in kind.columns:
        judged = _judged(column, texts, money)
        fault = _control_fault(column, cells) or (judged if isinstance(judged, Fault) else None)
        if fault is not None:
            faults.append((column.name, fault))
        values[column.name] = None if isinstance(judged, Fault) else judged
    faults += _contradictions(kind, values, texts)
    if faults:
        position = {column.name: place for place, column in enumerate(kind.columns)}
        raise refused([fault for _, fault in sorted(faults, key=lambda one: (position[one[0]], one[1].code))])
    return OneRow(kind_name, values)


def refused(faults: list[Fault]) -> CommandRefused:
    """Return the refusal that tells everything wrong at once."""
    return CommandRefused(
        faults[0].code,
        "; ".join(fault.reason for fault in faults),
        remedy="; ".join(dict.fromkeys(fault.remedy for fault in faults)),
    )


def sql_type(column: Column) -> str:
    """Return the SQL type of a column's values."""
    if column.type in {"amount", "decimal"}:
        return f"decimal(18, {column.places})"
    return _SQL_TYPES.get(column.type, "varchar")


def _control_fault(column: Column, cells: Mapping[str, str | None]) -> Fault | None:
    if re.search(words.CONTROL, cells.get(column.name) or "") is None:
        return None
    told = f"{column.name} contains a control character, which no keyboard writes"
    return Fault("cell-control-character", told, "type it again")


def _judged(column: Column, texts: Mapping[str, str], money: _Money) -> Any:
    text = texts[column.name]
    if not text and column.is_required:
        return Fault("cell-empty", f"{column.name} is required", "give it")
    if not text:
        if column.default is None:
            return None
        text = column.default
    return _value(text, column, texts, money)


def _value(text: str, column: Column, texts: Mapping[str, str], money: _Money) -> Any:
    if column.type == "text":
        return text
    if column.type == "id":
        return words.id_fault(text, column) or text
    if column.type == "date":
        return _day(text)
    if column.type in {"amount", "decimal"}:
        return _number(text, column, texts, money)
    judges: dict[str, Callable[[], Any]] = {
        "integer": lambda: words.integer_value(text, column),
        "percent": lambda: words.percent_value(text, column),
        "enum": lambda: words.enum_value(text, column),
        "boolean": lambda: words.boolean_value(text, column),
        "currency": lambda: text if text in money.places else words.currency_value(text),
    }
    return judges[column.type]()


def _day(text: str) -> date | Fault:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return words.date_fault(text)
    return day if day.isoformat() == text and words.YEAR_MIN <= day.year <= words.YEAR_MAX else words.date_fault(text)


def _number(text: str, column: Column, texts: Mapping[str, str], money: _Money) -> Decimal | Fault:
    currency = money.base if column.currency == "base" else texts.get(column.currency or "", "")
    known = currency if currency in money.places else None
    kept = min(money.places[known], column.places) if known else column.places
    return words.number_fault(text, column, kept, known) or Decimal(text)


def _contradictions(kind: Kind, values: Mapping[str, Any], texts: Mapping[str, str]) -> list[tuple[str, Fault]]:
    """Return what the cells of the row say against each other, with the column of each.

    Only kinds with such rules need what files need. Cells already refused are None, so nothing complains of them twice.
    """
    from ledgers.staging.rules import RULED_KINDS

    if kind.name not in RULED_KINDS:
        return []
    import polars as pl

    from ledgers.staging.cells import value_type
    from ledgers.staging.rows import row_findings

    table = pl.DataFrame(
        {column.name: pl.Series([values[column.name]], dtype=value_type(column)) for column in kind.columns}
        | {f"given.{name}": pl.Series([text or None], dtype=pl.String) for name, text in texts.items()}
        | {"line": [1]},
    )
    found = row_findings(kind, table, file="", on=date.max)
    return [(one.column or "", Fault(one.code, one.reason, one.remedy)) for one in found if one.severity == "error"]
