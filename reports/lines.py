"""Lines of a statement: what each is, its amounts, and whether it sums others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.table import Cell, Column, Row, Table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.

    Attributes:
        name: For machines.
        label: For people.
        amounts: One for each column of amounts.
        is_sum: Whether it sums others.
        share: What part of something else the last amount is, where that is told.
    """

    name: str
    label: str
    amounts: tuple[Decimal, ...]
    is_sum: bool = False
    share: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """Return the last amount."""
        return self.amounts[-1]


def summed(name: str, label: str, *parts: Sequence[Line], share: Decimal | None = None) -> Line:
    """Return the line that sums others, column by column; parts are lists of lines, all with as many amounts."""
    columns = zip(*(line.amounts for lines in parts for line in lines), strict=True)
    return Line(name, label, tuple(sum(column, ZERO) for column in columns), True, share)


def negated(line: Line) -> Line:
    """Return a line whose amounts have the other sign."""
    return Line(line.name, line.label, tuple(-amount for amount in line.amounts), line.is_sum, line.share)


def with_any(lines: Sequence[Line], *always: str) -> list[Line]:
    """Return the lines that have any amount, and those named."""
    return [line for line in lines if any(line.amounts) or line.name in always]


def lines_table(
    name: str,
    title: str,
    lines: Sequence[Line],
    amounts: Sequence[tuple[str, str]],
    *,
    share: str = "",
    note: str = "",
) -> Table:
    """Return lines as a table.

    Args:
        name: Of the table.
        title: Of the table, with the currency.
        lines: In order.
        amounts: (name, label) of each column of amounts.
        share: Label of the column of shares; none without it.
        note: Below the table.
    """
    columns = (
        Column("line", "Line"),
        *(Column(column, label, "amount") for column, label in amounts),
        *([Column("share", share, "share")] if share else []),
    )
    rows: list[Row] = []
    for line in lines:
        shares: tuple[Cell, ...] = (line.share,) if share else ()
        rows.append((line.label, *line.amounts, *shares))
    strong = frozenset(place for place, line in enumerate(lines) if line.is_sum)
    return Table(name, title, columns, tuple(rows), note=note, strong=strong)
