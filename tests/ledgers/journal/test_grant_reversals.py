"""What was wrong is taken back line by line; what the book keeps another way is refused, with that way."""

from __future__ import annotations

from datetime import date

import pytest
from awards import (
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
    reversal,
    standing,
)
from books import counts, entry, lines, refusal, take

from ledgers.life.grants import close_commitment
from ledgers.store import Book


def _balances(book: Book) -> list[tuple[object, ...]]:
    return book.connection.execute(
        "select account, currency, contribution_id, request_id, commitment_id, sum(amount), sum(base_amount) "
        "from ledger.posting group by all having sum(amount) <> 0 or sum(base_amount) <> 0 order by all"
    ).fetchall()


@pytest.mark.parametrize(
    ("kind", "row", "reference"),
    [
        ("disbursements", disbursement("33.33", "P2"), "disbursement|P2"),
        ("expenditures", expenditure("33.33", "X2", indirect="1.11"), "expenditure|X2"),
        ("refunds", refund("33.33"), "refund|F1"),
        ("releases", release(amount="33.33"), "release|L1"),
        ("disallowances", disallowance("33.33"), "disallowance|N1"),
        ("entries", entry("E1", "interest", "3.00"), "entries|E1"),
        ("entries", entry("E1", "bank-charge", "-3.00"), "entries|E1"),
    ],
)
def test_a_movement_taken_back_leaves_every_balance_as_it_was(
    running: Book, kind: str, row: dict[str, object], reference: str
) -> None:
    before = _balances(running)
    take(running, kind, row)
    posted = lines(running, reference)
    assert _balances(running) != before
    assert counts(take(running, "reversals", reversal(reference))) == (1, 0)
    assert _balances(running) == before
    assert lines(running, f"reversal|{reference}") == [
        (account, currency, _negated(amount), _negated(base), whose)
        for account, currency, amount, base, whose in posted
    ]
    # The row that was taken back is still known, and so is what took it back.
    assert counts(take(running, kind, row)) == (0, 1)
    assert counts(take(running, "reversals", reversal(reference))) == (0, 1)
    why = running.connection.execute("select reason from ledger.reversal").fetchall()
    assert why == [("wrong",)]


def _negated(amount: object) -> str:
    text = str(amount)
    return text[1:] if text.startswith("-") else text if text == "0" else f"-{text}"


def test_a_recovery_taken_back_is_owed_again(running: Book) -> None:
    take(running, "disallowances", disallowance())
    before = _balances(running)
    take(running, "recoveries", recovery("15.00"))
    take(running, "reversals", reversal("recovery|V1"))
    assert _balances(running) == before


def test_an_entry_is_named_by_its_number_too(running: Book) -> None:
    ((number,),) = running.connection.execute(
        "select entry_id from ledger.entry where reference = 'expenditure|X1'"
    ).fetchall()
    assert counts(take(running, "reversals", reversal(str(number)))) == (1, 0)
    assert standing(running, "expense:programme") == {}


def test_no_entry_is_taken_back_twice(running: Book) -> None:
    ((number,),) = running.connection.execute(
        "select entry_id from ledger.entry where reference = 'expenditure|X1'"
    ).fetchall()
    found = refusal(running, "reversals", reversal(str(number)), reversal("expenditure|X1"))
    assert [(one.code, one.line, one.reason, one.remedy) for one in found] == [
        (
            "reversed-already",
            line,
            f"another row takes back entry {name} too",
            "leave one of the two out",
        )
        for line, name in ((2, number), (3, "expenditure|X1"))
    ]
    take(running, "reversals", reversal("expenditure|X1"))
    again = (
        "reversed-already",
        2,
        "entry",
        "entry expenditure|X1 was taken back: wrong",
        "correct the entry that took it back, or leave this out",
    )
    assert only(running, "reversals", reversal("expenditure|X1", reason="still wrong")) == again
    assert only(running, "reversals", reversal("expenditure|X1", reversed_on="2024-03-11")) == again


def test_a_report_that_was_replaced_is_taken_back_already(running: Book) -> None:
    take(running, "expenditures", expenditure("50.00", "X2", replaces="X1"))
    assert only(running, "reversals", reversal("expenditure|X1"))[3] == (
        "entry expenditure|X1 was taken back: replaced by expenditure X2"
    )


def test_an_entry_that_is_not_there(running: Book) -> None:
    told = ("entry-unknown", "entry", "name its number or its reference; `facility entry show` shows it")
    found = refusal(running, "reversals", reversal("X9"), reversal("99"), reversal("expenditure|X1"))
    assert [(one.code, one.column, one.remedy) for one in found] == [told, told]
    assert [one.reason for one in found] == ["the book has no entry X9", "the book has no entry 99"]


def test_a_reversal_is_not_before_its_entry(running: Book) -> None:
    assert only(running, "reversals", reversal("expenditure|X1", reversed_on="2024-03-04")) == (
        "reversal-before-entry",
        2,
        "reversed_on",
        "entry expenditure|X1 is of 2024-03-05",
        "date the reversal on that day or later",
    )


UNDO = {
    "pledge": "a pledge", "in-kind": "an in kind", "signing": "a signing", "amendment": "an amendment",
    "deposit": "a deposit", "fee": "a fee", "bounce": "a bounce", "allocation": "an allocation",
    "commitment": "a commitment", "condition": "a condition", "note": "a note", "revaluation": "a revaluation",
    "reversal": "a reversal", "expenditure-replaced": "an expenditure replaced", "opening": "an opening",
}  # fmt: skip
REMEDIES = {
    "pledge": "amend its amount with `facility contribution amend`",
    "in-kind": "amend its amount with `facility contribution amend`",
    "signing": "amend its amount with `facility contribution amend`, or write it off with "
    "`facility contribution write-off`",
    "amendment": "amend the amount once more with `facility contribution amend`",
    "deposit": "record with `facility deposit bounce` that the bank took it back",
    "fee": "it is taken back with its deposit, by `facility deposit bounce`",
    "bounce": "import what came in again as a deposit of its own",
    "allocation": "free it with a cancellation in `facility import entries`, or with `facility grant release` once it "
    "is committed",
    "commitment": "release it with `facility grant release`",
    "condition": "amend the contribution instead",
    "note": "amend or write off the contribution instead",
    "revaluation": "revalue again with `facility period revalue`",
    "reversal": "record what happened once more, under a new id",
    "expenditure-replaced": "import a report that replaces the last one",
    "opening": "post what is missing as a movement of its own",
}


def test_what_is_kept_another_way_is_not_reversed(running: Book) -> None:
    day = date(2024, 3, 1)
    rows = [(900 + n, kind, day, day, f"z|{kind}", None, "by hand", "digest", 1) for n, kind in enumerate(UNDO)]
    running.insert("ledger.entry", rows)
    found = refusal(running, "reversals", *(reversal(f"z|{kind}") for kind in UNDO))
    assert [(one.code, one.column, one.reason, one.remedy) for one in found] == [
        ("reversal-refused", "entry", f"entry z|{kind} is {named}, which is not reversed", REMEDIES[kind])
        for kind, named in UNDO.items()
    ]


def test_money_that_has_moved_on_is_not_taken_back(running: Book) -> None:
    assert only(running, "reversals", reversal("disbursement|P1")) == (
        "advance-exceeded",
        2,
        "amount",
        "the implementer of K1 holds 100.00, and 200.00 is given back",
        "correct the amount, or record the disbursement first",
    )
    take(running, "disallowances", disallowance("0.01"))
    assert only(running, "reversals", reversal("expenditure|X1"))[:4] == (
        "expenditure-exceeded",
        2,
        "amount",
        "the expenditure of K1 is 99.99, and 100.00 of it would be taken back",
    )
    take(running, "releases", release())
    take(running, "entries", entry("E1", "administration", "933.33", purpose="p", contribution_id="C1",
                                   entry_date="2024-03-09"))  # fmt: skip
    assert only(running, "reversals", reversal("release|L1"))[:4] == (
        "available-exceeded",
        2,
        "contribution_id",
        "contribution C1 would be overdrawn by 33.33",
    )


def test_the_money_of_one_contribution_that_has_moved_on_is_not_taken_back(book: Book) -> None:
    funded(book, {"C1": "0.01", "C2": "0.02"})
    cleared(book)
    take(book, "commitments", commitment(amount="0.03"))
    take(book, "disbursements", *(disbursement("0.01", f"P{n}", paid_on=f"2024-03-0{n}") for n in (4, 5, 6)))
    take(book, "expenditures", expenditure("0.01", spent_to="2024-03-07"))
    take(book, "reversals", reversal("disbursement|P4"))
    # What is left at the implementer's is of C1; P6 was of C2.
    assert standing(book, "asset:advance") == {"C1": "0.01"}
    assert only(book, "reversals", reversal("disbursement|P6")) == (
        "advance-exceeded",
        2,
        "amount",
        "of the money of C2 0.00 is held by the implementer of K1, and 0.01 of it would be taken back",
        "take back first what has moved that money on since, the latest first",
    )


def test_nothing_is_reversed_on_a_closed_agreement(running: Book) -> None:
    take(running, "refunds", refund("100.00"))
    take(running, "releases", release())
    final = expenditure("100.00", "X2", replaces="X1", status="final")
    take(running, "expenditures", final)
    with running.lane(actor="ada", command="close") as lane:
        for stage in ("operational", "financial"):
            assert close_commitment(running, lane, "K1", stage, on=date(2024, 3, 8), reason="done")
    assert only(running, "reversals", reversal("refund|F1")) == (
        "commitment-closed",
        2,
        "entry",
        "commitment K1 was closed financially on 2024-03-08",
        "what was wrong on a closed agreement is disallowed and recovered",
    )
    assert only(running, "disbursements", disbursement("1.00", "P2")) == (
        "commitment-closed",
        2,
        "commitment_id",
        "commitment K1 was closed financially on 2024-03-08",
        "correct the id; nothing moves on a closed agreement but what is recovered from it",
    )
    take(running, "disallowances", disallowance())
    take(running, "recoveries", recovery())
    assert counts(take(running, "reversals", reversal("recovery|V1"))) == (1, 0)
