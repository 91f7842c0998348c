"""Runs commands in this process, with streams as a shell gives them, and looks at a book from outside."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import duckdb

from facility.cli.main import run

FILES = Path(__file__).resolve().parents[2] / "transcripts" / "files"
FACILITY = Path(sys.executable).with_name("facility")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did: its exit code, what it answered, what it said."""

    code: int
    out: str
    err: str


def ran(*arguments: str, stdin: bytes = b"", **settings: str) -> Ran:
    """Run `facility` with arguments and settings such as FACILITY_WAIT, as a shell would without a terminal."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        "stdout": io.TextIOWrapper(out, encoding="utf-8"),
        "stderr": io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace"),
    }
    with (
        mock.patch.object(sys, "argv", ["facility", *arguments]),
        mock.patch.multiple(sys, **streams),
        mock.patch.dict(os.environ, settings),
    ):
        try:
            run()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        streams["stdout"].flush()
        streams["stderr"].flush()
        return Ran(code, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))


def contents(book: Path) -> str:
    """Return a digest of every row of every table of a book, read without its own code."""
    digest = hashlib.sha256()
    with duckdb.connect(str(book), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not temporary order by all"
        ).fetchall()
        for schema, table in tables:
            rows = f'select count(*), sum(hash(each)::hugeint) from "{schema}"."{table}" as each'
            digest.update(f"{schema}.{table}{connection.execute(rows).fetchall()}".encode())
    return digest.hexdigest()


def without_settings() -> Mapping[str, str]:
    """Return this process's environment without the settings of Facility."""
    return {name: text for name, text in os.environ.items() if not name.startswith("FACILITY_")}
