"""A look at the installation: versions, strangers of the same import names, the book meant."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sys
from pathlib import Path

from ledgers.errors import FacilityError

Row = tuple[str, str, str]
OURS = ("facility", "ledgers", "allocation", "reports")
LIBRARIES = ("duckdb", "polars", "pulp", "highspy", "altair", "vl-convert-python", "typer")


def examined(book: Path) -> list[Row]:
    """Return what was looked at: (what, `ok` or `problem`, detail)."""
    rows: list[Row] = [("python", "ok" if sys.version_info >= (3, 11) else "problem", platform.python_version())]
    rows += [_library(name) for name in LIBRARIES]
    rows += _import_names()
    rows.append(_book(book))
    return rows


def _library(name: str) -> Row:
    try:
        return (name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return (name, "problem", "not installed: install migration-facility again, in an environment of its own")


def _import_names() -> list[Row]:
    """Return whether our four packages lie together; strangers on the registry bear some of their names."""
    found = {name: importlib.util.find_spec(name) for name in OURS}
    folders = {name: Path(spec.origin).parent.parent for name, spec in found.items() if spec and spec.origin}
    home = folders.get("facility")
    return [
        (f"package {name}", "ok", str(folders[name]))
        if folders.get(name) == home
        else (f"package {name}", "problem", f"lies in {folders.get(name)}: another distribution has this name")
        for name in OURS
    ]


def _book(path: Path) -> Row:
    from ledgers.store import Book

    if not path.exists():
        return ("book", "ok", f"none at {path} yet: facility init")
    try:
        with Book.open(path, writable=False, wait_seconds=0) as book:
            return ("book", "ok", f"{path}: {book.setting('name')}, in {book.currency}")
    except FacilityError as error:
        return ("book", "problem", error.message)
