"""`facility import KIND FILE...`: files into the book, all rows or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from facility.cli.shared import (
    ByOption,
    DryRunOption,
    Form,
    FormatOption,
    NotYetThere,
    OnOption,
    actor,
    day,
    opened,
    say_warnings,
    show_table,
)

app = typer.Typer(
    help="Bring files into the book. Every row goes in, or none and a list of everything wrong.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="CSV, Excel (.xlsx), Parquet or JSON lines.", show_default=False)
]

_KINDS = {
    "contributions": "What donors signed or pledged. With their earmarks.",
    "instalments": "What of a contribution is due when.",
    "fee_schedules": "Tiers of the fee on deposits.",
    "deposits": "Cash received against contributions.",
    "contribution_conditions": "Conditions of contributions that are met.",
    "promissory_notes": "Notes given for contributions.",
    "applications": "Receipts that waited and are applied.",
    "bounces": "Deposits that the bank took back.",
    "write_offs": "What donors signed for and will not send.",
    "returns": "What is owed to donors as not used.",
    "donor_refunds": "What goes back to donors.",
    "requests": "What applicants ask for.",
    "request_years": "What of each request is spent in which year.",
    "scores": "Reviewers' scores of requests.",
    "recusals": "Reviewers whose scores on a request do not count.",
    "rates": "Exchange rates. Units of a currency per unit of the book's.",
    "exchanges": "Money between the facility's accounts.",
    "banks": "The facility's accounts at banks.",
    "clearances": "What was found of implementers. Sanctions, due diligence, accountability.",
    "commitments": "Signed grant agreements with implementers.",
    "tranches": "Instalments of agreements. With their conditions.",
    "conditions_met": "Conditions of tranches that are met.",
    "disbursements": "Cash transferred to implementers.",
    "expenditures": "What implementers report as spent.",
    "refunds": "Unspent money that implementers gave back.",
    "releases": "What is committed and will not be used.",
    "disallowances": "Reported cost that is not allowed.",
    "recoveries": "Disallowed cost that implementers made good.",
    "reversals": "Entries that are taken back, each with a reason.",
    "results": "What indicators of requests have reached.",
    "opening": "Balances of a fund that moves in. They are of the day before this book begins.",
    "opening_totals": "Totals that the old books gave. `facility report opening` compares them with what came in.",
    "entries": "Interest, charges and administration. Also cancellations, and transfers without an agreement.",
}


def _command(kind: str) -> Callable[..., None]:
    def command(
        files: FilesArgument,
        on: OnOption = None,
        by: ByOption = None,
        dry_run: DryRunOption = False,
        form: FormatOption = Form.table,
    ) -> None:
        from facility.usecases.import_file import import_files
        from reports.table import Column, Table

        with opened(writable=True) as book:
            done = import_files(book, kind, files, on=day(on), actor=actor(by), dry_run=dry_run)
        say_warnings(done.warnings)
        columns = (Column("kind", "kind"), Column("new", "new", "count"), Column("already", "already there", "count"))
        title = "Would import" if dry_run else "Imported"
        refused = Column("refused", "refused", "count")
        show_table(Table("imported", title, (*columns, refused), ((kind, done.new, done.already, 0),)), form)

    return command


for _kind, _help in _KINDS.items():
    app.command(_kind, help=_help)(_command(_kind))


@app.command("flows", hidden=True)
def flows(files: FilesArgument) -> None:
    """Refuse the flows of other parties by name: this version's joint account reads the facility's own book."""
    raise NotYetThere(
        f"{files[0]}: flows of other parties cannot be imported yet",
        remedy="import contributions, deposits and requests; the joint account shows the facility's own money",
    )
