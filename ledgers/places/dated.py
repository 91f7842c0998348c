"""What a country, a group or a region means on one date.

A place has one canonical code: ISO 3166-1 alpha-3 for a country, the group's code, the UN M49 three-digit code for a
region.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import date

from ledgers.errors import FacilityError, nearest
from ledgers.places import tables


class PlaceUnknown(FacilityError):
    """A word that names no country, group or region."""

    code = "place-unknown"


@dataclass(frozen=True, slots=True)
class Places:
    """Countries, groups and regions as they stand on one date.

    Only the groups change with the date. The value holds them itself, so a round can keep the groups that it was
    opened with.

    Attributes:
        day: The date for which memberships are answered.
        groups: Each group's code with the alpha-3 codes of its members on that day, sorted by code.
    """

    day: date
    groups: tuple[tuple[str, frozenset[str]], ...]
    _around: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @staticmethod
    def on(day: date) -> Places:
        """Return the places as they stand on a day, from the package's own tables."""
        return _places_on(day)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every word that names a place: country codes, group codes, then region names and codes."""
        names = tuple(region.name for region in tables.regions().values())
        return (*tables.countries(), *tables.GROUP_NAMES, *names, *tables.regions())

    def is_country(self, code: str) -> bool:
        """Say whether a word is a country's alpha-3 code, in any case."""
        return code.strip().upper() in tables.countries()

    def is_group(self, code: str) -> bool:
        """Say whether a word is a group's code, in any case."""
        return code.strip().upper() in tables.GROUP_NAMES

    def is_region(self, code_or_name: str) -> bool:
        """Say whether a word is an M49 region's code or name, in any case."""
        return _region_code(code_or_name.strip()) is not None

    def normalise(self, text: str) -> str:
        """Return the canonical code of a country, group or region.

        >>> Places.on(date(2024, 6, 30)).normalise("western africa")
        '011'

        Raises:
            PlaceUnknown: the word names no place.
        """
        return canonical_code(text)

    def members(self, group_or_region: str) -> frozenset[str]:
        """Return the alpha-3 codes of the countries in a group or region on the date.

        Raises:
            PlaceUnknown: the word names no group or region.
        """
        code = self.normalise(group_or_region)
        if code in tables.regions():
            return tables.region_members(code)
        for group, members in self.groups:
            if group == code:
                return members
        raise PlaceUnknown(
            f"{group_or_region} is a country, not a group or region",
            remedy="name a group such as LDC, or a UN M49 region such as Africa",
        )

    def around(self, place: str) -> frozenset[str]:
        """Return every code that matches a country or region: its own, its groups' on the date, the regions around it.

        Args:
            place: Canonical code of a country or region.
        """
        if place not in self._around:
            groups = frozenset(group for group, members in self.groups if place in members)
            self._around[place] = groups | tables.regions_around(place) | {place}
        return self._around[place]

    def regions_around(self, region: str) -> frozenset[str]:
        """Return the codes of a region and all regions around it.

        Raises:
            PlaceUnknown: the word names no region.
        """
        code = _region_code(region.strip())
        if code is None:
            raise PlaceUnknown(f"{region} is not a UN M49 region", remedy=_near_region(region))
        return tables.regions_around(code)

    def region_of(self, iso3: str) -> str:
        """Return the code of a country's M49 sub-region; World where M49 gives none (Antarctica).

        Raises:
            PlaceUnknown: the code is not a country's.
        """
        code = iso3.strip().upper()
        if code not in tables.countries():
            raise PlaceUnknown(f"{iso3} is not a country", remedy=_near_place(iso3))
        return tables.sub_region(code)

    def name(self, code: str) -> str:
        """Return the English name of a country, group or region.

        Raises:
            PlaceUnknown: the word names no place.
        """
        known = self.normalise(code)
        if known in tables.countries():
            return tables.countries()[known].name
        return tables.GROUP_NAMES.get(known) or tables.regions()[known].name

    def rows(self) -> list[tuple[str, str]]:
        """Return (place, code that matches it) for every country and region, sorted: the SQL's table `place_group`."""
        places = (*tables.countries(), *tables.regions())
        return sorted((place, code) for place in places for code in self.around(place))


def canonical_code(text: str) -> str:
    """Return the canonical code of a country, group or region; no date is needed to know a word.

    Raises:
        PlaceUnknown: the word names no place.
    """
    word = text.strip()
    upper = word.upper()
    if upper in tables.countries() or upper in tables.GROUP_NAMES:
        return upper
    region = _region_code(word)
    if region is None:
        raise PlaceUnknown(
            f"{word or 'an empty text'} is not a known country, group or region", remedy=_near_place(word)
        )
    return region


@functools.lru_cache(maxsize=256)
def _places_on(day: date) -> Places:
    members: dict[str, set[str]] = {group: set() for group in tables.GROUP_NAMES}
    for membership in tables.memberships():
        if membership.holds_on(day):
            members[membership.group].add(membership.iso3)
    return Places(day, tuple(sorted((group, frozenset(found)) for group, found in members.items())))


@functools.cache
def _region_words() -> dict[str, str]:
    return {region.name.casefold(): region.code for region in tables.regions().values()}


def _region_code(word: str) -> str | None:
    if word.isascii() and word.isdigit():
        return word.zfill(3) if word.zfill(3) in tables.regions() else None
    return _region_words().get(word.casefold())


@functools.cache
def _spoken_places() -> dict[str, str]:
    """Return the code to suggest for each word by which people may call a place."""
    spoken: dict[str, str] = {}
    for country in tables.countries().values():
        for word in (country.iso2, country.m49, country.name, *country.other_names):
            spoken.setdefault(word, country.iso3)
    spoken.update((name, group) for group, name in tables.GROUP_NAMES.items())
    spoken.update((word, word) for word in (*tables.countries(), *tables.GROUP_NAMES))
    spoken.update((region.name, region.name) for region in tables.regions().values())
    spoken.pop("", None)
    return spoken


def _near_place(word: str) -> str:
    spoken = _spoken_places()
    folded = {choice.casefold(): choice for choice in spoken}
    choice = folded.get(word.casefold()) or nearest(word, tuple(spoken))
    if choice is None:
        return (
            "use an ISO 3166 alpha-3 code such as KEN, a group such as LDC, or a UN M49 region such as Western Africa"
        )
    code = spoken[choice]
    country = tables.countries().get(code)
    return f"did you mean {code} ({country.name})?" if country else f"did you mean {code}?"


def _near_region(word: str) -> str:
    near = nearest(word, tuple(region.name for region in tables.regions().values()))
    return f"did you mean {near}?" if near else "use a UN M49 region by name or code: Western Africa, 011"
