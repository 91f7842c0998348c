"""`facility round override` and `overrides`: what somebody decides by hand, with name and reason."""

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
    say,
    show_table,
    told,
)

RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)]


def override(
    round_id: RoundArgument,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="A request of the round.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the minutes.", show_default=False)],
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="AMOUNT", help="Award exactly this, or 'all': the whole ask.")
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Award nothing.")] = False,
    at_least: Annotated[str | None, typer.Option("--at-least", metavar="AMOUNT", help="Award this or more.")] = None,
    at_most: Annotated[
        str | None, typer.Option("--at-most", metavar="AMOUNT", help="Award this or less, or nothing.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Take the override back that stands.")] = False,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Decide a request of an open round by hand. The next solve keeps it; it stands in the minutes with who and why."""
    from facility.usecases.override_request import Wish, override_request

    person = actor(by)
    with opened(writable=True) as book:
        is_new, says = override_request(
            book,
            round_id,
            request,
            Wish(fund, refuse, at_least, at_most, lift),
            by=person,
            reason=reason,
            on=day(on),
            dry_run=dry_run,
        )
    say(told(f"round {round_id}, request {request}: {says}, by {person}", is_new, dry_run))


def overrides(round_id: RoundArgument, form: FormatOption = Form.table) -> None:
    """List what was decided by hand in a round, by whom and why."""
    from facility.usecases.override_request import override_rows
    from reports.table import Column, Table

    with opened(writable=False) as book:
        rows = override_rows(book, round_id)
    columns = (
        Column("position", "no.", "count"),
        Column("request", "request"),
        Column("says", "says"),
        Column("stands", "stands"),
        Column("by", "by"),
        Column("on", "on", "date"),
        Column("reason", "why"),
    )
    show_table(Table("overrides", f"Round {round_id}: overrides", columns, tuple(rows)), form)
