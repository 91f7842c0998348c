"""Times the trial balance of a large book against the least that any trial balance must do, in turn: A B A B ...

    python -m tests.benchmarks.bench_trial_balance [--postings 1000000] [--runs 7]

The bar, at 10,000,000 postings: the whole report within 2 x a bare `group by account, currency` of the journal's table.
The book is made with every trigger of a real one, a chunk of entries at a time. Times are processor seconds of this
process, all threads together. Dates follow the numbers of the entries, but for one entry in fifty, which is late.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from ledgers.store import Book
from reports.registry import make
from tests.benchmarks.clocks import Clock

OPENED_ON = date(2020, 1, 1)
BARE = "select account, currency, sum(amount) from ledger.posting group by account, currency"
BAR = 2.0
BAR_AT = 10_000_000
ENTRIES_A_CHUNK = 250_000


def main(arguments: list[str] | None = None) -> None:
    """Print the medians, the median of the ratios, pair by pair, and the bar where it is of this size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        book, days = _book(Path(folder) / "book.duckdb", given.postings)
        with book:
            _hold_to_the_journal(book)
            middle = OPENED_ON + timedelta(days=days // 2)
            for name, as_of in (("trial balance", None), ("trial balance as of the middle day", middle)):
                ratio = _compare(name, given, book, lambda as_of=as_of: make("trial-balance", book, as_of=as_of))
                if as_of is None and given.postings >= BAR_AT:
                    print(f"bar: at most {BAR:g}: {'met' if ratio <= BAR else 'NOT met'}", flush=True)


def _compare(name: str, given: argparse.Namespace, book: Book, ours: Callable[[], object]) -> float:
    def bare() -> object:
        return book.connection.execute(BARE).fetchall()

    timed = [(_seconds(ours), _seconds(bare)) for _ in range(given.runs + 1)][1:]
    middle = [statistics.median(pair[side] for pair in timed) for side in (0, 1)]
    ratio = statistics.median(a / b for a, b in timed)
    print(
        f"{name}, {given.postings:,} postings: {middle[0]:.3f} s, bare group by: {middle[1]:.3f} s, "
        f"median ratio {ratio:.2f}",
        flush=True,
    )
    return ratio


def _seconds(work: Callable[[], object]) -> float:
    clock = Clock()
    work()
    return clock.seconds


def _book(path: Path, postings: int) -> tuple[Book, int]:
    """Return an open book of so many postings, and over how many days its entries are dated."""
    entries, days = postings // 4, 2000
    with Book.create(path, currency="USD", name="Benchmark", opened_on=OPENED_ON) as book:
        for first in range(0, entries, ENTRIES_A_CHUNK):
            chunk = {"first": first, "last": min(entries, first + ENTRIES_A_CHUNK)}
            book.run("tests.benchmarks", "large_entries", **chunk, entries=entries, days=days)
            book.run("tests.benchmarks", "large_postings", **chunk)
        book.connection.execute("checkpoint")
    return Book.open(path, writable=False), days


def _hold_to_the_journal(book: Book) -> None:
    """Refuse to time figures that are not the journal's."""
    table = make("trial-balance", book).tables[0]
    ours = sorted((row[1], row[2], row[5]) for row in table.rows)
    assert ours == sorted(book.connection.execute(BARE).fetchall())


if __name__ == "__main__":
    main()
