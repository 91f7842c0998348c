"""Hall conditions as rows over awards: what a set of requests may get together under the earmarks.

Whether money can reach given awards is a question of transport, and by Gale and Hall it can exactly when no set of
requests asks for more than the money that may pay any of it. A maximum flow finds the sets that do.

Source: P. Hall, On representatives of subsets, 1935; D. Gale, A theorem on flows in networks, 1957.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from allocation.classes import Pools
from allocation.limits import Row
from allocation.network import MoneyNetwork, Shortage, demand_of
from allocation.prepared import Prepared

MONEY = "money"
"""Name under which Hall conditions stand among the rows."""


def hall_row(pools: Pools, shortage: Shortage) -> Row:
    """Return a Hall condition as a row: what its requests get is within the money that counts for them.

    Where only some years of a request are among them, its part may be a minor unit less than its share.
    """
    shares = pools.shares_in(shortage.cells)
    scale = math.lcm(*(share.denominator for share in shares.values()))
    parted = sum(1 for share in shares.values() if share != 1)
    at_most = (shortage.room(pools) + parted) * scale
    return Row(MONEY, at_most, amounts={r: int(share * scale) for r, share in shares.items()}, scale=scale)


def broken_hall_rows(round_: Prepared, awards: Mapping[int, int], *, tolerated: int = 0) -> list[Row]:
    """Return the Hall conditions that awards (minor units) break; none when no more than `tolerated` stays unpaid."""
    pools = round_.pools
    network = MoneyNetwork(pools, demand_of(round_, awards), whole_rooms=False)
    if network.fill() <= tolerated:
        return []
    return [hall_row(pools, shortage.lifted(pools)) for shortage in network.shortages()]
