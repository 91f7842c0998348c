"""The nouns of the command line, in the order in which a facility's life needs them; each is loaded when asked for.

To build commands out of their options costs a start more than importing typer does, so `facility grant spend` builds
that command alone, `facility grant --help` the commands of grants, and `facility --help` none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import typer

Loaded = typer.Typer | Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Noun:
    """One word after `facility`.

    Attributes:
        name: The word.
        summary: What the list of commands says of it: the first sentence of its help.
        load: Imports it and returns its group, or its only command.
    """

    name: str
    summary: str
    load: Callable[[], Loaded]


def _demo() -> Loaded:
    from facility.cli.book import demo

    return demo


def _guide() -> Loaded:
    from facility.cli.guide import guide

    return guide


def _init() -> Loaded:
    from facility.cli.book import init

    return init


def _import() -> Loaded:
    from facility.cli.imports import app

    return app


@cache
def _contribution() -> Loaded:
    from facility.cli.contribution import app
    from facility.cli.contribution_life import add_life
    from facility.cli.contribution_show import add_show

    add_life(app)
    add_show(app)
    return app


def _deposit() -> Loaded:
    from facility.cli.contribution_life import deposits

    return deposits


@cache
def _round() -> Loaded:
    from facility.cli import overrides, round_rules
    from facility.cli.planned import OF_ROUND, add_planned
    from facility.cli.round_ import app
    from facility.cli.round_appeals import add_appeals
    from facility.cli.round_why import add_why

    app.command("override")(overrides.override)
    app.command("overrides")(overrides.overrides)
    round_rules.add_to(app)
    add_why(app)
    add_appeals(app)
    add_planned(app, OF_ROUND, "facility round")
    return app


@cache
def _grant() -> Loaded:
    from facility.cli.grant import app
    from facility.cli.grant_decisions import add_decisions
    from facility.cli.grant_show import add_show

    add_decisions(app)
    add_show(app)
    return app


def _period() -> Loaded:
    from facility.cli.period import app

    return app


def _report() -> Loaded:
    from facility.cli.report import report

    return report


def _status() -> Loaded:
    from facility.cli.status import status

    return status


def _log() -> Loaded:
    from facility.cli.log import log

    return log


@cache
def _entry() -> Loaded:
    from facility.cli.entry import app
    from facility.cli.entry_reverse import add_reverse

    add_reverse(app)
    return app


@cache
def _export() -> Loaded:
    from facility.cli.export import app
    from facility.cli.planned import OF_EXPORT, add_planned

    add_planned(app, OF_EXPORT, "facility export")
    return app


def _sql() -> Loaded:
    from facility.cli.book import sql

    return sql


def _check() -> Loaded:
    from facility.cli.book import check

    return check


def _doctor() -> Loaded:
    from facility.cli.book import doctor

    return doctor


NOUNS = (
    Noun("demo", "Build the example facility and tell its story.", _demo),
    Noun("guide", "Print a page of the guide.", _guide),
    Noun("init", "Make a new book.", _init),
    Noun("import", "Bring files into the book.", _import),
    Noun("contribution", "The life of a contribution.", _contribution),
    Noun("deposit", "Cash from donors after it came in.", _deposit),
    Noun("round", "Run an allocation round.", _round),
    Noun("grant", "The life of an award.", _grant),
    Noun("period", "Close, reopen and revalue periods.", _period),
    Noun("report", "Show a report, or write it to a file.", _report),
    Noun("status", "Show what needs attention today.", _status),
    Noun("log", "Show who wrote what to the book and when.", _log),
    Noun("entry", "One entry of the journal: shown, or taken back.", _entry),
    Noun("export", "Write the whole journal for another tool.", _export),
    Noun("sql", "Query the report.* views.", _sql),
    Noun("check", "Recompute what the book promises.", _check),
    Noun("doctor", "Look at the installation.", _doctor),
)


def add_nouns(app: typer.Typer, asked: Sequence[str] | None) -> None:
    """Add every noun to the command line; those that are not asked for by their names and summaries alone.

    Args:
        app: The whole command line.
        asked: The noun, and the word right after it where there is one; None for all, whole.
    """
    from facility.cli.planned import OF_FACILITY, add_planned

    for noun in NOUNS:
        loaded = noun.load() if asked is None or noun.name in asked[:1] else None
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded if asked is None else _pared(loaded, asked[1:]), name=noun.name)
        elif loaded is not None:
            app.command(noun.name)(loaded)
        else:
            app.command(noun.name, help=noun.summary)(_not_loaded)
    if asked is None or set(asked[:1]) & set(OF_FACILITY):
        add_planned(app, OF_FACILITY, "facility")


def _pared(group: typer.Typer, verb: Sequence[str]) -> typer.Typer:
    """Return a group with the one command that is asked for, or the whole group where it has no such command."""
    named = [one for one in group.registered_commands if one.name in verb]
    if not named:
        return group
    pared = copy(group)
    pared.registered_commands = named
    return pared


def asked_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return the first word that is no option and no option's value, and the word right after it.

    >>> asked_words(["--book", "b.duckdb", "grant", "spend", "K1"])
    ('grant', 'spend')
    >>> asked_words(["grant", "--help", "spend"])
    ('grant',)
    """
    is_value = False
    for place, word in enumerate(words):
        if not is_value and not word.startswith("-"):
            return tuple(after for after in words[place : place + 2] if not after.startswith("-"))
        is_value = word == "--book"
    return ()


def _not_loaded() -> None:
    """Stand for a noun that was not asked for."""
    raise AssertionError("a command was run that was not asked for")
