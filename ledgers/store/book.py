"""One DuckDB file is one facility's book.

A book is opened either read-only (reports, analysts, `check`) or for writing, by one process at a time. Everything that
writes passes through `Book.lane`: one database transaction that ends in a row of the log, or leaves nothing behind.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ledgers.errors import FacilityError
from ledgers.store.sql import query_text

if TYPE_CHECKING:
    import polars as pl

Row = tuple[Any, ...]
SCHEMA_VERSION = "1"
ROWS_AT_ONCE = 20_000
"""Of a query that is read as a stream."""


class BookMissing(FacilityError):
    """No book at the path given."""

    code = "book-missing"


class BookExists(FacilityError):
    """A file stands where a new book should be made."""

    code = "book-exists"


class BookBusy(FacilityError):
    """Another process is writing to the book, and did not finish while we waited."""

    code = "book-busy"


class BookUnreadable(FacilityError):
    """The file is not a book, or is damaged, or comes from another version."""

    code = "book-unreadable"


class DiskFull(FacilityError):
    """The disk took no more; the transaction was rolled back."""

    code = "disk-full"


class MemoryShort(FacilityError):
    """The database needed more memory than it may take; the transaction was rolled back."""

    code = "memory-short"


@dataclass(slots=True)
class Lane:
    """One writing transaction.

    Attributes:
        log_id: The log row that every row written here points to.
        recorded_at: When, UTC.
        actor: Who.
        command: What was asked for.
        file: File names read, or None.
        file_digest: SHA-256 of the bytes of each, in the same order, or None.
        new_count: Rows written, set by the writer.
        already_count: Rows that were already there.
        dry_run: When True nothing is kept.
    """

    log_id: int
    recorded_at: datetime
    actor: str
    command: str
    file: str | None = None
    file_digest: str | None = None
    new_count: int = 0
    already_count: int = 0
    dry_run: bool = False


@dataclass(slots=True)
class Book:
    """An open book.

    Attributes:
        path: The DuckDB file.
        connection: Its connection; only `ledgers` uses it.
        is_writable: False for reports and analysts.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    is_writable: bool
    _settings: dict[str, str] = field(default_factory=dict)
    _currencies: dict[str, int] = field(default_factory=dict)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Book:
        """Return the open book."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def setting(self, name: str) -> str:
        """Return a setting of the book: `currency`, `name`, `rate_max_age`, `version`.

        Raises:
            BookUnreadable: the book has no such setting.
        """
        if not self._settings:
            self._settings = dict(self.connection.execute("select name, value from ledger.setting").fetchall())
        if name not in self._settings:
            raise BookUnreadable(f"{self.path} has no setting {name}", remedy="make a new book with `facility init`")
        return self._settings[name]

    @property
    def currency(self) -> str:
        """Return the book's currency, ISO 4217."""
        return self.setting("currency")

    @property
    def currencies(self) -> Mapping[str, int]:
        """Return the currencies that the book knows, ISO 4217, with the decimal places of each."""
        if not self._currencies:
            self._currencies = dict(self.connection.execute("select currency, places from ledger.currency").fetchall())
        return self._currencies

    def rows(self, package: str, name: str, **parameters: object) -> list[Row]:
        """Return the rows of a stored query; its parameters are bound, never pasted."""
        return self.connection.execute(
            query_text(package, name), _used(query_text(package, name), parameters)
        ).fetchall()

    def records(self, package: str, name: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a stored query, each as a mapping from column to value."""
        text = query_text(package, name)
        cursor = self.connection.execute(text, _used(text, parameters))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def arrays(self, package: str, name: str, **parameters: object) -> dict[str, Any]:
        """Return the columns of a stored query as numpy arrays; none of them may have a null."""
        text = query_text(package, name)
        return self.connection.execute(text, _used(text, parameters)).fetchnumpy()

    def stream(self, package: str, name: str, **parameters: object) -> Iterator[list[Row]]:
        """Yield the rows of a stored query in batches; until the last, nothing else may be asked of the book."""
        text = query_text(package, name)
        cursor = self.connection.execute(text, _used(text, parameters))
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows

    def run(self, package: str, name: str, **parameters: object) -> None:
        """Run a stored statement, or several that end in semicolons, in order."""
        text = query_text(package, name)
        if ";" not in text:
            self.connection.execute(text, _used(text, parameters)).fetchall()
            return
        for statement in self.connection.extract_statements(text):
            named = {parameter: parameters[parameter] for parameter in statement.named_parameters}
            self.connection.execute(statement, named).fetchall()

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows with bound values, in one statement a thousand; `table` is a name from our own code."""
        for start in range(0, len(rows), 1000):
            some = rows[start : start + 1000]
            marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(some))
            flat = [cell for row in some for cell in row]
            self.connection.execute(f"insert into {table} values {marks}", flat)  # noqa: S608 (table is ours)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make a frame readable as a temporary view."""
        self.connection.register(name, frame)

    @contextmanager
    def within(self, megabytes: int) -> Iterator[None]:
        """Let the database take so much memory; what is more goes to files beside the book."""
        self.connection.execute(f"set memory_limit = '{megabytes}MB'")
        try:
            yield
        finally:
            self.connection.execute("reset memory_limit")

    @contextmanager
    def lane(
        self,
        *,
        actor: str,
        command: str,
        file: str | None = None,
        file_digest: str | None = None,
        dry_run: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> Iterator[Lane]:
        """Open the one writing transaction; commit and log it at the end, or leave the book as it was.

        Raises:
            DiskFull: the disk took no more.
        """
        recorded_at = (clock() if clock else datetime.now(UTC)).replace(tzinfo=None)
        self.connection.execute("begin transaction")
        try:
            last = self.connection.execute("select coalesce(max(log_id), 0) from ledger.log").fetchall()
            lane = Lane(last[0][0] + 1, recorded_at, actor, command, file, file_digest, dry_run=dry_run)
            yield lane
            if dry_run or not lane.new_count:
                self.connection.execute("rollback")
                return
            self.insert("ledger.log", [_log_row(lane)])
            self.connection.execute("commit")
        except BaseException as cause:
            _roll_back(self.connection)
            if isinstance(cause, duckdb.Error):
                raise told(cause, self.path) from cause
            raise

    @classmethod
    def create(cls, path: Path, *, currency: str, name: str, opened_on: date) -> Book:
        """Make a new book and return it, open for writing.

        Raises:
            BookExists: a file already stands at `path`, or the write-ahead log of another book beside it.
            BookUnreadable: no file can be made there.
            CurrencyUnknown: `currency` is not in ISO 4217.
        """
        from ledgers.store.making import make_book

        log = path.with_name(f"{path.name}.wal")
        if not _stands(path) and _stands(log):
            raise BookExists(
                f"{log} is left over from another book",
                remedy="move that file away too, or choose another name with --book",
            )
        if _stands(path):
            raise BookExists(f"{path} already exists", remedy="choose another name with --book, or move the file away")
        return make_book(cls, path, currency=currency, name=name, opened_on=opened_on)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        writable: bool,
        wait_seconds: float = 10.0,
        waiting: Callable[[], None] | None = None,
        threads: int | None = None,
    ) -> Book:
        """Open a book, waiting for another writer.

        Args:
            path: The DuckDB file.
            writable: True for the one writer; False for readers, who get no access to other files either.
            wait_seconds: How long to wait for another process.
            waiting: Called once when the wait begins.
            threads: On how many threads the database may work; all cores by default.

        Raises:
            BookMissing: no file there.
            BookBusy: still locked after `wait_seconds`.
            BookUnreadable: not a book, damaged, or made by another version.
        """
        if not _stands(path):
            raise BookMissing(
                f"there is no book at {path}", remedy="make one with `facility init`, or name another with --book FILE"
            )
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                book = cls(path, connected(path, read_only=not writable, threads=threads), writable)
                break
            except duckdb.Error as cause:
                error = told(cause, path)
                if not isinstance(error, BookBusy) or time.monotonic() > deadline:
                    raise error from cause
                if waiting:
                    waiting()
                    waiting = None
                time.sleep(0.1)
        _refuse_strangers(book)
        return _brought_up_to_date(book, wait_seconds)


def _brought_up_to_date(book: Book, wait_seconds: float) -> Book:
    """Return the book with this version's tables and public views; an older file is mended before it is read."""
    from ledgers.store.making import has_current_views, install_views, migrate, missing_migrations

    try:
        if book.is_writable:
            migrate(book)
            install_views(book)
            return book
        if not missing_migrations(book) and has_current_views(book):
            return book
    except BaseException:
        book.close()
        raise
    book.close()
    if not os.access(book.path, os.W_OK):
        raise BookUnreadable(
            f"the tables or public views in {book.path} are of another version, and the file may not be written to",
            remedy="let somebody who may write to it run `facility check` once, or work on a copy",
        )
    Book.open(book.path, writable=True, wait_seconds=wait_seconds).close()
    return Book(book.path, connected(book.path, read_only=True), False)


def _stands(path: Path) -> bool:
    """Return whether there is a file, or refuse a path that cannot even be looked at."""
    try:
        return path.exists()
    except OSError as cause:
        raise BookUnreadable(
            f"{path} cannot be looked at: {cause.strerror}", remedy="name a file in a folder that you may read"
        ) from cause


def connected(path: Path, *, read_only: bool, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads no other file and loads nothing from a network."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(str(path), read_only=read_only, config=config)
    # Where Python runs no file, as in a notebook, a long query would draw a bar on stdout, and stdout is data.
    connection.execute("set enable_progress_bar = false").fetchall()
    # DuckDB 2.0.1 gives no rows, where there are some, for filters above left joins of empty tables: by this optimizer.
    connection.execute("set disabled_optimizers = 'statistics_propagation'").fetchall()
    return connection


def told(cause: duckdb.Error, path: Path) -> FacilityError | duckdb.Error:
    """Return what a database error means to the user, or the error itself when it is a fault of ours."""
    text = str(cause)
    if "Could not set lock" in text or "Conflicting lock" in text or "already open" in text:
        return BookBusy(
            f"{path} is in use by another process", remedy="wait until it has finished, then run the command again"
        )
    full = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    if any(os.strerror(number) in text for number in full):
        return DiskFull(
            f"the disk took no more while {path} was written; the book is as it was before",
            remedy="free some space and run the command again",
        )
    if isinstance(cause, duckdb.OutOfMemoryException):
        return MemoryShort(
            f"what was asked of {path} needs more memory than there is; the book is as it was before",
            remedy="import fewer rows at a time, or free some memory and run the command again",
        )
    if isinstance(cause, duckdb.IOException | duckdb.SerializationException) or "not a valid DuckDB" in text:
        first = text.splitlines()[0]
        return BookUnreadable(
            f"{path} cannot be read as a book: {first}", remedy="check the path, or restore the file from a copy"
        )
    return cause


def _refuse_strangers(book: Book) -> None:
    try:
        version = book.setting("version")
    except (duckdb.CatalogException, duckdb.BinderException, BookUnreadable) as cause:
        book.close()
        raise BookUnreadable(
            f"{book.path} is a database, but not a facility's book", remedy="name the book with --book FILE"
        ) from cause
    if version != SCHEMA_VERSION:
        book.close()
        raise BookUnreadable(
            f"{book.path} has schema {version}; this version of Facility reads {SCHEMA_VERSION}",
            remedy="use the version of Facility that made the book",
        )


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute("rollback")
    except duckdb.Error:  # no transaction is open any more: DuckDB has rolled it back itself
        return


def _log_row(lane: Lane) -> Row:
    return (
        lane.log_id,
        lane.recorded_at,
        lane.actor,
        lane.command,
        lane.file,
        lane.file_digest,
        lane.new_count,
        lane.already_count,
    )


def _used(text: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that a query names; DuckDB refuses the others."""
    named = set(re.findall(r"\$([a-z_]+)", "\n".join(line.partition("--")[0] for line in text.splitlines())))
    return {name: value for name, value in parameters.items() if name in named}
