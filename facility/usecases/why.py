"""What a round's decision costs those it refuses, what its earmarks are worth, how firm it is: solved again on demand.

Nothing is written: the frozen round and its stored decision are read, and everything else is reckoned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ledgers.errors import FacilityError, did_you_mean
from ledgers.rounds import Decided, decision_of, header
from ledgers.rounds.errors import DecisionInfeasible
from ledgers.store import Book

if TYPE_CHECKING:
    from allocation.decision import Decision
    from allocation.explain.claims import Claims
    from allocation.explain.earmark_prices import Price
    from allocation.explain.every import Explained
    from allocation.explain.stability import Survival
    from allocation.prepared import Prepared

Progress = Callable[[str], None]


class RequestSatisfied(FacilityError):
    """A question about what a request lacks, and it has its whole ask."""

    code = "request-satisfied"


class ClaimsUnreadable(FacilityError):
    """A file of claims that holds something else."""

    code = "claims-unreadable"


class FileUnwritable(FacilityError):
    """A file that could not be written where it was meant to be."""

    code = "output-unwritable"


class SpreadMissing(FacilityError):
    """No reviewers' scores to disagree, and no spread given instead."""

    code = "spread-missing"


@dataclass(frozen=True, slots=True)
class Decisive:
    """A round with the decision that is asked about.

    Attributes:
        round_: The frozen round as the engine reads it.
        decision: Its decision.
        stored: The same as it is stored.
        state: Of the round: `open`, `posted` or `cancelled`.
    """

    round_: Prepared
    decision: Decision
    stored: Decided
    state: str


def decisive(book: Book, round_id: str, digest: str | None = None) -> Decisive:
    """Return a round and one of its decisions, whatever has become of them since.

    Raises:
        RoundUnknown, DecisionUnknown: there is nothing to ask about.
        DecisionInfeasible: the round is infeasible.
    """
    from allocation.decision_json import read_decision
    from allocation.prepared import prepare
    from facility.usecases.build_problem import build_problem

    stored = decision_of(book, round_id, digest)
    if stored.status == "infeasible":
        raise DecisionInfeasible(
            f"round {round_id} is infeasible: it has no awards to ask about",
            remedy=f"see which rules conflict with `facility round explain {round_id}`",
        )
    known = header(book, round_id)
    problem = build_problem(book, known)
    return Decisive(prepare(problem), read_decision(stored.body), stored, known.state)


def costs(asked: Decisive, *, progress: Progress) -> list[Explained]:
    """Return for every request short of its ask what it would cost and take."""
    from allocation.asked import asked_apart
    from allocation.explain.questions import every_cost

    return asked_apart(every_cost, asked.round_.problem, asked.decision, progress=progress)


def claimed(asked: Decisive, request: str, *, seconds: float, progress: Progress) -> Claims:
    """Return what one request would cost and take, each sentence with what a stranger needs to check it alone.

    It is as near as two searches of some seconds each come.

    Raises:
        RequestSatisfied: it has its whole ask.
    """
    from allocation.asked import SPARE_SECONDS, asked_apart
    from allocation.explain.questions import deep_claims

    position = _position(asked, request)
    given = {award.request_id: award.amount for award in asked.decision.awards}
    if given.get(request) == asked.round_.problem.requests[position].ask:
        raise RequestSatisfied(
            f"request {request} has its whole ask", remedy="ask about a request that is refused or funded in part"
        )
    about = (asked.round_.problem, asked.decision, position, seconds)
    return asked_apart(deep_claims, *about, seconds=SPARE_SECONDS + 6 * seconds, progress=progress)


def cost_rows(asked: Decisive, found: list[Explained]) -> list[tuple[str, str, Decimal, Decimal, str, str]]:
    """Return rows for the table of reasons: request, outcome, asked, awarded, kind, sentence."""
    from allocation.explain.told import loss_sentence, new_money_sentence
    from ledgers.money import major_units

    problem, rows = asked.round_.problem, []
    asks = {request.request_id: request.ask for request in problem.requests}
    for one in found:
        outcome = "partly funded" if one.awarded else "refused"
        figures = (major_units(asks[one.request_id], problem.currency), major_units(one.awarded, problem.currency))
        rows.append((one.request_id, outcome, *figures, "loss", loss_sentence(problem, one)))
        rows.append((one.request_id, outcome, *figures, "new-money", new_money_sentence(problem, one.new_money)))
    return rows


def cost_json(asked: Decisive, found: list[Explained]) -> list[dict[str, Any]]:
    """Return what was found as JSON."""
    from allocation.explain.told import explained_json

    return [explained_json(asked.round_.problem, one) for one in found]


def note_claims(file: Path, made: Sequence[Mapping[str, Any]], about: Collection[str]) -> int:
    """Write claims into a file of claims, in place of earlier ones about the same; return how many it then has.

    Args:
        file: Where; it may be there.
        made: The claims.
        about: What they are about, and what was asked about and has none now.

    Raises:
        ClaimsUnreadable: the file is there and holds something else.
    """
    known: list[Any] = []
    if file.exists():
        try:
            known = json.loads(file.read_text(encoding="utf-8"))
            others = [row for row in known if row["about"] not in about]
        except (OSError, ValueError, TypeError, KeyError) as cause:
            raise ClaimsUnreadable(
                f"{file} holds no claims: {cause}", remedy="name a new file, such as claims.json among a round's files"
            ) from cause
        known = others
    rows = sorted([*known, *made], key=lambda row: (row["about"], row["id"]))
    write(file, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return len(rows)


def write(file: Path, text: str) -> None:
    """Write a text file.

    Raises:
        FileUnwritable: it cannot be written.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as cause:
        raise FileUnwritable(
            f"{file} cannot be written: {cause.strerror or cause}", remedy="name a file in a folder that may be written"
        ) from cause


def prices(asked: Decisive, *, progress: Progress) -> list[Price]:
    """Return the price of every earmark of the round."""
    from allocation.asked import asked_apart
    from allocation.explain.questions import every_price

    return asked_apart(every_price, asked.round_.problem, progress=progress)


def spreads(book: Book, asked: Decisive, spread: Decimal | None) -> dict[str, Fraction]:
    """Return how far reviewers disagree about each request: the standard deviation of its merit, in points.

    Each criterion's variance over its reviewers, divided by their number because the merit is made of their means, is
    weighed as the policy weighs it. A request with fewer than two reviewers takes the given spread, or none.

    Raises:
        SpreadMissing: no request has two reviewers, and no spread is given.
    """
    policy = asked.round_.problem.policy
    weights = dict(policy.score_weights)
    whole = sum(weights.values(), start=Fraction(0))
    variances: dict[str, Fraction] = {}
    moments = book.rows("facility.usecases", "score_moments", round_id=asked.round_.problem.round_id)
    for request, criterion, count, total, squares in moments:
        if whole and criterion in weights and count > 1:
            mean = Fraction(total) / count
            variance = (Fraction(squares) - count * mean * mean) / (count - 1) / count
            variances[request] = variances.get(request, Fraction(0)) + (weights[criterion] / whole) ** 2 * variance
    found = {request: _root(variance) for request, variance in variances.items()}
    if not found and spread is None:
        raise SpreadMissing(
            "no request of this round has scores of two reviewers to disagree",
            remedy="say how far merits may move with --spread, in points",
        )
    other = Fraction(spread or 0)
    return {r.request_id: found.get(r.request_id, other) for r in asked.round_.problem.requests}


def survivals(
    asked: Decisive, spread: Mapping[str, Fraction], *, draws: int, seed: int, progress: Progress
) -> list[tuple[Survival, Decimal]]:
    """Return how each request fares when merits move, with its award now, in order of request."""
    from allocation.asked import asked_apart
    from allocation.explain.questions import surviving
    from ledgers.money import major_units

    given = {award.request_id: award.amount for award in asked.decision.awards}
    currency = asked.round_.problem.currency
    found = asked_apart(surviving, asked.round_.problem, spread, draws, seed, progress=progress)
    return [(one, major_units(given.get(one.request_id, 0), currency)) for one in found]


def others(
    asked: Decisive, *, within: Fraction, count: int, seconds: float, progress: Progress
) -> tuple[list[dict[str, Any]], Literal["all", "count", "time"]]:
    """Return decisions that differ in whom they fund and lose little, as JSON, and what ended the list.

    `all`: it is proven that there are no others; `count`: so many were asked for; `time`: no other was ruled out.
    """
    from allocation.asked import SPARE_SECONDS, asked_apart
    from allocation.explain.questions import near_best
    from allocation.explain.told import alternative_json

    about = (asked.round_.problem, asked.decision, within, count, seconds)
    found = asked_apart(near_best, *about, seconds=SPARE_SECONDS + 3 * count * seconds, progress=progress)
    rows = [alternative_json(one) for one in found.found]
    return rows, "all" if found.are_all else "time" if found.timed_out else "count"


def _position(asked: Decisive, request: str) -> int:
    from facility.usecases.explain import RequestUnknown

    ids = [one.request_id for one in asked.round_.problem.requests]
    if request not in ids:
        raise RequestUnknown(
            f"round {asked.round_.problem.round_id} does not hold request {request}",
            remedy=did_you_mean(request, sorted(ids)),
        )
    return ids.index(request)


def _root(value: Fraction) -> Fraction:
    """Return a square root to six places: a spread is no amount of money."""
    return Fraction(round(float(value) ** 0.5 * 10**6), 10**6)
