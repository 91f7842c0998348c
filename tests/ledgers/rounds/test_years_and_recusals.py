"""Years of requests and recusals of reviewers: taken in whole, repeated without a trace, refused with every reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from awards import cleared, commitment
from books import contribution, counts, deposit, file_of, rate, refusal, request, score, state, take, told
from life_rows import unsound
from round_stories import PLAIN, opened, posted, solved

from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.import_file import import_files
from ledgers.errors import InputRefused
from ledgers.life.grants import extend
from ledgers.store import Book

ON_DAY = date(2024, 6, 1)


def year(request_id: str, in_year: int, amount: str) -> dict[str, object]:
    """Return a row of a request_years file."""
    return {"request_id": request_id, "year": in_year, "amount": amount}


def recusal(request_id: str, reviewer: str, reason: str = "") -> dict[str, object]:
    """Return a row of a recusals file."""
    return {"request_id": request_id, "reviewer": reviewer, "reason": reason}


def years(book: Book) -> list[tuple[object, ...]]:
    """Return the years that count."""
    rows = book.connection.execute("select request_id, year, amount from report.request_years order by all").fetchall()
    return [(request_id, in_year, str(amount)) for request_id, in_year, amount in rows]


def test_years_are_taken_in_repeated_and_replaced(book: Book) -> None:
    take(book, "requests", request("R1"), request("R2"))
    first = (year("R1", 2024, "100.00"), year("R1", 2025, "300.00"))
    assert counts(take(book, "request_years", *first, year("R2", 2026, "400.00"))) == (3, 0)
    before = state(book)
    assert counts(take(book, "request_years", *reversed(first))) == (0, 2)
    assert state(book) == before
    assert counts(take(book, "request_years", year("R1", 2025, "400.00"), year("R2", 2026, "400.00"))) == (1, 1)
    assert years(book) == [("R1", 2025, "400.0000"), ("R2", 2026, "400.0000")]
    assert counts(take(book, "request_years", year("R1", 2025, "150.00"), year("R1", 2026, "250.00"))) == (2, 0)
    assert counts(take(book, "request_years", *first)) == (2, 0)
    assert years(book)[:2] == [("R1", 2024, "100.0000"), ("R1", 2025, "300.0000")]


def test_a_subset_of_the_known_years_is_not_already_there(book: Book) -> None:
    take(book, "requests", request("R1"))
    take(book, "request_years", year("R1", 2024, "100.00"), year("R1", 2025, "300.00"))
    (found,) = refusal(book, "request_years", year("R1", 2024, "100.00"))
    assert found.code == "years-not-the-ask"


def test_everything_wrong_with_years_comes_at_once(book: Book) -> None:
    take(book, "rates", rate("JPY", "2024-05-30", "150"))
    take(
        book,
        "requests",
        request("R1", starts_on="2024-07-01", ends_on="2025-06-30"),
        request("R2", currency="JPY", amount_requested="40000"),
        request("R3"),
    )
    found = refusal(
        book,
        "request_years",
        year("R1", 2023, "100.00"),
        year("R1", 2026, "300.00"),
        year("R2", 2024, "40000.5"),
        year("R3", 2024, "300.00"),
        year("R3", 2025, "99.99"),
        year("R9", 2024, "1.00"),
    )
    assert [told(one) for one in found] == [
        (
            *("year-outside-request", "error", 2, "year", "request R1 starts on 2024-07-01"),
            "give only years in which it spends something",
        ),
        (
            *("year-outside-request", "error", 3, "year", "request R1 ends on 2025-06-30"),
            "give only years in which it spends something",
        ),
        (
            *("years-not-the-ask", "error", 4, "request_id"),
            "the years of request R2 come to 40000.5000 JPY, and it asks 40000",
            "let the years of a request add up to its amount_requested",
        ),
        (
            *("amount-too-fine", "error", 4, "amount"),
            "the amount has more decimal places than JPY allows (0)",
            "round it to 0 places; the years must add up to the ask",
        ),
        (
            *("years-not-the-ask", "error", 5, "request_id"),
            "the years of request R3 come to 399.99 USD, and it asks 400.00",
            "let the years of a request add up to its amount_requested",
        ),
        (
            *("request-unknown", "error", 7, "request_id", "the book has no request R9"),
            "import the request first, or correct the id",
        ),
    ]


def test_a_year_that_cannot_be_read_is_told_alone(book: Book) -> None:
    take(book, "requests", request("R1"))
    found = refusal(book, "request_years", year("R1", 2024, "100.00"), year("R1", 2025, "3OO"))
    assert [one.code for one in found] == ["amount-invalid"]


def test_years_may_come_in_two_files(book: Book) -> None:
    take(book, "requests", request("R1"))
    one, other = (file_of(book, "request_years", row) for row in (year("R1", 2024, "1.00"), year("R1", 2025, "399.00")))
    assert counts(import_files(book, "request_years", [one, other], on=ON_DAY, actor="ada")) == (2, 0)
    with pytest.raises(InputRefused) as refused:
        import_files(book, "request_years", [other, _same(other)], on=ON_DAY, actor="ada")
    assert "key-repeated" in {found.code for found in refused.value.findings}


def _same(path: Path) -> Path:
    again = path.with_name("again.csv")
    again.write_bytes(path.read_bytes())
    return again


def test_who_pays_for_earlier_years_alone_is_told_at_the_signing_and_bounds_no_end(book: Book) -> None:
    take(book, "contributions", contribution("C1", spend_to="2024-12-31"), contribution("C2", spend_from="2025-01-01"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request("R1", starts_on="2024-03-01", ends_on="2025-06-30"))
    take(book, "request_years", year("R1", 2024, "100.00"), year("R1", 2025, "300.00"))
    solved(book)
    posted(book)
    cleared(book)
    signed = take(book, "commitments", commitment(signed_on="2024-06-01", amount="400.00", ends_on="2025-06-30"))
    assert [told(one) for one in signed.warnings] == [
        (
            *("ends-after-use-by", "warning", 2, "ends_on"),
            "the agreement ends on 2025-06-30, and of its money C1 may pay until 2024-12-31 and pays for no year after "
            "2024",
            "let that part be disbursed and reported as spent in time",
        )
    ]
    with book.lane(actor="ada", command="grant extend K1") as lane:
        assert extend(book, lane, "K1", until=date(2025, 8, 31), on=date(2025, 6, 1), reason="floods") == 2
    assert unsound(book) == {}


def test_money_for_earlier_years_that_ends_before_they_do_is_not_signed_for(book: Book) -> None:
    take(book, "contributions", contribution("C1", spend_to="2024-12-31"), contribution("C2", spend_from="2025-01-01"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request("R1", starts_on="2024-03-01", ends_on="2025-06-30"))
    take(book, "request_years", year("R1", 2024, "100.00"), year("R1", 2025, "300.00"))
    solved(book)
    posted(book)
    cleared(book)
    amend_contribution(book, "C1", spend_to=date(2024, 11, 30), reason="agreed", on=ON_DAY, actor="ada")
    found = refusal(book, "commitments", commitment(signed_on="2024-06-01", amount="400.00", ends_on="2025-06-30"))
    assert [(one.code, one.severity, one.reason) for one in found] == [
        (
            *("ends-after-use-by", "error"),
            "the agreement ends on 2025-06-30, and of its money C1 may pay until 2024-11-30",
        )
    ]


def test_a_round_keeps_the_years_that_it_froze(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request("R1"), request("R2"))
    known = (year("R1", 2024, "100.00"), year("R1", 2025, "300.00"))
    take(book, "request_years", *known)
    opened(book, text=PLAIN)
    assert counts(take(book, "request_years", *known)) == (0, 2)
    found = refusal(book, "request_years", year("R1", 2024, "400.00"), year("R2", 2024, "400.00"))
    assert [told(one) for one in found] == [
        (
            *("years-frozen", "error", line, "request_id"),
            f"request {name} stands in round A, which froze it with other years or with none",
            "leave its years as they are, or cancel that round first",
        )
        for line, name in ((2, "R1"), (3, "R2"))
    ]
    rounds.cancel(book, "A", on=ON_DAY, actor="ada")
    assert counts(take(book, "request_years", year("R1", 2024, "400.00"))) == (1, 0)


def test_recusals_are_taken_in_and_repeated(book: Book) -> None:
    take(book, "requests", request("R1"))
    assert counts(take(book, "recusals", recusal("R1", "ann", "kin"), recusal("R1", "bo"))) == (2, 0)
    before = state(book)
    assert counts(take(book, "recusals", recusal("R1", "ANN", "kin"), recusal("R1", "bo"))) == (0, 2)
    assert state(book) == before
    assert counts(take(book, "recusals", {"request_id": "R1", "reviewer": "cy"})) == (1, 0)


def test_what_is_refused_of_recusals(book: Book) -> None:
    take(book, "requests", request("R1"))
    take(book, "recusals", recusal("R1", "ann", "kin"), recusal("R1", "bo"))
    found = refusal(book, "recusals", recusal("R1", "Ann"), recusal("R1", "bo", "kin"), recusal("R9", "ann"))
    assert [told(one) for one in found] == [
        (
            *("recusal-conflict", "error", 2, "reason"),
            'the book already has the recusal of Ann on R1 because of "kin"',
            "recusals stand as given: write the same reason, or leave the row out",
        ),
        (
            *("recusal-conflict", "error", 3, "reason"),
            "the book already has the recusal of bo on R1 without a reason",
            "recusals stand as given: write the same reason, or leave the row out",
        ),
        (
            *("request-unknown", "error", 4, "request_id", "the book has no request R9"),
            "import the request first, or correct the id",
        ),
    ]


def test_a_recusal_after_opening_is_remarked_on(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request("R1"))
    take(book, "scores", score("R1", "ann", "need", "70"))
    opened(book, text=PLAIN)
    (warning,) = take(book, "recusals", recusal("R1", "Ann"), recusal("R1", "bo")).warnings
    assert told(warning) == (
        *("recusal-after-opening", "warning", 2, "request_id"),
        "request R1 stands in open round A with the merit that it had",
        "cancel that round and open a new one, if the recusal is to count there",
    )


def test_auditors_see_recusals_and_the_scores_set_aside(book: Book) -> None:
    take(book, "requests", request("R1"), request("R2"))
    take(
        book, "scores", score("R1", "ann", "need", "70"), score("R1", "bo", "need", "60"), score("R2", "ann", "n", "1")
    )
    take(book, "recusals", recusal("R1", "Ann", "kin"), recusal("R2", "bo"))
    seen = book.connection.execute(
        "select request_id, reviewer, reason, scores_set_aside, recorded_by from report.recusals order by 1, 2"
    ).fetchall()
    assert seen == [("R1", "Ann", "kin", 1, "ada"), ("R2", "bo", None, 0, "ada")]
    aside = book.connection.execute("select request_id, reviewer from report.scores where is_recused").fetchall()
    assert aside == [("R1", "ann")]
