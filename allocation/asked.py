"""A question about a decision, worked out in a process of its own: time, or Ctrl-C, ends it whatever the solver does.

The solver does not let go of an interpreter while it runs, and may overrun the time that it is given. So what is found
by solving again is asked of a child, as the search for a decision is; the answer comes back whole, or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from allocation.child import Child, Inbox, SolverFailed
from allocation.messages import Answered, Broke, Message, Refused, Said, Tell
from ledgers.errors import FacilityError

Answer = TypeVar("Answer")
Say = Callable[[str], None]

_WAKE_SECONDS = 0.1
_LONGEST = 30 * 24 * 3600.0
SPARE_SECONDS = 60.0
"""What a question gets beyond a few times what each of its searches may take, before it is ended."""


class QuestionUnanswered(FacilityError):
    """A question whose time was up before the solver had an answer, or let go."""

    code = "question-unanswered"


@dataclass(frozen=True, slots=True)
class Question:
    """A task: a function of a module, and what it is called with after something to say progress with."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __call__(self, tell: Tell) -> Message:
        """Return the answer, and tell on the way."""
        try:
            return Answered(self.function(lambda text: tell(Said(text)), *self.arguments))
        except FacilityError as error:
            return Refused(error)


def asked_apart(
    question: Callable[..., Answer], *arguments: object, seconds: float | None = None, progress: Say | None = None
) -> Answer:
    """Return what a function says, run in a process of its own.

    Args:
        question: A function of a module; its first argument says progress, one line at a time.
        arguments: The others; they, and what it returns, must be picklable.
        seconds: After so many it is ended, whatever it is doing; None: only by hand.
        progress: Told what it says.

    Raises:
        QuestionUnanswered: the time was up.
        SolverFailed: the process could not be started, or broke off.
        FacilityError: whatever the function refuses by name.
    """
    say = progress or (lambda _: None)
    inbox: Inbox = SimpleQueue()
    limit = _LONGEST if seconds is None else seconds
    ends = time.monotonic() + limit
    task = Question(question, arguments)
    with Child("question", task, seconds_max=2 * limit, inbox=inbox):
        while time.monotonic() < ends:
            try:
                _, message = inbox.get(timeout=_WAKE_SECONDS)
            except Empty:
                continue
            if isinstance(message, Said):
                say(message.text)
            elif isinstance(message, Answered):
                answer: Answer = message.value
                return answer
            elif isinstance(message, Refused):
                raise message.error
            elif isinstance(message, Broke):
                raise SolverFailed(
                    f"the solver broke off before it had an answer: {message.how}",
                    remedy="run the command again on a machine with more free memory; if it fails again, report it",
                )
    raise QuestionUnanswered(
        f"the solver had no answer after {limit:g} seconds, and was ended",
        remedy="give each search less time with --seconds, or ask about one request at a time",
    )
