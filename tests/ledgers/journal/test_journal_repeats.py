"""The same file twice is already there; a file is taken whole or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from books import ON, contribution, counts, deposit, entry, file_of, rate, refusal, request, score, state, take

from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.import_file import import_files
from ledgers.errors import InputRefused
from ledgers.journal import book_digest
from ledgers.store import Book

Rows = list[dict[str, object]]
EVERYTHING: list[tuple[str, Rows]] = [
    ("rates", [rate(), rate("EUR", "2024-02-01"), rate("JPY", "2024-02-01", "160"), rate("EUR", "2024-06-01", "0.9")]),
    (
        "contributions",
        [
            contribution("C1"),
            contribution("C2", currency="EUR", earmark="country=KEN", country_share_max="33.3%"),
            contribution("C3", stage="pledge", use_by="2027-01-01"),
        ],
    ),
    ("contributions", [contribution("C3", use_by="2027-01-01")]),
    (
        "deposits",
        [
            deposit("D1", "C1"),
            deposit("D2", "C2", currency="JPY", amount="100000"),
            deposit("D3", "C3", amount="1200.00"),
        ],
    ),
    (
        "requests",
        [
            request("R1", objectives="2|1", x_staff="1"),
            request("R2", country="KEN:60|UGA:40", currency="EUR"),
            request("R3", country=""),
        ],
    ),
    ("scores", [score("R1", "ann", "need", "70"), score("R1", "bo", "need", "71")]),
    (
        "entries",
        [
            entry("E1"),
            entry("E2", "administration", "30.00", purpose="p", contribution_id="C1"),
            entry("E3", "administration", "20.00", purpose="p", contribution_id="C2"),
            entry("E4", "administration", "10.00", purpose="p", contribution_id="C3"),
        ],
    ),
    ("entries", [entry("E5", "cancellation", "10.01", purpose="p")]),
    (
        "entries",
        [
            entry("E6", "transfer", "30.00", purpose="p"),
            entry("E7", "cancellation", "1.00", purpose="p", contribution_id="C1"),
        ],
    ),
    ("entries", [entry("E8", "cancellation", "18.99", purpose="p")]),
]


def _taken(book: Book) -> None:
    for kind, rows in EVERYTHING:
        assert counts(take(book, kind, *rows)) == (len(rows), 0)


def test_every_import_twice_is_already_there(book: Book) -> None:
    _taken(book)
    before = state(book)
    for kind, rows in EVERYTHING:
        assert counts(take(book, kind, *reversed(rows))) == (0, len(rows)), rows
        assert state(book) == before


def test_the_same_files_make_the_same_book_whatever_the_order_of_their_rows(fresh_book: Callable[[], Book]) -> None:
    one, other = fresh_book(), fresh_book()
    for kind, rows in EVERYTHING:
        take(one, kind, *rows)
        take(other, kind, *reversed(rows))
    assert book_digest(one) == book_digest(other)


def test_any_posted_cent_changes_the_digest(fresh_book: Callable[[], Book]) -> None:
    one, other = fresh_book(), fresh_book()
    take(one, "contributions", contribution(amount="1000.00"))
    take(other, "contributions", contribution(amount="1000.01"))
    assert book_digest(one) != book_digest(other)
    assert book_digest(one).startswith("sha256:")


def test_a_file_that_overlaps_counts_what_is_new_and_what_was_there(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2"))
    assert counts(take(book, "contributions", contribution("C2"), contribution("C3"), contribution("C1"))) == (1, 2)
    take(book, "deposits", deposit("D1", "C1"))
    assert counts(take(book, "deposits", deposit("D1", "C1"), deposit("D1", "C2"))) == (1, 1)
    take(book, "entries", entry("E1"))
    assert counts(take(book, "entries", entry("E2"), entry("E1"))) == (1, 1)


def test_the_first_file_is_still_there_after_an_amendment(book: Book) -> None:
    take(book, "contributions", contribution())
    amend_contribution(book, "C1", earmark="country=KEN", reason="consent", on=ON, actor="ada")
    before = state(book)
    assert counts(take(book, "contributions", contribution())) == (0, 1)
    assert state(book) == before


def test_an_import_on_another_day_with_other_rates_is_already_there(book: Book) -> None:
    take(book, "rates", rate("EUR", "2024-06-01"), rate("EUR", "2024-06-02", "0.5"))
    take(book, "requests", request(currency="EUR"))
    assert counts(take(book, "requests", request(currency="EUR"), on=ON.replace(day=2))) == (0, 1)


BAD: dict[str, tuple[Rows, dict[str, object]]] = {
    "rates": ([rate("JPY"), rate("KWD")], rate(units="0.9")),
    "contributions": ([contribution("C8"), contribution("C9")], contribution("C1", amount="1.00")),
    "deposits": ([deposit("D8"), deposit("D9")], deposit("D7", "C7")),
    "requests": ([request("R8"), request("R9")], request("R1", amount_requested="1.00")),
    "scores": ([score("R1", "x", "need", "1")], score("R7", "x", "need", "1")),
    "entries": ([entry("E9")], entry("E8", "administration", "9999.00", purpose="p", contribution_id="C1")),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_one_bad_row_leaves_the_whole_file_out(book: Book, kind: str) -> None:
    _taken_before(book)
    good, bad = BAD[kind]
    refusal(book, kind, *good, bad)
    refusal(book, kind, bad, *good)
    first, second = file_of(book, kind, *good), file_of(book, kind, bad)
    before = state(book)
    with pytest.raises(InputRefused):
        import_files(book, kind, [first, second], on=ON, actor="ada")
    assert state(book) == before
    assert counts(take(book, kind, *good)) == (len(good), 0)


def _taken_before(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request())


def test_a_dry_run_counts_and_keeps_nothing(book: Book) -> None:
    before = state(book)
    assert counts(take(book, "contributions", contribution(), dry_run=True)) == (1, 0)
    assert state(book) == before
    assert counts(take(book, "contributions", contribution())) == (1, 0)


def test_the_log_says_who_took_what_from_which_file(book: Book) -> None:
    path = file_of(book, "contributions", contribution("C1"), contribution("C2"))
    import_files(book, "contributions", [path], on=ON, actor="ada")
    rows = book.connection.execute(
        "select actor, command, file, new_count, already_count from ledger.log where log_id = 2"
    ).fetchall()
    assert rows == [("ada", "import contributions", str(path), 2, 0)]
