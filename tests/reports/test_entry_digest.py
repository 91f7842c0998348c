"""What the book says it digested is what a reading of its own digests, for every kind of entry there is."""

from __future__ import annotations

from ledgers.store import Book
from reports.entry_digest import content_digest
from reports.scope import scope_of

AGREEMENTS = {"commitment", "disbursement", "expenditure", "refund", "release", "reversal"}


def test_every_entry_of_two_years_has_the_digest_of_its_content(years: Book) -> None:
    scope = scope_of(years, None, None)
    entry_ids = [row[0] for row in years.connection.execute("select entry_id from report.entries").fetchall()]
    headers = scope.records("entry_headers", entry_ids=entry_ids)
    lines: dict[int, list[dict[str, object]]] = {number: [] for number in entry_ids}
    for line in scope.records("entry_lines", entry_ids=entry_ids):
        lines[line["entry_id"]].append(line)
    assert {header["kind"] for header in headers} >= AGREEMENTS
    for header in headers:
        assert content_digest(header, lines[header["entry_id"]]) == header["digest"], header["reference"]
