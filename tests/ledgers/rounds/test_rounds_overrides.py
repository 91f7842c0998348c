"""Overrides: recorded for good, the latest of a request counts, and a decision made before one is not posted."""

from __future__ import annotations

from datetime import date

import pytest
from books import corrupt, request, state, take
from round_stories import ON, PLAIN, funded, opened, posted, solved

from allocation.problem import Override
from facility.usecases import rounds
from facility.usecases.build_problem import build_problem
from facility.usecases.check_book import check_book
from facility.usecases.override_request import Wish, override_request, override_rows
from ledgers.errors import FacilityError
from ledgers.rounds import decision_of, header
from ledgers.store import Book
from reports.round import report as round_report
from reports.table import objects

pytestmark = pytest.mark.nightly  # every step solves a round in a process of its own


def override(
    book: Book,
    request_id: str,
    wish: Wish,
    *,
    reason: str = "kin",
    by: str = "ada",
    on: date = ON,
    dry_run: bool = False,
) -> tuple[bool, str]:
    """Override a request of round A."""
    return override_request(book, "A", request_id, wish, by=by, reason=reason, on=on, dry_run=dry_run)


def refused(book: Book, request_id: str, wish: Wish, **more: object) -> tuple[str, str, str]:
    """Return why an override is refused; nothing of the book may have moved."""
    before = state(book)
    with pytest.raises(FacilityError) as error:
        override(book, request_id, wish, **more)  # type: ignore[arg-type]
    assert state(book) == before
    return error.value.code, error.value.message, error.value.remedy


def overrides(book: Book) -> tuple[Override, ...]:
    """Return the overrides that the round puts before the engine."""
    return build_problem(book, header(book, "A")).overrides


@pytest.mark.parametrize(
    ("wish", "says", "least", "most"),
    [
        (Wish(fund="all"), "funded with USD 600.00, the whole ask", 60000, 60000),
        (Wish(fund="250"), "funded with USD 250.00", 25000, 25000),
        (Wish(refuse=True), "refused", 0, 0),
        (Wish(at_least="250.50"), "at least USD 250.50", 25050, 60000),
        (Wish(at_most="250.50"), "at most USD 250.50", 0, 25050),
    ],
)
def test_what_an_override_says_reaches_the_engine(book: Book, wish: Wish, says: str, least: int, most: int) -> None:
    funded(book)
    take(book, "requests", request("R4", amount_requested="600.00", amount_minimum="200.00"))
    opened(book)
    before = build_problem(book, header(book, "A")).inputs_digest()
    assert override(book, "R4", wish, dry_run=True) == (True, says)
    assert overrides(book) == ()
    assert override(book, "R4", wish) == (True, says)
    assert overrides(book) == (Override("R4", least, most, "ada", "kin"),)
    assert build_problem(book, header(book, "A")).inputs_digest() != before
    kept = state(book)
    assert override(book, "R4", wish) == (False, says)
    assert state(book) == kept


def test_the_latest_override_of_a_request_counts_and_can_be_lifted(book: Book) -> None:
    funded(book)
    opened(book)
    override(book, "R1", Wish(refuse=True))
    override(book, "R2", Wish(fund="all"), by="bo", reason="a  promise of\n2023")
    override(book, "R1", Wish(fund="all"), reason="no kin after all")
    assert overrides(book) == (
        Override("R1", 40000, 40000, "ada", "no kin after all"),
        Override("R2", 40000, 40000, "bo", "a promise of 2023"),
    )
    assert override(book, "R1", Wish(lift=True)) == (True, "the override is lifted")
    assert override(book, "R1", Wish(lift=True), reason="again") == (False, "the override is lifted")
    assert [one.request_id for one in overrides(book)] == ["R2"]
    assert [(row[0], row[1], row[2], row[3], row[4], row[6]) for row in override_rows(book, "A")] == [
        (1, "R1", "refused", "replaced", "ada", "kin"),
        (2, "R2", "funded with USD 400.00, the whole ask", "counts", "bo", "a promise of 2023"),
        (3, "R1", "funded with USD 400.00, the whole ask", "replaced", "ada", "no kin after all"),
        (4, "R1", "lifted", "lifts", "ada", "kin"),
    ]
    view = "select position, stands, is_lifted from report.round_overrides order by position"
    assert book.connection.execute(view).fetchall() == [
        (1, False, False),
        (2, True, False),
        (3, False, False),
        (4, False, True),
    ]


@pytest.mark.parametrize(
    ("request_id", "wish", "code", "message"),
    [
        ("R9", Wish(refuse=True), "request-unknown", "round A does not hold request R9"),
        ("R1", Wish(), "override-invalid", "an override says what is to be"),
        ("R1", Wish(refuse=True, lift=True), "override-invalid", "an override says one thing"),
        ("R1", Wish(lift=True), "override-unknown", "round A has no override of request R1"),
        ("R1", Wish(fund="1e2"), "amount-invalid", "'1e2' is not a plain decimal amount"),
        (
            *("R1", Wish(at_least="400.01"), "override-invalid"),
            "--at-least 400.01 is not above zero and at most the USD 400.00 that R1 asks",
        ),
        (
            *("R1", Wish(at_most="0"), "override-invalid"),
            "--at-most 0 is not above zero and at most the USD 400.00 that R1 asks",
        ),
        (
            *("R1", Wish(fund="399.99"), "override-invalid"),
            "R1 cannot be awarded USD 399.99: an award is the whole ask of USD 400.00",
        ),
        (
            *("R4", Wish(fund="200.01"), "override-invalid"),
            "R4 cannot be awarded USD 200.01: an award is the whole ask of USD 600.00, or a multiple of USD 0.50 from "
            "USD 200.50 on",
        ),
        (
            *("R4", Wish(at_most="200.49"), "override-invalid"),
            "R4 cannot be awarded USD 200.49 or less: its smallest award is USD 200.50",
        ),
    ],
)
def test_an_override_that_no_award_could_keep(book: Book, request_id: str, wish: Wish, code: str, message: str) -> None:
    funded(book)
    take(book, "requests", request("R4", amount_requested="600.00", amount_minimum="200.01"))
    opened(book, text=PLAIN.replace('"0.01"', '"0.50"'))
    assert refused(book, request_id, wish)[:2] == (code, message)


def test_an_override_needs_a_reason_a_day_and_an_open_round(book: Book) -> None:
    funded(book)
    opened(book)
    assert refused(book, "R1", Wish(refuse=True), reason=" ") == (
        "override-invalid",
        "an override says why",
        "give the reason with --reason, for the minutes",
    )
    assert refused(book, "R1", Wish(refuse=True), on=date(2024, 5, 31))[:2] == (
        "before-opening",
        "round A was opened on 2024-06-01 and cannot be overridden on 2024-05-31",
    )
    rounds.cancel(book, "A", on=ON, actor="ada")
    assert refused(book, "R1", Wish(refuse=True))[:2] == ("round-ended", "round A is cancelled")


def test_a_decision_made_under_other_overrides_is_neither_posted_nor_approved(book: Book) -> None:
    funded(book)
    assert solved(book).decided is not None
    override(book, "R1", Wish(at_least="100"), by="bo")
    first, remedy = decision_of(book, "A"), "solve it again with `facility round solve A`"
    assert first.is_outdated
    with pytest.raises(FacilityError) as error:
        posted(book)
    assert (error.value.code, error.value.remedy) == ("decision-outdated", remedy)
    assert " was made before bo overrode request R1 on 2024-06-01" in error.value.message
    with pytest.raises(FacilityError) as error:
        rounds.approve_decision(book, "A", by="cy", actor="cy")
    assert (error.value.code, error.value.remedy) == ("decision-outdated", remedy)
    second = rounds.solve(book, "A", actor="ada").decided
    assert second is not None
    assert decision_of(book, "A").decision == second.decision != first.decision
    override(book, "R1", Wish(lift=True), by="bo")
    with pytest.raises(FacilityError) as error:
        rounds.post(book, "A", on=ON, digest=second.decision, actor="ada")
    assert (error.value.code, error.value.remedy) == ("decision-outdated", remedy)
    assert " was made before bo lifted the override of request R1 on 2024-06-01" in error.value.message


def test_once_an_override_is_lifted_the_decision_before_it_stands_again(book: Book) -> None:
    funded(book)
    first = solved(book).decided
    assert first is not None
    override(book, "R1", Wish(refuse=True))
    rounds.solve(book, "A", actor="ada")
    override(book, "R1", Wish(lift=True))
    again = rounds.solve(book, "A", actor="ada")
    assert (again.is_new, again.decided) == (False, decision_of(book, "A"))
    assert decision_of(book, "A") == first
    view = "select position, stands, is_outdated from report.decisions order by position"
    assert book.connection.execute(view).fetchall() == [(1, True, False), (2, False, True)]
    override(book, "R1", Wish(refuse=True))
    assert decision_of(book, "A").body["overrides"]
    assert rounds.post(book, "A", on=ON, actor="ada").is_new
    assert [found for found in check_book(book) if found.findings] == []


def test_an_override_changed_or_cut_off_behind_the_guards_is_found(book: Book) -> None:
    funded(book)
    opened(book)
    override(book, "R1", Wish(at_least="100"))
    rounds.solve(book, "A", actor="ada")
    corrupt(book, "round_override", "update ledger.round_override set reason = 'none'")
    assert [found.name for found in check_book(book) if found.findings] == ["rounds-as-frozen"]
    corrupt(book, "round_override", "delete from ledger.round_override")
    assert [found.name for found in check_book(book) if found.findings] == ["log-counts", "rounds-as-frozen"]


def test_the_minutes_show_overrides_with_who_and_why(book: Book) -> None:
    funded(book)
    opened(book)
    assert not [table for table in round_report(book, round_id="A").tables if table.name == "overrides"]
    override(book, "R1", Wish(refuse=True))
    override(book, "R1", Wish(at_least="100"), by="bo", reason="a promise")
    rounds.solve(book, "A", actor="ada")
    (table,) = (table for table in round_report(book, round_id="A").tables if table.name == "overrides")
    assert [(row["says"], row["stands"], row["decided_by"], row["reason"]) for row in objects(table)] == [
        ("refused", "no", "ada", "kin"),
        ("at least USD 100.00", "yes", "bo", "a promise"),
    ]


def test_the_minutes_tell_the_price_that_the_decision_states(book: Book) -> None:
    import json

    funded(book)
    opened(book)
    override(book, "R1", Wish(at_least="100"))
    rounds.solve(book, "A", actor="ada")
    body = json.loads(book.connection.execute("select body from ledger.decision").fetchall()[0][0])
    told = json.dumps(
        {**body, "overrides": [{"request": "R1", "by": "ada", "price": {"at_least": "1250", "at_most": "1750"}}]}
    )
    corrupt(book, "decision", f"update ledger.decision set body = $${told}$$")
    (table,) = (table for table in round_report(book, round_id="A").tables if table.name == "overrides")
    assert [row["price"] for row in objects(table)] == ["1,250 to 1,750"]
