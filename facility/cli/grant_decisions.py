"""Decisions on grant agreements (`facility grant flag`, `override`, ...): each has a name and a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.grant import CommitmentArgument, ReasonOption
from facility.cli.shared import ByOption, DryRunOption, OnOption, actor, day, opened, say, told


def flag(
    commitment_id: CommitmentArgument,
    reason: ReasonOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Raise an audit flag. No tranche of the agreement goes out while it stands."""
    _flag(commitment_id, is_lifted=False, reason=reason, on=on, by=by, dry_run=dry_run)


def unflag(
    commitment_id: CommitmentArgument,
    reason: ReasonOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Lift an audit flag."""
    _flag(commitment_id, is_lifted=True, reason=reason, on=on, by=by, dry_run=dry_run)


def _flag(commitment_id: str, *, is_lifted: bool, reason: str, on: str | None, by: str | None, dry_run: bool) -> None:
    from ledgers.life.grants import flag as flagged

    verb = "unflag" if is_lifted else "flag"
    with (
        opened(writable=True) as book,
        book.lane(actor=actor(by), command=f"grant {verb} {commitment_id}", dry_run=dry_run) as lane,
    ):
        is_new = flagged(book, lane, commitment_id, is_lifted=is_lifted, on=day(on), reason=reason)
    say(told(f"audit flag on {commitment_id} {'lifted' if is_lifted else 'raised'}", is_new, dry_run))


def override(
    commitment_id: CommitmentArgument,
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            help="clearance, tranche-condition, audit-flag, indirect-cost, days, deficit.",
            show_default=False,
        ),
    ],
    reason: ReasonOption,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Last day on which it is set aside (the same).")
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Set a rule aside for one agreement, on a day or some days. No rule about how much money there is can be."""
    from ledgers.life.grants import override_rule

    person = actor(by)
    first = day(on)
    last = day(until, "--until") if until is not None else first
    with (
        opened(writable=True) as book,
        book.lane(actor=person, command=f"grant override {commitment_id} {rule}", dry_run=dry_run) as lane,
    ):
        is_new = override_rule(book, lane, commitment_id, rule, valid_from=first, valid_until=last, reason=reason)
    days = f"on {first}" if last == first else f"from {first} to {last}"
    say(told(f"{rule} set aside for {commitment_id} {days}, by {person}: {reason}", is_new, dry_run))


def extend(
    commitment_id: CommitmentArgument,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The new end.", show_default=False)],
    reason: ReasonOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Extend an agreement at no cost. It ends no later than its money may be used."""
    from ledgers.life.grants import extend as extended

    last = day(until, "--until")
    with (
        opened(writable=True) as book,
        book.lane(actor=actor(by), command=f"grant extend {commitment_id}", dry_run=dry_run) as lane,
    ):
        version = extended(book, lane, commitment_id, until=last, on=day(on), reason=reason)
    say(told(f"commitment {commitment_id} ends on {last}", version is not None, dry_run))


def close(
    commitment_id: CommitmentArgument,
    reason: ReasonOption,
    financial: Annotated[
        bool, typer.Option("--financial", help="Nothing is to come any more; without it, activities have ended.")
    ] = False,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Close an agreement operationally, and later financially."""
    from ledgers.life.grants import close_commitment

    stage = "financial" if financial else "operational"
    with (
        opened(writable=True) as book,
        book.lane(actor=actor(by), command=f"grant close {commitment_id}", dry_run=dry_run) as lane,
    ):
        is_new = close_commitment(book, lane, commitment_id, stage, on=day(on), reason=reason)
    say(told(f"commitment {commitment_id} closed: {stage}", is_new, dry_run))


def add_decisions(app: typer.Typer) -> None:
    """Add these commands to the group of grants."""
    for command in (flag, unflag, override, extend, close):
        app.command(command.__name__)(command)
