"""Errors that own their message: the fact with its numbers, and the way out.

Every error that a user may meet is a `FacilityError` with a stable `code`, one sentence of fact and a remedy. Bad input
files raise `InputRefused`, which carries every bad cell at once as `Finding` rows.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal


class ExitCode(enum.IntEnum):
    """What a command's exit says to the shell."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    FINDINGS = 3


class FacilityError(Exception):
    """A rule broken or an input refused, told with its numbers and a remedy.

    Attributes:
        code: Stable name of the cause, for scripts and for the guide.
        message: One sentence of fact.
        remedy: What the reader can do about it.
    """

    code: ClassVar[str] = "facility-error"
    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes it again in another process, whatever a subclass is made with."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[FacilityError], arguments: tuple[object, ...], state: dict[str, object]) -> FacilityError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, or worth a look, at one place of an input file.

    Attributes:
        code: Stable name of the kind of error, by which findings are grouped.
        severity: `error` refuses the file; `warning` does not.
        file: The file as the user named it.
        line: Line in the text file, or row in the sheet (the header is line 1); None when the file as a whole is meant.
        column: Header of the column; None when the row or file as a whole is meant.
        value: The cell as given.
        reason: What is wrong, one sentence without the place.
        remedy: What to write instead.
    """

    code: str
    severity: Literal["error", "warning"]
    file: str
    line: int | None
    column: str | None
    value: str | None
    reason: str
    remedy: str


class InputRefused(FacilityError):
    """An input file with at least one error; nothing of it was written.

    Attributes:
        findings: Every error and warning, sorted by file, line and column.
        context: For some (file, line): the row's cells by header, so that a report can show the error where it stands.
    """

    code = "input-refused"

    def __init__(
        self,
        findings: Sequence[Finding],
        context: dict[tuple[str, int], dict[str, str | None]] | None = None,
    ) -> None:
        errors = sum(1 for finding in findings if finding.severity == "error")
        files = sorted({finding.file for finding in findings})
        super().__init__(
            f"{errors} error{'s' if errors != 1 else ''} in {', '.join(files)}; nothing was written",
            remedy="correct the cells listed and import the file again",
        )
        self.findings = tuple(findings)
        self.context = context or {}


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """Return the choice that `word` was probably meant to be, or None when nothing is near."""
    import difflib

    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, choices: Sequence[str], *, shown_max: int = 12) -> str:
    """Return a remedy for an unknown word: the nearest valid one, or the valid ones when they are few."""
    near = nearest(word, choices)
    if near is not None:
        return f"did you mean {near}?"
    if len(choices) <= shown_max:
        return f"use one of: {', '.join(choices)}"
    return f"use one of {len(choices)} known values, such as {', '.join(choices[:5])}"
