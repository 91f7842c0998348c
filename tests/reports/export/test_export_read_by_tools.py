"""beancount and hledger accept an exported journal, and reckon from it what the book holds, to the last cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ledger_story import Story
from ledger_tools import TOOLS, balances, booked, booked_entries, checked, entries, exported, summed

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


@pytest.mark.parametrize("in_base", [False, True], ids=["own currencies", "in base"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_entry_is_read_as_the_book_has_it(tool: Tool, in_base: bool, story: Story, tmp_path: Path) -> None:
    read = entries(tool, exported(story.book, tool, tmp_path, in_base=in_base))
    assert [replace(entry, payee=None) for entry in read] == booked_entries(story.book, in_base=in_base)
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
