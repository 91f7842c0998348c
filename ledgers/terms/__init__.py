"""The term language of earmarks, limits and filters: its grammar, its meaning, and the class of an earmark.

`attribute=value|value; attribute!=value; attribute>=number`: all conditions must hold, values are alternatives.
"""

from ledgers.terms.earmark import EARMARK_CLASSES, EarmarkClass, earmark_class
from ledgers.terms.grammar import TermInvalid, parse, parse_all_errors
from ledgers.terms.meaning import admits, matched_share
from ledgers.terms.rows import SubjectRows, eligibility_query, subject_rows, term_rows
from ledgers.terms.spoken import spoken
from ledgers.terms.subject import CountryInvalid, Subject, country_shares, country_text, place_shares
from ledgers.terms.value import Part, Terms
from ledgers.terms.words import folded

__all__ = [
    "EARMARK_CLASSES",
    "CountryInvalid",
    "EarmarkClass",
    "Part",
    "Subject",
    "SubjectRows",
    "TermInvalid",
    "Terms",
    "admits",
    "country_shares",
    "country_text",
    "earmark_class",
    "eligibility_query",
    "folded",
    "matched_share",
    "parse",
    "parse_all_errors",
    "place_shares",
    "spoken",
    "subject_rows",
    "term_rows",
]
