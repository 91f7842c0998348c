"""A command is a file of one row: the same cells give the same values, or the same refusals, either way."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from staging_examples import ON, VALID, Row, row, stage_rows

from ledgers.errors import InputRefused
from ledgers.money import currencies, places
from ledgers.staging.kinds import KINDS
from ledgers.staging.one_row import CommandRefused, one_row
from ledgers.staging.rows import _rules
from ledgers.staging.rules import RULED_KINDS

CURRENCIES = {code: places(code) for code in currencies()}
CLI = Path(__file__).resolve().parents[3] / "facility" / "cli"


def written_by_commands() -> set[str]:
    """Return the kinds that commands write rows of, as their calls of `write_row` name them."""
    kinds = set()
    for path in CLI.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"write_row", "_write"}:
                first = node.args[0]
                kinds |= {first.value} if isinstance(first, ast.Constant) else set()
    return kinds


WRITTEN = sorted(written_by_commands())

GOOD = {
    "id": ("G-1", "R-1", "x y", "é-1", "C|1", "a=b", "G-1\u200b", "x" * 201),
    "text": ("why", " spaced ", "é\nx", "=1+1", "\x1f"),
    "date": ("2026-03-31", "2026-02-30", "20260331", "31.03.2026", "2026-3-1", "1899-01-01", "46112",
             "2026-03-31 10:00"),
    "amount": ("5", "5.00", "5.125", "5.12345", "0", "-1", "+7", "1,000", "1e5", "5.", "99999999999999",
               "100000000000000", "EUR 5", "(5.00)", "５"),
    "decimal": ("5", "5.1234", "5.12345", "-3", "1e5", "x"),
    "percent": ("7%", "7 %", "7", "0", "0%", "100%", "100.5%", "7.1234567%", "0.5%", "-1%", "6.999999%", "x"),
    "integer": ("1", "2", "0", "-1", "999", "1000", "1.0", "x"),
    "currency": ("USD", "EUR", "JPY", "KWD", "eur", "XXQ", " EUR"),
    "boolean": ("yes", "no", "TRUE", "maybe"),
}  # fmt: skip
SOME = st.text(st.characters(max_codepoint=0x24F, exclude_categories=("Cs", "Cn")), max_size=8)


@st.composite
def rows(draw: st.DrawFn, kind: str) -> Row:
    """Draw the smallest valid row of a kind, some of its cells changed, filled or emptied."""
    cells = row(kind)
    for column in KINDS[kind].columns:
        likely = column.values or GOOD.get(column.type, ())
        if draw(st.integers(0, 3)) == 0:
            cells[column.name] = draw(st.sampled_from((*likely, "", None)) | SOME)
    return {column.name: cells.get(column.name) for column in KINDS[kind].columns}


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=max(20, settings().max_examples // 5))
@given(data=st.data(), base=st.sampled_from(("USD", "JPY", "KWD")))
def test_one_row_gives_the_values_and_the_refusals_of_a_file_of_that_row(
    kind: str, data: st.DataObject, base: str
) -> None:
    cells = data.draw(rows(kind))
    assert _by_command(kind, cells, base) == _by_file(kind, cells, base)


def _by_command(kind: str, cells: Row, base: str) -> object:
    try:
        return dict(one_row(kind, cells, base=base, currencies=CURRENCIES).values)
    except CommandRefused as refused:
        return refused.code, refused.message, refused.remedy


def _by_file(kind: str, cells: Row, base: str) -> object:
    with TemporaryDirectory() as folder:
        try:
            frame = stage_rows(kind, [cells], Path(folder), ".jsonl", base=base).frame
        except InputRefused as refused:
            errors = [found for found in refused.findings if found.severity == "error"]
            told = [_as_commands_tell(found.code, found.column, found.reason, found.remedy) for found in errors]
            return errors[0].code, "; ".join(one[0] for one in told), "; ".join(dict.fromkeys(one[1] for one in told))
    return frame.drop("line").row(0, named=True)


def _as_commands_tell(code: str, column: str | None, reason: str, remedy: str) -> tuple[str, str]:
    """Return a finding's words; a command has no cells, so it tells what is missing or unreadable in other ones."""
    if code == "cell-empty":
        return f"{column} is required", "give it"
    if code == "cell-control-character":
        return f"{column} contains a control character, which no keyboard writes", "type it again"
    return reason, remedy


def test_commands_write_rows_of_the_kinds_that_the_examples_have() -> None:
    assert set(WRITTEN) <= set(VALID)
    assert {"commitments", "disbursements", "reversals", "bounces", "write_offs", "donor_refunds"} <= set(WRITTEN)


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_smallest_valid_row_is_taken_either_way(kind: str) -> None:
    assert _by_command(kind, VALID[kind], "USD") == _by_file(kind, VALID[kind], "USD")
    assert isinstance(_by_command(kind, VALID[kind], "USD"), dict)


def test_cells_that_are_wrong_and_cells_that_contradict_are_told_together_in_the_order_of_the_columns() -> None:
    cells = row("commitments", share="5%", ends_on="2026-01-01", starts_on="2026-02-01", indirect_max="8%")
    with pytest.raises(CommandRefused) as refused:
        one_row("commitments", cells, base="USD", currencies=CURRENCIES)
    assert refused.value.message == (
        "agreement G-1 says neither its amount nor its share, or both; 8% is more than 7 %; "
        "the agreement ends on 2026-01-01, before it starts on 2026-02-01"
    )
    assert refused.value.code == "amount-or-share"


def test_an_agreement_without_an_id_is_told_what_else_is_wrong_with_it() -> None:
    cells = row("commitments", commitment_id="", share="5%")
    with pytest.raises(CommandRefused, match="agreement without an id says neither its amount nor its share, or both"):
        one_row("commitments", cells, base="USD", currencies=CURRENCIES)
    assert _by_command("commitments", cells, "USD") == _by_file("commitments", cells, "USD")


def test_the_currency_that_an_amount_is_of_is_read_without_its_spaces() -> None:
    cells = row("disbursements", currency=" JPY ", amount="5.5")
    with pytest.raises(CommandRefused, match="more decimal places than JPY allows"):
        one_row("disbursements", cells, base="USD", currencies=CURRENCIES)


def test_a_control_character_comes_into_the_book_no_way() -> None:
    for cells in (row("releases", reason="\x1b[2J"), row("reversals", entry="a\x00b")):
        with pytest.raises(CommandRefused, match="contains a control character"):
            one_row("releases" if "release_id" in cells else "reversals", cells, base="USD", currencies=CURRENCIES)


def test_ruled_kinds_are_those_with_a_rule_about_several_cells_of_one_row() -> None:
    assert {rule.kind for rule in _rules(ON) if rule.severity == "error"} == RULED_KINDS


def test_values_have_the_types_of_the_book() -> None:
    found = one_row(
        "expenditures", row("expenditures", direct="40.5", spent_from="2026-01-01"), base="USD", currencies=CURRENCIES
    )
    assert found.values["direct"] == Decimal("40.5")
    assert found.values["spent_from"] == date(2026, 1, 1)
    assert dict(found.columns)["direct"] == "decimal(18, 4)"
    assert dict(found.columns)["spent_from"] == "date"
