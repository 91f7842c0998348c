"""Foreign money at the end of a period, and periods that stay as they were closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from books import (
    ON,
    balance,
    contribution,
    corrupt,
    counts,
    deposit,
    entry,
    lines,
    rate,
    refusal,
    request,
    state,
    take,
)  # fmt: skip
from life_rows import (
    amend,
    application,
    bank,
    bounce,
    close_book,
    close_line,
    condition,
    donor_refund,
    exchange,
    figures,
    left,
    note,
    returned,
    revalue,
    reversal,
    unsound,
    write_off,
)  # fmt: skip
from test_life_bounces import solved

from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.periods import close_through, events_table, reopen_from, revalue_on, revalued_table
from facility.usecases.status import status, status_text
from ledgers.errors import FacilityError
from ledgers.store import Book

LATE = date(2025, 1, 1)


def reopen(book: Book, first: str, reason: str = "an invoice came late") -> bool:
    """Reopen the book from a day on."""
    return reopen_from(book, date.fromisoformat(first), reason=reason, actor="bo")


def foreign(book: Book) -> None:
    """Hold 400 euros, be owed 500, have a note over 100 and receipts of 20, all at 0.8; later rates are 0.5 and 1."""
    take(
        book,
        "rates",
        *(rate(rate_date=day, units=units) for day, units in (("2024-01-10", "0.8"), ("2024-03-31", "0.5"))),
        rate(rate_date="2024-04-01", units="1"),
    )
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit("D1", currency="EUR", amount="400.00", received_on="2024-01-15"))
    take(
        book,
        "deposits",
        deposit("D2", currency="EUR", amount="20.00", applied_amount="0", received_on="2024-01-15"),
    )
    take(book, "promissory_notes", note(amount="100.00"))


def test_cash_is_revalued_for_good_on_the_facilitys_line_and_claims_for_the_day(book: Book) -> None:
    foreign(book)
    moved = revalue(book, "2024-03-31")
    assert [(one.account, one.contribution, one.currency, one.gain) for one in moved] == [
        ("asset:cash:main", "FACILITY", "EUR", Decimal(315)),
        ("asset:promissory-note", "C1", "EUR", Decimal(75)),
        ("asset:receivable", "C1", "EUR", Decimal(375)),
        ("liability:unapplied-receipts", "C1", "EUR", Decimal(-15)),
    ]
    assert lines(book, "revaluation|2024-03-31|cash|1") == [
        ("asset:cash:main", "EUR", "0", "315", "FACILITY"),
        ("income:exchange", "EUR", "0", "-315", "FACILITY"),
        ("budget:available", "USD", "315", "315", "FACILITY"),
        ("budget:resource", "USD", "-315", "-315", "FACILITY"),
    ]
    claims = [
        ("asset:promissory-note", "EUR", "0", "75", "C1"),
        ("income:exchange", "EUR", "0", "-75", "C1"),
        ("asset:receivable", "EUR", "0", "375", "C1"),
        ("income:exchange", "EUR", "0", "-375", "C1"),
        ("liability:unapplied-receipts", "EUR", "0", "-15", "C1"),
        ("expense:exchange", "EUR", "0", "15", "C1"),
    ]
    assert lines(book, "revaluation|2024-03-31|claims|1") == claims
    back = [(a, c, x, f"{-Decimal(y)}", k) for a, c, x, y, k in claims]
    assert lines(book, "revaluation|2024-03-31|claims|1|back") == back
    days = book.connection.execute(
        "select reference, entry_date from ledger.entry where kind = 'revaluation' order by 1"
    ).fetchall()
    assert [str(day) for _, day in days] == ["2024-03-31", "2024-03-31", "2024-04-01"]
    assert figures(book, "available, exchange_difference, receivable") == ("500", "0", "625")
    assert figures(book, "available, exchange_difference", "FACILITY") == ("315", "315")
    assert revalue(book, "2024-03-31") == []
    assert [row[3] for row in revalued_table(book, date(2024, 3, 31), moved).rows] == [315, 75, 375, -15]
    assert unsound(book) == {}


def test_after_a_revaluation_a_deposit_discharges_at_the_value_of_signing_as_before(book: Book) -> None:
    foreign(book)
    revalue(book, "2024-03-31")
    take(book, "deposits", deposit("D3", currency="EUR", amount="250.00", received_on="2024-04-01"))
    assert lines(book, "deposit|D3|C1")[:3] == [
        ("asset:cash:main", "EUR", "250", "250", "C1"),
        ("asset:receivable", "EUR", "-250", "-312.5", "C1"),
        ("expense:exchange", "EUR", "0", "62.5", "C1"),
    ]
    take(book, "deposits", deposit("D4", currency="EUR", amount="100.00", note_id="N1", received_on="2024-04-02"))
    take(book, "deposits", deposit("D5", currency="EUR", amount="250.00", received_on="2024-04-02"))
    assert left(book, "asset:receivable") == left(book, "asset:promissory-note") == {}
    # 400 + 20 + 600 euros at 1 are 1,020; the book has 840 in cash from before, and 600 from since.
    (cash, *_) = revalue(book, "2024-04-02")
    assert cash.gain == Decimal(1020) - Decimal(840) - Decimal(600)
    assert figures(book, "available, deficit", "FACILITY") == ("-105", "105")
    assert unsound(book) == {}


def test_a_day_is_revalued_again_when_something_was_dated_into_it_since(book: Book) -> None:
    foreign(book)
    revalue(book, "2024-03-31")
    take(book, "deposits", deposit("D3", currency="EUR", amount="80.00", received_on="2024-02-10"))
    again = revalue(book, "2024-03-31")
    # 80 euros came at 0.8, worth 100 dollars, and are worth 160.
    assert [(one.account, one.gain) for one in again] == [
        ("asset:cash:main", Decimal(60)),
        ("asset:receivable", Decimal(-60)),
    ]
    assert lines(book, "revaluation|2024-03-31|cash|2")[0] == ("asset:cash:main", "EUR", "0", "60", "FACILITY")
    assert balance(book, "asset:receivable", base=True) == Decimal("525")
    assert unsound(book) == {}


def test_nothing_foreign_needs_no_rate_and_foreign_money_one_of_the_day(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    assert revalue(book, "2024-12-31") == []
    take(book, "rates", rate())
    take(book, "contributions", contribution("C2", currency="EUR"))
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        revalue(book, "2024-12-31")
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "closing-rate-missing",
        "there is no rate for EUR on 2024-12-31; the latest before it is of 2024-01-10",
        "import the rate of that day with `facility import rates`",
    )
    assert state(book) == before
    # Before the agreement was signed there was nothing in euros.
    assert revalue(book, "2024-01-09") == []


def test_an_exchange_moves_cash_at_the_value_of_its_side_in_the_books_currency(book: Book) -> None:
    take(book, "banks", bank("oslo", "EUR"), bank("tokyo", "JPY"))
    take(book, "rates", rate(), rate(rate_date="2024-03-01"), rate("JPY", "2024-03-01", "150"))
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="EUR", amount="1000.00", received_on="2024-01-15"))
    rows = [
        exchange(amount="400.00", to_amount="490.00"),
        exchange("X2", currency="USD", amount="90.00", to_currency="EUR", to_amount="70.00", to_bank="oslo"),
        exchange("X3", amount="80.00", to_currency="JPY", to_amount="14900", to_bank="tokyo"),
        exchange("X4", amount="100.00", to_currency="EUR", to_amount="100.00", to_bank="oslo"),
    ]
    assert counts(take(book, "exchanges", *rows)) == (4, 0)
    assert counts(take(book, "exchanges", *rows)) == (0, 4)
    assert lines(book, "exchange|X1") == [
        ("asset:cash:main", "EUR", "-400", "-490", None),
        ("equity:conversion:EUR", "EUR", "400", "490", None),
        ("equity:conversion:USD", "USD", "-490", "-490", None),
        ("asset:cash:main", "USD", "490", "490", None),
    ]
    assert lines(book, "exchange|X2")[3] == ("asset:cash:oslo", "EUR", "70", "90", None)
    # Neither side is in dollars: 80 euros at the rate of the day are 100.
    assert lines(book, "exchange|X3")[3] == ("asset:cash:tokyo", "JPY", "14900", "100", None)
    assert lines(book, "exchange|X4")[0::3] == [
        ("asset:cash:main", "EUR", "-100", "-125", None),
        ("asset:cash:oslo", "EUR", "100", "125", None),
    ]
    gains = {(one.account, one.currency): one.gain for one in revalue(book, "2024-03-01")}
    # 420 euros left stand at 1,250 - 490 - 100 - 125 = 535 and are worth 525; the yen cost 100 and are worth 99.33.
    assert gains == {
        ("asset:cash:main", "EUR"): Decimal(-10),
        ("asset:cash:oslo", "EUR"): Decimal("-2.50"),
        ("asset:cash:tokyo", "JPY"): Decimal("-0.67"),
    }
    assert figures(book, "available", "FACILITY") == ("-13.17",)
    assert unsound(book) == {}


def test_while_the_facility_lacks_money_as_much_unearmarked_money_is_left_out_of_rounds(book: Book) -> None:
    take(
        book,
        "contributions",
        contribution("C1", amount="100.00"),
        contribution("C2", amount="100.00"),
        contribution("C3", amount="50.00"),
        contribution("C4", earmark="country=KEN"),
    )
    take(
        book,
        "deposits",
        *(deposit(f"D{n}", f"C{n}", amount=a) for n, a in enumerate(("100.00", "100.00", "50.00", "70.00"), start=1)),
    )
    take(book, "entries", entry("E1", "bank-charge", "0.04"), entry("E2", "bank-charge", "10.00"))
    take(book, "requests", request(amount_minimum="0", amount_requested="500.00"))
    solved(book)
    held = dict(book.connection.execute("select contribution_id, available from ledger.round_contribution").fetchall())
    # 10.04 over 100 : 100 : 50 is 4.016, 4.016 and 2.008: the odd cents go to C3, then to the lower id.
    assert held == {"C1": Decimal("95.98"), "C2": Decimal("95.99"), "C3": Decimal("47.99"), "C4": Decimal("70.00")}
    assert sum(held.values()) + Decimal("10.04") == 320
    # What is left out stays left out of another round; what is held is not left out twice.
    with pytest.raises(FacilityError) as refused:
        solved(book, "B")
    assert refused.value.code == "round-empty"
    rounds.post(book, "A", on=ON, actor="Ada")
    assert unsound(book) == {}
    take(book, "entries", entry("E3", "interest", "10.04"))
    take(book, "requests", request("R2", amount_minimum="0", amount_requested="500.00"))
    solved(book, "C")
    again = book.connection.execute("select sum(available) from ledger.round_contribution where round_id = 'C'")
    assert again.fetchall() == [(Decimal("10.04"),)]


def test_a_closed_period_takes_no_entry_from_anybody(book: Book) -> None:
    take(
        book, "rates", rate(), rate(rate_date="2024-02-01"), rate(rate_date="2024-03-31"),
        rate("EUR", "2024-05-15"),
    )  # fmt: skip
    take(
        book,
        "contributions",
        contribution(interest="contribution"),
        contribution("C2", amount="100.00"),
        contribution("C3", conditional="yes"),
        contribution("C4", currency="EUR"),
        contribution("C5", stage="pledge"),
        contribution("C6", stage="in-kind"),
    )
    take(
        book,
        "deposits",
        deposit(amount="500.00"),
        deposit("D2", "C2", amount="150.00"),
        deposit("D4", "C4", currency="EUR", amount="500.00"),
    )
    take(book, "returns", returned(amount="1.00", decided_on="2024-03-01"))
    take(book, "write_offs", write_off("W0", "1.00", written_off_on="2024-03-01"))
    take(book, "requests", request())
    solved(book, on=date(2024, 3, 1))
    assert close_book(book, "2024-03-31")[0] is True
    inside = "2024-03-31"
    told = {}
    for kind, row in {
        "contributions": contribution("C9", signed_on=inside),
        "deposits": deposit("D9", received_on=inside),
        "applications": application("A9", "D2", from_contribution_id="C2", applied_on=inside),
        "bounces": bounce("D1", bounced_on=inside),
        "write_offs": write_off("W9", "1.00", written_off_on=inside),
        "promissory_notes": note("N9", "1.00", received_on=inside),
        "contribution_conditions": condition(contribution_id="C3", met_on=inside),
        "exchanges": exchange(amount="1.00", exchanged_on=inside),
        "entries": entry("E9", entry_date=inside),
        "returns": returned("B9", amount="1.00", decided_on=inside),
        "donor_refunds": donor_refund("G9", "1.00", paid_on=inside),
        "reversals": reversal("write-off|W0", reversed_on=inside),
    }.items():
        (found,) = refusal(book, kind, row)
        told[kind] = (found.code, found.column, found.reason, found.remedy)
    words = ("the book is closed through 2024-03-31", "date it after that day, or reopen the period with a reason")
    assert told == {
        "contributions": ("period-closed", "signed_on", *words),
        "deposits": ("period-closed", "received_on", *words),
        "applications": ("period-closed", "applied_on", *words),
        "bounces": ("period-closed", "bounced_on", *words),
        "write_offs": ("period-closed", "written_off_on", *words),
        "promissory_notes": ("period-closed", "received_on", *words),
        "contribution_conditions": ("period-closed", "met_on", *words),
        "exchanges": ("period-closed", "exchanged_on", *words),
        "entries": ("period-closed", "entry_date", *words),
        "returns": ("period-closed", "entry_date", *words),
        "donor_refunds": ("period-closed", "entry_date", *words),
        "reversals": ("period-closed", "entry_date", *words),
    }
    before = state(book)
    terms = {"earmark": "country=KEN", "reason": "agreed", "on": date(2024, 3, 31), "actor": "ada"}
    for what, act in (
        ("an entry", lambda: rounds.post(book, "A", on=date(2024, 3, 31), actor="Ada")),
        ("an amendment", lambda: amend(book, "2000.00", on=inside)),
        ("an amendment", lambda: amend_contribution(book, "C1", **terms)),
        ("a closing", lambda: close_line(book, "C6", on=inside)),
    ):
        with pytest.raises(FacilityError) as refused:
            act()
        assert (refused.value.code, refused.value.message, refused.value.remedy) == (
            "period-closed",
            f"the book is closed through 2024-03-31, and {what} would be of 2024-03-31",
            "date it after that day, or reopen the period with `facility period reopen`",
        )
    with pytest.raises(FacilityError) as refused:
        revalue(book, inside)
    assert (refused.value.code, refused.value.message) == (
        "period-refused",
        "the book is closed through 2024-03-31, and 2024-03-31 lies inside",
    )
    row = (999, "interest", date(2024, 3, 31), ON, "raw", None, "raw", "x", 1)
    with pytest.raises(duckdb.Error, match="period-closed: an entry of 2024-03-31 lies in a period closed through"):
        book.insert("ledger.entry", [row])
    # What was brought in before the closing is still there already.
    assert counts(take(book, "deposits", deposit(amount="500.00"))) == (0, 1)
    assert state(book) == before
    take(book, "deposits", deposit("D9", amount="10.00", received_on="2024-04-01"))
    rounds.post(book, "A", on=date(2024, 4, 1), actor="Ada")
    amend(book, "2000.00", on="2024-04-01")
    assert unsound(book) == {}


def test_periods_are_closed_forward_and_reopened_by_a_decision_with_its_reason(book: Book) -> None:
    foreign(book)
    with pytest.raises(FacilityError) as refused:
        reopen(book, "2024-01-01")
    assert (refused.value.code, refused.value.message) == ("period-refused", "no period is closed")
    is_new, moved = close_book(book, "2024-03-31")
    # Closing revalues on its last day.
    assert (is_new, len(moved)) == (True, 4)
    assert close_book(book, "2024-03-31") == (False, [])
    with pytest.raises(FacilityError) as refused:
        close_book(book, "2024-03-30")
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "period-refused",
        "the book is closed through 2024-03-31 already",
        "to open what follows 2024-03-30, use `facility period reopen`",
    )
    with pytest.raises(FacilityError) as refused:
        reopen(book, "2024-03-01", " ")
    assert (refused.value.message, refused.value.remedy) == (
        "a period is reopened by a decision with its reason",
        "give --reason",
    )
    assert reopen(book, "2024-04-01") is False
    assert reopen(book, "2024-03-16") is True
    assert [f.code for f in refusal(book, "entries", entry("E1", entry_date="2024-03-15"))] == ["period-closed"]
    take(book, "entries", entry("E1", entry_date="2024-03-16"))
    # The claims of the first closing stand revalued at the day, so nothing moves again.
    assert close_book(book, "2024-03-31") == (True, [])
    assert close_through(book, date(2024, 4, 1), reason="month end", actor="ada", dry_run=True)[0] is True
    rows = events_table(book).rows
    assert [(str(e), str(t), r, p) for e, t, r, p, _ in rows] == [
        ("closed", "2024-03-31", "year end", "ada"),
        ("reopened", "2024-03-15", "an invoice came late", "bo"),
        ("closed", "2024-03-31", "year end", "ada"),
    ]
    latest = book.connection.execute("select position, is_latest from report.periods order by 1").fetchall()
    assert latest == [(1, False), (2, False), (3, True)]
    assert unsound(book) == {}


def test_an_unsound_book_is_not_closed_over(book: Book) -> None:
    take(book, "contributions", contribution())
    corrupt(book, "contribution", "update ledger.contribution set earmark = 'country=KEN' where contribution_id = 'C1'")
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        close_book(book, "2024-03-31")
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (
        "period-unsound",
        "the book has findings, and is not closed over them: version 1 of contribution C1 is not as it was written "
        "(contribution-digests)",
        "run `facility check`, and mend what it finds first",
    )
    assert state(book) == before


def test_a_book_in_yen_is_revalued_in_whole_yen(tmp_path: Path) -> None:
    path = tmp_path / "yen.duckdb"
    Book.create(path, currency="JPY", name="Test", opened_on=date(2024, 1, 1)).close()
    with Book.open(path, writable=True) as book:
        take(book, "rates", rate("USD", units="0.007"), rate("USD", "2024-03-31", "0.0066"))
        take(book, "contributions", contribution())
        take(book, "deposits", deposit(amount="300.33", received_on="2024-01-15"))
        # 300.33 dollars were 42,904.29 yen and are 45,504.55; 699.67 were 99,953 (of 142,857) and are 106,010.61.
        assert [(one.account, one.gain) for one in revalue_on(book, date(2024, 3, 31), actor="ada")] == [
            ("asset:cash:main", Decimal(2601)),
            ("asset:receivable", Decimal(6058)),
        ]
        assert unsound(book) == {}


def test_revaluing_or_closing_for_a_try_writes_nothing(fresh_book: Callable[[], Book]) -> None:
    book = fresh_book()
    foreign(book)
    before = state(book)
    assert len(revalue_on(book, date(2024, 3, 31), actor="ada", dry_run=True)) == 4
    close_through(book, date(2024, 3, 31), reason="r", actor="ada", dry_run=True)
    assert state(book) == before


def test_foreign_money_that_is_only_receivable_needs_attention_without_an_amount_of_nothing(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution(currency="EUR"))
    found = [each for each in status(book, on=date(2024, 2, 2)) if each.what == "foreign money not revalued"]
    assert [(each.subject, each.amount, each.detail) for each in found] == [
        ("EUR", None, "not yet received, or not applied; it stands at earlier rates")
    ]
    assert "EUR 0.00" not in status_text(found, date(2024, 2, 2))
    take(book, "deposits", deposit(currency="EUR", amount="30.00", received_on="2024-01-20"))
    found = [each for each in status(book, on=date(2024, 2, 2)) if each.what == "foreign money not revalued"]
    assert [(each.subject, each.amount, each.detail) for each in found] == [
        ("EUR", 30, "cash at banks; it stands at earlier rates")
    ]


def test_what_euros_lost_before_their_exchange_stays_on_the_account_until_it_is_revalued(book: Book) -> None:
    take(book, "rates", rate(units="0.8"), rate(rate_date="2024-03-02", units="0.9"))
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="EUR", amount="100.00", received_on="2024-01-20"))
    take(book, "exchanges", exchange(amount="100.00", to_amount="120.00"))
    text = (
        "select currency, sum(amount), sum(base_amount) from ledger.posting where account = 'asset:cash:main' "
        "group by currency order by currency"
    )
    assert book.connection.execute(text).fetchall() == [("EUR", 0, 5), ("USD", 120, 120)]
    assert figures(book, "available") == ("125",)
    found = [(each.contribution, each.currency, each.gain) for each in revalue(book, "2024-03-02")]
    assert ("FACILITY", "EUR", Decimal("-5.00")) in found
    assert book.connection.execute(text).fetchall() == [("EUR", 0, 0), ("USD", 120, 120)]
    assert balance(book, "budget:available", contribution_id="FACILITY") == -5
    assert figures(book, "available") == ("125",)
    assert unsound(book) == {}


def test_a_share_of_interest_is_given_by_a_row_that_names_its_contribution(book: Book) -> None:
    take(book, "contributions", contribution(interest="contribution"), contribution("C2"))
    shares = (entry("I1", amount="20.00", contribution_id="C1"), entry("I2", amount="80.00"))
    assert counts(take(book, "entries", *shares)) == (2, 0)
    assert figures(book, "available") == ("20",)
    assert [found.code for found in refusal(book, "entries", entry("I3", contribution_id="C2"))] == [
        "interest-not-kept"
    ]
