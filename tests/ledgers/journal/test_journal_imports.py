"""What donors signed, what the bank received and what else moved becomes entries of these very lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from books import balance, contribution, counts, deposit, entry, lines, rate, refusal, request, score, take

from ledgers.store import Book

ZERO = Decimal(0)


def _row(book: Book, text: str) -> tuple[object, ...]:
    return book.connection.execute(text).fetchall()[0]


def test_an_agreement_is_receivable_and_income(book: Book) -> None:
    assert counts(take(book, "contributions", contribution())) == (1, 0)
    assert lines(book, "signing|C1") == [
        ("asset:receivable", "USD", "1000", "1000", "C1"),
        ("income:contribution", "USD", "-1000", "-1000", "C1"),
    ]
    assert _row(book, "select kind, entry_date from ledger.entry") == ("signing", date(2024, 1, 10))


def test_a_pledge_is_memo_and_never_available(book: Book) -> None:
    take(book, "contributions", contribution(stage="pledge"))
    assert lines(book, "pledge|C1") == [
        ("memo:pledge", "USD", "1000", "1000", "C1"),
        ("memo:contra", "USD", "-1000", "-1000", "C1"),
    ]
    assert balance(book, "budget:available") == balance(book, "asset:receivable") == ZERO


def test_signing_a_pledge_takes_the_memo_back_at_the_rate_of_the_pledge(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-10", units="0.5"))
    take(book, "contributions", contribution(currency="EUR", stage="pledge"))
    signed = contribution(currency="EUR", signed_on="2024-02-10", note="signed at last")
    assert counts(take(book, "contributions", signed)) == (1, 0)
    assert lines(book, "signing|C1") == [
        ("asset:receivable", "EUR", "1000", "2000", "C1"),
        ("income:contribution", "EUR", "-1000", "-2000", "C1"),
        ("memo:pledge", "EUR", "-1000", "-1250", "C1"),
        ("memo:contra", "EUR", "1000", "1250", "C1"),
    ]
    assert balance(book, "memo:pledge") == ZERO == balance(book, "memo:pledge", base=True)
    assert _row(book, "select version, stage, reason from ledger.contribution_now where contribution_id = 'C1'") == (
        2,
        "agreement",
        "signed",
    )


def test_the_rate_of_the_day_of_signing_or_the_latest_before_it_counts(book: Book) -> None:
    take(
        book,
        "rates",
        rate(rate_date="2024-01-01", units="0.5"),
        rate(rate_date="2024-01-09", units="0.8"),
        rate(rate_date="2024-01-11", units="0.1"),
    )
    take(book, "contributions", contribution(currency="EUR"))
    assert balance(book, "asset:receivable", base=True) == Decimal(1250)


def test_a_rate_of_the_oldest_day_allowed_still_counts(book: Book) -> None:
    take(book, "rates", rate(rate_date="2023-12-06", units="0.5"))
    take(book, "contributions", contribution(currency="EUR", signed_on="2024-01-10"))
    assert balance(book, "asset:receivable", base=True) == Decimal(2000)


def test_a_donor_is_known_by_its_name_whatever_its_case_and_spaces(book: Book) -> None:
    take(book, "contributions", contribution("C1", donor="Norway"), contribution("C2", donor="NORWAY"))
    take(book, "contributions", contribution("C3", donor="norway"))
    rows = book.connection.execute("select donor from ledger.donor where donor_kind <> 'facility'").fetchall()
    assert rows == [("Norway",)]


def test_a_deposit_in_the_contributions_currency_is_cash_against_the_receivable_and_available(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit(amount="400.00"))
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "USD", "400", "400", "C1"),
        ("asset:receivable", "USD", "-400", "-400", "C1"),
        ("budget:available", "USD", "400", "400", "C1"),
        ("budget:resource", "USD", "-400", "-400", "C1"),
    ]


def test_exchange_between_signing_and_receipt_is_gain_or_loss_without_an_amount(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"), rate(rate_date="2024-03-01", units="1"))
    take(book, "contributions", contribution(currency="EUR"))
    take(
        book,
        "deposits",
        deposit("D1", currency="EUR", amount="400.00"),
        deposit("D2", currency="EUR", amount="600.00", received_on="2024-03-01"),
    )
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "EUR", "400", "800", "C1"),
        ("asset:receivable", "EUR", "-400", "-500", "C1"),
        ("income:exchange", "EUR", "0", "-300", "C1"),
        ("budget:available", "USD", "800", "800", "C1"),
        ("budget:resource", "USD", "-800", "-800", "C1"),
    ]
    assert lines(book, "deposit|D2|C1")[2] == ("expense:exchange", "EUR", "0", "150", "C1")
    assert balance(book, "asset:receivable") == balance(book, "asset:receivable", base=True) == ZERO


def test_a_deposit_in_another_currency_passes_through_conversion(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.8"), rate("JPY", "2024-02-01", "160"))
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="JPY", amount="80000"))
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "JPY", "80000", "500", "C1"),
        ("equity:conversion:JPY", "JPY", "-80000", "-500", "C1"),
        ("equity:conversion:EUR", "EUR", "400", "500", "C1"),
        ("asset:receivable", "EUR", "-400", "-500", "C1"),
        ("budget:available", "USD", "500", "500", "C1"),
        ("budget:resource", "USD", "-500", "-500", "C1"),
    ]


def test_what_the_bank_credited_counts_before_any_rate(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="EUR", amount="1000.00", base_amount="1240.10", received_on="2024-01-20"))
    assert balance(book, "budget:available", "C1") == Decimal("1240.10")
    assert balance(book, "expense:exchange", "C1", base=True) == Decimal("9.90")


def test_an_amount_applied_in_another_currency_is_what_the_whole_deposit_discharges(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(amount="1300.00", applied_amount="1000.00"))
    assert balance(book, "asset:receivable") == ZERO == balance(book, "liability:unapplied-receipts")
    assert balance(book, "budget:available", "C1") == Decimal(1300)
    assert balance(book, "income:exchange", "C1", base=True) == Decimal(-50)


def test_an_amount_applied_below_a_deposit_in_the_same_currency_leaves_the_rest_unapplied(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit(amount="500.00", applied_amount="300.00"))
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "USD", "500", "500", "C1"),
        ("liability:unapplied-receipts", "USD", "-200", "-200", "C1"),
        ("asset:receivable", "USD", "-300", "-300", "C1"),
        ("budget:available", "USD", "300", "300", "C1"),
        ("budget:resource", "USD", "-300", "-300", "C1"),
    ]


def test_a_deposit_of_which_nothing_is_applied_waits_whole(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01"))
    take(book, "contributions", contribution(), contribution("C2", currency="EUR"))
    take(
        book,
        "deposits",
        deposit(applied_amount="0"),
        deposit("D2", "C2", applied_amount="0"),
        deposit("D3", "C2", currency="EUR", applied_amount="0"),
    )
    assert balance(book, "budget:available") == ZERO
    assert balance(book, "liability:unapplied-receipts", base=True) == Decimal(-3250)


def test_a_deposit_too_small_to_discharge_a_unit_waits_whole(book: Book) -> None:
    take(book, "rates", rate("JPY", "2024-02-01", "250"))
    take(book, "contributions", contribution())
    take(
        book,
        "deposits",
        deposit(currency="JPY", amount="1", base_amount="0.01", applied_amount="0"),
        deposit("D2", currency="JPY", amount="1"),
    )
    assert balance(book, "liability:unapplied-receipts") + balance(book, "asset:cash:main") == ZERO
    assert balance(book, "budget:available") + balance(book, "asset:receivable") == Decimal(1000)


def test_excess_goes_to_unapplied_receipts_in_the_order_of_receipt(book: Book) -> None:
    take(book, "contributions", contribution())
    later = deposit("D1", amount="700.00", received_on="2024-03-01")
    earlier = deposit("D2", amount="600.00", received_on="2024-02-01")
    take(book, "deposits", later, earlier)
    assert balance(book, "asset:receivable") == ZERO
    assert lines(book, "deposit|D2|C1")[1] == ("asset:receivable", "USD", "-600", "-600", "C1")
    assert lines(book, "deposit|D1|C1")[1:3] == [
        ("liability:unapplied-receipts", "USD", "-300", "-300", "C1"),
        ("asset:receivable", "USD", "-400", "-400", "C1"),
    ]
    assert balance(book, "budget:available", "C1") == Decimal(1000)


def test_the_last_of_many_deposits_leaves_no_carrying_amount(book: Book) -> None:
    take(book, "rates", rate(units="0.93"), rate(rate_date="2024-02-01", units="0.93"))
    take(book, "contributions", contribution(currency="EUR", amount="1.00"))
    for number in range(3):
        take(book, "deposits", deposit(f"D{number}", currency="EUR", amount="0.33"))
    take(book, "deposits", deposit("D9", currency="EUR", amount="0.01"))
    assert balance(book, "asset:receivable") == ZERO == balance(book, "asset:receivable", base=True)


def test_one_wire_serves_several_contributions(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2"))
    assert counts(take(book, "deposits", deposit("W", "C1", amount="10.00"), deposit("W", "C2", amount="20.00"))) == (
        2,
        0,
    )
    assert (balance(book, "budget:available", "C1"), balance(book, "budget:available", "C2")) == (
        Decimal(10),
        Decimal(20),
    )


def test_cash_on_a_pledge_waits_in_unapplied_receipts_with_a_warning(book: Book) -> None:
    take(book, "contributions", contribution(stage="pledge"))
    done = take(book, "deposits", deposit(amount="400.00"))
    assert [(w.code, w.severity, w.reason) for w in done.warnings] == [
        ("deposit-before-signing", "warning", "C1 is a pledge; the money waits in unapplied receipts")
    ]
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "USD", "400", "400", "C1"),
        ("liability:unapplied-receipts", "USD", "-400", "-400", "C1"),
    ]


def test_cash_before_the_day_of_signing_is_taken_with_a_warning(book: Book) -> None:
    take(book, "contributions", contribution())
    done = take(book, "deposits", deposit(received_on="2024-01-09"))
    assert [(w.code, w.reason, w.remedy) for w in done.warnings] == [
        (
            "deposit-before-signing",
            "received before C1 was signed on 2024-01-10",
            "check the date, or import the signed agreement",
        )
    ]
    assert balance(book, "budget:available", "C1") == Decimal(1000)


def test_asks_are_converted_down_and_keep_their_minimum(book: Book) -> None:
    take(book, "rates", rate("EUR", "2024-06-01", "0.93"))
    take(
        book,
        "requests",
        request("R1", currency="EUR", amount_requested="100.00", amount_minimum="50.00"),
        request("R2", amount_requested="100.00"),
        request("R3", amount_requested="100.00", amount_minimum="0"),
    )
    rows = book.connection.execute(
        "select request_id, base_requested, base_minimum from ledger.request order by 1"
    ).fetchall()
    assert rows == [
        ("R1", Decimal("107.52"), Decimal("53.76")),
        ("R2", Decimal(100), Decimal(100)),
        ("R3", Decimal(100), ZERO),
    ]


def test_a_request_keeps_its_countries_objectives_and_own_measures(book: Book) -> None:
    take(
        book,
        "requests",
        request(country="UGA:40|KEN:60", objectives="1|9|19", x_staff="3.5"),
        request("R2", country="Western Africa"),
        request("R3", country=""),
    )
    countries = book.connection.execute(
        "select request_id, country, share_numerator, share_denominator from ledger.request_country order by 1, 2"
    ).fetchall()
    assert countries == [("R1", "KEN", 3, 5), ("R1", "UGA", 2, 5)]
    assert book.connection.execute("select request_id, country from ledger.request order by 1").fetchall()[1:] == [
        ("R2", "011"),
        ("R3", ""),
    ]
    assert book.connection.execute("select objective from ledger.request_objective order by 1").fetchall() == [
        (1,),
        (9,),
        (19,),
    ]
    assert book.connection.execute("select * from ledger.request_measure").fetchall() == [
        ("R1", "x_staff", Decimal("3.5"))
    ]


def test_scores_are_kept_as_given(book: Book) -> None:
    take(book, "requests", request())
    assert counts(take(book, "scores", score("R1", "ann", "need", "66.25"))) == (1, 0)
    assert _row(book, "select score from ledger.score") == (Decimal("66.25"),)


def test_interest_belongs_to_the_facility_unless_a_contribution_that_keeps_it_is_named(book: Book) -> None:
    take(book, "contributions", contribution(interest="contribution"))
    take(book, "entries", entry("E1"), entry("E2", contribution_id="C1", amount="2.50"))
    assert lines(book, "entries|E1") == [
        ("asset:cash:main", "USD", "10", "10", "FACILITY"),
        ("income:interest", "USD", "-10", "-10", "FACILITY"),
        ("budget:available", "USD", "10", "10", "FACILITY"),
        ("budget:resource", "USD", "-10", "-10", "FACILITY"),
    ]
    assert balance(book, "budget:available", "C1") == Decimal("2.50")


def _allocated(book: Book) -> None:
    """Allocate 300 of C1, 200 of C2 and 100 of C3 by administrative decisions on one purpose."""
    take(book, "contributions", *(contribution(name) for name in ("C1", "C2", "C3")))
    take(book, "deposits", *(deposit(f"D{name}", name) for name in ("C1", "C2", "C3")))
    take(
        book,
        "entries",
        *(
            entry(f"A{name}", "administration", amount, contribution_id=name, purpose="secretariat")
            for name, amount in (("C1", "300.00"), ("C2", "200.00"), ("C3", "100.00"))
        ),
    )


def test_an_administrative_decision_moves_available_to_allocated(book: Book) -> None:
    _allocated(book)
    assert lines(book, "entries|AC1") == [
        ("budget:allocated", "USD", "300", "300", "C1"),
        ("budget:available", "USD", "-300", "-300", "C1"),
    ]


def test_a_cancellation_falls_on_those_who_paid_by_largest_remainder_then_id(book: Book) -> None:
    _allocated(book)
    take(book, "entries", entry("K1", "cancellation", "100.01", purpose="secretariat"))
    # 100.01 over 300:200:100 is 50.005, 33.336..., 16.668...: the odd cents go to C3 (0.83 of one) and then C2 (0.67).
    assert lines(book, "entries|K1") == [
        ("budget:available", "USD", "50", "50", "C1"),
        ("budget:allocated", "USD", "-50", "-50", "C1"),
        ("budget:available", "USD", "33.34", "33.34", "C2"),
        ("budget:allocated", "USD", "-33.34", "-33.34", "C2"),
        ("budget:available", "USD", "16.67", "16.67", "C3"),
        ("budget:allocated", "USD", "-16.67", "-16.67", "C3"),
    ]


def test_equal_remainders_fall_on_the_lower_id(book: Book) -> None:
    take(book, "contributions", contribution("C2"), contribution("C1"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(
        book,
        "entries",
        *(entry(f"A{name}", "administration", "10.00", contribution_id=name, purpose="p") for name in ("C1", "C2")),
    )
    take(book, "entries", entry("K1", "cancellation", "0.01", purpose="p"))
    assert lines(book, "entries|K1") == [
        ("budget:available", "USD", "0.01", "0.01", "C1"),
        ("budget:allocated", "USD", "-0.01", "-0.01", "C1"),
    ]


def test_a_transfer_is_cash_out_and_spent_allocation(book: Book) -> None:
    _allocated(book)
    take(book, "entries", entry("T1", "transfer", "600.00", purpose="secretariat"))
    assert balance(book, "budget:allocated") == ZERO
    assert (balance(book, "expense:transfer", "C1"), balance(book, "expense:transfer", "C2")) == (
        Decimal(300),
        Decimal(200),
    )
    assert balance(book, "asset:cash:main") == Decimal(2400)
    assert balance(book, "budget:disbursed", "C3") == Decimal(100)


def test_a_transfer_that_names_a_contribution_falls_on_it_alone(book: Book) -> None:
    _allocated(book)
    take(book, "entries", entry("T1", "transfer", "150.00", purpose="secretariat", contribution_id="C2"))
    assert balance(book, "budget:allocated", "C2") == Decimal(50)
    assert balance(book, "budget:allocated", "C1") == Decimal(300)


def test_interest_may_be_negative_while_the_line_can_bear_it(book: Book) -> None:
    take(book, "entries", entry("E1"))
    take(book, "entries", entry("E2", amount="-4.00"))
    assert balance(book, "budget:available", "FACILITY") == Decimal(6)


def _thirds(book: Book) -> None:
    """Allocate 77,781.22 of two contributions to one purpose, so that halving it divides no share evenly."""
    take(book, "contributions", *(contribution(name, amount="100000.00") for name in ("C1", "C2", "C3")))
    take(book, "deposits", *(deposit(f"D{name}", name, amount="100000.00") for name in ("C1", "C2", "C3")))
    for name, amount in (("C1", "33333.33"), ("C2", "33333.34"), ("C3", "11114.55")):
        take(book, "entries", entry(f"A{name}", "administration", amount, purpose="p", contribution_id=name))


def test_movements_of_one_file_share_what_is_left_so_that_the_last_takes_it_to_the_cent(book: Book) -> None:
    _thirds(book)
    halves = [entry("T1", "transfer", "38890.61", purpose="p"), entry("K1", "cancellation", "38890.61", purpose="p")]
    assert counts(take(book, "entries", *halves)) == (2, 0)
    assert balance(book, "budget:allocated") == 0
    assert [balance(book, "budget:allocated", name) for name in ("C1", "C2", "C3")] == [0, 0, 0]
    assert counts(take(book, "entries", *reversed(halves))) == (0, 2)


def test_many_small_movements_never_leave_a_cent_or_take_one_too_many(book: Book) -> None:
    _thirds(book)
    odd = [entry(f"T{n:02}", "transfer", "7777.77", purpose="p") for n in range(10)]
    take(book, "entries", *odd, entry("T99", "transfer", "3.52", purpose="p"))
    assert [balance(book, "budget:allocated", name) for name in ("C1", "C2", "C3")] == [0, 0, 0]


def test_administration_and_its_transfer_may_stand_in_one_file(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    rows = [
        entry("A1", "transfer", "30.00", purpose="p"),
        entry("B1", "administration", "30.00", purpose="p", contribution_id="C1"),
    ]
    assert counts(take(book, "entries", *rows)) == (2, 0)
    assert balance(book, "budget:allocated") == 0
    assert balance(book, "budget:disbursed", "C1") == 30
    assert counts(take(book, "entries", *rows)) == (0, 2)


def test_a_movement_beyond_what_the_file_leaves_is_too_much_and_not_unknown(book: Book) -> None:
    _thirds(book)
    rows = [entry(f"T{n}", "transfer", "77781.22", purpose="p") for n in (1, 2)]
    assert {finding.code for finding in refusal(book, "entries", *rows)} == {"allocated-exceeded"}


def test_a_deposit_whose_worth_the_bank_states_names_no_rate(book: Book) -> None:
    take(book, "rates", rate(), rate("EUR", "2024-02-01", "0.9"))
    take(book, "contributions", contribution(currency="EUR"))
    stated = deposit("D1", currency="EUR", amount="90.00", base_amount="101.00")
    take(book, "deposits", stated, deposit("D2", currency="EUR", amount="90.00"))
    for query in (
        "select deposit_id, rate_id is null from ledger.deposit order by 1",
        "select narration[9:10], bool_and(rate_id is null) from ledger.posting join ledger.entry using (entry_id) "
        "where account = 'asset:cash:main' group by 1 order by 1",
    ):
        assert [row[1] for row in book.connection.execute(query).fetchall()] == [True, False]
