"""Every movement on an award is an entry of these very lines, in dollars and in other money."""

from __future__ import annotations

from datetime import date

from awards import (
    allocate,
    cleared,
    commitment,
    disallowance,
    disbursement,
    expenditure,
    recovery,
    refund,
    release,
    split,
    standing,
)
from books import ON, contribution, counts, deposit, lines, rate, request, take

from ledgers.life.contributions import close_contribution
from ledgers.life.grants import close_commitment
from ledgers.store import Book


def _usd(*rows: tuple[str, str, str]) -> list[tuple[object, ...]]:
    """Return lines in dollars: account, amount, contribution."""
    return [(account, "USD", amount, amount, whose) for account, amount, whose in rows]


def test_a_commitment_takes_what_is_allocated(signed: Book) -> None:
    assert lines(signed, "commitment|K1") == _usd(
        ("budget:committed", "100", "C1"),
        ("budget:allocated", "-100", "C1"),
        ("budget:committed", "200", "C2"),
        ("budget:allocated", "-200", "C2"),
    )
    row = signed.connection.execute(
        "select commitment_id, version, request_id, implementer, signed_on, amount::varchar, indirect_max::varchar "
        "from ledger.commitment"
    ).fetchall()
    assert row == [("K1", 1, "R1", "I1", date(2024, 3, 2), "300.0000", "0.070000")]


def test_a_disbursement_is_cash_into_the_hands_of_the_implementer(running: Book) -> None:
    # 200 x 100/300 = 66.666..., 200 x 200/300 = 133.333...; the cent left goes to the larger remainder.
    assert lines(running, "disbursement|P1") == _usd(
        ("asset:advance", "66.67", "C1"),
        ("asset:cash:main", "-66.67", "C1"),
        ("budget:disbursed", "66.67", "C1"),
        ("budget:committed", "-66.67", "C1"),
        ("asset:advance", "133.33", "C2"),
        ("asset:cash:main", "-133.33", "C2"),
        ("budget:disbursed", "133.33", "C2"),
        ("budget:committed", "-133.33", "C2"),
    )


def test_expenditure_leaves_the_hands_of_the_implementer(running: Book) -> None:
    # 100 x 66.67/200 = 33.335, 100 x 133.33/200 = 66.665: equal remainders, so the cent goes to the earlier id.
    assert lines(running, "expenditure|X1") == _usd(
        ("expense:programme", "33.34", "C1"),
        ("asset:advance", "-33.34", "C1"),
        ("expense:programme", "66.66", "C2"),
        ("asset:advance", "-66.66", "C2"),
    )


def test_a_refund_is_available_again(running: Book) -> None:
    # The implementer holds 33.33 and 66.67: 30 x 33.33/100 = 9.999, 30 x 66.67/100 = 20.001.
    take(running, "refunds", refund("30.00"))
    assert lines(running, "refund|F1") == _usd(
        ("asset:cash:main", "10", "C1"),
        ("asset:advance", "-10", "C1"),
        ("budget:disbursed", "-10", "C1"),
        ("budget:available", "10", "C1"),
        ("asset:cash:main", "20", "C2"),
        ("asset:advance", "-20", "C2"),
        ("budget:disbursed", "-20", "C2"),
        ("budget:available", "20", "C2"),
    )


def test_a_release_frees_what_is_committed_and_all_of_it_unless_an_amount_is_given(running: Book) -> None:
    take(running, "releases", release("L1", amount="0.01"))
    assert lines(running, "release|L1") == _usd(("budget:available", "0.01", "C2"), ("budget:committed", "-0.01", "C2"))
    take(running, "releases", release("L2"))
    assert lines(running, "release|L2") == _usd(
        ("budget:available", "33.33", "C1"),
        ("budget:committed", "-33.33", "C1"),
        ("budget:available", "66.66", "C2"),
        ("budget:committed", "-66.66", "C2"),
    )
    assert standing(running, "budget:committed") == {}
    assert counts(take(running, "releases", release("L2"))) == (0, 1)


def test_cost_that_is_not_allowed_is_owed_and_then_made_good(running: Book) -> None:
    # 40 x 33.34/100 = 13.336, 40 x 66.66/100 = 26.664.
    take(running, "disallowances", disallowance())
    assert lines(running, "disallowance|N1") == _usd(
        ("asset:receivable:implementer", "13.34", "C1"),
        ("expense:programme", "-13.34", "C1"),
        ("asset:receivable:implementer", "26.66", "C2"),
        ("expense:programme", "-26.66", "C2"),
    )
    take(running, "recoveries", recovery("10.00"))
    # 10 x 13.34/40 = 3.335, 10 x 26.66/40 = 6.665.
    assert lines(running, "recovery|V1") == _usd(
        ("asset:cash:main", "3.34", "C1"),
        ("asset:receivable:implementer", "-3.34", "C1"),
        ("budget:disbursed", "-3.34", "C1"),
        ("budget:available", "3.34", "C1"),
        ("asset:cash:main", "6.66", "C2"),
        ("asset:receivable:implementer", "-6.66", "C2"),
        ("budget:disbursed", "-6.66", "C2"),
        ("budget:available", "6.66", "C2"),
    )


def test_every_line_says_whose_it_is(running: Book) -> None:
    take(running, "refunds", refund())
    take(running, "releases", release())
    rows = running.connection.execute(
        "select distinct kind, account, request_id, party_id, commitment_id from ledger.posting "
        "join ledger.entry using (entry_id) where kind in "
        "('commitment', 'disbursement', 'expenditure', 'refund', 'release') order by all"
    ).fetchall()
    of_the_agreement = {"budget:committed", "budget:disbursed", "asset:advance", "expense:programme"}
    assert {(kind, account) for kind, account, *_ in rows if account in of_the_agreement} == {
        ("commitment", "budget:committed"),
        ("disbursement", "asset:advance"),
        ("disbursement", "budget:committed"),
        ("disbursement", "budget:disbursed"),
        ("expenditure", "asset:advance"),
        ("expenditure", "expense:programme"),
        ("refund", "asset:advance"),
        ("refund", "budget:disbursed"),
        ("release", "budget:committed"),
    }
    for _, account, *who in rows:
        assert who == ["R1", "I1", "K1" if account in of_the_agreement else None]


def test_what_comes_back_after_the_use_by_date_is_owed_to_the_donor(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2", use_by="2024-03-05"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "100.00", "C2": "200.00"})
    cleared(book)
    take(book, "commitments", commitment(ends_on="2024-03-05"))
    take(book, "disbursements", disbursement())
    take(book, "refunds", refund("100.00", "F1", received_on="2024-03-05"))
    assert split(book, "refund|F1", "budget:available") == {"C1": "33.34", "C2": "66.66"}
    # It holds 33.33 and 66.67 then: 30 of it are 9.999 and 20.001.
    take(book, "refunds", refund("30.00", "F2"))
    assert lines(book, "refund|F2") == _usd(
        ("asset:cash:main", "10", "C1"),
        ("asset:advance", "-10", "C1"),
        ("budget:disbursed", "-10", "C1"),
        ("budget:available", "10", "C1"),
        ("asset:cash:main", "20", "C2"),
        ("asset:advance", "-20", "C2"),
        ("budget:disbursed", "-20", "C2"),
        ("budget:resource", "20", "C2"),
        ("income:contribution:returned", "20", "C2"),
        ("liability:donor-refund", "-20", "C2"),
    )
    # What is released never left the facility, and stays available; a return to the donor is a decision of its own.
    take(book, "releases", release())
    assert split(book, "release|L1", "budget:available") == {"C1": "33.33", "C2": "66.67"}


def test_what_is_recovered_after_a_contribution_is_closed_is_owed_to_its_donor(book: Book) -> None:
    take(book, "contributions", contribution(amount="100.00"))
    take(book, "deposits", deposit(amount="100.00"))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "100.00"})
    cleared(book)
    take(book, "commitments", commitment(amount="100.00"))
    take(book, "disbursements", disbursement("100.00"))
    take(book, "expenditures", expenditure("100.00", status="final"))
    with book.lane(actor="ada", command="close") as lane:
        assert close_commitment(book, lane, "K1", "operational", on=date(2024, 3, 6), reason="ended")
        assert close_commitment(book, lane, "K1", "financial", on=date(2024, 3, 6), reason="reported")
        assert close_contribution(book, lane, "C1", on=date(2024, 3, 6), reason="used up")
    take(book, "disallowances", disallowance())
    take(book, "recoveries", recovery())
    assert lines(book, "recovery|V1") == _usd(
        ("asset:cash:main", "40", "C1"),
        ("asset:receivable:implementer", "-40", "C1"),
        ("budget:disbursed", "-40", "C1"),
        ("budget:resource", "40", "C1"),
        ("income:contribution:returned", "40", "C1"),
        ("liability:donor-refund", "-40", "C1"),
    )
    assert standing(book, "budget:available") == {}


def _with_euros(book: Book) -> None:
    """Have R1 hold 100 of C1 and 200 of C3, whose 500 euros lie at a bank of their own; K1 is on all of it."""
    take(book, "banks", {"bank": "eur", "currency": "EUR", "name": "Euro account"})
    take(book, "rates", rate(units="0.8"), rate(rate_date="2024-03-01", units="0.8"))
    take(book, "contributions", contribution("C1"), contribution("C3", currency="EUR"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D3", "C3", currency="EUR", amount="500.00", bank="eur"))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "100.00", "C3": "200.00"})
    cleared(book)
    take(book, "commitments", commitment())


def test_euros_leave_and_come_back_as_euros_through_conversion(book: Book) -> None:
    _with_euros(book)
    take(book, "disbursements", disbursement("80.00", currency="EUR", bank="eur"))
    # 80 EUR / 0.8 = 100 USD, a third of it of C1.
    parts = _usd(
        ("asset:advance", "33.33", "C1"),
        ("equity:conversion:USD", "-33.33", "C1"),
        ("budget:disbursed", "33.33", "C1"),
        ("budget:committed", "-33.33", "C1"),
        ("asset:advance", "66.67", "C3"),
        ("equity:conversion:USD", "-66.67", "C3"),
        ("budget:disbursed", "66.67", "C3"),
        ("budget:committed", "-66.67", "C3"),
    )
    assert lines(book, "disbursement|P1") == [
        *parts,
        ("asset:cash:eur", "EUR", "-80", "-100", None),
        ("equity:conversion:EUR", "EUR", "80", "100", None),
    ]
    row = book.connection.execute(
        "select m.currency, m.amount::varchar, m.base_amount::varchar, r.units_per_base::varchar, m.bank "
        "from ledger.movement m join ledger.rate r using (rate_id) where m.kind = 'disbursement'"
    ).fetchall()
    assert row == [("EUR", "80.0000", "100.0000", "0.80000000", "eur")]
    # What the bank made of it counts before any rate; 31 x 33.33/100 = 10.3323.
    take(book, "refunds", refund("24.00", currency="EUR", base_amount="31.00", bank="eur"))
    assert split(book, "refund|F1", "budget:available") == {"C1": "10.33", "C3": "20.67"}
    assert lines(book, "refund|F1")[-2:] == [
        ("asset:cash:eur", "EUR", "24", "31", None),
        ("equity:conversion:EUR", "EUR", "-24", "-31", None),
    ]
    take(book, "expenditures", expenditure("24.00", currency="EUR"))
    assert split(book, "expenditure|X1", "expense:programme") == {"C1": "10.00", "C3": "20.00"}
    take(book, "disallowances", disallowance("10.00"))
    take(book, "recoveries", recovery("8.00", currency="EUR", bank="eur"))
    assert lines(book, "recovery|V1")[-2:] == [
        ("asset:cash:eur", "EUR", "8", "10", None),
        ("equity:conversion:EUR", "EUR", "-8", "-10", None),
    ]
    held = book.connection.execute(
        "select sum(amount)::varchar from ledger.posting where account = 'asset:cash:eur' and currency = 'EUR'"
    ).fetchall()
    assert held == [("452.0000",)]


def test_the_rate_of_the_day_counts_half_a_cent_away_from_zero(book: Book) -> None:
    _with_euros(book)
    take(book, "rates", rate(rate_date="2024-03-04", units="0.3"), rate(rate_date="2024-03-05", units="0.4"))
    # 10.01 / 0.3 = 33.3666...; 10.01 / 0.4 = 25.025.
    take(
        book,
        "disbursements",
        disbursement("10.01", "P1", currency="EUR", bank="eur"),
        disbursement("10.01", "P2", currency="EUR", bank="eur", paid_on="2024-03-05"),
    )
    rows = book.connection.execute(
        "select movement_id, base_amount::varchar from ledger.movement where kind = 'disbursement' order by 1"
    ).fetchall()
    assert rows == [("P1", "33.3700"), ("P2", "25.0300")]


def test_a_file_dated_after_its_import_is_taken_with_a_remark(signed: Book) -> None:
    done = take(signed, "disbursements", disbursement(paid_on="2024-06-02"), on=ON)
    assert [one.code for one in done.warnings] == ["date-in-future"]
    assert counts(done) == (1, 0)
