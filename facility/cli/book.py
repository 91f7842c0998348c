"""`facility demo`, `init`, `sql`, `check`, `doctor`: the book as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facility.cli.shared import (
    DryRunOption,
    Form,
    FormatOption,
    OnOption,
    book_path,
    day,
    name_of,
    opened,
    progress,
    read_text,
    say,
    show,
    show_table,
)
from ledgers.errors import ExitCode


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put the books and pages.")] = Path("demo"),
) -> None:
    """Build the example facility and tell its story. Runs its round under two scenarios and writes the pages."""
    from facility.usecases.demo import run_demo

    with progress() as step:
        story = run_demo(folder, progress=step)
    show(story)


def init(
    currency: Annotated[str, typer.Option(metavar="CODE", help="Currency of the book, ISO 4217.")] = "USD",
    name: Annotated[str, typer.Option(metavar="NAME", help="The facility's name.")] = "Facility",
    on: OnOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Make a new book. An existing file is refused."""
    name = name_of(name, "--name")
    opened_on = day(on)
    from ledgers.money import places
    from ledgers.store import Book, BookExists

    path = book_path()
    if dry_run:
        places(currency)
        if path.exists():
            raise BookExists(f"{path} already exists", remedy="choose another name with --book, or move the file away")
        say(f"would make {path} in {currency}")
        return
    Book.create(path, currency=currency, name=name, opened_on=opened_on).close()
    say(f"made {path}: {name}, in {currency}")


def sql(
    text: Annotated[str | None, typer.Argument(metavar="QUERY", help="One query; left out: read from stdin.")] = None,
    form: FormatOption = Form.table,
) -> None:
    """Query the report.* views. Read-only, with no access to other files.

    Example: facility sql 'select donor, sum(received) from report.contributions group by donor order by 2 desc'
    """
    from facility.usecases.query import query

    given = text if text is not None else read_text("a query")
    with opened(writable=False) as book:
        show_table(query(book, given), form)


def check(form: FormatOption = Form.table) -> None:
    """Recompute what the book promises. Exit 3 when anything is found."""
    from facility.usecases.check_book import check_book
    from reports.table import Column, Table

    with opened(writable=False) as book:
        found = check_book(book)
    columns = (Column("check", "check"), Column("findings", "findings", "count"), Column("first", "the first"))
    rows = tuple((result.name, len(result.findings), result.findings[0] if result.findings else "") for result in found)
    show_table(Table("checks", "Checks", columns, rows), form)
    broken = [result for result in found if result.findings]
    if broken:
        say(f"{len(broken)} of {len(found)} checks found {sum(len(result.findings) for result in broken):,}")
        raise typer.Exit(int(ExitCode.FINDINGS))


def doctor(form: FormatOption = Form.table) -> None:
    """Look at the installation. Versions, name clashes, the book meant."""
    from facility.usecases.doctor import examined
    from reports.table import Column, Table

    rows = examined(book_path())
    columns = (Column("what", "what"), Column("state", "state"), Column("detail", "detail"))
    show_table(Table("installation", "Installation", columns, tuple(rows)), form)
    if any(state == "problem" for _, state, _ in rows):
        raise typer.Exit(int(ExitCode.FINDINGS))
