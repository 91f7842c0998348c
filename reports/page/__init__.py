"""One self-contained HTML file a report: charts, tables, definitions; nothing is loaded from anywhere.

The libraries that draw and fill templates are imported when a page is written, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.page.writing import Entry
    from reports.report import Report


def html(report: Report, *, banner: str = "", sources: str = "") -> str:
    """Return a report as one HTML page; the same report gives the same bytes.

    Args:
        report: What to show.
        banner: What a reader must know before any figure, such as what of it is illustrative; shown above all.
        sources: Where the data of the book come from, which the book itself does not know; shown under the title.
    """
    from reports.page.writing import report_page

    return report_page(report, banner, sources)


def index_page(title: str, introduction: str, entries: Sequence[Entry]) -> str:
    """Return a page that links to several others, each with its answer.

    Args:
        title: The page's heading.
        introduction: A few sentences; paragraphs are separated by an empty line.
        entries: What to link to, in this order.
    """
    from reports.page.writing import entries_page

    return entries_page(title, introduction, entries)
