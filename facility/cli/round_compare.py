"""`facility round compare` and `facility round solve --scenario`: what if. Nothing is posted, nothing is stored."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from facility.cli.shared import Form, FormatOption, OutputUnwritable, number_of_seconds, opened, progress, say, show

SidesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SIDE...",
        help="Scenario files (.toml), decisions' files (.json), or decisions of the round by hash.",
        show_default=False,
    ),
]


def compare(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)],
    sides: SidesArgument,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            help="For each solve, not the policy's.",
            min=0.1,
            max=86_400,
            callback=number_of_seconds,
        ),
    ] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="NAME", help="Which table of it, for CSV.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write .html, .csv, .json or .txt here.")
    ] = None,
    form: FormatOption = Form.table,
) -> None:
    """Lay decisions side by side. The round's own comes first unless one is named; scenarios are solved, not kept."""
    if time_limit is not None and math.isnan(time_limit):
        raise typer.BadParameter("it is not a number of seconds", param_hint="--time-limit")
    from facility.usecases.comparison_report import comparison_report
    from facility.usecases.run_report import written
    from facility.usecases.scenarios import posed_sides, request_titles, solved

    with opened(writable=False) as book:
        posed = posed_sides(book, round_id, sides)
        facility, titles = book.setting("name"), request_titles(book)
    with progress() as step:
        comparison = solved(posed, time_limit=time_limit, progress=step)
    changes = {one.name: one.changes for one in posed}
    made = comparison_report(comparison, facility=facility, changes=changes, titles=titles)
    if form is Form.table and out is None and table is None:  # a terminal shows what differs, and no empty table
        made = replace(made, tables=tuple(each for each in made.tables if each.name != "awards"))
    text = written(made, out.suffix.lower().removeprefix(".") if out else form.value, table)
    if out is None:
        show(text)
    else:
        write(out, text)


def solve_scenario(round_id: str, file: Path, *, time_limit: float | None, out: Path | None, form: Form) -> None:
    """Answer with the decision on a scenario; nothing of it is stored."""
    from facility.usecases.scenarios import decide_scenario, posed_scenario

    with opened(writable=False) as book:
        posed = posed_scenario(book, round_id, file)
    for change in posed.changes:
        say(f"what if: {change}")
    with progress() as step:
        body = decide_scenario(posed, time_limit=time_limit, progress=step)
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    if out is not None:
        write(out, text)
    if form is Form.json:
        show(text)
    else:
        from facility.cli.round_decided import show_decision

        show_decision(body, form)
    say(f"scenario {posed.name}: not stored; it cannot be approved or posted")
    if body["status"] == "infeasible":
        raise typer.Exit(1)


def write(out: Path, text: str) -> None:
    """Write an answer to a file, and say so.

    Raises:
        OutputUnwritable: the file cannot be written.
    """
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as cause:
        raise OutputUnwritable(
            f"{out} cannot be written: {cause.strerror}", remedy="choose a folder that exists and has space"
        ) from cause
    say(f"wrote {out}")
