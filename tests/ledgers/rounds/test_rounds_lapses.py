"""Money that was allocated before it came, and will not come: it stands out, and is let go."""

from __future__ import annotations

import pytest
from books import balance, contribution, deposit, entry, lines, refusal, request, take
from life_rows import amend, reversal, unsound
from round_stories import PLAIN, posted, solved

from ledgers.store import Book

WAITING = "budget:allocated-uncollected"


def lapse(reference: str = "L1", amount: str = "200.00", **cells: object) -> dict[str, object]:
    """Return a row of an entries file: a lapse of what was allocated to R1, on 1 June 2024."""
    plain = {"request_id": "R1", "entry_date": "2024-06-01"}
    return entry(reference, "lapse", amount, **{**plain, **cells})


@pytest.fixture
def promised(book: Book) -> Book:
    """Return a book: C1 signed 1,000 and paid 300, and a round has allocated 400 to R1 and 300 to R2 from it."""
    take(book, "contributions", contribution("C1"))
    take(book, "deposits", deposit("D1", "C1", amount="300.00"))
    take(book, "requests", request("R1"), request("R2", merit="40", amount_requested="300.00"))
    solved(book, text=PLAIN.replace('"cash"', '"agreements"'))
    posted(book)
    return book


def test_a_donor_s_reduction_leaves_allocations_at_risk_until_they_lapse(promised: Book) -> None:
    assert (balance(promised, "budget:allocated"), balance(promised, WAITING)) == (300, 400)
    amend(promised, "600.00")
    assert unsound(promised) == {}
    take(promised, "entries", lapse("L1", "100.00"), lapse("L2", "300.00", request_id="R2"))
    assert lines(promised, "entries|L1") == [
        ("budget:resource", "USD", "100", "100", "C1"),
        (WAITING, "USD", "-100", "-100", "C1"),
    ]
    assert (balance(promised, "budget:allocated"), balance(promised, WAITING)) == (300, 0)
    assert unsound(promised) == {}


def test_no_more_lapses_than_has_not_come(promised: Book) -> None:
    found = refusal(promised, "entries", lapse(amount="100.01"))
    assert [(f.code, f.column, f.reason) for f in found] == [
        (
            "allocated-exceeded",
            "request_id",
            "of what was allocated to R1 from C1 100.00 had not come, and 100.01 would lapse",
        )
    ]
    early = refusal(promised, "entries", lapse(amount="100.00", entry_date="2024-01-15"))
    assert [(f.code, f.column) for f in early] == [("allocated-exceeded", "request_id")]
    assert "had not come on 2024-01-15" in early[0].reason


def test_what_has_come_does_not_lapse(promised: Book) -> None:
    take(promised, "deposits", deposit("D2", "C1", amount="700.00"))
    assert [f.code for f in refusal(promised, "entries", lapse())] == ["allocated-exceeded"]
    take(promised, "requests", request("R3"))
    found = refusal(promised, "entries", lapse(request_id="R3"))
    assert [(f.code, f.value, f.reason) for f in found] == [
        ("nothing-allocated", "R3", "nothing that is allocated to R3 has yet to come")
    ]


def test_a_lapse_names_a_request(promised: Book) -> None:
    found = refusal(promised, "entries", lapse(request_id=""), lapse("L2", purpose="audit"))
    assert [(f.line, f.code, f.reason) for f in found] == [
        (2, "movement-unclear", "what lapses was allocated to a request"),
        (3, "movement-unclear", "what lapses was allocated to a request"),
    ]


def test_a_lapse_is_taken_back(promised: Book) -> None:
    take(promised, "entries", lapse(amount="100.00"))
    take(promised, "reversals", reversal("entries|L1", reversed_on="2024-06-01"))
    assert balance(promised, WAITING) == 400
    assert unsound(promised) == {}


def test_what_has_lapsed_covers_nothing_again(promised: Book) -> None:
    amend(promised, "600.00")
    take(promised, "entries", lapse("L1", "100.00"), lapse("L2", "300.00", request_id="R2"))
    forged = [("budget:resource", -301), (WAITING, 301)]
    promised.insert(
        "ledger.posting",
        [
            (1, line, account, "USD", amount, amount, None, "C1", "R1", None, None)
            for line, (account, amount) in enumerate(forged, start=101)
        ],
    )
    assert unsound(promised)["uncollected-covered"] == (
        "C1 has 301.0000 allocated and not yet received, and 300.0000 is still to come",
    )
