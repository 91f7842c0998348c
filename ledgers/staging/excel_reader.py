"""Excel (.xlsx): the first sheet, each cell as a person would have typed it.

Numbers are written by their shortest representation; one with more than 15 significant digits is refused, because a
spreadsheet does not keep what was typed beyond them. Dates become ISO dates, percentages keep their sign.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from ledgers.errors import Finding
from ledgers.staging.findings import Fault, finding, refused
from ledgers.staging.tables import Sheet
from ledgers.staging.workbook import Workbook, WorkbookError, damaged, parse, read_workbook, unescaped

_DIGITS_MAX = 15
_WIDTH_MAX = 1024
_NUMBER = re.compile(r"-?(\d+)(\.\d+)?([eE][+-]?\d{1,3})?\Z", re.ASCII)
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z", re.ASCII)


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
    workbook = read_workbook(content, file)
    cells = _Cells(workbook)
    try:
        parse(workbook.sheet, cells.start, cells.end, cells.text)
    except (WorkbookError, ValueError, OverflowError) as error:
        raise damaged(file, error) from None
    rows = [
        (line, row) for line, row in sorted(cells.rows.items()) if any(text not in {None, ""} for text in row.values())
    ]
    rows_with_faults = {line for line, _ in cells.faults}
    rows += [(line, {}) for line in rows_with_faults - {line for line, _ in rows}]
    if not rows:
        raise refused(Fault("file-empty", "the first sheet is empty", "write the table in the first sheet"), file)
    return _sheet(sorted(rows, key=lambda row: row[0]), cells.faults, file)


def _sheet(rows: list[tuple[int, dict[int, str]]], faults: dict[tuple[int, int], CellError], file: str) -> Sheet:
    header_line, first = rows[0]
    width = max(max(row, default=0) for _, row in rows) + 1
    headers = [first.get(place) for place in range(width)]
    findings: list[Finding] = []
    for (line, place), invalid in faults.items():
        name = headers[place] if place < width else None
        findings.append(finding(invalid.fault, file, line=line, column=name, value=invalid.value))
    columns = [[row.get(place) for _, row in rows[1:]] for place in range(width)]
    return Sheet(headers, header_line, columns, [line for line, _ in rows[1:]], findings)


class _Cells:
    """Collects a sheet's cells while its XML goes by."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.rows: dict[int, dict[int, str]] = {}
        self.faults: dict[tuple[int, int], CellError] = {}
        self._line = 0
        self._place = -1
        self._type = "n"
        self._style = 0
        self._has_formula = False
        self._collects = False
        self._within_phonetic = False
        self._parts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a row, a cell, or a part of a cell."""
        if name == "c":
            self._place += 1
            if (reference := attributes.get("r")) is not None:
                self._line, self._place = _position(reference)
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._has_formula = False
            self._parts = []
        elif name in {"v", "t"}:
            self._collects = not self._within_phonetic
        elif name == "row":
            self._line = int(attributes["r"]) if "r" in attributes else self._line + 1
            self._place = -1
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._within_phonetic = True

    def text(self, characters: str) -> None:
        """Collect the characters of a value."""
        if self._collects:
            self._parts.append(characters)

    def end(self, name: str) -> None:
        """Close a part of a cell, or the cell."""
        if name in {"v", "t"}:
            self._collects = False
        elif name == "rPh":
            self._within_phonetic = False
        elif name == "c":
            try:
                text = self._cell("".join(self._parts))
            except CellError as invalid:
                self.faults[self._line, self._place] = invalid
                return
            if text:
                self.rows.setdefault(self._line, {})[self._place] = text

    def _cell(self, value: str) -> str:
        if self._type == "s":
            return self._shared(value)
        if self._type in {"str", "inlineStr"}:
            return unescaped(value)
        if value == "":
            if self._has_formula:
                told = "the formula has no value stored"
                raise CellError(Fault("cell-formula", told, "open the file in a spreadsheet and save it"), None)
            return ""
        if self._type == "e":
            told = f"the cell shows the error {value}"
            raise CellError(Fault("cell-error", told, "correct the formula, or write the value"), value)
        if self._type == "b":
            return "true" if value == "1" else "false"
        if self._type == "d":
            return value.removesuffix("T00:00:00")
        return self._number(value)

    def _shared(self, value: str) -> str:
        number = int(value)
        if not 0 <= number < len(self.workbook.strings):
            raise WorkbookError(f"text number {number} is not among the shared texts")
        return self.workbook.strings[number]

    def _number(self, value: str) -> str:
        number = shortest(value)
        if self._style in self.workbook.dates:
            return _day(number, starts_1904=self.workbook.starts_1904)
        if self._style in self.workbook.percents:
            return f"{_plain(number * 100)}%"
        return _plain(number)


def shortest(value: str) -> Decimal:
    """Return the number of fewest digits that the spreadsheet cannot tell from the stored one.

    >>> shortest("1234.0999999999999")
    Decimal('1234.1')

    Raises:
        CellError: more than 15 significant digits.
        WorkbookError: not a number.
    """
    if not _NUMBER.match(value):
        raise WorkbookError(f"{value[:40]!r} is not a number")
    number = Decimal(repr(float(value))) if "inf" not in repr(float(value)) else Decimal(value)
    digits = len("".join(map(str, number.as_tuple().digits)).strip("0"))
    # 17 digits tell any two floats apart: more were not written by a spreadsheet, and would be lost.
    if digits > _DIGITS_MAX or len(re.split("[eE]", value)[0].replace(".", "").strip("-0")) > 17:
        told = f"the number {value} has more than {_DIGITS_MAX} significant digits, which a spreadsheet does not keep"
        raise CellError(Fault("cell-digits", told, "format the cell as text and type the exact amount"), value)
    return number


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(serial: Decimal, *, starts_1904: bool) -> str:
    """Return a serial number as an ISO date, with its time if it has one."""
    # Excel counts a 29 February 1900 that never was; before it, days are one off.
    first = datetime(1904, 1, 1) if starts_1904 else datetime(1899, 12, 30 if serial >= 61 else 31)
    try:
        moment = first + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return _plain(serial)
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat()


def _position(reference: str) -> tuple[int, int]:
    found = _REFERENCE.match(reference)
    if found is None:
        raise WorkbookError(f"{reference[:40]!r} is not a cell's name")
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - 64
    if place > _WIDTH_MAX:
        raise WorkbookError(f"cell {reference} lies beyond column {_WIDTH_MAX}")
    return int(found[2]), place - 1
