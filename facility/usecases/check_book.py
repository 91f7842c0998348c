"""The book's promises, recomputed: every check is a query that must return no rows; its name is the error code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import duckdb

from ledgers.errors import FacilityError
from ledgers.places import Places
from ledgers.rounds import alterations, decisions_of
from ledgers.store import Book
from ledgers.store.sql import texts_in
from ledgers.terms import Subject, admits, parse

PACKAGE = "ledgers.checks"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's result.

    Attributes:
        name: The check, which is also the error code.
        findings: What it found, one sentence each; empty when the promise holds.
    """

    name: str
    findings: tuple[str, ...]


def check_book(book: Book) -> list[Checked]:
    """Return every check's findings, in order of name."""
    results = [Checked(name.replace("_", "-"), _found(book, text)) for name, text in texts_in(PACKAGE)]
    results.append(Checked("earmarks-kept", _python_check(book, _earmarks_breached)))
    results.append(Checked("decisions-unaltered", _python_check(book, _decisions_altered)))
    return sorted(results, key=lambda result: result.name)


def _found(book: Book, text: str) -> tuple[str, ...]:
    try:
        return tuple(str(row[0]) for row in book.connection.execute(text).fetchall())
    except duckdb.Error as cause:
        return (f"the check cannot run: {str(cause).splitlines()[0]}",)


def _python_check(book: Book, check: Callable[[Book], list[str]]) -> tuple[str, ...]:
    try:
        return tuple(check(book))
    except (duckdb.Error, FacilityError, ValueError, KeyError) as cause:  # the rows themselves may be damaged
        return (f"the check cannot run: {str(cause).splitlines()[0]}",)


def _decisions_altered(book: Book) -> list[str]:
    """Return each decision whose digest or rows are not those of its JSON."""
    return [
        sentence
        for (round_id,) in book.rows("ledgers.rounds", "round_ids")
        for decided in decisions_of(book, round_id)
        for sentence in alterations(book, round_id, decided)
    ]


def _earmarks_breached(book: Book) -> list[str]:
    """Return each allocation of a posted round that its contribution's frozen terms do not admit."""
    by_day: dict[date, list[tuple[str, ...]]] = defaultdict(list)
    for day, *row in book.rows("ledgers.rounds", "posted_payments"):
        by_day[day].append(tuple(row))
    found = []
    for day, rows in sorted(by_day.items()):
        places = Places.on(day)
        for round_id, contribution, request, earmark, *attributes in rows:
            if not admits(parse(earmark, places=places), _subject(request, attributes), places):
                found.append(f"round {round_id}: {contribution} ({earmark}) pays {request}, which it does not admit")
    return found


def _subject(request: str, attributes: Sequence[object]) -> Subject:
    window, country, objectives, applicant, kind, gender, rights, child, oda, level, merit = attributes
    return Subject(
        request=request,
        window=str(window),
        country=str(country),
        objectives=tuple(int(number) for number in str(objectives).split("|") if number),
        applicant=str(applicant),
        applicant_kind=str(kind),
        gender=gender,  # type: ignore[arg-type]
        human_rights=rights,  # type: ignore[arg-type]
        child=child,  # type: ignore[arg-type]
        oda=oda,  # type: ignore[arg-type]
        level=level,  # type: ignore[arg-type]
        merit=Fraction(str(merit)),
    )
