"""Random rounds for the property tests: tiny ones that an oracle can solve by trying everything, and medium ones."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.problem import Contribution, Problem, Request
from ledgers.places import Places
from ledgers.terms import Subject, Terms, parse

ON = date(2026, 6, 30)
GAP = Fraction(1, 10**6)
"""Finer than any two values of a tiny round differ (merits are sixths, awards at most 60 cents each)."""
PLACES = Places.on(ON)

WINDOWS = ("integration", "institutions", "diaspora")
COUNTRIES = ("KEN", "UGA", "BGD", "FJI", "MDA", "KEN:60|UGA:40", "BGD:50|FJI:25|MDA:25", "011", "")
ONE_COUNTRY = ("KEN", "UGA", "BGD", "FJI", "MDA", "011", "")
APPLICANTS = (("city-of-a", "city"), ("league-b", "diaspora_organisation"), ("ministry-c", "national_government"))
EARMARKS = (
    "", "", "window=integration", "window=diaspora|institutions", "country=LDC", "country=KEN", "country=KEN|UGA",
    "country!=KEN", "country=Africa", "country=SIDS; window=integration", "objective=19|20", "gender>=2",
    "applicant_kind=local_authority", "country=LDC; objective=19",
)  # fmt: skip
SELECTS = (
    "", "window=integration", "window!=diaspora", "country=LDC", "country=Africa", "country!=KEN", "gender>=1",
    "applicant_kind=city", "objective=19", "country=LDC; window=integration", "request=r-2",
)  # fmt: skip
USE_BY = (None, None, date(2026, 12, 31), date(2027, 12, 31))
ENDS_ON = (None, date(2026, 10, 31), date(2027, 6, 30), date(2028, 12, 31))


def terms(text: str) -> Terms:
    """Return parsed terms on the strategies' date."""
    return parse(text, places=PLACES)


def subject(number: int, *, window: str = "integration", country: str = "KEN", **more: object) -> Subject:
    """Return the attributes of one plain request: R-1, R-2, …"""
    return Subject(request=f"R-{number}", window=window, country=country, **more)  # type: ignore[arg-type]


@st.composite
def subjects(draw: st.DrawFn, number: int, countries: tuple[str, ...]) -> Subject:
    applicant, kind = draw(st.sampled_from(APPLICANTS))
    return subject(
        number,
        window=draw(st.sampled_from(WINDOWS)),
        country=draw(st.sampled_from(countries)),
        objectives=draw(st.sampled_from(((19,), (20,), (3, 19), ()))),
        applicant=applicant,
        applicant_kind=kind,
        gender=draw(st.sampled_from((None, 0, 1, 2, 3))),
    )


@st.composite
def requests(draw: st.DrawFn, number: int, unit: int, scale: int, countries: tuple[str, ...]) -> Request:
    """One request; one in two may be funded in part."""
    about = draw(subjects(number, countries))
    if draw(st.booleans()):
        ask = draw(st.integers(1, 12)) * scale
        minimum = ask
    else:
        steps = draw(st.integers(1, 5))
        ask = steps * unit * scale + draw(st.integers(0, max(0, unit - 1)))
        minimum = draw(st.integers(0, ask))
    return Request(
        about,
        ask=ask,
        minimum=minimum,
        merit=Fraction(draw(st.integers(0, 40)), draw(st.sampled_from((1, 1, 2, 3)))),
        ends_on=draw(st.sampled_from(ENDS_ON)),
        measures=(("x_staff", Fraction(draw(st.integers(0, 5)))),) if draw(st.booleans()) else (),
    )


@st.composite
def contributions(draw: st.DrawFn, number: int, most: int, *, capped: bool) -> Contribution:
    has_cap = capped and draw(st.booleans())
    used = (
        tuple((code, draw(st.integers(0, most // 2))) for code in ("KEN", "UGA"))
        if has_cap and draw(st.booleans())
        else ()
    )
    return Contribution(
        f"C-{number}",
        donor=f"State {number}",
        available=draw(st.integers(0, most)),
        earmark=terms(draw(st.sampled_from(EARMARKS))),
        use_by=draw(st.sampled_from(USE_BY)),
        country_cap=draw(st.integers(0, most)) if has_cap else None,
        country_used=used,
    )


@st.composite
def bounds(draw: st.DrawFn, most: int) -> Bound:
    kind = draw(st.sampled_from(("amount", "share_of_awarded", "share_of_resources")))
    if kind == "amount":
        amount = draw(st.integers(0, most))
        return Bound("amount", Fraction(amount), f"{amount} minor units")
    percent = draw(st.integers(0, 100))
    return Bound(kind, Fraction(percent, 100), f"{percent}%")


@st.composite
def limits(draw: st.DrawFn, number: int, most: int) -> Limit:
    select = terms(draw(st.sampled_from(SELECTS)))
    each = draw(st.sampled_from((None, None, None, "country", "applicant", "region", "window", "applicant_kind")))
    name = f"limit {number}"
    kind = draw(st.sampled_from(("floor", "ceiling", "ceiling", "count", "fewest", "weigh")))
    if kind == "floor":
        return Limit(name, select, each, at_least=draw(bounds(max(1, most // 4))))
    if kind == "ceiling":
        return Limit(name, select, each, at_most=draw(bounds(most)))
    if kind == "count":
        return Limit(name, select, each, count_at_most=draw(st.integers(0, 4)))
    if kind == "fewest":
        return Limit(name, select, each, count_at_least=draw(st.integers(0, 2)))
    weighed = Bound("amount", Fraction(draw(st.integers(0, 12))), "weight")
    return Limit(name, select, each, at_most=weighed, weigh="x_staff")


BEFORE = (("R-91",), ("R-91", "R-92"), ("r-91",))
"""Requests of earlier rounds; R-99 is in no round."""


@st.composite
def policies(draw: st.DrawFn, ids: list[str], before: tuple[str, ...], most: int, unit: int) -> Policy:
    """A policy whose rules name requests of the round and, where there are any, of earlier rounds and of none."""
    chosen = draw(st.lists(st.sampled_from(("limit", "limit", "exclusive", "requires")), max_size=3))
    named = st.sampled_from([*ids, *before, "R-99"] if before else ids)
    two = st.lists(named, min_size=2, max_size=3, unique=True) if len(ids) > 1 else st.nothing()
    if before:
        two = st.tuples(two, st.booleans()).map(lambda drawn: [r.lower() if drawn[1] else r for r in drawn[0]])
    exclusives, needs, rules = [], [], []
    for number, kind in enumerate(chosen):
        if kind == "limit" or len(ids) < 2:
            rules.append(draw(limits(number, most)))
        elif kind == "exclusive":
            exclusives.append(Exclusive(f"either {number}", tuple(sorted(draw(two)))))
        else:
            first, second = draw(two)[:2]
            needs.append(Requires(f"first {number}", first, second))
    reserve = draw(st.sampled_from((None, None, Bound("share_of_resources", Fraction(1, 20), "5% of resources"))))
    return Policy(
        "USD",
        unit=unit,
        objective=draw(st.sampled_from(("merit", "merit", "score"))),
        reserve=reserve,
        gap=GAP,
        limits=tuple(rules),
        exclusives=tuple(exclusives),
        requires=tuple(needs),
        digest=repr((exclusives, needs, rules, reserve)),
    )


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    requests_max: int = 5,
    contributions_max: int = 4,
    scale: int = 1,
    capped: bool = True,
    countries: tuple[str, ...] = ONE_COUNTRY,
) -> Problem:
    """A random round with every element of a policy; by default so small that every decision can be tried.

    Args:
        requests_max: Most requests.
        contributions_max: Most contributions.
        scale: Minor units by which asks and money are multiplied.
        capped: Whether contributions may have a cap per country.
        countries: Country cells to choose from; `COUNTRIES` has requests of several countries.
    """
    unit = draw(st.sampled_from((1, 2, 3)))
    asked = tuple(draw(requests(n, unit, scale, countries)) for n in range(1, draw(st.integers(0, requests_max)) + 1))
    given = tuple(
        draw(contributions(n, 14 * scale, capped=capped)) for n in range(1, draw(st.integers(0, contributions_max)) + 1)
    )
    ids = [request.request_id for request in asked]
    before = draw(st.sampled_from(((), (), *BEFORE)))
    policy = draw(policies(ids, before, 20 * scale, unit * scale))
    return Problem("T1", "USD", ON, PLACES, given, asked, policy, before)
