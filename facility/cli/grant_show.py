"""`facility grant show` and `list`: agreements as they stand."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.grant import CommitmentArgument
from facility.cli.shared import Form, FormatOption, opened, show, show_table

TableOption = Annotated[
    str | None, typer.Option("--table", metavar="NAME", help="Which table of it alone; CSV holds one (the first).")
]


def show_one(commitment_id: CommitmentArgument, table: TableOption = None, form: FormatOption = Form.table) -> None:
    """Show an agreement as it stands. With its tranches, movements, decisions, clearances and results."""
    from reports.agreement import agreement
    from reports.sheet import render_sheet

    with opened(writable=False) as book:
        made = agreement(book, commitment_id)
    show(render_sheet(made, form.value, named=table))


def listed(form: FormatOption = Form.table) -> None:
    """List every grant agreement with its money."""
    from reports.agreement import agreements

    with opened(writable=False) as book:
        table = agreements(book)
    show_table(table, form)


def add_show(app: typer.Typer) -> None:
    """Add these commands to the group of grants."""
    app.command("show")(show_one)
    app.command("list")(listed)
