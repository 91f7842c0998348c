"""Checks a decided round from its files alone: `python check_round.py FOLDER [--request ID]`.

It needs Python 3.11 and nothing else: no solver, no other part of Facility, no network. It reads the frozen
contributions, requests, places, policy and decision, reads the terms and the policy by itself, and says of every rule
whether the decision keeps it. Then it evaluates the certificate. All arithmetic is on whole numbers and exact
fractions; a number with a decimal point is never a binary float here.

What a certificate proves. *Prices* are numbers at or above 0: of a rule of the policy, of a contribution's money, of
the room that a contribution with a country cap has in a country. Whatever they are, awards that keep all rules have at
most the objective

    sum of price * what the rule allows + sum of price * money available + sum of price * room
    + for each request the most that it can add: nothing if it is refused, else its worth, less the prices of the rules
      that it uses, less the cheapest money that may pay it, at the best of its possible awards

since nobody can use more of a rule or of money than there is. A *tree* splits the awards into those that fund a request
and those that refuse it, again and again, and has prices for every end: the objective is then at most the highest of
the ends. Wrong prices can only make the bound worse, never false.

Exit code 0: everything holds. 1: something does not, each named. 2: the files cannot be read.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

KIND_GROUPS = {"local_authority": ("city", "subnational_region")}
NUMERIC = ("gender", "human_rights", "child", "merit")
TEXTS = ("window", "applicant", "applicant_kind", "level", "request")
CONDITION = re.compile(r"\s*(\w+)\s*(!=|>=|<=|=)(.*)\Z", re.DOTALL)
SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*(of\s+resources)?\s*\Z", re.IGNORECASE)


class Unreadable(Exception):
    """A file that does not say what such a file must say."""


FAULTS = (
    *(Unreadable, KeyError, TypeError, IndexError, ValueError, AttributeError),
    *(ArithmeticError, RecursionError, OSError),
)
"""What altered files may lead to; each is told, and none is a verdict."""


class Number(str):
    """A JSON number with a decimal point, kept as it is written."""

    __slots__ = ()


# ---------------------------------------------------------------- reading


def folded(text: str) -> str:
    """Return a text as identifiers are compared."""
    return "".join("i" if letter == "İ" else letter.lower() for letter in text.strip())


@dataclass(frozen=True)
class Places:
    """Where places lie on the round's date: a code or name to its code, and a code to all codes that match it."""

    code_of: Mapping[str, str]
    within: Mapping[str, frozenset[str]]
    region_of: Mapping[str, str]
    countries: frozenset[str]
    name_of: Mapping[str, str]

    def called(self, rule: str) -> tuple[str, ...]:
        """Return what a sentence may call a rule: as it is, or a group of it by the name of its region."""
        limit, sign, code = rule.rpartition(": ")
        return (rule, f"{limit}{sign}{self.name_of[code]}") if sign and code in self.name_of else (rule,)

    def code(self, word: str) -> str:
        """Return the code of a place that terms name."""
        known = word.strip().casefold()
        known = known.zfill(3) if known.isascii() and known.isdigit() else known
        if known not in self.code_of:
            raise Unreadable(f"places.csv does not know {word.strip()!r}")
        return self.code_of[known]


@dataclass(frozen=True)
class Condition:
    """One part of terms: an attribute, an operator, alternatives."""

    attribute: str
    operator: str
    values: frozenset[Any]


def read_terms(text: str, places: Places) -> list[Condition]:
    """Return the conditions that a text states; none admit everything."""
    found = []
    for part in text.split(";"):
        if not part.strip():
            continue
        match = CONDITION.match(part)
        if match is None:
            raise Unreadable(f"{part.strip()!r} is no condition, in the terms {text!r}")
        attribute, operator, values = match[1].lower(), match[2], [value.strip() for value in match[3].split("|")]
        if attribute in ("country", "region"):
            meant: Iterable[Any] = (places.code(value) for value in values)
        elif attribute in NUMERIC:
            meant = (Fraction(value) for value in values)
        elif attribute == "objective":
            meant = (str(int(value)) for value in values)
        elif attribute == "applicant_kind":
            meant = (word for value in values for word in KIND_GROUPS.get(folded(value), (folded(value),)))
        elif attribute in (*TEXTS, "oda"):
            meant = (folded(value) for value in values)
        else:
            raise Unreadable(f"{attribute!r} is no attribute, in the terms {text!r}")
        found.append(Condition(attribute, operator, frozenset(meant)))
    return found


@dataclass(frozen=True)
class Request:
    """An ask; amounts in minor units."""

    id: str
    ask: int
    minimum: int
    merit: Fraction
    known: Mapping[str, frozenset[str]]
    numbers: Mapping[str, Fraction]
    where: tuple[tuple[str, Fraction], ...]
    values: Mapping[str, str]
    measures: Mapping[str, Fraction]
    starts_on: date | None
    ends_on: date | None
    years: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Contribution:
    """Money with its terms; amounts in minor units."""

    id: str
    donor: str
    available: int
    terms: str
    earmark: tuple[Condition, ...]
    use_by: date | None
    spend_from: date | None
    spend_to: date | None
    cap: int | None
    used: Mapping[str, int]


def plain_holds(conditions: Iterable[Condition], request: Request) -> bool:
    """Say whether a request meets what is not on places. What is not known meets no condition, `!=` included."""
    for one in conditions:
        if one.attribute in ("country", "region"):
            continue
        if one.attribute in NUMERIC:
            number = request.numbers.get(one.attribute)
            if number is None:
                return False
            limit = next(iter(one.values))
            holds = {
                "=": number in one.values,
                "!=": number not in one.values,
                ">=": number >= limit,
                "<=": number <= limit,
            }[one.operator]
        else:
            known = request.known.get(one.attribute, frozenset())
            holds = bool(known) and known.isdisjoint(one.values) == (one.operator == "!=")
        if not holds:
            return False
    return True


def places_hold(conditions: Iterable[Condition], place: str, places: Places) -> bool:
    """Say whether one country or region meets every condition on places."""
    around = places.within[place]
    return all(
        around.isdisjoint(one.values) == (one.operator == "!=")
        for one in conditions
        if one.attribute in ("country", "region")
    )


def share_by_place(conditions: Iterable[Condition], request: Request, places: Places) -> dict[str, Fraction] | None:
    """Return the share of a request in each place that terms match; None where a condition not on places fails."""
    conditions = tuple(conditions)
    if not plain_holds(conditions, request):
        return None
    return {place: share for place, share in request.where if places_hold(conditions, place, places)}


def matched(conditions: Iterable[Condition], request: Request, places: Places) -> Fraction:
    """Return how much of a request terms match. Without a condition on places that is all of it or nothing."""
    conditions = tuple(conditions)
    found = share_by_place(conditions, request, places)
    if found is None:
        return Fraction(0)
    if not any(one.attribute in ("country", "region") for one in conditions):
        return Fraction(1)
    return sum(found.values(), Fraction(0))


@dataclass(frozen=True)
class Rule:
    """`sum of weights * (award, or 1 when funded)` against `fixed + of_resources * R + of_awarded * all awards`."""

    name: str
    side: str
    unit: str
    weights: Mapping[str, Fraction]
    fixed: Fraction = Fraction(0)
    of_resources: Fraction = Fraction(0)
    of_awarded: Fraction = Fraction(0)

    @property
    def sign(self) -> int:
        """1 for a ceiling, -1 for a floor."""
        return -1 if self.side.endswith("at_least") else 1

    def actual(self, awards: Mapping[str, int]) -> Fraction:
        """Return what awards (above zero) reach."""
        used = ((self.weights[r], amount) for r, amount in awards.items() if r in self.weights)
        return sum((w * (amount if self.unit == "money" else 1) for w, amount in used), Fraction(0))

    def allowed(self, resources: int, awarded: int) -> Fraction:
        """Return what the rule allows."""
        return self.fixed + self.of_resources * resources + self.of_awarded * awarded


@dataclass
class Round:
    """A frozen round, as its files say."""

    currency: str
    decimals: int
    on: date
    places: Places
    contributions: dict[str, Contribution]
    requests: dict[str, Request]
    policy: Mapping[str, Any]
    before: frozenset[str]
    overrides: Mapping[str, tuple[int, int, str, str]]
    names: Mapping[str, list[str]]
    _payers: dict[str, list[tuple[int | None, Fraction, list[Contribution]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.new_money: str | None = None  # a contribution that may pay whatever it has, since its amount is sought
        self._admitted: dict[tuple[str, str], bool] = {}
        self.unit = self.minor(self.policy["unit"]) if "unit" in self.policy else 1
        first = (self.policy.get("objectives") or ["merit"])[0]
        self.objective = first["is"] if isinstance(first, dict) else first
        self.limits = list(self._limits())
        self.resources = sum(c.available for c in self.contributions.values())

    def minor(self, text: Any) -> int:
        """Return an amount in minor units."""
        scaled = (Fraction(text) if isinstance(text, Decimal) else number(text)) * 10**self.decimals
        if scaled.denominator != 1:
            raise Unreadable(f"{text} has more decimal places than {self.currency}")
        return int(scaled)

    def money(self, minor: int | Fraction) -> str:
        """Return minor units as text."""
        return f"{self.currency} {plain(Fraction(minor) / 10**self.decimals)}"

    def value(self, awards: Mapping[str, int]) -> Fraction:
        """Return the first objective of awards: merit times major units of money, or merit of what is funded."""
        if self.objective == "score":
            return sum((self.requests[r].merit for r in awards), Fraction(0))
        worth = sum((self.requests[r].merit * amount for r, amount in awards.items()), Fraction(0))
        return worth * Fraction(1, 10**self.decimals)

    def reserve(self) -> tuple[Fraction, Fraction]:
        """Return what must stay: an amount, and a share of the resources."""
        if "reserve" not in self.policy:
            return Fraction(0), Fraction(0)
        share = SHARE.match(str(self.policy["reserve"]))
        if share is None:
            return Fraction(self.minor(self.policy["reserve"])), Fraction(0)
        return Fraction(0), Fraction(share[1]) / 100

    def spendable(self) -> int:
        """Return what awards may sum to: the resources less the reserve, which is rounded up."""
        amount, share = self.reserve()
        return self.resources - math.ceil(amount + share * self.resources)

    def may_pay(self, giver: Contribution, request: Request, year: int | None) -> bool:
        """Say whether a contribution's dates let it pay a request, or what a request spends in one year."""
        last = request.ends_on or self.on
        first = request.starts_on or min(self.on, last)
        if year is not None:
            first = max(date(year, 1, 1), request.starts_on or date.min)
            last = min(date(year, 12, 31), request.ends_on or date.max)
        ends = [day for day in (giver.use_by, giver.spend_to) if day is not None]
        return (giver.spend_from is None or first >= giver.spend_from) and all(last <= day for day in ends)

    def admits(self, giver: Contribution, request: Request) -> bool:
        """Say whether an earmark admits a request: every country of it must match."""
        key = giver.terms, request.id
        if key not in self._admitted:
            self._admitted[key] = matched(giver.earmark, request, self.places) == 1
        return self._admitted[key]

    def payers(self, request: Request) -> list[tuple[int | None, Fraction, list[Contribution]]]:
        """Return each year of a request (None: all of it), the share of it, and who may pay that."""
        if request.id not in self._payers:
            givers = (c for c in self.contributions.values() if c.available > 0 or c.id == self.new_money)
            admitted = [giver for giver in givers if self.admits(giver, request)]
            parts: list[tuple[int | None, Fraction]] = [(None, Fraction(1))]
            if request.years:
                parts = [(year, Fraction(amount, request.ask)) for year, amount in request.years]
            self._payers[request.id] = [
                (year, share, [giver for giver in admitted if self.may_pay(giver, request, year)])
                for year, share in parts
            ]
        return self._payers[request.id]

    def countries(self, request: Request) -> list[tuple[str, Fraction]]:
        """Return the countries of a request with their shares; a region is none."""
        return [(place, share) for place, share in request.where if place in self.places.countries]

    def range(self, request: Request) -> tuple[int, int]:
        """Return the least and the most that a funded request may be awarded, before overrides."""
        least = max(self.unit, -(-request.minimum // self.unit) * self.unit)
        return min(least, request.ask), request.ask

    def with_new_money(self, request: str, amount: int, name: str) -> Round:
        """Return the round with one more contribution, which may pay this request alone."""
        if request not in self.requests or name in self.contributions:
            raise Unreadable(f"new money {name!r} for {request!r} fits nothing")
        earmark = (Condition("request", "=", frozenset((folded(request),))),)
        giver = Contribution(name, name, amount, f"request={request}", earmark, None, None, None, None, {})
        varied = replace(self, contributions={**self.contributions, name: giver}, _payers={})
        varied.new_money = name
        return varied

    def without_terms(self, donor: str) -> Round:
        """Return the round with the terms of a donor's contributions lifted; dates and caps per country stay."""
        lifted = {
            name: replace(giver, terms="", earmark=()) if giver.donor == donor else giver
            for name, giver in self.contributions.items()
        }
        return replace(self, contributions=lifted, _payers={})

    def _limits(self) -> Iterator[Rule]:
        for called, limit in zip(self.names["limit"], self.policy.get("limit", ()), strict=True):
            for name, weights in self._groups(called, limit):
                yield from self._sides(limit, name, weights)

    def _groups(self, called: str, limit: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Fraction]]]:
        select, each = read_terms(limit.get("select", ""), self.places), limit.get("each")
        groups: dict[str, dict[str, Fraction]] = {}
        for request in self.requests.values():
            if each in ("country", "region"):
                found = share_by_place(select, request, self.places) or {}
                for place in (place for place in found if place in self.places.countries):
                    group = groups.setdefault(place if each == "country" else self.places.region_of[place], {})
                    group[request.id] = group.get(request.id, Fraction(0)) + found[place]
                continue
            share, value = matched(select, request, self.places), request.values.get(each, "") if each else ""
            if share > 0 and (value or not each):
                groups.setdefault(value, {})[request.id] = share
        if not each:
            yield called, groups.get("", {})
        else:
            yield from ((f"{called}: {value}", groups[value]) for value in sorted(groups))

    def _sides(self, limit: Mapping[str, Any], name: str, weights: dict[str, Fraction]) -> Iterator[Rule]:
        measure = limit.get("weigh")
        if measure is not None:
            weights = {r: w * self.requests[r].measures.get(measure, Fraction(0)) for r, w in weights.items()}
        for side in ("at_least", "at_most"):
            if side in limit:
                share = SHARE.match(str(limit[side])) if measure is None else None
                if share is not None:
                    part = Fraction(share[1]) / 100
                    of = {"of_resources": part} if share[2] else {"of_awarded": part}
                    yield Rule(name, side, "money", weights, **of)
                else:
                    fixed = Fraction(str(limit[side])) if measure else Fraction(self.minor(limit[side]))
                    yield Rule(name, side, measure or "money", weights, fixed)
        for side in ("count_at_least", "count_at_most"):
            if side in limit:
                yield Rule(name, side, "count", dict.fromkeys(weights, Fraction(1)), Fraction(limit[side]))

    def choice_rules(self) -> Iterator[Rule]:
        """Yield exclusive groups and prerequisites; what earlier rounds funded counts."""
        known = {folded(request): request for request in self.requests}
        for name, group in zip(self.names["exclusive"], self.policy.get("exclusive", ()), strict=True):
            members = [folded(request) for request in group["requests"]]
            left = 0 if self.before & set(members) else 1
            weights = {known[r]: Fraction(1) for r in members if r in known}
            yield Rule(name, "exclusive", "count", weights, Fraction(left))
        for name, rule in zip(self.names["requires"], self.policy.get("requires", ()), strict=True):
            request, needs = folded(rule["request"]), folded(rule["needs"])
            if request in known and needs not in self.before:
                weights = {known[request]: Fraction(1)}
                if needs in known:
                    weights[known[needs]] = weights.get(known[needs], Fraction(0)) - 1
                yield Rule(name, "requires", "count", weights)


def plain(value: Fraction) -> str:
    """Return a fraction as decimal text, exact where it ends within 12 places, else as a ratio."""
    scaled = value * 10**12
    if scaled.denominator != 1:
        return str(value)
    digits = f"{abs(int(scaled)):013d}"
    text = f"{digits[:-12]}.{digits[-12:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def scientific(value: Fraction) -> str:
    """Return a fraction at or above 0 with two digits, rounded up: `3.1e-06`."""
    if value == 0:
        return "0"
    power = 0
    while value >= 10:
        value, power = value / 10, power + 1
    while value < 1:
        value, power = value * 10, power - 1
    tenths = math.ceil(value * 10)
    if tenths == 100:
        tenths, power = 10, power + 1
    return f"{tenths // 10}.{tenths % 10}e{'-' if power < 0 else '+'}{abs(power):02d}"


PLAIN = re.compile(r"[+-]?\d{1,400}(\.\d{1,400}|/[1-9]\d{0,399})?", re.ASCII)


def number(told: Any) -> Fraction:
    """Return a number that a file writes out: an exponent could ask for more digits than there is memory."""
    if not PLAIN.fullmatch(str(told)):
        raise Unreadable(f"{str(told)[:40]!r} is no plain number")
    return Fraction(str(told))


class Told(dict[str, Any]):
    """A row or object of a file, which knows its file when something is missing."""

    def __init__(self, file: str, found: Iterable[tuple[str, Any]]) -> None:
        super().__init__(found)
        self.file = file

    def __missing__(self, name: str) -> Any:
        raise Unreadable(f"{self.file} has no {name} where there must be one")


def rows_of(folder: Path, name: str) -> list[Told]:
    """Return the rows of a CSV file."""
    try:
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise Unreadable(f"{name}: {cause}") from cause
    uneven = next((n for n, row in enumerate(rows, 1) if None in row or None in row.values()), None)
    if uneven is not None:
        raise Unreadable(f"{name}: row {uneven} has not as many cells as there are columns")
    return [Told(name, row.items()) for row in rows]


def json_of(folder: Path, name: str) -> Any:
    """Return a JSON file, numbers with a decimal point as they are written."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
        return json.loads(
            text, parse_float=Number, parse_constant=Number, object_pairs_hook=lambda found: Told(name, found)
        )
    except (OSError, ValueError, RecursionError) as cause:
        raise Unreadable(f"{name}: {cause}") from cause


def day(text: str) -> date | None:
    """Return a date, or None for an empty cell."""
    return date.fromisoformat(text) if text else None


def pairs(text: str) -> list[tuple[str, str]]:
    """Return the pairs of a cell such as `KEN:60|UGA:40`."""
    found = (part.partition(":") for part in text.split("|") if part)
    return [(key.strip(), value.strip()) for key, _, value in found]


def read_places(folder: Path) -> Places:
    """Return the places on the round's date."""
    rows = rows_of(folder, "places.csv")
    code_of = {row["place"].casefold(): row["place"] for row in rows}
    code_of |= {row["name"].casefold(): row["place"] for row in rows if row["kind"] == "region"}
    return Places(
        code_of,
        {row["place"]: frozenset(row["within"].split("|")) for row in rows if row["within"]},
        {row["place"]: row["region"] for row in rows},
        frozenset(row["place"] for row in rows if row["kind"] == "country"),
        {row["place"]: row["name"] for row in rows if row["kind"] == "region"},
    )


def read_request(row: Mapping[str, str], places: Places, minor: Callable[[str], int]) -> Request:
    """Return the request of a row."""
    cell = row["country"].strip()
    shares = [(places.code(place), number(share or 100) / 100) for place, share in pairs(cell)]
    if shares and sum(share for _, share in shares) != 1:
        raise Unreadable(f"requests.csv: the countries of {row['request']} do not sum to 100")
    known = {name: frozenset((folded(row[name]),)) for name in (*TEXTS, "oda") if row[name].strip()}
    if row["objectives"]:
        known["objective"] = frozenset(row["objectives"].split("|"))
    return Request(
        row["request"],
        minor(row["ask"]),
        minor(row["minimum"]),
        number(row["merit"]),
        known,
        {name: number(row[name]) for name in NUMERIC if row[name]},
        tuple(shares),
        dict(row),
        {name: number(value) for name, value in row.items() if name.startswith("x_") and value},
        day(row["starts_on"]),
        day(row["ends_on"]),
        tuple((int(year), minor(amount)) for year, amount in pairs(row["years"])),
    )


def read_contribution(row: Mapping[str, str], places: Places, minor: Callable[[str], int]) -> Contribution:
    """Return the contribution of a row."""
    return Contribution(
        row["contribution"],
        row["donor"],
        minor(row["available"]),
        row["earmark"],
        tuple(read_terms(row["earmark"], places)),
        day(row["use_by"]),
        day(row["spend_from"]),
        day(row["spend_to"]),
        minor(row["country_cap"]) if row["country_cap"] else None,
        {country: minor(amount) for country, amount in pairs(row["country_used"])},
    )


def read_round(folder: Path) -> Round:
    """Return the round that a folder holds."""
    about, places = json_of(folder, "round.json"), read_places(folder)
    try:
        policy = tomllib.loads((folder / "policy.toml").read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as cause:
        raise Unreadable(f"policy.toml: {cause}") from cause
    decimals = about["decimals"]
    if type(decimals) is not int or not 0 <= decimals <= 9:
        raise Unreadable(f"round.json: {decimals} is no number of decimal places")

    def minor(text: str) -> int:
        scaled = number(text) * 10**decimals
        if scaled.denominator != 1 or scaled < 0:
            raise Unreadable(f"{text} is no amount of {about['currency']}")
        return int(scaled)

    givers = [read_contribution(row, places, minor) for row in rows_of(folder, "contributions.csv")]
    asks = [read_request(row, places, minor) for row in rows_of(folder, "requests.csv")]
    overrides = {
        row["request"]: (minor(row["least"]), minor(row["most"]), row["by"], row["reason"])
        for row in rows_of(folder, "overrides.csv")
    }
    if len({giver.id for giver in givers}) < len(givers) or len({ask.id for ask in asks}) < len(asks):
        raise Unreadable("a request or contribution stands twice")
    return Round(
        about["currency"],
        decimals,
        date.fromisoformat(about["on"]),
        places,
        {giver.id: giver for giver in givers},
        {ask.id: ask for ask in asks},
        policy,
        frozenset(folded(request) for request in about["funded_before"]),
        overrides,
        about["names"],
    )


# ---------------------------------------------------------------- a decision against the rules

Awards = dict[str, int]
Finding = tuple[str, str]
"""What was checked, and what is wrong with it."""


def read_awards(round_: Round, rows: Iterable[Mapping[str, Any]]) -> Awards:
    """Return awards in minor units by request."""
    found: Awards = {}
    for row in rows:
        if row["request"] in found:
            raise Unreadable(f"{row['request']} is awarded twice")
        found[row["request"]] = round_.minor(row["amount"])
    return found


def wrong_awards(round_: Round, awards: Awards, at_least: Mapping[str, int]) -> Iterator[Finding]:
    """Yield awards of amounts that no award may have."""
    for r, amount in awards.items():
        if r not in round_.requests:
            yield "awards", f"{r} is no request of the round"
            continue
        request = round_.requests[r]
        whole_steps = amount % round_.unit == 0 and amount >= request.minimum
        if not (0 < amount <= request.ask and (amount == request.ask or whole_steps)):
            yield "awards", f"{r} gets {round_.money(amount)}, which it may not (ask {round_.money(request.ask)})"
    for r, least in at_least.items():
        if awards.get(r, 0) < max(least, 1):
            yield "awards", f"{r} gets {round_.money(awards.get(r, 0))}, less than {round_.money(least)}"
    for r, (least, most, _, _) in round_.overrides.items():
        if not least <= awards.get(r, 0) <= most:
            allowed = f"between {round_.money(least)} and {round_.money(most)}"
            yield "overrides", f"{r} gets {round_.money(awards.get(r, 0))}, and was to get {allowed}"


def wrong_payments(round_: Round, awards: Awards, rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield payments that no contribution may make, and awards that payments do not make up."""
    used: dict[str, int] = {}
    room: dict[tuple[str, str], Fraction] = {}
    for row in rows:
        r = row["request"]
        if r not in round_.requests:
            continue
        request, paid = round_.requests[r], 0
        by_year: dict[int | None, int] = {}
        seen: set[tuple[str, int | None]] = set()
        for payment in row["payments"]:
            c, year, amount = payment["contribution"], payment.get("year"), round_.minor(payment["amount"])
            paid, by_year[year] = paid + amount, by_year.get(year, 0) + amount
            if c not in round_.contributions:
                yield "payments", f"{c} pays {r} and is no contribution of the round"
                continue
            giver = round_.contributions[c]
            used[c] = used.get(c, 0) + amount
            for country, share in round_.countries(request):
                room[c, country] = room.get((c, country), Fraction(0)) + share * amount
            if amount <= 0 or (c, year) in seen:
                yield "payments", f"{c} pays {r} {round_.money(amount)}, or twice"
            seen.add((c, year))
            if not round_.admits(giver, request):
                yield "earmarks", f"{c} pays {r}, which its earmark does not admit"
            if not round_.may_pay(giver, request, year):
                yield "dates", f"{c} pays {r}, whose expenditure lies outside its dates"
        if paid != awards[r]:
            yield "payments", f"{r} is awarded {round_.money(awards[r])} and paid {round_.money(paid)}"
        yield from _wrong_years(round_, request, awards[r], by_year)
    for c, amount in used.items():
        if amount > round_.contributions[c].available:
            available = round_.money(round_.contributions[c].available)
            yield "money", f"{c} pays {round_.money(amount)} of {available}"
    for (c, country), spent in room.items():
        giver = round_.contributions[c]
        if giver.cap is not None and spent > 0 and spent + giver.used.get(country, 0) > giver.cap:
            yield "country caps", f"{c} pays more in {country} than its cap of {round_.money(giver.cap)}"


def by_years(request: Request, award: int) -> dict[Any, int]:
    """Return what of an award falls in each year (None: it does not ask by years).

    That is in proportion to what is asked for the years, a minor unit more for the largest rests, the earlier first.
    """
    parts: dict[Any, int] = dict(request.years) or {None: request.ask}
    due = {year: award * amount // request.ask for year, amount in parts.items()}
    rests = sorted(parts, key=lambda year: (-(award * parts[year] % request.ask), year or 0))
    for year in rests[: award - sum(due.values())]:
        due[year] += 1
    return due


def _wrong_years(round_: Round, request: Request, award: int, by_year: Mapping[Any, int]) -> Iterator[Finding]:
    """Yield years that are not paid their part."""
    if not request.years:
        if set(by_year) - {None}:
            yield "years", f"{request.id} is paid by years and does not ask by years"
        return
    due = by_years(request, award)
    for year in sorted(due.keys() | (by_year.keys() - {None})):
        if by_year.get(year, 0) != due.get(year, 0):
            paid, told = round_.money(by_year.get(year, 0)), round_.money(due.get(year, 0))
            yield "years", f"{request.id} is paid {paid} in {year}, of which {told} falls there"
    if None in by_year:
        yield "years", f"{request.id} asks by years, and a payment names none"


def wrong_limits(round_: Round, awards: Awards) -> Iterator[Finding]:
    """Yield the rules of the policy that awards break."""
    awarded = sum(awards.values())
    for rule in round_.limits:
        actual, allowed = rule.actual(awards), rule.allowed(round_.resources, awarded)
        if rule.sign * (actual - allowed) > 0:
            told = [round_.money(x) if rule.unit == "money" else plain(x) for x in (actual, allowed)]
            yield "limits", f"{rule.name}, {rule.side}: {told[0]}, against {told[1]}"
    for rule in round_.choice_rules():
        if rule.weights and rule.actual(awards) > rule.fixed:
            yield "groups and prerequisites", f"{rule.name} is broken"
    if awarded > round_.spendable():
        yield "reserve", f"{round_.money(awarded)} awarded, and only {round_.money(round_.spendable())} may be"


def wrong_decision(
    round_: Round, rows: list[Mapping[str, Any]], at_least: Mapping[str, int] | None = None
) -> list[Finding]:
    """Return everything that is wrong with awards and their payments; nothing when all rules hold."""
    awards = read_awards(round_, rows)
    found = list(wrong_awards(round_, awards, at_least or {}))
    if any(r not in round_.requests for r in awards):
        return found
    return [*found, *wrong_payments(round_, awards, rows), *wrong_limits(round_, awards)]


# ---------------------------------------------------------------- proofs


class Proof:
    """What prices prove of a round: an upper bound on an aim.

    Args:
        round_: The round.
        certificate: `over`, `things`, `proofs` and `tree`.
        at_least: Least award of requests that are funded for certain, minor units.
        aim: `objective`; `nothing` (a bound below 0 then means that there are no such awards); or `new money` (the
            aim is to need as little as possible of one more contribution, so it is minus what that gives).
        new_money: That contribution, and the most that it may give in minor units; None: there is no most.
    """

    def __init__(
        self,
        round_: Round,
        certificate: Mapping[str, Any],
        *,
        at_least: Mapping[str, int] | None = None,
        aim: str = "objective",
        new_money: tuple[str, int | None] | None = None,
    ) -> None:
        self.round, self.aim, self.new_money = round_, aim, new_money
        self.over, self.tree = certificate["over"], certificate["tree"]
        if type(self.over) is not int or self.over <= 0:
            raise Unreadable("a certificate divides its prices by nothing")
        self.proofs = [self._prices(certificate["things"], proof) for proof in certificate["proofs"]]
        self.rules = {(rule.name, rule.side): rule for rule in (*round_.limits, *round_.choice_rules())}
        amount, share = round_.reserve()
        if amount or share:
            everything = dict.fromkeys(round_.requests, Fraction(1))
            rule = Rule("reserve", "reserve", "money", everything, Fraction(round_.spendable()))
            if new_money is not None:  # more money, more reserve; without its rounding up the rule allows no less
                rule = Rule("reserve", "reserve", "money", everything, -amount, 1 - share)
            self.rules["reserve", "reserve"] = rule
        self.domains = {r: self._domain(request, at_least or {}) for r, request in round_.requests.items()}
        self._gains: dict[int, tuple[Fraction, dict[str, Fraction]]] = {}
        self.leaves = 0

    def _prices(self, things: list[list[str]], proof: list[list[int]]) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for position, price in proof:
            if type(price) is not int or price < 0 or type(position) is not int or position < 0:
                raise Unreadable(f"a price is {price}, and must be a whole number at or above 0")
            thing = tuple(things[position])
            if thing in found:
                raise Unreadable(f"{thing} has two prices")
            found[thing] = price
        return found

    def _domain(self, request: Request, at_least: Mapping[str, int]) -> tuple[bool, bool, int, int]:
        """Return whether a request may be refused, whether it may be funded, and then its least and most award."""
        least, most = self.round.range(request)
        told, limit, _, _ = self.round.overrides.get(request.id, (0, request.ask, "", ""))
        must = request.id in at_least or told > 0
        least, most = max(least, told, at_least.get(request.id, 0)), min(most, limit)
        payable = all(givers for _, _, givers in self.round.payers(request))
        return not must, least <= most and payable, least, most

    def bound(self) -> Fraction | None:
        """Return the highest bound of a leaf; None when every leaf proves that it has no awards."""
        highest: Fraction | None = None
        waiting: list[tuple[Mapping[str, Any], dict[str, bool]]] = [(self.tree, {})]
        while waiting:
            node, fixed = waiting.pop()
            if "branch" in node:
                r = node["branch"]
                if r not in self.round.requests or r in fixed:
                    raise Unreadable(f"a tree branches on {r}, twice or without such a request")
                if set(node) != {"branch", "funded", "refused"}:
                    raise Unreadable(f"the branch on {r} lacks a side")
                waiting += [(node["funded"], {**fixed, r: True}), (node["refused"], {**fixed, r: False})]
                continue
            self.leaves += 1
            found = self._leaf(node["proof"], fixed)
            if found is not None and (highest is None or found > highest):
                highest = found
        return highest

    def _leaf(self, number: int, fixed: Mapping[str, bool]) -> Fraction | None:
        if not 0 <= number < len(self.proofs):
            raise Unreadable(f"there is no proof {number}")
        if number not in self._gains:
            self._gains[number] = self._reckoned(self.proofs[number])
        total, gains = self._gains[number]
        for r, (may_refuse, may_fund, _, _) in self.domains.items():
            refused, funded = may_refuse and fixed.get(r) is not True, may_fund and fixed.get(r) is not False
            if not refused and not funded:
                return None
            if funded and (gains[r] > 0 or not refused):
                total += gains[r]
        return total * Fraction(1, self.over)

    def _reckoned(self, prices: Mapping[tuple[str, ...], int]) -> tuple[Fraction, dict[str, Fraction]]:
        """Return what all that has a price comes to, and what funding each request adds, both `over` times."""
        round_, minor = self.round, 10**self.round.decimals
        money: dict[str, int] = {}
        rooms: dict[str, dict[str, int]] = {}
        total, of_resources = Fraction(0), Fraction(0)
        worth, points = self._worths()
        for thing, price in prices.items():
            if thing[0] == "rule" and thing[1:] in self.rules:
                rule = self.rules[thing[1], thing[2]]
                by = Fraction(rule.sign * price, minor if rule.unit == "money" else 1)
                total += by * (rule.fixed + rule.of_resources * round_.resources)
                of_resources += by * rule.of_resources
                gained = worth if rule.unit == "money" else points
                for r, weight in rule.weights.items():
                    gained[r] -= by * weight
                if rule.of_awarded:
                    for r in worth:
                        worth[r] += by * rule.of_awarded
            elif thing[0] == "money" and thing[1] in round_.contributions:
                money[thing[1]] = price
                total += Fraction(price * round_.contributions[thing[1]].available, minor)
            elif thing[0] == "room" and thing[1] in round_.contributions:
                giver = round_.contributions[thing[1]]
                if giver.cap is None:
                    raise Unreadable(f"{giver.id} has no cap in {thing[2]}, so its room has no price")
                rooms.setdefault(giver.id, {})[thing[2]] = price
                total += Fraction(price * max(0, giver.cap - giver.used.get(thing[2], 0)), minor)
            else:
                raise Unreadable(f"a price of {thing}, which is not in the round")
        if self.new_money is not None:
            total += self._new_money(money, of_resources)
        gains = {}
        for r, request in round_.requests.items():
            cost, slack = self._cheapest(request, money, rooms)
            each = worth[r] - cost / minor
            _, _, least, most = self.domains[r]
            gains[r] = points[r] + slack / minor + each * (most if each > 0 else least)
        return total, gains

    def _worths(self) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
        """Return what the aim counts for a minor unit of each award and for each choice, `over` times."""
        nothing = dict.fromkeys(self.round.requests, Fraction(0))
        if self.aim != "objective":
            return nothing, dict(nothing)
        by = self.over if self.round.objective == "score" else Fraction(self.over, 10**self.round.decimals)
        merits = {r: request.merit * by for r, request in self.round.requests.items()}
        return (nothing, merits) if self.round.objective == "score" else (merits, nothing)

    def _cheapest(
        self, request: Request, money: Mapping[str, int], rooms: Mapping[str, Mapping[str, int]]
    ) -> tuple[Fraction, Fraction]:
        """Return the least that a unit of money costs a request, and what rounding to years may save on it."""
        costs: list[tuple[Fraction, Fraction | int]] = []
        for _, share, givers in self.round.payers(request):
            if not givers:
                return Fraction(0), Fraction(0)
            costs.append((share, min(self._price(giver, request, money, rooms) for giver in givers)))
        lowest = min(cost for _, cost in costs)
        cost = sum((share * price for share, price in costs), Fraction(0))
        return cost, Fraction(sum(price - lowest for _, price in costs))

    def _price(
        self,
        giver: Contribution,
        request: Request,
        money: Mapping[str, int],
        rooms: Mapping[str, Mapping[str, int]],
    ) -> Fraction | int:
        price = money.get(giver.id, 0)
        if giver.id not in rooms:
            return price
        own = rooms[giver.id]
        return price + sum((share * own.get(c, 0) for c, share in self.round.countries(request)), Fraction(0))

    def _new_money(self, money: Mapping[str, int], of_resources: Fraction) -> Fraction:
        """Return what the amount of the new money, from nothing to its most, adds at its best."""
        name, most = self.new_money or ("", 0)
        minor = 10**self.round.decimals
        aim = Fraction(self.over, minor) if self.aim == "new money" else Fraction(0)
        slope = of_resources + Fraction(money.get(name, 0), minor) - aim
        if slope > 0 and most is None:
            raise Unreadable("by these prices, there may be an amount that is large enough")
        return max(Fraction(0), slope * (most or 0))


def step_of(round_: Round) -> Fraction:
    """Return a number of which every objective is a whole multiple; 0 when all are 0."""
    parts = []
    for request in round_.requests.values():
        if all(givers for _, _, givers in round_.payers(request)):
            least, most = round_.range(request)
            step = most if least == most else math.gcd(most, round_.unit)
            parts.append(request.merit * (1 if round_.objective == "score" else Fraction(step, 10**round_.decimals)))
    whole = math.lcm(*(part.denominator for part in parts))
    return Fraction(math.gcd(*(int(part * whole) for part in parts)), whole)


def proven_bound(round_: Round, proof: Proof) -> Fraction | None:
    """Return the bound on the objective that a proof gives, no finer than objectives can be."""
    found, step = proof.bound(), step_of(round_)
    return found if found is None or not step else found // step * step


# ---------------------------------------------------------------- claims that reckoning alone shows

RECKONED = (
    *("figures", "not-eligible", "not-enough-money", "money-held", "reserve-held", "limit-breaks"),
    *("exclusive", "requires", "reserve", "override", "no-rule-breaks"),
)
NEAR = Fraction(1, 10**9)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?<!,)")


class Reckoned:
    """What a claim says of one request, beside what comes out of the files; `wrong` lists the differences.

    The *next award* is the least that the request may be awarded above what it has. Whatever stops that stops every
    larger one only if the claim says so: a claim is about this one award, with all other awards as they are.
    """

    def __init__(self, round_: Round, decision: Mapping[str, Any], claim: Mapping[str, Any]) -> None:
        self.round, self.decision, self.claim, self.wrong = round_, decision, claim, list[str]()
        self.request = round_.requests[claim["about"]]
        self.awards = read_awards(round_, decision["awards"])
        self.before = self.awards.get(self.request.id, 0)
        steps = -(-max(self.before + 1, self.request.minimum) // round_.unit) * round_.unit
        self.next = min(self.request.ask, steps)
        self.shown = [Fraction(0), self.major(self.next), self.request.merit]
        self.names: list[str] = []
        self.rules: list[str] = []
        getattr(self, claim["kind"].replace("-", "_"))()

    def major(self, minor: int | Fraction) -> Fraction:
        """Return minor units in major ones."""
        return minor * Fraction(1, 10**self.round.decimals)

    def same(self, name: str, value: int | Fraction, said: Any = None) -> None:
        """Note a figure that is not what the claim says, which is given to 12 decimal places."""
        said = self.claim[name] if said is None else said
        self.shown.append(Fraction(value))
        if abs(number(said) - value) > NEAR:
            self.wrong.append(f"{name} is {plain(Fraction(value))}, not {said}")

    def must(self, holds: bool, told: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(told)

    def figures(self) -> None:
        """Figures of the round and of the request."""
        requests, awards, own = self.round.requests.values(), self.awards, self.request
        known: dict[str, int | Fraction] = {
            "resources": self.major(self.round.resources),
            "asked": self.major(sum(request.ask for request in requests)),
            "requests": len(requests),
            "funded": len(awards),
            "awarded": self.major(sum(awards.values())),
            "objective": self.round.value(awards),
            "unfunded with a higher merit": sum(1 for r in requests if r.id not in awards and r.merit > own.merit),
            "ask": self.major(own.ask),
            "minimum": self.major(own.minimum),
            "merit": own.merit,
            "award": self.major(self.before),
            "remainder": self.major(own.ask - self.before),
        }
        told = [(number, finest) for _, number, finest in figures_in(self.claim["sentence"])]
        for name, said in self.claim["figures"].items():
            self.same(name, known[name], said)
            is_told = not known[name] or any(abs(number - known[name]) < finest for number, finest in told)
            self.must(is_told or name == "award", f"{name} is not in the sentence")  # an award may be told by its rest

    def not_eligible(self) -> None:
        """No contribution may pay all of it; the terms and dates that refuse it are as said, so many times each."""
        found: dict[Any, int] = {}
        for giver in self.round.contributions.values():
            key = self.refusal(giver)
            found[key] = found.get(key, 0) + 1
            self.must(any(key), f"{giver.id} may pay it")
        said: dict[Any, int] = {}
        for row in self.claim["refusals"]:
            conditions = read_terms(row["terms"], self.round.places)
            key = frozenset(conditions), day(row.get("use_by") or ""), day(row.get("spend_from") or "")
            said[key] = said.get(key, 0) + row["contributions"]
            self.shown += [n for one in conditions for n in numbers_in("|".join(map(str, one.values)))]
        self.must(said == found, "the terms and dates that refuse it are others, or refuse it another number of times")
        self.same("contributions", sum(found.values()))
        counts = sorted(found.values(), reverse=True)
        self.shown += [Fraction(n) for n in (*counts, *(sum(counts[n:]) for n in range(len(counts))))]
        self.shown += [n for value in self.request.values.values() for n in numbers_in(value.replace("|", " "))]

    def refusal(self, giver: Contribution) -> tuple[frozenset[Condition], date | None, date | None]:
        """Return the conditions that the request fails, the last day that it passes, the first that it precedes."""
        failing = frozenset(one for one in giver.earmark if matched([one], self.request, self.round.places) != 1)
        years: list[int | None] = [year for year, _ in self.request.years]
        outside = [year for year in years or [None] if not self.round.may_pay(giver, self.request, year)]
        last = min((end for end in (giver.use_by, giver.spend_to) if end is not None), default=None)
        no_start = replace(giver, spend_from=None)
        late = any(not self.round.may_pay(no_start, self.request, year) for year in outside)
        return failing, last if late else None, giver.spend_from if outside and not late else None

    def places_of(self, giver: Contribution, request: Request) -> tuple[tuple[str, str | None], ...]:
        """Return what the money that a contribution pays a request with may be counted as: all of it, or a room."""
        rooms = self.round.countries(request) if giver.cap is not None and len(request.where) == 1 else []
        return ((giver.id, None), *((giver.id, country) for country, _ in rooms))

    def room(self, giver: Contribution, country: str | None) -> int:
        """Return what a contribution has, or may pay in one country."""
        if country is None:
            return giver.available
        if giver.cap is None:
            raise Unreadable(f"{giver.id} has no cap in {country}")
        return max(0, giver.cap - giver.used.get(country, 0))

    def not_enough_money(self) -> None:
        """All money that may pay it, without any other award, is less than its next award."""
        givers = [giver for giver in self.round.contributions.values() if not any(self.refusal(giver))]
        counted = (
            [self.room(giver, country) for _, country in self.places_of(giver, self.request)] for giver in givers
        )
        most = sum(map(min, counted))
        self.same("contributions", len(givers))
        self.same("most", self.major(most))
        self.same("award", self.major(self.next))
        self.must(not self.request.years and most < self.next, "it is enough")

    def money_held(self) -> None:
        """Money that other money cannot replace, less the awards that nothing else may pay, is less than it needs."""
        places = {(c, country) for c, country in self.claim["from"]}
        year, givers = self.claim.get("year"), self.round.contributions

        def within(request: Request, payers: list[Contribution]) -> bool:
            return all(not places.isdisjoint(self.places_of(giver, request)) for giver in payers)

        held: dict[str, int] = {}
        wholly = []
        for r, amount in self.awards.items():
            parts, request = by_years(self.round.requests[r], amount), self.round.requests[r]
            inside = [one for one, _, payers in self.round.payers(request) if within(request, payers)]
            held[r] = sum(parts[one] for one in inside)
            wholly += [r] if len(inside) == len(parts) else []
        paid = {one: payers for one, _, payers in self.round.payers(self.request)}
        self.must(within(self.request, paid[year]), "money that may pay it is not counted")
        whole = sum(
            self.room(givers[c], country) for c, country in places if country is None or (c, None) not in places
        )
        needs = by_years(self.request, self.next)[year] - by_years(self.request, self.before).get(year, 0)
        self.shown += [Fraction(year or 0), Fraction(len(places) - 3)]  # beside three that are named
        self.must(sorted(self.claim["awards"]) == sorted(wholly), "other awards can be paid from nowhere else")
        self.held(wholly, whole, whole - sum(held.values()), needs)

    def reserve_held(self) -> None:
        """What the reserve leaves for awards, less all awards, is less than the request needs."""
        most, awarded = self.round.spendable(), sum(self.awards.values())
        self.same("reserve", self.major(self.round.resources - most))
        self.held(list(self.awards), most, max(0, most - awarded), self.next - self.before)

    def held(self, holders: list[str], whole: int, left: int, needs: int) -> None:
        """Compare what is held, by whom, and what giving up one award of lower merit could do."""
        for name, minor in (("available", whole), ("left", left), ("needs", needs)):
            self.same(name, self.major(minor))
        self.must(left < needs, "enough is left")
        own, merit = self.request, {r: self.round.requests[r].merit for r in holders}
        others = sorted((r for r in holders if r != own.id), key=lambda r: (merit[r], r))
        lowest = [(row["request"], number(row["merit"]), row["amount"]) for row in self.claim.get("lowest", ())]
        self.must([r for r, _, _ in lowest] == others[: len(lowest)], "others of the awards have the lowest merit")
        for r, said, amount in lowest:
            self.same(f"the merit of {r}", self.round.requests[r].merit, said)
            self.same(f"the award of {r}", self.major(self.awards.get(r, 0)), amount)
        self.shown += [Fraction(len(holders)), Fraction(len(others)), Fraction(len(others) - 3)]
        lower = [r for r in others if merit[r] < own.merit]
        if "lower" in self.claim:
            self.same("lower", len(lower))
        if "frees_at_most" in self.claim:
            most = left + max(self.awards[r] for r in lower)
            self.same("frees_at_most", self.major(most))
            self.must(most < needs, "giving up one of these is enough")
        if "best" in self.claim:
            self.given_up({r: left + self.awards[r] for r in lower if left + self.awards[r] >= needs})

    def given_up(self, reaching: Mapping[str, int]) -> None:
        """Compare what the objective loses and earns at most if the best of some awards is given up whole."""
        own, best = self.request, self.claim["best"]
        gains = {}
        for r, most in reaching.items():
            more = (
                {own.id: min(most, own.ask - self.before)} if self.round.objective != "score" or not self.before else {}
            )
            gains[r] = self.round.value(more), self.round.value({r: self.awards[r]})
        self.same("earns_at_most", gains[best][0])
        self.same("loses", gains[best][1])
        nets = {r: earned - lost for r, (earned, lost) in gains.items()}
        self.must(nets[best] == max(nets.values()), f"{best} is not the best to give up")
        if "breaks" in self.claim:
            after = {r: amount for r, amount in self.awards.items() if r != best} | {own.id: self.next}
            self.must(self.breaks(self.rule(self.claim["breaks"], self.claim["side"]), after), "the limit holds then")
        elif self.claim.get("does_not_pay"):
            self.must(nets[best] <= 0, "it pays")

    def rule(self, name: str, side: str) -> Rule:
        """Return a side of a limit of the policy."""
        self.rules.append(name)
        for rule in self.round.limits:
            if (rule.name, rule.side) == (name, side):
                return rule
        raise Unreadable(f"the policy has no limit {name!r} with a side {side}")

    def stands(self, rule: Rule, awards: Mapping[str, int]) -> tuple[Fraction, Fraction]:
        """Return what a limit counts of awards, and what it allows."""
        return rule.actual(awards), rule.allowed(self.round.resources, sum(awards.values()))

    def breaks(self, rule: Rule, awards: Mapping[str, int]) -> bool:
        """Say whether awards break a limit."""
        actual, allowed = self.stands(rule, awards)
        return rule.sign * (actual - allowed) > 0

    def limit_breaks(self) -> None:
        """With its next award added and all others as they are, a limit stands as said, and breaks."""
        rule, after = self.rule(self.claim["limit"], self.claim["side"]), {**self.awards, self.request.id: self.next}
        scale = 10**self.round.decimals if rule.unit == "money" else 1
        for suffix, awards in (("", self.awards), ("_then", after)):
            actual, allowed = self.stands(rule, awards)
            self.same(f"actual{suffix}", actual / scale)
            self.same(f"bound{suffix}", allowed / scale)
        self.same("award", self.major(self.next))
        self.must(self.breaks(rule, after), "the limit holds then too")
        awarded = sum(after.values())
        self.shown += [self.major(awarded), rule.of_awarded * 100, rule.actual(after) * 100 / awarded]
        self.shown += numbers_in(rule.unit)
        if "more_needed" in self.claim:
            more = self.round.minor(self.claim["more_needed"])
            counts = (
                1 if rule.sign < 0 else 0
            )  # a floor is kept by more that it counts, a ceiling by more that it does not

            def kept(added: int) -> bool:
                return rule.sign * (rule.actual(after) + counts * added - rule.of_awarded * (awarded + added)) <= 0

            self.same("more_needed", self.major(more))
            self.must(rule.of_awarded > 0 and kept(more) and not kept(more - 1), "another amount more is needed")

    def exclusive(self) -> None:
        """Another request of an exclusive group is funded, now or by an earlier round."""
        groups = dict(zip(self.round.names["exclusive"], self.round.policy["exclusive"], strict=True))
        self.names = groups[self.claim["rule"]]["requests"]
        members, other = set(map(folded, self.names)), folded(self.claim["funded"])
        self.names, self.rules = [*self.names, self.claim["funded"]], [self.claim["rule"]]
        funded = self.round.before if "by" in self.claim else {folded(r) for r in self.awards}
        self.must(
            {folded(self.request.id), other} <= members and other != folded(self.request.id), "the group is another"
        )
        self.must(other in funded, f"{self.claim['funded']} is not funded so")

    def requires(self) -> None:
        """What it needs is funded neither now nor by an earlier round."""
        rules = dict(zip(self.round.names["requires"], self.round.policy["requires"], strict=True))
        rule, needs = rules[self.claim["rule"]], folded(self.claim["needs"])
        self.names, self.rules = [self.claim["needs"], rule["needs"]], [self.claim["rule"]]
        self.must(
            (folded(rule["request"]), folded(rule["needs"])) == (folded(self.request.id), needs), "the rule is another"
        )
        self.must(needs not in self.round.before | {folded(r) for r in self.awards}, f"{self.claim['needs']} is funded")
        stands = needs in {folded(r) for r in self.round.requests}
        self.must(stands == self.claim.get("in_round", True), f"that {self.claim['needs']} is in the round is wrong")

    def reserve(self) -> None:
        """The reserve leaves less for all awards together than its next award."""
        most = self.round.spendable()
        self.same("reserve", self.major(self.round.resources - most))
        self.same("spendable", self.major(max(0, most)))
        self.same("award", self.major(self.next))
        self.must(most < self.next, "the reserve leaves enough for it")

    def override(self) -> None:
        """A decision by hand allows it less than its next award."""
        _, most, by, reason = self.round.overrides[self.request.id]
        self.names = [by, reason]
        self.must((by, reason) == (self.claim["by"], self.claim["reason"]), "who decided so, or why, is another")
        self.same("most", self.major(most))
        self.must(most < self.next, "it would be allowed its next award")

    def no_rule_breaks(self) -> None:
        """With its next award added no rule of the policy breaks, and the objective grows by so much."""
        after = {**self.awards, self.request.id: self.next}
        self.wrong += [told for _, told in wrong_limits(self.round, after)]
        self.same("award", self.major(self.next))
        self.same("adds", self.round.value(after) - self.round.value(self.awards))
        if "gap" in self.claim:
            self.same("gap", exact(self.decision, "bound") - exact(self.decision, "objective"))


def numbers_in(text: str) -> list[Fraction]:
    """Return the numbers that a text shows."""
    return [Fraction(found.replace(",", "")) for found in NUMBER.findall(text)]


def as_word(name: str) -> str:
    """Return the pattern of a name where it stands by itself: within no other word, and within no figure."""
    return rf"(?<!\w)(?<!\d[.,]){re.escape(name)}(?!\w|[.,]\d)"


def figures_in(text: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yield the numbers that a text shows: as written, as a number, and what it may differ by where it is rounded."""
    for found in NUMBER.findall(text):
        yield found, Fraction(found.replace(",", "")), Fraction(1, 10 ** (len(found.partition(".")[2]) or 2))


QUOTED = re.compile(r"[\"“”„‟«»‹›‚‘‛]|(?<!\w)'")
"""Quotation marks of any kind; an apostrophe is within or behind a word."""


def unshown(
    sentence: str, names: Iterable[str], shown: Iterable[Fraction], rules: Iterable[tuple[str, ...]] = ()
) -> str:
    """Return what is wrong with the numbers and the quotation marks of a sentence.

    Each number must be one that was reckoned, rounded where it ends; names of requests, contributions and dates are no
    numbers. What stands in quotation marks must be what a rule that the claim is about may be called, and each must be.
    """
    text = sentence
    for called in sorted(set(rules), key=lambda called: len(called[0]), reverse=True):
        told = next((one for one in called if f'"{one}"' in sentence), None)
        if told is None:
            return f'the sentence does not name "{called[0]}", which the claim is about'
        text = text.replace(f'"{told}"', "")
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(as_word(name), "", text)
    if QUOTED.search(text):
        return "what the sentence has in quotation marks is no rule that the claim is about"
    text = re.sub(r"\d{4}-\d\d-\d\d", "", text)
    known = list(shown)
    for found, number, finest in figures_in(text):
        if not any(abs(number - one) < finest for one in known):
            return f"{found} is in the sentence, and not among what it is about"
    return ""


# ---------------------------------------------------------------- claims that decisions and prices show


PROVEN = {
    **dict.fromkeys(("loses-at-least", "loses-at-most"), "loss"),
    **dict.fromkeys(("funded-with", "cannot-with-less-than"), "amount"),
    **dict.fromkeys(("terms-cost-at-least", "terms-cost-at-most"), "cost"),
}
"""The figure that a claim of each kind is about, beside what the request is awarded at least."""


def check_claim(round_: Round, decision: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    """Return what is wrong with a claim, or nothing when it holds; see `facility/help/proofs.md` for the kinds."""
    kind = claim["kind"]
    is_of_terms = kind in ("terms-cost-at-least", "terms-cost-at-most")
    if claim["about"] not in ({one.donor for one in round_.contributions.values()} if is_of_terms else round_.requests):
        return f"it is about no {'donor' if is_of_terms else 'request'} of the round"
    names = [name for name in (*round_.requests, *round_.contributions, claim["about"]) if name in claim["sentence"]]
    if kind in RECKONED:
        reckoned = Reckoned(round_, decision, claim)
        rules = [round_.places.called(rule) for rule in reckoned.rules]
        unknown = unshown(claim["sentence"], (*names, *reckoned.names), reckoned.shown, rules)
        return "; ".join([*reckoned.wrong, *([unknown] if unknown else [])])
    figures = [exact(claim, PROVEN[kind])] if kind in PROVEN else []
    if is_of_terms:
        return wrong_cost(round_, decision, claim) or unshown(claim["sentence"], names, figures)
    figures += [number(amount) for amount in claim.get("at_least", {}).values()]
    rules = [round_.places.called(rule) for rule in priced_rules(claim)] if kind == "no-amount" else []
    return wrong_claim(round_, decision, claim) or unshown(claim["sentence"], names, figures, rules)


def priced_rules(claim: Mapping[str, Any]) -> list[str]:
    """Return the rules that have a price at an end of a claim's tree: those by which it is proven."""
    certificate, ends, waiting = claim["certificate"], set(), [claim["certificate"]["tree"]]
    while waiting:
        node = waiting.pop()
        if "proof" in node:
            ends.add(node["proof"])
        waiting += [node[side] for side in ("funded", "refused") if side in node]
    priced = {position for end in ends for position, price in certificate["proofs"][end] if price}
    return [certificate["things"][n][1] for n in sorted(priced) if certificate["things"][n][0] == "rule"]


def changed(round_: Round, now: Awards, then: Awards) -> dict[str, tuple[int, int]]:
    """Return the requests whose award differs, with both awards."""
    both = {r: (now.get(r, 0), then.get(r, 0)) for r in round_.requests}
    return {r: (before, after) for r, (before, after) in both.items() if before != after}


NO_AWARDS = "no awards at all do that, so nothing is said of any"


def wrong_cost(round_: Round, decision: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    """Return what is wrong with a claim about the round without a donor's terms, or nothing."""
    if not re.search(as_word(claim["about"]), claim["sentence"]):
        return f"the sentence does not name {claim['about']}"
    lifted, objective, cost = round_.without_terms(claim["about"]), exact(decision, "objective"), exact(claim, "cost")
    if claim["kind"] == "terms-cost-at-most":
        bound = proven_bound(lifted, Proof(lifted, claim["certificate"]))
        if bound is None:
            return NO_AWARDS
        return f"the prices prove {plain(bound - objective)} only" if bound - objective > cost else ""
    wrong = wrong_decision(lifted, claim["awards"])
    if wrong:
        return "; ".join(f"{what}: {why}" for what, why in wrong)
    above = lifted.value(read_awards(lifted, claim["awards"])) - objective
    return f"its awards reach {plain(above)} more" if above < cost else ""


def wrong_claim(round_: Round, decision: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    """Return what is wrong with a claim that comes with awards or prices, or nothing."""
    kind = claim["kind"]
    objective = exact(decision, "objective")
    at_least = {r: round_.minor(amount) for r, amount in claim.get("at_least", {}).items()}
    own = round_.requests[claim["about"]]
    if set(at_least) - {own.id}:
        return "it is about the awards of other requests"
    if at_least.get(own.id, 0) > own.ask:
        return f"{own.id} asked for less than {round_.money(at_least[own.id])}"
    told = [value for _, value, _ in figures_in(claim["sentence"])]
    if at_least.get(own.id) and number(claim["at_least"][own.id]) not in told:
        return f"the sentence does not say {plain(number(claim['at_least'][own.id]))}, which the request is to have"
    if kind in ("loses-at-least", "loses-at-most", "funded-with", "cannot-with-less-than", "no-amount"):
        at_least.setdefault(claim["about"], 0)
    if kind == "loses-at-least":
        proof = Proof(round_, claim["certificate"], at_least=at_least)
        bound = proven_bound(round_, proof)
        if bound is None:
            return NO_AWARDS
        if objective - bound < exact(claim, "loss"):
            return f"the prices prove a loss of {plain(objective - bound)} only"
        return ""
    if kind == "loses-at-most":
        wrong = wrong_decision(round_, claim["awards"], at_least)
        value = round_.value(read_awards(round_, claim["awards"])) if not wrong else objective
        if not wrong and objective - value > exact(claim, "loss"):
            return f"its awards lose {plain(objective - value)}"
        if not wrong and "changes" in claim:
            rows = claim["changes"]
            said = {row["request"]: (round_.minor(row["before"]), round_.minor(row["after"])) for row in rows}
            now, then = read_awards(round_, decision["awards"]), read_awards(round_, claim["awards"])
            return "" if said == changed(round_, now, then) else "its awards differ from the decision's otherwise"
        return "; ".join(f"{what}: {why}" for what, why in wrong)
    if kind not in ("funded-with", "cannot-with-less-than", "no-amount"):
        return f"{kind!r} is no kind of claim"
    for award in decision["awards"]:
        at_least[award["request"]] = max(at_least.get(award["request"], 0), round_.minor(award["amount"]))
    name = claim.get("contribution") or f"new money for {claim['about']}"
    given = round_.minor(claim["amount"]) if kind == "funded-with" else 0
    varied = round_.with_new_money(claim["about"], given, name)
    if kind == "funded-with":
        wrong = wrong_decision(varied, claim["awards"], at_least)
        return "; ".join(f"{what}: {why}" for what, why in wrong)
    aim = "new money" if kind == "cannot-with-less-than" else "nothing"
    most = round_.minor(claim["amount"]) if kind == "cannot-with-less-than" else None
    proof = Proof(varied, claim["certificate"], at_least=at_least, aim=aim, new_money=(name, most))
    bound = proof.bound()
    if bound is None:
        return NO_AWARDS
    if kind == "no-amount":
        return "" if bound < 0 else "the prices do not exclude such awards"
    if math.ceil(-bound * 10**round_.decimals) < (most or 0):
        return f"the prices prove that {plain(-bound)} is needed"
    return ""


# ---------------------------------------------------------------- the report


def exact(row: Mapping[str, Any], key: str) -> Fraction:
    """Return a figure of a decision or claim: exactly, where its decimal text was too short for it."""
    told = number(row[key])
    value = number(row[f"{key}_exact"]) if f"{key}_exact" in row else told
    if abs(value - told) > NEAR:
        raise Unreadable(f"{key} is told twice, as {plain(told)} and as {plain(value)}")
    return value


def canonical(value: Any) -> str:
    """Return JSON in the one form that the decision's hash is of."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{canonical(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


class Report:
    """Prints a line for each thing checked, and knows whether any was wrong."""

    def __init__(self) -> None:
        self.wrong = 0

    def line(self, what: str, told: str, breaches: Iterable[str] = ()) -> None:
        """Print what was checked, and each breach."""
        found = list(breaches)
        print(f"{'BREACH' if found else 'holds '}  {what}: {told}")  # noqa: T201
        for breach in found:
            print(f"        {breach}")  # noqa: T201
        self.wrong += len(found)


READ = (
    *("contributions.csv", "requests.csv", "overrides.csv", "places.csv"),
    *("policy.toml", "round.json", "decision.json"),
)
"""What a round is read from; each must have a sum."""


def check_files(folder: Path, report: Report) -> None:
    """Check the files against their sums."""
    try:
        sums = (folder / "SHA256SUMS").read_bytes()
        lines = sums.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as cause:
        raise Unreadable(f"SHA256SUMS: {cause}") from cause
    wrong, summed = [], set()
    for line in lines:
        told, _, name = line.partition("  ")
        summed.add(name)
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest() if Path(name).name == name else ""
        except (OSError, ValueError):
            found = ""
        if not found:
            wrong.append(f"{name[:80]} is missing, or cannot be read")
        elif found != told:
            wrong.append(f"{name} is not what its sum says")
    wrong += [f"{name} has no sum" for name in READ if name not in summed]
    fingerprint = hashlib.sha256(sums).hexdigest()
    report.line(
        "files", f"{len(lines)} files are what SHA256SUMS says, their fingerprint is sha256:{fingerprint}", wrong
    )


def check_hash(about: Mapping[str, Any], decision: Mapping[str, Any], report: Report) -> None:
    """Check the decision's hash, and that it is of this round."""
    bare = {key: value for key, value in decision.items() if key not in ("seconds", "decision", "claims")}
    digest = "sha256:" + hashlib.sha256(canonical(bare).encode()).hexdigest()
    told = decision.get("decision", "")
    wrong = [] if digest == told else [f"it calls itself {told}"]
    for key in ("round", "inputs"):
        if decision[key] != about[key]:
            wrong.append(f"{key}: it says {decision[key]}, and round.json {about[key]}")
    report.line("decision", f"its hash is {digest[:19]}…", wrong)


def check_identity(round_: Round, decision: Mapping[str, Any], report: Report) -> None:
    """Check the figures on the decision's head."""
    awards = read_awards(round_, decision["awards"])
    wrong = []
    for key, value in (("awarded", sum(awards.values())), ("resources", round_.resources)):
        if round_.minor(decision[key]) != value:
            wrong.append(f"{key}: {decision[key]}, reckoned {round_.money(value)}")
    placed = sorted([*awards, *(row["request"] for row in decision["unfunded"])])
    if placed != sorted(round_.requests):
        wrong.append("not every request is either funded or unfunded, once")
    if decision["currency"] != round_.currency or decision["objective_name"] != round_.objective:
        wrong.append("currency or objective are not the policy's")
    reported = {(row["name"], row["side"]): row for row in decision["limits"]}
    if len(reported) != len(round_.limits) or len(reported) != len(decision["limits"]):
        wrong.append(f"{len(decision['limits'])} sides of limits are reported, of {len(round_.limits)}")
    for rule in round_.limits:
        scale = 10**round_.decimals if rule.unit == "money" else 1
        reached = rule.actual(awards), rule.allowed(round_.resources, sum(awards.values()))
        row = reported.get((rule.name, rule.side))
        if row is None or (exact(row, "actual") * scale, exact(row, "bound") * scale) != reached:
            wrong.append(f"{rule.name}, {rule.side}, is not reported as it comes out")
    report.line("figures", "awarded, resources, every request placed once, every limit as reported", wrong)


FEW = 5
"""Up to so many countries or kinds of applicants are few: money for these is earmarked, for more only softly."""


def binding(giver: Contribution, places: Places) -> str:
    """Return how tightly terms bind money: tightly, earmarked, softly, or not at all."""
    if not giver.earmark:
        return "unearmarked"
    listed = [one for one in giver.earmark if one.operator == "="]
    asked = {one.attribute for one in listed}
    excluded = {v for one in giver.earmark if (one.attribute, one.operator) == ("country", "!=") for v in one.values}
    lists = [one.values for one in listed if one.attribute == "country" and one.values <= places.countries]
    countries = bool(lists) and len(frozenset.intersection(*lists) - excluded) <= FEW
    kinds = [one.values for one in listed if one.attribute == "applicant_kind"]
    if asked & {"applicant", "request"} or (countries and "objective" in asked):
        return "tightly"
    return "earmarked" if countries or (kinds and len(frozenset.intersection(*kinds)) <= FEW) else "softly"


def stage_values(round_: Round, rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, str, Fraction]]:
    """Yield the value of every step of every objective, in order; none when the policy has one objective."""
    names = [one["is"] if isinstance(one, dict) else one for one in round_.policy.get("objectives") or []]
    awards, major = read_awards(round_, rows), Fraction(1, 10**round_.decimals)
    paid: dict[str, int] = {}
    for row in rows:
        for payment in row["payments"]:
            who = payment["contribution"]
            paid[who] = paid.get(who, 0) + round_.minor(payment["amount"])
    if len(names) > 1:
        yield names[0], "", round_.value(awards)
    for name in names[1:]:
        if name == "count":
            yield name, "", Fraction(len(awards))
        elif name == "leverage":
            asks = [(round_.requests[r], amount) for r, amount in awards.items()]
            mobilised = [Fraction(round_.minor(ask.values["cofinance"]) * got, ask.ask) for ask, got in asks]
            yield name, "", sum(mobilised, Fraction(0)) * major
        elif name == "expiring":
            days = {c.id: (c.use_by, c.spend_to) for c in round_.contributions.values()}
            ends = {c: min(filter(None, both)) for c, both in days.items() if any(both)}
            for last in sorted(set(ends.values())):
                yield name, f"by {last}", sum(paid.get(c, 0) for c, end in ends.items() if end <= last) * major
        elif name == "keep-unearmarked":
            for of in ("unearmarked", "unearmarked and softly"):
                loose = {c.id for c in round_.contributions.values() if binding(c, round_.places) in of.split(" and ")}
                yield name, of, sum(amount for c, amount in paid.items() if c in loose) * major
        else:
            served = sorted(served_shares(round_, awards, name))
            for n in range(1, len(served) + 1):
                yield name, "the least" if n == 1 else f"the {n} least together", sum(served[:n], Fraction(0))


def served_shares(round_: Round, awards: Awards, name: str) -> list[Fraction]:
    """Return awarded over requested of each window or region that something is asked for."""
    asked: dict[str, Fraction] = {}
    got: dict[str, Fraction] = {}
    for request in round_.requests.values():
        if name == "even:window":
            groups = [(word, Fraction(1)) for word in request.known.get("window", ())]
        else:
            groups = [(round_.places.region_of[code], share) for code, share in round_.countries(request)]
        for group, share in groups:
            asked[group] = asked.get(group, Fraction(0)) + share * request.ask
            got[group] = got.get(group, Fraction(0)) + share * awards.get(request.id, 0)
    return [got[group] / asked[group] for group in asked]


def check_stages(round_: Round, decision: Mapping[str, Any], report: Report) -> None:
    """Check what every later objective reached, and that no reported bound is on the wrong side of it."""
    awards = [row for row in decision["awards"] if row["request"] in round_.requests]
    reckoned, told = list(stage_values(round_, awards)), list(decision.get("stages", []))
    if not reckoned and not told:
        return
    wrong = []
    if [(row["objective"], row.get("of", "")) for row in told] != [(name, of) for name, of, _ in reckoned]:
        wrong.append("the steps are not the policy's objectives in their order")
    else:
        for row, (name, of, value) in zip(told, reckoned, strict=True):
            bound, less_is_better = exact(row, "bound"), name == "keep-unearmarked"
            if exact(row, "value") != value:
                wrong.append(f"{name} {of}: reckoned {plain(value)}, and the decision says {row['value']}".strip())
            if (value < bound if less_is_better else value > bound) or exact(row, "gave_up") < 0:
                wrong.append(f"{name} {of}: {plain(value)} is beyond its bound {plain(bound)}, or gave up less than 0")
    report.line("later objectives", f"{len(reckoned)} steps reached what is reported", wrong)


KINDS = (
    ("awards", "each is the whole ask, or a multiple of the unit between minimum and ask"),
    ("overrides", "what was decided by hand is kept"),
    ("payments", "each award is what its contributions pay"),
    ("earmarks", "every payment is admitted by the terms of its contribution"),
    ("dates", "every payment is within the dates of its contribution"),
    ("years", "what is spent by years is paid by years"),
    ("money", "no contribution pays more than it has"),
    ("country caps", "no contribution pays more in a country than it may"),
    ("limits", "every limit of the policy holds"),
    ("groups and prerequisites", "every exclusive group and prerequisite holds"),
    ("reserve", "what the policy keeps back is kept"),
)


def check_decision(round_: Round, decision: Mapping[str, Any], report: Report) -> None:
    """Check awards and payments against every rule, and the objective."""
    found = wrong_decision(round_, decision["awards"])
    for what, told in KINDS:
        report.line(what, told, [breach for kind, breach in found if kind == what])
    awards = read_awards(round_, decision["awards"])
    known = all(r in round_.requests for r in awards)
    value = round_.value(awards) if known else Fraction(-1)
    said = exact(decision, "objective")
    wrong = [] if said == value else [f"the decision says {plain(said)}"]
    report.line("objective", f"{round_.objective} {plain(value)}, reckoned from the awards", wrong)


def check_certificate(round_: Round, decision: Mapping[str, Any], report: Report) -> str:
    """Check the certificate and return the verdict."""
    if "certificate" not in decision:
        return "every rule holds; nothing is certified" if not report.wrong else ""
    objective, claimed, wrong = exact(decision, "objective"), Fraction(0), []
    try:
        claimed = exact(decision, "certified_bound")
        proof = Proof(round_, decision["certificate"])
        bound = proven_bound(round_, proof)
        told = f"{len(proof.proofs)} sets of prices at {proof.leaves} ends prove a bound"
        if bound is not None and bound > claimed:
            wrong.append(f"the prices prove only {plain(bound)}, and the decision says {plain(claimed)}")
    except FAULTS as cause:
        told, wrong = "it cannot be followed", [f"{cause}"]
    if claimed < objective and not wrong:
        wrong.append(f"the bound {plain(claimed)} is below the objective {plain(objective)}")
    report.line("certificate", told, wrong)
    if report.wrong:
        return ""
    gap = (claimed - objective) / objective if objective else claimed - objective
    return f"certified within {scientific(gap)}: {plain(objective)} reached, no awards pass {plain(claimed)}"


def claims_of(folder: Path, decision: Mapping[str, Any]) -> list[Any]:
    """Return the claims of the decision, and those that stand beside it."""
    claims = decision.get("claims", [])
    beside = json_of(folder, "claims.json") if (folder / "claims.json").exists() else []
    for name, found in (("decision.json", claims), ("claims.json", beside)):
        if not isinstance(found, list):
            raise Unreadable(f"{name}: the claims are no list")
    return [*claims, *beside]


def is_told(claim: Any) -> bool:
    """Say whether a claim has the texts of one, and nothing in them that a terminal would not print."""
    texts = [claim.get(key) for key in ("id", "about", "kind", "sentence")] if isinstance(claim, dict) else [None]
    return all(isinstance(text, str) and text.isprintable() for text in texts)


def check_claims(
    round_: Round, decision: Mapping[str, Any], claims: list[Any], report: Report, request: str | None
) -> None:
    """Check every claim, or those about one request or donor."""
    for position, claim in enumerate(claims, start=1):
        if not is_told(claim):
            report.line(
                f"claim at position {position}", "it cannot be read", ["id, about, kind and sentence are texts"]
            )
        elif request is None or claim["about"] == request:
            try:
                wrong = check_claim(round_, decision, claim)
            except FAULTS as cause:
                wrong = f"it cannot be followed: {cause}"
            report.line(f"claim {claim['id']}", claim["sentence"], [wrong] if wrong else [])
    if request is not None and not any(is_told(claim) and claim["about"] == request for claim in claims):
        print(f"no claim is about {request}")  # noqa: T201


def check(folder: Path, request: str | None = None) -> int:
    """Check a folder, print what was found, and return the exit code."""
    report = Report()
    check_files(folder, report)
    decision = json_of(folder, "decision.json")
    check_hash(json_of(folder, "round.json"), decision, report)
    claims = claims_of(folder, decision)
    if decision["status"] == "infeasible":
        extra = [key for key in ("awards", "certificate", "certified_bound") if decision.get(key)]
        extra += ["claims"] if claims else []
        told = "the round was found infeasible: there are no awards to check; why it is so is not checked here"
        report.line("status", told, [f"it has {key}" for key in extra])
        return 1 if report.wrong else 0
    round_ = read_round(folder)
    known = {*round_.requests, *(giver.donor for giver in round_.contributions.values())}
    if request is not None and request not in known:
        raise Unreadable(f"requests.csv has no request {request}, and contributions.csv no such donor")
    check_identity(round_, decision, report)
    check_decision(round_, decision, report)
    check_stages(round_, decision, report)
    verdict = check_certificate(round_, decision, report)
    check_claims(round_, decision, claims, report, request)
    print(verdict if not report.wrong else f"NOT SOUND: {report.wrong} breaches")  # noqa: T201
    return 1 if report.wrong else 0


def main(arguments: list[str]) -> int:
    """Run the checker on the arguments of a command line."""
    request = None
    if "--request" in arguments[:-1]:
        at = arguments.index("--request")
        request = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python check_round.py FOLDER [--request ID]", file=sys.stderr)  # noqa: T201
        return 2
    try:
        return check(Path(arguments[0]), request)
    except FAULTS as cause:
        kind = "" if isinstance(cause, Unreadable) else f"{type(cause).__name__}: "
        print(f"the files cannot be read: {kind}{cause}", file=sys.stderr)  # noqa: T201
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
