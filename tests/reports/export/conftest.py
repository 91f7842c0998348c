"""One book with all kinds of entries for the tests of exports: built once, only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ledger_story import Story, made_story


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    made = made_story(tmp_path_factory.mktemp("story"))
    yield made
    made.book.close()
