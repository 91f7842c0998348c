"""A policy value as the TOML text that states it: for what reads files while the tests make values."""

from __future__ import annotations

import json
from fractions import Fraction

from allocation.policy import Bound, Limit, Policy
from ledgers.money import major_units


def policy_text(policy: Policy) -> str:
    """Return the policy's TOML."""
    lines = [f'currency = "{policy.currency}"', f'unit = "{_money(policy.unit, policy)}"']
    later = [f'{{is = "{stage.name}", may_cost = "{_decimal(stage.may_cost * 100)}%"}}' for stage in policy.later]
    lines += [f"objectives = [{', '.join([_text(policy.objective), *later])}]", f"gap = {_decimal(policy.gap)}"]
    if policy.reserve is not None:
        lines.append(f"reserve = {_bound(policy.reserve, policy)}")
    for limit in policy.limits:
        lines += ["[[limit]]", *_limit(limit, policy)]
    for group in policy.exclusives:
        lines += ["[[exclusive]]", f"name = {_text(group.name)}", f"requests = {json.dumps(list(group.requests))}"]
    for rule in policy.requires:
        lines += ["[[requires]]", f"name = {_text(rule.name)}"]
        lines += [f"request = {_text(rule.request)}", f"needs = {_text(rule.needs)}"]
    return "\n".join(lines) + "\n"


def _limit(limit: Limit, policy: Policy) -> list[str]:
    found = [f"name = {_text(limit.name)}", f"select = {_text(str(limit.select))}"]
    found += [f"each = {_text(limit.each)}"] if limit.each else []
    found += [f"weigh = {_text(limit.weigh)}"] if limit.weigh else []
    for side in ("at_least", "at_most"):
        bound = getattr(limit, side)
        if bound is not None:
            found.append(f"{side} = {_decimal(bound.value) if limit.weigh else _bound(bound, policy)}")
    for side in ("count_at_least", "count_at_most"):
        if getattr(limit, side) is not None:
            found.append(f"{side} = {getattr(limit, side)}")
    return found


def _bound(bound: Bound, policy: Policy) -> str:
    if bound.kind == "amount":
        return f'"{_money(int(bound.value), policy)}"'
    of = " of resources" if bound.kind == "share_of_resources" else ""
    return f'"{_decimal(bound.value * 100)}%{of}"'


def _money(minor: int, policy: Policy) -> str:
    return str(major_units(minor, policy.currency))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _decimal(value: Fraction) -> str:
    scaled = value * 10**12
    assert scaled.denominator == 1, value
    digits = f"{int(scaled):013d}"
    return f"{digits[:-12]}.{digits[-12:]}".rstrip("0").rstrip(".")
