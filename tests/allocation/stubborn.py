"""Searches that misbehave, for children to run: they hang, die, fill memory, talk without end, or stop half-way."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from allocation.answer import Answer
from allocation.apart import FORM_NAMES
from allocation.breach import Breach
from allocation.decide import left_by
from allocation.exact import ExactAwards
from allocation.found import Found
from allocation.messages import Asking, Better, Ended, Explaining, Message, Seen, Tell
from allocation.prepared import prepare
from allocation.problem import Problem
from allocation.search import Form, Search
from allocation.verify import DecisionUnsound

FOR_EVER = 600


@dataclass(frozen=True)
class Stubborn:
    """Made as a search is, and no search."""

    problem: Problem
    seconds: float
    form: Form = "chosen"

    def search(self) -> Search:
        """Return a real search of the round, ended."""
        search = Search(prepare(self.problem), time.monotonic() + 60, lambda _: None)
        search.run()
        return search

    def best(self) -> tuple[ExactAwards, Fraction]:
        """Return the best awards with their value."""
        search = self.search()
        assert search.best is not None
        return search.best, search.round_.objective(search.best.awards)


class Sleeps(Stubborn):
    def __call__(self, tell: Tell) -> Message:
        time.sleep(FOR_EVER)
        raise AssertionError


class HangsInNativeCode(Stubborn):
    """Holds on to the interpreter, as a solver in C may."""

    def __call__(self, tell: Tell) -> Message:
        ctypes.PyDLL(None).sleep(FOR_EVER)
        raise AssertionError


class TalksWithoutEnd(Stubborn):
    def __call__(self, tell: Tell) -> Message:
        while True:
            tell(Asking("classes x cells", "merit"))


class Fails(Stubborn):
    def __call__(self, tell: Tell) -> Message:
        raise ValueError("a fault in the search")


class FillsMemory(Stubborn):
    def __call__(self, tell: Tell) -> Message:
        raise MemoryError


class Dies(Stubborn):
    def __call__(self, tell: Tell) -> Message:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class FindsAndHangs(Stubborn):
    """Tells the best awards and a bound of twice that, and hangs."""

    def __call__(self, tell: Tell) -> Message:
        best, value = self.best()
        tell(Asking("classes x cells", "merit"))
        tell(Better(best, value, 2 * value))
        time.sleep(FOR_EVER)
        raise AssertionError


class FindsAndDies(FindsAndHangs):
    """Tells the best awards and a bound of twice that, and is killed."""

    def __call__(self, tell: Tell) -> Message:
        best, value = self.best()
        tell(Asking("classes x cells", "merit"))
        tell(Better(best, value, 2 * value))
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class SeesAndHangs(Stubborn):
    """Tells the best awards as a solver has them, in floats that are off by a few cents, and hangs."""

    def __call__(self, tell: Tell) -> Message:
        best, value = self.best()
        amounts = {r: amount - 0.3 for r, amount in best.awards.items()}
        answer = Answer("solved", frozenset(amounts), amounts, dict(best.mixed), 2 * value)
        tell(Asking("projected", "merit"))
        tell(Seen(answer, float(value)))
        time.sleep(FOR_EVER)
        raise AssertionError


class CannotName(Stubborn):
    """Calls the round impossible, and hangs over the names of the rules."""

    def __call__(self, tell: Tell) -> Message:
        tell(Explaining(left_by(self.search())))
        time.sleep(FOR_EVER)
        raise AssertionError


class Races(Stubborn):
    """The explicit form ends with awards and no proof, the projected one hangs after it has told a lower bound."""

    def __call__(self, tell: Tell) -> Message:
        best, value = self.best()
        tell(Asking(FORM_NAMES[self.form], "merit"))
        if self.form == "explicit":
            tell(Better(best, value, 2 * value))
            return Ended(Found(best, 2 * value, method="classes x cells"))
        tell(Better(None, Fraction(0), Fraction(3, 2) * value))
        time.sleep(FOR_EVER)
        raise AssertionError


def asks_back(say: Callable[[str], None], *words: str) -> tuple[str, ...]:
    """Say each word, and answer with all of them."""
    for word in words:
        say(word)
    return words


def hangs_in_native_code(say: Callable[[str], None]) -> None:
    """Hold on to the interpreter, as a solver in C may."""
    say("hanging")
    ctypes.PyDLL(None).sleep(FOR_EVER)


def talks_without_end(say: Callable[[str], None]) -> None:
    """Say something for ever."""
    while True:
        say("still here")


def fails(_: Callable[[str], None]) -> None:
    """Fail, as anything may."""
    raise ValueError("a fault in the question")


def refuses(_: Callable[[str], None]) -> None:
    """Refuse by name."""
    raise DecisionUnsound("R1", [Breach("gap", "gap", "1", "0")])
