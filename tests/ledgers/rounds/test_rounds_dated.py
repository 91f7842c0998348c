"""A round stands in time: nothing happens before it was opened, and no money is held or spent before it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from books import contribution, deposit, entry, request, state, take
from round_stories import ON, PLAIN, funded, opened, policy, posted, solved

from facility.usecases import rounds
from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.store import Book

pytestmark = pytest.mark.nightly  # every step solves a round in a process of its own


def _refused(book: Book, act: Callable[[], object]) -> tuple[str, str, str]:
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        act()
    assert state(book) == before
    return refused.value.code, refused.value.message, refused.value.remedy


def _open(book: Book, on: date, **more: str) -> bool:
    return rounds.open_from_policy(book, "A", policy(book, PLAIN), on=on, actor="ada", **more).is_new


def test_a_round_is_neither_posted_nor_cancelled_before_it_was_opened(book: Book) -> None:
    funded(book)
    solved(book)
    early, remedy = date(2024, 5, 31), "give 2024-06-01 or a later day with --on"
    assert _refused(book, lambda: rounds.post(book, "A", on=early, actor="ada")) == (
        "before-opening",
        "round A was opened on 2024-06-01 and cannot be posted on 2024-05-31",
        remedy,
    )
    assert _refused(book, lambda: rounds.cancel(book, "A", on=early, actor="ada")) == (
        "before-opening",
        "round A was opened on 2024-06-01 and cannot be cancelled on 2024-05-31",
        remedy,
    )
    assert rounds.post(book, "A", on=ON, actor="ada").is_new


def test_a_round_is_not_dated_before_the_money_it_holds(book: Book) -> None:
    funded(book)
    take(book, "contributions", contribution("C3"))
    take(book, "deposits", deposit("D3", "C3", amount="300.00"))
    take(book, "deposits", deposit("D4", "C3", amount="200.00", received_on="2024-03-05"))
    assert _refused(book, lambda: _open(book, date(2024, 3, 4))) == (
        "money-later",
        "contribution C3 has USD 500.00 since 2024-03-05, and USD 300.00 before: "
        "round A of 2024-03-04 cannot hold that",
        "open it on 2024-03-05 or later with --on, or leave the contribution out with --contributions",
    )
    assert _open(book, date(2024, 3, 4), contributions="contribution=C1")
    rounds.cancel(book, "A", on=ON, actor="ada")
    assert rounds.open_from_policy(book, "B", policy(book), on=date(2024, 3, 5), actor="ada").is_new


def test_a_round_is_not_dated_before_the_signing_of_the_money_it_holds(book: Book) -> None:
    take(book, "contributions", contribution("C1", signed_on="2024-04-01"))
    take(book, "deposits", deposit())
    take(book, "requests", request())
    assert _refused(book, lambda: _open(book, date(2024, 3, 31)))[:2] == (
        "money-later",
        "contribution C1 was signed on 2024-04-01: round A of 2024-03-31 cannot hold that",
    )
    assert _open(book, date(2024, 4, 1))


def test_a_round_does_not_hold_what_was_released_later(book: Book) -> None:
    funded(book)
    take(book, "entries", entry("E1", "administration", "900.00", purpose="p", contribution_id="C1"))
    take(book, "entries", entry("E2", "cancellation", "900.00", purpose="p", entry_date="2024-04-01"))
    assert _refused(book, lambda: _open(book, date(2024, 3, 15)))[0] == "money-later"
    assert _open(book, date(2024, 4, 1))


def test_a_posting_that_would_overdraw_a_contribution_on_a_day_only_is_refused(book: Book) -> None:
    funded(book)
    solved(book, requests="request=R3")
    take(book, "entries", entry("E1", "administration", "1000.00", purpose="p", contribution_id="C1",
                                entry_date="2024-06-02"))  # fmt: skip
    take(book, "entries", entry("E2", "cancellation", "1000.00", purpose="p", entry_date="2024-06-05"))
    assert _refused(book, lambda: posted(book)) == (
        "money-later",
        "round A would leave contribution C1 overdrawn by USD 600.00 on 2024-06-02, "
        "because the rest of its money came later",
        "post it on a later day with --on",
    )
    assert rounds.post(book, "A", on=date(2024, 6, 5), actor="ada").is_new
    assert [c for c in check_book(book) if c.findings] == []


def test_what_is_already_there_says_since_when(book: Book) -> None:
    funded(book)
    solved(book)
    posted(book)
    again = rounds.post(book, "A", on=date(2024, 7, 1), actor="ada")
    assert (again.is_new, again.since) == (False, ON)
    take(book, "requests", request("R9"))
    opened(book, "B")
    rounds.cancel(book, "B", on=date(2024, 6, 2), actor="ada")
    again = rounds.cancel(book, "B", on=date(2024, 7, 1), actor="ada")
    assert (again.is_new, again.since) == (False, date(2024, 6, 2))
