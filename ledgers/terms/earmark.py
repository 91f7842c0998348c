"""How tightly terms bind money: the class of an earmark, derived and never declared.

The tightest class that applies counts:

- *tightly*: a request or an applicant is named, or a few countries together with an objective;
- *earmarked*: a few countries, or a few applicant kinds;
- *softly*: any other condition: window, objective, country group or region, marker, level, merit, oda, and every
  exclusion (`!=`);
- *unearmarked*: no condition.

A few is at most five, as many as the smallest M49 sub-regions have countries: a longer list is a region of the donor's
own making. A list that names a group or region among countries is as wide as the widest and counts as a region.
Several conditions on countries count by the countries that are named in all of them and excluded by none.

Source: Grand Bargain earmarking modalities (A to C unearmarked, D to F softly, G and H earmarked, I to L tightly).
"""

from __future__ import annotations

from typing import Literal

from ledgers.places import Places
from ledgers.terms import words
from ledgers.terms.value import Terms

EarmarkClass = Literal["unearmarked", "softly", "earmarked", "tightly"]

EARMARK_CLASSES: tuple[EarmarkClass, ...] = ("unearmarked", "softly", "earmarked", "tightly")
"""From the loosest to the tightest."""

FEW = 5


def earmark_class(terms: Terms, places: Places) -> EarmarkClass:
    """Return the class of an earmark with these terms.

    >>> from datetime import date
    >>> from ledgers.terms import parse
    >>> places = Places.on(date(2024, 6, 30))
    >>> earmark_class(parse("country=KEN|UGA; objective=21", places=places), places)
    'tightly'
    """
    if terms.is_empty:
        return "unearmarked"
    asked = {part.attribute for part in terms.parts if part.operator == "="}
    countries = _is_few(_named_countries(terms, places))
    if asked & set(words.IDENTIFIERS) or (countries and "objective" in asked):
        return "tightly"
    if countries or _is_few(_named_kinds(terms)):
        return "earmarked"
    return "softly"


def _is_few(named: frozenset[str] | None) -> bool:
    return named is not None and len(named) <= FEW


def _named_countries(terms: Terms, places: Places) -> frozenset[str] | None:
    """Return the countries in every list of countries and excluded by none; None without such a list."""
    named: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    for part in terms.parts:
        if part.attribute != "country":
            continue
        values = frozenset(part.values)
        if part.operator == "!=":
            excluded |= values
        elif all(places.is_country(value) for value in values):
            named = values if named is None else named & values
    return None if named is None else named - excluded


def _named_kinds(terms: Terms) -> frozenset[str] | None:
    """Return the applicant kinds in every list of kinds, groups spelled out; None without such a list."""
    named: frozenset[str] | None = None
    for part in terms.parts:
        if part.attribute == "applicant_kind" and part.operator == "=":
            kinds = frozenset(kind for value in part.values for kind in words.KIND_GROUPS.get(value, (value,)))
            named = kinds if named is None else named & kinds
    return named
