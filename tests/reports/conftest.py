"""Filled books for the tests of reports: built once, only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import two_years
from report_books import Maker, small_book

from ledgers.store import Book


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    maker = small_book(tmp_path_factory.mktemp("book") / "small.duckdb")
    yield maker
    maker.book.close()


@pytest.fixture(scope="session")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A facility's first two years, with corrections, a closing and a reopening."""
    book = two_years.written(tmp_path_factory.mktemp("years") / "years.duckdb")
    yield book
    book.close()
