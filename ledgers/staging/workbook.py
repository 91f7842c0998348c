"""The parts of an Excel workbook (Office Open XML) that say what a cell means: first sheet, strings, date formats.

Read here, from the file's own text, because a spreadsheet library hands out floats: only the text of a number tells
how many digits it has.

Source: ECMA-376 part 1, sections 18.2 (workbook), 18.4 (shared strings), 18.8.30 (number formats).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from ledgers.errors import InputRefused
from ledgers.staging.findings import Fault, refused

_SIZE_MAX = 2**30
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_BUILT_IN_PERCENTS = frozenset({9, 10})
# Colours and conditions in brackets, quoted text, escaped characters and fill say nothing of the kind of number.
_FORMAT_NOISE = re.compile(r'\[(?!h+\]|m+\]|s+\])[^\]]*\]|"[^"]*"|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Start = Callable[[str, dict[str, str]], None]


class WorkbookError(Exception):
    """The zip archive or its XML is not a readable workbook."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a sheet's cells refer to.

    Attributes:
        sheet: The XML of the first sheet.
        strings: Shared texts, by number.
        dates: Styles (by number) that show a number as a date.
        percents: Styles that show a number as a percentage.
        starts_1904: Whether days are counted from 1904 (old Macintosh files) instead of 1900.
    """

    sheet: bytes
    strings: tuple[str, ...]
    dates: frozenset[int]
    percents: frozenset[int]
    starts_1904: bool


def read_workbook(content: bytes, file: str) -> Workbook:
    """Return the parts of a workbook that its first sheet needs.

    Raises:
        InputRefused: the archive or a part of it is damaged, or the workbook has no sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _workbook(archive, file)
    except (
        WorkbookError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
        ValueError, OSError, OverflowError, MemoryError,
    ) as error:  # fmt: skip
        raise damaged(file, error) from None


def damaged(file: str, error: Exception) -> InputRefused:
    """Return the refusal of a workbook that cannot be read."""
    told = f"the Excel file cannot be read: {str(error)[:200] or type(error).__name__}"
    return refused(Fault("file-damaged", told, "open it in a spreadsheet and save it again as .xlsx"), file)


def local(name: str) -> str:
    """Return an element's name without its namespace prefix."""
    return name.rpartition(":")[2]


def parse(content: bytes, start: Start, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Walk through an XML part, names without prefix; document types (no workbook has one) are refused.

    Raises:
        WorkbookError: not well-formed, or with a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise WorkbookError("a document type, which no workbook has")

    def root(name: str, attributes: dict[str, str]) -> None:
        # Some writers give every element a prefix; the usual ones do not, and are read without the detour.
        is_prefixed = ":" in name
        parser.StartElementHandler = (lambda name, given: start(local(name), given)) if is_prefixed else start
        parser.EndElementHandler = (lambda name: end(local(name))) if is_prefixed else end
        start(local(name), attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = root
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as error:  # an encoding that does not exist is a LookupError
        raise WorkbookError(f"bad XML: {error}") from None


def unescaped(text: str) -> str:
    """Return a text with the workbook's `_x000D_` escapes resolved."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _SIZE_MAX:
        raise WorkbookError(f"{name} is larger than 1 GiB")
    return archive.read(name)


def _elements(content: bytes, wanted: str) -> list[dict[str, str]]:
    """Return the attributes of every element of a name, in the order of the document."""
    found: list[dict[str, str]] = []
    parse(content, lambda name, attributes: found.append(attributes) if name == wanted else None, _ignore, _ignore)
    return found


def _ignore(_: str) -> None:
    return None


def _workbook(archive: zipfile.ZipFile, file: str) -> Workbook:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise WorkbookError("it has no xl/workbook.xml")
    main = _part(archive, "xl/workbook.xml")
    sheets = _elements(main, "sheet")
    if not sheets:
        raise refused(Fault("file-empty", "the workbook has no sheet", "write the table in the first sheet"), file)
    target = _targets(archive)[_relation_id(sheets[0])]
    settings = _elements(main, "workbookPr")
    dates, percents = _styles(_part(archive, "xl/styles.xml")) if "xl/styles.xml" in names else ((), ())
    return Workbook(
        sheet=_part(archive, target),
        strings=_strings(_part(archive, "xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else (),
        dates=frozenset(dates),
        percents=frozenset(percents),
        starts_1904=bool(settings) and settings[0].get("date1904") in {"1", "true"},
    )


def _relation_id(sheet: dict[str, str]) -> str:
    return next((value for name, value in sheet.items() if local(name) == "id" and ":" in name), "")


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = _elements(_part(archive, "xl/_rels/workbook.xml.rels"), "Relationship")
    return {
        one.get("Id", ""): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
        for one in relations
    }


def _strings(content: bytes) -> tuple[str, ...]:
    """Return the shared texts; runs of rich text are joined, phonetic guides are left out."""
    strings: list[str] = []
    parts: list[str] = []
    within: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        within.append(name)
        if name == "si":
            parts.clear()

    def end(name: str) -> None:
        within.pop()
        if name == "si":
            strings.append(unescaped("".join(parts)))

    def text(characters: str) -> None:
        if within[-1] == "t" and "rPh" not in within:
            parts.append(characters)

    parse(content, start, end, text)
    return tuple(strings)


def _styles(content: bytes) -> tuple[list[int], list[int]]:
    """Return which cell styles show dates and which percentages."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        if name == "xf" and within[-1:] == ["cellXfs"]:
            formats.append(int(attributes.get("numFmtId", 0)))
        within.append(name)

    parse(content, start, lambda _: _drop(within), _ignore)
    bare = {number: _FORMAT_NOISE.sub("", code).lower() for number, code in codes.items()}
    dates = {number for number, code in bare.items() if re.search("[ymdhs]", code) and "general" not in code}
    percents = {number for number, code in bare.items() if "%" in code} - dates
    return (
        [style for style, number in enumerate(formats) if number in dates | _BUILT_IN_DATES - set(codes)],
        [style for style, number in enumerate(formats) if number in percents | _BUILT_IN_PERCENTS - set(codes)],
    )


def _drop(within: list[str]) -> None:
    within.pop()
