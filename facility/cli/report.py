"""`facility report NAME`: what leaves the facility, as a table, CSV, JSON or a page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.shared import Form, FormatOption, OutputUnwritable, day, opened, progress, say, show
from ledgers.errors import FacilityError

if TYPE_CHECKING:
    from facility.usecases.terms_cost import TermsCost

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
    if terms_cost is not None and (as_of is not None or known_at is not None):
        raise typer.BadParameter("the cost of terms is of the round as it stands: leave --as-of and --known-at out")
    found = None if terms_cost is None or subject is None else _terms_cost(subject, terms_cost)
    with opened(writable=False) as book:
        made = run_report(
            book,
            name,
            as_of=day(as_of, "--as-of") if as_of is not None else None,
            known_at=_time(known_at) if known_at is not None else None,
            subject=subject,
            decision=decision,
        )
        if found is not None:
            from facility.usecases.terms_cost import with_terms_cost

            made = with_terms_cost(book, made, found)
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


def _terms_cost(donor: str, round_id: str) -> TermsCost:
    """Return what a donor's terms cost a round; no book is open while that is solved."""
    from facility.usecases.run_report import run_report
    from facility.usecases.terms_cost import terms_costs
    from facility.usecases.why import decisive

    with opened(writable=False) as book:
        name = run_report(book, "donor", donor).title
        asked = decisive(book, round_id)
    with progress() as step:
        return terms_costs(asked, donor=name, seconds=_SECONDS, progress=step)[0]


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        raise TimeInvalid(f"--known-at {text} is not a time", remedy="write it in UTC: 2026-03-31T12:00:00") from None
