"""Every check of contributions in their lives finds the fault it is there for; a book that lived soundly has none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from life_faults import ALSO, FAULTS, live
from life_rows import unsound

from ledgers.store import Book


@pytest.fixture(scope="module")
def lived(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a book in which everything happened once."""
    return live(new_book_file, tmp_path_factory.mktemp("lived") / "book.duckdb")


def test_a_sound_life_has_no_findings(lived: Path) -> None:
    with Book.open(lived, writable=False) as book:
        assert unsound(book) == {}


@pytest.mark.parametrize(("name", "number"), [(name, n) for name, faults in FAULTS.items() for n in range(len(faults))])
def test_a_seeded_fault_is_reported_by_its_check(lived: Path, tmp_path: Path, name: str, number: int) -> None:
    fault, sentence = FAULTS[name][number]
    with Book.open(Path(shutil.copy(lived, tmp_path / "book.duckdb")), writable=True) as book:
        fault(book)
        found = unsound(book)
    # Who adds rows without thought of the log is found by the log as well, and whoever moves money by the funding line.
    assert set(found) - ALSO.get(name, set()) - {"log-counts", "funding-line"} == {name}, found
    pattern = re.escape(sentence).replace(r"\#", r".*")
    assert any(re.fullmatch(pattern, one) for one in found[name]), found
