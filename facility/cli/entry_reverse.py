"""`facility entry reverse`: an entry is taken back by another, with its reason; neither is ever removed."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.acts import write_row
from facility.cli.shared import ByOption, DryRunOption, OnOption, day


def reverse(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its number, or its reference.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False)],
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Take an entry back by its opposite, dated on a day that is open."""
    cells = {"entry": entry, "reversed_on": day(on).isoformat(), "reason": reason}
    what = f"entry {entry} taken back as of {day(on)}"
    write_row("reversals", cells, what=what, command=f"entry reverse {entry}", on=on, by=by, dry_run=dry_run)


def add_reverse(app: typer.Typer) -> None:
    """Add this command to the group of entries."""
    app.command("reverse")(reverse)
