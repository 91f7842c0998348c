"""The written rule by which money is split over the contributions that it came from.

A movement that reduces a balance is split over the contributions of that balance in proportion to what each has
there: largest remainder, then id. Movements on one balance follow each other, and each is split over what those before
it leave, so that the last one takes exactly what is left.

The rule is stated once for a few movements, and once for many balances at a time: a property test holds both equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ledgers.journal.batch import PACKAGE, Batch
from ledgers.money import split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole: TypeAlias = NDArray[np.int64]

MANY = 2_000
"""Movements from which many balances are split at a time; below, loading what that needs costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Step:
    """One movement on a balance.

    Attributes:
        entry: Its number.
        units: How much, in the smallest units of the book's currency.
        named: The contribution that it names, if any; then it falls on that alone.
        is_adding: Whether it adds to the balance instead of reducing it.
        fixed: What is known beforehand to come back to each contribution; then nothing is split.
    """

    entry: int
    units: int
    named: str | None = None
    is_adding: bool = False
    fixed: tuple[tuple[str, int], ...] | None = None


@dataclass(slots=True)
class Chain:
    """A balance with the movements on it, in their order.

    Attributes:
        contributions: Ids, sorted.
        balances: What each has, in units, beside its id.
        steps: The movements.
    """

    contributions: list[str]
    balances: list[int]
    steps: list[Step] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Return whether every movement is to be split."""
        return all(step.named is None and step.fixed is None for step in self.steps)


Part = tuple[int, str, int]
"""(entry, contribution, units)."""


def parts_of(chain: Chain) -> list[Part]:
    """Return what falls on each contribution of a balance, movement by movement, but for named and fixed parts."""
    found: list[Part] = []
    balances = dict(zip(chain.contributions, chain.balances, strict=True))
    for step in chain.steps:
        if step.fixed is not None:
            for contribution, units in step.fixed:
                balances[contribution] = balances.get(contribution, 0) + units
        elif step.named is not None:
            balances[step.named] = balances.get(step.named, 0) + (step.units if step.is_adding else -step.units)
        else:
            names = sorted(balances)
            for contribution, units in zip(names, _split(step.units, [balances[name] for name in names]), strict=True):
                balances[contribution] -= units
                if units:
                    found.append((step.entry, contribution, units))
    return found


def _split(units: int, balances: Sequence[int]) -> list[int]:
    weights = [max(balance, 0) for balance in balances]
    if sum(weights) > 0:
        return split(units, weights)
    # More than there is: the guard of balances refuses it, and tells how much is missing.
    return [units, *[0] * (len(balances) - 1)]


def parts_of_many(chains: Sequence[Chain]) -> tuple[Whole, Whole, Whole]:
    """Return what falls on each contribution of many balances, all of whose movements are to be split.

    The balances take their first movements together, then their second, and so on.

    Args:
        chains: With amounts whose product fits in 62 bits (see `fits`).

    Returns:
        Three arrays of the same length, without parts of nothing: entry, place of the contribution among those of all
        chains laid end to end, units.
    """
    import numpy as np

    sizes = np.array([len(chain.contributions) for chain in chains])
    balances = np.array([units for chain in chains for units in chain.balances], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    lengths = np.array([len(chain.steps) for chain in chains])
    entries, places, units = [], [], []
    for step in range(int(lengths.max(initial=0))):
        active = np.flatnonzero(lengths > step)
        taken = [chains[int(index)].steps[step] for index in active]
        asked = np.array([one.units for one in taken], dtype=np.int64)
        numbers = np.array([one.entry for one in taken], dtype=np.int64)
        width = sizes[active]
        begins = np.concatenate(([0], np.cumsum(width)[:-1]))
        position = np.arange(int(width.sum())) - np.repeat(begins, width)
        where = np.repeat(starts[active], width) + position
        part = _split_together(balances[where], np.repeat(asked, width), begins, width, position)
        balances[where] -= part
        kept = part != 0
        entries.append(np.repeat(numbers, width)[kept])
        places.append(where[kept])
        units.append(part[kept])
    empty = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate(entries) if entries else empty,
        np.concatenate(places) if places else empty,
        np.concatenate(units) if units else empty,
    )


def _split_together(balances: Whole, asked: Whole, begins: Whole, width: Whole, position: Whole) -> Whole:
    """Return the parts of one movement on each of several balances, laid end to end."""
    import numpy as np

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


def fits(chain: Chain) -> bool:
    """Return whether the products of a chain's amounts fit in 62 bits."""
    most = max((step.units for step in chain.steps), default=0)
    return most * max((abs(units) for units in chain.balances), default=0) * 2 < 2**62


def split_movements(batch: Batch) -> None:
    """Fill `split_in` with what falls on each contribution of the balances that a batch reduces."""
    chains = _chains(batch)
    batch.run("movements/split_none")
    if sum(len(chain.steps) for chain in chains) < MANY:
        batch.book.insert("split_in", [part for chain in chains for part in parts_of(chain)])
        return
    together = [chain for chain in chains if chain.is_plain and fits(chain)]
    apart = [chain for chain in chains if not (chain.is_plain and fits(chain))]
    batch.book.insert("split_in", [part for chain in apart for part in parts_of(chain)])
    _insert_many(batch, together)


def _insert_many(batch: Batch, chains: Sequence[Chain]) -> None:
    import polars as pl

    entries, places, units = parts_of_many(chains)
    names = pl.Series([name for chain in chains for name in chain.contributions], dtype=pl.String)
    frame = pl.DataFrame({"entry_id": entries, "contribution_id": names.gather(places), "units": units})
    batch.book.register("split_frame", frame)
    batch.run("movements/split_many")


def _chains(batch: Batch) -> list[Chain]:
    rows = batch.book.rows(PACKAGE, "movements/balances", **batch.parameters)
    chains: dict[int, Chain] = {}
    for number, contribution, units in rows:
        chain = chains.setdefault(number, Chain([], []))
        chain.contributions.append(contribution)
        chain.balances.append(int(units))
    if not chains:
        return []
    fixed: dict[int, list[tuple[str, int]]] = {}
    for entry, contribution, units in batch.book.rows(PACKAGE, "movements/fixed", **batch.parameters):
        fixed.setdefault(entry, []).append((contribution, int(units)))
    for number, entry, units, named, is_adding, is_fixed in batch.book.rows(
        PACKAGE, "movements/chained", **batch.parameters
    ):
        known = tuple(fixed.get(entry, [])) if is_fixed else None
        chains[number].steps.append(Step(entry, int(units), named, is_adding, known))
    return list(chains.values())
