"""The independent veto: every rule of a round, checked again on a finished decision.

Nothing of the model, the solver or the flow is imported. Eligibility is asked of the frozen terms pair by pair, sums
are whole minor units, shares are exact rationals. A decision with a single breach is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from allocation.breach import Breach
from allocation.decision import Award, Decision, LimitOutcome, Payment, decimal_text
from allocation.problem import Contribution, Problem, Request
from allocation.verify_limits import Standing, groups, spendable, standings, totals
from allocation.verify_quality import infeasible, quality, stages
from allocation.verify_years import days_of, expected_by_year, lies_within
from ledgers.errors import FacilityError
from ledgers.money import Money, major_units, places
from ledgers.terms import admits, country_shares, folded

RULES = (
    "inputs", "identity", "order", "infeasible", "unknown-request", "unknown-contribution", "request-placed",
    "award-amount", "award-payments", "payment-amount", "payment-repeated", "earmark", "use-by", "years", "available",
    "country-cap", "reserve", "at_least", "at_most", "count_at_least", "count_at_most", "exclusive", "requires",
    "limit-outcome", "objective", "stage", "awarded", "resources", "override", "bound", "gap", "status", "conflict",
    "certificate",
)  # fmt: skip
"""Stable codes of the rules, in the order in which they are checked."""


class DecisionUnsound(FacilityError):
    """A decision that breaks a rule of its own round; it is neither returned nor posted.

    Attributes:
        breaches: All of them.
    """

    code = "decision-unsound"

    def __init__(self, round_id: str, breaches: list[Breach]) -> None:
        count = f"{len(breaches)} rule{'s' if len(breaches) != 1 else ''}"
        super().__init__(
            "\n".join([f"the decision on round {round_id} breaks {count}:", *(f"  {breach}" for breach in breaches)]),
            remedy="nothing was posted; solve the round again, and report it if it comes back: the engine is at fault",
        )
        self.breaches = tuple(breaches)


def refuse_unless_sound(problem: Problem, decision: Decision) -> None:
    """Refuse a decision that breaks any rule.

    Raises:
        DecisionUnsound: with every breach.
    """
    found = breaches(problem, decision)
    if found:
        raise DecisionUnsound(problem.round_id, found)


def breaches(problem: Problem, decision: Decision) -> list[Breach]:
    """Return every rule that a decision breaks, in the order of `RULES`; empty when it is sound."""
    found = [*_identity(problem, decision), *_placed(problem, decision), *_figures(problem, decision)]
    if decision.status == "infeasible":
        found += infeasible(problem, decision)
    else:
        check = _Check(problem, decision)
        found += [*check.awards(), *check.payments(), *check.policy(), *check.overrides()]
        found += [*stages(problem, decision), *quality(problem, decision)]
    return sorted(found, key=lambda breach: (RULES.index(breach.rule), breach.who))


def _identity(problem: Problem, decision: Decision) -> Iterator[Breach]:
    if decision.inputs not in (problem.inputs_digest(), problem.inputs_digest(rules_as_written=True)):
        yield Breach("inputs", "inputs", decision.inputs, problem.inputs_digest())
    told = (decision.round_id, decision.currency, decision.objective_name)
    asked = (problem.round_id, problem.currency, problem.policy.objective)
    for name, found, allowed in zip(("round", "currency", "objective_name"), told, asked, strict=True):
        if found != allowed:
            yield Breach("identity", name, found, allowed)


def _placed(problem: Problem, decision: Decision) -> Iterator[Breach]:
    """Yield requests that are nowhere, twice, or not of this round; and rows out of order."""
    awarded = [award.request_id for award in decision.awards]
    unfunded = [refused.request_id for refused in decision.unfunded]
    known = {request.request_id for request in problem.requests}
    times = Counter(awarded + unfunded)
    for request_id in sorted(times.keys() - known):
        yield Breach("unknown-request", request_id, "in the decision", "not in the round")
    for request_id in sorted(known):
        expected = (1,) if decision.status != "infeasible" else (0, 1)
        if times[request_id] not in expected:
            yield Breach("request-placed", request_id, f"{times[request_id]} times funded or unfunded", "once")
    for name, ids in (("awards", awarded), ("unfunded", unfunded)):
        if ids != sorted(ids):
            yield Breach("order", name, "not sorted", "sorted by request")
    for award in decision.awards:
        paid_by = [(payment.contribution_id, payment.year or 0) for payment in award.payments]
        if paid_by != sorted(paid_by):
            yield Breach("order", f"payments of {award.request_id}", "not sorted", "sorted by contribution")


def _figures(problem: Problem, decision: Decision) -> Iterator[Breach]:
    awarded = sum(award.amount for award in decision.awards)
    if decision.awarded != awarded:
        yield Breach("awarded", "awarded", _money(problem, decision.awarded), _money(problem, awarded))
    if decision.resources != sum(c.available for c in problem.contributions):
        yield Breach("resources", "resources", _money(problem, decision.resources), _money(problem, problem.resources))
    value = _objective(problem, decision)
    if decision.objective != value:
        yield Breach("objective", problem.policy.objective, str(decision.objective), str(value))


def _objective(problem: Problem, decision: Decision) -> Fraction:
    merit = {request.request_id: request.merit for request in problem.requests}
    funded = [(merit.get(award.request_id, Fraction(0)), award.amount) for award in decision.awards]
    if problem.policy.objective == "score":
        return sum((points for points, amount in funded if amount > 0), Fraction(0))
    return sum((points * amount for points, amount in funded), Fraction(0)) * Fraction(
        1, 10 ** places(problem.currency)
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """The rules that awards and payments must keep."""

    problem: Problem
    decision: Decision

    def _requests(self) -> dict[str, Request]:
        return {request.request_id: request for request in self.problem.requests}

    def _contributions(self) -> dict[str, Contribution]:
        return {contribution.contribution_id: contribution for contribution in self.problem.contributions}

    def _paid(self) -> Iterator[tuple[Award, Request, Payment, Contribution]]:
        """Yield every payment whose two sides are known."""
        requests, contributions = self._requests(), self._contributions()
        for award in self.decision.awards:
            for payment in award.payments:
                if award.request_id in requests and payment.contribution_id in contributions:
                    yield award, requests[award.request_id], payment, contributions[payment.contribution_id]

    def awards(self) -> Iterator[Breach]:
        """Yield awards of an amount that no award may have, or that their payments do not make up."""
        requests, unit = self._requests(), self.problem.policy.unit
        for award in self.decision.awards:
            request = requests.get(award.request_id)
            if request is not None and not _may_be_awarded(request, award.amount, unit):
                least, most, step = (_money(self.problem, n) for n in (request.minimum, request.ask, unit))
                allowed = f"the ask of {most}, or a multiple of {step} from {least} to it"
                yield Breach("award-amount", award.request_id, _money(self.problem, award.amount), allowed)
            paid = sum(payment.amount for payment in award.payments)
            if paid != award.amount:
                found = f"{_money(self.problem, paid)} paid"
                yield Breach("award-payments", award.request_id, found, f"{_money(self.problem, award.amount)} awarded")

    def payments(self) -> Iterator[Breach]:
        """Yield payments that no contribution may make."""
        yield from self._payments_alone()
        for award, request, payment, contribution in self._paid():
            who = f"{contribution.contribution_id} pays {award.request_id}"
            if not admits(contribution.earmark, request.subject, self.problem.places):
                yield Breach("earmark", who, "paid", f"only {contribution.earmark}")
            first, last = days_of(request, payment.year, self.problem.on)
            if not lies_within(contribution, first, last):
                terms = (contribution.spend_from, contribution.spend_to, contribution.use_by)
                allowed = "from {} to {}, use by {}".format(*terms)
                yield Breach("use-by", who, f"spent from {first} to {last}", allowed)
        yield from self._years()
        yield from self._overdrawn()
        yield from self._over_country_cap()

    def _payments_alone(self) -> Iterator[Breach]:
        known = self._contributions()
        for award in self.decision.awards:
            for payment in award.payments:
                who = f"{payment.contribution_id} pays {award.request_id}"
                if payment.amount <= 0:
                    yield Breach("payment-amount", who, _money(self.problem, payment.amount), "above zero")
                if payment.contribution_id not in known:
                    yield Breach("unknown-contribution", who, "paid", "not in the round")
            times = Counter((payment.contribution_id, payment.year) for payment in award.payments)
            for paying in sorted((one for one in times if times[one] > 1), key=str):
                who = f"{paying[0]} pays {award.request_id}"
                yield Breach("payment-repeated", who, f"{times[paying]} payments", "one")

    def _years(self) -> Iterator[Breach]:
        """Yield awards whose payments do not fall in the years in which their money is spent."""
        requests = self._requests()
        for award in self.decision.awards:
            if award.request_id in requests:
                found: Counter[int | None] = Counter()
                for payment in award.payments:
                    found[payment.year] += payment.amount
                expected = expected_by_year(requests[award.request_id], award.amount)
                if dict(found) != expected and sum(found.values()) == award.amount:
                    yield Breach("years", award.request_id, str(dict(found)), str(expected))

    def _overdrawn(self) -> Iterator[Breach]:
        used: Counter[str] = Counter()
        for _, _, payment, contribution in self._paid():
            used[contribution.contribution_id] += payment.amount
        for contribution in self.problem.contributions:
            if used[contribution.contribution_id] > contribution.available:
                found, allowed = used[contribution.contribution_id], contribution.available
                yield self._too_much("available", contribution.contribution_id, Fraction(found), Fraction(allowed))

    def _over_country_cap(self) -> Iterator[Breach]:
        reached: dict[tuple[str, str], Fraction] = {}
        for _, request, payment, contribution in self._paid():
            if contribution.country_cap is None:
                continue
            for country, share in country_shares(request.subject.country):
                key = (contribution.contribution_id, country)
                reached[key] = reached.get(key, Fraction(0)) + share * payment.amount
        contributions = self._contributions()
        for (contribution_id, country), spent in sorted(reached.items()):
            cap = contributions[contribution_id].country_cap
            total = spent + dict(contributions[contribution_id].country_used).get(country, 0)
            if cap is not None and spent > 0 and total > cap:
                yield self._too_much("country-cap", f"{contribution_id} in {country}", total, Fraction(cap))

    def _too_much(self, rule: str, who: str, found: Fraction, allowed: Fraction) -> Breach:
        return Breach(rule, who, _exact(self.problem, found, "money"), _exact(self.problem, allowed, "money"))

    def overrides(self) -> Iterator[Breach]:
        """Yield requests that a recorded override wanted otherwise, and overrides that are told as others."""
        asked = [(o.request_id, o.by, o.reason, o.least, o.most) for o in self.problem.overrides]
        told = [(o.request_id, o.by, o.reason, o.least, o.most) for o in self.decision.overrides]
        if told and told != asked:
            yield Breach("override", "overrides", str(told), str(asked))
        for one in self.decision.overrides:
            if not 0 <= one.price_least <= one.price_most:
                yield Breach(
                    "override", one.request_id, f"{one.price_least} to {one.price_most}", "an interval from 0 on"
                )
        amounts = {award.request_id: award.amount for award in self.decision.awards}
        for override in self.problem.overrides:
            amount = amounts.get(override.request_id, 0)
            if not override.least <= amount <= override.most:
                least, most = (_money(self.problem, n) for n in (override.least, override.most))
                yield Breach("override", override.name, _money(self.problem, amount), f"from {least} to {most}")

    def policy(self) -> Iterator[Breach]:
        """Yield rules of the policy that the awards break, and reported limits that are not as reckoned."""
        amounts = {award.request_id: award.amount for award in self.decision.awards if award.amount > 0}
        awarded = sum(award.amount for award in self.decision.awards)
        if self.problem.policy.reserve is not None and awarded > spendable(self.problem):
            yield self._too_much("reserve", "reserve", Fraction(awarded), Fraction(spendable(self.problem)))
        resources = self.problem.resources
        stood = [
            standing
            for group in groups(self.problem)
            for standing in standings(group, totals(group, self.problem, amounts), resources)
        ]
        for standing in stood:
            if not standing.holds:
                found, allowed = (_exact(self.problem, x, standing.unit) for x in (standing.actual, standing.bound))
                yield Breach(standing.side, standing.name, found, allowed)
        yield from _misreported(self.decision.limits, stood)
        yield from self._choices(set(amounts))

    def _choices(self, funded: set[str]) -> Iterator[Breach]:
        """Yield groups with more than one funded, and awards without what they need, earlier rounds counted in."""
        written, earlier = _as_written(funded), _as_written(self.problem.funded_before)
        ever = written.keys() | earlier.keys()
        for group in self.problem.policy.exclusives:
            members = {folded(request) for request in group.requests}
            now = sorted(name for request in members & written.keys() for name in written[request])
            taken = [name for request, names in earlier.items() if request in members for name in names]
            if now and len(now) + len(taken) > 1:
                allowed = f"none: {', '.join(taken)} funded by an earlier round" if taken else "at most one of them"
                yield Breach("exclusive", group.name, f"{', '.join(now)} funded", allowed)
        for rule in self.problem.policy.requires:
            wants = written.get(folded(rule.request))
            if wants and folded(rule.needs) not in ever:
                yield Breach("requires", rule.name, f"{wants[0]} funded", f"only with {rule.needs}")


def _as_written(requests: Iterable[str]) -> dict[str, list[str]]:
    """Return ids, sorted, under what they are compared by."""
    found: dict[str, list[str]] = {}
    for request in sorted(requests):
        found.setdefault(folded(request), []).append(request)
    return found


def _may_be_awarded(request: Request, amount: int, unit: int) -> bool:
    within = amount > 0 and request.minimum <= amount <= request.ask
    return within and (amount == request.ask or amount % unit == 0)


def _misreported(reported: tuple[LimitOutcome, ...], stood: list[Standing]) -> Iterator[Breach]:
    """Yield limits whose reported bound or figure is not the reckoned one, and those reported twice or not at all."""
    reckoned = {(standing.name, standing.side): standing for standing in stood}
    seen: set[tuple[str, str]] = set()
    for row in reported:
        key = (row.name, row.side)
        standing = reckoned.get(key)
        if standing is None or key in seen:
            yield Breach("limit-outcome", row.name, f"{row.side} reported", "no such limit, or reported already")
        elif (row.bound, row.actual, row.unit) != (standing.bound, standing.actual, standing.unit):
            found = f"{row.side}: {row.actual} of {row.bound} {row.unit}"
            yield Breach("limit-outcome", row.name, found, f"{standing.actual} of {standing.bound} {standing.unit}")
        seen.add(key)
    for name, side in sorted(reckoned.keys() - seen):
        yield Breach("limit-outcome", name, f"{side} not reported", "every side of every limit")


def _money(problem: Problem, minor: int) -> str:
    return str(Money(major_units(minor, problem.currency), problem.currency))


def _exact(problem: Problem, value: Fraction, unit: str) -> str:
    """Return a figure in its unit; a part of a minor unit is shown as such, since it may be what breaks a rule."""
    if unit != "money":
        return f"{decimal_text(value)} {'awards' if unit == 'count' else unit}"
    if value.denominator == 1:
        return _money(problem, int(value))
    return f"{problem.currency} {decimal_text(value / 10 ** places(problem.currency))}"
