"""The written rule by which money is split over the contributions that it came from.

A movement that reduces a balance is split over the contributions of that balance in proportion to what each has
there: largest remainder, then id. Movements on one balance follow each other, and each is split over what those before
it leave, so that the last one takes exactly what is left.

The rule is stated here for a few movements, and in `splitting_many` for many balances at a time: a property test holds
both equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledgers.journal.batch import PACKAGE, Batch
from ledgers.money import split

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


def split_movements(batch: Batch) -> None:
    """Fill `split_in` with what falls on each contribution of the balances that a batch reduces."""
    batch.run("movements/split_none")
    held = _held(batch)
    if not held:
        return
    count = batch.book.connection.execute("select count(*) from movement_chained").fetchall()[0][0]
    apart = set(held)
    if count >= MANY:
        from ledgers.journal.splitting_many import split_together

        apart -= split_together(batch, held)
    if apart:
        chains = _chains(batch, {number: held[number] for number in apart})
        batch.book.insert("split_in", [part for chain in chains for part in parts_of(chain)])


def _held(batch: Batch) -> dict[int, list[tuple[str, int]]]:
    """Return what each contribution has on each balance of several, by balance."""
    held: dict[int, list[tuple[str, int]]] = {}
    for number, contribution, units in batch.book.rows(PACKAGE, "movements/balances", **batch.parameters):
        held.setdefault(number, []).append((contribution, int(units)))
    return held


def _chains(batch: Batch, held: Mapping[int, Sequence[tuple[str, int]]]) -> list[Chain]:
    chains = {
        number: Chain([name for name, _ in parts], [units for _, units in parts]) for number, parts in held.items()
    }
    fixed: dict[int, list[tuple[str, int]]] = {}
    for entry, contribution, units in batch.book.rows(PACKAGE, "movements/fixed", **batch.parameters):
        fixed.setdefault(entry, []).append((contribution, int(units)))
    for number, entry, units, named, is_adding, is_fixed in batch.book.rows(
        PACKAGE, "movements/chained", **batch.parameters
    ):
        if number in chains:
            known = tuple(fixed.get(entry, [])) if is_fixed else None
            chains[number].steps.append(Step(entry, int(units), named, is_adding, known))
    return list(chains.values())
