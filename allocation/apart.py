"""Solve a round in a child: with a limit on time that holds, news of how far it is, and an answer to Ctrl-C.

The child searches; the parent hears every better answer and bound as it comes, and makes the decision: who pays, why,
and the verifier's consent. When the time is up and a grace has passed, the child is ended whatever it is doing, and
the best answer heard so far becomes a decision with its true gap. Choices that the solver had found and that were not
yet exact are made so by a second child, with a limit of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from queue import Empty, SimpleQueue

from allocation.child import Child, Inbox, SolverFailed
from allocation.decide import finish
from allocation.decision import Decision
from allocation.found import Found
from allocation.messages import Better, Broke, Ended, ExactTask, Explaining, SearchTask, Task
from allocation.prepared import Prepared, prepare
from allocation.problem import Problem
from allocation.projected import fits
from allocation.search import Form, Progress
from allocation.standing import Standing, cut_short, leading, line, proven, raced
from ledgers.errors import FacilityError

GRACE_SECONDS = 3.0
"""How long a child may take beyond its limit before it is ended."""

EXACT_SECONDS = 10.0
"""How long the choices of a search that was cut short may take to be made exact."""

NAMES_SECONDS = 120.0
"""How long the rules that make a round impossible may take to be named, after the search."""

HURRIED_SECONDS = 5.0
"""How long each override may take to be priced once the command was stopped by hand."""

_WAKE_SECONDS = 0.5
"""How long the parent waits for news at most: then it looks at the clock, and a Ctrl-C gets through on any system."""

BY_HAND = "stopped by hand"
OVERDUE = "stopped at the time limit"
BROKEN_OFF = "the solver broke off"

FORM_NAMES: dict[Form, str] = {"explicit": "classes x cells", "projected": "projected"}
"""What a decision calls the forms of the model that can be raced."""

Searching = Callable[[Problem, float, Form], Task]


class SearchStopped(FacilityError):
    """A search that was stopped by hand before it had found any decision."""

    code = "search-stopped"


def solve_apart(
    problem: Problem,
    *,
    time_limit: float | None = None,
    certify: float = 0.0,
    progress: Progress | None = None,
    race: bool = False,
    keeps_on_interrupt: bool = True,
    searching: Searching = SearchTask,
) -> Decision:
    """Return the best decision found on a round, verified; the same as `solve` gives, when it is `optimal`.

    Args:
        problem: The round.
        time_limit: Wall seconds for the search; the policy's when not given.
        certify: Seconds that the proof in rational arithmetic may take after it; 0: none is made.
        progress: Told one line at a time how far the search is.
        race: Ask both forms of the model at once, and take the first proven answer.
        keeps_on_interrupt: Whether Ctrl-C ends the search with the best found so far, and what follows it without a
            certificate; one more, or any when this is false, leaves as it came.
        searching: Makes the task that a child runs.

    Raises:
        SearchStopped: Ctrl-C came before any decision was found.
        SolverFailed: the child broke off before any decision was found.
        RoundUnsolved: time ran out before any decision that keeps every rule was found.
        DecisionUnsound: the verifier refuses what the engine made; nothing is returned.
    """
    started = time.monotonic()
    limit = problem.policy.time_limit if time_limit is None else time_limit
    session = _Session(problem, limit, progress or (lambda _: None), searching, keeps_on_interrupt)
    found = session.raced() if race else session.found({"search": "chosen"})
    try:
        session.say("checking and explaining the decision")
        decision = finish(session.round_, found, limit, certify=certify, progress=session.say)
    except KeyboardInterrupt:
        if not keeps_on_interrupt:
            raise
        session.say("stopped by hand: checking the decision, without a certificate")
        decision = finish(session.round_, found, min(limit, HURRIED_SECONDS), progress=session.say)
    return replace(decision, seconds=time.monotonic() - started)


@dataclass
class _Session:
    problem: Problem
    limit: float
    say: Progress
    searching: Searching
    keeps_on_interrupt: bool
    standings: dict[str, Standing] = field(default_factory=dict)
    cut: str = ""

    def __post_init__(self) -> None:
        self.started = time.monotonic()
        self.gap = self.problem.policy.gap

    @cached_property
    def round_(self) -> Prepared:
        return prepare(self.problem)

    def raced(self) -> Found:
        """Return the first proven answer of both forms, or the best of both when none is."""
        forms: list[Form] = ["explicit", "projected"] if fits(self.round_) else ["explicit"]
        found = self.found({FORM_NAMES[form]: form for form in forms})
        won = proven(self.standings, self.gap)
        return raced(found, won[0] if won else None, [FORM_NAMES[form] for form in forms])

    def found(self, forms: dict[str, Form]) -> Found:
        """Return what the children found, one for each form."""
        inbox: Inbox = SimpleQueue()
        self.standings = {name: Standing() for name in forms}
        try:
            with ExitStack() as children:
                running: dict[Child, float] = {}
                for name, form in forms.items():
                    task = self.searching(self.problem, self.limit, form)
                    ends = self.limit + NAMES_SECONDS + 4 * GRACE_SECONDS
                    child = children.enter_context(Child(name, task, seconds_max=ends, inbox=inbox))
                    running[child] = self.started + self.limit + GRACE_SECONDS
                self._listen(inbox, running)
        except KeyboardInterrupt:
            if not self.keeps_on_interrupt:
                raise
            self.cut = BY_HAND
        while not inbox.empty():
            child, message = inbox.get()
            if not isinstance(message, Broke):  # it was ended by us
                self.standings[child.name].hear(message)
        return self._settled()

    def _listen(self, inbox: Inbox, running: dict[Child, float]) -> None:
        """Hear the children until one has proven its answer, all have ended, or their time is up."""
        self.say(f"{len(self.round_.pools.classes)} classes of money, {len(self.round_.pools.cells)} cells of requests")
        while running:
            self._end_the_late(running, GRACE_SECONDS * (not inbox.empty()))
            try:
                child, message = inbox.get(timeout=_WAKE_SECONDS)
            except Empty:
                continue
            self.standings[child.name].hear(message)
            self.say(line(list(self.standings.values())))
            if isinstance(message, Explaining) and child in running:
                running[child] = time.monotonic() + NAMES_SECONDS + GRACE_SECONDS
            elif isinstance(message, Ended | Broke):
                running.pop(child, None)
                if isinstance(message, Ended) and message.found.is_proven(self.gap):
                    return

    def _end_the_late(self, running: dict[Child, float], patience: float) -> None:
        """End the children whose time is up; with some patience while there is unheard news, of an end perhaps."""
        for late in [child for child, ends in running.items() if ends + patience <= time.monotonic()]:
            self.cut = OVERDUE
            late.stop()
            del running[late]

    def _settled(self) -> Found:
        """Return the answer: a child's own, or the best that was heard when the search was cut short."""
        won = proven(self.standings, self.gap)
        standings = list(self.standings.values())
        ended = [one.found for one in standings if one.found is not None]
        if won is not None:
            return won[1]
        if not ended and any(one.broke for one in standings):
            self.cut = self.cut or BROKEN_OFF
        nothing = all(one.best is None for one in standings)
        if self.cut or nothing:
            self._make_exact()
        if self.cut:
            self._refuse_nothing()
        elif len(standings) == 1 and (ended[0].best is not None or standings[0].best is None):
            return ended[0]
        return cut_short(standings, self.cut)

    def _refuse_nothing(self) -> None:
        if any(one.best is not None for one in self.standings.values()):
            return
        seconds = time.monotonic() - self.started
        if self.cut == BY_HAND:
            raise SearchStopped(
                f"the search was stopped after {seconds:.1f} seconds, before it had found any decision",
                remedy="let it run longer; what it has found when it is stopped is kept",
            )
        if self.cut == BROKEN_OFF:
            how = next(one.broke for one in self.standings.values() if one.broke)
            raise SolverFailed(
                f"the solver broke off before it had found any decision: {how}",
                remedy="run the command again on a machine with more free memory; if it fails again, report it",
            )

    def _make_exact(self) -> None:
        """Try the choices that the solver had found, in a child of their own."""
        first = leading(list(self.standings.values()))
        if not first.promising:
            return
        self.say("making the best choice so far exact")
        inbox: Inbox = SimpleQueue()
        task = ExactTask(self.problem, [seen.answer for seen in first.promising], EXACT_SECONDS)
        ends = EXACT_SECONDS + GRACE_SECONDS
        with Child("exact", task, seconds_max=ends + GRACE_SECONDS, inbox=inbox):
            try:
                _, message = inbox.get(timeout=ends)
            except Empty:
                return
        if isinstance(message, Ended) and message.found.best is not None:
            first.hear(Better(message.found.best, self.round_.objective(message.found.best.awards), None))
