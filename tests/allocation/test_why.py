"""Every reason that a request is given is true: each claim is reckoned again by trying."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from decisions import decided
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import (
    broken_choices,
    broken_limits,
    is_payable,
    keeps_policy,
    limit_parts,
    may_pay,
    objective,
    optimum,
    payments_by_trying,
    possible_awards,
)
from strategies import COUNTRIES, PLACES, problems, terms

from allocation.decision import Decision, Reason
from allocation.policy import Limit
from allocation.problem import Problem, Request
from allocation.verify import breaches
from allocation.why import explained
from allocation.why_money import Money
from ledgers.terms import admits

SIDES = ("at_least", "at_most", "count_at_least", "count_at_most")


@dataclasses.dataclass(frozen=True)
class Case:
    """One request of an explained decision that got less than it asked for."""

    problem: Problem
    decision: Decision
    request: Request
    now: int
    because: tuple[Reason, ...]

    @property
    def amounts(self) -> dict[str, int]:
        return {award.request_id: award.amount for award in self.decision.awards}

    @property
    def then(self) -> int:
        return min(a for a in possible_awards(self.request, self.problem.policy.unit) if a > self.now)

    def with_award(self, amount: int, *, without: str | None = None) -> dict[str, int]:
        amounts = {**self.amounts, self.request.request_id: amount}
        return {request: awarded for request, awarded in amounts.items() if awarded and request != without}

    @property
    def spendable(self) -> int:
        """Return what may be awarded beside the reserve."""
        reserve, resources = self.problem.policy.reserve, self.problem.resources
        if reserve is None:
            return resources
        return resources - math.ceil(reserve.value * (1 if reserve.kind == "amount" else resources))

    @property
    def room(self) -> int:
        """Return what the reserve leaves beside the awards."""
        return self.spendable - sum(self.amounts.values())

    def of_kind(self, kind: str) -> list[Reason]:
        return [reason for reason in self.because if reason.kind == kind]

    def most_payable(self, *, without: str | None = None) -> int:
        """Return the most that could be added to the request, any amount at all, by trying."""
        more = 0
        while is_payable(self.problem, self.with_award(self.now + more + 1, without=without)):
            more += 1
        return more


def cases(problem: Problem, decision: Decision) -> Iterator[Case]:
    told = explained(problem, decision)
    assert dataclasses.replace(told, awards=decision.awards, unfunded=decision.unfunded) == decision
    requests = {request.request_id: request for request in problem.requests}
    for award in told.awards:
        if award.amount < requests[award.request_id].ask:
            yield Case(problem, decision, requests[award.request_id], award.amount, award.because)
        else:
            assert award.because == ()
    for refused in told.unfunded:
        case = Case(problem, decision, requests[refused.request_id], 0, refused.because)
        assert refused.would_take == case.then
        yield case


@st.composite
def decided_rounds(draw: st.DrawFn, **kind: Any) -> tuple[Problem, Decision]:
    """A tiny round with a sound decision: the best one, or the best for other merits than the round's."""
    problem = draw(problems(requests_max=5, contributions_max=3, **kind))
    merits = [draw(st.integers(0, 5)) for _ in problem.requests] if draw(st.booleans()) else None
    judged = problem
    if merits is not None:
        other = (dataclasses.replace(r, merit=Fraction(m)) for r, m in zip(problem.requests, merits, strict=True))
        judged = dataclasses.replace(problem, requests=tuple(other))
    best = optimum(judged)
    assume(best is not None)
    assert best is not None
    paid = payments_by_trying(problem, best.amounts)
    assert paid is not None
    value, most = objective(problem, best.amounts), optimum(problem)
    assert most is not None
    return problem, decided(problem, paid, bound=max(value, most.value))


PLAIN = decided_rounds()
MIXED = decided_rounds(countries=COUNTRIES)


def in_minor(text: str) -> int:
    return int(Decimal(text) * 100)


@given(MIXED)
def test_whoever_got_less_than_asked_is_told_why(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        assert case.because
        assert all(reason.sentence for reason in case.because)


ORDER = ("not-eligible", "exclusive", "requires", "not-enough-money", "out-ranked", "limit", "reserve")


@given(MIXED)
def test_what_tells_most_comes_first(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        kinds = [reason.kind for reason in case.because if reason.kind not in ("no-merit", "within-gap")]
        choices = [kind for kind in kinds if kind not in ("exclusive", "requires")]
        assert choices == sorted(choices, key=ORDER.index)
        first = [kind in ("exclusive", "requires") for kind in kinds if kind != "not-eligible"]
        assert first == sorted(first, reverse=True)
        sides = [reason.facts["side"].endswith("at_least") for reason in case.of_kind("limit")]
        assert sides == sorted(sides)


def only_growth_breaks(case: Case, name: str, side: str) -> bool:
    """Return whether a limit is a floor that would hold after the next award if no more were awarded in all."""
    ((limit, shares),) = [(limit, shares) for limit, called, shares in limit_parts(case.problem) if called == name]
    if side != "at_least" or limit.at_least is None or limit.at_least.kind != "share_of_awarded":
        return False
    return counted(limit, shares, case, case.with_award(case.then)) >= limit.at_least.value * sum(case.amounts.values())


def counted(limit: Limit, shares: dict[str, Fraction], case: Case, amounts: dict[str, int]) -> Fraction:
    if limit.weigh is None:
        return sum((shares.get(r, Fraction(0)) * a for r, a in amounts.items()), Fraction(0))
    measures = {r.request_id: dict(r.measures).get(limit.weigh, Fraction(0)) for r in case.problem.requests}
    return sum((shares.get(r, Fraction(0)) * measures[r] for r in amounts), Fraction(0))


@given(MIXED)
def test_a_limit_is_named_exactly_when_the_next_award_breaks_it_and_not_by_growth_alone(
    round_: tuple[Problem, Decision],
) -> None:
    for case in cases(*round_):
        told = {(reason.facts["limit"], reason.facts["side"]) for reason in case.of_kind("limit")}
        altered = case.with_award(case.then)
        broken = broken_limits(case.problem, altered)
        grown = {one for one in broken if only_growth_breaks(case, *one)}
        others = len(case.because) > len(case.of_kind("limit")) or bool(broken - grown)
        assert told == (broken - grown if others else broken)
        awards = {
            award.request_id: {p.contribution_id: p.amount for p in award.payments} for award in case.decision.awards
        }
        raised = {**awards, case.request.request_id: {"C-1": case.then}}
        found = breaches(case.problem, decided(case.problem, raised))
        assert broken == {(breach.who, breach.rule) for breach in found if breach.rule in SIDES}


@given(MIXED)
def test_the_further_money_that_keeps_a_share_is_the_least(round_: tuple[Problem, Decision]) -> None:
    parts = {name: (limit, shares) for limit, name, shares in limit_parts(round_[0])}
    for case in cases(*round_):
        altered = case.with_award(case.then)
        for reason in case.of_kind("limit"):
            limit, shares = parts[reason.facts["limit"]]
            bound = limit.at_least if reason.facts["side"] == "at_least" else limit.at_most
            of_awarded = bound is not None and bound.kind == "share_of_awarded" and reason.facts["unit"] == "money"
            if reason.facts["side"].startswith("count") or not of_awarded:
                assert "more_needed" not in reason.facts
                continue
            assert bound is not None
            reached, total = counted(limit, shares, case, altered), sum(altered.values())

            def is_kept(
                more: int, *, floor: bool = bound is limit.at_least, share: Fraction = bound.value,
                reached: Fraction = reached, total: int = total,
            ) -> bool:  # fmt: skip
                allowed = share * (total + more)
                return reached + more >= allowed if floor else reached <= allowed

            if "more_needed" in reason.facts:
                needed = in_minor(reason.facts["more_needed"])
                assert is_kept(needed)
                assert not is_kept(needed - 1)
            else:
                assert not is_kept(10**9)


@given(MIXED)
def test_the_reserve_is_a_reason_of_its_own_exactly_when_it_alone_leaves_too_little(
    round_: tuple[Problem, Decision],
) -> None:
    for case in cases(*round_):
        could = Money(*round_).most(case.request.request_id)
        told = case.of_kind("reserve")
        assert bool(told) == (max(0, case.spendable) < case.then <= could)
        for reason in told:
            assert in_minor(reason.facts["reserve"]) == case.problem.resources - case.spendable
            assert in_minor(reason.facts["spendable"]) == case.spendable


@given(MIXED)
def test_exclusive_groups_and_prerequisites_are_named_exactly_when_they_stop(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        broken = broken_choices(case.problem, case.with_award(case.then))
        either = {group.name for group in case.problem.policy.exclusives}
        assert {reason.facts["rule"] for reason in case.of_kind("exclusive")} == broken & either
        assert {reason.facts["rule"] for reason in case.of_kind("requires")} == broken - either
        for reason in case.of_kind("exclusive"):
            before = reason.facts.get("by") == "an earlier round"
            assert reason.facts["funded"] in (case.problem.funded_before if before else case.amounts)
            assert before == reason.sentence.endswith(f"{reason.facts['funded']}, funded by an earlier round")
        ids = {request.request_id.lower() for request in case.problem.requests}
        for reason in case.of_kind("requires"):
            assert (reason.facts["needs"].lower() in ids) == reason.facts.get("in_round", True)


@given(MIXED)
def test_not_eligible_means_that_no_contribution_may_pay_it(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        payers = [c for c in case.problem.contributions if may_pay(c, case.request, case.problem)]
        told = case.of_kind("not-eligible")
        assert bool(told) == (not payers)
        for reason in told:
            refusals = reason.facts["refusals"]
            assert sum(one["contributions"] for one in refusals) == len(case.problem.contributions)
            for one in refusals:
                last_day = case.request.ends_on or case.problem.on
                assert one["terms"] or one["use_by"]
                assert not one["terms"] or not admits(terms(one["terms"]), case.request.subject, PLACES)
                assert one["use_by"] is None or last_day > date.fromisoformat(one["use_by"])


@given(PLAIN)
def test_money_is_the_reason_exactly_when_no_way_of_paying_beside_the_reserve_reaches_the_next_award(
    round_: tuple[Problem, Decision],
) -> None:
    for case in cases(*round_):
        told = case.of_kind("out-ranked") + case.of_kind("not-enough-money") + case.of_kind("not-eligible")
        is_short = case.then <= case.spendable and case.room < case.then - case.now
        assert len(told) == (is_short or not is_payable(case.problem, case.with_award(case.then)))
        for reason in case.of_kind("not-enough-money"):
            alone = {case.request.request_id: in_minor(reason.facts["most"])}
            assert is_payable(case.problem, alone) or alone == {case.request.request_id: 0}
            assert not is_payable(case.problem, {request: amount + 1 for request, amount in alone.items()})


@given(MIXED)
def test_money_is_never_blamed_where_a_way_of_paying_exists(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        if is_payable(case.problem, case.with_award(case.then)):
            assert not case.of_kind("not-enough-money")
            assert case.room < case.then - case.now or not case.of_kind("out-ranked")
            assert all("reserve" in reason.facts for reason in case.of_kind("out-ranked"))


@given(PLAIN)
def test_what_is_left_for_a_request_is_right_to_the_cent_and_proven(round_: tuple[Problem, Decision]) -> None:
    problem, decision = round_
    money = Money(problem, decision)
    for case in cases(*round_):
        if not money.may_be_paid(case.request.request_id):
            continue
        left = money.left(case.request.request_id)
        assert left.amount == case.most_payable()
        assert left.amount == left.competed - sum(case.amounts[one] for one in left.awards)
        inside = {contribution for contribution, _ in left.contributions}
        for request in problem.requests:
            if request.request_id in left.awards | {case.request.request_id}:
                payers = {c.contribution_id for c in problem.contributions if may_pay(c, request, problem)}
                assert payers <= inside


@given(PLAIN)
def test_the_awards_named_hold_the_money_and_have_the_lowest_merit(round_: tuple[Problem, Decision]) -> None:
    merit = {request.request_id: request.merit for request in round_[0].requests}
    for case in cases(*round_):
        for reason in case.of_kind("out-ranked"):
            facts, payable = reason.facts, case.most_payable()
            by_reserve = "reserve" in facts
            assert by_reserve == (case.room < min(payable, case.then - case.now) and case.then <= case.spendable)
            assert in_minor(facts["left"]) == (case.room if by_reserve else payable)
            assert in_minor(facts["left"]) < in_minor(facts["needs"]) == case.then - case.now
            named = [one["request"] for one in facts["lowest"]]
            assert len(named) == min(5, facts["awards"]) > 0
            assert [merit[one] for one in named] == sorted(merit[one] for one in named)
            for one in facts["lowest"]:
                assert in_minor(one["amount"]) == case.amounts[one["request"]]
                assert by_reserve or case.most_payable(without=one["request"]) > payable
            if by_reserve:
                others = sorted(merit[one] for one in case.amounts if one != case.request.request_id)
                assert (facts["awards"], [merit[one] for one in named]) == (len(others), others[:5])
                assert in_minor(facts["competed"]) == case.spendable
                assert in_minor(facts["reserve"]) == case.problem.resources - case.spendable


@given(PLAIN)
def test_what_an_exchange_with_a_lower_award_could_do_is_never_understated(round_: tuple[Problem, Decision]) -> None:
    merit = {request.request_id: request.merit for request in round_[0].requests}
    for case in cases(*round_):
        for reason in case.of_kind("out-ranked"):
            by_reserve = "reserve" in reason.facts
            lower = [one for one in case.amounts if merit[one] < case.request.merit and one != case.request.request_id]
            money = Money(case.problem, case.decision).left(case.request.request_id)
            held = case.amounts.keys() if by_reserve else money.awards
            assert reason.facts.get("lower", 0) == len(set(held).intersection(lower))
            if "frees_at_most" in reason.facts:
                most = in_minor(reason.facts["frees_at_most"])
                assert most < case.then - case.now
                for one in lower:
                    free = case.room + case.amounts[one] if by_reserve else math.inf
                    assert min(free, case.most_payable(without=one)) <= most
            if "breaks" in reason.facts:
                altered = case.with_award(case.then, without=reason.facts["best"])
                assert (reason.facts["breaks"], reason.facts["side"]) in broken_limits(case.problem, altered)
            if "best" in reason.facts:
                room = Fraction(reason.facts["earns_at_most"]) - Fraction(reason.facts["loses"])
                for given_up in lower:
                    for award in possible_awards(case.request, case.problem.policy.unit):
                        altered = case.with_award(award, without=given_up)
                        fits = not by_reserve or sum(altered.values()) <= case.spendable
                        if award > case.now and fits and is_payable(case.problem, altered):
                            gain = objective(case.problem, altered) - objective(case.problem, case.amounts)
                            assert gain <= room + Fraction(1, 10**9)


@given(PLAIN)
def test_nothing_stops_it_is_said_only_when_nothing_does(round_: tuple[Problem, Decision]) -> None:
    for case in cases(*round_):
        altered = case.with_award(case.then)
        stopped = not (keeps_policy(case.problem, altered) and is_payable(case.problem, altered))
        assert stopped == (not case.of_kind("no-merit") + case.of_kind("within-gap"))
        adds = objective(case.problem, altered) - objective(case.problem, case.amounts)
        assert not case.of_kind("no-merit") or adds == 0
        for reason in case.of_kind("within-gap"):
            assert 0 < adds <= Fraction(reason.facts["gap"]) + Fraction(1, 10**9)
            assert abs(Fraction(reason.facts["adds"]) - adds) < Fraction(1, 10**9)


# One round by hand, for the sentences themselves.
