"""`facility contribution show` and `list`: contributions as they stand."""

from __future__ import annotations

import typer

from facility.cli.contribution_life import ContributionArgument
from facility.cli.grant_show import TableOption
from facility.cli.shared import Form, FormatOption, opened, show, show_table


def show_one(contribution_id: ContributionArgument, table: TableOption = None, form: FormatOption = Form.table) -> None:
    """Show a contribution as it stands. With its instalments, deposits, events, terms and money."""
    from reports.contribution import contribution
    from reports.sheet import render_sheet

    with opened(writable=False) as book:
        made = contribution(book, contribution_id)
    show(render_sheet(made, form.value, named=table))


def listed(form: FormatOption = Form.table) -> None:
    """List every contribution with its money."""
    from reports.contribution import contributions

    with opened(writable=False) as book:
        table = contributions(book)
    show_table(table, form)


def add_show(app: typer.Typer) -> None:
    """Add these commands to the group of contributions."""
    app.command("show")(show_one)
    app.command("list")(listed)
