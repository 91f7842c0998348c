"""The package's own tables of countries, regions and dated groups, read once.

The tables are made by `ledgers.places.derive` from public files; each row names its source.

Source: UN M49 for regions; ISO 3166-1 for codes; the rows of `countries.csv`, `regions.csv` and `groups.csv` for the
rest.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent
"""Where the tables lie inside the package."""

COMPOSED: Mapping[str, tuple[str, ...]] = MappingProxyType({"MIC": ("LMIC", "UMIC")})
"""Groups that are the sum of others: middle income is lower and upper middle income."""

GROUP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "LDC": "Least developed countries",
        "LLDC": "Landlocked developing countries",
        "SIDS": "Small island developing States",
        "LIC": "Low income",
        "LMIC": "Lower middle income",
        "UMIC": "Upper middle income",
        "MIC": "Middle income",
        "HIC": "High income",
    }
)
"""Every group that terms may name, with its name in words."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area with a code of its own.

    Attributes:
        iso3: ISO 3166-1 alpha-3.
        iso2: ISO 3166-1 alpha-2.
        m49: UN M49 three-digit code; empty where M49 has none.
        name: Short English name.
        other_names: Other English names by which people may call it.
        region: M49 code of the smallest region around it.
        is_un_member: Whether it is a member State of the United Nations.
        source: Where the row comes from.
        note: What a reader should know of the row, if anything.
    """

    iso3: str
    iso2: str
    m49: str
    name: str
    other_names: tuple[str, ...]
    region: str
    is_un_member: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the UN M49 standard.

    Attributes:
        code: M49 three-digit code.
        name: M49 English name.
        level: `world`, `region`, `continent`, `sub-region` or `intermediate`.
        parents: Codes of the regions directly around it.
        source: Where the row comes from.
    """

    code: str
    name: str
    level: str
    parents: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """That a country belongs to a group for a time.

    Attributes:
        iso3: The country.
        group: The group's code.
        valid_from: First day; None when the beginning is not recorded.
        valid_until: First day on which it no longer belongs; None while it belongs.
        source: Who says so.
        confidence: How sure the row is, above all its dates.
    """

    iso3: str
    group: str
    valid_from: date | None
    valid_until: date | None
    source: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        """Say whether the country belongs to the group on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@functools.cache
def countries() -> Mapping[str, Country]:
    """Return every country by its alpha-3 code, in order of code."""
    found = (
        Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            m49=row["m49"],
            name=row["name"],
            other_names=_listed(row["other_names"]),
            region=row["region"],
            is_un_member=row["un_member"] == "yes",
            source=row["source"],
            note=row["note"],
        )
        for row in _rows("countries.csv")
    )
    return MappingProxyType({country.iso3: country for country in found})


@functools.cache
def regions() -> Mapping[str, Region]:
    """Return every region by its M49 code, in order of code."""
    found = (
        Region(row["code"], row["name"], row["level"], _listed(row["parents"]), row["source"])
        for row in _rows("regions.csv")
    )
    return MappingProxyType({region.code: region for region in found})


@functools.cache
def memberships() -> tuple[Membership, ...]:
    """Return every membership of a dated group, composed groups included, in order of group and country."""
    stated = [
        Membership(row["iso3"], row["group"], _day(row["from"]), _day(row["until"]), row["source"], row["confidence"])
        for row in _rows("groups.csv")
    ]
    composed = [
        Membership(part.iso3, whole, part.valid_from, part.valid_until, part.source, part.confidence)
        for whole, parts in COMPOSED.items()
        for part in stated
        if part.group in parts
    ]
    return tuple(sorted(stated + composed, key=lambda row: (row.group, row.iso3, row.valid_until or date.max)))


@functools.cache
def regions_around(place: str) -> frozenset[str]:
    """Return the codes of all regions around a country or region; a region lies within itself."""
    if place in countries():
        return regions_around(countries()[place].region)
    return frozenset({place}).union(*(regions_around(parent) for parent in regions()[place].parents))


@functools.cache
def region_members(code: str) -> frozenset[str]:
    """Return the alpha-3 codes of the countries within a region."""
    return frozenset(iso3 for iso3 in countries() if code in regions_around(iso3))


def country_rows() -> list[tuple[str, str, str, str, str, str, bool, str, str]]:
    """Return the countries as rows for the book.

    Returns:
        One row per country, sorted by code: iso3, iso2, m49, name, region (smallest M49 region), sub-region, whether a
        UN member State, source, note.
    """
    return [
        (
            country.iso3,
            country.iso2,
            country.m49,
            country.name,
            country.region,
            sub_region(country.iso3),
            country.is_un_member,
            country.source,
            country.note,
        )
        for country in countries().values()
    ]


def group_rows() -> list[tuple[str, str, date | None, date | None, str, str]]:
    """Return the memberships in groups and in M49 regions as rows for the book.

    Returns:
        One row per country, group and period, sorted by group and country: iso3, group (or M49 code of a region),
        first day (None: not recorded), first day no longer a member (None: still one), source, confidence.
    """
    dated: list[tuple[str, str, date | None, date | None, str, str]] = [
        (row.iso3, row.group, row.valid_from, row.valid_until, row.source, row.confidence) for row in memberships()
    ]
    regional: list[tuple[str, str, date | None, date | None, str, str]] = [
        (country.iso3, code, None, None, regions()[code].source, "listed" if not country.note else country.note)
        for country in countries().values()
        for code in regions_around(country.iso3)
    ]
    return sorted(dated + regional, key=lambda row: (row[1], row[0], row[3] or date.max))


def region_rows() -> list[tuple[str, str, str, str, str]]:
    """Return the M49 regions as rows for the book, by code: code, name, level, parents with `|` between, source."""
    return [
        (region.code, region.name, region.level, "|".join(region.parents), region.source)
        for region in regions().values()
    ]


def sub_region(iso3: str) -> str:
    """Return the code of the M49 sub-region of a country; World where M49 gives none (Antarctica)."""
    around = sorted(regions_around(iso3))
    return next((code for code in around if regions()[code].level == "sub-region"), "001")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
