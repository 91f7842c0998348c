"""What the decision itself says of one request, as claims: its figures, and each reason with what shows it.

No search and no prices are needed: whoever has the round's files reckons these again. A reason that only a search can
tell (rules that together allow no award at all) is no claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from allocation.decision import Decision, Reason, decimal_text
from allocation.prepared import Prepared
from allocation.problem import Problem, Request
from allocation.why_money import Money
from allocation.why_ranked import points
from allocation.why_rules import money
from ledgers.money import major_units

_KINDS = {
    "not-eligible": "not-eligible",
    "override": "override",
    "exclusive": "exclusive",
    "requires": "requires",
    "limit": "limit-breaks",
    "reserve": "reserve",
    "not-enough-money": "not-enough-money",
    "no-merit": "no-rule-breaks",
    "within-gap": "no-rule-breaks",
}
_HELD = ("needs", "left", "lowest", "lower", "frees_at_most", "best", "loses", "earns_at_most", "breaks", "side")


def because_claims(round_: Prepared, decision: Decision, request_id: str) -> Iterator[dict[str, Any]]:
    """Yield the claims about the figures of the round and the request, then one for each reason that it was told."""
    problem = round_.problem
    request = next(one for one in problem.requests if one.request_id == request_id)
    awarded = {award.request_id: award.amount for award in decision.awards}.get(request_id, 0)
    yield _of_round(problem, decision)
    if not awarded:
        yield from _unfunded_above(problem, decision, request)
    yield _of_request(problem, request, awarded)
    for reason in reasons_of(decision, request_id):
        found = _of_reason(problem, decision, request, reason)
        if found is not None:
            yield found
    yield _of_objective(problem, decision)
    yield _of_remainder(problem, request, awarded)


def reasons_of(decision: Decision, request_id: str) -> tuple[Reason, ...]:
    """Return what a request was told; nothing when it has its whole ask."""
    awards = {one.request_id: one.because for one in decision.awards}
    unfunded = {one.request_id: one.because for one in decision.unfunded}
    return (awards | unfunded)[request_id]


def reason_sentence(reason: Reason) -> str:
    """Return a reason as a sentence of its own."""
    return f"{reason.sentence[:1].upper()}{reason.sentence[1:]}."


def _of_round(problem: Problem, decision: Decision) -> dict[str, Any]:
    asked = sum(request.ask for request in problem.requests)
    figures = {
        "resources": _plain(problem, decision.resources),
        "asked": _plain(problem, asked),
        "requests": len(problem.requests),
        "funded": len(decision.awards),
        "awarded": _plain(problem, decision.awarded),
    }
    sentence = (
        f"The round had {_told(problem, decision.resources)}, and was asked for {_told(problem, asked)}. "
        f"It funded {figures['funded']:,} of {figures['requests']:,} requests, with {_told(problem, decision.awarded)}."
    )
    return {"kind": "figures", "sentence": sentence, "figures": figures}


def _unfunded_above(problem: Problem, decision: Decision, request: Request) -> Iterator[dict[str, Any]]:
    merit = {one.request_id: one.merit for one in problem.requests}
    above = sum(1 for refused in decision.unfunded if merit[refused.request_id] > request.merit)
    if above:
        whose = "1 request with a higher merit was" if above == 1 else f"{above:,} requests with a higher merit were"
        sentence = f"Not to be funded is no judgement of the work proposed: {whose} not funded either."
        yield {"kind": "figures", "sentence": sentence, "figures": {"unfunded with a higher merit": above}}


def _of_request(problem: Problem, request: Request, awarded: int) -> dict[str, Any]:
    least = f"at least {_told(problem, request.minimum)}" if request.minimum else "any amount"
    given = _told(problem, awarded) if awarded else "nothing"
    sentence = (
        f"{request.request_id} asked for {_told(problem, request.ask)}, or {least}; its merit in this round is "
        f"{decimal_text(request.merit, places_max=6)}; it is awarded {given}."
    )
    figures = {
        "ask": _plain(problem, request.ask),
        "minimum": _plain(problem, request.minimum),
        "merit": decimal_text(request.merit),
        "award": _plain(problem, awarded),
    }
    return {"kind": "figures", "sentence": sentence, "figures": figures}


def _of_objective(problem: Problem, decision: Decision) -> dict[str, Any]:
    counted = (
        "A point is one of merit of a funded request"
        if problem.policy.objective == "score"
        else f"A point is one of merit for each {problem.currency} awarded"
    )
    told = points(problem, decision.objective).removesuffix(f" of merit × {problem.currency}")
    sentence = f"{counted}; the round's awards come to {told}."
    return {"kind": "figures", "sentence": sentence, "figures": {"objective": decimal_text(decision.objective)}}


def _of_remainder(problem: Problem, request: Request, awarded: int) -> dict[str, Any]:
    remainder = request.ask - awarded
    whole = _told(problem, remainder)
    sentence = (
        f"The remainder, {whole}, can be asked for in a later round, under a new id that names {request.request_id} as "
        "the request that it continues."
        if awarded
        else f"It is awarded nothing, so it can stand again in a later round for its whole ask, {whole}, as it is; "
        "nothing has to be written anew."
    )
    figures = {"award": _plain(problem, awarded), "remainder": _plain(problem, remainder)}
    return {"kind": "figures", "sentence": sentence, "figures": figures}


def _of_reason(problem: Problem, decision: Decision, request: Request, reason: Reason) -> dict[str, Any] | None:
    """Return the claim that a reason makes, or None where only a search can tell it."""
    facts, sentence = reason.facts, {"sentence": reason_sentence(reason)}
    if reason.kind == "out-ranked" and "reserve" in facts:
        held = {"reserve": facts["reserve"], "available": facts["competed"], **_known(facts)}
        return {"kind": "reserve-held", **sentence, **held}
    if reason.kind == "out-ranked":
        return {"kind": "money-held", **sentence, **_money_held(problem, decision, request, facts)}
    if "limits" in facts or reason.kind not in _KINDS:
        return None  # what rules allow together, and what later objectives moved, only a search can tell
    more: dict[str, Any] = {}
    if reason.kind == "not-enough-money":
        more["contributions"] = len(Money(problem, decision).payers(request.request_id))
    told = {key: value for key, value in facts.items() if key not in ("unit", "kind")}
    return {"kind": _KINDS[reason.kind], **sentence, **told, **more}


def _money_held(problem: Problem, decision: Decision, request: Request, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return whose money could come to a request, and the awards that no other money may pay."""
    year = facts.get("year")
    part = 0 if year is None else [one for one, _ in request.years].index(year)
    left = Money(problem, decision).left(request.request_id, part)
    return {
        **({} if year is None else {"year": year}),
        "from": [list(one) for one in left.contributions],
        "awards": sorted(left.awards),
        "available": facts["competed"],
        **_known(facts),
    }


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: facts[key] for key in _HELD if key in facts}
    if "best" in facts and Fraction(facts["earns_at_most"]) <= Fraction(facts["loses"]):
        found["does_not_pay"] = True
    return found


def _told(problem: Problem, minor: int) -> str:
    return money(minor, problem.currency)


def _plain(problem: Problem, minor: int) -> str:
    return str(major_units(minor, problem.currency))
