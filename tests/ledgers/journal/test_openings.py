"""A fund moves in: what its old books had becomes entries, and everything that cannot be is refused by name."""

from __future__ import annotations

import pytest
from books import balance, contribution, counts, lines, rate, refusal, request, take, told
from life_rows import bank, close_book, figures, unsound

from ledgers.store import Book

AGREEMENT = {"request_id": "R1", "commitment_id": "K1", "implementer": "I1", "signed_on": "2024-01-03"}


def opening(opening_id: str = "O1", item: str = "cash", amount: str = "100.00", **cells: object) -> dict[str, object]:
    """Return a row of an opening file: in dollars, as of 31 January 2024."""
    plain = {"as_of": "2024-01-31", "currency": "USD"}
    return {"opening_id": opening_id, "item": item, "amount": amount, **plain, **cells}


def of(item: str, amount: str, opening_id: str = "", **cells: object) -> dict[str, object]:
    """Return an opening balance of C1."""
    return opening(opening_id or item, item, amount, **{"contribution_id": "C1", **cells})


@pytest.fixture
def moving(book: Book) -> Book:
    """Return a book in which C1 has signed 1,000 dollars and C2 500 euros, at 0.8 a dollar, and R1 asks."""
    take(book, "rates", rate())
    take(book, "contributions", contribution("C1"), contribution("C2", donor="KfW", currency="EUR", amount="500.00"))
    take(book, "contributions", contribution("C3", donor="BMZ", stage="pledge"))
    take(book, "requests", request("R1"))
    return book


def test_the_balances_of_a_fund_become_entries_and_the_checks_hold(moving: Book) -> None:
    rows = (
        opening("cash", "cash", "435.00"),
        of("received", "900.00"),
        of("available", "200.00"),
        of("allocated", "100.00", request_id="R1"),
        of("committed", "90.00", **AGREEMENT),
        of("advance", "70.00", **AGREEMENT),
        of("spent", "300.00", **AGREEMENT),
        of("fees", "15.00"),
        of("owed-to-donor", "30.00"),
    )
    assert counts(take(moving, "opening", *rows)) == (9, 0)
    assert counts(take(moving, "opening", *rows)) == (0, 9)
    names = "received, available, allocated, committed, disbursed, fees"
    assert figures(moving, names) == ("0", "200", "560", "90", "370", "0")
    accounts = ("asset:receivable", "asset:advance", "expense:programme", "liability:fee", "liability:donor-refund")
    assert [balance(moving, account, "C1") for account in accounts] == [100, 70, 300, -15, -30]
    assert lines(moving, "opening|cash") == [
        ("asset:cash:main", "USD", "435", "435", None),
        ("equity:opening", "USD", "-435", "-435", None),
    ]
    assert unsound(moving) == {}


def test_what_came_in_other_money_is_kept_in_it(moving: Book) -> None:
    euros = {"currency": "EUR", "amount": "80.00"}
    take(moving, "opening", opening("E", "cash", **euros), opening("F", "received", contribution_id="C2", **euros))
    assert lines(moving, "opening|E")[0] == ("asset:cash:main", "EUR", "80", "100", None)
    assert balance(moving, "asset:receivable", "C2") == 420


@pytest.mark.parametrize(
    ("row", "code", "column", "reason"),
    [
        (of("received", "900.00", contribution_id=""), "opening-unclear", "contribution_id",
         "a balance of received is of a contribution, and the cell is empty"),
        (of("allocated", "9.00"), "opening-unclear", "request_id",
         "a balance of allocated is of a request, and the cell is empty"),
        (of("committed", "9.00", **{**AGREEMENT, "commitment_id": ""}), "opening-unclear", "commitment_id",
         "a balance of committed is of a grant agreement, and the cell is empty"),
        (of("received", "9.00", contribution_id="C9"), "contribution-unknown", "contribution_id",
         "the book has no signed contribution C9"),
        (of("received", "9.00", contribution_id="C3"), "contribution-unknown", "contribution_id",
         "the book has no signed contribution C3"),
        (of("allocated", "9.00", request_id="R9"), "request-unknown", "request_id", "the book has no request R9"),
        (of("available", "9.00", currency="EUR"), "currency-not-base", "currency",
         "a balance of available is kept in USD"),
        (of("received", "9.00", currency="EUR"), "opening-currency", "currency", "contribution C1 is in USD"),
        (of("received", "1000.01"), "received-exceeded", "amount",
         "of C1 1000.00 USD is outstanding, and 1000.01 was received"),
        (opening(bank="lima"), "bank-unknown", "bank", "the book has no account lima at a bank"),
        (opening(base_amount="99.00"), "base-amount-differs", "base_amount",
         "an amount in USD is its own base amount, 100.00"),
        (opening(currency="JPY", amount="100"), "rate-missing", "currency", "there is no rate for JPY on 2024-01-31"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(moving: Book, row: dict[str, object], code: str, column: str, reason: str) -> None:
    found = refusal(moving, "opening", row)
    assert [(one.code, one.column) for one in found] == [(code, column)]
    assert found[0].reason.startswith(reason)


def test_an_agreement_has_one_request_one_implementer_and_one_day_of_signing(moving: Book) -> None:
    rows = of("committed", "9.00", "A", **AGREEMENT), of("advance", "9.00", "B", **{**AGREEMENT, "implementer": "I2"})
    assert [(one.code, one.line) for one in refusal(moving, "opening", *rows)] == [
        ("opening-agreement", 2),
        ("opening-agreement", 3),
    ]


def test_the_same_id_with_another_balance_is_a_conflict(moving: Book) -> None:
    take(moving, "opening", opening(), opening("B", bank="main"))
    found = refusal(moving, "opening", opening(amount="101.00"))
    assert [told(one)[0] for one in found] == ["opening-conflict"]
    take(moving, "opening_totals", {"item": "cash", "currency": "USD", "amount": "200.00"})
    found = refusal(moving, "opening_totals", {"item": "cash", "currency": "USD", "amount": "201.00"})
    assert [one.code for one in found] == ["opening-total-conflict"]


def test_nothing_moves_in_on_a_closed_day(moving: Book) -> None:
    close_book(moving, "2024-02-01")
    assert [one.code for one in refusal(moving, "opening", opening())] == ["period-closed"]


def test_cash_comes_to_the_bank_that_it_is_at(moving: Book) -> None:
    take(moving, "banks", bank("lima", "USD"))
    take(moving, "opening", opening(bank="lima"))
    assert lines(moving, "opening|O1")[0] == ("asset:cash:lima", "USD", "100", "100", None)
