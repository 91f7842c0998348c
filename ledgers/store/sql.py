"""SQL texts, kept one query a file beside the package that runs them."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def query_text(package: str, name: str) -> str:
    """Return the text of `name`.sql in `package`."""
    return files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def texts_in(package: str) -> list[tuple[str, str]]:
    """Return (name, text) of every .sql file directly in `package`, sorted by name."""
    found = [item for item in files(package).iterdir() if item.name.endswith(".sql")]
    return sorted((item.name.removesuffix(".sql"), item.read_text(encoding="utf-8")) for item in found)
