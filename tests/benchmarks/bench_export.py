"""Times the export of a long journal, and the tools that then check it, in one run.

    python -m tests.benchmarks.bench_export [--postings 200000]

The book is made through the ordinary imports: contributions and deposits in four currencies, most deposits in another
currency than their contribution. Seconds are the processor's of each child process, memory is its peak, both as the
operating system accounts them. A tool that is not installed is left out, and said to be.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

CURRENCIES = ("USD", "EUR", "JPY", "GBP")
UNITS = {"EUR": "0.92", "JPY": "151.37", "GBP": "0.79"}
START, END = date(2024, 1, 1), date(2025, 1, 1)
_DEPOSITS_A_CONTRIBUTION = 30
_POSTINGS_A_DEPOSIT = 5.7
"""On the average: four to eight."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what each export and each check took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=200_000)
    wanted = parser.parse_args(arguments).postings
    facility = [sys.executable, "-m", "facility.cli.main"]
    bean_check = shutil.which("bean-check", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.duckdb"
        # In a process of its own: a child's peak counts what its parent held when it was started.
        make = (
            "import sys; from tests.benchmarks.bench_export import long_book; long_book(sys.argv[1], int(sys.argv[2]))"
        )
        subprocess.run([sys.executable, "-c", make, book, str(wanted)], check=True)
        for tool, check in (("hledger", shutil.which("hledger")), ("beancount", bean_check)):
            for option in ([], ["--in-base"]):
                file = Path(folder) / f"journal{''.join(option)}.{tool}"
                export = [*facility, "--book", str(book), "export", tool, "--out", str(file), *option]
                _tell(f"export {' '.join([tool, *option])}", export)
                if check is None:
                    print(f"  {tool} is not installed", flush=True)
                    continue
                checking = (
                    [check, "--no-cache", str(file)] if tool == "beancount" else [check, "-f", str(file), "check"]
                )
                _tell(f"  {Path(check).name}, {file.stat().st_size / 2**20:.0f} MiB", checking)


def long_book(file: str, postings: int) -> None:
    """Make a book of about so many postings, and print how many entries and postings it has."""
    from facility.usecases.import_file import import_files
    from ledgers.store import Book

    path = Path(file)
    deposits = max(1, round(postings / _POSTINGS_A_DEPOSIT))
    contributions = max(4, deposits // _DEPOSITS_A_CONTRIBUTION)
    days = [START + timedelta(days=day) for day in range(0, 366, 7)]
    rows: dict[str, tuple[str, Iterable[tuple[object, ...]]]] = {
        "rates": (
            "currency,rate_date,units_per_base,source",
            ((currency, day, units, "benchmark") for currency, units in UNITS.items() for day in days),
        ),
        "contributions": (
            "contribution_id,donor,donor_kind,currency,amount,signed_on",
            (
                (f"C-{number:05}", f"Donor {number % 50:02}", "state", CURRENCIES[number % 4], "9000000000", START)
                for number in range(contributions)
            ),
        ),
        "deposits": (
            "deposit_id,contribution_id,received_on,currency,amount",
            (_deposit(number, contributions) for number in range(deposits)),
        ),
    }
    with Book.create(path, currency="USD", name="Benchmark", opened_on=START) as book:
        for kind, (header, lines) in rows.items():
            import_files(book, kind, [_file(path.with_name(f"{kind}.csv"), header, lines)], on=END, actor="benchmark")
        counted = book.connection.execute("select count(distinct entry_id), count(*) from ledger.posting").fetchall()
    print(f"{counted[0][0]:,} entries, {counted[0][1]:,} postings", flush=True)


def _deposit(number: int, contributions: int) -> tuple[object, ...]:
    currency = CURRENCIES[number // contributions % 4]
    amount = f"{1000 + number % 977}" + ("" if currency == "JPY" else f".{number % 100:02}")
    day = START + timedelta(days=number % 360)
    return f"D-{number:07}", f"C-{number % contributions:05}", day, currency, amount


def _file(path: Path, header: str, lines: Iterable[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        out.write(header + "\n")
        csv.writer(out).writerows(lines)
    return path


def _tell(name: str, command: Sequence[str]) -> None:
    settings = os.environ | {"LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        said = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{name} failed: {said.decode()}")
    print(f"{name}: {used.ru_utime + used.ru_stime:.1f} s, {used.ru_maxrss / 1024:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
