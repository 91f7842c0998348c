"""Files go into the book: all their rows, or none and a list of everything wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.errors import Finding, InputRefused
from ledgers.staging import staged
from ledgers.store import Book

if TYPE_CHECKING:
    import polars as pl

Cells = dict[tuple[str, int], dict[str, str | None]]
KINDS = ("contributions", "deposits", "requests", "scores", "rates", "entries")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        kind: What was imported.
        new: Rows written (or, in a dry run, that would be).
        already: Rows already there with the same content.
        warnings: Remarks that did not stop it.
    """

    kind: str
    new: int
    already: int
    warnings: tuple[Finding, ...]


def import_files(
    book: Book, kind: str, files: Sequence[Path], *, on: date, actor: str, dry_run: bool = False
) -> Imported:
    """Write every row of every file to the book, or none.

    Args:
        book: Open for writing.
        kind: One of `KINDS`.
        files: At least one.
        on: The day of import.
        actor: Who imports.
        dry_run: Do everything but keep it.

    Raises:
        InputRefused: with every error of every file.
    """
    from ledgers.journal import take_in

    frame, warnings, digest, context = _staged_together(book, kind, files, on)
    names = ", ".join(str(path) for path in files)
    try:
        with book.lane(actor=actor, command=f"import {kind}", file=names, file_digest=digest, dry_run=dry_run) as lane:
            taken = take_in(book, lane, kind, frame, on=on)
    except InputRefused as refused:
        raise InputRefused(refused.findings, _cells(frame, refused.findings) | context) from None
    return Imported(kind, taken.new, taken.already, warnings + taken.warnings)


def _staged_together(
    book: Book, kind: str, files: Sequence[Path], on: date
) -> tuple[pl.DataFrame, tuple[Finding, ...], str, Cells]:
    import polars as pl

    frames: list[pl.DataFrame] = []
    warnings: list[Finding] = []
    digests: list[str] = []
    findings: list[Finding] = []
    context: Cells = {}
    for path in files:
        try:
            one = staged(kind, path, on=on, base=book.currency)
        except InputRefused as refused:
            findings += refused.findings
            context |= refused.context
            continue
        frames.append(one.frame.with_columns(file=pl.lit(str(path))))
        warnings += one.warnings
        digests.append(one.digest)
    if findings:
        raise InputRefused(findings, context)
    frame = pl.concat(frames, how="diagonal")
    repeated = _repeated(kind, frame)
    if repeated:
        raise InputRefused(repeated, _cells(frame, repeated))
    return frame, tuple(warnings), hashlib.sha256("".join(digests).encode()).hexdigest(), context


def _repeated(kind: str, frame: pl.DataFrame) -> list[Finding]:
    """Return a finding for each row whose key stands in an earlier file of the same import."""
    import polars as pl

    from ledgers.staging.columns import KINDS as SPECS

    key = list(SPECS[kind].key)
    folded = [pl.col(name).str.to_lowercase() if frame.schema[name] == pl.String else pl.col(name) for name in key]
    first = frame.with_columns(first_file=pl.col("file").first().over(folded))
    rows = first.filter(pl.col("first_file") != pl.col("file")).select("file", "line", "first_file", *key).rows()
    return [
        Finding(
            "key-repeated", "error", file, line, key[0], " ".join(str(cell) for cell in cells),
            f"{' '.join(str(cell) for cell in cells)} stands in {earlier} too", "keep it in one of the files",
        )
        for file, line, earlier, *cells in rows
    ]  # fmt: skip


def _cells(frame: pl.DataFrame, findings: Sequence[Finding]) -> Cells:
    """Return the cells of the rows that a few findings of each kind stand in, as text."""
    import polars as pl

    shown: Cells = {}
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] > 3 or finding.line is None:
            continue
        row = (
            frame.filter((pl.col("file") == finding.file) & (pl.col("line") == finding.line))
            .head(1)
            .drop("file", "line")
        )
        cells = {name: _text(value) for name, value in row.row(0, named=True).items()}
        shown[(finding.file, finding.line)] = {name: cell for name, cell in cells.items() if cell is not None}
    return shown


def _text(value: object) -> str | None:
    """Return a typed cell as a person would have written it: no idle zeros beyond two places."""
    if isinstance(value, Decimal) and value == value.quantize(Decimal("0.01")):
        return str(value.quantize(Decimal("0.01")))
    return None if value is None else str(value)
