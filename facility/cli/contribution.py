"""`facility contribution amend`: a new dated version of a contribution's terms."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import ByOption, DryRunOption, OnOption, actor, day, opened, say, told

app = typer.Typer(help="Change the terms of a contribution.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def contribution() -> None:
    """Change the terms of a contribution: a new dated version, never a rewritten one."""


@app.command("amend")
def amend(
    contribution_id: Annotated[str, typer.Argument(metavar="CONTRIBUTION", help="Its id.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False)],
    use_by: Annotated[
        str | None,
        typer.Option("--use-by", metavar="DATE", help="New last day of funded expenditure; 'none' lifts it."),
    ] = None,
    earmark: Annotated[str | None, typer.Option("--earmark", metavar="TERMS", help="New terms; '' lifts them.")] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Amend a contribution's use-by date or earmark. What is posted stands; open rounds must be opened anew."""
    from facility.usecases.amend_contribution import amend_contribution

    lifted = use_by is not None and use_by.casefold() == "none"
    date_given = day(use_by, "--use-by") if use_by is not None and not lifted else None
    with opened(writable=True) as book:
        changed = amend_contribution(
            book,
            contribution_id,
            use_by=date_given,
            lift_use_by=lifted,
            earmark=earmark,
            reason=reason,
            on=day(on),
            actor=actor(by),
            dry_run=dry_run,
        )
    if changed:
        say(told(f"contribution {contribution_id} amended: version {changed} of its terms", dry_run=dry_run))
    else:
        say(f"contribution {contribution_id} says so already")
