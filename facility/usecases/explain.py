"""Why each request of a round was funded, partly funded or refused, as the decision says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError, did_you_mean
from ledgers.money import major_units, minor_units
from ledgers.rounds import decision_of, frozen_round
from ledgers.store import Book

Row = tuple[str, str, Decimal, Decimal, str, str]


class RequestUnknown(FacilityError):
    """No such request in the round."""

    code = "request-unknown"


def explanations(book: Book, round_id: str, request: str | None = None, digest: str | None = None) -> list[Row]:
    """Return one row for each reason: request, outcome, asked, awarded, kind of reason, sentence; in order of request.

    Raises:
        RoundUnknown, DecisionUnknown: nothing to explain.
        RequestUnknown: the round does not hold the request.
    """
    decided = decision_of(book, round_id, digest)
    frozen = {row["request_id"]: row for row in frozen_round(book, round_id).requests}
    if request is not None and request not in frozen:
        raise RequestUnknown(
            f"round {round_id} does not hold request {request}", remedy=did_you_mean(request, sorted(frozen))
        )
    awards = {award["request"]: award for award in decided.body["awards"]}
    refused = {row["request"]: row for row in decided.body["unfunded"]}
    currency = decided.body["currency"]
    nothing = major_units(0, currency)
    rows: list[Row] = []
    for request_id in [request] if request is not None else sorted(frozen):
        asked = major_units(minor_units(frozen[request_id]["base_requested"], currency), currency)
        if request_id in awards:
            rows += _awarded(request_id, asked, awards[request_id])
        elif request_id in refused:
            told = refused[request_id]
            rows += [(request_id, "refused", asked, nothing, kind, sentence) for kind, sentence in _reasons(told)]
        else:  # only an infeasible decision neither awards nor refuses
            rows.append((request_id, "undecided", asked, nothing, "conflict", _conflict(decided.body["conflict"])))
    return rows


def award_rows(body: Mapping[str, Any]) -> list[tuple[str, Decimal, str]]:
    """Return one row for each award: request, amount, who pays it."""
    return [(award["request"], Decimal(award["amount"]), _payers(award)) for award in body["awards"]]


def _awarded(request_id: str, asked: Decimal, award: Mapping[str, Any]) -> list[Row]:
    amount = Decimal(award["amount"])
    outcome = "funded" if amount == asked else "partly funded"
    paid = f"{amount:,} of {asked:,} paid by {_payers(award)}"
    rows: list[Row] = [(request_id, outcome, asked, amount, "paid", paid)]
    rows += [(request_id, outcome, asked, amount, kind, sentence) for kind, sentence in _reasons(award)]
    return rows


def _reasons(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (kind, sentence) of each reason of an award or refusal."""
    made = [reason["kind"] for reason in told.get("reasons", [])]
    return list(zip(made, told.get("because", []), strict=True))


def _conflict(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f'the policy allows no awards at all: "{names[0]}" cannot be kept'
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f"the policy allows no awards at all: {listed} cannot hold together, and without any one of them the rest can"
    )


def _payers(award: Mapping[str, Any], shown_max: int = 4) -> str:
    paid = sorted(award["payments"], key=lambda p: (-Decimal(p["amount"]), p["contribution"], p.get("year", 0)))
    named = [f"{p['contribution']} {Decimal(p['amount']):,}{_in_year(p)}" for p in paid[:shown_max]]
    more = f" and {len(paid) - shown_max} more" if len(paid) > shown_max else ""
    return ", ".join(named) + more


def _in_year(payment: Mapping[str, Any]) -> str:
    return f" for {payment['year']}" if "year" in payment else ""
