"""Decisions as stored: the canonical JSON whole, and its rows for queries; and who approved them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledgers.errors import did_you_mean
from ledgers.rounds.errors import ApprovalRefused, DecisionInfeasible, DecisionOutdated, DecisionUnknown, RoundEnded
from ledgers.rounds.frozen import PACKAGE, header
from ledgers.store import Book, Lane

Body = Mapping[str, Any]
_GRAIN = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Decided:
    """A stored decision.

    Attributes:
        decision: Its digest.
        proposer: Who solved the round.
        status: `optimal`, `feasible` or `infeasible`.
        body: Its JSON.
        is_outdated: Whether other overrides stand now than those that it was made under.
    """

    decision: str
    proposer: str
    status: str
    body: Body
    is_outdated: bool = False


def decisions_of(book: Book, round_id: str) -> list[Decided]:
    """Return the decisions of a round in the order in which they were taken."""
    header(book, round_id)
    rows = book.rows(PACKAGE, "decisions", round_id=round_id)
    return [
        Decided(digest, proposer, status, json.loads(body), is_outdated)
        for digest, proposer, status, body, is_outdated in rows
    ]


def decision_of(book: Book, round_id: str, digest: str | None = None) -> Decided:
    """Return one decision of a round: the one named by (the start of) its digest; else the posted one, else the latest.

    The latest is the last one made under the overrides that stand, where there is one.

    Raises:
        RoundUnknown: there is no such round.
        DecisionUnknown: it has no decision, or none of that digest.
    """
    taken = decisions_of(book, round_id)
    if not taken:
        raise DecisionUnknown(f"round {round_id} has no decision yet", remedy=f"run `facility round solve {round_id}`")
    if digest is None:
        posted = header(book, round_id).posted_decision
        current = [decided for decided in taken if not decided.is_outdated]
        return next((decided for decided in taken if decided.decision == posted), (current or taken)[-1])
    wanted = digest.removeprefix("sha256:")
    named = [decided for decided in taken if decided.decision.removeprefix("sha256:").startswith(wanted)]
    if len(named) != 1:
        raise DecisionUnknown(
            f"round {round_id} has {'no decision' if not named else f'{len(named)} decisions'} {digest}",
            remedy=did_you_mean(digest, [decided.decision for decided in taken]),
        )
    return named[0]


def store_decision(book: Book, lane: Lane, round_id: str, body: Body, *, proposer: str) -> bool:
    """Store a decision; return False when the same one is already there.

    Raises:
        RoundEnded: the round was cancelled or posted.
    """
    known = header(book, round_id)
    taken = decisions_of(book, round_id)
    if any(decided.decision == body["decision"] for decided in taken):
        lane.already_count += 1
        return False
    if known.state != "open":
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="open a new round")
    key = (round_id, body["decision"])
    figures = (body["objective_name"], body["objective"], body["bound"], body["gap"], body["solver"], body["inputs"])
    amounts = (Decimal(body["resources"]), Decimal(body["awarded"]), json.dumps(body, ensure_ascii=False))
    row = (*key, len(taken) + 1, proposer, body["status"], *figures, *amounts, lane.recorded_at, lane.log_id)
    book.insert("ledger.decision", [row])
    awards = body["awards"]
    book.insert("ledger.award", [(*key, award["request"], Decimal(award["amount"])) for award in awards])
    book.insert("ledger.payment", [(*key, *pair, amount) for pair, amount in _payments(awards).items()])
    book.insert("ledger.payment_year", [(*key, *where, amount) for where, amount in _payments_by_year(awards).items()])
    told = [row for row in (*awards, *body["unfunded"]) if "because" in row]
    book.insert("ledger.refusal", [(*key, *refusal) for row in told for refusal in _refusals(row)])
    outcomes = [(*key, position, limit["name"], limit["side"], _stored(limit["bound"]), _stored(limit["actual"]),
                 limit["unit"], limit["binding"])
                for position, limit in enumerate(body["limits"], start=1)]  # fmt: skip
    book.insert("ledger.limit_outcome", outcomes)
    lane.new_count += 1
    return True


def approve(book: Book, lane: Lane, round_id: str, decided: Decided, *, approver: str) -> bool:
    """Record an approval; return False when this person has approved already.

    Raises:
        ApprovalRefused: the approver is the proposer, or has no name.
        DecisionInfeasible: there is nothing to approve.
        DecisionOutdated: other overrides stand than those that it was made under.
        RoundEnded: the round was cancelled, or posted with another decision.
    """
    person = " ".join(approver.split())
    known = header(book, round_id)
    approver_id = person_id(approver)
    if any(
        row[0] == approver_id for row in book.rows(PACKAGE, "approvals", round_id=round_id, decision=decided.decision)
    ):
        lane.already_count += 1
        return False
    if known.state == "cancelled" or (known.state == "posted" and known.posted_decision != decided.decision):
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="approve a decision of an open round")
    if decided.status == "infeasible":
        raise DecisionInfeasible(
            f"decision {decided.decision} of round {round_id} is infeasible",
            remedy="change the policy, open a new round with it and solve that",
        )
    if decided.is_outdated and known.state == "open":
        raise DecisionOutdated(
            f"decision {decided.decision} of round {round_id} was made under other overrides than those that count now",
            remedy=f"solve it again with `facility round solve {round_id}`",
        )
    if not person or approver_id == person_id(decided.proposer):
        raise ApprovalRefused(
            f"{person or 'nobody'} proposed this decision" if person else "an approval needs a name",
            remedy="let somebody other than the proposer approve: --by NAME",
        )
    row = (round_id, decided.decision, approver_id, person, lane.recorded_at, lane.log_id)
    book.insert("ledger.approval", [row])
    lane.new_count += 1
    return True


def alterations(book: Book, round_id: str, decided: Decided) -> list[str]:
    """Return what of a stored decision is no longer as decided, one sentence each; empty when all is.

    The digest is reckoned anew from the JSON, and the JSON compared with the rows from which money is posted.
    """
    body = {name: value for name, value in decided.body.items() if name not in ("seconds", "decision")}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    named = f"decision {decided.decision} of round {round_id}"
    if digest != decided.decision or decided.status != body["status"]:
        return [f"{named} is not what its digest says"]
    said: dict[tuple[str, str | None], Decimal] = {}
    for award in body["awards"]:
        said[award["request"], None] = Decimal(award["amount"])
    said |= _payments(body["awards"])
    rows = book.rows(PACKAGE, "decision_amounts", round_id=round_id, decision=decided.decision)
    stored: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for request, contribution, amount in rows:
        stored[request, contribution] += amount
    different = sorted({where for where, _ in said.items() ^ stored.items()}, key=lambda key: (key[0], key[1] or ""))
    return (
        _told_otherwise(book, round_id, decided, named)
        + _years_otherwise(book, round_id, decided, named)
        + [
            f"{named} says {said.get(key, 0):,.2f} for {key[0]}{f' from {key[1]}' if key[1] else ''}, "
            f"and its rows {stored.get(key, 0):,.2f}"
            for key in different
        ]
    )


def _years_otherwise(book: Book, round_id: str, decided: Decided, named: str) -> list[str]:
    """Return which of a decision's stored payments by year are not those of its JSON, a sentence each."""
    said = _payments_by_year(decided.body["awards"])
    rows = book.rows(PACKAGE, "decision_years", round_id=round_id, decision=decided.decision)
    stored = {(request, contribution, year): amount for request, contribution, year, amount in rows}
    return [
        f"{named} says {said.get(where, 0):,.2f} for {where[0]} from {where[1]} in {where[2]}, "
        f"and its rows {stored.get(where, 0):,.2f}"
        for where in sorted({where for where, _ in said.items() ^ stored.items()})
    ]


def _payments(awards: Sequence[Body]) -> dict[tuple[str, str | None], Decimal]:
    """Return what each contribution pays of each award, all years together."""
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for award in awards:
        for paid in award["payments"]:
            sums[award["request"], paid["contribution"]] += Decimal(paid["amount"])
    return sums


def _payments_by_year(awards: Sequence[Body]) -> dict[tuple[str, str, int], Decimal]:
    """Return what each contribution pays of each award in each year, where the decision tells years apart."""
    sums: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
    for award in awards:
        for paid in award["payments"]:
            if "year" in paid:
                sums[award["request"], paid["contribution"], paid["year"]] += Decimal(paid["amount"])
    return sums


def _told_otherwise(book: Book, round_id: str, decided: Decided, named: str) -> list[str]:
    """Return which of a decision's stored figures, reasons and limits are not those of its JSON, a sentence each."""
    body = decided.body
    figures = [str(body[name] or "") for name in ("objective_name", "objective", "bound", "inputs", "solver", "status")]
    figures += [f"{Decimal(body[name]):.4f}" for name in ("resources", "awarded")]
    said = {("figures", "", 0, "|".join(figures))}
    for row in (*body["awards"], *body["unfunded"]):
        if "because" in row:
            said |= {("reason", who, position, f"{kind}|{text}") for who, position, kind, text in _refusals(row)}
    for position, limit in enumerate(body["limits"], start=1):
        bound, actual = _stored(limit["bound"]), _stored(limit["actual"])
        cells = (limit["name"], limit["side"], f"{bound:f}", f"{actual:f}", limit["unit"])
        said.add(("limit", "", position, "|".join((*cells, "binding" if limit["binding"] else "free"))))
    stored = set(book.rows(PACKAGE, "decision_told", round_id=round_id, decision=decided.decision))
    different = sorted({where[:3] for where in said ^ stored})
    return [
        f"the stored {part}{f' {position}' if position else ''}{f' on {whose}' if whose else ''} of {named} "
        f"{'is' if part != 'figures' else 'are'} not as decided"
        for part, whose, position in different
    ]


def person_id(name: str) -> str:
    """Return a name as people are told apart: case and spacing aside."""
    return " ".join(name.split()).casefold()


def _refusals(row: Body) -> list[tuple[str, int, str, str]]:
    """Return (request, position, kind, sentence) of each reason of an award or refusal."""
    both = enumerate(zip(row["reasons"], row["because"], strict=True), start=1)
    return [(row["request"], position, reason["kind"], sentence) for position, (reason, sentence) in both]


def _stored(figure: str) -> Decimal:
    """Return a limit's figure at the grain of the table; the JSON keeps it whole."""
    return Decimal(figure).quantize(_GRAIN)
