"""`facility round appeal`, `decide-appeal`, `appeals`: whoever was refused may appeal; somebody else decides on it."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import (
    ByOption,
    DryRunOption,
    Form,
    FormatOption,
    OnOption,
    actor,
    day,
    opened,
    reason_given,
    say,
    show_table,
    told,
)

AppealArgument = Annotated[str, typer.Argument(metavar="APPEAL", help="The appeal's id.", show_default=False)]


def appeal(
    appeal_id: AppealArgument,
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="A posted round.", show_default=False)],
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="A request of it.", show_default=False)],
    grounds: Annotated[
        str,
        typer.Option("--grounds", metavar="TEXT", help="Of the appeal.", show_default=False, callback=reason_given),
    ],
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """File an appeal against what a posted round decided."""
    from facility.usecases.appeals import file

    with opened(writable=True) as book:
        is_new = file(
            book, appeal_id, round_id, request_id, grounds=grounds, on=day(on), actor=actor(by), dry_run=dry_run
        )
    say(told(f"appeal {appeal_id} filed against round {round_id}, request {request_id}", is_new, dry_run))


def decide_appeal(
    appeal_id: AppealArgument,
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="TEXT", help="Why so.", show_default=False, callback=reason_given),
    ],
    uphold: Annotated[bool, typer.Option("--uphold", help="The appeal is right.")] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="It is not.")] = False,
    new_round: Annotated[
        str | None,
        typer.Option("--round", metavar="ROUND", help="Where the request is decided on again, if it is open yet."),
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Uphold or dismiss an appeal. Whoever recorded it does not decide on it."""
    from facility.usecases.appeals import decide

    if uphold == dismiss:
        raise typer.BadParameter("say either --uphold or --dismiss")
    if dismiss and new_round is not None:
        raise typer.BadParameter("an appeal that is dismissed leads to no --round")
    outcome = "upheld" if uphold else "dismissed"
    person = actor(by)
    with opened(writable=True) as book:
        is_new, meaning = decide(
            book,
            appeal_id,
            outcome,
            reason=reason,
            new_round_id=new_round,
            on=day(on),
            actor=person,
            dry_run=dry_run,
        )
    what = f"appeal {appeal_id} {outcome}, by {person}" + (f": {meaning}" if meaning and is_new else "")
    say(told(what, is_new, dry_run))


def appeals(form: FormatOption = Form.table) -> None:
    """List every appeal and what became of it."""
    from facility.usecases.appeals import appeals_table

    with opened(writable=False) as book:
        table = appeals_table(book)
    show_table(table, form)


def add_appeals(app: typer.Typer) -> None:
    """Add these commands to `facility round`."""
    app.command("appeal")(appeal)
    app.command("decide-appeal")(decide_appeal)
    app.command("appeals")(appeals)
