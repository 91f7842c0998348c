"""Rounds on money signed for and not yet received: what they hold, how posting splits it, how deposits collect it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from books import balance, contribution, corrupt, deposit, lines, rate, request, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from round_stories import ON, PLAIN, held, opened, posted, solved

from facility.usecases import rounds
from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.store import Book
from reports.funds_available import report as funds_available
from reports.round import report as round_report

AGREEMENTS = PLAIN.replace('"cash"', '"agreements"')


def found(book: Book) -> dict[str, tuple[str, ...]]:
    """Return what the checks find."""
    return {checked.name: checked.findings for checked in check_book(book) if checked.findings}


def receivable(book: Book, round_id: str = "A") -> dict[str, str]:
    """Return which part of what a round holds was not yet received when it was opened."""
    rows = book.connection.execute(
        "select contribution_id, receivable from ledger.round_receivable where round_id = ? order by 1", [round_id]
    ).fetchall()
    return {name: f"{amount.normalize():f}" for name, amount in rows}


def allocated(book: Book) -> dict[str, tuple[str, str]]:
    """Return by request what is allocated from cash, and what is allocated and not yet received."""
    rows = book.connection.execute(
        "select request_id, sum(amount) filter (account = 'budget:allocated'), "
        "sum(amount) filter (account = 'budget:allocated-uncollected') from ledger.posting "
        "where request_id is not null group by 1 order by 1"
    ).fetchall()
    return {name: tuple(f"{(one or Decimal(0)).normalize():f}" for one in parts) for name, *parts in rows}  # type: ignore[misc]


def promised(book: Book) -> Book:
    """Fill a book: C1 signed 1,000 and paid 300, C2 only pledged; R1 asks 400, R2 400 and R3 600."""
    take(book, "contributions", contribution("C1"), contribution("C2", donor="KfW", stage="pledge"))
    take(book, "deposits", deposit("D1", "C1", amount="300.00"))
    take(
        book, "requests", request("R1"), request("R2", merit="40"), request("R3", amount_requested="600.00", merit="1")
    )
    return book


def test_a_round_on_agreements_holds_what_is_to_come_and_never_pledges(book: Book) -> None:
    promised(book)
    opened(book, text=AGREEMENTS)
    assert (held(book, "A"), receivable(book)) == ({"C1": "1000"}, {"C1": "700"})
    with pytest.raises(FacilityError, match="no contribution has money available beyond"):
        opened(book, "B")
    with pytest.raises(FacilityError, match="no contribution has money available or still to come beyond"):
        opened(book, "B", text=AGREEMENTS)
    assert found(book) == {}
    seen = "select available, held, unheld from report.contributions where contribution_id = 'C1'"
    assert [tuple(map(str, row)) for row in book.connection.execute(seen).fetchall()] == [
        ("300.0000", "1000.0000", "0.0000")
    ]


def test_a_round_on_cash_is_what_it_was(book: Book) -> None:
    promised(book)
    opened(book)
    assert (held(book, "A"), receivable(book)) == ({"C1": "300"}, {})
    opened(book, "B", text=AGREEMENTS)
    assert (held(book, "B"), receivable(book, "B")) == ({"C1": "700"}, {"C1": "700"})
    assert found(book) == {}


def test_posting_splits_each_payment_and_deposits_collect_the_oldest_first(book: Book) -> None:
    promised(book)
    solved(book, text=AGREEMENTS)
    posted(book)
    assert allocated(book) == {"R1": ("300", "100"), "R2": ("0", "400")}
    assert lines(book, "allocation|A|R1") == [
        ("budget:allocated", "USD", "300", "300", "C1"),
        ("budget:available", "USD", "-300", "-300", "C1"),
        ("budget:allocated-uncollected", "USD", "100", "100", "C1"),
        ("budget:resource", "USD", "-100", "-100", "C1"),
    ]
    assert found(book) == {}
    take(book, "deposits", deposit("D3", "C1", amount="150.00", received_on="2024-06-03"),
         deposit("D2", "C1", amount="200.00", received_on="2024-06-02"))  # fmt: skip
    assert lines(book, "deposit|D2|C1")[2:] == [
        ("budget:available", "USD", "200", "200", "C1"),
        ("budget:resource", "USD", "-200", "-200", "C1"),
        *(
            (account, "USD", amount, amount, "C1")
            for part in ("100", "100")
            for account, amount in (
                ("budget:available", f"-{part}"),
                ("budget:resource", part),
                ("budget:allocated", part),
                ("budget:allocated-uncollected", f"-{part}"),
            )
        ),
    ]
    assert allocated(book) == {"R1": ("400", "0"), "R2": ("250", "150")}
    assert balance(book, "budget:available", "C1") == 0
    take(book, "deposits", deposit("D4", "C1", amount="350.00", received_on="2024-06-04"))
    assert allocated(book) == {"R1": ("400", "0"), "R2": ("400", "0")}
    assert balance(book, "budget:available", "C1") == 200
    assert found(book) == {}


def test_what_is_allocated_and_not_received_is_not_given_twice(book: Book) -> None:
    promised(book)
    solved(book, text=AGREEMENTS)
    posted(book)
    opened(book, "B", text=AGREEMENTS)
    assert (held(book, "B"), receivable(book, "B")) == ({"C1": "200"}, {"C1": "200"})
    rounds.cancel(book, "B", on=ON, actor="ada")
    with pytest.raises(FacilityError, match="no contribution has money available"):
        opened(book, "C")
    with pytest.raises(FacilityError, match="no unfunded request"):
        opened(book, "C", text=AGREEMENTS, requests="request=R1|R2")


def test_money_that_came_while_the_round_was_open_is_cash_when_it_is_posted(book: Book) -> None:
    promised(book)
    solved(book, text=AGREEMENTS)
    take(book, "deposits", deposit("D2", "C1", amount="450.00"))
    assert found(book) == {}
    posted(book)
    assert allocated(book) == {"R1": ("400", "0"), "R2": ("350", "50")}


def test_an_earlier_round_on_cash_keeps_its_cash(book: Book) -> None:
    promised(book)
    solved(book, "A", requests="request=R3")
    solved(book, "B", text=AGREEMENTS, requests="request=R1")
    posted(book, "B")
    assert allocated(book) == {"R1": ("0", "400")}
    assert found(book) == {}
    assert balance(book, "budget:available", "C1") == 300


def test_a_loss_on_exchange_is_told_at_posting_and_no_fault_of_the_book(book: Book) -> None:
    take(book, "rates", rate(units="0.8"), rate(rate_date="2024-05-31", units="1"))
    take(book, "contributions", contribution("C1", currency="EUR"))
    take(book, "requests", request("R1", amount_requested="1250.00"))
    solved(book, "A", text=AGREEMENTS)
    posted(book)
    take(book, "deposits", deposit("D1", "C1", currency="EUR", received_on="2024-06-01"))
    assert allocated(book) == {"R1": ("1000", "250")}
    assert found(book) == {}
    take(book, "requests", request("R2", amount_requested="1.00"))
    with pytest.raises(FacilityError, match="no contribution has money available"):
        opened(book, "B", text=AGREEMENTS)


def test_an_open_round_that_holds_more_than_came_is_found_and_not_posted(book: Book) -> None:
    take(book, "rates", rate(units="0.8"), rate(rate_date="2024-05-31", units="1"))
    take(book, "contributions", contribution("C1", currency="EUR"))
    take(book, "requests", request("R1", amount_requested="1250.00"))
    solved(book, "A", text=AGREEMENTS)
    take(book, "deposits", deposit("D1", "C1", currency="EUR", received_on="2024-06-01"))
    assert found(book) == {"holds-covered": ("C1 has 1000.0000 and open rounds hold 1250.0000",)}
    with pytest.raises(FacilityError) as refused:
        posted(book)
    assert (refused.value.code, refused.value.message) == (
        "contribution-drained",
        "contribution C1 has 1,000.00 left for round A, which draws 1,250.00 on it",
    )


def test_seeded_faults_are_found(book: Book) -> None:
    promised(book)
    solved(book, text=AGREEMENTS)
    posted(book)
    waiting = "where account = 'budget:allocated-uncollected' and request_id = 'R2'"
    more = "update ledger.posting set amount = amount + 700, base_amount = base_amount + 700 "
    corrupt(book, "posting", more + waiting)
    assert {"uncollected-covered", "allocations-match-decisions", "entries-balance"} <= set(found(book))
    corrupt(book, "posting", f"update ledger.posting set amount = -amount {waiting}")
    assert found(book)["allocated-not-negative"] == ("R2 waits for -1100.0000 from C1",)


def test_reports_say_what_is_decided_and_not_received(book: Book) -> None:
    promised(book)
    solved(book, text=AGREEMENTS)
    first = round_report(book, round_id="A")
    assert [fact.note for fact in first.facts if fact.label == "Resources"] == [
        "USD 700.00 of it signed and not yet received, before the policy's reserve"
    ]
    posted(book)
    statement = funds_available(book)
    amounts = {str(row[0]): row[1] for row in statement.tables[0].rows}
    assert amounts["Approved amounts pending cash transfers"] == 300
    assert amounts["Approved amounts not yet received (not taken off)"] == 500
    assert amounts["Total funding decisions net of cancellations (B)"] == 800
    assert amounts["Total funds available to support decisions"] == 0
    steps = statement.charts[0].steps  # type: ignore[union-attr]
    assert steps[-1].end == 0
    assert steps[-2].end == 0


def _tried(act: Callable[[], object]) -> str | None:
    """Return the code of the refusal that an act meets, if it is one of those that a tight book must give."""
    try:
        act()
    except FacilityError as refused:
        if refused.code not in ("round-empty", "request-funded"):
            raise
        return refused.code
    return None


amounts = st.integers(1, 90_000)


kinds_of_rounds = st.lists(st.sampled_from([PLAIN, AGREEMENTS]), max_size=2).flatmap(
    lambda others: st.permutations([AGREEMENTS, *others])
)


@pytest.mark.nightly
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    signed=st.lists(amounts, min_size=1, max_size=3),
    first=st.lists(amounts, max_size=2),
    asks=st.lists(amounts, min_size=1, max_size=4),
    later=st.lists(st.tuples(st.integers(0, 2), amounts), max_size=6),
    kinds=kinds_of_rounds,
)
def test_no_order_of_rounds_and_deposits_gives_money_twice(
    fresh_book: Callable[[], Book],
    signed: list[int],
    first: list[int],
    asks: list[int],
    later: list[tuple[int, int]],
    kinds: list[str],
) -> None:
    _live(fresh_book(), signed, first, asks, later, kinds)


@pytest.mark.nightly
def test_rounds_of_both_kinds_and_deposits_between_them(book: Book) -> None:
    deposits = [(0, 150), (1, 120), (0, 90), (1, 80)]
    _live(book, [50_000, 300], [10_000], [20_000, 15_000, 9_000], deposits, [PLAIN, AGREEMENTS, AGREEMENTS])


def _live(
    book: Book,
    signed: list[int],
    first: list[int],
    asks: list[int],
    later: list[tuple[int, int]],
    kinds: list[str],
) -> None:
    """Take amounts in cents through rounds and deposits, look after each step whether all holds, see all collected."""

    def told(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"

    take(book, "contributions", *(contribution(f"C{n}", amount=told(cents)) for n, cents in enumerate(signed)))
    if first:
        take(book, "deposits", *(deposit(f"F{n}", "C0", amount=told(cents)) for n, cents in enumerate(first)))
    take(
        book,
        "requests",
        *(request(f"R{n}", amount_requested=told(c), amount_minimum="0") for n, c in enumerate(asks)),
    )
    open_rounds = []
    arriving = [(n, f"C{who % len(signed)}", cents) for n, (who, cents) in enumerate(later)]
    for place, kind in enumerate(kinds):
        if _tried(lambda place=place, kind=kind: solved(book, f"A{place}", text=kind)) is None:
            open_rounds.append(f"A{place}")
        for n, who, cents in arriving[place::3]:
            take(book, "deposits", deposit(f"L{n}", who, amount=told(cents), received_on="2024-05-01"))
        assert found(book) == {}
    for round_id in open_rounds:
        if _tried(lambda round_id=round_id: posted(book, round_id)) == "request-funded":
            rounds.cancel(book, round_id, on=ON, actor="ada")
        assert found(book) == {}
    take(book, "deposits", *(deposit(f"Z{n}", f"C{n}", amount=told(cents)) for n, cents in enumerate(signed)))
    assert found(book) == {}
    # All is received now, so nothing waits any more; what is left is what was signed less what was allocated.
    assert balance(book, "budget:allocated-uncollected") == 0
    whole = sum(signed)
    assert balance(book, "budget:allocated") + balance(book, "budget:available") == Decimal(whole) / 100
