"""What commands that write one row share: they say what they did, or that it was there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from facility.cli.shared import actor, day, opened, say, say_warnings, told

if TYPE_CHECKING:
    from ledgers.store import Book


def money(amount: str, currency: str | None) -> str:
    """Return an amount as given, with its currency where one is given."""
    return f"{amount} {currency}" if currency else amount


def posted(book: Book, what: str, is_new: bool, dry_run: bool) -> str:
    """Return what a command did, with the entries that it has just posted, as `facility entry show` takes them."""
    from facility.usecases.record import last_entries

    found = last_entries(book) if is_new and not dry_run else []
    named = "; ".join(f"entry {number}, {reference}" for number, reference in found)
    return told(what, is_new, dry_run) + (f": {named}" if named else "")


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
        outcome = posted(book, what, is_new, dry_run)
    say_warnings(findings)
    say(outcome)
