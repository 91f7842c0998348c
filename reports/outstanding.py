"""What others still owe the facility, and since when: laid on instalments, disbursements and decisions by rule.

What came on a contribution, or was written off, covers its instalments from the earliest on. What is then outstanding
lies on what is left of them, the earliest first; an amount that no instalment speaks of has no schedule. What an
implementer holds or owes is of its latest disbursements or disallowances: what was spent first came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from reports.scope import Scope

ZERO = Decimal(0)
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """A part of what a donor signed for and has not sent.

    Attributes:
        contribution_id: Of which contribution.
        donor: Who is to send it.
        currency: Of `amount`.
        due_on: Day on which it is due; None where no instalment speaks of it.
        since: Day from which it ages: the day it is due, or that of the signing, or of the note.
        amount: In the contribution's currency.
        base_amount: In the book's currency, as the journal values it.
        is_note: Whether a promissory note stands for it.
    """

    contribution_id: str
    donor: str
    currency: str
    due_on: date | None
    since: date
    amount: Decimal
    base_amount: Decimal
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A part of what an implementer holds or owes, in the book's currency.

    Attributes:
        commitment_id: Under which agreement.
        implementer: Who.
        request_id: For what.
        kind: `advance` (disbursed, and neither spent nor given back) or `owed` (disallowed, and not made good).
        since: Day of the disbursement or of the decision.
        amount: How much.
    """

    commitment_id: str
    implementer: str
    request_id: str
    kind: str
    since: date
    amount: Decimal


def laid_first(parts: Sequence[Decimal], amount: Decimal) -> tuple[list[Decimal], Decimal]:
    """Return how much of an amount lies on each part, the first ones first, and what no part takes.

    >>> laid_first([Decimal(5), Decimal(3)], Decimal(6))
    ([Decimal('5'), Decimal('1')], Decimal('0'))
    """
    laid = []
    for part in parts:
        taken = min(part, max(amount, ZERO))
        laid.append(taken)
        amount -= taken
    return laid, amount


def portions(whole: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Return a whole split in proportion to weights, rounded cumulatively to so many places; the last takes the rest.

    >>> portions(Decimal("10.00"), [Decimal(1), Decimal(1), Decimal(1)], 2)
    [Decimal('3.33'), Decimal('3.34'), Decimal('3.33')]
    """
    total = sum(weights, ZERO)
    unit = Decimal(1).scaleb(-places)
    shares: list[Decimal] = []
    upto, given = ZERO, ZERO
    for place, weight in enumerate(weights, start=1):
        upto += weight
        exact = Fraction(whole) * Fraction(upto) / Fraction(total) if total else Fraction(0)
        cut = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, ROUND_HALF_UP)
        reached = whole if place == len(weights) else cut
        shares.append(reached - given)
        given = reached
    return shares


def dues(scope: Scope, *, stage: str = "agreement") -> list[Due]:
    """Return every part of what donors signed for and have not sent; their sum is the journal's, to the cent.

    Args:
        scope: The day, and what was known.
        stage: `agreement`; or `pledge`, for what is only announced.
    """
    plans: dict[str, list[Record]] = defaultdict(list)
    for row in scope.records("instalments"):
        plans[row["contribution_id"]].append(row)
    found: list[Due] = []
    for row in scope.records("outstanding_contributions"):
        found += _of_contribution(scope, row, plans[row["contribution_id"]], stage)
    return found


def _of_contribution(scope: Scope, row: Record, plan: list[Record], stage: str) -> list[Due]:
    is_pledge = stage == "pledge"
    amount, base = (row["pledged"], row["base_pledged"]) if is_pledge else (row["receivable"], row["base_receivable"])
    started = row["signed_on"] or scope.as_of
    parts: list[tuple[date | None, date, Decimal]] = []
    if amount > 0:
        covered, _ = laid_first([line["amount"] for line in plan], ZERO if is_pledge else row["covered"])
        open_parts = [line["amount"] - cover for line, cover in zip(plan, covered, strict=True)]
        laid, rest = laid_first(open_parts, amount)
        parts = [(line["due_on"], line["due_on"], part) for line, part in zip(plan, laid, strict=True) if part]
        parts += [(None, started, rest)] if rest else []
    worth = portions(base, [part for _, _, part in parts], scope.places)
    found = [
        Due(row["contribution_id"], row["donor"], row["currency"], due_on, since, part, scope.money(value))
        for (due_on, since, part), value in zip(parts, worth, strict=True)
    ]
    if not is_pledge and not parts and base:
        found.append(
            Due(row["contribution_id"], row["donor"], row["currency"], None, started, amount, scope.money(base))
        )
    if not is_pledge and row["base_notes"]:
        since = row["noted_on"] or started
        value = scope.money(row["base_notes"])
        found.append(
            Due(row["contribution_id"], row["donor"], row["currency"], None, since, row["notes"], value, is_note=True)
        )
    return found


def claims(scope: Scope) -> list[Claim]:
    """Return every part of what implementers hold or owe; their sum is the journal's, to the cent."""
    raised: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in scope.records("claims_raised"):
        raised[row["commitment_id"], row["claim"]].append(row)
    found: list[Claim] = []
    for row in scope.records("outstanding_agreements"):
        latest = raised[row["commitment_id"], row["claim"]][::-1]
        laid, rest = laid_first([each["amount"] for each in latest], row["outstanding"])
        parts = [(each["raised_on"], part) for each, part in zip(latest, laid, strict=True) if part]
        if rest:
            parts.append((latest[-1]["raised_on"] if latest else scope.as_of, rest))
        found += [
            Claim(row["commitment_id"], row["implementer"], row["request_id"], row["claim"], since, scope.money(part))
            for since, part in sorted(parts)
        ]
    return found
