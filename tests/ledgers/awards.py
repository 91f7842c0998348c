"""Rows of the files of awards for the tests, and money allocated without a round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from books import ON, contribution, deposit, refusal, request, take, told

from ledgers.journal import post
from ledgers.store import Book

CLEARANCES = ("accountability", "due-diligence", "sanctions")
Row = dict[str, object]


def clearance(implementer: str = "I1", of: str = "sanctions", **cells: object) -> Row:
    """Return a row of a clearances file: cleared on 1 January 2024."""
    return {"implementer": implementer, "clearance": of, "cleared_on": "2024-01-01", "source": "letter", **cells}


def commitment(commitment_id: str = "K1", request_id: str = "R1", **cells: object) -> Row:
    """Return a row of a commitments file: 300 dollars of R1 to I1, signed on 2 March 2024, unless a share is given."""
    plain: Row = {"implementer": "I1", "signed_on": "2024-03-02"}
    money = {} if "share" in cells else {"amount": "300.00"}
    return {"commitment_id": commitment_id, "request_id": request_id, **plain, **money, **cells}


def tranche(number: int, amount: str, commitment_id: str = "K1", **cells: object) -> Row:
    """Return a row of a tranches file."""
    return {"commitment_id": commitment_id, "tranche": number, "amount": amount, **cells}


def condition_met(number: int, commitment_id: str = "K1", **cells: object) -> Row:
    """Return a row of a conditions_met file: met on 3 March 2024."""
    return {"commitment_id": commitment_id, "tranche": number, "met_on": "2024-03-03", "source": "report", **cells}


def disbursement(amount: str = "200.00", disbursement_id: str = "P1", **cells: object) -> Row:
    """Return a row of a disbursements file: on K1, on 4 March 2024."""
    plain = {"commitment_id": "K1", "paid_on": "2024-03-04", "currency": "USD"}
    return {"disbursement_id": disbursement_id, "amount": amount, **plain, **cells}


def expenditure(direct: str = "100.00", expenditure_id: str = "X1", **cells: object) -> Row:
    """Return a row of an expenditures file: provisional, on K1, until 5 March 2024."""
    plain = {"commitment_id": "K1", "spent_to": "2024-03-05", "currency": "USD"}
    return {"expenditure_id": expenditure_id, "direct": direct, **plain, **cells}


def refund(amount: str = "30.00", refund_id: str = "F1", **cells: object) -> Row:
    """Return a row of a refunds file: on K1, on 6 March 2024."""
    plain = {"commitment_id": "K1", "received_on": "2024-03-06", "currency": "USD"}
    return {"refund_id": refund_id, "amount": amount, **plain, **cells}


def release(release_id: str = "L1", **cells: object) -> Row:
    """Return a row of a releases file: all that is left of K1, on 7 March 2024."""
    return {
        "release_id": release_id, "commitment_id": "K1", "released_on": "2024-03-07", "reason": "not needed", **cells
    }  # fmt: skip


def disallowance(amount: str = "40.00", disallowance_id: str = "N1", **cells: object) -> Row:
    """Return a row of a disallowances file: on K1, on 8 March 2024."""
    plain = {"commitment_id": "K1", "decided_on": "2024-03-08", "reason": "no receipts"}
    return {"disallowance_id": disallowance_id, "amount": amount, **plain, **cells}


def recovery(amount: str = "40.00", recovery_id: str = "V1", **cells: object) -> Row:
    """Return a row of a recoveries file: on K1, on 9 March 2024."""
    plain = {"commitment_id": "K1", "received_on": "2024-03-09", "currency": "USD"}
    return {"recovery_id": recovery_id, "amount": amount, **plain, **cells}


def reversal(entry: str, **cells: object) -> Row:
    """Return a row of a reversals file: on 10 March 2024."""
    return {"entry": entry, "reversed_on": "2024-03-10", "reason": "wrong", **cells}


def allocate(book: Book, request_id: str, parts: Mapping[str, str], *, on: str = "2024-03-01", name: str = "T") -> None:
    """Post an allocation with the very lines that a posted round writes, without the round."""
    reference = f"allocation|{name}|{request_id}"
    lines = []
    for contribution_id, amount in sorted(parts.items()):
        for account, sign in (("budget:allocated", 1), ("budget:available", -1)):
            signed = sign * Decimal(amount)
            lines.append((account, signed, contribution_id))
    with book.lane(actor="ada", command="round post") as lane:
        book.connection.execute(
            "create or replace temp table new_entry as select ? as reference, 'allocation' as kind, "
            "?::date as entry_date, null::varchar as purpose, ? as narration",
            [reference, date.fromisoformat(on), f"round {name} allocates to {request_id}"],
        )
        book.connection.execute(
            "create or replace temp table new_posting (reference varchar, line integer, account varchar, "
            "currency varchar, amount decimal(18, 4), base_amount decimal(18, 4), rate_id bigint, "
            "contribution_id varchar, request_id varchar, party_id varchar, commitment_id varchar)"
        )
        base = book.currency
        book.insert(
            "new_posting",
            [
                (reference, number, account, base, amount, amount, None, whose, request_id, None, None)
                for number, (account, amount, whose) in enumerate(lines, start=1)
            ],
        )
        lane.new_count += post(book, lane)


def funded(book: Book, parts: Mapping[str, str], *, request_id: str = "R1", **cells: object) -> None:
    """Sign contributions of 1,000 dollars, receive them, and allocate of them to a request."""
    names = sorted(parts)
    take(book, "contributions", *(contribution(name, **cells) for name in names))
    take(book, "deposits", *(deposit(f"D-{name}", name) for name in names))
    take(book, "requests", request(request_id))
    allocate(book, request_id, parts)


def cleared(book: Book, *implementers: str) -> None:
    """Clear implementers (I1 alone, where none is named) of everything that the book asks for."""
    take(book, "clearances", *(clearance(one, of) for one in implementers or ("I1",) for of in CLEARANCES))


def committed(book: Book, parts: Mapping[str, str] | None = None, **cells: object) -> None:
    """Have K1 signed over what is allocated: 100.00 of C1 and 200.00 of C2 unless said otherwise."""
    parts = parts or {"C1": "100.00", "C2": "200.00"}
    funded(book, parts)
    cleared(book)
    amount = sum((Decimal(part) for part in parts.values()), Decimal(0))
    take(book, "commitments", commitment(**{"amount": f"{amount:f}", **cells}))


def split(book: Book, reference: str, account: str) -> dict[str, str]:
    """Return what an entry did to an account, by contribution, as plain text."""
    rows = book.connection.execute(
        "select contribution_id, sum(amount) from ledger.posting join ledger.entry using (entry_id) "
        "where reference = ? and account = ? group by all order by 1",
        [reference, account],
    ).fetchall()
    return {whose: f"{amount:.2f}" for whose, amount in rows}


def standing(book: Book, account: str, commitment_id: str | None = None) -> dict[str, str]:
    """Return an account's balances by contribution, of one agreement if named; zeros left out."""
    rows = book.connection.execute(
        "select contribution_id, sum(amount) from ledger.posting "
        "where account = ? and commitment_id is not distinct from coalesce(?, commitment_id) "
        "group by all having sum(amount) <> 0 order by 1",
        [account, commitment_id],
    ).fetchall()
    return {whose: f"{amount:.2f}" for whose, amount in rows}


def only(book: Book, kind: str, *rows: Row, on: date = ON) -> tuple[object, ...]:
    """Import rows with one fault among them, and return it: code, line, column, reason, remedy."""
    found = refusal(book, kind, *rows, on=on)
    assert len(found) == 1, found
    code, severity, line, column, reason, remedy = told(found[0])
    assert severity == "error"
    return code, line, column, reason, remedy
