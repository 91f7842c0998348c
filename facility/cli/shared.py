"""What every command shares: the book it means, who acts, how it answers, where it talks.

Stdout is data; stderr is talk. Heavy modules are imported by the commands that need them.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgers.errors import FacilityError

if TYPE_CHECKING:
    from ledgers.errors import Finding
    from ledgers.store import Book
    from reports.table import Table

DEFAULT_BOOK = "facility.duckdb"


class Form(StrEnum):
    """How a command answers."""

    table = "table"
    csv = "csv"
    json = "json"


class DateInvalid(FacilityError):
    """A date on the command line that is no day."""

    code = "date-invalid"


@dataclass
class _Chosen:
    book: Path | None = None


chosen = _Chosen()

FormatOption = Annotated[Form, typer.Option("--format", help="How to answer: for people, as CSV, or as JSON.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Do everything but keep it.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it counts for (today).")]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who acts (FACILITY_USER, else the user's name).")
]


def book_path() -> Path:
    """Return the book meant: --book, else FACILITY_BOOK, else facility.duckdb here."""
    return chosen.book or Path(os.environ.get("FACILITY_BOOK") or DEFAULT_BOOK)


def actor(by: str | None) -> str:
    """Return who acts: --by, else FACILITY_USER, else the user's name on this machine."""
    named = by or os.environ.get("FACILITY_USER")
    if named and named.strip():
        return " ".join(named.split())
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def day(text: str | None, option: str = "--on") -> date:
    """Return the day that an option names, or today.

    Raises:
        DateInvalid: it is not an ISO date.
    """
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DateInvalid(f"{option} {text} is not a date", remedy="write it as 2026-03-31") from None


@contextmanager
def opened(*, writable: bool) -> Iterator[Book]:
    """Open the book meant, waiting for another writer and saying so."""
    from ledgers.store import Book

    path = book_path()
    wait = float(os.environ.get("FACILITY_WAIT", "10"))
    book = Book.open(path, writable=writable, wait_seconds=wait, waiting=lambda: say(f"waiting for {path} ..."))
    with book:
        yield book


def say(text: str) -> None:
    """Talk: one line to stderr."""
    sys.stderr.write(text + "\n")


def show(text: str) -> None:
    """Answer: data to stdout."""
    sys.stdout.write(text)


def show_table(table: Table, form: Form) -> None:
    """Answer with a table in the form asked for."""
    from reports.table import render

    show(render(table, form.value))


def say_warnings(warnings: tuple[Finding, ...]) -> None:
    """Talk about what did not stop an import but is worth a look."""
    if warnings:
        from ledgers.staging import findings_text

        say(findings_text(list(warnings), {}).rstrip())


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what long work is doing on a terminal, with the seconds that it has taken; be silent in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("working", total=None)
        yield lambda text: shown.update(task, description=text)
