"""A decision reaches the journal once, approved by others, and only if nothing it stands on has moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from books import balance, contribution, corrupt, deposit, entry, lines, request, state, take
from round_stories import ON, PLAIN, TWO, awards, funded, opened, policy, posted, solved

from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.store import Book

AGAIN = "cancel this round, open a new one and solve it"


def _refused(book: Book, act: Callable[[], object]) -> tuple[str, str, str]:
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        act()
    assert state(book) == before
    return refused.value.code, refused.value.message, refused.value.remedy


def _approve(book: Book, by: str) -> bool:
    return rounds.approve_decision(book, "A", by=by, actor=by).is_new


def test_a_round_from_opening_to_posting(book: Book) -> None:
    funded(book)
    done = solved(book)
    assert done.is_new
    assert awards(done) == {"R1": "400.00", "R2": "400.00", "R3": "600.00"}
    assert posted(book).is_new
    for request_id, amount in awards(done).items():
        lined = lines(book, f"allocation|A|{request_id}")
        assert sum(Decimal(str(line[2])) for line in lined if line[0] == "budget:allocated") == Decimal(amount)
    spent = sum(map(Decimal, awards(done).values()))
    assert balance(book, "budget:allocated") == spent
    assert balance(book, "budget:available") == 1500 - spent
    assert [c for c in check_book(book) if c.findings] == []


def test_solving_twice_is_already_there_and_keeps_the_first_proposer(book: Book) -> None:
    funded(book)
    first = solved(book)
    before = state(book)
    again = rounds.solve(book, "A", actor="bo")
    assert not again.is_new
    assert again.decided is not None
    assert first.decided is not None
    assert (again.decided.decision, again.decided.proposer) == (first.decided.decision, "ada")
    assert state(book) == before


def test_posting_twice_is_already_there(book: Book) -> None:
    funded(book)
    solved(book)
    posted(book)
    before = state(book)
    assert not posted(book).is_new
    assert state(book) == before


def test_a_dry_run_posts_nothing(book: Book) -> None:
    funded(book)
    solved(book)
    before = state(book)
    assert rounds.post(book, "A", on=ON, actor="ada", dry_run=True).is_new
    assert state(book) == before
    assert posted(book).is_new


def test_posting_needs_the_approvals_that_the_policy_asks(book: Book) -> None:
    funded(book)
    solved(book, text=TWO)
    remedy = "let them run `facility round approve A --by NAME`"
    assert _refused(book, lambda: posted(book)) == (
        "approval-missing",
        "round A needs 2 approvals by people other than ada, and has 0",
        remedy,
    )
    assert _approve(book, "Bo Berg")
    assert _refused(book, lambda: posted(book)) == (
        "approval-missing",
        "round A needs 2 approvals by people other than ada, and has 1 (Bo Berg)",
        remedy,
    )
    for same in ("Bo Berg", "bo berg", " BO   BERG "):
        assert not _approve(book, same)
    assert _refused(book, lambda: posted(book))[0] == "approval-missing"
    assert _approve(book, "Cy")
    assert posted(book).is_new


@pytest.mark.parametrize("name", ["Ada Lund", "ada lund", " ADA  LUND"])
def test_the_proposer_cannot_approve_under_any_spelling(book: Book, name: str) -> None:
    funded(book)
    opened(book)
    rounds.solve(book, "A", actor="Ada  Lund ")
    code, message, remedy = _refused(book, lambda: _approve(book, name))
    assert (code, message) == ("approval-refused", f"{' '.join(name.split())} proposed this decision")
    assert remedy == "let somebody other than the proposer approve: --by NAME"


def test_an_approval_needs_a_name_and_a_decision(book: Book) -> None:
    funded(book)
    opened(book)
    assert _refused(book, lambda: _approve(book, "bo")) == (
        "decision-unknown",
        "round A has no decision yet",
        "run `facility round solve A`",
    )
    rounds.solve(book, "A", actor="ada")
    assert _refused(book, lambda: _approve(book, "  "))[1] == "an approval needs a name"


def test_what_does_not_exist_is_named(book: Book) -> None:
    funded(book)
    done = solved(book)
    assert done.decided is not None
    code, message, _ = _refused(book, lambda: rounds.post(book, "A", on=ON, actor="ada", digest="sha256:00"))
    assert (code, message) == ("decision-unknown", "round A has no decision sha256:00")
    assert rounds.post(book, "A", on=ON, actor="ada", digest=done.decided.decision[7:15]).is_new
    for act in (
        lambda: posted(book, "AA"),
        lambda: rounds.solve(book, "AA", actor="ada"),
        lambda: rounds.cancel(book, "AA", on=ON, actor="ada"),
    ):
        assert _refused(book, act) == ("round-unknown", "the book has no round AA", "did you mean A?")


def test_an_ended_round_takes_nothing_more(book: Book) -> None:
    funded(book)
    done = solved(book)
    assert done.decided is not None
    rounds.cancel(book, "A", on=ON, actor="ada")
    for act in (lambda: posted(book), lambda: rounds.solve(book, "A", actor="ada"), lambda: _approve(book, "bo")):
        assert _refused(book, act)[:2] == ("round-ended", "round A is cancelled")
    solved(book, "B")
    posted(book, "B")
    code, message, remedy = _refused(book, lambda: rounds.cancel(book, "B", on=ON, actor="ada"))
    assert (code, message.split(" with ")[0]) == ("round-ended", "round B was posted")
    assert remedy == "a posted round stays; release an allocation with a `cancellation` in `facility import entries`"


def test_an_infeasible_decision_is_neither_approved_nor_posted(book: Book) -> None:
    funded(book)
    done = solved(
        book, text=PLAIN + '[[limit]]\nname = "Too much"\nselect = "window=integration"\nat_least = "9999.00"\n'
    )
    assert done.decided is not None
    assert done.decided.status == "infeasible"
    digest = done.decided.decision
    assert _refused(book, lambda: _approve(book, "bo")) == (
        "decision-infeasible",
        f"decision {digest} of round A is infeasible",
        "change the policy, open a new round with it and solve that",
    )
    assert _refused(book, lambda: posted(book)) == (
        "decision-infeasible",
        f"decision {digest} awards nothing",
        "the round's policy is frozen: cancel the round, change the policy and open a new round with it",
    )
    assert [c for c in check_book(book) if c.findings] == []


def test_a_drained_contribution_is_named(book: Book) -> None:
    funded(book)
    solved(book, requests="request=R3")
    take(book, "entries", entry("E1", "administration", "400.01", purpose="p", contribution_id="C1"))
    assert _refused(book, lambda: posted(book)) == (
        "contribution-drained",
        "contribution C1 has 599.99 left for round A, which draws 600.00 on it",
        AGAIN,
    )


def test_money_drained_to_the_last_unit_needed_is_no_matter(book: Book) -> None:
    funded(book)
    solved(book, requests="request=R3")
    take(book, "entries", entry("E1", "administration", "400.00", purpose="p", contribution_id="C1"))
    assert posted(book).is_new


def test_a_later_round_cannot_take_what_an_earlier_one_holds(book: Book) -> None:
    funded(book)
    opened(book, "A", contributions="contribution=C2")
    solved(book, "B", requests="request=R3")
    take(book, "entries", entry("E1", "administration", "900.00", purpose="p", contribution_id="C1"))
    assert (
        _refused(book, lambda: posted(book, "B"))[1]
        == "contribution C1 has 100.00 left for round B, which draws 600.00 on it"
    )


def test_the_earlier_round_comes_before_the_later_one(book: Book) -> None:
    """A holds 1,000 of C1; more comes in, which B holds; then C1 loses so much that only A can be paid."""
    take(book, "contributions", contribution("C1", amount="2000.00"))
    take(book, "deposits", deposit("D1", "C1"))
    take(book, "requests", request("R1", amount_requested="1000.00"), request("R2", amount_requested="1000.00"))
    solved(book, "A", requests="request=R1")
    take(book, "deposits", deposit("D2", "C1"))
    solved(book, "B", requests="request=R2")
    take(book, "entries", entry("E1", "administration", "1000.00", purpose="p", contribution_id="C1"))
    assert (
        _refused(book, lambda: posted(book, "B"))[1]
        == "contribution C1 has 0.00 left for round B, which draws 1,000.00 on it"
    )
    assert posted(book, "A").is_new


@pytest.mark.parametrize(
    ("change", "then", "now"),
    [
        ({"use_by": date(2025, 1, 1)}, "unearmarked", "unearmarked, use by 2025-01-01"),
        ({"earmark": "country=uga"}, "unearmarked", "country=UGA"),
        (
            {"spend_from": date(2024, 1, 1), "spend_to": date(2025, 1, 1)},
            *("unearmarked", "unearmarked, spent from 2024-01-01, spent until 2025-01-01"),
        ),
    ],
)
def test_moved_terms_are_named(book: Book, change: dict[str, object], then: str, now: str) -> None:
    funded(book)
    solved(book, requests="request=R3")
    amend_contribution(book, "C1", **change, reason="the donor asked", on=ON, actor="ada")  # type: ignore[arg-type]
    assert _refused(book, lambda: posted(book)) == (
        "contribution-changed",
        f"the terms of contribution C1 moved after round A was opened: {then} then, {now} now",
        AGAIN,
    )


def test_moved_terms_of_money_that_the_decision_does_not_use_are_no_matter(book: Book) -> None:
    funded(book)
    solved(book, requests="request=R3")
    amend_contribution(book, "C2", use_by=date(2025, 1, 1), reason="the donor asked", on=ON, actor="ada")
    assert posted(book).is_new


def test_a_country_share_used_up_by_another_round_is_named(book: Book) -> None:
    take(book, "contributions", contribution("C1", country_share_max="50%"))
    take(book, "deposits", deposit("D1", amount="500.00"))
    take(book, "requests", request("R1"), request("R2", amount_requested="100.01"))
    solved(book, "A", requests="request=R1")
    take(book, "deposits", deposit("D2", amount="500.00"))
    solved(book, "B", requests="request=R2")
    posted(book, "B")
    assert _refused(book, lambda: posted(book)) == (
        "country-share-exceeded",
        "contribution C1 may give KEN at most 500.00 over all rounds, and would pass it",
        AGAIN,
    )


def test_a_country_share_filled_to_the_last_unit_is_kept(book: Book) -> None:
    take(book, "contributions", contribution("C1", country_share_max="50%"))
    take(book, "deposits", deposit("D1", amount="500.00"))
    take(book, "requests", request("R1"), request("R2", amount_requested="100.00"))
    solved(book, "A", requests="request=R1")
    take(book, "deposits", deposit("D2", amount="500.00"))
    solved(book, "B", requests="request=R2")
    posted(book, "B")
    assert posted(book).is_new


def test_a_request_funded_by_another_round_is_named(book: Book) -> None:
    funded(book)
    solved(book, "A", requests="request=R1", contributions="contribution=C1")
    solved(book, "B", requests="request=R1", contributions="contribution=C2")
    posted(book, "B")
    assert _refused(book, lambda: posted(book)) == (
        "request-funded",
        "request R1 has 400.00 allocated already, by another round",
        AGAIN,
    )
    assert [c for c in check_book(book) if c.findings] == []


def test_a_funded_request_stands_again_only_when_its_allocation_was_cancelled_whole(book: Book) -> None:
    funded(book)
    solved(book, "A", requests="request=R1")
    posted(book)
    assert _refused(book, lambda: opened(book, "B", requests="request=R1"))[0] == "round-empty"
    take(book, "entries", entry("E1", "cancellation", "400.00", request_id="R1", entry_date="2024-06-01"))
    assert opened(book, "B", requests="request=R1").is_new


def test_a_decision_that_leaves_another_posted_is_refused(book: Book) -> None:
    funded(book)
    first = solved(book)
    assert first.decided is not None
    other = {**first.decided.body, "awards": [], "unfunded": [], "limits": [], "decision": "sha256:other"}
    with book.lane(actor="ada", command="test") as lane:
        from ledgers.rounds import store_decision

        assert store_decision(book, lane, "A", other, proposer="ada")
    rounds.post(book, "A", on=ON, actor="ada", digest=first.decided.decision)
    code, message, _ = _refused(book, lambda: rounds.post(book, "A", on=ON, actor="ada", digest="other"))
    assert code == "decision-altered"
    assert message == "decision sha256:other of round A is not what its digest says"


ALTERED = {
    "an award": ("award", "update ledger.award set amount = amount + 1", "decision-altered"),
    "a payment": ("payment", "update ledger.payment set amount = amount + 1", "decision-altered"),
    "who is paid": ("payment", "update ledger.payment set request_id = 'R2'", "decision-altered"),
    "who pays": ("payment", "update ledger.payment set contribution_id = 'C2'", "decision-altered"),
    "a payment twice": ("payment", "insert into ledger.payment select * from ledger.payment", "decision-altered"),
    "no payments": ("payment", "delete from ledger.payment", "decision-altered"),
    "the text": ("decision", "update ledger.decision set body = replace(body, '600.00', '600.01')", "decision-altered"),
    "the status": ("decision", "update ledger.decision set status = 'feasible'", "decision-altered"),
    "a frozen ask": ("round_request", "update ledger.round_request set base_requested = 601", "decision-unsound"),
    "a frozen earmark": (
        "round_contribution",
        "update ledger.round_contribution set earmark = 'country=KEN'",
        "decision-unsound",
    ),
    "a frozen amount": (
        "round_contribution",
        "update ledger.round_contribution set available = 599",
        "decision-unsound",
    ),
}


@pytest.mark.parametrize("what", list(ALTERED))
def test_a_decision_tampered_with_in_the_file_is_not_posted(book: Book, what: str) -> None:
    funded(book)
    solved(book, requests="request=R3")
    table, statement, code = ALTERED[what]
    corrupt(book, table, statement)
    assert _refused(book, lambda: posted(book))[0] == code


def test_two_rounds_after_each_other_spend_each_cent_once(book: Book) -> None:
    funded(book)
    first = solved(book, "A", text=PLAIN + '[[limit]]\nname = "One award"\ncount_at_most = 1\n')
    posted(book)
    second = solved(book, "B")
    posted(book, "B")
    assert not set(awards(first)) & set(awards(second))
    spent = sum(map(Decimal, [*awards(first).values(), *awards(second).values()]))
    assert balance(book, "budget:allocated") == spent <= 1500
    assert [c for c in check_book(book) if c.findings] == []


def test_a_policy_file_that_cannot_be_read(book: Book) -> None:
    funded(book)
    missing = book.path.with_name("none.toml")
    assert _refused(book, lambda: rounds.open_from_policy(book, "A", missing, on=ON, actor="ada")) == (
        "policy-unreadable",
        f"{missing} cannot be read: No such file or directory",
        "name a policy file (TOML) with --policy",
    )
    odd = policy(book, name="odd.toml")
    odd.write_bytes(b'currency = "\xff"')
    assert _refused(book, lambda: rounds.open_from_policy(book, "A", odd, on=ON, actor="ada")) == (
        "policy-unreadable",
        f"{odd} is not UTF-8 text (byte 12)",
        "save the policy as UTF-8 text",
    )
