"""A new book for every test, as a copy of one that is made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ledgers.store import Book


@pytest.fixture(scope="session")
def new_book_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a new book in dollars; copy it, never open it."""
    path = tmp_path_factory.mktemp("book") / "new.duckdb"
    Book.create(path, currency="USD", name="Test", opened_on=date(2024, 1, 1)).close()
    return path


@pytest.fixture
def fresh_book(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Book]]:
    """Return a maker of new books, open for writing, each in a folder of its own."""
    made: list[Book] = []

    def make() -> Book:
        path = tmp_path_factory.mktemp("fresh") / "book.duckdb"
        shutil.copy(new_book_file, path)
        made.append(Book.open(path, writable=True))
        return made[-1]

    yield make
    for book in made:
        book.close()


@pytest.fixture
def book(fresh_book: Callable[[], Book]) -> Book:
    """Return a new book in dollars, open for writing."""
    return fresh_book()
