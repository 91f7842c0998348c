"""JSON lines: one flat object a line; numbers are read as decimals, never as floats."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any

from ledgers.errors import Finding
from ledgers.staging.findings import Fault, finding, refused
from ledgers.staging.tables import Sheet
from ledgers.staging.text import utf8_text

_EXPONENT = re.compile(r"[eE]([+-]?\d+)\Z")
_EXPONENT_MAX = 30


class _LineError(Exception):
    """Why a line is not a flat object."""

    def __init__(self, fault: Fault, column: str | None = None) -> None:
        super().__init__(fault.reason)
        self.fault = fault
        self.column = column


def sheet(content: bytes, file: str) -> Sheet:
    """Return the cells of a JSON lines file; the headers are all names that occur, in order of appearance.

    Raises:
        InputRefused: not UTF-8, or no line at all.
    """
    decoder = json.JSONDecoder(
        parse_float=_plain, parse_int=str, parse_constant=_refuse_constant, object_pairs_hook=_flat_object
    )
    findings: list[Finding] = []
    records: list[dict[str, str | None]] = []
    lines: list[int] = []
    for line, part in enumerate(utf8_text(content, file).split("\n"), start=1):
        if not part.strip():
            continue
        try:
            records.append(_record(part, decoder))
            lines.append(line)
        except _LineError as error:
            findings.append(finding(error.fault, file, line=line, column=error.column, value=part.strip()[:200]))
    if not records and not findings:
        raise refused(Fault("file-empty", "the file has no line", "write one JSON object a line"), file)
    headers = list(dict.fromkeys(name for record in records for name in record))
    columns = [[record.get(name) for record in records] for name in headers]
    return Sheet(headers, None, columns, lines, findings)


def _record(line: str, decoder: json.JSONDecoder) -> dict[str, str | None]:
    try:
        pairs = decoder.decode(line)
    except json.JSONDecodeError as error:
        told = f"not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.colno}"
        raise _LineError(Fault("json-invalid", told, "write one complete JSON object a line")) from None
    except RecursionError:
        raise _LineError(_nested("the line")) from None
    if not isinstance(pairs, dict):
        told = "the line is not a JSON object"
        raise _LineError(Fault("json-not-an-object", told, 'write an object: {"column": "value"}'))
    if "\\u" in line:
        _check_characters(pairs)
    return pairs


def _nested(what: str) -> Fault:
    return Fault("json-nested", f"{what} holds a list or an object", "write one text; separate several values by |")


def _flat_object(pairs: list[tuple[str, Any]]) -> dict[str, str | None]:
    record: dict[str, str | None] = dict(pairs)
    if len(record) < len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        fault = Fault("json-name-repeated", f"{_printable(name)} stands twice in the object", "keep one of the two")
        raise _LineError(fault, _printable(name))
    for name, value in pairs:
        if isinstance(value, bool):
            record[name] = "true" if value else "false"
        elif isinstance(value, (list, dict)):
            raise _LineError(_nested(_printable(name)), _printable(name))
    return record


def _check_characters(record: dict[str, str | None]) -> None:
    """Refuse half of a surrogate pair, which JSON can spell and no text can hold."""
    for name, value in record.items():
        if _printable(name) != name or (value is not None and _printable(value) != value):
            fault = Fault("json-invalid", "half of a surrogate pair is not a character", "write the character itself")
            raise _LineError(fault, _printable(name))


def _printable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _plain(number: str) -> str:
    """Return a JSON number with a point or exponent as a plain decimal; an absurd exponent stays as given."""
    exponent = _EXPONENT.search(number)
    if exponent is None:
        return number
    if len(exponent[1]) > 4 or abs(int(exponent[1])) > _EXPONENT_MAX:
        return number
    return format(Decimal(number), "f")


def _refuse_constant(name: str) -> str:
    fault = Fault("json-invalid", f"{name} is not a number that JSON knows", "write a number, or null for none")
    raise _LineError(fault)
