"""The book's promises, recomputed: every check is a query that must return no rows; its name is the error code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import duckdb

from ledgers.errors import FacilityError
from ledgers.places import Places
from ledgers.rounds import Header, alterations, decision_of, decisions_of, header
from ledgers.rounds.decided import person_id
from ledgers.store import Book
from ledgers.store.sql import texts_in
from ledgers.terms import Subject, admits, parse

PACKAGE = "ledgers.checks"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's result.

    Attributes:
        name: The check, which is also the error code.
        findings: What it found, one sentence each; empty when the promise holds.
    """

    name: str
    findings: tuple[str, ...]


def check_book(book: Book) -> list[Checked]:
    """Return every check's findings, in order of name."""
    results = [Checked(name.replace("_", "-"), _found(book, text)) for name, text in texts_in(PACKAGE)]
    results.append(Checked("approvals-enough", _python_check(book, partial(_each_round, check=_approvals_short))))
    results.append(Checked("decisions-sound", _python_check(book, partial(_each_round, check=_posted_unsound))))
    results.append(Checked("decisions-unaltered", _python_check(book, _decisions_altered)))
    results.append(Checked("earmarks-kept", _python_check(book, _earmarks_breached)))
    results.append(Checked("rounds-as-frozen", _python_check(book, partial(_each_round, check=_rounds_altered))))
    return sorted(results, key=lambda result: result.name)


# The rows themselves may be damaged in any way.
_DAMAGED = (duckdb.Error, FacilityError, ValueError, LookupError, ArithmeticError, TypeError)


def _first_line(cause: Exception) -> str:
    return (str(cause).splitlines() or [type(cause).__name__])[0]


def _found(book: Book, text: str) -> tuple[str, ...]:
    try:
        return tuple(str(row[0]) for row in book.connection.execute(text).fetchall())
    except duckdb.Error as cause:
        return (f"the check cannot run: {str(cause).splitlines()[0]}",)


def _python_check(book: Book, check: Callable[[Book], list[str]]) -> tuple[str, ...]:
    try:
        return tuple(check(book))
    except _DAMAGED as cause:
        return (f"the check cannot run: {_first_line(cause)}",)


def _decisions_altered(book: Book) -> list[str]:
    """Return each decision whose digest or rows are not those of its JSON."""
    return [
        sentence
        for (round_id,) in book.rows("ledgers.rounds", "round_ids")
        for decided in decisions_of(book, round_id)
        for sentence in alterations(book, round_id, decided)
    ]


def _each_round(book: Book, check: Callable[[Book, Header], list[str]]) -> list[str]:
    """Return what a check finds in each round; one round that cannot be read does not hide the others."""
    found = []
    for (round_id,) in book.rows("ledgers.rounds", "round_ids"):
        try:
            found += check(book, header(book, round_id))
        except _DAMAGED as cause:
            found.append(f"round {round_id} cannot be checked: {_first_line(cause)}")
    return found


def _rounds_altered(book: Book, known: Header) -> list[str]:
    """Return what of a round is not as it was: its policy, or the rows that a decision was made on."""
    from facility.usecases.build_problem import build_problem, digests_before, policy_of

    found = []
    if policy_of(known).digest != known.policy_digest:
        found.append(f"the policy of round {known.round_id} is not the one that it was opened with")
    decisions = decisions_of(book, known.round_id)
    inputs: set[str] = set()
    if decisions:
        problem = build_problem(book, known)
        inputs = {
            problem.inputs_digest(),
            problem.inputs_digest(rules_as_written=True),
            *digests_before(book, known, problem),
        }
    return found + [
        f"the frozen rows of round {known.round_id} are not those that decision {decided.decision} was made on"
        for decided in decisions
        if decided.body["inputs"] not in inputs
    ]


def _posted_unsound(book: Book, known: Header) -> list[str]:
    """Return each rule of its round that a posted decision breaks; its inputs are another check's."""
    from allocation.decision_json import read_decision
    from allocation.verify import breaches
    from facility.usecases.build_problem import build_problem

    if known.state != "posted":
        return []
    decided = decision_of(book, known.round_id)
    broken = breaches(build_problem(book, known), read_decision(decided.body))
    return [f"round {known.round_id}: {breach}" for breach in broken if breach.rule != "inputs"]


def _approvals_short(book: Book, known: Header) -> list[str]:
    """Return the posted round if fewer people than its policy asks, other than the proposer, approved its decision."""
    from facility.usecases.build_problem import policy_of

    if known.state != "posted":
        return []
    decided = decision_of(book, known.round_id)
    rows = book.rows("ledgers.rounds", "approvals", round_id=known.round_id, decision=decided.decision)
    others = {person_id(row[1]) for row in rows} - {person_id(decided.proposer)}
    asked = policy_of(known).signatures
    if decided.decision == known.posted_decision and len(others) >= asked:
        return []
    return [f"round {known.round_id} was posted with {len(others)} of {asked} approvals by others than the proposer"]


def _earmarks_breached(book: Book) -> list[str]:
    """Return each allocation of a posted round that its contribution's frozen terms or days do not admit."""
    by_day: dict[date, list[tuple[Any, ...]]] = defaultdict(list)
    for day, *row in book.rows("ledgers.rounds", "posted_payments"):
        by_day[day].append(tuple(row))
    found = []
    for day, rows in sorted(by_day.items()):
        places = Places.on(day)
        for round_id, contribution, request, earmark, use_by, spend_from, spend_to, first, last, *attributes in rows:
            pays = f"pays {request}"
            for what, until in (("use by", use_by), ("spent until", spend_to)):
                if until is not None and last > until:
                    found.append(f"round {round_id}: {contribution} ({what} {until}) {pays} until {last}")
            if spend_from is not None and first < spend_from:
                found.append(f"round {round_id}: {contribution} (spent from {spend_from}) {pays} from {first}")
            if not admits(parse(earmark, places=places), _subject(request, attributes), places):
                found.append(f"round {round_id}: {contribution} ({earmark}) pays {request}, which it does not admit")
    return found


def _subject(request: str, attributes: Sequence[object]) -> Subject:
    window, country, objectives, applicant, kind, gender, rights, child, oda, level, merit = attributes
    return Subject(
        request=request,
        window=str(window),
        country=str(country),
        objectives=tuple(int(number) for number in str(objectives).split("|") if number),
        applicant=str(applicant),
        applicant_kind=str(kind),
        gender=gender,  # type: ignore[arg-type]
        human_rights=rights,  # type: ignore[arg-type]
        child=child,  # type: ignore[arg-type]
        oda=oda,  # type: ignore[arg-type]
        level=level,  # type: ignore[arg-type]
        merit=Fraction(str(merit)),
    )
