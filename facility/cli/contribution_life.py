"""A contribution after its signing (`facility contribution ...`), and its cash (`facility deposit ...`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from facility.cli.acts import money, write_row
from facility.cli.shared import ByOption, DryRunOption, OnOption, actor, day, opened, reason_given, say, told

ContributionArgument = Annotated[str, typer.Argument(metavar="CONTRIBUTION", help="Its id.", show_default=False)]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False, callback=reason_given),
]
AmountOption = Annotated[str, typer.Option("--amount", metavar="AMOUNT", help="How much.", show_default=False)]
SourceOption = Annotated[
    str, typer.Option("--source", metavar="TEXT", help="Where it is documented.", show_default=False)
]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="Of this row; by default the contribution and the day.")
]


def write_off(
    contribution_id: ContributionArgument,
    amount: AmountOption,
    reason: ReasonOption,
    row_id: IdOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Write off what a donor signed for and will not send."""
    cells = {
        "write_off_id": row_id or f"{contribution_id} {day(on)}",
        "contribution_id": contribution_id,
        "written_off_on": day(on).isoformat(),
        "amount": amount,
        "reason": reason,
    }
    _write("write_offs", "write-off", cells, f"{amount} of {contribution_id} written off", on, by, dry_run)


def return_(
    contribution_id: ContributionArgument,
    reason: ReasonOption,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="How much; all that is available, without it.")
    ] = None,
    row_id: IdOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Owe a donor what its contribution will not use. Such as what is left after its use-by date."""
    cells = {
        "return_id": row_id or f"{contribution_id} {day(on)}",
        "contribution_id": contribution_id,
        "decided_on": day(on).isoformat(),
        "amount": amount,
        "reason": reason,
    }
    what = f"{amount or 'all that is available'} of {contribution_id} is owed to its donor"
    _write("returns", "return", cells, what, on, by, dry_run)


def refund(
    contribution_id: ContributionArgument,
    amount: AmountOption,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CODE", help="Of the amount (the book's currency).")
    ] = None,
    base_amount: Annotated[
        str | None, typer.Option("--base-amount", metavar="AMOUNT", help="The same in the book's currency.")
    ] = None,
    bank: Annotated[str | None, typer.Option("--bank", metavar="BANK", help="The account at a bank (main).")] = None,
    row_id: IdOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Give a donor back what it is owed."""
    cells = {
        "donor_refund_id": row_id or f"{contribution_id} {day(on)}",
        "contribution_id": contribution_id,
        "paid_on": day(on).isoformat(),
        "currency": currency,
        "amount": amount,
        "base_amount": base_amount,
        "bank": bank,
    }
    _write(
        "donor_refunds",
        "refund",
        cells,
        f"{money(amount, currency)} of {contribution_id} given back to its donor",
        on,
        by,
        dry_run,
    )


def condition_met(
    contribution_id: ContributionArgument,
    condition: Annotated[
        str, typer.Argument(metavar="CONDITION", help="Which condition, in a word.", show_default=False)
    ],
    amount: AmountOption,
    source: SourceOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record that a condition is met. It sets an amount of the contribution free."""
    cells = {
        "contribution_id": contribution_id,
        "condition": condition,
        "met_on": day(on).isoformat(),
        "amount": amount,
        "source": source,
    }
    what = f"condition {condition} of {contribution_id} met: {amount} is free"
    _write("contribution_conditions", "condition-met", cells, what, on, by, dry_run)


def note(
    contribution_id: ContributionArgument,
    note_id: Annotated[str, typer.Argument(metavar="NOTE", help="The note's id.", show_default=False)],
    amount: AmountOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Take a promissory note for a contribution. It is cash only when a deposit names it."""
    cells = {
        "note_id": note_id,
        "contribution_id": contribution_id,
        "received_on": day(on).isoformat(),
        "amount": amount,
    }
    _write("promissory_notes", "note", cells, f"note {note_id} of {amount} for {contribution_id}", on, by, dry_run)


def reported(
    contribution_id: ContributionArgument,
    note_text: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Which report.")] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record that a report was delivered to the donor."""
    from facility.usecases.close_contribution import report_delivered

    with opened(writable=True) as book:
        is_new = report_delivered(book, contribution_id, on=day(on), note=note_text, actor=actor(by), dry_run=dry_run)
    say(told(f"report on {contribution_id} delivered on {day(on)}", is_new, dry_run))


def close(
    contribution_id: ContributionArgument,
    reason: ReasonOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Close a contribution on which nothing is to come or to go."""
    from facility.usecases.close_contribution import close

    with opened(writable=True) as book:
        is_new = close(book, contribution_id, on=day(on), reason=reason, actor=actor(by), dry_run=dry_run)
    say(told(f"contribution {contribution_id} closed", is_new, dry_run))


def _write(
    kind: str, verb: str, cells: Mapping[str, str | None], what: str, on: str | None, by: str | None, dry_run: bool
) -> None:
    command = f"contribution {verb} {cells['contribution_id']}"
    write_row(kind, cells, what=what, command=command, on=on, by=by, dry_run=dry_run)


def add_life(app: typer.Typer) -> None:
    """Add these commands to the group of contributions."""
    named: dict[str, Callable[..., None]] = {
        "condition-met": condition_met, "note": note, "write-off": write_off, "return": return_, "refund": refund,
        "reported": reported, "close": close,
    }  # fmt: skip
    for name, command in named.items():
        app.command(name)(command)


deposits = typer.Typer(
    help="Cash from donors after it came in. It is applied later, or the bank takes it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DepositArgument = Annotated[str, typer.Argument(metavar="DEPOSIT", help="Its id.", show_default=False)]
FromOption = Annotated[
    str, typer.Option("--from", metavar="CONTRIBUTION", help="On which contribution it came.", show_default=False)
]


@deposits.command("apply")
def apply(
    deposit_id: DepositArgument,
    from_contribution: FromOption,
    to: Annotated[
        str | None, typer.Option("--to", metavar="CONTRIBUTION", help="Which contribution takes it (the same).")
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="How much; all that waits, without it.")
    ] = None,
    row_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Of this row; by default the deposit and the day.")
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Apply receipts that wait to a signed contribution. They came before its agreement, or beyond another."""
    taker = to or from_contribution
    cells = {
        "application_id": row_id or f"{deposit_id} {day(on)}",
        "deposit_id": deposit_id,
        "from_contribution_id": from_contribution,
        "contribution_id": taker,
        "applied_on": day(on).isoformat(),
        "amount": amount,
    }
    what = f"{amount or 'all that waited'} of deposit {deposit_id} applied to {taker}"
    command = f"deposit apply {deposit_id}"
    write_row("applications", cells, what=what, command=command, on=on, by=by, dry_run=dry_run)


@deposits.command("bounce")
def bounce(
    deposit_id: DepositArgument,
    from_contribution: FromOption,
    reason: ReasonOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record that the bank took a deposit back. What was allocated from it stands; the contribution is in deficit."""
    cells = {
        "deposit_id": deposit_id,
        "contribution_id": from_contribution,
        "bounced_on": day(on).isoformat(),
        "reason": reason,
    }
    what = f"deposit {deposit_id} on {from_contribution} bounced"
    write_row("bounces", cells, what=what, command=f"deposit bounce {deposit_id}", on=on, by=by, dry_run=dry_run)
