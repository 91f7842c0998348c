"""What is due of a contribution, agreed anew: a new version counts from its day, and the older ones stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from books import Cells, contribution, counts, deposit, file_of, refusal, state, take
from life_rows import amend, close_book, close_line, instalment, returned, unsound

from facility.usecases.reschedule import reschedule_contribution
from ledgers.errors import FacilityError, InputRefused
from ledgers.store import Book
from reports.outstanding import dues
from reports.scope import scope_of

MARCH, JUNE, SEPTEMBER = date(2024, 3, 1), date(2024, 6, 1), date(2024, 9, 1)


def reschedule(
    book: Book, *rows: Cells, on: str = "2024-04-01", contribution_id: str = "C1", dry_run: bool = False
) -> tuple[int, bool]:
    """Replace the instalments of a contribution through a file."""
    path = file_of(book, "instalments", *rows)
    day = date.fromisoformat(on)
    version, is_new, _ = reschedule_contribution(
        book, contribution_id, path, reason="a new budget", on=day, actor="ada", dry_run=dry_run
    )
    return version, is_new


def due(book: Book, as_of: date, known_at: datetime | None = None) -> dict[date | None, Decimal]:
    """Return what is due of C1 on which day, as reports see it."""
    return {each.due_on: each.amount for each in dues(scope_of(book, as_of, known_at)) if each.contribution_id == "C1"}


@pytest.fixture
def planned(book: Book) -> Book:
    """Return a book in which 500 of C1 is due in March and 300 in June."""
    take(book, "contributions", contribution(), contribution("C2"))
    take(book, "instalments", instalment(), instalment(due_on="2024-06-01", amount="300.00"))
    return book


LATER = (instalment(due_on="2024-06-01", amount="400.00"), instalment(due_on="2024-09-01", amount="350.00"))
"""The same contribution, postponed and lowered."""


def test_a_new_schedule_counts_from_its_day_and_from_when_it_was_written(planned: Book) -> None:
    before = planned.connection.execute("select max(recorded_at) from ledger.log").fetchall()[0][0]
    assert reschedule(planned, *LATER) == (2, True)
    old, new = {MARCH: 500, JUNE: 300, None: 200}, {JUNE: 400, SEPTEMBER: 350, None: 250}
    assert due(planned, date(2024, 3, 31)) == old
    assert due(planned, date(2024, 4, 1)) == new
    assert due(planned, date(2024, 4, 1), before + timedelta(microseconds=1)) == old
    assert planned.connection.execute(
        "select version, is_latest, counts_from, due_on, amount, reason from report.instalment_versions order by all"
    ).fetchall() == [
        (1, False, None, MARCH, 500, None),
        (1, False, None, JUNE, 300, None),
        (2, True, date(2024, 4, 1), JUNE, 400, "a new budget"),
        (2, True, date(2024, 4, 1), SEPTEMBER, 350, "a new budget"),
    ]
    assert unsound(planned) == {}


def test_what_came_covers_the_earliest_of_the_new_instalments(planned: Book) -> None:
    take(planned, "deposits", deposit(amount="500.00"))
    reschedule(planned, *LATER)
    text = "select version, due_on, amount, covered from report.instalments order by due_on"
    assert planned.connection.execute(text).fetchall() == [(2, JUNE, 400, 400), (2, SEPTEMBER, 350, 100)]
    assert due(planned, date(2024, 5, 1)) == {SEPTEMBER: 250, None: 250}


def test_the_same_schedule_again_is_already_there_and_a_dry_run_keeps_nothing(planned: Book) -> None:
    stood = state(planned)
    assert reschedule(planned, *LATER, dry_run=True) == (2, True)
    assert state(planned) == stood
    assert reschedule(planned, *LATER) == (2, True)
    assert reschedule(planned, *LATER[::-1], on="2024-05-01") == (2, False)
    assert reschedule(planned, instalment(due_on="2024-12-01")) == (3, True)
    assert reschedule(planned, *LATER) == (4, True)
    assert unsound(planned) == {}


def test_more_instalments_go_to_the_latest_version_and_none_that_was_replaced_comes_back(planned: Book) -> None:
    reschedule(planned, *LATER)
    done = take(planned, "instalments", instalment(), instalment(due_on="2024-12-01", amount="250.00"))
    assert counts(done) == (1, 1)
    assert [(found.code, found.severity, found.reason) for found in done.warnings] == [
        (
            "instalment-rescheduled",
            "warning",
            "what was due of C1 on 2024-03-01 was rescheduled, and is not brought back",
        )
    ]
    assert due(planned, date(2024, 5, 1)) == {JUNE: 400, SEPTEMBER: 350, date(2024, 12, 1): 250}
    assert [
        found.code for found in refusal(planned, "instalments", instalment(due_on="2024-12-02", amount="0.01"))
    ] == ["instalments-exceed-contribution"]
    assert unsound(planned) == {}


@pytest.mark.parametrize(
    ("rows", "on", "code", "fact"),
    [
        ((instalment(amount="1000.01"),), "2024-04-01", "instalments-exceed-contribution",
         "the instalments of C1 come to USD 1,000.01, and its amount to USD 1,000.00"),
        (LATER, "2024-02-29", "rescheduling-refused",
         "version 2 of what is due of C1 counts from 2024-03-01, later than 2024-02-29"),
    ],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(
    planned: Book, rows: tuple[Cells, ...], on: str, code: str, fact: str
) -> None:
    reschedule(planned, instalment(amount="700.00"), on="2024-03-01")
    stood = state(planned)
    with pytest.raises(FacilityError) as refused:
        reschedule(planned, *rows, on=on)
    assert (refused.value.code, refused.value.message) == (code, fact)
    assert state(planned) == stood


def test_rows_of_another_contribution_and_faults_are_told_with_their_place(planned: Book) -> None:
    with pytest.raises(InputRefused) as refused:
        reschedule(planned, instalment(), instalment("C2"), instalment(due_on="soon"))
    assert [(found.code, found.line, found.reason) for found in refused.value.findings] == [
        ("instalment-of-another", 3, "the row is of C2, and what is due of C1 is to be replaced"),
        ("date-invalid", 4, "soon is not an ISO date"),
    ]


def test_there_must_be_something_to_replace_and_something_in_its_place(planned: Book) -> None:
    for contribution_id, rows, fact in (
        ("C2", [instalment("C2")], "the book has no instalment of C2 that could be replaced"),
        ("C9", [instalment("C9")], "the book has no contribution C9"),
    ):
        with pytest.raises(FacilityError, match=fact):
            reschedule(planned, *rows, contribution_id=contribution_id)
    empty = planned.path.with_name("empty.csv")
    empty.write_text("contribution_id,due_on,amount\n", encoding="utf-8")
    with pytest.raises(FacilityError, match="the file has no instalment of C1"):
        reschedule_contribution(planned, "C1", empty, reason="why", on=JUNE, actor="ada")


def test_nothing_is_rescheduled_in_a_closed_period_or_of_a_closed_contribution(planned: Book) -> None:
    close_book(planned, "2024-04-30")
    with pytest.raises(FacilityError, match="closed through 2024-04-30"):
        reschedule(planned, *LATER)
    take(planned, "deposits", deposit(received_on="2024-05-01"))
    take(planned, "returns", returned(decided_on="2024-05-02"))
    planned_refund = {"donor_refund_id": "F1", "contribution_id": "C1", "paid_on": "2024-05-03", "currency": "USD"}
    take(planned, "donor_refunds", {**planned_refund, "amount": "1000.00"})
    close_line(planned, "C1", on="2024-05-04")
    with pytest.raises(FacilityError, match="contribution C1 was closed on 2024-05-04"):
        reschedule(planned, *LATER, on="2024-06-01")


def test_a_lowered_contribution_bounds_a_new_schedule_and_an_old_one_stands(planned: Book) -> None:
    amend(planned, "600.00")
    assert unsound(planned) == {}
    with pytest.raises(FacilityError, match=r"come to USD 750\.00, and its amount to USD 600\.00"):
        reschedule(planned, *LATER)
