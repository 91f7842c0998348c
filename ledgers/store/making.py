"""How a new book is made: migrations, reference lists, the public views, the facility's own contribution."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ledgers.money import currencies, places
from ledgers.objectives import objective_rows
from ledgers.places import country_rows, group_rows, region_rows
from ledgers.store.sql import texts_in

if TYPE_CHECKING:
    from ledgers.store.book import Book

FACILITY_CONTRIBUTION = "FACILITY"
RATE_MAX_AGE_DAYS = "35"
MIGRATIONS = "ledgers.store.migrations"
_BEFORE_THE_LIST = ("001_book", "002_append_only", "003_arithmetic", "004_state", "005_digests")
"""What a book without a list of its migrations has been through."""


def make_book(kind: type[Book], path: Path, *, currency: str, name: str, opened_on: date) -> Book:
    """Return a new book, made under a temporary name and moved into place when it is whole."""
    from ledgers.store.book import BookUnreadable, DiskFull, connected, told

    places(currency)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        connection = connected(draft, read_only=False)
        book = kind(draft, connection, True)
        # One transaction: of the thousand statements that make a book, each would otherwise wait for the disk.
        connection.execute("begin transaction")
        for _, text in texts_in(MIGRATIONS):
            connection.execute(text).fetchall()
        _note_migrations(book, [name for name, _ in texts_in(MIGRATIONS)])
        _fill(book, currency=currency, name=name, opened_on=opened_on)
        _create_views(book)
        connection.execute("commit")
        connection.execute("checkpoint")
        connection.close()
        draft.rename(path)
    except (duckdb.Error, OSError) as cause:
        error = told(cause, path) if isinstance(cause, duckdb.Error) else None
        if not isinstance(cause, OSError | duckdb.IOException) or isinstance(error, DiskFull):
            raise error or cause from cause
        why = cause.strerror if isinstance(cause, OSError) else str(cause).rpartition(": ")[2]
        raise BookUnreadable(
            f"no book can be made at {path}: {why}", remedy="choose a folder that exists and may be written to"
        ) from cause
    finally:
        for leftover in (draft, draft.with_name(draft.name + ".wal")):
            with suppress(NotADirectoryError):
                leftover.unlink(missing_ok=True)
    return kind.open(path, writable=True)


def missing_migrations(book: Book) -> list[tuple[str, str]]:
    """Return (name, text) of the migrations that the book has not been through, in order.

    Raises:
        BookUnreadable: it has been through one that this version does not know.
    """
    from ledgers.store.book import BookUnreadable

    try:
        done = {row[0] for row in book.connection.execute("select migration from ledger.migration").fetchall()}
    except duckdb.CatalogException:  # made before there was such a list
        done = set(_BEFORE_THE_LIST)
    known = texts_in(MIGRATIONS)
    strange = sorted(done - {name for name, _ in known})
    if strange:
        raise BookUnreadable(
            f"{book.path} was brought to {strange[-1]} by a newer version of Facility",
            remedy="use that version, or a later one",
        )
    return [(name, text) for name, text in known if name not in done]


def migrate(book: Book) -> None:
    """Bring a book made by an older version to this one's tables, in one transaction."""
    missing = missing_migrations(book)
    if not missing:
        return
    book.connection.execute("begin transaction")
    try:
        for _, text in missing:
            book.connection.execute(text).fetchall()
        names = {name for name, _ in missing}
        _note_migrations(book, [*(name for name in _BEFORE_THE_LIST if "006_migrations" in names), *sorted(names)])
        book.connection.execute("commit")
    except duckdb.Error:
        book.connection.execute("rollback")
        raise


def _note_migrations(book: Book, names: Sequence[str]) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    book.insert("ledger.migration", [(name, now) for name in names])


def has_current_views(book: Book) -> bool:
    """Return whether the public views in the file are this version's."""
    last = book.connection.execute("select digest from ledger.view_set order by recorded_at desc limit 1").fetchall()
    return last == [(_views_digest(),)]


def _views_digest() -> str:
    texts = texts_in("ledgers.views.report")
    return hashlib.sha256("\n".join(text for _, text in texts).encode()).hexdigest()


def install_views(book: Book) -> None:
    """Create or replace the public views when this version's differ from those in the file."""
    if has_current_views(book):
        return
    book.connection.execute("begin transaction")
    try:
        _create_views(book)
        book.connection.execute("commit")
    except duckdb.Error:
        book.connection.execute("rollback")
        raise


def _create_views(book: Book) -> None:
    digest = _views_digest()
    for _, text in texts_in("ledgers.views.report"):
        book.connection.execute(text).fetchall()
    if not book.connection.execute("select 1 from ledger.view_set where digest = ?", [digest]).fetchall():
        book.insert("ledger.view_set", [(digest, datetime.now(UTC).replace(tzinfo=None))])


def _fill(book: Book, *, currency: str, name: str, opened_on: date) -> None:
    from ledgers.store.book import SCHEMA_VERSION

    now = datetime.now(UTC).replace(tzinfo=None)
    settings = {
        "currency": currency,
        "name": name,
        "rate_max_age": RATE_MAX_AGE_DAYS,
        "version": SCHEMA_VERSION,
        "opened_on": opened_on.isoformat(),
    }
    book.insert("ledger.setting", list(settings.items()))
    book.insert("ledger.currency", [(code, places(code)) for code in currencies()])
    book.insert("ledger.country", country_rows())
    book.insert("ledger.region", region_rows())
    book.insert("ledger.country_group", group_rows())
    book.insert("ledger.objective", objective_rows())
    book.insert("ledger.donor", [("facility", name, "facility", None, 1)])
    book.insert(f"ledger.contribution ({_OWN_COLUMNS})", [_own_contribution(currency, opened_on, now)])
    book.insert("ledger.log", [(1, now, "facility", "init", None, None, 1, 0)])


_OWN_COLUMNS = (
    "contribution_id, version, agreement, donor_id, currency, amount, base_amount, rate_id, signed_on, earmark, "
    "earmark_class, use_by, country_share_max, stage, interest, fee_percent, report_due, note, content_digest, "
    "terms_digest, reason, recorded_at, log_id"
)
"""What is said of the facility's own line; it has no conditions and bears no fees."""


def _own_contribution(currency: str, opened_on: date, now: datetime) -> tuple[object, ...]:
    note = "the facility's own line: interest, exchange differences after deposit, bank charges"
    return (
        *(FACILITY_CONTRIBUTION, 1, None, "facility", currency, 0, 0, None, opened_on, "", "unearmarked", None),
        *(None, "agreement", None, None, None, note, "facility", "facility", None, now, 1),
    )
