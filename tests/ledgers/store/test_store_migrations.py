"""A book made by an older version is brought to this one's tables when it is opened, and loses nothing by it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from unittest import mock

import duckdb
import pytest

from ledgers.errors import FacilityError
from ledgers.store import Book, making
from ledgers.store.sql import texts_in

FIRST = 5
"""How many migrations there were before a book kept a list of them."""


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return the file of a book as the version without a list of migrations made it."""
    path = tmp_path / "older.duckdb"

    def first_only(package: str) -> list[tuple[str, str]]:
        found = texts_in(package)
        return found[:FIRST] if package == making.MIGRATIONS else []

    with (
        mock.patch.object(making, "texts_in", first_only),
        mock.patch.object(making, "_note_migrations"),
        mock.patch.object(making, "missing_migrations", return_value=[]),
    ):
        Book.create(path, currency="USD", name="Old", opened_on=date(2024, 1, 1)).close()
    return path


def _shape(book: Book) -> list[tuple[object, ...]]:
    """Return every table, view, macro and trigger of the book's own schema."""
    rows = book.connection.execute(
        "select 'table', table_name, sql from duckdb_tables() where schema_name = 'ledger' and not temporary union all "
        "select 'view', view_name, sql from duckdb_views() where schema_name in ('ledger', 'report') union all "
        "select 'trigger', trigger_name, sql from duckdb_triggers() where schema_name = 'ledger' union all "
        "select 'macro', function_name, macro_definition from duckdb_functions() where schema_name = 'ledger' "
        "order by all"
    )
    return rows.fetchall()


@pytest.mark.parametrize("writable", [True, False])
def test_an_older_book_becomes_what_a_new_one_is(
    older: Path, new_book_file: Path, tmp_path: Path, writable: bool
) -> None:
    with duckdb.connect(str(older), read_only=True) as before:
        assert not before.execute("select 1 from duckdb_tables() where table_name = 'migration'").fetchall()
    fresh = tmp_path / "fresh.duckdb"
    shutil.copy(new_book_file, fresh)
    with Book.open(older, writable=writable) as book, Book.open(fresh, writable=False) as new:
        assert _shape(book) == _shape(new)
        done = book.connection.execute("select migration from ledger.migration order by 1").fetchall()
        assert [name for (name,) in done] == [name for name, _ in texts_in(making.MIGRATIONS)]
        assert making.missing_migrations(book) == []
        assert book.is_writable == writable


def test_a_migration_that_fails_leaves_the_book_as_it_was(older: Path) -> None:
    broken = {**dict(texts_in(making.MIGRATIONS)), "999_broken": "create table ledger.log (a integer)"}
    with (
        mock.patch.object(making, "names_in", return_value=list(broken)),
        mock.patch.object(making, "query_text", lambda _, name: broken[name]),
        pytest.raises(duckdb.Error, match="already exists"),
    ):
        Book.open(older, writable=True)
    with duckdb.connect(str(older), read_only=True) as after:
        assert not after.execute("select 1 from duckdb_tables() where table_name = 'migration'").fetchall()
    Book.open(older, writable=True).close()


def test_a_book_of_a_newer_version_is_refused(new_book_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "newer.duckdb"
    shutil.copy(new_book_file, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into ledger.migration values ('900_later', current_timestamp::timestamp)")
    for writable in (True, False):
        with pytest.raises(FacilityError) as refused:
            Book.open(path, writable=writable)
        assert (refused.value.code, refused.value.message, refused.value.remedy) == (
            "book-unreadable",
            f"{path} was brought to 900_later by a newer version of Facility",
            "use that version, or a later one",
        )
