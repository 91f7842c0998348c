"""`facility report NAME`: what leaves the facility, as a table, CSV, JSON or a page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.shared import Form, FormatOption, OutputUnwritable, day, opened, progress, say, show
from ledgers.errors import FacilityError

if TYPE_CHECKING:
    from ledgers.store import Book
    from reports.report import Report

_SECONDS = 10.0
"""For the search without a donor's terms, and as many for its proof."""


class TimeInvalid(FacilityError):
    """A time on the command line that is none."""

    code = "time-invalid"


def report(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="funds-available, round, donor or joint-account.", show_default=False)
    ],
    subject: Annotated[
        str | None, typer.Argument(metavar="SUBJECT", help="The round's id, the donor's name.", show_default=False)
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Last entry date that counts.", show_default=False)
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="TIME", help="Last recorded time that counts, UTC.", show_default=False),
    ] = None,
    decision: Annotated[
        str | None, typer.Option("--decision", metavar="HASH", help="Of a round: which decision.", show_default=False)
    ] = None,
    terms_cost: Annotated[
        str | None,
        typer.Option(
            "--terms-cost",
            metavar="ROUND",
            help="Of a donor: what its terms cost that round, solved again.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="NAME", help="Which table of it, for CSV.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write .html, .csv, .json or .txt here.")
    ] = None,
    form: FormatOption = Form.table,
) -> None:
    """Show a report, or write it to a file. `--out page.html` is one self-contained page with charts."""
    from facility.usecases.run_report import run_report, written

    if terms_cost is not None and name != "donor":
        raise typer.BadParameter(f"a round's cost is of a donor's terms, and this is the report {name}")
    with opened(writable=False) as book:
        made = run_report(
            book,
            name,
            as_of=day(as_of, "--as-of") if as_of is not None else None,
            known_at=_time(known_at) if known_at is not None else None,
            subject=subject,
            decision=decision,
        )
        if terms_cost is not None:
            made = _with_terms_cost(book, made, terms_cost)
        text = written(made, (out.suffix.lower().removeprefix(".") if out else form.value), table)
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


def _with_terms_cost(book: Book, made: Report, round_id: str) -> Report:
    from facility.usecases import terms_cost, why

    asked = why.decisive(book, round_id)
    with progress() as step:
        found = terms_cost.terms_cost(asked, made.title, seconds=_SECONDS, progress=step)
    return terms_cost.with_terms_cost(book, made, found)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        raise TimeInvalid(f"--known-at {text} is not a time", remedy="write it in UTC: 2026-03-31T12:00:00") from None
