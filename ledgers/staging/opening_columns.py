"""What the files of moving in hold: the balances of an existing fund, and the totals that its books gave."""

from __future__ import annotations

from ledgers.staging.columns import ZERO, Column, Kind, amount, needed

ITEMS = (
    "cash", "received", "unapplied", "available", "allocated", "committed", "advance", "spent", "fees", "owed-to-donor",
)  # fmt: skip

OPENING = Kind(
    "opening",
    (
        needed("opening_id", "id"),
        needed("item", "enum", ITEMS),
        needed("as_of", "date"),
        Column("contribution_id", "id"),
        Column("request_id", "id"),
        Column("commitment_id", "id"),
        Column("implementer", "id"),
        Column("signed_on", "date"),
        Column("ends_on", "date"),
        Column("bank", "id"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        amount("base_amount", currency="base"),
    ),
    key=("opening_id",),
)
"""One balance of the old books."""

OPENING_TOTALS = Kind(
    "opening_totals",
    (
        needed("item", "enum", ITEMS),
        needed("currency", "currency"),
        amount("amount", is_required=True, least=ZERO),
        Column("source"),
    ),
    key=("item", "currency"),
)
"""What the old books gave as the total of an item, to be compared with what came in."""

OPENING_KINDS = (OPENING, OPENING_TOTALS)
