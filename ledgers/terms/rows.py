"""Terms and requests as rows for `eligibility.sql`, whose header says what each table is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from ledgers.terms import words
from ledgers.terms.subject import Subject, place_shares
from ledgers.terms.value import Part, Terms

PartRow = tuple[str, int, str, str]
ValueRow = tuple[str, int, str, Decimal | None]


@dataclass(frozen=True, slots=True)
class SubjectRows:
    """Requests as rows of `subject`, `subject_objective` and `subject_place`; columns as in the SQL's header.

    Attributes:
        subjects: request_id, window, applicant, applicant_kind, gender, human_rights, child, oda, level, merit
            numerator, merit denominator.
        objectives: request_id, objective.
        places: request_id, place, share.
    """

    subjects: list[tuple[object, ...]]
    objectives: list[tuple[str, int]]
    places: list[tuple[str, str, Fraction]]


def eligibility_query() -> str:
    """Return the text of `eligibility.sql`."""
    return (Path(__file__).parent / "eligibility.sql").read_text(encoding="utf-8")


def term_rows(terms_id: str, terms: Terms) -> tuple[list[PartRow], list[ValueRow]]:
    """Return terms as rows of `term_part` and of `term_value`, parts numbered from 1 in canonical order."""
    numbered = list(enumerate(terms.parts, start=1))
    parts: list[PartRow] = [(terms_id, number, part.attribute, part.operator) for number, part in numbered]
    values = [(terms_id, number, value, measure) for number, part in numbered for value, measure in _value_rows(part)]
    return parts, values


def subject_rows(subjects: Iterable[Subject]) -> SubjectRows:
    """Return requests as rows, in their order; objectives and places each once."""
    rows = SubjectRows([], [], [])
    for subject in subjects:
        rows.subjects.append(_subject_row(subject))
        rows.objectives.extend((subject.request, number) for number in sorted(set(subject.objectives)))
        rows.places.extend((subject.request, place, share) for place, share in place_shares(subject.country))
    return rows


def _subject_row(subject: Subject) -> tuple[object, ...]:
    merit = subject.merit
    return (
        subject.request,
        subject.window,
        subject.applicant.strip(),
        subject.applicant_kind,
        subject.gender,
        subject.human_rights,
        subject.child,
        subject.oda,
        subject.level,
        None if merit is None else merit.numerator,
        None if merit is None else merit.denominator,
    )


def _value_rows(part: Part) -> list[tuple[str, Decimal | None]]:
    if part.attribute in words.NUMERIC:
        return [(value, Decimal(value)) for value in part.values]
    spelled = (word for value in part.values for word in words.KIND_GROUPS.get(value, (value,)))
    return [(word, None) for word in sorted(set(spelled))]
