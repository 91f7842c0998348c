"""Excel (.xlsx): the first sheet, each cell as a person would have typed it.

Numbers are written by their shortest representation; one with more than 15 significant digits is refused, because a
spreadsheet does not keep what was typed beyond them. Dates become ISO dates, percentages keep their sign.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from ledgers.errors import InputRefused
from ledgers.staging.findings import Fault, finding, refused
from ledgers.staging.tables import Sheet

_DIGITS_MAX = 15
_WIDTH_MAX = 1024
_LINES_MAX = 2**20
# Of all parts together, unpacked: four times what 100,000 rows of 18 columns take; usual workbooks shrink 5 to 30 fold.
_SIZE_MAX = 2**28
_SHRINK_MAX = 100
# Colours and conditions in brackets, quoted text, escaped characters and fill say nothing of the kind of number.
_FORMAT_NOISE = re.compile(r'\[[^\]]*\]|"[^"]*"|[\\_*].')

Row = dict[int, str]
Place = tuple[int, int]


class CellError(Exception):
    """A cell that has no text of its own."""

    def __init__(self, fault: Fault, value: str | None) -> None:
        super().__init__(fault.reason)
        self.fault = fault
        self.value = value


def sheet(content: bytes, file: str) -> Sheet:
    """Return the cells of a workbook's first sheet; the first row with a cell holds the headers.

    Raises:
        InputRefused: the workbook is damaged, or its first sheet is empty.
    """
    try:
        with warnings.catch_warnings():
            # It warns of what it would not write back (print areas, styles, extensions); nothing is written here.
            warnings.filterwarnings("ignore", module="openpyxl")
            rows, faults = _read(content)
    except Exception as error:  # noqa: BLE001 - the library names no errors of its own for what is damaged
        raise _damaged(file, error) from None
    if not rows:
        raise refused(Fault("file-empty", "the first sheet is empty", "write the table in the first sheet"), file)
    return _sheet(sorted(rows.items()), faults, file)


def shortest(value: float) -> Decimal:
    """Return the number of fewest digits that the spreadsheet cannot tell from the stored one.

    Digits that a program wrote into the file and that no float holds are gone before they come here.

    >>> shortest(1234.0999999999999)
    Decimal('1234.1')

    Raises:
        CellError: more than 15 significant digits.
        ValueError: not a number.
    """
    if not math.isfinite(value):
        raise ValueError("a number is larger than a spreadsheet can hold")
    number = Decimal(repr(value))
    if len("".join(map(str, number.as_tuple().digits)).strip("0")) > _DIGITS_MAX:
        told = f"the number {value!r} has more than {_DIGITS_MAX} significant digits, which a spreadsheet does not keep"
        raise CellError(Fault("cell-digits", told, "format the cell as text and type the exact amount"), repr(value))
    return number


def _read(content: bytes) -> tuple[dict[int, Row], dict[Place, CellError]]:
    """Return the texts of every row that has a cell, and the cells without one."""
    rows: dict[int, Row] = {}
    faults: dict[Place, CellError] = {}
    blank: set[Place] = set()
    for line, place, cell in _cells(content, has_values=True):
        try:
            if text := _text(cell):
                rows.setdefault(line, {})[place] = text
            elif cell.value is None and cell.data_type not in {"str", "s", "inlineStr"}:
                blank.add((line, place))
        except CellError as invalid:
            faults[line, place] = invalid
    remedy = "open the file in a spreadsheet and save it"
    fault = Fault("cell-formula", "the formula has no value stored", remedy)
    faults |= dict.fromkeys(_formulas(content, blank), CellError(fault, None))
    return rows | {line: {} for line, _ in faults if line not in rows}, faults


def _cells(content: bytes, *, has_values: bool) -> Iterator[tuple[int, int, Any]]:
    """Yield the first sheet's cells, with the values last shown or with their formulas."""
    from openpyxl.cell.read_only import EMPTY_CELL
    from openpyxl.chartsheet import Chartsheet
    from openpyxl.reader.excel import ExcelReader

    _check_parts(content)
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=has_values, keep_links=False)
    reader.read()
    names = [one.name for one in reader.parser.sheets]
    # The library leaves out a sheet that it does not find, and the next one would pass for the first.
    if names and names[0] not in reader.wb.sheetnames:
        raise ValueError(f"its first sheet, {names[0]}, is missing, or saved as Strict Open XML, which is not read")
    if not names or isinstance(first := reader.wb[names[0]], Chartsheet):
        return
    first.reset_dimensions()  # what a file says of its size may be wrong, and would cut the table off
    for line, row in enumerate(first.iter_rows(), start=1):
        if line > _LINES_MAX:
            raise ValueError(f"a row lies beyond row {_LINES_MAX}")
        if len(row) > _WIDTH_MAX:
            raise ValueError(f"cell {row[-1].coordinate} lies beyond column {_WIDTH_MAX}")
        for place, cell in enumerate(row):
            if cell is not EMPTY_CELL:
                if cell.row != line:
                    raise ValueError(f"cell {cell.coordinate} stands in row {line}")
                yield line, place, cell


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to too much, and document types: of these the library itself refuses only the entities."""
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > min(_SIZE_MAX, _SHRINK_MAX * max(len(content), 2**16)):
            raise ValueError(f"unpacked it has {size} bytes, too many for a file of {len(content)}")
        for part in archive.namelist():
            if part.startswith("xl/") and part.endswith((".xml", ".rels")):
                with archive.open(part) as text:
                    next(iterparse(text, events=("start",), forbid_dtd=True))


def _formulas(content: bytes, blank: set[Place]) -> Iterator[Place]:
    """Yield which of the blank cells hold a formula; only a second reading tells."""
    for line, place, cell in _cells(content, has_values=False) if blank else ():
        if cell.data_type == "f" and (line, place) in blank:
            yield line, place


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "e" and value is not None:
        told = f"the cell shows the error {value}"
        raise CellError(Fault("cell-error", told, "correct the formula, or write the value"), value)
    if isinstance(value, str):
        return _unescaped(value) if "_x" in value else value
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        number = shortest(value)
        return f"{_plain(number * 100)}%" if _is_percent(cell.number_format) else _plain(number)
    if isinstance(value, timedelta):
        return f"PT{value // timedelta(seconds=1)}S"
    return str(value.isoformat()).removesuffix("T00:00:00")


def _unescaped(text: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(text))


@cache
def _is_percent(shape: str) -> bool:
    return "%" in _FORMAT_NOISE.sub("", shape)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _damaged(file: str, error: Exception) -> InputRefused:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    cause = error.__cause__ or error  # the library wraps some errors in advice of its own
    told = str(cause)[:200] or type(cause).__name__
    if isinstance(cause, DefusedXmlException):
        told = "a document type, which no workbook has"
    elif isinstance(cause, ParseError):
        told = f"bad XML: {told}"
    remedy = "open it in a spreadsheet and save it again as .xlsx"
    return refused(Fault("file-damaged", f"the Excel file cannot be read: {told}", remedy), file)


def _sheet(rows: list[tuple[int, Row]], faults: dict[Place, CellError], file: str) -> Sheet:
    header_line, first = rows[0]
    width = max(max(row, default=0) for _, row in rows) + 1
    headers = [first.get(place) for place in range(width)]
    findings = [
        finding(one.fault, file, line=line, column=headers[place] if place < width else None, value=one.value)
        for (line, place), one in faults.items()
    ]
    columns = [[row.get(place) for _, row in rows[1:]] for place in range(width)]
    return Sheet(headers, header_line, columns, [line for line, _ in rows[1:]], findings)
