"""A decision as canonical JSON, and back: the form that INTERFACE.md gives, equal bytes for equal decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.decision import (
    TIE_RULE,
    Award,
    Decision,
    LimitOutcome,
    OverrideOutcome,
    Payment,
    Reason,
    StageOutcome,
    Unfunded,
    decimal_text,
    minor_exponent,
)
from ledgers.errors import FacilityError
from ledgers.money import major_units, minor_units


class DecisionInvalid(FacilityError):
    """A text or mapping that is no decision, or that was changed after the decision was made."""

    code = "decision-invalid"


_REMEDY = "give what `decision.to_json()` gave, or the text that `facility round solve --format json` printed"


def body_of(decision: Decision) -> dict[str, Any]:
    """Return what a decision's digest is of: everything but seconds, approvals and the digest itself."""

    def money(minor: int) -> str:
        return str(major_units(minor, decision.currency))

    def reasons(because: tuple[Reason, ...]) -> dict[str, Any]:
        """Return the sentences, and beside them, in the same order, what they are made of."""
        facts = [{"kind": reason.kind, "facts": dict(reason.facts)} for reason in because]
        return {"because": [reason.sentence for reason in because], "reasons": facts}

    return {
        "round": decision.round_id,
        "currency": decision.currency,
        "status": decision.status,
        "objective_name": decision.objective_name,
        **_told("objective", decision.objective),
        **({"bound": None} if decision.bound is None else _told("bound", decision.bound)),
        "gap": decision.gap,
        "solver": decision.solver,
        "ties": TIE_RULE,
        "inputs": decision.inputs,
        "resources": money(decision.resources),
        "awarded": money(decision.awarded),
        "awards": [
            {
                "request": award.request_id,
                "amount": money(award.amount),
                "payments": [
                    {"contribution": p.contribution_id, "amount": money(p.amount), **_year(p)} for p in award.payments
                ],
                **(reasons(award.because) if award.because else {}),
            }
            for award in decision.awards
        ],
        "unfunded": [
            {
                "request": refused.request_id,
                **reasons(refused.because),
                "would_take": money(refused.would_take),
            }
            for refused in decision.unfunded
        ],
        "limits": [
            {
                "name": limit.name,
                "side": limit.side,
                **_told("bound", limit.bound / _scale(limit.unit, decision.currency)),
                **_told("actual", limit.actual / _scale(limit.unit, decision.currency)),
                "unit": limit.unit,
                "binding": limit.binding,
            }
            for limit in decision.limits
        ],
        **({"conflict": list(decision.conflict)} if decision.conflict else {}),
        **_proof(decision),
    }


def _proof(decision: Decision) -> dict[str, Any]:
    """Return what only some decisions have: the method, the later objectives, what rational arithmetic proves."""
    found: dict[str, Any] = {"method": decision.method} if decision.method else {}
    if decision.stages:
        found["stages"] = [
            {
                "objective": stage.objective,
                **({"of": stage.of} if stage.of else {}),
                **_told("value", stage.value),
                **_told("bound", stage.bound),
                **_told("gave_up", stage.gave_up),
            }
            for stage in decision.stages
        ]
    if decision.overrides:
        found["overrides"] = [_override(one, decision.currency) for one in decision.overrides]
    if decision.certified_bound is not None:
        found |= _told("certified_bound", decision.certified_bound)
    if decision.certificate is not None:
        found["certificate"] = decision.certificate
    if decision.conflict_moves:
        found["conflict_moves"] = [dict(move) for move in decision.conflict_moves]
    if decision.prices:
        found["prices"] = [{"earmark": earmark, **_told("merit_per_unit", worth)} for earmark, worth in decision.prices]
    return found


def _override(one: OverrideOutcome, currency: str) -> dict[str, Any]:
    return {
        "request": one.request_id,
        "by": one.by,
        "reason": one.reason,
        "at_least": str(major_units(one.least, currency)),
        "at_most": str(major_units(one.most, currency)),
        "price": {**_told("at_least", one.price_least), **_told("at_most", one.price_most)},
    }


def _year(payment: Payment) -> dict[str, int]:
    return {} if payment.year is None else {"year": payment.year}


def _told(key: str, value: Fraction) -> dict[str, str]:
    """Return a figure as decimal text, and beside it the exact ratio where twelve places cannot hold it."""
    text = decimal_text(value)
    return {key: text} if Fraction(text) == value else {key: text, f"{key}_exact": str(value)}


def _read(row: Mapping[str, Any], key: str) -> Fraction:
    return Fraction(row.get(f"{key}_exact", row[key]))


def _scale(unit: str, currency: str) -> int:
    return 10 ** minor_exponent(currency) if unit == "money" else 1


def decision_from_json(body: Mapping[str, Any] | str | bytes) -> Decision:
    """Return the decision that `Decision.to_json` gave, or that its JSON text says, held against its digest.

    Raises:
        DecisionInvalid: it is no decision, or not the one that its digest says.

    >>> decision_from_json('{"round": "R1"}')
    Traceback (most recent call last):
    allocation.decision_json.DecisionInvalid: this is not a decision: the field currency is missing
    """
    try:
        told = json.loads(body) if isinstance(body, str | bytes) else body
        if not isinstance(told, Mapping):
            raise TypeError(f"a {type(told).__name__} has no fields")
        decision = read_decision(told)
        is_same = decision.digest() == told["decision"] and all(told[k] == v for k, v in body_of(decision).items())
    except KeyError as cause:
        raise DecisionInvalid(
            f"this is not a decision: the field {cause.args[0]} is missing", remedy=_REMEDY
        ) from cause
    except (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, FacilityError) as cause:
        raise DecisionInvalid(f"this is not a decision: {cause}", remedy=_REMEDY) from cause
    if not is_same:
        raise DecisionInvalid("the decision is not what its digest says: it was changed", remedy=_REMEDY)
    return decision


def read_decision(body: Mapping[str, Any]) -> Decision:
    """Return the decision that a mapping says, as it stands; `decision_from_json` holds it against its digest.

    Raises:
        KeyError: a field is missing.
        AmountInvalid: an amount is finer than the currency allows.
    """
    currency = body["currency"]
    return Decision(
        round_id=body["round"],
        currency=currency,
        status=body["status"],
        objective_name=body["objective_name"],
        objective=_read(body, "objective"),
        bound=None if body["bound"] is None else _read(body, "bound"),
        gap=body["gap"],
        solver=body["solver"],
        seconds=body["seconds"],
        inputs=body["inputs"],
        resources=_minor(body["resources"], currency),
        awarded=_minor(body["awarded"], currency),
        awards=tuple(_read_award(row, currency) for row in body["awards"]),
        unfunded=tuple(
            Unfunded(row["request"], _read_reasons(row), _minor(row["would_take"], currency))
            for row in body["unfunded"]
        ),
        limits=tuple(_read_limit(row, currency) for row in body["limits"]),
        conflict=tuple(body.get("conflict", ())),
        method=body.get("method", ""),
        stages=tuple(_read_stage(row) for row in body.get("stages", ())),
        overrides=tuple(_read_override(row, currency) for row in body.get("overrides", ())),
        certified_bound=_read(body, "certified_bound") if "certified_bound" in body else None,
        certificate=body.get("certificate"),
        conflict_moves=tuple(body.get("conflict_moves", ())),
        prices=tuple((row["earmark"], _read(row, "merit_per_unit")) for row in body.get("prices", ())),
    )


def _minor(text: str, currency: str) -> int:
    return minor_units(Decimal(text), currency)


def _read_award(row: Mapping[str, Any], currency: str) -> Award:
    paid = tuple(Payment(p["contribution"], _minor(p["amount"], currency), p.get("year")) for p in row["payments"])
    return Award(row["request"], _minor(row["amount"], currency), paid, _read_reasons(row))


def _read_reasons(row: Mapping[str, Any]) -> tuple[Reason, ...]:
    told = zip(row.get("because", []), row.get("reasons", []), strict=True)
    return tuple(Reason(made["kind"], sentence, dict(made["facts"])) for sentence, made in told)


def _read_limit(row: Mapping[str, Any], currency: str) -> LimitOutcome:
    scale = _scale(row["unit"], currency)
    bound, actual = _read(row, "bound") * scale, _read(row, "actual") * scale
    return LimitOutcome(row["name"], row["side"], bound, actual, row["unit"], row["binding"])


def _read_stage(row: Mapping[str, Any]) -> StageOutcome:
    figures = (_read(row, name) for name in ("value", "bound", "gave_up"))
    return StageOutcome(row["objective"], row.get("of", ""), *figures)


def _read_override(row: Mapping[str, Any], currency: str) -> OverrideOutcome:
    least, most = (_minor(row[side], currency) for side in ("at_least", "at_most"))
    price = (_read(row["price"], side) for side in ("at_least", "at_most"))
    return OverrideOutcome(row["request"], row["by"], row["reason"], least, most, *price)
