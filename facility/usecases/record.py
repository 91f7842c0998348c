"""A command writes one row: under the very rules of a file of that kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ledgers.errors import Finding
from ledgers.staging.findings import Fault
from ledgers.staging.one_row import one_row, refused
from ledgers.store import Book

COMMAND_LINE = "command line"
"""What findings of a command name in place of a file."""


def last_entries(book: Book) -> list[tuple[int, str]]:
    """Return the number and the reference of each entry that the last write to the book posted."""
    return [(number, reference) for number, reference in book.rows("ledgers.journal", "last_entries")]


def record(
    book: Book,
    kind: str,
    cells: Mapping[str, str | None],
    *,
    on: date,
    actor: str,
    command: str,
    dry_run: bool = False,
) -> tuple[bool, tuple[Finding, ...]]:
    """Write one row of a kind of file and return whether it is new, with what is worth a look.

    Args:
        book: Open for writing.
        kind: The kind of file that this would be a row of.
        cells: Its cells as texts, by column.
        on: The day of the command.
        actor: Who acts.
        command: What was asked for, for the log.
        dry_run: Do everything but keep it.

    Raises:
        CommandRefused: with everything that the cells and the book say against it.
    """
    from ledgers.journal import compare_row

    said = {**cells, "currency": cells.get("currency") or book.currency} if "currency" in cells else cells
    row = one_row(kind, said, base=book.currency, currencies=book.currencies)
    with book.lane(actor=actor, command=command, dry_run=dry_run) as lane:
        compared = compare_row(book, lane, row, on=on)
        errors = [found for found in compared.findings if found.severity == "error"]
        if errors:
            raise refused([Fault(found.code, found.reason, found.remedy) for found in errors])
        compared.write()
    return bool(compared.new), compared.findings
