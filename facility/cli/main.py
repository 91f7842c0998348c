"""The `facility` command: its nouns, and how an error leaves."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from facility.cli.nouns import NOUNS, add_nouns, asked_words
from facility.cli.shared import TextInvalid, chosen, say, show
from ledgers.errors import ExitCode, FacilityError, InputRefused

INTERRUPTED = 130
"""Exit code of a command that the user stopped, as shells know it."""

_STOPPED = "stopped; what was already committed stands, nothing else was written"

HELP = """The book, the allocation engine and the public account of a financing facility for migration.

New here: `facility demo` shows it at work, `facility guide start` says how to begin.

\b
Exit codes   0 done                 1 a rule broken, or input refused
             2 usage                3 findings from a check
Environment  FACILITY_BOOK          the book, when --book is left out
             FACILITY_USER          who acts, when --by is left out
             FACILITY_WAIT          seconds to wait for a busy book (10)
             FACILITY_DEBUG=1       show where a fault of Facility lies
"""


class _InOrder(TyperGroup):
    """Lists the commands in the order in which a facility's life needs them."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 (the order is always the same)
        """Return the names of the commands."""
        first = [noun.name for noun in NOUNS]
        return sorted(self.commands, key=lambda name: first.index(name) if name in first else len(first))


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        show(f"facility {version('migration-facility')}\n")
        raise typer.Exit


def facility(
    book_file: Annotated[
        Path | None, typer.Option("--book", metavar="FILE", help="The book (FACILITY_BOOK, else facility.duckdb here).")
    ] = None,
    version: Annotated[  # noqa: ARG001 (its callback answers)
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Keep a facility's book, decide its rounds, and account for its money."""
    chosen.book = book_file


def command_line(asked: Sequence[str] | None = None) -> typer.Typer:
    """Return the whole command line; of nouns that are not asked for, the names and summaries alone.

    Args:
        asked: The words after `facility`, as `asked_words` returns them; None builds everything.
    """
    app = typer.Typer(
        name="facility",
        cls=_InOrder,
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(facility)
    add_nouns(app, asked)
    return app


def run() -> None:
    """Run the command line; every error leaves as one clear message and the exit code of its kind."""
    try:
        _refuse_what_is_no_text()
        _answer_in_utf8()
        is_completing = any(name.endswith("_COMPLETE") for name in os.environ)
        command_line(None if is_completing else asked_words(sys.argv[1:]))(prog_name="facility")
    except SystemExit as left:
        if left.code == INTERRUPTED:
            say(_STOPPED)
        raise
    except InputRefused as refused:
        from ledgers.staging import findings_text

        say(findings_text(list(refused.findings), refused.context).rstrip())
        say(f"error: {refused.message}\n  remedy: {refused.remedy}\n  code: {refused.code}")
        sys.exit(ExitCode.REFUSED)
    except FacilityError as error:
        say(f"error: {error.message}\n  remedy: {error.remedy}\n  code: {error.code}")
        sys.exit(error.exit_code)
    except Exception as fault:
        if isinstance(fault, RuntimeError) and str(fault) == "Query interrupted":  # how DuckDB tells of Ctrl-C
            say(_STOPPED)
            sys.exit(INTERRUPTED)
        if os.environ.get("FACILITY_DEBUG"):
            raise
        say(
            f"error: a fault in Facility itself: {type(fault).__name__}: {fault}\n"
            "  remedy: run the command again with FACILITY_DEBUG=1 and report what it prints\n  code: internal-fault"
        )
        sys.exit(ExitCode.REFUSED)


def _refuse_what_is_no_text() -> None:
    """Refuse bytes that are not UTF-8 here: no table of the book could hold them, and no message could show them."""
    settings = [f"{name}={text}" for name, text in os.environ.items() if name.startswith("FACILITY_")]
    for given in sys.argv[1:] + settings:
        if not given.isascii() and any("\ud800" <= character <= "\udfff" for character in given):
            raise TextInvalid(f"{given!a} is not UTF-8 text", remedy="write it, or name the file, in UTF-8")


def _answer_in_utf8() -> None:
    """Make files and pipes UTF-8 on every machine; a terminal that knows less shows what it can."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


if __name__ == "__main__":
    run()
