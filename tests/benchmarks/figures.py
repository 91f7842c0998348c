"""Figures against their bars, and the table of them."""

from __future__ import annotations

import dataclasses
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a figure must reach.

    Attributes:
        median: For the median over seeds, or None.
        worst: For the worst seed, or None.
        at_least: Whether more is better; else less is.
        seeds: How many seeds the bar asks for.
    """

    median: float | None = None
    worst: float | None = None
    at_least: bool = False
    seeds: int = 10

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        parts = ((self.median, "median"), (self.worst, "worst"))
        return ", ".join(f"{sign} {value:g} {name}" for value, name in parts if value is not None)


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        work: Which row of the table it belongs to.
        what: What is counted, with its unit.
        values: One for each seed that was run; infinite where there was no answer.
        places: Decimal places shown; None: as a power of ten.
        bar: What it must reach, or None.
        note: What else must be said.
        bounded: Some values are only a bound: a peer that did not finish would have had a larger one.
    """

    work: str
    what: str
    values: Sequence[float]
    places: int | None = 2
    bar: Bar | None = None
    note: str = ""
    bounded: bool = False

    @property
    def median(self) -> float | None:
        """Return the median over the seeds."""
        return statistics.median(self.values) if self.values else None

    @property
    def worst(self) -> float | None:
        """Return the worst over the seeds: the largest, or the least of what should be large."""
        if not self.values:
            return None
        return min(self.values) if self.bar is not None and self.bar.at_least else max(self.values)

    @property
    def verdict(self) -> str:
        """Return `met`, `not met` or nothing, and on how many seeds where these are fewer than the bar asks for."""
        if self.bar is None:
            return ""
        if not self.values:
            return "not run"
        pairs = ((self.median, self.bar.median), (self.worst, self.bar.worst))
        asked = [(value, bar) for value, bar in pairs if bar is not None and value is not None]
        kept = all(value >= bar if self.bar.at_least else value <= bar for value, bar in asked)
        few = f" ({len(self.values)} of {self.bar.seeds} seeds)" if len(self.values) < self.bar.seeds else ""
        return ("met" if kept else "not met") + few

    def told(self, value: float | None) -> str:
        """Return a value as the table shows it."""
        if value is None:
            return ""
        if math.isinf(value):
            return "no answer"
        text = f"{value:.1e}" if self.places is None else f"{value:,.{self.places}f}"
        return f"> {text}" if self.bounded else text


_HEAD = ("work", "figure", "seeds", "median", "worst", "bar", "", "remark")


def as_table(figures: Sequence[Figure], *, judged: bool = True) -> str:
    """Return the figures as a Markdown table that is also readable as it stands, with verdicts if `judged`."""
    cells = [_HEAD]
    for number, one in enumerate(figures):
        work = one.work if number == 0 or figures[number - 1].work != one.work else ""
        middle, worst = one.told(one.median), one.told(one.worst)
        bar = str(one.bar) if one.bar else ""
        cells.append(
            (work, one.what, str(len(one.values)), middle, worst, bar, one.verdict if judged else "", one.note)
        )
    widths = [max(len(row[n]) for row in cells) for n in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def as_json(figures: Sequence[Figure], machine: dict[str, str]) -> str:
    """Return the figures, every value among them, and the machine that they are of."""
    rows = [
        {
            **dataclasses.asdict(one),
            "values": [_plain(value) for value in one.values],
            "bar": str(one.bar or ""),
            "median": _plain(one.median),
            "worst": _plain(one.worst),
            "verdict": one.verdict,
        }
        for one in figures
    ]
    return json.dumps({"machine": machine, "figures": rows}, ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: float | None) -> float | None:
    """Return a value that JSON can say; no answer is null."""
    return None if value is None or math.isinf(value) else value
