"""Each thing that the book refuses: the smallest input that causes it, its exact words, and a book as it was."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from books import ON, balance, contribution, deposit, entry, file_of, rate, refusal, request, score, state, take, told

import ledgers.journal
from facility.usecases.import_file import import_files
from ledgers.errors import InputRefused
from ledgers.store import Book

RATES_REMEDY = "import a rate of that day, or of the weeks before it, with `facility import rates`"


def _only(book: Book, kind: str, *rows: dict[str, object]) -> tuple[object, ...]:
    found = refusal(book, kind, *rows)
    assert len(found) == 1, found
    code, severity, line, column, reason, remedy = told(found[0])
    assert severity == "error"
    return code, line, column, reason, remedy


def test_a_contribution_with_other_content(book: Book) -> None:
    take(book, "contributions", contribution())
    assert _only(book, "contributions", contribution("C0"), contribution(amount="1000.01")) == (
        "contribution-conflict",
        3,
        "contribution_id",
        "contribution C1 is already in the book with other content",
        "correct the row, or record the change with `facility contribution amend`",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"earmark": "country=KEN"},
        {"use_by": "2026-01-01"},
        {"spend_from": "2026-01-01"},
        {"spend_to": "2026-01-01"},
        {"country_share_max": "25%"},
        {"agreement": "A"},
        {"signed_on": "2024-01-11"},
        {"report_due": "2025-01-01"},
        {"note": "n"},
        {"stage": "pledge"},
        {"donor": "Sweden"},
    ],
)
def test_every_cell_of_a_contribution_counts_as_its_content(book: Book, change: dict[str, object]) -> None:
    take(book, "contributions", contribution())
    assert _only(book, "contributions", contribution(**change))[0] == "contribution-conflict"


def test_a_signing_with_other_terms_is_a_conflict(book: Book) -> None:
    take(book, "contributions", contribution(stage="pledge"))
    assert _only(book, "contributions", contribution(amount="999.00"))[0] == "contribution-conflict"


def test_the_facilitys_own_line_cannot_be_imported(book: Book) -> None:
    for name in ("FACILITY", "facility"):
        assert _only(book, "contributions", contribution(name)) == (
            "value-unsupported",
            2,
            "contribution_id",
            "contribution_id=FACILITY: this id is the facility's own contribution",
            "choose another id",
        )


def test_a_donor_that_the_book_knows_as_another_kind(book: Book) -> None:
    take(book, "contributions", contribution())
    assert _only(book, "contributions", contribution("C2", donor="NORWAY", donor_kind="foundation")) == (
        "donor-kind-conflict",
        2,
        "donor_kind",
        "the book knows donor Norway as state",
        "write state, or another name for another donor",
    )


def test_a_new_donor_of_two_kinds_in_two_files(book: Book) -> None:
    first = file_of(book, "contributions", contribution())
    second = file_of(book, "contributions", contribution("C2", donor_kind="foundation"))
    before = state(book)
    with pytest.raises(InputRefused) as refused:
        import_files(book, "contributions", [first, second], on=ON, actor="ada")
    (found,) = refused.value.findings
    at_fault, other = sorted([first, second], key=str)[1], sorted([first, second], key=str)[0]
    kinds = {first: "state", second: "foundation"}
    assert (found.code, found.file, found.reason, found.remedy) == (
        "donor-kind-conflict",
        str(at_fault),
        f"donor Norway is a {kinds[other]} on line 2 of {other}",
        f"write {kinds[other]}, or another name for another donor",
    )
    assert state(book) == before


def test_a_donor_of_two_countries(book: Book) -> None:
    take(book, "contributions", contribution(donor_country="NOR"))
    assert _only(book, "contributions", contribution("C2", donor_country="SWE")) == (
        "donor-country-conflict",
        2,
        "donor_country",
        "donor Norway is of NOR in the book",
        "write NOR, or another name for another donor",
    )


def test_a_new_donor_of_two_countries_in_one_file(book: Book) -> None:
    found = refusal(book, "contributions", contribution(donor_country="NOR"), contribution("C2", donor_country="SWE"))
    assert [(f.code, f.line) for f in found] == [("donor-country-conflict", 3)]
    assert found[0].reason.startswith("donor Norway is of NOR on line 2 of ")


@pytest.mark.parametrize(
    ("kind", "first", "second", "told"),
    [
        (
            "contributions",
            contribution("C1"),
            contribution("c1"),
            (
                "contribution_id",
                "the book has contribution C1, which differs only in capitals",
                "write C1, or choose another id",
            ),
        ),
        (
            "deposits",
            deposit("D1"),
            deposit("d1"),
            (
                "deposit_id",
                "the book has deposit D1 on C1, which differs only in capitals",
                "write D1, or choose another id",
            ),
        ),
        (
            "requests",
            request("R1"),
            request("r1"),
            ("request_id", "the book has request R1, which differs only in capitals", "write R1, or choose another id"),
        ),
        (
            "scores",
            score("R1", "Ann", "need", "1"),
            score("R1", "ann", "need", "1"),
            (
                "reviewer",
                "the book has a score from Ann on need for R1, which differs only in capitals",
                "write Ann and need, or choose other names",
            ),
        ),
        (
            "entries",
            entry("E1"),
            entry("e1"),
            (
                "reference",
                "the book has entry E1, which differs only in capitals",
                "write E1, or choose another reference",
            ),
        ),
    ],
)
def test_an_id_that_differs_from_a_known_one_only_in_capitals(
    book: Book, kind: str, first: dict[str, object], second: dict[str, object], told: tuple[str, str, str]
) -> None:
    if kind in ("deposits",):
        take(book, "contributions", contribution())
    if kind in ("scores",):
        take(book, "requests", request())
    take(book, kind, first)
    assert _only(book, kind, second) == ("id-differs-in-case", 2, *told)


def test_one_key_in_two_files_whatever_its_capitals(book: Book) -> None:
    first, second = file_of(book, "requests", request("R1")), file_of(book, "requests", request("r1"))
    before = state(book)
    with pytest.raises(InputRefused) as refused:
        import_files(book, "requests", [first, second], on=ON, actor="ada")
    (found,) = refused.value.findings
    assert (found.code, found.file, found.reason, found.remedy) == (
        "key-repeated",
        str(second),
        f"r1 stands in {first} too",
        "keep it in one of the files",
    )
    assert state(book) == before


def test_a_contribution_without_a_rate(book: Book) -> None:
    assert _only(book, "contributions", contribution(currency="EUR")) == (
        "rate-missing",
        2,
        "currency",
        "there is no rate for EUR on 2024-01-10",
        RATES_REMEDY,
    )


def test_a_contribution_with_a_rate_that_is_too_old(book: Book) -> None:
    take(book, "rates", rate(rate_date="2023-12-05"))
    assert _only(book, "contributions", contribution(currency="EUR")) == (
        "rate-missing",
        2,
        "currency",
        "there is no rate for EUR on 2024-01-10; the latest before it is of 2023-12-05",
        RATES_REMEDY,
    )


def test_a_rate_of_a_later_day_does_not_count(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-01-11"))
    assert _only(book, "contributions", contribution(currency="EUR"))[3] == "there is no rate for EUR on 2024-01-10"


BIG = "99999999999999.99"


def test_a_contribution_worth_more_than_the_book_can_hold(book: Book) -> None:
    take(book, "rates", rate())
    assert _only(book, "contributions", contribution(currency="EUR", amount=BIG)) == (
        "amount-out-of-range",
        2,
        "amount",
        "the amount is worth more USD than the book can hold at 0.80000000 EUR per USD",
        "split the contribution, or check its unit and the rate",
    )


def test_a_deposit_worth_more_than_the_book_can_hold(book: Book) -> None:
    take(
        book, "rates", rate(rate_date="2024-02-01"), rate("JPY", "2024-02-01", "160"), rate("JPY", "2024-01-10", "160")
    )
    take(book, "contributions", contribution(), contribution("C2", currency="JPY", amount="1000"))
    assert _only(book, "deposits", deposit(currency="EUR", amount=BIG)) == (
        "amount-out-of-range",
        2,
        "amount",
        "the amount is worth more USD than the book can hold",
        "check its unit and the rates",
    )
    assert _only(book, "deposits", deposit("D1", "C2", currency="EUR", amount=BIG, base_amount="1.00"))[3] == (
        "the amount is worth more JPY than the book can hold"
    )


def test_an_ask_beyond_the_book_or_below_its_unit(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-06-01"), rate("JPY", "2024-06-01", "160"))
    assert _only(book, "requests", request(currency="EUR", amount_requested=BIG)) == (
        "amount-out-of-range",
        2,
        "amount_requested",
        "the ask is worth more USD than the book can hold",
        "check its unit and the rate of EUR",
    )
    assert _only(book, "requests", request(currency="JPY", amount_requested="1"))[3] == (
        "the ask is worth less than the smallest unit of USD"
    )


def test_the_largest_amount_of_all_is_taken(book: Book) -> None:
    take(book, "contributions", contribution(amount=BIG))
    take(book, "deposits", deposit(amount=BIG))
    take(book, "requests", request(amount_requested=BIG))
    assert balance(book, "budget:available", "C1") == Decimal(BIG)
    (asked,) = book.connection.execute("select amount_requested from report.requests").fetchall()
    assert asked == (Decimal(BIG),)


def test_a_deposit_on_no_contribution(book: Book) -> None:
    assert _only(book, "deposits", deposit()) == (
        "contribution-unknown",
        2,
        "contribution_id",
        "the book has no contribution C1",
        "import the contribution first, or correct the id",
    )
    assert _only(book, "deposits", deposit("D1", "FACILITY"))[0] == "contribution-unknown"


@pytest.mark.parametrize(
    "change",
    [{"amount": "999.00"}, {"received_on": "2024-02-02"}, {"applied_amount": "1.00"}, {"base_amount": "1000.00"}],
)
def test_a_deposit_with_other_content(book: Book, change: dict[str, object]) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    assert _only(book, "deposits", deposit(**change)) == (
        "deposit-conflict",
        2,
        "deposit_id",
        "deposit D1 on C1 is already in the book with other content",
        "correct the row; a posted deposit is corrected by a reversing entry",
    )


def test_a_wire_of_another_day_on_another_contribution(book: Book) -> None:
    take(book, "contributions", contribution(), contribution("C2"))
    take(book, "deposits", deposit())
    assert _only(book, "deposits", deposit("D1", "C2", received_on="2024-02-02")) == (
        "deposit-inconsistent",
        2,
        "deposit_id",
        "deposit D1 came on 2024-02-01 in USD on another contribution; one wire has one day and one currency",
        "correct it, or give each wire a deposit_id of its own",
    )


def test_a_base_amount_other_than_the_amount_in_the_books_own_currency(book: Book) -> None:
    take(book, "contributions", contribution())
    assert _only(book, "deposits", deposit(base_amount="999.00")) == (
        "base-amount-differs",
        2,
        "base_amount",
        "a deposit in USD has the amount itself as its base amount, 1000.00",
        "leave base_amount empty",
    )


def test_more_applied_than_received(book: Book) -> None:
    take(book, "contributions", contribution())
    assert _only(book, "deposits", deposit(amount="10.00", applied_amount="11.00")) == (
        "applied-exceeds-deposit",
        2,
        "applied_amount",
        "the deposit of 10.00 USD cannot discharge more of a receivable in the same currency",
        "apply at most what came; where the bank kept charges, state the amount before them, "
        "and the charges as a bank-charge",
    )


def test_a_deposit_without_the_rates_it_needs(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-01-10"))
    take(book, "contributions", contribution(), contribution("C2", currency="EUR"))
    eur, jpy = "there is no rate for EUR on 2024-06-20", "there is no rate for JPY on 2024-06-20"
    latest = "; the latest before it is of 2024-01-10"
    day = "2024-06-20"
    found = refusal(book, "deposits", deposit("D1", received_on=day, currency="EUR"))
    assert [(f.code, f.line, f.reason, f.column) for f in found if f.severity == "error"] == [
        ("rate-missing", 2, eur + latest, "currency")
    ]
    found = refusal(book, "deposits", deposit("D2", "C2", received_on=day, currency="JPY", amount="5"))
    assert [(f.column, f.reason, f.remedy) for f in found if f.severity == "error"] == [
        ("contribution_id", eur + latest, RATES_REMEDY),
        ("currency", jpy, RATES_REMEDY),
    ]


def test_a_deposit_with_both_amounts_stated_needs_no_rate(book: Book) -> None:
    take(book, "rates", rate())
    take(book, "contributions", contribution(currency="EUR"))
    take(book, "deposits", deposit(currency="JPY", amount="160000", base_amount="1000.00", applied_amount="900.00"))
    assert balance(book, "budget:available", "C1", base=True) == Decimal(1000)


def test_a_request_with_other_content(book: Book) -> None:
    take(book, "requests", request(x_staff="1"))
    for change in (
        {"title": "T"},
        {"amount_requested": "401.00"},
        {"merit": "51"},
        {"x_staff": "2"},
        {"country": "UGA"},
    ):
        assert _only(book, "requests", request(**{"x_staff": "1", **change})) == (
            "request-conflict",
            2,
            "request_id",
            "request R1 is already in the book with other content",
            "correct the row, or give a new request a new id",
        )


def test_a_request_that_continues_nothing(book: Book) -> None:
    assert _only(book, "requests", request(continues="R0")) == (
        "request-unknown",
        2,
        "continues",
        "the book has no request R0 to continue",
        "import that request first, or correct the id",
    )
    take(book, "requests", request("R0"), request(continues="R0"))


def test_a_request_without_a_rate(book: Book) -> None:
    assert _only(book, "requests", request(currency="EUR")) == (
        "rate-missing",
        2,
        "currency",
        "there is no rate for EUR on 2024-06-01",
        RATES_REMEDY,
    )


def test_another_score_of_the_same_reviewer(book: Book) -> None:
    take(book, "requests", request())
    take(book, "scores", score("R1", "ann", "need", "70"))
    assert _only(book, "scores", score("R1", "ann", "need", "71")) == (
        "score-conflict",
        2,
        "score",
        "the book already has a score of 70.0000 from ann on need for R1",
        "scores stand as given: correct the row, or score under another reviewer",
    )


def test_a_score_of_no_request(book: Book) -> None:
    assert _only(book, "scores", score("R1", "ann", "need", "70")) == (
        "request-unknown",
        2,
        "request_id",
        "the book has no request R1",
        "import the request first, or correct the id",
    )


def test_another_rate_of_the_same_day(book: Book) -> None:
    take(book, "rates", rate())
    assert _only(book, "rates", rate(units="0.81")) == (
        "rate-conflict",
        2,
        "units_per_base",
        "the book already has 0.80000000 EUR per USD on 2024-01-10",
        "rates are immutable: correct the row, or give another date",
    )


def test_a_rate_of_the_books_own_currency(book: Book) -> None:
    found = refusal(book, "rates", rate("USD", units="1"))
    assert told(found[0])[0::2][:1] == ("rate-of-base",)
    assert (found[0].reason, found[0].remedy) == ("USD is the book's own currency", "leave the row out")


@pytest.mark.parametrize(
    "change", [{"amount": "11.00"}, {"entry_date": "2024-03-02"}, {"contribution_id": "C1"}, {"narration": "n"}]
)
def test_an_entry_with_other_content(book: Book, change: dict[str, object]) -> None:
    take(book, "contributions", contribution())
    take(book, "entries", entry())
    assert _only(book, "entries", entry(**change)) == (
        "entry-conflict",
        2,
        "reference",
        "entry E1 is already in the book with other content",
        "give another movement another reference",
    )


def test_an_entry_on_no_contribution_or_no_request(book: Book) -> None:
    assert _only(book, "entries", entry(contribution_id="C9")) == (
        "contribution-unknown",
        2,
        "contribution_id",
        "the book has no contribution C9",
        "correct the id, or leave it empty",
    )
    assert _only(book, "entries", entry("E1", "cancellation", request_id="R9")) == (
        "request-unknown",
        2,
        "request_id",
        "the book has no request R9",
        "correct the id",
    )


def test_an_entry_in_another_currency(book: Book) -> None:
    assert _only(book, "entries", entry("E2", "administration", purpose="p", currency="EUR")) == (
        "currency-not-base",
        2,
        "currency",
        "an administration is booked in USD",
        "state the amount in USD",
    )
    assert _only(book, "entries", entry(currency="EUR")) == (
        "rate-missing",
        2,
        "currency",
        "there is no rate for EUR on 2024-03-01",
        "import a rate of that day, or of the weeks before it, with `facility import rates`, or give base_amount",
    )


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("interest", {"purpose": "p"}, "interest belongs to no request and no purpose"),
        ("interest", {"request_id": "R1"}, "interest belongs to no request and no purpose"),
        ("administration", {}, "an administrative decision has a purpose and no request"),
        (
            "administration",
            {"purpose": "p", "request_id": "R1"},
            "an administrative decision has a purpose and no request",
        ),
        ("cancellation", {}, "a cancellation names either a request or the purpose of an administrative decision"),
        (
            "transfer",
            {"purpose": "p", "request_id": "R1"},
            "a transfer names either a request or the purpose of an administrative decision",
        ),
    ],
)
def test_an_entry_that_does_not_say_what_it_moves(
    book: Book, kind: str, change: dict[str, object], reason: str
) -> None:
    take(book, "requests", request())
    found = refusal(book, "entries", entry("E1", kind, **change))
    assert told(found[-1]) == (
        "movement-unclear",
        "error",
        2,
        "kind",
        reason,
        "fill or empty request_id and purpose accordingly",
    )


def test_a_cancellation_of_what_nobody_allocated(book: Book) -> None:
    take(book, "requests", request())
    remedy = "check the id; only an allocation can be cancelled or transferred"
    assert _only(book, "entries", entry("E1", "cancellation", request_id="R1")) == (
        "nothing-allocated",
        2,
        "request_id",
        "nothing is allocated to R1",
        remedy,
    )
    assert _only(book, "entries", entry("E1", "transfer", purpose="p")) == (
        "nothing-allocated",
        2,
        "purpose",
        "nothing is allocated to p",
        remedy,
    )


def test_more_administration_than_a_contribution_has(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    assert _only(book, "entries", entry("E1", "administration", "1000.01", purpose="p", contribution_id="C1")) == (
        "available-exceeded",
        2,
        "contribution_id",
        "contribution C1 would be overdrawn by 0.01",
        "take the money from another contribution, or less of it",
    )
    assert (
        _only(book, "entries", entry("E1", "administration", "0.01", purpose="p"))[3]
        == "contribution FACILITY would be overdrawn by 0.01"
    )


def test_more_cancelled_or_transferred_than_is_allocated(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "entries", entry("E1", "administration", "50.00", purpose="p", contribution_id="C1"))
    for kind in ("cancellation", "transfer"):
        assert _only(book, "entries", entry("E2", kind, "50.01", purpose="p")) == (
            "allocated-exceeded",
            2,
            "purpose",
            "more than is allocated to p from C1: 0.01 too much",
            "correct the amount; only what is allocated and not yet committed or transferred can be committed, "
            "cancelled or transferred",
        )


def test_a_movement_dated_before_what_it_moves(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    early = entry("E1", "administration", "50.00", purpose="p", contribution_id="C1", entry_date="2024-01-31")
    assert _only(book, "entries", early) == (
        "money-later",
        2,
        "entry_date",
        "contribution C1 would be overdrawn by 50.00 on 2024-01-31, because its money came later",
        "date the movement on the day on which the money was there, or take it from another contribution",
    )
    take(book, "entries", {**early, "entry_date": "2024-03-01"})
    for kind in ("cancellation", "transfer"):
        assert _only(book, "entries", entry("E2", kind, "20.00", purpose="p", entry_date="2024-02-29")) == (
            "before-allocation",
            2,
            "entry_date",
            "20.00 of it was not yet allocated to p from C1 on 2024-02-29",
            f"date the {kind} on or after its allocation",
        )
        take(book, "entries", entry(f"E3{kind}", kind, "20.00", purpose="p", entry_date="2024-03-01"))


def test_a_movement_that_was_covered_then_and_not_in_between(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    held = {"purpose": "p", "contribution_id": "C1"}
    take(book, "entries", entry("E1", "administration", "900.00", **held, entry_date="2024-03-01"))
    take(book, "entries", entry("E2", "cancellation", "900.00", **held, entry_date="2024-03-10"))
    found = _only(book, "entries", entry("E3", "administration", "200.00", **held, entry_date="2024-02-15"))
    assert found[0] == "money-later"
    assert found[3] == "contribution C1 would be overdrawn by 100.00 on 2024-03-01, because its money came later"
    take(book, "entries", entry("E3", "administration", "200.00", **held, entry_date="2024-03-10"))


def test_two_entries_that_only_together_overdraw(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    halves = [entry(f"E{n}", "administration", "500.01", purpose="p", contribution_id="C1") for n in (1, 2)]
    found = refusal(book, "entries", *halves)
    assert {(f.code, f.line) for f in found} == {("available-exceeded", 2), ("available-exceeded", 3)}


def test_negative_interest_beyond_the_cash_held(book: Book) -> None:
    found = refusal(book, "entries", entry("E1", amount="-5.00"))
    assert [(f.code, f.reason, f.remedy) for f in found] == [
        (
            "cash-exceeded",
            "cash would be overdrawn by 5.00",
            "transfer no more than the cash held, or exchange other money first",
        ),
    ]


GRANTS = {"clearances", "commitments", "conditions_met", "disbursements", "expenditures", "grants", "tranches"}
"""Folders held to the same by `test_grant_findings`."""

OF_GRANTS = {
    "advance-exceeded", "commitment-closed", "committed-exceeded", "expenditure-exceeded", "recovery-exceeded",
}  # fmt: skip
"""Codes of grants in the folders of every movement, held to the same there."""


def test_every_finding_that_the_queries_can_give_is_caused_here() -> None:
    import re

    folder = Path(str(ledgers.journal.__file__)).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*/*.sql") if path.parent.name not in GRANTS]
    codes = {code for text in texts for code in re.findall(r"'([a-z-]+)', '(?:error|warning)'", text)}
    assert len(codes - OF_GRANTS) >= 60
    names = (
        *("test_journal_findings.py", "test_journal_imports.py", "../rounds/test_years_and_recusals.py"),
        *("test_life_findings.py", "test_life_periods.py", "test_grant_reversals.py", "test_openings.py"),
        *("test_life_schedules.py", "test_life_ends.py"),
        *("../rounds/test_rounds_lapses.py", "test_journal_all_at_once.py", "test_grant_disbursements.py"),
    )
    here = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)
    assert {code for code in codes - OF_GRANTS if f'"{code}"' not in here} == set()
