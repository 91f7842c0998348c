"""`facility entry show`: one entry of the journal, with everything behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.report_out import OutOption, TableOption, deliver, report_text
from facility.cli.shared import Form, FormatOption, opened, say
from ledgers.errors import ExitCode

app = typer.Typer(help="One entry of the journal: shown, or taken back.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def entry() -> None:
    """One entry of the journal: shown with what stands behind it, or taken back. Both stand for good."""


@app.command("show")
def show_entry(
    named: Annotated[
        str, typer.Argument(metavar="ENTRY", help="Its number, or its reference in quotes.", show_default=False)
    ],
    table: TableOption = None,
    out: OutOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Show an entry whole: lines, totals, digest, trail. Exit 3 when it does not balance or was changed.

    CSV has its lines unless --table names another: entry, totals, trail.
    """
    from reports.entry import shown_entry

    with opened(writable=False) as book:
        shown = shown_entry(book, named)
    is_csv = out.suffix.lower() == ".csv" if out else form is Form.csv
    deliver(report_text(shown.report, form, out, table or ("lines" if is_csv else None)), out)
    if shown.faults:
        say(f"{shown.report.title} is not sound: {'; '.join(shown.faults)}")
        raise typer.Exit(int(ExitCode.FINDINGS))
