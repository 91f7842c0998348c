"""Pages from reports: the values are put into a template that escapes every one of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reports.page.bands import draw_flows
from reports.page.colours import colours_of, variable
from reports.page.drawing import NARROW, WIDE, draw
from reports.report import Chart, Flows, Report, Waterfall
from reports.table import RIGHT_ALIGNED, Cell, Column, Row, Table, neutralised, plain, shown_lines
from reports.wording import day

if TYPE_CHECKING:
    import jinja2

FILTERED_FROM = 9
"""Rows from which a table has a box to filter it."""

SCROLLED_FROM = 26
"""Rows from which a table scrolls in a box of its own."""

WHOLE_UP_TO = 20
"""Characters of a word, such as an id, that is never broken over lines."""

WIDE_FROM = 8
"""Columns beyond which a table is as wide as they need, and scrolls where the page is not."""

LEAST_WIDTH = 104
"""Pixels that a column of such a table takes on average."""

LONG_FROM = 60
"""Characters of a text that needs a wide column."""

TONES = {
    "in": "cash in",
    "expected": "signed or pledged, not cash",
    "out": "decided",
    "used": "used",
    "more": "adds",
    "less": "takes off",
    "total": "sum",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that an index links to.

    Attributes:
        href: Relative address of the page.
        title: Its heading.
        answer: What it says in a sentence or two.
        group: The heading under which it stands; entries of one group stand together.
    """

    href: str
    title: str
    answer: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a table: what is shown, its value for machines, its style, and lines that open on demand."""

    text: str
    value: str
    style: str
    more: tuple[str, ...] = ()


def report_page(report: Report, banner: str = "", sources: str = "") -> str:
    """Return a report as one self-contained HTML page, under a banner and a line of sources where given."""
    return filled(
        "report.html.j2",
        report=report,
        banner=banner,
        provenance=sources,
        date=day(report.as_of),
        known_at=plain(report.known_at),
        figures=[_figure(chart, f"chart{number}") for number, chart in enumerate(report.charts, start=1)],
        tables=[_table(table) for table in report.tables],
    )


def entries_page(title: str, introduction: str, entries: Any) -> str:
    """Return a page that links to others."""
    paragraphs = [part.strip() for part in introduction.split("\n\n") if part.strip()]
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return filled("index.html.j2", title=title, paragraphs=paragraphs, groups=groups)


def filled(template: str, **values: object) -> str:
    """Return a template of this package with values put in, every one of them escaped."""
    style, script = _asset("page.css"), _asset("page.js")
    return _environment().get_template(template).render(style=style, script=script, **values)


@functools.cache
def _asset(name: str) -> str:
    return files("reports.page").joinpath(name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip


def _figure(chart: Chart, key: str) -> dict[str, Any]:
    drawings = [(name, _drawing(chart, width, key + name)) for name, width in (("wide", WIDE), ("narrow", NARROW))]
    return {
        "key": key,
        "title": chart.title,
        "description": chart.description,
        "drawings": drawings,
        "legend": _legend(chart),
        "table": _table(_twin(chart, key)),
    }


def _drawing(chart: Chart, width: int, key: str) -> str:
    if isinstance(chart, Flows):
        return draw_flows(chart, width=width, key=key)
    return draw(chart, width=width, key=key)


def _legend(chart: Chart) -> list[tuple[str, str]]:
    """Return (name, colour) of what the colours mean; nothing where one colour says nothing."""
    if isinstance(chart, Flows):
        return []
    if isinstance(chart, Waterfall):
        names = list(dict.fromkeys(step.tone for step in chart.steps))
        colours = colours_of(names)
        return [(TONES.get(name, name), variable(colours[name])) for name in names]
    is_one_each = all(len(bar.parts) == 1 for bar in chart.bars)
    colours = colours_of(chart.series)
    return [] if is_one_each else [(name, variable(colours[name])) for name in chart.series]


def _twin(chart: Chart, key: str) -> Table:
    """Return the figures that a chart draws, as a table."""
    money = Column("amount", chart.currency, "amount")
    rows: list[Row]
    columns: tuple[Column, ...]
    if isinstance(chart, Waterfall):
        columns = (Column("step", "Step"), money, Column("from", "From", "amount"), Column("to", "To", "amount"))
        rows = [(step.label, step.end - step.start, step.start, step.end) for step in chart.steps]
    elif isinstance(chart, Flows):
        columns = (Column("source", chart.left.capitalize()), Column("target", chart.right.capitalize()), money)
        rows = [(link.source, link.target, link.amount) for link in chart.links]
    else:
        columns = (Column("bar", chart.title), Column("part", "Part"), money)
        rows = [(bar.label, name, amount) for bar in chart.bars for name, amount in bar.parts]
    return Table(f"{key}_figures", f"Figures of this chart, {chart.currency}", columns, tuple(rows))


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "note": table.note,
        "columns": [(column.name, column.label, column.kind in RIGHT_ALIGNED) for column in table.columns],
        "rows": [(position in table.strong, _cells(table, row)) for position, row in enumerate(table.rows)],
        "total": _cells(table, table.total) if table.total else None,
        "is_filtered": len(table.rows) >= FILTERED_FROM and not table.strong,
        "is_sorted": len(table.rows) > 1 and not table.strong,
        "is_scrolled": len(table.rows) >= SCROLLED_FROM,
        "is_wide": len(table.columns) > 6,
        "least_width": LEAST_WIDTH * len(table.columns) if len(table.columns) > WIDE_FROM else 0,
    }


def _cells(table: Table, row: Row) -> list[_Cell]:
    return [_cell(cell, column) for column, cell in zip(table.columns, row, strict=True)]


def _cell(cell: Cell, column: Column) -> _Cell:
    """Return a cell as the page shows it; its value is what the page's script sorts by and writes to a file."""
    text, *more = shown_lines(cell, column.kind)
    value = plain(cell)
    if isinstance(cell, Decimal) and cell < 0:
        text = text.replace("-", "−")
    is_whole = column.kind == "date" or (len(text) <= WHOLE_UP_TO and " " not in text)
    style = (
        "right" if column.kind in RIGHT_ALIGNED else "whole" if is_whole else "long" if len(text) >= LONG_FROM else ""
    )
    return _Cell(text, "" if value is None else neutralised(str(value)), style, tuple(more))
