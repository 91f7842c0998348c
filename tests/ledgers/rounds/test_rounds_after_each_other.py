"""One policy serves rounds after each other: what one has funded, the next one's groups and prerequisites count."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from books import entry, request, state, take
from round_stories import ON, PLAIN, awards, funded, opened, posted, solved

from facility.usecases import rounds
from facility.usecases.build_problem import build_problem
from facility.usecases.check_book import check_book
from facility.usecases.explain import explanations
from ledgers.errors import FacilityError
from ledgers.rounds import header, named_requests
from ledgers.store import Book

pytestmark = pytest.mark.nightly  # every step solves a round in a process of its own

AGAIN = "cancel this round, open a new one and solve it"
EITHER = PLAIN + '[[exclusive]]\nname = "one output"\nrequests = ["R-017", "R-031"]\n'
NEEDS = PLAIN + '[[requires]]\nname = "first things first"\nrequest = "R-040"\nneeds = "r-012"\n'


@pytest.fixture
def stocked(book: Book) -> Book:
    """A book with money for all, and requests R-017, R-031, R-040 and R-012 beside the plain ones."""
    funded(book)
    for number in ("R-017", "R-031", "R-040", "R-012"):
        take(book, "requests", request(number, amount_requested="100.00"))
    return book


def _refused(book: Book, act: Callable[[], object]) -> tuple[str, str, str]:
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        act()
    assert state(book) == before
    return refused.value.code, refused.value.message, refused.value.remedy


def _before(book: Book, round_id: str) -> tuple[str, ...]:
    return build_problem(book, header(book, round_id)).funded_before


def _sentences(book: Book, round_id: str, request_id: str) -> list[tuple[str, str]]:
    return [(row[4], row[5]) for row in explanations(book, round_id, request_id)]


def test_the_next_round_under_the_same_policy_excludes_what_the_first_one_replaced(stocked: Book) -> None:
    assert awards(solved(stocked, "A", EITHER, requests="request=R-017")) == {"R-017": "100.00"}
    posted(stocked)
    done = solved(stocked, "B", EITHER, requests="request=R-031|R-012")
    assert awards(done) == {"R-012": "100.00"}
    assert _before(stocked, "B") == ("R-017",)
    assert _sentences(stocked, "B", "R-031") == [
        (
            "exclusive",
            'the rule "one output" funds at most one of R-017, R-031, and that is R-017, funded by an earlier round',
        )
    ]
    assert posted(stocked, "B").is_new
    assert [check for check in check_book(stocked) if check.findings] == []


def test_a_prerequisite_is_met_by_an_earlier_rounds_award_only(stocked: Book) -> None:
    assert awards(solved(stocked, "A", NEEDS, requests="request=R-040")) == {}
    assert _sentences(stocked, "A", "R-040") == [
        (
            "requires",
            'the rule "first things first" funds it only after or together with r-012, which is not in this round '
            "and not funded by an earlier one",
        )
    ]
    rounds.cancel(stocked, "A", on=ON, actor="ada")
    solved(stocked, "B", NEEDS, requests="request=R-012")
    posted(stocked, "B")
    assert awards(solved(stocked, "C", NEEDS, requests="request=R-040")) == {"R-040": "100.00"}
    assert _before(stocked, "C") == ("R-012",)
    assert posted(stocked, "C").is_new


def test_a_request_held_by_neither_round_does_not_fill_a_group(stocked: Book) -> None:
    assert awards(solved(stocked, "A", EITHER, requests="request=R-031")) == {"R-031": "100.00"}
    assert _before(stocked, "A") == ()


def test_a_cancelled_allocation_counts_no_more(stocked: Book) -> None:
    solved(stocked, "A", EITHER, requests="request=R-017")
    posted(stocked)
    take(stocked, "entries", entry("E1", "cancellation", "40.00", request_id="R-017", entry_date="2024-06-01"))
    opened(stocked, "B", EITHER, requests="request=R-031")
    take(stocked, "entries", entry("E2", "cancellation", "60.00", request_id="R-017", entry_date="2024-06-01"))
    opened(stocked, "C", EITHER, requests="request=R-031")
    assert (_before(stocked, "B"), _before(stocked, "C")) == (("R-017",), ())


def test_the_frozen_problem_is_the_same_whatever_is_posted_later(stocked: Book) -> None:
    opened(stocked, "B", EITHER, requests="request=R-031", contributions="contribution=C1")
    digest = build_problem(stocked, header(stocked, "B")).inputs_digest()
    solved(stocked, "A", EITHER, requests="request=R-017", contributions="contribution=C2")
    posted(stocked)
    assert build_problem(stocked, header(stocked, "B")).inputs_digest() == digest
    assert _before(stocked, "B") == ()
    assert {name: str(amount) for name, amount in named_requests(stocked, ["r-017", "R-031", "no"]).items()} == {
        "R-017": "100.0000",
        "R-031": "None",
    }


def test_an_award_whose_partner_was_funded_since_is_refused_by_name(stocked: Book) -> None:
    solved(stocked, "A", EITHER, requests="request=R-031", contributions="contribution=C1")
    solved(stocked, "B", EITHER, requests="request=R-017", contributions="contribution=C2")
    posted(stocked, "B")
    assert _refused(stocked, lambda: posted(stocked)) == (
        "exclusive-funded",
        'the rule "one output" funds R-031 or R-017, not both: R-017 has 100.00 allocated already, by another round',
        AGAIN,
    )
    take(stocked, "entries", entry("E1", "cancellation", "100.00", request_id="R-017", entry_date="2024-06-01"))
    assert posted(stocked).is_new


def test_an_award_whose_prerequisite_was_released_since_is_refused_by_name(stocked: Book) -> None:
    solved(stocked, "A", NEEDS, requests="request=R-012")
    posted(stocked)
    solved(stocked, "B", NEEDS, requests="request=R-040")
    take(stocked, "entries", entry("E1", "cancellation", "100.00", request_id="R-012", entry_date="2024-06-01"))
    assert _refused(stocked, lambda: posted(stocked, "B")) == (
        "needed-released",
        'the rule "first things first" funds R-040 only if r-012 is funded, and r-012 has nothing allocated any more',
        AGAIN,
    )


def test_a_pair_that_one_decision_funds_is_no_matter_to_posting(stocked: Book) -> None:
    assert awards(solved(stocked, "A", NEEDS, requests="request=R-012|R-040")) == {"R-012": "100.00", "R-040": "100.00"}
    assert posted(stocked).is_new
    assert not posted(stocked).is_new


def test_a_name_that_the_book_does_not_know_opens_nothing(stocked: Book) -> None:
    text = EITHER.replace('"R-031"', '"R-0311"')
    assert _refused(stocked, lambda: opened(stocked, "A", text)) == (
        "problem-invalid",
        "the policy names a request that the book does not know: R-0311 (did you mean R-031?)",
        "correct the id in the policy, or import the request",
    )
