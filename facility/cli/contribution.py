"""`facility contribution amend` and `reschedule`: a new dated version of what was agreed, never a rewritten one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facility.cli.acts import posted
from facility.cli.shared import (
    ByOption,
    DryRunOption,
    OnOption,
    actor,
    day,
    opened,
    reason_given,
    say,
    say_warnings,
    told,
)

app = typer.Typer(
    help="The life of a contribution. Amendment, rescheduling, conditions, notes, write-off, return, refund, closing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("amend")
def amend(
    contribution_id: Annotated[str, typer.Argument(metavar="CONTRIBUTION", help="Its id.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False)],
    use_by: Annotated[
        str | None,
        typer.Option("--use-by", metavar="DATE", help="New last day of funded expenditure; 'none' lifts it."),
    ] = None,
    spend_from: Annotated[
        str | None,
        typer.Option("--spend-from", metavar="DATE", help="New first day of what it may pay; 'none' lifts it."),
    ] = None,
    spend_to: Annotated[
        str | None,
        typer.Option("--spend-to", metavar="DATE", help="New last day of what it may pay; 'none' lifts it."),
    ] = None,
    earmark: Annotated[str | None, typer.Option("--earmark", metavar="TERMS", help="New terms; '' lifts them.")] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="New amount, in the contribution's currency.")
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Amend a contribution's amount, days or earmark. What is posted stands; open rounds must be opened anew."""
    from facility.usecases.amend_contribution import amend_contribution, amount_given

    given = {"use_by": use_by, "spend_from": spend_from, "spend_to": spend_to}
    lift = [name for name, text in given.items() if text is not None and text.casefold() == "none"]
    days = {
        name: day(text, f"--{name.replace('_', '-')}") if text is not None and name not in lift else None
        for name, text in given.items()
    }
    with opened(writable=True) as book:
        changed = amend_contribution(
            book,
            contribution_id,
            use_by=days["use_by"],
            spend_from=days["spend_from"],
            spend_to=days["spend_to"],
            amount=None if amount is None else amount_given(book, contribution_id, amount),
            lift=lift,
            earmark=earmark,
            reason=reason,
            on=day(on),
            actor=actor(by),
            dry_run=dry_run,
        )
        what = f"contribution {contribution_id} amended: version {changed} of its terms"
        said = f"contribution {contribution_id} says so already"
        outcome = posted(book, what, is_new=True, dry_run=dry_run) if changed else said
    say(outcome)


@app.command("reschedule")
def reschedule(
    contribution_id: Annotated[str, typer.Argument(metavar="CONTRIBUTION", help="Its id.", show_default=False)],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An instalments file with all of its rows.", show_default=False)
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="TEXT", help="Why, for the record.", show_default=False, callback=reason_given
        ),
    ],
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Replace what is due of a contribution, and when. The instalments that stood before stay in the book."""
    from facility.usecases.reschedule import reschedule_contribution

    with opened(writable=True) as book:
        version, is_new, warnings = reschedule_contribution(
            book, contribution_id, file, reason=reason, on=day(on), actor=actor(by), dry_run=dry_run
        )
    say_warnings(warnings)
    say(told(f"contribution {contribution_id} rescheduled, version {version} of its instalments", is_new, dry_run))
