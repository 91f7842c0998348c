"""Money that the bank took back, and money that waits for a condition: what is lacking has a name, and blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from books import ON, balance, contribution, counts, deposit, entry, lines, rate, request, take
from life_rows import amend, application, bounce, condition, figures, left, unsound

from facility.usecases import rounds
from ledgers.errors import FacilityError
from ledgers.store import Book

CASH = 'currency = "USD"\nresources = "cash"\nunit = "0.01"\nobjectives = ["merit"]\n[approval]\nsignatures = 1\n'
AGREEMENTS = CASH.replace('"cash"', '"agreements"')


def solved(book: Book, round_id: str = "A", *, text: str = CASH, on: date = ON) -> None:
    """Open a round, solve it and approve what it decides."""
    policy = book.path.with_name(f"{round_id}.toml")
    policy.write_text(text, encoding="utf-8")
    rounds.open_from_policy(book, round_id, policy, on=on, actor="Ada")
    rounds.solve(book, round_id, actor="Ada")
    rounds.approve_decision(book, round_id, by="Bo", actor="Bo")


def held(book: Book, round_id: str = "A") -> dict[str, Decimal]:
    """Return what a round holds of each contribution."""
    return dict(
        book.connection.execute(
            "select contribution_id, available from ledger.round_contribution where round_id = ?", [round_id]
        ).fetchall()
    )


def test_a_bounce_is_the_deposit_the_other_way_round_with_its_fee(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"))
    take(book, "contributions", contribution(currency="EUR", fee_percent="7%"))
    take(book, "deposits", deposit(currency="EUR", amount="400.00"), deposit("D2", currency="EUR", amount="600.00"))
    assert counts(take(book, "bounces", bounce())) == (1, 0)
    assert counts(take(book, "bounces", bounce())) == (0, 1)
    assert lines(book, "bounce|D1|C1") == [
        ("asset:cash:main", "EUR", "-400", "-800", "C1"),
        ("asset:receivable", "EUR", "400", "500", "C1"),
        ("income:exchange", "EUR", "0", "300", "C1"),
        ("expense:fee:administration", "USD", "-56", "-56", "C1"),
        ("liability:fee", "USD", "56", "56", "C1"),
        ("budget:available", "USD", "-744", "-744", "C1"),
        ("budget:resource", "USD", "744", "744", "C1"),
    ]
    assert figures(book, "received, receivable, fees, available, deficit") == ("1200", "500", "84", "1116", "0")
    assert unsound(book) == {}


def test_what_a_bounced_deposit_left_unapplied_goes_back_too(book: Book) -> None:
    take(book, "contributions", contribution(amount="300.00"))
    take(book, "deposits", deposit(amount="500.00"))
    take(book, "bounces", bounce())
    assert left(book, "liability:unapplied-receipts") == left(book, "asset:cash:main") == {}
    assert left(book, "asset:receivable") == {"USD": ("300", "300")}
    assert figures(book, "received, unapplied, available") == ("0", "0", "0")


def test_a_deficit_is_named_blocks_new_rounds_of_both_kinds_and_is_made_good_by_the_next_deposit(book: Book) -> None:
    take(book, "contributions", contribution(), contribution("C2"))
    take(book, "deposits", deposit(amount="600.00"), deposit("D2", "C2", amount="50.00"))
    take(book, "entries", entry("E1", "administration", "450.00", purpose="p", contribution_id="C1"))
    take(book, "bounces", bounce(bounced_on="2024-04-01"))
    assert figures(book, "available, deficit, administration, receivable") == ("-450", "450", "450", "1000")
    # A deficit is no fault of the book.
    assert unsound(book) == {}
    take(book, "requests", request(amount_minimum="0", amount_requested="5000.00"))
    solved(book, "A")
    assert held(book) == {"C2": Decimal(50)}
    rounds.cancel(book, "A", on=ON, actor="Ada")
    solved(book, "B", text=AGREEMENTS)
    assert held(book, "B") == {"C2": Decimal(1000)}
    rounds.cancel(book, "B", on=ON, actor="Ada")
    take(book, "deposits", deposit("D3", amount="460.00", received_on="2024-05-01"))
    assert figures(book, "available, deficit, receivable") == ("10", "0", "540")
    solved(book, "C")
    assert held(book, "C") == {"C1": Decimal(10), "C2": Decimal(50)}
    assert unsound(book) == {}


def test_a_round_that_holds_money_which_bounced_is_not_posted(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit(amount="400.00"))
    take(book, "requests", request())
    solved(book)
    take(book, "bounces", bounce(bounced_on="2024-04-01"))
    with pytest.raises(FacilityError) as refused:
        rounds.post(book, "A", on=ON, actor="Ada")
    assert refused.value.code == "contribution-drained"


def test_a_deposit_that_collected_what_was_allocated_bounces_and_the_allocation_stands(book: Book) -> None:
    take(book, "contributions", contribution(fee_percent="7%"))
    take(book, "requests", request(amount_requested="700.00"))
    solved(book, text=AGREEMENTS)
    # A thousand signed for, less what it may bear in fees.
    assert held(book) == {"C1": Decimal(930)}
    rounds.post(book, "A", on=ON, actor="Ada")
    assert figures(book, "available, allocated, uncollected") == ("0", "700", "700")
    take(book, "deposits", deposit(amount="1000.00", received_on="2024-06-02"), on=date(2024, 7, 1))
    assert figures(book, "available, allocated, uncollected, fees") == ("230", "700", "0", "70")
    take(book, "bounces", bounce(bounced_on="2024-06-10"), on=date(2024, 7, 1))
    assert figures(book, "available, deficit, allocated, uncollected, fees") == ("-700", "700", "700", "0", "0")
    assert balance(book, "budget:allocated", "C1") == 700
    assert unsound(book) == {}
    take(book, "deposits", deposit("D2", received_on="2024-06-20"), on=date(2024, 7, 1))
    assert figures(book, "available, deficit, allocated, uncollected, fees") == ("230", "0", "700", "0", "70")
    assert unsound(book) == {}


def test_nothing_of_a_conditional_agreement_is_income_or_available_before_its_condition(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"))
    take(book, "contributions", contribution(currency="EUR", conditional="yes"))
    assert lines(book, "signing|C1") == [
        ("asset:receivable", "EUR", "1000", "1250", "C1"),
        ("liability:deferred-contribution", "EUR", "-1000", "-1250", "C1"),
    ]
    take(book, "deposits", deposit(currency="EUR", amount="500.00"))
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "EUR", "500", "1000", "C1"),
        ("asset:receivable", "EUR", "-500", "-625", "C1"),
        ("income:exchange", "EUR", "0", "-375", "C1"),
        ("budget:available", "USD", "1000", "1000", "C1"),
        ("budget:resource", "USD", "-1000", "-1000", "C1"),
        ("budget:conditional", "USD", "1000", "1000", "C1"),
        ("budget:available", "USD", "-1000", "-1000", "C1"),
    ]
    assert figures(book, "conditional, signed, deferred, available, waiting") == ("True", "1250", "1250", "0", "1000")
    take(book, "requests", request(amount_minimum="0"))
    with pytest.raises(FacilityError) as refused:
        solved(book, text=AGREEMENTS)
    assert refused.value.code == "round-empty"
    assert counts(take(book, "contribution_conditions", condition(amount="200.00"))) == (1, 0)
    assert counts(take(book, "contribution_conditions", condition(amount="200.00"))) == (0, 1)
    # 200 of 1,000 euros are income at the rate of signing, and two fifths of the 1,000 dollars are free.
    assert lines(book, "condition|C1|K1") == [
        ("liability:deferred-contribution", "EUR", "200", "250", "C1"),
        ("income:contribution", "EUR", "-200", "-250", "C1"),
        ("budget:available", "USD", "400", "400", "C1"),
        ("budget:conditional", "USD", "-400", "-400", "C1"),
    ]
    take(book, "contribution_conditions", condition("K2", "800.00"))
    assert figures(book, "signed, deferred, available, waiting") == ("1250", "0", "1000", "0")
    take(book, "deposits", deposit("D2", currency="EUR", amount="500.00", received_on="2024-02-05"))
    assert figures(book, "available, waiting, receivable") == ("2000", "0", "0")
    assert left(book, "liability:deferred-contribution") == {}
    assert unsound(book) == {}


@pytest.mark.parametrize("met", ["300.00", "100.01"])
def test_deposits_before_and_after_a_condition_free_the_same(fresh_book: Callable[[], Book], met: str) -> None:
    """Of 100.03 and 250.00 received, what is met is free, less fees; in any order of deposits and conditions."""
    rows = [deposit("D1", amount="100.03"), deposit("D2", amount="250.00", received_on="2024-02-02")]
    known = []
    for order in ("ddk", "dkd", "kdd", "file"):
        book = fresh_book()
        take(book, "contributions", contribution(conditional="yes"))
        if order == "file":
            take(book, "deposits", *rows)
            take(book, "contribution_conditions", condition(amount=met))
        waiting = iter(rows)
        for step in order if order != "file" else "":
            if step == "k":
                take(book, "contribution_conditions", condition(amount=met))
            else:
                take(book, "deposits", next(waiting))
        known.append(figures(book, "available, waiting"))
        book.close()
    free = Decimal(met)
    assert set(known) == {(f"{free.normalize():f}", f"{(Decimal('350.03') - free).normalize():f}")}


def test_a_share_of_foreign_money_is_freed_down_to_the_cent_and_all_of_it_in_the_end(book: Book) -> None:
    take(book, "rates", rate(units="0.93"), rate(rate_date="2024-02-01", units="0.93"))
    take(book, "contributions", contribution(currency="EUR", amount="3.00", conditional="yes"))
    take(book, "deposits", deposit(currency="EUR", amount="3.00"))
    # Three euros are 3.23 dollars; a third of them 1.0766.
    freed = []
    for number in range(3):
        take(book, "contribution_conditions", condition(f"K{number}", "1.00"))
        freed.append(figures(book, "available, waiting"))
    assert freed == [("1.07", "2.16"), ("2.15", "1.08"), ("3.23", "0")]
    assert left(book, "liability:deferred-contribution") == {}


def test_a_fee_falls_on_what_is_free_of_a_deposit_and_then_on_what_waits(book: Book) -> None:
    take(book, "contributions", contribution(conditional="yes", fee_percent="10%"))
    take(book, "deposits", deposit(amount="100.00"))
    assert figures(book, "fees, available, waiting") == ("10", "0", "90")
    take(book, "contribution_conditions", condition(amount="104.00"))
    assert figures(book, "fees, available, waiting") == ("10", "90", "0")
    take(book, "deposits", deposit("D2", amount="100.00", received_on="2024-03-02"))
    # Four dollars of it are free, and bear what they can of a fee of ten.
    assert lines(book, "fee|deposit|D2|C1")[2:] == [
        ("budget:resource", "USD", "10", "10", "C1"),
        ("budget:available", "USD", "-4", "-4", "C1"),
        ("budget:conditional", "USD", "-6", "-6", "C1"),
    ]
    assert figures(book, "fees, available, waiting") == ("20", "90", "90")
    take(book, "contribution_conditions", condition("K2", "896.00"))
    assert figures(book, "fees, available, waiting") == ("20", "180", "0")
    assert unsound(book) == {}


def test_money_that_waits_bounces_from_where_it_waits(book: Book) -> None:
    take(book, "contributions", contribution(conditional="yes", fee_percent="7%"))
    take(book, "deposits", deposit(amount="100.00"), deposit("D2", amount="100.00"), deposit("D3", amount="100.00"))
    take(book, "contribution_conditions", condition(amount="150.00"))
    # Half is free, of which the fees of all three are taken first.
    assert figures(book, "available, waiting") == ("129", "150")
    take(book, "bounces", bounce("D1", bounced_on="2024-03-10"))
    # Of 200 left, 150 are free, less fees of 14.
    assert figures(book, "available, waiting, deficit") == ("136", "50", "0")
    take(book, "bounces", bounce("D2", bounced_on="2024-03-10"), bounce("D3", bounced_on="2024-03-10"))
    assert figures(book, "available, waiting, fees, received") == ("0", "0", "0", "0")
    assert unsound(book) == {}


def test_after_a_bounce_no_more_waits_than_the_conditions_ask(book: Book) -> None:
    take(book, "contributions", contribution(conditional="yes"))
    take(book, "contribution_conditions", condition(amount="150.00", met_on="2024-01-20"))
    take(book, "deposits", deposit(amount="100.00"), deposit("D2", amount="100.00"))
    assert figures(book, "available, waiting") == ("150", "50")
    take(book, "bounces", bounce())
    # A hundred is left, and a hundred and fifty set free.
    assert figures(book, "available, waiting") == ("100", "0")
    take(book, "deposits", deposit("D3", amount="100.00", received_on="2024-04-01"))
    assert figures(book, "available, waiting") == ("150", "50")


def test_a_conditional_agreement_amended_at_other_rates_leaves_nothing_behind(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"))
    take(book, "contributions", contribution(currency="EUR", conditional="yes"))
    take(book, "deposits", deposit(currency="EUR", amount="100.00"))
    take(book, "contribution_conditions", condition(amount="400.00", met_on="2024-02-20"))
    amend(book, "1100.00", on="2024-02-20")
    amend(book, "400.00", on="2024-02-21")
    # 700 of 1,000 euros to come stand at 1,325 dollars, and all 700 deferred at 950.
    assert lines(book, "amendment|C1|3") == [
        ("asset:receivable", "EUR", "-700", "-927.5", "C1"),
        ("liability:deferred-contribution", "EUR", "700", "950", "C1"),
        ("income:exchange", "EUR", "0", "-22.5", "C1"),
    ]
    assert left(book, "liability:deferred-contribution") == {}
    take(book, "deposits", deposit("D2", currency="EUR", amount="300.00", received_on="2024-02-25"))
    assert left(book, "asset:receivable") == {}
    assert figures(book, "signed, waiting, available") == ("500", "0", "800")
    assert unsound(book) == {}


def test_receipts_applied_to_a_conditional_agreement_wait_too(book: Book) -> None:
    take(book, "contributions", contribution(amount="100.00"), contribution("C2", conditional="yes"))
    take(book, "deposits", deposit(amount="150.00"))
    take(book, "applications", application(contribution_id="C2"))
    assert figures(book, "available, waiting, deferred, receivable", "C2") == ("0", "50", "1000", "950")
    take(book, "contribution_conditions", condition(contribution_id="C2", amount="1000.00", met_on="2024-05-01"))
    assert figures(book, "available, waiting, deferred, receivable", "C2") == ("50", "0", "0", "950")
