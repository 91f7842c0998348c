"""CSV: commas, double quotes, one header row, UTF-8 (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ledgers.errors import Finding, InputRefused
from ledgers.staging.findings import Fault, finding, refused
from ledgers.staging.tables import Sheet
from ledgers.staging.text import utf8_text

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def sheet(content: bytes, file: str) -> Sheet:
    """Return the cells of a CSV file.

    Raises:
        InputRefused: not UTF-8, no header, or columns separated by something other than commas.
    """
    text = utf8_text(content, file)
    _check_nul(text, file)
    findings: list[Finding] = []
    records = _records(text, file, findings)
    header_line, headers = next(records, (1, []))
    if findings:
        # Without its headers no other row can be read.
        raise InputRefused(findings)
    if not headers:
        raise _without_header(file)
    _check_delimiter(headers, header_line, file)
    lines, rows = [], []
    for line, row in records:
        if len(row) == len(headers):
            lines.append(line)
            rows.append(row)
        else:
            findings.append(_ragged(line, row, headers, file))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headers)
    return Sheet(headers, header_line, columns, lines, findings)


def _without_header(file: str) -> InputRefused:
    return refused(Fault("file-empty", "the file has no row of headers", "write the headers in the first row"), file)


def _records(text: str, file: str, findings: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line where it starts; blank lines are passed over, bad quoting becomes a finding."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            findings.append(finding(_quoting_fault(str(error), start, reader.line_num), file, line=start))
            continue
        if record:
            yield start, record


def _quoting_fault(error: str, start: int, end: int) -> Fault:
    if "unexpected end" in error:
        return Fault(
            "quote-unclosed",
            f"a quote opened in this row is not closed by the end of the file (line {end})",
            'close the quote, or write "" for a quote inside a cell',
        )
    if "field larger" in error:
        return Fault(
            "cell-too-long",
            "a cell has more than 131072 characters",
            "check for a quote that is not closed in this row",
        )
    upto = f" to line {end}" if end > start else ""
    return Fault(
        "quote-misplaced",
        f"the quotes of this row{upto} do not pair: after a closing quote comes something other than a comma",
        'write "" for a quote inside a quoted cell',
    )


def _check_nul(text: str, file: str) -> None:
    if "\0" not in text:
        return
    fault = Fault(
        "file-nul", "the line contains a NUL byte: this is not a text file", "save the file again as CSV in UTF-8"
    )
    raise InputRefused(
        [finding(fault, file, line=line) for line, part in enumerate(text.split("\n"), start=1) if "\0" in part]
    )


def _check_delimiter(headers: list[str], line: int, file: str) -> None:
    found = [name for mark, name in _OTHER_DELIMITERS.items() if len(headers) == 1 and mark in headers[0]]
    if found:
        fault = Fault(
            "file-delimiter",
            f"the columns are separated by {found[0]}, not by commas",
            "save the file with commas between the columns (decimals with a point)",
        )
        raise refused(fault, file, line=line, value=headers[0])


def _ragged(line: int, row: list[str], headers: list[str], file: str) -> Finding:
    few = len(row) < len(headers)
    told = f"the row has {len(row)} cell{'s' if len(row) != 1 else ''}, the header has {len(headers)}"
    if few:
        told += f": {headers[len(row)]}{' and what follows are' if len(headers) - len(row) > 1 else ' is'} missing"
    remedy = "add the missing commas" if few else "quote the cell that contains a comma, or delete what is too much"
    shown = ",".join(row)
    return finding(Fault("row-ragged", told, remedy), file, line=line, value=shown)
