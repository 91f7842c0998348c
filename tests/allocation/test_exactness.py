"""Amounts to 10^12 minor units under every rule: no decision breaks one, by the verifier and by a second reading.

The second check below reads the decision's JSON and the plain values that the round was made of; it knows neither the
engine's terms nor its limits nor its verifier. In `make test` 100 rounds, nightly 1,000.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from plain_rounds import AFRICA, CURRENCIES, Ask, Plain, Rule, Terms, plain_round, problem_of, shuffled
from strategies import ON

from allocation.decide import RoundUnsolved, solve
from allocation.decision import Decision
from allocation.policy_file import parse_policy
from allocation.problem import Problem
from allocation.verify import breaches
from ledgers.places import Places

Paid = dict[str, dict[str, int]]
HERE = Path(__file__).parent


def wrong(plain: Plain, body: dict[str, Any]) -> Iterator[str]:
    """Yield everything that is wrong with a decision's JSON, read against the plain round."""
    minor = 10 ** CURRENCIES[plain.currency]
    paid: Paid = {
        row["request"]: {p["contribution"]: int(Decimal(p["amount"]) * minor) for p in row["payments"]}
        for row in body["awards"]
    }
    amounts = {row["request"]: int(Decimal(row["amount"]) * minor) for row in body["awards"]}
    asks = {ask.name: ask for ask in plain.asks}
    for name, amount in amounts.items():
        ask = asks[name]
        if amount != ask.ask and not (max(ask.least, 1) <= amount <= ask.ask and amount % plain.unit == 0):
            yield f"{name} gets {amount} of {ask.ask}, at least {ask.least}, in steps of {plain.unit}"
        if amount != sum(paid[name].values()):
            yield f"{name} gets {amount} and is paid {paid[name]}"
    yield from _wrong_money(plain, asks, paid)
    yield from _wrong_rules(plain, amounts)
    worth = sum((asks[name].merit * amount for name, amount in amounts.items()), Fraction(0)) / minor
    if Fraction(body.get("objective_exact", body["objective"])) != worth:
        yield f"the objective is {worth}, not {body['objective']}"
    if {row["request"] for row in body["unfunded"]} != set(asks) - set(amounts):
        yield "some request is neither funded nor unfunded, or both"


def _wrong_money(plain: Plain, asks: dict[str, Ask], paid: Paid) -> Iterator[str]:
    for giver in plain.givers:
        parts = {name: by[giver.name] for name, by in paid.items() if giver.name in by}
        there: dict[str, Fraction] = defaultdict(Fraction)
        for name, amount in parts.items():
            if amount <= 0 or not _admits(giver.terms, asks[name]):
                yield f"{giver.name} pays {name} {amount} against {giver.terms}"
            if giver.use_by is not None and (asks[name].ends_on or ON) > giver.use_by:
                yield f"{giver.name} pays {name} after its use-by date"
            for country, part in asks[name].shares:
                there[country] += Fraction(amount * part, 100)
        if sum(parts.values()) > giver.available:
            yield f"{giver.name} pays {sum(parts.values())} of {giver.available}"
        for country, amount in there.items():
            if giver.cap is not None and amount and amount + dict(giver.used).get(country, 0) > giver.cap:
                yield f"{giver.name} gives {country} {amount} beyond its cap of {giver.cap}"


def _wrong_rules(plain: Plain, amounts: dict[str, int]) -> Iterator[str]:
    resources = sum(giver.available for giver in plain.givers)
    if sum(amounts.values()) > (1 - plain.reserve) * resources:
        yield "the reserve is broken into"
    for group in plain.either:
        if len(set(group) & set(amounts)) > 1:
            yield f"more than one of {group} is funded"
    for one, other in plain.first:
        if one in amounts and other not in amounts:
            yield f"{one} is funded without {other}"
    for rule in plain.rules:
        for value, shares in _counted(plain, rule).items():
            reached = _reached(plain, rule, shares, amounts)
            whole = {"awarded": sum(amounts.values()), "resources": resources}.get(rule.of, 1)
            if reached < rule.figure * whole if rule.at_least else reached > rule.figure * whole:
                yield f"{rule} {value}: {reached} against {rule.figure * whole}"


def _counted(plain: Plain, rule: Rule) -> dict[str, dict[str, Fraction]]:
    """Return what share of each request each group of a rule counts."""
    groups: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for ask in plain.asks:
        for country, part in ask.shares or (("", 100),):
            value = {"country": country, "applicant": ask.applicant, "window": ask.window}.get(rule.each or "", "all")
            if value and _admits(rule.terms, ask, (country,) if country else ()):
                groups[value][ask.name] = groups[value].get(ask.name, Fraction(0)) + Fraction(part, 100)
    return groups


def _reached(plain: Plain, rule: Rule, shares: dict[str, Fraction], amounts: dict[str, int]) -> Fraction:
    staff = {ask.name: ask.staff or Fraction(0) for ask in plain.asks}
    if rule.of == "count":
        return Fraction(sum(name in amounts for name in shares))
    if rule.of == "staff":
        return sum((share * staff[name] for name, share in shares.items() if name in amounts), Fraction(0))
    return sum((share * amounts.get(name, 0) for name, share in shares.items()), Fraction(0))


def _admits(terms: Terms, ask: Ask, where: tuple[str, ...] | None = None) -> bool:
    """Return whether terms admit a request, or its part in `where`."""
    countries = [code for code, _ in ask.shares] if where is None else where
    for attribute, sign, values in terms:
        wanted = AFRICA if values == ("Africa",) else set(values)
        if attribute == "country":
            fits = [country in wanted for country in countries]
            holds = bool(fits) and (all(fits) if sign == "=" else not any(fits))
        elif attribute == "objective":
            holds = any(str(objective) in wanted for objective in ask.objectives)
        elif attribute == "gender":
            holds = ask.gender >= int(values[0])
        else:
            holds = (ask.window if attribute == "window" else ask.kind) in wanted
        if not holds:
            return False
    return True


def decided(problem: Problem) -> Decision | None:
    """Return the decision; None when none was found in time, and nothing is claimed."""
    try:
        return solve(problem, time_limit=20)
    except RoundUnsolved:
        return None


def check(seeds: range) -> None:
    """Decide rounds twice, the second time with everything in another order, and read both decisions twice."""
    awards = missed = 0
    for seed in seeds:
        plain = plain_round(seed)
        problem = problem_of(plain, seed)
        decision = decided(problem)
        if decision is None or decision.status == "feasible":
            missed += 1
        if decision is None:
            continue
        assert breaches(problem, decision) == [], seed
        assert decision.status == "infeasible" or list(wrong(plain, decision.to_json())) == [], seed
        if decision.status != "feasible":
            again = decided(problem_of(shuffled(plain, seed), seed))
            assert again is not None
            assert again.digest() == decision.digest(), seed
        awards += len(decision.awards)
    assert missed <= max(1, len(seeds) // 20), (
        f"{missed} of {len(seeds)} rounds were not decided within the gap in time"
    )
    assert awards > 3 * len(seeds), "too few awards to tell anything"


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_no_cent_is_wrong_and_order_changes_nothing(first: int) -> None:
    check(range(first, first + 20))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(1_000, 2_000, 50))
def test_no_cent_is_wrong_in_a_thousand_rounds(first: int) -> None:
    check(range(first, first + 50))


def test_the_second_check_sees_what_is_wrong() -> None:
    seed = next(n for n in range(100) if (d := decided(problem_of(plain_round(n), n))) and len(d.awards) > 2)
    plain = plain_round(seed)
    decision = decided(problem_of(plain, seed))
    assert decision is not None
    body = decision.to_json()
    award = body["awards"][0]
    for payment in (award["payments"][0], award):
        kept, payment["amount"] = payment["amount"], str(Decimal(payment["amount"]) + Decimal(1))
        assert list(wrong(plain, body))
        payment["amount"] = kept
    assert list(wrong(plain, body)) == []
    barred = [giver for giver in plain.givers if any(not _admits(giver.terms, ask) for ask in plain.asks)]
    assert barred
    body["unfunded"].pop()
    assert list(wrong(plain, body)) == ["some request is neither funded nor unfunded, or both"]


def test_another_process_with_other_hashes_decides_the_same() -> None:
    code = (
        "from plain_rounds import plain_round, problem_of\nfrom test_exactness import decided\n"
        "for n in range(4): d = decided(problem_of(plain_round(n), n)); print(d and d.digest())"
    )
    told = set()
    for seed in ("1", "2"):
        paths = os.pathsep.join([str(HERE), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        told.add(run.stdout)
    assert len(told) == 1
    assert told.pop().count("sha256:") >= 3


POLICY = """
currency = "USD"
reserve = "2%"
[[limit]]
name = "b: not all to one window"
each = "window"
at_most = "60%"
[[limit]]
name = "a: few"
count_at_most = 5
[[exclusive]]
requests = ["R-02", "R-01"]
[[exclusive]]
requests = ["R-00", "R-01"]
[[requires]]
request = "R-03"
needs = "R-04"
[[requires]]
request = "R-02"
needs = "R-04"
"""


def test_a_policy_is_the_same_in_any_order_of_its_rules() -> None:
    head, *tables = POLICY.strip().split("\n[[")
    backwards = "\n[[".join([head, *tables[::-1]])
    policies = [parse_policy(text, places=Places.on(ON)) for text in (POLICY, backwards)]
    written, other = policies
    assert written.digest != other.digest, "the text of a round's policy is told apart by its order"
    assert written.rules_digest == other.rules_digest
    plain = plain_round(3)
    first, second = (
        Problem("P", "USD", ON, problem.places, problem.contributions, problem.requests, policy)
        for problem in [problem_of(plain, 3)]
        for policy in policies
    )
    assert first.inputs_digest() == second.inputs_digest()
    assert first.inputs_digest(rules_as_written=True) != second.inputs_digest(rules_as_written=True)
    decisions = [solve(problem) for problem in (first, second)]
    assert decisions[0].digest() == decisions[1].digest()
    assert [limit.name for limit in decisions[0].limits] == sorted(limit.name for limit in decisions[0].limits)


def test_a_decision_that_counted_the_rules_as_written_stands() -> None:
    import dataclasses

    policy = parse_policy(POLICY, places=Places.on(ON))
    plain = problem_of(plain_round(3), 3)
    problem = Problem("P", "USD", ON, plain.places, plain.contributions, plain.requests, policy)
    old = dataclasses.replace(solve(problem), inputs=problem.inputs_digest(rules_as_written=True))
    assert breaches(problem, old) == []
    assert [b.rule for b in breaches(problem, dataclasses.replace(old, inputs="sha256:0"))] == ["inputs"]
