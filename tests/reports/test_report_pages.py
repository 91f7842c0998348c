"""The pages: self-contained, escaped, the same bytes for the same book, and every chart with its figures beside it."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report_books import NOW, Maker, empty_book

from reports.page import html, index_page
from reports.page.bands import gathered
from reports.page.writing import Entry
from reports.registry import make
from reports.report import Link

ALL = [
    ("funds-available", {}),
    ("round", {"round_id": "A"}),
    ("donor", {"donor": "norway"}),
    ("joint-account", {}),
    ("sample", {"seed": 1, "size": 3}),
]
HOSTILE = "<script>alert(1)</script>"


class Seen(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


@pytest.fixture(scope="module", params=ALL, ids=[name for name, _ in ALL])
def page(request: pytest.FixtureRequest, small: Maker) -> str:
    name, options = request.param
    return html(make(name, small.book, **options))


def test_a_page_loads_nothing(page: str) -> None:
    seen = Seen(page)
    for tag, attributes in seen.tags:
        for name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
            target = attributes.get(name)
            assert target is None or target.startswith(("#", "data:")), (tag, name, target)
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest|importScripts", page)
    assert not {"iframe", "link", "object", "embed", "img", "base"} & {tag for tag, _ in seen.tags}
    assert "default-src 'none'" in page


def test_a_page_links_only_to_what_is_on_it_and_ids_are_unique(page: str) -> None:
    seen = Seen(page)
    ids = seen.ids()
    assert len(ids) == len(set(ids))
    for _, attributes in seen.tags:
        if "href" in attributes:
            assert str(attributes["href"])[1:] in ids
        for named in (attributes.get("aria-labelledby") or "").split():
            assert named in ids
    for used in re.findall(r"url\(#([^)]+)\)", page):
        assert used in ids


def test_every_drawing_has_a_name_a_description_and_its_figures(page: str) -> None:
    seen = Seen(page)
    drawings = [attributes for tag, attributes in seen.tags if tag == "svg"]
    figures = [tag for tag, _ in seen.tags if tag == "figure"]
    assert drawings
    assert all(drawing.get("role") == "img" and drawing.get("aria-labelledby") for drawing in drawings)
    assert len(drawings) == 2 * len(figures)
    assert page.count("The figures of this chart") == len(figures)
    assert page.count("<desc ") == len(drawings)


def test_a_page_opens_with_its_answer(page: str) -> None:
    answer, facts = page.index('class="answer"'), page.index('class="facts"')
    assert page.index("<h1>") < answer < facts < page.index("<figure")


def test_hostile_names_are_text(small: Maker) -> None:
    made = html(make("round", small.book, round_id="A"))
    assert HOSTILE not in made
    assert [tag for tag, _ in Seen(made).tags].count("script") == 1
    shown = HOSTILE in "".join(Seen(made).texts)
    assert shown
    donor = html(make("donor", small.book, donor=HOSTILE))
    assert HOSTILE not in donor
    listed = index_page(HOSTILE, HOSTILE, [Entry("a.html", HOSTILE, HOSTILE)])
    assert HOSTILE not in listed
    assert "<script" not in listed


def test_the_same_book_gives_the_same_bytes(page: str, small: Maker, request: pytest.FixtureRequest) -> None:
    name, options = request.node.callspec.params["page"]
    assert html(make(name, small.book, **options)) == page


def test_charts_follow_dark_mode(page: str) -> None:
    drawings = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    assert not re.search(r'(fill|stroke)="#[0-9a-f]{3,6}"', drawings)
    assert "var(--" in drawings


def test_formulas_do_not_leave_in_saved_files(small: Maker) -> None:
    cells = [
        attributes.get("data-value")
        for tag, attributes in Seen(html(make("round", small.book, round_id="A"))).tags
        if tag == "td"
    ]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell and re.match(r"[=@+]|-(?!\d)", cell)]


def test_pages_of_an_empty_book_say_so(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "empty.duckdb")
    joint, funds = (html(make(name, maker.book)) for name in ("joint-account", "funds-available"))
    maker.book.close()
    assert "The book has no requests yet, so nothing is required." in joint
    assert "could decide on USD 0" in funds


def test_pages_of_rounds_without_awards_say_so(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "open.duckdb")
    maker.contribution("C-1", "Norway", "10.00")
    maker.deposit("D-1", "C-1", "10.00")
    maker.request("R-1", "50.00", country="KEN")
    maker.round("A", {"C-1": "10.00"}, ["R-1"])
    opened = make("round", maker.book, round_id="A")
    maker.put(
        "ledger.decision",
        round_id="A",
        decision="sha256:i",
        position=1,
        proposer="ana",
        status="infeasible",
        objective_name="merit",
        objective="0",
        solver="HiGHS 1.15.1",
        inputs="sha256:p",
        resources=Decimal(10),
        awarded=Decimal(0),
        body='{"conflict": ["Floor", "Ceiling"]}',
        recorded_at=NOW,
        log_id=1,
    )
    infeasible = make("round", maker.book, round_id="A")
    pages = html(opened), html(infeasible)
    maker.book.close()
    assert opened.answer == "Nothing is decided yet: 1 request asking for USD 50 competes for USD 10."
    assert infeasible.answer == (
        'No decision is possible: these rules cannot hold together: "Floor" and "Ceiling". '
        "1 request asking for USD 50 waits for USD 10."
    )
    assert not any("<figure" in page for page in pages)


def test_crowded_sides_of_flows_are_gathered_without_losing_a_cent() -> None:
    links = tuple(
        Link(f"Donor {number:03}", "integration", Decimal(number) + Decimal("0.01")) for number in range(1, 101)
    )
    drawn = gathered(links)
    assert sum(link.amount for link in drawn) == sum(link.amount for link in links)
    assert len({link.source for link in drawn}) == 21
    assert drawn[-1].source in {"Donor 081", "80 others"}


def test_a_report_in_the_terminal_waits_for_no_drawing_library() -> None:
    code = (
        "import sys, reports.registry, reports.text, reports.funds_available\n"
        "heavy = {'altair', 'jinja2', 'vl_convert', 'polars', 'rich', 'babel', 'numpy', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
