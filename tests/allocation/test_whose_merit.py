"""Readings of the scores: exact means, and what stands in where a reviewer is silent."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from strategies import ON, PLACES, subject, terms

from allocation.policy import Policy
from allocation.problem import Contribution, Problem, Request
from allocation.whose_merit import under, views

WEIGHTS = (("feasibility", Fraction(30)), ("need", Fraction(50)))


def test_each_reading_changes_one_thing() -> None:
    scores = [
        ("R-1", "ann", "need", Fraction(80)), ("R-1", "ben", "need", Fraction(60)),
        ("R-1", "ann", "feasibility", Fraction(40)), ("R-2", "ben", "need", Fraction(10)),
        ("R-2", "ben", "feasibility", Fraction(20)),
    ]  # fmt: skip
    found = {(view.whose, view.name, view.is_alone): view for view in views(scores, WEIGHTS)}
    assert found["reviewer", "ann", True].merits == {
        "R-1": Fraction(40 * 30 + 80 * 50, 80), "R-2": Fraction(20 * 30 + 10 * 50, 80),
    }  # fmt: skip
    assert found["reviewer", "ann", True].scored == 1
    assert found["reviewer", "ann", False].merits["R-1"] == Fraction(40 * 30 + 60 * 50, 80)
    assert found["criterion", "need", True].merits == {"R-1": Fraction(70), "R-2": Fraction(10)}
    assert found["criterion", "need", False].merits == {"R-1": Fraction(40), "R-2": Fraction(20)}
    assert len(found) == 8


scores_of_all = st.fixed_dictionaries(
    {
        (f"R-{r}", f"V-{v}", c): st.integers(0, 100)
        for r in (1, 2, 3)
        for v in (1, 2, 3)
        for c in ("feasibility", "need")
    }
)


@given(scores_of_all)
def test_the_mean_of_the_reviewers_alone_is_the_official_merit(given_: dict[tuple[str, str, str], int]) -> None:
    scores = [(*key, Fraction(score)) for key, score in given_.items()]
    alone = [view.merits for view in views(scores, WEIGHTS) if view.whose == "reviewer" and view.is_alone]
    for r in ("R-1", "R-2", "R-3"):
        official = sum(
            Fraction(sum(given_[r, v, c] for v in ("V-1", "V-2", "V-3")), 3) * weight for c, weight in WEIGHTS
        ) / sum(weight for _, weight in WEIGHTS)
        assert sum(merits[r] for merits in alone) / 3 == official


def test_only_the_merit_that_is_sought_changes() -> None:
    asks = (Request(subject(1, merit=Fraction(70)), 60, 60, Fraction(70)),)
    money = (Contribution("C-1", "State", 60, terms("merit>=60")),)
    problem = under(Problem("T", "USD", ON, PLACES, money, asks, Policy("USD")), {"R-1": Fraction(10)})
    assert problem.requests[0].merit == 10
    assert problem.requests[0].subject.merit == 70
