"""The 23 objectives of the Global Compact for Migration.

Source: short titles and categories as IOM's infosheet no. 11 on the Compact gives them; see `objectives.csv`.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of the Compact.

    Attributes:
        number: 1 to 23.
        short_title: As the source words it.
        category: `specific`, `aspirational` or `contested`, as the source sorts them.
        source: Where title and category come from.
    """

    number: int
    short_title: str
    category: str
    source: str


@functools.cache
def objectives() -> tuple[Objective, ...]:
    """Return the objectives in order of number."""
    with (Path(__file__).parent / "objectives.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Objective(int(row["number"]), row["short_title"], row["category"], row["source"])
            for row in csv.DictReader(file)
        )


def objective_rows() -> list[tuple[int, str, str, str]]:
    """Return the objectives as rows for the book: number, short title, category, source."""
    return [(each.number, each.short_title, each.category, each.source) for each in objectives()]
