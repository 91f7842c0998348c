"""Which money may pay a request at all, and which terms refuse it where none may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from allocation.decision import Reason
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import Part, Terms, admits, spoken

_SHOWN_MAX = 5


def eligible_pairs(problem: Problem) -> tuple[int, ...]:
    """Return for each contribution, in the problem's order, which requests it may pay, as bits by their position."""
    last_days = [request.ends_on or problem.on for request in problem.requests]
    admitted: dict[Terms, int] = {}
    in_time: dict[date, int] = {}
    masks = []
    for contribution in problem.contributions:
        terms, use_by = contribution.earmark, contribution.use_by
        if terms not in admitted:
            admitted[terms] = _bits(admits(terms, request.subject, problem.places) for request in problem.requests)
        mask = admitted[terms]
        if use_by is not None:
            if use_by not in in_time:
                in_time[use_by] = _bits(day <= use_by for day in last_days)
            mask &= in_time[use_by]
        masks.append(mask)
    return tuple(masks)


def _bits(flags: Any) -> int:
    return sum(1 << position for position, flag in enumerate(flags) if flag)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What one contribution asks for that a request does not meet."""

    parts: tuple[Part, ...]
    use_by: date | None


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
        }
        for refusal, count in ordered
    ]
    return Reason("not-eligible", sentence, {"contributions": whole, "refusals": facts})


def _refusal(problem: Problem, contribution: Contribution, request: Request) -> _Refusal:
    failing = tuple(
        part for part in contribution.earmark.parts if not admits(Terms((part,)), request.subject, problem.places)
    )
    late = contribution.use_by is not None and (request.ends_on or problem.on) > contribution.use_by
    return _Refusal(failing, contribution.use_by if late else None)


def _told(refusal: _Refusal, request: Request, problem: Problem, *, one: bool = False) -> str:
    told = []
    if refusal.parts:
        its = ", ".join(dict.fromkeys(_its(part.attribute, request) for part in refusal.parts))
        told.append(f"{'asks' if one else 'ask'} for {spoken(Terms(refusal.parts))} ({its})")
    if refusal.use_by is not None:
        until = f"it ends on {request.ends_on}" if request.ends_on else f"it has no end date in a round of {problem.on}"
        told.append(f"must be spent by {refusal.use_by} ({until})")
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
