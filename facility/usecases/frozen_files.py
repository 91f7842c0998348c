"""A frozen round as files that a stranger can read and check: what stands in each, as text.

Amounts are in major units, dates ISO, lists inside a cell separated by `|`. Nothing is left out that a decision may
depend on.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

from ledgers.money import major_units
from ledgers.money import places as decimal_places
from ledgers.places import Places, country_rows, region_rows
from ledgers.terms import place_shares

if TYPE_CHECKING:
    from fractions import Fraction

    from allocation.policy import Policy
    from allocation.problem import Contribution, Problem, Request

CHECKER = "check_round.py"
SUMS = "SHA256SUMS"

_CONTRIBUTION = (
    "contribution", "donor", "available", "earmark", "use_by", "spend_from", "spend_to", "country_cap", "country_used",
)  # fmt: skip
_REQUEST = (
    "request", "ask", "minimum", "merit", "window", "country", "objectives", "applicant", "applicant_kind", "gender",
    "human_rights", "child", "oda", "level", "starts_on", "ends_on", "cofinance", "years",
)  # fmt: skip
_PLACE = ("place", "name", "kind", "region", "within")
_OVERRIDE = ("request", "least", "most", "by", "reason")


def frozen_files(problem: Problem, policy_text: str, decision: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a decided round by name: rows, policy, decision, checker, how to check, and their sums.

    Args:
        problem: The frozen round.
        policy_text: The policy as it was frozen.
        decision: The decision as JSON, whole.
    """
    measures = sorted({name for request in problem.requests for name, _ in request.measures})
    texts = {
        "round.json": _json(_about(problem, policy_text)),
        "contributions.csv": _table(_CONTRIBUTION, (_contribution(c, problem) for c in problem.contributions)),
        "requests.csv": _table((*_REQUEST, *measures), (_request(r, problem, measures) for r in problem.requests)),
        "places.csv": _table(_PLACE, _places(problem.places)),
        "overrides.csv": _table(_OVERRIDE, _overrides(problem)),
        "policy.toml": policy_text,
        "decision.json": _json(decision),
        "README.txt": _readme(problem.round_id),
        CHECKER: resources.files("facility.checker").joinpath(CHECKER).read_text(encoding="utf-8"),
    }
    files = {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, SUMS: sums.encode()}


def _as_written(problem: Problem, policy_text: str) -> Policy:
    """Return the policy with its rules in the order of the text, by which the checker finds their names."""
    from allocation.policy_file import PolicyInvalid, parse_policy

    try:
        return parse_policy(policy_text, places=problem.places)
    except PolicyInvalid:
        return problem.policy


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _about(problem: Problem, policy_text: str) -> dict[str, Any]:
    policy = _as_written(problem, policy_text)
    return {
        "form": 1,
        "round": problem.round_id,
        "on": problem.on.isoformat(),
        "currency": problem.currency,
        "decimals": decimal_places(problem.currency),
        "inputs": problem.inputs_digest(),
        "funded_before": list(problem.funded_before),
        "names": {
            "limit": [limit.name for limit in policy.limits],
            "exclusive": [group.name for group in policy.exclusives],
            "requires": [rule.name for rule in policy.requires],
        },
    }


def _contribution(giver: Contribution, problem: Problem) -> list[Any]:
    def money(minor: int | None) -> str:
        return "" if minor is None else str(major_units(minor, problem.currency))

    used = "|".join(f"{country}:{money(amount)}" for country, amount in giver.country_used)
    dates = (_day(day) for day in (giver.use_by, giver.spend_from, giver.spend_to))
    cap = money(giver.country_cap)
    return [giver.contribution_id, giver.donor, money(giver.available), str(giver.earmark), *dates, cap, used]


def _request(asked: Request, problem: Problem, measures: Sequence[str]) -> list[Any]:
    about, known = asked.subject, dict(asked.measures)

    def money(minor: int) -> str:
        return str(major_units(minor, problem.currency))

    return [
        asked.request_id,
        money(asked.ask),
        money(asked.minimum),
        _number(asked.merit),
        about.window,
        _country(about.country),
        "|".join(str(number) for number in about.objectives),
        about.applicant,
        about.applicant_kind,
        *("" if marker is None else marker for marker in (about.gender, about.human_rights, about.child)),
        "" if about.oda is None else "yes" if about.oda else "no",
        about.level or "",
        _day(asked.starts_on),
        _day(asked.ends_on),
        money(asked.cofinance),
        "|".join(f"{year}:{money(amount)}" for year, amount in asked.years),
        *(_number(known[name]) if name in known else "" for name in measures),
    ]


def _country(cell: str) -> str:
    """Return a country cell by codes, with every share told unless there is one place only."""
    shares = place_shares(cell)
    if len(shares) < 2:
        return shares[0][0] if shares else ""
    return "|".join(f"{place}:{_number(share * 100)}" for place, share in shares)


def _number(value: Fraction) -> str:
    """Return a rational as decimal text where that is exact within twelve places, else as a ratio."""
    from allocation.decision import decimal_text

    scaled = value * 10**12
    return decimal_text(value) if scaled.denominator == 1 else str(value)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _places(places: Places) -> list[list[str]]:
    """Return every country, group and region with its name, its sub-region and all codes that match it on the date."""
    rows = [
        [code, places.name(code), "country", places.region_of(code), "|".join(sorted(places.around(code)))]
        for code in sorted({row[0] for row in country_rows()})
    ]
    rows += [[group, places.name(group), "group", "", ""] for group, _ in places.groups]
    regions = sorted({row[0] for row in region_rows()})
    rows += [[code, places.name(code), "region", "", "|".join(sorted(places.around(code)))] for code in regions]
    return rows


def _overrides(problem: Problem) -> list[list[str]]:
    def money(minor: int) -> str:
        return str(major_units(minor, problem.currency))

    return [[o.request_id, money(o.least), money(o.most), o.by, o.reason] for o in problem.overrides]


def _readme(round_id: str) -> str:
    text = resources.files("facility.checker").joinpath("README.txt").read_text(encoding="utf-8")
    return text.replace("{round}", round_id)
