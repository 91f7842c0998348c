"""Files that cannot be read, as a whole or in some rows: the smallest of each, with its exact reason and remedy."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from staging_examples import ON, brief, row, stage_rows, stage_text, write

from ledgers.errors import InputRefused
from ledgers.staging import staged

SCORES = "request_id,reviewer,criterion,score\n"

BROKEN = [
    ("empty.csv", b"", None, "file-empty", "the file is empty", "write a row of headers and the rows below it"),
    ("empty.xlsx", b"", None, "file-empty", "the file is empty", "write a row of headers and the rows below it"),
    ("blank.csv", b"\n\n", None, "file-empty", "the file has no row of headers", "write the headers in the first row"),
    ("blank.jsonl", b"\n \n", None, "file-empty", "the file has no line", "write one JSON object a line"),
    ("table.txt", b"a", None, "file-format-unknown", "the extension .txt is not one of the formats read",
     "save it as .csv, .xlsx, .parquet or .jsonl, with the extension in its name"),
    ("table", b"a", None, "file-format-unknown", "a name without an extension does not tell one of the formats read",
     "save it as .csv, .xlsx, .parquet or .jsonl, with the extension in its name"),
    ("excel.csv", b"PK\x03\x04", None, "file-content-mismatch",
     "the file is named .csv, but its content is an Excel workbook (.xlsx) or another zip archive",
     "name it with the extension .xlsx"),
    ("parquet.jsonl", b"PAR1", None, "file-content-mismatch", "the file is named .jsonl, but its content is Parquet",
     "name it with the extension .parquet"),
    ("text.xlsx", b"a,b\n", None, "file-content-mismatch",
     "the file is named .xlsx, but its content is not an Excel workbook", "save it again as CSV in UTF-8"),
    ("old.xlsx", b"\xd0\xcf\x11\xe0", None, "file-content-mismatch",
     "the file is named .xlsx, but its content is an old Excel workbook (.xls) or one locked by a password",
     "save it again as CSV in UTF-8"),
    ("text.parquet", b"a,b\n", None, "file-content-mismatch",
     "the file is named .parquet, but its content is not Parquet",
     "save it again as CSV in UTF-8"),
    ("wide.csv", "a,b\n".encode("utf-16"), None, "file-content-mismatch",
     "the file is named .csv, but its content is text in UTF-16", "save it again as CSV in UTF-8"),
    ("latin.csv", SCORES.encode() + b"R-1,Jos\xe9,need,1\n", 3 - 1, "file-not-utf8",
     "byte 8 of the line is 0xE9, which is not UTF-8 here", "save the file as UTF-8 (in Excel: CSV UTF-8)"),
    ("nul.csv", SCORES.encode() + b"R-1,\0,need,1\n", 2, "file-nul",
     "the line contains a NUL byte: this is not a text file", "save the file again as CSV in UTF-8"),
    ("semicolons.csv", b"request_id;reviewer;criterion;score\n", 1, "file-delimiter",
     "the columns are separated by semicolons, not by commas",
     "save the file with commas between the columns (decimals with a point)"),
    ("tabs.csv", b"request_id\treviewer\n", 1, "file-delimiter", "the columns are separated by tabs, not by commas",
     "save the file with commas between the columns (decimals with a point)"),
    ("few.csv", SCORES.encode() + b"R-1,V-1\n", 2, "row-ragged",
     "the row has 2 cells, the header has 4: criterion and what follows are missing", "add the missing commas"),
    ("one-few.csv", SCORES.encode() + b"R-1,V-1,need\n", 2, "row-ragged",
     "the row has 3 cells, the header has 4: score is missing", "add the missing commas"),
    ("many.csv", SCORES.encode() + b"R-1,V-1,need,1,250\n", 2, "row-ragged", "the row has 5 cells, the header has 4",
     "quote the cell that contains a comma, or delete what is too much"),
    ("open.csv", SCORES.encode() + b'R-1,V-1,need,1\nR-1,"V-1,need,1\nR-1,V-1,need,1\n', 3, "quote-unclosed",
     "a quote opened in this row is not closed by the end of the file (line 4)",
     'close the quote, or write "" for a quote inside a cell'),
    ("quotes.csv", SCORES.encode() + b'R-1,"V"1,need,1\n', 2, "quote-misplaced",
     "the quotes of this row do not pair: after a closing quote comes something other than a comma",
     'write "" for a quote inside a quoted cell'),
    ("header.csv", b'request_id,"rev"iewer\nR-1,V-1\n', 1, "quote-misplaced",
     "the quotes of this row do not pair: after a closing quote comes something other than a comma",
     'write "" for a quote inside a quoted cell'),
    ("long.csv", SCORES.encode() + b"R-1,V-1," + b"n" * 131_073 + b",1\n", 2, "cell-too-long",
     "a cell has more than 131072 characters", "check for a quote that is not closed in this row"),
    ("repeated.csv", b"request_id,reviewer,criterion,score,score\nR-1,V-1,need,1,2\n", 1, "column-repeated",
     "the column score stands twice", "keep one of the two"),
    ("unnamed.csv", b"request_id,reviewer,criterion,score,\nR-1,V-1,need,1,2\n", 1, "column-unnamed",
     "column 5 has cells but no header", "name the column, or delete it"),
    ("cut.jsonl", b'{"request_id": "R-1"\n', 1, "json-invalid", "not JSON: expecting ',' delimiter at character 21",
     "write one complete JSON object a line"),
    ("nan.jsonl", b'{"score": NaN}\n', 1, "json-invalid", "NaN is not a number that JSON knows",
     "write a number, or null for none"),
    ("half.jsonl", b'{"score": "\\ud800"}\n', 1, "json-invalid", "half of a surrogate pair is not a character",
     "write the character itself"),
    ("list.jsonl", b"[1]\n", 1, "json-not-an-object", "the line is not a JSON object",
     'write an object: {"column": "value"}'),
    ("nested.jsonl", b'{"score": [1]}\n', 1, "json-nested", "score holds a list or an object",
     "write one text; separate several values by |"),
    ("deep.jsonl", b"[" * 100_000 + b"\n", 1, "json-nested", "the line holds a list or an object",
     "write one text; separate several values by |"),
    ("twice.jsonl", b'{"score": "1", "score": "2"}\n', 1, "json-name-repeated", "score stands twice in the object",
     "keep one of the two"),
    ("cut.xlsx", b"PK\x03\x04cut", None, "file-damaged", "the Excel file cannot be read: File is not a zip file",
     "open it in a spreadsheet and save it again as .xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "line", "code", "reason", "remedy"), BROKEN, ids=[broken[0] for broken in BROKEN]
)
def test_a_broken_file_is_refused_with_its_place_and_remedy(
    name: str, content: bytes, line: int | None, code: str, reason: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused) as refused:
        stage_text("scores", content, tmp_path, name)
    found = [one for one in refused.value.findings if one.code not in {"column-missing", "column-unknown"}]
    assert [(one.line, *brief(one)[2:]) for one in found] == [(line, code, reason, remedy)]
    assert found[0].file == name


def test_a_truncated_parquet_file_is_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "scores.parquet", [row("scores")])
    with pytest.raises(InputRefused) as refused:
        stage_text("scores", path.read_bytes()[:-10], tmp_path, "cut.parquet")
    (found,) = refused.value.findings
    assert (found.code, found.remedy) == ("file-damaged", "write the file again")
    assert found.reason.startswith("the Parquet file cannot be read: ")


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    expected = {
        "none.csv": ("file-missing", "there is no such file", "check the name and the folder"),
        "folder.csv": ("file-not-a-file", "this is a folder, not a file", "name one file"),
        "pipe.csv": ("file-not-a-file", "this is a device or pipe, not a file", "name one file"),
    }
    for name, told in expected.items():
        with pytest.raises(InputRefused) as refused:
            staged("scores", tmp_path / name, on=ON)
        assert [brief(one)[2:] for one in refused.value.findings] == [told]
        assert refused.value.findings[0].file == str(tmp_path / name)


def test_a_file_that_the_system_refuses_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "scores.csv", [row("scores")])

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(InputRefused) as refused:
        staged("scores", path, on=ON)
    assert [brief(one)[2:] for one in refused.value.findings] == [
        ("file-unreadable", "the file cannot be read: Permission denied", "check its permissions and its disk")
    ]


def test_rows_that_cannot_be_read_do_not_hide_the_errors_of_the_others(tmp_path: Path) -> None:
    content = SCORES + 'R-1,V-1\nR-2,"V"2,need,1\nR-3,V-3,need,high\n\nR-4,V-4,need,1,1\n'
    with pytest.raises(InputRefused) as refused:
        stage_text("scores", content, tmp_path)
    assert [(one.line, one.code) for one in refused.value.findings] == [
        (2, "row-ragged"),
        (3, "quote-misplaced"),
        (4, "number-invalid"),
        (6, "row-ragged"),
    ]


def test_every_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        stage_text("scores", SCORES.encode() + b"R-1,\xe9,need,1\nR-2,V-1,need,1\nR-3,\xff,need,1\n", tmp_path)
    assert [(one.line, one.code) for one in refused.value.findings] == [(2, "file-not-utf8"), (4, "file-not-utf8")]


def test_lines_are_those_of_the_text_file_whatever_the_cells_contain(tmp_path: Path) -> None:
    content = "\n" + SCORES + '\nR-1,V-1,"need\nand\nmore",high\nR-2,V-1,need,high\n,,,\n'
    with pytest.raises(InputRefused) as refused:
        stage_text("scores", content, tmp_path)
    assert [(one.line, one.code) for one in refused.value.findings] == [
        (4, "id-invalid"),
        (4, "number-invalid"),
        (7, "number-invalid"),
        (8, "row-empty"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_any_line_end_are_accepted(end: str, tmp_path: Path) -> None:
    content = ("\ufeff" + SCORES + 'R-1,V-1,"ne""ed",70\n').replace("\n", end)
    frame = stage_text("scores", content, tmp_path).frame
    assert frame.rows() == [("R-1", "V-1", 'ne"ed', Decimal(70), 2)]
    assert frame.columns == ["request_id", "reviewer", "criterion", "score", "line"]


def test_headers_without_rows_are_a_warning(tmp_path: Path) -> None:
    result = stage_text("scores", SCORES, tmp_path)
    assert result.frame.height == 0
    assert [(one.severity, *brief(one)) for one in result.warnings] == [
        ("warning", None, None, "file-without-rows", "the file has headers and no rows",
         "check that it is the file you meant")
    ]  # fmt: skip


def test_an_empty_column_without_a_name_is_passed_over(tmp_path: Path) -> None:
    assert stage_text("scores", "request_id,reviewer,criterion,score,,\nR-1,V-1,need,70,,\n", tmp_path).frame.width == 5


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    result = stage_rows("scores", [row("scores")], tmp_path)
    assert result.digest == hashlib.sha256((tmp_path / "scores.csv").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("values", "code", "reason", "remedy"),
    [
        (pl.Series([70.5]), "column-float", "the column score holds floats (double), which cannot carry exact amounts",
         "write the column as decimal, as a whole number or as text"),
        (pl.Series([70.5], dtype=pl.Float32), "column-float",
         "the column score holds floats (float), which cannot carry exact amounts",
         "write the column as decimal, as a whole number or as text"),
        (pl.Series([b"70"]), "column-type",
         "the column score holds large_binary, which is not text, a number, a date or yes/no",
         "write the column as text"),
        (pl.Series([["70"]]), "column-type",
         "the column score holds large_list<element: large_string>, which is not text, a number, a date or yes/no",
         "write the column as text"),
    ],
)  # fmt: skip
def test_parquet_columns_that_lose_or_hide_are_refused(
    values: pl.Series, code: str, reason: str, remedy: str, tmp_path: Path
) -> None:
    path = tmp_path / "scores.parquet"
    pl.DataFrame([{**row("scores")}]).with_columns(score=values).write_parquet(path)
    with pytest.raises(InputRefused) as refused:
        staged("scores", path, on=ON)
    assert [brief(one) for one in refused.value.findings] == [(None, "score", code, reason, remedy)]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def _workbook_with(content: str, tmp_path: Path, *, part: str = SHEET) -> Path:
    """Write a workbook with one part, its first sheet, replaced by the XML given."""
    return _changed(tmp_path, lambda name, old: content.encode() if name == part else old)


def _changed(tmp_path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a workbook of which each part went through a change; None leaves the part out."""
    path = write(tmp_path / "scores.xlsx", [row("scores")])
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    path.write_bytes(changed.getvalue())
    return path


def _rows(body: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ("<worksheet><sheetData>", "bad XML: no element found: line 1, column 22"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "a document type, which no workbook has"),
        ("<!DOCTYPE worksheet><worksheet/>", "a document type, which no workbook has"),
        (_rows('<row r="1"><c r="A0"><v>1</v></c></row>'), "cell A0 stands in row 1"),
        (_rows('<row r="1"><c r="A2"><v>1</v></c></row>'), "cell A2 stands in row 1"),
        (_rows('<row r="1"><c r="A1"><v>0x1</v></c></row>'), "invalid literal for int() with base 10: '0x1'"),
        (_rows('<row r="1"><c r="A1"><v>1e999</v></c></row>'), "a number is larger than a spreadsheet can hold"),
        (_rows('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "list index out of range"),
        (_rows('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'), "cell ZZZ1 lies beyond column 1024"),
        (_rows('<row r="999999999999"><c><v>1</v></c></row>'), "a row lies beyond row 1048576"),
    ],
)  # fmt: skip
def test_a_damaged_sheet_is_refused(sheet: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        staged("scores", _workbook_with(sheet, tmp_path), on=ON)
    remedy = "open it in a spreadsheet and save it again as .xlsx"
    assert [brief(one)[2:] for one in refused.value.findings] == [
        ("file-damaged", f"the Excel file cannot be read: {told}", remedy)
    ]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = _workbook_with(_rows("<row/>" * 2_000_000), tmp_path)
    with pytest.raises(InputRefused) as refused:
        staged("scores", path, on=ON)
    (found,) = refused.value.findings
    assert found.code == "file-damaged"
    assert f"bytes, too many for a file of {path.stat().st_size}" in found.reason


@pytest.mark.parametrize(
    "change",
    [
        lambda name, old: None if name == SHEET else old,
        lambda name, old: old.replace(b' r:id="rId1"', b""),
        lambda name, old: old.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ],
    ids=["part missing", "link missing", "Strict Open XML"],
)
def test_another_sheet_never_passes_for_the_first(change: Callable[[str, bytes], bytes | None], tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        staged("scores", _changed(tmp_path, change), on=ON)
    told = "its first sheet, Sheet1, is missing, or saved as Strict Open XML, which is not read"
    assert [brief(one)[2:4] for one in refused.value.findings] == [
        ("file-damaged", f"the Excel file cannot be read: {told}")
    ]


def test_a_sheet_is_read_to_its_end_whatever_size_it_claims(tmp_path: Path) -> None:
    def claim_less(name: str, old: bytes) -> bytes:
        return old.replace(b'ref="A1:D2"', b'ref="A1"') if name == SHEET else old

    assert staged("scores", _changed(tmp_path, claim_less), on=ON).frame.rows() == [
        ("R-1", "V-1", "need", Decimal(70), 2)
    ]


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        staged("scores", _workbook_with(_rows(""), tmp_path), on=ON)
    assert [brief(one)[2:] for one in refused.value.findings] == [
        ("file-empty", "the first sheet is empty", "write the table in the first sheet")
    ]


def test_a_sheet_with_prefixed_elements_and_rich_text_is_read(tmp_path: Path) -> None:
    cells = "".join(
        f'<x:c r="{letter}{{0}}" t="inlineStr"><x:is><x:r><x:t>{{{place}}}</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>phonetic</x:t></x:rPh></x:is></x:c>'
        for place, letter in enumerate("ABCD", start=1)
    )
    body = "".join(
        f'<x:row r="{line}">{cells.format(line, *texts)}</x:row>'
        for line, texts in ((3, row("scores").keys()), (5, row("scores").values()))
    )
    path = _workbook_with(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{body}</x:sheetData></x:worksheet>', tmp_path)
    assert staged("scores", path, on=ON).frame.rows() == [("R-1", "V-1", "need", Decimal(70), 5)]


def test_shared_texts_are_read_without_their_phonetic_guides_and_with_their_escapes(tmp_path: Path) -> None:
    texts = [*row("scores").keys(), *row("scores").values()]
    shared = "".join(
        f'<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh></si>'
        for text in texts
    )
    shared = shared.replace("<t>n</t>", "<t>_x006E_</t>")
    path = _workbook_with(f'<sst xmlns="{MAIN}">{shared}</sst>', tmp_path, part="xl/sharedStrings.xml")
    assert staged("scores", path, on=ON).frame.rows() == [("R-1", "V-1", "need", Decimal(70), 2)]
