"""Files go into the book: all their rows, or none and a list of everything wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.errors import Finding, InputRefused
from ledgers.staging import examined
from ledgers.store import Book

if TYPE_CHECKING:
    import polars as pl

    from ledgers.journal import LeftOut
    from ledgers.staging.stage import Examined
    from ledgers.staging.tables import RawTable

KINDS = (
    "contributions", "instalments", "fee_schedules", "deposits", "contribution_conditions", "promissory_notes",
    "applications", "bounces", "write_offs", "returns", "donor_refunds", "requests", "request_years", "scores",
    "recusals", "rates", "banks", "exchanges", "clearances", "commitments", "tranches", "conditions_met",
    "disbursements", "expenditures", "refunds", "releases", "disallowances", "recoveries", "results", "reversals",
    "opening", "opening_totals", "entries",
)  # fmt: skip


MEGABYTES = 900
"""Memory of the database while files come in: with it, 10,000,000 postings take a process of under 1.5 GiB."""


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
        InputRefused: with every error of every file: of its own cells and rows, and of its good rows against the book.
    """
    from ledgers.journal import compare
    from ledgers.staging.excerpts import as_given

    files = list(dict.fromkeys(files))
    looked = _looked_at(book, kind, files, on)
    if looked.clean is None or (looked.is_refused and not looked.clean.height):
        raise looked.refusal()
    names = ", ".join(str(path) for path in files)
    with (
        book.within(MEGABYTES),
        book.lane(
            actor=actor, command=f"import {kind}", file=names, file_digest=looked.digest, dry_run=dry_run
        ) as lane,
    ):
        compared = compare(book, lane, kind, looked.clean, on=on, left_out=looked.left_out)
        looked = replace(looked, findings=(*looked.findings, *as_given(compared.findings, looked.tables)))
        if looked.is_refused:
            raise looked.refusal()
        compared.write()
    return Imported(kind, compared.new, compared.already, looked.findings)


@dataclass(frozen=True, slots=True)
class _Looked:
    """All the files of an import as far as they can be judged without the book, and what is found of them.

    Attributes:
        clean: The rows without an error of their own, with their `file`; None when no file can be read.
        left_out: The other rows.
        findings: Everything wrong, and every remark.
        tables: The cells as the files have them.
    """

    clean: pl.DataFrame | None
    left_out: LeftOut
    findings: tuple[Finding, ...]
    tables: tuple[RawTable, ...]

    @property
    def is_refused(self) -> bool:
        return any(found.severity == "error" for found in self.findings)

    @property
    def digest(self) -> str:
        """Return each file's SHA-256, in the order of their names, so that anybody can compare it with the file."""
        return ", ".join(table.digest for table in self.tables)

    def refusal(self) -> InputRefused:
        """Return the one list of everything found."""
        from ledgers.staging.excerpts import excerpts, sorted_by_place

        findings = sorted_by_place(self.findings, self.tables)
        return InputRefused(findings, excerpts(findings, self.tables))


def _looked_at(book: Book, kind: str, files: Sequence[Path], on: date) -> _Looked:
    import polars as pl

    from ledgers.journal.consequences import LeftOut

    read: list[Examined] = []
    findings: list[Finding] = []
    for path in files:
        try:
            read.append(examined(kind, path, on=on, base=book.currency))
        except InputRefused as refused:
            findings += refused.findings
    findings += [found for one in read for found in one.findings]
    tables = tuple(one.table for one in read)
    if not read:
        return _Looked(None, LeftOut(pl.DataFrame()), tuple(findings), tables)
    rows = pl.concat([_marked(one) for one in read], how="diagonal")
    repeated = _repeated(kind, rows)
    known = {(found.file, found.line) for found in findings if found.code == "key-repeated"}
    findings += [found for found in repeated if (found.file, found.line) not in known]
    place = {"file": pl.String, "line": pl.Int64}
    again = pl.DataFrame([(found.file, found.line) for found in repeated], schema=place, orient="row")
    rows = rows.join(again.with_columns(is_again=True), on=list(place), how="left", maintain_order="left")
    is_clean = pl.col("is_clean") & pl.col("is_again").is_null()
    clean, others = (rows.filter(which).drop("is_clean", "is_again") for which in (is_clean, ~is_clean))
    has_unread = len(read) < len(files) or any(one.has_unread for one in read)
    return _Looked(clean, LeftOut(others, has_unread), tuple(findings), tables)


def _marked(one: Examined) -> pl.DataFrame:
    """Return all typed rows of a file with the file's name, and whether each is clean."""
    import polars as pl

    both = [one.frame.with_columns(is_clean=pl.lit(True)), one.left_out.with_columns(is_clean=pl.lit(False))]
    return pl.concat(both).with_columns(file=pl.lit(one.table.file))


def _repeated(kind: str, rows: pl.DataFrame) -> list[Finding]:
    """Return a finding for each row whose key stands in an earlier file of the same import."""
    import polars as pl

    from ledgers.staging.kinds import KINDS as SPECS

    key = list(SPECS[kind].key)
    folded = [pl.col(name).str.to_lowercase() if rows.schema[name] == pl.String else pl.col(name) for name in key]
    first = rows.drop_nulls(key).with_columns(first_file=pl.col("file").first().over(folded))
    again = first.filter(pl.col("first_file") != pl.col("file")).select("file", "line", "first_file", *key).rows()
    return [
        Finding(
            "key-repeated", "error", file, line, key[0], " ".join(str(cell) for cell in cells),
            f"{' '.join(str(cell) for cell in cells)} stands in {earlier} too", "keep it in one of the files",
        )
        for file, line, earlier, *cells in again
    ]  # fmt: skip
