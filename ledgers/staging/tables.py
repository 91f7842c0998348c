"""A file becomes a table of texts: every cell exactly as given, every row with its line.

The four formats meet here. What a cell *means* is not decided here; a row or cell that cannot be read at all is a
finding of the table, and the rest of the file is read on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ledgers.errors import Finding
from ledgers.staging.findings import Fault, finding, findings_where, refused
from ledgers.staging.words import CONTROL

_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or another zip archive", ".xlsx"),
    (b"PAR1", "Parquet", ".parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one locked by a password", None),
    (b"\x1f\x8b", "compressed with gzip", None),
    (b"%PDF", "a PDF", None),
    (b"\xff\xfe", "text in UTF-16", None),
    (b"\xfe\xff", "text in UTF-16", None),
)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells as text.

    Attributes:
        file: The file as the user named it.
        cells: One String column for each header, in the file's order; empty cells are null.
        lines: For each row of `cells`: its line in the text file (where the row starts), row in the sheet, or number
            of the row in a Parquet file.
        header_line: Line of the headers; None where a format has none.
        findings: Rows and cells that could not be read.
        digest: SHA-256 of the file's bytes, in hex.
    """

    file: str
    cells: pl.DataFrame
    lines: pl.Series
    header_line: int | None
    findings: tuple[Finding, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a format's reader found.

    Attributes:
        headers: As given.
        header_line: Line of the headers; None where a format has none.
        columns: For each header, its cells.
        lines: For each row, its line.
        findings: Rows and cells that could not be read.
    """

    headers: Sequence[str | None]
    header_line: int | None
    columns: Sequence[Sequence[str | None] | pl.Series]
    lines: Sequence[int]
    findings: list[Finding]


def read_table(path: Path, file: str | None = None) -> RawTable:
    """Return a file's cells as text; the extension says the format: .csv, .xlsx, .parquet, .jsonl or .ndjson.

    Args:
        path: Where the file is.
        file: How findings name it; the path by default.

    Raises:
        InputRefused: the file as a whole cannot be read.
    """
    file = file or str(path)
    reader = _reader(path, file)
    content = _content(path, file)
    _check_signature(path.suffix.lower(), content, file)
    return _raw_table(reader(content, file), file, hashlib.sha256(content).hexdigest())


def _reader(path: Path, file: str) -> Callable[[bytes, str], Sheet]:
    from ledgers.staging import csv_reader, excel_reader, json_reader, parquet_reader

    readers: dict[str, Callable[[bytes, str], Sheet]] = {
        ".csv": csv_reader.sheet,
        ".xlsx": excel_reader.sheet,
        ".parquet": parquet_reader.sheet,
        ".jsonl": json_reader.sheet,
        ".ndjson": json_reader.sheet,
    }
    suffix = path.suffix.lower()
    if suffix not in readers:
        told = f"the extension {path.suffix} is not one" if suffix else "a name without an extension does not tell one"
        remedy = "save it as .csv, .xlsx, .parquet or .jsonl, with the extension in its name"
        raise refused(Fault("file-format-unknown", f"{told} of the formats read", remedy), file)
    return readers[suffix]


def _content(path: Path, file: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            thing = "folder" if path.is_dir() else "device or pipe"
            raise refused(Fault("file-not-a-file", f"this is a {thing}, not a file", "name one file"), file)
        return path.read_bytes()
    except FileNotFoundError:
        fault = Fault("file-missing", "there is no such file", "check the name and the folder")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        fault = Fault("file-unreadable", f"the file cannot be read: {why}", "check its permissions and its disk")
    raise refused(fault, file)


def _check_signature(suffix: str, content: bytes, file: str) -> None:
    if not content:
        raise refused(Fault("file-empty", "the file is empty", "write a row of headers and the rows below it"), file)
    found = next((known for known in _SIGNATURES if content.startswith(known[0])), None)
    wanted = suffix if suffix in {".xlsx", ".parquet"} else None
    if (found[2] if found else None) == wanted and (found is None) == (wanted is None):
        return
    what = found[1] if found else ("not an Excel workbook" if wanted == ".xlsx" else "not Parquet")
    again = f"name it with the extension {found[2]}" if found and found[2] else "save it again as CSV in UTF-8"
    fault = Fault("file-content-mismatch", f"the file is named {suffix}, but its content is {what}", again)
    raise refused(fault, file)


def _raw_table(sheet: Sheet, file: str, digest: str) -> RawTable:
    findings = list(sheet.findings)
    kept: dict[str, pl.Series] = {}
    for place, (header, column) in enumerate(zip(sheet.headers, sheet.columns, strict=True), start=1):
        cells = column if isinstance(column, pl.Series) else pl.Series(column, dtype=pl.String)
        name = (header or "").strip()
        fault = _header_fault(name, place, cells, kept)
        if fault is not None:
            findings.append(finding(fault, file, line=sheet.header_line, column=name or None, value=header))
        elif name:
            kept[name] = cells.replace("", None)
    lines = pl.Series(sheet.lines, dtype=pl.Int64)
    table = RawTable(file, pl.DataFrame(kept), lines, sheet.header_line, (), digest)
    findings += _control_characters(table)
    return _without_empty_rows(table, findings)


def _header_fault(name: str, place: int, cells: pl.Series, before: dict[str, pl.Series]) -> Fault | None:
    if name in before:
        return Fault("column-repeated", f"the column {name} stands twice", "keep one of the two")
    # An unnamed column without a single cell is what spreadsheets leave behind; it says nothing.
    if not name and (cells.is_not_null() & (cells != "")).any():
        return Fault("column-unnamed", f"column {place} has cells but no header", "name the column, or delete it")
    return None


def _control_characters(table: RawTable) -> list[Finding]:
    fault = Fault(
        "cell-control-character",
        "the cell contains a control character, which no keyboard writes",
        "type the cell again, or clean it (CLEAN() in a spreadsheet)",
    )
    findings: list[Finding] = []
    for cells in table.cells:
        has_one = cells.str.contains(CONTROL)
        findings += findings_where(fault, table.file, lines=table.lines, cells=cells, where=has_one)
    return findings


def _without_empty_rows(table: RawTable, findings: list[Finding]) -> RawTable:
    if not table.cells.width:
        return RawTable(table.file, table.cells, table.lines.clear(), table.header_line, tuple(findings), table.digest)
    is_empty = table.cells.select(pl.all_horizontal(pl.all().str.strip_chars().fill_null("") == "")).to_series()
    fault = Fault("row-empty", "the row has no cell and was left out", "delete the row, if it is not wanted")
    findings += [finding(fault, table.file, line=line, severity="warning") for line in table.lines.filter(is_empty)]
    cells, lines = table.cells.filter(~is_empty), table.lines.filter(~is_empty)
    return RawTable(table.file, cells, lines, table.header_line, tuple(findings), table.digest)
