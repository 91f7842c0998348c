"""A book with three donors, five requests, an open and solved round R1, and nothing posted; a copy for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from commands import FILES, ran, without_settings


@pytest.fixture(scope="session")
def solved_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the book that is copied; not to be written to."""
    book = tmp_path_factory.mktemp("book") / "facility.duckdb"
    settings = {"FACILITY_BOOK": str(book), "FACILITY_USER": "manager"}
    on = ("--on", "2026-01-31")
    commands = [("init", "--on", "2026-01-01", "--name", "Example Facility")]
    commands += [
        ("import", kind, str(FILES / f"{kind}.csv"), *on) for kind in ("rates", "contributions", "deposits", "requests")
    ]
    commands += [("round", "open", "R1", "--policy", str(FILES / "policy.toml"), *on), ("round", "solve", "R1")]
    for command in commands:
        done = ran(*command, **settings)
        assert done.code == 0, done.err
    return book


@pytest.fixture
def desk(solved_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, the current one, with the example's files and a copy of the book as facility.duckdb."""
    for name in set(os.environ) - set(without_settings()):
        monkeypatch.delenv(name)
    monkeypatch.setenv("FACILITY_USER", "manager")
    monkeypatch.setenv("FACILITY_WAIT", "0.2")
    shutil.copytree(FILES, tmp_path, dirs_exist_ok=True)
    shutil.copy(solved_book, tmp_path / "facility.duckdb")
    monkeypatch.chdir(tmp_path)
    return tmp_path
