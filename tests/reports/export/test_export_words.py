"""Words survive the way into a line of a tool: nothing of them ends the line, and each is read back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ledger_tools import of_link, of_percent

from ledgers.store.sql import query_text
from reports.export.beancount import quoted

SIGNS = 'a "\\;|,()[]%2DdéÜ.\n\r\t\u00a0\u2028'
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(alphabet=st.one_of(st.sampled_from(SIGNS), ANY))
LISTS = st.lists(WORDS, min_size=1, max_size=20)
Macro = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a connection that has the macros, and no book."""
    with duckdb.connect() as connection:
        connection.execute(query_text("reports.export", "words")).fetchall()
        yield connection


@pytest.fixture(scope="module")
def macro(macros: duckdb.DuckDBPyConnection) -> Macro:
    """Return a function that gives what a macro makes of each of several texts."""

    def of(name: str, given: list[str]) -> list[str]:
        query = f"select {name}(word) from (select unnest($given::varchar[]) as word)"
        return [row[0] for row in macros.execute(query, {"given": given}).fetchall()]

    return of


@given(words=LISTS)
def test_a_text_of_beancount_is_one_line_and_read_back(macro: Macro, words: list[str]) -> None:
    made = macro("beancount_text", words)
    for text, word in zip(made, words, strict=True):
        assert re.fullmatch(r'"([^"\\\n\r]|\\["\\nr])*"', text)
        assert re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text[1:-1]) == word
        assert quoted(word) == text


@given(words=LISTS)
@example(words=["a.2E.b", "a/b|c", ".|."])
def test_a_link_of_beancount_is_valid_and_read_back(macro: Macro, words: list[str]) -> None:
    for text, word in zip(macro("beancount_link", words), words, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_./-]*", text)
        assert of_link(text) == word


@pytest.mark.parametrize(("name", "never"), [("hledger_text", ";|"), ("hledger_code", "()"), ("hledger_value", ",[]")])
@given(words=LISTS)
@example(words=["%41", "%%3B;", "50%;", "%2541"])
def test_a_text_of_hledger_stays_in_its_place_and_is_read_back(
    macro: Macro, name: str, never: str, words: list[str]
) -> None:
    for text, word in zip(macro(name, words), words, strict=True):
        assert not set(text) & set(never)
        assert text == text.strip()
        assert len(text.splitlines()) <= 1
        assert of_percent(text) == word


@given(word=WORDS)
def test_plain_words_stand_as_they_are(macro: Macro, word: str) -> None:
    plain = " ".join(re.findall(r"[A-Za-z0-9é'’-]+", word))
    for name in ("hledger_text", "hledger_code", "hledger_value"):
        assert macro(name, [plain]) == [plain]


AMOUNTS = st.tuples(st.decimals(-(10**14) + 1, 10**14 - 1, places=4), st.integers(0, 4))


@given(lines=st.lists(AMOUNTS, min_size=1, max_size=20))
def test_an_amount_has_its_places_and_loses_nothing(
    macros: duckdb.DuckDBPyConnection, lines: list[tuple[Decimal, int]]
) -> None:
    kept = [(amount.quantize(Decimal(1).scaleb(-places)) + 0, places) for amount, places in lines]
    query = (
        "select ledger_amount(amount, places) from "
        "(select unnest($amounts::decimal(18, 4)[]) as amount, unnest($places::integer[]) as places)"
    )
    amounts, places = map(list, zip(*kept, strict=True))
    rows = macros.execute(query, {"amounts": amounts, "places": places}).fetchall()
    assert [row[0] for row in rows] == [f"{amount:.{places}f}" for amount, places in kept]
