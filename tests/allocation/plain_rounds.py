"""Random rounds as plain values, and the problem that each states: large amounts, odd conversions, all kinds of rules.

What a round means can be read from these values without the engine's terms, pools or rows: that is what the second
check of `test_exactness` does.
"""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from strategies import ON, PLACES

from allocation.policy import Bound, Exclusive, Limit, Policy, Requires
from allocation.problem import Contribution, Problem, Request
from ledgers.terms import Subject, parse

WINDOWS = ("integration", "institutions", "diaspora")
COUNTRIES = ("KEN", "UGA", "SEN", "BGD", "NPL", "FJI", "MDA")
AFRICA = frozenset({"KEN", "UGA", "SEN"})
KINDS = ("city", "ngo", "national_government", "diaspora_organisation")
CURRENCIES = {"USD": 2, "JPY": 0, "KWD": 3}
RATES = (Fraction(1), Fraction(10_837, 9_973), Fraction(149_713, 1_000), Fraction(30_811, 99_991))
"""Units of a foreign currency for one unit of the round's: none comes out even."""

Terms = tuple[tuple[str, str, tuple[str, ...]], ...]
"""(attribute, `=`, `!=` or `>=`, values) each; all must hold."""


@dataclass(frozen=True)
class Ask:
    """One request: shares of its countries in per cent, amounts in minor units."""

    name: str
    shares: tuple[tuple[str, int], ...]
    window: str
    objectives: tuple[int, ...]
    applicant: str
    kind: str
    gender: int
    ask: int
    least: int
    merit: Fraction
    ends_on: date | None
    staff: Fraction | None


@dataclass(frozen=True)
class Giver:
    """One contribution, amounts in minor units; `used`: what earlier rounds gave to a country."""

    name: str
    available: int
    terms: Terms
    use_by: date | None
    cap: int | None
    used: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Rule:
    """One side of one limit: `of` says what the figure is of (`amount`, `awarded`, `resources`, `count` or `staff`)."""

    name: str
    terms: Terms
    each: str | None
    at_least: bool
    of: str
    figure: Fraction


@dataclass(frozen=True)
class Plain:
    """A whole round."""

    currency: str
    unit: int
    reserve: Fraction
    asks: tuple[Ask, ...]
    givers: tuple[Giver, ...]
    rules: tuple[Rule, ...]
    either: tuple[tuple[str, ...], ...]
    first: tuple[tuple[str, str], ...]


def plain_round(seed: int) -> Plain:
    """Return a random round; money is about half of what is asked."""
    draw = random.Random(seed)
    most = 10 ** draw.randrange(4, 13)
    unit = draw.choice((1, 1, 7, 100, max(1, most // 10_000)))
    asks = tuple(_ask(draw, n, most, unit) for n in range(draw.randrange(5, 17)))
    count = draw.randrange(3, 9)
    givers = tuple(_giver(draw, n, sum(ask.ask for ask in asks) * 2 // count) for n in range(count))
    rules = tuple(_rule(draw, n, most) for n in range(draw.randrange(5)))
    names = [ask.name for ask in asks]
    either = tuple(tuple(draw.sample(names, draw.choice((2, 3)))) for _ in range(draw.randrange(3)))
    first = tuple(tuple(draw.sample(names, 2)) for _ in range(draw.randrange(3)))
    reserve = draw.choice((Fraction(0), Fraction(1, 50), Fraction(3, 70)))
    return Plain(draw.choice(tuple(CURRENCIES)), unit, reserve, asks, givers, rules, either, first)  # type: ignore[arg-type]


def shuffled(plain: Plain, seed: int) -> Plain:
    """Return the same round with every list in another order."""
    draw = random.Random(seed)
    lists = {name: tuple(draw.sample(rows, len(rows))) for name, rows in vars(plain).items() if isinstance(rows, tuple)}
    lists["either"] = tuple(tuple(draw.sample(group, len(group))) for group in lists["either"])
    return dataclasses.replace(plain, **lists)


def _converted(draw: random.Random, most: int) -> int:
    """Return an amount that came from another currency, rounded down; never 0."""
    return max(1, int(draw.randrange(most // 50 + 1, most + 1) / draw.choice(RATES[:2])))


def _ask(draw: random.Random, n: int, most: int, unit: int) -> Ask:
    foreign = draw.randrange(max(most // 20, unit * 3), most + unit * 3)
    amount = min(10**12, max(1, int(foreign / draw.choice(RATES))))
    two = draw.random() < 0.2
    shares = (
        tuple(zip(sorted(draw.sample(COUNTRIES, 2)), draw.choice(((60, 40), (37, 63))), strict=True)) if two else ()
    )
    return Ask(
        name=f"R-{n:02}",
        shares=shares or ((draw.choice(COUNTRIES), 100),) if draw.random() < 0.93 else (),
        window=draw.choice(WINDOWS),
        objectives=tuple(sorted(draw.sample(range(1, 24), draw.choice((1, 1, 2))))),
        applicant=f"A-{draw.randrange(6)}",
        kind=draw.choice(KINDS),
        gender=draw.randrange(4),
        ask=amount,
        least=draw.choice((amount, amount, 0, draw.randrange(amount + 1))),
        merit=Fraction(draw.randrange(0, 1000), draw.choice((1, 7, 10))),
        ends_on=draw.choice((None, ON + timedelta(days=200), ON + timedelta(days=500))),
        staff=draw.choice((None, Fraction(draw.randrange(40), 3))),
    )


def _giver(draw: random.Random, n: int, most: int) -> Giver:
    available = int(draw.randrange(most // 9, most // 2 + 2) / draw.choice(RATES[:2]))
    capped = draw.random() < 0.3
    return Giver(
        name=f"C-{n:02}",
        available=available,
        terms=_terms(draw) if draw.random() < 0.6 else (),
        use_by=draw.choice((None, None, ON + timedelta(days=300))),
        cap=draw.randrange(available // 3 + 1, available + 2) if capped else None,
        used=((draw.choice(COUNTRIES), draw.randrange(available // 5 + 1)),) if capped and draw.random() < 0.5 else (),
    )


def _terms(draw: random.Random) -> Terms:
    parts = (
        ("window", "=", tuple(sorted(draw.sample(WINDOWS, draw.choice((1, 2)))))),
        ("country", "=", ("Africa",)),
        ("country", "=", tuple(sorted(draw.sample(COUNTRIES, 4)))),
        ("country", "!=", (draw.choice(COUNTRIES),)),
        ("objective", "=", tuple(map(str, sorted(draw.sample(range(1, 24), 12))))),
        ("gender", ">=", (str(draw.choice((1, 2))),)),
        ("applicant_kind", "=", tuple(sorted(draw.sample(KINDS, draw.choice((2, 3)))))),
    )
    return tuple(sorted(draw.sample(parts, draw.choice((1, 1, 2)))))


def _rule(draw: random.Random, n: int, most: int) -> Rule:
    terms = _terms(draw)[:1] if draw.random() < 0.7 else ()
    each = draw.choice((None, None, None, "country", "applicant", "window"))
    at_least = each is None and draw.random() < 0.3
    of = draw.choice(("amount", "awarded", "awarded", "resources", "count", "staff"))
    if of == "amount":
        figure = Fraction(draw.randrange(most // 20 + 1) if at_least else draw.randrange(most, most * 6))
    elif of == "count":
        figure = Fraction(draw.randrange(2) if at_least else draw.randrange(1, 7))
    elif of == "staff":
        figure = Fraction(draw.randrange(3) if at_least else draw.randrange(9, 90))
    else:
        figure = Fraction(draw.randrange(1, 12) if at_least else draw.randrange(35, 95), draw.choice((97, 100)))
    return Rule(f"rule {n}", terms, each, at_least, of, figure)


def problem_of(plain: Plain, seed: int) -> Problem:
    """Return the round as the engine gets it."""
    groups = dict.fromkeys(tuple(sorted(group)) for group in plain.either)
    policy = Policy(
        plain.currency,
        plain.unit,
        reserve=Bound("share_of_resources", plain.reserve, str(plain.reserve)) if plain.reserve else None,
        limits=tuple(_limit(rule) for rule in plain.rules),
        exclusives=tuple(Exclusive(f"either {' '.join(group)}", group) for group in groups),
        requires=tuple(Requires(f"{one} after {other}", one, other) for one, other in dict.fromkeys(plain.first)),
        digest=f"plain {seed}",
    )  # fmt: skip
    money = tuple(
        Contribution(g.name, "State", g.available, parse(said(g.terms), places=PLACES), g.use_by, g.cap, g.used)
        for g in plain.givers
    )
    return Problem(f"P{seed}", plain.currency, ON, PLACES, money, tuple(map(_request, plain.asks)), policy)


def said(terms: Terms) -> str:
    """Return terms in the words of the term language."""
    return "; ".join(f"{attribute}{sign}{'|'.join(values)}" for attribute, sign, values in terms)


def _request(ask: Ask) -> Request:
    country = ask.shares[0][0] if len(ask.shares) == 1 else "|".join(f"{code}:{part}" for code, part in ask.shares)
    subject = Subject(
        request=ask.name,
        window=ask.window,
        country=country,
        objectives=ask.objectives,
        applicant=ask.applicant,
        applicant_kind=ask.kind,
        gender=ask.gender,
    )
    measures = () if ask.staff is None else (("x_staff", ask.staff),)
    return Request(subject, ask.ask, ask.least, ask.merit, ask.ends_on, measures)


def _limit(rule: Rule) -> Limit:
    select, side = parse(said(rule.terms), places=PLACES), "at_least" if rule.at_least else "at_most"
    if rule.of == "count":
        return Limit(rule.name, select, rule.each, **{f"count_{side}": int(rule.figure)})  # type: ignore[arg-type]
    kinds = {"awarded": "share_of_awarded", "resources": "share_of_resources"}
    bound = Bound(kinds.get(rule.of, "amount"), rule.figure, str(rule.figure))  # type: ignore[arg-type]
    weigh = "x_staff" if rule.of == "staff" else None
    return Limit(rule.name, select, rule.each, **{side: bound}, weigh=weigh)  # type: ignore[arg-type]
