"""A contribution's instalments are agreed anew: a file with all of them replaces what stood, as a new version."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from facility.usecases.amend_contribution import known_contribution
from ledgers.errors import Finding, InputRefused
from ledgers.life.schedules import reschedule
from ledgers.staging import examined
from ledgers.store import Book

if TYPE_CHECKING:
    from ledgers.staging.stage import Examined


def reschedule_contribution(
    book: Book, contribution_id: str, file: Path, *, reason: str, on: date, actor: str, dry_run: bool = False
) -> tuple[int, bool, tuple[Finding, ...]]:
    """Replace a contribution's instalments.

    Args:
        book: Open for writing.
        contribution_id: Which contribution.
        file: An instalments file; all its rows are of that contribution.
        reason: Why, for the record.
        on: The day from which they count.
        actor: Who decides.
        dry_run: Do everything but keep it.

    Returns:
        Their version, whether it is new (they may be so already), and what is worth a look in the file.

    Raises:
        ContributionUnknown: there is none of that id.
        InputRefused: with every error of the file, rows of another contribution among them.
        ReschedulingRefused: there is nothing to put in their place, nothing to replace, or a later version.
        InstalmentsExceedContribution: they come to more than the contribution.
        PeriodClosed: the day lies in a closed period.
    """
    known_contribution(book, contribution_id)
    read = examined("instalments", file, on=on, base=book.currency)
    _refuse_faults(read, contribution_id)
    instalments = read.frame.select("due_on", "amount").rows()
    command = f"contribution reschedule {contribution_id}"
    digest = read.table.digest
    with book.lane(actor=actor, command=command, file=str(file), file_digest=digest, dry_run=dry_run) as lane:
        version, is_new = reschedule(book, lane, contribution_id, instalments, on=on, reason=reason)
    return version, is_new, read.findings


def _refuse_faults(read: Examined, contribution_id: str) -> None:
    from ledgers.staging.excerpts import excerpts, sorted_by_place

    rows = read.frame.select("line", "contribution_id").rows()
    others = [
        Finding(
            "instalment-of-another", "error", read.table.file, line, "contribution_id", named,
            f"the row is of {named}, and what is due of {contribution_id} is to be replaced",
            "keep the rows of that contribution alone, each of its instalments a row",
        )
        for line, named in rows
        if named != contribution_id
    ]  # fmt: skip
    if others or read.is_refused:
        findings = sorted_by_place((*read.findings, *others), [read.table])
        raise InputRefused(findings, excerpts(findings, [read.table]))
