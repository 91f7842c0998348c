"""What implementers report as spent: provisional, then final; on which days; and how much of it is indirect cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from awards import (
    cleared,
    commitment,
    committed,
    disallowance,
    disbursement,
    expenditure,
    funded,
    only,
    refund,
    reversal,
    split,
    standing,
)
from books import counts, lines, rate, refusal, take

from ledgers.life.grants import commitment as state_of
from ledgers.life.grants import override_rule
from ledgers.store import Book


def _override(book: Book, rule: str, on: str) -> None:
    with book.lane(actor="ada", command="override") as lane:
        day = date.fromisoformat(on)
        override_rule(book, lane, "K1", rule, valid_from=day, valid_until=day, reason="agreed with the board")


def test_a_report_takes_the_place_of_a_provisional_one(running: Book) -> None:
    take(running, "expenditures", expenditure("120.00", "X2", replaces="X1", status="final", spent_to="2024-03-06"))
    assert lines(running, "reversal|expenditure|X1") == [
        ("asset:advance", "USD", "33.34", "33.34", "C1"),
        ("expense:programme", "USD", "-33.34", "-33.34", "C1"),
        ("asset:advance", "USD", "66.66", "66.66", "C2"),
        ("expense:programme", "USD", "-66.66", "-66.66", "C2"),
    ]
    # The implementer then holds 66.67 and 133.33 again: 120 of it are 40.002 and 79.998.
    assert split(running, "expenditure|X2", "expense:programme") == {"C1": "40.00", "C2": "80.00"}
    assert standing(running, "expense:programme") == {"C1": "40.00", "C2": "80.00"}
    assert standing(running, "asset:advance") == {"C1": "26.67", "C2": "53.33"}
    kept = running.connection.execute(
        "select kind, movement_id, amount::varchar, base_amount::varchar, entry_date from ledger.movement "
        "join ledger.entry using (entry_id, kind) where kind like 'expenditure%' order by entry_date, kind"
    ).fetchall()
    assert kept == [
        ("expenditure", "X1", "100.0000", "100.0000", date(2024, 3, 5)),
        ("expenditure", "X2", "120.0000", "120.0000", date(2024, 3, 6)),
        ("expenditure-replaced", "X2 replaces", "100.0000", "100.0000", date(2024, 3, 6)),
    ]
    assert state_of(running, "K1").provisional == 0


def test_a_chain_of_replacements_ends_with_the_last_report_alone(running: Book) -> None:
    for name, amount, day in (("X2", "80.00", 6), ("X3", "200.00", 7), ("X4", "150.01", 8)):
        row = expenditure(amount, name, replaces=f"X{int(name[1]) - 1}", spent_to=f"2024-03-{day:02}")
        assert counts(take(running, "expenditures", row)) == (1, 0)
        assert counts(take(running, "expenditures", row)) == (0, 1)
        total = sum(int(part.replace(".", "")) for part in standing(running, "expense:programme").values())
        assert total == int(amount.replace(".", ""))
    held = standing(running, "asset:advance")
    assert sum(int(part.replace(".", "")) for part in held.values()) == 4999
    assert state_of(running, "K1").provisional == 1


NAME_REMEDY = "name a provisional report of the same agreement that nothing has replaced yet"


def test_only_a_standing_provisional_report_of_the_same_agreement_is_replaced(running: Book) -> None:
    def refused(reason: str, **cells: object) -> None:
        row = expenditure("10.00", "X3", **cells)
        assert only(running, "expenditures", row) == ("expenditure-unknown", 2, "replaces", reason, NAME_REMEDY)

    refused("there is no standing expenditure X9 on K1", replaces="X9")
    take(running, "expenditures", expenditure("100.00", "X2", replaces="X1", status="final"))
    refused("there is no standing expenditure X1 on K1", replaces="X1")
    refused("expenditure X2 is final", replaces="X2")
    take(running, "reversals", reversal("expenditure|X2"))
    refused("there is no standing expenditure X2 on K1", replaces="X2")


def test_a_report_of_another_agreement_is_not_replaced(book: Book) -> None:
    funded(book, {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment("K1", amount="100.00"), commitment("K2", amount="100.00"))
    rows = [disbursement("50.00", f"P{n}", commitment_id=f"K{n}") for n in (1, 2)]
    take(book, "disbursements", *rows)
    take(book, "expenditures", expenditure("10.00", "X1"))
    row = expenditure("10.00", "X2", commitment_id="K2", replaces="X1")
    assert only(book, "expenditures", row)[3] == "there is no standing expenditure X1 on K2"


def test_one_report_takes_the_place_of_another_not_two(running: Book) -> None:
    rows = [expenditure("10.00", name, replaces="X1") for name in ("X2", "X3")]
    found = refusal(running, "expenditures", *rows)
    assert [(one.code, one.line, one.reason, one.remedy) for one in found] == [
        ("expenditure-unknown", line, "another row replaces expenditure X1 too", NAME_REMEDY) for line in (2, 3)
    ]


def test_a_report_and_what_replaces_it_come_in_two_files(running: Book) -> None:
    rows = [expenditure("10.00", "X2"), expenditure("20.00", "X3", replaces="X2")]
    assert only(running, "expenditures", *rows) == (
        "expenditure-unknown",
        3,
        "replaces",
        "expenditure X2 is itself only in this import",
        "import it first, and what replaces it in a file of its own",
    )


def test_a_replacement_does_not_count_before_what_it_replaces(running: Book) -> None:
    row = expenditure("50.00", "X2", replaces="X1", spent_to="2024-03-04")
    assert only(running, "expenditures", row) == (
        "expenditure-exceeded",
        2,
        "amount",
        "the expenditure of K1 is 50.00 on 2024-03-04, and 100.00 of it would be taken back",
        "correct the amount, or the day",
    )
    assert counts(take(running, "expenditures", {**row, "entry_date": "2024-03-05"})) == (1, 0)


def test_a_replacement_leaves_what_was_disallowed(running: Book) -> None:
    take(running, "disallowances", disallowance("90.00"))
    row = expenditure("89.99", "X2", replaces="X1", spent_to="2024-03-09")
    assert only(running, "expenditures", row)[:4] == (
        "expenditure-exceeded",
        2,
        "amount",
        "the expenditure of K1 is 99.99, and 100.00 of it would be taken back",
    )


def test_no_more_is_spent_than_was_received(running: Book) -> None:
    remedy = "correct the amount, or record the disbursement first"
    exceeded = ("advance-exceeded", 2, "amount")
    assert only(running, "expenditures", expenditure("100.01", "X2")) == (
        *exceeded,
        "the implementer of K1 holds 100.00, and 100.01 is reported as spent",
        remedy,
    )
    assert only(running, "refunds", refund("100.01")) == (
        *exceeded,
        "the implementer of K1 holds 100.00, and 100.01 is given back",
        remedy,
    )
    found = refusal(running, "expenditures", expenditure("60.00", "X2"), expenditure("40.01", "X3"))
    assert [(one.code, one.line, one.reason) for one in found] == [
        ("advance-exceeded", line, "the implementer of K1 holds 100.00, and 100.01 is reported as spent")
        for line in (2, 3)
    ]
    assert only(running, "expenditures", expenditure("200.01", "X2", replaces="X1"))[3] == (
        "the implementer of K1 holds 200.00, and 200.01 is reported as spent"
    )


def test_nothing_is_spent_before_it_was_received(running: Book) -> None:
    assert only(running, "expenditures", expenditure("1.00", "X2", spent_to="2024-03-03")) == (
        "advance-exceeded",
        2,
        "amount",
        "the implementer of K1 holds 0.00 on 2024-03-03, and 1.00 is reported as spent",
        "date it on or after the disbursement that it draws on",
    )
    # The days that it is for may lie before; the day on which it counts may not.
    early = expenditure("1.00", "X2", spent_to="2024-03-03", entry_date="2024-03-04")
    assert counts(take(running, "expenditures", early)) == (1, 0)


def test_what_was_spent_since_was_not_there_to_be_given_back_earlier(running: Book) -> None:
    take(running, "expenditures", expenditure("100.00", "X2", spent_to="2024-03-20"))
    assert only(running, "refunds", refund("0.01", received_on="2024-03-06"))[3] == (
        "the implementer of K1 holds 0.00, and 0.01 is given back"
    )


def test_expenditure_is_of_the_days_of_the_agreement(book: Book) -> None:
    committed(book, starts_on="2024-03-03", ends_on="2024-03-31")
    take(book, "disbursements", disbursement())
    remedy = (
        "correct the days, extend the agreement with `facility grant extend K1`, or set the rule aside by name with "
        "`facility grant override K1 days`"
    )
    outside = ("expenditure-outside-agreement", 2, "spent_to")
    late = expenditure("1.00", spent_to="2024-04-01")
    runs = "commitment K1 runs from 2024-03-03 until 2024-03-31, and the expenditure is of"
    assert only(book, "expenditures", late) == (*outside, f"{runs} 2024-04-01", remedy)
    early = expenditure("1.00", spent_from="2024-03-02", spent_to="2024-03-31")
    assert only(book, "expenditures", early) == (*outside, f"{runs} 2024-03-02 to 2024-03-31", remedy)
    assert only(book, "expenditures", expenditure("1.00", spent_to="2024-03-02", entry_date="2024-03-04"))[0] == (
        "expenditure-outside-agreement"
    )
    _override(book, "days", "2024-04-01")
    assert counts(take(book, "expenditures", late)) == (1, 0)
    within = expenditure("1.00", "X2", spent_from="2024-03-03", spent_to="2024-03-31")
    assert counts(take(book, "expenditures", within)) == (1, 0)


INDIRECT_REMEDY = "correct the amounts, or set the rule aside by name with `facility grant override K1 indirect-cost`"


def test_indirect_cost_of_seven_in_a_hundred_and_not_a_cent_more(signed: Book) -> None:
    take(signed, "disbursements", disbursement("300.00"))
    row = expenditure("100.00", indirect="7.01")
    assert only(signed, "expenditures", row) == (
        "indirect-cost-exceeded",
        2,
        "indirect",
        "indirect cost of K1 would be 7.01 on direct cost of 100.00; the agreement allows 7.00 % of direct cost",
        INDIRECT_REMEDY,
    )
    take(signed, "expenditures", expenditure("100.00", indirect="7.00"))
    # It is of all reports together: room that one leaves serves another.
    take(signed, "expenditures", expenditure("50.00", "X2", indirect="0.00"))
    assert only(signed, "expenditures", expenditure("0.01", "X3", indirect="3.51"))[3] == (
        "indirect cost of K1 would be 10.51 on direct cost of 150.01; the agreement allows 7.00 % of direct cost"
    )
    take(signed, "expenditures", expenditure("0.01", "X3", indirect="3.50"))
    rows = signed.connection.execute(
        "select base_direct::varchar, base_indirect::varchar from ledger.expenditure order by entry_id"
    ).fetchall()
    assert rows == [("100.0000", "7.0000"), ("50.0000", "0.0000"), ("0.0100", "3.5000")]
    assert standing(signed, "expense:programme") == {"C1": "53.51", "C2": "107.00"}


def test_what_replaces_a_report_replaces_its_indirect_cost(signed: Book) -> None:
    take(signed, "disbursements", disbursement("300.00"))
    take(signed, "expenditures", expenditure("100.00", indirect="7.00"))
    take(signed, "expenditures", expenditure("200.00", "X2", indirect="14.00", replaces="X1"))
    # Lowering the direct cost on which another report's indirect cost stands is refused as well.
    take(signed, "expenditures", expenditure("10.00", "X3", indirect="0.70"))
    take(signed, "expenditures", expenditure("20.00", "X4", indirect="0.00"))
    take(signed, "expenditures", expenditure("20.00", "X5", indirect="2.80"))
    row = expenditure("19.99", "X6", replaces="X4")
    assert only(signed, "expenditures", row) == (
        "indirect-cost-exceeded",
        2,
        "indirect",
        "indirect cost of K1 would be 17.50 on direct cost of 249.99; the agreement allows 7.00 % of direct cost",
        INDIRECT_REMEDY,
    )
    assert counts(take(signed, "expenditures", {**row, "direct": "20.00"})) == (1, 0)


def test_an_agreement_may_allow_less_and_an_override_more(awarded: Book) -> None:
    take(awarded, "commitments", commitment(indirect_max="2.5%"))
    take(awarded, "disbursements", disbursement())
    row = expenditure("100.00", indirect="2.51")
    assert only(awarded, "expenditures", row)[3] == (
        "indirect cost of K1 would be 2.51 on direct cost of 100.00; the agreement allows 2.50 % of direct cost"
    )
    _override(awarded, "indirect-cost", "2024-03-05")
    assert counts(take(awarded, "expenditures", row)) == (1, 0)
    other_day = expenditure("1.00", "X2", indirect="0.02", spent_to="2024-03-06")
    assert only(awarded, "expenditures", other_day)[0] == "indirect-cost-exceeded"


@pytest.mark.parametrize("units", ["0.8", "0.7", "0.7001", "0.93", "1.1111", "3"])
def test_seven_in_a_hundred_of_euros_is_seven_in_a_hundred_at_any_rate(signed: Book, units: str) -> None:
    take(signed, "disbursements", disbursement("300.00"))
    take(signed, "rates", rate(rate_date="2024-03-01", units=units))
    assert only(signed, "expenditures", expenditure("100.00", indirect="7.10", currency="EUR"))[0] == (
        "indirect-cost-exceeded"
    )
    take(signed, "expenditures", expenditure("100.00", indirect="7.00", currency="EUR"))
    ((direct, indirect, total),) = signed.connection.execute(
        "select base_direct, base_indirect, base_amount from ledger.expenditure join ledger.movement using (entry_id)"
    ).fetchall()
    assert direct + indirect == total
    assert indirect * 100 <= direct * 7
    assert abs(indirect * 107 - total * 7) < 107 * Decimal("0.01")


def test_a_report_of_zero_direct_cost_is_none(running: Book) -> None:
    found = refusal(running, "expenditures", expenditure("0.00", "X2", indirect="1.00"))
    assert [(one.code, one.column) for one in found] == [("amount-out-of-range", "direct")]


def test_every_cell_of_a_report_counts_as_its_content(running: Book) -> None:
    assert counts(take(running, "expenditures", expenditure())) == (0, 1)
    for change in (
        {"direct": "99.99"}, {"indirect": "0.01"}, {"status": "final"}, {"spent_from": "2024-03-01"},
        {"spent_to": "2024-03-06"}, {"source": "s"}, {"replaces": "X9"}, {"entry_date": "2024-03-06"},
        {"direct": "99.99", "indirect": "0.01"},
    ):  # fmt: skip
        found = refusal(running, "expenditures", {**expenditure(), **change})
        assert [(one.code, one.column, one.reason, one.remedy) for one in found] == [
            (
                "entry-conflict",
                "expenditure_id",
                "entry X1 is already in the book with other content",
                "give another movement another reference",
            )
        ]
