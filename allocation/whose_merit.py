"""Whose weights make the merit: the same scores read as each reviewer, or each criterion, alone or left out.

A request's merit is the mean over reviewers for each criterion, weighted over criteria. A view changes one thing of it:

- a reviewer alone: that reviewer's score where there is one, else the mean of all;
- without a reviewer: the mean of the others where there are any, else the mean of all;
- a criterion alone, or without it: only its weight, or the weights of all others.

Everything is in exact rationals. Terms that ask about merit (`merit>=60`) keep the official one, for a donor's earmark
does not move with a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.problem import Problem

Score = tuple[str, str, str, Fraction]
"""Request, reviewer, criterion, score."""

Merits = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class View:
    """One reading of the scores.

    Attributes:
        whose: `reviewer` or `criterion`.
        name: Which.
        is_alone: Whether it alone counts, or all but it.
        merits: Merit by request.
        scored: Requests on which the reviewer gave a score; all for a criterion.
    """

    whose: str
    name: str
    is_alone: bool
    merits: Merits
    scored: int


def views(scores: Iterable[Score], weights: Sequence[tuple[str, Fraction]]) -> list[View]:
    """Return every reading: reviewers, then criteria, each alone and left out where anything stays; by name.

    Args:
        scores: Of the round's requests; each request has a score on every criterion that is weighed.
        weights: Criterion and weight, above zero.
    """
    weighed = dict(weights)
    told = [score for score in scores if score[2] in weighed]
    sheet = _Sheet(told)
    found = []
    reviewers = sorted({reviewer for _, reviewer, _, _ in told})
    for name in reviewers:
        scored = len({request for request, reviewer, _, _ in told if reviewer == name})
        found.append(View("reviewer", name, True, sheet.merits(weighed, {name}), scored))
        if len(reviewers) > 1:
            others = {other for other in reviewers if other != name}
            found.append(View("reviewer", name, False, sheet.merits(weighed, others), scored))
    for name, weight in weights:
        found.append(View("criterion", name, True, sheet.merits({name: weight}), len(sheet.requests)))
        if len(weighed) > 1:
            others_weighed = {other: weighed[other] for other in weighed if other != name}
            found.append(View("criterion", name, False, sheet.merits(others_weighed), len(sheet.requests)))
    return found


def under(problem: Problem, merits: Mapping[str, Fraction]) -> Problem:
    """Return the round with other merits; a request without one keeps its own."""
    requests = tuple(replace(r, merit=merits.get(r.request_id, r.merit)) for r in problem.requests)
    return replace(problem, requests=requests)


class _Sheet:
    """Scores by request and criterion."""

    def __init__(self, scores: Iterable[Score]) -> None:
        self._cells: dict[tuple[str, str], dict[str, Fraction]] = {}
        for request, reviewer, criterion, score in scores:
            self._cells.setdefault((request, criterion), {})[reviewer] = score
        self.requests = sorted({request for request, _ in self._cells})

    def merits(self, weights: Mapping[str, Fraction], reviewers: set[str] | None = None) -> Merits:
        """Return merit by request from some reviewers' scores, the mean of all standing in where they gave none."""
        whole = sum(weights.values(), start=Fraction(0))
        return {
            request: sum((self._mean(request, c, reviewers) * w for c, w in weights.items()), start=Fraction(0)) / whole
            for request in self.requests
        }

    def _mean(self, request: str, criterion: str, reviewers: set[str] | None) -> Fraction:
        cell = self._cells[request, criterion]
        heard = [score for reviewer, score in sorted(cell.items()) if reviewers is None or reviewer in reviewers]
        heard = heard or list(cell.values())
        return sum(heard, start=Fraction(0)) / len(heard)
