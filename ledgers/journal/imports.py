"""Typed rows go into the book: compared with what is there, written set-wise if nothing speaks against any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ledgers.errors import Finding
from ledgers.journal.batch import Batch
from ledgers.journal.kinds import KINDS
from ledgers.store import Book, Lane

if TYPE_CHECKING:
    import polars as pl

    from ledgers.journal.consequences import LeftOut
    from ledgers.staging.one_row import OneRow


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows that have been compared with the book, ready to be written.

    Attributes:
        findings: Everything that the book refuses or remarks on.
        new: Rows to write.
        already: Rows that are already there with the same content.
    """

    findings: tuple[Finding, ...]
    new: int
    already: int
    _batch: Batch

    def write(self) -> None:
        """Write the new rows within the lane in which they were compared; nothing may have been refused."""
        KINDS[self._batch.kind].write(self._batch)
        self._batch.lane.new_count += self.new
        self._batch.lane.already_count += self.already


def compare(
    book: Book, lane: Lane, kind: str, frame: pl.DataFrame, *, on: date, left_out: LeftOut | None = None
) -> Compared:
    """Compare rows with the book and return everything that speaks against them.

    Movements are posted in doing so, since only together they show what they overdraw: unless `Compared.write` follows,
    the lane must be rolled back.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        kind: One of `KINDS`.
        frame: The rows without an error of their own, as `ledgers.staging` types them, with `file` beside `line`.
        on: The day of import: asks and undated pledges are converted at its rates.
        left_out: The other rows of the files; what may only follow from their absence is not told.
    """
    book.register("staged", frame)
    return _compared(Batch(book, lane, kind, on, frame, left_out))


def compare_row(book: Book, lane: Lane, row: OneRow, *, on: date) -> Compared:
    """Compare one row with the book, as `compare` does a file's.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        row: The row.
        on: The day of the command.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in row.columns)
    book.connection.execute(f"create or replace temp table staged (file varchar, line bigint, {columns})")
    book.insert("staged", [("", 1, *row.values.values())])
    return _compared(Batch(book, lane, row.kind, on))


def _compared(batch: Batch) -> Compared:
    kind = KINDS[batch.kind]
    findings = kind.compare(batch)
    standing = f"select standing, count(*) from {kind.standing} group by standing"  # noqa: S608 (our own names)
    by_standing = dict(batch.book.connection.execute(standing).fetchall())
    new = by_standing.get("new", 0) + by_standing.get("signing", 0)
    return Compared(tuple(findings), new, by_standing.get("already", 0), batch)
