"""A report in the form asked for, and the pages of the example."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ledgers.errors import FacilityError, did_you_mean
from ledgers.store import Book
from reports.registry import ReportOptionRefused, kind, make
from reports.text import render_report

if TYPE_CHECKING:
    from reports.report import Report

FORMS = ("table", "txt", "csv", "json", "html")


class FormUnknown(FacilityError):
    """A file ending that says no form of a report."""

    code = "report-form-unknown"


def run_report(
    book: Book,
    name: str,
    subject: str | None = None,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    decision: str | None = None,
    **others: object,
) -> Report:
    """Return a report of the book.

    Args:
        book: Open.
        name: As on the command line.
        subject: The round's id or the donor's name, for a report that needs one.
        as_of: Last entry date that counts.
        known_at: Last recorded time that counts.
        decision: Of a round: which decision.
        others: What only some reports take, by the names of `reports.registry`; None counts as not given.

    Raises:
        ReportUnknown, ReportOptionRefused, SubjectUnknown: see there.
    """
    wanted = kind(name)
    options: dict[str, object] = {"as_of": as_of, "known_at": known_at, "decision": decision, **others}
    if subject is not None and wanted.subject is None:
        raise ReportOptionRefused(f"the report {name} has no subject, and got {subject}", remedy="leave it out")
    if wanted.subject is not None:
        options[wanted.subject] = subject
    return make(name, book, **options)


def written(report: Report, form: str, table: str | None = None, width: int | None = None) -> str:
    """Return a report as text in one of `FORMS`.

    Args:
        report: What to write.
        form: In which form.
        table: Name of the only table; all, or the first for `csv`, when None.
        width: Columns of the terminal that a `table` is to fit in; as wide as it is when None.

    Raises:
        FormUnknown: there is no such form.
        TableUnknown: the report has no such table.
    """
    if form == "html":
        from reports.page import html

        return html(report)
    if form == "csv":
        return render_report(report, "csv", table=table)
    if form == "json":
        return render_report(report, "json", table=table)
    if form in ("table", "txt"):
        return render_report(report, "table", table=table, width=width)
    raise FormUnknown(
        f"a report cannot be written as {form or 'a file without ending'}", remedy=did_you_mean(form, FORMS)
    )
