"""Hall conditions as rows over awards: what a set of requests may get together under the earmarks.

Whether money can reach given awards is a question of transport, and by Gale and Hall it can exactly when no set of
requests asks for more than the money that may pay any of it. A maximum flow finds the sets that do.

Source: P. Hall, On representatives of subsets, 1935; D. Gale, A theorem on flows in networks, 1957.
"""

from __future__ import annotations

from collections.abc import Mapping

from allocation.classes import Pools
from allocation.limits import Row
from allocation.network import MoneyNetwork, Shortage, demand_of

MONEY = "money"
"""Name under which Hall conditions stand among the rows."""


def hall_row(pools: Pools, shortage: Shortage) -> Row:
    """Return a Hall condition as a row: what its requests get is within the money that counts for them."""
    amounts = {r: 1 for number in sorted(shortage.cells) for r in pools.cells[number].requests}
    return Row(MONEY, shortage.room(pools), amounts=amounts)


def broken_hall_rows(pools: Pools, awards: Mapping[int, int], *, tolerated: int = 0) -> list[Row]:
    """Return the Hall conditions that awards (minor units) break; none when no more than `tolerated` stays unpaid."""
    network = MoneyNetwork(pools, demand_of(pools, awards), whole_rooms=False)
    if network.fill() <= tolerated:
        return []
    return [hall_row(pools, shortage.lifted(pools)) for shortage in network.shortages()]
