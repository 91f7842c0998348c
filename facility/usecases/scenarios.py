"""Scenarios over a frozen round, and decisions side by side. Nothing here writes to the book."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facility.usecases.build_problem import build_problem, funded_before
from ledgers.errors import FacilityError
from ledgers.rounds import decision_of, header
from ledgers.store import Book

if TYPE_CHECKING:
    from allocation.comparison import Comparison
    from allocation.decision import Decision
    from allocation.problem import Problem

Progress = Callable[[str], None]
_HASH_SHOWN = 6
_WRITE_ONE = "write one with `facility round solve ROUND --scenario FILE --out decision.json`"


class ScenarioUnreadable(FacilityError):
    """A scenario file, or a policy that it names, that is not there or is not text."""

    code = "scenario-unreadable"


class DecisionFileInvalid(FacilityError):
    """A decision's JSON that is none, is not of this round, or is not what its digest says."""

    code = "decision-file-invalid"


@dataclass(frozen=True, slots=True)
class Posed:
    """What stands on one side of a comparison, solved or still to be solved.

    Attributes:
        name: What readers call it.
        problem: The round, or a scenario of it.
        decision: Its decision; None while it is to be solved.
        changes: What differs from the round, one sentence each.
        what_if: The scenario's name and texts, for its decision's JSON; empty for the round itself.
    """

    name: str
    problem: Problem
    decision: Decision | None = None
    changes: tuple[str, ...] = ()
    what_if: Mapping[str, Any] | None = None


def posed_scenario(book: Book, round_id: str, file: Path) -> Posed:
    """Return a round as a scenario file changes it.

    Raises:
        RoundUnknown: there is no such round.
        ScenarioUnreadable: the file is not there, or is not UTF-8 text.
        ScenarioInvalid: anything in it is wrong; all errors at once.
    """
    text = _text(file, "scenario")
    return _read(book, round_id, text, str(file), lambda path: _text(file.parent / path, "policy"))


def decide_scenario(
    posed: Posed, *, time_limit: float | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Return the decision on a scenario as JSON, with the scenario's own texts beside it."""
    from allocation.apart import solve_apart

    body = solve_apart(posed.problem, time_limit=time_limit, progress=progress).to_json()
    return {**body, "what_if": dict(posed.what_if or {})}


def posed_sides(book: Book, round_id: str, sides: Sequence[str]) -> list[Posed]:
    """Return what is to be compared: scenario files, decisions' JSON files, and decisions of the round by their hash.

    The round's own decision (the posted one, else the latest) comes first unless one of its decisions is named.

    Raises:
        RoundUnknown, DecisionUnknown: there is no such round or decision.
        ScenarioUnreadable, ScenarioInvalid, DecisionFileInvalid: a file that cannot be used.
    """
    found = [_side(book, round_id, side) for side in sides]
    if not any(one.what_if is None for one in found):
        found.insert(0, _stored(book, round_id, None))
    return found


def solved(sides: Sequence[Posed], *, time_limit: float | None = None, progress: Progress | None = None) -> Comparison:
    """Return the comparison, having solved what is not solved yet."""
    from allocation.apart import solve_apart
    from allocation.comparison import Side, compare

    found = []
    for one in sides:
        decision = one.decision
        if decision is None:
            say = (lambda text, name=one.name: progress(f"{name}: {text}")) if progress else None
            decision = solve_apart(one.problem, time_limit=time_limit, progress=say, keeps_on_interrupt=False)
        found.append(Side(one.name, one.problem, decision))
    return compare(found)


def _side(book: Book, round_id: str, side: str) -> Posed:
    if side.lower().endswith(".toml"):
        return posed_scenario(book, round_id, Path(side))
    if side.lower().endswith(".json"):
        return _from_json(book, round_id, Path(side))
    return _stored(book, round_id, side)


def _stored(book: Book, round_id: str, digest: str | None) -> Posed:
    from allocation.decision_json import read_decision

    decided = decision_of(book, round_id, digest)
    problem = build_problem(book, header(book, round_id))
    name = "the decision" if digest is None else _called(decided.decision)
    return Posed(name, problem, read_decision(decided.body))


def _called(digest: str) -> str:
    return f"decision {digest.removeprefix('sha256:')[:_HASH_SHOWN]}"


def _from_json(book: Book, round_id: str, file: Path) -> Posed:
    """Return a decision from a file, held against its digest, its inputs and every rule of its problem."""
    from allocation.decision_json import DecisionInvalid, decision_from_json
    from allocation.verify import refuse_unless_sound

    body = _body(file)
    try:
        decision = decision_from_json(body)
        posed = _posed_body(book, round_id, body, str(file))
    except DecisionInvalid as cause:
        raise DecisionFileInvalid(f"{file}: {cause.message}", remedy=_WRITE_ONE) from cause
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as cause:
        raise DecisionFileInvalid(
            f"{file}: what it says of its scenario cannot be read: {type(cause).__name__} {cause}", remedy=_WRITE_ONE
        ) from cause
    if decision.inputs != posed.problem.inputs_digest():
        raise DecisionFileInvalid(
            f"{file} decides other inputs than round {round_id} froze",
            remedy="name the round that it is of, or give the scenario file",
        )
    refuse_unless_sound(posed.problem, decision)
    return replace(posed, decision=decision)


def _posed_body(book: Book, round_id: str, body: Mapping[str, Any], file: str) -> Posed:
    """Return the problem that a decision's JSON says it answers: the round's own, or that of its scenario's texts."""
    told = body.get("what_if")
    if told is None:
        return Posed(_called(body["decision"]), build_problem(book, header(book, round_id)))
    return _read(book, round_id, told["text"], file, lambda _: str(told["policy"]))


def _read(book: Book, round_id: str, text: str, file: str, other_policy: Callable[[str], str]) -> Posed:
    from allocation.scenario_file import read_scenario

    known = header(book, round_id)
    scenario = read_scenario(
        text,
        build_problem(book, known),
        policy_text=known.policy,
        other_policy=other_policy,
        funded_before=lambda policy: funded_before(book, round_id, policy),
        file=file,
    )
    what_if = {"scenario": scenario.name, "text": text, "policy": scenario.other_policy}
    return Posed(scenario.name, scenario.problem, None, scenario.changes, what_if)


def _body(file: Path) -> dict[str, Any]:
    try:
        body = json.loads(_text(file, "decision"))
    except ValueError as cause:
        raise DecisionFileInvalid(f"{file} is not JSON: {cause}", remedy=_WRITE_ONE) from cause
    return body if isinstance(body, dict) else {}


def _text(file: Path, what: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as cause:
        raise ScenarioUnreadable(f"{file} cannot be read: {cause.strerror}", remedy=f"name a {what} file") from cause
    except UnicodeDecodeError as cause:
        raise ScenarioUnreadable(
            f"{file} is not UTF-8 text (byte {cause.start})", remedy=f"save the {what} as UTF-8 text"
        ) from cause


def request_titles(book: Book) -> dict[str, str]:
    """Return what requests are for, in words, by id."""
    return dict(book.rows("facility.usecases", "compare_titles"))
