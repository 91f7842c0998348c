"""One page for an applicant whose request was refused, or funded in part: what was decided, why, what it would take.

The page says only what it is given; each statement carries the number of the claim by which anybody can check it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.page.writing import filled


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, and the numbers of the claims that it can be checked by."""

    text: str
    claims: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What another request has now, and what it would have instead."""

    request: str
    now: str
    then: str
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page.

    Attributes:
        title: Its question.
        statements: The answer.
        source: Where its figures are from.
        changes: Whose award would change.
    """

    title: str
    statements: Sequence[Statement]
    source: str
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Everything on the page, as text.

    Attributes:
        facility: Who writes.
        title: What the page is about.
        subtitle: Request, applicant, round.
        answer: The whole in two or three sentences.
        facts: (label, value), a few.
        facts_claims: The numbers of the claims that these can be checked by.
        parts: The sections.
        claims: (number, id, sentence) of what can be checked; no sentence where the page says it in the same words.
        commands: How to check it.
        decision: The decision's hash.
    """

    facility: str
    title: str
    subtitle: str
    answer: Sequence[Statement]
    facts: Sequence[tuple[str, str]]
    facts_claims: Sequence[int]
    parts: Sequence[Part]
    claims: Sequence[tuple[int, str, str]]
    commands: Sequence[str]
    decision: str


def refusal_html(page: RefusalPage) -> str:
    """Return the page as one HTML file that loads nothing; the same content gives the same bytes."""
    return filled("refusal.html.j2", page=page)
