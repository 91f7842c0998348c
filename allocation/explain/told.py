"""What was found, in plain sentences and as JSON. No sentence says more than what was proven.

Amounts in JSON are decimal text in major units, figures of the objective are decimal text rounded outward (an upper end
up, a lower end down), and shares are decimal text between 0 and 1.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.decision import decimal_text
from allocation.explain.alternatives import Alternative
from allocation.explain.every import Explained
from allocation.explain.forced import EARMARKS, Loss
from allocation.explain.moves import Move
from allocation.explain.new_money import NewMoney
from allocation.problem import Problem
from allocation.why_ranked import listed, points
from allocation.why_rules import money, percent, shown_figure
from ledgers.money import major_units

_SPOKEN_MAX = 4


def explained_json(problem: Problem, found: Explained) -> dict[str, Any]:
    """Return what one request would cost and take."""
    return {
        "request": found.request_id,
        "awarded": _plain(problem, found.awarded),
        "loss": _loss_json(problem, found.loss),
        "changes": [
            {"request": one, "before": _plain(problem, before), "after": _plain(problem, after)}
            for one, (before, after) in found.displaced.items()
        ],
        "new_money": _new_money_json(problem, found.new_money),
        "sentences": [loss_sentence(problem, found), new_money_sentence(problem, found.new_money)],
    }


def loss_sentence(problem: Problem, found: Explained) -> str:
    """Return what the round would lose if a request were funded, and who would lose it."""
    loss, award = found.loss, money(found.loss.award, problem.currency)
    what = "awarding it its whole ask" if found.awarded else "funding it"
    if EARMARKS in loss.never:
        return f"{what} is not possible at any loss: no money of the round may pay it enough"
    if loss.never:
        return f"{what} is not possible at any loss: {_rules(loss.never)} would not be kept"
    low = None if loss.at_least is None or loss.at_least <= 0 else _down(problem, loss.at_least)
    if loss.at_most is None:
        least = f"at least {low}" if low else "something, or nothing,"
        return (
            f"{what} with at least {award} would cost the round {least}; no decision that does it was found in the time"
        )
    if loss.at_most < 0:
        return _better(problem, found.awarded, points(problem, -loss.at_most))
    high = points(problem, loss.at_most)
    between = f"between {low} and {high}" if low and low != high else f"{high}" if low else f"at most {high}"
    return f"{what} with at least {award} would cost the round {between}{_whose(problem, found)}{_first_only(problem)}"


def _better(problem: Problem, awarded: int, gain: str) -> str:
    """Return that a better decision is known, and why this one could stand: its gap, or what later objectives cost."""
    does = "gives it its whole ask" if awarded else "funds it"
    gap = "best only within its gap"
    if any(stage.may_cost for stage in problem.policy.later):
        gap += f" and what the policy lets later objectives cost {problem.policy.objective}"
    return f"a decision that {does} was found that is better by {gain}: this one is {gap}"


def _first_only(problem: Problem) -> str:
    """Return that only the first objective was counted, where there are more."""
    return f" (of {problem.policy.objective} alone, not of the later objectives)" if problem.policy.later else ""


def _whose(problem: Problem, found: Explained) -> str:
    """Return whose awards would shrink, go or come in the decision that loses the most of the interval."""
    others = {one: pair for one, pair in found.displaced.items() if one != found.request_id}
    gone = [f"{one} ({money(b, problem.currency)})" for one, (b, a) in others.items() if b and not a]
    less = [f"{one} (by {money(b - a, problem.currency)})" for one, (b, a) in others.items() if 0 < a < b]
    come = [f"{one} ({money(a, problem.currency)})" for one, (b, a) in others.items() if a and not b]
    more = [f"{one} (by {money(a - b, problem.currency)})" for one, (b, a) in others.items() if 0 < b < a]
    told = (("takes all from", gone), ("takes a part from", less), ("funds", come), ("gives more to", more))
    parts = [f"{verb} {listed(named[:_SPOKEN_MAX], len(named))}" for verb, named in told if named]
    return f"; one decision that costs the upper figure {listed(parts, len(parts))}" if parts else ""


def new_money_sentence(problem: Problem, found: NewMoney) -> str:
    """Return the least new money that funds a request while no award falls, or that no amount does."""
    award = money(found.award, problem.currency)
    if found.never:
        return (
            "no amount of new money restricted to it would fund it while no award falls: "
            f"{_rules(found.never)} would not be kept"
        )
    if found.enough is not None and found.enough == found.at_least:
        if found.enough == 0:
            return f"no new money is needed to award it {award} while no award falls"
        exact = money(found.enough, problem.currency)
        return f"{exact} of new money restricted to it, and no less, would fund it with {award} while no award falls"
    least = money(found.at_least or 0, problem.currency)
    if found.enough is not None:
        enough = money(found.enough, problem.currency)
        return f"{enough} of new money restricted to it would fund it while no award falls; less than {least} would not"
    if not found.at_least:
        return "what new money restricted to it would fund it while no award falls was not worked out here"
    return (
        f"less than {least} of new money restricted to it would not fund it while no award falls; "
        "whether any amount does was not worked out here"
    )


def move_json(problem: Problem, move: Move) -> dict[str, Any]:
    """Return how far one side of one rule of a conflict would have to move."""
    told: dict[str, Any] = {"rule": move.name, "side": move.side, "unit": move.unit}
    for key in ("bound", "enough", "too_much"):
        value = getattr(move, key)
        told[key] = None if value is None else _figure(problem, move, _kept(problem, move, value))
    return {**told, "exact": move.is_exact, "sentence": move_sentence(problem, move)}


def move_sentence(problem: Problem, move: Move) -> str:
    """Return how far one side of one rule would have to move, as a person would say it."""
    if move.side == "rule":
        ends = "its end would be enough" if move.enough is not None else "giving it up alone is not enough"
        return f'"{move.name}" can only be given up: with every other rule kept, {ends}'
    rule = "the reserve" if move.side == "reserve" else f'the {_words(move.side)} "{move.name}"'
    now = _shown(problem, move, move.bound)
    if move.enough is None:
        if move.too_much is None:
            return f"{rule}, now {now}: how far it alone would have to move was not found in the time"
        return f"{rule}, now {now}: no change of it alone is enough, since other rules conflict without it"
    falls = "fall" if move.side.endswith("at_least") or move.side == "reserve" else "rise"
    enough = _shown(problem, move, move.enough)
    if move.is_exact:
        return f"{rule}, now {now}, would alone have to {falls} to {enough}"
    return f"{rule}, now {now}: if it alone were to {falls} to {enough}, that would be enough; less may be"


def alternative_json(found: Alternative) -> dict[str, Any]:
    """Return another decision with its loss, whole."""
    share = found.loses / (found.decision.objective + found.loses) if found.decision.objective + found.loses else 0
    return {
        "loses": decimal_text(found.loses),
        "share": decimal_text(Fraction(share)),
        "funded": list(found.funded),
        "refused": list(found.refused),
        "changes": len(found.funded) + len(found.refused),
        "most_changes": found.most_changes,
        "decision": found.decision.to_json(),
    }


def _loss_json(problem: Problem, loss: Loss) -> dict[str, Any]:
    return {
        "award": _plain(problem, loss.award),
        "at_least": _lower(loss.at_least),
        "certified": _lower(loss.certified),
        "at_most": None if loss.at_most is None else decimal_text(loss.at_most),
        "open": loss.is_open,
        "never": list(loss.never),
    }


def _new_money_json(problem: Problem, found: NewMoney) -> dict[str, Any]:
    return {
        "award": _plain(problem, found.award),
        "at_least": None if found.at_least is None else _plain(problem, found.at_least),
        "enough": None if found.enough is None else _plain(problem, found.enough),
        "resources": None if found.enough is None else _plain(problem, problem.resources + found.enough),
        "never": list(found.never),
    }


def _rules(names: tuple[str, ...]) -> str:
    named = [f'"{name}"' for name in names]
    if len(named) == 1:
        return f"the rule {named[0]}"
    return f"the rules {listed(named[:_SPOKEN_MAX], len(named))} together"


def _plain(problem: Problem, minor: int) -> str:
    return str(major_units(minor, problem.currency))


def _lower(value: Fraction | None) -> str | None:
    """Return a lower end as text, rounded down."""
    if value is None:
        return None
    scaled = math.floor(value * 10**6)
    return format(Decimal(scaled).scaleb(-6).normalize(), "f")


def _down(problem: Problem, value: Fraction) -> str:
    """Return points rounded down to what is shown."""
    places = 100 if value >= 1 else 10_000
    return points(problem, Fraction(math.floor(value * places), places))


def _words(side: str) -> str:
    return {
        "at_least": "floor", "at_most": "ceiling", "count_at_least": "least count", "count_at_most": "greatest count",
    }[side]  # fmt: skip


def _kept(problem: Problem, move: Move, value: Fraction) -> Fraction:
    """Return a figure of a rule; of the reserve what it keeps, not what it leaves."""
    return problem.resources - value if move.side == "reserve" else value


def _figure(problem: Problem, move: Move, value: Fraction) -> str:
    if move.unit == "money":
        return decimal_text(value / 10 ** _places(problem))
    return decimal_text(value)


def _shown(problem: Problem, move: Move, value: Fraction) -> str:
    """Return a figure as a reader sees it; a share in the direction in which it is still true."""
    value = _kept(problem, move, value)
    if move.unit == "share":
        return f"{percent(value, up=move.side == 'at_most')} of what is awarded"
    text = shown_figure(value, move.unit, problem.currency)
    if move.unit == "money" and move.side != "reserve" and problem.resources:
        text += f" ({percent(value / problem.resources, up=move.side == 'at_most')} of resources)"
    return text


def _places(problem: Problem) -> int:
    from ledgers.money import places

    return places(problem.currency)
