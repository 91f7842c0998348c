"""United Nations country-team outputs on migration: read, folded where one is listed for several countries, sifted.

Nothing leaves without a reason: `sifted` returns every output either kept or left out with why.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from facility.example import EXAMPLE_YEAR, ROUND_ON
from facility.example.keywords import Keyword, Match, match
from ledgers.places import Places

PACIFIC_PREFIXES = {
    "FJ": "FJI", "FSM": "FSM", "KIR": "KIR", "NAU": "NRU", "NIE": "NIU", "PAL": "PLW",
    "RMI": "MHL", "SAM": "WSM", "SOI": "SLB", "TON": "TON", "TUV": "TUV", "VAN": "VUT",
}  # fmt: skip
"""The Pacific plan lists each output under nine countries and names the one meant at the start of the output's name."""


@dataclass(frozen=True, slots=True)
class Funding:
    """An output's figures, in USD."""

    required: Decimal
    available: Decimal
    spent: Decimal

    @property
    def gap(self) -> Decimal:
        """What is required and not available."""
        return self.required - self.available


@dataclass(frozen=True, slots=True)
class Output:
    """One output of one agency, however many countries the source lists it under.

    Attributes:
        uninfo_id: UN INFO's identifier; several outputs may share it.
        number: Running number within the identifier, by agency, countries, dates, then figures.
        countries: Alpha-3 codes that the source lists it under, sorted.
        agency: Short name, as given.
        name: As given, cut at 200 characters by the source.
        outcome: As given, cut likewise.
        starts_on: First day; None when missing or not a date.
        ends_on: Last day; None likewise.
        funding: The figures; None when one is missing, negative or not a number.
    """

    uninfo_id: str
    number: int
    countries: tuple[str, ...]
    agency: str
    name: str
    outcome: str
    starts_on: date | None
    ends_on: date | None
    funding: Funding | None

    @property
    def request_id(self) -> str:
        """The identifier and the running number."""
        return f"UI-{self.uninfo_id}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request's money would work.

    Attributes:
        code: Alpha-3 code or M49 region.
        name: Short English name.
        groups: LDC, LLDC, SIDS on the round's date; a region has none.
        rule: `listed`, `name prefix` (Pacific plan) or `common region`.
    """

    code: str
    name: str
    groups: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An output that becomes a request."""

    output: Output
    funding: Funding
    place: Place
    match: Match


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An output that does not become a request, and why."""

    output: Output
    reason: str


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows; a byte-order mark is accepted."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def outputs_of(path: Path) -> list[Output]:
    """Return the source's outputs, those listed under several countries once, by identifier and number."""
    listed: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    columns = ("uninfo_id", "agency", "name", "outcome", "start", "end", "required_usd", "available_usd", "spent_usd")
    for row in rows_of(path):
        listed[tuple(row[column].strip() for column in columns)].append(row["iso3"])
    by_identifier: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for cells, codes in listed.items():
        by_identifier[cells[0]].append((tuple(sorted(codes)), cells))
    return [
        _output(cells, codes, number)
        for _, several in sorted(by_identifier.items())
        for number, (codes, cells) in enumerate(sorted(several, key=_running_order), start=1)
    ]


def sifted(outputs: Iterable[Output], *, places: Places, rule: Sequence[Keyword]) -> tuple[list[Kept], list[LeftOut]]:
    """Return the outputs that become requests, and those that do not with the first reason that applies."""
    kept, left_out = [], []
    for output in outputs:
        found = _request_or_reason(output, places, rule)
        if isinstance(found, Kept):
            kept.append(found)
        else:
            left_out.append(LeftOut(output, found))
    return kept, left_out


def _request_or_reason(output: Output, places: Places, rule: Sequence[Keyword]) -> Kept | str:
    funding = output.funding
    if funding is None:
        return "a figure is missing or negative"
    reason = _funding_reason(funding) or _dates_reason(output)
    if reason:
        return reason
    place = _place(output, places)
    if place is None:
        return "country code is unknown"
    found = match(rule, name=output.name, outcome=output.outcome)
    return Kept(output, funding, place, found) if found else "no word on migration in the name or outcome"


def _funding_reason(funding: Funding) -> str | None:
    if funding.required == 0:
        return "nothing required"
    if funding.gap < 0:
        return "more available than required"
    return "fully funded" if funding.gap == 0 else None


def _dates_reason(output: Output) -> str | None:
    if output.starts_on is None or output.ends_on is None or output.ends_on < output.starts_on:
        return "dates missing or reversed"
    if output.starts_on > date(EXAMPLE_YEAR, 12, 31) or output.ends_on < date(EXAMPLE_YEAR, 1, 1):
        return f"not active in {EXAMPLE_YEAR}"
    return "ended before the round" if output.ends_on < ROUND_ON else None


def _place(output: Output, places: Places) -> Place | None:
    if not all(places.is_country(code) for code in output.countries):
        return None
    if len(output.countries) == 1:
        return _named_place(output.countries[0], "listed", places)
    prefix = re.match(r"([A-Z]{2,3}) \d+ ", output.name)
    if prefix and prefix[1] in PACIFIC_PREFIXES:
        return _named_place(PACIFIC_PREFIXES[prefix[1]], "name prefix", places)
    shared = frozenset.intersection(*(places.around(code) for code in output.countries))
    regions = sorted(code for code in shared if places.is_region(code))
    narrowest = max(regions, key=lambda code: len(places.regions_around(code)))
    return _named_place(narrowest, "common region", places)


def _named_place(code: str, rule: str, places: Places) -> Place:
    groups = tuple(group for group in ("LDC", "LLDC", "SIDS") if group in places.around(code))
    return Place(code, places.name(code), groups, rule)


def _running_order(listed: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[object, ...]:
    codes, (_, agency, name, outcome, start, end, *figures) = listed
    return agency, codes, start, end, *(_number(figure) or Decimal(0) for figure in figures), name, outcome


def _output(cells: tuple[str, ...], codes: tuple[str, ...], number: int) -> Output:
    identifier, agency, name, outcome, start, end, *figures = cells
    return Output(identifier, number, codes, agency, name, outcome, _date(start), _date(end), _funding(figures))


def _funding(figures: Sequence[str]) -> Funding | None:
    required, available, spent = (_number(figure) for figure in figures)
    return None if required is None or available is None or spent is None else Funding(required, available, spent)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
