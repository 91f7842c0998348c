"""What is not used goes back, and a contribution is closed when nothing stands against it any more."""

from __future__ import annotations

from datetime import date

import pytest
from books import ON, contribution, counts, deposit, entry, lines, rate, refusal, request, take, told
from life_rows import (
    application,
    bounce,
    close_line,
    condition,
    donor_refund,
    figures,
    note,
    result,
    returned,
    reversal,
    tier,
    unsound,
    write_off,
)  # fmt: skip
from test_life_bounces import AGREEMENTS, CASH, solved

from facility.usecases import rounds
from facility.usecases.close_contribution import report_delivered
from ledgers.errors import FacilityError
from ledgers.store import Book

USES = "received + transferred - unapplied + interest_earned + uncollected - fees - returned"
IDENTITY = f"{USES} - (allocated + administration + available + waiting)"
LATE = date(2025, 1, 1)


def test_what_a_contribution_will_not_use_is_owed_to_its_donor_and_given_back(book: Book) -> None:
    take(book, "rates", rate("EUR", "2024-05-10", "0.9"))
    take(book, "contributions", contribution(fee_percent="7%", use_by="2024-04-30"))
    take(book, "deposits", deposit())
    take(book, "entries", entry("E1", "administration", "430.00", purpose="p", contribution_id="C1"))
    assert counts(take(book, "returns", returned(amount="100.00"))) == (1, 0)
    assert lines(book, "return|B1") == [
        ("income:contribution:returned", "USD", "100", "100", "C1"),
        ("liability:donor-refund", "USD", "-100", "-100", "C1"),
        ("budget:resource", "USD", "100", "100", "C1"),
        ("budget:available", "USD", "-100", "-100", "C1"),
    ]
    assert counts(take(book, "returns", returned("B2"))) == (1, 0)
    # All that is left, and once: the same row again means the same amount.
    assert counts(take(book, "returns", returned("B2"))) == (0, 1)
    assert figures(book, f"available, returned, owed_to_donor, signed, {IDENTITY}") == ("0", "500", "500", "1000", "0")
    take(book, "donor_refunds", donor_refund(amount="120.00"))
    assert lines(book, "donor-refund|G1") == [
        ("liability:donor-refund", "USD", "120", "120", "C1"),
        ("asset:cash:main", "USD", "-120", "-120", "C1"),
    ]
    assert figures(book, f"returned, owed_to_donor, {IDENTITY}") == ("500", "380", "0")
    assert unsound(book) == {}


def test_a_donor_is_given_back_in_its_own_currency_what_the_bank_took_for_it(book: Book) -> None:
    take(book, "rates", rate(), rate("EUR", "2024-05-10", "0.9"))
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="EUR", received_on="2024-01-20"))
    take(book, "returns", returned(amount="700.00"))
    take(
        book,
        "donor_refunds",
        donor_refund(currency="EUR", amount="90.00"),
        donor_refund("G2", currency="EUR", amount="90.00", base_amount="101.50", bank="main"),
    )
    assert lines(book, "donor-refund|G1") == [
        ("liability:donor-refund", "USD", "100", "100", "C1"),
        ("equity:conversion:USD", "USD", "-100", "-100", "C1"),
        ("asset:cash:main", "EUR", "-90", "-100", None),
        ("equity:conversion:EUR", "EUR", "90", "100", None),
    ]
    assert lines(book, "donor-refund|G2")[0] == ("liability:donor-refund", "USD", "101.5", "101.5", "C1")
    assert figures(book, "owed_to_donor") == ("498.5",)
    assert unsound(book) == {}


def test_everything_that_stands_against_a_closing_is_named_with_its_amount(book: Book) -> None:
    take(book, "fee_schedules", tier(flat="25.00"))
    take(book, "contributions", contribution(amount="2000.00", conditional="yes", fee_schedule="S"), contribution("C2"))
    take(book, "contribution_conditions", condition(amount="900.00"))
    take(book, "promissory_notes", note(amount="300.00"))
    take(
        book,
        "deposits",
        deposit("D1", amount="1300.00"),
        deposit("D2", amount="100.00", note_id="N1"),
        deposit("D3", amount="40.00", applied_amount="0"),
    )
    take(book, "returns", returned(amount="75.00"))
    take(book, "entries", entry("E1", "administration", "60.00", purpose="p", contribution_id="C1"))
    with pytest.raises(FacilityError) as refused:
        close_line(book)
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "contribution-open",
        "contribution C1 cannot be closed: USD 400.00 not yet received; USD 200.00 in promissory notes; "
        "USD 40.00 received and not applied; USD 1,100.00 under conditions; USD 500.00 received under conditions; "
        "USD 740.00 available; USD 60.00 allocated; USD 25.00 owed in fees; USD 75.00 owed to the donor",
        "pay out its fees first, with an entry `fee-payment` (`facility import entries`); write off or lower what will "
        "not come, return or use what is available, give the donor what is owed, then close it",
    )
    take(book, "requests", request(amount_requested="800.00"))
    solved(book, text=AGREEMENTS)
    rounds.post(book, "A", on=ON, actor="Ada")
    with pytest.raises(FacilityError) as refused:
        close_line(book, "C2")
    # 800 pro rata to the 740 of C1 and the 1,000 of C2.
    assert refused.value.message.endswith("USD 1,000.00 not yet received; USD 459.77 allocated and not received")
    assert unsound(book) == {}


def test_a_return_while_the_facilitys_own_line_is_negative_says_by_how_much(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "entries", entry("E1", "bank-charge", "12.50"))
    done = take(book, "returns", returned(amount="10.00"))
    assert [(found.code, found.severity, found.reason) for found in done.warnings] == [
        (
            *("facility-line-negative", "warning"),
            "the facility's own line is negative by 12.50 USD, and as much unearmarked money stands in for it",
        )
    ]
    assert counts(take(book, "returns", returned(amount="10.00"))) == (0, 1)
    take(book, "entries", entry("E2", "interest", "12.50"))
    assert take(book, "returns", returned("B2", amount="10.00")).warnings == ()
    assert unsound(book) == {}


def test_fees_that_alone_are_left_are_paid_out_and_nothing_else_is_advised(book: Book) -> None:
    take(book, "contributions", contribution(fee_percent="1%"))
    take(book, "deposits", deposit())
    with pytest.raises(FacilityError) as open_still:
        close_line(book)
    assert "give the donor what is owed, then close it" in open_still.value.remedy
    take(book, "returns", returned(decided_on="2024-03-01"))
    take(book, "donor_refunds", donor_refund(amount="990.00", paid_on="2024-03-02"))
    with pytest.raises(FacilityError) as refused:
        close_line(book)
    assert (refused.value.message, refused.value.remedy) == (
        "contribution C1 cannot be closed: USD 10.00 owed in fees",
        "pay out its fees first, with an entry `fee-payment` (`facility import entries`), then close it",
    )
    take(book, "entries", entry("E1", "fee-payment", "10.00", entry_date="2024-03-03"))
    assert close_line(book)


def test_a_contribution_whose_money_is_used_or_given_back_is_closed_once(book: Book) -> None:
    take(book, "contributions", contribution(), contribution("C2"))
    take(book, "deposits", deposit(amount="700.00"))
    take(book, "requests", request())
    solved(book, text=CASH)
    rounds.post(book, "A", on=ON, actor="Ada")
    take(book, "entries", entry("T1", "transfer", "400.00", request_id="R1", entry_date="2024-06-01"))
    take(book, "returns", returned(decided_on="2024-06-01"))
    take(book, "donor_refunds", donor_refund(amount="300.00", paid_on="2024-06-01"))
    take(book, "write_offs", write_off(amount="300.00"))
    with pytest.raises(FacilityError) as refused:
        close_line(book, on="2024-05-31")
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "contribution-open",
        "contribution C1 cannot be closed on 2024-05-31: its last entry is of 2024-06-01",
        "close it on that day or later",
    )
    assert close_line(book) is True
    assert close_line(book) is False
    assert figures(book, f"closed_on, available, receivable, owed_to_donor, {IDENTITY}") == (
        "2024-12-01",
        *("0", "0", "0", "0"),
    )
    events = book.connection.execute(
        "select event, subject, amount, told from report.contribution_events where contribution_id = 'C1' "
        "order by event_date"
    ).fetchall()
    assert events == [("written off", "W1", 300, "new budget"), ("closed", None, None, "over")]
    assert unsound(book) == {}


def test_no_more_fees_are_paid_out_than_are_owed_in_all_whoever_is_named(book: Book) -> None:
    names = [contribution("C1", fee_percent="5%"), contribution("C2", fee_percent="7%"), contribution("C3")]
    take(book, "contributions", *names)
    take(book, "deposits", deposit(), deposit("D3", "C3"))
    take(book, "entries", entry("P1", "fee-payment", "50.00", entry_date="2024-02-02"))
    # The fee on a deposit that bounced after it was paid out is owed to the facility: 20.00 is left of 70.00.
    take(book, "bounces", bounce())
    take(book, "deposits", deposit("D2", "C2", received_on="2024-02-11"))
    for whose in ("", "C2"):
        found = refusal(book, "entries", entry("P2", "fee-payment", "20.01", contribution_id=whose))
        assert [one.code for one in found] == ["fees-exceeded"], whose
    assert counts(take(book, "entries", entry("P2", "fee-payment", "20.00", contribution_id="C2"))) == (1, 0)


def test_nothing_is_put_back_on_a_closed_contribution_by_a_reversal(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2"), contribution("C3"))
    take(book, "deposits", deposit(amount="1200.00"), deposit("D2", "C2", amount="600.00"))
    take(book, "applications", application(contribution_id="C3"))
    take(book, "write_offs", write_off(contribution_id="C2"))
    take(book, "returns", returned(), returned("B2", contribution_id="C2"))
    take(book, "donor_refunds", donor_refund(amount="1000.00"), donor_refund("G2", "600.00", contribution_id="C2"))
    assert close_line(book, "C1", on="2024-05-20")
    assert close_line(book, "C2", on="2024-05-20")
    remedy = (
        "leave the entry as it is; what still comes back on a closed contribution is recorded as a refund or a "
        "recovery, and is owed to its donor"
    )
    for name, whose in (("write-off|W1", "C2"), ("return|B1", "C1"), ("application|A1", "C1")):
        found = refusal(book, "reversals", reversal(name))
        assert [told(one) for one in found] == [
            (
                "contribution-closed", "error", 2, "entry",
                f"{whose} was closed on 2024-05-20, and something would stand on it again", remedy,
            )
        ]  # fmt: skip
    # What is owed to its donor still moves, and a reversal on an open contribution is taken as ever.
    assert counts(take(book, "reversals", reversal("donor-refund|G1"))) == (1, 0)
    assert unsound(book) == {}


def test_reports_to_donors_and_results_are_kept_as_told(book: Book) -> None:
    take(book, "contributions", contribution())
    day = date(2024, 5, 1)
    for expected in (True, False):
        assert report_delivered(book, "C1", on=day, note="annual", actor="ada") is expected
    take(book, "requests", request())
    rows = [result(unit="persons", baseline="-1.5", target="100", actual="40.25"), result(indicator="jobs", target="7")]
    assert counts(take(book, "results", *rows)) == (2, 0)
    assert counts(take(book, "results", *rows)) == (0, 2)
    kept = book.connection.execute(
        "select indicator, baseline::varchar, target::varchar, actual::varchar from report.results order by 1"
    ).fetchall()
    assert [(k, *(v and v.rstrip("0").rstrip(".") for v in rest)) for k, *rest in kept] == [
        ("jobs", None, "7", None),
        ("people", "-1.5", "100", "40.25"),
    ]
    assert unsound(book) == {}


def test_interest_goes_to_the_contribution_that_keeps_it_and_else_to_the_facility(book: Book) -> None:
    take(book, "rates", rate("EUR", "2024-03-01", "0.8"))
    take(book, "contributions", contribution(interest="contribution"), contribution("C2"))
    take(
        book,
        "entries",
        entry("E1", amount="4.00", contribution_id="C1"),
        entry("E2", "implementer-interest", "8.00", currency="EUR"),
        entry("E3", "interest", "8.00", currency="EUR", base_amount="10.50"),
    )
    assert lines(book, "entries|E1") == [
        ("asset:cash:main", "USD", "4", "4", "C1"),
        ("income:interest", "USD", "-4", "-4", "C1"),
        ("budget:available", "USD", "4", "4", "C1"),
        ("budget:resource", "USD", "-4", "-4", "C1"),
    ]
    assert lines(book, "entries|E2") == [
        ("equity:conversion:USD", "USD", "10", "10", "FACILITY"),
        ("income:interest:implementer", "USD", "-10", "-10", "FACILITY"),
        ("budget:available", "USD", "10", "10", "FACILITY"),
        ("budget:resource", "USD", "-10", "-10", "FACILITY"),
        ("asset:cash:main", "EUR", "8", "10", None),
        ("equity:conversion:EUR", "EUR", "-8", "-10", None),
    ]
    assert figures(book, f"available, interest_earned, {IDENTITY}") == ("4", "4", "0")
    assert figures(book, f"available, interest_earned, {IDENTITY}", "FACILITY") == ("20.5", "20.5", "0")
    assert unsound(book) == {}


def test_charges_of_banks_and_direct_cost_fall_where_they_should(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(
        book,
        "entries",
        entry("E1", "bank-charge", "2.50"),
        entry("E2", "administration", "40.00", purpose="audit", contribution_id="C1"),
        entry("E3", "direct-cost", "30.00", purpose="audit"),
    )
    assert lines(book, "entries|E1") == [
        ("expense:fee:bank", "USD", "2.5", "2.5", "FACILITY"),
        ("asset:cash:main", "USD", "-2.5", "-2.5", "FACILITY"),
        ("budget:resource", "USD", "2.5", "2.5", "FACILITY"),
        ("budget:available", "USD", "-2.5", "-2.5", "FACILITY"),
    ]
    assert lines(book, "entries|E3") == [
        ("expense:fee:direct", "USD", "30", "30", "C1"),
        ("asset:cash:main", "USD", "-30", "-30", "C1"),
        ("budget:disbursed", "USD", "30", "30", "C1"),
        ("budget:allocated", "USD", "-30", "-30", "C1"),
    ]
    assert figures(book, "administration, disbursed, available, bank_charges") == ("40", "30", "960", "0")
    assert figures(book, "available, deficit, bank_charges", "FACILITY") == ("-2.5", "2.5", "2.5")
    assert unsound(book) == {}
