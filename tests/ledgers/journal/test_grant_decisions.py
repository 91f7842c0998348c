"""Decisions on agreements: rules set aside, ends moved, agreements closed; appeals. Each has a name and a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from awards import (
    allocate,
    cleared,
    commitment,
    disallowance,
    disbursement,
    expenditure,
    funded,
    only,
    recovery,
    refund,
    release,
)
from books import contribution, counts, deposit, request, take

from ledgers.errors import FacilityError
from ledgers.life.appeals import AppealRefused, decide_appeal, file_appeal
from ledgers.life.grants import (
    RULES,
    ClosureRefused,
    CommitmentUnknown,
    ExtensionRefused,
    GrantRefused,
    close_commitment,
    extend,
    flag,
    override_rule,
)
from ledgers.life.grants import commitment as state_of
from ledgers.store import Book, Lane

DAY = date(2024, 3, 9)


def _done(book: Book, act: Callable[[Lane], Any], *, by: str = "ada") -> Any:
    with book.lane(actor=by, command="decision") as lane:
        return act(lane)


def _refused(
    book: Book, error: type[FacilityError], act: Callable[[Lane], object], *, by: str = "ada"
) -> tuple[str, str, str]:
    """Have a decision refused and return its code, its words and the way out; nothing may have been written."""
    before = book.connection.execute("select count(*) from ledger.log").fetchall()
    with pytest.raises(error) as refused:
        _done(book, act, by=by)
    assert book.connection.execute("select count(*) from ledger.log").fetchall() == before
    return refused.value.code, str(refused.value), refused.value.remedy


def test_an_agreement_as_it_stands(running: Book) -> None:
    take(running, "disallowances", disallowance())
    known = state_of(running, "K1")
    assert (known.committed, known.advance, known.owed) == (Decimal(100), Decimal(100), Decimal(40))
    assert (known.version, known.request_id, known.implementer, known.provisional) == (1, "R1", "I1", 1)
    assert (known.ends_on, known.until, known.is_flagged, known.ended_on, known.closed_on) == (None,) * 5


def test_a_decision_on_no_agreement(signed: Book) -> None:
    acts: list[Callable[[Lane], object]] = [
        lambda lane: flag(signed, lane, "K2", is_lifted=False, on=DAY, reason="r"),
        lambda lane: extend(signed, lane, "K2", until=DAY, on=DAY, reason="r"),
        lambda lane: close_commitment(signed, lane, "K2", "operational", on=DAY, reason="r"),
        lambda lane: override_rule(signed, lane, "K2", "days", valid_from=DAY, valid_until=DAY, reason="r"),
    ]
    for act in acts:
        code, told, remedy = _refused(signed, CommitmentUnknown, act)
        assert (code, told, remedy) == ("commitment-unknown", "there is no commitment K2", "use one of: K1")


def test_a_decision_where_there_is_no_agreement_at_all(book: Book) -> None:
    told = _refused(book, CommitmentUnknown, lambda lane: extend(book, lane, "K2", until=DAY, on=DAY, reason="r"))
    assert told == ("commitment-unknown", "there is no commitment K2", "the book has no commitments yet")


def _set_aside(book: Book, rule: str, first: str, last: str, *, reason: str = "r") -> bool:
    days = {"valid_from": date.fromisoformat(first), "valid_until": date.fromisoformat(last)}
    is_new: bool = _done(book, lambda lane: override_rule(book, lane, "K1", rule, reason=reason, **days))
    return is_new


def test_the_same_override_again_is_already_there_and_another_is_not(signed: Book) -> None:
    assert _set_aside(signed, "days", "2024-03-09", "2024-03-10")
    assert not _set_aside(signed, "days", "2024-03-09", "2024-03-10")
    assert _set_aside(signed, "days", "2024-03-09", "2024-03-11")
    assert _set_aside(signed, "days", "2024-03-09", "2024-03-10", reason="floods")
    assert _set_aside(signed, "deficit", "2024-03-09", "2024-03-10")
    text = "select count(*), max(position) from ledger.grant_override"
    assert signed.connection.execute(text).fetchall() == [(4, 4)]


def test_the_same_flag_again_is_already_there(signed: Book) -> None:
    for is_new in (True, False):
        assert _done(signed, lambda lane: flag(signed, lane, "K1", is_lifted=False, on=DAY, reason="r")) is is_new
    assert signed.connection.execute("select count(*) from ledger.audit_flag").fetchall() == [(1,)]


def test_clearance_is_set_aside_before_there_is_an_agreement_on_its_days_alone(awarded: Book) -> None:
    row = commitment(implementer="I2")
    _set_aside(awarded, "clearance", "2024-03-01", "2024-03-01")
    _set_aside(awarded, "clearance", "2024-03-03", "2024-03-04")
    assert only(awarded, "commitments", row)[0] == "clearance-missing"
    assert counts(take(awarded, "commitments", {**row, "signed_on": "2024-03-03"})) == (1, 0)
    assert counts(take(awarded, "disbursements", disbursement("1.00"))) == (1, 0)
    late = disbursement("1.00", "P2", paid_on="2024-03-05")
    assert only(awarded, "disbursements", late)[0] == "clearance-missing"


def test_every_rule_that_is_set_aside_is_set_aside_for_its_agreement_alone(book: Book) -> None:
    funded(book, {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment("K1", amount="100.00"), commitment("K2", amount="100.00"))
    for name in ("K1", "K2"):
        _done(book, lambda lane, name=name: flag(book, lane, name, is_lifted=False, on=DAY, reason="r"))
    _set_aside(book, "audit-flag", "2024-03-04", "2024-03-04")
    assert counts(take(book, "disbursements", disbursement("1.00"))) == (1, 0)
    assert only(book, "disbursements", disbursement("1.00", "P2", commitment_id="K2"))[0] == "audit-flagged"
    assert only(book, "disbursements", disbursement("1.00", "P2", paid_on="2024-03-05"))[0] == "audit-flagged"


def test_a_tranche_whose_condition_is_set_aside_goes_out(signed: Book) -> None:
    take(signed, "tranches", {"commitment_id": "K1", "tranche": 1, "amount": "10.00", "condition": "a plan"})
    row = disbursement("10.00", tranche=1)
    assert only(signed, "disbursements", row)[0] == "tranche-condition-unmet"
    _set_aside(signed, "tranche-condition", "2024-03-04", "2024-03-04")
    assert counts(take(signed, "disbursements", row)) == (1, 0)


def test_only_rules_that_there_are_and_days_in_order(signed: Book) -> None:
    def act(rule: str, until: date) -> Callable[[Lane], bool]:
        return lambda lane: override_rule(signed, lane, "K1", rule, valid_from=DAY, valid_until=until, reason="r")

    assert _refused(signed, GrantRefused, act("day", DAY)) == (
        "grant-refused",
        "no rule of grants is called day",
        "did you mean days?",
    )
    assert _refused(signed, GrantRefused, act("days", date(2024, 3, 8))) == (
        "grant-refused",
        "the days would end on 2024-03-08, before they begin on 2024-03-09",
        "give a later --until",
    )
    assert set(RULES) == {"clearance", "tranche-condition", "audit-flag", "indirect-cost", "days", "deficit"}


def _until(book: Book, day: str, *, on: date = DAY) -> Callable[[Lane], int | None]:
    return lambda lane: extend(book, lane, "K1", until=date.fromisoformat(day), on=on, reason="floods")


def test_an_end_moves_as_far_as_the_money_may_be_used(book: Book) -> None:
    take(book, "contributions", contribution("C1", use_by="2024-12-31"), contribution("C2", use_by="2025-06-30"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "100.00", "C2": "200.00"})
    cleared(book)
    row = commitment(ends_on="2024-03-31")
    take(book, "commitments", row)
    take(book, "disbursements", disbursement())
    assert only(book, "expenditures", expenditure("1.00", spent_to="2024-04-01"))[0] == "expenditure-outside-agreement"
    assert _done(book, _until(book, "2024-12-31")) == 2
    assert _done(book, _until(book, "2024-12-31")) is None
    assert counts(take(book, "expenditures", expenditure("1.00", spent_to="2024-04-01"))) == (1, 0)
    assert _refused(book, ExtensionRefused, _until(book, "2025-01-01")) == (
        "extension-refused",
        "the money of K1 from C1 is to be used by 2024-12-31, before 2025-01-01",
        "agree a later day with the donor: `facility contribution amend C1 --use-by ...`",
    )
    assert _refused(book, ExtensionRefused, _until(book, "2024-12-30", on=date(2024, 3, 8)))[1].startswith(
        "commitment K1 ends on 2024-12-31"
    )
    assert _refused(book, ExtensionRefused, _until(book, "2025-01-01", on=date(2024, 3, 8))) == (
        "extension-refused",
        "version 2 of commitment K1 counts from 2024-03-09, later than 2024-03-08",
        "give that day or a later one with --on",
    )
    assert _refused(book, ExtensionRefused, _until(book, "2024-06-30")) == (
        "extension-refused",
        "commitment K1 ends on 2024-12-31, later than 2024-06-30",
        "an extension moves the end to a later day; what will not be used is released",
    )
    versions = book.connection.execute(
        "select version, ends_on, valid_from, reason, amount::varchar from ledger.commitment order by version"
    ).fetchall()
    assert versions == [
        (1, date(2024, 3, 31), None, None, "300.0000"),
        (2, date(2024, 12, 31), DAY, "floods", "300.0000"),
    ]
    text = "select decided_on, valid_until from report.grant_decisions where decision = 'extended'"
    assert book.connection.execute(text).fetchall() == [(DAY, date(2024, 12, 31))]
    assert counts(take(book, "commitments", row)) == (0, 1)


def test_an_end_moves_no_further_than_the_days_that_its_money_may_pay(book: Book) -> None:
    funded(book, {"C1": "100.00", "C2": "200.00"}, spend_to="2024-12-31", use_by="2025-06-30")
    cleared(book)
    take(book, "commitments", commitment(ends_on="2024-03-31"))
    assert _refused(book, ExtensionRefused, _until(book, "2024-12-31", on=date(2024, 3, 1)))[1] == (
        "version 1 of commitment K1 counts from 2024-03-02, later than 2024-03-01"
    )
    assert _refused(book, ExtensionRefused, _until(book, "2025-01-01")) == (
        "extension-refused",
        "the money of K1 from C1 may pay until 2024-12-31, before 2025-01-01",
        "agree a later day with the donor: `facility contribution amend C1 --spend-to ...`",
    )
    assert _done(book, _until(book, "2024-12-31")) == 2


def _closing(book: Book, stage: str) -> Callable[[Lane], bool]:
    return lambda lane: close_commitment(book, lane, "K1", stage, on=DAY, reason="done")


CLOSE_REMEDY = (
    "disburse or release what is committed, let the implementer report or give back what it holds, then close it"
)


def test_an_agreement_is_closed_when_nothing_is_to_come(running: Book) -> None:
    take(running, "disallowances", disallowance())
    assert _refused(running, ClosureRefused, _closing(running, "financial")) == (
        "closure-refused",
        "commitment K1 cannot be closed financially: it is not closed operationally; "
        "USD 100.00 is committed and not disbursed; USD 100.00 is in the hands of the implementer; "
        "USD 40.00 is owed by the implementer; 1 report of expenditure not yet final",
        CLOSE_REMEDY,
    )
    assert _done(running, _closing(running, "operational"))
    assert not _done(running, _closing(running, "operational"))
    take(running, "expenditures", expenditure("1.00", "X2"))
    assert (
        "; 2 reports of expenditure not yet final"
        in _refused(running, ClosureRefused, _closing(running, "financial"))[1]
    )
    take(running, "releases", release())
    take(running, "refunds", refund("99.00"))
    take(running, "recoveries", recovery())
    for name, amount in (("X1", "100.00"), ("X2", "1.00")):
        row = expenditure(amount, f"{name}b", replaces=name, status="final", spent_to="2024-03-09")
        take(running, "expenditures", row)
    assert _done(running, _closing(running, "financial"))
    assert not _done(running, _closing(running, "financial"))
    assert state_of(running, "K1").closed_on == DAY
    assert _refused(running, ExtensionRefused, _until(running, "2025-01-01")) == (
        "extension-refused",
        "commitment K1 was closed financially on 2024-03-09",
        "a closed agreement stays as it is; sign a new one",
    )


@pytest.fixture
def decided(book: Book) -> Book:
    """Return a book with a posted round A that had R1, and an open round B that has it too."""
    take(book, "requests", request())
    plain = {"VARCHAR": "x", "DATE": DAY, "TIMESTAMP": DAY, "BOOLEAN": False}
    for name in ("A", "B"):
        for table in ("round", "round_request"):
            columns = book.connection.execute(
                "select data_type, column_name from duckdb_columns() where schema_name = 'ledger' and table_name = ? "
                "order by column_index",
                [table],
            ).fetchall()
            own = {"round_id": name, "request_id": "R1"}
            book.insert(f"ledger.{table}", [tuple(own.get(column, plain.get(kind, 1)) for kind, column in columns)])
        columns = book.connection.execute(
            "select data_type, column_name from duckdb_columns() where schema_name = 'ledger' "
            "and table_name = 'round_event' order by column_index"
        ).fetchall()
        for event in ("opened", "posted") if name == "A" else ("opened",):
            cells = {"round_id": name, "event": event}
            book.insert("ledger.round_event", [tuple(cells.get(c, plain.get(kind, 1)) for kind, c in columns)])
    return book


def _filing(
    book: Book, appeal_id: str = "P1", round_id: str = "A", request_id: str = "R1", grounds: str = "scores"
) -> Callable[[Lane], bool]:
    return lambda lane: file_appeal(book, lane, appeal_id, round_id, request_id, on=DAY, grounds=grounds)


def _deciding(
    book: Book, outcome: str, appeal_id: str = "P1", new_round_id: str | None = None, on: date = DAY
) -> Callable[[Lane], bool]:
    return lambda lane: decide_appeal(
        book, lane, appeal_id, outcome, on=on, reason="counted anew", new_round_id=new_round_id
    )


def test_an_appeal_is_filed_by_one_and_decided_by_another(decided: Book) -> None:
    assert _done(decided, _filing(decided))
    assert not _done(decided, _filing(decided))
    assert _refused(decided, AppealRefused, _deciding(decided, "upheld"), by="ADA") == (
        "appeal-refused",
        "ADA recorded appeal P1, and would decide it",
        "let somebody else decide it, with --by",
    )
    assert _refused(decided, AppealRefused, _deciding(decided, "upheld", on=date(2024, 3, 8)), by="bo") == (
        "appeal-refused",
        "appeal P1 was filed on 2024-03-09, and would be decided on 2024-03-08",
        "give that day or a later one with --on",
    )
    assert _done(decided, _deciding(decided, "upheld", new_round_id="B"), by="bo")
    assert not _done(decided, _deciding(decided, "upheld"), by="bo")
    assert _refused(decided, AppealRefused, _deciding(decided, "dismissed"), by="bo") == (
        "appeal-refused",
        "appeal P1 was upheld already",
        "file a new appeal",
    )
    rows = decided.connection.execute(
        "select event, decided_by, grounds, new_round_id from ledger.appeal order by event"
    ).fetchall()
    assert rows == [("filed", "ada", "scores", None), ("upheld", "bo", "counted anew", "B")]


def test_an_appeal_is_against_what_a_posted_round_decided(decided: Book) -> None:
    assert _refused(decided, AppealRefused, _filing(decided, round_id="B")) == (
        "appeal-refused",
        "round B is open",
        "an appeal is against what a posted round decided",
    )
    for round_id, request_id in (("A", "R2"), ("C", "R1")):
        assert _refused(decided, AppealRefused, _filing(decided, round_id=round_id, request_id=request_id)) == (
            "appeal-refused",
            f"round {round_id} did not decide on request {request_id}",
            "name a round that had the request",
        )
    assert _refused(decided, AppealRefused, _deciding(decided, "upheld")) == (
        "appeal-refused",
        "there is no appeal P1",
        "the book has no appeals",
    )
    _done(decided, _filing(decided))
    assert _refused(decided, AppealRefused, _filing(decided, grounds="terms")) == (
        "appeal-refused",
        "appeal P1 is another one already",
        "give this appeal an id of its own",
    )
    assert _refused(decided, AppealRefused, _deciding(decided, "upheld", "P2"), by="bo")[1:] == (
        "there is no appeal P2",
        "use one of: P1",
    )
