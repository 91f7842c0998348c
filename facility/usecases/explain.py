"""Why each request of a round was funded, partly funded or refused, as the decision says it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError, did_you_mean
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
    rows: list[Row] = []
    for request_id in [request] if request is not None else sorted(frozen):
        asked = Decimal(frozen[request_id]["base_requested"]).quantize(Decimal("0.01"))
        if request_id in awards:
            rows += _awarded(request_id, asked, awards[request_id])
        elif request_id in refused:
            reasons = refused[request_id]["reasons"]
            rows += [(request_id, "refused", asked, Decimal(0), r["kind"], r["sentence"]) for r in reasons]
    return rows


def award_rows(body: Mapping[str, Any]) -> list[tuple[str, Decimal, str]]:
    """Return one row for each award: request, amount, who pays it."""
    return [(award["request"], Decimal(award["amount"]), _payers(award)) for award in body["awards"]]


def _awarded(request_id: str, asked: Decimal, award: Mapping[str, Any]) -> list[Row]:
    amount = Decimal(award["amount"])
    outcome = "funded" if amount == asked else "partly funded"
    paid = f"{amount:,} of {asked:,} paid by {_payers(award)}"
    rows: list[Row] = [(request_id, outcome, asked, amount, "paid", paid)]
    rows += [(request_id, outcome, asked, amount, r["kind"], r["sentence"]) for r in award.get("because", [])]
    return rows


def _payers(award: Mapping[str, Any], shown_max: int = 4) -> str:
    paid = sorted(award["payments"], key=lambda payment: (-Decimal(payment["amount"]), payment["contribution"]))
    named = [f"{payment['contribution']} {Decimal(payment['amount']):,}" for payment in paid[:shown_max]]
    more = f" and {len(paid) - shown_max} more" if len(paid) > shown_max else ""
    return ", ".join(named) + more
