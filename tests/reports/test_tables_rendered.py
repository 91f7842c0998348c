"""Tables as text, CSV and JSON: exact for machines, aligned for people, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reports.table import Column, Table, neutralised, render, shown, width

COLUMNS = (
    Column("name", "Name"),
    Column("amount", "USD", "amount"),
    Column("count", "Count", "count"),
    Column("share", "Share", "share"),
    Column("day", "Day", "date"),
)


def table(*rows: tuple[object, ...], **more: object) -> Table:
    return Table("things", "Things, USD", COLUMNS, rows, **more)  # type: ignore[arg-type]


def test_people_see_separators_and_aligned_figures() -> None:
    made = table(
        ("Norway", Decimal("1250000.00"), 1200, Decimal("0.125"), date(2024, 3, 1)),
        ("Côte d’Ivoire", Decimal("-5.10"), 3, None, None),
        note="A note.",
        total=("Total", Decimal("1249994.90"), 1203, None, None),
    )
    assert render(made, "table") == (
        "Things, USD\n"
        "Name                    USD  Count   Share  Day\n"
        "─────────────  ────────────  ─────  ──────  ──────────\n"
        "Norway         1,250,000.00  1,200  12.5 %  2024-03-01\n"
        "Côte d’Ivoire         -5.10      3\n"
        "─────────────  ────────────  ─────  ──────  ──────────\n"
        "Total          1,249,994.90  1,203\n"
        "A note.\n"
    )


def test_an_empty_table_says_so() -> None:
    assert render(table(), "table").endswith("(none)\n")


def test_files_carry_plain_figures_and_no_total() -> None:
    made = table(
        ("a,b", Decimal("1250000.00"), 1200, Decimal("0.125000"), date(2024, 3, 1)),
        total=("Total", None, None, None, None),
    )
    assert render(made, "csv") == 'name,amount,count,share,day\n"a,b",1250000.00,1200,0.125000,2024-03-01\n'
    assert json.loads(render(made, "json")) == [
        {"name": "a,b", "amount": "1250000.00", "count": 1200, "share": "0.125000", "day": "2024-03-01"}
    ]


@given(
    st.lists(
        st.tuples(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(), st.dates())
    )
)
def test_csv_and_json_give_back_every_cell(rows: list[tuple[str, Decimal, int, date]]) -> None:
    made = table(*((text, amount, count, None, when) for text, amount, count, when in rows))
    for (text, amount, count, when), given_back in zip(rows, json.loads(render(made, "json")), strict=True):
        assert (given_back["name"], Decimal(given_back["amount"]), given_back["count"], given_back["day"]) == (
            text,
            amount,
            count,
            when.isoformat(),
        )
    read = list(csv.DictReader(io.StringIO(render(made, "csv"), newline="")))
    for (text, amount, count, when), row in zip(rows, read, strict=True):
        assert row["name"] == neutralised(text)
        assert (Decimal(row["amount"]), int(row["count"]), row["share"], row["day"]) == (
            amount,
            count,
            "",
            when.isoformat(),
        )


@given(st.sampled_from("=+-@\t\r"), st.text())
def test_no_text_starts_a_formula(start: str, rest: str) -> None:
    text = neutralised(start + rest)
    try:
        Decimal(text)
    except ArithmeticError:
        assert text == "'" + start + rest


def test_negative_numbers_stay_numbers_and_formulas_do_not() -> None:
    assert [neutralised(text) for text in ("-5.20", "+3", "-2+3", "=HYPERLINK(1)", "@x", "ok")] == [
        "-5.20",
        "+3",
        "'-2+3",
        "'=HYPERLINK(1)",
        "'@x",
        "ok",
    ]


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert shown("a\x1b[31mb\nc", "text") == "a [31mb c"


def test_wide_characters_take_two_columns() -> None:
    assert (width("日本"), width("é"), width("e\u0301")) == (4, 1, 1)


def test_long_texts_run_over_lines() -> None:
    made = Table("t", "T", (Column("why", "Why"), Column("n", "N", "count")), (("word " * 30, 1),))
    lines = render(made, "table").splitlines()
    assert max(map(len, lines)) <= 66
    assert lines[3].endswith(" 1")


def test_sentences_of_one_cell_stand_on_lines_of_their_own() -> None:
    made = Table("t", "T", (Column("why", "Why"), Column("n", "N", "count")), (("One.\nTwo.", 1),))
    assert render(made, "table").splitlines()[3:] == ["One.  1", "Two."]
    assert render(made, "csv") == 'why,n\n"One.\nTwo.",1\n'


def test_times_are_written_to_the_second() -> None:
    made = Table("t", "T", (Column("at", "At", "date"),), ((datetime(2024, 1, 2, 3, 4, 5, 678),),))
    assert render(made, "csv") == "at\n2024-01-02 03:04:05\n"
