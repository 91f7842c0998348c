"""A book is written through one lane, by one process at a time, and a failure leaves it as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from books import contribution, counts, file_of, request, state, take

from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.money import CurrencyUnknown
from ledgers.store import Book

CHILDREN = Path(__file__).with_name("store_children.py")
Child = subprocess.Popen[str]


@pytest.fixture
def started() -> Iterator[Callable[..., Child]]:
    """Return a maker of child processes, each waited for until it says that it is ready; all are ended afterwards."""
    children: list[Child] = []

    def start(*arguments: object) -> Child:
        child = subprocess.Popen(
            [sys.executable, str(CHILDREN), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    yield start
    for child in children:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            pipe.close()


def _told(act: Callable[[], object]) -> tuple[str, str, str]:
    with pytest.raises(FacilityError) as refused:
        act()
    return refused.value.code, refused.value.message, refused.value.remedy


@pytest.fixture
def closed(book: Book) -> Path:
    """Return the file of a closed book."""
    book.close()
    return book.path


def test_the_lane_commits_what_was_written_with_a_row_of_the_log(book: Book) -> None:
    with book.lane(
        actor="ada", command="test", file="f.csv", file_digest="00", clock=lambda: datetime(2024, 6, 1, 12)
    ) as lane:
        book.insert("ledger.donor", [("d", "D", "state", None, lane.log_id)])
        lane.new_count = 1
    rows = book.connection.execute("select * from ledger.log order by log_id desc limit 1").fetchall()
    assert rows == [(2, datetime(2024, 6, 1, 12), "ada", "test", "f.csv", "00", 1, 0)]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_lane_keeps_nothing_when_it_is_left_by_an_exception(book: Book, fault: type[BaseException]) -> None:
    def write() -> None:
        with book.lane(actor="ada", command="test") as lane:
            book.insert("ledger.donor", [("d", "D", "state", None, lane.log_id)])
            lane.new_count = 1
            raise fault

    before = state(book)
    with pytest.raises(fault):
        write()
    assert state(book) == before
    take(book, "contributions", contribution())


def test_the_lane_keeps_nothing_when_the_database_refuses(book: Book) -> None:
    def write() -> None:
        with book.lane(actor="ada", command="test") as lane:
            lane.new_count = 2
            book.insert("ledger.donor", [("d", "D", "state", None, 2)])
            book.insert("ledger.donor", [("d", "D", "state", None, 2)])

    before = state(book)
    with pytest.raises(duckdb.ConstraintException):
        write()
    assert state(book) == before
    take(book, "contributions", contribution())


@pytest.mark.parametrize(("dry_run", "new"), [(True, 1), (False, 0)])
def test_a_lane_that_is_dry_or_says_nothing_new_keeps_nothing(book: Book, dry_run: bool, new: int) -> None:
    before = state(book)
    with book.lane(actor="ada", command="test", dry_run=dry_run) as lane:
        book.insert("ledger.donor", [("d", "D", "state", None, 2)])
        lane.new_count = new
    assert state(book) == before


def test_many_rows_go_in_whole(book: Book) -> None:
    book.insert("ledger.donor", [(f"d{n}", "D", "state", None, 1) for n in range(2345)])
    assert book.connection.execute("select count(*) from ledger.donor where donor_id like 'd%'").fetchall() == [(2345,)]
    book.insert("ledger.donor", [])


def test_a_reader_cannot_write_nor_reach_another_file_nor_load_anything(closed: Path) -> None:
    other = closed.with_name("other.csv")
    other.write_text("a\n1\n", encoding="utf-8")
    with Book.open(closed, writable=False) as book:
        for statement in (
            "insert into ledger.donor values ('d', 'D', 'state', null, 1)",
            "create table t (a integer)",
            f"select * from '{other}'",
            f"copy ledger.donor to '{other}'",
            f"attach '{other}'",
            "install httpfs",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                book.connection.execute(statement).fetchall()
    assert other.read_text(encoding="utf-8") == "a\n1\n"


def test_readers_share_a_book(closed: Path, started: Callable[..., Child]) -> None:
    started("hold", closed, "read")
    with Book.open(closed, writable=False, wait_seconds=0) as book:
        assert book.currency == "USD"


@pytest.mark.parametrize(("mode", "writable"), [("write", True), ("write", False), ("read", True)])
def test_a_busy_book_is_waited_for_and_then_refused(
    closed: Path, started: Callable[..., Child], mode: str, writable: bool
) -> None:
    started("hold", closed, mode)
    waits: list[bool] = []
    assert _told(
        lambda: Book.open(closed, writable=writable, wait_seconds=0.3, waiting=lambda: waits.append(True))
    ) == (
        "book-busy",
        f"{closed} is in use by another process",
        "wait until it has finished, then run the command again",
    )
    assert waits == [True]


def test_a_second_writer_goes_on_when_the_first_has_finished(closed: Path, started: Callable[..., Child]) -> None:
    child = started("hold", closed, "write")
    assert child.stdin is not None
    with Book.open(closed, writable=True, wait_seconds=20, waiting=child.stdin.close) as book:
        assert counts(take(book, "contributions", contribution())) == (1, 0)


def test_a_writer_killed_in_its_transaction_leaves_the_book_as_it_was(
    book: Book, started: Callable[..., Child]
) -> None:
    take(book, "contributions", contribution())
    before = state(book)
    book.close()
    child = started("hang", book.path, "")
    child.send_signal(signal.SIGKILL)
    child.wait()
    for writable in (False, True):
        with Book.open(book.path, writable=writable) as again:
            assert state(again) == before
            assert all(not checked.findings for checked in check_book(again))


def test_what_was_committed_before_the_kill_is_already_there(closed: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(CHILDREN), "die", str(closed), ""], capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Book.open(closed, writable=False) as book:
        assert book.connection.execute("select count(*) from ledger.entry").fetchall() == [(1,)]
    with Book.open(closed, writable=True) as book:
        before = state(book)
        assert counts(take(book, "contributions", contribution())) == (0, 1)
        assert state(book) == before


def test_a_full_disk_leaves_the_book_as_it_was(book: Book) -> None:
    rows = file_of(book, "requests", *(request(f"Q{n}", title="x" * 200) for n in range(3000)))
    before = state(book)
    book.close()
    done = subprocess.run(
        [sys.executable, str(CHILDREN), "fill", str(book.path), str(rows)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == (
        f"disk-full|the disk took no more while {book.path} was written; the book is as it was before"
        "|free some space and run the command again"
    ), done.stderr
    with Book.open(book.path, writable=True) as again:
        assert state(again) == before
        assert again.connection.execute("select count(*) from ledger.request").fetchall() == [(0,)]


def _create(path: Path, currency: str = "USD") -> Book:
    return Book.create(path, currency=currency, name="Test", opened_on=date(2024, 1, 1))


def test_no_book_there(tmp_path: Path) -> None:
    path = tmp_path / "none.duckdb"
    assert _told(lambda: Book.open(path, writable=True)) == (
        "book-missing",
        f"there is no book at {path}",
        "make one with `facility init`, or name another with --book FILE",
    )
    assert not path.exists()


def test_a_new_book_never_replaces_a_file(closed: Path) -> None:
    content = closed.read_bytes()
    assert _told(lambda: _create(closed)) == (
        "book-exists",
        f"{closed} already exists",
        "choose another name with --book, or move the file away",
    )
    assert closed.read_bytes() == content


def test_a_new_book_never_takes_over_the_log_of_another(tmp_path: Path) -> None:
    wal = tmp_path / "book.duckdb.wal"
    wal.write_bytes(b"left behind")
    path = tmp_path / "book.duckdb"
    assert _told(lambda: _create(path)) == (
        "book-exists",
        f"{wal} is left over from another book",
        "move that file away too, or choose another name with --book",
    )
    assert list(tmp_path.iterdir()) == [wal]


@pytest.mark.parametrize("content", [b"", b"not a database", b"a,b\n1,2\n" * 5000, bytes(8192)])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.duckdb"
    path.write_bytes(content)
    for writable in (False, True):
        code, message, remedy = _told(lambda writable=writable: Book.open(path, writable=writable))  # type: ignore[misc]
        assert code == "book-unreadable"
        assert (
            message.startswith(f"{path} cannot be read as a book: ")
            or message == f"{path} is a database, but not a facility's book"
        )
        assert remedy in ("check the path, or restore the file from a copy", "name the book with --book FILE")
        assert path.read_bytes() == content


@pytest.mark.parametrize(
    "statement",
    [
        "create table t (a integer)",
        "create schema ledger",
        "create schema ledger; create table ledger.setting (a integer)",
        "create schema ledger; create table ledger.setting (name varchar, value varchar)",
    ],
)
def test_a_database_of_something_else(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
    assert _told(lambda: Book.open(path, writable=True)) == (
        "book-unreadable",
        f"{path} is a database, but not a facility's book",
        "name the book with --book FILE",
    )
    duckdb.connect(str(path)).close()


def test_a_book_of_another_version(closed: Path) -> None:
    with duckdb.connect(str(closed)) as connection:
        for verb in ("update", "delete"):
            connection.execute(f"drop trigger setting_{verb} on ledger.setting")
        connection.execute("update ledger.setting set value = '2' where name = 'version'")
    assert _told(lambda: Book.open(closed, writable=False)) == (
        "book-unreadable",
        f"{closed} has schema 2; this version of Facility reads 1",
        "use the version of Facility that made the book",
    )


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    code, message, _ = _told(lambda: Book.open(tmp_path, writable=True))
    assert (code, message) == (
        "book-unreadable",
        f'{tmp_path} cannot be read as a book: IO Error: Could not read from file "{tmp_path}": Is a directory',
    )


def test_a_place_where_no_book_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    remedy = "choose a folder that exists and may be written to"
    for path, why in (
        (tmp_path / "none" / "b.duckdb", "No such file or directory"),
        (tmp_path / "file" / "b.duckdb", "Not a directory"),
    ):
        assert _told(lambda path=path: _create(path)) == (
            "book-unreadable",
            f"no book can be made at {path}: {why}",
            remedy,
        )  # type: ignore[misc]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file"]


def test_a_path_that_cannot_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300)
    told = (
        "book-unreadable",
        f"{path} cannot be looked at: File name too long",
        "name a file in a folder that you may read",
    )
    assert _told(lambda: _create(path)) == told
    assert _told(lambda: Book.open(path, writable=True)) == told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    path = tmp_path / "b.duckdb"
    assert _told(lambda: _create(path)) == (
        "book-unreadable",
        f"no book can be made at {path}: Permission denied",
        "choose a folder that exists and may be written to",
    )


def test_a_new_book_in_no_currency(tmp_path: Path) -> None:
    with pytest.raises(CurrencyUnknown, match="USDD is not a known currency"):
        _create(tmp_path / "b.duckdb", "USDD")
    assert list(tmp_path.iterdir()) == []


def test_a_new_book_knows_its_settings_lists_and_own_line(book: Book) -> None:
    assert (book.currency, book.setting("name"), book.setting("rate_max_age"), book.setting("opened_on")) == (
        "USD",
        "Test",
        "35",
        "2024-01-01",
    )
    assert _told(lambda: book.setting("colour"))[:2] == ("book-unreadable", f"{book.path} has no setting colour")
    for table, least in (
        ("currency", 150),
        ("country", 190),
        ("region", 20),
        ("country_group", 190),
        ("objective", 23),
    ):
        assert book.connection.execute(f"select count(*) >= {least} from ledger.{table}").fetchall() == [(True,)], table
    assert book.connection.execute("select contribution_id, stage, amount from ledger.contribution").fetchall() == [
        ("FACILITY", "agreement", 0)
    ]
    assert not list(book.path.parent.glob(".*"))


def test_a_stream_gives_the_rows_of_a_query_in_batches(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    take(book, "contributions", *(contribution(f"C{number}") for number in range(5)))
    rows = book.rows("ledgers.journal", "contributions/ids")
    assert len(rows) > 5
    monkeypatch.setattr("ledgers.store.book.ROWS_AT_ONCE", 2)
    batches = list(book.stream("ledgers.journal", "contributions/ids"))
    assert {len(batch) for batch in batches[:-1]} == {2}
    assert sorted(row for batch in batches for row in batch) == sorted(rows)


def test_no_query_draws_a_bar_on_stdout_even_where_python_runs_no_file(new_book_file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ledgers.store import Book\n"
        "with Book.open(Path(sys.argv[1]), writable=False) as book:\n"
        "    print(book.connection.execute(\"select current_setting('enable_progress_bar')\").fetchall())"
    )
    done = subprocess.run([sys.executable, "-c", script, new_book_file], capture_output=True, text=True, check=True)
    assert done.stdout == "[(False,)]\n"
