"""Terms as values: what a donor, a limit or a filter asks of a request."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledgers.terms import words
from ledgers.terms.words import Operator


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a request: an attribute, an operator and alternatives.

    Attributes:
        attribute: One of `words.ATTRIBUTES`.
        operator: `=` one alternative matches, `!=` none does, `>=` and `<=` compare numbers.
        values: Normalised alternatives: words in lower case, places by canonical code (alpha-3, group, M49), numbers
            without idle zeros, identifiers folded. Sorted and each once, as `parse` makes them.
    """

    attribute: str
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return the condition as the language writes it: `country=KEN|UGA`."""
        return f"{self.attribute}{self.operator}{'|'.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions that must all hold; none admit everything.

    Attributes:
        parts: Sorted by attribute (in the order of `words.ATTRIBUTES`), operator and values, each once, as `parse`
            makes them.
    """

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        """Return the canonical text: equal terms have equal texts, and parsing it gives these terms again."""
        return "; ".join(str(part) for part in self.parts)

    @property
    def is_empty(self) -> bool:
        """Whether there is no condition, so that every request is admitted."""
        return not self.parts


def part_of(attribute: str, operator: Operator, values: list[str]) -> Part:
    """Return a condition from normalised values, sorted (numbers by size, words by letter) and each once."""
    is_number = attribute in words.NUMERIC or attribute == "objective"
    ordered = sorted(set(values), key=Fraction) if is_number else sorted(set(values))
    return Part(attribute, operator, tuple(ordered))


def terms_of(parts: list[Part]) -> Terms:
    """Return terms from conditions, in canonical order and each once."""
    return Terms(tuple(sorted(set(parts), key=_place_in_text)))


def _place_in_text(part: Part) -> tuple[int, int, tuple[str, ...]]:
    return words.ATTRIBUTES.index(part.attribute), words.OPERATORS.index(part.operator), part.values
