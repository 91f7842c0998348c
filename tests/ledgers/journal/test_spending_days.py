"""The days that a contribution may pay: read, amended with a reason, seen by auditors; without them nothing changes."""

from __future__ import annotations

from datetime import date

import pytest
from books import ON, contribution, counts, state, take

from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.store import Book


def days(book: Book) -> list[tuple[object, ...]]:
    """Return every version with its days."""
    return book.connection.execute(
        "select contribution_id, version, use_by, spend_from, spend_to from report.contribution_versions "
        "where contribution_id <> 'FACILITY' order by all"
    ).fetchall()


def amended(book: Book, **changes: object) -> int | None:
    """Amend C1."""
    return amend_contribution(book, "C1", **changes, reason="the donor asked", on=ON, actor="ada")  # type: ignore[arg-type]


def test_days_are_read_repeated_and_amended(book: Book) -> None:
    row = contribution(spend_from="2024-02-01", spend_to="2025-12-31")
    assert counts(take(book, "contributions", row)) == (1, 0)
    assert counts(take(book, "contributions", row)) == (0, 1)
    assert amended(book, spend_to=date(2026, 6, 30)) == 2
    assert amended(book, spend_to=date(2026, 6, 30)) is None
    assert amended(book, earmark="country=KEN") == 3
    assert amended(book, use_by=date(2026, 12, 31), lift=["spend_from"]) == 4
    assert amended(book, lift=["spend_to"]) == 5
    assert days(book) == [
        ("C1", 1, None, date(2024, 2, 1), date(2025, 12, 31)),
        ("C1", 2, None, date(2024, 2, 1), date(2026, 6, 30)),
        ("C1", 3, None, date(2024, 2, 1), date(2026, 6, 30)),
        ("C1", 4, date(2026, 12, 31), None, date(2026, 6, 30)),
        ("C1", 5, date(2026, 12, 31), None, None),
    ]
    latest = "select spend_from, spend_to from report.contributions where contribution_id = 'C1'"
    assert book.connection.execute(latest).fetchall() == [(None, None)]
    assert counts(take(book, "contributions", row)) == (0, 1)
    assert [found for found in check_book(book) if found.findings] == []


def test_a_row_without_days_has_the_digests_that_it_always_had(book: Book) -> None:
    take(book, "contributions", contribution("C1", use_by="2026-12-31"), contribution("C2", spend_to="2026-12-31"))
    digests = book.connection.execute(
        "select contribution_id, terms_digest = ledger.contribution_terms('norway', 'state', null, 'USD', "
        "1000, '', use_by, null, "
        "'facility', 0) from ledger.contribution where contribution_id <> 'FACILITY' order by 1"
    ).fetchall()
    assert digests == [("C1", True), ("C2", False)]


def test_a_signing_keeps_the_days_of_its_pledge(book: Book) -> None:
    take(book, "contributions", contribution(stage="pledge", spend_to="2026-12-31"))
    with pytest.raises(FacilityError):
        take(book, "contributions", contribution())
    assert counts(take(book, "contributions", contribution(spend_to="2026-12-31"))) == (1, 0)
    assert [row[1:] for row in days(book)] == [(n, None, None, date(2026, 12, 31)) for n in (1, 2)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"spend_from": date(2026, 1, 1)},
            "contribution C1 would pay from 2026-01-01, and not after 2025-12-31",
        ),
        ({"use_by": date(2025, 1, 1)}, "contribution C1 would pay until 2025-12-31, after its use-by date 2025-01-01"),
        ({"use_by": date(2024, 1, 1)}, "contribution C1 would pay from 2024-02-01, and not after 2024-01-01"),
    ],
)
def test_an_amendment_that_crosses_the_days(book: Book, changes: dict[str, object], message: str) -> None:
    take(book, "contributions", contribution(spend_from="2024-02-01", spend_to="2025-12-31"))
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        amended(book, **changes)
    assert (refused.value.code, refused.value.message) == ("spending-days-crossed", message)
    assert state(book) == before
