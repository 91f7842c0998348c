"""What is said of one request, each sentence with what a stranger needs to check it alone.

A claim is plain reckoning (see `because`), a decision (awards and payments under which it holds) or a proof (prices
that no awards can pass).
The stand-alone checker reads both from a round's files; `facility/help/proofs.md` tells the kinds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from allocation.certificate import Certificate, certified
from allocation.decision import Decision, decimal_text
from allocation.explain.because import because_claims
from allocation.explain.every import Explained
from allocation.explain.forced import EARMARKS
from allocation.explain.new_money import Least, new_money_name, resource_slopes
from allocation.explain.proofs import OVER, Proof, Prover, Thing, row_things
from allocation.limits import RESERVE
from allocation.prepared import Prepared
from allocation.why_ranked import points
from allocation.why_rules import money
from ledgers.money import major_units, places


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims about one request.

    Attributes:
        explained: What they are of, with the loss that rational arithmetic proves.
        rows: For JSON, in the order in which they are told.
    """

    explained: Explained
    rows: tuple[Mapping[str, Any], ...]


def claims(round_: Prepared, decision: Decision, found: Explained, *, seconds: float = 10.0) -> Claims:
    """Return every claim that can be made of what was found of a request, with its proof, in the order of a page."""
    loss, costs = found.loss, list[Mapping[str, Any]]()
    if loss.never == () and loss.at_most is not None:
        found, proven = _proven(round_, decision, found, seconds)
        costs += proven
    if loss.decision is not None and loss.at_most is not None:
        costs.append(_at_most(round_, found))
    *because, objective, remainder = because_claims(round_, decision, found.request_id)
    rows = [*because, *_of_new_money(round_, decision, found), objective, *costs, remainder]
    numbered = [{"id": f"{found.request_id}/{n}", "about": found.request_id, **row} for n, row in enumerate(rows, 1)]
    return Claims(found, tuple(numbered))


def _proven(
    round_: Prepared, decision: Decision, found: Explained, seconds: float
) -> tuple[Explained, list[dict[str, Any]]]:
    """Return the loss with what is proven of it, and the claim that it is at least so much."""
    by_classes = round_.has_years or round_.problem.overrides
    proof = (_by_classes if by_classes else _by_halls)(round_, decision, found, seconds)
    if proof is None:
        return found, []
    least = Fraction(math.floor((decision.objective - proof.bound) * 10**6), 10**6)
    told = replace(found, loss=replace(found.loss, certified=least))
    if least <= 0:
        return told, []
    sentence = f"Funding {_what(round_, found)} would cost the round at least {_points(round_, least, up=False)}."
    claim = {
        "kind": "loses-at-least",
        "sentence": sentence,
        "loss": decimal_text(least),
        "at_least": _floor(round_, found),
        "certificate": proof.body,
    }
    return told, [claim]


def _by_halls(round_: Prepared, decision: Decision, found: Explained, seconds: float) -> Proof:
    """Return a bound on all awards with the request, by prices of Hall conditions."""
    request = _position(round_, found.request_id)
    span = round_.ranges[request]
    ranges = [replace(span, least=found.loss.award) if r == request else one for r, one in enumerate(round_.ranges)]
    highest = decision.objective - (found.loss.at_least or 0)
    prover = Prover(replace(round_, ranges=tuple(ranges)), {request: True})
    near = abs(found.loss.at_most or Fraction(0)) / 100
    return prover.prove(highest + near, seconds=seconds)


def _by_classes(round_: Prepared, decision: Decision, found: Explained, seconds: float) -> Certificate | None:
    """Return such a bound by prices of each class of money.

    By years a Hall condition has no price of its own; and what was decided by hand narrows awards and has no price
    either, which the certificate's statement counts.
    """
    request, reached = _position(round_, found.request_id), decision.objective - (found.loss.at_most or 0)
    settled = {request: found.loss.award}
    return certified(round_, reached, seconds=seconds, step=round_.objective_step, at_least=settled)


def _at_most(round_: Prepared, found: Explained) -> dict[str, Any]:
    loss = found.loss
    most = loss.at_most if loss.at_most is not None else Fraction(0)
    text = decimal_text(most)
    sentence = f"Funding {_what(round_, found)} need not cost the round more than {_points(round_, most, up=True)}."
    return {
        "kind": "loses-at-most",
        "sentence": sentence,
        "loss": text,
        **({} if Fraction(text) == most else {"loss_exact": str(most)}),
        "at_least": _floor(round_, found),
        "changes": [
            {"request": one, "before": _plain(round_, before), "after": _plain(round_, after)}
            for one, (before, after) in sorted(found.displaced.items())
        ],
        "awards": [] if loss.decision is None else loss.decision.to_json()["awards"],
    }


def _of_new_money(round_: Prepared, decision: Decision, found: Explained) -> Iterator[dict[str, Any]]:
    """Yield the claims about new money: with how much, not with less, or never."""
    new, problem = found.new_money, round_.problem
    currency, name = problem.currency, new_money_name(problem, found.request_id)
    at_least = {found.request_id: _plain(round_, new.award)}
    award = money(new.award, currency)
    if new.decision is not None and new.enough is not None:
        yield {
            "kind": "funded-with",
            "sentence": f"With {money(new.enough, currency)} of new money for it alone, {found.request_id} gets "
            f"{award} or more, no award falls and every rule holds.",
            "amount": _plain(round_, new.enough),
            "contribution": name,
            "at_least": at_least,
            "awards": new.decision.to_json()["awards"],
        }
    if new.never:
        by_hand = any(o.request_id == found.request_id and o.most < new.award for o in problem.overrides)
        certificate = None if by_hand else _ceiling(round_, new.never)
        if certificate is not None:
            yield {
                "kind": "no-amount",
                "sentence": f"No amount of new money for it alone gives {found.request_id} {award} while no award "
                f'falls: "{new.never[0]}" does not allow it.',
                "contribution": name,
                "at_least": at_least,
                "certificate": certificate,
            }
        return
    known = Least(round_, decision).reckoned(_position(round_, found.request_id))
    is_plain = known.binding is not None and (known.binding >= 0 or not round_.has_years)
    if known.at_least and known.binding is not None and is_plain:
        yield {
            "kind": "cannot-with-less-than",
            "sentence": f"With less than {money(known.at_least, currency)} of new money for it alone, "
            f"{found.request_id} cannot get {award} while no award falls.",
            "amount": _plain(round_, known.at_least),
            "contribution": name,
            "at_least": at_least,
            "certificate": _needed(round_, decision, found.request_id, known.binding, name),
        }


def _needed(round_: Prepared, decision: Decision, request_id: str, binding: int, name: str) -> dict[str, Any]:
    """Return the prices that prove how much is lacking: of the money that could come, or of one rule."""
    if binding < 0:
        left = Least(round_, decision).left(request_id)
        owners = [] if left is None else left.contributions
        things: list[Thing] = [("money", one) if code is None else ("room", one, code) for one, code in owners]
        return _root({("money", name): OVER, **dict.fromkeys(things, OVER)}, OVER)
    thing, unit = row_things(round_)[binding]
    per_rule_unit = resource_slopes(round_)[binding] / unit * 10 ** places(round_.problem.currency)
    over = OVER * per_rule_unit.numerator
    return _root({thing: OVER * per_rule_unit.denominator}, over)


def _ceiling(round_: Prepared, names: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the price that proves that one ceiling is broken whatever is added; None where it is not one alone."""
    slopes, named = resource_slopes(round_), row_things(round_)
    if len(names) != 1 or names[0] == EARMARKS:
        return None
    for number, row in enumerate(round_.rows):
        rises = row.total >= 0 and all(c >= 0 for c in (*row.amounts.values(), *row.choices.values()))
        if row.name == names[0] and row.name != RESERVE and number in named and rises and slopes[number] <= 0:
            return _root({named[number][0]: OVER}, OVER)
    return None


def _root(prices: Mapping[Thing, int], over: int) -> dict[str, Any]:
    things = list(prices)
    proof = [[position, prices[thing]] for position, thing in enumerate(things)]
    return {"over": over, "things": [list(thing) for thing in things], "proofs": [proof], "tree": {"proof": 0}}


def _what(round_: Prepared, found: Explained) -> str:
    award = money(found.loss.award, round_.problem.currency)
    return (
        f"{found.request_id} with its whole ask, {award},"
        if found.awarded
        else f"{found.request_id} with at least {award}"
    )


def _floor(round_: Prepared, found: Explained) -> dict[str, str]:
    return {found.request_id: _plain(round_, found.loss.award)}


def _points(round_: Prepared, value: Fraction, *, up: bool) -> str:
    """Return points rounded so that the sentence stays true."""
    scaled = value * 100
    return points(round_.problem, Fraction(math.ceil(scaled) if up else math.floor(scaled), 100))


def _plain(round_: Prepared, minor: int) -> str:
    return str(major_units(minor, round_.problem.currency))


def _position(round_: Prepared, request_id: str) -> int:
    return next(n for n, request in enumerate(round_.problem.requests) if request.request_id == request_id)
