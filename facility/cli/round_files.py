"""`facility round files`: what a stranger needs to check a round alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facility.cli.shared import DryRunOption, opened, say, told

RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty folder.", show_default=False)]
DecisionOption = Annotated[
    str | None,
    typer.Option(
        "--decision",
        metavar="HASH",
        help="Which, or the start of its hash (the posted one, else the latest).",
        show_default=False,
    ),
]


def files(
    round_id: RoundArgument, out: OutOption, decision: DecisionOption = None, dry_run: DryRunOption = False
) -> None:
    """Write a round's files and a checker. It needs Python alone; anybody can run it."""
    from facility.usecases.round_files import fingerprint, round_files, write_round_files

    with opened(writable=False) as book:
        digest, found = round_files(book, round_id, decision)
    written = write_round_files(out, digest, found, dry_run=dry_run)
    say(told(f"{len(written.files)} files of round {round_id}, decision {digest}, in {out}", written.is_new, dry_run))
    say(f"their fingerprint, to be told apart from them: {fingerprint(found)}")
    say(f"check them with: python {out}/check_round.py {out}")
