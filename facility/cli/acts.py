"""What commands that write one row share: they say what they did, or that it was there already."""

from __future__ import annotations

from collections.abc import Mapping

from facility.cli.shared import actor, day, opened, say, say_warnings, told


def money(amount: str, currency: str | None) -> str:
    """Return an amount as given, with its currency where one is given."""
    return f"{amount} {currency}" if currency else amount


def write_row(
    kind: str,
    cells: Mapping[str, str | None],
    *,
    what: str,
    command: str,
    on: str | None,
    by: str | None,
    dry_run: bool,
) -> None:
    """Write one row of a kind of file, and say so.

    Args:
        kind: The kind of file that this is a row of.
        cells: Its cells.
        what: The outcome in words.
        command: The command, for the log.
        on: The day of the command, as given.
        by: Who acts, as given.
        dry_run: Whether nothing is to be kept.
    """
    from facility.usecases.record import record

    with opened(writable=True, threads=1) as book:
        is_new, findings = record(book, kind, cells, on=day(on), actor=actor(by), command=command, dry_run=dry_run)
    say_warnings(findings)
    say(told(what, is_new, dry_run))
