"""The words of the term language: its attributes, operators and their values.

Source: the facility's own list of attributes; markers 0 to 3 as the OECD's policy markers are scored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from ledgers.vocabulary import APPLICANT_KINDS, LEVELS, WINDOWS

Operator = Literal["=", "!=", ">=", "<="]

OPERATORS: tuple[Operator, ...] = ("=", "!=", ">=", "<=")
"""In the order in which canonical text sorts them."""

ANSWERS = ("yes", "no")
OBJECTIVES = range(1, 24)
MARKERS = range(4)
MERIT_MAX = 100
MERIT_PLACES = 4
"""Decimal places of a merit in a term: what DECIMAL(18,4) holds."""

KIND_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({"local_authority": ("city", "subnational_region")})
"""Groups of applicant kinds that terms may name; an applicant itself is of one kind."""

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"window": WINDOWS, "applicant_kind": (*APPLICANT_KINDS, *KIND_GROUPS), "oda": ANSWERS, "level": LEVELS}
)
"""The attributes whose values are one of a few words."""

PLACES = ("country", "region")
MARKED = ("gender", "human_rights", "child")
NUMERIC = (*MARKED, "merit")
"""The attributes that `>=` and `<=` compare. An objective's number is a name, not a quantity."""

IDENTIFIERS = ("applicant", "request")

ATTRIBUTES = (
    "window",
    "country",
    "objective",
    "applicant_kind",
    "applicant",
    "gender",
    "human_rights",
    "child",
    "oda",
    "level",
    "region",
    "merit",
    "request",
)
"""In the order in which canonical text sorts them."""

RESERVED = ";|="
"""Characters of the language itself; an identifier with one of them could not be named in a term."""


def folded(text: str) -> str:
    """Return a text as identifiers are compared: without surrounding blanks, each letter by its lower case.

    Letter by letter, unlike `str.lower`, so that it equals `lower()` of the book's SQL: a final Greek sigma stays a
    sigma and a dotted capital I becomes an i.
    """
    if text.isascii():
        return text.strip().lower()
    return "".join("i" if letter == "İ" else letter.lower() for letter in text.strip())


def unseen(text: str) -> int | None:
    """Return where the first character stands that a reader cannot see (control, format, line separator), or None."""
    for index, letter in enumerate(text):
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return index
    return None
