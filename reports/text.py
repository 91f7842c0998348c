"""A report as text: for a terminal, as CSV, as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace

from ledgers.errors import FacilityError, did_you_mean
from reports.report import Report
from reports.table import Format, Table, objects, plain, render

ROWS_SHOWN_MAX = 40
"""Rows of each table that a whole report shows as text."""


class TableUnknown(FacilityError):
    """A table that the report does not have."""

    code = "report-table-unknown"


def render_report(report: Report, format: Format, *, table: str | None = None, width: int | None = None) -> str:
    """Return a report as text that ends in a line break.

    Args:
        report: What to show.
        format: `table`: the answer, the figures, then every table; `csv`: one table, because a file of rows holds one;
            `json`: everything.
        table: Name of the only table to show; for `csv` the report's first when None.
        width: Columns of the terminal that a `table` is to fit in; as wide as it is when None.

    Raises:
        TableUnknown: the report has no such table.
    """
    if table is not None or format == "csv":
        return render(_named(report, table), format, width=width)
    if format == "json":
        return json.dumps(_json(report), ensure_ascii=False, indent=2) + "\n"
    label_width = max((len(fact.label) for fact in report.facts), default=0)
    value_width = max((len(fact.value) for fact in report.facts), default=0)
    figures = [
        f"{fact.label:<{label_width}}  {fact.value:>{value_width}}  {fact.note}".rstrip() for fact in report.facts
    ]
    parts = [
        f"{report.facility}: {report.title} ({report.as_of.isoformat()})",
        _filled(report.answer, width),
        "\n".join(figures),
        *(render(_beginning(each), "table", width=width).rstrip("\n") for each in report.tables if each.rows),
        "\n".join(_filled(source, width) for source in report.sources),
    ]
    return "\n\n".join(parts) + "\n"


def _filled(text: str, width: int | None) -> str:
    return text if width is None else textwrap.fill(text, width)


def _beginning(table: Table) -> Table:
    """Return a table's first rows and how many more there are; a terminal is no place for thousands."""
    more = len(table.rows) - ROWS_SHOWN_MAX
    if more <= 0 or table.is_whole:
        return table
    note = f"... and {more:,} more rows: --table {table.name} shows all, --format csv and json carry all. {table.note}"
    return replace(table, rows=table.rows[:ROWS_SHOWN_MAX], note=note.rstrip())


def _named(report: Report, name: str | None) -> Table:
    by_name = {table.name: table for table in report.tables}
    if name is None:
        return report.tables[0]
    if name not in by_name:
        raise TableUnknown(f"the report {report.name} has no table {name}", remedy=did_you_mean(name, sorted(by_name)))
    return by_name[name]


def _json(report: Report) -> dict[str, object]:
    return {
        "report": report.name,
        "title": report.title,
        "facility": report.facility,
        "currency": report.currency,
        "as_of": report.as_of.isoformat(),
        "known_at": plain(report.known_at),
        "answer": report.answer,
        "figures": [{"label": fact.label, "value": fact.value, "note": fact.note} for fact in report.facts],
        "tables": {table.name: objects(table) for table in report.tables},
        "definitions": dict(report.definitions),
        "sources": list(report.sources),
    }
