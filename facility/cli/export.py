"""`facility export TOOL`: the journal as a text ledger for an accountant's own tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.outputs import write_whole
from facility.cli.shared import day, moment, opened, say, show

if TYPE_CHECKING:
    from facility.usecases.export_journal import Tool

app = typer.Typer(
    help="Write the whole journal for another tool. That tool then proves it; see `facility guide exports`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write it here (stdout).", show_default=False)
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Last entry date that counts.", show_default=False)
]
KnownAtOption = Annotated[
    str | None,
    typer.Option("--known-at", metavar="TIME", help="Last recorded time that counts, UTC.", show_default=False),
]
InBaseOption = Annotated[
    bool, typer.Option("--in-base", help="Every amount in the book's currency, as it was converted when posted.")
]


@app.command("beancount")
def beancount(
    out: OutOption = None, as_of: AsOfOption = None, known_at: KnownAtOption = None, in_base: InBaseOption = False
) -> None:
    """Write the journal as beancount reads it. `bean-check FILE` then proves entries and balances."""
    _export("beancount", out, as_of, known_at, in_base)


@app.command("hledger")
def hledger(
    out: OutOption = None, as_of: AsOfOption = None, known_at: KnownAtOption = None, in_base: InBaseOption = False
) -> None:
    """Write the journal as hledger reads it. `hledger -f FILE check -s` then proves entries and balances."""
    _export("hledger", out, as_of, known_at, in_base)


def _export(tool: Tool, out: Path | None, as_of: str | None, known_at: str | None, in_base: bool) -> None:
    last_day = day(as_of, "--as-of") if as_of is not None else None
    time = moment(known_at, "--known-at") if known_at is not None else None
    from facility.usecases.export_journal import export_journal

    with opened(writable=False) as book:
        made = export_journal(book, tool, as_of=last_day, known_at=time, in_base=in_base)
        if out is None:
            for piece in made.pieces:
                show(piece)
            return
        write_whole(out, made.pieces)
    say(f"wrote {out}: {made.entries:,} entries, {made.postings:,} postings, {made.balances:,} balances")
