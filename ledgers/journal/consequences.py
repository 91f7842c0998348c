"""What is told of rows while others of the same files are left out: nothing that may only follow from those others.

A request may continue one whose own row is wrong; a movement may spend what a wrong row would have brought. Such a
finding would send its reader to a row that is right, so it waits until the wrong row is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from ledgers.errors import Finding


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not compared with the book, since they are wrong in themselves.

    Attributes:
        rows: As `ledgers.staging` types them; a refused cell is null, and stands for anything.
        has_unread: Whether there were rows besides that could not be read at all.
    """

    rows: pl.DataFrame
    has_unread: bool = False

    def also(self, rows: pl.DataFrame) -> LeftOut:
        """Return these rows and others."""
        return replace(self, rows=pl.concat([self.rows, rows], how="diagonal") if self.rows.width else rows)


_TOGETHER = frozenset(
    {
        "committed-exceeded",
        "advance-exceeded",
        "money-later",
        "cash-exceeded",
        "allocated-exceeded",
        "available-exceeded",
    }
)

NOTHING_LEFT_OUT = LeftOut(pl.DataFrame())


def rows_at(frame: pl.DataFrame, places: Sequence[tuple[str, int | None]]) -> pl.DataFrame:
    """Return the rows of a frame that stand at these places, each a file and a line."""
    schema = {"file": pl.String, "line": pl.Int64}
    return frame.join(pl.DataFrame(places, schema=schema, orient="row"), on=list(schema), how="semi")


def without_consequences(findings: Sequence[Finding], kind: str, left_out: LeftOut) -> list[Finding]:
    """Return the findings that stand whatever the rows left out were meant to say."""
    if not left_out.rows.height and not left_out.has_unread:
        return list(findings)
    follows = {"requests": _is_continued_there, "request_years": _may_add, "entries": _may_bring}.get(
        kind, _may_be_theirs
    )
    answers: dict[tuple[str, str | None, str | None], bool] = {}
    for found in findings:
        key = (found.code, found.column, found.value)
        if key not in answers:
            answers[key] = follows(found, left_out)
    return [found for found in findings if not answers[found.code, found.column, found.value]]


def _may_be_theirs(found: Finding, _: LeftOut) -> bool:
    """Return that any finding of what rows do together may follow from a row left out."""
    return found.code in _TOGETHER


def _is_continued_there(found: Finding, left_out: LeftOut) -> bool:
    if (found.code, found.column) != ("request-unknown", "continues"):
        return False
    return left_out.has_unread or _has_row(left_out, _may_be("request_id", found.value))


def _may_add(found: Finding, left_out: LeftOut) -> bool:
    """Return whether years left out may make up the ask that the others do not add up to."""
    if found.code != "years-not-the-ask":
        return False
    return left_out.has_unread or _has_row(left_out, _may_be("request_id", found.value))


def _may_bring(found: Finding, left_out: LeftOut) -> bool:
    """Return whether a movement left out may bring what a finding misses."""
    may_be = _bringers(found)
    return may_be is not None and (left_out.has_unread or _has_row(left_out, may_be))


def _bringers(found: Finding) -> pl.Expr | None:
    """Return which movements bring what a finding misses; None where no movement can."""
    kind = pl.col("kind")
    if found.code in {"nothing-allocated", "allocated-exceeded"} and found.column == "purpose":
        is_unclear = (kind == "administration") & pl.col("purpose").is_null()
        return is_unclear | (_may_be("kind", "administration") & (pl.col("purpose") == found.value))
    if found.code == "available-exceeded":
        # Interest that names no contribution goes to the facility's own line, a cancellation to those that paid.
        is_interest = (kind == "interest") & (pl.col("contribution_id").fill_null("FACILITY") == found.value)
        is_freed = _may_be("kind", "cancellation") & _may_be("contribution_id", found.value)
        return is_interest | is_freed
    return _may_be("kind", "interest") if found.code == "cash-exceeded" else None


def _may_be(column: str, value: str | None) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column) == value)


def _has_row(left_out: LeftOut, condition: pl.Expr) -> bool:
    return bool(left_out.rows.height) and left_out.rows.filter(condition).height > 0
