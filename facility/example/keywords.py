"""The keyword rule that gives an output its window, topic and objectives.

The rule is `window_rule.csv`, in a fixed order. Text and keywords are compared without case, accents and punctuation;
a keyword matches at the start of a word. The first keyword of the table that occurs in the output's name decides; if
none does, the first that occurs in its outcome. An output is about migration if any keyword marked `names_migration`
occurs in either text.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from facility.example import table


@dataclass(frozen=True, slots=True)
class Keyword:
    """One row of the rule.

    Attributes:
        text: The beginning of a word, or of several words in a row, already folded.
        topic: What requests that match are called, in our words.
        window: The facility's window.
        objectives: Numbers of the Compact's objectives, separated by `|`.
        names_migration: Whether the word alone shows that the output is about migration.
    """

    text: str
    topic: str
    window: str
    objectives: str
    names_migration: bool


@dataclass(frozen=True, slots=True)
class Match:
    """The keyword that decided, and the text it was found in."""

    keyword: Keyword
    found_in: Literal["name", "outcome"]


def folded(text: str) -> str:
    """Return a text as lower-case words without accents or punctuation, with a blank before each word.

    >>> folded("Movilité  humaine: (PDI)")
    ' movilite humaine pdi'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(f" {word}" for word in re.findall(r"[a-z0-9]+", plain))


def window_rule() -> tuple[Keyword, ...]:
    """Return the rule in its written order."""
    with table("window_rule.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Keyword(row["keyword"], row["topic"], row["window"], row["objectives"], row["names_migration"] == "yes")
            for row in csv.DictReader(file)
        )


def match(rule: Sequence[Keyword], *, name: str, outcome: str) -> Match | None:
    """Return the keyword that decides an output's window, or None if neither text shows that it is about migration."""
    texts: tuple[tuple[Literal["name", "outcome"], str], ...] = (("name", folded(name)), ("outcome", folded(outcome)))
    if not any(keyword.names_migration and f" {keyword.text}" in text for _, text in texts for keyword in rule):
        return None
    found = (Match(keyword, place) for place, text in texts for keyword in rule if f" {keyword.text}" in text)
    return next(found)
