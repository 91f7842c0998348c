"""The log: every command that wrote to the book, by whom, when and from which file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledgers.errors import did_you_mean
from ledgers.store import Book
from reports.scope import PACKAGE, SubjectUnknown
from reports.table import Column, Table
from reports.wording import counted, day

_COLUMNS = (
    Column("log_id", "No.", "count"),
    Column("recorded_at", "When, UTC", "date"),
    Column("actor", "Who", is_whole=True),
    Column("command", "Command", is_whole=True),
    Column("new", "New", "count"),
    Column("already", "Already there", "count"),
    Column("file", "File", is_whole=True),
    Column("file_digest", "Its SHA-256", "digest", is_whole=True),
)
_NOTE = "A command that changed nothing leaves no row. CSV and JSON carry each SHA-256 whole, as sha256sum prints it."


def log_table(book: Book, *, last: int | None = None, since: date | None = None, by: str | None = None) -> Table:
    """Return the log, the newest row last.

    Args:
        book: The open book.
        last: How many of the newest rows to show; all when None.
        since: First day that counts, UTC.
        by: Only what this person wrote, whatever the case of the name.

    Raises:
        SubjectUnknown: nobody of that name has written to the book.
    """
    actors = None if by is None else _writers(book, by)
    rows = book.records(PACKAGE, "log", last=last, since=since, actors=actors)
    names = ("log_id", "recorded_at", "actor", "command", "new_count", "already_count", "file", "file_digest")
    cells = tuple(tuple(row[name] for name in names) for row in rows)
    return Table("log", _title(len(rows), rows[0]["found"] if rows else 0, since, actors), _COLUMNS, cells, note=_NOTE)


def _writers(book: Book, by: str) -> list[str]:
    """Return the names of the log that mean a person: those that differ from the one given in case alone."""
    known = [row["actor"] for row in book.records(PACKAGE, "log_actors")]
    meant = [name for name in known if name.casefold() == by.casefold()]
    if not meant:
        raise SubjectUnknown(f"nobody called {by} has written to the book", remedy=did_you_mean(by, known))
    return meant


def _title(shown: int, found: int, since: date | None, actors: Sequence[str] | None) -> str:
    what = counted(shown, "write") if shown == found else f"the last {shown} of {counted(found, 'write')}"
    who = f" by {' or '.join(actors)}" if actors else ""
    when = f" since {day(since)}" if since else ""
    return f"Log: {what}{who}{when}"
