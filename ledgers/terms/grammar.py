"""From text to terms: `attribute=value|value; attribute>=number; …`.

The grammar, blanks around every piece being idle and one `;` at the end allowed:

    terms     = "" | condition { ";" condition } [ ";" ]
    condition = attribute operator value { "|" value }
    operator  = "=" | "!=" | ">=" | "<="

`>=` and `<=` take one number. No value contains `;`, `|` or `=`, nor a character that cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledgers.errors import FacilityError, did_you_mean
from ledgers.places import Places, PlaceUnknown
from ledgers.terms import words
from ledgers.terms.value import Part, Terms, part_of, terms_of
from ledgers.terms.words import Operator

SHOWN_MAX = 72
"""Characters of the text that an error shows around its place."""

_OPERATOR = re.compile(r"[!<>]=|=[=<>]|<>|[!<>=≠≥≤]")
_MEANT = {
    "==": "=",
    "<>": "!=",
    "≠": "!=",
    "≥": ">=",
    "≤": "<=",
    "=>": ">=",
    "=<": "<=",
    ">": ">=",
    "<": "<=",
    "!": "!=",
}
_NUMBER = re.compile(r"\d+(\.\d+)?\Z", re.ASCII)


class TermInvalid(FacilityError):
    """A text that is not terms.

    Attributes:
        text: The whole text as given.
        position: Where it goes wrong, in characters, the first is 1.
        length: How many characters are wrong; 0 when something is missing there.
        expected: What was expected at that place.
    """

    code = "term-invalid"

    def __init__(self, text: str, position: int, expected: str, *, found: str, remedy: str) -> None:
        what = f"found {found}" if found else "found nothing"
        shown = _shown(text, position)
        super().__init__(f'at position {position} of "{shown}": expected {expected}, {what}', remedy=remedy)
        self.text = text
        self.position = position
        self.length = len(found)
        self.expected = expected

    @property
    def excerpt(self) -> str:
        """The text with carets under what is wrong, on two lines."""
        line = "".join(" " if words.unseen(letter) is not None else letter for letter in self.text)
        return f"{line}\n{' ' * (self.position - 1)}{'^' * max(1, self.length)}"


def parse(text: str, *, places: Places) -> Terms:
    """Return the terms that a text says; an empty text admits everything.

    >>> from datetime import date
    >>> str(parse("country = uga|KEN; Gender>=2", places=Places.on(date(2024, 6, 30))))
    'country=KEN|UGA; gender>=2'
    >>> parse("windw=diaspora", places=Places.on(date(2024, 6, 30)))
    Traceback (most recent call last):
    ledgers.terms.grammar.TermInvalid: at position 1 of "windw=diaspora": expected an attribute, found windw

    Raises:
        TermInvalid: the first thing wrong, in reading order.
    """
    terms, errors = parse_all_errors(text, places=places)
    if terms is None:
        raise errors[0]
    return terms


def parse_all_errors(text: str, *, places: Places) -> tuple[Terms | None, tuple[TermInvalid, ...]]:
    """Return the terms that a text says, or None and everything wrong with it, in reading order."""
    hidden = words.unseen(text)
    if hidden is not None:
        name = f"U+{ord(text[hidden]):04X}"
        remedy = f"delete the invisible character {name}"
        return None, (TermInvalid(text, hidden + 1, "a visible character", found=name, remedy=remedy),)
    parts: list[Part] = []
    errors: list[TermInvalid] = []
    for start, condition in _conditions(text):
        part, wrong = _Reader(text, places).condition(start, condition)
        parts += [part] if part else []
        errors += wrong
    return (None, tuple(errors)) if errors else (terms_of(parts), ())


class _Reader:
    """Reads one condition of a text; keeps the text, so that an error can show its place."""

    def __init__(self, text: str, places: Places) -> None:
        self.text = text
        self.places = places

    def condition(self, start: int, condition: str) -> tuple[Part | None, list[TermInvalid]]:
        """Return the condition that begins at an index of the text, or everything wrong with it."""
        if not condition.strip():
            return None, [
                self._error(start, "", "a condition", "delete the idle ; or write a condition: window=diaspora")
            ]
        try:
            attribute, operator, values_start = self._head(start, condition)
        except TermInvalid as error:
            return None, [error]
        values: list[str] = []
        errors: list[TermInvalid] = []
        for index, value in _pieces(condition[values_start - start :], "|", values_start):
            try:
                values.append(self._value(attribute, operator, index, value))
            except TermInvalid as error:
                errors.append(error)
        if operator in (">=", "<=") and len(values) > 1 and not errors:
            remedy = f"write one number: {attribute}{operator}{values[0]}"
            errors.append(self._error(values_start, condition[values_start - start :], "one number", remedy))
        return (None, errors) if errors else (part_of(attribute, operator, values), [])

    def _head(self, start: int, condition: str) -> tuple[str, Operator, int]:
        """Return the attribute, the operator and the index at which the values begin."""
        sign = _OPERATOR.search(condition)
        word = condition[: sign.start()] if sign else condition
        attribute = word.strip().casefold()
        if attribute not in words.ATTRIBUTES:
            remedy = (
                did_you_mean(attribute, words.ATTRIBUTES) if attribute else "write attribute=value: window=diaspora"
            )
            raise self._error(start, word, "an attribute", remedy)
        at = start + len(word)
        if sign is None:
            raise self._error(start + len(word.rstrip()), "", "=, !=, >= or <=", f"write a value: {attribute}=…")
        if attribute in words.IDENTIFIERS and sign[0] in ("=<", "=>"):
            return attribute, "=", at + 1  # an identifier may begin with < or >
        if sign[0] not in words.OPERATORS:
            meant = _MEANT.get(sign[0], "=")
            raise self._error(at, sign[0], "=, !=, >= or <=", f"did you mean {meant}?")
        if sign[0] in (">=", "<=") and attribute not in words.NUMERIC:
            remedy = f"only {', '.join(words.NUMERIC)} are compared by size; write {attribute}=…"
            raise self._error(at, sign[0], f"= or != after {attribute}", remedy)
        return attribute, sign[0], at + len(sign[0])

    def _value(self, attribute: str, operator: Operator, index: int, piece: str) -> str:
        """Return one normalised value."""
        value = " ".join(piece.split()) if attribute not in words.IDENTIFIERS else piece.strip()
        expected = _expected(attribute)
        if not value:
            raise self._error(index, piece, expected, f"write a value, or leave the condition on {attribute} out")
        if "=" in value:
            at = index + piece.index("=")
            raise self._error(at, "=", "; or | or the end", "write ; between conditions; a value cannot contain =")
        if attribute in words.PLACES:
            return self._place(attribute, index, piece, value)
        if attribute in words.IDENTIFIERS:
            return words.folded(value)
        if attribute in words.CHOICES:
            choices = words.CHOICES[attribute]
            if value.casefold() not in choices:
                raise self._error(index, piece, expected, did_you_mean(value, choices))
            return value.casefold()
        number = _number(attribute, value)
        if number is None:
            raise self._error(index, piece, expected, f"write {expected}: {attribute}{operator}2")
        return number

    def _place(self, attribute: str, index: int, piece: str, value: str) -> str:
        try:
            code = self.places.normalise(value)
        except PlaceUnknown as unknown:
            raise self._error(index, piece, _expected(attribute), unknown.remedy) from unknown
        if attribute == "region" and not self.places.is_region(code):
            raise self._error(index, piece, _expected(attribute), f"write country={code}")
        return code

    def _error(self, index: int, piece: str, expected: str, remedy: str) -> TermInvalid:
        found = piece.strip()
        position = index + len(piece) - len(piece.lstrip()) + 1 if found else index + 1
        return TermInvalid(self.text, position, expected, found=found, remedy=remedy)


def _conditions(text: str) -> Iterator[tuple[int, str]]:
    """Yield each condition with its index; the blank after a last `;` is none."""
    found = list(_pieces(text, ";", 0))
    yield from found if found[-1][1].strip() else found[:-1]


def _pieces(text: str, separator: str, start: int) -> Iterator[tuple[int, str]]:
    for piece in text.split(separator):
        yield start, piece
        start += len(piece) + 1


def _expected(attribute: str) -> str:
    if attribute in words.MARKED:
        return f"a marker from {words.MARKERS[0]} to {words.MARKERS[-1]}"
    return {
        "country": "a country, group or region",
        "region": "a region",
        "objective": f"an objective from {words.OBJECTIVES[0]} to {words.OBJECTIVES[-1]}",
        "merit": f"a number from 0 to {words.MERIT_MAX} with at most {words.MERIT_PLACES} decimal places",
        "oda": "yes or no",
        "window": "a window",
        "level": "a level",
        "applicant_kind": "an applicant kind",
        "applicant": "an applicant's id",
        "request": "a request's id",
    }[attribute]


def _number(attribute: str, value: str) -> str | None:
    """Return a number without idle zeros, or None where it is none that the attribute allows."""
    if not _NUMBER.match(value):
        return None
    whole, _, fraction = value.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    if attribute == "merit":
        fits = len(fraction) <= words.MERIT_PLACES and len(whole) <= len(str(words.MERIT_MAX))
        within = fits and (int(whole) < words.MERIT_MAX or (int(whole) == words.MERIT_MAX and not fraction))
        return (f"{whole}.{fraction}" if fraction else whole) if within else None
    allowed = words.OBJECTIVES if attribute == "objective" else words.MARKERS
    return whole if "." not in value and len(whole) <= 2 and int(whole) in allowed else None


def _shown(text: str, position: int) -> str:
    """Return the text, cut to what stands around the position when it is long; unseen characters as blanks."""
    seen = "".join(" " if words.unseen(letter) is not None else letter for letter in text)
    if len(seen) <= SHOWN_MAX:
        return seen
    start = max(0, min(position - 1 - SHOWN_MAX // 2, len(seen) - SHOWN_MAX))
    end = start + SHOWN_MAX
    return f"{'…' if start else ''}{seen[start:end]}{'…' if end < len(seen) else ''}"
