"""One filled book for the tests of reports: built once, only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from report_books import Maker, small_book


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    maker = small_book(tmp_path_factory.mktemp("book") / "small.duckdb")
    yield maker
    maker.book.close()
