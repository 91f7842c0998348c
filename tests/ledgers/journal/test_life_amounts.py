"""What was signed for changes, is given up or comes in kind: the value that stands is that of what is to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from books import ON, balance, contribution, counts, deposit, lines, rate, request, state, take
from life_rows import amend, figures, instalment, left, note, reversal, rounded, unsound, write_off
from test_life_bounces import AGREEMENTS, held, solved

from facility.usecases import rounds
from facility.usecases.amend_contribution import amount_given
from ledgers.errors import FacilityError
from ledgers.store import Book

IDENTITY = "signed + exchange_difference - receivable - notes - written_off + unapplied - received - transferred"


def euros(book: Book, amount: str = "1000.00", **cells: object) -> None:
    """Sign an agreement in euros at 0.8 to the dollar; later rates are 0.5 and then 1."""
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"), rate(rate_date="2024-03-01", units="1"))
    take(book, "contributions", contribution(currency="EUR", amount=amount, **cells))


def test_more_is_worth_what_it_is_on_the_day(book: Book) -> None:
    euros(book)
    assert amend(book, "1500.00", on="2024-02-10") == 2
    assert lines(book, "amendment|C1|2") == [
        ("asset:receivable", "EUR", "500", "1000", "C1"),
        ("income:contribution", "EUR", "-500", "-1000", "C1"),
    ]
    assert figures(book, "version, amount, base_amount, signed, receivable, reason") == (
        *("2", "1500", "2250", "2250", "2250"),
        "agreed",
    )
    assert amend(book, "1500.00", on="2024-02-10") is None
    assert unsound(book) == {}


def test_less_goes_at_the_value_at_which_it_stands_and_needs_no_rate(book: Book) -> None:
    euros(book)
    take(book, "deposits", deposit(currency="EUR", amount="900.00", received_on="2024-01-20"))
    amend(book, "950.00", on="2024-05-30")
    assert lines(book, "amendment|C1|2") == [
        ("asset:receivable", "EUR", "-50", "-62.5", "C1"),
        ("income:contribution", "EUR", "50", "62.5", "C1"),
    ]
    amend(book, "900.00", on="2024-05-30")
    assert left(book, "asset:receivable") == {}
    assert figures(book, f"signed, base_amount, received, available, {IDENTITY}") == (*("1125",) * 4, "0")
    assert unsound(book) == {}


def test_amended_up_and_down_between_deposits_the_last_deposit_leaves_no_residue(book: Book) -> None:
    euros(book, "100.01")
    take(book, "deposits", deposit("D1", currency="EUR", amount="33.34", received_on="2024-01-20"))
    amend(book, "133.37", on="2024-02-10")
    value = rounded(Fraction("100.01") * 10 / 8) - rounded(
        rounded(Fraction("100.01") * 10 / 8) * Fraction("33.34") / Fraction("100.01")
    )
    value += rounded(Fraction("33.36") / Fraction(1, 2))
    assert balance(book, "asset:receivable", base=True) == value
    take(book, "deposits", deposit("D2", currency="EUR", amount="11.11", received_on="2024-02-11"))
    value -= rounded(value * Fraction("11.11") / Fraction("100.03"))
    assert balance(book, "asset:receivable", base=True) == value
    amend(book, "66.66", on="2024-03-02")
    value -= rounded(value * Fraction("66.71") / Fraction("88.92"))
    assert balance(book, "asset:receivable", base=True) == value
    take(book, "deposits", deposit("D3", currency="EUR", amount="22.21", received_on="2024-03-03"))
    assert left(book, "asset:receivable") == {}
    assert figures(book, IDENTITY) == ("0",)
    assert unsound(book) == {}


def test_pledges_and_gifts_in_kind_are_amended_as_memos(book: Book) -> None:
    euros(book, stage="pledge")
    take(book, "contributions", contribution("K1", currency="EUR", stage="in-kind"))
    assert lines(book, "in-kind|K1") == [
        ("memo:in-kind", "EUR", "1000", "1250", "K1"),
        ("memo:contra", "EUR", "-1000", "-1250", "K1"),
    ]
    amend(book, "600.00", on="2024-02-10")
    assert lines(book, "amendment|C1|2") == [
        ("memo:pledge", "EUR", "-400", "-500", "C1"),
        ("memo:contra", "EUR", "400", "500", "C1"),
    ]
    amend(book, "1100.00", on="2024-02-10", contribution_id="K1")
    assert figures(book, "pledged, signed, receivable, available") == ("750", "0", "0", "0")
    assert figures(book, "in_kind, signed, receivable, available", "K1") == ("1450", "0", "0", "0")
    take(book, "contributions", contribution(currency="EUR", amount="600.00", signed_on="2024-02-20"))
    assert figures(book, "pledged, signed, receivable") == ("0", "1200", "1200")
    assert unsound(book) == {}


def test_an_amount_below_what_came_or_beyond_what_the_book_holds_is_refused(book: Book) -> None:
    euros(book)
    take(book, "rates", rate("JPY", "2024-01-10", "0.00001"))
    take(
        book,
        "contributions",
        contribution("C2", conditional="yes"),
        contribution("C3", currency="JPY", amount="1000"),
    )
    take(book, "deposits", deposit(currency="EUR", amount="300.00"))
    take(book, "promissory_notes", note(amount="200.00"))
    take(book, "write_offs", write_off(amount="100.00"))
    take(
        book,
        "contribution_conditions",
        {"contribution_id": "C2", "condition": "K", "met_on": "2024-03-01", "amount": "250.00", "source": "s"},
    )
    before = state(book)
    for name, amount, least in (
        ("C1", "599.99", "EUR 600.00"),
        ("C2", "249.99", "USD 250.00"),
        ("C1", "0", "EUR 600.00"),
    ):
        with pytest.raises(FacilityError) as refused:
            amend(book, amount, contribution_id=name)
        assert (refused.value.code, refused.value.message, refused.value.remedy) == (
            "amount-below-received",
            f"of contribution {name} {least} is received, written off or set free already, "
            f"and its amount would be {least[:3]} {Decimal(amount):.2f}",
            "give an amount not below that; what was received is given back with `facility contribution return`",
        )
    with pytest.raises(FacilityError) as refused:
        amend(book, "90000000000000", contribution_id="C3", on="2024-01-20")
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "amount-out-of-range",
        "the amount is worth more USD than the book can hold at 0.00001000 JPY per USD",
        "split the contribution, or check its unit and the rate",
    )
    with pytest.raises(FacilityError) as refused:
        amend(book, "1000.01", on="2024-05-30")
    assert (refused.value.code, refused.value.message) == (
        "rate-missing",
        "there is no rate for EUR on 2024-05-30; the latest before it is of 2024-03-01",
    )
    with pytest.raises(FacilityError) as refused:
        amount_given(book, "C3", "0.5")
    assert refused.value.code == "amount-invalid"
    assert state(book) == before
    amend(book, "600.00")
    amend(book, "250.00", contribution_id="C2")
    assert left(book, "asset:receivable") == {}


def test_a_write_off_in_parts_in_another_currency_leaves_nothing_and_touches_no_income(book: Book) -> None:
    euros(book, "100.01")
    take(book, "deposits", deposit(currency="EUR", amount="33.34", received_on="2024-01-20"))
    rows = [write_off("W1", "22.22"), write_off("W2", "11.11")]
    assert counts(take(book, "write_offs", *rows)) == (2, 0)
    assert counts(take(book, "write_offs", *rows)) == (0, 2)
    # Of 66.67 euros to come, at 83.34 dollars.
    first = rounded(Fraction("83.34") * Fraction("22.22") / Fraction("66.67"))
    assert first == Fraction("27.78")
    assert lines(book, "write-off|W1") == [
        ("expense:write-off", "EUR", "22.22", "27.78", "C1"),
        ("asset:receivable", "EUR", "-22.22", "-27.78", "C1"),
    ]
    take(book, "write_offs", write_off("W3", "33.34"))
    assert left(book, "asset:receivable") == {}
    assert figures(book, f"signed, written_off, available, {IDENTITY}") == ("125.01", "83.34", "41.68", "0")
    assert unsound(book) == {}


def test_a_write_off_taken_back_is_receivable_at_its_old_value(book: Book) -> None:
    take(book, "rates", rate(units="0.93"))
    take(book, "contributions", contribution(currency="EUR", amount="1.00"))
    take(book, "instalments", instalment(amount="0.40"), instalment(due_on="2024-04-01", amount="0.60"))
    take(book, "write_offs", write_off(amount="0.33"))
    take(book, "reversals", reversal("write-off|W1"))
    assert figures(book, f"receivable, written_off, {IDENTITY}") == ("1.08", "0", "0")
    take(book, "deposits", deposit(currency="EUR", amount="0.50", received_on="2024-01-20"))
    covered = book.connection.execute("select covered from report.instalments order by due_on").fetchall()
    assert covered == [(Decimal("0.40"),), (Decimal("0.10"),)]
    take(book, "deposits", deposit("D2", currency="EUR", amount="0.50", received_on="2024-01-21"))
    assert left(book, "asset:receivable") == {}
    assert unsound(book) == {}


def test_instalments_are_covered_by_cash_and_notes_the_earliest_first(book: Book) -> None:
    take(book, "contributions", contribution())
    rows = [instalment(), instalment(due_on="2024-06-01", amount="300.00")]
    assert counts(take(book, "instalments", *rows)) == (2, 0)
    assert counts(take(book, "instalments", *rows)) == (0, 2)
    take(book, "deposits", deposit(amount="400.00"))
    take(book, "promissory_notes", note(amount="150.00"))
    take(book, "write_offs", write_off(amount="50.00"))
    text = "select due_on, amount, covered, donor from report.instalments order by due_on"
    assert book.connection.execute(text).fetchall() == [
        (date(2024, 3, 1), 500, 500, "Norway"),
        (date(2024, 6, 1), 300, 50, "Norway"),
    ]


def test_a_round_on_agreements_that_holds_more_than_an_amended_amount_is_not_posted(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "requests", request(amount_requested="700.00"))
    solved(book, text=AGREEMENTS)
    assert held(book) == {"C1": Decimal(1000)}
    amend(book, "650.00", on="2024-05-30")
    with pytest.raises(FacilityError) as refused:
        rounds.post(book, "A", on=ON, actor="Ada")
    assert (refused.value.code, refused.value.message) == (
        "contribution-drained",
        "contribution C1 has 650.00 left for round A, which draws 700.00 on it",
    )
    rounds.cancel(book, "A", on=ON, actor="Ada")
    assert unsound(book) == {}


def test_what_agreements_promise_a_round_is_net_of_fees_and_of_conditions(book: Book) -> None:
    take(
        book,
        "fee_schedules",
        {"fee_schedule": "S", "above": "0", "share": "5%", "flat": "20.00"},
        {"fee_schedule": "S", "above": "100", "share": "7%"},
    )
    take(
        book,
        "contributions",
        contribution("C1", amount="100.07", fee_percent="7%"),
        contribution("C2", fee_schedule="S"),
        contribution("C3", conditional="yes"),
        contribution("C4", stage="pledge"),
        contribution("C5", stage="in-kind"),
        contribution("C6"),
    )
    take(book, "promissory_notes", note(contribution_id="C6"))
    take(book, "requests", request(amount_minimum="0"))
    solved(book, text=AGREEMENTS)
    # 7 % of 100.07 is 7.0049, up to the cent; of a schedule the highest share and every fixed fee.
    assert held(book) == {"C1": Decimal("93.06"), "C2": Decimal("910.00"), "C6": Decimal(1000)}
