"""Commands that the interface names and this version does not have: refused by name, not as a typing error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from facility.cli.shared import NotYetThere

OF_FACILITY = ("proof", "verify", "recover", "publish")
OF_ROUND: tuple[str, ...] = ()
OF_EXPORT = ("iati", "parquet")
_ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True}

RestArgument = Annotated[list[str] | None, typer.Argument(metavar="[...]", help="Not read.", show_default=False)]


def add_planned(app: typer.Typer, names: tuple[str, ...], before: str) -> None:
    """Add the planned commands to a group, out of its help page."""
    for name in names:
        text = f"Planned: {before} {name} is not there yet."
        app.command(name, hidden=True, help=text, context_settings=_ANYTHING)(_refusing(f"{before} {name}"))


def _refusing(command: str) -> Callable[..., None]:
    def refuse(rest: RestArgument = None) -> None:  # noqa: ARG001 (what comes after it does not matter)
        raise NotYetThere(
            f"{command} is not there yet",
            remedy="see `facility --help` for what this version does, or wait for the next",
        )

    return refuse
