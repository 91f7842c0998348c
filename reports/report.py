"""What every report is made of: an answer, figures, charts, tables, definitions.

A report is plain values, so that the same report can be printed, written as CSV or JSON, or drawn as a page. Charts are
descriptions of what to draw; only `reports.page` knows how.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from reports.table import Table

Tone = Literal["in", "expected", "out", "used", "more", "less", "total", "plain"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that leads the report.

    Attributes:
        label: What it is.
        value: The figure as people read it, with its currency.
        note: What kind of figure: pledge, signed or cash; which rate; as of when.
    """

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall: from `start` to `end`, in major units.

    Attributes:
        label: What it is.
        start: Where the bar begins.
        end: Where it ends.
        tone: `in`, `expected` (not yet cash), `out` (decided), `used` (charged, sent or
            lost), `more` or `less` (not of cash), or `total`.
    """

    label: str
    start: Decimal
    end: Decimal
    tone: Tone


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps that lead from what came in to what is left."""

    title: str
    description: str
    currency: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, cut into named parts.

    Attributes:
        label: What the bar is about.
        parts: (name, amount) pairs in the order of the chart's series; amounts not below zero.
    """

    label: str
    parts: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, stacked by part.

    Attributes:
        title: What is shown.
        description: The same in a sentence with figures, for who cannot see it.
        currency: Of every amount.
        series: Names of the parts, in the order of stacking and of the legend.
        bars: From top to bottom.
    """

    title: str
    description: str
    currency: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Money recorded as going from one place to another."""

    source: str
    target: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Flows:
    """Recorded payments drawn as bands from the left to the right, never inferred from postings.

    Attributes:
        title: What is shown.
        description: The same in a sentence with figures, for who cannot see it.
        currency: Of every amount.
        left: What stands on the left, in one word.
        right: What stands on the right.
        links: One a (source, target).
    """

    title: str
    description: str
    currency: str
    left: str
    right: str
    links: tuple[Link, ...]


Chart = Waterfall | Bars | Flows


@dataclass(frozen=True, slots=True)
class Report:
    """One report, ready to be shown in any form.

    Attributes:
        name: The report's name on the command line.
        title: For people.
        facility: Whose book it is read from.
        currency: The book's currency, of every amount that names no other.
        as_of: Last entry date that counts.
        known_at: Last recorded time that counts, UTC; None when everything written counts.
        answer: One or two sentences that answer the reader's question.
        facts: The leading figures.
        charts: What to draw on the page.
        tables: The first is what CSV gives unless another is named.
        definitions: (word, meaning) pairs.
        sources: Where the figures come from, one sentence each.
    """

    name: str
    title: str
    facility: str
    currency: str
    as_of: date
    known_at: datetime | None
    answer: str
    facts: tuple[Fact, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    definitions: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
