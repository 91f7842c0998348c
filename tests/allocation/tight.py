"""Small rounds that are hard: donors who give exactly what some projects ask, crossing shares, a spending floor."""

from __future__ import annotations

import random
from fractions import Fraction

from strategies import ON, PLACES, terms

from allocation.policy import Bound, Limit, Policy
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import Subject

WINDOWS = ("integration", "institutions", "diaspora")
COUNTRIES = ("KEN", "UGA", "BGD", "FJI", "MDA", "NPL", "SEN", "TON")
KINDS = ("city", "ngo", "national_government", "diaspora_organisation")
EARMARKS = ("", "window={window}", "country={country}", "country=LDC", "country=Africa", "applicant_kind={kind}")


def tight_round(asks: int, seed: int, *, objective: str = "merit") -> Problem:
    """Return a round whose contributions each equal the sum of a few asks that they admit, so that cents must meet."""
    draw = random.Random(seed)
    requests = [_request(n, draw) for n in range(asks)]
    contributions = []
    pool = draw.sample(requests, asks // 2)
    while pool:
        group = [pool.pop() for _ in range(min(len(pool), draw.randrange(1, 4)))]
        about = group[0].subject
        earmark = draw.choice(EARMARKS).format(window=about.window, country=about.country, kind=about.applicant_kind)
        available = sum(request.ask for request in group)
        contributions.append(Contribution(f"C-{len(contributions):02}", "State", available, terms(earmark)))
    return Problem("tight", "USD", ON, PLACES, tuple(contributions), tuple(requests), _policy(objective))


def _request(n: int, draw: random.Random) -> Request:
    ask = draw.randrange(5_000_00, 2_000_000_00)
    about = Subject(
        request=f"R-{n:03}",
        window=draw.choice(WINDOWS),
        country=draw.choice(COUNTRIES),
        applicant=f"A-{n % 7}",
        applicant_kind=draw.choice(KINDS),
        gender=draw.randrange(4),
    )
    minimum = ask if draw.random() < 0.6 else ask * draw.randrange(3, 9) // 10
    return Request(about, ask, minimum, Fraction(draw.randrange(30, 100)))


def _policy(objective: str) -> Policy:
    def share(name: str, select: str, least: int | None, most: int | None) -> Limit:
        low, high = (None if p is None else Bound("share_of_awarded", Fraction(p, 100), f"{p}%") for p in (least, most))
        return Limit(name, terms(select), at_least=low, at_most=high)

    resources = Bound("share_of_resources", Fraction(70, 100), "70% of resources")
    limits = (
        share("integration", "window=integration", 15, 60),
        share("diaspora", "window=diaspora", 10, 50),
        share("LDC", "country=LDC", 20, None),
        share("gender", "gender>=2", 30, None),
        Limit("spend", terms(""), at_least=resources),
    )
    return Policy("USD", 1, objective, limits=limits, time_limit=60, digest=objective)  # type: ignore[arg-type]
