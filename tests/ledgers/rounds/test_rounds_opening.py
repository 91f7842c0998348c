"""Opening a round freezes and holds; a later round sees the remainder; cancelling frees."""

from __future__ import annotations

import pytest
from books import ON as IMPORTED_ON
from books import contribution, deposit, request, score, state, take
from round_stories import ON, PLAIN, funded, held, opened, policy, posted, solved

from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution
from ledgers.errors import FacilityError
from ledgers.rounds import frozen_round, header
from ledgers.store import Book


def _refused(book: Book, round_id: str = "A", text: str = PLAIN, **more: str) -> tuple[str, str, str]:
    before = state(book)
    with pytest.raises(FacilityError) as refused:
        opened(book, round_id, text, **more)
    assert state(book) == before
    return refused.value.code, refused.value.message, refused.value.remedy


def test_opening_freezes_terms_requests_and_policy(book: Book) -> None:
    funded(book)
    assert opened(book).is_new
    amend_contribution(book, "C2", earmark="country=UGA", reason="consent", on=IMPORTED_ON, actor="ada")
    take(book, "requests", request("R9"))
    take(book, "contributions", contribution("C9"))
    take(book, "deposits", deposit("D9", "C9"))
    frozen = frozen_round(book, "A")
    assert [(c["contribution_id"], str(c["available"]), c["earmark"]) for c in frozen.contributions] == [
        ("C1", "1000.0000", ""),
        ("C2", "500.0000", "country=KEN"),
    ]
    assert [(r["request_id"], str(r["base_requested"]), r["merit"]) for r in frozen.requests] == [
        ("R1", "400.0000", "50"),
        ("R2", "400.0000", "40"),
        ("R3", "600.0000", "60"),
    ]
    known = header(book, "A")
    assert (known.policy, known.state, known.opened_on, known.opened_by) == (PLAIN, "open", ON, "ada")


def test_opening_twice_is_already_there_even_with_another_layout_of_the_same_policy(book: Book) -> None:
    funded(book)
    opened(book)
    before = state(book)
    assert not opened(book).is_new
    assert not opened(book, text="# the same rules\n" + PLAIN.replace(" = ", "=")).is_new
    assert state(book) == before


def test_a_later_round_sees_the_remainder_and_cancelling_frees_it(book: Book) -> None:
    funded(book)
    opened(book, "A", contributions="contribution=C1")
    assert held(book, "A") == {"C1": "1000"}
    take(book, "contributions", contribution("C3"))
    take(book, "deposits", deposit("D3", "C3", amount="70.00"))
    opened(book, "B")
    assert held(book, "B") == {"C2": "500", "C3": "70"}
    assert rounds.cancel(book, "A", on=ON, actor="ada").is_new
    assert not rounds.cancel(book, "A", on=ON, actor="ada").is_new
    opened(book, "C", requests="country=UGA")
    assert held(book, "C") == {"C1": "1000"}


def test_posting_narrows_the_hold_to_the_awards(book: Book) -> None:
    funded(book)
    done = solved(book, requests="request=R1")
    assert done.decided is not None
    posted(book)
    opened(book, "B")
    # R1's 400 came from the money for Kenya, which could pay nothing else that is tighter.
    assert held(book, "B") == {"C1": "1000", "C2": "100"}


def test_a_cancelled_rounds_id_is_spent(book: Book) -> None:
    funded(book)
    opened(book)
    rounds.cancel(book, "A", on=ON, actor="ada")
    assert _refused(book) == ("round-ended", "round A was cancelled", "choose another id for a new round")


@pytest.mark.parametrize(
    ("text", "more", "what"),
    [
        (PLAIN + 'reserve = "1%"\n', {}, "policy"),
        (PLAIN, {"requests": "country=KEN"}, "requests filter"),
        (PLAIN, {"contributions": "donor_kind=state"}, "contributions filter"),
        (PLAIN + 'reserve = "1%"\n', {"requests": "country=KEN"}, "policy, requests filter"),
    ],
)
def test_a_round_of_the_same_id_with_other_rules_is_a_conflict(
    book: Book, text: str, more: dict[str, str], what: str
) -> None:
    funded(book)
    opened(book)
    assert _refused(book, text=text, **more) == (
        "round-conflict",
        f"round A was opened with another {what}",
        "choose another id, or cancel that round and open a new one",
    )


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("state", "'state' is not attribute=value", "write donor_kind=state; class=unearmarked"),
        ("class=", "'class=' is not attribute=value", "write donor_kind=state; class=unearmarked"),
        ("donor_kid=state", "contributions have no attribute donor_kid", "did you mean donor_kind?"),
        (
            "country=KEN",
            "contributions have no attribute country",
            "use one of: class, contribution, donor, donor_kind",
        ),
    ],
)
def test_a_filter_of_contributions_that_says_nothing(book: Book, text: str, message: str, remedy: str) -> None:
    funded(book)
    assert _refused(book, contributions=text) == ("filter-invalid", message, remedy)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", {"C1", "C2"}),
        ("contribution=c1", {"C1"}),
        ("donor=NORWAY", {"C1"}),
        ("donor_kind=state|development_bank", {"C1", "C2"}),
        ("class=unearmarked", {"C1"}),
        ("class=earmarked; donor_kind=development_bank", {"C2"}),
        (" Donor = kfw ; ", {"C2"}),
    ],
)
def test_a_filter_of_contributions_selects_them(book: Book, text: str, names: set[str]) -> None:
    funded(book)
    opened(book, contributions=text)
    assert set(held(book, "A")) == names


def test_a_round_without_money_or_requests(book: Book) -> None:
    take(book, "requests", request())
    none = (
        "round-empty",
        "no contribution has money available beyond what open rounds hold (all)",
        "import deposits, cancel a round that holds the money, or widen --contributions",
    )
    assert _refused(book) == none
    take(book, "contributions", contribution(stage="pledge"))
    take(book, "deposits", deposit())
    assert _refused(book) == none
    assert _refused(book, requests="country=UGA") == (
        "round-empty",
        "no unfunded request is admitted by country=UGA",
        "import requests with `facility import requests`, or widen --requests",
    )


def test_a_dry_run_opens_nothing(book: Book) -> None:
    funded(book)
    before = state(book)
    assert rounds.open_from_policy(book, "A", policy(book), on=ON, actor="ada", dry_run=True).is_new
    assert state(book) == before


def test_a_policy_in_another_currency_or_a_request_it_does_not_hold(book: Book) -> None:
    funded(book)
    code, message, remedy = _refused(book, text=PLAIN.replace("USD", "EUR"))
    assert (code, message) == ("policy-currency", f"{policy(book)} counts in EUR, the book in USD")
    assert remedy == 'write currency = "USD" and state its amounts in it'
    before = state(book)
    with pytest.raises(FacilityError, match="R9"):
        opened(book, text=PLAIN + '[[exclusive]]\nrequests = ["R1", "R9"]\n')
    assert state(book) == before


@pytest.mark.parametrize("round_id", ["", " ", "A;B", "A|B", "A=B", " A", "A\n"])
def test_an_id_that_no_round_can_have(book: Book, round_id: str) -> None:
    funded(book)
    assert _refused(book, round_id) == (
        "id-invalid",
        f"{round_id!r} cannot be a round's id",
        "use letters, digits, - and _: R1",
    )


WEIGHTED = PLAIN + "[scores.weights]\nneed = 50\nfeasibility = 30\ninnovation = 20\n"


def test_merit_from_scores_is_exact(book: Book) -> None:
    funded(book)
    take(
        book,
        "scores",
        *(
            score("R1", who, what, given)
            for who, what, given in (
                ("ann", "need", "70"),
                ("bo", "need", "71"),
                ("cy", "need", "71.01"),
                ("ann", "feasibility", "10"),
                ("ann", "innovation", "0.0001"),
                ("ann", "style", "99"),
            )
        ),
    )
    opened(book, text=WEIGHTED, requests="request=R1")
    assert [r["merit"] for r in frozen_round(book, "A").requests] == [_exact()]


def _exact() -> str:
    from fractions import Fraction

    return str((Fraction("212.01") / 3 * 50 + 10 * 30 + Fraction("0.0001") * 20) / 100)


def test_a_missing_criterion_is_named(book: Book) -> None:
    funded(book)
    take(book, "scores", score("R1", "ann", "need", "70"), score("R1", "ann", "feasibility", "70"))
    code, message, remedy = _refused(book, text=WEIGHTED, requests="request=R1|R2")
    assert (code, remedy) == ("merit-missing", "import the scores, or leave such requests out with --requests")
    assert message == (
        "2 requests have no score on a criterion that the policy weighs: "
        "R1 (innovation), R2 (feasibility), R2 (innovation), R2 (need)"
    )


def test_a_request_without_merit_is_named(book: Book) -> None:
    funded(book)
    take(book, "requests", request("R4", merit=""))
    assert _refused(book) == (
        "merit-missing",
        "1 request has no merit: R4",
        "score it, or import it under another id with its merit, or leave such requests out with --requests",
    )


def test_country_shares_are_frozen_with_what_earlier_rounds_used_rounded_up(book: Book) -> None:
    take(book, "contributions", contribution("C1", country_share_max="33.3333%"))
    take(book, "deposits", deposit())
    take(
        book,
        "requests",
        request("R1", country="KEN:33.33|UGA:66.67", amount_requested="100.01"),
        request("R2", amount_requested="1.00"),
    )
    solved(book, requests="request=R1")
    posted(book)
    opened(book, "B")
    frozen = frozen_round(book, "B")
    assert [str(c["country_cap"]) for c in frozen.contributions] == ["333.3300"]
    # 100.01 * 33.33 % = 33.333..., 100.01 * 66.67 % = 66.676...
    assert [(u["country"], str(u["used"])) for u in frozen.country_used] == [("KEN", "33.3400"), ("UGA", "66.6800")]
