"""A round freezes years, spending days, co-finance, recusals and currencies; what comes later does not move it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from books import ON as IMPORTED_ON
from books import contribution, deposit, rate, request, score, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from round_stories import ON, PLAIN, funded, opened, posted, solved

from allocation.problem import Problem
from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.build_problem import build_problem
from facility.usecases.check_book import check_book
from ledgers.errors import FacilityError
from ledgers.rounds import alterations, decision_of, frozen_round, header, store_decision
from ledgers.store import Book

pytestmark = pytest.mark.nightly  # every step solves a round in a process of its own

LEVERAGE = PLAIN.replace('["merit"]', '["merit", {is = "leverage", may_cost = "1%"}]')
WEIGHTED = PLAIN + "[scores.weights]\nneed = 50\nfeasibility = 50\n"


def problem(book: Book, round_id: str = "A") -> Problem:
    """Return the problem of a round."""
    return build_problem(book, header(book, round_id))


def years(request_id: str, amounts: dict[int, str]) -> list[dict[str, object]]:
    """Return rows of a request_years file."""
    return [{"request_id": request_id, "year": year, "amount": amount} for year, amount in amounts.items()]


def test_years_enter_the_round_in_its_currency_and_sum_to_the_frozen_ask(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-05-30", units="0.9"))
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request("R1", currency="EUR", amount_requested="100.00", starts_on="2024-07-01"))
    take(book, "requests", request("R2", starts_on="2024-07-01"))
    take(book, "request_years", *years("R1", {2024: "33.33", 2025: "33.33", 2026: "33.34"}))
    opened(book)
    first, second = problem(book).requests
    # 100.00 EUR at 0.9 are 111.11; the parts 37.0329.., 37.0329.., 37.0440..: the cent over goes to the third.
    assert (first.ask, first.years) == (11111, ((2024, 3703), (2025, 3703), (2026, 3705)))
    assert (first.starts_on, second.starts_on, second.years) == (date(2024, 7, 1), None, ())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=9), units=st.integers(1, 10**6))
def test_years_always_sum_to_the_frozen_ask(fresh_book: object, parts: list[int], units: int) -> None:
    book = fresh_book()  # type: ignore[operator]
    ask = sum(parts)
    amounts = {2024 + place: f"{part // 100}.{part % 100:02d}" for place, part in enumerate(parts)}
    take(book, "rates", rate(rate_date="2024-05-30", units=f"{units / 1000:.3f}"))
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    take(book, "requests", request("R0"))
    asked = f"{ask // 100}.{ask % 100:02d}"
    try:
        take(book, "requests", request("R1", currency="EUR", amount_requested=asked))
    except FacilityError:
        return  # worth less than a cent, or more than the book holds
    take(book, "request_years", *years("R1", amounts))
    opened(book)
    frozen = next(r for r in problem(book).requests if r.request_id == "R1")
    assert sum(amount for _, amount in frozen.years) == frozen.ask
    exact = {year: Fraction(part, ask) * frozen.ask for year, part in zip(amounts, parts, strict=True)}
    got = dict(frozen.years)
    assert all(abs(got.get(year, 0) - share) < 1 for year, share in exact.items())


def test_spending_days_enter_the_round_and_bring_first_days_with_them(book: Book) -> None:
    take(book, "contributions", contribution("C1", spend_to="2025-12-31"), contribution("C2"))
    take(book, "deposits", deposit("D1", "C1"), deposit("D2", "C2"))
    take(book, "requests", request("R1", starts_on="2024-07-01", ends_on="2025-01-31"))
    opened(book)
    assert [(c.spend_from, c.spend_to) for c in problem(book).contributions] == [
        (None, date(2025, 12, 31)),
        (None,) * 2,
    ]
    assert problem(book).requests[0].starts_on is None
    rounds.cancel(book, "A", on=ON, actor="ada")
    amend_contribution(book, "C2", spend_from=date(2024, 1, 1), reason="the donor asked", on=IMPORTED_ON, actor="ada")
    opened(book, "B")
    assert problem(book, "B").contributions[1].spend_from == date(2024, 1, 1)
    assert problem(book, "B").requests[0].starts_on == date(2024, 7, 1)
    # The version that a round froze counts in it, whatever was amended since.
    assert problem(book, "A").contributions[1].spend_from is None


def test_cofinance_enters_only_where_leverage_is_sought(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-05-30", units="0.9"))
    take(book, "contributions", contribution())
    take(book, "deposits", deposit())
    more = {"cofinance": "500.00", "cofinance_confirmed": "33.34"}
    take(book, "requests", request("R1", **more), request("R2", currency="EUR", **more), request("R3"))
    opened(book)
    assert [r.cofinance for r in problem(book).requests] == [0, 0, 0]
    rounds.cancel(book, "A", on=ON, actor="ada")
    opened(book, "B", text=LEVERAGE)
    # 33.34 / 0.9 = 37.0444...
    assert [r.cofinance for r in problem(book, "B").requests] == [3334, 3704, 0]


def test_a_round_without_anything_new_keeps_the_digest_that_it_had(book: Book) -> None:
    funded(book)
    take(book, "requests", request("R4", starts_on="2024-07-01", cofinance="9", cofinance_confirmed="9"))
    opened(book)
    posed = problem(book)
    # The digest of this round in the version before years, spending days, co-finance and overrides.
    assert posed.inputs_digest() == "sha256:929cd320b6fe70e0ed3763e93da0ac907de75b8dad52289546ad2b2d538eb6c9"
    for change in (
        {"overrides": ()},
        {"contributions": tuple(replace(c, spend_from=None, spend_to=None) for c in posed.contributions)},
        {"requests": tuple(replace(r, starts_on=None, cofinance=0, years=()) for r in posed.requests)},
    ):
        assert replace(posed, **change).inputs_digest() == posed.inputs_digest()  # type: ignore[arg-type]


def test_recused_reviewers_do_not_count_and_the_round_says_how_many(book: Book) -> None:
    funded(book)
    given_scores = [("ann", "80"), ("bo", "20"), ("cy", "30")]
    take(book, "scores", *(score("R1", who, what, n) for who, n in given_scores for what in ("need", "feasibility")))
    take(book, "scores", score("R2", "ann", "need", "10"), score("R2", "ann", "feasibility", "10"))
    recused = [{"request_id": "R1", "reviewer": "Ann", "reason": "kin"}, {"request_id": "R2", "reviewer": "dee"}]
    take(book, "recusals", *recused)
    done = opened(book, text=WEIGHTED, requests="request=R1|R2")
    assert [r["merit"] for r in frozen_round(book, "A").requests] == ["25", "10"]
    assert done.remarks == ("2 recusals counted, 2 scores set aside: Ann on R1, dee on R2",)
    seen = book.connection.execute("select request_id, recusals from report.round_requests order by 1").fetchall()
    assert seen == [("R1", 1), ("R2", 1)]
    take(book, "recusals", {"request_id": "R1", "reviewer": "bo"})
    assert [r["merit"] for r in frozen_round(book, "A").requests] == ["25", "10"]
    assert book.connection.execute("select recusals from report.round_requests where request_id = 'R1'").fetchall() == [
        (1,)
    ]
    rounds.cancel(book, "A", on=ON, actor="ada")
    opened(book, "B", text=WEIGHTED, requests="request=R1")
    assert [r["merit"] for r in frozen_round(book, "B").requests] == ["30"]


def test_a_criterion_of_which_all_reviewers_are_recused_is_named(book: Book) -> None:
    funded(book)
    take(book, "scores", score("R1", "ann", "need", "80"), score("R1", "ann", "feasibility", "80"))
    take(book, "scores", score("R1", "bo", "need", "80"))
    take(book, "recusals", {"request_id": "R1", "reviewer": "ann"})
    with pytest.raises(FacilityError) as refused:
        opened(book, text=WEIGHTED, requests="request=R1|R2")
    assert refused.value.message == (
        "2 requests have no score on a criterion that the policy weighs: "
        "R1 (feasibility, all recused), R2 (feasibility), R2 (need)"
    )


def test_currencies_enter_at_the_frozen_amounts_and_a_later_rate_moves_nothing(book: Book) -> None:
    take(book, "rates", rate(rate_date="2024-01-09", units="0.8"), rate("JPY", "2024-05-20", "150"))
    take(book, "rates", rate(rate_date="2024-01-31", units="0.9"), rate(rate_date="2024-05-20", units="0.7"))
    take(book, "contributions", contribution("C1", currency="EUR", country_share_max="50%"), contribution("C2"))
    take(book, "deposits", deposit("D1", "C1", currency="EUR"), deposit("D2", "C2"))
    take(book, "requests", request("R1", currency="EUR"), request("R2", currency="JPY", amount_requested="10001"))
    opened(book)
    before = problem(book)
    # 1,000 EUR received at 0.9; half of what was signed at 0.8; 400 EUR asked at 0.7 and 10,001 JPY at 150, down.
    assert [(c.available, c.country_cap) for c in before.contributions] == [(111111, 62500), (100000, None)]
    assert [r.ask for r in before.requests] == [57142, 6667]
    take(book, "rates", rate(rate_date="2024-05-31", units="0.5"), rate(rate_date="2024-06-01", units="0.6"))
    take(book, "rates", rate("JPY", "2024-06-01", "100"))
    assert problem(book).inputs_digest() == before.inputs_digest()
    rounds.solve(book, "A", actor="ada")
    posted(book)
    assert problem(book).inputs_digest() == before.inputs_digest()
    assert not [found for found in check_book(book) if found.findings]


def _with_years(body: Mapping[str, Any], request_id: str, parts: dict[int, str]) -> dict[str, Any]:
    """Return a decision that pays year by year what one contribution pays a request; its digest is of the new JSON."""
    awards = []
    for award in body["awards"]:
        if award["request"] == request_id:
            (paid,) = award["payments"]
            award = {**award, "payments": [{**paid, "amount": a, "year": y} for y, a in parts.items()]}
        awards.append(award)
    changed = {**body, "awards": awards}
    told = {name: value for name, value in changed.items() if name not in ("seconds", "decision")}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**changed, "decision": "sha256:" + hashlib.sha256(text.encode()).hexdigest()}


def test_payments_by_year_are_stored_and_checked_against_the_decision(book: Book) -> None:
    funded(book)
    done = solved(book)
    assert done.decided is not None
    body = _with_years(done.decided.body, "R3", {2024: "200.00", 2025: "400.00"})
    with book.lane(actor="ada", command="round solve A") as lane:
        assert store_decision(book, lane, "A", body, proposer="ada")
    stored = decision_of(book, "A", body["decision"])
    assert alterations(book, "A", stored) == []
    rows = book.connection.execute(
        "select request_id, contribution_id, year, amount from report.award_years"
    ).fetchall()
    assert sorted((r, c, y, str(a)) for r, c, y, a in rows) == [
        ("R3", "C1", 2024, "200.0000"),
        ("R3", "C1", 2025, "400.0000"),
    ]
    paid = book.connection.execute(
        "select sum(amount), count(*) from ledger.payment where decision = ? and request_id = 'R3'", [body["decision"]]
    ).fetchall()
    assert [(str(amount), count) for amount, count in paid] == [("600.0000", 1)]
