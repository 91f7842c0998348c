"""Findings: what is wrong in a file, where, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ledgers.errors import Finding, InputRefused

if TYPE_CHECKING:
    import polars as pl

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one value is refused, apart from where it stands.

    Attributes:
        code: Stable name of the kind of error.
        reason: What is wrong, one sentence without the place.
        remedy: What to write instead.
    """

    code: str
    reason: str
    remedy: str


def finding(
    fault: Fault,
    file: str,
    *,
    line: int | None = None,
    column: str | None = None,
    value: str | None = None,
    severity: Severity = "error",
) -> Finding:
    """Return a fault put in its place."""
    return Finding(fault.code, severity, file, line, column, value, fault.reason, fault.remedy)


def findings_where(
    fault: Fault, file: str, *, lines: pl.Series, cells: pl.Series, where: pl.Series, severity: Severity = "error"
) -> list[Finding]:
    """Return the same fault for every cell of a column where a condition holds."""
    is_hit = where.fill_null(value=False)
    return [
        finding(fault, file, line=line, column=cells.name, value=value, severity=severity)
        for line, value in zip(lines.filter(is_hit), cells.filter(is_hit), strict=True)
    ]


def findings_from(rows: Iterable[Mapping[str, Any]], *, file: str, severity: Severity = "error") -> list[Finding]:
    """Return findings from the rows of a query, such as a check of a staged file against the book.

    Args:
        rows: Mappings with `code`, `line`, `reason`, `remedy`, and where they apply `column`, `value` and `severity`.
        file: The file as the user named it.
        severity: For rows that do not say theirs.
    """
    return [
        Finding(
            code=row["code"],
            severity=row.get("severity") or severity,
            file=file,
            line=row.get("line"),
            column=row.get("column"),
            value=None if row.get("value") is None else str(row["value"]),
            reason=row["reason"],
            remedy=row["remedy"],
        )
        for row in rows
    ]


def refused(fault: Fault, file: str, *, line: int | None = None, value: str | None = None) -> InputRefused:
    """Return the refusal of a file that cannot be read at all."""
    return InputRefused([finding(fault, file, line=line, value=value)])


def in_order(findings: Iterable[Finding], columns: Sequence[str]) -> list[Finding]:
    """Return findings sorted by file, line and position of the column; those of the file as a whole come first."""
    position = {name: place for place, name in enumerate(columns)}
    return sorted(
        findings,
        key=lambda found: (
            found.file,
            found.line or 0,
            position.get(found.column or "", -1 if found.column is None else len(position)),
            found.code,
            found.value or "",
        ),
    )
