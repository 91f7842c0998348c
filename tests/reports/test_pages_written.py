"""The pages of a folder: each says where its data come from, and an illustrative scenario says so on every page."""

from __future__ import annotations

from pathlib import Path

from report_books import small_book

from facility.usecases.write_pages import write_pages


def test_every_page_names_its_sources_and_an_illustrative_one_says_so(tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name}.duckdb" for name in "AB"}
    for path in paths.values():
        small_book(path).book.close()
    folder = tmp_path / "pages"
    folder.mkdir()
    scenarios = [(name, "the same money", path) for name, path in paths.items()]
    banners = {"B": "Illustrative: nobody gave this."}
    write_pages(folder, "Title", "Text", scenarios, "A", sources="a public list.", banners=banners)
    pages = {page.name: page.read_text(encoding="utf-8") for page in folder.glob("*.html") if page.stem != "index"}
    assert len(pages) == 10
    for name, text in pages.items():
        assert "Sources: a public list." in text, name
        assert (banners["B"] in text) is name.startswith("b-"), name
