"""A file becomes typed rows, or every error at once: read, know the columns, type the cells, hold the rows together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from ledgers.errors import Finding, InputRefused, did_you_mean, nearest
from ledgers.places import Places
from ledgers.staging.cells import Frame, typed, value_type
from ledgers.staging.columns import KINDS, Column, Kind
from ledgers.staging.findings import Fault, finding, findings_where, in_order
from ledgers.staging.rows import row_findings
from ledgers.staging.tables import RawTable, read_table

CONTEXT_ROWS = 3
"""For how many findings of each kind the row's cells are kept."""

_EXTRA = re.compile(r"x_[a-z0-9_]{1,60}\Z")


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


def stage(kind_name: str, path: Path, *, on: date, file_label: str | None = None, base: str | None = None) -> Staged:
    """Return a file as typed rows; see `ledgers.staging.staged`."""
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
    findings += row_findings(kind, table, file=raw.file, on=on)
    findings = in_order(_once_per_cell(findings, raw.findings), raw.cells.columns)
    if any(found.severity == "error" for found in findings):
        raise InputRefused(findings, _context(findings, raw))
    names = [column.name for column in columns]
    return Staged(kind.name, raw.file, table.select(*names, "line"), tuple(findings), raw.digest)


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
    default = {"no": False, "0%": 0}.get(column.default, column.default)
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


def _context(findings: list[Finding], raw: RawTable) -> dict[tuple[str, int], dict[str, str | None]]:
    """Return the cells of the rows of the first findings of each kind, warnings counted apart."""
    seen: Counter[tuple[str, str]] = Counter()
    wanted: set[int] = set()
    for found in findings:
        seen[found.severity, found.code] += 1
        if found.line is not None and seen[found.severity, found.code] <= CONTEXT_ROWS:
            wanted.add(found.line)
    is_wanted = raw.lines.is_in(sorted(wanted))
    rows = raw.cells.filter(is_wanted).to_dicts() if raw.cells.width else []
    return {(raw.file, line): row for line, row in zip(raw.lines.filter(is_wanted), rows, strict=True)}
