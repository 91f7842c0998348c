"""Times whole commands against the import that they cannot do without, in turn: A B A B ...

    python -m tests.benchmarks.bench_commands [--runs 7]

The bars: `facility --help` within 3 x `import typer`, `report funds-available` within 3 x `import duckdb`.
Times are the processor seconds of the whole child process, as the operating system accounts them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from facility.example import money_of, table
from facility.usecases.demo import ROUND_ON, SCENARIOS
from facility.usecases.import_file import import_files
from ledgers.store import Book


def main() -> None:
    """Print the medians and the median of the ratios, pair by pair."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_known_args()[0].runs
    command = [sys.executable, "-c", "from facility.cli.start import start; start()"]
    with tempfile.TemporaryDirectory() as folder:
        book = _book(Path(folder) / "book.duckdb")
        pairs = [
            ("facility --help", [*command, "--help"], "import typer"),
            ("report funds-available", [*command, "--book", str(book), "report", "funds-available"], "import duckdb"),
        ]
        for name, ours, peer in pairs:
            _compare(name, ours, peer, [sys.executable, "-c", peer], runs)


def _compare(name: str, ours: list[str], peer_name: str, peer: list[str], runs: int) -> None:
    timed = [(_seconds(ours), _seconds(peer)) for _ in range(runs + 1)][1:]
    middle = [statistics.median(pair[side] for pair in timed) for side in (0, 1)]
    ratio = statistics.median(a / b for a, b in timed)
    print(f"{name}: {middle[0]:.3f} s, {peer_name}: {middle[1]:.3f} s, median ratio {ratio:.2f}", flush=True)


def _seconds(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _book(path: Path) -> Path:
    contributions, deposits = money_of(next(iter(SCENARIOS)))
    files = {"contributions": contributions, "deposits": deposits, "requests": table("requests.csv")}
    with Book.create(path, currency="USD", name="Benchmark", opened_on=ROUND_ON) as book:
        for kind, file in files.items():
            import_files(book, kind, [file], on=ROUND_ON, actor="benchmark")
    return path


if __name__ == "__main__":
    main()
