"""Help: every command and option says what it does, and asking for it is quick."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from commands import FACILITY, ran

from facility.cli.main import command_line
from facility.cli.nouns import asked_words

HEAVY = ("altair", "duckdb", "highspy", "numpy", "polars", "pulp", "pyarrow", "rich")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command of the line with the words that call it, groups too."""
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, (*path, name))


ALL = list(commands(typer.main.get_command(command_line())))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) or "facility" for path, _ in ALL])
def test_every_command_option_and_argument_has_help(path: tuple[str, ...], command: Any) -> None:
    assert command.help
    assert command.help.strip()
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    assert [parameter.name for parameter in shown if not parameter.help] == []
    done = ran(*path, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: {' '.join(('facility', *path))} ")
    assert "..." not in done.out.partition("Commands:")[2], "the first sentence is too long for the list of commands"


def test_the_first_page_names_exit_codes_and_settings() -> None:
    page = ran("--help").out
    for word in (
        "0 done",
        "1 a rule broken",
        "2 usage",
        "3 findings",
        "FACILITY_BOOK",
        "FACILITY_USER",
        "FACILITY_WAIT",
    ):
        assert word in page


def test_no_command_shows_the_help() -> None:
    assert ran().err == ran("--help").out or ran().out == ran("--help").out


def test_the_version_is_the_distribution_s() -> None:
    from importlib.metadata import version

    assert ran("--version").out == f"facility {version('migration-facility')}\n"


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys\nfrom facility.cli.main import run\nsys.argv = ['facility', '--help']\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\nprint(sorted(set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stderr.strip()))
    assert sorted(loaded & set(HEAVY)) == []
    assert "typer" in loaded


def seconds(*command: str) -> float:
    """Return the median of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@pytest.mark.bench
def test_help_takes_less_than_three_imports_of_typer() -> None:
    ratio = seconds(str(FACILITY), "--help") / seconds(sys.executable, "-c", "import typer")
    print(f"facility --help: {ratio:.2f} × import typer")
    assert ratio < 3


def test_the_list_of_commands_is_the_same_whether_they_are_loaded_or_not() -> None:
    whole, bare = (typer.main.get_command(command_line(asked)) for asked in (None, ()))
    told = [command.get_help(typer.Context(command, info_name="facility")) for command in (whole, bare)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["grant", "disburse", "K1"], ("grant", "disburse")),
        (["grant", "--help", "disburse"], ("grant",)),
        (["--book", "grant", "report", "donor"], ("report", "donor")),
        (["--book=b", "log"], ("log",)),
        (["--help"], ()),
        (["--book"], ()),
        ([], ()),
    ],
)
def test_the_words_that_are_asked_for_are_found_behind_the_options(words: list[str], asked: tuple[str, ...]) -> None:
    assert asked_words(words) == asked


def test_a_command_is_the_same_whether_it_is_built_alone_or_with_all() -> None:
    whole: Any = typer.main.get_command(command_line())
    for noun, group in whole.commands.items():
        for verb, command in getattr(group, "commands", {}).items():
            alone: Any = typer.main.get_command(command_line((noun, verb)))
            assert list(alone.commands[noun].commands) == [verb]
            told = [one.get_help(typer.Context(one)) for one in (command, alone.commands[noun].commands[verb])]
            assert told[0] == told[1]
