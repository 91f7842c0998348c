"""What terms mean for a request, in Python; `eligibility.sql` says the same in SQL.

An empty attribute satisfies no condition, `!=` included. A country or region matches its own code, every group that it
belongs to on the date, and every region around it. A regional request is its region and belongs to no country or
group.

Two readings, which differ only in conditions on `country` and `region`:

- **Earmark** (`admits`): *every* country of the request must match; for `!=`, none may.
- **Limit** (`matched_share`): the request counts by the share of its countries that match. A country matches if it
  satisfies *all* the conditions on places at once, each tested on that country alone, so `country=Africa;
  country!=KEN` is the share that lies in Africa outside Kenya, and several conditions are never multiplied. A regional
  request counts whole or not at all, a global request not at all; all other conditions hold or the share is 0.

Hence a request is admitted exactly when its matched share is 1.
"""

from __future__ import annotations

import functools
from fractions import Fraction

from ledgers.places import Places
from ledgers.terms import words
from ledgers.terms.subject import Subject, place_shares
from ledgers.terms.value import Part, Terms


def admits(terms: Terms, subject: Subject, places: Places) -> bool:
    """Say whether money under these terms may go to the request: the reading of earmarks."""
    if not all(_holds(part, subject) for part in terms.parts if part.attribute not in words.PLACES):
        return False
    conditions = _place_conditions(terms)
    where = place_shares(subject.country) if conditions else ()
    return not conditions or (bool(where) and all(_lies(place, conditions, places) for place, _ in where))


def matched_share(terms: Terms, subject: Subject, places: Places) -> Fraction:
    """Return how much of the request the terms select, from 0 to 1: the reading of limits."""
    if not all(_holds(part, subject) for part in terms.parts if part.attribute not in words.PLACES):
        return Fraction(0)
    conditions = _place_conditions(terms)
    if not conditions:
        return Fraction(1)
    where = place_shares(subject.country)
    return sum((share for place, share in where if _lies(place, conditions, places)), Fraction(0))


@functools.lru_cache(maxsize=4096)
def _place_conditions(terms: Terms) -> tuple[tuple[bool, frozenset[str]], ...]:
    """Return the conditions on places: whether a match is wanted, and with what."""
    return tuple(
        (part.operator == "=", frozenset(part.values)) for part in terms.parts if part.attribute in words.PLACES
    )


def _lies(place: str, conditions: tuple[tuple[bool, frozenset[str]], ...], places: Places) -> bool:
    """Say whether one country or region satisfies all the conditions on places."""
    around = places.around(place)
    return all(around.isdisjoint(values) != wanted for wanted, values in conditions)


def _holds(part: Part, subject: Subject) -> bool:
    """Say whether a request satisfies a condition that is not on places."""
    if part.attribute in words.NUMERIC:
        return _number_holds(part, getattr(subject, part.attribute))
    known = _known(part.attribute, subject)
    if not known:
        return False
    return known.isdisjoint(_alternatives(part)) == (part.operator == "!=")


def _number_holds(part: Part, number: int | Fraction | None) -> bool:
    if number is None:
        return False
    values = _numbers(part)
    if part.operator == ">=":
        return number >= values[0]
    if part.operator == "<=":
        return number <= values[0]
    return (number in values) == (part.operator == "=")


def _known(attribute: str, subject: Subject) -> frozenset[str]:
    """Return what a request has for an attribute, as terms write it; empty when not known."""
    if attribute == "objective":
        return frozenset(str(number) for number in subject.objectives)
    if attribute == "oda":
        return frozenset() if subject.oda is None else frozenset(("yes" if subject.oda else "no",))
    word = words.folded(getattr(subject, attribute) or "")
    return frozenset((word,)) if word else frozenset()


@functools.lru_cache(maxsize=4096)
def _alternatives(part: Part) -> frozenset[str]:
    """Return the words that match a condition, groups of applicant kinds spelled out."""
    return frozenset(word for value in part.values for word in words.KIND_GROUPS.get(value, (value,)))


@functools.lru_cache(maxsize=4096)
def _numbers(part: Part) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in part.values)
