"""SQL texts, kept one query a file beside the package that runs them.

They are read as plain files: every command reads dozens, and asking `importlib.resources` for each costs as much as
running them.
"""

from __future__ import annotations

import functools
import os
from importlib import import_module
from pathlib import Path


@functools.cache
def _folder(package: str) -> str:
    module = import_module(package)
    return module.__path__[0] if module.__file__ is None else str(Path(module.__file__).parent)


@functools.cache
def query_text(package: str, name: str) -> str:
    """Return the text of `name`.sql in `package`."""
    return _text(f"{_folder(package)}/{name}.sql")


def names_in(package: str) -> list[str]:
    """Return the name of every .sql file directly in `package`, sorted."""
    found = os.scandir(_folder(package))
    return sorted(entry.name.removesuffix(".sql") for entry in found if entry.name.endswith(".sql"))


def texts_in(package: str) -> list[tuple[str, str]]:
    """Return (name, text) of every .sql file directly in `package`, sorted by name."""
    return [(name, _text(f"{_folder(package)}/{name}.sql")) for name in names_in(package)]


def _text(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 (a Path for each costs more than reading it)
        return file.read().decode("utf-8")
