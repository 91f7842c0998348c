"""What other processes do to a book in the tests: hold it, die with it, run out of disk. Run as a script."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from books import ON, contribution, take

from facility.usecases.import_file import import_files
from ledgers.errors import FacilityError
from ledgers.store import Book


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def hold(path: Path, mode: str) -> None:
    """Hold the book open until stdin closes."""
    with Book.open(path, writable=mode == "write"):
        _say("ready")
        sys.stdin.read()


def hang(path: Path, _: str) -> None:
    """Write half a transaction and wait to be killed."""
    with Book.open(path, writable=True) as book, book.lane(actor="ada", command="hang") as lane:
        rows = [(f"D{n}", "x" * 500, "state", None, 1) for n in range(20_000)]
        book.insert("ledger.donor", rows)
        lane.new_count = len(rows)
        _say("ready")
        time.sleep(60)


def die(path: Path, _: str) -> None:
    """Commit an import and die before closing or saying so."""
    book = Book.open(path, writable=True)
    take(book, "contributions", contribution())
    os.kill(os.getpid(), signal.SIGKILL)


def fill(path: Path, requests: str) -> None:
    """Import a file on a disk that takes no more."""
    with Book.open(path, writable=True) as book:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
        try:
            import_files(book, "requests", [Path(requests)], on=ON, actor="ada")
        except FacilityError as error:
            _say(f"{error.code}|{error.message}|{error.remedy}")


if __name__ == "__main__":
    {"hold": hold, "hang": hang, "die": die, "fill": fill}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
