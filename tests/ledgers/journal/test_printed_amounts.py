"""Amounts in what the book refuses have the places of their currency, whatever its places are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import contribution, rate, refusal, take
from life_rows import instalment, write_off

from ledgers.money import places
from ledgers.store import Book


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_an_amount_has_the_places_of_its_currency_and_more_only_where_it_has_more(book: Book, currency: str) -> None:
    unit = Decimal(1).scaleb(-places(currency))
    for amount in (Decimal(0), unit, -unit, 1234567 * unit, Decimal("99999999999999") + unit):
        (printed,) = book.connection.execute("select ledger.printed(?, ?)", [amount, currency]).fetchall()[0]
        assert printed == f"{amount.quantize(unit):f}"
    (finer,) = book.connection.execute("select ledger.printed(0.0005, ?)", [currency]).fetchall()[0]
    assert finer == "0.0005"


@pytest.mark.parametrize(("currency", "had", "asked"), [("JPY", "1000", "1001"), ("KWD", "1000.000", "1000.001")])
def test_a_refusal_says_yen_without_places_and_dinars_with_three(
    book: Book, currency: str, had: str, asked: str
) -> None:
    take(book, "rates", rate(currency))
    take(book, "contributions", contribution(currency=currency, amount="1000"))
    (found,) = refusal(book, "write_offs", write_off(amount=asked))
    assert found.reason == f"of C1 {had} {currency} is outstanding, and {asked} would be written off"
    (found,) = refusal(book, "instalments", instalment(amount=asked))
    assert found.reason == f"the instalments of C1 come to {asked} {currency}, and its amount to {had}"
