"""The search for the best exact awards: which form is asked, in which order, and what is known after each answer.

One step after the other (see `steps`), each within what the earlier ones reached. Small rounds ask the explicit form
(see `model`). Larger ones ask the projected form (see `projected`), and the explicit one where that does not end or
cannot say the money. Where whole amounts lose more than the policy's gap, or do not exist, awards become steps of the
unit in the model; where the unit is too fine for that, the choice is excluded and the next best one tried, while the
bound stays the first one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from allocation.aims import Aim, Floor, View
from allocation.answer import Answer, Heard
from allocation.exact import ExactAwards, exact_awards
from allocation.limits import Row
from allocation.listener import Listener
from allocation.model import AllocationModel
from allocation.prepared import Prepared
from allocation.projected import Projected, fits
from allocation.relaxation import Point, Relaxation
from allocation.steps import Step, steps

PROJECTED_FROM = 200
"""Requests from which the projected form is asked first."""

_CHOICES_MAX = 12
_VIEWS_MAX = 30
_SOLVER_SHARE_OF_GAP = Fraction(9, 10)
_SHARPER = Fraction(1, 10)
"""Share of the gap where what whole amounts lost is more than the first share left."""

Progress = Callable[[str], None]
Form = Literal["chosen", "explicit", "projected"]


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of one step when the search has ended.

    Attributes:
        step: Which.
        best: The best value found for it.
        bound: Upper bound on what awards could reach that keep what the earlier steps reached.
    """

    step: Step
    best: Fraction
    bound: Fraction


@dataclass
class Search:
    """The state of one solve: the best exact awards so far, and the lowest valid bound.

    Attributes:
        round_: The round.
        deadline: On the monotonic clock.
        progress: Told one line at a time how far the search is.
        form: Which form may be asked; `chosen` by size unless raced.
        best: The best exact awards found.
        bound: Upper bound on the first objective of any awards.
        impossible: The solver says that no awards keep the rules.
        stepped: Whether the last model asked had awards in steps of the unit.
        asked: The forms that were asked, in order.
        reached: What is known of each step, once it has ended.
        listener: Hears what is asked and found, while the solver runs.
        root: The relaxation of the first aim and its point, where it was solved.
    """

    round_: Prepared
    deadline: float
    progress: Progress
    form: Form = "chosen"
    best: ExactAwards | None = None
    bound: Fraction | None = None
    impossible: bool = False
    stepped: bool = False
    asked: list[str] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    listener: Listener | None = None
    root: tuple[Relaxation, Point] | None = None

    def run(self) -> None:
        """Take the steps, until nothing is left to try."""
        self.impossible = bool(self.round_.hopeless)
        if self.impossible:
            return
        every = steps(self.round_)
        floors: list[Floor] = []
        for number, step in enumerate(every):
            if number and step.stage != every[number - 1].stage:
                floors = self._floors(step.may_cost)
            seek = _Seek(self, step.aim, tuple(floors))
            seek.run()
            if number == 0:
                self.bound, self.impossible = seek.bound, seek.impossible
            if self.best is None:
                return
            floors.append(self._close(step, seek.ceiling))

    def settle(self, awards: ExactAwards) -> None:
        """Take awards that the search did not find for its own; what each step could have reached stays as known."""
        self.best = awards
        for step in steps(self.round_)[len(self.reached) :]:
            self._close(step, _Seek(self, step.aim, ()).ceiling)

    def _close(self, step: Step, ceiling: Fraction) -> Floor:
        """Note what a step has reached and return it as the floor of the next ones."""
        value = step.aim.value(self.best.awards if self.best is not None else {})
        self.reached.append(Reached(step, value, max(value, ceiling)))
        if self.listener is not None:
            self.listener.closed(value, max(value, ceiling))
        return Floor(step.aim, value)

    def _floors(self, may_cost: Fraction) -> list[Floor]:
        """Return what every step so far has reached, less what the next objective may cost of it."""
        awards = self.best.awards if self.best is not None else {}
        values = [(one.step.aim, one.step.aim.value(awards)) for one in self.reached]
        return [Floor(aim, value - may_cost * abs(value)) for aim, value in values]


class _Seek:
    """The search for one aim, above the floors of earlier ones.

    Attributes:
        bound: Upper bound on the aim, or None.
        impossible: The solver says that no awards keep the rules.
    """

    def __init__(self, search: Search, aim: Aim, floors: tuple[Floor, ...]) -> None:
        self._search, self._aim, self._floors = search, aim, floors
        self._round = search.round_
        self._gap = self._round.problem.policy.gap
        self._banned: list[frozenset[int]] = []
        self._views: list[View] = []
        self._stepped = False
        self._share = _SOLVER_SHARE_OF_GAP
        self.bound: Fraction | None = None
        self.impossible = False

    @property
    def ceiling(self) -> Fraction:
        """Return the bound, or what every request in full would be worth."""
        whole = {r: self._round.ranges[r].ask for r in self._round.fundable}
        if self.bound is not None:
            return self.bound
        constant, amounts = self._aim.seen_at({})
        worth = sum((max(Fraction(0), amounts.get(r, Fraction(0)) * ask) for r, ask in whole.items()), start=constant)
        return worth + sum((max(Fraction(0), choice) for choice in self._aim.choices.values()), start=Fraction(0))

    @property
    def value(self) -> Fraction:
        """Return the aim's value for the best awards; 0 when there are none."""
        best = self._search.best
        return self._aim.value(best.awards) if best is not None else Fraction(0)

    @property
    def is_done(self) -> bool:
        """Return whether the best awards are within the policy's gap, or nothing more can be found in time."""
        if self._left < 0 or self.impossible:
            return True
        if self._search.best is None or self.bound is None:
            return False
        return self.bound - self.value <= self._gap * abs(self.value)

    @property
    def _left(self) -> float:
        return self._search.deadline - time.monotonic()

    def run(self) -> None:
        """Search until done, or until nothing is left to try."""
        if self.is_done:
            return
        if self._projects:
            self._projected()
        elif self._floors or self._aim.envelope is not None:
            self._relaxed()
        if not self.is_done and self._search.form != "projected" and self._explicit() and not self.is_done:
            self._share = _SHARPER
            self._explicit()
        if not self.is_done and self._round.steps_fit:
            self._stepped, self._banned = True, []
            self._search.stepped = self._search.stepped or not self._floors
            self._explicit()
        while not self.is_done and self._search.best is None and len(self._banned) < _CHOICES_MAX:
            if not self._explicit():
                return

    @property
    def _projects(self) -> bool:
        if not fits(self._round) or self._search.form == "explicit":
            return False
        return self._search.form == "projected" or len(self._round.fundable) >= PROJECTED_FROM

    def _relaxed(self) -> Relaxation | None:
        """Return the solved relaxation, its bound taken; None when that settles the matter."""
        relaxation = Relaxation(self._round, self._aim, floors=self._floors)
        point = relaxation.solve(time_limit=self._left)
        self._views = relaxation.views
        if point.verdict != "solved":
            self.impossible = point.verdict == "infeasible" and not self._floors
            return None
        if self._is_first:
            self._search.root = relaxation, point
        self._lower(relaxation.bound(point))
        self._gains = relaxation.gains(point)
        return None if self.is_done else relaxation

    def _projected(self) -> None:
        """Ask the projected form, on the choices that prices leave open, until it is proven or rounds are used up."""
        self._note("projected")
        relaxation = self._relaxed()
        if relaxation is None or self.bound is None:
            return
        form = Projected(relaxation, self.bound, self._gains)
        while not self.is_done:
            fixed = form.fixed()
            outside = form.bound - form.margin
            heard = self._heard(outside if fixed else None)
            answer = form.ask(fixed, deadline=self._search.deadline, gap=self._gap, heard=heard)
            if answer.verdict == "infeasible" and fixed:
                form.widen()
                continue
            if answer.verdict != "solved":
                self.impossible = answer.verdict == "infeasible" and not self._floors
                return
            finished = self._finish(answer)
            if answer.bound is not None:
                self._lower(max(answer.bound, outside) if fixed else answer.bound)
            if not finished or not fixed or form.margin > form.bound - self.value:
                return
            form.widen(beyond=form.bound - self.value)

    def _explicit(self) -> bool:
        """Ask the explicit form until its answer shows no new view; return whether it had a choice to offer."""
        self._note("classes x cells")
        if self._aim.envelope is not None and not self._views:
            whole = {r: self._round.ranges[r].ask for r in self._round.fundable}
            self._views = [self._aim.envelope.view(whole)]
        answer = self._asked_explicit()
        if not self._banned:
            self.impossible = answer.verdict == "infeasible" and not self._floors
            self._lower(answer.bound)
        if answer.verdict != "solved":
            return False
        if not self._finish(answer):
            self._banned.append(answer.funded)
        return True

    def _asked_explicit(self) -> Answer:
        extra = [floor.row({}) for floor in self._floors]
        gap = self._gap * self._share
        for _ in range(_VIEWS_MAX):
            model = AllocationModel(
                self._round,
                [*self._round.binding_rows, *extra],
                stepped=self._stepped,
                banned=self._banned,
                aim=self._aim,
                views=self._views,
            )
            answer = model.solve(time_limit=self._left, gap=gap, heard=None if self._banned else self._heard(None))
            if answer.verdict != "solved" or not self._shown(answer.whole(), extra):
                break
        return answer

    def _shown(self, awards: dict[int, int], extra: list[Row]) -> bool:
        """Add the view and the floors that an answer breaks by more than tolerance; return whether there was any."""
        before = len(self._views) + len(extra)
        if self._aim.envelope is not None:
            view = self._aim.envelope.view(awards)
            seen = min(known.at(awards) for known in self._views)
            if float(seen - view.at(awards)) > 1e-7 * max(1e-6, abs(float(seen))):
                self._views = [*self._views, view]
        for floor in self._floors:
            if floor.aim.envelope is not None and not floor.holds(awards):
                row = floor.row(awards)
                if float(floor.least - floor.aim.value(awards)) > 1e-7 * abs(float(floor.least)) and row not in extra:
                    extra.append(row)
        return len(self._views) + len(extra) > before

    def _finish(self, answer: Answer) -> bool:
        """Make a choice exact and keep it if it is the best so far; return whether it has an exact form."""
        deadline = max(self._search.deadline, time.monotonic() + 1)
        found = exact_awards(self._round, answer, deadline=deadline, aim=self._aim, floors=self._floors)
        if found is not None and (self._search.best is None or self._aim.value(found.awards) > self.value):
            self._search.best = found
            self._tell()
        told = f"{self._aim.objective} {self._aim.of}".rstrip()
        self._search.progress(f"{told} {float(self.value):,.2f}, bound {float(self.bound or 0):,.2f}")
        return found is not None

    def _lower(self, bound: Fraction | None) -> None:
        if bound is not None and (self.bound is None or bound < self.bound):
            self.bound = bound
            self._tell()

    def _note(self, form: str) -> None:
        if form not in self._search.asked:
            self._search.asked.append(form)
        if self._search.listener is not None:
            self._search.listener.asking(form, f"{self._aim.objective} {self._aim.of}".rstrip())

    def _tell(self, bound: Fraction | None = None) -> None:
        """Tell the listener the best awards and the bound, or a lower one that the solver has reached meanwhile."""
        if self._search.listener is not None:
            lowest = self.bound if bound is None else bound
            self._search.listener.better(self._search.best, self.value, lowest, is_first=self._is_first)

    @property
    def _is_first(self) -> bool:
        return not self._search.reached

    def _heard(self, outside: Fraction | None) -> Heard | None:
        """Return what passes on the solver's choices and bounds while it seeks the first aim.

        The search itself goes by final answers only, so that it takes the same steps whether anybody listens or not.

        Args:
            outside: What awards are worth at most that the question leaves out; None when it leaves out none.
        """
        listener = self._search.listener
        if listener is None or not self._is_first:
            return None

        def heard(answer: Answer) -> None:
            bounds = [] if self.bound is None else [self.bound]
            if answer.bound is not None:
                bounds.append(answer.bound if outside is None else max(answer.bound, outside))
            lowest = min(bounds, default=None)
            if answer.verdict == "solved":
                listener.seen(replace(answer, bound=lowest), float(self._aim.value(answer.whole())))
            else:
                self._tell(lowest)

        return heard
