"""`facility report NAME`: what leaves the facility, as a table, CSV, JSON or a page."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.report_out import OutOption, TableOption, deliver, report_text
from facility.cli.shared import Form, FormatOption, day, moment, opened, progress

if TYPE_CHECKING:
    from facility.usecases.terms_cost import TermsCost

_NAMES = "funds-available, round, donor, joint-account, trial-balance or sample."
_SECONDS = 10.0
"""For the search without a donor's terms, and as many for its proof."""


class By(StrEnum):
    """What has the same chance in a sample: every unit of money, or every entry."""

    value = "value"
    random = "random"


def report(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_NAMES, show_default=False)],
    subject: Annotated[
        str | None,
        typer.Argument(metavar="SUBJECT", help="The round's id, the donor's name, the year.", show_default=False),
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
    begins: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Of a donor: first day of the statement.", show_default=False),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", min=0, help="Of expiring money: how far ahead.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help="Of a sample: what draws it.", show_default=False)
    ] = None,
    size: Annotated[
        int | None,
        typer.Option("--size", metavar="K", min=1, max=100_000, help="Of a sample: how many.", show_default=False),
    ] = None,
    by: Annotated[
        By | None, typer.Option("--by", help="Of a sample: what has the same chance (value).", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Of a sample: one kind of entry.", show_default=False)
    ] = None,
    table: TableOption = None,
    out: OutOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Show a report, or write it to a file. `--out page.html` is one self-contained page with charts."""
    from facility.usecases.run_report import run_report

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
            known_at=moment(known_at, "--known-at") if known_at is not None else None,
            subject=subject,
            decision=decision,
            begins=day(begins, "--from") if begins is not None else None,
            days=days,
            seed=seed,
            size=size,
            by=by.value if by is not None else None,
            kind=kind,
        )
        if found is not None:
            from facility.usecases.terms_cost import with_terms_cost

            made = with_terms_cost(book, made, found)
        text = report_text(made, form, out, table)
    deliver(text, out)


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
