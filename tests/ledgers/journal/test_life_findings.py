"""What the book refuses of a contribution's life: the smallest row, its exact words, a book as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from books import contribution, deposit, entry, rate, refusal, request, take
from life_rows import (
    application,
    bank,
    bounce,
    close_line,
    condition,
    donor_refund,
    exchange,
    instalment,
    note,
    result,
    returned,
    reversal,
    tier,
    write_off,
)  # fmt: skip

from ledgers.store import Book

Row = dict[str, object]
RATES = "import a rate of that day, or of the weeks before it, with `facility import rates`"
CLOSED_DEPOSIT = "correct the id; nothing more comes on a closed contribution"
HUGE = "90000000000000.00"


@pytest.fixture(scope="module")
def lived_in(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a book with some of everything that a contribution may live through."""
    path = tmp_path_factory.mktemp("life") / "book.duckdb"
    shutil.copy(new_book_file, path)
    with Book.open(path, writable=True) as book:
        take(book, "rates", rate(), rate(rate_date="2024-02-01"), rate("JPY", "2024-02-01", "0.00001"))
        take(book, "banks", bank("oslo", "EUR"))
        take(book, "fee_schedules", tier(share="1%"))
        take(
            book,
            "contributions",
            contribution("C1", amount="500.00", fee_schedule="S"),
            contribution("C2", currency="EUR"),
            contribution("C3", conditional="yes"),
            contribution("C4", stage="pledge"),
            contribution("C5", amount="10.00"),
            contribution("C7", stage="in-kind"),
            contribution("C6", currency="JPY", amount="1000", signed_on="2024-02-02"),
        )
        take(book, "instalments", instalment())
        take(
            book,
            "deposits",
            deposit("D1", amount="700.00"),
            deposit("D2", "C2", currency="EUR", amount="400.00"),
            deposit("D3", "C3", amount="300.00"),
            deposit("D5", "C5", amount="10.00"),
            deposit("D6", "C4", currency="EUR", amount=HUGE, base_amount="50.00"),
        )
        take(book, "contribution_conditions", condition(contribution_id="C3", amount="100.00"))
        take(book, "promissory_notes", note(contribution_id="C2", amount="100.00"))
        take(book, "applications", application(contribution_id="C3", amount="50.00"))
        take(book, "deposits", deposit("D7", amount="5.00", received_on="2024-02-05"))
        take(book, "bounces", bounce("D7"))
        take(book, "write_offs", write_off(contribution_id="C2", amount="50.00"))
        take(book, "exchanges", exchange(amount="10.00", to_amount="12.00", exchanged_on="2024-02-20"))
        take(book, "requests", request())
        take(book, "results", result(target="7"))
        take(book, "returns", returned(amount="20.00"), returned("B5", contribution_id="C5"))
        take(book, "donor_refunds", donor_refund("G5", "10.00", contribution_id="C5"))
        take(book, "entries", entry("E1"))
        take(book, "reversals", reversal("entries|E1", reversed_on="2024-03-02"))
        close_line(book, "C5", on="2024-05-20")
    return path


@pytest.fixture
def life(lived_in: Path, tmp_path: Path) -> Iterator[Book]:
    """Return a copy of that book, open for writing."""
    with Book.open(Path(shutil.copy(lived_in, tmp_path / "book.duckdb")), writable=True) as book:
        yield book


def told(book: Book, kind: str, row: Row) -> tuple[str, str | None, str, str]:
    """Return what the only finding on one row says: code, column, reason, remedy."""
    found = [one for one in refusal(book, kind, row) if one.severity == "error"]
    assert [one.line for one in found] == [2], found
    return found[0].code, found[0].column, found[0].reason, found[0].remedy


CASES: dict[str, list[tuple[Row, tuple[str, str, str, str]]]] = {
    "applications": [
        (
            application(contribution_id="C3", amount="51.00"),
            ("application-conflict", "application_id", "application A1 is already in the book with other content",
             "correct the row, or give another application another id"),
        ),
        *(
            (
                application("A2", contribution_id=name),
                ("contribution-unknown", "contribution_id", f"the book has no signed contribution {name}",
                 "import the signed agreement first, or correct the id"),
            )
            for name in ("C9", "C4", "FACILITY")
        ),
        (
            application("A2", "D2", from_contribution_id="C2"),
            ("nothing-unapplied", "deposit_id", "nothing of deposit D2 on C2 waits to be applied", "correct the ids"),
        ),
        (
            application("A2", amount="150.01"),
            ("unapplied-exceeded", "amount", "of deposit D1 150.00 USD waits to be applied, and 150.01 is asked",
             "correct the amount"),
        ),
        (
            application("A2", contribution_id="C2", amount="1.00"),
            ("rate-missing", "contribution_id",
             "there is no rate for EUR on 2024-04-01; the latest before it is of 2024-02-01", RATES),
        ),
        (
            application("A2", applied_on="2024-01-31"),
            ("money-later", "applied_on", "deposit D1 came on 2024-02-01", "correct the day"),
        ),
        (
            application("A2", contribution_id="C5"),
            ("contribution-closed", "contribution_id", "C5 was closed on 2024-05-20", CLOSED_DEPOSIT),
        ),
    ],
    "banks": [
        (
            bank("oslo", "USD"),
            ("bank-conflict", "bank", "the account oslo is already in the book with other content",
             "correct the row, or give another account another id"),
        ),
    ],
    "bounces": [
        (
            bounce("D7", bounced_on="2024-02-11"),
            ("bounce-conflict", "deposit_id", "deposit D7 on C1 bounced already, on another day or for another reason",
             "correct the row"),
        ),
        (
            bounce("D1", "C2"),
            ("deposit-unknown", "deposit_id", "the book has no deposit D1 on C2", "correct the ids"),
        ),
        (
            bounce("D2", "C2", bounced_on="2024-01-31"),
            ("bounce-before-deposit", "bounced_on", "deposit D2 came on 2024-02-01", "correct the day"),
        ),
        (
            bounce("D1"),
            ("deposit-applied", "deposit_id", "what deposit D1 left unapplied has been applied since (A1)",
             "reverse the applications first, with `facility entry reverse`"),
        ),
        (
            bounce("D5", "C5"),
            ("contribution-closed", "contribution_id", "C5 was closed on 2024-05-20",
             "what the bank takes back afterwards is the facility's loss: import it as a bank-charge with "
             "`facility import entries`"),
        ),
    ],
    "contribution_conditions": [
        (
            condition(contribution_id="C3", amount="101.00"),
            ("condition-conflict", "condition", "condition K1 of C3 is already met, with other content",
             "correct the row"),
        ),
        *(
            (
                condition("K2", contribution_id=name),
                ("contribution-unconditional", "contribution_id", words,
                 "correct the id; the contributions file says `conditional` of an agreement that has any"),
            )
            for name, words in (
                ("C1", "C1 is not a signed agreement with conditions"),
                ("C9", "the book has no contribution C9"),
            )
        ),
        (
            condition("K2", "900.01", contribution_id="C3"),
            ("condition-exceeds-contribution", "amount",
             "the conditions of C3 would set free 1000.01 USD of 1000.00", "correct the amount"),
        ),
    ],
    "contributions": [
        (
            contribution("C8", fee_schedule="T"),
            ("fee-schedule-unknown", "fee_schedule", "the book has no schedule of fees T",
             "import it with `facility import fee_schedules`, or correct the name"),
        ),
    ],
    "deposits": [
        (
            deposit("D9", amount="10.00", applied_amount="11.00"),
            ("applied-exceeds-deposit", "applied_amount",
             "the deposit of 10.00 USD cannot discharge more of a receivable in the same currency",
             "apply at most what came; where the bank kept charges, state the amount before them, and the charges as "
             "a bank-charge"),
        ),
        (
            deposit("D9", bank="rome"),
            ("bank-unknown", "bank", "the book has no account rome at a bank",
             "enter it with `facility import banks`, or correct it"),
        ),
        (
            deposit("D9", bank="oslo"),
            ("bank-currency", "currency", "the account oslo is in EUR",
             "name the account that the money came on, or say in base_amount what the bank credited"),
        ),
        (
            deposit("D9", "C2", currency="EUR", base_amount="1250.00", bank="oslo"),
            ("bank-currency", "currency", "the account oslo is in EUR",
             "name the account that the money came on, or say in base_amount what the bank credited"),
        ),
        (
            deposit("D9", note_id="N1"),
            ("note-unknown", "note_id", "there is no promissory note N1 for C1",
             "import the note first, or correct the id"),
        ),
        (
            deposit("D9", "C7"),
            ("contribution-unknown", "contribution_id", "C7 is a gift in kind, on which no cash comes",
             "correct the id, or import the cash as a contribution of its own"),
        ),
        (
            deposit("D9", "C5"),
            ("contribution-closed", "contribution_id", "C5 was closed on 2024-05-20", CLOSED_DEPOSIT),
        ),
    ],
    "exchanges": [
        (
            exchange(amount="10.00", to_amount="13.00", exchanged_on="2024-02-20"),
            ("exchange-conflict", "exchange_id", "exchange X1 is already in the book with other content",
             "correct the row, or give another exchange another id"),
        ),
        (
            exchange("X2", amount="390.01"),
            ("cash-exceeded", "amount", "the account main holds 390.00 EUR, and 390.01 would be exchanged",
             "correct the amount"),
        ),
        (
            exchange("X2", amount="1.00", exchanged_on="2024-01-31"),
            ("cash-exceeded", "amount", "the account main holds 0.00 EUR on 2024-01-31, and 1.00 would be exchanged",
             "correct the amount, or the day"),
        ),
        (
            exchange("X2", amount="1.00", to_bank="rome"),
            ("bank-unknown", "to_bank", "the book has no account rome at a bank",
             "enter it with `facility import banks`, or correct it"),
        ),
        (
            exchange("X2", amount="1.00", to_bank="oslo"),
            ("bank-currency", "to_currency", "the account oslo is in EUR", "name the account that the money moved on"),
        ),
        (
            exchange("X2", currency="USD", amount="1.00", to_amount="1.00", to_bank="main"),
            ("exchange-of-one-currency", "to_bank", "both sides of the exchange are the account main in USD",
             "name two accounts or two currencies, or leave the row out"),
        ),
        (
            exchange("X2", amount="1.00", to_currency="EUR", to_amount="0.99", to_bank="oslo"),
            ("exchange-of-one-currency", "to_currency", "both sides of the exchange are in EUR and differ",
             "a move between accounts leaves as much as it brings; book charges as a bank-charge"),
        ),
        *(
            (
                exchange("X2", amount="1.00", to_currency=to, to_amount="1", to_bank=at, exchanged_on="2024-05-01"),
                ("rate-missing", "currency",
                 "there is no rate for EUR on 2024-05-01; the latest before it is of 2024-02-01", RATES),
            )
            for to, at in (("JPY", "main"), ("EUR", "oslo"))
        ),
    ],
    "fee_schedules": [
        (
            tier(share="2%"),
            ("fee-schedule-conflict", "fee_schedule",
             "the tier of S above 0.0000 is already in the book with other content", "correct the row"),
        ),
        (
            tier(above="100", share="2%"),
            ("fee-schedule-in-use", "fee_schedule",
             "the schedule S is in the book, and contributions are charged by it", "give a new schedule a new name"),
        ),
    ],
    "instalments": [
        (
            instalment(amount="499.00"),
            ("instalment-conflict", "due_on",
             "what is due of C1 on 2024-03-01 is already in the book with another amount",
             "correct the row; what a donor postpones or lowers goes in with `facility contribution reschedule`"),
        ),
        *(
            (
                instalment(name),
                ("contribution-unknown", "contribution_id", f"the book has no contribution {name}",
                 "import the contribution first, or correct the id"),
            )
            for name in ("C9", "FACILITY")
        ),
        (
            instalment(due_on="2024-04-01", amount="0.01"),
            ("instalments-exceed-contribution", "amount",
             "the instalments of C1 come to 500.01 USD, and its amount to 500.00",
             "correct the amounts; they may leave something unplanned, never more"),
        ),
    ],
    "promissory_notes": [
        (
            note(contribution_id="C2", amount="101.00"),
            ("note-conflict", "note_id", "note N1 is already in the book with other content",
             "correct the row, or give another note another id"),
        ),
        *(
            (
                note("N2", "1.00", contribution_id=name),
                ("contribution-unknown", "contribution_id", f"the book has no signed contribution {name}",
                 "import the signed agreement first, or correct the id"),
            )
            for name in ("C9", "C4")
        ),
        (
            note("N2", "450.01", contribution_id="C2"),
            ("note-exceeds-contribution", "amount",
             "of C2 450.00 EUR is outstanding, and the notes come to 450.01", "correct the amount"),
        ),
    ],
    "results": [
        (
            result(target="8"),
            ("result-conflict", "indicator",
             "people of R1 on 2024-05-01 is already in the book with other content", "correct the row"),
        ),
        (
            result("R9"),
            ("request-unknown", "request_id", "the book has no request R9", "correct the id"),
        ),
    ],
    "write_offs": [
        (
            write_off(contribution_id="C2", amount="51.00"),
            ("write-off-conflict", "write_off_id", "write-off W1 is already in the book with other content",
             "correct the row, or give another write-off another id"),
        ),
        *(
            (
                write_off("W2", "1.00", contribution_id=name),
                ("contribution-unknown", "contribution_id", f"the book has no signed contribution {name}",
                 "correct the id"),
            )
            for name in ("C9", "C4")
        ),
        (
            write_off("W2", "1.00", contribution_id="C3"),
            ("write-off-conditional", "contribution_id",
             "C3 has conditions: what is not expected of it was never income",
             "lower its amount with `facility contribution amend --amount`"),
        ),
        (
            write_off("W2", "450.01", contribution_id="C2"),
            ("write-off-exceeded", "amount", "of C2 450.00 EUR is outstanding, and 450.01 would be written off",
             "correct the amount"),
        ),
    ],
    "returns": [
        (
            returned(amount="21.00"),
            ("entry-conflict", "return_id", "entry B1 is already in the book with other content",
             "give another movement another reference"),
        ),
        (
            returned("B2", contribution_id="C2", amount="500.01"),
            ("available-exceeded", "contribution_id", "contribution C2 would be overdrawn by 0.01",
             "take the money from another contribution, or less of it"),
        ),
        (
            returned("B2", contribution_id="C4"),
            ("nothing-to-move", "amount", "nothing of C4 is left that could be returned",
             "correct the id, or leave the row out"),
        ),
        (
            returned("B2", contribution_id="FACILITY", amount="1.00"),
            ("contribution-unknown", "contribution_id", "the facility's own line has no donor to give anything back to",
             "correct the id"),
        ),
        (
            returned("B2", contribution_id="C5", amount="1.00"),
            ("contribution-closed", "contribution_id", "C5 was closed on 2024-05-20",
             "correct the id; only what is owed to its donor still moves on a closed contribution"),
        ),
    ],
    "donor_refunds": [
        (
            donor_refund(amount="20.01"),
            ("donor-refund-exceeded", "amount",
             "20.00 is owed to the donor of C1, and 20.01 would be given back",
             "correct the amount, or record with `facility contribution return` that it is owed"),
        ),
        (
            donor_refund(amount="20.00", paid_on="2024-04-30"),
            ("donor-refund-exceeded", "amount",
             "0.00 is owed to the donor of C1 on 2024-04-30, and 20.00 would be given back",
             "correct the amount, or record with `facility contribution return` that it is owed"),
        ),
        (
            donor_refund(amount="1.00", bank="rome"),
            ("bank-unknown", "bank", "the book has no account rome at a bank",
             "enter it with `facility import banks`, or correct it"),
        ),
        (
            donor_refund(amount="1.00", bank="oslo"),
            ("bank-currency", "currency", "the account oslo is in EUR", "name the account that the money moved on"),
        ),
        (
            donor_refund(amount="90000000000000", currency="JPY", paid_on="2024-02-02", contribution_id="C6"),
            ("amount-out-of-range", "amount", "the amount is worth more USD than the book can hold",
             "check its unit and the rate"),
        ),
    ],
    "entries": [
        (
            entry("P1", "fee-payment", "0.01", contribution_id="C2"),
            ("fees-exceeded", "amount", "of the fees charged to C2 0.00 is owed, and 0.01 would be paid out",
             "correct the amount, or leave contribution_id empty"),
        ),
        (
            entry("P1", "fee-payment", "5.01"),
            ("fees-exceeded", "amount", "of the fees charged 5.00 is owed, and 5.01 would be paid out",
             "correct the amount, or the day"),
        ),
        *(
            (
                entry("P1", kind, contribution_id="C2"),
                ("interest-not-kept", "contribution_id", "the agreement of C2 leaves interest to the facility",
                 "leave contribution_id empty"),
            )
            for kind in ("interest", "implementer-interest")
        ),
        (
            entry("P1", "bank-charge", "1.00", contribution_id="C1"),
            ("movement-unclear", "contribution_id",
             "charges of banks fall on the facility's own line, never on a donor's", "leave contribution_id empty"),
        ),
        *(
            (
                entry("P1", kind, "1.00", purpose="p"),
                ("movement-unclear", "kind", f"{kind.replace('-', ' ')} belongs to no request and no purpose",
                 "fill or empty request_id and purpose accordingly"),
            )
            for kind in ("fee-payment", "bank-charge", "implementer-interest")
        ),
        (
            entry("P1", "direct-cost", "1.00"),
            ("movement-unclear", "kind", "a direct cost has the purpose of an administrative decision and no request",
             "fill or empty request_id and purpose accordingly"),
        ),
        (
            entry("P1", "direct-cost", "1.00", purpose="p"),
            ("nothing-allocated", "purpose", "nothing is allocated to p",
             "check the id; only an allocation can be cancelled or transferred"),
        ),
        (
            entry("P1", "bank-charge", "400.00", currency="EUR", base_amount="500.00"),
            ("cash-exceeded", "amount", "cash in EUR would be overdrawn by 10.00",
             "transfer no more than the cash held, or exchange other money first"),
        ),
        (
            entry("P1", "bank-charge", "1.00", currency="EUR", base_amount="1.25", bank="oslo"),
            ("cash-exceeded", "amount", "the cash at oslo in EUR would be overdrawn by 1.00",
             "transfer no more than the cash held, or exchange other money first"),
        ),
    ],
    "reversals": [
        (
            reversal("ghost"),
            ("entry-unknown", "entry", "the book has no entry ghost",
             "name its number or its reference; `facility entry show` shows it"),
        ),
        (
            reversal("entries|E1"),
            (
                "reversed-already",
                "entry",
                "entry entries|E1 was taken back: in error",
                "correct the entry that took it back, or leave this out",
            ),
        ),
        (
            reversal("write-off|W1", reversed_on="2024-04-30"),
            ("reversal-before-entry", "reversed_on", "entry write-off|W1 is of 2024-05-01",
             "date the reversal on that day or later"),
        ),
        (
            reversal("return|B5"),
            ("contribution-closed", "entry", "C5 was closed on 2024-05-20, and something would stand on it again",
             "leave the entry as it is; what still comes back on a closed contribution is recorded as a refund or a "
             "recovery, and is owed to its donor"),
        ),
        *(
            (
                reversal(name),
                ("reversal-refused", "entry", f"entry {name} is a {word}, which is not reversed", remedy),
            )
            for name, word, remedy in (
                ("pledge|C4", "pledge", "amend its amount with `facility contribution amend`"),
                ("signing|C1", "signing", "amend its amount with `facility contribution amend`, or write it off with "
                 "`facility contribution write-off`"),
                ("deposit|D1|C1", "deposit", "record with `facility deposit bounce` that the bank took it back"),
                ("fee|deposit|D1|C1", "fee", "it is taken back with its deposit, by `facility deposit bounce`"),
                ("bounce|D7|C1", "bounce", "import what came in again as a deposit of its own"),
                ("condition|C3|K1", "condition", "amend the contribution instead"),
                ("note|N1", "note", "amend or write off the contribution instead"),
                ("reversal|entries|E1", "reversal", "record what happened once more, under a new id"),
            )
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(CASES))
def test_each_is_refused_in_its_words_and_leaves_the_book_as_it_was(life: Book, kind: str) -> None:
    for row, expected in CASES[kind]:
        assert told(life, kind, row) == expected, row


def test_an_entry_taken_back_under_another_name_is_taken_back_already(life: Book) -> None:
    (number,) = life.connection.execute("select entry_id from ledger.entry where reference = 'entries|E1'").fetchall()[
        0
    ]
    found = refusal(life, "reversals", reversal(str(number)))
    assert ("reversed-already", f"entry {number} was taken back: in error") in {(f.code, f.reason) for f in found}
    assert "correct the entry that took it back, or leave this out" in {f.remedy for f in found}


def test_what_was_set_free_since_is_not_taken_back_with_the_receipt(life: Book) -> None:
    take(life, "contribution_conditions", condition("K2", "900.00", contribution_id="C3", met_on="2024-05-01"))
    (waited,) = refusal(life, "reversals", reversal("application|A1"))
    assert waited.code == "available-exceeded"
    assert waited.reason == "of C3 50.00 that waited for its conditions was set free since"
    assert waited.remedy == "leave the entry as it is, or take what was set free elsewhere"


def test_rows_of_one_file_that_only_together_are_too_much(fresh_book: Callable[[], Book]) -> None:
    book = fresh_book()
    take(book, "contributions", contribution(), contribution("C3", conditional="yes"))
    take(book, "deposits", deposit(amount="1500.00"))
    for kind, make, code in (
        ("write_offs", lambda n: write_off(f"W{n}", "0.01"), "write-off-exceeded"),
        ("promissory_notes", lambda n: note(f"N{n}", "0.01"), "note-exceeds-contribution"),
        (
            "instalments",
            lambda n: instalment(due_on=f"2024-03-0{n}", amount="500.01"),
            "instalments-exceed-contribution",
        ),
        ("applications", lambda n: application(f"A{n}", contribution_id="C3"), "unapplied-exceeded"),
        (
            "contribution_conditions",
            lambda n: condition(f"K{n}", "500.01", contribution_id="C3"),
            "condition-exceeds-contribution",
        ),
        ("exchanges", lambda n: exchange(f"X{n}", currency="USD", amount="750.01", to_currency="EUR"), "cash-exceeded"),
    ):
        assert {(f.code, f.line) for f in refusal(book, kind, make(1), make(2))} == {(code, 2), (code, 3)}, kind


def test_an_amount_worth_more_than_the_book_holds_is_told_where_an_exchange_or_receipt_is_converted(book: Book) -> None:
    take(book, "rates", rate(units="0.00001"), rate("GBP", units="0.00001"), rate("JPY", units="1000000"))
    take(
        book,
        "contributions",
        contribution(currency="EUR", amount="1.00"),
        contribution("C2", currency="JPY", amount="1000"),
    )
    take(
        book,
        "deposits",
        deposit(currency="JPY", amount="90000000000000", base_amount="90000000000000.00", received_on="2024-01-20"),
    )
    found = refusal(
        book, "exchanges", exchange(to_currency="GBP", to_amount="100.00", amount=HUGE, exchanged_on="2024-01-21")
    )
    assert (found[0].code, found[0].reason, found[0].remedy) == (
        "amount-out-of-range",
        "the amount is worth more USD than the book can hold",
        "check its unit and the rate",
    )
    row = application(contribution_id="C2", applied_on="2024-01-21")
    assert told(book, "applications", row) == (
        "amount-out-of-range",
        "amount",
        "the amount is worth more JPY than the book can hold",
        "check the rates",
    )
