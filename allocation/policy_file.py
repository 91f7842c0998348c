"""Reads a policy file: TOML text becomes a `Policy`, or one error that lists everything wrong with it.

INTERFACE.md, section Files in, `policy`, holds the format and its meaning. What the format allows and this engine
cannot yet do is refused by name, never ignored.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, cast, get_args

from allocation.policy import Bound, Each, Exclusive, Limit, Policy, Requires, ResourcesKind
from allocation.policy_objectives import objectives
from allocation.policy_values import Table, bound, exact_decimal, shown, weighed_bound
from allocation.problem import ProblemInvalid, Request
from ledgers.errors import FacilityError, did_you_mean, nearest
from ledgers.money import currencies
from ledgers.places import Places
from ledgers.terms import Terms, folded
from ledgers.terms import parse as parse_terms

_TOP = (
    "currency", "resources", "unit", "objectives", "reserve", "time_limit", "gap",
    "limit", "exclusive", "requires", "scores", "approval",
)  # fmt: skip
_LIMIT = ("name", "select", "each", "at_least", "at_most", "count_at_least", "count_at_most", "weigh")
_EACH: tuple[str, ...] = get_args(Each)
_UNKNOWN_SHOWN = 3


class PolicyInvalid(FacilityError):
    """A policy file that cannot be used.

    Attributes:
        problems: Every error, each with its place, the fact and the remedy.
    """

    code = "policy-invalid"

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        count = f"{len(problems)} error{'s' if len(problems) != 1 else ''}"
        super().__init__(
            "\n".join([f"{name}: {count}", *(f"  {problem}" for problem in problems)]),
            remedy="correct what is listed; the guide's page on policies shows every key",
        )
        self.problems = tuple(problems)


def parse_policy(text: str, *, places: Places, name: str = "policy") -> Policy:
    """Return the policy that a TOML text states.

    Args:
        text: The file's text.
        places: Countries and groups that `select` may name.
        name: How messages call the file.

    Raises:
        PolicyInvalid: anything is wrong; all errors at once.
    """
    return policy_of(toml_cells(text, name), places=places, name=name)


def policy_of(cells: Mapping[str, Any], *, places: Places, name: str = "policy") -> Policy:
    """Return the policy that a TOML table states, as `parse_policy` reads it from a text.

    Raises:
        PolicyInvalid: anything is wrong; all errors at once.
    """
    top = Table(cells, "", [])
    top.refuse_unknown(_TOP)
    currency = _currency(top)
    objective, later = objectives(top)
    draft = Policy(
        currency=currency or "",
        unit=_unit(top, currency),
        objective=objective,
        reserve=bound(top, "reserve", currency, "share_of_resources"),
        time_limit=top.whole("time_limit", least=1) or 60,
        gap=_gap(top),
        limits=tuple(_limits(top, currency, places)),
        exclusives=tuple(_exclusives(top)),
        requires=tuple(_requires(top)),
        score_weights=_score_weights(top),
        later=later,
        resources=_resources(top),
        signatures=_signatures(top),
    )
    _refuse_repeated_names(top, draft)
    if top.problems:
        raise PolicyInvalid(name, top.problems)
    return _with_digest(draft)


def refuse_unknown_requests(policy: Policy, request_ids: Iterable[str]) -> None:
    """Refuse a policy whose exclusive groups or prerequisites name requests that nobody ever made.

    Args:
        policy: The policy.
        request_ids: Every request that there is, in the round or not.

    Raises:
        ProblemInvalid: the first few names that are unknown, each with the nearest request, and how many more.
    """
    known = sorted(request_ids)
    spelled = {folded(request) for request in known}
    missing = list(dict.fromkeys(r for _, r in policy.named_requests if folded(r) not in spelled))
    if not missing:
        return
    told = ", ".join(f"{request}{_perhaps(request, known)}" for request in missing[:_UNKNOWN_SHOWN])
    more = f" and {len(missing) - _UNKNOWN_SHOWN} more" if len(missing) > _UNKNOWN_SHOWN else ""
    noun = f"{len(missing)} requests" if len(missing) > 1 else "a request"
    raise ProblemInvalid(
        f"the policy names {noun} that the book does not know: {told}{more}",
        remedy="correct the id in the policy, or import the request",
    )


def refuse_unknown_measures(policy: Policy, requests: Iterable[Request]) -> None:
    """Refuse a policy that weighs by a column that no request of the round has.

    Raises:
        ProblemInvalid: the measure that is missing, with those there are.
    """
    known = sorted({measure for request in requests for measure, _ in request.measures})
    for limit in policy.limits:
        if limit.weigh is not None and limit.weigh not in known:
            raise ProblemInvalid(
                f"limit {limit.name} weighs by {limit.weigh}, which no request of the round has",
                remedy=did_you_mean(limit.weigh, known) if known else f"import requests with a column {limit.weigh}",
            )


def _perhaps(request: str, known: Sequence[str]) -> str:
    near = nearest(request, known)
    return f" (did you mean {near}?)" if near else ""


def toml_cells(text: str, name: str) -> dict[str, Any]:
    """Return the cells of a TOML text, its numbers exact.

    Raises:
        PolicyInvalid: it is not TOML; the place is named.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=exact_decimal)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        fact = str(error) if place is None else str(error)[: place.start()]
        if place is not None and place[1]:
            where = f"line {place[1]}, column {place[2]}"
        else:
            where = f"line {text.count(chr(10)) + 1}, at the end"
        raise PolicyInvalid(name, [f"{where}: {fact}; write the line as TOML"]) from error
    except (ValueError, RecursionError) as error:
        raise PolicyInvalid(name, [f"a number or a nesting beyond reason ({error}); write the file as TOML"]) from error


def _currency(top: Table) -> str | None:
    if "currency" not in top.cells:
        top.note("currency", "missing", 'write for example currency = "USD"')
        return None
    value = top.text("currency", '"USD"')
    if value is None or value in currencies():
        return value
    top.note("currency", f"{shown(value)} is not a known currency", did_you_mean(value, currencies()))
    return None


def _resources(top: Table) -> ResourcesKind:
    return cast("ResourcesKind", top.word("resources", ("cash", "agreements")) or "cash")


def _unit(top: Table, currency: str | None) -> int:
    if currency is None:
        return 1
    unit = top.minor("unit", currency)
    if unit is not None and unit <= 0:
        top.note("unit", f"{shown(top.cells['unit'])} is not above zero", 'write for example unit = "0.01"')
    return 1 if unit is None or unit <= 0 else unit


def _gap(top: Table) -> Fraction:
    value = top.number("gap", remedy="write for example gap = 1e-5")
    if value is None:
        return Policy(currency="").gap
    if not 0 <= value < 1:
        top.note("gap", f"{shown(top.cells['gap'])} is not at least 0 and below 1", "write for example gap = 1e-5")
    return value


def _tables(top: Table, key: str, header: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the tables under a key with their number from 1; note what is not a table."""
    value = top.cells.get(key, [])
    if not isinstance(value, list):
        top.note(key, "not a list of tables", f"head each with {header}")
        return []
    for number, cells in enumerate(value, 1):
        if not isinstance(cells, dict):
            top.note(f"{key} {number}", f"{shown(cells)} is not a table", f"head it with {header}")
    return [(number, cells) for number, cells in enumerate(value, 1) if isinstance(cells, dict)]


def _limits(top: Table, currency: str | None, places: Places) -> Iterable[Limit]:
    for number, cells in _tables(top, "limit", "[[limit]]"):
        name = cells.get("name")
        place = f'limit {number} "{name}"' if isinstance(name, str) and name.strip() else f"limit {number}"
        yield _limit(Table(cells, place, top.problems), currency, places)


def _limit(table: Table, currency: str | None, places: Places) -> Limit:
    table.refuse_unknown(_LIMIT)
    weigh = _measure(table)
    if weigh is None:
        sides = [bound(table, key, currency, "share_of_awarded") for key in ("at_least", "at_most")]
    else:
        sides = [weighed_bound(table, key, weigh) for key in ("at_least", "at_most")]
    counts = [table.whole(key, least=0) for key in ("count_at_least", "count_at_most")]
    select = _select(table, places)
    each = cast("Each | None", table.word("each", _EACH))
    _refuse_sideless(table, weigh)
    _refuse_crossed(table, sides, counts)
    name = table.text("name", '"At most 40 awards"') or _described(select, each, sides, counts)
    return Limit(name, select, each, sides[0], sides[1], counts[0], counts[1], weigh)


def _measure(table: Table) -> str | None:
    weigh = table.text("weigh", '"x_staff"')
    if weigh is not None and not re.fullmatch(r"x_\w+", weigh):
        table.note("weigh", f"{shown(weigh)} is not a measure", "name a column of the requests that begins with x_")
    return weigh


def _select(table: Table, places: Places) -> Terms:
    value = table.cells.get("select", "")
    if not isinstance(value, str):
        table.note("select", f"{shown(value)} is not a text", 'write for example select = "window=integration"')
        return parse_terms("", places=places)
    try:
        return parse_terms(value, places=places)
    except FacilityError as error:
        table.note("select", error.message, error.remedy)
        return parse_terms("", places=places)


def _refuse_sideless(table: Table, weigh: str | None) -> None:
    keys = ("at_least", "at_most", "count_at_least", "count_at_most")
    if not any(key in table.cells for key in keys):
        table.note("", "the limit limits nothing", f"give it at least one of: {', '.join(keys)}")
    elif weigh is not None and not any(key in table.cells for key in keys[:2]):
        table.note("weigh", f"no bound on {weigh}", "give at_least or at_most, or leave weigh out")


def _refuse_crossed(table: Table, sides: Sequence[Bound | None], counts: Sequence[int | None]) -> None:
    floor, ceiling = sides
    if floor and ceiling and floor.kind == ceiling.kind and floor.value > ceiling.value:
        table.note("", f"at_least {floor.text} is above at_most {ceiling.text}", "exchange the two, or widen the limit")
    fewest, most = counts
    if fewest is not None and most is not None and fewest > most:
        table.note("", f"count_at_least {fewest} is above count_at_most {most}", "exchange the two, or widen the limit")


def _described(select: Terms, each: Each | None, sides: Sequence[Bound | None], counts: Sequence[int | None]) -> str:
    whom = ", ".join(part for part in (str(select), f"each {each}" if each else "") if part) or "all requests"
    words = [f"{word} {side.text}" for word, side in zip(("at least", "at most"), sides, strict=True) if side]
    words += [f"{word} {n} awards" for word, n in zip(("at least", "at most"), counts, strict=True) if n is not None]
    return f"{whom}: {', '.join(words)}"


def _exclusives(top: Table) -> Iterable[Exclusive]:
    for number, cells in _tables(top, "exclusive", "[[exclusive]]"):
        table = Table(cells, f"exclusive {number}", top.problems)
        table.refuse_unknown(("name", "requests"))
        ids = cells.get("requests")
        if not isinstance(ids, list) or not all(isinstance(one, str) and one.strip() for one in ids):
            table.note("requests", "not a list of request ids", 'write for example requests = ["R-017", "R-031"]')
            continue
        requests = tuple(sorted({one.strip() for one in ids}))
        if len({folded(request) for request in requests}) < max(2, len(ids)):
            fact = f"{shown(', '.join(ids))} are not two or more different ids"
            table.note("requests", fact, "name each request once")
        yield Exclusive(table.text("name", '"Either of two"') or f"at most one of {', '.join(requests)}", requests)


def _requires(top: Table) -> Iterable[Requires]:
    for number, cells in _tables(top, "requires", "[[requires]]"):
        table = Table(cells, f"requires {number}", top.problems)
        table.refuse_unknown(("name", "request", "needs"))
        for key in ("request", "needs"):
            if key not in cells:
                table.note(key, "missing", f'write for example {key} = "R-040"')
        request, needs = table.text("request", '"R-040"'), table.text("needs", '"R-012"')
        if request is None or needs is None:
            continue
        if folded(request) == folded(needs):
            table.note("needs", f"{request} would need itself", "name another request")
        yield Requires(table.text("name", '"First things first"') or f"{request} needs {needs}", request, needs)


def _inner(top: Table, key: str, path: str) -> Table:
    value = top.cells.get(key, {})
    if not isinstance(value, dict):
        top.note(key, f"{shown(value)} is not a table", f"head it with [{path}]")
        value = {}
    return Table(value, path, top.problems)


def _score_weights(top: Table) -> tuple[tuple[str, Fraction], ...]:
    scores = _inner(top, "scores", "scores")
    scores.refuse_unknown(("weights",))
    weights = _inner(scores, "weights", "scores.weights")
    found = []
    for criterion in sorted(weights.cells):
        weight = weights.number(criterion, remedy="write a number above zero, such as 50")
        if weight is not None and weight <= 0:
            weights.note(criterion, f"{shown(weights.cells[criterion])} is not above zero", "leave the criterion out")
        found.append((criterion, weight or Fraction(0)))
    return tuple(found)


def _signatures(top: Table) -> int:
    approval = _inner(top, "approval", "approval")
    approval.refuse_unknown(("signatures",))
    return approval.whole("signatures", least=0) or 0


def _refuse_repeated_names(top: Table, policy: Policy) -> None:
    if top.problems:
        return  # derived names of rules that were misread would only seem to repeat
    names = _names(policy)
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.note("", f'two rules are called "{name}"', "give each rule its own name: explanations speak of it")
    if "reserve" in names:
        top.note("", 'a rule is called "reserve"', "choose another name: the reserve itself is called so")


def _names(policy: Policy) -> list[str]:
    named = [limit.name for limit in policy.limits]
    return named + [group.name for group in policy.exclusives] + [rule.name for rule in policy.requires]


def _with_digest(policy: Policy) -> Policy:
    import dataclasses

    def digest(of: Policy) -> str:
        text = json.dumps(_meaning(of), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    return dataclasses.replace(policy, digest=digest(policy), rules_digest=digest(policy.sorted()))


def _meaning(policy: Policy) -> Mapping[str, Any]:
    """Return what the digest is of; a policy without what came later to this form has the digest it always had."""

    def side(value: Bound | None) -> list[str] | None:
        return None if value is None else [value.kind, str(value.value)]

    later = {"later": [[stage.name, str(stage.may_cost)] for stage in policy.later]} if policy.later else {}
    resources = {"resources": policy.resources} if policy.resources != "cash" else {}
    return {
        **later,
        **resources,
        "currency": policy.currency,
        "unit": policy.unit,
        "objective": policy.objective,
        "reserve": side(policy.reserve),
        "time_limit": policy.time_limit,
        "gap": str(policy.gap),
        "limits": [
            [x.name, str(x.select), x.each, side(x.at_least), side(x.at_most), x.weigh, *_counts(x)]
            for x in policy.limits
        ],
        "exclusives": [[group.name, group.requests] for group in policy.exclusives],
        "requires": [[rule.name, rule.request, rule.needs] for rule in policy.requires],
        "score_weights": [[criterion, str(weight)] for criterion, weight in policy.score_weights],
        "signatures": policy.signatures,
    }


def _counts(limit: Limit) -> tuple[int | None, int | None]:
    return limit.count_at_least, limit.count_at_most
