"""Findings as a person reads them: grouped by kind of error, the first of each where they stand, every line listed.

Source: the layout follows the quality checker of 360Giving (errors apart from warnings, counts, cells in context).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from ledgers.errors import Finding

Context = Mapping[tuple[str, int], Mapping[str, str | None]]

SHOWN = 3
"""Findings of each kind shown in full."""

_CELL_WIDTH = 28
_CELLS_SHOWN = 4


def findings_rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as rows for JSON or CSV, one a finding, in their order."""
    return [asdict(found) for found in findings]


def findings_text(findings: Sequence[Finding], context: Context | None = None) -> str:
    """Return findings as text: errors, then warnings, each grouped by kind of error.

    Args:
        findings: In the order to be shown.
        context: For some (file, line): the row's cells by header.
    """
    blocks = []
    for severity in ("error", "warning"):
        found = [one for one in findings if one.severity == severity]
        if found:
            blocks.append(f"{_counted(len(found), severity)}{_in_files(found)}")
            blocks += [
                _group(code, [one for one in found if one.code == code], context or {}) for code in _codes(found)
            ]
    return "\n\n".join(blocks)


def compact_lines(lines: Sequence[int]) -> str:
    """Return every line number, runs shortened.

    >>> compact_lines([9, 3, 4, 5, 12])
    '3–5, 9, 12'
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def shown(text: str) -> str:
    """Return a text safe to print on one line: what a terminal would obey is written as an escape."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def _in_files(findings: Sequence[Finding]) -> str:
    return f" in {', '.join(shown(file) for file in sorted({found.file for found in findings}))}"


def _codes(findings: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(found.code for found in findings))


def _group(code: str, findings: Sequence[Finding], context: Context) -> str:
    parts = [f"{code}: {len(findings):,}"]
    parts += [_one(found, context) for found in findings[:SHOWN]]
    rest = findings[SHOWN:]
    parts += [f"  and {len(rest):,} more at {_places(rest)}"] if rest else []
    return "\n".join(parts)


def _places(findings: Sequence[Finding]) -> str:
    """Return every place of the findings, by file and column."""
    by_place = sorted(findings, key=lambda found: (found.file, found.column or ""))
    several = len({found.file for found in findings}) > 1
    places = []
    for (file, column), group in groupby(by_place, key=lambda found: (found.file, found.column or "")):
        lines = [found.line for found in group if found.line is not None]
        where = f"line{'s' if len(lines) != 1 else ''} {compact_lines(lines)}" if lines else "the file as a whole"
        places.append(f"{f'{shown(file)}: ' if several else ''}{f'{shown(column)}, ' if column else ''}{where}")
    return "; ".join(places)


def _one(found: Finding, context: Context) -> str:
    where = [shown(found.file)]
    where += [f"line {found.line}"] if found.line is not None else []
    where += [f"column {shown(found.column)}"] if found.column else []
    lines = [f"  {', '.join(where)}: {shown(found.reason)}", f"    → {shown(found.remedy)}"]
    cells = context.get((found.file, found.line)) if found.line is not None else None
    if cells:
        lines += _excerpt(found, cells)
    elif found.value is not None:
        lines.append(f"      {_cut(found.value, 100)}")
    return "\n".join(lines)


def _excerpt(found: Finding, cells: Mapping[str, str | None]) -> list[str]:
    """Return headers, cells and a marker under the cell meant, with its neighbours and the first column."""
    names = list(cells)
    at = names.index(found.column) if found.column is not None and found.column in cells else None
    first = max(1, (at or 0) - 1)
    picked = list(dict.fromkeys([*names[:1], *names[first : first + _CELLS_SHOWN - 1]]))
    heads = ["line", *(_cut(name, _CELL_WIDTH) for name in picked)]
    row = [str(found.line), *(_cut(cells[name] or "", _CELL_WIDTH) for name in picked)]
    widths = [max(len(head), len(cell)) for head, cell in zip(heads, row, strict=True)]
    excerpt = [
        "      " + " | ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()
        for texts in (heads, row)
    ]
    if at is not None:
        place = picked.index(names[at]) + 1
        excerpt.append("      " + " " * sum(width + 3 for width in widths[:place]) + "^" * max(1, len(row[place])))
    return excerpt


def _cut(text: str, width: int) -> str:
    line = shown(text)
    return line if len(line) <= width else f"{line[: width - 1]}…"
