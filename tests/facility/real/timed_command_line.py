"""The command line in this process, with what each command took."""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facility.cli import main


@dataclass(frozen=True)
class Said:
    """What a command answered and said."""

    stdout: str
    stderr: str


@dataclass
class Facility:
    """The command line, run in this process to spare the starts, with what each command took."""

    book: Path
    patch: pytest.MonkeyPatch
    timings: list[tuple[str, float, float]] = field(default_factory=list)

    def run(self, *arguments: str, exit_code: int = 0) -> Said:
        """Run one command to its exit and return what it said."""
        self.patch.setattr(sys, "argv", ["facility", "--book", str(self.book), *arguments])
        wall, cpu = time.monotonic(), time.process_time()
        stdout, stderr = io.StringIO(), io.StringIO()
        with redirect_stdout(stdout), redirect_stderr(stderr), pytest.raises(SystemExit) as left:
            main.run()
        self.timings.append((" ".join(arguments[:3])[:60], time.monotonic() - wall, time.process_time() - cpu))
        assert (left.value.code or 0) == exit_code, f"{arguments}: {left.value.code}\n{stderr.getvalue()[-3000:]}"
        return Said(stdout.getvalue(), stderr.getvalue())

    def json(self, *arguments: str) -> Any:
        """Run one command and return its JSON."""
        return json.loads(self.run(*arguments, "--format", "json").stdout, parse_float=Decimal)

    def sql(self, query: str) -> list[dict[str, Any]]:
        """Return a query's rows; amounts are decimals, in text."""
        rows: list[dict[str, Any]] = self.json("sql", query)
        return rows

    def told(self) -> str:
        """Return each command's seconds and processor seconds, and the largest memory so far."""
        lines = [f"{wall:7.2f} s {cpu:7.2f} s CPU  {what}" for what, wall, cpu in self.timings]
        wall, cpu = sum(row[1] for row in self.timings), sum(row[2] for row in self.timings)
        return "\n".join([*lines, f"{wall:7.2f} s {cpu:7.2f} s CPU  in all, at most {memory_kib() / 1024:.0f} MiB"])


def memory_kib() -> int:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
