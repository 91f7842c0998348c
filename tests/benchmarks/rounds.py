"""Rounds of any size that look like real ones: skewed amounts, overlapping earmarks, a full policy; seeded."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.problem import Contribution, Problem, Request
from ledgers.places import Places
from ledgers.terms import Subject, Terms, parse

ON = date(2024, 6, 30)
WINDOWS = ("integration", "institutions", "diaspora")
KINDS = ("national_government", "city", "ngo", "migrant_association", "diaspora_organisation", "academia")
REGIONS = ("Africa", "Asia", "Latin America and the Caribbean", "Europe", "Oceania", "Western Africa")
GROUPS = ("LDC", "LLDC", "SIDS", "MIC")


def full_round(donors: int, asks: int, seed: int, *, gap: Fraction = Fraction(1, 100_000)) -> Problem:
    """Return a round in cents with three times as much demand as money, and a full policy."""
    draw = random.Random(seed)
    places = Places.on(ON)
    countries = sorted(places.members("World"))
    draw.shuffle(countries)
    countries = countries[:150]
    weights = [1 / (n + 1) ** 0.7 for n in range(len(countries))]
    requests = [_request(n, draw, countries, weights, asks) for n in range(asks)]
    menu = [_earmark(draw, countries, weights) for _ in range(40)]
    money = sum(request.ask for request in requests) // 3
    sizes = [draw.lognormvariate(0, 1.1) for _ in range(donors)]
    contributions = [
        _contribution(n, int(money * size / sum(sizes)) + draw.randrange(100), draw, menu, places)
        for n, size in enumerate(sizes)
    ]
    ids = [request.request_id for request in requests]
    policy = _policy(draw, ids, places, gap)
    return Problem(f"B{seed}", "USD", ON, places, tuple(contributions), tuple(requests), policy)


def _request(n: int, draw: random.Random, countries: list[str], weights: list[float], asks: int) -> Request:
    ask = int(min(2e7, max(2e4, draw.lognormvariate(13.017, 0.9))) * 100)
    minimum = ask if draw.random() < 0.4 else int(ask * draw.uniform(0.4, 0.8))
    objectives = {int(23 * draw.random() ** 2) + 1 for _ in range(draw.choice((1, 1, 2, 3)))}
    merit = Fraction(round(min(99.0, max(30.0, draw.gauss(65, 12))) * 10), 10)
    subject = Subject(
        request=f"R-{n:05}",
        window=draw.choices(WINDOWS, (45, 35, 20))[0],
        country=draw.choices(countries, weights)[0],
        objectives=tuple(sorted(objectives)),
        applicant=f"A-{draw.randrange(max(2, asks // 2)):05}",
        applicant_kind=draw.choices(KINDS, (30, 20, 25, 15, 7, 3))[0],
        gender=draw.choices((0, 1, 2, 3), (3, 4, 2, 1))[0],
        oda=draw.random() < 0.93,
        merit=merit,
    )
    return Request(subject, ask, minimum, merit, ON + timedelta(days=draw.randrange(180, 900)))


def _earmark(draw: random.Random, countries: list[str], weights: list[float]) -> str:
    parts = {}
    for kind in draw.sample(("window", "place", "objective", "kind", "oda"), draw.choices((1, 2, 3), (6, 3, 1))[0]):
        if kind == "window":
            parts["window"] = "|".join(draw.sample(WINDOWS, draw.choice((1, 1, 1, 2))))
        elif kind == "place":
            listed = draw.choices(countries, weights, k=draw.randrange(3, 11))
            parts["country"] = draw.choice((draw.choice(REGIONS), draw.choice(GROUPS), "|".join(sorted(set(listed)))))
        elif kind == "objective":
            chosen = {int(23 * draw.random() ** 2) + 1 for _ in range(draw.randrange(1, 5))}
            parts["objective"] = "|".join(map(str, sorted(chosen)))
        elif kind == "kind":
            parts["applicant_kind"] = "|".join(draw.sample(KINDS, draw.randrange(1, 4)))
        else:
            parts["oda"] = "yes"
    return "; ".join(f"{name}={value}" for name, value in parts.items())


def _contribution(n: int, available: int, draw: random.Random, menu: list[str], places: Places) -> Contribution:
    earmark = "" if draw.random() < 0.3 else menu[int(len(menu) * draw.random() ** 2)]
    cap = int(available * draw.choice((0.1, 0.2, 0.3))) if draw.random() < 0.08 else None
    use_by = ON + timedelta(days=30 * draw.randrange(24, 37)) if draw.random() < 0.5 else None
    return Contribution(f"C-{n:05}", f"Donor {n}", available, parse(earmark, places=places), use_by, cap)


def _share(text: str) -> Bound:
    return Bound("share_of_awarded", Fraction(text) / 100, f"{text}%")


def _of_resources(text: str) -> Bound:
    return Bound("share_of_resources", Fraction(text) / 100, f"{text}% of resources")


def _policy(draw: random.Random, ids: list[str], places: Places, gap: Fraction) -> Policy:
    def floor(name: str, select: str, least: str, most: str | None = None) -> Limit:
        terms = parse(select, places=places)
        return Limit(name, terms, at_least=_share(least), at_most=None if most is None else _share(most))

    limits = (
        floor("Integration", "window=integration", "25", "55"),
        floor("Institutions", "window=institutions", "20", "50"),
        floor("Diaspora", "window=diaspora", "10", "35"),
        floor("Least developed", "country=LDC", "20"),
        floor("Small islands", "country=SIDS", "5"),
        floor("Africa", "country=Africa", "25"),
        floor("Associations", "applicant_kind=ngo|migrant_association", "20"),
        floor("Gender", "gender>=2", "15"),
        Limit("One country", Terms(), each="country", at_most=_of_resources("8")),
        Limit("One applicant", Terms(), each="applicant", at_most=_of_resources("3" if len(ids) >= 1000 else "6")),
        Limit("Awards", Terms(), count_at_most=max(2, len(ids) // 2)),
    )
    shuffled = draw.sample(ids, len(ids))
    groups, at = [], 0
    while at < len(ids) // 20:
        size = draw.choice((2, 3))
        groups.append(Exclusive(f"exclusive {len(groups) + 1}", tuple(sorted(shuffled[at : at + size]))))
        at += size
    pairs = [shuffled[at + 2 * n : at + 2 * n + 2] for n in range(len(ids) * 3 // 100)]
    requires = tuple(Requires(f"{one} requires {other}", one, other) for one, other in pairs)
    return Policy("USD", 1, "merit", _of_resources("2"), 120, gap, limits, tuple(groups), requires, digest="benchmark")
