"""Whose money is where after a round: the exact trace beside pro-rata shares of unrestricted money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from allocation.attribution import attribution
from allocation.decision_json import read_decision
from facility.usecases.build_problem import build_problem
from ledgers.errors import FacilityError
from ledgers.money import major_units, split
from ledgers.rounds import decision_of, header
from ledgers.store import Book
from ledgers.terms import country_shares

By = Literal["request", "window", "country"]
Row = tuple[str, str, Decimal, Decimal, Decimal]

NO_COUNTRY = "(no country)"


class NothingAwarded(FacilityError):
    """A decision without awards, so that there is nothing to attribute."""

    code = "nothing-awarded"


def attributed(book: Book, round_id: str, *, by: By = "request", digest: str | None = None) -> list[Row]:
    """Return one row a donor and request (or window, or country): donor, where, exact, pro rata, difference.

    Amounts are major units, sorted by donor and where. A request of several countries is split by their shares, largest
    remainder.

    Raises:
        RoundUnknown, DecisionUnknown: nothing to attribute.
        NothingAwarded: the decision awards nothing.
    """
    known = header(book, round_id)
    problem = build_problem(book, known)
    decision = read_decision(decision_of(book, round_id, digest).body)
    if not decision.awards:
        raise NothingAwarded(f"the decision on round {round_id} awards nothing", remedy="name another with --decision")
    donors = {c.contribution_id: c.donor for c in problem.contributions}
    subjects = {r.request_id: r.subject for r in problem.requests}
    sums: dict[tuple[str, str], list[int]] = {}
    for one in attribution(problem, decision):
        subject = subjects[one.request_id]
        if by == "country":
            shares: Mapping[str, int] = _weights(country_shares(subject.country))
        else:
            shares = {one.request_id if by == "request" else subject.window: 1}
        parts = zip(shares, split(one.exact, [*shares.values()]), split(one.pro_rata, [*shares.values()]), strict=True)
        for where, exact, pro_rata in parts:
            had = sums.setdefault((donors[one.contribution_id], where), [0, 0])
            had[0] += exact
            had[1] += pro_rata

    def major(minor: int) -> Decimal:
        return major_units(minor, problem.currency)

    return [(*key, major(exact), major(pro), major(pro - exact)) for key, (exact, pro) in sorted(sums.items())]


def _weights(shares: tuple[tuple[str, object], ...]) -> dict[str, int]:
    import math
    from fractions import Fraction

    if not shares:
        return {NO_COUNTRY: 1}
    exact = {code: Fraction(str(share)) for code, share in shares}
    whole = math.lcm(*(share.denominator for share in exact.values()))
    return {code: int(share * whole) for code, share in exact.items()}
