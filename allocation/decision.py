"""What the engine answers: awards, who pays them, what was refused and why, and how good it is.

A `Decision` is exact: amounts are whole minor units, the objective is a rational computed from the awards. Its JSON is
canonical, so that the same decision has the same digest on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from typing import Any, Literal

from ledgers.money import major_units, minor_units

Status = Literal["optimal", "feasible", "infeasible"]
TIE_RULE = "rows sorted by id; solver seed 0; payments by use-by, tightness, then pro rata, largest remainder, id"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of one contribution in one award, minor units, above zero; of one year where years are told apart."""

    contribution_id: str
    amount: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request got less than it asked for.

    Attributes:
        kind: `not-eligible`, `override`, `exclusive`, `requires`, `limit`, `reserve`, `not-enough-money`,
            `out-ranked`, `no-merit`, `later-objectives` or `within-gap`.
        sentence: One plain sentence with its figures.
        facts: The figures and names of the sentence, for machines and tests; amounts as decimal text in major units.
    """

    kind: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Award:
    """Money for one request.

    Attributes:
        request_id: Whose.
        amount: Minor units, above zero.
        payments: Sorted by contribution; they sum to `amount`.
        because: Why not the whole ask; empty when it is.
    """

    request_id: str
    amount: int
    payments: tuple[Payment, ...]
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfunded:
    """A request without an award, with every reason that stops it.

    Attributes:
        request_id: Whose.
        because: At least one reason.
        would_take: The least that would have been useful to it, minor units.
    """

    request_id: str
    because: tuple[Reason, ...]
    would_take: int


@dataclass(frozen=True, slots=True)
class LimitOutcome:
    """How one side of one limit came out.

    Attributes:
        name: The limit's name; for `each`, with the value: `One country, 8 % of resources: KEN`.
        side: `at_least`, `at_most`, `count_at_least` or `count_at_most`.
        bound: The figure that the limit sets, exact.
        actual: The figure reached, exact.
        unit: `money` (minor units), `count`, or a measure's name.
        binding: True when not one unit more (less) would be allowed.
    """

    name: str
    side: str
    bound: Fraction
    actual: Fraction
    unit: str
    binding: bool


@dataclass(frozen=True, slots=True)
class OverrideOutcome:
    """What a manual override asked for, and what it cost the round.

    Attributes:
        request_id: Whose award was decided by hand.
        by: Who decided.
        reason: Why.
        least: The least that it had to be awarded, minor units.
        most: The most that it could be awarded, minor units.
        price_least: The override cost the first objective at least this.
        price_most: And at most this.
    """

    request_id: str
    by: str
    reason: str
    least: int
    most: int
    price_least: Fraction
    price_most: Fraction


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """How one step of one objective came out; `expiring`, `keep-unearmarked` and `even` have several.

    Attributes:
        objective: As the policy names it.
        of: Which step: a use-by date, a class of earmark, how many of the least; empty when there is only one.
        value: Exact value of the final awards and payments; more is better.
        bound: Upper bound on what any awards could reach that keep what the earlier objectives reached.
        gave_up: How much of the best value found for this step later objectives gave up, as their `may_cost` allows.
    """

    objective: str
    of: str
    value: Fraction
    bound: Fraction
    gave_up: Fraction


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of solving one round.

    Attributes:
        round_id: The round's id.
        currency: ISO 4217 code of every amount.
        status: `optimal` (gap within the policy's), `feasible` (the search was cut short; true gap) or `infeasible`.
        objective_name: `merit` or `score`.
        objective: Exact value of the awards: merit points × major units of money, or points.
        bound: The solver's bound rounded outward, never below `objective`; None when infeasible.
        gap: (bound - objective) / objective, rounded up; 0 when both are 0; None when infeasible. What later objectives
            were allowed to cost the first (`stages`) counts as reached.
        solver: Name and version.
        seconds: Wall time; not part of the digest.
        inputs: Digest of the problem.
        resources: R in minor units.
        awarded: Sum of the awards in minor units.
        awards: Sorted by request.
        unfunded: Sorted by request.
        limits: By the limit's name, groups of `each` by value.
        conflict: Names of an irreducible set of limits that cannot hold together; only when infeasible.
        method: Which formulation answered, whether it was raced, why it was cut short; empty in older decisions.
        stages: Every step of every objective, in the policy's order; only when there is more than the first.
        certified_bound: Upper bound on the first objective from rational arithmetic alone, or None.
        overrides: Awards decided by hand, each with its price; sorted by request.
        certificate: What proves it: multipliers, cut sets and, in small rounds, a branching tree (see `certificate`).
        conflict_moves: For each rule of the conflict, how far it alone would have to move (see `explain.told`).
        prices: What one more major unit of money under each earmark is worth by the relaxation's multipliers, sorted.
    """

    round_id: str
    currency: str
    status: Status
    objective_name: str
    objective: Fraction
    bound: Fraction | None
    gap: float | None
    solver: str
    seconds: float
    inputs: str
    resources: int
    awarded: int
    awards: tuple[Award, ...] = ()
    unfunded: tuple[Unfunded, ...] = ()
    limits: tuple[LimitOutcome, ...] = ()
    conflict: tuple[str, ...] = ()
    method: str = ""
    stages: tuple[StageOutcome, ...] = ()
    overrides: tuple[OverrideOutcome, ...] = ()
    certified_bound: Fraction | None = None
    certificate: Mapping[str, Any] | None = field(default=None, hash=False)
    conflict_moves: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    prices: tuple[tuple[str, Fraction], ...] = ()

    @property
    def reached(self) -> Fraction:
        """Return the best value of the first objective that was found; later objectives gave up a part of it."""
        return self.objective + self.given_up

    @property
    def given_up(self) -> Fraction:
        """Return what later objectives gave up of the first, as the policy's `may_cost` allows."""
        return self.stages[0].gave_up if self.stages else Fraction(0)

    def to_json(self) -> dict[str, Any]:
        """Return the decision in the form of INTERFACE.md, digest included."""
        return {**_body(self), "seconds": round(self.seconds, 3), "decision": self.digest()}

    def digest(self) -> str:
        """Return the SHA-256 of the decision's canonical JSON without `seconds` and approvals."""
        text = json.dumps(_body(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def decimal_text(value: Fraction, *, places_max: int = 12) -> str:
    """Return a rational as plain decimal text, exact when it ends within `places_max` places, else rounded up.

    >>> decimal_text(Fraction(1, 4)), decimal_text(Fraction(1, 3), places_max=4)
    ('0.25', '0.3334')
    """
    scaled = -((-value.numerator * 10**places_max) // value.denominator)
    with localcontext() as context:
        context.prec = 60
        context.rounding = ROUND_CEILING
        text = format(Decimal(scaled).scaleb(-places_max), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _body(decision: Decision) -> dict[str, Any]:
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


def minor_exponent(currency: str) -> int:
    """Return the currency's number of decimal places."""
    from ledgers.money import places

    return places(currency)


def decision_from_json(body: Mapping[str, Any]) -> Decision:
    """Return the decision that `Decision.to_json` wrote.

    Raises:
        KeyError: a field is missing.
        AmountInvalid: an amount is finer than the currency allows.
    """
    currency = body["currency"]

    def minor(text: str) -> int:
        return minor_units(Decimal(text), currency)

    def reasons(row: Mapping[str, Any]) -> tuple[Reason, ...]:
        told = zip(row.get("because", []), row.get("reasons", []), strict=True)
        return tuple(Reason(made["kind"], sentence, dict(made["facts"])) for sentence, made in told)

    def limit(row: Mapping[str, Any]) -> LimitOutcome:
        scale = _scale(row["unit"], currency)
        bound, actual = _read(row, "bound") * scale, _read(row, "actual") * scale
        return LimitOutcome(row["name"], row["side"], bound, actual, row["unit"], row["binding"])

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
        resources=minor(body["resources"]),
        awarded=minor(body["awarded"]),
        awards=tuple(
            Award(
                row["request"],
                minor(row["amount"]),
                tuple(Payment(p["contribution"], minor(p["amount"]), p.get("year")) for p in row["payments"]),
                reasons(row),
            )
            for row in body["awards"]
        ),
        unfunded=tuple(Unfunded(row["request"], reasons(row), minor(row["would_take"])) for row in body["unfunded"]),
        limits=tuple(limit(row) for row in body["limits"]),
        conflict=tuple(body.get("conflict", ())),
        method=body.get("method", ""),
        stages=tuple(
            StageOutcome(
                row["objective"],
                row.get("of", ""),
                _read(row, "value"),
                _read(row, "bound"),
                _read(row, "gave_up"),
            )
            for row in body.get("stages", ())
        ),
        overrides=tuple(
            OverrideOutcome(
                row["request"],
                row["by"],
                row["reason"],
                minor(row["at_least"]),
                minor(row["at_most"]),
                _read(row["price"], "at_least"),
                _read(row["price"], "at_most"),
            )
            for row in body.get("overrides", ())
        ),
        certified_bound=_read(body, "certified_bound") if "certified_bound" in body else None,
        certificate=body.get("certificate"),
        conflict_moves=tuple(body.get("conflict_moves", ())),
        prices=tuple((row["earmark"], _read(row, "merit_per_unit")) for row in body.get("prices", ())),
    )
