"""Terms for readers: regions by name instead of code."""

from __future__ import annotations

from ledgers.places.tables import regions
from ledgers.terms import words
from ledgers.terms.value import Part, Terms


def spoken(terms: Terms) -> str:
    """Return the canonical text with regions by name, which parses to the same terms; empty terms are `no conditions`.

    >>> from ledgers.terms import Part
    >>> spoken(Terms((Part("country", "=", ("011", "KEN")),)))
    'country=Western Africa|KEN'
    """
    if terms.is_empty:
        return "no conditions"
    return "; ".join(str(_named(part)) for part in terms.parts)


def _named(part: Part) -> Part:
    if part.attribute not in words.PLACES:
        return part
    known = regions()
    return Part(part.attribute, part.operator, tuple(known[v].name if v in known else v for v in part.values))
