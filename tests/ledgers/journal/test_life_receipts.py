"""Cash, notes and receipts that wait: each line by hand, and nothing left behind when all has come."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from books import balance, contribution, counts, deposit, lines, rate, take
from life_rows import amend, application, bank, bounce, figures, left, note, reversal, rounded, unsound

from ledgers.store import Book

IDENTITY = "signed + exchange_difference - receivable - notes - written_off + unapplied - received - transferred"


def euros(book: Book, *rates: tuple[str, str], amount: str = "1000.00", **cells: object) -> None:
    """Sign an agreement in euros on 10 January at 0.8 to the dollar, and know these rates besides."""
    take(book, "rates", rate(), *(rate(rate_date=day, units=units) for day, units in rates))
    take(book, "contributions", contribution(currency="EUR", amount=amount, **cells))


def test_cash_stands_in_the_currency_that_the_account_was_credited_in(book: Book) -> None:
    euros(book, ("2024-02-01", "0.8"))
    take(book, "banks", bank("oslo", "EUR", name="Bank of Oslo"), bank("geneva", "USD"), bank("any"))
    take(
        book,
        "deposits",
        deposit(currency="EUR", amount="100.00", bank="oslo"),
        deposit("D2", currency="EUR", amount="100.00", base_amount="131.00", bank="geneva"),
        deposit("D3", currency="EUR", amount="100.00", bank="any"),
        deposit("D4", currency="EUR", amount="100.00"),
    )
    assert lines(book, "deposit|D1|C1")[0] == ("asset:cash:oslo", "EUR", "100", "125", "C1")
    # The bank changed the euros into dollars itself: dollars are held, and they discharge euros.
    assert lines(book, "deposit|D2|C1") == [
        ("asset:cash:geneva", "USD", "131", "131", "C1"),
        ("equity:conversion:USD", "USD", "-131", "-131", "C1"),
        ("equity:conversion:EUR", "EUR", "100", "131", "C1"),
        ("asset:receivable", "EUR", "-100", "-125", "C1"),
        ("income:exchange", "EUR", "0", "-6", "C1"),
        ("budget:available", "USD", "131", "131", "C1"),
        ("budget:resource", "USD", "-131", "-131", "C1"),
    ]
    held = book.connection.execute(
        "select bank, currency, balance, base_balance from report.banks order by 1"
    ).fetchall()
    assert [(b, c, int(x), int(y)) for b, c, x, y in held] == [
        ("any", "EUR", 100, 125),
        ("geneva", "USD", 131, 131),
        ("main", "EUR", 100, 125),
        ("oslo", "EUR", 100, 125),
    ]
    assert unsound(book) == {}


def test_what_a_bank_credited_in_dollars_beyond_the_agreement_waits_in_dollars(book: Book) -> None:
    euros(book, amount="80.00")
    take(book, "deposits", deposit(currency="EUR", amount="120.00", base_amount="150.00", received_on="2024-01-20"))
    assert left(book, "liability:unapplied-receipts") == {"USD": ("-50", "-50")}
    assert lines(book, "deposit|D1|C1")[0] == ("asset:cash:main", "USD", "150", "150", "C1")
    assert figures(book, "received, unapplied, available") == ("150", "50", "100")


def test_a_note_stands_for_what_was_receivable_and_is_no_money(book: Book) -> None:
    euros(book)
    assert counts(take(book, "promissory_notes", note())) == (1, 0)
    assert counts(take(book, "promissory_notes", note())) == (0, 1)
    assert lines(book, "note|N1") == [
        ("asset:promissory-note", "EUR", "400", "500", "C1"),
        ("asset:receivable", "EUR", "-400", "-500", "C1"),
    ]
    assert figures(book, "receivable, notes, received, available, uncollected") == ("750", "500", "0", "0", "0")


def test_a_note_is_encashed_in_parts_with_its_exchange_difference(book: Book) -> None:
    euros(book, ("2024-02-01", "0.5"), ("2024-03-01", "1"), fee_percent="10%")
    take(book, "promissory_notes", note(amount="400.00"))
    take(book, "deposits", deposit(currency="EUR", amount="150.00", note_id="N1"))
    assert lines(book, "deposit|D1|C1") == [
        ("asset:cash:main", "EUR", "150", "300", "C1"),
        ("asset:promissory-note", "EUR", "-150", "-187.5", "C1"),
        ("income:exchange", "EUR", "0", "-112.5", "C1"),
        ("budget:available", "USD", "300", "300", "C1"),
        ("budget:resource", "USD", "-300", "-300", "C1"),
    ]
    take(book, "deposits", deposit("D2", currency="EUR", amount="250.00", note_id="N1", received_on="2024-03-01"))
    assert lines(book, "deposit|D2|C1")[1:3] == [
        ("asset:promissory-note", "EUR", "-250", "-312.5", "C1"),
        ("expense:exchange", "EUR", "0", "62.5", "C1"),
    ]
    assert left(book, "asset:promissory-note") == {}
    assert left(book, "asset:receivable") == {"EUR": ("600", "750")}
    assert figures(book, f"fees, available, exchange_difference, {IDENTITY}") == ("55", "495", "50", "0")
    assert unsound(book) == {}


def test_an_encashment_that_bounces_is_a_note_again(book: Book) -> None:
    euros(book, ("2024-02-01", "0.93"), amount="1.00")
    take(book, "promissory_notes", note(amount="0.99"))
    for number in range(3):
        row = deposit(f"D{number}", currency="EUR", amount="0.33", note_id="N1", received_on=f"2024-02-0{number + 1}")
        take(book, "deposits", row)
    take(book, "bounces", bounce("D1"))
    assert left(book, "asset:promissory-note")["EUR"][0] == "0.33"
    take(book, "deposits", deposit("D9", currency="EUR", amount="0.33", note_id="N1", received_on="2024-03-01"))
    assert left(book, "asset:promissory-note") == {}
    assert figures(book, IDENTITY) == ("0",)


def test_a_bounce_in_the_middle_leaves_no_cent_behind(book: Book) -> None:
    take(book, "rates", rate(units="0.93"), rate(rate_date="2024-02-01", units="0.93"))
    take(book, "contributions", contribution(currency="EUR", amount="1.00"))
    for number in range(2):
        take(book, "deposits", deposit(f"D{number}", currency="EUR", amount="0.33"))
    take(book, "bounces", bounce("D0"))
    take(book, "deposits", deposit("D5", currency="EUR", amount="0.33"), deposit("D6", currency="EUR", amount="0.34"))
    assert left(book, "asset:receivable") == {}
    assert figures(book, f"receivable, {IDENTITY}") == ("0", "0")


def test_cash_on_a_pledge_is_applied_once_it_is_signed(book: Book) -> None:
    take(book, "rates", rate(), rate(rate_date="2024-02-01", units="0.5"), rate(rate_date="2024-03-01", units="0.25"))
    take(book, "contributions", contribution(currency="EUR", stage="pledge"))
    take(book, "deposits", deposit(currency="EUR", amount="300.00"))
    assert figures(book, "pledged, unapplied, available, receivable") == ("1250", "600", "0", "0")
    take(book, "contributions", contribution(currency="EUR", signed_on="2024-03-01"))
    assert counts(take(book, "applications", application(amount="100.00", applied_on="2024-03-02"))) == (1, 0)
    # 100 of the 300 euros that came at 2 dollars each discharge euros that were signed for at 4.
    assert lines(book, "application|A1") == [
        ("liability:unapplied-receipts", "EUR", "100", "200", "C1"),
        ("asset:receivable", "EUR", "-100", "-400", "C1"),
        ("expense:exchange", "EUR", "0", "200", "C1"),
        ("budget:available", "USD", "200", "200", "C1"),
        ("budget:resource", "USD", "-200", "-200", "C1"),
    ]
    take(book, "applications", application("A2"))
    assert left(book, "liability:unapplied-receipts") == {}
    assert figures(book, f"available, receivable, transferred, {IDENTITY}") == ("600", "2800", "0", "0")
    assert counts(take(book, "applications", application("A2"))) == (0, 1)
    assert unsound(book) == {}


def test_receipts_beyond_one_agreement_serve_another_in_another_currency_in_parts(book: Book) -> None:
    euros(book, ("2024-02-01", "0.8"), ("2024-04-01", "0.8"), amount="100.00")
    take(book, "rates", rate("JPY", "2024-01-10", "150"), rate("JPY", "2024-04-01", "160"))
    take(book, "contributions", contribution("C2", currency="JPY", amount="30000"))
    take(book, "deposits", deposit(currency="EUR", amount="200.00"))
    assert left(book, "liability:unapplied-receipts") == {"EUR": ("-100", "-125")}
    take(book, "applications", application(contribution_id="C2", amount="40.00"))
    # 40 euros are 50 dollars, worth 8,000 yen on the day; signed for at 150 these were 53.33 dollars.
    assert lines(book, "application|A1") == [
        ("liability:unapplied-receipts", "EUR", "40", "50", "C1"),
        ("equity:conversion:EUR", "EUR", "-40", "-50", "C2"),
        ("equity:conversion:JPY", "JPY", "8000", "50", "C2"),
        ("asset:receivable", "JPY", "-8000", "-53.33", "C2"),
        ("expense:exchange", "JPY", "0", "3.33", "C2"),
        ("budget:available", "USD", "50", "50", "C2"),
        ("budget:resource", "USD", "-50", "-50", "C2"),
    ]
    take(book, "applications", application("A2", contribution_id="C2"))
    assert left(book, "liability:unapplied-receipts") == {}
    assert figures(book, f"received, transferred, unapplied, available, {IDENTITY}") == ("250", "-125", "0", "125", "0")
    assert figures(book, f"received, transferred, available, {IDENTITY}", "C2") == ("0", "125", "125", "0")
    assert left(book, "asset:receivable", "C2") == {"JPY": ("10000", "66.67")}
    assert unsound(book) == {}


def test_a_receipt_taken_up_in_parts_leaves_no_cent_in_one_file_or_in_several(fresh_book: Callable[[], Book]) -> None:
    together, apart = fresh_book(), fresh_book()
    parts = [application(f"A{n}", contribution_id="C2", amount="1.00") for n in range(3)]
    for book in (together, apart):
        take(book, "rates", rate(units="0.93"), rate(rate_date="2024-02-01", units="0.93"))
        take(
            book,
            "contributions",
            contribution(currency="EUR", amount="1.00"),
            contribution("C2", currency="EUR", amount="3.00"),
        )
        take(book, "deposits", deposit(amount="4.00", currency="EUR"))
    assert left(together, "liability:unapplied-receipts") == {"EUR": ("-3", "-3.22")}
    assert Fraction("3.22") == rounded(Fraction(4) / Fraction("0.93")) - rounded(
        rounded(Fraction(4) / Fraction("0.93")) / 4
    )
    take(together, "applications", *parts)
    for row in parts:
        take(apart, "applications", row)
    for book in (together, apart):
        assert left(book, "liability:unapplied-receipts") == {}
        assert balance(book, "budget:available", "C2") == Fraction("3.22")
        assert left(book, "asset:receivable", "C2") == {}


def test_what_a_contribution_cannot_take_stays_unapplied(book: Book) -> None:
    take(book, "contributions", contribution(amount="100.00"), contribution("C2", amount="30.00"))
    take(book, "deposits", deposit(amount="150.00"))
    take(book, "applications", application(contribution_id="C2"))
    assert left(book, "liability:unapplied-receipts") == {"USD": ("-20", "-20")}
    assert figures(book, "available, receivable", "C2") == ("30", "0")
    taken = book.connection.execute("select amount, base_amount, applied_amount from ledger.application").fetchall()
    assert [tuple(int(x) for x in row) for row in taken] == [(30, 30, 30)]
    # What is still there may be taken up later, once there is something to discharge.
    amend(book, "120.00")
    take(book, "applications", application("A2"))
    assert left(book, "liability:unapplied-receipts") == {}
    assert figures(book, "available, receivable, unapplied") == ("120", "0", "0")
    assert unsound(book) == {}


def test_a_reversed_application_waits_again_and_may_be_applied_again(book: Book) -> None:
    euros(book, ("2024-02-01", "0.93"), ("2024-04-01", "0.93"), amount="100.00")
    take(book, "contributions", contribution("C2", amount="50.00"))
    take(book, "deposits", deposit(currency="EUR", amount="133.33"))
    before = (left(book, "liability:unapplied-receipts"), figures(book, f"transferred, {IDENTITY}"))
    take(book, "applications", application(contribution_id="C2", amount="11.11"))
    take(book, "reversals", reversal("application|A1"))
    assert (left(book, "liability:unapplied-receipts"), figures(book, f"transferred, {IDENTITY}")) == before
    assert figures(book, f"received, transferred, receivable, available, {IDENTITY}", "C2") == (
        "0",
        "0",
        "50",
        "0",
        "0",
    )
    take(book, "applications", application("A2", contribution_id="C2"))
    assert left(book, "liability:unapplied-receipts") == {}
    assert unsound(book) == {}
