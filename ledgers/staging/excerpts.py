"""The cells that a report quotes: as the file has them, for the first rows of each kind of error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ledgers.errors import Finding
from ledgers.staging.findings import in_order
from ledgers.staging.tables import RawTable

CONTEXT_ROWS = 3
"""For how many findings of each kind the row's cells are kept."""


def excerpts(findings: Sequence[Finding], tables: Iterable[RawTable]) -> dict[tuple[str, int], dict[str, str | None]]:
    """Return the cells of the rows of the first findings of each kind, warnings counted apart.

    Args:
        findings: In the order in which they are told.
        tables: Files that the findings name.
    """
    seen: Counter[tuple[str, str]] = Counter()
    wanted: set[tuple[str, int]] = set()
    for found in findings:
        seen[found.severity, found.code] += 1
        if found.line is not None and seen[found.severity, found.code] <= CONTEXT_ROWS:
            wanted.add((found.file, found.line))
    return {
        (table.file, line): row
        for table in tables
        for line, row in _rows(table, sorted(line for file, line in wanted if file == table.file))
    }


def as_given(findings: Iterable[Finding], tables: Iterable[RawTable]) -> list[Finding]:
    """Return findings of typed rows with each value as its cell has it, `39.1` and not `39.1000`."""
    findings = list(findings)
    named = {found.file for found in findings}
    by_file = {table.file: table for table in tables if table.file in named}
    places = {file: {line: place for place, line in enumerate(table.lines)} for file, table in by_file.items()}
    told = []
    for found in findings:
        table, column = by_file.get(found.file), found.column
        place = places.get(found.file, {}).get(found.line or 0)
        if table is not None and place is not None and column is not None and column in table.cells.columns:
            cell = table.cells[column][place]
            told.append(replace(found, value=None if cell is None else cell.strip()))
        else:
            told.append(found)
    return told


def sorted_by_place(findings: Iterable[Finding], tables: Iterable[RawTable]) -> list[Finding]:
    """Return findings of several files sorted by file, line and place of the column in its file."""
    columns = {table.file: table.cells.columns for table in tables}
    by_file: dict[str, list[Finding]] = {}
    for found in findings:
        by_file.setdefault(found.file, []).append(found)
    return [found for file in sorted(by_file) for found in in_order(by_file[file], columns.get(file, ()))]


def _rows(table: RawTable, lines: list[int]) -> Iterable[tuple[int, dict[str, str | None]]]:
    if not table.cells.width or not lines:
        return ()
    is_wanted = table.lines.is_in(lines)
    return zip(table.lines.filter(is_wanted), table.cells.filter(is_wanted).to_dicts(), strict=True)
