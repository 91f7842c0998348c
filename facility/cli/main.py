"""The `facility` command: its nouns, and how an error leaves."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from facility.cli import book, contribution, guide, imports, report, round_
from facility.cli.shared import chosen, say
from ledgers.errors import ExitCode, FacilityError, InputRefused

app = typer.Typer(
    name="facility",
    help="The book, the allocation engine and the public account of a financing facility for migration.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def facility(
    book_file: Annotated[
        Path | None, typer.Option("--book", metavar="FILE", help="The book (FACILITY_BOOK, else facility.duckdb here).")
    ] = None,
) -> None:
    """Keep a facility's book, decide its rounds, and account for its money.

    Exit codes: 0 done, 1 a rule broken or input refused, 2 usage, 3 findings from a check.
    """
    chosen.book = book_file


app.command("demo")(book.demo)
app.command("init")(book.init)
app.add_typer(imports.app, name="import")
app.add_typer(contribution.app, name="contribution")
app.add_typer(round_.app, name="round")
app.command("report")(report.report)
app.command("sql")(book.sql)
app.command("check")(book.check)
app.command("doctor")(book.doctor)
app.command("guide")(guide.guide)


def run() -> None:
    """Run the command line; every error leaves as one clear message and the exit code of its kind."""
    try:
        app()
    except InputRefused as refused:
        from ledgers.staging import findings_text

        say(findings_text(list(refused.findings), refused.context).rstrip())
        say(f"error: {refused.message}\n  remedy: {refused.remedy}\n  code: {refused.code}")
        sys.exit(ExitCode.REFUSED)
    except FacilityError as error:
        say(f"error: {error.message}\n  remedy: {error.remedy}\n  code: {error.code}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("stopped; what was already committed stands, nothing else was written")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: there is nobody left to answer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.DONE)
    except Exception as fault:
        if os.environ.get("FACILITY_DEBUG"):
            raise
        say(
            f"error: a fault in Facility itself: {type(fault).__name__}: {fault}\n"
            "  remedy: run the command again with FACILITY_DEBUG=1 and report what it prints\n  code: internal-fault"
        )
        sys.exit(ExitCode.REFUSED)


if __name__ == "__main__":
    run()
