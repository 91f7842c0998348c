"""What every command shares: the book it means, who acts, how it answers, where it talks.

Stdout is data; stderr is talk. Heavy modules are imported by the commands that need them.
"""

from __future__ import annotations

import getpass
import math
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgers.errors import ExitCode, FacilityError

if TYPE_CHECKING:
    from allocation.problem import Problem
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


class TimeInvalid(FacilityError):
    """A time on the command line that is none."""

    code = "time-invalid"


class NameInvalid(FacilityError):
    """A name on the command line that is blank, or holds what a terminal would obey."""

    code = "name-invalid"


class WaitInvalid(FacilityError):
    """A time to wait for the book that is no number of seconds."""

    code = "wait-invalid"


class OutputUnwritable(FacilityError):
    """An answer that could not be written where it was meant to go."""

    code = "output-unwritable"


class TextInvalid(FacilityError):
    """An argument, a setting or stdin that is not UTF-8 text."""

    code = "text-invalid"


class NotYetThere(FacilityError):
    """Something that the interface names and this version does not do."""

    code = "not-yet-there"


@dataclass
class _Chosen:
    book: Path | None = None


chosen = _Chosen()

FormatOption = Annotated[Form, typer.Option("--format", help="How to answer: for people, as CSV, or as JSON.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Do everything but keep it.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it counts for, ISO (today).")]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who acts (FACILITY_USER, else the user's name).")
]


def book_path() -> Path:
    """Return the book meant: --book, else FACILITY_BOOK, else facility.duckdb here."""
    return chosen.book or Path(os.environ.get("FACILITY_BOOK") or DEFAULT_BOOK)


def actor(by: str | None) -> str:
    """Return who acts: --by, else FACILITY_USER, else the user's name on this machine."""
    if by is not None:
        return name_of(by, "--by")
    named = os.environ.get("FACILITY_USER", "")
    if named.strip():
        return name_of(named, "FACILITY_USER")
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def name_of(text: str, option: str) -> str:
    """Return a name given on the command line, its spaces single.

    Raises:
        NameInvalid: it is blank, or holds a control character.
    """
    name = " ".join(text.split())
    if not name or not name.isprintable():
        raise NameInvalid(f"{option} {text!r} is not a name", remedy=f"write one, such as {option} treasurer")
    return name


def day(text: str | None, option: str = "--on") -> date:
    """Return the day that an option names, or today.

    Raises:
        DateInvalid: it is not an ISO date.
    """
    if text is None:
        return date.today()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass  # 2026-02-30 has the form of a date and is none
    raise DateInvalid(f"{option} {text} is not a date", remedy="write year-month-day: 2026-03-31")


def moment(text: str, option: str) -> datetime:
    """Return the time that an option names, UTC without a zone; a time with a zone is brought to UTC.

    Without a fraction it is the whole of its second, as the log shows times.

    Raises:
        TimeInvalid: it is no time.
    """
    try:
        time = datetime.fromisoformat(text)
        time = time if "." in text or "," in text else time.replace(microsecond=999_999)
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        raise TimeInvalid(f"{option} {text} is not a time", remedy="write it in UTC: 2026-03-31T12:00:00") from None


def first_only(problem: Problem) -> str:
    """Return that only the first objective is asked about, as the end of a note; nothing where there is no other."""
    later = ", ".join(stage.name for stage in problem.policy.later)
    told = f"\nOf {problem.policy.objective} alone: the later objectives ({later}) are not counted here."
    return told if later else ""


def reason_given(text: str) -> str:
    """Return an option's reason, once it says something."""
    if not text.strip():
        raise typer.BadParameter("it is blank; say why, for the record")
    return text


def number_of_seconds(given: float | None) -> float | None:
    """Return an option's seconds, once they are known to be a number: no range refuses NaN."""
    if given is not None and math.isnan(given):
        raise typer.BadParameter("it is not a number of seconds")
    return given


def wait_seconds() -> float:
    """Return how long to wait for another writer: FACILITY_WAIT, else ten seconds.

    Raises:
        WaitInvalid: it is not a number of seconds.
    """
    text = os.environ.get("FACILITY_WAIT") or "10"
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        raise WaitInvalid(f"FACILITY_WAIT {text} is not a number of seconds", remedy="write it as 10 or 0.5")
    return float(text)


@contextmanager
def opened(*, writable: bool, threads: int | None = None) -> Iterator[Book]:
    """Open the book meant, waiting for another writer and saying so.

    Args:
        writable: Whether to write.
        threads: On how many threads; all cores by default. What is about one row is done sooner on one.
    """
    from ledgers.store import Book

    path = book_path()
    book = Book.open(
        path,
        writable=writable,
        wait_seconds=wait_seconds(),
        waiting=lambda: say(f"{path} is in use by another process; waiting for it ..."),
        threads=threads,
    )
    with book:
        yield book


@contextmanager
def unstoppable() -> Iterator[None]:
    """Do not hear Ctrl-C while what was decided is written: that takes moments, and deciding took long."""
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def say(text: str) -> None:
    """Talk: one line to stderr."""
    if sys.stderr is not None:  # it is None when the caller has closed it
        with suppress(OSError):  # nobody is left to hear why nobody hears us
            sys.stderr.write(text + "\n")


def told(what: str, is_new: bool = True, dry_run: bool = False) -> str:
    """Return what a command did, and whether it was there already or only tried."""
    if not is_new:
        return f"{what}: already there"
    return f"{what} (dry run: nothing kept)" if dry_run else what


def show(text: str) -> None:
    """Answer: data to stdout.

    Raises:
        OutputUnwritable: stdout is closed, or takes no more.
    """
    if sys.stdout is None:
        raise OutputUnwritable("there is no stdout to answer on", remedy="run the command without closing its stdout")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: there is nobody left to answer.
        _forget_stdout()
        raise typer.Exit(int(ExitCode.DONE)) from None
    except OSError as cause:
        _forget_stdout()
        raise OutputUnwritable(
            f"the answer could not be written: {cause.strerror}", remedy="free some space, or write it elsewhere"
        ) from cause


def _forget_stdout() -> None:
    """Turn stdout away from where it failed, or Python would try once more at its end and print a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_text(what: str) -> str:
    """Return what stands on stdin.

    Raises:
        TextInvalid: it is not UTF-8.
    """
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        say(f"write {what}, and end it with Ctrl-D:")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise TextInvalid(f"stdin is not UTF-8 text (byte {cause.start})", remedy=f"give {what} in UTF-8") from cause


def terminal_width(out: Path | None = None) -> int | None:
    """Return how many columns the terminal has that answers go to; None for files and pipes."""
    if out is not None or sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size((100, 40)).columns


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
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    one_line = Column(no_wrap=True, overflow="ellipsis")
    columns = (
        SpinnerColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False, table_column=one_line),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("working", total=None)
        yield lambda text: shown.update(task, description=text)
