"""Where a report goes: to stdout, or to a file whose ending says the form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.shared import Form, OutputUnwritable, say, show, terminal_width

if TYPE_CHECKING:
    from reports.report import Report

OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write .html, .csv, .json or .txt here.")]
TableOption = Annotated[str | None, typer.Option("--table", metavar="NAME", help="Which table of it, for CSV.")]


def report_text(report: Report, form: Form, out: Path | None, table: str | None) -> str:
    """Return a report in the form that the file's ending says, else in the one asked for."""
    from facility.usecases.run_report import written

    return written(report, out.suffix.lower().removeprefix(".") if out else form.value, table, terminal_width(out))


def deliver(text: str, out: Path | None) -> None:
    """Answer with a text, or write it to a file and say so.

    Raises:
        OutputUnwritable: the file cannot be written.
    """
    if out is None:
        show(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as cause:
        raise OutputUnwritable(
            f"{out} cannot be written: {cause.strerror}", remedy="choose a folder that exists and has space"
        ) from cause
    say(f"wrote {out}")
