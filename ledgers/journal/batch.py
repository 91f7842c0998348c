"""What is compared with the book and written: staged rows in an open lane, and the acts that every kind shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ledgers.errors import Finding
from ledgers.store import Book, Lane

if TYPE_CHECKING:
    import polars as pl

    from ledgers.journal.consequences import LeftOut

PACKAGE = "ledgers.journal"


@dataclass(slots=True)
class Batch:
    """Rows of one kind, readable in SQL as `staged`, in the open lane of a book.

    Attributes:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        kind: The kind of file.
        on: The day of import.
        frame: The same rows as a frame, where they came from a file.
        left_out: The other rows of the files, where there are any; what may only follow from their absence is not told.
    """

    book: Book
    lane: Lane
    kind: str
    on: date
    frame: pl.DataFrame | None = None
    left_out: LeftOut | None = None
    _parameters: dict[str, object] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, object]:
        """Return what the statements of a kind may ask for by name."""
        if not self._parameters:
            self._parameters = {
                "on": self.on,
                "log_id": self.lane.log_id,
                "recorded_at": self.lane.recorded_at,
                "actor": self.lane.actor,
                "base": self.book.currency,
                "places": self.book.currencies[self.book.currency],
            }
        return self._parameters

    def run(self, *names: str, **more: object) -> None:
        """Run statements of this package, in order, with what they may ask for besides `parameters`."""
        for name in names:
            self.book.run(PACKAGE, name, **self.parameters, **more)

    def is_any(self, name: str) -> bool:
        """Return whether a query has a row."""
        return bool(self.book.rows(PACKAGE, name, **self.parameters))

    def findings(self, name: str) -> list[Finding]:
        """Return the findings of a query: code, severity, file, line, column, value, reason, remedy."""
        return [Finding(*row[:2], *row[2:]) for row in self.book.rows(PACKAGE, name, **self.parameters)]

    def rates(self, name: str) -> None:
        """Find the rates that the statement `name` says are needed."""
        self.run(name)
        if not self.book.connection.execute("select 1 from rate_needed limit 1").fetchall():
            self.run("rates/none")
            return
        self.book.run(
            PACKAGE, "rates/in_force", base=self.book.currency, age_max=int(self.book.setting("rate_max_age"))
        )

    def without_consequences(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings that stand whatever the rows left out were meant to say."""
        if self.left_out is None:
            return findings
        from ledgers.journal.consequences import without_consequences

        return without_consequences(findings, self.kind, self.left_out)
