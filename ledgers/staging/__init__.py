"""A file becomes typed rows, or every error at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.staging.findings import findings_from
from ledgers.staging.report import findings_rows, findings_text

if TYPE_CHECKING:
    from ledgers.staging.stage import Examined, Staged

__all__ = ["examined", "findings_from", "findings_rows", "findings_text", "staged"]


def staged(kind: str, path: Path, *, on: date, file_label: str | None = None, base: str | None = None) -> Staged:
    """Return a file's rows, typed and checked as far as the file alone allows.

    What only the book can know (whether a contribution exists, how a currency converts) is left to the importer.

    Args:
        kind: `contributions`, `deposits`, `requests`, `scores`, `rates` or `entries`.
        path: The file; its extension says the format.
        on: Day of the import: it dates the country groups and shows what lies in the future.
        file_label: How findings name the file; its path by default.
        base: Currency of the book; with it, the decimal places of base amounts are checked.

    Raises:
        InputRefused: with every error and warning of the file, sorted, and the cells around the first of each kind.
        KeyError: there is no such kind of file.
    """
    # Polars costs every start of the command line a tenth of a second, so it is loaded when a file is read.
    from ledgers.staging.stage import stage

    return stage(kind, path, on=on, file_label=file_label, base=base)


def examined(kind: str, path: Path, *, on: date, file_label: str | None = None, base: str | None = None) -> Examined:
    """Return a file's good rows together with everything wrong in the others, so that the book can judge the good ones.

    The arguments are those of `staged`, which is its strict form.

    Raises:
        InputRefused: the file cannot be read at all.
        KeyError: there is no such kind of file.
    """
    from ledgers.staging.stage import examine

    return examine(kind, path, on=on, file_label=file_label, base=base)
