"""Fees on what comes in: what an accountant reckons by hand from the agreement is what the book charges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from books import balance, contribution, deposit, entry, lines, rate, take
from life_rows import application, bounce, figures, reversal, rounded, tier, unsound

from ledgers.store import Book

TIERS = ((0, Fraction(7, 100), 10), (500, Fraction(3, 100), 0), (1200, Fraction(1, 100), 25))
AMOUNTS = ("120.55", "0.05", "379.41", "640.07", "400.00", "33.33")


def owed(total: Fraction, tiers: tuple[tuple[int, Fraction, int], ...] = TIERS, places: int = 2) -> Fraction:
    """Return what a schedule says that all which came in bears."""
    shares, flats = Fraction(0), Fraction(0)
    for place, (above, share, flat) in enumerate(tiers):
        if total > above:
            upto = tiers[place + 1][0] if place + 1 < len(tiers) else total
            shares += share * (min(total, Fraction(upto)) - above)
            flats += flat
    return rounded(shares, places) + flats


def scheduled(book: Book, amount: str = "2000.00", **cells: object) -> None:
    """Sign an agreement with the schedule of `TIERS`."""
    percents = ("7%", "3%", "1%")
    rows = [tier(above=str(a), share=p, flat=str(f)) for (a, _, f), p in zip(TIERS, percents, strict=True)]
    take(book, "fee_schedules", *rows)
    take(book, "contributions", contribution(amount=amount, fee_schedule="S", **cells))


def journal(book: Book) -> list[tuple[object, ...]]:
    """Return every line of the book but its numbers, in order."""
    return book.connection.execute(
        "select reference, line, account, currency, amount, base_amount, p.contribution_id, request_id "
        "from ledger.posting p join ledger.entry using (entry_id) order by reference, line"
    ).fetchall()


@pytest.fixture
def book_in(tmp_path: Path) -> Callable[[str], Book]:
    """Return a maker of new books in any currency."""

    def make(currency: str) -> Book:
        path = tmp_path / f"{currency}.duckdb"
        Book.create(path, currency=currency, name="Test", opened_on=date(2024, 1, 1)).close()
        return Book.open(path, writable=True)

    return make


def test_a_percentage_is_an_expense_owed_and_not_available(book: Book) -> None:
    take(book, "contributions", contribution(fee_percent="7%"))
    take(book, "deposits", deposit(amount="400.00"))
    assert lines(book, "fee|deposit|D1|C1") == [
        ("expense:fee:administration", "USD", "28", "28", "C1"),
        ("liability:fee", "USD", "-28", "-28", "C1"),
        ("budget:resource", "USD", "28", "28", "C1"),
        ("budget:available", "USD", "-28", "-28", "C1"),
    ]
    kind, day = book.connection.execute(
        "select kind, entry_date from ledger.entry where reference like 'fee%'"
    ).fetchall()[0]
    assert (kind, day) == ("fee", date(2024, 2, 1))
    assert figures(book, "received, fees, available, uncollected") == ("400", "28", "372", "0")


@pytest.mark.parametrize(("percent", "share"), [("7%", 7), ("1%", 1), ("12.5%", Fraction(25, 2))])
def test_half_a_cent_is_charged_up(book: Book, percent: str, share: Fraction) -> None:
    take(book, "contributions", contribution(fee_percent=percent))
    amounts = ("0.50", "0.07", "1.50", "0.01", "12.36", "0.04")
    take(book, "deposits", *(deposit(f"D{n}", amount=a) for n, a in enumerate(amounts)))
    for number, amount in enumerate(amounts):
        found = lines(book, f"fee|deposit|D{number}|C1")
        expected = rounded(Fraction(amount) * Fraction(share) / 100)
        assert (Fraction(str(found[0][3])) if found else 0) == expected, (amount, found)


def test_a_percentage_is_of_what_the_bank_credited_and_not_of_what_waits_unapplied(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution(currency="EUR", amount="800.00", fee_percent="7%"))
    take(book, "deposits", deposit(currency="EUR", amount="1000.00", base_amount="1240.10", received_on="2024-01-20"))
    applied = rounded(Fraction("1240.10") * 8 / 10)
    assert applied == Fraction("992.08")
    assert balance(book, "expense:fee:administration") == rounded(applied * 7 / 100)
    assert balance(book, "budget:available", "C1") == applied - rounded(applied * 7 / 100)


def test_tiers_are_of_all_that_came_in_whether_in_one_file_or_one_by_one(fresh_book: Callable[[], Book]) -> None:
    together, apart = fresh_book(), fresh_book()
    rows = [deposit(f"D{n}", amount=a, received_on=f"2024-02-0{n + 1}") for n, a in enumerate(AMOUNTS)]
    for book in (together, apart):
        scheduled(book)
    take(together, "deposits", *reversed(rows))
    total = Fraction(0)
    for row in rows:
        before = owed(total)
        total += Fraction(str(row["amount"]))
        take(apart, "deposits", row)
        found = lines(apart, f"fee|deposit|{row['deposit_id']}|C1")
        assert (Fraction(str(found[0][3])) if found else 0) == owed(total) - before
    assert journal(together) == journal(apart)
    assert balance(apart, "liability:fee") == -owed(total)


def test_a_fixed_fee_alone_is_charged_once(book: Book) -> None:
    take(book, "fee_schedules", tier(flat="25.00", source="agreement"))
    take(book, "contributions", contribution(fee_schedule="S"))
    take(book, "deposits", deposit(amount="100.00"), deposit("D2", amount="100.00"))
    assert [bool(lines(book, f"fee|deposit|{name}|C1")) for name in ("D1", "D2")] == [True, False]
    assert figures(book, "fees, fee_schedule") == ("25", "S")


def test_a_fee_takes_no_more_than_what_came_and_the_rest_of_what_comes_next(fresh_book: Callable[[], Book]) -> None:
    together, apart = fresh_book(), fresh_book()
    rows = [
        deposit(f"D{n}", amount=a, received_on=f"2024-02-0{n + 1}") for n, a in enumerate(("10.00", "15.00", "60.00"))
    ]
    for book in (together, apart):
        take(book, "fee_schedules", tier(flat="50.00", share="10%"))
        take(book, "contributions", contribution(fee_schedule="S"))
    take(together, "deposits", *rows)
    charged = []
    for row in rows:
        take(apart, "deposits", row)
        charged.append(figures(apart, "fees, available"))
        assert unsound(apart) == {}
    # 50 and a tenth of 85 are 58.50; the first two deposits bring 25 between them.
    assert charged == [("10", "0"), ("25", "0"), ("58.5", "26.5")]
    assert journal(together) == journal(apart)


def test_what_discharges_nothing_bears_nothing_and_hides_nothing_owed(fresh_book: Callable[[], Book]) -> None:
    together, apart = fresh_book(), fresh_book()
    rows = [
        deposit("D3", amount="5.00", applied_amount="0", received_on="2024-03-01"),
        deposit("D4", amount="1000.00", received_on="2024-03-02"),
    ]
    for book in (together, apart):
        scheduled(book)
        take(book, "deposits", deposit("D1", amount="500.00"), deposit("D2", amount="500.00", received_on="2024-02-02"))
        take(book, "bounces", bounce())
    take(together, "deposits", *rows)
    for row in rows:
        take(apart, "deposits", row)
    assert journal(together) == journal(apart)
    assert balance(apart, "expense:fee:administration") == owed(Fraction(1500))


def test_a_bounce_takes_its_own_fee_back_and_the_next_deposit_sets_the_schedule_right(book: Book) -> None:
    scheduled(book)
    take(book, "deposits", deposit("D1", amount="600.00"), deposit("D2", amount="700.00", received_on="2024-02-02"))
    first = owed(Fraction(600))
    assert balance(book, "expense:fee:administration") == owed(Fraction(1300))
    take(book, "bounces", bounce())
    assert balance(book, "expense:fee:administration") == owed(Fraction(1300)) - first
    take(book, "deposits", deposit("D3", amount="300.00", received_on="2024-03-01"))
    assert balance(book, "expense:fee:administration") == owed(Fraction(1000)) == -balance(book, "liability:fee")
    assert balance(book, "budget:available", "C1") == 1000 - owed(Fraction(1000))
    assert unsound(book) == {}


def test_where_later_tiers_cost_more_a_bounce_may_leave_too_much_charged_and_the_next_deposit_is_credited(
    book: Book,
) -> None:
    take(book, "fee_schedules", tier(share="1%"), tier(above="1000", share="5%"))
    take(book, "contributions", contribution(amount="5000.00", fee_schedule="S"))
    take(book, "deposits", deposit("D1"), deposit("D2", received_on="2024-02-02"))
    take(book, "bounces", bounce())
    assert balance(book, "liability:fee") == -50
    take(book, "deposits", deposit("D3", amount="100.00", received_on="2024-03-01"))
    assert lines(book, "fee|deposit|D3|C1") == [
        ("expense:fee:administration", "USD", "-35", "-35", "C1"),
        ("liability:fee", "USD", "35", "35", "C1"),
        ("budget:resource", "USD", "-35", "-35", "C1"),
        ("budget:available", "USD", "35", "35", "C1"),
    ]
    assert figures(book, "fees, available") == ("15", "1085")


def test_receipts_bear_their_fee_when_they_are_applied_and_give_it_back_when_that_is_reversed(book: Book) -> None:
    take(book, "contributions", contribution(amount="100.00", fee_percent="7%"), contribution("C2", fee_percent="1%"))
    take(book, "deposits", deposit(amount="150.00"))
    assert balance(book, "expense:fee:administration") == 7
    take(book, "applications", application(contribution_id="C2"))
    assert lines(book, "fee|application|A1") == [
        ("expense:fee:administration", "USD", "0.5", "0.5", "C2"),
        ("liability:fee", "USD", "-0.5", "-0.5", "C2"),
        ("budget:resource", "USD", "0.5", "0.5", "C2"),
        ("budget:available", "USD", "-0.5", "-0.5", "C2"),
    ]
    take(book, "entries", entry("P1", "fee-payment", "7.50", entry_date="2024-05-01"))
    take(book, "reversals", reversal("application|A1"))
    # It was paid out already, so half a dollar is owed back.
    assert (balance(book, "expense:fee:administration"), balance(book, "liability:fee")) == (7, Decimal("0.50"))
    assert figures(book, "available, fees, received, transferred, receivable", "C2") == ("0", "0", "0", "0", "1000")
    assert figures(book, "unapplied, transferred") == ("50", "0")
    assert unsound(book) == {}


@pytest.mark.parametrize(("currency", "amount", "fee"), [("JPY", "107", "7"), ("KWD", "1.007", "0.07")])
def test_a_fee_is_in_the_books_smallest_unit(
    book_in: Callable[[str], Book], currency: str, amount: str, fee: str
) -> None:
    with book_in(currency) as book:
        take(book, "fee_schedules", tier(share="7%"))
        whole = "1000" if currency == "JPY" else "1000.000"
        take(
            book,
            "contributions",
            contribution(currency=currency, amount=whole, fee_percent="7%"),
            contribution("C2", currency=currency, amount=whole, fee_schedule="S"),
        )
        take(
            book,
            "deposits",
            deposit(currency=currency, amount=amount),
            deposit("D2", "C2", currency=currency, amount=amount),
        )
        for name in ("C1", "C2"):
            assert figures(book, "fees", name) == (fee,)
        assert unsound(book) == {}


def test_fees_are_paid_out_of_what_is_owed_pro_rata(book: Book) -> None:
    take(book, "rates", rate("EUR", "2024-03-01", "0.8"))
    take(book, "contributions", contribution(fee_percent="7%"), contribution("C2", fee_percent="3%"))
    take(book, "deposits", deposit(), deposit("D2", "C2"))
    take(book, "entries", entry("P1", "fee-payment", "33.33"))
    # 33.33 over 70:30 is 23.331 and 9.999.
    assert lines(book, "entries|P1") == [
        ("liability:fee", "USD", "23.33", "23.33", "C1"),
        ("asset:cash:main", "USD", "-23.33", "-23.33", "C1"),
        ("liability:fee", "USD", "10", "10", "C2"),
        ("asset:cash:main", "USD", "-10", "-10", "C2"),
    ]
    take(book, "entries", entry("P2", "fee-payment", "66.67"))
    assert balance(book, "liability:fee") == balance(book, "liability:fee", "C1") == 0
    assert unsound(book) == {}
