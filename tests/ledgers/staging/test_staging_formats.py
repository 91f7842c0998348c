"""The four formats say the same, and no amount passes a float on its way."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from staging_examples import ON, VALID, brief, outcome, refusal, row, stage_rows, stage_text, write

from ledgers.errors import InputRefused
from ledgers.staging import staged
from ledgers.staging.excel_reader import CellError, shortest
from ledgers.staging.kinds import KINDS
from ledgers.staging.stage import Staged

FORMATS = (".csv", ".xlsx", ".parquet", ".jsonl", ".ndjson")

FULL = {
    "contributions": row(
        "contributions", agreement="A/1", donor_country="DEU", earmark="country=LDC|KEN; window=diaspora",
        use_by="2027-12-31", country_share_max="25%", stage="pledge", conditional="no", interest="facility",
        fee_percent="0", report_due="2027-01-31", note="a, “quoted”\nnote",
    ),
    "deposits": row("deposits", base_amount="55.1234", applied_amount="0"),
    "requests": row(
        "requests", country="KEN:60|UGA:40", objectives="13|8|8", amount_minimum="0", merit="72.5", cofinance="10",
        gender="2", human_rights="0", child="3", oda="yes", starts_on="2026-01-01", ends_on="2026-12-31",
        level="local", place="Kisumu", implementer="I-1", finance_type="grant", cofinance_confirmed="5",
        continues="R-0", follow_on="R-9", x_staff="-3.5", x_area="12",
    ),
    "scores": row("scores"),
    "rates": row("rates", units_per_base="1500.12345678"),
    "entries": row("entries", contribution_id="C-1", request_id="R-1", purpose="p", narration="n", amount="-0.01"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FULL))
def test_all_formats_give_equal_frames_for_the_same_content(kind: str, tmp_path: Path) -> None:
    second = {name: value if name in VALID[kind] else None for name, value in FULL[kind].items()}
    second[KINDS[kind].key[0]] = "XAF"
    frames = {suffix: stage_rows(kind, [FULL[kind], second], tmp_path, suffix).frame for suffix in FORMATS}
    lines = {suffix: frame["line"].to_list() for suffix, frame in frames.items()}
    assert lines == {".csv": [2, 4] if kind == "contributions" else [2, 3], ".xlsx": [2, 3], ".parquet": [1, 2],
                     ".jsonl": [1, 2], ".ndjson": [1, 2]}  # fmt: skip
    for suffix in FORMATS[1:]:
        assert frames[suffix].drop("line").equals(frames[".csv"].drop("line"), null_equal=True)
        assert frames[suffix].schema == frames[".csv"].schema


def test_the_frame_has_every_column_typed_and_defaults_filled_in(tmp_path: Path) -> None:
    frame = stage_rows("contributions", [row("contributions")], tmp_path).frame
    assert frame.columns == [*(column.name for column in KINDS["contributions"].columns), "line"]
    (only,) = frame.to_dicts()
    assert only == dict.fromkeys(frame.columns) | VALID["contributions"] | {
        "amount": Decimal("100.0000"),
        "signed_on": date(2026, 1, 15),
        "stage": "agreement",
        "conditional": False,
        "interest": "facility",
        "fee_percent": Decimal(0),
        "line": 2,
    }
    assert frame.schema["amount"] == pl.Decimal(18, 4)
    assert frame.schema["use_by"] == pl.Date
    assert frame.schema["country_share_max"] == pl.Decimal(18, 8)


def test_cells_take_their_canonical_form(tmp_path: Path) -> None:
    frame = stage_rows("requests", [FULL["requests"] | {"country": "uga:40|KEN:60.0", "oda": "No"}], tmp_path).frame
    (only,) = frame.to_dicts()
    assert only["country"] == "KEN:60|UGA:40"
    assert only["objectives"] == "8|13"
    assert only["oda"] is False
    assert (only["x_area"], only["x_staff"]) == (Decimal("12"), Decimal("-3.5"))
    assert frame.columns[-3:] == ["x_area", "x_staff", "line"]
    earmarked = stage_rows("contributions", [row("contributions", earmark="Window = DIASPORA")], tmp_path).frame
    assert earmarked["earmark"].item() == "window=diaspora"


def amounts(places: int) -> st.SearchStrategy[Decimal]:
    """Return amounts of all sizes that DECIMAL(18,4) holds and a currency of some places allows."""
    return st.integers(1, 10 ** (14 + places) - 1).map(lambda minor: Decimal(minor).scaleb(-places))


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts(2), min_size=1, max_size=30), st.sampled_from([".csv", ".jsonl", ".parquet"]))
def test_amounts_arrive_to_the_last_place(given_amounts: list[Decimal], suffix: str) -> None:
    rows = [row("contributions", contribution_id=f"C-{n}", amount=f"{one:f}") for n, one in enumerate(given_amounts)]
    with TemporaryDirectory() as folder:
        frame = stage_rows("contributions", rows, Path(folder), suffix).frame
    assert frame["amount"].to_list() == given_amounts


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789+-.eE, ", max_size=24))
def test_a_text_is_the_amount_it_says_or_refused(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "entries.csv", [row("entries", amount=text, currency="KWD")])
        result = outcome("entries", path)
    said = text.strip()
    is_amount = re.fullmatch(r"[+-]?0*\d{1,14}(\.\d{1,3}0*)?", said) is not None and Decimal(said) != 0
    if is_amount:
        assert isinstance(result, Staged)
        assert result.frame["amount"].item() == Decimal(said)
    else:
        assert isinstance(result, InputRefused)
        assert {found.column for found in result.findings} == {"amount"}


def test_json_numbers_are_read_as_the_decimals_they_are_written(tmp_path: Path) -> None:
    line = (
        '{"request_id":"R-1","title":"T","applicant":"A","applicant_kind":"ngo","window":"diaspora","currency":"USD",'
    )
    content = (
        line + '"amount_requested":9007199254740.93,"merit":1E+1,"x_a":0.1,"x_b":12345678901234.5678,"oda":true}\n'
    )
    (only,) = stage_text("requests", content, tmp_path, "requests.jsonl").frame.to_dicts()
    assert only["amount_requested"] == Decimal("9007199254740.93")
    assert (only["merit"], only["x_a"], only["x_b"]) == (Decimal(10), Decimal("0.1"), Decimal("12345678901234.5678"))
    assert only["oda"] is True


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("9007199254740993.01", "amount-too-large"),
        ("0.30000000000000004", "amount-too-fine"),
        ("1e999999999", "amount-invalid"),
        ("1e-999999999", "amount-invalid"),
        ("1" * 5000, "amount-too-large"),
    ],
)
def test_json_numbers_that_the_book_cannot_hold_are_refused_not_rounded(number: str, code: str, tmp_path: Path) -> None:
    content = f'{{"reference":"E","kind":"interest","entry_date":"2026-01-01","currency":"USD","amount":{number}}}'
    with pytest.raises(InputRefused) as refused:
        stage_text("entries", content, tmp_path, "entries.jsonl")
    (found,) = refused.value.findings
    assert (found.code, found.value) == (code, number)


def test_parquet_decimals_integers_dates_and_booleans_are_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "requests.parquet"
    pl.DataFrame([row("requests"), row("requests", request_id="R-2")]).with_columns(
        amount_requested=pl.Series(["90071992547409.93", "0.01"]).cast(pl.Decimal(38, 10)),
        gender=pl.Series([3, None], dtype=pl.Int8),
        oda=pl.Series([True, False]),
        starts_on=pl.Series([date(2026, 1, 1), None]),
        ends_on=pl.Series([datetime(2026, 2, 1), None]),
        applicant_kind=pl.Series(["ngo", "city"], dtype=pl.Categorical),
    ).write_parquet(path)
    frame = staged("requests", path, on=ON).frame
    assert frame["amount_requested"].to_list() == [Decimal("90071992547409.93"), Decimal("0.01")]
    assert frame["gender"].to_list() == [3, None]
    assert frame["oda"].to_list() == [True, False]
    assert frame["starts_on"].to_list() == [date(2026, 1, 1), None]
    assert frame["ends_on"].to_list() == [date(2026, 2, 1), None]
    assert frame["applicant_kind"].to_list() == ["ngo", "city"]


def _workbook(path: Path, cells: dict[str, object], formats: dict[str, str] | None = None) -> Path:
    """Write one row of entries or contributions as a spreadsheet would: numbers as numbers, dates as dates."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, (name, value) in enumerate(cells.items()):
            sheet.write_string(0, place, name)
            shape = book.add_format({"num_format": formats[name]}) if formats and name in formats else None
            if isinstance(value, (date, datetime)):
                sheet.write_datetime(1, place, value, shape)
            elif isinstance(value, dict):
                sheet.write_formula(1, place, value["formula"], shape, value["value"])
            else:
                sheet.write(1, place, value, shape)
    return path


def test_excel_cells_are_read_as_they_look(tmp_path: Path) -> None:
    cells = dict(row("contributions")) | {
        "amount": 1234.1, "signed_on": datetime(2026, 1, 15), "use_by": date(2027, 12, 31), "country_share_max": 0.125,
        "conditional": False, "agreement": 42, "note": {"formula": '="a"&"b"', "value": "ab"},
    }  # fmt: skip
    formats = {"signed_on": "dd/mm/yyyy", "use_by": "[$-409]d mmm yyyy;@", "country_share_max": "0.0%"}
    (only,) = staged("contributions", _workbook(tmp_path / "c.xlsx", cells, formats), on=ON).frame.to_dicts()
    assert only["amount"] == Decimal("1234.1")
    assert (only["signed_on"], only["use_by"]) == (date(2026, 1, 15), date(2027, 12, 31))
    assert (only["country_share_max"], only["conditional"]) == (Decimal("0.125"), False)
    assert (only["agreement"], only["note"]) == ("42", "ab")


@pytest.mark.parametrize(
    ("cell", "code", "reason", "remedy"),
    [
        (1234567890123456, "cell-digits",
         "the number 1234567890123456 has more than 15 significant digits, which a spreadsheet does not keep",
         "format the cell as text and type the exact amount"),
        ({"formula": "=1/0", "value": "#DIV/0!"}, "cell-error", "the cell shows the error #DIV/0!",
         "correct the formula, or write the value"),
        ({"formula": "=1+1", "value": ""}, "cell-formula", "the formula has no value stored",
         "open the file in a spreadsheet and save it"),
    ],
)  # fmt: skip
def test_an_excel_cell_without_a_value_of_its_own_is_one_finding(
    cell: object, code: str, reason: str, remedy: str, tmp_path: Path
) -> None:
    path = _workbook(tmp_path / "e.xlsx", {**row("entries"), "amount": cell})
    with pytest.raises(InputRefused) as refused:
        staged("entries", path, on=ON)
    assert [brief(one) for one in refused.value.findings] == [(2, "amount", code, reason, remedy)]


def test_a_sum_that_only_looks_round_is_refused_in_excel() -> None:
    for stored in (0.1 + 0.2, 9007199254740993, -1234567890123.456):
        with pytest.raises(CellError):
            shortest(stored)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_a_number_of_15_digits_survives_the_spreadsheet(digits: int, places: int) -> None:
    typed = Decimal(digits).scaleb(-places)
    assert shortest(float(typed)) == typed
    assert shortest(float(f"{float(typed):.17G}")) == typed


def test_moments_and_durations_are_read_in_their_iso_form(tmp_path: Path) -> None:
    moments = {"2026-01-15T12:30:00": (46037 + 12.5 / 24, "yyyy-mm-dd hh:mm"), "18:00:00": (0.75, "h:mm"),
               "PT129600S": (1.5, "[h]:mm"), "0.125": (0.125, '0.0"%"'), "0.5%": (0.005, "0.0%")}  # fmt: skip
    for expected, (number, shape) in moments.items():
        path = _workbook(tmp_path / "e.xlsx", {**row("entries"), "narration": number}, {"narration": shape})
        assert staged("entries", path, on=ON).frame["narration"].item() == expected


def test_a_formula_that_shows_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    cells = {**row("entries"), "narration": {"formula": '=""', "value": ""}, "purpose": None}
    path = _workbook(tmp_path / "e.xlsx", cells, {"purpose": "0.00"})
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            # As a spreadsheet writes it: of type text, with an empty value.
            new.writestr(part, old.read(part).replace(b'"><f>""</f>', b'" t="str"><f>""</f>'))
    path.write_bytes(changed.getvalue())
    (only,) = staged("entries", path, on=ON).frame.to_dicts()
    assert (only["narration"], only["purpose"]) == (None, None)


def test_what_a_workbook_holds_beside_its_cells_changes_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, (name, value) in enumerate(row("entries").items()):
            sheet.write_column(0, place, [name, value])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$2"})
        sheet.insert_chart("H4", chart)
        sheet.data_validation("A2", {"validate": "list", "source": ["x"]})
        sheet.conditional_format("A1:B2", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline(5, 5, {"range": "A1:B1"})
        sheet.set_header('&C&"x" y & &&')
        sheet.write_comment("A1", "a comment")
        sheet.print_area(0, 0, 1, 1)
        sheet.protect("a password")
    assert staged("entries", path, on=ON).frame["reference"].to_list() == [row("entries")["reference"]]


def test_a_serial_number_beyond_all_dates_is_an_error_of_its_cell(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "e.xlsx", {**row("entries"), "entry_date": 9e9}, {"entry_date": "yyyy-mm-dd"})
    with pytest.raises(InputRefused) as refused:
        staged("entries", path, on=ON)
    assert [brief(one)[:4] for one in refused.value.findings] == [
        (2, "entry_date", "cell-error", "the cell shows the error #VALUE!")
    ]


def test_serial_numbers_are_not_taken_for_dates(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "e.xlsx", {**row("entries"), "entry_date": 46112})
    with pytest.raises(InputRefused) as refused:
        staged("entries", path, on=ON)
    (found,) = refused.value.findings
    assert found.remedy == "format the column as a date: 2026-03-31, if that is the day meant"


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_errors_are_found_in_every_format(suffix: str, tmp_path: Path) -> None:
    rows = [row("requests", request_id=f"R-{n}", merit="x" if n % 2 else "1", window="city") for n in range(6)]
    found = refusal("requests", rows, tmp_path, suffix).findings
    first = {".csv": 2, ".xlsx": 2}.get(suffix, 1)
    expected = [(n + first, name) for n in range(6) for name in ("window", "merit") if name == "window" or n % 2]
    assert [(one.line, one.column) for one in found] == expected


def test_a_file_written_for_one_kind_is_refused_as_another(tmp_path: Path) -> None:
    path = write(tmp_path / "scores.csv", [row("scores")])
    with pytest.raises(InputRefused):
        staged("rates", path, on=ON)
