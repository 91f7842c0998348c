"""What if: a scenario file over a frozen round becomes another `Problem`, or one error that lists everything wrong.

A scenario says only what differs from the round: another policy or single rules of it, terms or money of a
contribution, a pledge that arrives, a request that changes or goes, scores that shift. The guide's page on scenarios
shows every key. Nothing of it can be posted: the problem's round id is the round's with the scenario's name behind a
`|`, which no round's id may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocation.policy import Policy
from allocation.policy_file import (
    PolicyInvalid,
    parse_policy,
    policy_of,
    refuse_unknown_measures,
    toml_cells,
)
from allocation.policy_values import Table, shown
from allocation.problem import Contribution, Problem, ProblemInvalid, Request
from allocation.scenario_rows import changed_contributions, changed_requests, refuse_unknown_keys, tables_at
from ledgers.errors import FacilityError, did_you_mean

MARK = "|"
"""Stands between the round and the scenario in a scenario's round id."""

_TOLD_MAX = 600
_TOP = ("name", "policy", "contribution", "new_contribution", "request", "scores")
_RULES = ("limit", "exclusive", "requires")
_OF_A_CHANGE = ("drop", "new", "without")


class ScenarioInvalid(FacilityError):
    """A scenario file that cannot be used.

    Attributes:
        problems: Every error, each with its place, the fact and the remedy.
    """

    code = "scenario-invalid"

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        count = f"{len(problems)} error{'s' if len(problems) != 1 else ''}"
        super().__init__(
            "\n".join([f"{file}: {count}", *(f"  {problem}" for problem in problems)]),
            remedy="correct what is listed; the guide's page on scenarios shows every key",
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One what-if over a frozen round.

    Attributes:
        name: As the file calls it.
        problem: The round with the changes made; its id and its digest are not the round's.
        changes: What differs from the round, one sentence each.
        other_policy: Text of the policy file that it names, or None.
    """

    name: str
    problem: Problem
    changes: tuple[str, ...]
    other_policy: str | None = None


def read_scenario(
    text: str,
    frozen: Problem,
    *,
    policy_text: str,
    other_policy: Callable[[str], str],
    funded_before: Callable[[Policy], tuple[str, ...]] | None = None,
    file: str = "scenario",
) -> Scenario:
    """Return the scenario that a TOML text states over a round.

    Args:
        text: The file's text.
        frozen: The round.
        policy_text: The round's policy as it was frozen: single keys and rules of it may be changed.
        other_policy: Gives the text of a policy file that the scenario names.
        funded_before: Gives which requests that a policy names were funded before; else the round's own count.
        file: How messages call the file.

    Raises:
        ScenarioInvalid: anything is wrong; all errors at once.
    """
    try:
        top = Table(toml_cells(text, file), "", [])
    except PolicyInvalid as invalid:
        raise ScenarioInvalid(file, invalid.problems) from invalid
    refuse_unknown_keys(top, _TOP)
    name = _name(top)
    policy, told, replaced = _Rules(top, frozen, policy_text).read(other_policy)
    contributions, money_told = changed_contributions(top, frozen)
    requests, requests_told = changed_requests(top, frozen)
    changes = (*told, *money_told, *requests_told)
    if not changes and not top.problems:
        top.note("", "the scenario changes nothing", f"give it at least one of: {', '.join(_TOP[1:])}")
    made = replace(frozen, round_id=f"{frozen.round_id}{MARK}{name}")
    before = _before(top, frozen, policy, funded_before)
    problem = _problem(top, made, policy, before, contributions, requests)
    if problem is None:
        raise ScenarioInvalid(file, list(dict.fromkeys(top.problems)))
    return Scenario(name, problem, changes, replaced)


def _problem(
    top: Table,
    frozen: Problem,
    policy: Policy,
    before: tuple[str, ...],
    contributions: tuple[Contribution, ...],
    requests: tuple[Request, ...],
) -> Problem | None:
    """Return the round with its changes; None, with the reason noted, where anything is wrong."""
    if top.problems:
        return None
    kept = {request.request_id for request in requests}
    overrides = tuple(override for override in frozen.overrides if override.request_id in kept)
    try:
        refuse_unknown_measures(policy, requests)
        return replace(
            frozen,
            policy=policy,
            contributions=contributions,
            requests=requests,
            overrides=overrides,
            funded_before=before,
        )
    except ProblemInvalid as invalid:
        top.note("", invalid.message, invalid.remedy)
        return None


def scenario_name(round_id: str) -> str | None:
    """Return the name of the scenario that a problem or decision is of, or None of a round's own.

    >>> scenario_name("R1|No earmarks"), scenario_name("R1")
    ('No earmarks', None)
    """
    return round_id.partition(MARK)[2] or None


def _name(top: Table) -> str:
    if "name" not in top.cells:
        top.note("name", "missing", 'write for example name = "Norland without its earmark"')
    name = top.text("name", '"Norland without its earmark"') or ""
    if any(letter in ";|=" or not letter.isprintable() for letter in name):
        top.note("name", f"{shown(name)} has a character that stands for something else", "leave out ; | and =")
    return name


def _before(
    top: Table, frozen: Problem, policy: Policy, look_up: Callable[[Policy], tuple[str, ...]] | None
) -> tuple[str, ...]:
    if look_up is None or policy == frozen.policy:
        return frozen.funded_before
    try:
        return look_up(policy)
    except FacilityError as error:
        top.note("policy", error.message, error.remedy)
        return frozen.funded_before


@dataclass(frozen=True, slots=True)
class _Rules:
    """The policy of a scenario: the round's own, another one whole, or the round's with single rules changed."""

    top: Table
    frozen: Problem
    policy_text: str

    def read(self, other_policy: Callable[[str], str]) -> tuple[Policy, list[str], str | None]:
        """Return the policy, what differs, and the text of another policy file if one is named."""
        stated = self.top.cells.get("policy")
        if stated is None:
            return self.frozen.policy, [], None
        if isinstance(stated, str):
            return self._other(stated, other_policy)
        if not isinstance(stated, dict):
            self.top.note("policy", f"{shown(stated)} is neither a file nor a table", 'write policy = "other.toml"')
            return self.frozen.policy, [], None
        told: list[str] = []
        cells = self._merged(stated, told)
        return self._parsed(lambda: policy_of(cells, places=self.frozen.places)), told, None

    def _other(self, path: str, other_policy: Callable[[str], str]) -> tuple[Policy, list[str], str | None]:
        try:
            text = other_policy(path)
        except FacilityError as error:
            self.top.note("policy", error.message, error.remedy)
            return self.frozen.policy, [], None
        policy = self._parsed(lambda: parse_policy(text, places=self.frozen.places, name=path))
        return policy, [f"the policy is {path}"], text

    def _parsed(self, parse: Callable[[], Policy]) -> Policy:
        """Return a policy that this round can have; every error of it is noted at `policy`."""
        try:
            policy = parse()
        except PolicyInvalid as invalid:
            self.top.problems.extend(f"policy: {problem}" for problem in invalid.problems)
            return self.frozen.policy
        own = self.frozen.policy
        if policy.currency != self.frozen.currency:
            self.top.note(
                "policy", f"counts in {policy.currency}, the round in {self.frozen.currency}", "state it in the round's"
            )
        if policy.score_weights != own.score_weights:
            self.top.note(
                "policy", "weighs the scores anew, and the round froze their merit", "shift merit with [[scores]]"
            )
        if policy.resources != own.resources:
            self.top.note(
                "policy",
                f"counts resources as {policy.resources}, and the round froze them as {own.resources}",
                "change what a contribution has available with [[contribution]]",
            )
        return policy

    def _merged(self, stated: Mapping[str, Any], told: list[str]) -> dict[str, Any]:
        """Return the cells of the round's policy with those of the scenario over them."""
        cells = toml_cells(self.policy_text, "policy of the round")
        merged = dict(cells)
        for key, value in stated.items():
            if key in _RULES:
                merged[key] = self._merged_rules(key, cells.get(key, []), told)
            elif isinstance(value, dict) and isinstance(cells.get(key), dict):
                merged[key] = {**cells[key], **value}
                told.append(f"policy {key}: {_listed(value)}")
            else:
                merged[key] = value
                told.append(f"policy {key} = {shown(value, _TOLD_MAX)}")
        return merged

    def _merged_rules(self, kind: str, own: list[dict[str, Any]], told: list[str]) -> list[dict[str, Any]]:
        """Return the rules of one kind with the scenario's changes: by name, key for key."""
        named = {"limit": "limits", "exclusive": "exclusives"}.get(kind, kind)
        as_written = parse_policy(self.policy_text, places=self.frozen.places, name="policy of the round")
        names = [rule.name for rule in getattr(as_written, named)]
        rules: dict[str, dict[str, Any]] = {
            name: {**cells, "name": name} for name, cells in zip(names, own, strict=True)
        }
        changed: set[str] = set()
        for number, cells in tables_at(Table(self.top.cells["policy"], "policy", self.top.problems), kind):
            table = Table(cells, f"policy.{kind} {number}", self.top.problems)
            name = table.text("name", '"At most 40 awards"')
            if name is None:
                table.note("name", "missing", f"name the {kind} that changes")
            elif name in changed:
                table.note("name", f"{shown(name)} is changed twice", "put its changes into one table")
            elif (name in rules) == (cells.get("new") is True):
                is_there = name in rules
                fact = "is a rule of the policy already" if is_there else f"is no {kind} of the policy"
                remedy = "leave new out" if is_there else f"{did_you_mean(name, names)} (a new one says new = true)"
                table.note("name", f"{shown(name)} {fact}", remedy)
            else:
                changed.add(name)
                _change_rule(rules, name, table, told, kind)
        return list(rules.values())


def _change_rule(rules: dict[str, dict[str, Any]], name: str, table: Table, told: list[str], kind: str) -> None:
    cells = {key: value for key, value in table.cells.items() if key not in (*_OF_A_CHANGE, "name")}
    without = table.cells.get("without", [])
    if table.cells.get("drop") is True:
        if cells or without:
            table.note("drop", f"{shown(name)} is dropped and changed", "do one of the two")
        told.append(f'without the {kind} "{name}"')
        rules.pop(name, None)
        return
    own = rules.get(name, {})
    known = [key for key in own if key != "name"]
    odd = [key for key in without if key not in known] if isinstance(without, list) else [without]
    if odd:
        remedy = did_you_mean(str(odd[0]), known) if known else "leave without out"
        table.note("without", f"{shown(odd[0])} is no key of {shown(name)}", remedy)
        return
    if name in rules and not cells and not without:
        table.note("", f"nothing of {shown(name)} changes", "give the keys that change, or drop = true")
    rules[name] = {**{key: value for key, value in own.items() if key not in without}, "name": name, **cells}
    parts = [_listed(cells)] if cells else []
    parts += [f"without {', '.join(without)}"] if without else []
    told.append(f'{kind} "{name}": {"; ".join(parts)}')


def _listed(cells: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {shown(value, _TOLD_MAX)}" for key, value in cells.items())
