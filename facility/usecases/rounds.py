"""A round from opening to posting: freeze, solve, approve, post, cancel."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgers.errors import FacilityError
from ledgers.money import currencies
from ledgers.places import Places
from ledgers.rounds import (
    Decided,
    Header,
    Tie,
    alterations,
    approve,
    cancel_round,
    decision_of,
    header,
    open_round,
    overrides_of,
    post_decision,
    store_decision,
)
from ledgers.rounds.errors import DecisionAltered, DecisionOutdated, RoundEnded
from ledgers.store import Book
from ledgers.terms import folded, parse

if TYPE_CHECKING:
    from allocation.policy import Policy
    from allocation.problem import Problem

_RECUSALS_SHOWN = 5
Progress = Callable[[str], None]


class PolicyUnreadable(FacilityError):
    """A policy file that is not there, or is not text."""

    code = "policy-unreadable"


class PolicyCurrency(FacilityError):
    """A policy in another currency than the book."""

    code = "policy-currency"


class IdInvalid(FacilityError):
    """An id that cannot stand in terms and references."""

    code = "id-invalid"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did.

    Attributes:
        is_new: False when it was already there.
        decided: The decision concerned, if any.
        remarks: What is worth a look, one sentence each.
        since: The day on which what was already there stands in the book, if it has one.
    """

    is_new: bool
    decided: Decided | None = None
    remarks: tuple[str, ...] = ()
    since: date | None = None


def open_from_policy(
    book: Book,
    round_id: str,
    policy_file: Path,
    *,
    on: date,
    requests: str = "",
    contributions: str = "",
    actor: str,
    dry_run: bool = False,
) -> Outcome:
    """Freeze requests and policy, and hold the money of the selected contributions.

    Raises:
        PolicyInvalid, RoundConflict, RoundEmpty, MeritMissing, FilterInvalid, TermInvalid: see there.
    """
    from facility.usecases.build_problem import build_problem

    _refuse_odd_id(round_id)
    text, file_digest = _policy_text(policy_file)
    places = Places.on(on)
    policy = _parsed(text, places, policy_file, book.currency)
    if policy.currency != book.currency:
        raise PolicyCurrency(
            f"{policy_file} counts in {policy.currency}, the book in {book.currency}",
            remedy=f'write currency = "{book.currency}" and state its amounts in it',
        )
    selected = parse(requests, places=places)
    asked = Header(
        round_id, on, book.currency, text, policy.digest, str(selected), contributions.strip(), actor, "open", None
    )
    with book.lane(
        actor=actor, command=f"round open {round_id}", file=str(policy_file), file_digest=file_digest, dry_run=dry_run
    ) as lane:
        is_new = open_round(
            book, lane, asked, requests=selected, weights=policy.score_weights, resources=policy.resources
        )
        if is_new:
            build_problem(book, header(book, round_id))
        remarks = _ended(book, round_id) + (_recused(book, round_id) if policy.score_weights else ())
    return Outcome(is_new, remarks=remarks)


def _ended(book: Book, round_id: str) -> tuple[str, ...]:
    """Return a remark on the requests that will have ended before the round, if there are any."""
    rows = book.rows("ledgers.rounds", "ended_requests", round_id=round_id)
    if not rows:
        return ()
    named = ", ".join(f"{request} on {ended}" for request, ended, _ in rows)
    count = rows[0][2]
    more = f" and {count - len(rows)} more" if count > len(rows) else ""
    ends = "requests end" if count > 1 else "request ends"
    return (f"{count} {ends} before the round's date: {named}{more}",)


def _recused(book: Book, round_id: str) -> tuple[str, ...]:
    """Return a remark on the recusals that the merits took into account, if there are any."""
    rows = book.rows("ledgers.rounds", "recusals_counted", round_id=round_id)
    if not rows:
        return ()
    named = ", ".join(f"{reviewer} on {request}" for request, reviewer, _ in rows[:_RECUSALS_SHOWN])
    more = f" and {len(rows) - _RECUSALS_SHOWN} more" if len(rows) > _RECUSALS_SHOWN else ""
    aside = sum(row[2] for row in rows)
    recusals = f"{len(rows)} recusal{'' if len(rows) == 1 else 's'}"
    return (f"{recusals} counted, {aside} score{'' if aside == 1 else 's'} set aside: {named}{more}",)


def posed(book: Book, round_id: str) -> Problem:
    """Return the problem of an open round.

    Raises:
        RoundUnknown: there is no such round.
        RoundEnded: it was cancelled or posted.
    """
    from facility.usecases.build_problem import build_problem

    known = header(book, round_id)
    if known.state != "open":
        raise RoundEnded(f"round {round_id} is {known.state}", remedy="open a new round")
    return build_problem(book, known)


CERTIFY_SECONDS = 30.0
"""What the proof in rational arithmetic may take beside the search, unless asked otherwise."""


def decide(
    problem: Problem,
    *,
    time_limit: float | None = None,
    certify: float = CERTIFY_SECONDS,
    progress: Progress | None = None,
    race: bool = False,
    keeps_on_interrupt: bool = True,
) -> dict[str, Any]:
    """Return a problem's decision as JSON. No book is open meanwhile, so others may read and write it.

    Args:
        problem: The round.
        time_limit: Wall seconds for the search, which then ends whatever the solver does; the policy's when not given.
        certify: Seconds that the proof in rational arithmetic may take after it; 0: none is made.
        progress: Told one line at a time how far the search is.
        race: Ask both forms of the model at once; such a decision is not promised to be the same again.
        keeps_on_interrupt: Whether Ctrl-C ends the search with the best found so far.

    Raises:
        SearchStopped, SolverFailed, RoundUnsolved: no decision was found; each says why.
    """
    from allocation.apart import solve_apart

    decision = solve_apart(
        problem,
        time_limit=time_limit,
        certify=certify,
        progress=progress,
        race=race,
        keeps_on_interrupt=keeps_on_interrupt,
    )
    return decision.to_json()


def propose(book: Book, round_id: str, body: Mapping[str, Any], *, actor: str, dry_run: bool = False) -> Outcome:
    """Store a decision with its proposer.

    Raises:
        RoundEnded: the round was cancelled or posted meanwhile.
    """
    with book.lane(actor=actor, command=f"round solve {round_id}", dry_run=dry_run) as lane:
        is_new = store_decision(book, lane, round_id, body, proposer=actor)
    if not is_new:
        return Outcome(is_new, decision_of(book, round_id, body["decision"]))
    return Outcome(is_new, Decided(body["decision"], actor, body["status"], body))


def solve(
    book: Book,
    round_id: str,
    *,
    actor: str,
    time_limit: float | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Decide a round of an open book and store the decision with its proposer; Ctrl-C stores nothing."""
    body = decide(posed(book, round_id), time_limit=time_limit, progress=progress, keeps_on_interrupt=False)
    return propose(book, round_id, body, actor=actor, dry_run=dry_run)


def approve_decision(
    book: Book, round_id: str, *, by: str, digest: str | None = None, actor: str, dry_run: bool = False
) -> Outcome:
    """Record who approves a round's latest decision, or the one named."""
    decided = decision_of(book, round_id, digest)
    with book.lane(actor=actor, command=f"round approve {round_id}", dry_run=dry_run) as lane:
        return Outcome(approve(book, lane, round_id, decided, approver=by), decided)


def post(
    book: Book, round_id: str, *, on: date, digest: str | None = None, actor: str, dry_run: bool = False
) -> Outcome:
    """Recheck everything and write a decision's allocations to the journal.

    Raises:
        DecisionAltered: the stored decision is no longer what was decided.
        DecisionOutdated: somebody has overridden a request since.
        DecisionUnsound: it breaks a rule of its own round.
        FacilityError: one of the causes of `ledgers.rounds.posting.post_decision`, by name.
    """
    from facility.usecases.build_problem import policy_of

    known = header(book, round_id)
    decided = decision_of(book, round_id, digest)
    if decided.status != "infeasible":
        _refuse_tampered(book, known, decided)
    with book.lane(actor=actor, command=f"round post {round_id}", dry_run=dry_run) as lane:
        policy = policy_of(known)
        ties = _ties(policy, [award["request"] for award in decided.body["awards"]])
        is_new = post_decision(
            *(book, lane, round_id, decided),
            signatures=policy.signatures,
            on=on,
            ties=ties,
            resources=policy.resources,
        )
        return Outcome(is_new, decided, since=known.ended_on)


def cancel(book: Book, round_id: str, *, on: date, actor: str, dry_run: bool = False) -> Outcome:
    """End a round without posting and free its money."""
    with book.lane(actor=actor, command=f"round cancel {round_id}", dry_run=dry_run) as lane:
        return Outcome(cancel_round(book, lane, round_id, on=on), since=header(book, round_id).ended_on)


def _refuse_tampered(book: Book, known: Header, decided: Decided) -> None:
    """Verify once more, before money moves: the stored decision against its digest, its rows and the frozen round."""
    from allocation.decision_json import read_decision
    from allocation.verify import refuse_unless_sound
    from facility.usecases.build_problem import build_problem, digests_before

    altered = alterations(book, known.round_id, decided)
    if altered:
        raise DecisionAltered(
            "; ".join(altered), remedy="find out who changed the file; solve the round again, or restore a copy"
        )
    problem = build_problem(book, known)
    inputs = decided.body["inputs"]
    if inputs != problem.inputs_digest() and inputs in digests_before(book, known, problem):
        last = overrides_of(book, known.round_id)[-1]
        did = "lifted the override of" if last.is_lifted else "overrode"
        raise DecisionOutdated(
            f"decision {decided.decision} was made before {last.decided_by} {did} request {last.request_id} "
            f"on {last.event_date}",
            remedy=f"solve it again with `facility round solve {known.round_id}`",
        )
    refuse_unless_sound(problem, read_decision(decided.body))


def _ties(policy: Policy, awarded: Sequence[str]) -> list[Tie]:
    """Return what the policy's groups and prerequisites ask of requests that a decision does not award."""
    awards = {folded(request): request for request in awarded}
    ties = []
    for group in policy.exclusives:
        others = [request for request in group.requests if folded(request) not in awards]
        funded = [awards[folded(request)] for request in group.requests if folded(request) in awards]
        ties += [Tie(group.name, award, other, is_needed=False) for award in funded for other in others]
    for rule in policy.requires:
        if folded(rule.request) in awards and folded(rule.needs) not in awards:
            ties.append(Tie(rule.name, awards[folded(rule.request)], rule.needs, is_needed=True))
    return ties


def _parsed(text: str, places: Places, policy_file: Path, base: str) -> Policy:
    """Return the policy, or refuse it with every error, a currency other than the book's among them."""
    import tomllib

    from allocation.policy_file import PolicyInvalid, parse_policy

    try:
        return parse_policy(text, places=places, name=str(policy_file))
    except PolicyInvalid as invalid:
        try:
            stated = tomllib.loads(text).get("currency")
        except (ValueError, RecursionError):
            raise invalid from None
        if stated == base or stated not in currencies():
            raise
        other = f'currency: {stated}, and the book counts in {base}; write currency = "{base}" and state amounts in it'
        raise PolicyInvalid(str(policy_file), [*invalid.problems, other]) from None


def _policy_text(policy_file: Path) -> tuple[str, str]:
    """Return a policy's text, its line ends as Python has them, and the SHA-256 of the file's bytes."""
    try:
        content = policy_file.read_bytes()
        text = io.StringIO(content.decode("utf-8-sig"), newline=None).read()
        return text, hashlib.sha256(content).hexdigest()
    except OSError as cause:
        raise PolicyUnreadable(
            f"{policy_file} cannot be read: {cause.strerror}", remedy="name a policy file (TOML) with --policy"
        ) from cause
    except UnicodeDecodeError as cause:
        raise PolicyUnreadable(
            f"{policy_file} is not UTF-8 text (byte {cause.start})", remedy="save the policy as UTF-8 text"
        ) from cause


def _refuse_odd_id(round_id: str) -> None:
    odd = [character for character in round_id if character in ";|=" or not character.isprintable()]
    if not round_id.strip() or odd or round_id != round_id.strip():
        raise IdInvalid(f"{round_id!r} cannot be a round's id", remedy="use letters, digits, - and _: R1")
