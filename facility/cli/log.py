"""`facility log`: who did what when, from which file."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import Form, FormatOption, day, name_of, opened, show_table


def log(
    last: Annotated[
        int | None, typer.Option("--last", metavar="N", min=1, help="Only the newest N.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="From this day on, UTC.", show_default=False)
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="What one person wrote.", show_default=False)
    ] = None,
    form: FormatOption = Form.table,
) -> None:
    """Show who wrote what to the book and when. From which file, with its SHA-256, and how many rows; newest last."""
    from reports.log import log_table

    first = day(since, "--since") if since is not None else None
    name = name_of(by, "--by") if by is not None else None
    with opened(writable=False) as book:
        table = log_table(book, last=last, since=first, by=name)
    show_table(table, form)
