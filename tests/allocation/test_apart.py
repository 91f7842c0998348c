"""A search in a child: the same decision, an end when the time is up, the best so far kept, no child left behind."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace

import pytest
import stubborn
from hypothesis import given, settings
from strategies import ON, PLACES, problems, subject, terms
from test_solve import a_round
from tight import tight_round

from allocation import apart, child, search
from allocation.apart import FORM_NAMES, SearchStopped, solve_apart
from allocation.child import SolverFailed
from allocation.decide import RoundUnsolved, solve
from allocation.decision import Decision
from allocation.found import Found
from allocation.messages import Broke, Ended, Explaining, Message, SearchTask
from allocation.policy import Bound, Limit, Policy, Stage
from allocation.problem import Contribution, Problem, Request
from allocation.search import Form
from allocation.standing import Standing, proven
from allocation.verify import breaches

Hear = Callable[[str], None]
ROUND = a_round([60_000, 40_000], [(70_000, 70_000, 90), (90_000, 20_000, 80), (50_000, 50_000, 95)])
BEST = solve(ROUND)
SLACK_SECONDS = 6.0
"""How much later than the limit an end may come on a busy machine: far less than any of the doubles would take."""


@pytest.fixture(autouse=True)
def no_child_is_left(monkeypatch: pytest.MonkeyPatch) -> object:
    """Shorten the grace, hear Ctrl-C even where tests run in the background, see every child gone after the test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started: list[int] = []

    class Counted(child.Child):
        def __init__(self, *given_: object, **more: object) -> None:
            super().__init__(*given_, **more)  # type: ignore[arg-type]
            started.append(self.number)

    monkeypatch.setattr(apart, "Child", Counted)
    monkeypatch.setattr(apart, "GRACE_SECONDS", 0.2)
    yield started
    signal.signal(signal.SIGINT, before)
    for number in started:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


@pytest.fixture
def late_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], bool]], Hear]:
    """Return what makes a listener for whom the time is up once a line is heard, however slow the machine is."""
    passed = [0.0]
    monkeypatch.setattr(apart, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + passed[0]))

    def listener(is_last: Callable[[str], bool]) -> Hear:
        def hear(line: str) -> None:
            if is_last(line):
                passed[0] += 1_000

        return hear

    return listener


@settings(max_examples=5, deadline=None)
@given(problems(capped=True))
def test_a_child_gives_the_decision_that_this_process_gives(problem: Problem) -> None:
    assert solve_apart(problem).digest() == solve(problem).digest()


@pytest.mark.parametrize("form", ["explicit", "projected"])
def test_who_listens_changes_nothing(form: Form) -> None:
    """A listener asks the solver for its choices and bounds as it goes; the steps and the bound stay the same."""
    problem = tight_round(40, 14)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "PROJECTED_FROM", 1 if form == "projected" else 1_000)
        alone = solve(problem)
    heard = solve_apart(problem, searching=lambda p, seconds, _: SearchTask(p, seconds, form))
    assert heard.status == "optimal"
    assert heard.digest() == alone.digest()
    assert heard.method.startswith(FORM_NAMES[form])


def test_later_objectives_are_the_same_in_a_child_and_a_stop_keeps_what_earlier_ones_reached() -> None:
    problem = tight_round(20, 4)
    later = (Stage("count", may_cost=Fraction(1, 100)), Stage("leverage"))
    problem = dataclasses.replace(problem, policy=dataclasses.replace(problem.policy, later=later))
    whole = solve(problem)
    assert solve_apart(problem).digest() == whole.digest()
    stopped = solve_apart(problem, progress=interrupting("for count"))
    assert breaches(problem, stopped) == []
    assert stopped.method.endswith("; stopped by hand")
    assert [stage.objective for stage in stopped.stages] == ["merit", "count", "leverage"]
    assert stopped.stages[0].bound == whole.stages[0].bound


@pytest.mark.parametrize("double", [stubborn.Sleeps, stubborn.HangsInNativeCode, stubborn.TalksWithoutEnd])
def test_the_limit_holds_whatever_the_search_does(double: Callable[..., object]) -> None:
    started = time.monotonic()
    decision = solve_apart(ROUND, time_limit=0.2, searching=double)  # type: ignore[arg-type]
    assert time.monotonic() - started < 0.2 + SLACK_SECONDS
    assert (decision.status, decision.awards, decision.gap) == ("feasible", (), 1.0)
    assert decision.method.endswith("stopped at the time limit")


@pytest.mark.parametrize(
    ("double", "why"),
    [
        (stubborn.FindsAndHangs, "stopped at the time limit"),
        (stubborn.SeesAndHangs, "stopped at the time limit"),
        (stubborn.FindsAndDies, "the solver broke off"),
    ],
)
def test_what_was_found_is_decided_with_its_true_gap(
    double: Callable[..., object], why: str, late_after: Callable[[Callable[[str], bool]], Hear]
) -> None:
    late = late_after(lambda line: line.startswith("objective") and double is not stubborn.FindsAndDies)
    decision = solve_apart(ROUND, searching=double, progress=late)  # type: ignore[arg-type]
    assert_best_so_far(decision)
    assert decision.method.endswith(why)


def assert_best_so_far(decision: Decision) -> None:
    assert breaches(ROUND, decision) == []
    assert decision.awards == BEST.awards
    assert decision.bound is not None
    assert decision.bound > decision.objective == BEST.objective
    assert decision.status == "feasible"
    assert decision.gap == pytest.approx(float(decision.bound / decision.objective - 1))
    assert all(refused.because for refused in decision.unfunded)


@pytest.mark.parametrize(
    ("double", "how"),
    [
        (stubborn.Dies, "it was ended by signal 9 (Killed); the machine may have run out of memory"),
        (stubborn.FillsMemory, "it ran out of memory"),
        (stubborn.Fails, "ValueError: a fault in the search (stubborn.py, line #)"),
    ],
)
def test_a_child_that_breaks_off_with_nothing_is_told(double: Callable[..., object], how: str) -> None:
    with pytest.raises(SolverFailed) as failed:
        solve_apart(ROUND, searching=double)  # type: ignore[arg-type]
    message = re.sub(r"line \d+", "line #", failed.value.message)
    assert message == f"the solver broke off before it had found any decision: {how}"
    assert failed.value.remedy


def test_a_solver_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SolverFailed) as failed:
        solve_apart(ROUND)
    assert failed.value.message == "the solver's process could not be started: No such file or directory"


@pytest.mark.parametrize("double", [stubborn.FindsAndHangs, stubborn.SeesAndHangs])
def test_an_interrupt_keeps_the_best_so_far(double: Callable[..., object]) -> None:
    decision = solve_apart(ROUND, searching=double, progress=interrupting("objective"))  # type: ignore[arg-type]
    assert_best_so_far(decision)
    assert decision.method.endswith("; stopped by hand")


@pytest.mark.parametrize("form", ["explicit", "projected"])
def test_an_interrupt_in_the_midst_of_the_solver_gives_a_sound_decision(form: Form) -> None:
    problem = tight_round(60, 15)
    best = solve(problem)
    decision = solve_apart(
        problem, searching=lambda p, seconds, _: SearchTask(p, seconds, form), progress=interrupting("objective")
    )
    assert breaches(problem, decision) == []
    assert decision.awards
    assert best.bound is not None
    assert decision.bound is not None
    assert decision.objective <= best.bound
    assert best.objective <= decision.bound


def test_a_child_is_deaf_to_ctrl_c_from_its_first_moment() -> None:
    inbox: SimpleQueue[tuple[child.Child, Message]] = SimpleQueue()
    with child.Child("deaf", SearchTask(ROUND, 60.0), seconds_max=90, inbox=inbox) as started:
        os.kill(started.number, signal.SIGINT)
        while not isinstance(last := inbox.get(timeout=60)[1], Ended | Broke):
            os.kill(started.number, signal.SIGINT)
    assert isinstance(last, Ended)


def test_an_interrupt_before_anything_is_found_is_told() -> None:
    with pytest.raises(SearchStopped) as stopped:
        solve_apart(ROUND, searching=stubborn.Sleeps, progress=interrupting("classes"))
    assert stopped.value.message.endswith("seconds, before it had found any decision")


def test_an_interrupt_leaves_as_it_came_where_nothing_shall_be_kept() -> None:
    with pytest.raises(KeyboardInterrupt):
        solve_apart(
            ROUND, searching=stubborn.FindsAndHangs, progress=interrupting("objective"), keeps_on_interrupt=False
        )


def test_an_interrupt_while_the_certificate_is_made_keeps_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("allocation.certificate.certified", interrupted)
    told: list[str] = []
    decision = solve_apart(ROUND, certify=30, progress=told.append)
    assert told[-1] == "stopped by hand: checking the decision, without a certificate"
    assert (decision.status, decision.awards, decision.certificate) == ("optimal", BEST.awards, None)
    assert breaches(ROUND, decision) == []
    with pytest.raises(KeyboardInterrupt):
        solve_apart(ROUND, certify=30, progress=interrupting("checking", "stopped by hand"))
    with pytest.raises(KeyboardInterrupt):
        solve_apart(ROUND, certify=30, keeps_on_interrupt=False)


def test_a_second_interrupt_ends_it_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        solve_apart(ROUND, searching=stubborn.SeesAndHangs, progress=interrupting("objective", "making"))


def interrupting(*words: str) -> Hear:
    """Return who interrupts, as Ctrl-C does, when the first of the words is heard, then the second."""
    left = list(words)

    def hear(line: str) -> None:
        if left and left[0] in line:
            del left[0]
            signal.raise_signal(signal.SIGINT)

    return hear


def test_choices_that_take_too_long_to_be_made_exact_are_left(
    monkeypatch: pytest.MonkeyPatch, late_after: Callable[[Callable[[str], bool]], Hear]
) -> None:
    monkeypatch.setattr(apart, "ExactTask", stubborn.Sleeps)
    monkeypatch.setattr(apart, "EXACT_SECONDS", 0.2)
    late = late_after(lambda line: line.startswith("objective"))
    decision = solve_apart(ROUND, searching=stubborn.SeesAndHangs, progress=late)
    assert (decision.status, decision.awards, decision.gap) == ("feasible", (), 1.0)


def test_rules_that_cannot_be_named_in_time_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "NAMES_SECONDS", 0.2)
    floor = Limit("too much", terms(""), at_least=Bound("amount", Fraction(200_000), "2000"))
    problem = a_round([100_000], [(50_000, 50_000, 5)], Policy("USD", limits=(floor,)))
    assert solve_apart(problem).conflict == solve(problem).conflict == ("too much",)
    with pytest.raises(RoundUnsolved) as unsolved:
        solve_apart(problem, searching=stubborn.CannotName)
    assert "could not say which rules conflict" in unsolved.value.message


def test_a_race_over_an_impossible_round_waits_for_the_names_only_once() -> None:
    named = Found(impossible=True, conflict=("one", "other"))
    first, second = Standing(), Standing()
    first.hear(Explaining(Found(impossible=True)))
    second.hear(Ended(named))
    assert proven({"a": first, "b": second}, Fraction(0)) == ("b", named)
    assert proven({"a": first}, Fraction(0)) == ("a", Found(impossible=True))
    assert proven({"a": Standing()}, Fraction(0)) is None


def test_progress_says_what_is_known_and_what_is_asked() -> None:
    told: list[str] = []
    solve_apart(ROUND, progress=told.append)
    assert told[0] == "1 classes of money, 1 cells of requests"
    assert "nothing found yet; asking classes x cells for merit" in told
    assert any(line.startswith(f"objective {float(BEST.objective):,.2f}, at most ") and "gap " in line for line in told)
    assert told[-1] == "checking and explaining the decision"


@pytest.mark.parametrize("seed", range(2))
def test_a_race_takes_the_first_proof_and_says_so(seed: int, no_child_is_left: list[int]) -> None:
    problem = tight_round(30, seed)
    decision = solve_apart(problem, race=True)
    assert decision.status == "optimal"
    assert breaches(problem, decision) == []
    begins = "raced: classes x cells against projected; "
    assert decision.method.startswith((begins + "classes x cells proved", begins + "projected proved"))
    assert len(no_child_is_left) == 2


def test_a_race_without_a_proof_gives_the_best_of_both(late_after: Callable[[Callable[[str], bool]], Hear]) -> None:
    lower = f"at most {float(BEST.objective) * 1.5:,.2f}"
    late = late_after(lambda line: "objective" in line and lower in line and "classes x cells" not in line)
    decision = solve_apart(ROUND, race=True, searching=stubborn.Races, progress=late)
    assert (decision.awards, decision.bound) == (BEST.awards, BEST.objective * Fraction(3, 2))
    assert decision.method == (
        "raced: classes x cells against projected; none proved its answer; "
        "classes x cells and projected; stopped at the time limit"
    )


def test_there_is_no_race_where_only_one_form_can_state_the_round(no_child_is_left: list[int]) -> None:
    problem = mixed_round()
    decision = solve_apart(problem, race=True)
    assert decision.method == "classes x cells; no race, because no other form can state this round"
    assert decision.awards == solve(problem).awards
    assert len(no_child_is_left) == 1


def mixed_round() -> Problem:
    """Return a round in which a capped contribution may pay a request of two countries."""
    requests = [Request(subject(0, country="KEN:60|UGA:40"), 900, 0, Fraction(5))]
    money = (Contribution("C-1", "State", 1_000, terms(""), country_cap=300),)
    return Problem("T", "USD", ON, PLACES, money, tuple(requests), Policy("USD"))


@pytest.mark.parametrize(("double", "seconds_max"), [("Sleeps", 600), ("HangsInNativeCode", 2)])
def test_a_child_does_not_outlive_its_parent(double: str, seconds_max: int) -> None:
    """Its life line ends it; where the solver holds on to the interpreter, its own timer does, in two seconds here."""
    text = (
        f"import queue, sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import stubborn, test_solve\n"
        "from allocation.child import Child\n"
        f"task = stubborn.{double}(test_solve.a_round([5], [(5, 5, 1)]), 1.0)\n"
        f"print(Child('orphan', task, seconds_max={seconds_max}, inbox=queue.SimpleQueue()).number, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        time.sleep(1)
        parent.kill()
    ends = time.monotonic() + 15
    while is_running(number):
        assert time.monotonic() < ends, f"child {number} outlives its parent"
        time.sleep(0.1)


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
