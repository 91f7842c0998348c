"""Small rounds for the tests: a policy as text, a book with money and requests, and the steps up to posting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from books import contribution, deposit, request, take

from facility.usecases import rounds
from facility.usecases.rounds import Outcome
from ledgers.store import Book

ON = date(2024, 6, 1)
PLAIN = 'currency = "USD"\nresources = "cash"\nunit = "0.01"\nobjectives = ["merit"]\n'
TWO = PLAIN + "[approval]\nsignatures = 2\n"


def policy(book: Book, text: str = PLAIN, name: str = "policy.toml") -> Path:
    """Write a policy beside the book."""
    path = book.path.with_name(name)
    path.write_text(text, encoding="utf-8")
    return path


def funded(book: Book) -> Book:
    """Fill a book: C1 has 1,000 for anything, C2 500 for Kenya; R1 and R2 ask 400 each in Kenya, R3 600 in Uganda."""
    take(
        book,
        "contributions",
        contribution("C1"),
        contribution("C2", donor="KfW", donor_kind="development_bank", amount="500.00", earmark="country=KEN"),
    )
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2", amount="500.00"))
    take(
        book,
        "requests",
        request("R1"),
        request("R2", merit="40"),
        request("R3", country="UGA", amount_requested="600.00", merit="60"),
    )
    return book


def opened(book: Book, round_id: str = "A", text: str = PLAIN, **more: str) -> Outcome:
    """Open a round."""
    return rounds.open_from_policy(book, round_id, policy(book, text), on=ON, actor="ada", **more)


def solved(book: Book, round_id: str = "A", text: str = PLAIN, **more: str) -> Outcome:
    """Open and solve a round."""
    opened(book, round_id, text, **more)
    return rounds.solve(book, round_id, actor="ada")


def posted(book: Book, round_id: str = "A") -> Outcome:
    """Post the latest decision of a round."""
    return rounds.post(book, round_id, on=ON, actor="ada")


def held(book: Book, round_id: str) -> dict[str, str]:
    """Return what a round froze of each contribution."""
    rows = book.connection.execute(
        "select contribution_id, available from ledger.round_contribution where round_id = ? order by 1", [round_id]
    ).fetchall()
    return {name: f"{amount.normalize():f}" for name, amount in rows}


def awards(done: Outcome) -> dict[str, str]:
    """Return the awards of a decision by request."""
    assert done.decided is not None
    return {award["request"]: award["amount"] for award in done.decided.body["awards"]}
