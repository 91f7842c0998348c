"""`facility period ...`: revalue, close, reopen, list."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import ByOption, DryRunOption, Form, FormatOption, actor, day, opened, say, show_table, told

app = typer.Typer(
    help="Close, reopen and revalue periods. Nothing is dated inside a closed one; it is reopened only with a reason.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ThroughArgument = Annotated[str, typer.Argument(metavar="DATE", help="Its last day, ISO.", show_default=False)]


@app.command("revalue")
def revalue(
    through: ThroughArgument, by: ByOption = None, dry_run: DryRunOption = False, form: FormatOption = Form.table
) -> None:
    """Bring foreign money to its value at the end of a day."""
    from facility.usecases.periods import revalue_on, revalued_table

    last = day(through, "DATE")
    with opened(writable=True) as book:
        moved = revalue_on(book, last, actor=actor(by), dry_run=dry_run)
        table = revalued_table(book, last, moved)
    show_table(table, form)
    say(told(f"foreign money stands at the rates of {last}", bool(moved), dry_run))


@app.command("close")
def close(
    through: ThroughArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="For the record.")] = "end of period",
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Close everything through a day. Checks the book, revalues foreign money; nothing is dated inside afterwards."""
    from facility.usecases.periods import close_through

    last = day(through, "DATE")
    with opened(writable=True) as book:
        is_new, moved = close_through(book, last, reason=reason, actor=actor(by), dry_run=dry_run)
    if moved:
        say(f"revalued {len(moved)} balance{'s' if len(moved) > 1 else ''} in other currencies")
    say(told(f"closed through {last}", is_new, dry_run))


@app.command("reopen")
def reopen(
    first: Annotated[str, typer.Argument(metavar="DATE", help="The first day to be open again.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False)],
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Reopen from a day on: a recorded decision with its reason."""
    from facility.usecases.periods import reopen_from

    start = day(first, "DATE")
    with opened(writable=True) as book:
        is_new = reopen_from(book, start, reason=reason, actor=actor(by), dry_run=dry_run)
    say(told(f"open from {start} on", is_new, dry_run))


@app.command("list")
def listed(form: FormatOption = Form.table) -> None:
    """List every closing and reopening."""
    from facility.usecases.periods import events_table

    with opened(writable=False) as book:
        table = events_table(book)
    show_table(table, form)
