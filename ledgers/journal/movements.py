"""Money after its deposit: one rule splits every movement over contributions, one pattern posts it, one guard holds it.

A kind's own statements say how its rows read as movements and what is refused of it alone. `movements/` has the rest:
`patterns` is the whole of the accounting, `guarded` the balances that may not go below zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledgers.errors import Finding
from ledgers.journal.batch import PACKAGE, Batch
from ledgers.journal.post import post_entries, post_numbered
from ledgers.journal.splitting import split_movements

AT_ONCE = 40_000
"""Entries that are posted at a time: beyond some 500,000 lines, what they take of memory is more than they save."""

ANY_MOVEMENT = ("movements/refused", ("movements/elsewhere", "movements/refused_elsewhere"))


def compare_movements(
    batch: Batch,
    reading: str,
    *,
    prepared: Sequence[str] = (),
    refusing: Sequence[str | tuple[str, str]] = (),
    completing: Sequence[str] = (),
    adding: Sequence[str] = (),
    keeping: Sequence[str] = (),
) -> list[Finding]:
    """Post the staged rows and return what is wrong with them: one by one, then what they overdraw together.

    Unless nothing is refused, the lane must be rolled back.

    Args:
        batch: The rows.
        reading: The statement that reads the staged rows as movements.
        prepared: Statements that find what the kind's own rules look at.
        refusing: Queries with the kind's own findings; of a pair, the second is asked where the first has a row.
        completing: Statements that add movements which follow from those given.
        adding: Statements that add lines beside those of the patterns.
        keeping: Statements that keep what else the rows say of new movements.
    """
    batch.run(reading, "movements/patterns", "movements/guarded")
    refused: list[Finding] = []
    while True:
        batch.run("movements/standing")
        batch.rates("movements/rate_needed")
        batch.run("movements/priced", *prepared)
        found = batch.without_consequences(_refused(batch, (*ANY_MOVEMENT, *refusing)))
        at_fault = sorted({(one.file, one.line) for one in found if one.severity == "error"})
        if not at_fault:
            break
        # Without these rows others may be found wrong, so the rest is compared again, until nothing more is refused.
        refused += [one for one in found if one.severity == "error"]
        if not _leave_out(batch, at_fault):
            # What is said of no row here would be said for ever, and was said once for each time that it was asked.
            return list(dict.fromkeys([*refused, *(one for one in found if one.severity != "error")]))
    batch.run(*completing, "movements/chains")
    split_movements(batch)
    batch.run("movements/split", "movements/ample")
    _post(batch, adding)
    batch.run("movements/insert", *keeping)
    overdrawn = batch.findings("movements/overdrawn") if _is_short(batch) else []
    return refused + found + batch.without_consequences(overdrawn)


def _post(batch: Batch, adding: Sequence[str]) -> None:
    """Post the movements, so many at a time that their lines fit in memory whatever the batch."""
    batch.run("movements/taken_none")
    has_more = bool(adding) or batch.is_any("movements/elsewhere")
    first, last = batch.book.connection.execute("select min(entry_id), max(entry_id) from entry_in").fetchall()[0]
    at_once = last if adding else AT_ONCE
    for low in range(first, last + 1, at_once) if last else ():
        high = low + at_once - 1
        batch.run("movements/parts", low=low, high=high)
        if has_more:
            batch.run("movements/postings", "movements/postings_elsewhere", *adding)
            post_numbered(batch.book, batch.lane, low=low, high=high)
            batch.run("movements/lines_of_postings")
        else:
            # All lines are those of the patterns, so they need no table of their own before they are in the journal.
            batch.run("movements/digests", low=low, high=high)
            post_entries(batch.book, batch.lane)
            batch.run("movements/posted", "movements/lines_of_parts")
        batch.run("movements/taken")


def _refused(batch: Batch, queries: Sequence[str | tuple[str, str]]) -> list[Finding]:
    found: list[Finding] = []
    for query in queries:
        if isinstance(query, str):
            found += batch.findings(query)
        elif batch.is_any(query[0]):
            found += batch.findings(query[1])
    return found


def _is_short(batch: Batch) -> bool:
    """Return whether anything that the batch takes from falls below zero on any day; what it is, is asked only then."""
    looks = batch.book.connection.execute("select distinct looked_at_by from movement_taken").fetchall()
    return any(batch.is_any(f"movements/short_{look}") for (look,) in looks)


def _leave_out(batch: Batch, at_fault: Sequence[tuple[str, int | None]]) -> bool:
    """Leave the rows at fault out; return False when none is a row here, and the same would be found again."""
    before = _row_count(batch)
    batch.run("movements/at_fault")
    batch.book.insert("at_fault", at_fault)
    batch.run("movements/leave_out")
    if batch.frame is not None and batch.left_out is not None:
        from ledgers.journal.consequences import rows_at

        batch.left_out = batch.left_out.also(rows_at(batch.frame, at_fault))
    return _row_count(batch) < before


def _row_count(batch: Batch) -> int:
    return int(batch.book.connection.execute("select count(*) from movement").fetchall()[0][0])


def write_nothing(_: Batch) -> None:
    """Movements are posted when they are compared, since only together they show what they overdraw."""


__all__ = ["PACKAGE", "compare_movements", "write_nothing"]
