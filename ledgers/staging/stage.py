"""A file becomes typed rows, or every error at once: read, know the columns, type the cells, hold the rows together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from ledgers.errors import Finding, InputRefused, did_you_mean, nearest
from ledgers.places import Places
from ledgers.staging.cells import Frame, typed, value_type
from ledgers.staging.columns import Column, Kind
from ledgers.staging.excerpts import excerpts
from ledgers.staging.findings import Fault, finding, findings_where, in_order
from ledgers.staging.kinds import KINDS
from ledgers.staging.rows import row_findings
from ledgers.staging.tables import RawTable, read_table

_EXTRA = re.compile(r"x_[a-z0-9_]{1,60}\Z")

_UNSIGNED = Fault(
    "cell-empty",
    "an agreement needs the day of its signing, and the cell is empty",
    "fill the cell, or write pledge under stage while nothing is signed",
)


@dataclass(frozen=True, slots=True)
class Staged:
    """A file without errors, as typed rows.

    Attributes:
        kind: The kind of file.
        file: The file as the user named it.
        frame: One row for each row of the file, in its order, without exact repetitions. Columns: all of the kind's, in
            the interface's order, whether the file has them or not (dates `Date`, amounts `Decimal(18, 4)` in major
            units, rates `Decimal(18, 8)`, shares `Decimal(18, 8)` from 0 to 1, markers `Int64`, yes/no `Boolean`, all
            else `String`, terms and lists in canonical form, defaults filled in); then the user's own `x_…` columns by
            name, `Decimal(18, 4)`; last `line`, `Int64`.
        warnings: What is worth a look and refuses nothing.
        digest: SHA-256 of the file's bytes, in hex.
    """

    kind: str
    file: str
    frame: pl.DataFrame
    warnings: tuple[Finding, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A file with or without errors: its good rows and everything wrong with the others.

    Attributes:
        kind: The kind of file.
        frame: The rows without an error of their own, as in `Staged`.
        left_out: The other rows, with the same columns; a refused cell is null.
        has_unread: Whether some rows could not be read at all, and so stand in neither.
        findings: Every error and warning, in order.
        table: The cells as the file has them.
    """

    kind: str
    frame: pl.DataFrame
    left_out: pl.DataFrame
    has_unread: bool
    findings: tuple[Finding, ...]
    table: RawTable

    @property
    def is_refused(self) -> bool:
        """Return whether there is an error."""
        return any(found.severity == "error" for found in self.findings)


def stage(kind_name: str, path: Path, *, on: date, file_label: str | None = None, base: str | None = None) -> Staged:
    """Return a file as typed rows; see `ledgers.staging.staged`."""
    one = examine(kind_name, path, on=on, file_label=file_label, base=base)
    if one.is_refused:
        raise InputRefused(one.findings, excerpts(one.findings, [one.table]))
    return Staged(one.kind, one.table.file, one.frame, one.findings, one.table.digest)


def examine(
    kind_name: str, path: Path, *, on: date, file_label: str | None = None, base: str | None = None
) -> Examined:
    """Return a file's good rows and its findings; see `ledgers.staging.examined`."""
    kind = KINDS[kind_name]
    raw = read_table(path, file_label)
    columns, findings = _columns(kind, raw)
    texts, trimmed = _trimmed(raw)
    findings += [*raw.findings, *trimmed]
    texts, lines, repeated = _without_repetitions(texts, raw)
    findings += repeated
    frame = Frame(raw.file, texts, lines, Places.on(on), base)
    values: list[pl.Series] = []
    for column in columns:
        series, found = typed(column, frame)
        values.append(_with_default(series, column))
        findings += found + _empty_cells(column, frame)
    table = _table(columns, values, frame)
    findings += row_findings(kind, table, file=raw.file, on=on) + _unsigned(kind, table, raw)
    findings = in_order(_once_per_cell(findings, raw.findings), raw.cells.columns)
    return _examined(kind, table.select(*(column.name for column in columns), "line"), findings, raw)


def _examined(kind: Kind, rows: pl.DataFrame, findings: list[Finding], raw: RawTable) -> Examined:
    errors = [found for found in findings if found.severity == "error"]
    heads = {None, raw.header_line}
    lines = {found.line for found in errors if found.line is not None and found.line not in heads}
    is_left_out = rows["line"].is_in(sorted(lines))
    if any(_hides_cells(found, kind, raw) for found in errors if found.line in heads):
        is_left_out = pl.Series([True] * rows.height, dtype=pl.Boolean)
    has_unread = bool(lines - set(raw.lines))
    return Examined(kind.name, rows.filter(~is_left_out), rows.filter(is_left_out), has_unread, tuple(findings), raw)


def _hides_cells(found: Finding, kind: Kind, raw: RawTable) -> bool:
    """Return whether an error of the headers takes cells away from every row, so that none can be judged further.

    A column that is merely too much takes nothing away, unless it may be a wanted one under a wrong name.
    """
    if found.code != "column-unknown" or found.column is None:
        return True
    absent = [column.name for column in kind.columns if column.name not in raw.cells.columns]
    return nearest(found.column, absent) is not None or (kind.takes_extras and found.column.startswith("x_"))


def _unsigned(kind: Kind, table: pl.DataFrame, raw: RawTable) -> list[Finding]:
    """Return each agreement without a day of signing; a pledge needs none, for nothing is signed yet."""
    if kind.name != "contributions":
        return []
    is_unsigned = (table["stage"] == "agreement") & table["given.signed_on"].is_null()
    lines = table["line"].filter(is_unsigned.fill_null(value=False))
    if "signed_on" in raw.cells.columns:
        return [finding(_UNSIGNED, raw.file, line=line, column="signed_on") for line in lines]
    known = {column.name for column in kind.columns}
    fault = _missing_fault("signed_on", [name for name in raw.cells.columns if name not in known])
    return [finding(fault, raw.file, line=raw.header_line, column="signed_on")] if len(lines) else []


def _columns(kind: Kind, raw: RawTable) -> tuple[list[Column], list[Finding]]:
    """Return the columns to type, and a finding for each that is missing or unknown."""
    known = {column.name: column for column in kind.columns}
    missing = [column.name for column in kind.columns if column.is_required and column.name not in raw.cells.columns]
    unknown = [name for name in raw.cells.columns if name not in known]
    extras = sorted(name for name in unknown if kind.takes_extras and _EXTRA.match(name))
    findings = [finding(_missing_fault(name, unknown), raw.file, line=raw.header_line, column=name) for name in missing]
    findings += [
        finding(_unknown_fault(name, kind), raw.file, line=raw.header_line, column=name, value=name)
        for name in unknown
        if name not in extras
    ]
    if not raw.cells.height and not findings and not raw.findings:
        fault = Fault("file-without-rows", "the file has headers and no rows", "check that it is the file you meant")
        findings.append(finding(fault, raw.file, severity="warning"))
    return [*kind.columns, *(Column(name, "decimal") for name in extras)], findings


def _missing_fault(name: str, unknown: list[str]) -> Fault:
    near = nearest(name, unknown)
    remedy = f"rename the column {near}, if it is the one meant" if near else "add the column and fill every cell"
    return Fault("column-missing", f"the required column {name} is missing", remedy)


def _unknown_fault(name: str, kind: Kind) -> Fault:
    if kind.takes_extras and name.startswith("x_"):
        told = f"{name} is not a name for a column of your own"
        return Fault("column-unknown", told, "use small letters, digits and _ after x_")
    remedy = did_you_mean(name, [column.name for column in kind.columns], shown_max=30)
    return Fault("column-unknown", f"{kind.name} have no column {name}", remedy)


def _trimmed(raw: RawTable) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the cells without surrounding spaces, with a warning for each that had some and says something."""
    texts = raw.cells.select(pl.all().str.strip_chars().replace("", None))
    fault = Fault("cell-spaces", "spaces around the value were left out", "delete them in the file")
    findings = []
    for name in texts.columns:
        has_spaces = texts[name] != raw.cells[name]
        findings += findings_where(
            fault, raw.file, lines=raw.lines, cells=raw.cells[name], where=has_spaces, severity="warning"
        )
    return texts, findings


def _without_repetitions(texts: pl.DataFrame, raw: RawTable) -> tuple[pl.DataFrame, pl.Series, list[Finding]]:
    """Return the rows without exact repetitions, and a warning for each repetition."""
    if not texts.height:
        return texts, raw.lines, []
    names = texts.columns
    table = texts.select(pl.struct(names).alias("row")).with_columns(line=raw.lines)
    table = table.with_columns(first=pl.col("line").first().over("row"))
    again = table.filter(pl.col("line") != pl.col("first"))
    findings = [
        finding(
            Fault("row-repeated", f"the row says the same as line {first} and was left out", "delete one of the two"),
            raw.file,
            line=line,
            severity="warning",
        )
        for line, first in again.select("line", "first").iter_rows()
    ]
    is_first = (table["line"] == table["first"]).alias("is_first")
    return texts.filter(is_first), raw.lines.filter(is_first), findings


def _with_default(series: pl.Series, column: Column) -> pl.Series:
    if column.default is None:
        return series
    default: object = column.default
    if column.type == "percent":
        default = Decimal(column.default.rstrip("%")).scaleb(-2)
    elif column.type == "amount":
        default = Decimal(column.default)
    elif column.type == "boolean":
        default = column.default == "yes"
    return series.fill_null(pl.Series([default], dtype=value_type(column)).item())


def _empty_cells(column: Column, frame: Frame) -> list[Finding]:
    if not column.is_required or column.name not in frame.texts.columns:
        return []
    fault = Fault("cell-empty", f"{column.name} is required and the cell is empty", "fill the cell")
    is_empty = frame.texts[column.name].is_null()
    return [finding(fault, frame.file, line=line, column=column.name) for line in frame.lines.filter(is_empty)]


def _table(columns: list[Column], values: list[pl.Series], frame: Frame) -> pl.DataFrame:
    """Return typed columns, the texts as `given.<name>`, and `line`."""
    nothing = pl.Series([None] * frame.texts.height, dtype=pl.String)
    given = [
        (frame.texts[column.name] if column.name in frame.texts.columns else nothing).alias(f"given.{column.name}")
        for column in columns
    ]
    return pl.DataFrame([*values, *given, frame.lines.alias("line")])


def _once_per_cell(findings: Iterable[Finding], read: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that only follow from a cell that could not be read."""
    unread: dict[tuple[int | None, str | None], Finding] = {
        (found.line, found.column): found for found in read if found.line and found.column
    }
    return [found for found in findings if unread.get((found.line, found.column), found) is found]
