"""The rule of `splitting` for many balances at a time.

They take their first movements together, then their second, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ledgers.journal.batch import PACKAGE, Batch

Whole: TypeAlias = NDArray[np.int64]

PRODUCT_MAX = 2**61
"""Of an amount and a balance, in smallest units: beyond it 64 bits might not hold what a split needs."""


@dataclass(frozen=True, slots=True)
class Many:
    """Balances with the movements on them, all of which are to be split; laid end to end, in their order.

    Attributes:
        sizes: How many contributions each balance has.
        balances: What each contribution has, in the smallest units of the book's currency.
        lengths: How many movements are on each balance.
        entries: The entry of each movement.
        units: The amount of each.
    """

    sizes: Whole
    balances: Whole
    lengths: Whole
    entries: Whole
    units: Whole


def parts_of_many(many: Many) -> tuple[Whole, Whole, Whole]:
    """Return what falls on each contribution.

    Returns:
        Three arrays of the same length, without parts of nothing: entry, place of the contribution among those of all
        balances laid end to end, units.
    """
    balances = many.balances.copy()
    starts = np.concatenate(([0], np.cumsum(many.sizes)[:-1]))
    firsts = np.concatenate(([0], np.cumsum(many.lengths)[:-1]))
    empty = np.zeros(0, dtype=np.int64)
    entries, places, units = [empty], [empty], [empty]
    for step in range(int(many.lengths.max(initial=0))):
        active = np.flatnonzero(many.lengths > step)
        taken = firsts[active] + step
        width = many.sizes[active]
        begins = np.concatenate(([0], np.cumsum(width)[:-1]))
        position = np.arange(int(width.sum())) - np.repeat(begins, width)
        where = np.repeat(starts[active], width) + position
        part = _split(balances[where], np.repeat(many.units[taken], width), begins, width, position)
        balances[where] -= part
        kept = part != 0
        entries.append(np.repeat(many.entries[taken], width)[kept])
        places.append(where[kept])
        units.append(part[kept])
    return np.concatenate(entries), np.concatenate(places), np.concatenate(units)


def _split(balances: Whole, asked: Whole, begins: Whole, width: Whole, position: Whole) -> Whole:
    """Return the parts of one movement on each of several balances, laid end to end."""
    weights = np.maximum(balances, 0)
    totals = np.repeat(np.add.reduceat(weights, begins), width)
    product = asked * weights
    safe = np.maximum(totals, 1)
    part = product // safe
    remainder = product % safe
    short = np.repeat(np.add.reduceat(part, begins), width)
    owner = np.repeat(np.arange(len(begins)), width)
    order = np.lexsort((position, -remainder, owner))
    rank = np.empty_like(position)
    rank[order] = position
    part += rank < asked - short
    return np.where(totals > 0, part, np.where(position == 0, asked, 0))


def split_together(batch: Batch, held: Mapping[int, Sequence[tuple[str, int]]]) -> set[int]:
    """Split the movements on all balances that can be split together, and return which those are.

    Args:
        batch: The rows.
        held: What each contribution has on each balance, by balance.
    """
    steps = batch.book.arrays(PACKAGE, "movements/chained_plain", **batch.parameters)
    numbers, firsts, lengths = np.unique(steps["chain"], return_index=True, return_counts=True)
    largest = [max(abs(units) for _, units in held[int(number)]) for number in numbers]
    most = np.maximum.reduceat(steps["units"], firsts)
    can = np.logical_and.reduceat(steps["is_plain"], firsts) & np.array(
        [int(one) * other < PRODUCT_MAX and other < PRODUCT_MAX for one, other in zip(most, largest, strict=True)]
    )
    together = [part for number in numbers[can] for part in held[int(number)]]
    those = np.repeat(can, lengths)
    many = Many(
        np.array([len(held[int(number)]) for number in numbers[can]], dtype=np.int64),
        np.array([units for _, units in together], dtype=np.int64),
        lengths[can],
        steps["entry_id"][those],
        steps["units"][those],
    )
    entries, places, units = parts_of_many(many)
    names = pl.Series([name for name, _ in together], dtype=pl.String)
    frame = pl.DataFrame({"entry_id": entries, "contribution_id": names.gather(places), "units": units})
    batch.book.register("split_frame", frame)
    batch.run("movements/split_many")
    return {int(number) for number in numbers[can]}
