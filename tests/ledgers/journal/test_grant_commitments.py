"""Agreements: who may receive money, how much of what is allocated, until when."""

from __future__ import annotations

import pytest
from awards import (
    CLEARANCES,
    allocate,
    clearance,
    cleared,
    commitment,
    disbursement,
    funded,
    only,
    split,
    standing,
)
from books import contribution, counts, deposit, refusal, request, take

from ledgers.store import Book

CLEAR_REMEDY = (
    "bring the clearance in with `facility import clearances`, or set the rule aside by name with "
    "`facility grant override K1 clearance`"
)


def _without(told: str, implementer: str = "I2") -> tuple[object, ...]:
    return (
        "clearance-missing",
        2,
        "implementer",
        f"nothing is committed to {implementer} without its clearance: {told}",
        CLEAR_REMEDY,
    )


def test_nothing_is_committed_without_clearance(awarded: Book) -> None:
    row = commitment(implementer="I2")
    never = "accountability was never looked into; due-diligence was never looked into; sanctions was never looked into"
    assert only(awarded, "commitments", row) == _without(never)
    take(awarded, "clearances", clearance("I2", "sanctions"), clearance("I2", "due-diligence"))
    assert only(awarded, "commitments", row) == _without("accountability was never looked into")
    take(awarded, "clearances", clearance("I2", "accountability"))
    assert counts(take(awarded, "commitments", row)) == (1, 0)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"outcome": "refused"}], "sanctions was refused on 2024-01-01"),
        ([{}, {"cleared_on": "2024-02-01", "outcome": "refused"}], "sanctions was refused on 2024-02-01"),
        ([{"outcome": "refused"}, {"cleared_on": "2024-02-01"}], None),
        ([{"valid_until": "2024-03-01"}], "sanctions held until 2024-03-01"),
        ([{"valid_until": "2024-03-02"}], None),
        ([{"cleared_on": "2024-03-02"}], None),
        ([{"cleared_on": "2024-03-03"}], "sanctions was cleared only on 2024-03-03"),
        ([{"cleared_on": "2024-03-03", "outcome": "refused"}], "sanctions was looked into only on 2024-03-03"),
        ([{"valid_until": "2024-02-01"}, {"cleared_on": "2024-02-02"}], None),
        ([{}, {"cleared_on": "2024-02-02", "valid_until": "2024-03-01"}], "sanctions held until 2024-03-01"),
        ([{"valid_until": "2024-02-01"}, {"cleared_on": "2024-03-03"}], "sanctions held until 2024-02-01"),
    ],
    ids=[
        "refused", "refused later", "refused and then cleared", "lapsed the day before", "valid on the last day",
        "cleared on the day", "cleared too late", "refused too late",
        "renewed without an end", "renewed and lapsed", "renewed too late",
    ],
)  # fmt: skip
def test_the_latest_clearance_on_the_day_of_signing_counts(
    awarded: Book, rows: list[dict[str, object]], told: str | None
) -> None:
    take(awarded, "clearances", clearance("I2", "due-diligence"), clearance("I2", "accountability"))
    take(awarded, "clearances", *(clearance("I2", "sanctions", **row) for row in rows))
    if told is None:
        assert counts(take(awarded, "commitments", commitment(implementer="I2"))) == (1, 0)
    else:
        assert only(awarded, "commitments", commitment(implementer="I2")) == _without(told)


def test_the_book_says_which_clearances_it_asks_for(awarded: Book) -> None:
    awarded.insert("ledger.setting", [("clearances", "sanctions|vetting")])
    told = "vetting was never looked into"
    assert only(awarded, "commitments", commitment()) == _without(told, "I1")
    take(awarded, "clearances", clearance("I1", "vetting"))
    assert counts(take(awarded, "commitments", commitment())) == (1, 0)


def test_a_book_may_ask_for_none(awarded: Book) -> None:
    awarded.insert("ledger.setting", [("clearances", "")])
    assert counts(take(awarded, "commitments", commitment(implementer="I9"))) == (1, 0)


def test_nothing_goes_out_when_a_clearance_has_lapsed(awarded: Book) -> None:
    take(awarded, "clearances", *(clearance("I2", of, valid_until="2024-03-10") for of in CLEARANCES))
    take(awarded, "commitments", commitment(implementer="I2"))
    take(awarded, "disbursements", disbursement("1.00", paid_on="2024-03-10"))
    held = "; ".join(f"{of} held until 2024-03-10" for of in CLEARANCES)
    assert only(awarded, "disbursements", disbursement("1.00", "P2", paid_on="2024-03-11")) == (
        "clearance-missing",
        2,
        "commitment_id",
        f"nothing goes out to I2 without its clearance: {held}",
        CLEAR_REMEDY,
    )


def test_one_finding_of_a_day_has_one_content(awarded: Book) -> None:
    row = clearance()
    assert counts(take(awarded, "clearances", row)) == (0, 1)
    for change in ({"outcome": "refused"}, {"valid_until": "2025-01-01"}, {"source": "other"}):
        assert only(awarded, "clearances", {**row, **change}) == (
            "clearance-conflict",
            2,
            "clearance",
            "sanctions of I1 on 2024-01-01 is already in the book with other content",
            "correct the row; a new finding has a day of its own",
        )


def test_shares_that_make_up_the_whole_leave_nothing(book: Book) -> None:
    funded(book, {"C1": "100.01"})
    cleared(book, "I1", "I2")
    rows = [commitment("K2", share="50%", implementer="I2"), commitment("K1", share="50%")]
    take(book, "commitments", *rows)
    # 50.005 each: equal remainders, the earlier id takes the cent.
    assert split(book, "commitment|K1", "budget:committed") == {"C1": "50.01"}
    assert split(book, "commitment|K2", "budget:committed") == {"C1": "50.00"}
    assert standing(book, "budget:allocated") == {}
    assert counts(take(book, "commitments", *rows)) == (0, 2)
    assert counts(take(book, "commitments", rows[1])) == (0, 1)


def test_the_cent_of_three_shares_goes_to_the_largest_remainder(book: Book) -> None:
    funded(book, {"C1": "0.10"})
    cleared(book)
    take(
        book,
        "commitments",
        *(commitment(name, share=share) for name, share in (("K1", "33.33%"), ("K2", "33.33%"), ("K3", "33.34%"))),
    )
    parts = [split(book, f"commitment|K{n}", "budget:committed") for n in (1, 2, 3)]
    assert parts == [{"C1": "0.03"}, {"C1": "0.03"}, {"C1": "0.04"}]


def test_a_share_that_is_not_the_whole_goes_down_to_the_unit(book: Book) -> None:
    funded(book, {"C1": "100.01"})
    cleared(book)
    row = commitment(share="50%")
    take(book, "commitments", row)
    assert split(book, "commitment|K1", "budget:committed") == {"C1": "50.00"}
    assert counts(take(book, "commitments", row)) == (0, 1)
    # Of what is allocated and not committed yet: half of 50.01, then all of the rest.
    take(book, "commitments", commitment("K2", share="50%"))
    assert split(book, "commitment|K2", "budget:committed") == {"C1": "25.00"}
    take(book, "commitments", commitment("K3", share="100%"))
    assert split(book, "commitment|K3", "budget:committed") == {"C1": "25.01"}


def test_other_content_under_a_known_agreement_is_a_conflict(signed: Book) -> None:
    assert counts(take(signed, "commitments", commitment(amount="300.00"))) == (0, 1)
    for change in (
        {"amount": "299.99"}, {"implementer": "I2"}, {"signed_on": "2024-03-03"}, {"indirect_max": "5%"},
        {"starts_on": "2024-03-03"}, {"ends_on": "2025-03-03"}, {"report_due": "2025-03-03"}, {"agreement": "A"},
        {"amount": None, "share": "100%"},
    ):  # fmt: skip
        row = {**commitment(amount="300.00"), **change}
        assert only(signed, "commitments", row) == (
            "entry-conflict",
            2,
            "commitment_id",
            "entry K1 is already in the book with other content",
            "give another movement another reference",
        )


def test_an_agreement_known_in_other_capitals(signed: Book) -> None:
    found = refusal(signed, "commitments", commitment("k1", amount="1.00"))
    assert ("id-differs-in-case", "the book has entry K1, which differs only in capitals") in [
        (one.code, one.reason) for one in found
    ]


def test_more_than_is_allocated(awarded: Book) -> None:
    assert only(awarded, "commitments", commitment(amount="300.01")) == (
        "allocated-exceeded",
        2,
        "request_id",
        "more than is allocated to R1 from C2: 0.01 too much",
        "correct the amount; only what is allocated and not yet committed or transferred can be committed, "
        "cancelled or transferred",
    )
    two = [commitment("K1", amount="150.01"), commitment("K2", amount="150.01")]
    found = refusal(awarded, "commitments", *two)
    assert {(one.code, one.line) for one in found} == {("allocated-exceeded", 2), ("allocated-exceeded", 3)}
    over = [commitment("K1", share="60%"), commitment("K2", share="41%")]
    assert {one.code for one in refusal(awarded, "commitments", *over)} == {"allocated-exceeded"}


def test_before_its_allocation(awarded: Book) -> None:
    found = refusal(awarded, "commitments", commitment(signed_on="2024-02-29"))
    assert [(one.code, one.column, one.reason, one.remedy) for one in found] == [
        (
            "before-allocation",
            "entry_date",
            f"{amount} of it was not yet allocated to R1 from {whose} on 2024-02-29",
            "date the commitment on or after its allocation",
        )
        for whose, amount in (("C1", "100.00"), ("C2", "200.00"))
    ]


NOTHING_REMEDY = "post a round that awards it money first"


def test_nothing_allocated_to_be_committed(book: Book) -> None:
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request())
    cleared(book)
    nothing = "nothing is allocated to R1 that could be committed"
    for cells in ({"amount": "1.00"}, {"share": "50%"}):
        assert only(book, "commitments", commitment(**cells)) == (
            "nothing-allocated",
            2,
            "request_id",
            nothing,
            NOTHING_REMEDY,
        )
    assert only(book, "commitments", commitment(request_id="R9"))[:4] == (
        "request-unknown",
        2,
        "request_id",
        "the book has no request R9",
    )
    waits = [
        (999, n, account, "USD", amount, amount, None, "C1", "R1", None, None)
        for n, (account, amount) in enumerate([("budget:allocated-uncollected", 50), ("budget:resource", -50)], start=1)
    ]
    book.insert("ledger.posting", waits)
    told = f"{nothing}; 50.00 waits for money not yet received"
    assert only(book, "commitments", commitment(amount="1.00"))[3] == told


def test_a_share_that_comes_to_nothing(book: Book) -> None:
    funded(book, {"C1": "0.01"})
    cleared(book)
    assert only(book, "commitments", commitment(share="99%")) == (
        "amount-out-of-range",
        2,
        "share",
        "the share of what is allocated to R1 comes to nothing",
        "state an amount",
    )


USE_BY_REMEDY = (
    "end the agreement earlier, or agree a later day with the donor and record it with `facility contribution amend`"
)


def test_an_agreement_ends_while_its_money_may_be_used(book: Book) -> None:
    funded(book, {"C1": "100.00", "C2": "200.00"}, use_by="2024-12-31")
    cleared(book)
    assert only(book, "commitments", commitment(ends_on="2025-01-01")) == (
        "ends-after-use-by",
        2,
        "ends_on",
        "the agreement ends on 2025-01-01, and of its money C1 is to be used by 2024-12-31, "
        "C2 is to be used by 2024-12-31",
        USE_BY_REMEDY,
    )
    assert counts(take(book, "commitments", commitment(ends_on="2024-12-31"))) == (1, 0)


def test_an_agreement_ends_on_a_day_that_its_money_may_pay(book: Book) -> None:
    funded(book, {"C1": "100.00", "C2": "200.00"}, use_by="2025-06-30", spend_to="2024-12-31")
    cleared(book)
    assert only(book, "commitments", commitment(ends_on="2025-01-01")) == (
        "ends-after-use-by",
        2,
        "ends_on",
        "the agreement ends on 2025-01-01, and of its money C1 may pay until 2024-12-31, C2 may pay until 2024-12-31",
        USE_BY_REMEDY,
    )
    assert counts(take(book, "commitments", commitment(ends_on="2024-12-31"))) == (1, 0)


def test_an_agreement_without_an_end_is_signed_while_its_money_may_be_used(book: Book) -> None:
    funded(book, {"C1": "300.00"}, use_by="2024-03-02")
    cleared(book)
    assert only(book, "commitments", commitment(signed_on="2024-03-03")) == (
        "ends-after-use-by",
        2,
        "ends_on",
        "the agreement is signed on 2024-03-03 without an end, and of its money C1 is to be used by 2024-03-02",
        USE_BY_REMEDY,
    )
    assert counts(take(book, "commitments", commitment())) == (1, 0)


def test_a_use_by_date_of_money_that_is_not_of_the_request_does_not_matter(book: Book) -> None:
    take(book, "contributions", contribution("C1"), contribution("C2", use_by="2024-12-31"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request("R1"), request("R2"))
    allocate(book, "R1", {"C1": "300.00"})
    allocate(book, "R2", {"C2": "300.00"})
    cleared(book)
    assert counts(take(book, "commitments", commitment(ends_on="2025-06-30"))) == (1, 0)
