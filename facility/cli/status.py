"""`facility status`: what needs attention today."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import Form, FormatOption, OnOption, day, opened, show, show_table


def status(
    checks: Annotated[
        bool, typer.Option("--checks/--no-checks", help="Run the book's checks too; in a large book that takes time.")
    ] = True,
    on: OnOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Show what needs attention today. Each with its amount, since when, and the command that settles it."""
    from facility.usecases.status import status as matters_of
    from facility.usecases.status import status_table, status_text

    today = day(on)
    with opened(writable=False) as book:
        matters = matters_of(book, on=today, with_checks=checks)
    if form is Form.table:
        show(status_text(matters, today))
    else:
        show_table(status_table(matters, today), form)
