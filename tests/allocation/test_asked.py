"""Questions in a child: the answer whole, what is said on the way, an end when the time is up or by hand, none left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import stubborn
from tight import tight_round

from allocation.asked import QuestionUnanswered, asked_apart
from allocation.child import SolverFailed
from allocation.decide import solve
from allocation.explain.every import explain_every, short_of_ask
from allocation.explain.questions import deep_claims, every_cost, every_price, near_best
from allocation.prepared import prepare
from allocation.verify import DecisionUnsound


def children() -> set[str]:
    """Return the processes that are children of this one."""
    mine = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if parent == str(os.getpid()) and state != "Z":
            mine.add(stat.parent.name)
    return mine


def test_the_answer_comes_whole_and_what_is_said_on_the_way() -> None:
    said: list[str] = []
    assert asked_apart(stubborn.asks_back, "one", "two", seconds=60, progress=said.append) == ("one", "two")
    assert said == ["one", "two"]


@pytest.mark.parametrize("question", [stubborn.hangs_in_native_code, stubborn.talks_without_end])
def test_the_time_is_the_time_whatever_the_child_does(question: Callable[..., None]) -> None:
    before, started = children(), time.monotonic()
    with pytest.raises(QuestionUnanswered, match="no answer after 2 seconds"):
        asked_apart(question, seconds=2)
    assert time.monotonic() - started < 8
    assert children() == before


def test_a_question_that_fails_is_told() -> None:
    with pytest.raises(SolverFailed, match="ValueError: a fault in the question"):
        asked_apart(stubborn.fails, seconds=60)


def test_what_is_refused_by_name_is_refused_by_the_same_name_here() -> None:
    with pytest.raises(DecisionUnsound, match="breaks 1 rule") as refused:
        asked_apart(stubborn.refuses, seconds=60)
    assert refused.value.remedy.startswith("nothing was posted")
    assert [breach.rule for breach in refused.value.breaches] == ["gap"]


def test_by_hand_it_ends_at_once_and_leaves_nothing_behind() -> None:
    before, started = children(), time.monotonic()

    def heard(_: str) -> None:
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        asked_apart(stubborn.hangs_in_native_code, progress=heard)
    assert time.monotonic() - started < 8
    assert children() == before


def test_what_is_asked_apart_is_what_is_found_here() -> None:
    """Costs, claims, prices and alternatives travel: they are pickled and come back equal."""
    problem = tight_round(12, 3)
    decision, round_ = solve(problem), prepare(problem)
    assert asked_apart(every_cost, problem, decision) == list(explain_every(round_, decision))
    request = short_of_ask(round_, decision)[0]
    told = asked_apart(deep_claims, problem, decision, request, 5.0)
    assert told == deep_claims(lambda _: None, problem, decision, request, 5.0)
    assert asked_apart(every_price, problem) == every_price(lambda _: None, problem)
    assert asked_apart(near_best, problem, decision, 1, 2, 5.0) == near_best(
        lambda _: None,
        problem,
        decision,
        1,
        2,
        5.0,  # type: ignore[arg-type]
    )
