"""What terms can ask of one request, and where the request is.

A request's country cell is one country (`KEN`), countries with shares of 100 (`KEN:60|UGA:40`), a UN M49 region by
code or name (a regional request), or empty (a global one).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from fractions import Fraction

from ledgers.errors import FacilityError
from ledgers.places import PlaceUnknown, canonical_code
from ledgers.places.tables import countries, regions

_SHARE = re.compile(r"\d{1,3}(\.\d{1,9})?\Z", re.ASCII)
_REMEDY = (
    "write one country (KEN), shares that sum to 100 (KEN:60|UGA:40), a UN M49 region (Western Africa), or nothing"
)


class CountryInvalid(FacilityError):
    """A request's country cell that says no place."""

    code = "country-invalid"


@dataclass(frozen=True, slots=True)
class Subject:
    """The attributes of one request that terms can ask about; an empty text, no number or None means not known.

    Attributes:
        request: The request's id.
        window: The window's name.
        country: The cell as written, see above.
        objectives: Numbers of the Global Compact's objectives.
        applicant: The applicant's id.
        applicant_kind: One of `words.APPLICANT_KINDS`.
        gender: Marker 0 to 3.
        human_rights: Marker 0 to 3.
        child: Marker 0 to 3.
        oda: Whether the spending counts as official development assistance.
        level: One of `words.LEVELS`.
        merit: 0 to 100.
    """

    request: str
    window: str = ""
    country: str = ""
    objectives: tuple[int, ...] = ()
    applicant: str = ""
    applicant_kind: str = ""
    gender: int | None = None
    human_rights: int | None = None
    child: int | None = None
    oda: bool | None = None
    level: str | None = None
    merit: Fraction | None = None


def country_shares(country: str) -> tuple[tuple[str, Fraction], ...]:
    """Return each country of a request with its share of the request.

    Which words are countries does not depend on the date, so none is asked for.

    >>> country_shares("uga:40|KEN:60")
    (('KEN', Fraction(3, 5)), ('UGA', Fraction(2, 5)))

    Returns:
        Alpha-3 codes in order, with shares that are positive and sum to 1; empty for a regional or global request.

    Raises:
        CountryInvalid: the cell says no place.
    """
    return tuple((place, share) for place, share in place_shares(country) if place in countries())


def country_text(country: str) -> str:
    """Return a country cell as the book keeps it: codes in capitals and order, a region by its M49 code.

    >>> country_text("uga:40|KEN:60.0"), country_text("western africa"), country_text("ken:100")
    ('KEN:60|UGA:40', '011', 'KEN')

    Raises:
        CountryInvalid: the cell says no place.
    """
    shares = place_shares(country)
    if len(shares) < 2:
        return shares[0][0] if shares else ""
    return "|".join(f"{place}:{_plain(share * 100)}" for place, share in shares)


@functools.lru_cache(maxsize=65536)
def place_shares(country: str) -> tuple[tuple[str, Fraction], ...]:
    """Return where a request is: its countries with their shares, or its region whole, or nothing for a global request.

    Raises:
        CountryInvalid: the cell says no place.
    """
    if not country.strip():
        return ()
    if "|" not in country and ":" not in country:
        return ((_place(country, country, allowed_regions=True), Fraction(1)),)
    shares: dict[str, Fraction] = {}
    for piece in country.split("|"):
        word, _, number = piece.partition(":")
        place = _place(word, country, allowed_regions=False)
        if place in shares:
            raise CountryInvalid(f"{country} names {place} twice", remedy="add its shares up and name it once")
        shares[place] = _share(place, number.strip(), country)
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        raise CountryInvalid(
            f"the shares of {country} sum to {_plain(total * 100)}, not 100",
            remedy="give shares that sum to exactly 100",
        )
    return tuple(sorted(shares.items()))


def _place(word: str, cell: str, *, allowed_regions: bool) -> str:
    try:
        place = canonical_code(word)
    except PlaceUnknown as unknown:
        where = "" if word == cell else f" in {cell}"
        raise CountryInvalid(
            f"{word.strip() or 'an empty text'}{where} is not a known country", remedy=unknown.remedy
        ) from unknown
    if place in countries() or (allowed_regions and place in regions()):
        return place
    what = "a region, which cannot have a share" if place in regions() else "a group, not a place"
    raise CountryInvalid(f"{word.strip()} is {what}", remedy=_REMEDY)


def _share(place: str, number: str, cell: str) -> Fraction:
    if not number:
        raise CountryInvalid(f"{cell} gives {place} no share", remedy=_REMEDY)
    share = Fraction(number) / 100 if _SHARE.match(number) else Fraction(0)
    if not 0 < share <= 1:
        raise CountryInvalid(
            f"{number} is not a share for {place}", remedy="write a number above 0 and at most 100: KEN:60|UGA:40"
        )
    return share


def _plain(number: Fraction) -> str:
    """Return a number of at most nine decimal places as plain text."""
    text = f"{number.numerator * 10**9 // number.denominator:010d}"
    return f"{text[:-9]}.{text[-9:]}".rstrip("0").rstrip(".")
