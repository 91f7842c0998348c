"""Why a round is impossible: an irreducible set of rules, by name.

Rules are left out one group after another (QuickXplain, a deletion filter that halves) as long as what stays is still
impossible; first on the relaxation with fractional choices, which is quick, then on whole choices. The set is then
checked name by name: without any one of them, the others can hold.

Source: U. Junker, QuickXplain: preferred explanations and relaxations for over-constrained problems, AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allocation.model import AllocationModel
from allocation.prepared import Prepared

_SECONDS_EACH = 20.0

Holds = Callable[[Sequence[str]], bool]


def conflict(round_: Prepared, *, stepped: bool = False) -> tuple[str, ...]:
    """Return the names of an irreducible set of rules that cannot hold together; empty when they can.

    Args:
        round_: The round.
        stepped: Whether awards are steps of the unit in the model (for rounds that only their unit makes impossible).
    """
    rows = round_.binding_rows
    if round_.hopeless:
        return (round_.hopeless[0].name,)
    names = tuple(dict.fromkeys(row.name for row in rows))
    for relaxed in (True, False):
        model = AllocationModel(round_, rows, relaxed=relaxed, stepped=stepped and not relaxed)

        def holds(kept: Sequence[str], model: AllocationModel = model) -> bool:
            return model.can_hold(frozenset(kept), time_limit=_SECONDS_EACH)

        if not holds(names):
            names = irreducible(names, holds)
        elif not relaxed:
            return ()
    return names


def irreducible(names: Sequence[str], holds: Holds) -> tuple[str, ...]:
    """Return a part of `names` that cannot hold together although it can without any one of them, in their order.

    Args:
        names: Cannot hold together.
        holds: Says whether names can hold together; what holds still holds with fewer names.
    """
    found = _explained([], False, list(names), holds)
    kept = [name for name in names if name in set(found)]
    for name in list(kept):
        rest = [other for other in kept if other != name]
        if not holds(rest):
            kept = rest
    return tuple(kept)


def _explained(fixed: list[str], grown: bool, names: list[str], holds: Holds) -> list[str]:
    """Return a smallest part of `names` that is impossible with `fixed`; `grown` says that `fixed` has new names."""
    if grown and not holds(fixed):
        return []
    if len(names) <= 1:
        return names
    half = len(names) // 2
    later = _explained(fixed + names[:half], True, names[half:], holds)
    earlier = _explained(fixed + later, bool(later), names[:half], holds)
    return earlier + later
