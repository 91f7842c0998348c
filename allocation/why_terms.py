"""Which money may pay a request at all, and which terms refuse it where none may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocation.classes import Eligibility
from allocation.decision import Reason
from allocation.problem import Contribution, Problem, Request, last_day
from allocation.years import may_pay_then, parts_of
from ledgers.terms import Part, Terms, admits, spoken

_SHOWN_MAX = 5


def eligible_parts(problem: Problem) -> tuple[list[NDArray[np.bool_]], dict[str, tuple[int, ...]]]:
    """Return a flag for each part that each contribution may pay, and which parts are each request's.

    A request has one part, or one for each of its years (see `years`). Contributions with the same terms and dates
    share one array.
    """
    parts = [(r, part) for r, request in enumerate(problem.requests) for part in parts_of(request, problem.on)]
    of_request: dict[str, tuple[int, ...]] = {}
    for number, (r, _) in enumerate(parts):
        name = problem.requests[r].request_id
        of_request[name] = (*of_request.get(name, ()), number)
    which = np.array([r for r, _ in parts], dtype=np.int64)
    first = np.array([part.first.toordinal() for _, part in parts], dtype=np.int64)
    last = np.array([part.last.toordinal() for _, part in parts], dtype=np.int64)
    eligibility = Eligibility([request.subject for request in problem.requests], problem.places)
    known: dict[tuple[Terms, date | None, date | None], NDArray[np.bool_]] = {}
    for contribution in problem.contributions:
        key = _dated(contribution)
        if key not in known:
            flags = eligibility.row(contribution.earmark)[which]
            flags = flags & (last <= key[1].toordinal()) if key[1] is not None else flags
            flags = flags & (first >= key[2].toordinal()) if key[2] is not None else flags
            known[key] = flags
    return [known[_dated(contribution)] for contribution in problem.contributions], of_request


def _dated(contribution: Contribution) -> tuple[Terms, date | None, date | None]:
    return contribution.earmark, last_day(contribution), contribution.spend_from


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What one contribution asks for that a request does not meet."""

    parts: tuple[Part, ...]
    use_by: date | None
    spend_from: date | None = None


def not_eligible(problem: Problem, request: Request) -> Reason:
    """Return why no contribution of the round may pay a request: the conditions that fail, the commonest first."""
    refusals = Counter(_refusal(problem, contribution, request) for contribution in problem.contributions)
    ordered = sorted(refusals.items(), key=lambda item: (-item[1], _told(item[0], request, problem)))
    groups = [f"{count} {_told(refusal, request, problem, one=count == 1)}" for refusal, count in ordered]
    hidden = sum(count for _, count in ordered[_SHOWN_MAX:])
    told = "; ".join(groups[:_SHOWN_MAX]) + (f"; {hidden} by other terms" if hidden else "")
    whole = len(problem.contributions)
    if whole == 0:
        sentence = "the round has no contributions"
    else:
        sentence = f"none of the round's {whole} contributions may pay it: {told}"
    facts = [
        {
            "contributions": count,
            "terms": str(Terms(refusal.parts)),
            "use_by": None if refusal.use_by is None else refusal.use_by.isoformat(),
            **({} if refusal.spend_from is None else {"spend_from": refusal.spend_from.isoformat()}),
        }
        for refusal, count in ordered
    ]
    return Reason("not-eligible", sentence, {"contributions": whole, "refusals": facts})


def _refusal(problem: Problem, contribution: Contribution, request: Request) -> _Refusal:
    failing = tuple(
        part for part in contribution.earmark.parts if not admits(Terms((part,)), request.subject, problem.places)
    )
    outside = [part for part in parts_of(request, problem.on) if not may_pay_then(contribution, part)]
    last = last_day(contribution)
    late = last is not None and any(part.last > last for part in outside)
    early = None if late or not outside else contribution.spend_from
    return _Refusal(failing, last if late else None, early)


def _told(refusal: _Refusal, request: Request, problem: Problem, *, one: bool = False) -> str:
    told = []
    if refusal.parts:
        its = ", ".join(dict.fromkeys(_its(part.attribute, request) for part in refusal.parts))
        told.append(f"{'asks' if one else 'ask'} for {spoken(Terms(refusal.parts))} ({its})")
    if refusal.use_by is not None:
        until = f"it ends on {request.ends_on}" if request.ends_on else f"it has no end date in a round of {problem.on}"
        told.append(f"must be spent by {refusal.use_by} ({until})")
    if refusal.spend_from is not None:
        told.append(f"may be spent from {refusal.spend_from} only, and its own spending starts before")
    return " and ".join(told)


def _its(attribute: str, request: Request) -> str:
    """Return what the request has for an attribute, in words."""
    subject = request.subject
    if attribute == "objective":
        numbers = ", ".join(str(number) for number in subject.objectives)
        return f"its objectives are {numbers}" if numbers else "it states no objective"
    value = getattr(subject, "country" if attribute == "region" else attribute)
    if attribute in ("country", "region"):
        return f"it is in {value}" if value else "it is global"
    if value is None or value == "":
        return f"its {attribute} is not stated"
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return f"its {attribute.replace('_', ' ')} is {value}"
