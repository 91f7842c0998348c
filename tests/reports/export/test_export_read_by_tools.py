"""beancount and hledger accept an exported journal, and reckon from it what the book holds, to the last cent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ledger_story import Story
from ledger_tools import (
    TOOLS,
    Entry,
    account_of_beancount,
    balances,
    beancount_loaded,
    booked,
    booked_entries,
    checked,
    entries,
    exported,
    hledger_said,
    needs_beancount,
    needs_hledger,
    summed,
)
from report_books import empty_book

from facility.usecases.export_journal import Tool

KINDS = {"pledge", "signing", "deposit", "allocation", "interest", "administration", "cancellation", "transfer"}


def options(story: Story) -> dict[str, dict[str, Any]]:
    return {
        "all of it": {},
        "up to a day": {"as_of": date(2024, 1, 25)},
        "as known before": {"known_at": story.before},
        "both": {"as_of": date(2024, 2, 16), "known_at": story.before},
    }


@pytest.mark.parametrize("in_base", [False, True], ids=["own currencies", "in base"])
@pytest.mark.parametrize("which", ["all of it", "up to a day", "as known before", "both"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_balance_is_the_book_s(tool: Tool, which: str, in_base: bool, story: Story, tmp_path: Path) -> None:
    asked = options(story)[which]
    file = exported(story.book, tool, tmp_path, in_base=in_base, **asked)
    assert checked(tool, file) == (0, "")
    expected = booked(story.book, in_base=in_base, **asked)
    assert len(expected) > 8
    assert balances(tool, file) == expected


def _grouped(entry: Entry) -> Entry:
    return replace(entry, postings=tuple(sorted(entry.postings, key=lambda each: each.currency)))


@pytest.mark.parametrize("in_base", [False, True], ids=["own currencies", "in base"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_entry_is_read_as_the_book_has_it(tool: Tool, in_base: bool, story: Story, tmp_path: Path) -> None:
    read = [
        replace(entry, payee=None) for entry in entries(tool, exported(story.book, tool, tmp_path, in_base=in_base))
    ]
    expected = booked_entries(story.book, in_base=in_base)
    if tool == "beancount":  # its booking puts the postings of one currency together
        read, expected = ([_grouped(entry) for entry in each] for each in (read, expected))
    assert read == expected
    assert {entry.kind for entry in read} == KINDS


@pytest.mark.parametrize("tool", TOOLS)
def test_an_entry_names_the_party_that_it_is_of(tool: Tool, story: Story, tmp_path: Path) -> None:
    payees = {entry.reference: entry.payee for entry in entries(tool, exported(story.book, tool, tmp_path))}
    assert payees["signing|C-2"] == 'Westbank; "Fonds" | 50%, [KEN]'
    assert payees["deposit|D-6|C-1"] == "State of Norland"
    assert payees["allocation|A|R 2%41"] == "Ministry, of [Labour]"
    assert payees["entries|I-1"] is None


@pytest.mark.parametrize("tool", TOOLS)
def test_base_amounts_beside_the_postings_sum_to_the_base_balances(tool: Tool, story: Story, tmp_path: Path) -> None:
    read = entries(tool, exported(story.book, tool, tmp_path))
    in_base = [
        (posting.account, "USD", Decimal(posting.beside.get("base", f"{posting.amount} USD").removesuffix(" USD")))
        for entry in read
        for posting in entry.postings
    ]
    assert summed(in_base) == booked(story.book, in_base=True)


@pytest.mark.parametrize("in_base", [False, True], ids=["own currencies", "in base"])
@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_finds_an_entry_that_is_missing_and_a_cent_that_is_wrong(
    tool: Tool, in_base: bool, story: Story, tmp_path: Path
) -> None:
    whole = exported(story.book, tool, tmp_path, in_base=in_base).read_text(encoding="utf-8")
    parts = whole.split("\n\n")
    places = [at for at, part in enumerate(parts) if "D-6" in part.splitlines()[0]]
    assert len(places) == 1
    broken = {
        "an entry missing": "\n\n".join(part for at, part in enumerate(parts) if at not in places),
        "an entry twice": whole.replace(parts[places[0]], parts[places[0]] + "\n\n" + parts[places[0]]),
        "a cent on one side": whole.replace("  300.00 USD\n", "  300.01 USD\n", 1).replace(
            "  300.00 USD  ;", "  300.01 USD  ;", 1
        ),
        "a cent on both sides": whole.replace("300.00 USD", "300.01 USD", 2),
    }
    for name, text in broken.items():
        assert text != whole, name
        file = tmp_path / f"broken.{tool}"
        file.write_text(text, encoding="utf-8")
        code, said = checked(tool, file)
        assert code == 1, name
        assert "alance" in said, name


@pytest.mark.parametrize("tool", TOOLS)
def test_the_guide_names_everything_that_stands_beside_entries_and_postings(
    tool: Tool, story: Story, tmp_path: Path
) -> None:
    page = files("facility.help").joinpath("exports.md").read_text(encoding="utf-8")
    read = [
        entry
        for in_base in (False, True)
        for entry in entries(tool, exported(story.book, tool, tmp_path, in_base=in_base))
    ]
    beside = {name for entry in read for each in (entry, *entry.postings) for name in each.beside}
    assert beside == {"entry", "recorded", "purpose", "base", "original", "rate-date", "contribution", "request"}
    assert {name for name in beside if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("in_base", [False, True], ids=["own currencies", "in base"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_account_is_asserted_in_every_currency_even_where_it_is_zero(
    tool: Tool, in_base: bool, story: Story, tmp_path: Path
) -> None:
    text = exported(story.book, tool, tmp_path, in_base=in_base).read_text(encoding="utf-8")
    posted = story.book.connection.execute("select distinct account, currency from ledger.posting").fetchall()
    pairs = {(account, "USD" if in_base else currency) for account, currency in posted}
    assert asserted(tool, text) == pairs
    assert len(asserted(tool, text) - set(booked(story.book, in_base=in_base))) >= 2


def asserted(tool: Tool, text: str) -> set[tuple[str, str]]:
    """Return the accounts and currencies that a file asserts a balance of."""
    if tool == "beancount":
        found = re.findall(r"^2024-06-02 balance (\S+)  \S+ ~ 0 (\S+)$", text, re.MULTILINE)
        return {(account_of_beancount(name), currency) for name, currency in found}
    last = text.rpartition("2024-06-01 (balances)")[2]
    return set(re.findall(r"^    (\S.*)  0\S* (?:\S+) = \S+ (\S+)$", last, re.MULTILINE))


@needs_beancount
def test_beancount_has_the_rates_as_the_book_has_them(story: Story, tmp_path: Path) -> None:
    prices = beancount_loaded(exported(story.book, "beancount", tmp_path))["prices"]
    assert prices == [
        ["2024-01-05", "USD", "0.9 EUR", {"source": "Central Bank"}],
        ["2024-01-05", "USD", "150 JPY", {"source": "Central Bank"}],
        ["2024-01-05", "USD", "0.307 KWD", {"source": "Central Bank"}],
        ["2024-02-15", "USD", "0.308 KWD", {"source": "Central Bank"}],
    ]


@needs_hledger
def test_hledger_values_in_the_book_s_currency_by_the_rates_used(story: Story, tmp_path: Path) -> None:
    file = exported(story.book, "hledger", tmp_path)
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("P ")]
    assert lines == [
        "P 2024-01-05 EUR 1.111111111111111 USD  ; 0.9 EUR per USD, Central Bank",
        "P 2024-01-05 JPY 0.006666666666666667 USD  ; 150 JPY per USD, Central Bank",
        "P 2024-01-05 KWD 3.257328990228013 USD  ; 0.307 KWD per USD, Central Bank",
        "P 2024-02-15 KWD 3.246753246753247 USD  ; 0.308 KWD per USD, Central Bank",
    ]
    assert hledger_said(file, "balance", "-V", "--no-total", "asset:cash:main").split() == [
        *("1939.73", "USD"),  # 100 / 0.9 + 11.50 + 801.11 + 90002 / 150 + 1.125 / 0.308 + 412.34
        "asset:cash:main",
    ]


@needs_hledger
def test_hledger_s_balance_sheet_is_of_money_alone(story: Story, tmp_path: Path) -> None:
    file = exported(story.book, "hledger", tmp_path, in_base=True)
    types = {kind: sorted(hledger_said(file, "accounts", f"type:{kind}").split()) for kind in "CALVRX"}
    assert types == {
        "C": ["asset:cash:main"],
        "A": ["asset:cash:main", "asset:receivable"],
        "L": ["liability:unapplied-receipts"],
        "V": ["equity:conversion:EUR", "equity:conversion:USD"],
        "R": ["income:contribution", "income:exchange", "income:interest"],
        "X": ["expense:exchange", "expense:transfer"],
    }
    assets = sum(amount for (account, _), amount in booked(story.book, in_base=True).items() if account[:5] == "asset")
    assert f"{assets:.2f}" in hledger_said(file, "balancesheet")
    assert "budget" not in hledger_said(file, "balancesheetequity") + hledger_said(file, "incomestatement")


@needs_beancount
def test_beancount_tolerates_nothing_in_an_entry(story: Story, tmp_path: Path) -> None:
    file = exported(story.book, "beancount", tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  300.00 USD", "  300.004 USD", 1), encoding="utf-8")
    code, said = checked("beancount", file)
    assert code == 1
    assert "Transaction does not balance: (0.004 USD)" in said


@pytest.mark.parametrize("tool", TOOLS)
def test_an_amount_finer_than_its_currency_keeps_all_its_places(tool: Tool, tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "fine.duckdb")
    lines = [("asset:cash:main", "1.2345"), ("income:interest", "-1.2345")]
    rows = [(account, "USD", Decimal(x), Decimal(x), "FACILITY", None) for account, x in lines]
    maker.entry("interest", date(2024, 3, 1), "I|1", rows)
    (tmp_path / "out").mkdir()
    with maker.book:
        file = exported(maker.book, tool, tmp_path / "out")
        assert checked(tool, file) == (0, "")
        assert balances(tool, file) == booked(maker.book)
    broken = file.read_text(encoding="utf-8").replace("  1.2345", "  1.2346", 1)
    file.write_text(broken, encoding="utf-8")
    assert checked(tool, file)[0] == 1
