"""What every movement on an award takes of each contribution: the rule of three, its cents dealt out by a rule."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from awards import (
    allocate,
    cleared,
    commitment,
    disallowance,
    disbursement,
    expenditure,
    only,
    recovery,
    refund,
    release,
    split,
    standing,
)
from books import contribution, counts, deposit, entry, request, take

from ledgers.store import Book

PARTS = {"C1": "100.01", "C2": "200.02", "C3": "33.34"}
SPENT = ("61.11", "0.01", "0.02", "77.77", "13.13")


def fair(units: int, weights: dict[str, int]) -> dict[str, int]:
    """Deal out whole cents in proportion: whole parts first, then one each to the largest remainders, then by id."""
    total = sum(weights.values())
    exact = {whose: Fraction(units * weight, total) for whose, weight in weights.items()}
    parts = {whose: int(share) for whose, share in exact.items()}
    rest = units - sum(parts.values())
    for whose in sorted(parts, key=lambda one: (parts[one] - exact[one], one))[:rest]:
        parts[whose] += 1
    return parts


def cents(text: str) -> int:
    """Return an amount with two places as cents."""
    whole, _, places = text.partition(".")
    return int(whole) * 100 + int(places)


def in_cents(parts: dict[str, str]) -> dict[str, int]:
    """Return amounts by contribution as cents."""
    return {whose: cents(amount) for whose, amount in parts.items()}


def _three(book: Book) -> None:
    take(book, "contributions", *(contribution(name) for name in PARTS))
    take(book, "deposits", *(deposit(f"D{name}", name) for name in PARTS))
    take(book, "requests", request())
    allocate(book, "R1", PARTS)
    cleared(book)
    take(book, "commitments", commitment(amount="333.37"))


def _disbursements() -> list[dict[str, object]]:
    return [disbursement(amount, f"P{n}", paid_on=f"2024-03-{n:02}") for n, amount in enumerate(SPENT, start=4)]


def _expected() -> dict[str, dict[str, int]]:
    left = in_cents(PARTS)
    expected = {}
    for n, amount in enumerate(SPENT, start=4):
        expected[f"P{n}"] = fair(cents(amount), left)
        left = {whose: left[whose] - part for whose, part in expected[f"P{n}"].items()}
    return expected


@pytest.mark.parametrize(
    "order",
    [lambda rows: rows, lambda rows: rows[::-1], lambda rows: rows[2:] + rows[:2]],
    ids=["as is", "back", "cut"],
)
def test_one_file_in_any_order_is_split_as_one_by_one(
    fresh_book: Callable[[], Book], order: Callable[[list[dict[str, object]]], list[dict[str, object]]]
) -> None:
    book = fresh_book()
    _three(book)
    assert counts(take(book, "disbursements", *order(_disbursements()))) == (5, 0)
    found = {name: in_cents(split(book, f"disbursement|{name}", "asset:advance")) for name in _expected()}
    assert found == {
        name: {whose: part for whose, part in parts.items() if part} for name, parts in _expected().items()
    }


def test_one_by_one_is_split_as_in_one_file(book: Book) -> None:
    _three(book)
    for row in _disbursements():
        take(book, "disbursements", row)
    for name, parts in _expected().items():
        found = in_cents(split(book, f"disbursement|{name}", "asset:advance"))
        assert found == {whose: part for whose, part in parts.items() if part}
    assert sum(in_cents(standing(book, "budget:committed")).values()) == 33337 - sum(map(cents, SPENT))


def test_on_one_day_references_decide_who_comes_first(book: Book) -> None:
    _three(book)
    rows = [disbursement(amount, f"P{n}") for n, amount in enumerate(SPENT, start=4)]
    take(book, "disbursements", *rows[::-1])
    for name, parts in _expected().items():
        found = in_cents(split(book, f"disbursement|{name}", "asset:advance"))
        assert found == {whose: part for whose, part in parts.items() if part}


def test_the_last_one_takes_exactly_what_is_left_of_each(book: Book) -> None:
    _three(book)
    take(book, "disbursements", *_disbursements())
    left = standing(book, "budget:committed")
    take(book, "releases", release(released_on="2024-03-20"))
    assert split(book, "release|L1", "budget:available") == left
    assert standing(book, "budget:committed") == {}
    held = standing(book, "asset:advance")
    total = f"{sum(in_cents(held).values()) / 100:.2f}"
    take(book, "refunds", refund(total, received_on="2024-03-20"))
    assert split(book, "refund|F1", "budget:available") == held
    assert standing(book, "asset:advance") == standing(book, "budget:disbursed") == {}


def test_equal_remainders_go_to_the_earlier_id(book: Book) -> None:
    take(book, "contributions", *(contribution(name) for name in ("C1", "C2", "C3")))
    take(book, "deposits", *(deposit(f"D{name}", name) for name in ("C1", "C2", "C3")))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "10.00", "C2": "10.00", "C3": "10.00"})
    cleared(book)
    take(book, "commitments", commitment(amount="0.02"), commitment("K2", amount="0.02"))
    assert split(book, "commitment|K1", "budget:committed") == {"C1": "0.01", "C2": "0.01"}
    # Then 9.99, 9.99 and 10.00 are left: the largest remainder first, then the earlier id.
    assert split(book, "commitment|K2", "budget:committed") == {"C1": "0.01", "C3": "0.01"}


def test_agreements_of_one_request_have_their_own_money(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "100.00"}, name="A")
    cleared(book, "I1", "I2")
    take(book, "commitments", commitment("K1", amount="100.00"))
    allocate(book, "R1", {"C2": "50.00"}, name="B")
    take(book, "commitments", commitment("K2", amount="50.00", implementer="I2"))
    take(book, "disbursements", disbursement("60.00", "P1"), disbursement("20.00", "P2", commitment_id="K2"))
    assert split(book, "disbursement|P1", "asset:advance") == {"C1": "60.00"}
    assert split(book, "disbursement|P2", "asset:advance") == {"C2": "20.00"}
    take(book, "expenditures", expenditure("20.00", commitment_id="K2"))
    assert standing(book, "asset:advance", "K1") == {"C1": "60.00"}
    assert standing(book, "asset:advance", "K2") == {}
    assert only(book, "expenditures", expenditure("0.01", "X2", commitment_id="K2"))[3] == (
        "the implementer of K2 holds 0.00, and 0.01 is reported as spent"
    )


@pytest.mark.parametrize(
    ("kind", "row", "code", "reason", "remedy"),
    [
        (
            "expenditures",
            expenditure(),
            "advance-exceeded",
            "the implementer of K1 holds 0.00, and 100.00 is reported as spent",
            "correct the amount, or record the disbursement first",
        ),
        (
            "refunds",
            refund(),
            "advance-exceeded",
            "the implementer of K1 holds 0.00, and 30.00 is given back",
            "correct the amount, or record the disbursement first",
        ),
        (
            "disallowances",
            disallowance(),
            "expenditure-exceeded",
            "the expenditure of K1 is 0.00, and 40.00 of it would be taken back",
            "correct the amount, or the day",
        ),
        (
            "recoveries",
            recovery(),
            "recovery-exceeded",
            "the implementer of K1 owes 0.00, and 40.00 would be recovered",
            "correct the amount, or record the disallowed cost first",
        ),
    ],
)
def test_what_takes_from_a_balance_that_never_was_is_refused(
    signed: Book, kind: str, row: dict[str, object], code: str, reason: str, remedy: str
) -> None:
    assert only(signed, kind, row) == (code, 2, "amount", reason, remedy)


def test_fees_that_were_never_charged_are_not_paid_out(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    assert only(book, "entries", entry("E1", "fee-payment", "5.00")) == (
        "fees-exceeded",
        2,
        "amount",
        "of the fees charged 0.00 is owed, and 5.00 would be paid out",
        "correct the amount, or the day",
    )


def test_a_donor_is_not_given_back_what_it_is_not_owed(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    row = {"donor_refund_id": "B1", "contribution_id": "C1", "paid_on": "2024-03-02", "currency": "USD"}
    remedy = "correct the amount, or record with `facility contribution return` that it is owed"
    assert only(book, "donor_refunds", {**row, "amount": "5.00"}) == (
        "donor-refund-exceeded",
        2,
        "amount",
        "0.00 is owed to the donor of C1, and 5.00 would be given back",
        remedy,
    )
    returned = {
        "return_id": "T1",
        "contribution_id": "C1",
        "decided_on": "2024-03-01",
        "reason": "left",
        "amount": "5.00",
    }
    take(book, "returns", returned)
    assert counts(take(book, "donor_refunds", {**row, "amount": "4.00"})) == (1, 0)
    again = {**row, "donor_refund_id": "B2", "amount": "1.01"}
    assert only(book, "donor_refunds", again)[3] == "1.00 is owed to the donor of C1, and 1.01 would be given back"
