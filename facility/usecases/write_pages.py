"""Pages into a folder: one a report, and an index that leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from facility.usecases.run_report import run_report
from facility.usecases.terms_cost import TermsCost, with_terms_cost
from ledgers.store import Book
from reports.page import html, index_page
from reports.page.writing import Entry

_DONORS_MAX = 5
_TITLES = {"round": "The round", "funds-available": "Funds available", "joint-account": "Joint account"}


def write_pages(
    folder: Path,
    title: str,
    introduction: str,
    scenarios: Sequence[tuple[str, str, Path]],
    round_id: str,
    *,
    sources: str = "",
    banners: Mapping[str, str] | None = None,
    more: Sequence[tuple[str, str, str, str]] = (),
    costs: Mapping[str, TermsCost] | None = None,
) -> Path:
    """Write every report of every scenario's book and return the index.

    Args:
        folder: Exists.
        title: Of the index.
        introduction: Of the index: what the pages are, and what in them is illustrative.
        scenarios: Name, what it is, and its book.
        round_id: The round that each book holds.
        sources: Where the data come from, shown on top of every page.
        banners: What a reader of a scenario's pages must know first, by the scenario's name.
        more: Pages that are there already: file, title, what it answers, and the scenario's name.
        costs: What a donor's terms cost the round, by the scenario's name; that donor's page is written, and says it.
    """
    entries: list[Entry] = []
    for name, meaning, path in scenarios:
        banner = (banners or {}).get(name, "")
        with Book.open(path, writable=False) as book:
            asked = [("round", round_id), ("funds-available", None), ("joint-account", None)]
            cost = (costs or {}).get(name)
            asked += [("donor", donor) for donor in _donors(book, round_id, cost)]
            for report_name, subject in asked:
                report = run_report(book, report_name, subject)
                if cost is not None and report_name == "donor" and subject == cost.cost.donor:
                    report = with_terms_cost(book, report, cost)
                file = f"{name.lower()}-{report_name}.html"
                if report_name == "donor" and subject is not None:
                    file = donor_file(name, subject)
                (folder / file).write_text(html(report, banner=banner, sources=sources), encoding="utf-8")
                shown = _TITLES.get(report_name) or f"Donor: {subject}"
                entries.append(Entry(file, shown, report.answer, f"Scenario {name}: {meaning}"))
        for file, shown, answer, of in more:
            if of == name:
                entries.append(Entry(file, shown, answer, f"Scenario {name}: {meaning}"))
    index = folder / "index.html"
    index.write_text(index_page(title, introduction, entries), encoding="utf-8")
    return index


def donor_file(scenario: str, donor: str) -> str:
    """Return the name of the file that a donor's page in a scenario has."""
    return f"{scenario.lower()}-donor-{_slug(donor)}.html"


def _donors(book: Book, round_id: str, cost: TermsCost | None) -> list[str]:
    """Return the donors that pay most in a round, and the one of whose terms something is to be said."""
    rows = book.rows("facility.usecases", "round_donors", round_id=round_id)
    most = [row[0] for row in rows[:_DONORS_MAX]]
    return most if cost is None or cost.cost.donor in most else [*most, cost.cost.donor]


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
