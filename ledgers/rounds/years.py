"""What of each ask is spent in each year, frozen with a round in its own currency."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from ledgers.money import major_units, minor_units, split
from ledgers.rounds.frozen import PACKAGE
from ledgers.store import Book


def freeze_years(book: Book, round_id: str) -> None:
    """Freeze the years of the requests in `selected`, so that they sum to the frozen ask exactly.

    A year whose part is less than a smallest unit may come to nothing, and is then left out.
    """
    weights: dict[str, list[tuple[int, int]]] = defaultdict(list)
    asks: dict[str, Decimal] = {}
    for request, year, grains, ask in book.rows(PACKAGE, "years_asked"):
        weights[request].append((year, int(grains)))
        asks[request] = ask
    rows = [
        (round_id, request, year, major_units(part, book.currency))
        for request, years in weights.items()
        for (year, _), part in zip(years, _parts(asks[request], years, book.currency), strict=True)
        if part
    ]
    book.insert("ledger.round_request_year", rows)


def _parts(ask: Decimal, years: list[tuple[int, int]], currency: str) -> list[int]:
    return split(minor_units(ask, currency), [weight for _, weight in years])
