"""What a child tells its parent, and the tasks that a parent gives a child. All of it can be pickled."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from allocation.answer import Answer
from allocation.decide import left_by, named
from allocation.exact import ExactAwards, exact_awards
from allocation.found import Found
from allocation.listener import Listener
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.search import Form, Search
from ledgers.errors import FacilityError


@dataclass(frozen=True, slots=True)
class Asking:
    """Which form is asked next, and what of it."""

    form: str
    detail: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A choice that the solver has found for the first objective, in floats, and its value."""

    answer: Answer
    value: float


@dataclass(frozen=True, slots=True)
class Better:
    """The best exact awards so far, with value and bound of the step that is sought: the first, or a later one."""

    best: ExactAwards | None
    value: Fraction
    bound: Fraction | None
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Closed:
    """What a step has reached, and what it could have."""

    best: Fraction
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Explaining:
    """The search has ended without awards; which rules are why is being asked now."""

    found: Found


@dataclass(frozen=True, slots=True)
class Ended:
    """The task has ended, with what it found."""

    found: Found


@dataclass(frozen=True, slots=True)
class Broke:
    """The task has ended without what it was asked for; how, as the end of a sentence."""

    how: str


@dataclass(frozen=True, slots=True)
class Said:
    """How far a question is, one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The task was a question, and has ended with its answer."""

    value: Any = field(hash=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The task was a question, and was refused by name."""

    error: FacilityError = field(hash=False)


Message = Asking | Seen | Better | Closed | Explaining | Ended | Broke | Said | Answered | Refused
Tell = Callable[[Message], None]
Task = Callable[[Tell], Message]


@dataclass(frozen=True, slots=True)
class SearchTask:
    """Search a round's best awards.

    Attributes:
        problem: The round.
        seconds: How long the search may take.
        form: Which form of the model is asked first.
    """

    problem: Problem
    seconds: float
    form: Form = "chosen"

    def __call__(self, tell: Tell) -> Message:
        """Return what was found, and tell on the way."""
        started = time.monotonic()
        search = Search(prepare(self.problem), started + self.seconds, lambda _: None, self.form, listener=Teller(tell))
        search.run()
        found = left_by(search)
        if found.best is None or not found.best.awards:
            tell(Explaining(found))
        return Ended(named(search, found))


@dataclass(frozen=True, slots=True)
class ExactTask:
    """Make choices exact that a solver had found when it was stopped.

    Attributes:
        problem: The round.
        answers: Choices, the most promising first.
        seconds: How long it may take.
    """

    problem: Problem
    answers: Sequence[Answer] = field(hash=False)
    seconds: float

    def __call__(self, tell: Tell) -> Message:  # noqa: ARG002 (a task may tell on the way; this one has nothing to)
        """Return the first choice that has an exact form."""
        round_, deadline = prepare(self.problem), time.monotonic() + self.seconds
        for answer in self.answers:
            found = exact_awards(round_, answer, deadline=deadline)
            if found is not None or time.monotonic() > deadline:
                return Ended(Found(found))
        return Ended(Found())


@dataclass(frozen=True, slots=True)
class Teller(Listener):
    """Tells the parent what a search says."""

    tell: Tell

    def asking(self, form: str, detail: str) -> None:
        """Tell which form is asked next, and what of it."""
        self.tell(Asking(form, detail))

    def seen(self, answer: Answer, value: float) -> None:
        """Tell a choice in floats; one without awards is nothing to keep."""
        if answer.funded:
            self.tell(Seen(answer, value))

    def better(self, best: ExactAwards | None, value: Fraction, bound: Fraction | None, *, is_first: bool) -> None:
        """Tell better exact awards or a lower bound."""
        self.tell(Better(best, value, bound, is_first))

    def closed(self, best: Fraction, bound: Fraction) -> None:
        """Tell what a step has reached."""
        self.tell(Closed(best, bound))
