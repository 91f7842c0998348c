"""Money goes out by tranches, when conditions are met, while no flag stands, and never more than there is."""

from __future__ import annotations

from datetime import date

import pytest
from awards import (
    allocate,
    cleared,
    commitment,
    condition_met,
    disbursement,
    only,
    refund,
    release,
    reversal,
    standing,
    tranche,
)
from books import contribution, counts, deposit, entry, refusal, request, take

from ledgers.life.grants import flag, override_rule
from ledgers.store import Book


def _plan(book: Book) -> None:
    """Plan 100 at once, 150 when a report has come; 50 of the agreement stay unplanned."""
    take(book, "tranches", tranche(1, "100.00"), tranche(2, "150.00", condition="first report"))


def test_a_tranche_is_planned_once_and_within_its_agreement(signed: Book) -> None:
    _plan(signed)
    assert counts(take(signed, "tranches", tranche(1, "100.00"))) == (0, 1)
    for change in ({"amount": "99.00"}, {"condition": "c"}, {"due_on": "2024-04-01"}):
        assert only(signed, "tranches", {**tranche(1, "100.00"), **change}) == (
            "tranche-conflict",
            2,
            "tranche",
            "tranche 1 of K1 is already in the book with other content",
            "correct the row; what changes is a tranche of its own",
        )
    exceeding = (
        "tranches-exceed-commitment",
        2,
        "amount",
        "the tranches of K1 come to 300.01, and the agreement to 300.00",
        "lower the tranches; they may leave something of the agreement unplanned, never more",
    )
    assert only(signed, "tranches", tranche(3, "50.01")) == exceeding
    both = refusal(signed, "tranches", tranche(3, "25.00"), tranche(4, "25.01"))
    assert [(one.code, one.line, one.reason) for one in both] == [(exceeding[0], line, exceeding[3]) for line in (2, 3)]
    assert counts(take(signed, "tranches", tranche(3, "50.00"))) == (1, 0)


def test_a_tranche_of_no_agreement(signed: Book) -> None:
    assert only(signed, "tranches", tranche(1, "1.00", "K9")) == (
        "commitment-unknown",
        2,
        "commitment_id",
        "there is no signed commitment K9",
        "import the signed agreement first, or correct the id",
    )


def test_a_row_names_its_tranche_where_there_is_a_plan(signed: Book) -> None:
    assert only(signed, "disbursements", disbursement("10.00", tranche=1)) == (
        "tranche-unknown",
        2,
        "tranche",
        "commitment K1 has no tranche 1",
        "correct it, or import the plan with `facility import tranches`",
    )
    _plan(signed)
    assert only(signed, "disbursements", disbursement("10.00")) == (
        "tranche-missing",
        2,
        "tranche",
        "commitment K1 goes out in 2 tranches, and the row names none",
        "name the tranche",
    )
    assert only(signed, "disbursements", disbursement("10.00", tranche=3))[3] == "commitment K1 has no tranche 3"
    assert counts(take(signed, "disbursements", disbursement("10.00", tranche=1))) == (1, 0)


def test_no_tranche_goes_out_twice(signed: Book) -> None:
    _plan(signed)
    remedy = "correct the amount; a later tranche is a disbursement of its own"
    exceeded = ("tranche-exceeded", 2, "amount")
    assert only(signed, "disbursements", disbursement("100.01", tranche=1)) == (
        *exceeded,
        "tranche 1 of K1 has 100.00 left, and 100.01 is asked",
        remedy,
    )
    take(signed, "disbursements", disbursement("60.00", "P1", tranche=1))
    assert only(signed, "disbursements", disbursement("40.01", "P2", tranche=1))[3] == (
        "tranche 1 of K1 has 40.00 left, and 40.01 is asked"
    )
    two = [disbursement("20.01", name, tranche=1) for name in ("P2", "P3")]
    found = refusal(signed, "disbursements", *two)
    assert [(one.code, one.line, one.reason) for one in found] == [
        ("tranche-exceeded", line, "tranche 1 of K1 has 40.00 left, and 40.02 is asked") for line in (2, 3)
    ]
    take(signed, "disbursements", disbursement("40.00", "P2", tranche=1))
    # What was taken back by a reversal may go out again; what was refunded may not.
    take(signed, "reversals", reversal("disbursement|P2"))
    take(signed, "refunds", refund("5.00"))
    assert only(signed, "disbursements", disbursement("40.01", "P4", tranche=1))[3] == (
        "tranche 1 of K1 has 40.00 left, and 40.01 is asked"
    )
    assert counts(take(signed, "disbursements", disbursement("40.00", "P4", tranche=1))) == (1, 0)


def test_a_condition_holds_a_tranche_until_it_is_met(signed: Book) -> None:
    _plan(signed)
    waits = (
        "tranche-condition-unmet",
        2,
        "tranche",
        "tranche 2 of K1 waits for: first report",
        "record that it is met with `facility grant condition-met K1 2`, or set it aside by name with "
        "`facility grant override K1 tranche-condition`",
    )
    row = disbursement("150.00", tranche=2)
    assert only(signed, "disbursements", row) == waits
    take(signed, "conditions_met", condition_met(2, met_on="2024-03-05"))
    assert only(signed, "disbursements", row) == waits
    assert counts(take(signed, "disbursements", {**row, "paid_on": "2024-03-05"})) == (1, 0)


def test_a_condition_is_met_once(signed: Book) -> None:
    _plan(signed)
    take(signed, "conditions_met", condition_met(2))
    assert counts(take(signed, "conditions_met", condition_met(2))) == (0, 1)
    for change in ({"met_on": "2024-03-04"}, {"source": "other"}):
        assert only(signed, "conditions_met", condition_met(2, **change)) == (
            "condition-conflict",
            2,
            "tranche",
            "the condition of tranche 2 of K1 is already met, on another day or by another source",
            "correct the row",
        )
    for number, agreement in ((1, "K1"), (3, "K1"), (2, "K9")):
        assert only(signed, "conditions_met", condition_met(number, agreement)) == (
            "tranche-unknown",
            2,
            "tranche",
            f"commitment {agreement} has no tranche {number} with a condition",
            "correct it, or import the plan first",
        )


def _flagged(book: Book, *, is_lifted: bool = False) -> bool:
    with book.lane(actor="ada", command="flag") as lane:
        return flag(book, lane, "K1", is_lifted=is_lifted, on=date(2024, 3, 3), reason="missing books")


def test_an_audit_flag_stops_what_goes_out_and_nothing_else(running: Book) -> None:
    assert _flagged(running)
    assert not _flagged(running)
    assert only(running, "disbursements", disbursement("1.00", "P2")) == (
        "audit-flagged",
        2,
        "commitment_id",
        "an audit flag of 2024-03-03 stops commitment K1: missing books",
        "lift it with `facility grant unflag K1`, or set it aside by name with `facility grant override K1 audit-flag`",
    )
    take(running, "refunds", refund())
    take(running, "releases", release(amount="1.00"))
    assert _flagged(running, is_lifted=True)
    assert not _flagged(running, is_lifted=True)
    assert counts(take(running, "disbursements", disbursement("1.00", "P2"))) == (1, 0)
    rows = running.connection.execute("select position, is_lifted, decided_by from ledger.audit_flag order by 1")
    assert rows.fetchall() == [(1, False, "ada"), (2, True, "ada")]


def test_no_more_than_is_committed_goes_out(signed: Book) -> None:
    assert only(signed, "disbursements", disbursement("300.01")) == (
        "committed-exceeded",
        2,
        "amount",
        "commitment K1 has 300.00 left to disburse or release, and 300.01 is asked",
        "correct the amount, or commit more first",
    )
    take(signed, "disbursements", disbursement("200.00"))
    two = [disbursement("60.00", "P2"), disbursement("40.01", "P3")]
    found = refusal(signed, "disbursements", *two)
    assert [(one.code, one.line, one.reason) for one in found] == [
        (
            "committed-exceeded",
            line,
            "commitment K1 has 100.00 left to disburse or release, and 100.01 is asked",
        )
        for line in (2, 3)
    ]
    assert only(signed, "releases", release(amount="100.01"))[3] == (
        "commitment K1 has 100.00 left to disburse or release, and 100.01 is asked"
    )
    take(signed, "disbursements", two[0], disbursement("40.00", "P3"))
    assert only(signed, "releases", release()) == (
        "nothing-to-move",
        2,
        "amount",
        "nothing of K1 is left to release",
        "correct the id, or leave the row out",
    )


@pytest.mark.parametrize("commitment_id", ["K9", "k1"])
def test_nothing_moves_without_a_signed_agreement(awarded: Book, commitment_id: str) -> None:
    take(awarded, "commitments", commitment())
    for kind, row in (("disbursements", disbursement("1.00")), ("refunds", refund("1.00"))):
        assert only(awarded, kind, {**row, "commitment_id": commitment_id}) == (
            "commitment-unknown",
            2,
            "commitment_id",
            f"there is no signed commitment {commitment_id}",
            "import the signed agreement with `facility import commitments`, or correct the id",
        )


def test_nothing_moves_before_the_agreement_is_signed(signed: Book) -> None:
    found = refusal(signed, "disbursements", disbursement("1.00", paid_on="2024-03-01"))
    assert [(one.code, one.column, one.reason, one.remedy) for one in found] == [
        (
            "before-commitment",
            "entry_date",
            "commitment K1 was signed on 2024-03-02, after 2024-03-01",
            "correct the day",
        )
    ]


def test_what_was_released_since_was_still_there_to_go_out_earlier(signed: Book) -> None:
    take(signed, "releases", release(amount="250.00"))
    take(signed, "disbursements", disbursement("50.00", "P1", paid_on="2024-03-03"))
    assert standing(signed, "budget:committed") == {}
    assert only(signed, "disbursements", disbursement("0.01", "P2", paid_on="2024-03-03"))[3] == (
        "commitment K1 has 0.00 left to disburse or release, and 0.01 is asked"
    )


def test_nothing_goes_out_while_a_donor_owes_what_it_took_back(signed: Book) -> None:
    bounce = {"deposit_id": "D-C2", "contribution_id": "C2", "bounced_on": "2024-03-03", "reason": "no cover"}
    take(signed, "bounces", bounce)
    # 1,000 came, 200 of it are committed, 1,000 went back.
    assert only(signed, "disbursements", disbursement("1.00")) == (
        "contribution-in-deficit",
        2,
        "commitment_id",
        "commitment K1 is paid by a contribution in deficit: C2 lacks 200.00",
        "wait until the donor has made it good, or set the rule aside by name with "
        "`facility grant override K1 deficit`",
    )
    with signed.lane(actor="ada", command="override") as lane:
        day = date(2024, 3, 4)
        override_rule(signed, lane, "K1", "deficit", valid_from=day, valid_until=day, reason="promised in writing")
    assert counts(take(signed, "disbursements", disbursement("1.00"))) == (1, 0)
    again = disbursement("1.00", "P2", paid_on="2024-03-05")
    assert only(signed, "disbursements", again)[0] == "contribution-in-deficit"
    take(signed, "deposits", deposit("D9", "C2", amount="200.00", received_on="2024-03-05"))
    assert counts(take(signed, "disbursements", again)) == (1, 0)


def test_money_moves_from_the_account_where_it_lies(signed: Book) -> None:
    take(signed, "banks", {"bank": "second", "currency": "EUR", "name": "Euros"})
    assert only(signed, "disbursements", disbursement("1.00", bank="third")) == (
        "bank-unknown",
        2,
        "bank",
        "the book has no account third at a bank",
        "enter it with `facility import banks`, or correct it",
    )
    assert only(signed, "disbursements", disbursement("1.00", bank="second"))[:4] == (
        "bank-currency",
        2,
        "currency",
        "the account second is in EUR",
    )
    row = disbursement("1.00", currency="EUR", bank="second", base_amount="1.25")
    assert only(signed, "disbursements", row) == (
        "cash-exceeded",
        2,
        "amount",
        "the cash at second in EUR would be overdrawn by 1.00",
        "transfer no more than the cash held, or exchange other money first",
    )


def test_other_money_needs_a_rate_or_what_the_bank_made_of_it(signed: Book) -> None:
    assert only(signed, "disbursements", disbursement("1.00", currency="EUR"))[:4] == (
        "rate-missing",
        2,
        "currency",
        "there is no rate for EUR on 2024-03-04",
    )
    assert only(signed, "disbursements", disbursement("1.00", base_amount="1.01")) == (
        "base-amount-differs",
        2,
        "base_amount",
        "an amount in USD is its own base amount, 1.00",
        "leave base_amount empty",
    )


def test_two_agreements_never_lend_each_other_money(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request())
    allocate(book, "R1", {"C1": "300.00"})
    cleared(book)
    take(book, "commitments", commitment(amount="100.00"), commitment("K2", amount="200.00"))
    assert only(book, "disbursements", disbursement("100.01"))[3] == (
        "commitment K1 has 100.00 left to disburse or release, and 100.01 is asked"
    )


def test_money_of_a_request_under_an_agreement_goes_out_under_it(signed: Book) -> None:
    found = refusal(signed, "entries", entry("T1", "transfer", "10.00", request_id="R1"))
    assert [(one.code, one.column, one.reason) for one in found] == [
        ("transfer-has-agreement", "request_id", "R1 is carried out under K1, and its money goes out as that says")
    ]
