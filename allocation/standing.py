"""How searches in children stand: the best answers heard of so far, the bounds, and what is being asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from allocation.exact import ExactAwards
from allocation.found import Found
from allocation.messages import Asking, Better, Broke, Closed, Ended, Explaining, Message, Seen

_CHOICES_KEPT = 4


@dataclass
class Standing:
    """What one child has said.

    Attributes:
        best: The best exact awards.
        value: What of the first objective they were found with; 0 when there are none.
        bound: The lowest valid bound on the first objective of any awards.
        later: Value and bound of the later step that is sought, if it is one.
        reached: Best value and bound of each step that has ended.
        choices: The latest choices in floats, the best last; worth a try when the search is cut short.
        asked: The forms that were asked.
        asking: What is asked now; empty when it has ended.
        found: What was found at the end.
        broke: How it broke off, if it did.
    """

    best: ExactAwards | None = None
    value: Fraction = Fraction(0)
    bound: Fraction | None = None
    later: tuple[Fraction, Fraction | None] | None = None
    reached: list[tuple[Fraction, Fraction]] = field(default_factory=list)
    choices: list[Seen] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    asking: str = ""
    found: Found | None = None
    broke: str = ""

    def hear(self, message: Message) -> None:
        """Take in what the child says."""
        if isinstance(message, Asking):
            self.asked.append(message.form)
            self.asking = f"asking {message.form} for {message.detail}"
        elif isinstance(message, Seen):
            self.choices = sorted([*self.choices, message], key=lambda seen: seen.value)[-_CHOICES_KEPT:]
            self._lower(message.answer.bound)
        elif isinstance(message, Better):
            self._take(message)
        elif isinstance(message, Closed):
            self.reached.append((message.best, message.bound))
        elif isinstance(message, Explaining):
            self.found, self.asking = message.found, "asking which rules are why"
        elif isinstance(message, Ended):
            self.found, self.asking = message.found, ""
        elif isinstance(message, Broke):
            self.broke, self.asking = message.how, ""

    def _take(self, better: Better) -> None:
        self.best = better.best or self.best
        if better.is_first:
            self.value = better.value
            self._lower(better.bound)
        else:
            self.later = (better.value, better.bound)

    def _lower(self, bound: Fraction | None) -> None:
        if bound is not None and (self.bound is None or bound < self.bound):
            self.bound = bound

    @property
    def promising(self) -> list[Seen]:
        """Return the choices that are worth more than the best exact awards, the most promising first."""
        if self.reached:
            return []
        return [seen for seen in reversed(self.choices) if self.best is None or seen.value > self.value]

    @property
    def rank(self) -> tuple[int, float]:
        """Return how far it is: steps ended, then what of the first objective is in sight."""
        return len(self.reached), max([float(self.value), *(seen.value for seen in self.choices)])


def proven(standings: Mapping[str, Standing], gap: Fraction) -> tuple[str, Found] | None:
    """Return which child has settled the first objective, and what it found; rather one that has ended altogether."""
    settled = [
        (bool(standing.asking), name, standing.found)
        for name, standing in standings.items()
        if standing.found is not None and standing.found.is_proven(gap)
    ]
    settled.sort(key=lambda one: one[0])
    return settled[0][1:] if settled else None


def lowest_bound(standings: Sequence[Standing]) -> Fraction | None:
    """Return the lowest bound on the first objective that any child has shown: each is valid for the round."""
    return min((one.bound for one in standings if one.bound is not None), default=None)


def cut_short(standings: Sequence[Standing], why: str) -> Found:
    """Return the best that was heard, with the true bound."""
    first = leading([one for one in standings if one.best is not None] or standings)
    asked = " and ".join(", then ".join(dict.fromkeys(one.asked)) for one in standings if one.asked)
    method = "; ".join(part for part in (asked, why) if part)
    return Found(first.best, lowest_bound(standings), method=method, reached=tuple(first.reached))


def leading(standings: Sequence[Standing]) -> Standing:
    """Return which child is furthest; of equals the first."""
    return max(standings, key=lambda one: one.rank)


def line(standings: Sequence[Standing]) -> str:
    """Return how far the search is, in one line."""
    first, bound = leading(standings), lowest_bound(standings)
    value = first.rank[1]
    if first.later is not None:
        value, bound = float(first.later[0]), first.later[1]
    word = "objective" if first.later is None else "step"
    told = ["nothing found yet" if first.best is None and not first.choices else f"{word} {value:,.2f}"]
    if bound is not None:
        told.append(f"at most {float(bound):,.2f}")
        if value > 0:
            told.append(f"gap {max(0.0, float(bound) - value) / value:.1e}")
    return ", ".join(told) + "".join(f"; {one.asking}" for one in standings if one.asking)


def raced(found: Found, winner: str | None, names: Sequence[str]) -> Found:
    """Return an answer with the words that it comes from a race; another run may end otherwise.

    Args:
        found: The answer.
        winner: The form whose child proved it, or None when none did.
        names: The racing forms; one alone wins without a race.
    """
    if len(names) == 1:
        return replace(found, method=f"{found.method}; no race, because no other form can state this round")
    ended = "none proved its answer" if winner is None else f"{winner} proved its answer first"
    return replace(found, method=f"raced: {' against '.join(names)}; {ended}; {found.method}")
