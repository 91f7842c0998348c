"""A command ends by itself, with its exit code and everything written, whatever it writes to."""

from __future__ import annotations

import subprocess

import pytest
from commands import FACILITY


@pytest.mark.parametrize(
    ("command", "code", "out", "err"),
    [
        ("guide terms", 0, "term", ""),
        ("guide nosuch", 1, "", "code: guide-page-unknown"),
        ("grant disburst", 2, "", "No such command"),
        ("--book missing.duckdb log", 1, "", "code: book-missing"),
        ("guide errors | head -n 1", 0, "# ", ""),
        ("guide terms > /dev/full", 1, "", "code: output-unwritable"),
        ("guide terms >&-", 1, "", "code: output-unwritable"),
        ("guide nosuch 2>&-", 1, "", ""),
    ],
)
def test_it_ends_with_its_code_and_says_what_it_has_to(command: str, code: int, out: str, err: str) -> None:
    told = f"set -o pipefail; {FACILITY} {command}"
    done = subprocess.run(["bash", "-c", told], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    assert out in done.stdout
    assert err in done.stderr
    assert (done.stderr == "") == (err == "")
    assert "Traceback" not in done.stderr
