"""Times a history of disbursements brought in by one command against a raw insert of the very rows that it leaves.

    python -m tests.benchmarks.bench_posting [--postings 100000 1000000] [--payers 4] [--runs 3]

The bars: 1,000,000 postings within 3 x the processor time of the raw `insert ... select`; 10,000,000 within 1.5 GiB;
time growing in line with size; one disbursement in a process of its own within 2.5 x `import duckdb`. Every award is
met by so many contributions (`--payers`), so that a disbursement is four postings for each. Both sides are whole
processes: ours is `facility import disbursements`, with every rule; the peer reads Parquet files of the same entries,
postings and movements into tables without keys or guards, commits and checkpoints. Seconds and the peak of memory are
the operating system's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

BAR, BAR_AT = 3.0, 1_000_000
BAR_MEMORY, BAR_MEMORY_AT = 1536, 10_000_000
BAR_ALONE = 2.5
ON = date(2026, 6, 1)
PER_AGREEMENT = 50
"""Disbursements on each grant agreement."""

TABLES = ("entry", "posting", "movement")


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took: processor seconds, and its peak of memory in MiB."""

    seconds: float
    memory: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what each side took at each size, the ratios, and whether the bars are met where they apply."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--payers", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args(arguments)
    seconds = {}
    for postings in given.postings:
        with tempfile.TemporaryDirectory() as folder:
            seconds[postings] = _bulk(Path(folder), postings, given.payers, given.runs)
            if postings == given.postings[0]:
                _alone(Path(folder), given.runs)
    for smaller, larger in zip(given.postings, given.postings[1:], strict=False):
        growth = seconds[larger] / seconds[smaller] / (larger / smaller)
        print(f"from {smaller:,} to {larger:,} postings: {growth:.2f} x the time a posting", flush=True)


def _bulk(folder: Path, postings: int, payers: int, runs: int) -> float:
    _child("prepare", folder, postings, payers)
    pairs = []
    for _ in range(runs):
        shutil.copy(folder / "book.duckdb", folder / "work.duckdb")
        ours = _child("ours", folder)
        if not (folder / "posting.parquet").exists():
            _child("rows", folder)
        pairs.append((ours, _child("raw", folder)))
    ours_seconds, raw_seconds = (statistics.median(pair[side].seconds for pair in pairs) for side in (0, 1))
    ratio = statistics.median(ours.seconds / raw.seconds for ours, raw in pairs)
    memory = max(ours.memory for ours, _ in pairs)
    print(
        f"{postings:,} postings, {payers} payers: {ours_seconds:.2f} s, {memory:,.0f} MiB; "
        f"raw insert {raw_seconds:.2f} s; median ratio {ratio:.2f}",
        flush=True,
    )
    if postings == BAR_AT:
        print(f"bar: at most {BAR:g}: {'met' if ratio <= BAR else 'NOT met'}", flush=True)
    if postings == BAR_MEMORY_AT:
        print(f"bar: at most {BAR_MEMORY:,} MiB: {'met' if memory <= BAR_MEMORY else 'NOT met'}", flush=True)
    return ours_seconds


def _alone(folder: Path, runs: int) -> None:
    """Time one disbursement in a process of its own."""
    facility = [
        sys.executable,
        "-c",
        "from facility.cli.start import start; start()",
        "--book",
        str(folder / "book.duckdb"),
    ]
    timed = []
    for number in range(2 * runs + 1):
        command = ["grant", "disburse", "G0", "--amount", "1.00", "--on", "2026-05-01", "--id", f"ALONE-{number}"]
        ours = _took([*facility, *command])
        timed.append((ours.seconds, _took([sys.executable, "-c", "import duckdb"]).seconds))
    ratio = statistics.median(a / b for a, b in timed[1:])
    middle = [statistics.median(pair[side] for pair in timed[1:]) for side in (0, 1)]
    print(
        f"one disbursement in a process: {middle[0]:.3f} s, import duckdb: {middle[1]:.3f} s, "
        f"median ratio {ratio:.2f}; bar: at most {BAR_ALONE:g}: {'met' if ratio <= BAR_ALONE else 'NOT met'}",
        flush=True,
    )


def _child(work: str, folder: Path, *numbers: int) -> Took:
    given = ", ".join([repr(str(folder)), *(str(number) for number in numbers)])
    return _took([sys.executable, "-c", f"from tests.benchmarks.bench_posting import {work}; {work}({given})"])


def _took(command: Sequence[str]) -> Took:
    # An installed package has its bytecode; a setting of this shell may not take it from one side alone.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Took(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def prepare(folder: str, postings: int, payers: int) -> None:
    """Make a book with agreements to disburse on, and a file of disbursements that leave so many postings."""
    import polars as pl

    from facility.usecases.import_file import import_files
    from ledgers.store import Book

    movements = max(PER_AGREEMENT, postings // (4 * payers))
    agreements = movements // PER_AGREEMENT
    contributions = max(payers, agreements // 25)
    home = Path(folder)

    def take(kind: str, columns: dict[str, object]) -> None:
        file = home / f"{kind}.parquet"
        frame = pl.DataFrame(columns)
        frame.cast(dict.fromkeys(frame.columns, pl.String)).write_parquet(file)
        import_files(book, kind, [file], on=ON, actor="benchmark")

    with Book.create(home / "book.duckdb", currency="USD", name="Benchmark", opened_on=date(2024, 1, 1)) as book:
        donors = [f"C{number}" for number in range(contributions)]
        money = {"currency": "USD", "amount": "900000000000.00"}
        signed = {"donor": "Ruritania", "donor_kind": "state", "signed_on": "2024-01-02"}
        take("contributions", {"contribution_id": donors, **signed, **money})
        came = {"deposit_id": [f"D{number}" for number in range(contributions)], "contribution_id": donors}
        take("deposits", {**came, "received_on": "2024-01-03", **money})
        asked = {"request_id": [f"R{number}" for number in range(agreements)], "title": "x", "applicant": "A"}
        kind = {"applicant_kind": "city", "window": "integration", "currency": "USD", "amount_requested": "100000.00"}
        take("requests", {**asked, **kind})
        with book.lane(actor="benchmark", command="allocate") as lane:
            book.run("tests.benchmarks", "many_allocations", payers=payers, contributions=contributions)
            from ledgers.journal import post

            lane.new_count += post(book, lane)
        parties = [f"I{number}" for number in range(50) for _ in range(3)]
        looked = ["sanctions", "due-diligence", "accountability"] * 50
        take("clearances", {"implementer": parties, "clearance": looked, "cleared_on": "2024-01-01", "source": "x"})
        agreed = {"commitment_id": [f"G{number}" for number in range(agreements)], "request_id": asked["request_id"]}
        with_whom = [f"I{number % 50}" for number in range(agreements)]
        take("commitments", {**agreed, "implementer": with_whom, "signed_on": "2024-01-05", "amount": "100000.00"})
        book.connection.execute("checkpoint")
    rows = pl.DataFrame(
        {
            "disbursement_id": [f"P{number}" for number in range(movements)],
            "commitment_id": [f"G{number % agreements}" for number in range(movements)],
            "paid_on": [date(2024, 2, 1) + timedelta(days=7 * (number // agreements)) for number in range(movements)],
            "currency": "USD",
            "amount": [Decimal(100_000 + number % 89_999) / 100 for number in range(movements)],
        },
        schema_overrides={"amount": pl.Decimal(18, 2)},
    )
    rows.write_parquet(home / "rows.parquet")


def ours(folder: str) -> None:
    """Bring the disbursements in, as `facility import disbursements` does."""
    from facility.usecases.import_file import import_files
    from ledgers.store import Book

    with Book.open(Path(folder) / "work.duckdb", writable=True) as book:
        import_files(book, "disbursements", [Path(folder) / "rows.parquet"], on=ON, actor="benchmark")
        book.connection.execute("checkpoint")


def rows(folder: str) -> None:
    """Write what the disbursements left in the book as Parquet, a file a table."""
    import duckdb

    with duckdb.connect(str(Path(folder) / "work.duckdb"), read_only=True) as connection:
        which = "entry_id in (select entry_id from ledger.entry where kind = 'disbursement')"
        for name in TABLES:
            file = Path(folder) / f"{name}.parquet"
            connection.execute(f"copy (select * from ledger.{name} where {which}) to '{file}' (format parquet)")


def raw(folder: str) -> None:
    """Insert the same rows into tables without keys or guards."""
    import duckdb

    home = Path(folder)
    (home / "raw.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(home / "raw.duckdb")) as connection:
        for name in TABLES:
            connection.execute(f"create table {name} as from read_parquet('{home / name}.parquet') limit 0")
        connection.execute("checkpoint")
        connection.execute("begin transaction")
        for name in TABLES:
            connection.execute(f"insert into {name} select * from read_parquet('{home / name}.parquet')")
        connection.execute("commit")
        connection.execute("checkpoint")


if __name__ == "__main__":
    main()
