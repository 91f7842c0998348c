"""Whatever names, references and accounts a book has, beancount and hledger read them as they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ledger_tools import TOOLS, balances, booked, booked_entries, checked, entries, exported
from report_books import Maker, empty_book

from facility.usecases.export_journal import Tool

EXAMPLES = 100 if os.environ.get("FACILITY_TEST_PROFILE") == "thorough" else 5
SIGNS = st.one_of(
    st.sampled_from(" \"\\;|,()[]{}%2DdéÜ.=@*!#^~&'`$中🙂\n\r\t\u00a0\u2028\u200b"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
WORDS = st.text(SIGNS, max_size=12)
PARTS = st.text(SIGNS.filter(lambda sign: sign != ":"), min_size=1, max_size=12)
ROOTS = st.sampled_from(["asset:advance", "asset", "liability", "equity", "equity:budget", "budget", "memo", "x"])


@dataclass(frozen=True)
class Line:
    """The words of one entry of three postings: on an account, below it and beside it."""

    root: str
    part: str
    below: str
    donor: str
    narration: str
    purpose: str | None
    reference: str
    contribution: str


LINES = st.builds(Line, ROOTS, PARTS, PARTS, WORDS, WORDS, st.none() | WORDS, WORDS, WORDS)
HARD = Line("asset:cash", "2024-01-01", "x", "(donor)", "* ! = ; a:b, [2024-01-01]", "date:2024-02-30", ")", "date:1")
SPACED = Line("asset:advance", "two  spaces ", " x", " donor ", " narration\n;", " why, ", " code ", " [=2024-01-01] ")


@contextmanager
def book_of(lines: list[Line]) -> Iterator[Maker]:
    """Give a book with an entry for each line."""
    with TemporaryDirectory() as folder:
        maker = empty_book(Path(folder) / "odd.duckdb")
        with maker.book:
            for number, line in enumerate(lines, start=1):
                _post(maker, number, line)
            yield maker


def _sign(maker: Maker, number: int, contribution_id: str) -> None:
    """Sign a contribution of the donor of that number, unless there is one of that id."""
    if maker.sql("select 1 from ledger.contribution where contribution_id = ?", contribution_id):
        return
    words = {"contribution_id": contribution_id, "donor_id": f"d{number}", "currency": "USD", "stage": "agreement"}
    empty = dict.fromkeys(("earmark", "earmark_class", "content_digest", "terms_digest"), "")
    numbers = {"version": 1, "amount": 0, "base_amount": 0, "log_id": 1}
    maker.put("ledger.contribution", **words, **empty, **numbers, recorded_at=maker.recorded_at)


def _post(maker: Maker, number: int, line: Line) -> None:
    maker.put("ledger.donor", donor_id=f"d{number}", donor=line.donor, donor_kind="state", log_id=1)
    _sign(maker, number, line.contribution)
    dated = {"entry_id": number, "entry_date": date(2024, 1, number), "recorded_at": maker.recorded_at}
    words = {"reference": f"{number}|{line.reference}", "purpose": line.purpose, "narration": line.narration}
    maker.put("ledger.entry", **dated, **words, kind="deposit", digest="d", log_id=1)
    above = f"{line.root}:{line.part}"
    amounts = {above: "12.34", f"{above}:{line.below}": "-7.34", f"{line.root}:rest": "-5.00"}
    rows = [
        (
            number,
            at,
            account,
            "USD",
            Decimal(amount),
            Decimal(amount),
            None,
            line.contribution,
            None,
            f"d{number}",
            None,
        )
        for at, (account, amount) in enumerate(amounts.items(), start=1)
    ]
    maker.book.insert("ledger.posting", rows)


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=EXAMPLES)
@given(lines=st.lists(LINES, min_size=1, max_size=8))
@example(lines=[HARD, SPACED])
def test_odd_words_are_read_back_and_no_two_accounts_merge(tool: Tool, lines: list[Line]) -> None:
    with book_of(lines) as maker, TemporaryDirectory() as folder:
        file = exported(maker.book, tool, Path(folder))
        assert checked(tool, file) == (0, "")
        assert balances(tool, file) == booked(maker.book)
        read = entries(tool, file)
        assert [replace(entry, payee=None) for entry in read] == booked_entries(maker.book)
        donors = {line.contribution: line.donor for line in reversed(lines)}
        assert [entry.payee for entry in read] == [donors[line.contribution] for line in lines]
