"""The guide's pages: commands on them are real, kinds of files and columns are all there, and every page is listed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from commands import ran

from facility.cli.main import command_line
from facility.usecases.import_file import KINDS as IMPORTED
from ledgers.staging.kinds import KINDS

PAGES = Path(__file__).resolve().parents[3] / "facility" / "help"
NAMES = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")
_SPAN = re.compile(r"`(facility\s[^`]+)`")
_BLOCK = re.compile(r"^(?:\$ )?(facility .+)$", re.MULTILINE)


def spans(text: str) -> list[str]:
    """Return every command of a page, in code spans that may run over a line and in blocks."""
    return [" ".join(found.split()) for found in [*_SPAN.findall(text), *_BLOCK.findall(text)]]


def strange(command: str) -> str | None:
    """Return what of a command does not exist: a noun, a verb or an option."""
    words = command.split()[1:]
    at: Any = typer.main.get_command(command_line())
    while words and hasattr(at, "commands") and not words[0].startswith("-") and words[0].islower():
        names = words[0].split("|")
        missing = [name for name in names if name.rstrip(".,;:") not in at.commands]
        if missing:
            return missing[0]
        at = at.commands[names[0].rstrip(".,;:")]
        words = words[1:]
    known = {option for parameter in at.params for option in parameter.opts} | {"--help", "--book", "--version"}
    # Words in quotation marks are values; what follows an ellipsis or a bar is another way to write it.
    bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", " ".join(words))
    return next((word for word in re.findall(r"(?<!\S)--[a-z-]+", bare) if word not in known), None)


@pytest.mark.parametrize("page", NAMES)
def test_every_command_on_a_page_is_real(page: str) -> None:
    found = [(one, wrong) for one in spans((PAGES / f"{page}.md").read_text("utf-8")) if (wrong := strange(one))]
    assert found == []


def test_the_reader_of_pages_sees_what_is_not_there() -> None:
    assert strange("facility grant disburst G-1") == "disburst"
    assert strange("facility grant disburse G-1 --amont 5") == "--amont"
    assert strange("facility import rates|deposit FILE") == "deposit"
    assert strange('facility grant close G-1 --reason "of --no use"') is None
    assert spans("a `facility\nround post R1` b") == ["facility round post R1"]


@pytest.mark.parametrize("kind", IMPORTED)
def test_every_kind_of_file_is_described_with_all_its_columns(kind: str) -> None:
    text = (PAGES / "files.md").read_text("utf-8")
    if kind == "recoveries":
        assert "**recoveries** have `recovery_id` instead of `refund_id`" in text
        return
    described = re.search(rf"\*\*{kind}\*\*: (.*?)(?=\n\n|\*\*[a-z_]+\*\*)", text, re.DOTALL)
    assert described is not None, f"files.md does not describe {kind}"
    missing = [column.name for column in KINDS[kind].columns if f"`{column.name}`" not in described[1]]
    assert missing == []


def test_every_page_is_listed_and_can_be_printed() -> None:
    listed = ran("guide").out
    helped = ran("guide", "--help").out
    for page in NAMES:
        assert f"| `{page}` |" in listed
        assert re.search(rf"\b{page}\b", helped), page
        assert ran("guide", page).out == (PAGES / f"{page}.md").read_text("utf-8")
