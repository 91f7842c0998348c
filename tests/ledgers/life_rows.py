"""Rows of the files of a contribution's life, and what the book says of it, in plain text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.check_book import check_book
from facility.usecases.close_contribution import close
from facility.usecases.periods import close_through, revalue_on
from ledgers.life.periods import Revalued
from ledgers.store import Book

PLACES = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}


def tier(fee_schedule: str = "S", above: str = "0", **cells: object) -> dict[str, object]:
    """Return a row of a file of fee schedules."""
    return {"fee_schedule": fee_schedule, "above": above, **cells}


def bank(bank_id: str = "geneva", currency: str = "", **cells: object) -> dict[str, object]:
    """Return a row of a banks file."""
    return {"bank": bank_id, "currency": currency, **cells}


def instalment(contribution_id: str = "C1", due_on: str = "2024-03-01", amount: str = "500.00") -> dict[str, object]:
    """Return a row of an instalments file."""
    return {"contribution_id": contribution_id, "due_on": due_on, "amount": amount}


def condition(name: str = "K1", amount: str = "400.00", **cells: object) -> dict[str, object]:
    """Return a row of a file of conditions met: of C1, on 1 March 2024."""
    plain = {"contribution_id": "C1", "met_on": "2024-03-01", "source": "report"}
    return {"condition": name, "amount": amount, **plain, **cells}


def note(note_id: str = "N1", amount: str = "400.00", **cells: object) -> dict[str, object]:
    """Return a row of a file of promissory notes: for C1, of 15 January 2024."""
    return {"note_id": note_id, "contribution_id": "C1", "received_on": "2024-01-15", "amount": amount, **cells}


def application(application_id: str = "A1", deposit_id: str = "D1", **cells: object) -> dict[str, object]:
    """Return a row of an applications file: from C1 to C1, on 1 April 2024."""
    plain = {"from_contribution_id": "C1", "contribution_id": "C1", "applied_on": "2024-04-01"}
    return {"application_id": application_id, "deposit_id": deposit_id, **plain, **cells}


def bounce(deposit_id: str = "D1", contribution_id: str = "C1", **cells: object) -> dict[str, object]:
    """Return a row of a bounces file: on 10 February 2024."""
    plain = {"bounced_on": "2024-02-10", "reason": "no cover"}
    return {"deposit_id": deposit_id, "contribution_id": contribution_id, **plain, **cells}


def write_off(write_off_id: str = "W1", amount: str = "400.00", **cells: object) -> dict[str, object]:
    """Return a row of a file of write-offs: of C1, on 1 May 2024."""
    plain = {"contribution_id": "C1", "written_off_on": "2024-05-01", "reason": "new budget"}
    return {"write_off_id": write_off_id, "amount": amount, **plain, **cells}


def returned(return_id: str = "B1", **cells: object) -> dict[str, object]:
    """Return a row of a returns file: of C1, on 1 May 2024, all that is left."""
    return {"return_id": return_id, "contribution_id": "C1", "decided_on": "2024-05-01", "reason": "over", **cells}


def donor_refund(donor_refund_id: str = "G1", amount: str = "100.00", **cells: object) -> dict[str, object]:
    """Return a row of a file of donor refunds: to the donor of C1, on 10 May 2024, in dollars."""
    plain = {"contribution_id": "C1", "paid_on": "2024-05-10", "currency": "USD"}
    return {"donor_refund_id": donor_refund_id, "amount": amount, **plain, **cells}


def exchange(exchange_id: str = "X1", **cells: object) -> dict[str, object]:
    """Return a row of an exchanges file: 100 euros become 120 dollars on 1 March 2024."""
    plain = {"exchanged_on": "2024-03-01", "currency": "EUR", "amount": "100.00"}
    return {"exchange_id": exchange_id, **plain, "to_currency": "USD", "to_amount": "120.00", **cells}


def reversal(entry: str, **cells: object) -> dict[str, object]:
    """Return a row of a reversals file: on 1 June 2024."""
    return {"entry": entry, "reversed_on": "2024-06-01", "reason": "in error", **cells}


def result(request_id: str = "R1", indicator: str = "people", **cells: object) -> dict[str, object]:
    """Return a row of a results file."""
    return {"request_id": request_id, "indicator": indicator, "reported_on": "2024-05-01", "source": "report", **cells}


def amend(book: Book, amount: str, *, on: str = "2024-03-01", contribution_id: str = "C1") -> int | None:
    """Amend the amount of a contribution."""
    return amend_contribution(
        book, contribution_id, amount=Decimal(amount), reason="agreed", on=date.fromisoformat(on), actor="ada"
    )


def revalue(book: Book, on: str) -> list[Revalued]:
    """Revalue at the end of a day."""
    return revalue_on(book, date.fromisoformat(on), actor="ada")


def close_book(book: Book, through: str) -> tuple[bool, list[Revalued]]:
    """Close the book through a day."""
    return close_through(book, date.fromisoformat(through), reason="year end", actor="ada")


def close_line(book: Book, contribution_id: str = "C1", on: str = "2024-12-01") -> bool:
    """Close a contribution."""
    return close(book, contribution_id, on=date.fromisoformat(on), reason="over", actor="ada")


def figures(book: Book, names: str, contribution_id: str = "C1") -> tuple[str, ...]:
    """Return columns of report.contributions of one contribution as plain text."""
    rows = book.connection.execute(
        f"select {names} from report.contributions where contribution_id = ?", [contribution_id]
    ).fetchall()
    return tuple(plain(value) for value in rows[0])


def plain(value: object) -> str:
    """Return a figure as plain text, without idle zeros."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def left(book: Book, account: str, contribution_id: str = "C1") -> dict[str, tuple[str, str]]:
    """Return what stands on an account of a contribution: (amount, base amount) by currency, where there is any."""
    rows = book.connection.execute(
        "select currency, sum(amount), sum(base_amount) from ledger.posting where account = ? and contribution_id = ? "
        "group by currency having sum(amount) <> 0 or sum(base_amount) <> 0 order by currency",
        [account, contribution_id],
    ).fetchall()
    return {currency: (plain(amount), plain(base)) for currency, amount, base in rows}


def unsound(book: Book) -> dict[str, tuple[str, ...]]:
    """Return what the checks of the book find."""
    return {checked.name: checked.findings for checked in check_book(book) if checked.findings}


def rounded(value: Fraction, places: int = 2) -> Fraction:
    """Return a value at a number of places, half away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)
