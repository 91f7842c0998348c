"""Books in which an award stands at a stage, each a copy of one that is made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from awards import cleared, committed, disbursement, expenditure, funded
from books import take

from ledgers.store import Book


def _made(new_book_file: Path, folder: Path, fill: Callable[[Book], None]) -> Path:
    path = Path(shutil.copy(new_book_file, folder / "book.duckdb"))
    with Book.open(path, writable=True) as book:
        fill(book)
    return path


def _copied(path: Path, folder: Path) -> Iterator[Book]:
    with Book.open(Path(shutil.copy(path, folder / "book.duckdb")), writable=True) as book:
        yield book


@pytest.fixture(scope="session")
def awarded_file(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book in which 100 of C1 and 200 of C2 are allocated to R1, and I1 is cleared; copy it, never open it."""

    def fill(book: Book) -> None:
        funded(book, {"C1": "100.00", "C2": "200.00"})
        cleared(book)

    return _made(new_book_file, tmp_path_factory.mktemp("awarded"), fill)


@pytest.fixture(scope="session")
def signed_file(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same book with agreement K1 on all of it."""
    return _made(new_book_file, tmp_path_factory.mktemp("signed"), committed)


@pytest.fixture(scope="session")
def running_file(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same book with 200 disbursed on K1 (P1), 100 of them reported as spent (X1, provisional)."""

    def fill(book: Book) -> None:
        committed(book)
        take(book, "disbursements", disbursement())
        take(book, "expenditures", expenditure())

    return _made(new_book_file, tmp_path_factory.mktemp("running"), fill)


@pytest.fixture
def awarded(awarded_file: Path, tmp_path: Path) -> Iterator[Book]:
    """Return a copy of that book, open for writing."""
    yield from _copied(awarded_file, tmp_path)


@pytest.fixture
def signed(signed_file: Path, tmp_path: Path) -> Iterator[Book]:
    """Return a copy of that book, open for writing."""
    yield from _copied(signed_file, tmp_path)


@pytest.fixture
def running(running_file: Path, tmp_path: Path) -> Iterator[Book]:
    """Return a copy of that book, open for writing."""
    yield from _copied(running_file, tmp_path)
